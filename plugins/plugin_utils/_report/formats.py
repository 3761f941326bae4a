# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The formats of a report by name.

Each format has its own file and does its own escaping; the texts of a report are already cleaned. The formats return
text. They read no file except the template of the HTML page, and write none.
"""

from __future__ import annotations

import json
from typing import Any, cast

from .._review.reading import read_directory
from .._values import ReportError
from .format_access import access_review
from .format_csv import csv_text
from .format_html import html_page
from .format_junit import junit_xml
from .format_markdown import DEFAULT_LIMIT, markdown
from .format_text import DEFAULT_ROWS, text_lines
from .model import SCHEMA, Report

FORMATS = ("json", "csv", "markdown", "html", "junit", "access", "text")


def render(report: Any, kind: str, reading: Any = None, *, bom: bool = False, limit: int | None = None) -> str:
    """Return a report as text in one format.

    :param report: a dictionary as :func:`.build.build_report` returns it.
    :param kind: one of :data:`FORMATS`.
    :param reading: for ``access``: the users and groups, see ``_review.reading.read_directory``.
    :param bom: whether ``csv`` and ``access`` begin with a byte order mark.
    :param limit: the maximum number of characters of ``markdown``, or of rows of ``text``.
    :raises ReportError: the format is unknown, the report is invalid, or the reading is invalid or missing.
    """
    if kind not in FORMATS:
        raise ReportError(f"unknown format '{kind}'. Valid formats: {', '.join(FORMATS)}")
    if not isinstance(report, dict) or report.get("schema") != SCHEMA or not isinstance(report.get("rows"), list):
        raise ReportError(f"the input is not a report of schema {SCHEMA}. Make one with the filter p1_report_data")
    checked = cast(Report, report)
    if kind == "csv":
        return csv_text(checked, bom)
    if kind == "markdown":
        return markdown(checked, limit or DEFAULT_LIMIT)
    if kind == "html":
        return html_page(checked)
    if kind == "junit":
        return junit_xml(checked)
    if kind == "text":
        return text_lines(checked, limit or DEFAULT_ROWS)
    if kind == "access":
        if reading is None:
            raise ReportError("reading is missing, but the format access requires it. Set reading to the users and groups to review")
        return access_review(checked, read_directory(reading), bom)
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"
