# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""A directory as a document that p1_directory takes: the whole of it, or what a plan is about to touch. Pure."""

from __future__ import annotations

from collections import Counter

from .._core.names import normalize_name, same_id
from .._core.unicode import is_valid
from .._scim.tables import GROUP, USER


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
