# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""An access review as CSV."""

from __future__ import annotations

from .._review.access import access_rows, granted_by
from .._review.reading import Reading
from .._values import shown
from .cells import csv_table
from .model import Report

COLUMNS = ("user", "active", "last_login", "group", "granted_by", "directory", "as_of", "context")


def access_review(report: Report, reading: Reading, bom: bool = False) -> str:
    """Return the CSV file: a line a user and group, and one line for a user without any group."""
    about = [report.get("directory"), report.get("run") or report.get("generated"), shown(report.get("context"))]
    rows = (
        [row.user, row.active, row.last_login, row.group, granted_by(row.path) if row.path else None, *about]
        for row in access_rows(reading)
    )
    return csv_table(COLUMNS, rows, bom)
