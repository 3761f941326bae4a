# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_directory: manage all users, groups and memberships that lists or documents declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from .._apply.directory_run import DirectoryRun
from .._core import errors
from .._core.names import counted
from .._documents.csv_columns import csv_settings
from .._documents.reading import Documents, read_documents
from .._plan.default_group import resolve_default_group
from .._plan.directory.entries import DesiredDirectory
from .._plan.directory.lists import read_desired
from .._plan.directory.plan import DirectoryPlan, PlanRefused
from .._plan.directory.planner import plan_directory
from .._plan.directory.snapshot import Snapshot, slim
from .._plan.directory.validation import validate
from .._scim.tables import GROUP
from .bulk.approval import EstimateRefused, predict_requests, refuse_names_in_use, require_approval
from .bulk.audit import plan_audit
from .bulk.options import ARGUMENT_SPEC, read_rules, require_paths
from .bulk.records import begin_journal, write_backup
from .bulk.results import diffs_of, outcome_line, refusal_keys, room_for_rows, truncate_result
from .reading import READ, incomplete_warnings, read_all, read_directory
from .single_object import NEW_GROUP_WARNING
from .task import Applied, Planned, Task

if TYPE_CHECKING:
    from .._apply.outcome import Outcome
    from .._documents.journal import NoJournal
    from .._plan.steps import Step

MAX_WARNINGS = 20
NO_REQUESTS = {"reads": 0, "writes": 0}

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, eq=False)
class DirectoryPlanned(Planned):
    """The plan for a directory.

    :ivar predicted: the predicted requests of the whole run, ``{reads, writes}``.
    :ivar refused: in an audit: why the plan would be refused, or None.
    """

    plan: DirectoryPlan = field(default_factory=DirectoryPlan)
    predicted: Mapping[str, int] = field(default_factory=lambda: NO_REQUESTS)
    refused: PlanRefused | None = None


@dataclass(frozen=True, eq=False)
class DirectoryApplied(Applied):
    """The changes made to the directory.

    :ivar counts: counts by kind and operation.
    :ivar failed_items: ``{kind, key, operation, status, reason}`` of each item that failed or was not attempted.
    :ivar backup_file: the path of the backup, or None.
    :ivar written: whether the plan was applied; False in check mode.
    """

    counts: Counts = field(default_factory=dict)
    failed_items: Sequence[Mapping[str, Any]] = ()
    backup_file: str | None = None
    written: bool = True


