# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""KnownObjects: the users and groups that one task has read, so that it reads nothing twice."""

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
    """The listings that a task has read, and the objects that filters and single reads have shown it beside them.

    :param warn: called once for each kind with one line, where a list that may be incomplete did not show an object;
        None: no warnings.
    """

    def __init__(self, client: DirectoryClient, warn: Callable[[str], None] | None) -> None:
        self._client = client
        self._warn = warn
        self._warned: set[str] = set()
        self._listings: dict[str, Listing] = {}
        self._by_name: dict[str, dict[str, list[Representation]]] = {}  # of each kind, by normalized name
        self._seen: dict[str, dict[str, Representation]] = {USER.kind: {}, GROUP.kind: {}}  # by id

    def note(self, resource: Resource, items: Iterable[Representation]) -> None:
        """Keep objects that an answer has shown."""
        self._seen[resource.kind].update((item["id"], item) for item in items)

    def note_listing(self, resource: Resource, listing: Listing) -> None:
        """Keep a listing that was read to its end."""
        self._listings[resource.kind] = listing

    def forget(self, resource: Resource) -> None:
        """Forget all objects of a kind: they have changed since."""
        self._listings.pop(resource.kind, None)
        self._by_name.pop(resource.kind, None)
        self._seen[resource.kind].clear()

    def seen(self, resource: Resource) -> Iterable[Representation]:
        """Return the objects of a kind that answers have shown, without those of a listing."""
        return self._seen[resource.kind].values()

    def ids(self, resource: Resource) -> Iterator[str]:
        """Yield the ids of all objects of a kind that were read."""
        yield from self._seen[resource.kind]
        listing = self._listings.get(resource.kind)
        yield from listing.items if listing is not None else ()

    def listing(self, resource: Resource) -> Listing | None:
        """Return the listing of a kind if it was read, or None."""
        return self._listings.get(resource.kind)

    def has_complete_listing(self, resource: Resource) -> bool:
        """Return whether a complete listing was read, beside which no filter is needed."""
        listing = self._listings.get(resource.kind)
        return listing is not None and listing.complete

    def read_listing(self, resource: Resource) -> Listing:
        """Return the listing of a kind, read once.

        :raises DirectoryError: the service counts more objects than it shows.
        """
        if resource.kind not in self._listings:
            from .listing import require_not_short  # rule 8

            listing = self._client.list(resource.endpoint)
            if listing.is_short:
                # A second read decides, because the object may have been created during paging or the read may be stale.
                listing = self._client.list(resource.endpoint)
            require_not_short(listing, f"the list of {resource.kind}s")
            self._listings[resource.kind] = listing
        return self._listings[resource.kind]

    def all(self, resource: Resource) -> dict[str, Representation]:
        """Return all objects of a kind by id: those of the listing, and those that other answers have shown.

        :raises DirectoryError: as :meth:`read_listing`.
        """
        return {**self._seen[resource.kind], **self.read_listing(resource).items}

    def called(self, resource: Resource, name: str) -> list[Representation]:
        """Return all objects with a name, by the listing, which is indexed once for many names.

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
        """Warn once if the listing may be incomplete, because an object that it lacks may exist (rule 3)."""
        listing = self._listings[resource.kind]
        if not listing.complete and self._warn is not None and resource.kind not in self._warned:
            from .listing import incomplete_warning  # rule 8

            self._warned.add(resource.kind)
            self._warn(incomplete_warning(resource.kind, listing.why))
