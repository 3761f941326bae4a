# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The progress of a directory run: the state of each planned row in the journal, the counts and the failures."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from .._core import errors
from .._core.dotted import concerns
from .._core.names import show
from .._plan.steps import OPERATIONS
from .._scim.tables import USER
from .outcome import Outcome

if TYPE_CHECKING:
    from .._plan.directory.plan import DirectoryPlan
    from .._plan.steps import Step
    from .context import RunState

Row = dict[str, Any]
NumberedRows = dict[int, Row]  # by number in the plan
Selection = Callable[[Row], bool]


class RowLog(Protocol):
    """The part of a journal that the progress of a run uses."""

    def row(self, state: str, number: int, row: Row, **extra: Any) -> None:
        """Write the new state of a planned row: ``started``, ``done`` or ``failed``.

        :param number: the number of the row in the plan.
        :raises DirectoryError: the journal cannot be written.
        """


class Interrupted(errors.DirectoryError):
    """The run was stopped by a signal."""

    fatal = True


class SomeFailedError(errors.DirectoryError):
    """Several changes failed. The reason states their number and the first failure."""

    def __init__(self, first: errors.DirectoryError, total: int) -> None:
        reason = str(first)
        if total > 1:
            reason = f"{total} changes failed or were not attempted; the first: {reason}"
        super().__init__(reason, status=first.status, detail=first.detail)
        self._first = first

    @property
    def failure(self) -> dict[str, Any]:
        """The ``failure`` of the first error."""
        return self._first.failure


