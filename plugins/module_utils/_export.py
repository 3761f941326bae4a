# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""A directory as a document that p1_directory takes: the whole of it, or what a plan is about to touch. Pure."""

from __future__ import annotations

from collections import Counter

from ._membership import members_of
from ._names import normalize_id, normalize_name, same_id, same_name
from ._policy import DEFAULT_GROUP
from ._resource import PINGONE_URN
from ._resources import GROUP, USER
from ._unicode import is_valid
from ._wish import ADDITIVE, EXACT


def directory_document(snapshot, scope, with_ids=False):
    """A directory in the input form of p1_directory, in a stable order: ``{users, groups}``.

    Names for members, no id unless asked for or needed to tell objects of one name apart, nothing read-only,
    no secret. Given back to p1_directory it plans nothing.
    """
    user_names = _names(USER, snapshot.users)
    group_names = _names(GROUP, snapshot.groups)
    users = []
    for user in _sorted(USER, snapshot.users.values()):
        if scope.has(USER, user):
            users.append(_creatable({**_identity(USER, user, user_names, with_ids), **user_options(user)}))
    groups = []
    for group in _sorted(GROUP, snapshot.groups.values()):
        if scope.has(GROUP, group):
            entry = _identity(GROUP, group, group_names, with_ids)
            if GROUP.own_name(group):
                entry["display_name"] = GROUP.own_name(group)
            members = snapshot.members(group["id"]).values()
            groups.append({**entry, "members": member_lists(members, user_names, group_names)})
    return {"users": _nameable(users, "user_name"), "groups": _nameable(groups, "display_name")}


def _nameable(entries, key):
    """Leave out names that name nothing, of blanks alone or not valid Unicode: the id stands for those objects."""
    for entry in entries:
        if "id" in entry and key in entry and not _can_name(entry[key]):
            del entry[key]
    return entries


def _can_name(name):
    return bool(name and name.strip()) and is_valid(name)


def _identity(resource, item, names, with_ids):
    """What tells an object from all others beside its name: its id, where that is asked for or needed."""
    return {"id": item["id"]} if with_ids or not _tells(resource.own_name(item), names) else {}


def _tells(name, names):
    """Whether a name tells an object from all others, case ignored, as wishes are read."""
    return _can_name(name) and names[normalize_name(name)] == 1


def user_options(user):
    """The options that say all there is to say of a user; ``password_expired`` passes by itself, and is left out."""
    options = USER.to_options(user)
    options.pop("password_expired", None)
    return options


def _creatable(entry):
    """Mark an entry that would otherwise count as a mere disable, so that it also creates the user; returns it."""
    if "id" not in entry and entry.get("active") is False:
        if not any(entry.get(name) for name in ("name", "emails", "external_id")):
            entry["create"] = True
    return entry


def member_lists(members, user_names, group_names):
    """Members as the option ``members`` takes them: names, or ids where a name is not unique."""
    lists = {}
    for member in members:
        names = user_names if member.kind == "user" else group_names
        by_name = not same_id(member.name, member.id) and _tells(member.name, names)
        lists.setdefault(f"{member.kind}s" if by_name else f"{member.kind}_ids", []).append(
            member.name if by_name else member.id
        )
    return {
        option: sorted(lists[option], key=lambda text: (normalize_name(text), text))
        for option in ("users", "user_ids", "groups", "group_ids")
        if option in lists
    }


def _names(resource, objects):
    return Counter(normalize_name(resource.name_of(item)) for item in objects.values())


def _sorted(resource, objects):
    return sorted(objects, key=lambda item: (normalize_name(resource.name_of(item)), resource.name_of(item), item["id"]))


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
