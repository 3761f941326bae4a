# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Parse and check assertions: rules that a directory must meet, independent of a desired state."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.dates import parse_moment
from .._values import ReportError, plain
from .reading import Reading, read_directory
from .results import AssertionResult
from .rules import Rule, group_violation, has_wildcard
from .rules_of_accounts import DisabledInGroups, InNoGroup, NeverLoggedIn, NotLoggedIn
from .rules_of_groups import Administrators, ExclusiveGroups, GroupSize

SEVERITIES = ("info", "low", "medium", "high", "critical")
RULES: dict[str, type[Rule]] = {
    "exclusive_groups": ExclusiveGroups,
    "disabled_in_groups": DisabledInGroups,
    "not_logged_in_days": NotLoggedIn,
    "never_logged_in_days": NeverLoggedIn,
    "in_no_group": InNoGroup,
    "administrators": Administrators,
    "group_size": GroupSize,
}


@dataclass(frozen=True)
class Assertion:
    """One assertion: its name, its severity, and one rule, whose kind is a key of :data:`RULES`."""

    name: str
    severity: str
    kind: str
    rule: Rule

    def check(self, reading: Reading, moment: datetime.datetime) -> AssertionResult:
        """Check the assertion against a reading and return the result.

        :param moment: the end of the periods in days, as a time with a time zone.
        """
        missing = self._missing_groups(reading)
        violations = [group_violation(name, f"group '{name}' does not exist") for name in missing]
        found = self.rule.findings(reading, moment)
        violations += found.violations
        unchecked = missing or (found.not_determined and not violations)
        return {
            "name": self.name,
            "severity": self.severity,
            "kind": self.kind,
            "status": "error" if unchecked else "violated" if violations else "passed",
            "violations": violations,
            "not_determined": found.not_determined,
        }

    def _missing_groups(self, reading: Reading) -> list[str]:
        """Return the groups named in the rule that do not exist, because a rule that matches no group would always pass."""
        if not reading.groups_read:
            return []
        return [
            name for name in self.rule.group_names() if not has_wildcard(name) and not reading.groups_matching(name)
        ]


def evaluate(reading: Any, rules: Any, now: Any = None) -> list[AssertionResult]:
    """Check the assertions against a reading and return the result of each.

    :param reading: the users and groups, see :func:`.reading.read_directory`.
    :param rules: a list of dictionaries with ``name``, ``severity`` and one key of :data:`RULES`.
    :param now: the end of the periods in days, as text, or None for the current time.
    :raises ReportError: assertions are invalid (the message names all of them in one line), or the reading or the time is.
    """
    assertions = parse_assertions(rules)
    moment = parse_moment(now) if now else datetime.datetime.now(datetime.timezone.utc)
    if moment is None:
        raise ReportError(f"now must be a time such as 2026-01-31T00:00:00Z, not '{now}'")
    directory = read_directory(reading)
    return [assertion.check(directory, moment) for assertion in assertions]


def parse_assertions(rules: Any) -> list[Assertion]:
    """Parse assertions from a list of dictionaries.

    :raises ReportError: ``rules`` is not a list, or contains invalid assertions; the message names all of them in one line.
    """
    if not isinstance(rules, list):
        raise ReportError("assertions must be a list of rules")
    found, problems = [], []
    for number, rule in enumerate(rules, 1):
        try:
            found.append(_parse_assertion(plain(rule) if isinstance(rule, dict) else rule, number))
        except ReportError as error:
            problems.append(str(error))
    names = Counter(assertion.name for assertion in found)
    problems += [
        f"several assertions have the name '{name}'" for name in sorted(names) if names[name] > 1
    ]
    if problems:
        raise ReportError("; ".join(problems))
    return found


def _parse_assertion(rule: Any, number: int) -> Assertion:
    label = f"assertion {number}"
    if not isinstance(rule, dict):
        raise ReportError(f"{label} must be a dictionary with a name and one of {', '.join(RULES)}")
    name = rule.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ReportError(f"{label} has no name")
    name = " ".join(name.split())
    label = f"assertion '{name}'"
    severity = rule.get("severity") or "medium"
    if severity not in SEVERITIES:
        raise ReportError(f"{label}: severity must be one of {', '.join(SEVERITIES)}, not '{severity}'")
    kinds = [key for key in rule if key in RULES]
    unknown = [key for key in rule if key not in ("name", "severity", *RULES)]
    if unknown:
        raise ReportError(f"{label}: unknown key '{unknown[0]}'. Valid keys: {', '.join(RULES)}")
    if len(kinds) != 1:
        raise ReportError(f"{label} needs exactly one of {', '.join(RULES)}")
    return Assertion(name, severity, kinds[0], RULES[kinds[0]].parse(rule[kinds[0]], label))