class DirectoryTask(Task):
    """Plan, apply and show a whole directory."""

    attempt = "plan the directory"
    constraints = {
        "mutually_exclusive": [("src", "users"), ("src", "groups")],
        "required_one_of": [("src", "users", "groups")],
    }
    # The lists contain passwords that Ansible does not mask (see guide_bulk), and a single list may be larger than a
    # result is allowed to be.
    sensitive_options = ("users", "groups")
    empty_result = {
        "plan": [],
        "plan_sha256": None,
        "predicted": NO_REQUESTS,
        "counts": DirectoryPlan().counts(),
        "drift": DirectoryPlan().drift,
        "people": [],
        "base_url": None,
        "failed_items": [],
        "backup_file": None,
        "truncated": False,
    }

    @staticmethod
    def argument_spec() -> dict[str, dict[str, Any]]:
        """Return the options of p1_directory."""
        return ARGUMENT_SPEC

    @classmethod
    def variant(cls, options: Mapping[str, Any]) -> type[Task]:
        """Return the task that only validates the desired state if ``validate_only`` is set."""
        return ValidationTask if options.get("validate_only") else cls

    def plan(self) -> DirectoryPlanned:
        """Read the desired state and the directory, and plan.

        :raises PlanRefused: the desired state or the plan has problems; the error contains all of them.
        """
        params = self.params
        rules = read_rules(params)
        require_paths(params)
        desired, unread = self._desired()
        snapshot = self._snapshot(desired)
        rules = replace(rules, unread=unread, default_group=self._default_group(snapshot))
        key = params["api_key"].encode("utf-8", "surrogatepass")
        make_plan = partial(plan_directory, desired, snapshot, secret_key=key)
        plan, refused = plan_audit(make_plan, rules) if params["audit"] else (make_plan(rules), None)
        refuse_names_in_use(self.lookup, snapshot, plan)
        self._warn_of(plan.warnings)
        if any(map(plan.makes_group, plan.steps)):
            self.warn(NEW_GROUP_WARNING)
        try:
            predicted: Mapping[str, int] = predict_requests(plan, snapshot, self.client.reads, rules.limits)
        except EstimateRefused as error:
            if not params["audit"]:
                raise
            predicted, refused = error.predicted, refused or error
        return DirectoryPlanned(plan, predicted, refused)

    def _read(self) -> tuple[Documents, DesiredDirectory]:
        """Return the documents, and the desired state that they declare, which includes the problems of both."""
        params = self.params
        csv = csv_settings(params)
        documents = read_documents(params["src"], csv) if params["src"] else Documents(params["users"], params["groups"])
        for text in documents.warnings():
            self.warn(text)
        return documents, read_desired(documents.users, documents.groups, params)

    def _desired(self) -> tuple[DesiredDirectory, str]:
        """Return the desired state, and a text about files that were not read."""
        documents, desired = self._read()
        if documents.problems:
            # Other entries may refer to those that could not be read, so there is no lookup for them.
            raise PlanRefused([*documents.problems, *desired.problems], DirectoryPlan(whole=False))
        return desired, documents.not_read()

    def _warn_of(self, warnings: Sequence[str]) -> None:
        for text in warnings[:MAX_WARNINGS]:
            self.warn(text)
        if len(warnings) > MAX_WARNINGS:
            self.warn(f"{len(warnings) - MAX_WARNINGS} more warnings of this kind are not shown")

    def _snapshot(self, desired: DesiredDirectory) -> Snapshot:
        """Return the directory. If it cannot be read, report the problems of the desired state first."""
        try:
            snapshot = read_directory(self.client, slim)
        except errors.DirectoryError as error:
            if not desired.problems or error.fatal:
                raise
            raise PlanRefused(desired.problems, DirectoryPlan(whole=False)) from error
        for text in incomplete_warnings(snapshot):
            self.warn(text)
        return snapshot

    def _default_group(self, snapshot: Snapshot) -> str | None:
        def find(wanted: str) -> dict[str, Any] | None:
            return snapshot.group(wanted) or snapshot.by_id(GROUP, wanted)

        return resolve_default_group(self.params["default_group"], find)

    def preview(self, planned: DirectoryPlanned) -> DirectoryApplied:
        """Write the journal of the plan."""
        self._begin_journal(planned, check_mode=True).close()
        return DirectoryApplied(counts=planned.plan.counts(), written=False)

    def apply(self, planned: DirectoryPlanned) -> DirectoryApplied:
        """Write the backup, then apply the plan. If one item fails, the others continue.

        :raises InputError: the task is an audit, which only plans.
        :raises EstimateRefused: a different plan was approved.
        """
        plan, snapshot, params = planned.plan, planned.plan.snapshot, self.params
        if params["audit"]:
            raise errors.InputError("audit is set, but the task is not in check mode", hint="Set check_mode: true on the task")
        require_approval(plan, planned.predicted, params["approved_plan"], params["require_approval"])
        journal = self._begin_journal(planned, check_mode=False)
        outcomes: dict[Step, Outcome] = {}
        run = DirectoryRun(
            self.client,
            plan,
            outcomes,
            journal=journal,
            warn=self.warn,
            on_ignored=params["on_ignored_attribute"],
            on_error=params["on_error"],
            concurrency=params["concurrency"],
            known_ids=snapshot.users.keys() | snapshot.groups.keys(),
            list_groups=partial(self._list_groups, snapshot),
        )
        backup_file = None
        failure = None
        try:
            if plan.changed and params["backup"]:
                write_backup(params["backup"], plan, snapshot, self.client.base_url, self.warn)
                backup_file = params["backup"]
            run.run()
        except errors.DirectoryError as error:
            failure = error
        finally:
            journal.close()
        return DirectoryApplied(outcomes, failure, run.progress.counts(), run.progress.failed_items, backup_file)

    def _begin_journal(self, planned: DirectoryPlanned, *, check_mode: bool) -> NoJournal:
        return begin_journal(self.params, planned.plan, planned.predicted, self.client.base_url, check_mode=check_mode)

    def _list_groups(self, snapshot: Snapshot) -> dict[str, dict[str, Any]]:
        """Return the current groups by id.

        :raises DirectoryError: the list cannot be read, or may be incomplete although the first read was complete.
        """
        listing = read_all(self.client, GROUP)
        if not listing.complete and not snapshot.incomplete.get(GROUP.kind):
            raise errors.DirectoryError(f"the list of groups may be incomplete: {listing.why}", operation=READ, hint="Run again")
        return listing.items

    def refused(self, error: errors.DirectoryError) -> dict[str, Any]:
        """Return the result keys for a refused plan: the plan itself, and that none of it was applied."""
        plan = error.plan if isinstance(error, PlanRefused) else DirectoryPlan(whole=False)
        predicted = error.predicted if isinstance(error, EstimateRefused) else NO_REQUESTS
        planned = DirectoryPlanned(plan, predicted)
        applied = DirectoryApplied(counts=DirectoryPlan(unchanged=plan.unchanged).counts())
        return self._result(planned, applied, refusal_keys(error if isinstance(error, PlanRefused) else None))

    def result(self, planned: DirectoryPlanned, applied: DirectoryApplied) -> dict[str, Any]:
        """Return the plan, the completed changes and the drift, truncated to the size of a result."""
        line = outcome_line(applied.counts, planned.plan, applied.written)
        return self._result(planned, applied, {"msg": line, **refusal_keys(planned.refused)})

    def _result(
        self, planned: DirectoryPlanned, applied: DirectoryApplied, more: Mapping[str, Any]
    ) -> dict[str, Any]:
        result = {
            "plan": planned.plan.rows(),
            "plan_sha256": planned.plan.approvable_sha256(),
            "predicted": planned.predicted,
            "counts": applied.counts,
            "drift": planned.plan.drift,
            "base_url": self.client.base_url,
            "failed_items": list(applied.failed_items),
            "backup_file": applied.backup_file,
            **more,
        }
        return truncate_result(result, self.params["max_result_items"], self._room(), planned.plan.people)

    def _room(self) -> int:
        return room_for_rows(self.params, self.sensitive_options)

    def views(self, planned: DirectoryPlanned, applied: DirectoryApplied, *, with_diff: bool) -> dict[str, Any]:
        """Return the result, truncated if the diff is truncated."""
        shown = self.result(planned, applied)
        if with_diff:
            shown["diff"], cut = diffs_of(planned.plan, self.params["max_result_items"], self._room())
            shown["truncated"] = shown["truncated"] or cut
        return shown


