# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The executor: applies the steps of a plan, phase by phase, sequentially or in several threads.

The plan for a single object has one phase and is run by :class:`ObjectRun`. :mod:`.directory_run` runs a whole directory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from .._core import errors
from .outcome import Outcome, StepError
from .writer import write_step

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .context import Context


class Run(Protocol):
    """Makes the decisions about the steps of a run, and handles their outcomes."""

    def before_phase(self, steps: Sequence[Step]) -> None:
        """Prepare a phase."""

    def threads(self, steps: Sequence[Step]) -> int:
        """Return the maximum number of concurrent steps of a phase."""

    def begin(self, step: Step) -> Step | None:
        """Return the part of a step to apply, or None."""

    def write(self, context: Context, step: Step) -> Outcome:
        """Write the remaining part of a step."""

    def done(self, step: Step, outcome: Outcome) -> None:
        """Handle the outcome of a step."""

    def failed(self, step: Step, error: errors.DirectoryError, outcome: Outcome | None) -> None:
        """Handle the failure of a step. The outcome is the part that was completed, if any."""

    def after_phase(self, steps: Sequence[Step]) -> None:
        """Complete a phase."""


class Executor:
    """Applies the phases of a plan without modifying it.

    :param outcomes: dictionary to which the outcome of each step is added, including the completed part of a failed step.
    """

    def __init__(self, context: Context, run: Run, outcomes: dict[Step, Outcome]) -> None:
        self._context = context
        self._run = run
        self._outcomes = outcomes

    def execute(self, phases: Iterable[Sequence[Step]]) -> None:
        """Apply all phases, one after the other.

        :raises DirectoryError: the run raised it for a failed step.
        """
        for steps in phases:
            self._run.before_phase(steps)
            self._execute_phase(steps)
            self._run.after_phase(steps)

    def record(self, step: Step, outcome: Outcome) -> None:
        """Record the outcome of a step."""
        self._outcomes[step] = outcome
        self._context.state.record(step, outcome)

    def _execute_phase(self, steps: Sequence[Step]) -> None:
        queue = deque(steps)
        threads = self._run.threads(steps)
        if threads <= 1:
            self._work(self._context, queue)
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(max_workers=threads) as pool:
            for future in [pool.submit(self._work, self._context.for_thread(), queue) for _thread in range(threads)]:
                future.result()

    def _work(self, context: Context, queue: deque[Step]) -> None:
        while True:
            try:
                step = queue.popleft()
            except IndexError:
                return
            self._carry_out(context, step)

    def _carry_out(self, context: Context, step: Step) -> None:
        rest = self._run.begin(step)
        if rest is None:
            return
        try:
            outcome = self._run.write(context, rest)
        except StepError as error:
            self.record(step, error.outcome)
            self._run.failed(step, error, error.outcome)
        except errors.DirectoryError as error:
            self._run.failed(step, error, None)
        else:
            self.record(step, outcome)
            self._run.done(step, outcome)


class ObjectRun:
    """The run of the steps for one object. The first failure ends it.

    :param after_create: called with the outcome of a create that made an object.
    """

    def __init__(self, after_create: Callable[[Outcome], None]) -> None:
        self._after_create = after_create

    def before_phase(self, steps: Sequence[Step]) -> None:
        """Do nothing."""

    def threads(self, steps: Sequence[Step]) -> int:
        """Return 1, so that the steps run in order."""
        return 1

    def begin(self, step: Step) -> Step | None:
        """Return the whole step."""
        return step

    def write(self, context: Context, step: Step) -> Outcome:
        """Write the step."""
        return write_step(context, step)

    def done(self, step: Step, outcome: Outcome) -> None:
        """Call ``after_create`` after a create."""
        if step.action == "create" and not outcome.found:
            self._after_create(outcome)

    def failed(self, step: Step, error: errors.DirectoryError, outcome: Outcome | None) -> None:
        """Call ``after_create`` after a create, because the next run finds the object and would not call it; then fail.

        :raises DirectoryError: the error of the step.
        """
        if outcome is not None and outcome.changed:
            self.done(step, outcome)
        raise error

    def after_phase(self, steps: Sequence[Step]) -> None:
        """Do nothing."""
