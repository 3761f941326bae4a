# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Build the report of a run from the result of p1_directory and its journal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from ...module_utils._core.dates import now_text
from ...module_utils._core.names import counted
from ...module_utils._plan.exceeded_limits import summary_of_limit
from ...module_utils._plan.steps import OPERATIONS as _COUNTED_AS
from .._people import People
from .._review.results import AssertionResult
from .._values import ReportError, plain, shown, text_or_none
from .journal import Journal, read_journal
from .model import CLASSES, KINDS, SCHEMA, Report, Row, Totals, is_failure, is_finding
from .rows import merge_rows
from .summary import summary_of


def build_report(
    result: Any = None,
    journal: str | Iterable[Any] | None = None,
    *,
    title: Any = None,
    source: Any = None,
    directory: Any = None,
    base_url: Any = None,
    context: Any = None,
    assertions: Any = None,
    check_mode: bool | None = None,
    generated: Any = None,
    refused: Any = None,
    unresolved_refused: bool = False,
    strict: bool = False,
) -> Report:
    """Return the report of one run.

    :param result: the result of p1_directory; None or empty for a report that contains only assertions.
    :param journal: the journal of the same run, see :func:`.journal.read_journal`; that of another plan is ignored.
        Without it, the report contains only the rows of the result, and ``complete`` is false if that was truncated.
    :param title, source: the title and the source that the report shows; the default source is in the journal's header.
    :param directory: the name of the directory, shown before its base URL.
    :param base_url: the base URL, used if neither the journal nor the result contains it.
    :param context: a dictionary of strings, such as the job id, the user who launched the job, and the commit.
    :param assertions: the results of ``_review.assertions.evaluate``.
    :param check_mode: whether the run was in check mode; used if the journal's header does not state it.
    :param generated: the time of the report as text, or None for the current time.
    :param refused: the result of a p1_directory run that refused this plan; ignored if it has no problems.
    :param unresolved_refused: whether an apply would also refuse the plan because of unresolved rows.
    :param strict: whether undeclared users, groups and memberships count as findings.
    :raises ReportError: the result or the context is not a dictionary, or the journal is not a journal.
    """
    result = {} if result is None else result
    _require_dictionaries(("the result", result), ("context", context or {}))
    run, complete = _run_of(result, journal, check_mode)
    rows = merge_rows(plain(run.plan), plain(run.drift), People(run.people), strict)
    results = plain(assertions or [])
    report: Report = {
        "schema": SCHEMA,
        "title": text_or_none(title or None) or "PingOne directory report",
        "summary": "",
        "generated": text_or_none(generated or None) or now_text(),
        "run": text_or_none(run.header.get("time")),
        "directory": _directory(directory, run.header.get("directory") or result.get("base_url") or base_url),
        "source": text_or_none(source) or text_or_none(run.header.get("source")),
        "check_mode": _check_mode(run, result, check_mode),
        "plan_sha256": text_or_none(result.get("plan_sha256")) or text_or_none(run.header.get("plan_sha256")),
        "requests": _numbers(result.get("api"), ("reads", "writes", "retries", "throttled_seconds")),
        "predicted": _numbers(result.get("predicted") or run.header.get("predicted"), ("reads", "writes")),
        "context": {name: shown(value) for name, value in plain(context or {}).items()},
        "complete": complete,
        "failure": text_or_none(result.get("msg")) if result.get("failed") else None,
        "refusals": _refusals(refused, rows, unresolved_refused),
        "totals": _totals(rows, results, result.get("counts")),
        "rows": rows,
        "assertions": results,
    }
    report["summary"] = summary_of(report)
    return report


def _require_dictionaries(*named: tuple[str, Any]) -> None:
    for name, value in named:
        if not isinstance(value, dict):
            raise ReportError(f"{name} must be a dictionary")


def _directory(name: Any, base_url: Any) -> str | None:
    """Return the directory as reports name it: its name and base URL, or the one that is known."""
    name, base_url = text_or_none(name), text_or_none(base_url)
    return f"{name} ({base_url})" if name and base_url and name != base_url else name or base_url


def _check_mode(run: Journal, result: dict[str, Any], check_mode: bool | None) -> bool | None:
    """Return whether the run was in check mode, or None for a report of assertions only, which has no run."""
    known = run.header.get("check_mode")
    if known is not None:
        return bool(known)
    return check_mode if result else None


