# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The results of assertions, which the filter p1_assertions returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from .._people import Person


class Violation(TypedDict):
    """One violation of a rule: the user, the group and the person, each None if there is none, and a sentence."""

    user: str | None
    group: str | None
    text: str
    person: Person | None


class AssertionResult(TypedDict):
    """The result of one assertion.

    ``status`` is ``passed``, ``violated``, or ``error`` if the rule could not be checked: the rule names a group that does
    not exist, or there are no violations but ``not_determined`` contains accounts without the required dates.
    """

    name: str
    severity: str
    kind: str
    status: str
    violations: list[Violation]
    not_determined: list[Violation]


@dataclass(frozen=True)
class Findings:
    """The findings of a rule: its violations, and the accounts that could not be checked, with the reasons."""

    violations: list[Violation]
    not_determined: list[Violation] = field(default_factory=list)

    @classmethod
    def of(cls, violations: list[Violation], not_determined: list[Violation] | None = None) -> Findings:
        """Create findings, sorted by user and group, ignoring case."""
        return cls(_sorted(violations), _sorted(not_determined or []))


def entries_of(result: AssertionResult) -> list[Violation]:
    """Return all entries of a result: the violations, then the accounts that were not determined."""
    return [*result["violations"], *(result.get("not_determined") or [])]


def _sorted(violations: list[Violation]) -> list[Violation]:
    return sorted(violations, key=lambda item: ((item["user"] or "").casefold(), (item["group"] or "").casefold()))
