# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Nested groups: cycles, and the members that a group has through another. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from .._core.names import normalize_id
from .._scim.members import Member, ids_as_read, members_of

# The node of a group: its normalized id, or a substitute before it has an id.
Node = TypeVar("Node", bound=Hashable)


def find_cycle(children: Mapping[Node, Collection[Node]]) -> list[Node] | None:
    """Return a path of groups that leads back to its first one, or None without one.

    :param children: for each group, the groups directly in it.
    """
    state: dict[Node, int] = {}  # 1: on the path, 2: done
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


def nesting_cycle(group: Node, nested: Iterable[Node], children: Mapping[Node, Collection[Node]]) -> list[Node] | None:
    """Return the cycle that nesting some groups in a group would close, as a path that starts and ends with it; or None."""
    for start in nested:
        # Shortest paths from the nested group down to the group that will contain it.
        queue: deque[tuple[Node, ...]] = deque([(start,)])
        seen = {start}
        while queue:
            path = queue.popleft()
            if path[-1] == group:
                return [group, *path]
            for child in children.get(path[-1], ()):
                if child not in seen:
                    seen.add(child)
                    queue.append((*path, child))
    return None


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

    The path is a shortest one: it starts with the group itself and ends with the one that holds the member directly.
    Cycles that the directory holds are followed once. A member with the id of a group is a group, whatever its type; a
    member without a type that is no known group has the kind None.

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
