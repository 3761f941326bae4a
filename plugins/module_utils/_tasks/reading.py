# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Read a whole directory, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .._core import errors
from .._core.names import show
from .._plan.directory.snapshot import Snapshot
from .._scim.members import members_of
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER
from .._service.client import DirectoryClient
from .._service.listing import Listing, incomplete_warning, require_not_short

READ = "read the directory"
MAX_NAMED = 20  # number of groups that a message lists

Keep = Callable[[dict[str, Any]], dict[str, Any]]


def read_directory(client: DirectoryClient, keep: Keep | None = None) -> Snapshot:
    """Read all users and groups.

    :param keep: returns the needed part of a user's representation; None: keep all of it.
    :raises DirectoryError: a list contains fewer objects than the service reports, or groups have members but there is no
        user. Such a snapshot must not be used.
    """
    listings = {
        resource.kind: read_all(client, resource, keep if resource is USER else None) for resource in (USER, GROUP)
    }
    snapshot = snapshot_of(listings)
    if not snapshot.users and any(members_of(group) for group in snapshot.groups.values()):
        raise errors.DirectoryError(
            "the service returned no users although its groups have members",
            operation=READ,
            hint="Nothing was changed; run again",
        )
    return snapshot


def read_all(client: DirectoryClient, resource: Resource, keep: Keep | None = None) -> Listing:
    """Return the listing of a kind.

    :raises DirectoryError: the list contains fewer objects than the service reports.
    """
    listing = Listing(keep)
    with errors.attempting(READ):
        client.list(resource.endpoint, listing=listing)
    require_not_short(listing, f"the list of {resource.kind}s", READ)
    return listing


def snapshot_of(listings: Mapping[str, Listing]) -> Snapshot:
    """Return a :class:`Snapshot` of the listings of both kinds."""
    return Snapshot(
        listings[USER.kind].items,
        listings[GROUP.kind].items,
        {kind: None if listing.complete else listing.why for kind, listing in listings.items()},
        len(listings[GROUP.kind].page_sizes),
    )


def additive_warnings(what: str, groups: Iterable[dict[str, Any]], snapshot: Snapshot) -> list[str]:
    """Return a warning that a document declares some groups as additive because they may have unknown members.

    :param what: the document, for the message.
    :param groups: representations of the groups in the document.
    """
    names = sorted(GROUP.name_of(group) for group in groups if snapshot.may_hide_members(group["id"]))
    if not names:
        return []
    shown = ", ".join(map(show, names[:MAX_NAMED])) + (", …" if len(names) > MAX_NAMED else "")
    return [
        f"{what} declares membership: additive for {shown}, because the lists may be incomplete and do not show all members. "
        "Applying the document removes no member from these groups"
    ]


def incomplete_warnings(snapshot: Snapshot) -> list[str]:
    """Return one warning for each kind whose list may be incomplete."""
    return [incomplete_warning(kind, why) for kind, why in snapshot.incomplete.items() if why]
