# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Format the cells of CSV files so that no spreadsheet interprets them as formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from .._values import shown
from .labels import visible

_SIGNS = "=+-@\uff0b\uff0d\uff1d\uff20\u2212"  # some spreadsheets treat the full-width forms like the ASCII signs
_FORMULA = re.compile(rf"\s*[{re.escape(_SIGNS)}]|[\t\r\n]")
# A spreadsheet that uses another separator would start a new cell after it.
_AFTER_SEPARATOR = re.compile(rf"([;|])(?=[\s\"']*[{re.escape(_SIGNS)}])")
_LINE_ENDS = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def cell(value: Any) -> str:
    """Return a value as a one-line cell, with an apostrophe before text that looks like a formula."""
    text = visible(shown(value))
    if _FORMULA.match(text):
        text = "'" + text
    return _AFTER_SEPARATOR.sub(r"\1'", " ".join(_LINE_ENDS.split(text)))


def csv_table(header: Sequence[str], rows: Iterable[Sequence[Any]], bom: bool) -> str:
    """Return the text of a CSV file, with CRLF line ends as in RFC 4180.

    :param bom: whether the file begins with a byte order mark.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return ("\ufeff" if bom else "") + written.getvalue()
