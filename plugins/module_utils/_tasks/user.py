# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_user."""

from __future__ import annotations

from dataclasses import replace

from .._core.errors import DirectoryError, InputError, RefusedError
from .._core.names import normalize_id, show
from .._plan.administrators import refuse_administering
from .._plan.desired import desired_user
from .._plan.diff import diff_of
from .._plan.identity import identify_user, refuse_taken_external_id, require_names
from .._plan.steps import Plan, Step
from .._scim.members import Member, members_of
from .._scim.tables import GROUP, USER
from .._service.hints import suggestion
from .task import DEFAULT_USER_GROUP, USER_SETTINGS_SPEC, UUID, Task
from .views import user_view


class UserTask(Task):
    """p1_user."""

    @property
    def attempt(self):
        return self._attempt_on("user", "user_name", "external_id", "id")

    empty_result = {"user": None}
    constraints = {
        "required_one_of": [("id", "user_name", "external_id")],
        "required_if": [("match_by", "external_id", ("id", "external_id"), True)],
    }

    @staticmethod
    def argument_spec():
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
            "refuse_administering_groups": {"type": "bool", "default": False},
        }

    def plan(self):
        params = self.params
        problems = []
        values = USER.clean(params, "", problems)
        if problems:
            raise InputError("; ".join(problems))
        desired = desired_user(values, params, params["match_by"])
        current = identify_user(self.lookup, params, desired, params["match_by"])
        self.before = current
        step = self.plan_one(desired, current)
        if desired.state == "absent" or (current is None and step is None):
            self.groups_before, self.groups_added = [], []
            return Plan([step] if step else [])
        if step is not None and step.action == "create":
            if desired.name is None:
                raise InputError(
                    "user_name is missing: there is no user with this external_id, and none can be created without a name"
                )
            self._check_mail(step)
            step = replace(step, option=self._default_group())
        external_id = values.get("external_id")
        # Whom it identifies is known already; what remains is a value that the plan would write.
        if external_id and any(
            name == "external_id" for name, _before, _after in (step.changes if step is not None else ())
        ):
            refuse_taken_external_id(self.lookup, external_id, current)
        plan = Plan([*([step] if step else []), *self._plan_groups(desired, current)])
        if self.params["refuse_administering_groups"]:
            self._refuse_administering(plan)
        return plan

    def _check_mail(self, step):
        self.mail_to = None
        if not self.params["password_mail"]:
            return
        emails = [item for item in step.desired.values.get("emails") or [] if item.get("value")]
        if not emails:
            raise InputError("password_mail needs an address to mail to: give emails")
        self.mail_to = next((item["value"] for item in emails if item.get("primary")), emails[0]["value"])

    def _default_group(self):
        require_names(self.params, "default_group")
        wanted = self.params["default_group"]
        if wanted is None or wanted == DEFAULT_USER_GROUP or UUID.fullmatch(wanted):
            return wanted
        group = self.lookup.group(wanted) or self._group_by_id(wanted)
        if group is None:
            hint = suggestion(self.lookup, GROUP, wanted) or None
            self.missing(f"default_group: group {show(wanted)} does not exist", hint)
            return None
        return group["id"]

    def _refuse_administering(self, plan):
        """Refuse to make the user an administrator, before anything is written."""
        joined = [step.before for step in plan.steps if step.action == "members"]
        joined += [{"id": step.option} for step in plan.steps if step.option not in (None, DEFAULT_USER_GROUP)]
        if joined:
            refuse_administering(self.lookup, joined)

    def _group_by_id(self, text):
        """The group with an id that is no UUID; None where the service knows no such id, or refuses it as one."""
        try:
            return self.lookup.by_id(GROUP, text)
        except RefusedError as error:
            if error.fatal:
                raise
            return None

    def _plan_groups(self, desired, current):
        """The steps that add the user to groups. ``groups`` only ever adds; who is a member says the group ([unknown]: user.groups may hold inherited ones)."""
        self.groups_before, self.groups_added = [], []
        steps = []
        names = list(dict.fromkeys(self.params["groups"] or []))
        name = desired.rename_to or desired.name or USER.name_of(current)
        for group_name in names:
            if not group_name.strip():
                raise InputError("groups holds an empty name, which names nothing")
            group = self.lookup.group(group_name)
            if group is None:
                hint = suggestion(self.lookup, GROUP, group_name) or "Create it first"
                self.missing(f"groups: group {show(group_name)} does not exist", hint)
                group = {"id": None, "displayName": group_name}
            elif current is not None:
                group = self.lookup.by_id(GROUP, group["id"]) or group
                if normalize_id(current["id"]) in members_of(group):
                    self.groups_before.append(GROUP.name_of(group))
                    continue
            if any(step.id == group["id"] and step.key == GROUP.name_of(group) for step in steps):
                continue
            member = Member(current["id"] if current else None, "user", name)
            steps.append(Step("members", GROUP, GROUP.name_of(group), group["id"], add=[member], before=group))
            self.groups_added.append((group["id"], GROUP.name_of(group)))
        return steps

    def after_create(self, outcome):
        """What follows a create beyond SCIM: have the service mail a link ([doc] Resetting a Password by Email)."""
        if getattr(self, "mail_to", None):
            try:
                self.client.action("users/password-lost", {"email": self.mail_to})
            except DirectoryError as error:
                error.during(
                    f"have the service mail {show(self.mail_to)} a link to set the password (the user itself was created)"
                )
                raise

    def result(self, plan, outcomes):
        step = next((step for step in plan.steps if step.resource is USER), None)
        outcome = outcomes.get(step) if step else None
        if self.params["state"] == "absent":
            shown = self.before
        elif outcome is not None and outcome.representation is not None:
            shown = outcome.representation
        else:
            shown = step.after if step is not None and self.check_mode else self.before
        done = self.groups_added
        if not self.check_mode:
            reached = {step.key for step in plan.steps if step in outcomes and outcomes[step].added}
            done = [group for group in done if group[1] in reached]
        return {
            "user": user_view(shown, done if self.params["state"] != "absent" else ()) if shown is not None else None
        }

    def diff(self, plan):
        step = next((step for step in plan.steps if step.resource is USER), None)
        step = step or Step(
            "update", USER, USER.name_of(self.before or {}) or self.params["user_name"] or "", before=self.before
        )
        groups = self.params["state"] != "absent" and self.params["groups"] is not None
        added = [name for unused, name in self.groups_added]
        return diff_of(
            step,
            {"groups": sorted(self.groups_before)} if groups and self.before is not None else None,
            {"groups": sorted(self.groups_before + added)} if groups else None,
        )
