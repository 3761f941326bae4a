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
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from ._names import normalize_id, normalize_name

KINDS = ("user", "group")


class Member(NamedTuple):
    """A member as plans and results name it; ``id`` is None while an earlier task would only make it."""

    id: str | None
    kind: str | None  # user or group; None where the service does not say, and no list shows it
    name: str | None

    @property
    def key(self):
        """What tells members apart: the id as ids are compared, or, before there is one, the name."""
        return normalize_id(self.id) or (self.kind, normalize_name(self.name or ""))

    def as_dict(self):
        return {"id": self.id, "kind": self.kind, "name": self.name}


def members_of(
    group: dict[str, Any], kind_of: Callable[[str], str | None] = lambda member_id: None
) -> dict[str, Member]:
    """Return the members in a group's representation by id, as ids are compared; no ``members`` key means none ([doc]).

    :param kind_of: the kind of a member that the service shows without a type, by its id: ``user``, ``group``, or None
        where it is not known. It is never assumed.
    """
    found = {}
    members = group.get("members")
    for item in members if isinstance(members, list) else [] if members is None else [members]:
        member_id = item.get("value") if isinstance(item, dict) else item
        if not isinstance(member_id, str) or not member_id:
            continue
        kind = item.get("type") if isinstance(item, dict) else None
        kind = kind.lower() if isinstance(kind, str) else ""
        if kind not in KINDS:
            kind = kind_of(member_id)
        name = item.get("display") if isinstance(item, dict) else None
        name = name if isinstance(name, str) and name.strip() else member_id
        found[normalize_id(member_id)] = Member(member_id, kind, name)
    return found


def plan_members(current, add=(), remove=(), exact_kinds=()):
    """The difference between the members a group has and the wish: (to add, to remove).

    :param current: members by id, as :func:`members_of` gives them.
    :param add: members to be there.
    :param remove: members to be gone; whoever is not there is gone already.
    :param exact_kinds: kinds of which only ``add`` may stay; a member of unknown kind stays unless both kinds are given.
    """
    wished = {member.key: member for member in add}
    to_add = [member for key, member in wished.items() if key not in current]
    named = {member.key: member for member in remove}
    to_remove = []
    for key, member in current.items():
        if key in named:
            to_remove.append(named[key])
        elif key not in wished and (member.kind in exact_kinds or len(set(exact_kinds)) == len(KINDS)):
            to_remove.append(member)
    return to_add, to_remove


def member_patch(add=(), remove=()):
    """The PATCH body for a difference ([doc] Updating a Resource): value and type, ``operation: delete`` to remove."""

    def item(member):
        return {"value": member.id, **({"type": member.kind.capitalize()} if member.kind else {})}

    return {"members": [{**item(member), "operation": "delete"} for member in remove] + [item(member) for member in add]}


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


def ids_as_read(objects: Iterable[str]) -> dict[str, str]:
    """Return the ids of some objects as they were read, by the form in which ids are compared."""
    return {normalize_id(object_id): object_id for object_id in objects}


def nested_groups(groups: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Return for each group the groups directly in it, all by their ids as ids are compared.

    :param groups: representations by id.
    """
    known = ids_as_read(groups)
    return {
        normalize_id(group_id): [key for key, member in members_of(group).items() if member.kind == "group" or key in known]
        for group_id, group in groups.items()
    }


def effective_members(
    group_id: str, groups: Mapping[str, Any], known: dict[str, str] | None = None
) -> dict[str, tuple[Member, tuple[str, ...]]]:
    """Return all members of a group, direct and through nested groups: {id as compared: (Member, path of group ids)}.

    The path is a shortest one: it starts with the group itself and ends with the one that holds the
    member directly. Cycles, should the directory hold any, are walked once. What has the id of a group is a group,
    whatever its type; a member without a type that is no known group has the kind None.

    :param groups: representations by id; ids that are not there end a path.
    :param known: :func:`ids_as_read` of the groups, for callers that ask for many.
    """
    known = ids_as_read(groups) if known is None else known
    found: dict[str, tuple[Member, tuple[str, ...]]] = {}
    start = normalize_id(group_id)
    seen = {start}
    queue: deque[tuple[str, ...]] = deque([(group_id,)])
    while queue:
        path = queue.popleft()
        group = groups.get(known.get(normalize_id(path[-1]), path[-1]))
        if group is None:
            continue
        for key, member in members_of(group).items():
            if key in known:
                member = member._replace(id=known[key], kind="group")
            found.setdefault(key, (member, path))
            if key in known and key not in seen:
                seen.add(key)
                queue.append((*path, known[key]))
    found.pop(start, None)
    return found
