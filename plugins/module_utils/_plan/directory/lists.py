# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The wish of p1_directory: lists of users and groups as people write them -> checked entries. Pure.

All that is wrong is collected, each problem with the place it stands in, so that one run tells everything.
"""

from __future__ import annotations

from collections import defaultdict

from ..._core import dates
from ..._core.names import normalize_id, normalize_name, show
from ..._scim.tables import GROUP, USER
from ..desired import desired_group, desired_user
from .entries import ADDITIVE, EXACT, DesiredDirectory, DesiredEntry
from .fields import _choice, _date, _identity, _texts, _truth, _without_blanks

USER_KEYS = ("id", "new_user_name", "create", "state", "groups", "active_until")


GROUP_KEYS = ("id", "new_display_name", "create", "state", "members", "membership")


MEMBER_KEYS = ("users", "user_ids", "groups", "group_ids")


def read_desired(users, groups, settings, today=None):
    """Check the lists of users and groups.

    :param settings: the task-level options ``match_users_by``, ``update_password``, ``multi_valued``,
        ``membership``, ``on_empty``.
    :param today: the date that ``active_until`` is held against; None: today, UTC.
    """
    today = today or dates.today()
    problems: list[str] = []
    by_external = settings.get("match_users_by") == "external_id"
    user_entries = _entries(
        users, "users", lambda item, origin: _user(item, origin, settings, today, problems), problems
    )
    group_entries = _entries(groups, "groups", lambda item, origin: _group(item, origin, settings, problems), problems)
    user_key = "external_id" if by_external else USER.key.option
    unreadable = {
        kind
        for kind, items, entries, key in (
            (USER.kind, users, user_entries, user_key),
            (GROUP.kind, groups, group_entries, GROUP.key.option),
        )
        if items is not None and not _readable(items, entries, key)
    }
    desired = DesiredDirectory(user_entries, group_entries, problems, frozenset(unreadable))
    for entries, key in ((desired.users or [], "user_name"), (desired.groups or [], "display_name")):
        _refuse_same(entries, "id", problems)
        if by_external and key == "user_name":
            _refuse_same(entries, "external_id", problems)
        else:
            _refuse_twins([entry for entry in entries if not entry.options["id"]], key, problems)
    return desired


def _readable(items, entries, key):
    """Return whether each item of a list became an entry that says which object it is about."""
    return (
        isinstance(items, list)
        and len(items) == len(entries)
        and all(not entry.broken or entry.options.get("id") or entry.options.get(key) for entry in entries)
    )


def _entries(items, what, read, problems):
    if items is None:
        return None
    if not isinstance(items, list):
        problems.append(f"{what} must be a list")
        return []
    entries = []
    for number, item in enumerate(items):
        origin = getattr(item, "origin", None) or f"{what}[{number}]"
        if not isinstance(item, dict):
            problems.append(f"{origin} must be a dictionary")
            continue
        entries.append(read(item, origin))
    return entries


def _user(item, origin, settings, today, problems):
    origin = _named(origin, item, ("user_name", "external_id", "id"))
    before = len(problems)
    if settings.get("on_empty") == "keep":
        item = _without_blanks(item)
    _refuse_unknown(item, origin, USER, USER_KEYS, problems)
    values = USER.clean(item, origin, problems)
    options = _identity(item, ("id", "user_name", "new_user_name", "external_id"), origin, problems)
    options["state"] = _choice(item, "state", ("present", "absent"), "present", origin, problems)
    options["create"] = _truth(item, "create", origin, problems)
    for name in ("update_password", "multi_valued"):
        options[name] = settings.get(name)
    until = _date(item.get("active_until"), f"{origin}.active_until", problems)
    if until is not None and until <= today:
        values["active"] = False
    groups = _texts(item.get("groups"), f"{origin}.groups", problems)
    if groups and options["state"] == "absent":
        problems.append(f"{origin} is to be absent and in groups: it contradicts itself")
    matched_by = settings.get("match_users_by") or "user_name"
    if matched_by == "user_name" and not options["id"] and not options["user_name"]:
        problems.append(f"{origin} has neither id nor user_name")
    if matched_by == "external_id" and not options["id"] and not options["external_id"]:
        problems.append(f"{origin} has neither id nor external_id, by which users are matched")
    return DesiredEntry(
        origin, desired_user(values, options, matched_by), options, groups=groups, broken=len(problems) > before
    )


def _group(item, origin, settings, problems):
    item = dict(item)
    if "name" in item:
        if item.get("display_name") is not None:
            problems.append(f"{_named(origin, item, ('display_name',))} has display_name and name, which are the same")
        else:
            item["display_name"] = item["name"]
        del item["name"]
    origin = _named(origin, item, ("display_name", "id"))
    before = len(problems)
    if settings.get("on_empty") == "keep":
        # Members are no cell: an empty list of them is told by ``membership`` and ``allow_empty``.
        item = {
            **_without_blanks({name: item[name] for name in item if name != "members"}),
            "members": item.get("members"),
        }
    _refuse_unknown(item, origin, GROUP, GROUP_KEYS, problems)
    options = _identity(item, ("id", "display_name", "new_display_name"), origin, problems)
    options["state"] = _choice(item, "state", ("present", "absent"), "present", origin, problems)
    options["create"] = _truth(item, "create", origin, problems)
    membership = _choice(
        item, "membership", (ADDITIVE, EXACT), settings.get("membership") or ADDITIVE, origin, problems
    )
    members = _members(item.get("members"), origin, problems)
    if members and any(members.values()) and options["state"] == "absent":
        problems.append(f"{origin} is to be absent and to have members: it contradicts itself")
    if not options["id"] and not options["display_name"]:
        problems.append(f"{origin} has neither id nor display_name")
    return DesiredEntry(
        origin,
        desired_group(options),
        options,
        members=members,
        membership=membership,
        broken=len(problems) > before,
    )


def _members(members, origin, problems):
    if members is None:
        return None
    if not isinstance(members, dict):
        problems.append(f"{origin}.members must be a dictionary with {', '.join(MEMBER_KEYS)}")
        return None
    for name in members:
        if name not in MEMBER_KEYS:
            problems.append(f"{origin}.members has no {show(name)}; there are {', '.join(MEMBER_KEYS)}")
    return {
        name: _texts(members.get(name), f"{origin}.members.{name}", problems)
        for name in MEMBER_KEYS
        if members.get(name) is not None
    }


def _refuse_unknown(item, origin, resource, keys, problems):
    for name in item:
        if name not in resource.attributes and name not in keys:
            problems.append(f"{origin} has {show(name)}, which is no option of a {resource.kind}")


def _named(origin, item, keys):
    """An origin with the name of its object, which people look for."""
    for key in keys:
        if isinstance(item.get(key), str) and item[key]:
            return f"{origin} ({show(item[key])})"
    return origin


def _refuse_twins(entries, key, problems):
    """One object named twice, case ignored; the name an object is to get counts too."""
    olds, news = defaultdict(list), defaultdict(list)
    for entry in entries:
        for names, option in ((olds, key), (news, f"new_{key}")):
            if entry.options.get(option):
                names[normalize_name(entry.options[option])].append(entry)
    seen: dict[str, DesiredEntry] = {}
    for entry in entries:
        named = {normalize_name(entry.options.get(option) or "") for option in (key, f"new_{key}")}
        for name in sorted(named - {""}):
            twin = seen.setdefault(name, entry)
            # A name given up and taken, two swapped: told by the planner, which knows the directory.
            if twin is not entry and not _passes_on(olds[name], news[name], key):
                problems.append(f"{entry.origin} names the same object as {twin.origin}")


def _passes_on(olds, news, key):
    """Whether a name is given up by one entry and taken by another."""
    return (
        len(olds) == 1
        and len(news) == 1
        and olds[0] is not news[0]
        and bool(olds[0].options.get(f"new_{key}") or olds[0].desired.state == "absent")
    )


def _refuse_same(entries, key, problems):
    seen: dict[str, str] = {}
    for entry in entries:
        value = entry.options.get(key)
        if not value:
            continue
        value = normalize_id(value) if key == "id" else value
        if value in seen:
            problems.append(f"{entry.origin} has the same {key} as {seen[value]}")
        seen.setdefault(value, entry.origin)
