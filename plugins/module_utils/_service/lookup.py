# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Look up objects by name, regardless of how the service handles filters (rules 1 and 2 of docs/rules.md).

A filter is used if it is reliable (:mod:`.filtered_search`); otherwise the whole list is read (:mod:`.known_objects`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from .._core import errors
from .._core.names import normalize_id, same_id, same_name
from .._scim.choice import called, choose, choose_by_external_id
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER
from .client import DirectoryClient
from .filtered_search import FilteredSearch, text_attribute
from .known_objects import KnownObjects, Representation

if TYPE_CHECKING:
    from .listing import Listing

FEW = 5  # the number of objects to look up individually before considering the list


class Lookup:
    """Find users and groups for one task and read each object once.

    :param warn: called with one line if an object was not found but may exist; None for no warnings.
    :ivar known: the objects read so far.
    """

    def __init__(self, client: DirectoryClient, warn: Callable[[str], None] | None = None) -> None:
        self.client = client
        self.known = KnownObjects(client, warn)
        self._search = FilteredSearch(client, self.known)

    def by_id(self, resource: Resource, resource_id: str) -> Representation | None:
        """Return the object with an id, or None if the service answers 404."""
        try:
            found = self.client.get(resource.endpoint, resource_id)
        except errors.NotFoundError:
            return None
        self.known.note(resource, [found])
        return found

    def by_ids(self, resource: Resource, ids: Iterable[str]) -> dict[str, Representation | None]:
        """Return many objects by id: {id: representation or None}. Use single reads or a list, whichever needs fewer requests."""
        ids = list(dict.fromkeys(ids))
        if len(ids) > FEW and self.known.listing(resource) is None:
            self._list_if_cheaper(resource, len(ids))
        listing = self.known.listing(resource) if len(ids) > FEW else None
        listed = {normalize_id(object_id): item for object_id, item in (listing.items if listing else {}).items()}
        return {each: listed.get(normalize_id(each)) or self.by_id(resource, each) for each in ids}

    def user(self, name: str) -> Representation | None:
        """Return the user with a name, or None if it certainly does not exist.

        :raises AmbiguousError: several users have this name.
        """
        return choose(self.users_called(name), name, USER)

    def called(self, resource: Resource, name: str) -> Representation | None:
        """Return the user or group with a name, as :meth:`user` and :meth:`group` do."""
        return self.user(name) if resource is USER else self.group(name)

    def users_called(self, name: str) -> list[Representation]:
        """Return all users with a name, for callers that accept several."""
        found = self._search.users("userName", name, lambda text: same_name(text, name))
        return self.known.called(USER, name) if found is None else called(found, name, USER)

    def users(self, names: Iterable[str]) -> dict[str, Representation | None]:
        """Return many users by name: {name: representation or None}. Use single reads or a list, whichever needs fewer requests."""
        names = list(dict.fromkeys(names))
        found = {}
        for number, name in enumerate(names):
            if number == FEW and self.known.listing(USER) is None:
                self._list_if_cheaper(USER, len(names) - number)
            found[name] = self.user(name)
        return found

    def user_by_external_id(self, external_id: str) -> Representation | None:
        """Return the user with an external id, or None. It is compared exactly, because it is an identifier, not a name.

        :raises AmbiguousError: several users have this external id.
        """
        return choose_by_external_id(self.users_with_external_id(external_id), external_id)

    def users_by_external_id(self, external_id: str) -> list[Representation]:
        """Return all users with an external id, compared exactly."""
        return [item for item in self.users_with_external_id(external_id) if item.get("externalId") == external_id]

    def users_with_external_id(self, external_id: str) -> list[Representation]:
        """Return all users with an external id, ignoring case."""

        def matches(text: str) -> bool:
            return same_id(text, external_id)

        found = self._search.users("externalId", external_id, matches)
        if found is None:
            found = [item for item in self.known.all(USER).values() if matches(text_attribute(item, "externalId"))]
            if not found:
                self.known.warn_if_incomplete(USER)
        return found

    def group(self, name: str) -> Representation | None:
        """Return the group with a name, or None if it certainly does not exist.

        :raises AmbiguousError: several groups have this name.
        """
        return choose(self.groups_called(name), name, GROUP)

    def groups_called(self, name: str) -> list[Representation]:
        """Return all groups with a name, because the service may not enforce unique names.

        If a filter returns no exact match, read the whole list. An unreliable filter could otherwise cause a second group
        with the same name.
        """
        if not self.known.has_complete_listing(GROUP):
            found = self._search.matching(GROUP, "displayName", name, lambda text: same_name(text, name))
            if found and found.whole and any(GROUP.name_of(item) == name for item in found):
                return called(found, name, GROUP)
        return self.known.called(GROUP, name)

    def from_listing(self, resource: Resource, name: str) -> Representation | None:
        """Return the object with a name from a new listing, regardless of filters, or None."""
        self.forget(resource)
        return choose(self.known.called(resource, name), name, resource)

    def everything(self, resource: Resource) -> Listing:
        """Return the listing of a kind; read it if necessary, and warn if it may be incomplete.

        :raises DirectoryError: the service counts more objects than it returns.
        """
        listing = self.known.read_listing(resource)
        self.known.warn_if_incomplete(resource)
        return listing

    def listing_read(self, resource: Resource) -> Listing | None:
        """Return the listing of a kind if it has been read, or None."""
        return self.known.listing(resource)

    def why_uncertain(self, resource: Resource) -> str | None:
        """Return why an object of a kind may exist although it was not found, or None if it certainly does not exist."""
        listing = self.known.listing(resource)
        return None if listing is None or listing.complete else listing.why

    def forget(self, resource: Resource) -> None:
        """Forget the objects of a kind, because they have changed since they were read."""
        self.known.forget(resource)
        self._search.forget()

    @staticmethod
    def name_released(resource: Resource, resource_id: str) -> bool:
        """Return whether the plan releases the name of an object: False, because a single-object task has no plan."""
        return False

    @staticmethod
    def name_after_rename(resource: Resource, resource_id: str) -> str | None:
        """Return the name under which another entry found an object: None, because a single-object task has one entry."""
        return None

    def _list_if_cheaper(self, resource: Resource, lookups: int) -> None:
        """Read the first page, and all others if, according to its total, they need fewer requests than the remaining look-ups."""
        from .listing import Listing, take_page  # rule 8

        listing = Listing()
        items, total = self.client.page(resource.endpoint)
        self.known.note(resource, items)
        done = take_page(listing, items, total)
        pages = -(-total // max(1, len(items))) if total else 1
        if not done and pages <= lookups:
            self.client.list(resource.endpoint, listing=listing)
            done = True
        if done and not listing.is_short:
            self.known.note_listing(resource, listing)
