# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""FilteredSearch: find objects with one filtered read, and decide whether an empty answer proves that none exists.

A service can apply a filter, ignore it, refuse it, or apply it with other rules for case or special characters. This
module checks the objects that a filter finds. It trusts an empty answer only if the filter has found a value with the same
kinds of characters (rules 1 and 2 of docs/rules.md; :mod:`.filters`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._core import errors
from .._core.names import same_name
from .._scim.resource import Resource
from .._scim.tables import USER
from .client import DirectoryClient, equality_filter, is_unsupported
from .filters import as_tried
from .known_objects import KnownObjects
from .list_answers import FilterResult

SAMPLE_SIZE = 50  # users to read to find values that test a filter

Matches = Callable[[str], bool]


class FilteredSearch:
    """Search with equality filters, based on how the service has handled earlier filters.

    :param known: the objects that the task has read. They are searched if a filter finds nothing; found objects are added.
    """

    def __init__(self, client: DirectoryClient, known: KnownObjects) -> None:
        self._client = client
        self._filters = client.filter_knowledge
        self._known = known
        self._sampled = False
        self._absent: set[tuple[str, str]] = set()  # (attribute, value) pairs that certainly no user has

    def forget(self) -> None:
        """Forget which values do not exist, and that a sample was read."""
        self._sampled = False
        self._absent.clear()

    def users(self, attribute: str, value: str, matches: Matches) -> list[dict[str, Any]] | None:
        """Return the users with a value, or None if the filter is not reliable, so that all users must be read.

        :param matches: a function that returns whether a text of the attribute matches the value.
        :raises InputError: the value is empty.
        """
        if not value:
            raise errors.InputError(f"{attribute} is empty")
        if self._known.has_complete_listing(USER) or not self._filters.is_usable(attribute):
            return None
        if (attribute, value) in self._absent:
            return []
        found = self.matching(USER, attribute, value, matches)
        if found is None or not found.whole:
            return None  # the service counts more users than it returned, which may include another match
        if found:
            return found
        if not self._is_absent(attribute, value, matches):
            return None
        self._absent.add((attribute, value))
        return []

    def matching(self, resource: Resource, attribute: str, value: str, matches: Matches) -> FilterResult | None:
        """Return the answer to a filter, or None if the service refused the filter or returned other objects."""
        if not self._filters.is_usable(attribute):
            return None
        try:
            found = self._client.search(resource.endpoint, equality_filter(attribute, value))
        except errors.RefusedError as error:
            if not is_unsupported(error):
                raise
            self._filters.note_unusable(attribute)
            return None
        if not all(matches(text_attribute(item, attribute)) for item in found):
            self._filters.note_unusable(attribute)
            return None
        self._known.note(resource, found)
        for item in found:
            self._filters.note_found(attribute, value, text_attribute(item, attribute))
        return found

    def _is_absent(self, attribute: str, value: str, matches: Matches) -> bool:
        """Return whether certainly no user has a value that the filter did not find (rule 1).

        The method searches the users read so far, and tests the filter with their values. If they are not sufficient, it
        reads a sample of users once.
        """
        for more in (False, True):
            if not self._filters.can_be_proven(attribute, value):
                return False
            if more and not self._filters.proves_absence(attribute, value):
                self._read_sample()
            texts = [text_attribute(item, attribute) for item in self._known.seen(USER)]
            if any(map(matches, texts)):
                self._filters.note_missed(attribute, value)
                return False
            for sample in self._filters.samples_for(attribute, value, texts):
                self._try_on(attribute, sample)
        return self._filters.proves_absence(attribute, value)

    def _try_on(self, attribute: str, sample: str) -> None:
        """Test the filter with a value that a user has."""
        found = self.matching(USER, attribute, as_tried(attribute, sample), lambda text: same_name(text, sample))
        if not found:
            self._filters.note_missed(attribute, sample)

    def _read_sample(self) -> None:
        if not self._sampled:
            self._sampled = True
            items, _total = self._client.page(USER.endpoint, 1, SAMPLE_SIZE)
            self._known.note(USER, items)


def text_attribute(representation: dict[str, Any], attribute: str) -> str:
    """Return the text of an attribute in a representation, or ""."""
    value = representation.get(attribute)
    return value if isinstance(value, str) else ""
