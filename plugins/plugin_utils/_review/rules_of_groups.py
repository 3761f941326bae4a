# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Rules about groups: mutually exclusive groups, administrators, and group sizes."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.patterns import Patterns
from ...module_utils._plan.built_in_groups import ADMINISTRATORS
from .._values import ReportError
from .access import granted_by
from .reading import Reading
from .results import Findings, Violation
from .rules import group_violation, has_wildcard, is_name, names_of, user_violation


@dataclass(frozen=True)
class ExclusiveGroups:
    """No user is in two groups of the same set. Each set is a list of at least two names or patterns."""

    sets: list[list[str]]

    @classmethod
    def parse(cls, value: Any, label: str) -> ExclusiveGroups:
        """Parse the rule from a list of names, or a list of such lists.

        :raises ReportError: ``value`` is neither.
        """
        sets = value if isinstance(value, list) else None
        if sets and all(isinstance(item, str) for item in sets):
            sets = [sets]
        if not sets or not all(isinstance(names, list) and len(names) > 1 and all(map(is_name, names)) for names in sets):
            raise ReportError(f"{label}: exclusive_groups must be a list of lists of at least two group names each")
        return cls(sets)

    def group_names(self) -> list[str]:
        """Return the names and patterns of groups in the rule."""
        return list(dict.fromkeys(name for names in self.sets for name in names))

    def findings(self, reading: Reading, moment: datetime.datetime) -> Findings:
        """Return a violation for each user in two mutually exclusive groups, one for each pair of groups."""
        granted: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        for grant in reading.grants:
            granted[grant.user][grant.group] = grant.path
        users = sorted(granted, key=lambda key: reading.users[key].name.casefold())
        found: list[Violation] = []
        for names in self.sets:
            group_keys = [reading.groups_matching(name) for name in names]
            for user in users:
                held = [keys & granted[user].keys() for keys in group_keys]
                paths = [min((granted[user][key] for key in sorted(keys)), key=len) for keys in held if keys]
                for pair in itertools.combinations(paths, 2):
                    why = " and ".join(f"'{path[0]}' ({granted_by(path)})" for path in pair)
                    found.append(user_violation(reading, user, pair[0][0], f"is in {why}"))
        return Findings(found)


@dataclass(frozen=True)
class Administrators:
    """Only users that the rule lists, by name or pattern, are in the groups of administrators."""

    users: list[str]
    groups: list[str]

    @classmethod
    def parse(cls, value: Any, label: str) -> Administrators:
        """Parse the rule from a list of users, or a dictionary of users and groups.

        :raises ReportError: ``value`` is neither.
        """
        options = value if isinstance(value, dict) else {"users": value}
        unknown = [name for name in options if name not in ("users", "groups")]
        if unknown:
            raise ReportError(f"{label}: administrators: unknown key '{unknown[0]}'. Valid keys: users, groups")
        users = names_of(
            options.get("users", []), f"{label}: administrators must be a list of user names or patterns", empty=True
        )
        groups = names_of(
            options.get("groups") or [ADMINISTRATORS],
            f"{label}: groups of administrators must be a list of group names or patterns",
        )
        return cls(users, groups)

    def group_names(self) -> list[str]:
        """Return the names and patterns of groups in the rule."""
        return self.groups

    def findings(self, reading: Reading, moment: datetime.datetime) -> Findings:
        """Return a violation for each user in one of the groups that the rule does not allow."""
        keys, named = reading.groups_matching(*self.groups), Patterns(self.users)
        return Findings.of([
            user_violation(
                reading, grant.user, grant.path[0],
                f"is in '{grant.path[0]}' ({granted_by(grant.path)}) but is not an allowed administrator",
            )
            for grant in reading.grants
            if grant.group in keys and not named.match(reading.users[grant.user].name)
        ])


@dataclass(frozen=True)
class SizeLimit:
    """The minimum and maximum number of users in each group that matches a name or pattern; None means no limit."""

    group: str
    min: int | None
    max: int | None


@dataclass(frozen=True)
class GroupSize:
    """The number of users in each group, including nested groups, is within its limits."""

    limits: list[SizeLimit]

    @classmethod
    def parse(cls, value: Any, label: str) -> GroupSize:
        """Parse the rule from a dictionary of group, min and max, or a list of such dictionaries.

        :raises ReportError: ``value`` is neither.
        """
        items = value if isinstance(value, list) else [value]
        return cls([limit for item in items for limit in _size_limits(item, label)])

    def group_names(self) -> list[str]:
        """Return the names and patterns of groups in the rule."""
        return [limit.group for limit in self.limits]

    def findings(self, reading: Reading, moment: datetime.datetime) -> Findings:
        """Return a violation for each group that is too small or too large."""
        sizes = Counter(grant.group for grant in reading.grants)
        found: list[Violation] = []
        for limit in self.limits:
            keys = reading.groups_matching(limit.group)
            counted = [(reading.groups[key], sizes[key]) for key in keys]
            if not keys and not reading.groups_read and not has_wildcard(limit.group):
                # A reading of only users does not contain empty groups.
                counted = [(limit.group, 0)]
            for group, size in sorted(counted):
                has = f"'{group}' has {size} {'user' if size == 1 else 'users'}, including members of nested groups"
                if limit.min is not None and size < limit.min:
                    found.append(group_violation(group, f"{has}: fewer than {limit.min}"))
                if limit.max is not None and size > limit.max:
                    found.append(group_violation(group, f"{has}: more than {limit.max}"))
        return Findings(found)


def _size_limits(item: Any, label: str) -> list[SizeLimit]:
    """Return the limits in one dictionary of group_size, one for each group name."""
    options = dict(item) if isinstance(item, dict) else {}
    names = options.pop("groups", None) or options.pop("group", None)
    bounds = {name: options.pop(name, None) for name in ("min", "max", "fewer_than", "more_than")}
    valid = bool(names) and all(_is_bound(bound) for bound in bounds.values()) and not options
    least, most = (
        _first_bound(bounds[name], bounds[alias]) if valid else None
        for name, alias in (("min", "fewer_than"), ("max", "more_than"))
    )
    if (least is None and most is None) or (least is not None and most is not None and least > most):
        raise ReportError(
            f"{label}: group_size must be a dictionary of group (a name, a pattern or a list), min and max, or a list of such"
        )
    names = names_of(names, f"{label}: group of group_size must be a name or a list of names")
    return [SizeLimit(name, least, most) for name in names]


def _is_bound(value: Any) -> bool:
    """Return whether a value is a number of users (an integer, or text of one) or None."""
    if isinstance(value, str):
        return value.strip().isdecimal()
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)


def _first_bound(*values: Any) -> int | None:
    return next((int(value) for value in values if value is not None), None)
