# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Results and diffs of p1_directory, limited to the size of an event that AWX stores."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from ..._core.names import counted
from ..._plan.diff import diff_of, readable_diff
from ..._plan.directory.drift import DRIFT_CLASSES
from ..._plan.directory.plan import DirectoryPlan, PlanRefused
from ..._plan.steps import Step
from ..._scim.members import Member

Row = Mapping[str, Any]

RESULT_BYTES = 400_000  # bytes; AWX drops larger events
RESULT_RESERVE = 40_000  # bytes for counts and messages


def outcome_line(counts: Mapping[str, Mapping[str, int]], plan: DirectoryPlan, written: bool) -> str:
    """Return a one-line summary of a run: the counts that are not zero, and the hash of the plan.

    :param counts: counts by kind and operation.
    :param written: whether the plan was applied; otherwise the line says that it was only planned.
    """
    texts = [
        f"{counted(number, kind)} {operation}"
        for kind, numbers in counts.items()
        for operation, number in numbers.items()
        if number and operation != "unchanged"
    ]
    unchanged = sum(numbers.get("unchanged", 0) for numbers in counts.values())
    start = "Planned, not written (check mode): " if texts and not written else ""
    items = [*(texts or ["Nothing to change"]), *([f"{unchanged} unchanged"] if unchanged else [])]
    return f"{start}{', '.join(items)}; plan {plan.sha256()}"


def refusal_keys(refused: PlanRefused | None) -> dict[str, Any]:
    """Return the additional keys of a result for a refused plan: ``problems``, and ``exceeded_limits`` if there are any."""
    if refused is None:
        return {}
    exceeded = [{"problem": problem, **limit.as_dict()} for problem, limit in refused.exceeded.items()]
    return {"problems": refused.problems, **({"exceeded_limits": exceeded} if exceeded else {})}


def room_for_rows(params: Mapping[str, Any], sensitive: Sequence[str]) -> int:
    """Return the maximum size of the rows of a result in bytes. Ansible adds the options to the result, which takes space, too.

    :param sensitive: options that are not part of the result.
    """
    shown = {name: value for name, value in params.items() if name not in sensitive}
    return max(0, RESULT_BYTES - RESULT_RESERVE - len(json.dumps(shown, default=str)))


def truncate_result(
    result: Mapping[str, Any], max_items: int, room: int, people: Callable[[Iterable[Row]], Iterable[Row]]
) -> dict[str, Any]:
    """Return a result with at most ``max_items`` rows per list and ``room`` bytes of rows. ``truncated`` is set if rows are left out.

    Failures and problems take precedence over the plan, the plan over the drift, and both over the people in them.

    :param people: returns the people in rows.
    """
    cut = {**result, "drift": dict(result["drift"])}
    lists: list[tuple[dict[str, Any], str]] = [(cut, name) for name in ("problems", "exceeded_limits", "failed_items", "plan") if name in cut]
    first = len(lists)
    lists += [(cut["drift"], name) for name in DRIFT_CLASSES]
    room -= room // 4  # Reserve space for the diff, which a verbose run adds.
    truncated = False
    for position, (holder, name) in enumerate(lists):
        share = room // (first + 1 - position if position < first else len(lists) - position)
        kept, used = _rows_that_fit(holder[name][:max_items], share)
        room -= used
        truncated = truncated or len(kept) < len(holder[name])
        holder[name] = kept
    named = list(people(chain(cut["plan"], *cut["drift"].values())))
    cut["people"], _used = _rows_that_fit(named, room)
    return {**cut, "truncated": truncated or len(cut["people"]) < len(named)}


def _rows_that_fit(rows: Iterable[Any], room: int) -> tuple[list[Any], int]:
    """Return the first rows that fit in a number of bytes, and the number of bytes they take."""
    kept: list[Any] = []
    used = 0
    for row in rows:
        length = len(json.dumps(row, default=str)) + 2
        if used + length > room:
            break
        used += length
        kept.append(row)
    return kept, used


def diffs_of(plan: DirectoryPlan, max_items: int, room: int) -> tuple[list[dict[str, Any]], bool]:
    """Return one diff per step, as many as fit, and whether some are left out; the last diff then states that."""
    shown: list[dict[str, Any]] = []
    size = 0
    for step in plan.steps[:max_items]:
        difference = _members_diff(step) if step.action == "members" else diff_of(step)
        size += len(json.dumps(readable_diff(difference)))
        if size > room // 4:
            break
        shown.append(difference)
    left_out = len(plan.steps) - len(shown)
    if left_out:
        shown.append({"prepared": f"{left_out} more differences are not shown. The journal contains the whole plan.\n"})
    return shown, bool(left_out)


def _members_diff(step: Step) -> dict[str, Any]:
    label = f"changed members of {step.label}"

    def side(members: Iterable[Member]) -> dict[str, Any]:
        return {"members": [f"{member.kind} {member.name}" for member in members]}

    return {"before_header": label, "after_header": label, "before": side(step.remove), "after": side(step.add)}
