# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Run the plan for a whole directory.

If one item fails, the others continue. A rejected API key or an unreachable service stops the run. Items that were not
attempted are reported with their reasons. SIGINT and SIGTERM stop the run between two steps.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._scim.members import Member
from .._service.lookup import Lookup
from .adoption import adopt
from .context import Context, RunState
from .dropped import MAX_DROPS, DroppedAttributes
from .executor import Executor
from .new_groups import Groups, NewGroups
from .outcome import Outcome
from .progress import Progress, RowLog
from .signals import interrupts_handled
from .twins import keep_first
from .writer import write_step

if TYPE_CHECKING:
    from .._plan.directory.plan import DirectoryPlan
    from .._plan.steps import Step
    from .._service.client import DirectoryClient

MAX_WARNINGS = 20


class LimitedWarnings:
    """Forwards the first MAX_WARNINGS warnings, and counts the others."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._count = 0
        self._lock = threading.Lock()

    def __call__(self, text: str) -> None:
        """Forward or count a one-line warning."""
        with self._lock:
            self._count += 1
            if self._count > MAX_WARNINGS:
                return
        self._warn(text)

    def close(self) -> None:
        """Warn about the number of warnings that were left out."""
        if self._count > MAX_WARNINGS:
            self._warn(f"{self._count - MAX_WARNINGS} more warnings of this kind are not shown")


class DirectoryRun:
    """Applies one plan without modifying it; a reduced step is a new step.

    :param outcomes: dictionary to which the outcome of each step is added.
    :param on_ignored: ``fail`` or ``warn``: the action if the service does not store an attribute.
    :param on_error: ``continue`` or ``stop``.
    :param concurrency: maximum number of concurrent steps.
    :param known_ids: the ids of all objects that were read.
    :param list_groups: re-reads all groups and returns them by id; None: not needed.
    """

    def __init__(
        self,
        client: DirectoryClient,
        plan: DirectoryPlan,
        outcomes: dict[Step, Outcome],
        *,
        journal: RowLog,
        warn: Callable[[str], None],
        on_ignored: str = "fail",
        on_error: str = "continue",
        concurrency: int = 4,
        known_ids: Iterable[str] = (),
        list_groups: Callable[[], Groups] | None = None,
    ) -> None:
        self.client = client
        self.warn = LimitedWarnings(warn)
        self._state = RunState(known_ids)
        self.progress = Progress(plan, journal, self._state, on_error)
        self._plan = plan
        self._outcomes = outcomes
        self._concurrency = max(1, concurrency)
        self._context = Context(client, Lookup(client), self.warn, on_ignored, self._state, checks_duplicates=False)
        self._executor = Executor(self._context, self, outcomes)
        self._list_groups = list_groups
        self._new_groups = NewGroups(list_groups, self._state.known_ids) if list_groups is not None else None
        self._dropped = DroppedAttributes()
        self._preconditions = plan.preconditions
        self._verified = False  # whether the groups were re-read for the preconditions
        self._not_verified: errors.DirectoryError | None = None  # why they could not be re-read

    def run(self) -> None:
        """Run all phases.

        :raises DirectoryError: an item failed; ``progress.failed_items`` lists all failures.
        """
        with interrupts_handled(self.interrupt):
            self._executor.execute(self._plan.phases)
        self._report_dropped()
        self.warn.close()
        self.progress.raise_failure()

    def interrupt(self, name: str) -> None:
        """Finish the steps that have started, without waiting for retries, and start no further step."""
        self.client.stop()
        self.progress.interrupt(name)

    # -- phases ------------------------------------------------------------------------------------

    def before_phase(self, steps: Sequence[Step]) -> None:
        """Re-read the groups before the first phase that deletes, disables, renames or removes, and before groups are created."""
        if self.progress.stopped is not None or self._list_groups is None:
            return
        if not self._verified and self._preconditions is not None and any(step.takes_away for step in steps):
            self._verified = True
            try:
                self._preconditions = self._preconditions.with_groups(self._list_groups())
            except errors.DirectoryError as error:
                self._not_verified = error
        if self._new_groups is not None and any(map(self._plan.makes_group, steps)):
            self._new_groups.read(step for step in self._plan.steps if step.action in ("update", "delete"))

    def threads(self, steps: Sequence[Step]) -> int:
        """Return the concurrency, or 1 if steps of the phase depend on each other: their order then matters."""
        here = set(steps)
        ordered = any(needed in here for step in steps for needed in self._plan.needs.get(step, ()))
        return 1 if ordered else min(self._concurrency, len(steps))

    def after_phase(self, steps: Sequence[Step]) -> None:
        """Delete a new group of the phase if another task created a group with the same name first."""
        created = {
            step: self._outcomes[step]
            for step in steps
            if self._plan.makes_group(step) and step in self._outcomes and self._outcomes[step].changed
        }
        if self._new_groups is None or not created or self.progress.stopped is not None:
            return
        try:
            duplicates = list(self._new_groups.duplicates(created))
        except errors.DirectoryError as error:
            self.warn(f"could not check whether another task created groups with the names of the {len(created)} new groups: {error}")
            return
        for step, outcome, twins in duplicates:
            try:
                with errors.attempting(step.attempt):
                    kept = keep_first(self._context, step, outcome, twins)
            except errors.DirectoryError as error:
                self.progress.fail_done(step, error)
                continue
            if kept is not outcome:
                self._executor.record(step, kept)
                self.progress.count_as_unchanged(step.resource.kind, step.action)

    # -- steps -------------------------------------------------------------------------------------

    def begin(self, step: Step) -> Step | None:
        """Return the part of a step that can be applied, and report the rest."""
        reason, error = self._why_not_attempted(step)
        if reason is not None:
            self.progress.fail(step, f"not attempted: {reason}", error)
            return None
        rest = self._remaining(step)
        if rest is not None and not self.progress.start(step):
            self.progress.fail(step, f"not attempted: {self.progress.stopped}")
            return None
        return rest

    def write(self, context: Context, step: Step) -> Outcome:
        """Adopt a group that was created in the meantime. Write any other step."""
        if self._new_groups is not None and self._plan.makes_group(step):
            found = self._new_groups.existing(step)
            if found is not None:
                with errors.attempting(step.attempt):
                    return adopt(context, step, found)
        return write_step(context, step)

    def done(self, step: Step, outcome: Outcome) -> None:
        """Report a step as done."""
        self._dropped.count(step, outcome.not_stored)
        self.progress.done(step, outcome)

    def failed(self, step: Step, error: errors.DirectoryError, outcome: Outcome | None) -> None:
        """Report a step, or the failed part of it, as failed."""
        if isinstance(error.__cause__, errors.NotStoredError):
            self._dropped.count(step, error.__cause__.attributes)
        self.progress.failed(step, error, outcome)

    def _why_not_attempted(self, step: Step) -> tuple[str | None, errors.DirectoryError | None]:
        """Return why a step must not be started, and the error that is the cause; or (None, None)."""
        if self.progress.stopped is not None:
            return self.progress.stopped, None
        needed = next(filter(self.progress.has_failed, self._plan.needs.get(step, ())), None)
        if needed is not None:
            return f"{needed.label} {_not_done(step, needed)}", None
        if self._not_verified is not None and step.takes_away:
            return str(self._not_verified), self._not_verified
        return None, None

    def _remaining(self, step: Step) -> Step | None:
        """Return a step with its precondition, and without the parts that cannot or must not be applied; None: no part is left."""
        rest = step if self._preconditions is None else self._preconditions.with_precondition(step)
        rest, left_out = self._dropped.without_dropped(rest)
        if left_out and step.action == "update" and not rest.changes:
            self._executor.record(step, Outcome(False, step.before))
            self.progress.leave_out(step, f"not attempted: the service does not store {', '.join(sorted(left_out))}")
            return None
        if step.action != "members":
            return rest
        if not step.id and self._state.created_id(step.resource.kind, step.key) is None:
            self.progress.fail(step, "not attempted: the group could not be created")
            return None
        add, remove = self._known_additions(step), self._allowed_removals(step)
        if (add or remove) and self.progress.stopped is not None:
            self.progress.fail(step, f"not attempted: {self.progress.stopped}")
            return None
        return replace(rest, add=add, remove=remove) if add or remove else None

    def _known_additions(self, step: Step) -> list[Member]:
        """Return the members to add that exist. The others could not be created, so their rows fail."""
        unknown = {
            (member.kind, member.name)
            for member in step.add
            if member.id is None and self._state.created_id(member.kind, member.name) is None
        }
        if not unknown:
            return list(step.add)

        def is_unknown(row: dict[str, Any]) -> bool:
            member = row["member"]
            return row["operation"] == "add" and member["id"] is None and (member["kind"], member["name"]) in unknown

        self.progress.fail(step, "not attempted: the member could not be created", None, is_unknown, blocks=False)
        return [member for member in step.add if member.id or (member.kind, member.name) not in unknown]

    def _allowed_removals(self, step: Step) -> list[Member]:
        """Return the members that may still be removed. The rows of the others fail, and so do steps that need their removal."""
        stale = self._preconditions.stale_members(step) if self._preconditions is not None else {}
        for reason in dict.fromkeys(stale.values()):

            def is_stale(row: dict[str, Any], reason: str = reason) -> bool:
                return row["operation"] == "remove" and stale.get(row["member"]["id"]) == reason

            error = errors.ConflictError(reason, operation=step.attempt, hint="Run again")
            self.progress.fail(step, str(error), error, is_stale)
        return [member for member in step.remove if member.id not in stale]

    def _report_dropped(self) -> None:
        """Report each attribute that is no longer sent once, instead of once per user."""
        for option, users in sorted(self._dropped.left_out.items()):
            more = "one more user" if users == 1 else f"{users} more users"
            reason = f"the service ignored the attribute {MAX_DROPS} times, so it was not sent for {more}. Enable it in the PingOne console, or omit it"
            if self._context.on_ignored == "warn":
                self.warn(f"attribute {option}: {reason}")
            else:
                self.progress.fail_attribute(option, users, reason)


def _not_done(step: Step, needed: Step) -> str:
    """Return why a step cannot be applied because a step that it needs has failed; text that follows a subject."""
    if step.action != "members":
        return "has not released the name"
    return "still has the members that were to be removed" if needed.action == "members" else "still exists"
