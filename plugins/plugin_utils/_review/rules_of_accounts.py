# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Rules about accounts: disabled users that are still in groups, and users that have not logged in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.dates import parse_moment
from ...module_utils._plan.built_in_groups import DEFAULT_GROUP
from .._values import ReportError
from .access import granted_by
from .reading import Account, Reading
from .results import Violation, sorted_violations
from .rules import names_of, user_violation


@dataclass(frozen=True)
class DisabledInGroups:
    """No disabled user is in certain groups; ``groups`` None: in any group except the one that holds all users."""

    groups: list[str] | None

    @classmethod
    def parse(cls, value: Any, label: str) -> DisabledInGroups:
        """Return the rule: ``value`` is true, or a list of group names or patterns.

        :raises ReportError: it is neither.
        """
        if value is True:
            return cls(None)
        return cls(
            names_of(value, f"{label}: disabled_in_groups must be true, or a list of group names or patterns")
        )

    def group_names(self) -> list[str]:
        """Return the names and patterns of groups in the rule."""
        return self.groups or []

    def violations(self, reading: Reading, moment: datetime.datetime) -> list[Violation]:
        """Return a violation for each disabled user and group."""
        if self.groups is None:
            keys = reading.groups.keys() - reading.groups_matching(DEFAULT_GROUP)
        else:
            keys = reading.groups_matching(*self.groups)
        return sorted_violations([
            user_violation(
                reading, grant.user, grant.path[0], f"is disabled and in '{grant.path[0]}' ({granted_by(grant.path)})"
            )
            for grant in reading.grants
            if grant.group in keys and not reading.users[grant.user].active
        ])


@dataclass(frozen=True)
class NotLoggedIn:
    """Every active user has logged in within a number of days.

    ``never``: whether users that have never logged in count, once the account is that old. ``groups``: only the users
    in these groups; None: all users.
    """

    days: int
    never: bool
    groups: list[str] | None

    @classmethod
    def parse(cls, value: Any, label: str) -> NotLoggedIn:
        """Return the rule: ``value`` is a number of days, or a dictionary of days, never and groups.

        :raises ReportError: it is neither.
        """
        options = value if isinstance(value, dict) else {"days": value}
        unknown = [name for name in options if name not in ("days", "groups", "never")]
        days, never = options.get("days"), options.get("never", True)
        if isinstance(days, str) and days.strip().isdecimal():
            days = int(days)
        if unknown or isinstance(days, bool) or not isinstance(days, int) or days < 1 or not isinstance(never, bool):
            raise ReportError(
                f"{label}: not_logged_in_days must be a number of days from 1, or a dictionary of days, groups and never (true or false)"
            )
        groups = options.get("groups")
        if groups is not None:
            groups = names_of(
                groups, f"{label}: groups of not_logged_in_days must be a list of group names or patterns"
            )
        return cls(days, never, groups)

    def group_names(self) -> list[str]:
        """Return the names and patterns of groups in the rule."""
        return self.groups or []

    def violations(self, reading: Reading, moment: datetime.datetime) -> list[Violation]:
        """Return a violation for each user whose last login is too long ago."""
        concerned = None
        if self.groups is not None:
            keys = reading.groups_matching(*self.groups)
            concerned = {grant.user for grant in reading.grants if grant.group in keys}
        found = []
        for key, user in reading.users.items():
            if user.active and (concerned is None or key in concerned):
                reason = self._reason(user, moment)
                if reason:
                    found.append(user_violation(reading, key, None, reason))
        return sorted_violations(found)

    def _reason(self, user: Account, moment: datetime.datetime) -> str | None:
        last, since = parse_moment(user.last_login), parse_moment(user.created)
        if last is not None:
            days = (moment - last).days
            if days < self.days:
                return None
            return f"last logged in on {last.date().isoformat()}, {days} days ago"
        if not self.never or (since is not None and (moment - since).days < self.days):
            return None
        return "has never logged in" + (f"; the account is of {since.date().isoformat()}" if since else "")
