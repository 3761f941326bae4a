# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The order of the steps: their phases, the order in each phase, and the steps that a step waits for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..._core.names import normalize_name, show
from ..steps import Step

# The run removes access first, releases names before it reuses them, and adds members after all objects exist.
PHASES = ("disable", "remove", "delete", "rename", "create_user", "create_group", "update", "add")

# The text that all problems with cycles of renames contain.
CIRCLE = "would swap names"

Phases = Mapping[str, Sequence[Step]]


def in_order(steps: Phases) -> tuple[tuple[tuple[Step, ...], ...], list[str]]:
    """Return the steps of each phase in an order that does not depend on the order of the input, and problems of renames."""
    ordered = {phase: sorted(steps[phase], key=_key) for phase in PHASES}
    ordered["rename"], problems = _order_renames(ordered["rename"])
    return tuple(tuple(ordered[phase]) for phase in PHASES), problems


def _key(step: Step) -> tuple[Any, ...]:
    return step.resource.kind != "user", normalize_name(step.key), step.key, step.id or ""


def _order_renames(steps: list[Step]) -> tuple[list[Step], list[str]]:
    """Return renames in an order that releases each name before it is reused, and problems."""
    holders = {_name_held(step): step for step in steps}
    ordered: dict[Step, None] = {}
    for first in steps:
        chain: dict[Step, None] = {}
        step: Step | None = first
        while step is not None and step not in ordered:
            if step in chain:
                return steps, [circle_problem(link.key for link in chain)]
            chain[step] = None
            holder = holders.get(_name_taken(step))
            step = holder if holder is not step else None
        ordered.update(dict.fromkeys(reversed(chain)))
    return list(ordered), []


def waits_for_names(steps: Phases) -> dict[Step, list[Step]]:
    """Return for each step that uses a released name a list with the step that releases the name."""
    releasing = {
        _name_held(step): step
        for phase in ("rename", "delete", "disable")
        for step in steps[phase]
        if step.action == "delete" or any(name == step.resource.key.option for name, _before, _after in step.changes)
    }
    waits = {}
    for phase in ("rename", "create_user", "create_group"):
        for step in steps[phase]:
            holder = releasing.get(_name_taken(step))
            if holder is not None and holder is not step:
                waits[step] = [holder]
    return waits


def _name_held(step: Step) -> tuple[str, str]:
    """Return the name that the object of a step has before the step."""
    return step.resource.kind, normalize_name(step.resource.name_of(step.before or {}))


def _name_taken(step: Step) -> tuple[str, str]:
    """Return the name that the object of a step has after the step."""
    return step.resource.kind, normalize_name((step.desired.new_name if step.desired else None) or "")


def circle_problem(names: Iterable[str | None]) -> str:
    """Return the problem of renames in a cycle, in which each object takes the current name of the next one."""
    listed = ", ".join(show(name) for name in names)
    return f"{listed} {CIRCLE}, which cannot be done in one run. Give one of them another name first"
