# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The results of one part of the planner. The plan is the sum of all parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ..._core import errors
from ..._scim.members import Member
from ..._scim.resource import Resource
from ..steps import Step
from .drift import drift_row, empty_drift
from .order import PHASES


class Part:
    """The results of one part of the planner. Each part fills its own instance, and only the planner reads it.

    :ivar problems: reasons to refuse the plan, one line each.
    :ivar warnings: one line each.
    :ivar drift: rows by class.
    :ivar steps: steps by phase.
    :ivar unchanged: number of desired objects and memberships that need no change, by kind.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.warnings: list[str] = []
        self.drift = empty_drift()
        self.steps: dict[str, list[Step]] = {phase: [] for phase in PHASES}
        self.unchanged: Counter[str] = Counter()

    def attempt(self, origin: str, function: Callable[..., object], *arguments: Any) -> bool:
        """Call a function, and record its error with the origin of the entry. Return whether it succeeded."""
        try:
            function(*arguments)
        except errors.DirectoryError as error:
            self.problems.append(f"{origin}: {error}")
            return False
        return True

    def note_drift(self, drift_class: str, kind: str, key: str, member: Member | None = None) -> None:
        """Add the drift row of an object or of a membership."""
        self.drift[drift_class].append(drift_row(kind, key, member))

    def to_delete(self, resource: Resource) -> set[str]:
        """Return the ids of the objects of a kind that the steps delete."""
        return {step.id for step in self.steps["delete"] if step.resource is resource and step.id}

    def include(self, other: Part) -> None:
        """Add the results of another part."""
        self.problems += other.problems
        self.warnings += other.warnings
        for name, rows in other.drift.items():
            self.drift[name] += rows
        for phase, steps in other.steps.items():
            self.steps[phase] += steps
        self.unchanged += other.unchanged
