# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""A report as Markdown that fits a comment on a merge request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .._review.results import entries_of
from .._values import shown
from .labels import MEANINGS, by_class, facts, line, object_of, state_of
from .model import CLASSES, DANGERS, KINDS, Report, Row, danger

DEFAULT_LIMIT = 60000  # characters; a comment on a merge request holds 65,536
MAX_VALUE = 400  # characters of one value; a certificate would fill the comment
_RESERVED = 100  # characters, for the line that counts what does not fit

# A pipe and a backslash stay what they are in a table only as entities; the rest may be escaped as usual.
_MARKS = {ord(mark): f"\\{mark}" for mark in "`*_{}[]#~$^!"}
_MARKS.update({ord(mark): f"&{entity};" for mark, entity in zip("&<>\\|", ("amp", "lt", "gt", "#92", "#124"))})
# A name at the start of a word notifies a user, or links to a merge request, wherever it is shown.
_MENTION = re.compile(r"(?<![\w\u200b])([@#!&%~])(?=\w)")
_LINK = re.compile(r"(?i)(https?|ftp|mailto)(:)|\b(www)(\.)")


@dataclass(frozen=True)
class _Section:
    """A table: its heading, the lines before its first row, and its rows."""

    heading: str
    start: Sequence[str]
    rows: Sequence[str]


def markdown(report: Report, limit: int = DEFAULT_LIMIT) -> str:
    """Return the report by class, findings first, in at most ``limit`` characters.

    Where not all of it fits, rows that take something away come first, so that they are not cut.
    """
    start, assertions = _start(report), list(_assertions(report))
    sections = [_section_of_class(name, rows) for name, rows in by_class(report)]
    text, cut = _limited(limit, start, [*assertions, *sections])
    if cut:
        text, cut = _limited(limit, start, [*assertions, *_dangerous_first(report)])
    return text


def escape(value: Any, none: str = "") -> str:
    """Return a value as Markdown that shows it and has no other effect, inside of a table or outside.

    :param none: the text for an empty value.
    """
    text = line(shown(value, none))
    if len(text) > MAX_VALUE:
        text = text[: MAX_VALUE - 1] + "…"
    text = _MENTION.sub("\\1\u200b", text).translate(_MARKS)
    return _LINK.sub(lambda found: (found[1] or found[3]) + ("&#58;" if found[1] else "&#46;"), text)


def _start(report: Report) -> list[str]:
    """Return the head: title, summary, facts and totals."""
    lines = [f"# {escape(report['title'])}", "", f"**{escape(report['summary'])}**", ""]
    lines += ["| | |", "| --- | --- |"]
    lines += [f"| {escape(name)} | {escape(value)} |" for name, value in facts(report)]
    lines.append("")
    totals = report["totals"]["drift"]
    if report["rows"]:
        lines += ["| class | users | groups | memberships |", "| --- | ---: | ---: | ---: |"]
        lines += [
            f"| {name} | " + " | ".join(str(totals[name][kind]) for kind in KINDS) + " |"
            for name in CLASSES
            if any(totals[name].values())
        ]
        lines.append("")
    return lines


def _assertions(report: Report) -> Iterator[_Section]:
    if not report["assertions"]:
        return
    table = ["| | severity | assertion | violations |", "| --- | --- | --- | ---: |"]
    rows = [
        f"| {'✓' if item['status'] == 'passed' else '✗'} | {item['severity']} | {escape(item['name'])} | {len(entries_of(item))} |"
        for item in report["assertions"]
    ]
    yield _Section("## Assertions", table, rows)
    for item in report["assertions"]:
        rows = [f"| {escape(violation['text'])} |" for violation in entries_of(item)]
        yield _Section(f"### {escape(item['name'])}", ["| violation |", "| --- |"], rows)


def _section_of_class(drift_class: str, rows: Sequence[Row]) -> _Section:
    return _section(f"## {drift_class.capitalize()} ({len(rows)})", f"{MEANINGS[drift_class].capitalize()}.", rows)


def _dangerous_first(report: Report) -> Iterator[_Section]:
    dangerous = sorted((row for row in report["rows"] if danger(row) < len(DANGERS)), key=danger)
    if dangerous:
        yield _section(
            f"## Delete, disable, remove, rename ({len(dangerous)})",
            "What takes something away comes first, because not all fits.",
            dangerous,
        )
    for name, rows in by_class(report):
        harmless = [row for row in rows if danger(row) == len(DANGERS)]
        if harmless:
            yield _section_of_class(name, harmless)


def _section(heading: str, meaning: str, rows: Sequence[Row]) -> _Section:
    table = ["| kind | object | operation | attribute | found | wished |", "| --- | --- | --- | --- | --- | --- |"]
    return _Section(heading, [meaning, "", *table], [text for row in rows for text in _table_rows(row)])


def _table_rows(row: Row) -> Iterator[str]:
    """Yield a table row an attribute; the first of them names the object."""
    operations = ", ".join(row["operations"])
    operations += f" ({state_of(row)})" if row["state"] not in ("planned", "none") else ""
    operations += f": {row['reason']}" if row["reason"] else ""
    start = f"| {row['kind']} | {escape(object_of(row))} | {escape(operations)} |"
    if not row["attributes"]:
        yield f"{start} | | |"
    for item in row["attributes"]:
        yield f"{start} {escape(item['name'])} | {escape(item['found'], '–')} | {escape(item['wished'], '–')} |"
        start = "| | | |"


def _limited(limit: int, start: Sequence[str], sections: Sequence[_Section]) -> tuple[str, int]:
    """Return the text that fits into a number of characters, and how many rows do not."""
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
        lines += ["", f"*{cut} more lines did not fit; the other formats of this report hold them.*"]
    return "\n".join(lines).replace("\n\n\n", "\n\n").rstrip("\n") + "\n", cut
