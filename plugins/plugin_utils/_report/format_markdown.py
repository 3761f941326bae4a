# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""A report as Markdown that fits into a comment on a merge request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .._people import person_line
from .._review.results import AssertionResult, entries_of
from .._values import shown
from .labels import HASH, LABELS, MEANINGS, by_class, facts, heading, line, object_of, state_of
from .model import CLASSES, KINDS, Report, Row

DEFAULT_LIMIT = 60000  # characters; a comment on a merge request is limited to 65,536
MAX_VALUE = 400  # characters of one value; a certificate would fill the comment
_RESERVED = 100  # characters, for the line that counts the omitted rows

# In a table, a pipe and a backslash must be entities; other characters are escaped as usual.
_MARKS = {ord(mark): f"\\{mark}" for mark in "`*_{}[]#~$^!"}
_MARKS.update({ord(mark): f"&{entity};" for mark, entity in zip("&<>\\|", ("amp", "lt", "gt", "#92", "#124"))})
# These characters at the start of a word mention a user or link to a merge request.
_MENTION = re.compile(r"(?<![\w\u200b])([@#!&%~])(?=\w)")
_LINK = re.compile(r"(?i)(https?|ftp|mailto)(:)|\b(www)(\.)")


@dataclass(frozen=True)
class _Section:
    """A table: its heading, the lines before its first row, and its rows."""

    heading: str
    start: Sequence[str]
    rows: Sequence[str]


def markdown(report: Report, limit: int = DEFAULT_LIMIT) -> str:
    """Return the report in at most ``limit`` characters: the rows by class, removals first, then the assertions.

    If the report is too long, it is truncated from its end: the single violations of the assertions are omitted first.
    """
    sections = [(name, _section_of_class(name, rows)) for name, rows in by_class(report)]
    removed = [section for name, section in sections if name == CLASSES[0]]
    others = [section for name, section in sections if name != CLASSES[0]]
    assertions = _assertions(report)
    return _limited(limit, _start(report), [*removed, *assertions[:1], *others, *assertions[1:]])


def escape(value: Any, none: str = "") -> str:
    """Escape a value so that Markdown shows it unchanged, inside and outside a table.

    :param none: the text for an empty value.
    """
    text = line(shown(value, none))
    if len(text) > MAX_VALUE:
        text = text[: MAX_VALUE - 1] + "…"
    text = _MENTION.sub("\\1\u200b", text).translate(_MARKS)
    return _LINK.sub(lambda found: (found[1] or found[3]) + ("&#58;" if found[1] else "&#46;"), text)


def _start(report: Report) -> list[str]:
    """Return the head: title, summary, facts and totals."""
    lines = [f"# {escape(heading(report))}", "", f"**{escape(report['summary'])}**", ""]
    lines += ["| | |", "| --- | --- |"]
    lines += [f"| {escape(name)} | {_fact(name, value)} |" for name, value in facts(report)]
    lines.append("")
    totals = report["totals"]["drift"]
    if report["rows"]:
        lines += ["| Class | Users | Groups | Memberships |", "| --- | ---: | ---: | ---: |"]
        lines += [
            f"| {LABELS[name]} | " + " | ".join(str(totals[name][kind]) for kind in KINDS) + " |"
            for name in CLASSES
            if any(totals[name].values())
        ]
        lines.append("")
    return lines


def _fact(name: str, value: str) -> str:
    # Monospace text is not escaped, so it is used only for values that are certainly a hash.
    return f"`{value}`" if name == HASH and re.fullmatch(r"[0-9a-f]{1,64}", value) else escape(value)


def _assertions(report: Report) -> list[_Section]:
    """Return an overview of the assertions, then the violations of each."""
    if not report["assertions"]:
        return []
    table = ["| | Severity | Assertion | Violations |", "| --- | --- | --- | ---: |"]
    rows = [
        f"| {'✓' if item['status'] == 'passed' else '✗'} | {item['severity']} | {escape(item['name'])} | {len(entries_of(item))} |"
        for item in report["assertions"]
    ]
    return [_Section("## Assertions", table, rows), *map(_violations, report["assertions"])]


def _violations(item: AssertionResult) -> _Section:
    rows = [f"| {escape(entry['text'])} | {escape(person_line(entry.get('person')))} |" for entry in entries_of(item)]
    return _Section(f"### {escape(item['name'])}", ["| Violation | Person |", "| --- | --- |"], rows)


def _section_of_class(drift_class: str, rows: Sequence[Row]) -> _Section:
    table = [
        "| Kind | Object | Person | Operation | Attribute | Current | Desired |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    meaning = MEANINGS[drift_class]
    start = [f"{meaning[0].upper()}{meaning[1:]}.", "", *table]
    return _Section(f"## {LABELS[drift_class]} ({len(rows)})", start, [text for row in rows for text in _table_rows(row)])


def _table_rows(row: Row) -> Iterator[str]:
    """Yield one table row per attribute; the first one names the object."""
    operations = ", ".join(row["operations"])
    operations += f" ({state_of(row)})" if row["state"] not in ("planned", "none") else ""
    operations += f": {row['reason']}" if row["reason"] else ""
    start = f"| {row['kind']} | {escape(object_of(row))} | {escape(person_line(row['person']))} | {escape(operations)} |"
    if not row["attributes"]:
        yield f"{start} | | |"
    for item in row["attributes"]:
        yield f"{start} {escape(item['name'])} | {escape(item['current'], '–')} | {escape(item['desired'], '–')} |"
        start = "| | | | |"


def _limited(limit: int, start: Sequence[str], sections: Sequence[_Section]) -> str:
    """Return as much text as the limit of characters allows; the last line counts the omitted rows."""
    lines = list(start)
    left = limit - sum(len(item) + 1 for item in lines) - _RESERVED
    cut = 0
    for section in sections:
        heading = ["", section.heading, "", *section.start]
        for row in section.rows:
            size = sum(len(item) + 1 for item in [*heading, row])
            if cut or size > left:
                cut += 1
                continue
            left -= size
            lines += [*heading, row]
            heading = []
    if cut:
        lines += ["", f"*{cut} more lines did not fit; the other formats of this report contain them.*"]
    return "\n".join(lines).replace("\n\n\n", "\n\n").rstrip("\n") + "\n"
