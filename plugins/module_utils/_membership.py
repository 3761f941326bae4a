# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Members of groups: what to add, what to remove, who is in a group through another, and cycles. Pure.

Sources: [doc] Updating a Resource (members are added and removed by PATCH, with id and type);
[recorded] the type comes back in lower case, ``display`` is made by the service.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

from ._names import normalize_name


class Member(NamedTuple):
    """A member as plans and results name it; ``id`` is None while an earlier task would only make it."""

    id: str | None
    kind: str  # user or group
    name: str | None

    @property
    def key(self):
        """What tells members apart: the id, or, before there is one, the name."""
        return self.id or (self.kind, normalize_name(self.name or ""))

    def as_dict(self):
        return {"id": self.id, "kind": self.kind, "name": self.name}


def members_of(group, group_ids=()):
    """The members in a group's representation, by id; no ``members`` key means none ([doc]).

    :param group_ids: ids known to be groups, for a member that does not say what it is.
    """
    found = {}
    members = group.get("members")
    for item in members if isinstance(members, list) else [] if members is None else [members]:
        member_id = item.get("value") if isinstance(item, dict) else item
        if not isinstance(member_id, str) or not member_id:
            continue
        kind = item.get("type") if isinstance(item, dict) else None
        kind = kind.lower() if isinstance(kind, str) else ""
        if kind not in ("user", "group"):
            kind = "group" if member_id in group_ids else "user"
        name = item.get("display") if isinstance(item, dict) else None
        found[member_id] = Member(member_id, kind, name if isinstance(name, str) else None)
    return found


def plan_members(current, add=(), remove=(), exact_kinds=()):
    """The difference between the members a group has and the wish: (to add, to remove).

    :param current: members by id, as :func:`members_of` gives them.
    :param add: members to be there.
    :param remove: members to be gone; whoever is not there is gone already.
    :param exact_kinds: kinds of which nobody but ``add`` may stay.
    """
    wished = {member.key: member for member in add}
    to_add = [member for key, member in wished.items() if key not in current]
    named = {member.key: member for member in remove}
    to_remove = []
    for key, member in current.items():
        if key in named:
            to_remove.append(named[key])
        elif member.kind in exact_kinds and key not in wished:
            to_remove.append(member)
    return to_add, to_remove


def member_patch(add=(), remove=()):
    """The PATCH body for a difference ([doc] Updating a Resource): value and type, ``operation: delete`` to remove."""
    return {
        "members": [{"value": member.id, "type": member.kind.capitalize(), "operation": "delete"} for member in remove]
        + [{"value": member.id, "type": member.kind.capitalize()} for member in add]
    }


def find_cycle(children):
    """A path of groups that leads back to its first one, as a list of ids; None without one.

    :param children: for each group id, the ids of the groups nested in it.
    """
    state = {}  # 1: on the path, 2: done
    for start in children:
        if start in state:
            continue
        path = [start]
        walks = [iter(children.get(start, ()))]
        state[start] = 1
        while walks:
            for child in walks[-1]:
                if state.get(child) == 1:
                    return [*path[path.index(child) :], child]
                if child not in state:
                    state[child] = 1
                    path.append(child)
                    walks.append(iter(children.get(child, ())))
                    break
            else:
                walks.pop()
                state[path.pop()] = 2
    return None


def nesting_cycle(group_id, nested_ids, children):
    """The cycle that nesting ``nested_ids`` into a group would close, as a list of ids; None without one."""
    for nested in nested_ids:
        # The way from the nested group down to the group it is to be put into.
        ways = {nested: None}
        queue = deque([nested])
        while queue:
            current = queue.popleft()
            if current == group_id:
                path = []
                while current is not None:
                    path.append(current)
                    current = ways[current]
                return [group_id, *reversed(path)]
            for child in children.get(current, ()):
                if child not in ways:
                    ways[child] = current
                    queue.append(child)
    return None


def nested_groups(groups, group_ids=None):
    """For each group id the ids of the groups directly in it.

    :param groups: representations by id.
    """
    group_ids = groups.keys() if group_ids is None else group_ids
    return {
        group_id: [member.id for member in members_of(group, group_ids).values() if member.kind == "group"]
        for group_id, group in groups.items()
    }


def effective_members(group_id: str, groups: Mapping[str, Any]) -> dict[str, tuple[Member, tuple[str, ...]]]:
    """Everybody in a group, directly or through nested groups: {member id: (Member, path of group ids)}.

    The path is a shortest one: it starts with the group itself and ends with the one that holds the
    member directly. Cycles, should the directory hold any, are walked once.

    :param groups: representations by id; ids that are not there end a path.
    """
    found = {}
    seen = {group_id}
    queue: deque[tuple[Any, ...]] = deque([(group_id,)])
    while queue:
        path = queue.popleft()
        group = groups.get(path[-1])
        if group is None:
            continue
        for member in members_of(group, groups.keys()).values():
            found.setdefault(member.id, (member, path))
            if member.kind == "group" and member.id not in seen:
                seen.add(member.id)
                queue.append((*path, member.id))
    found.pop(group_id, None)
    return found
