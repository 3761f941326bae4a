# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Rules that a directory must keep without any declared state, and the rows of an access review.

Both look at a *reading*: ``{"users": [...], "groups": [...]}`` as p1_user_info and p1_group_info return them
(``p1_user_info`` with ``effective`` alone will do), or as p1_directory_info writes it. Who is in a group through
another is worked out by the code the modules use.
"""

from __future__ import annotations

import datetime
import fnmatch
import re
from collections import defaultdict

from ansible_collections.pingone.directory.plugins.module_utils._membership import effective_members

from ._report import ReportError, plain

SEVERITIES = ("info", "low", "medium", "high", "critical")
RULES = ("exclusive_groups", "disabled_in_groups", "not_logged_in_days", "administrators", "group_size")

ADMINISTRATORS = "Domain Administrators"
EVERYBODY = "Users"


class Reading:
    """Who is in which group, and why.

    :ivar users: by key: ``{"name", "active", "last_login", "created"}``.
    :ivar groups: names by key; only those that somebody is in where groups were not read.
    :ivar access: (user key, group key, names of the groups that lead from the group to the user's own).
    :ivar groups_read: whether a group that is not here does not exist.
    """

    def __init__(self, reading):
        if not isinstance(reading, dict) or not isinstance(reading.get("users", []), list):
            raise ReportError(
                "a reading must be a dictionary with the lists users and groups, as the info modules return them"
            )
        reading = plain(reading)
        self.users, self.groups, self.access = {}, {}, []
        self._keys = {"user": {}, "group": {}}
        items = [item for item in reading.get("users") or [] if isinstance(item, dict)]
        groups = reading.get("groups")
        self.groups_read = isinstance(groups, list)
        for item in items:
            self._add_user(item)
        if self.groups_read:
            groups = [item for item in groups if isinstance(item, dict)]
            for item in groups:
                self._add("group", item.get("id"), item.get("display_name"))
            self._from_groups(groups, items)
        else:
            self._from_users(items)

    def _add(self, kind, object_id, name):
        """The key of an object, which is made known by its id and by its name."""
        name = name if isinstance(name, str) else object_id or ""
        keys = self._keys[kind]
        key = f"{kind} {object_id}" if object_id else keys.get(name.casefold(), f"{kind} {name.casefold()}")
        keys.setdefault(name.casefold(), key)
        if object_id:
            keys[object_id, None] = key
        if kind == "group":
            self.groups.setdefault(key, name)
        else:
            self.users.setdefault(key, {"name": name, "active": True, "last_login": None, "created": None})
        return key

    def _add_user(self, item):
        key = self._add("user", item.get("id"), item.get("user_name"))
        self.users[key] = {
            "name": self.users[key]["name"],
            "active": item.get("active") is not False,
            "last_login": item.get("last_login"),
            "created": item.get("created"),
        }

    def _known(self, kind, object_id, name):
        """The key of a member: by id where the object is known by it, else by name, else it is added."""
        keys = self._keys[kind]
        if object_id and (object_id, None) in keys:
            return keys[object_id, None]
        if (
            isinstance(name, str)
            and name.casefold() in keys
            and not (object_id and self.groups_read and kind == "group")
        ):
            return keys[name.casefold()]
        return self._add(kind, object_id, name)

    def _from_groups(self, groups, users):
        members = defaultdict(dict)
        for item in groups:
            key = self._known("group", item.get("id"), item.get("display_name"))
            found = item.get("members") or ()
            if isinstance(found, dict):
                told = [
                    (
                        option.partition("_")[0].rstrip("s"),
                        None if option.endswith("_ids") else name,
                        name if option.endswith("_ids") else None,
                    )
                    for option in ("users", "user_ids", "groups", "group_ids")
                    for name in found.get(option) or ()
                ]
            else:
                told = [
                    (member.get("kind") or "user", member.get("name"), member.get("id"))
                    for member in found
                    if isinstance(member, dict)
                ]
            for kind, name, member_id in told:
                kind = "group" if kind == "group" else "user"
                members[key][self._known(kind, member_id, name)] = kind
        for item in users:
            for name in item.get("groups") or ():
                if isinstance(name, str):
                    members[self._known("group", None, name)][
                        self._known("user", item.get("id"), item.get("user_name"))
                    ] = "user"
        representations = {
            key: {"members": [{"value": member, "type": kind} for member, kind in members[key].items()]}
            for key in list(self.groups)
        }
        for key in representations:
            for member_key, (member, path) in effective_members(key, representations).items():
                if member.kind == "user":
                    self.access.append((member_key, key, tuple(self.groups[group] for group in path)))

    def _from_users(self, users):
        for item in users:
            key = self._known("user", item.get("id"), item.get("user_name"))
            told = item.get("effective_groups")
            if told is None:
                told = [
                    {**group, "path": [group.get("display_name")]}
                    for group in item.get("member_of") or ()
                    if isinstance(group, dict)
                ]
                told += [
                    {"display_name": name, "path": [name]} for name in item.get("groups") or () if isinstance(name, str)
                ]
            for group in told:
                group_key = self._known("group", group.get("id"), group.get("display_name"))
                self.access.append(
                    (key, group_key, tuple(str(name) for name in group.get("path") or (self.groups[group_key],)))
                )

    def named(self, pattern):
        """The keys of the groups a name or shell pattern means: the exact text first, else whatever its case."""
        exact = {key for key, name in self.groups.items() if name == pattern}
        if exact:
            return exact
        lowered = pattern.casefold()
        return {
            key
            for key, name in self.groups.items()
            if name.casefold() == lowered or fnmatch.fnmatchcase(name.casefold(), lowered)
        }


def access_rows(reading):
    """Rows of an access review: ``{user, active, last_login, group, path}``, ordered; path None: no group at all."""
    reading = reading if isinstance(reading, Reading) else Reading(reading)
    granted = defaultdict(list)
    for user_key, group_key, path in reading.access:
        granted[user_key].append((reading.groups[group_key], path))
    rows = []
    for key, user in sorted(reading.users.items(), key=lambda item: (item[1]["name"].casefold(), item[0])):
        for group, path in sorted(
            granted.get(key) or [(None, None)], key=lambda item: ((item[0] or "").casefold(), item[1] or ())
        ):
            rows.append(
                {
                    "user": user["name"],
                    "active": user["active"],
                    "last_login": user["last_login"],
                    "group": group,
                    "path": path,
                }
            )
    return rows


def granted_by(path):
    """How a review says why: ``direct``, or the groups from the one that is asked about to the user's own."""
    return "direct" if len(path) == 1 else " > ".join(path)


# -- assertions ----------------------------------------------------------------------------------------


def evaluate(reading, rules, now=None):
    """What came of each rule: ``{name, severity, kind, status, violations: [{user, group, text}]}``.

    ``status`` is ``passed``, ``violated``, or ``error`` where the rule names a group that does not exist, so
    that nothing was looked at.

    :param now: the time ``not_logged_in_days`` counts back from, as text; None: now.
    :raises ReportError: rules that cannot be, all of them in one line.
    """
    checked, problems = [], []
    if not isinstance(rules, list):
        raise ReportError("assertions must be a list of rules")
    for number, rule in enumerate(plain_rules(rules), 1):
        try:
            checked.append(_Rule(rule, number))
        except ReportError as error:
            problems.append(str(error))
    names = [rule.name for rule in checked]
    problems += [
        f"the name '{name}' is given to more than one assertion"
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if problems:
        raise ReportError("; ".join(problems))
    moment = _moment(now) if now else datetime.datetime.now(datetime.timezone.utc)
    if moment is None:
        raise ReportError(f"now must be a time such as 2026-01-31T00:00:00Z, not '{now}'")
    reading = Reading(reading)
    return [rule.result(reading, moment) for rule in checked]


def plain_rules(rules):
    """The rules as plain values."""
    return [plain(rule) if isinstance(rule, dict) else rule for rule in rules]


class _Rule:
    """One assertion: reads its options, then looks."""

    def __init__(self, rule, number):
        self.label = f"assertion {number}"
        if not isinstance(rule, dict):
            raise ReportError(f"{self.label} must be a dictionary with a name and one of {', '.join(RULES)}")
        name = rule.get("name")
        if not isinstance(name, str) or not name.strip():
            raise ReportError(f"{self.label} has no name")
        self.name = " ".join(name.split())
        self.label = f"assertion '{self.name}'"
        self.severity = rule.get("severity") or "medium"
        if self.severity not in SEVERITIES:
            raise ReportError(f"{self.label}: severity must be one of {', '.join(SEVERITIES)}, not '{self.severity}'")
        kinds = [key for key in rule if key in RULES]
        unknown = [key for key in rule if key not in ("name", "severity", *RULES)]
        if unknown:
            raise ReportError(f"{self.label} has no '{unknown[0]}'; there are {', '.join(RULES)}")
        if len(kinds) != 1:
            raise ReportError(f"{self.label} needs exactly one of {', '.join(RULES)}")
        self.kind = kinds[0]
        self.wanted = getattr(self, "_read_" + self.kind)(rule[self.kind])

    def result(self, reading, moment):
        """What :func:`evaluate` returns for this rule."""
        missing = self._missing_groups(reading)
        violations = [{"user": None, "group": name, "text": f"there is no group '{name}'"} for name in missing]
        violations += getattr(self, "_check_" + self.kind)(reading, moment)
        status = "error" if missing else "violated" if violations else "passed"
        return {
            "name": self.name,
            "severity": self.severity,
            "kind": self.kind,
            "status": status,
            "violations": violations,
        }

    def _missing_groups(self, reading):
        """Names of groups in the rule that do not exist: a rule about nothing would hold for ever."""
        if not reading.groups_read:
            return []
        return [name for name in self._group_names() if not re.search(r"[*?\[]", name) and not reading.named(name)]

    def _group_names(self):
        if self.kind == "exclusive_groups":
            return list(dict.fromkeys(name for names in self.wanted for name in names))
        if self.kind == "group_size":
            return [name for name, least, most in self.wanted]
        if self.kind == "administrators":
            return self.wanted[1]
        return self.wanted[-1] or []

    # Each kind: how its value is read, and how it is looked at.

    def _read_exclusive_groups(self, value):
        sets = value if isinstance(value, list) else None
        if sets and all(isinstance(item, str) for item in sets):
            sets = [sets]
        if not sets or not all(
            isinstance(names, list) and len(names) > 1 and all(_is_name(name) for name in names) for names in sets
        ):
            raise ReportError(
                f"{self.label}: exclusive_groups must be a list of lists of at least two group names each"
            )
        return sets

    def _check_exclusive_groups(self, reading, unused_moment):
        granted = defaultdict(dict)
        for user, group, path in reading.access:
            granted[user][group] = path
        found = []
        for names in self.wanted:
            meant = [(name, reading.named(name)) for name in names]
            for user in sorted(granted, key=lambda key: reading.users[key]["name"].casefold()):
                held = [
                    (name, min((granted[user][key] for key in keys if key in granted[user]), key=len))
                    for name, keys in meant
                    if any(key in granted[user] for key in keys)
                ]
                for first in range(len(held)):
                    for second in held[first + 1 :]:
                        why = " and ".join(
                            f"'{path[0]}' ({granted_by(path)})" for unused, path in (held[first], second)
                        )
                        found.append(_violation(reading, user, held[first][1][0], f"is in {why}"))
        return found

    def _read_disabled_in_groups(self, value):
        if value is True:
            return [None]
        return [self._names(value, "disabled_in_groups must be true, or a list of group names or patterns")]

    def _check_disabled_in_groups(self, reading, unused_moment):
        if self.wanted[0] is None:
            keys = reading.groups.keys() - reading.named(EVERYBODY)
        else:
            keys = set().union(*(reading.named(name) for name in self.wanted[0]))
        return _sorted(
            _violation(reading, user, path[0], f"is disabled and in '{path[0]}' ({granted_by(path)})")
            for user, group, path in reading.access
            if group in keys and not reading.users[user]["active"]
        )

    def _read_not_logged_in_days(self, value):
        options = value if isinstance(value, dict) else {"days": value}
        unknown = [name for name in options if name not in ("days", "groups", "never")]
        days, never = options.get("days"), options.get("never", True)
        if isinstance(days, str) and days.strip().isdecimal():
            days = int(days)
        if unknown or isinstance(days, bool) or not isinstance(days, int) or days < 1 or not isinstance(never, bool):
            raise ReportError(
                f"{self.label}: not_logged_in_days must be a number of days from 1, or a dictionary of days, groups and never (true or false)"
            )
        groups = options.get("groups")
        if groups is not None:
            groups = self._names(groups, "groups of not_logged_in_days must be a list of group names or patterns")
        return days, never, groups

    def _check_not_logged_in_days(self, reading, moment):
        days, never, groups = self.wanted
        concerned = None
        if groups is not None:
            keys = set().union(*(reading.named(name) for name in groups))
            concerned = {user for user, group, unused in reading.access if group in keys}
        found = []
        for key, user in reading.users.items():
            if not user["active"] or concerned is not None and key not in concerned:
                continue
            last = _moment(user["last_login"])
            if last is None:
                created = _moment(user["created"])
                if never and (created is None or (moment - created).days >= days):
                    since = f"; the account is of {created.date().isoformat()}" if created else ""
                    found.append(_violation(reading, key, None, f"has never logged in{since}"))
            elif (moment - last).days >= days:
                found.append(
                    _violation(
                        reading,
                        key,
                        None,
                        f"last logged in on {last.date().isoformat()}, {(moment - last).days} days ago",
                    )
                )
        return _sorted(found)

    def _read_administrators(self, value):
        options = value if isinstance(value, dict) else {"users": value}
        unknown = [name for name in options if name not in ("users", "groups")]
        if unknown:
            raise ReportError(f"{self.label}: administrators has no '{unknown[0]}'; there are users and groups")
        users = self._names(
            options.get("users", []), "administrators must be a list of user names or patterns", empty=True
        )
        groups = self._names(
            options.get("groups") or [ADMINISTRATORS],
            "groups of administrators must be a list of group names or patterns",
        )
        return users, groups

    def _check_administrators(self, reading, unused_moment):
        users, groups = self.wanted
        keys = set().union(*(reading.named(name) for name in groups))
        return _sorted(
            _violation(reading, user, path[0], f"is in '{path[0]}' ({granted_by(path)}) and not among those named")
            for user, group, path in reading.access
            if group in keys
            and not any(
                fnmatch.fnmatchcase(reading.users[user]["name"].casefold(), name.casefold())
                or reading.users[user]["name"].casefold() == name.casefold()
                for name in users
            )
        )

    def _read_group_size(self, value):
        told = value if isinstance(value, list) else [value]
        sizes = []
        for item in told:
            item = dict(item) if isinstance(item, dict) else {}
            names = item.pop("groups", None) or item.pop("group", None)
            bounds = {}
            for option in ("min", "max", "fewer_than", "more_than"):
                bound = item.pop(option, None)
                if isinstance(bound, str) and bound.strip().isdecimal():
                    bound = int(bound)
                if bound is not None and (isinstance(bound, bool) or not isinstance(bound, int) or bound < 0):
                    names = None
                bounds[option] = bound
            least = bounds["min"] if bounds["min"] is not None else bounds["fewer_than"]
            most = bounds["max"] if bounds["max"] is not None else bounds["more_than"]
            if (
                item
                or not names
                or least is None
                and most is None
                or least is not None
                and most is not None
                and least > most
            ):
                raise ReportError(
                    f"{self.label}: group_size must be a dictionary of group (a name, a pattern or a list), min and max, or a list of such"
                )
            sizes += [
                (name, least, most)
                for name in self._names(names, "group of group_size must be a name or a list of names")
            ]
        return sizes

    def _check_group_size(self, reading, unused_moment):
        sizes = dict.fromkeys(reading.groups, 0)
        for _user, group, _path in reading.access:
            sizes[group] += 1
        found = []
        for name, least, most in self.wanted:
            keys = reading.named(name)
            counted = [(reading.groups[key], sizes[key]) for key in keys]
            if not keys and not reading.groups_read and not re.search(r"[*?\[]", name):
                counted = [(name, 0)]
            for group, size in sorted(counted):
                said = f"has {size} {'user' if size == 1 else 'users'}, nested groups counted"
                if least is not None and size < least:
                    found.append({"user": None, "group": group, "text": f"'{group}' {said}: fewer than {least}"})
                if most is not None and size > most:
                    found.append({"user": None, "group": group, "text": f"'{group}' {said}: more than {most}"})
        return found

    def _names(self, value, otherwise, empty=False):
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(_is_name(item) for item in value) or not value and not empty:
            raise ReportError(f"{self.label}: {otherwise}")
        return value


def _is_name(value):
    return isinstance(value, str) and bool(value.strip())


def _violation(reading, user_key, group, text):
    name = reading.users[user_key]["name"]
    return {"user": name, "group": group, "text": f"'{name}' {text}"}


def _sorted(violations):
    return sorted(violations, key=lambda item: (item["user"].casefold(), (item["group"] or "").casefold()))


def _moment(value):
    """A time from ISO 8601 text or from milliseconds since 1970; None where it is neither."""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.datetime.fromtimestamp(value / 1000, datetime.timezone.utc)
        moment = datetime.datetime.fromisoformat(str(value).replace("Z", "+00:00").replace("z", "+00:00"))
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)
