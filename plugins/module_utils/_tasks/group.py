# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_group."""

from __future__ import annotations

from .._plan.built_in_groups import is_built_in
from .._plan.desired import desired_group
from .._plan.diff import diff_of
from .._plan.identity import identify_group
from .._plan.steps import Plan, Step
from .._scim.members import members_of
from .._scim.tables import GROUP
from .._service.member_kinds import kinds_of_members
from .task import NEW_GROUP_WARNING, Task
from .views import group_view


class GroupTask(Task):
    """p1_group."""

    @property
    def attempt(self):
        return self._attempt_on("group", "display_name", "id")

    empty_result = {"group": None}
    constraints = {"required_one_of": [("id", "display_name")]}

    @staticmethod
    def argument_spec():
        spec = GROUP.argument_spec()
        spec["display_name"]["aliases"] = ["name"]
        return {
            "id": {"type": "str"},
            "new_display_name": {"type": "str"},
            "create": {"type": "bool"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            **spec,
        }

    def plan(self):
        params = self.params
        desired = desired_group(params)
        self.before = identify_group(self.lookup, params, desired, self.warn)
        self.kinds = kinds_of_members(self.lookup, [self.before] if self.before and desired.state == "absent" else [])
        step = self.plan_one(desired, self.before)
        if step is not None and step.action == "create":
            self.warn(NEW_GROUP_WARNING)
        if step is not None and step.action == "delete" and is_built_in(step.key):
            self.warn(
                f"{step.label} is one of the groups every directory comes with; the service is expected to refuse its deletion"
            )
        return Plan([step] if step else [])

    def result(self, plan, outcomes):
        step = plan.steps[0] if plan.steps else None
        outcome = outcomes.get(step) if step else None
        absent = self.params["state"] == "absent"
        shown = self.before
        if not absent and step is not None and self.check_mode:
            shown = step.after
        elif not absent and outcome is not None and outcome.representation is not None:
            shown = outcome.representation
        return {"group": group_view(shown, absent, self.kinds) if shown is not None else None}

    def diff(self, plan):
        step = (
            plan.steps[0]
            if plan.steps
            else Step(
                "update",
                GROUP,
                GROUP.name_of(self.before or {}) or self.params["display_name"] or "",
                before=self.before,
            )
        )
        if step.action == "delete":
            return diff_of(
                step, {"members": sorted(member.name or member.id for member in members_of(step.before).values())}
            )
        return diff_of(step)
