# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""An access review as CSV."""

from __future__ import annotations

from typing import Any

from .._people import Person
from .._review.access import access_rows, granted_by
from .._review.reading import Reading
from .cells import csv_table
from .labels import about
from .model import Report

# The reviewer fills in the decision.
COLUMNS = (
    "user",
    "display_name",
    "email",
    "manager",
    "active",
    "created",
    "last_login",
    "group",
    "granted_by",
    "decision",
    "directory",
    "as_of",
    "context",
)
_UNKNOWN: Person = {"display_name": None, "email": None, "created": None, "last_login": None}


def access_review(report: Report, reading: Reading, bom: bool = False) -> str:
    """Return the CSV file: one line per user and group, and one line for each user without a group."""
    lines = []
    for row in access_rows(reading):
        path = granted_by(row.path) if row.path else None
        known: dict[str, Any] = {**(row.account.person or _UNKNOWN), "user": row.account.name, "active": row.account.active}
        lines.append({**known, "manager": row.manager, "group": row.group, "granted_by": path, **about(report)})
    return csv_table(COLUMNS, ([line.get(name) for name in COLUMNS] for line in lines), bom)
