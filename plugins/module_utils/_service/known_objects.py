# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""KnownObjects: the users and groups that a task has read, so that it reads no object twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .._core.names import normalize_name
from .._scim.choice import called
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER
from .client import DirectoryClient

if TYPE_CHECKING:
    from .listing import Listing

Representation = dict[str, Any]


class KnownObjects:
    """The listings that a task has read, and the objects that it has read by filter or by id.

    :param warn: called once per kind with one line if an object is not in a list that may be incomplete; None for no
        warnings.
    """

    def __init__(self, client: DirectoryClient, warn: Callable[[str], None] | None) -> None:
        self._client = client
        self._warn = warn
        self._warned: set[str] = set()
        self._listings: dict[str, Listing] = {}
        self._by_name: dict[str, dict[str, list[Representation]]] = {}  # per kind, by normalized name
        self._seen: dict[str, dict[str, Representation]] = {USER.kind: {}, GROUP.kind: {}}  # by id

    def note(self, resource: Resource, items: Iterable[Representation]) -> None:
        """Add objects that were read by filter or by id."""
        self._seen[resource.kind].update((item["id"], item) for item in items)

    def note_listing(self, resource: Resource, listing: Listing) -> None:
        """Add a listing that was read to its end."""
        self._listings[resource.kind] = listing

    def forget(self, resource: Resource) -> None:
        """Forget all objects of a kind, because they have changed since they were read."""
        self._listings.pop(resource.kind, None)
        self._by_name.pop(resource.kind, None)
        self._seen[resource.kind].clear()

    def seen(self, resource: Resource) -> Iterable[Representation]:
        """Return the objects of a kind that were read by filter or by id, not those of a listing."""
        return self._seen[resource.kind].values()

    def ids(self, resource: Resource) -> Iterator[str]:
        """Yield the ids of all objects of a kind that have been read."""
        yield from self._seen[resource.kind]
        listing = self._listings.get(resource.kind)
        yield from listing.items if listing is not None else ()

    def listing(self, resource: Resource) -> Listing | None:
        """Return the listing of a kind if it was read, or None."""
        return self._listings.get(resource.kind)

    def has_complete_listing(self, resource: Resource) -> bool:
        """Return whether a complete listing was read, so that no filter is needed."""
        listing = self._listings.get(resource.kind)
        return listing is not None and listing.complete

    def read_listing(self, resource: Resource) -> Listing:
        """Return the listing of a kind; read it if necessary.

        :raises DirectoryError: the service counts more objects than it returns.
        """
        if resource.kind not in self._listings:
            from .listing import require_not_short  # rule 8

            listing = self._client.list(resource.endpoint)
            if listing.is_short:
                # Read again, because an object may have been created during paging, or the first read may be stale.
                listing = self._client.list(resource.endpoint)
            require_not_short(listing, f"the list of {resource.kind}s")
            self._listings[resource.kind] = listing
        return self._listings[resource.kind]

    def all(self, resource: Resource) -> dict[str, Representation]:
        """Return all objects of a kind by id: those in the listing, and those read by filter or by id.

        :raises DirectoryError: as :meth:`read_listing`.
        """
        return {**self._seen[resource.kind], **self.read_listing(resource).items}

    def called(self, resource: Resource, name: str) -> list[Representation]:
        """Return all objects with a name from the listing, which is indexed by name on first use.

        :raises DirectoryError: as :meth:`read_listing`.
        """
        if resource.kind not in self._by_name:
            index: dict[str, list[Representation]] = {}
            for item in self.all(resource).values():
                index.setdefault(normalize_name(resource.name_of(item)), []).append(item)
            self._by_name[resource.kind] = index
        found = called(self._by_name[resource.kind].get(normalize_name(name), ()), name, resource)
        if not found:
            self.warn_if_incomplete(resource)
        return found

    def warn_if_incomplete(self, resource: Resource) -> None:
        """Warn once if the listing may be incomplete, because an object that is not in it may exist (rule 3)."""
        listing = self._listings[resource.kind]
        if not listing.complete and self._warn is not None and resource.kind not in self._warned:
            from .listing import incomplete_warning  # rule 8

            self._warned.add(resource.kind)
            self._warn(incomplete_warning(resource.kind, listing.why))