def _run_of(result: dict[str, Any], journal: str | Iterable[Any] | None, check_mode: bool | None) -> tuple[Journal, bool]:
    """Return the run that the report is about, and whether it contains the whole plan."""
    run = read_journal(journal) if journal else None
    if run is not None and result.get("plan_sha256") in (None, run.header.get("plan_sha256")):
        return run, True
    # Without a journal, or with the journal of an earlier run, this run was refused before it wrote one.
    return _run_of_result(result, check_mode), not result.get("truncated")


def _run_of_result(result: dict[str, Any], check_mode: bool | None) -> Journal:
    """Return the run as its result describes it, without a journal."""
    # A refused plan has problems, and none of its rows were applied.
    written = check_mode is False and not result.get("problems")
    plan = [{**row, "state": "done" if written else "planned"} for row in result.get("plan") or []]
    drift = [
        {"class": drift_class, **row}
        for drift_class, rows in (result.get("drift") or {}).items()
        if isinstance(rows, list)
        for row in rows
    ]
    _mark_failures(plan, result.get("failed_items") or [])
    if isinstance(result.get("counts"), dict):
        _trust_counts(plan, result["counts"], len(result.get("failed_items") or []))
    return Journal({}, plan, drift, list(result.get("people") or []))


def _trust_counts(plan: list[dict[str, Any]], counts: dict[str, Any], failures: int) -> None:
    """Change the state of rows from ``done`` to ``planned`` if they may not have been applied.

    That is the case if the run counted fewer changes of the kind and operation because it ended early, or if failures
    were truncated from the result, so that the failed rows are unknown.
    """
    cut = sum(numbers.get("failed", 0) for numbers in counts.values()) > failures
    done = Counter((row.get("kind"), row.get("operation")) for row in plan if row["state"] == "done")
    for row in plan:
        kind, operation = row.get("kind"), row.get("operation")
        counted = (counts.get(str(kind)) or {}).get(_COUNTED_AS.get(str(operation)), 0)
        if row["state"] == "done" and (cut or counted < done[kind, operation]):
            row["state"] = "planned"


def _mark_failures(plan: list[dict[str, Any]], failed_items: Sequence[dict[str, Any]]) -> None:
    """Copy the state, the reason and the status of each failure in ``failed_items`` to its planned row."""
    by_key: defaultdict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in plan:
        by_key[row.get("kind"), row.get("key"), row.get("operation")].append(row)
    for item in failed_items:
        rows = by_key.get((item.get("kind"), item.get("key"), item.get("operation")), ())
        failed = [row for row in rows if _has_member(row, item.get("member") or {})]
        if not failed:
            names = ("kind", "key", "operation", "member")
            failed = [{name: item[name] for name in names if item.get(name) is not None}]
            plan += failed
        for row in failed:
            row.update(state="failed", reason=item.get("reason"), status=item.get("status"))


def _has_member(row: dict[str, Any], member: dict[str, Any]) -> bool:
    """Return whether a row is about a member, compared by name or id. Without a member, every row matches."""
    own = row.get("member") or {}
    return not member or own.get("name") == member.get("name") or own.get("id") == member.get("id")


def _numbers(values: Any, names: Sequence[str]) -> dict[str, int | float] | None:
    if not isinstance(values, dict):
        return None
    return {name: values[name] for name in names if isinstance(values.get(name), (int, float))} or None


def _refusals(refused: Any, rows: Sequence[Row], unresolved_refused: bool) -> list[str]:
    """Return why an apply would be refused. Refusals because of a limit omit the object names, which the rows contain."""
    refused = plain(refused) if isinstance(refused, dict) else {}
    limits = {row.get("problem"): summary_of_limit(row) for row in refused.get("exceeded_limits") or []}
    found = [limits.get(problem) or shown(problem) for problem in refused.get("problems") or []]
    unresolved = sum(row["class"] == "unresolved" for row in rows)
    if unresolved and unresolved_refused:
        found.append(f"on_unknown_member is fail, and {counted(unresolved, 'row')} {'is' if unresolved == 1 else 'are'} unresolved")
    return found


def _totals(rows: Sequence[Row], assertions: Sequence[AssertionResult], counts: Any) -> Totals:
    drift = {drift_class: dict.fromkeys(KINDS, 0) for drift_class in CLASSES}
    for row in rows:
        drift[row["class"]][row["kind"]] += 1
    violated = sum(item["status"] != "passed" for item in assertions)
    return {
        "rows": len(rows),
        "findings": sum(map(is_finding, rows)),
        "failed": sum(map(is_failure, rows)),
        "drift": drift,
        "operations": plain(counts) if isinstance(counts, dict) else None,
        "assertions": {"passed": len(assertions) - violated, "violated": violated},
    }
