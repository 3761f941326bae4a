# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Texts that several formats share: labels of classes and kinds, facts of the run, names and counts of rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .model import CLASSES, OPERATIONS, Report, Row

HASH = "Plan hash"  # the label of the only monospace value

LABELS = {
    "extra": "Removed",
    "different": "Different",
    "missing": "Missing",
    "unresolved": "Unresolved",
    "protected": "Protected",
    "unmanaged": "Not declared",
}
# Explains each class to readers who do not have the documentation.
MEANINGS = {
    "extra": "not declared, will be removed",
    "different": "differs from the declaration",
    "missing": "declared, but missing",
    "unresolved": "declared, but cannot be resolved to one object",
    "protected": "would be removed by a rule, but is protected",
    "unmanaged": "not declared, kept",
}
_COUNTED = {**{name: label.lower() for name, label in LABELS.items()}, "extra": "to remove"}
PLURALS = {"user": "users", "group": "groups", "membership": "memberships"}

# Characters that change the direction of the following text, which could make one name look like another.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Replace the characters in a text that change its direction with U+FFFD."""
    return _BIDI.sub("\ufffd", text)


def line(text: str) -> str:
    """Return text as one line, without characters that change its direction."""
    return " ".join(visible(text).split())


def object_of(row: Row, preposition: str = "in") -> str:
    """Return the name of a row: the user or the group, or the member and its group.

    :param preposition: the word between the member and its group.
    """
    if row["kind"] != "membership":
        return row["key"]
    member = row["member"] or {"id": None, "kind": None, "name": None}
    return f"{member['kind'] or 'member'} {member['name'] or member['id'] or '?'} {preposition} {row['key']}"


def heading(report: Report) -> str:
    """Return the title of a report with the name of its directory."""
    return f"{report['title']}: {report['directory']}" if report.get("directory") else report["title"]


def state_of(row: Row) -> str:
    """Return the state of a row in words, or '' if there was nothing to do."""
    if row["state"] == "failed":
        return "failed" + (f" (status {row['status']})" if row["status"] else "")
    return {"none": "", "interrupted": "in progress when the run ended"}.get(row["state"], row["state"])


def by_class(report: Report) -> list[tuple[str, list[Row]]]:
    """Return the classes that have rows, each with its rows."""
    grouped = ((name, [row for row in report["rows"] if row["class"] == name]) for name in CLASSES)
    return [(name, rows) for name, rows in grouped if rows]


def operations(report: Report) -> str:
    """Return one line with the planned or completed changes by operation; '' if there are none."""
    parts = []
    for state in ("planned", "done", "failed", "interrupted"):
        rows = [row for row in report["rows"] if row["state"] == state]
        numbers = {name: sum(name in row["operations"] for row in rows) for name in OPERATIONS}
        counted = ", ".join(f"{number} {name}{'s' if number > 1 else ''}" for name, number in numbers.items() if number)
        if counted:
            parts.append(f"{state}: {counted}")
    return "; ".join(parts)


def about(report: Report) -> dict[str, str | None]:
    """Return the last columns of every line of a CSV file: the directory, the time and the context."""
    context = "; ".join(f"{name}: {value}" for name, value in (report.get("context") or {}).items())
    return {"directory": report.get("directory"), "as_of": report.get("run") or report.get("generated"), "context": context}


def facts(report: Report) -> list[tuple[str, str]]:
    """Return the facts of the run as pairs of label and text: when, where, from which source, requests, context."""
    pairs = [
        ("Directory", report.get("directory")),
        ("Source", report.get("source")),
        ("Time", report.get("run") or report.get("generated")),
        ("Mode", _mode(report)),
        ("Operations", operations(report)),
        ("Apply would be refused", "; ".join(report.get("refusals") or [])),
        ("Requests", _requests(report)),
        (HASH, report.get("plan_sha256")),
        *report.get("context", {}).items(),
        ("Failure", report.get("failure")),
    ]
    if not report.get("complete", True):
        pairs.append(("Incomplete", "the result was truncated; the totals count more rows than are listed here"))
    return [(name, str(value)) for name, value in pairs if value]


def _mode(report: Report) -> str:
    """Return what the run wrote, derived from the rows and the run's counts; "" for a report without a run."""
    if report.get("check_mode") is None:
        return ""
    if report["check_mode"]:
        return "check mode: nothing was written"
    counts = (report["totals"].get("operations") or {}).values()
    counted = any(number for numbers in counts for name, number in numbers.items() if name not in ("unchanged", "failed"))
    written = counted or any(row["state"] == "done" for row in report["rows"])
    return "changes were made" if written else "nothing was changed"


def _requests(report: Report) -> str:
    requests, predicted = report.get("requests") or {}, report.get("predicted") or {}
    parts = []
    if requests:
        parts.append(f"{requests.get('reads', 0)} reads, {requests.get('writes', 0)} writes")
        if requests.get("retries"):
            parts.append(f"{requests['retries']} of them repeated")
        if predicted:
            parts.append(f"{predicted.get('writes', 0)} writes predicted")
    elif predicted:
        parts.append(f"{predicted.get('reads', 0)} reads and {predicted.get('writes', 0)} writes predicted")
    return "; ".join(parts)


def count_classes(rows: Sequence[Row]) -> str:
    """Return the numbers of the findings of each class, such as ``3 to remove, 1 different``."""
    numbers = {name: sum(row["class"] == name for row in rows) for name in CLASSES}
    return ", ".join(f"{number} {_COUNTED[name]}" for name, number in numbers.items() if number)
