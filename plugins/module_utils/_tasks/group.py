# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_group: manage one group, without its members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._plan.built_in_groups import is_built_in
from .._plan.desired import desired_group
from .._plan.diff import diff_of
from .._plan.group_identity import identify_group
from .._plan.steps import Plan, Step
from .._scim.members import members_of
from .._scim.tables import GROUP
from .._service.member_kinds import kinds_of_members
from .single_object import NEW_GROUP_WARNING, SingleObjectTask
from .task import Applied, Planned
from .views import group_view


@dataclass(frozen=True, eq=False)
class GroupPlanned(Planned):
    """The plan for one group.

    :ivar current: the group as read; None if it does not exist.
    :ivar kinds: the kinds of those members that the service shows without a type, by normalized id.
    """

    current: dict[str, Any] | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def step(self) -> Step | None:
        """The only step, or None."""
        return self.plan.steps[0] if self.plan.steps else None


class GroupTask(SingleObjectTask):
    """Plan, apply and show one group."""

    empty_result = {"group": None}
    constraints = {"required_one_of": [("id", "display_name")]}

    @staticmethod
    def argument_spec() -> dict[str, dict[str, Any]]:
        """Return the options of p1_group."""
        spec = GROUP.argument_spec()
        spec["display_name"]["aliases"] = ["name"]
        return {
            "id": {"type": "str"},
            "new_display_name": {"type": "str"},
            "create": {"type": "bool"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            **spec,
        }

    @property
    def attempt(self) -> str:
        """Manage or remove the group."""
        return self.attempt_on("group", "display_name", "id")

    def plan(self) -> GroupPlanned:
        """Plan the group."""
        desired = desired_group(self.params)
        current = identify_group(self.lookup, self.params, desired, self.warn)
        kinds = kinds_of_members(self.lookup, [current] if current and desired.state == "absent" else [])
        step = self.plan_one(desired, current)
        if step is not None and step.action == "create":
            self.warn(NEW_GROUP_WARNING)
        if step is not None and step.action == "delete" and is_built_in(step.key):
            self.warn(
                f"{step.label} is a built-in group; the service is expected to refuse its deletion"
            )
        return GroupPlanned(Plan([step] if step else []), current, kinds)

    def result(self, planned: GroupPlanned, applied: Applied) -> dict[str, Any]:
        """Return ``group``: the current group, or the former group with its members if it is deleted."""
        absent = self.params["state"] == "absent"
        outcome = applied.outcomes.get(planned.step) if planned.step else None
        shown = planned.current
        if not absent and outcome is not None and outcome.representation is not None:
            shown = outcome.representation
        return {"group": group_view(shown, absent, planned.kinds) if shown is not None else None}

    def diff(self, planned: GroupPlanned, applied: Applied) -> dict[str, Any]:
        """Return the diff of the group, with its members if it is removed."""
        name = GROUP.name_of(planned.current or {}) or self.params["display_name"] or ""
        step = planned.step or Step("update", GROUP, name, before=planned.current)
        if step.action != "delete":
            return diff_of(step)
        members = members_of(step.before or {}).values()
        return diff_of(step, {"members": sorted(member.name or member.id or "" for member in members)})
