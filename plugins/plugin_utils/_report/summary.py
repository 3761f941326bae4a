# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The summary line of a report: differences from the declaration, and undeclared objects."""

from __future__ import annotations

from collections.abc import Sequence

from ...module_utils._core.names import counted
from .labels import count_classes, line, object_of, operations
from .model import FINDINGS, KINDS, Report, Row, is_finding, is_undeclared

MAX_NAMED = 3  # of each kind


def summary_of(report: Report) -> str:
    """Return one line that summarizes the differences from the declaration; it begins with ``Drift`` if there is drift.

    The line also counts undeclared users, groups and memberships that are not drift, and names the first of them, so that
    a directory with undeclared objects is never reported as being exactly as declared.
    """
    totals = report["totals"]
    if report["failure"] and not totals["failed"]:
        return "Failed: " + " ".join(report["failure"].split())
    done = sum(row["state"] == "done" for row in report["rows"])
    changed = [f"{counted(done, 'object')} {'was' if done == 1 else 'were'} changed"] if done else []
    undeclared = [f"not declared: {text}"] if (text := undeclared_text(report["rows"])) else []
    findings = [row for row in report["rows"] if is_finding(row)]
    if findings:
        failed = [f"{totals['failed']} could not be changed"] if totals["failed"] else []
        return "Drift: " + "; ".join([*_declared(findings), *undeclared, *failed, *changed])
    if not report["rows"] and report["plan_sha256"] is None and report["assertions"]:
        return _assertions(report)
    if report["refusals"] and report["plan_sha256"] is None:
        return "Not compared: the desired state has problems"  # only a plan of the whole desired state has a hash
    if undeclared:
        return "; ".join(["No drift in declared objects", *undeclared, *changed])
    return "; ".join(["No drift: the directory is as declared", *changed])


def _declared(findings: Sequence[Row]) -> list[str]:
    """Return the counts of findings about declared objects, by class and kind."""
    rows = [row for row in findings if row["class"] in FINDINGS]
    numbers = {kind: sum(row["kind"] == kind for row in rows) for kind in KINDS}
    by_kind = ", ".join(counted(number, kind) for kind, number in numbers.items() if number)
    return [f"{count_classes(rows)} ({by_kind})"] if rows else []


def undeclared_text(rows: Sequence[Row]) -> str:
    """Return the undeclared objects by kind, with the first names: ``2 users (eve, mallory), 1 membership (eve in Sales)``."""
    texts = []
    for kind in KINDS:
        found = [row for row in rows if row["kind"] == kind and is_undeclared(row)]
        if found:
            names = [line(object_of(row)) for row in found[:MAX_NAMED]] + ["…"] * (len(found) > MAX_NAMED)
            texts.append(f"{counted(len(found), kind)} ({', '.join(names)})")
    return ", ".join(texts)


def _assertions(report: Report) -> str:
    """Return how many assertions are violated, as text; "" if the report has no assertions."""
    violated, number = report["totals"]["assertions"]["violated"], len(report["assertions"])
    if not number:
        return ""
    return f"{violated} of {number} assertions violated" if violated else "All assertions passed"


def conclusion(report: Report) -> str:
    """Return the summary, the assertions, the operations and the hash of the plan as one line for the console."""
    plan = f"plan {report['plan_sha256']}" if report["plan_sha256"] else ""
    directory = f"directory {report['directory']}" if report["directory"] else ""
    texts = (report["summary"], _assertions(report), operations(report), directory, plan)
    return line("; ".join(dict.fromkeys(text for text in texts if text)))
