# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The results of assertions: the dictionaries that the filter p1_assertions returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from .._people import Person


class Violation(TypedDict):
    """One violation of a rule: the user and the group concerned, where there is one, a sentence, and the person."""

    user: str | None
    group: str | None
    text: str
    person: Person | None


class AssertionResult(TypedDict):
    """The result of one assertion.

    ``status`` is ``passed``, ``violated``, or ``error`` where the rule could not be checked: it names a group that does
    not exist, or nothing violates it and ``not_determined`` holds accounts that lack the dates it needs.
    """

    name: str
    severity: str
    kind: str
    status: str
    violations: list[Violation]
    not_determined: list[Violation]


@dataclass(frozen=True)
class Findings:
    """What a rule finds: what violates it, and the accounts for which that cannot be determined, with the reason."""

    violations: list[Violation]
    not_determined: list[Violation] = field(default_factory=list)

    @classmethod
    def of(cls, violations: list[Violation], not_determined: list[Violation] | None = None) -> Findings:
        """Return findings in the order of users and groups, case ignored."""
        return cls(_sorted(violations), _sorted(not_determined or []))


def entries_of(result: AssertionResult) -> list[Violation]:
    """Return the listed entries of a result: violations, then undetermined accounts."""
    return [*result["violations"], *(result.get("not_determined") or [])]


def _sorted(violations: list[Violation]) -> list[Violation]:
    return sorted(violations, key=lambda item: ((item["user"] or "").casefold(), (item["group"] or "").casefold()))
