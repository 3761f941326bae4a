# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""FilterKnowledge: what one task, or one session, has learned about the filters of a service. Pure.

A filter can misread its literal: scimgateway builds an unescaped regular expression from it, so a name with a plus sign
finds no user. A filter that found one plain name is therefore trusted for plain names alone (rule 1 of docs/rules.md).
"""

from __future__ import annotations

from collections.abc import Iterable

MAX_TRIES = 2  # samples for one name; then the list is read


# Attributes compared without case; a filter on them is trusted only after it ignored case.
CASE_IGNORED = ("userName", "displayName")


_PLAIN = "plain"


_CASE = "case"


def kinds_of(attribute: str, value: str) -> frozenset[str] | None:
    """Return what a filter has to get right to find a value: the kinds of its characters.

    Each ASCII character that is neither a letter nor a digit is a kind of its own: the characters that matter to
    regular expressions, to SQL, to JSON and to URLs are too many to be grouped. None: no filter is proven for the
    value, because it holds other characters or outer blanks.
    """
    if not value or not value.isascii() or value != value.strip():
        return None
    kinds = {_PLAIN, *(char for char in value if not char.isalnum())}
    if attribute in CASE_IGNORED and value.swapcase() != value:
        kinds.add(_CASE)
    return frozenset(kinds)


def as_tried(attribute: str, value: str) -> str:
    """Return how a filter is tried on a value that exists: with its letters in the other case where case is ignored."""
    return value.swapcase() if attribute in CASE_IGNORED else value


class FilterKnowledge:
    """What is known about equality filters, for each attribute.

    It holds no object and no listing: it may be kept longer than what was read.
    """

    def __init__(self) -> None:
        self._unusable: set[str] = set()
        self._proven: dict[str, set[str]] = {}
        self._missed: dict[str, list[frozenset[str]]] = {}

    def is_usable(self, attribute: str) -> bool:
        """Return whether the filter is worth a request: it was neither refused nor ignored."""
        return attribute not in self._unusable

    def note_unusable(self, attribute: str) -> None:
        """Record that the service refuses or ignores the filter, or answers it with other objects."""
        self._unusable.add(attribute)

    def note_found(self, attribute: str, asked: str, found: str) -> None:
        """Record that the filter found an object whose value is ``found`` when it was asked for ``asked``."""
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
        """Return whether more tries might prove an empty answer for a value."""
        kinds = kinds_of(attribute, value)
        return kinds is not None and self.is_usable(attribute) and not self._fails(attribute, kinds)

    def samples_for(self, attribute: str, value: str, existing: Iterable[str]) -> list[str]:
        """Return which existing values to try, so that an empty answer for a value is proven afterwards.

        :param existing: values that objects are known to have.
        :returns: the fewest that cover all unproven characters, at most :data:`MAX_TRIES`; [] if that is impossible.
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
            # The plainest of those that cover most, because its failure excludes the fewest others.
            has, text = max(candidates, key=lambda item: (len(item[0] & open_kinds), -len(item[0])))
            if not has & open_kinds:
                return []
            chosen.append(text)
            open_kinds -= has
        return [] if open_kinds else chosen

    def _fails(self, attribute: str, kinds: frozenset[str]) -> bool:
        """Return whether the filter missed a value of these kinds, or of some of them."""
        proven = self._proven.get(attribute, set())
        return any(missed - proven <= kinds for missed in self._missed.get(attribute, ()))
