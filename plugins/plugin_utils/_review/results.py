# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The results of assertions: the dictionaries that the filter p1_assertions returns."""

from __future__ import annotations

from typing import TypedDict


class Violation(TypedDict):
    """One violation of a rule: the user and the group concerned, where there is one, and a sentence for people."""

    user: str | None
    group: str | None
    text: str


class AssertionResult(TypedDict):
    """The result of one assertion.

    ``status`` is ``passed``, ``violated``, or ``error`` where the rule names a group that does not exist, so that
    the rule could not be checked.
    """

    name: str
    severity: str
    kind: str
    status: str
    violations: list[Violation]


def sorted_violations(violations: list[Violation]) -> list[Violation]:
    """Return violations ordered by user and group, case ignored."""
    return sorted(violations, key=lambda item: ((item["user"] or "").casefold(), (item["group"] or "").casefold()))
