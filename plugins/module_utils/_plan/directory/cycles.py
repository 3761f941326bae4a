# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Detect cycles that a plan would close, and make a nesting wait for the steps that prevent its cycle. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..._core.names import normalize_id, normalize_name, show
from ..._scim.tables import GROUP
from ..nesting import find_cycle, nesting_cycle
from ..steps import Step
from .matching import Matches
from .part import Part
from .snapshot import Snapshot

if TYPE_CHECKING:
    from typing import TypeAlias

    Node: TypeAlias = "str | tuple[str | None, str]"  # the id of a group, or its kind and name before it has an id
    Children: TypeAlias = "dict[Node, set[Node]]"


def check_nesting(snapshot: Snapshot, part: Part, matches: Matches) -> tuple[list[str], dict[Step, list[Step]]]:
    """Return problems for the cycles that a plan would close, and for each nesting the steps that must precede it.

    Cycles that already exist in the directory are not problems of the plan.

    :param part: everything that was planned.
    :param matches: the entries that the plan was made from.
    """
    nesting = [step for step in part.steps["add"] if any(member.kind == GROUP.kind for member in step.add)]
    if not nesting:
        return [], {}
    children, names = _nested(snapshot, nesting)
    if find_cycle(children) is None:
        return [], {}  # Removals and deletions close no cycle.
    needs = _opening_steps(part, nesting, children)
    to_delete: set[Node] = set(map(normalize_id, part.to_delete(GROUP)))
    children = {key: members for key, members in children.items() if key not in to_delete}
    for step in part.steps["remove"]:
        children[_node(step)] = children[_node(step)] - {member.key for member in step.remove}
    problems = []
    if find_cycle(children) is not None:
        reported = set()
        origins = {_node_of(match.as_member().id, match.new_name): match.origin for match in matches.sound[GROUP.kind]}
        for step in nesting:
            cycle = nesting_cycle(_node(step), _nested_by(step), children)
            if cycle and frozenset(cycle) not in reported:
                reported.add(frozenset(cycle))
                path = " > ".join(show(names.get(key) or _name_in(snapshot, key)) for key in cycle)
                problems.append(f"{origins[_node(step)]}: the group would be nested in itself: {path}")
    return problems, needs


def _nested(snapshot: Snapshot, nesting: Iterable[Step]) -> tuple[Children, dict[Node, str]]:
    """Return the current and desired nested groups of each group, and the names of the groups in the steps."""
    children: Children = {
        normalize_id(group_id): {key for key, member in snapshot.members(group_id).items() if member.kind == GROUP.kind}
        for group_id in snapshot.groups
    }
    names = {}
    for step in nesting:
        children.setdefault(_node(step), set()).update(_nested_by(step))
        names[_node(step)] = step.key
        names.update((member.key, member.name or "") for member in step.add if member.kind == GROUP.kind)
    return children, names


def _name_in(snapshot: Snapshot, key: Node) -> str:
    return GROUP.name_of(snapshot.by_id(GROUP, key) or {}) if isinstance(key, str) else key[1]


def _opening_steps(part: Part, nesting: Iterable[Step], children: Children) -> dict[Step, list[Step]]:
    """Return for each nesting the removals and deletions that must precede it because it would close a cycle otherwise.

    :param children: the current and the desired nested groups of each group.
    """
    parents: Children = defaultdict(set)
    for key, members in children.items():
        for member in members:
            parents[member].add(key)
    opening = [*part.steps["remove"], *(step for step in part.steps["delete"] if step.resource is GROUP)]
    needs: dict[Step, list[Step]] = {}
    for step in nesting:
        below = _reached(children, _nested_by(step))
        above = _reached(parents, [_node(step)])
        for other in opening:
            lost = {member.key for member in other.remove} if other.action == "members" else {_node(other)}
            if _node(other) in below and not lost.isdisjoint(above):
                needs.setdefault(step, []).append(other)
    return needs


def _nested_by(step: Step) -> list[Node]:
    return [member.key for member in step.add if member.kind == GROUP.kind]


def _node(step: Step) -> Node:
    return _node_of(step.id, step.key)


def _node_of(group_id: str | None, name: str) -> Node:
    return normalize_id(group_id) or (GROUP.kind, normalize_name(name))


def _reached(children: Mapping[Node, set[Node]], start: Iterable[Node]) -> set[Node]:
    """Return the nodes that can be reached from some nodes, including those."""
    found = set(start)
    queue = list(found)
    while queue:
        for child in children.get(queue.pop(), ()):
            if child not in found:
                found.add(child)
                queue.append(child)
    return found
