# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Lookup: from a name to the one object that has it, whatever the service does with a filter.

Rules 1 and 2 of docs/rules.md. A filter can be honored, ignored, refused, or honored with another idea of case or of
special characters than ours. What a filter *finds* is checked here; that it found *nothing* is trusted only where the
service was seen to find a value with the same kinds of characters (``_filters``). Otherwise everything is read.
"""

from __future__ import annotations

from functools import partial

from .._core.errors import DirectoryError, InputError, NotFoundError, RefusedError
from .._core.names import normalize_id, normalize_name, same_id, same_name
from .._scim.choice import called, choose, choose_by_external_id
from .._scim.tables import GROUP, USER
from .client import equality_filter, is_unsupported
from .filters import as_tried
from .listing import Listing

_SAMPLE = 50  # users read to find one to try a filter on


_FEW = 5  # so many names are looked up one by one before a listing is considered


class Lookup:
    """Finds users and groups for one task; what it has read once it does not read again.

    :param client: a :class:`DirectoryClient`.
    :param warn: called with one line, where what was not found may exist all the same; None: no warnings.
    """

    def __init__(self, client, warn=None):
        self.client = client
        self.filters = client.filter_knowledge
        self._warn = warn
        self._listings = {}
        self._by_name = {}  # for each listing: its objects by name in lower case
        self._doubted = set()
        self._sampled = False
        self._seen = {USER.kind: {}, GROUP.kind: {}}  # what single reads and filters have shown, by id
        self._absent = set()  # (attribute, value) of users that are certain not to exist

    # -- by id and by name -------------------------------------------------------------------------

    def by_id(self, resource, resource_id):
        """A representation, or None where the service says 404."""
        try:
            found = self.client.get(resource.endpoint, resource_id)
        except NotFoundError:
            return None
        self._saw(resource, [found])
        return found

    def user(self, name):
        """The user with a name, or None when it is certain that there is none."""
        return choose(self.users_called(name), name, USER)

    def users_called(self, name):
        """All users with a name, for callers that accept several."""
        found = self._filtered(USER, "userName", name, lambda text: same_name(text, name))
        if found is None:
            return self._listed(USER, name)
        return called(found, name, USER)

    def user_by_external_id(self, external_id):
        """The user with an external id (compared exactly: it is an identifier, not a name), or None."""
        return choose_by_external_id(self.users_with_external_id(external_id), external_id)

    def users_by_external_id(self, external_id):
        """All users with an external id."""
        return [item for item in self.users_with_external_id(external_id) if item.get("externalId") == external_id]

    def users_with_external_id(self, external_id):
        """The users with an external id, and those whose own differs in case alone."""

        def matches(text):
            return same_id(text, external_id)

        found = self._filtered(USER, "externalId", external_id, matches)
        if found is None:
            found = [item for item in self._all(USER).values() if matches(_text(item, "externalId"))]
            if not found:
                self._doubt(USER)
        return found

    def why_uncertain(self, resource):
        """Why an object of a kind that was not found may exist all the same; None: it certainly does not."""
        listing = self._listings.get(resource.kind)
        return None if listing is None or listing.complete else listing.why

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
        if not self._lists_all(GROUP) and self.filters.is_usable("displayName"):
            candidates = self._tried(GROUP, "displayName", name, lambda text: same_name(text, name))
            if candidates and candidates.whole and any(GROUP.name_of(item) == name for item in candidates):
                return called(candidates, name, GROUP)
        return self._listed(GROUP, name)

    def from_listing(self, resource, name):
        """The object with a name according to a new listing, whatever a filter says; None: it lists none."""
        self.forget(resource)
        return choose(self._listed(resource, name), name, resource)

    def kinds_of(self, ids):
        """The kinds of users and groups by their ids as ids are compared: {id: ``user`` or ``group``}.

        For members that the service shows without a type. An id that is not in the result is of neither kind, or that
        cannot be determined. A few are read one by one, many by the lists.
        """
        ids = {normalize_id(object_id): object_id for object_id in ids}
        kinds = self._kinds_read(ids)
        unknown = [object_id for key, object_id in ids.items() if key not in kinds]
        if len(unknown) > _FEW:
            reads = [(unknown, partial(self.everything, resource)) for resource in (GROUP, USER)]
        else:
            reads = [([each], partial(self.by_id, resource, each)) for resource in (USER, GROUP) for each in unknown]
        for concerned, read in reads:
            if all(normalize_id(object_id) in kinds for object_id in concerned):
                continue
            try:
                read()
            except DirectoryError as error:
                if error.fatal:
                    raise
            kinds = self._kinds_read(ids)
        return kinds

    def _kinds_read(self, ids):
        """The kinds of ids among all that was read."""
        kinds = {}
        for resource in (USER, GROUP):
            listing = self._listings.get(resource.kind)
            for object_id in (*self._seen[resource.kind], *(listing.items if listing is not None else ())):
                if normalize_id(object_id) in ids:
                    kinds[normalize_id(object_id)] = resource.kind
        return kinds

    @staticmethod
    def gives_up_name(resource, resource_id):
        """Whether the plan at hand takes an object's name away from it: never, with one object."""
        return False

    @staticmethod
    def settled_name(resource, resource_id):
        """The name under which another part of the wish has found an object: none, with one object."""

    def everything(self, resource):
        """The listing of a kind, read once; warns where it may lack something.

        :raises DirectoryError: the service told a total and did not show as many.
        """
        listing = self._read(resource)
        self._doubt(resource)
        return listing

    def _read(self, resource):
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

    def _all(self, resource):
        """All objects of a kind by id: those of the listing, and what was read on the way and is not in it."""
        return {**self._seen[resource.kind], **self._read(resource).items}

    def _lists_all(self, resource):
        """Whether a complete listing was read, beside which no filter is needed."""
        listing = self._listings.get(resource.kind)
        return listing is not None and listing.complete

    def listing_read(self, resource):
        """Return the listing of a kind where it was read already, or None."""
        return self._listings.get(resource.kind)

    def _listed(self, resource, name):
        """All objects with a name, by the listing; it is not walked again for each of many names."""
        if resource.kind not in self._by_name:
            index = {}
            for item in self._all(resource).values():
                index.setdefault(normalize_name(resource.name_of(item)), []).append(item)
            self._by_name[resource.kind] = index
        found = called(self._by_name[resource.kind].get(normalize_name(name), ()), name, resource)
        if not found:
            self._doubt(resource)
        return found

    def _note(self, resource, listing):
        """Keep a listing."""
        self._listings[resource.kind] = listing

    def _doubt(self, resource):
        """Warn once where a listing may lack something: what was not found in it is not certain to be absent (rule 3)."""
        listing = self._listings[resource.kind]
        if not listing.complete and self._warn is not None and resource.kind not in self._doubted:
            self._doubted.add(resource.kind)
            self._warn(
                f"the list of {resource.kind}s cannot be proven complete ({listing.why}): "
                "what was not found in it may be there all the same"
            )

    def _saw(self, resource, items):
        """Keep what an answer has shown: it is searched where a filter finds nothing."""
        self._seen[resource.kind].update((item["id"], item) for item in items)

    def forget(self, resource):
        """Read anew next time: something has changed since."""
        self._listings.pop(resource.kind, None)
        self._by_name.pop(resource.kind, None)
        self._seen[resource.kind].clear()
        self._sampled = False
        self._absent.clear()

    # -- filters -----------------------------------------------------------------------------------

    def _tried(self, resource, attribute, value, matches):
        """What the service answers to a filter; None where it refuses the filter, or shows other objects."""
        try:
            found = self.client.search(resource.endpoint, equality_filter(attribute, value))
        except RefusedError as error:
            if not is_unsupported(error):
                raise
            self.filters.note_unusable(attribute)
            return None
        if not all(matches(_text(item, attribute)) for item in found):
            self.filters.note_unusable(attribute)
            return None
        self._saw(resource, found)
        for item in found:
            self.filters.note_found(attribute, value, _text(item, attribute))
        return found

    def _filtered(self, resource, attribute, value, matches):
        """The matching objects by filter, or None where the filter is no help and everything must be read.

        :param matches: whether a text of the attribute is the one that is looked for.
        """
        if not value:
            raise InputError(f"an empty {attribute} names nobody")
        if self._lists_all(resource) or not self.filters.is_usable(attribute):
            return None
        if (attribute, value) in self._absent:
            return []
        candidates = self._tried(resource, attribute, value, matches)
        if candidates is None or not candidates.whole:
            return None  # another of this name may be among those that are counted and not shown
        if candidates:
            return candidates
        if not self._is_absent(attribute, value, matches):
            return None
        self._absent.add((attribute, value))
        return []

    def _is_absent(self, attribute, value, matches):
        """Whether it is certain that no user has a value which the filter did not find (rule 1).

        What was read on the way is searched, and serves to try the filter on; a few more users are read once.
        """
        for more in (False, True):
            if not self.filters.can_be_proven(attribute, value):
                return False
            if more and not self.filters.proves_absence(attribute, value):
                self._read_sample()
            texts = [_text(item, attribute) for item in self._seen[USER.kind].values()]
            if any(map(matches, texts)):
                self.filters.note_missed(attribute, value)
                return False
            for sample in self.filters.samples_for(attribute, value, texts):
                self._try_on(attribute, sample)
        return self.filters.proves_absence(attribute, value)

    def _try_on(self, attribute, sample):
        """Try a filter on a value that a user has."""
        found = self._tried(USER, attribute, as_tried(attribute, sample), lambda text: same_name(text, sample))
        if not found:
            self.filters.note_missed(attribute, sample)

    def _read_sample(self):
        """Read a few users, once."""
        if not self._sampled:
            self._sampled = True
            items, _total = self.client.page(USER.endpoint, 1, _SAMPLE)
            self._saw(USER, items)

    def _list_if_cheaper(self, resource, lookups):
        """Read the first page; where its total says that all pages cost less than the look-ups left, read on."""
        listing = Listing()
        items, total = self.client.page(resource.endpoint)
        self._saw(resource, items)
        done = self.client.take_page(listing, items, total)
        pages = -(-total // max(1, len(items))) if total else 1
        if not done and pages <= lookups:
            self.client.list(resource.endpoint, listing=listing)
            done = True
        if done and (listing.complete or listing.total is None):
            self._note(resource, listing)


def _text(representation, attribute):
    """A text attribute of a representation; '' where there is none."""
    value = representation.get(attribute)
    return value if isinstance(value, str) else ""
