# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""A report as one self-contained HTML page, without scripts and without requests to other files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment

from .._people import account_dates, identity_texts
from .._values import shown
from .labels import HASH, LABELS, MEANINGS, PLURALS, by_class, facts, state_of, visible
from .model import CLASSES, KINDS, Report, Row, is_finding

TEMPLATE = Path(__file__).parents[1] / "report.html.j2"

_BAR = 1000.0  # width of a bar in SVG units
_MIN_SEGMENT = 12.0  # in SVG units, so that one row out of ten thousand is visible


@dataclass(frozen=True)
class Segment:
    """The part of a bar for one class: its number of rows, start, and width."""

    name: str
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    """The bar of one kind of object."""

    kind: str
    total: int
    segments: Sequence[Segment]


def html_page(report: Report) -> str:
    """Return the page; Jinja escapes every value in it."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["shown"] = _shown
    environment.filters["identity"] = identity_texts
    environment.filters["account_dates"] = account_dates
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        report=report,
        facts=facts(report),
        sections=[(drift_class, rows, _by_kind(rows)) for drift_class, rows in by_class(report)],
        kinds=KINDS,
        plurals=PLURALS,
        classes=CLASSES,
        findings={row["class"] for row in report["rows"] if is_finding(row)},
        labels=LABELS,
        meanings=MEANINGS,
        hash_label=HASH,
        totals=report["totals"]["drift"],
        bars=[_bar(kind, report["totals"]["drift"]) for kind in KINDS],
        state_of=state_of,
        verdict=_verdict(report),
    )


def _shown(value: Any) -> str:
    return visible(shown(value))


def _by_kind(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    grouped = ((kind, [row for row in rows if row["kind"] == kind]) for kind in KINDS)
    return [(kind, found) for kind, found in grouped if found]


def _verdict(report: Report) -> str:
    """Return which of the four styles of the page header applies."""
    totals = report["totals"]
    if report["failure"] or totals["failed"]:
        return "failed"
    if totals["findings"]:
        return "drift"
    return "violated" if totals["assertions"]["violated"] else "fine"


def _bar(kind: str, totals: dict[str, dict[str, int]]) -> Bar:
    counts = [(name, totals[name][kind]) for name in CLASSES if totals[name][kind]]
    total = sum(number for _name, number in counts)
    widths = [max(_MIN_SEGMENT, _BAR * number / total) for _name, number in counts]
    scale = _BAR / sum(widths) if widths else 0
    start, segments = 0.0, []
    for (name, number), width in zip(counts, widths):
        segments.append(Segment(name, number, round(start, 1), round(width * scale, 1)))
        start += width * scale
    return Bar(kind, total, segments)
