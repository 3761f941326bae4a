# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""FilterKnowledge: what a task or a session has learned about the filters of a service. Pure.

A service can misinterpret the literal of a filter. For example, scimgateway builds a regular expression from it without
escaping, so a name with a plus sign is not found. After a filter has found a plain name, it is therefore trusted only for
plain names (rule 1 of docs/rules.md).
"""

from __future__ import annotations

from collections.abc import Iterable

MAX_TRIES = 2  # tests for one name, before the list is read


# Case-insensitive attributes. A filter on them is trusted only after it has ignored case.
CASE_IGNORED = ("userName", "displayName")


_PLAIN = "plain"


_CASE = "case"


def kinds_of(attribute: str, value: str) -> frozenset[str] | None:
    """Return the kinds of characters in a value, which a filter must handle to find it.

    Each ASCII character that is neither a letter nor a digit is its own kind, because regular expressions, SQL, JSON and
    URLs treat too many of them specially. Return None if no filter can be verified for the value, because it contains
    other characters or surrounding blanks.
    """
    if not value or not value.isascii() or value != value.strip():
        return None
    kinds = {_PLAIN, *(char for char in value if not char.isalnum())}
    if attribute in CASE_IGNORED and value.swapcase() != value:
        kinds.add(_CASE)
    return frozenset(kinds)


def as_tried(attribute: str, value: str) -> str:
    """Return the literal that tests a filter with an existing value: with swapped case if the attribute is case-insensitive."""
    return value.swapcase() if attribute in CASE_IGNORED else value


class FilterKnowledge:
    """The knowledge about equality filters, for each attribute.

    It contains no objects and no listings, so it can be kept after the objects that were read become outdated.
    """

    def __init__(self) -> None:
        self._unusable: set[str] = set()
        self._proven: dict[str, set[str]] = {}
        self._missed: dict[str, list[frozenset[str]]] = {}

    def is_usable(self, attribute: str) -> bool:
        """Return whether the filter is usable: the service has neither refused nor ignored it."""
        return attribute not in self._unusable

    def note_unusable(self, attribute: str) -> None:
        """Record that the service refuses or ignores the filter, or returns other objects."""
        self._unusable.add(attribute)

    def note_found(self, attribute: str, asked: str, found: str) -> None:
        """Record that a filter for ``asked`` found an object with the value ``found``."""
        proven = self._proven.setdefault(attribute, set())
        proven.update((kinds_of(attribute, asked) or frozenset()) - {_CASE})
        if asked != found:
            proven.add(_CASE)

    def note_missed(self, attribute: str, value: str) -> None:
        """Record that the filter did not find a value that exists."""
        kinds = kinds_of(attribute, value)
        if kinds is not None:
            self._missed.setdefault(attribute, []).append(kinds)

    def proves_absence(self, attribute: str, value: str) -> bool:
        """Return whether an empty answer proves that no object has a value."""
        kinds = kinds_of(attribute, value) or frozenset()
        return self.can_be_proven(attribute, value) and kinds <= self._proven.get(attribute, set())

    def can_be_proven(self, attribute: str, value: str) -> bool:
        """Return whether more tests could prove an empty answer for a value."""
        kinds = kinds_of(attribute, value)
        return kinds is not None and self.is_usable(attribute) and not self._fails(attribute, kinds)

    def samples_for(self, attribute: str, value: str, existing: Iterable[str]) -> list[str]:
        """Return the existing values with which to test the filter, so that an empty answer for a value is a proof.

        :param existing: values of existing objects.
        :returns: as few values as possible that contain all untested characters, at most :data:`MAX_TRIES`; [] if that is
            impossible.
        """
        if not self.can_be_proven(attribute, value):
            return []
        open_kinds = set((kinds_of(attribute, value) or frozenset()) - self._proven.get(attribute, set()))
        candidates = []
        for text in dict.fromkeys(existing):
            has = kinds_of(attribute, text)
            if has is not None and not self._fails(attribute, has):
                candidates.append((has, text))
        chosen: list[str] = []
        while open_kinds and candidates and len(chosen) < MAX_TRIES:
            # Of the values that cover most characters, use the plainest: if it is missed, the fewest others are excluded.
            has, text = max(candidates, key=lambda item: (len(item[0] & open_kinds), -len(item[0])))
            if not has & open_kinds:
                return []
            chosen.append(text)
            open_kinds -= has
        return [] if open_kinds else chosen

    def _fails(self, attribute: str, kinds: frozenset[str]) -> bool:
        """Return whether the filter has missed a value with these kinds of characters, or with some of them."""
        proven = self._proven.get(attribute, set())
        return any(missed - proven <= kinds for missed in self._missed.get(attribute, ()))
