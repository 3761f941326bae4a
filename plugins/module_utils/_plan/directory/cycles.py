# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Nestings of a plan: none may close a circle, and some wait for the removals that open one. Pure."""

from __future__ import annotations

from collections import defaultdict

from ..._core.names import normalize_id, normalize_name, show
from ..._scim.tables import GROUP
from ..nesting import find_cycle, nesting_cycle


def check_nesting(snapshot, part):
    """Find circles that the nestings of a plan would close: (problems, steps that a nesting waits for).

    A circle the directory holds already is not the plan's.

    :param part: the steps by phase.
    """
    nesting = [step for step in part.steps["add"] if any(member.kind == "group" for member in step.add)]
    if not nesting:
        return [], {}
    children, names = _nested(snapshot, nesting)
    if find_cycle(children) is None:
        return [], {}  # whatever is removed or deleted
    needs = _opening_steps(part, nesting, children)
    to_delete = set(map(normalize_id, part.to_delete(GROUP)))
    children = {key: members - to_delete for key, members in children.items() if key not in to_delete}
    for step in part.steps["remove"]:
        children[_node(step)] = children[_node(step)] - {member.key for member in step.remove}
    problems = []
    if find_cycle(children) is not None:
        reported = set()
        for step in nesting:
            cycle = nesting_cycle(_node(step), _nested_by(step), children)
            if cycle and frozenset(cycle) not in reported:
                reported.add(frozenset(cycle))
                path = " > ".join(show(names.get(key) or GROUP.name_of(snapshot.by_id(GROUP, key))) for key in cycle)
                problems.append(f"group {show(step.key)} would be put into itself: {path}")
    return problems, needs


def _nested(snapshot, nesting):
    """For each group what is nested in it now and what is to be, and the names of those that may have no id yet."""
    children = {
        normalize_id(group_id): {
            key for key, member in snapshot.members(group_id).items() if member.kind == "group"
        }
        for group_id in snapshot.groups
    }
    names = {}
    for step in nesting:
        children.setdefault(_node(step), set()).update(_nested_by(step))
        names[_node(step)] = step.key
        names.update((member.key, member.name or "") for member in step.add if member.kind == "group")
    return children, names


def _opening_steps(part, nesting, children):
    """A nesting waits for the removals and deletions without which it would close a circle: step -> steps.

    :param children: for each group what is nested in it now, and what is to be.
    """
    parents = defaultdict(set)
    for key, members in children.items():
        for member in members:
            parents[member].add(key)
    opening = [*part.steps["remove"], *(step for step in part.steps["delete"] if step.resource is GROUP)]
    needs = {}
    for step in nesting:
        below = _reached(children, _nested_by(step))
        above = _reached(parents, [_node(step)])
        for other in opening:
            lost = {member.key for member in other.remove} if other.action == "members" else {_node(other)}
            if _node(other) in below and not lost.isdisjoint(above):
                needs.setdefault(step, []).append(other)
    return needs


def _nested_by(step):
    return [member.key for member in step.add if member.kind == "group"]


def _node(step):
    """A group as nestings tell it from others while it may have no id yet."""
    return normalize_id(step.id) or ("group", normalize_name(step.key))


def _reached(children, start):
    """What can be reached along some nestings, the start included."""
    found = set(start)
    queue = list(found)
    while queue:
        for child in children.get(queue.pop(), ()):
            if child not in found:
                found.add(child)
                queue.append(child)
    return found
