# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Check a plan before it is applied: names that are in use, the limit on requests, and the approval."""

from __future__ import annotations

from collections.abc import Mapping

from ..._apply.memberships import CHUNK
from ..._core import errors
from ..._core.names import show
from ..._plan.directory.plan import DirectoryPlan, PlanRefused
from ..._plan.directory.rows import list_names
from ..._plan.directory.snapshot import Snapshot
from ..._plan.exceeded_limits import ExceededLimit
from ..._plan.identity_conflicts import refuse_taken_external_id
from ..._plan.policy import Limits
from ..._plan.steps import Step
from ..._scim.tables import USER
from ..._service.lookup import Lookup


class EstimateRefused(PlanRefused):
    """The refusal of a plan whose requests were already counted.

    :ivar predicted: the predicted requests, ``{reads, writes}``.
    """

    def __init__(
        self, problem: str, plan: DirectoryPlan, predicted: Mapping[str, int], exceeded: ExceededLimit | None = None
    ) -> None:
        super().__init__([problem], plan, {problem: exceeded} if exceeded else {})
        self.predicted = predicted


def refuse_names_in_use(lookup: Lookup, snapshot: Snapshot, plan: DirectoryPlan) -> None:
    """If a list may be incomplete, look up each name and external id that a step would use (rules 1, 2 and 5).

    Otherwise an incomplete list could lead to a second group with the same name, or to a create whose external id overwrites
    the user who has it.

    :raises PlanRefused: an object that is not in the list has the name or the external id.
    """
    problems = []
    for step in plan.steps:
        if step.action in ("create", "update") and snapshot.incomplete.get(step.resource.kind):
            problem = _name_in_use(lookup, snapshot, step)
            if problem is not None:
                problems.append(f"{step.label}: {problem}")
    if problems:
        raise PlanRefused(problems, plan)


def _name_in_use(lookup: Lookup, snapshot: Snapshot, step: Step) -> str | None:
    resource = step.resource
    taken = {name: after for name, _before, after in step.changes if after}
    name, external_id = taken.get(resource.key.option), taken.get("external_id")
    found = None
    if name:
        found = lookup.user(name) if resource is USER else lookup.group(name)
    if found is not None and snapshot.by_id(resource, found["id"]) is None:
        return (
            f"{resource.kind} {show(resource.name_of(found))} ({found['id']}) exists, although the list of {resource.kind}s "
            f"does not show it; the list may be incomplete ({snapshot.incomplete[resource.kind]}). Give its id"
        )
    if external_id:
        try:
            refuse_taken_external_id(lookup, external_id, step.before)
        except errors.DirectoryError as error:
            if error.fatal:
                raise
            return str(error)
    return None


def predict_requests(plan: DirectoryPlan, snapshot: Snapshot, reads_done: int, limits: Limits) -> dict[str, int]:
    """Return the predicted requests of the whole run: ``{reads, writes}``.

    :param reads_done: number of reads for planning.
    :raises EstimateRefused: the prediction exceeds ``limits.max_requests``.
    """
    predicted = plan.predicted(CHUNK, snapshot.group_pages)
    predicted["reads"] += reads_done
    allowed, total = limits.allowed("max_requests", 0), sum(predicted.values())
    if allowed is not None and plan.changed and total > allowed:
        exceeded = ExceededLimit("max_requests", limits.value("max_requests"), allowed, total, "request")
        raise EstimateRefused(
            f"{exceeded.summary} (reads: {predicted['reads']}, {reads_done} of them done; writes: {predicted['writes']}) "
            f"for {list_names(plan.rows())}. Raise the limit (-1: no limit), or apply fewer changes at once",
            plan,
            predicted,
            exceeded,
        )
    return predicted


def require_approval(plan: DirectoryPlan, predicted: Mapping[str, int], approved: str | None, required: bool) -> None:
    """Refuse to apply a plan that is not the approved one. A plan without steps needs no approval.

    :param approved: the value of ``approved_plan``; None: no plan was approved.
    :param required: whether the plan must be approved.
    :raises EstimateRefused: a different plan was approved, or no plan was although approval is required.
    """
    if not plan.changed or (approved is None and not required) or (approved or "").strip() == plan.sha256():
        return
    if approved is None:
        problem = (
            "require_approval is set, but approved_plan is not. Run in check mode, have the plan approved, and set approved_plan to "
            f"its plan_sha256, which is {plan.sha256()} now"
        )
    else:
        problem = (
            f"approved_plan is {approved.strip()[:12]}…, but the plan is now {plan.sha256()[:12]}…: the desired state or the directory has "
            "changed since it was approved. Run in check mode and have the new plan approved"
        )
    raise EstimateRefused(problem, plan, predicted)
