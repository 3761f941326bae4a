# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Lookup: from a name to the one object that has it, whatever the service does with a filter.

Rules 1 and 2 of docs/rules.md. A filter can be honored, ignored, refused, or honored with another
idea of upper and lower case than ours. What a filter *finds* is checked here; that it found *nothing* is
only believed after the service was seen to find something that way, else everything is read.
"""

from __future__ import annotations

from ._errors import AmbiguousError, DirectoryError, InputError, NotFoundError, RefusedError
from ._names import normalize_name, same_id, same_name, show
from ._resources import GROUP, USER
from ._service.client import equality_filter
from ._service.listing import Listing

_SAMPLE = 20  # users looked at to find one to try a filter on
_FEW = 5  # so many names are looked up one by one before a listing is considered

_REFUSED_FILTER = (400, 403, 405, 501)


def called(candidates, name, resource):
    """The candidates with a name: those of the exact text, else those that differ in case alone."""
    same = [item for item in candidates if same_name(resource.name_of(item), name)]
    return [item for item in same if resource.name_of(item) == name] or same


def choose(candidates, name, resource):
    """The one candidate with a name: the exact text first, else a single one that differs in case alone.

    :raises AmbiguousError: several have it; the ids are listed.
    """
    chosen = called(candidates, name, resource)
    if len(chosen) > 1:
        ids = ", ".join(sorted(item["id"] for item in chosen))
        raise AmbiguousError(
            f"{len(chosen)} {resource.kind}s are called {show(name)}: {ids}", hint="Say which by its id"
        )
    return chosen[0] if chosen else None


class Lookup:
    """Finds users and groups for one task; what it has read once it does not read again.

    :param client: a :class:`DirectoryClient`.
    :param warn: called with one line, where what was not found may be there all the same; None: nobody is told.
    """

    def __init__(self, client, warn=None):
        self.client = client
        self._warn = warn
        self._listings = {}
        self._by_name = {}  # for each listing: its objects by name in lower case
        self._believed = {}
        self._doubted = set()
        self._sample = None  # some users, to try filters on
        self._nobody = set()  # (attribute, value) of users that are certain not to be there

    # -- by id and by name -------------------------------------------------------------------------

    def by_id(self, resource, resource_id):
        """A representation, or None where the service says 404."""
        try:
            return self.client.get(resource.endpoint, resource_id)
        except NotFoundError:
            return None

    def user(self, name):
        """The user with a name, or None when it is certain that there is none."""
        return choose(self.users_called(name), name, USER)

    def users_called(self, name):
        """All users with a name, for whoever can do with several."""
        found = self._filtered(USER, "userName", name, lambda item: same_name(USER.name_of(item), name))
        if found is None:
            return self._listed(USER, name)
        return called(found, name, USER)

    def user_by_external_id(self, external_id):
        """The user with an external id (compared exactly: it is an identifier, not a name), or None."""
        found = self.users_by_external_id(external_id)
        if len(found) > 1:
            ids = ", ".join(sorted(item["id"] for item in found))
            raise AmbiguousError(
                f"{len(found)} users have the external_id {show(external_id)}: {ids}", hint="Say which by its id"
            )
        return found[0] if found else None

    def users_by_external_id(self, external_id):
        """All users with an external id."""
        return [item for item in self.users_with_external_id(external_id) if item.get("externalId") == external_id]

    def users_with_external_id(self, external_id):
        """The users with an external id, and those whose own differs in case alone."""

        def matches(item):
            found = item.get("externalId")
            return isinstance(found, str) and same_id(found, external_id)

        found = self._filtered(USER, "externalId", external_id, matches)
        if found is None:
            found = [item for item in self.everything(USER).items.values() if matches(item)]
        return found

    def users(self, names):
        """Users by many names: {name: representation or None}; one by one or by listing, whichever is less."""
        names = list(dict.fromkeys(names))
        found = {}
        for number, name in enumerate(names):
            if number == _FEW and USER.kind not in self._listings:
                self._list_if_cheaper(USER, len(names) - number)
            found[name] = self.user(name)
        return found

    def group(self, name):
        """The group with a name, or None when it is certain that there is none.

        Without an exact match everything is read: a filter that silently finds nothing would otherwise
        make a second group of the same name.
        """
        return choose(self.groups_called(name), name, GROUP)

    def groups_called(self, name):
        """All groups with a name: the service is not known to keep names apart."""
        if GROUP.kind not in self._listings:
            candidates = self._tried(GROUP, "displayName", name)
            if candidates is not None and candidates.whole and any(GROUP.name_of(item) == name for item in candidates):
                if all(same_name(GROUP.name_of(item), name) for item in candidates):
                    return called(candidates, name, GROUP)
        return self._listed(GROUP, name)

    @staticmethod
    def gives_up_name(resource, resource_id):
        """Whether the plan at hand takes an object's name away from it: never, with one object."""
        return False

    @staticmethod
    def settled_name(resource, resource_id):
        """The name under which another part of the wish has found an object: none, with one object."""

    def everything(self, resource):
        """The listing of a kind, read once.

        :raises DirectoryError: the service told a total and did not show as many.
        """
        if resource.kind not in self._listings:
            listing = self.client.list(resource.endpoint)
            if listing.total is not None and not listing.complete:
                # Somebody added one behind the page that was being read, or it shows by now: once more tells.
                listing = self.client.list(resource.endpoint)
            if listing.total is not None and not listing.complete:
                raise DirectoryError(
                    f"the list of {resource.kind}s is incomplete ({listing.why})",
                    hint="Run again; nothing was concluded from it",
                )
            self._note(resource, listing)
        return self._listings[resource.kind]

    def _listed(self, resource, name):
        """All objects with a name, by the listing; it is not walked again for each of many names."""
        items = self.everything(resource).items.values()
        if resource.kind not in self._by_name:
            index = self._by_name[resource.kind] = {}
            for item in items:
                index.setdefault(normalize_name(resource.name_of(item)), []).append(item)
        return called(self._by_name[resource.kind].get(normalize_name(name), ()), name, resource)

    def _note(self, resource, listing):
        """Keep a listing. One that may lack something is told of once: nothing found in it is no proof (rule 3)."""
        self._listings[resource.kind] = listing
        if not listing.complete and self._warn is not None and resource.kind not in self._doubted:
            self._doubted.add(resource.kind)
            self._warn(
                f"the list of {resource.kind}s cannot be proven complete ({listing.why}): "
                "what was not found in it may be there all the same"
            )

    def forget(self, resource):
        """Read anew next time: something has changed since."""
        self._listings.pop(resource.kind, None)
        self._by_name.pop(resource.kind, None)
        self._nobody.clear()

    # -- filters -----------------------------------------------------------------------------------

    def _tried(self, resource, attribute, value):
        """What the service answers to a filter; None when it does not take it."""
        try:
            return self.client.search(resource.endpoint, equality_filter(attribute, value))
        except RefusedError as error:
            if error.status in _REFUSED_FILTER:
                return None
            raise

    def _filtered(self, resource, attribute, value, matches):
        """The matching objects by filter, or None when the filter is no help and everything must be read."""
        if resource.kind in self._listings or self._believed.get(attribute) is False:
            return None
        if not value:
            raise InputError(f"an empty {attribute} names nobody")
        if (attribute, value) in self._nobody:
            return []
        candidates = self._tried(resource, attribute, value)
        if candidates is None or not all(matches(item) for item in candidates):
            self._believed[attribute] = False
            return None
        if not candidates.whole:
            return None  # another of this name may be among those that are counted and not shown
        if candidates:
            return candidates
        if self._believes(attribute, value):
            self._nobody.add((attribute, value))
            return []
        return None

    def _believes(self, attribute, value):
        """Whether "nothing found" can be believed for a filter on this attribute of users.

        Tried once a task on somebody who is there: by the external id as it is, by the name with its
        letters in the other case, so that a service that compares case is found out.
        """
        if not value.isascii() and attribute == "userName":
            return False  # a sample of plain letters tells nothing about how others are folded
        if attribute not in self._believed:
            if self._sample is None:
                self._sample, _total = self.client.page("user", 1, _SAMPLE)
            self._believed[attribute] = self._try_on_sample(attribute)
        return self._believed[attribute]

    def _try_on_sample(self, attribute):
        """Whether a filter finds the first user of the sample that it can be tried on, and nobody else."""
        for item in self._sample or ():
            value = item.get(attribute)
            if not isinstance(value, str) or not value:
                continue
            if attribute == "userName":
                if not value.isascii() or value.swapcase() == value:
                    continue
                value = value.swapcase()
            answer = self._tried(USER, attribute, value)
            return answer is not None and [found["id"] for found in answer] == [item["id"]]
        return False

    def _list_if_cheaper(self, resource, lookups):
        """Read the first page; where its total says that all pages cost less than the look-ups left, read on."""
        listing = Listing()
        items, total = self.client.page(resource.endpoint)
        done = self.client.take_page(listing, items, total)
        pages = -(-total // max(1, len(items))) if total else 1
        if not done and pages <= lookups:
            self.client.list(resource.endpoint, listing=listing)
            done = True
        if done and (listing.complete or listing.total is None):
            self._note(resource, listing)
