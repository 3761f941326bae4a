# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_user: manage one user, its groups, and the email about its password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._plan.desired import desired_user
from .._plan.identity import identify_user
from .._plan.steps import Plan, Step
from .._scim.tables import USER
from .single_object import SingleObjectTask
from .task import Applied, Planned
from .user_settings import EXACT, USER_SETTINGS_SPEC
from .views import user_view

if TYPE_CHECKING:
    from .._apply.outcome import Outcome


@dataclass(frozen=True, eq=False, repr=False)
class UserPlanned(Planned):
    """The plan for one user.

    :ivar current: the user as read; None if the user does not exist.
    :ivar stays_in: names of groups that the task manages and that the user is in and stays in.
    """

    current: dict[str, Any] | None = None
    stays_in: Sequence[str] = ()

    @property
    def step(self) -> Step | None:
        """The step for the user itself, or None."""
        return next((step for step in self.plan.steps if step.resource is USER), None)

    @property
    def joins(self) -> list[Step]:
        """The steps that add the user to a group."""
        return [step for step in self.plan.steps if step.add]

    @property
    def leaves(self) -> list[Step]:
        """The steps that remove the user from a group."""
        return [step for step in self.plan.steps if step.remove]


class UserTask(SingleObjectTask):
    """Plan, apply and show one user."""

    empty_result = {"user": None}
    constraints = {
        "required_one_of": [("id", "user_name", "external_id")],
        "required_if": [("match_by", "external_id", ("id", "external_id"), True)],
    }

    @staticmethod
    def argument_spec() -> dict[str, dict[str, Any]]:
        """Return the options of p1_user."""
        return {
            "id": {"type": "str"},
            "match_by": {"type": "str", "choices": ["user_name", "external_id"], "default": "user_name"},
            "new_user_name": {"type": "str"},
            "create": {"type": "bool"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            **USER.argument_spec(),
            **USER_SETTINGS_SPEC,
            "password_mail": {"type": "bool", "default": False, "no_log": False},
            "groups": {"type": "list", "elements": "str"},
            "membership": {"type": "str", "choices": ["additive", EXACT], "default": "additive"},
            "keep_groups": {"type": "list", "elements": "str"},
            "refuse_administering_groups": {"type": "bool", "default": False},
        }

    @property
    def attempt(self) -> str:
        """Manage or remove the user."""
        return self.attempt_on("user", "user_name", "external_id", "id")

    def plan(self) -> UserPlanned:
        """Plan the user, and the groups that it joins and leaves."""
        params = self.params
        problems: list[str] = []
        values = USER.clean(params, "", problems)
        if problems:
            raise errors.InputError("; ".join(problems))
        desired = desired_user(values, params, params["match_by"])
        current = identify_user(self.lookup, params, desired, params["match_by"])
        step = self.plan_one(desired, current)
        if desired.state == "absent" or (current is None and step is None):
            return UserPlanned(Plan([step] if step else []), current)
        if step is not None and step.action == "create":
            from .new_user import default_group_of, mail_address  # rule 8

            if desired.name is None:
                raise errors.InputError(
                    "user_name is missing: no user has this external_id, and a new user needs a name"
                )
            if params["password_mail"] and mail_address(step) is None:
                raise errors.InputError("password_mail needs an email address. Set emails")
            step = replace(step, option=default_group_of(self))
        external_id = values.get("external_id")
        # The user is already identified; check only an external_id that the plan would write.
        if external_id and step is not None and any(name == "external_id" for name, _before, _after in step.changes):
            from .._plan.identity_conflicts import refuse_taken_external_id  # rule 8

            refuse_taken_external_id(self.lookup, external_id, current)
        planned = UserPlanned(Plan([step] if step else []), current)
        if params["membership"] == EXACT or params["groups"] is not None or params["keep_groups"] is not None:
            from .._scim.members import Member  # rule 8
            from .user_groups import in_order, plan_user_groups

            member = Member(current["id"] if current else None, "user", desired.rename_to or desired.name or USER.name_of(current or {}))
            groups = plan_user_groups(self.lookup, params, member, current, self.warn, self.missing)
            planned = UserPlanned(Plan(in_order(step, groups)), current, groups.stays)
        if params["refuse_administering_groups"]:
            self._refuse_administering(planned)
        return planned

    def _refuse_administering(self, planned: UserPlanned) -> None:
        """Refuse to make the user an administrator. This check comes before the first write."""
        from .._plan.administrators import refuse_administering  # rule 8
        from .._plan.default_group import DEFAULT_USER_GROUP

        joined: list[dict[str, Any]] = [step.before for step in planned.joins if step.before is not None]
        joined += [{"id": step.option} for step in planned.plan.steps if step.option not in (None, DEFAULT_USER_GROUP)]
        if joined:
            refuse_administering(self.lookup, joined)

    def after_create(self, planned: UserPlanned, outcome: Outcome) -> None:
        """Make the service send an email with a link to set the password, if ``password_mail`` is set."""
        if planned.step and self.params["password_mail"]:
            from .new_user import mail_password_link  # rule 8

            mail_password_link(self, planned.step)

    def result(self, planned: UserPlanned, applied: Applied) -> dict[str, Any]:
        """Return ``user``: the current user, or the former user if it is deleted."""
        shown = planned.current
        joined: list[tuple[str | None, str]] = []
        left: list[str | None] = []
        if self.params["state"] != "absent":
            outcome = applied.outcomes.get(planned.step) if planned.step else None
            if outcome is not None and outcome.representation is not None:
                shown = outcome.representation
            outcomes = applied.outcomes
            joined = [(step.id, step.key) for step in planned.joins if step in outcomes and outcomes[step].added]
            left = [step.id for step in planned.leaves if step in outcomes and outcomes[step].removed]
        return {"user": None if shown is None else user_view(shown, joined, left)}

    def diff(self, planned: UserPlanned, applied: Applied) -> dict[str, Any]:
        """Return the diff of the user and its groups: those in ``groups``, or all groups if ``membership`` is ``exact``."""
        from .._plan.diff import diff_of  # rule 8

        before = planned.current
        name = USER.name_of(before or {}) or self.params["user_name"] or ""
        step = planned.step or Step("update", USER, name, before=before)
        if self.params["state"] == "absent" or self.params["groups"] is None:
            return diff_of(step)
        shown_before, shown_after = (
            {"groups": sorted([*planned.stays_in, *(step.key for step in steps)])} for steps in (planned.leaves, planned.joins)
        )
        return diff_of(step, shown_before if before is not None else None, shown_after)
