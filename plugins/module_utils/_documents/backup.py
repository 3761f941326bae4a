# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The former state of what a plan touches, as a document."""

from __future__ import annotations

from .._core.names import normalize_id, normalize_name, same_name
from .._plan.built_in_groups import DEFAULT_GROUP
from .._plan.directory.entries import ADDITIVE, EXACT
from .._scim.attributes import PINGONE_URN
from .._scim.members import members_of
from .._scim.tables import GROUP, USER
from .export import _creatable, _nameable, _names, member_lists, user_options


def backup_document(plan, snapshot):
    """The former state of every object a plan touches, as a document that undoes it.

    What an attribute had is named, what was absent is named as empty, groups are exact; whoever did not
    exist is not in it. Deleted users carry the groups they were in. A user or group that is created again
    has another id, and passwords do not return.
    """
    user_names = _names(USER, snapshot.users)
    group_names = _names(GROUP, snapshot.groups)
    users, groups, whole_groups = {}, {}, set()
    deleted = {normalize_id(step.id) for step in plan.steps if step.action == "delete"}
    for step in plan.steps:
        if step.before is None or step.id is None:
            continue
        if step.action == "members":
            whole_groups.add(step.id)
        elif step.resource is USER:
            if step.id not in users:  # one that is disabled and then renamed has two steps
                users[step.id] = {
                    **({} if step.action == "delete" else {"id": step.id}),
                    **user_options(step.before),
                }
            if step.action == "delete":
                users[step.id]["user_name"] = USER.name_of(step.before)
                _creatable(users[step.id])
            else:
                _name_absent(users[step.id], step)
        else:
            groups[step.id] = {} if step.action == "delete" else {"id": step.id}
            groups[step.id]["display_name"] = GROUP.name_of(step.before)
            if step.action == "delete":
                whole_groups.add(step.id)
    touched = set(whole_groups)
    # A deleted object leaves the groups it was in, whatever the plan says of them.
    for group_id, group in snapshot.groups.items():
        if deleted & members_of(group).keys():
            whole_groups.add(group_id)
    for group_id in whole_groups:
        group = snapshot.groups.get(group_id)
        if group is None:
            continue
        if group_id not in groups:
            groups[group_id] = {"id": group_id, "display_name": GROUP.name_of(group)}
        members = snapshot.members(group_id).values()
        gone = [member for member in members if member.key in deleted]
        kept = [member for member in members if member.key not in deleted]
        lists = member_lists(kept, user_names, group_names)
        for member in gone:  # their ids will not come back, so their names have to do
            lists.setdefault(f"{member.kind}s", []).append(member.name)
        for option in ("users", "groups"):
            lists.setdefault(option, [])
            lists[option].sort(key=lambda text: (normalize_name(text), text))
        groups[group_id].update(members=lists, membership=EXACT)
        if group_id not in touched and same_name(GROUP.name_of(group), DEFAULT_GROUP):
            # Everybody is in it, and it loses nobody to an exact membership: those who leave it will do.
            names = {
                option: sorted(member.name for member in gone if f"{member.kind}s" == option)
                for option in ("users", "groups")
            }
            groups[group_id].update(members=names, membership=ADDITIVE)
    return {
        "users": _nameable(
            sorted(users.values(), key=lambda entry: (normalize_name(entry.get("user_name", "")), entry.get("id", ""))),
            "user_name",
        ),
        "groups": _nameable(
            sorted(groups.values(), key=lambda entry: (normalize_name(entry["display_name"]), entry.get("id", ""))),
            "display_name",
        ),
    }


def _name_gains(kept, before, after):
    """Raw objects are merged: each key that one gains is named as null, to be taken away again."""
    for key, value in after.items():
        if before.get(key) in (None, "", [], {}):
            kept[key] = None
        elif isinstance(before[key], dict) and isinstance(value, dict):
            _name_gains(kept.setdefault(key, {}), before[key], value)
    return kept


def _name_absent(entry, step):
    """Options a plan sets and that had no value are named as empty, so that they are cleared again."""
    for dotted, before, after in step.changes:
        name, _dot, rest = dotted.partition(".")
        attribute = USER.attributes[name]
        if name == "attributes":
            raw = entry.setdefault("attributes", {})
            if isinstance(after, dict) and isinstance(before or {}, dict) and (before or rest == PINGONE_URN):
                _name_gains(raw.setdefault(rest, {}), before or {}, after)
            elif before in (None, "", [], {}):
                raw[rest] = None
            continue
        if before not in (None, "", [], {}) or attribute.secret or attribute.on_create:
            continue
        if rest:
            holder = entry.setdefault(name, {})
            *outer, last = rest.split(".")
            for part in outer:
                holder = holder.setdefault(part, {})
            holder[last] = ""
        elif name == "active":
            entry["active"] = attribute.missing
        else:
            entry[name] = [] if attribute.option_type == "list" else {} if attribute.option_type == "dict" else ""