@dataclass(frozen=True, eq=False)
class Validated(DirectoryPlanned):
    """A valid desired state.

    :ivar checked: number of users, groups and memberships that it declares.
    """

    checked: Mapping[str, int] = field(default_factory=dict)


class ValidationTask(DirectoryTask):
    """Validate a desired state. No request is sent, and no file is written."""

    attempt = "validate the desired state"
    needs_service = False

    def plan(self) -> Validated:
        """Read and validate the desired state.

        :raises PlanRefused: the desired state has problems; the error contains all of them.
        """
        rules = read_rules(self.params)
        require_paths(self.params, writable=False)
        documents, desired = self._read()
        found = validate(desired, rules, self.params["default_group"])
        self._warn_of(found.warnings)
        problems = [*documents.problems, *found.problems]
        if problems:
            raise PlanRefused(problems, DirectoryPlan(whole=False))
        return Validated(DirectoryPlan(whole=False), checked=found.checked)

    def preview(self, planned: Any) -> DirectoryApplied:
        """Return an empty result, because there is nothing to change."""
        return DirectoryApplied(counts=planned.plan.counts())

    def apply(self, planned: Any) -> DirectoryApplied:
        """Return an empty result, because there is nothing to change."""
        return self.preview(planned)

    def _result(self, planned: Any, applied: DirectoryApplied, more: Mapping[str, Any]) -> dict[str, Any]:
        return super()._result(planned, applied, {**more, "base_url": None})

    def result(self, planned: Any, applied: DirectoryApplied) -> dict[str, Any]:
        """Return a result without changes, with a message about the validated objects."""
        checked = ", ".join(counted(number, kind) for kind, number in planned.checked.items())
        return self._result(planned, applied, {"msg": f"The desired state is valid: {checked}. No request was sent"})
