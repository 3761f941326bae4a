# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What one part of the planning found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..._core.errors import DirectoryError
from ..._scim.members import Member
from ..steps import Step
from .drift import empty_drift
from .order import PHASES


@dataclass
class Part:
    """What one part of the planning found. Each part fills in one of its own; the plan is the sum of all.

    :ivar problems: why the plan is refused, one line each.
    :ivar warnings: lines for a person.
    :ivar unchanged: how many desired objects and memberships are so already, by kind.
    """

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    drift: dict[str, list[dict[str, Any]]] = field(default_factory=empty_drift)
    steps: dict[str, list[Step]] = field(default_factory=lambda: {phase: [] for phase in PHASES})
    unchanged: Counter[str] = field(default_factory=Counter)

    def attempt(self, origin, function, *arguments):
        """Run a function; what is wrong is collected, with the place it stands in. Return whether nothing was."""
        try:
            function(*arguments)
        except DirectoryError as error:
            self.problems.append(f"{origin}: {error}")
            return False
        return True

    def note_drift(self, drift_class: str, kind: str, key: str, member: Member | None = None):
        row: dict[str, Any] = {"kind": kind, "key": key}
        if member is not None:
            row["member"] = member.as_dict()
        self.drift[drift_class].append(row)

    def to_delete(self, resource) -> set[str]:
        """The ids of the objects of a kind that the steps delete."""
        return {step.id for step in self.steps["delete"] if step.resource is resource and step.id}

    def __add__(self, other: Part) -> Part:
        return Part(
            self.problems + other.problems,
            self.warnings + other.warnings,
            {name: rows + other.drift[name] for name, rows in self.drift.items()},
            {phase: steps + other.steps[phase] for phase, steps in self.steps.items()},
            self.unchanged + other.unchanged,
        )