class Progress:
    """The state of each planned row.

    Each row is reported once: as done, as failed, or as both if an object was created but differs from the desired state.

    :param on_error: ``continue``, or ``stop`` to start no further step after a failure.
    :ivar failed_items: rows ``{kind, key, operation, status, reason}``, with ``member`` for a membership.
    :ivar stopped: why no further step is started; None: the run continues.
    """

    def __init__(self, plan: DirectoryPlan, journal: RowLog, state: RunState, on_error: str = "continue") -> None:
        self.failed_items: list[dict[str, Any]] = []
        self.stopped: str | None = None
        self._plan = plan
        self._journal = journal
        self._state = state
        self._on_error = on_error
        self._first_error: errors.DirectoryError | None = None
        self._open: dict[Step, NumberedRows] = {}
        self._failed_steps: set[Step] = set()
        self._failed_rows: Counter[str] = Counter()
        self._done_rows: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def raise_failure(self) -> None:
        """Raise the first failure, if there is one.

        :raises SomeFailedError: several items failed; ``failed_items`` lists them.
        """
        if self._first_error is not None:
            raise SomeFailedError(self._first_error, len(self.failed_items))

    def has_failed(self, step: Step) -> bool:
        """Return whether a step failed. Steps that need it are then not attempted."""
        return step in self._failed_steps

    def start(self, step: Step) -> bool:
        """Report the open rows of a step as started. Return False if the journal cannot be written.

        A step that cannot be recorded is not applied, because the next run relies on the journal.
        """
        return all(self._write("started", number, row) for number, row in self._open_rows(step).items())

    def done(self, step: Step, outcome: Outcome) -> None:
        """Report the open rows of a step as done."""
        self._report_done(self._take(step), outcome)

    def failed(self, step: Step, error: errors.DirectoryError, outcome: Outcome | None) -> None:
        """Report the open rows of a step: those that its outcome confirms as done, the others as failed."""
        done = self._take(step, _done_rows(step, outcome, self._member_id)) if outcome is not None else {}
        self._report_done(done, outcome)
        if step.action == "create" and done:
            # The create succeeded but an attribute differs; report both.
            self._report_failed(step, done, error, str(error), "update")
        else:
            self._report_failed(step, self._take(step), error, str(error))

    def fail(
        self, step: Step, reason: str, error: errors.DirectoryError | None = None, selects: Selection | None = None, blocks: bool = True
    ) -> None:
        """Report the open rows of a step, or a selection of them, as failed.

        :param blocks: whether steps that need this one are not attempted either.
        """
        self._report_failed(step, self._take(step, selects), error, reason, blocks=blocks)

    def fail_done(self, step: Step, error: errors.DirectoryError) -> None:
        """Report that a step that was reported as done has failed after all."""
        self._report_failed(step, self._plan.numbered_rows(step), error, str(error))

    def leave_out(self, step: Step, reason: str) -> None:
        """Report the open rows of a step as failed in the journal only, because another item represents them."""
        for number, row in self._take(step).items():
            self._write("failed", number, row, reason=reason)

    def fail_attribute(self, option: str, users: int, reason: str) -> None:
        """Report an attribute that was not sent for some users, as one item instead of one per user."""
        self.failed_items.append({"kind": USER.kind, "key": option, "operation": "update", "status": None, "reason": reason})
        self._failed_rows[USER.kind] += users
        if self._first_error is None:
            self._first_error = errors.NotStoredError(f"attribute {show(option)}: {reason}", attributes=(option,))

    def count_as_unchanged(self, kind: str, operation: str) -> None:
        """Count a row that was reported as done as unchanged instead."""
        self._done_rows[kind, OPERATIONS[operation]] -= 1
        self._done_rows[kind, "unchanged"] += 1

    def interrupt(self, name: str) -> None:
        """Start no further step because of a signal. Do not wait for the lock, which the interrupted thread may hold."""
        self.stopped = f"interrupted by {name}"
        if self._first_error is None:
            self._first_error = Interrupted(f"the run was interrupted by {name}")

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the counts of completed changes, in the shape of the plan's counts."""
        counts = self._plan.counts()
        for kind, numbers in counts.items():
            for operation in OPERATIONS.values():
                numbers[operation] = self._done_rows[kind, operation]
            numbers["unchanged"] += self._done_rows[kind, "unchanged"]
            numbers["failed"] = self._failed_rows[kind]
        return counts

    def _open_rows(self, step: Step) -> NumberedRows:
        """Return the planned rows of a step that have not been reported."""
        if step not in self._open:
            self._open[step] = self._plan.numbered_rows(step)
        return self._open[step]

    def _take(self, step: Step, selects: Selection | None = None) -> NumberedRows:
        """Close and return the open rows of a step, or a selection of them."""
        rows = self._open_rows(step)
        taken = {number: row for number, row in rows.items() if selects is None or selects(row)}
        self._open[step] = {number: row for number, row in rows.items() if number not in taken}
        return taken

    def _member_id(self, member: dict[str, Any]) -> str | None:
        return member["id"] or self._state.created_id(member["kind"], member["name"])

    def _report_done(self, rows: NumberedRows, outcome: Outcome | None) -> None:
        object_id = (outcome.representation or {}).get("id") if outcome is not None else None
        for number, row in rows.items():
            self._write("done", number, row, id=object_id if row["id"] is None else None)
            with self._lock:
                # Another task may have made the change in the meantime, so this run changed nothing.
                changed = outcome is not None and outcome.changed
                self._done_rows[row["kind"], OPERATIONS[row["operation"]] if changed else "unchanged"] += 1

    def _report_failed(
        self,
        step: Step,
        rows: NumberedRows,
        error: errors.DirectoryError | None,
        reason: str,
        operation: str | None = None,
        blocks: bool = True,
    ) -> None:
        """Report some rows of a step as failed.

        :param operation: the operation that failed, if it is not that of the rows.
        """
        for number, row in rows.items():
            self._write("failed", number, {**row, "operation": operation or row["operation"]}, reason=reason)
        first = next(iter(rows.values())) if rows else {"kind": step.resource.kind, "operation": step.action}
        item = {
            "kind": first["kind"],
            "key": step.key,
            "operation": operation or first["operation"],
            "status": error.status if error is not None else None,
            "reason": errors.one_line(reason, 1000),
        }
        if len(rows) == 1 and "member" in first:
            item["member"] = first["member"]
        with self._lock:
            if blocks:
                self._failed_steps.add(step)
            self._failed_rows[first["kind"]] += max(1, len(rows))
            self.failed_items.append(item)
            if error is not None:
                self._first_error = self._first_error or error
                if self.stopped is None and error.fatal:
                    self.stopped = f"the run stopped after a failure: {errors.one_line(error.reason, 200)}"
                elif self.stopped is None and self._on_error == "stop":
                    self.stopped = f"on_error is stop, and {step.label} failed"

    def _write(self, state: str, number: int, row: Row, **extra: Any) -> bool:
        """Write to the journal, and return whether that succeeded. A failure stops the run."""
        try:
            self._journal.row(state, number, row, **extra)
        except errors.DirectoryError as error:
            with self._lock:
                self.stopped = self.stopped or error.reason
                self._first_error = self._first_error or error
            return False
        return True


def _done_rows(step: Step, outcome: Outcome, member_id: Callable[[dict[str, Any]], str | None]) -> Selection:
    """Return a function that selects the rows of a failed step that its outcome confirms as done."""
    if step.action == "members":
        done = {("add", member.id) for member in outcome.added} | {("remove", member.id) for member in outcome.removed}
        return lambda row: (row["operation"], member_id(row["member"])) in done
    if step.action == "update" and outcome.changed:
        lost = set(outcome.not_stored)
        return lambda row: not any(concerns(name, lost) for name in row["changes"])
    return lambda row: step.action == "create" and outcome.changed
