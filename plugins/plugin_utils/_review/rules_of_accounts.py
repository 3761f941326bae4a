# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Rules about accounts: idle accounts, accounts without groups, and disabled accounts that are still in groups."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from ...module_utils._plan.built_in_groups import DEFAULT_GROUP
from .._values import ReportError
from .access import granted_by
from .accounts import Selection
from .idle import last_use
from .reading import Reading
from .results import Findings, Violation
from .rules import user_violation


@dataclass(frozen=True)
class AccountRule:
    """The base class of rules about accounts: the selection of accounts."""

    selection: Selection

    def group_names(self) -> list[str]:
        """Return the names and patterns of groups in the rule."""
        return self.selection.group_names()

    def counted_groups(self, reading: Reading) -> set[str]:
        """Return the keys of the groups that the rule names; if it names none, of all groups except the one that contains all users."""
        if self.selection.groups is None:
            return reading.groups.keys() - reading.groups_matching(DEFAULT_GROUP)
        return reading.groups_matching(*self.selection.groups)


@dataclass(frozen=True)
class DisabledInGroups(AccountRule):
    """No disabled user is in one of the groups."""

    @classmethod
    def parse(cls, value: Any, label: str) -> DisabledInGroups:
        """Parse the rule from true, a list of group names or patterns, or a dictionary of the options of a selection.

        :raises ReportError: ``value`` is none of them.
        """
        if value is not True and not isinstance(value, dict):
            if not value:
                raise ReportError(f"{label}: disabled_in_groups must be true, or a list of group names or patterns")
            value = {"groups": value}
        return cls(Selection.parse("disabled_in_groups", {} if value is True else value, label))

    def findings(self, reading: Reading, moment: datetime.datetime) -> Findings:
        """Return a violation for each disabled user and group."""
        keys, exempt = self.counted_groups(reading), self.selection.exempt(reading)
        return Findings.of([
            user_violation(
                reading, grant.user, grant.path[0], f"is disabled and in '{grant.path[0]}' ({granted_by(grant.path)})"
            )
            for grant in reading.grants
            if grant.group in keys and not reading.users[grant.user].active and grant.user not in exempt
        ])


@dataclass(frozen=True)
class InNoGroup(AccountRule):
    """Every active user is in one of the groups."""

    @classmethod
    def parse(cls, value: Any, label: str) -> InNoGroup:
        """Parse the rule from true or a dictionary of the options of a selection.

        :raises ReportError: ``value`` is neither.
        """
        if value is not True and not isinstance(value, dict):
            raise ReportError(f"{label}: in_no_group must be true, or a dictionary")
        return cls(Selection.parse("in_no_group", {} if value is True else value, label))

    def findings(self, reading: Reading, moment: datetime.datetime) -> Findings:
        """Return a violation for each active user that is not in any of the groups, directly or by inheritance."""
        keys, exempt = self.counted_groups(reading), self.selection.exempt(reading)
        held = {grant.user for grant in reading.grants if grant.group in keys}
        which = "no group" if self.selection.groups is None else f"none of the groups {', '.join(self.selection.groups)}"
        violations: list[Violation] = []
        unknown: list[Violation] = []
        for key, user in reading.users.items():
            if not user.active or key in held or key in exempt:
                continue
            if reading.groups_read or user.groups_read:
                violations.append(user_violation(reading, key, None, f"is in {which}"))
            else:
                text = f"may be in {which}: not determined, because neither groups nor effective groups were read"
                unknown.append(user_violation(reading, key, None, text))
        return Findings.of(violations, unknown)


@dataclass(frozen=True)
class NotLoggedIn(AccountRule):
    """Every active user has logged in within a number of days.

    :ivar lapsed: whether users whose last login is too long ago violate the rule.
    :ivar never: whether users that have never logged in violate the rule.
    """

    days: int
    lapsed: bool = True
    never: bool = True

    @classmethod
    def parse(cls, value: Any, label: str) -> NotLoggedIn:
        """Parse the rule from a number of days, or a dictionary of days, never and the options of a selection.

        :raises ReportError: ``value`` is neither.
        """
        options = dict(value) if isinstance(value, dict) else {"days": value}
        never = options.pop("never", True)
        if not isinstance(never, bool):
            raise ReportError(f"{label}: never of not_logged_in_days must be true or false")
        days = _days_of("not_logged_in_days", options, label)
        return cls(Selection.parse("not_logged_in_days", options, label), days, never=never)

    def findings(self, reading: Reading, moment: datetime.datetime) -> Findings:
        """Return a violation for each account that has not been used for the number of days."""
        violations: list[Violation] = []
        unknown: list[Violation] = []
        for key, user in self.selection.active_accounts(reading).items():
            use = last_use(user, self.days, moment, reading.logins_read)
            counts = {True: self.lapsed, False: self.never, None: True}[use.logged_in]
            if counts and use.idle is not False:
                found = violations if use.idle else unknown
                found.append(user_violation(reading, key, None, use.text))
        return Findings.of(violations, unknown)


@dataclass(frozen=True)
class NeverLoggedIn(NotLoggedIn):
    """Every active user has logged in within a number of days after the account was created."""

    @classmethod
    def parse(cls, value: Any, label: str) -> NeverLoggedIn:
        """Parse the rule from a number of days, or a dictionary of days and the options of a selection.

        :raises ReportError: ``value`` is neither.
        """
        options = dict(value) if isinstance(value, dict) else {"days": value}
        days = _days_of("never_logged_in_days", options, label)
        return cls(Selection.parse("never_logged_in_days", options, label), days, lapsed=False)


def _days_of(kind: str, options: dict[str, Any], label: str) -> int:
    """Remove the number of days from the options of a rule and return it.

    :raises ReportError: the number of days is not an integer of at least 1.
    """
    days: Any = options.pop("days", None)
    if isinstance(days, str) and days.strip().isdecimal():
        days = int(days)
    if isinstance(days, bool) or not isinstance(days, int) or days < 1:
        raise ReportError(f"{label}: {kind} must be a number of days from 1, or a dictionary with days")
    return days
