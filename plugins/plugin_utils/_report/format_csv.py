# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""A report as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._people import Person
from .._review.results import AssertionResult, entries_of
from .cells import csv_table
from .labels import LABELS, about
from .model import Attribute, Report, Row

COLUMNS = (
    "kind",
    "class",
    "name",
    "id",
    "member_kind",
    "member",
    "display_name",
    "email",
    "created",
    "last_login",
    "operations",
    "state",
    "attribute",
    "current",
    "desired",
    "severity",
    "reason",
    "directory",
    "as_of",
    "context",
)
_NO_ATTRIBUTE: Attribute = {"name": "", "current": None, "desired": None}


def csv_text(report: Report, bom: bool = False) -> str:
    """Return the CSV file: one line per attribute of a row (or one line if it has none), then one line per violation."""
    common = about(report)
    return csv_table(COLUMNS, ([{**line, **common}.get(name) for name in COLUMNS] for line in _lines(report)), bom)


def _lines(report: Report) -> Iterator[dict[str, Any]]:
    """Yield each line as a dictionary by column; missing columns are empty."""
    for row in report["rows"]:
        yield from _lines_of_row(row)
    for item in report["assertions"]:
        yield from _lines_of_assertion(item)


def _lines_of_row(row: Row) -> Iterator[dict[str, Any]]:
    member = row["member"] or {"id": None, "kind": None, "name": None}
    status = f" (status {row['status']})" if row["status"] else ""
    for attribute in row["attributes"] or [_NO_ATTRIBUTE]:
        yield {
            "kind": row["kind"],
            "class": LABELS[row["class"]],
            "name": row["key"],
            "id": row["id"],
            "member_kind": member["kind"],
            "member": member["name"] or member["id"],
            **_known(row["person"]),
            "operations": " ".join(row["operations"]),
            "state": row["state"],
            "attribute": attribute["name"],
            "current": attribute["current"],
            "desired": attribute["desired"],
            "reason": f"{row['reason']}{status}" if row["reason"] else None,
        }


def _lines_of_assertion(item: AssertionResult) -> Iterator[dict[str, Any]]:
    """Yield one line per violation, or one line if there are none, with the user as member and the group in ``current``."""
    line = {"kind": "assertion", "class": item["status"].capitalize(), "name": item["name"], "severity": item["severity"]}
    entries = entries_of(item)
    if not entries:
        yield line
    for violation in entries:
        yield {
            **line,
            "member_kind": "user" if violation["user"] else None,
            "member": violation["user"],
            **_known(violation.get("person")),
            "attribute": "group" if violation["group"] else None,
            "current": violation["group"],
            "reason": violation["text"],
        }


def _known(person: Person | None) -> dict[str, Any]:
    return {**person} if person else {}
