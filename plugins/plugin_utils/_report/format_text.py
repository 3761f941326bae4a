# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""A report as a few lines for a log."""

from __future__ import annotations

from ...module_utils._core.names import counted
from .._people import person_line
from .._review.results import AssertionResult, entries_of
from .labels import LABELS, line, object_of, state_of
from .model import TAKING, Report, Row, danger, is_failure, is_finding
from .summary import conclusion

_PREPOSITION = {"remove": "from", "add": "to"}

DEFAULT_ROWS = 20
MAX_VIOLATIONS = 5  # listed per assertion
MAX_TAKING_ROWS = 100  # limit for rows that remove something, which an approver must see


def text_lines(report: Report, limit: int = DEFAULT_ROWS) -> str:
    """Return the first findings, removals first, followed by a line with the counts and the hash of the plan.

    :param limit: the maximum number of rows to list; up to :data:`MAX_TAKING_ROWS` removals are listed in any case.
    """
    lines = _rows(report, limit)
    lines += [_assertion(item) for item in report["assertions"] if item["status"] != "passed"]
    lines += [line(f"an apply would be refused: {refusal}") for refusal in report.get("refusals") or []]
    return "\n".join([*lines, conclusion(report)]) + "\n"


def _rows(report: Report, limit: int) -> list[str]:
    rows = sorted((row for row in report["rows"] if is_finding(row) or is_failure(row)), key=danger)
    taking = sum(not set(TAKING).isdisjoint(row["operations"]) for row in rows)
    listed = rows[: max(limit, min(taking, MAX_TAKING_ROWS))]
    lines = [_row(row) for row in listed]
    if len(rows) > len(listed):
        cut = max(0, taking - len(listed))
        lines.append(
            f"- and {len(rows) - len(listed)} more" + (f", {cut} of them to delete, disable or remove" if cut else "")
        )
    return lines


def _assertion(item: AssertionResult) -> str:
    """Return the line of a violated assertion: the number of violations, and the first of them."""
    entries = [entry["text"] for entry in entries_of(item)]
    more = [f"and {len(entries) - MAX_VIOLATIONS} more"] if len(entries) > MAX_VIOLATIONS else []
    result = item["status"] if item["status"] == "error" else counted(len(item["violations"]), "violation")
    return line(f"- {item['severity']} assertion '{item['name']}': {result}: {'; '.join(entries[:MAX_VIOLATIONS] + more)}")


def _row(row: Row) -> str:
    kind = "" if row["kind"] == "membership" else f"{row['kind']} "
    person = person_line(row["person"])
    parts = [
        f"- {', '.join(row['operations']) or LABELS[row['class']].lower()} {kind}{object_of(row, _PREPOSITION.get(''.join(row['operations']), 'in'))}",
        ", ".join(item["name"] for item in row["attributes"]) if row["class"] == "different" else "",
        state_of(row) if row["state"] != "planned" else "",
        row["reason"] or "",
    ]
    parts[0] += f" ({person})" if person else ""
    return line("; ".join(part for part in parts if part))
