# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The plan of a whole directory: steps with their rows, drift, counts and predicted requests. A frozen value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import accumulate, chain
from typing import Any

from ..._core import errors
from ..._core.names import counted
from ..._scim.members import members_of
from ..._scim.tables import GROUP
from ..exceeded_limits import ExceededLimit
from ..steps import OPERATIONS, Plan, Step
from .drift import Drift, empty_drift
from .hashing import plan_hash
from .people import people_of
from .preconditions import Preconditions
from .rows import MAX_LISTED
from .snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class DirectoryPlan(Plan):
    """A plan for a whole directory.

    :ivar drift: for each drift class a list of ``{kind, key}``, for memberships with ``member``.
    :ivar unchanged: number of desired objects and memberships that need no change, by kind.
    :ivar warnings: one line each.
    :ivar phases: the steps by phase, in the order in which they are applied.
    :ivar needs: for a step, the steps that must succeed before it is attempted.
    :ivar preconditions: the conditions that the executor verifies right before the writes; None: there are no steps.
    :ivar whole: whether the plan is made from the whole desired state; False if some of it could not be read or matched.
    :ivar secret_key: the key for the HMACs of secrets in the hash.
    :ivar snapshot: the directory as it was read.
    """

    drift: Drift = field(default_factory=empty_drift)
    unchanged: Mapping[str, int] = field(default_factory=dict)
    warnings: Sequence[str] = field(default_factory=list)
    phases: tuple[tuple[Step, ...], ...] = ()
    needs: Mapping[Step, Sequence[Step]] = field(default_factory=dict)
    preconditions: Preconditions | None = None
    whole: bool = True
    secret_key: bytes = b""
    snapshot: Snapshot = field(default_factory=partial(Snapshot, {}, {}))

    @cached_property
    def _rows(self) -> dict[Step, list[dict[str, Any]]]:
        return {step: step.rows() for step in self.steps}

    def rows_of(self, step: Step) -> list[dict[str, Any]]:
        """Return the rows of one step. Each call returns the same dictionaries."""
        return self._rows[step]

    @cached_property
    def _first_numbers(self) -> dict[Step, int]:
        ends = accumulate(len(self._rows[step]) for step in self.steps)
        return dict(zip(self.steps, chain((0,), ends)))

    def numbered_rows(self, step: Step) -> dict[int, dict[str, Any]]:
        """Return the rows of one step by number. Numbers start at 0 and continue through the whole plan."""
        return dict(enumerate(self._rows[step], self._first_numbers[step]))

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of all steps."""
        return [row for step in self.steps for row in self.rows_of(step)]

    def people(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the users that appear in rows of the plan or of its drift, as reports show them (see :mod:`.people`)."""
        return people_of(self.snapshot, rows)

    def sha256(self) -> str:
        """Return the hash of the whole plan (see :mod:`.hashing`)."""
        return plan_hash(((step, self.rows_of(step)) for step in self.steps), self.secret_key)

    def approvable_sha256(self) -> str | None:
        """Return the hash that approves the plan; None if the plan is not made from the whole desired state."""
        return self.sha256() if self.whole else None

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of rows per operation, by kind."""
        counts = {
            kind: dict.fromkeys([*OPERATIONS.values(), "unchanged", "failed"], 0)
            for kind in ("user", "group", "membership")
        }
        for row in self.rows():
            counts[row["kind"]][OPERATIONS[row["operation"]]] += 1
        for kind, number in self.unchanged.items():
            counts[kind]["unchanged"] = number
        return counts

    @staticmethod
    def makes_group(step: Step) -> bool:
        """Return whether a step creates a group."""
        return step.action == "create" and step.resource is GROUP

    def predicted(self, chunk: int, group_pages: int = 0) -> dict[str, int]:
        """Return the number of requests for the steps if the service responds as documented: ``{reads, writes}`` (see guide_bulk).

        :param chunk: number of members that one request adds or removes.
        :param group_pages: number of requests for a list of all groups.
        """
        # The executor re-reads the groups before it removes anything, and before and after it creates groups.
        makes_groups = any(map(self.makes_group, self.steps))
        reads = group_pages * (any(step.takes_away for step in self.steps) + 2 * makes_groups)
        writes = 0
        for step in self.steps:
            if step.action == "members":
                writes += -(-len(step.remove) // chunk) + -(-len(step.add) // chunk)
                # The response contains the members, but an empty response does not prove that a group is empty.
                reads += bool(step.remove) and len(step.remove) == len(members_of(step.before or {}))
            else:
                writes += 1
                reads += {"create": 0, "update": 1, "delete": 2}[step.action]
        return {"reads": reads, "writes": writes}


class PlanRefused(errors.InputError):
    """The refusal of a whole plan.

    :ivar problems: all problems of the plan, one line each.
    :ivar plan: the refused plan.
    :ivar exceeded: for each problem that is an exceeded limit, that limit.
    """

    def __init__(
        self, problems: Sequence[str], plan: DirectoryPlan, exceeded: Mapping[str, ExceededLimit] | None = None
    ) -> None:
        lines = _by_reason(problems)
        shown = lines[:MAX_LISTED]
        more = f"; and {len(lines) - len(shown)} more" if len(lines) > len(shown) else ""
        head = "" if len(problems) == 1 else f"{len(problems)} problems: "
        super().__init__(f"{head}{'; '.join(shown)}{more}")
        self.problems = problems
        self.plan = plan
        self.exceeded = exceeded or {}


def _by_reason(problems: Sequence[str]) -> list[str]:
    """Return one line per reason: the first problem, and the number of other places with the same problem.

    If a group is missing, each of 500 rows of a feed has this problem, and the message would list 20 of them.
    """
    places: dict[str, list[str]] = {}
    for problem in problems:
        place, separator, reason = problem.partition(": ")
        places.setdefault(reason if separator else place, []).append(problem)
    return [first if not others else f"{first} (and in {counted(len(others), 'more place')})" for first, *others in places.values()]
