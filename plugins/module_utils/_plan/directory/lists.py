# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Convert lists of users and groups, as people write them, into the desired state of a directory. Pure.

The reader collects all problems, each with its place in the input, so that one run reports all of them.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..._core import dates
from ..._core.names import normalize_id, show
from ..._core.similar_names import did_you_mean
from ..._scim.attributes import BY_TYPE
from ..._scim.tables import GROUP, USER
from ..desired import desired_group, desired_user
from .entries import ADDITIVE, EXACT, DesiredDirectory, DesiredEntry
from .fields import Fields, lists_in_part, without_blanks

# The options of an entry other than the attributes of its kind.
USER_KEYS = ("id", "new_user_name", "create", "state", "groups", "active_until")
GROUP_KEYS = ("id", "new_display_name", "create", "state", "members", "membership")
MEMBER_KEYS = ("users", "user_ids", "groups", "group_ids")
STATES = ("present", "absent")
# Options of the single-object modules, with the alternative in p1_directory.
_BY_GROUP = "Set membership: exact on the groups, or use p1_user for the groups of one user"
_FOR_ALL = "Set it on the task, for all users"
NO_USER_KEYS = {
    "membership": _BY_GROUP,
    "keep_groups": _BY_GROUP,
    "password_mail": "Use p1_user to create a user with a mailed link",
    "match_by": "Set match_users_by on the task, for all users",
    **dict.fromkeys(("update_password", "multi_valued", "default_group", "on_ignored_attribute"), _FOR_ALL),
}
NO_GROUP_KEYS = dict.fromkeys(("users", "user_ids", "groups", "group_ids"), "List them in members")

Read = Callable[[Mapping[str, Any], str], DesiredEntry]


def read_desired(users: Any, groups: Any, settings: Mapping[str, Any], today: datetime.date | None = None) -> DesiredDirectory:
    """Return the desired state that the lists of users and groups describe, including problems.

    :param users, groups: lists of dictionaries, or any other (invalid) input; None: not given.
    :param settings: the task-level options ``match_users_by``, ``update_password``, ``multi_valued``, ``membership``,
        ``on_empty``.
    :param today: the date to compare ``active_until`` with; None: today in UTC.
    """
    reader = _Reader(settings, today or dates.today())
    user_key = "external_id" if reader.by_external_id else USER.key.option
    user_entries = reader.entries(users, "users", reader.user)
    group_entries = reader.entries(groups, "groups", reader.group)
    unreadable = {
        resource.kind
        for resource, items, entries, key in (
            (USER, users, user_entries, user_key),
            (GROUP, groups, group_entries, GROUP.key.option),
        )
        if items is not None and not _readable(items, entries or (), key)
    }
    for entries in (user_entries or (), group_entries or ()):
        reader.problems.extend(_same(entries, "id"))
        if reader.by_external_id and entries is user_entries:
            reader.problems.extend(_same(entries, "external_id"))
        else:
            reader.problems.extend(_same_names([entry for entry in entries if not entry.given_id]))
    return DesiredDirectory(user_entries, group_entries, reader.problems, frozenset(unreadable))


