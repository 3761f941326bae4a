# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Base class for p1_user, p1_group and p1_group_membership: plans with few steps, applied one after the other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import show
from .._plan.one_object import plan_object
from .task import Applied, Planned, Task

if TYPE_CHECKING:
    from .._apply.outcome import Outcome
    from .._plan.desired import DesiredObject
    from .._plan.steps import Step

NEW_GROUP_WARNING = "A new group reaches every application until access is restricted in the PingOne console (Users > User Groups, Applications)"


class SingleObjectTask(Task):
    """A task that manages one object, or the members of one group."""

    def preview(self, planned: Planned) -> Applied:
        """Return the outcomes of the steps if the service behaves as documented."""
        if not planned.plan.steps:
            return Applied()
        from .._apply.outcome import Outcome  # rule 8

        return Applied(
            {
                step: Outcome(True, step.after, added=list(step.add), removed=list(step.remove))
                for step in planned.plan.steps
            }
        )

    def apply(self, planned: Planned) -> Applied:
        """Apply the plan, step by step, until the first error."""
        outcomes: dict[Step, Outcome] = {}
        if not planned.plan.steps:
            return Applied(outcomes)
        from .._apply.context import Context  # rule 8
        from .._apply.executor import Executor, ObjectRun

        context = Context(self.client, self.lookup, self.warn, self.params.get("on_ignored_attribute") or "fail")
        run = ObjectRun(partial(self.after_create, planned))
        try:
            Executor(context, run, outcomes).execute([planned.plan.steps])
        except errors.DirectoryError as error:
            return Applied(outcomes, error)
        return Applied(outcomes)

    def after_create(self, planned: Any, outcome: Outcome) -> None:
        """Hook for requests after a create that are not SCIM. Most objects need none."""

    def missing(self, reason: str, hint: str | None = None) -> None:
        """Report that an object does not exist: as an error, or as a warning if an earlier task may create it.

        :raises NotFoundError: ``fail_on_missing`` is set.
        """
        if self.fail_on_missing:
            raise errors.NotFoundError(reason, hint=hint)
        more = f". {hint}" if hint and hint.startswith("Did you mean") else ""
        self.warn(f"{reason}; in check mode this is only a warning, because an earlier task may create missing objects{more}")

    def plan_one(self, desired: DesiredObject, current: dict[str, Any] | None) -> Step | None:
        """Return the step that reconciles one object, or None if nothing differs.

        A missing object is created if ``create`` allows it, but never with a name that no user can type.

        :raises DirectoryError: the object must not be created, or not with this name.
        """
        if current is None and not self._accept_missing(desired):
            return None
        step = plan_object(desired, current)
        if step is not None and step.new_name is not None:
            from .._plan.creation import refuse_unusual_name  # rule 8

            refuse_unusual_name(step)
        return step

    def _accept_missing(self, desired: DesiredObject) -> bool:
        """Return whether to plan a step for an object that does not exist. Report similar names."""
        from .._plan.creation import may_create, near_match_warning, why_not_created  # rule 8
        from .._service.hints import similar_objects, suggestion

        resource = desired.resource
        if desired.state != "absent" and not may_create(self.params, desired):
            name = desired.name or desired.rename_to
            hints = [suggestion(self.lookup, resource, name)] if name else []
            self.missing(
                why_not_created(self.params, desired),
                " ".join(filter(None, [*hints, f"Correct the name, or set create: true to create the {resource.kind}"])),
            )
            return False
        if desired.state == "absent" and desired.name and not self.params.get("id"):
            warning = near_match_warning(resource, desired.name, similar_objects(self.lookup, resource, desired.name))
            if warning:
                self.warn(warning)
        return True

    def attempt_on(self, kind: str, *names: str) -> str:
        """Return the attempt to manage an object, identified by the first of the options ``names`` that is given."""
        name = next((self.params[name] for name in names if self.params[name]), None)
        verb = "remove" if self.params["state"] == "absent" else "manage"
        return f"{verb} {kind} {show(name)}" if name else f"{verb} a {kind}"
