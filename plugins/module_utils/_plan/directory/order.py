# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The order of the work: phases, and the order of the steps in each. Pure."""

from __future__ import annotations

from ..._core.names import normalize_name, show

# The order of the work: access is taken before anything else, a name is freed before it is taken, members
# are added when all of them exist.
PHASES = ("disable", "remove", "delete", "rename", "create_user", "create_group", "update", "add")


def _in_order(steps):
    """Steps in phases, each in an order of its own that the order of the input does not change: (phases, problems)."""
    phases, problems = [], []
    for phase in PHASES:
        ordered = sorted(
            steps[phase],
            key=lambda step: (step.resource.kind != "user", normalize_name(step.key), step.key, step.id or ""),
        )
        if phase == "rename":
            ordered, problems = order_renames(ordered)
        phases.append(tuple(ordered))
    return tuple(phases), problems


def order_renames(steps):
    """Renames in an order in which a name is released before it is taken: (steps, problems)."""
    holder = {(step.resource.kind, normalize_name(step.resource.name_of(step.before))): step for step in steps}
    ordered = []
    done = set()
    for step in steps:
        chain = {}  # in order
        while step is not None and step not in done:
            if step in chain:
                return steps, [_circle(link.key for link in chain)]
            chain[step] = True
            holding = holder.get((step.resource.kind, normalize_name(step.desired.rename_to)))
            step = holding if holding is not step else None
        for link in reversed(chain):
            done.add(link)
            ordered.append(link)
    return ordered, []


def needs_of_names(steps):
    """Which steps wait for the release of a name they take: step -> steps.

    :param steps: by phase.
    """
    freeing = {}
    for step in [*steps["rename"], *steps["delete"], *steps["disable"]]:
        if step.action == "delete" or any(change[0] == step.resource.key.option for change in step.changes):
            freeing[step.resource.kind, normalize_name(step.resource.name_of(step.before))] = step
    needs = {}
    for step in [*steps["rename"], *steps["create_user"], *steps["create_group"]]:
        name = (step.desired.rename_to or step.desired.name or "") if step.desired else ""
        holder = freeing.get((step.resource.kind, normalize_name(name)))
        if holder is not None and holder is not step:
            needs[step] = [holder]
    return needs


def _circle(names):
    """The problem of names that would change hands all at once."""
    told = ", ".join(show(name) for name in names)
    return f"{told} would take each other's names, which cannot be done one after the other; rename one to something else first"