class _Reader:
    """Reads the entries of one desired state."""

    def __init__(self, settings: Mapping[str, Any], today: datetime.date) -> None:
        self.problems: list[str] = []
        self.by_external_id = settings.get("match_users_by") == "external_id"
        self._settings = settings
        self._today = today

    def _keeps_on_empty(self, item: Mapping[str, Any]) -> bool:
        """Return whether ``on_empty`` is ``keep`` for an entry: the option of the task, or else the one of the document."""
        return (self._settings.get("on_empty") or getattr(item, "on_empty", None)) == "keep"

    def entries(self, items: Any, what: str, read: Read) -> list[DesiredEntry] | None:
        """Return the entries of one list, or None if it is not given."""
        if items is None:
            return None
        if not isinstance(items, list):
            self.problems.append(f"{what} must be a list")
            return []
        entries = []
        for number, item in enumerate(items):
            origin = getattr(item, "origin", None) or f"{what}[{number}]"
            if isinstance(item, dict):
                entries.append(read(item, origin))
            else:
                self.problems.append(f"{origin} must be a dictionary")
        return entries

    def user(self, item: Mapping[str, Any], origin: str) -> DesiredEntry:
        """Return the entry of a user."""
        before = len(self.problems)
        origin = _with_name(origin, item, ("user_name", "external_id", "id"))
        keeps_on_empty = self._keeps_on_empty(item)
        fields = Fields(without_blanks(item) if keeps_on_empty else item, origin, self.problems)
        fields.refuse_unknown(USER, USER_KEYS, NO_USER_KEYS)
        values = fields.attributes(USER)
        options = fields.names("id", "user_name", "new_user_name", "external_id")
        options["state"] = fields.choice("state", STATES, "present")
        options["create"] = fields.truth("create")
        options.update((name, self._settings.get(name)) for name in ("update_password", "multi_valued"))
        if keeps_on_empty and lists_in_part(item):
            # The list has a blank item, so it is not complete.
            options["multi_valued"] = BY_TYPE
        until = fields.date("active_until")
        if until is not None and until <= self._today:
            values["active"] = False
        groups = fields.texts("groups")
        if groups and options["state"] == "absent":
            fields.refuse("has both state: absent and groups")
        if not self.by_external_id and not fields.has("id", "user_name"):
            fields.refuse("has neither id nor user_name")
        if self.by_external_id and not fields.has("id", "external_id"):
            fields.refuse("has neither id nor external_id, by which users are matched")
        desired = desired_user(values, options, "external_id" if self.by_external_id else "user_name")
        return DesiredEntry(origin, desired, options, len(self.problems) > before, groups)

    def group(self, item: Mapping[str, Any], origin: str) -> DesiredEntry:
        """Return the entry of a group."""
        item = self._with_display_name(item, origin)
        origin = _with_name(origin, item, ("display_name", "id"))
        before = len(self.problems)
        if self._keeps_on_empty(item):
            # ``membership`` and ``allow_empty`` apply to an empty list of members, not on_empty.
            rest = {name: value for name, value in item.items() if name != "members"}
            item = {**without_blanks(rest), "members": item.get("members")}
        fields = Fields(item, origin, self.problems)
        fields.refuse_unknown(GROUP, GROUP_KEYS, NO_GROUP_KEYS)
        options = fields.names("id", "display_name", "new_display_name")
        options["state"] = fields.choice("state", STATES, "present")
        options["create"] = fields.truth("create")
        membership = fields.choice("membership", (ADDITIVE, EXACT), self._settings.get("membership") or ADDITIVE)
        members = self._members(item.get("members"), fields)
        if members and any(members.values()) and options["state"] == "absent":
            fields.refuse("has both state: absent and members")
        if not fields.has("id", "display_name"):
            fields.refuse("has neither id nor display_name")
        broken = len(self.problems) > before
        return DesiredEntry(origin, desired_group(options), options, broken, members=members, membership=membership)

    def _with_display_name(self, item: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """Return a copy of a group's item in which ``display_name`` replaces the alias ``name``."""
        item = dict(item)
        if "name" in item:
            name = item.pop("name")
            if item.get("display_name") is None:
                item["display_name"] = name
            else:
                self.problems.append(f"{_with_name(origin, item, ('display_name',))} has both display_name and its alias name")
        return item

    def _members(self, members: Any, fields: Fields) -> dict[str, list[str]] | None:
        if members is None:
            return None
        place = f"{fields.origin}.members"
        if not isinstance(members, dict):
            self.problems.append(f"{place} must be a dictionary with {', '.join(MEMBER_KEYS)}")
            return None
        for name in members:
            if name not in MEMBER_KEYS:
                hint = did_you_mean(str(name), MEMBER_KEYS) or f"Valid options: {', '.join(MEMBER_KEYS)}"
                self.problems.append(f"{place} has the unknown option {show(name)}. {hint}")
        listed = Fields(members, place, self.problems)
        return {name: listed.texts(name) or [] for name in MEMBER_KEYS if members.get(name) is not None}


def _with_name(origin: str, item: Mapping[str, Any], keys: Sequence[str]) -> str:
    """Return an origin with the name of the object, which people search for."""
    for key in keys:
        if isinstance(item.get(key), str) and item[key]:
            return f"{origin} ({show(item[key])})"
    return origin


def _readable(items: Any, entries: Sequence[DesiredEntry], key: str) -> bool:
    """Return whether each item of a list became an entry that identifies its object."""
    return (
        isinstance(items, list)
        and len(items) == len(entries)
        and all(not entry.broken or entry.given_id or entry.options.get(key) for entry in entries)
    )


def _same(entries: Sequence[DesiredEntry], key: str) -> list[str]:
    """Return the problems of entries with the same id or the same external id."""
    problems = []
    seen: dict[str, str] = {}
    for entry in entries:
        value = entry.options.get(key)
        if not value:
            continue
        value = normalize_id(value) if key == "id" else value
        if value in seen:
            problems.append(f"{entry.origin} has the same {key} as {seen[value]}")
        seen.setdefault(value, entry.origin)
    return problems


def _same_names(entries: Sequence[DesiredEntry]) -> list[str]:
    """Return the problems of entries with the same name, ignoring case. The new names of objects count too."""
    olds: dict[str, list[DesiredEntry]] = defaultdict(list)
    news: dict[str, list[DesiredEntry]] = defaultdict(list)
    keys = [(entry, entry.old_key, entry.new_key) for entry in entries]
    for entry, old, new in keys:
        olds[old].append(entry)
        news[new].append(entry)
    problems = []
    seen: dict[str, DesiredEntry] = {}
    for entry, old, new in keys:
        for name in sorted({old, new} - {""}):
            twin = seen.setdefault(name, entry)
            # The planner decides about released and swapped names, because it knows the directory.
            if twin is not entry and not _passes_on(olds[name], news[name]):
                problems.append(f"{entry.origin} names the same object as {twin.origin}")
    return problems


def _passes_on(olds: list[DesiredEntry], news: list[DesiredEntry]) -> bool:
    """Return whether one entry releases a name and another takes it."""
    if len(olds) != 1 or len(news) != 1 or olds[0] is news[0]:
        return False
    return bool(olds[0].given_new_name) or olds[0].desired.absent
