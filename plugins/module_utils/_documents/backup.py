# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Create the backup of a plan: a document with the previous state of all changed objects, which undoes the plan. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._core.names import normalize_id, normalize_name, same_name
from .._plan.built_in_groups import DEFAULT_GROUP
from .._plan.directory.entries import ADDITIVE, EXACT
from .._plan.directory.snapshot import Snapshot
from .._plan.steps import Plan, Step
from .._scim.attributes import PINGONE_URN, Flag, Representation
from .._scim.members import Member, members_of
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER
from .._scim.values import is_empty
from .export import Entry, UsedNames, mark_for_creation, member_lists, name_order, user_options, without_unusable_names


def backup_document(plan: Plan, snapshot: Snapshot) -> dict[str, list[Entry]]:
    """Return the previous state of every object that a plan changes, as a document that undoes the plan.

    Attributes have their previous values; attributes that had no value are empty. The membership of a group is exact, unless
    the group may have unknown members. Objects that did not exist are omitted. For deleted users, the document contains the
    groups that they were in. It does not restore passwords, and users and groups that are created again get new ids.
    """
    steps = [step for step in plan.steps if step.before is not None and step.id is not None]
    deleted = _deleted(plan)
    groups = _former_groups(steps)
    named, left = _groups_named(plan), _groups_left(plan, snapshot)
    names = UsedNames.of(snapshot)
    for group_id in (named | left) & snapshot.groups.keys():
        name = GROUP.name_of(snapshot.groups[group_id])
        members = list(snapshot.members(group_id).values())
        # The default group contains all users and loses members only through deletions, so only the deleted users are needed.
        lost_alone = group_id not in named and same_name(name, DEFAULT_GROUP)
        membership = _lost_members(members, deleted) if lost_alone else _all_members(members, deleted, names)
        if snapshot.may_hide_members(group_id):
            membership["membership"] = ADDITIVE  # an exact membership would remove the unknown members
        groups[group_id] = {**groups.get(group_id, {"id": group_id, "display_name": name}), **membership}
    return {"users": _sorted(_former_users(steps).values(), USER), "groups": _sorted(groups.values(), GROUP)}


def groups_with_members(plan: Plan, snapshot: Snapshot) -> list[Representation]:
    """Return the groups whose members the backup of a plan contains."""
    return [snapshot.groups[group_id] for group_id in (_groups_named(plan) | _groups_left(plan, snapshot)) & snapshot.groups.keys()]


def _deleted(plan: Plan) -> set[str]:
    return {normalize_id(step.id) for step in plan.steps if step.action == "delete"}


def _groups_named(plan: Plan) -> set[str]:
    """Return the ids of the groups that a step deletes, or whose members it changes."""
    steps = (step for step in plan.steps if step.before is not None and step.id is not None)
    return {step.id or "" for step in steps if step.action == "members" or (step.action == "delete" and step.resource is GROUP)}


def _groups_left(plan: Plan, snapshot: Snapshot) -> set[str]:
    """Return the ids of the groups that lose a deleted object as a member, even if the plan does not name them."""
    deleted = _deleted(plan)
    return {group_id for group_id, group in snapshot.groups.items() if deleted & members_of(group).keys()}


def not_undone(plan: Plan) -> dict[str, list[str]]:
    """Return the names of the objects with changes that the backup does not undo, by key of :data:`.undo.NOT_UNDONE_KEYS`."""
    created = [step for step in plan.steps if step.action == "create"]
    lost = [step.key for step in plan.steps if step.resource is USER and step.before is not None and _loses_password(step)]
    found = {
        "created_users": [step.key for step in created if step.resource is USER],
        "created_groups": [step.key for step in created if step.resource is GROUP],
        "passwords": lost,
    }
    return {key: sorted(set(names), key=name_order) for key, names in found.items() if names}


def _loses_password(step: Step) -> bool:
    return step.action == "delete" or bool(step.secrets().get("password"))


