# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Runner: carries out the plan of a whole directory, phase by phase, several steps at once.

One item's failure leaves the others going; a refused key or a lost service stops all. Whatever was not done
is told, each with its reason. Being interrupted (SIGINT, SIGTERM) stops between two steps.
"""

from __future__ import annotations

import signal
import threading
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from .._core.dotted import clears, concerns, without
from .._core.errors import ConflictError, DirectoryError, NotStoredError, one_line
from .._core.names import normalize_id, normalize_name, same_id, show
from .._plan.directory.snapshot import Snapshot
from .._plan.steps import OPERATIONS
from .._scim.tables import GROUP, USER
from .._service.lookup import Lookup
from .outcome import Outcome, StepError
from .writer import Writer

# So many times an attribute is dropped before it is taken for one that is not enabled in this directory.
MAX_DROPS = 2


# Of these the loss is no matter of what is enabled: an account stays open, or keeps its name.
NEVER_DROPPED = ("active", USER.key.option)


MAX_WARNINGS = 20


class Interrupted(DirectoryError):
    """The run was told to stop."""

    fatal = True


class SomeFailedError(DirectoryError):
    """Some of many changes failed; what is told is the first of them, and how many there were."""

    def __init__(self, first, total):
        reason = str(first)
        if total > 1:
            reason = f"{total} changes failed or were not attempted; the first: {reason}"
        super().__init__(reason, status=first.status, detail=first.detail)
        self._first = first

    @property
    def failure(self):
        return self._first.failure


class Executor:
    """Carries out one :class:`DirectoryPlan`, which stays as it is: what is left out of a step makes another one of it.

    :param journal: what is told of each row as it happens; anything with ``row(state, row, reason)``.
    :param on_error: ``continue`` or ``stop``.
    :param list_groups: reads all groups anew, by id; None: that is not needed.
    :ivar outcomes: for each step carried out its :class:`Outcome`.
    :ivar failed_items: rows ``{kind, key, operation, status, reason}``.
    """

    def __init__(
        self,
        client,
        plan,
        *,
        journal,
        warn,
        on_ignored="fail",
        on_error="continue",
        concurrency=4,
        known_ids=(),
        list_groups=None,
    ):
        self.client = client
        self.plan = plan
        self.journal = journal
        self.on_ignored = on_ignored
        self.on_error = on_error
        self.concurrency = max(1, concurrency)
        self.known_ids = set(map(normalize_id, known_ids))
        self.list_groups = list_groups
        self.outcomes = {}
        self.failed_items = []
        self.first_error: DirectoryError | None = None
        self._warn = warn
        self._warned = 0
        self._failed_steps = set()
        self._failed_rows = Counter()
        self._done_rows = Counter()
        self._told = set()
        self._created = {}
        self._gone = set()
        self._dropped = Counter()
        self._skipped_for = Counter()
        self._stop = None
        self._groups_now: Snapshot | DirectoryError | None = None
        self._preconditions = plan.preconditions
        self._verified: DirectoryError | bool = False  # whether preconditions know the groups, or why they cannot
        self._lock = threading.Lock()
        self._local = threading.local()

    def run(self):
        """Carry out all phases.

        :raises DirectoryError: something failed; ``failed_items`` tells all of it.
        """
        with self._stopping_on_signals():
            for steps in self.plan.phases:
                if not self._verified and any(step.takes_away for step in steps):
                    self._verify_preconditions()
                if self.list_groups is not None and any(map(self.plan.makes_group, steps)):
                    self._read_groups_anew()
                self._run_phase(steps)
                if self.list_groups is not None and any(map(self.plan.makes_group, steps)):
                    self._settle_twins(steps)
        self._report_dropped()
        if self._warned > MAX_WARNINGS:
            self._warn(f"{self._warned - MAX_WARNINGS} more warnings of this kind are left out")
        if self.first_error is not None:
            raise SomeFailedError(self.first_error, len(self.failed_items))

    def _run_phase(self, steps):
        # Steps that wait for each other stand in order, and one thread keeps it.
        here = set(steps)
        ordered = any(needed in here for step in steps for needed in self.plan.needs.get(step, ()))
        queue = deque(steps)
        workers = 1 if ordered else min(self.concurrency, len(steps))
        if workers <= 1:
            self._work(queue)
            return
        with ThreadPoolExecutor(max_workers=workers) as pool:
            for future in [pool.submit(self._work, queue) for _worker in range(workers)]:
                future.result()

    def _work(self, queue):
        while True:
            try:
                step = queue.popleft()
            except IndexError:
                return
            self._carry_out(step)

    def _carry_out(self, step):
        if self._stop is not None:
            self._fail(step, None, f"not attempted: {self._stop}")
            return
        needed = next((needed for needed in self.plan.needs.get(step, ()) if needed in self._failed_steps), None)
        if needed is not None:
            self._fail(step, None, f"not attempted: {needed.label} {_left_undone(step, needed)}")
            return
        if isinstance(self._verified, DirectoryError) and step.takes_away:
            self._fail(step, self._verified, f"not attempted: {self._verified}")
            return
        rest = self._rest_of(step)
        if rest is None:
            return
        if not all(self._tell("started", row) for row in self._open_rows(step)):
            # What cannot be told is not done: the journal is what the next run, or a person, goes by.
            self._fail(step, None, f"not attempted: {self._stop}")
            return
        try:
            outcome = self._taken_group(rest) or self._writer().carry_out(rest)
        except StepError as error:
            self._note(step, error.outcome)
            self._failed(step, error)
        except DirectoryError as error:
            self._failed(step, error)
        else:
            self._note(step, outcome)
            self._count_dropped(step, outcome.not_stored)
            self._done(step, self._open_rows(step))

    def _verify_preconditions(self):
        """Read the groups once more before the first step that takes something away."""
        self._verified = True
        if self._stop is not None or self.list_groups is None or self._preconditions is None:
            return
        try:
            self._preconditions = self._preconditions.with_groups(self.list_groups())
        except DirectoryError as error:
            self._verified = error

    def _rest_of(self, step):
        """What is to be carried out of a step, as far as is known by now; None: nothing."""
        rest = step if self._preconditions is None else self._preconditions.with_precondition(step)
        for leave_out in (self._without_dropped, self._with_known_members, self._without_stale):
            rest = rest and leave_out(step, rest)
        return rest

    def _without_stale(self, step, rest):
        """What is left of a step without members that must not be removed any more; None: nothing.

        They fail: whatever waits for their removal is not attempted.
        """
        stale = self._preconditions.stale_members(step) if self._preconditions is not None else {}
        if not stale:
            return rest
        removals = [row for row in self._open_rows(step) if row["operation"] == "remove"]
        for reason in dict.fromkeys(stale.values()):
            error = ConflictError(reason, operation=step.attempt, hint="Run again")
            self._fail(
                step, error, str(error), [row for row in removals if stale.get(row["member"]["id"]) == reason]
            )
        kept = [member for member in step.remove if member.id not in stale]
        if not rest.add and not kept:
            return None
        if self._stop is not None:
            self._fail(step, None, f"not attempted: {self._stop}")
            return None
        return replace(rest, remove=kept)

    def _read_groups_anew(self):
        """Names of groups are not unique, so that a create does not find out who else has made one since they were read."""
        if self._stop is not None:
            return
        moving = {normalize_id(step.id) for step in self.plan.steps if step.action in ("update", "delete")}
        try:
            groups = self.list_groups()
        except DirectoryError as error:
            self._groups_now = error
        else:
            # Those that this run has renamed or deleted may still show as they were.
            self._groups_now = Snapshot({}, {key: group for key, group in groups.items() if normalize_id(key) not in moving})

    def _settle_twins(self, steps):
        """Look for groups that others created under the names of this run's new groups at the same moment."""
        made = [
            step
            for step in steps
            if self.plan.makes_group(step) and step in self.outcomes and self.outcomes[step].changed
        ]
        if not made or self._stop is not None:
            return
        try:
            now = Snapshot({}, self.list_groups())
        except DirectoryError as error:
            self.warn(f"whether others created groups of the names of the {len(made)} new groups is not known: {error}")
            return
        for step in made:
            outcome = self.outcomes[step]
            twins = [
                now.groups[group_id]
                for group_id in now.ids_called(GROUP, GROUP.name_of(outcome.representation))
                if normalize_id(group_id) not in self.known_ids
                and not same_id(group_id, outcome.representation["id"])
            ]
            if not twins:
                continue
            try:
                settled = self._writer().settle_twins(step, outcome, twins)
            except DirectoryError as error:
                self._fail(step, error, str(error), self.plan.rows_of(step))
                continue
            if settled is not outcome:
                self._note(step, settled)
                self._done_rows[GROUP.kind, OPERATIONS["create"]] -= 1
                self._done_rows[GROUP.kind, "unchanged"] += 1

    def _taken_group(self, step):
        """For a group to be made that is there by now: the outcome of having found it.

        :raises DirectoryError: it cannot be told, or it is one that was known under another name.
        """
        if self._groups_now is None or not self.plan.makes_group(step):
            return None
        if isinstance(self._groups_now, DirectoryError):
            raise self._groups_now
        found = self._groups_now.called(GROUP, step.key)
        if found is None:
            return None
        if normalize_id(found["id"]) in self.known_ids:
            raise ConflictError(
                f"group {found['id']} is called {show(step.key)} by now", hint="Run again to plan anew"
            )
        return Outcome(False, found, found=True)

    def _open_rows(self, step):
        """The planned rows of a step of which neither success nor failure was told."""
        return [row for row in self.plan.rows_of(step) if id(row) not in self._told]

    def _tell(self, state, row, **extra):
        """Write to the journal; whether it could be. A journal that fails stops the run."""
        try:
            self.journal.row(state, row, **extra)
        except DirectoryError as error:
            with self._lock:
                self._stop = self._stop or error.reason
                self.first_error = self.first_error or error
            return False
        return True

    def _writer(self):
        writer = getattr(self._local, "writer", None)
        if writer is None:
            # A look-up of its own for each thread: it keeps what it has read, and is asked only when something went wrong.
            writer = Writer(self.client, Lookup(self.client), self.warn, self.on_ignored, self.known_ids)
            writer.created = self._created
            writer.gone = self._gone
            writer.looks_for_twins = False
            self._local.writer = writer
        return writer

    def warn(self, text):
        with self._lock:
            self._warned += 1
            if self._warned > MAX_WARNINGS:
                return
        self._warn(text)

    # -- what came of it ---------------------------------------------------------------------------

    def _note(self, step, outcome):
        with self._lock:
            self.outcomes[step] = outcome
            found = outcome.representation
            if step.action == "create" and found is not None:
                # Also where somebody else was quicker: members are told by the name it was to get.
                self._created[step.resource.kind, normalize_name(step.key)] = found["id"]

    def _done(self, step, rows):
        outcome = self.outcomes[step]
        now = (outcome.representation or {}).get("id")
        for row in rows:
            self._told.add(id(row))
            self._tell("done", row, id=now if row["id"] is None else None)
            with self._lock:
                # Somebody else may have done it in between; then it is as wished, and nothing was changed.
                self._done_rows[row["kind"], OPERATIONS[row["operation"]] if outcome.changed else "unchanged"] += 1

    def _failed(self, step, error):
        outcome = self.outcomes.get(step)
        rows = self._open_rows(step)
        cause = error.__cause__
        if step.action == "create" and outcome is None:
            # The writer may have found somebody of the name, and refused to take them for whom the wish is about.
            self._created.pop((step.resource.kind, normalize_name(step.key)), None)
        if isinstance(cause, NotStoredError):
            self._count_dropped(step, cause.attributes)
        operation = None
        if outcome is not None and step.action == "members":
            did = {("add", member.id) for member in outcome.added} | {
                ("remove", member.id) for member in outcome.removed
            }
            done = [row for row in rows if (row["operation"], self._member_id(row["member"])) in did]
        elif outcome is not None and step.action == "create" and outcome.changed:
            # It was made, and something about it is not as wished: both have to be told.
            done, operation = rows, "update"
        elif outcome is not None and step.action == "update" and outcome.changed:
            lost = set(outcome.not_stored)
            done = [row for row in rows if not any(concerns(name, lost) for name in row["changes"])]
        else:
            done = []
        if done:
            self._done(step, done)
        told = {id(row) for row in done}
        rest = rows if operation else [row for row in rows if id(row) not in told]
        self._fail(step, error, str(error), rest, operation)

    def _member_id(self, member):
        return member["id"] or self._created.get((member["kind"], normalize_name(member["name"] or "")))

    def _fail(self, step, error, reason, rows=None, operation=None, whole=True):
        """Tell that a step, or some rows of it, failed.

        :param operation: what failed, where it is not what the rows say.
        :param whole: whether the steps that need this one are not attempted either.
        """
        rows = self._open_rows(step) if rows is None else rows
        for row in rows:
            self._told.add(id(row))
            self._tell("failed", {**row, "operation": operation or row["operation"]}, planned=row, reason=reason)
        first = rows[0] if rows else {"kind": step.resource.kind, "operation": step.action}
        item = {
            "kind": first["kind"],
            "key": step.key,
            "operation": operation or first["operation"],
            "status": error.status if error is not None else None,
            "reason": one_line(reason, 1000),
        }
        if len(rows) == 1 and "member" in first:
            item["member"] = first["member"]
        with self._lock:
            if whole:
                self._failed_steps.add(step)
            self._failed_rows[first["kind"]] += max(1, len(rows))
            self.failed_items.append(item)
            if error is not None:
                if self.first_error is None:
                    self.first_error = error
                if self._stop is None and error.fatal:
                    self._stop = f"after {one_line(error.reason, 200)}"
                elif self._stop is None and self.on_error == "stop":
                    self._stop = f"on_error is stop, and {step.label} failed"

    def counts(self):
        """Like the plan's counts, of what was really done."""
        counts = self.plan.counts()
        for kind, numbers in counts.items():
            for operation in OPERATIONS.values():
                numbers[operation] = self._done_rows[kind, operation]
            numbers["unchanged"] += self._done_rows[kind, "unchanged"]
            numbers["failed"] = self._failed_rows[kind]
        return counts

    # -- members and attributes --------------------------------------------------------------------

    def _with_known_members(self, step, rest):
        """What is left of a step without members that could not be created before; None: nothing."""
        if step.action != "members":
            return rest
        if step.id is None and (step.resource.kind, normalize_name(step.key)) not in self._created:
            self._fail(step, None, "not attempted: the group could not be created")
            return None
        lost = [
            member for member in step.add if member.id is None and (member.kind, normalize_name(member.name)) not in self._created
        ]
        if not lost:
            return rest
        names = {(member.kind, member.name) for member in lost}
        rows = [
            row
            for row in self._open_rows(step)
            if row["operation"] == "add"
            and row["member"]["id"] is None
            and (row["member"]["kind"], row["member"]["name"]) in names
        ]
        self._fail(step, None, "not attempted: the member could not be created", rows, whole=False)
        kept = [member for member in step.add if member.id or (member.kind, member.name) not in names]
        return replace(rest, add=kept) if kept or step.remove else None

    def _count_dropped(self, step, names):
        """Note what a user's write did not keep: an attribute that was set, or one that was cleared."""
        if step.resource is not USER or step.desired is None:
            return
        with self._lock:
            for name in names:
                cleared = clears(step.desired.values, name)
                if cleared is not None and name not in NEVER_DROPPED:
                    self._dropped[name, cleared] += 1

    def _without_dropped(self, step, rest):
        """What is left of a step without attributes that the service keeps dropping; None: nothing."""
        if step.resource is not USER or step.desired is None or step.action == "delete":
            return rest
        with self._lock:
            dropped = [key for key, times in self._dropped.items() if times >= MAX_DROPS]
        names = {name for name, cleared in dropped if clears(step.desired.values, name) is cleared}
        if not names:
            return rest
        skipped = {name for name in names if any(concerns(change[0], {name}) for change in step.changes)}
        values = step.desired.values
        for name in names:
            values = without(values, name)
        changes = [change for change in step.changes if not concerns(change[0], names)]
        with self._lock:
            self._skipped_for.update(skipped)
        if step.action == "update" and not changes:
            self._note(step, Outcome(False, step.before))
            for row in self._open_rows(step):
                self._told.add(id(row))
                self._tell(
                    "failed", row, reason=f"not attempted: the service does not keep {', '.join(sorted(skipped))}"
                )
            return None
        return replace(rest, desired=replace(step.desired, values=values), changes=changes)

    def _report_dropped(self):
        """One row for an attribute that was given up, in place of one for everybody who should have had it."""
        for option, users in sorted(self._skipped_for.items()):
            more = "one more user" if users == 1 else f"{users} more users"
            reason = f"the service dropped it {MAX_DROPS} times, so it was not sent for {more}; it may have to be enabled in the console"
            if self.on_ignored == "warn":
                self.warn(f"attribute {option}: {reason}")
                continue
            self.failed_items.append(
                {"kind": USER.kind, "key": option, "operation": "update", "status": None, "reason": reason}
            )
            self._failed_rows[USER.kind] += users
            if self.first_error is None:
                self.first_error = NotStoredError(f"attribute {show(option)}: {reason}", attributes=(option,))

    # -- being told to stop ------------------------------------------------------------------------

    def _stopping_on_signals(self):
        return _Signals(self)

    def interrupt(self, name):
        """Finish what is under way, without waiting for a retry, and begin nothing more."""
        self.client.stop()
        self._stop = f"interrupted by {name}"
        if self.first_error is None:
            self.first_error = Interrupted(f"the run was interrupted by {name}")


def _left_undone(step, needed):
    """What the failure of a step that another one needs has left as it was."""
    if step.action != "members":
        return "has not given up the name"
    return "has not lost the members that it was to lose" if needed.action == "members" else "is still there"


class _Signals:
    """For the time of a run, SIGINT and SIGTERM stop it between two steps."""

    def __init__(self, runner):
        self._runner = runner
        self._before = {}

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._handle)
        return self

    def _handle(self, number, _frame):
        self._runner.interrupt(signal.Signals(number).name)

    def __exit__(self, *_unused):
        for number, handler in self._before.items():
            signal.signal(number, handler)
