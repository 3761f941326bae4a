# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Nested groups: cycles and inherited members. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from .._core.names import normalize_id
from .._scim.members import Member, ids_as_read, members_of

# A group in a graph: its normalized id, or a substitute while it has no id yet.
Node = TypeVar("Node", bound=Hashable)


def find_cycle(children: Mapping[Node, Collection[Node]]) -> list[Node] | None:
    """Return a path of groups that ends with its first group, or None if there is no cycle.

    :param children: the groups directly nested in each group.
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
    """Return the cycle that nesting some groups in a group would close, as a path from the group to itself; or None."""
    for start in nested:
        # Search for the shortest paths from the nested groups down to the group that will contain them.
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
    """Return the groups directly nested in each group, all as normalized ids.

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
    """Return the direct and inherited members of a group: {normalized id: (Member, path of group ids)}.

    The path is a shortest one, from the group itself to the group that contains the member directly. Existing cycles are
    followed once. A member whose id is that of a group is a group, whatever its type. The kind of a member without a type
    is None unless it is a known group.

    :param groups: representations by id; an id that is missing here ends a path.
    :param known: the result of :func:`ids_as_read` for the groups, for callers that call this function many times.
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