def _former_users(steps: Iterable[Step]) -> dict[Any, Entry]:
    """Return an entry for each user that a step changes or deletes, by id."""
    users: dict[Any, Entry] = {}
    for step in steps:
        before = step.before or {}
        if step.resource is not USER:
            continue
        if step.action == "delete":
            users[step.id] = mark_for_creation({**user_options(before), "user_name": USER.name_of(before)})
            continue
        entry = users.setdefault(step.id, {"id": step.id, **user_options(before)})  # a plan can contain two steps for a user
        _name_missing(entry, step)
    return users


def _former_groups(steps: Iterable[Step]) -> dict[Any, Entry]:
    """Return an entry without members for each group that a step changes or deletes, by id."""
    return {
        step.id: {**({} if step.action == "delete" else {"id": step.id}), "display_name": GROUP.name_of(step.before or {})}
        for step in steps
        if step.resource is GROUP and step.action != "members"
    }


def _all_members(members: Iterable[Member], deleted: set[str], names: UsedNames) -> Entry:
    """Return the exact membership of a group. Deleted members are named, because they get new ids when created again."""
    lists: dict[str, list[str]] = {"users": [], "groups": []}
    lists.update(member_lists([member for member in members if member.key not in deleted], names))
    for option, lost in _names_of(members, deleted).items():
        lists[option] = sorted(lists[option] + lost, key=name_order)
    return {"members": lists, "membership": EXACT}


def _lost_members(members: Iterable[Member], deleted: set[str]) -> Entry:
    """Return the membership that adds only the deleted members."""
    return {"members": {option: sorted(lost) for option, lost in _names_of(members, deleted).items()}, "membership": ADDITIVE}


def _names_of(members: Iterable[Member], deleted: set[str]) -> dict[str, list[str]]:
    """Return the names of deleted members by option: ``users`` or ``groups``."""
    return {
        f"{kind}s": [member.name or "" for member in members if member.key in deleted and member.kind == kind]
        for kind in (USER.kind, GROUP.kind)
    }


def _sorted(entries: Iterable[Entry], resource: Resource) -> list[Entry]:
    key = resource.key.option
    ordered = sorted(entries, key=lambda entry: (normalize_name(entry.get(key, "")), entry.get("id", "")))
    return without_unusable_names(ordered, resource)


def _name_missing(entry: Entry, step: Step) -> None:
    """Add the options that had no value before a step sets them as empty, in place, so that the backup clears them."""
    for dotted, before, after in step.changes:
        name, _dot, rest = dotted.partition(".")
        attribute = USER.attributes[name]
        if name == "attributes":
            _name_raw(entry.setdefault("attributes", {}), rest, before, after)
        elif not is_empty(before) or attribute.secret or attribute.on_create:
            continue
        elif rest:
            holder = entry.setdefault(name, {})
            *outer, last = rest.split(".")
            for part in outer:
                holder = holder.setdefault(part, {})
            holder[last] = ""
        elif isinstance(attribute, Flag):
            entry[name] = attribute.missing
        else:
            entry[name] = {"list": [], "dict": {}}.get(attribute.option_type, "")


def _name_raw(raw: Entry, name: str, before: Any, after: Any) -> None:
    """Add the keys that a raw attribute gains as null, in place. Objects are merged; other values are replaced."""
    if isinstance(after, dict) and isinstance(before or {}, dict) and (before or name == PINGONE_URN):
        _name_gains(raw.setdefault(name, {}), before or {}, after)
    elif is_empty(before):
        raw[name] = None


def _name_gains(holder: Entry, before: dict[str, Any], after: dict[str, Any]) -> None:
    for key, value in after.items():
        if is_empty(before.get(key)):
            holder[key] = None
        elif isinstance(before[key], dict) and isinstance(value, dict):
            _name_gains(holder.setdefault(key, {}), before[key], value)
