# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Reports as text: JSON, CSV, Markdown, HTML, JUnit, the access review, and a few lines for a log.

Each format escapes for itself, right where it writes; ``_report`` has cleaned the texts before. Nothing here
reads or writes a file but the template that lies beside it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

from jinja2 import Environment

from ._assertions import Reading, access_rows, granted_by
from ._report import (
    CLASSES,
    DANGERS,
    FINDINGS,
    KINDS,
    TAKING,
    VERSION,
    ReportError,
    danger,
    is_finding,
    operations,
    shown,
)

FORMATS = ("json", "csv", "markdown", "html", "junit", "access", "text")

# What a class is, for people who have not read any documentation.
MEANINGS = {
    "missing": "wished, and not there",
    "extra": "there, not wished, and to go",
    "different": "there, and not as wished",
    "unresolved": "wished, and it cannot be told which or what",
    "protected": "to go by a rule, and protected, so it stays",
    "unmanaged": "there, not wished, and kept",
}
PLURALS = {"user": "users", "group": "groups", "membership": "memberships"}

# Characters that make the rest of a line run the other way: a name could show as another one.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

MARKDOWN_LIMIT = 60000  # characters; a comment on a merge request takes 65,536
MARKDOWN_VALUE = 400  # characters of one value; a certificate would fill the comment
TEXT_ROWS = 20
TEXT_TAKING = 100  # rows that take something away, which whoever approves has to see


def render(report, kind, reading=None, **options):
    """A report as text.

    :param report: as ``_report.build_report`` makes it.
    :param kind: one of :data:`FORMATS`.
    :param reading: for ``access``: the users and groups, see ``_assertions``.
    :param options: ``bom`` of the two CSV formats, ``limit`` of Markdown (characters) and text (rows).
    :raises ReportError: no such format, or no report.
    """
    if kind not in FORMATS:
        raise ReportError(f"there is no format '{kind}'; there are {', '.join(FORMATS)}")
    if not isinstance(report, dict) or report.get("report") != VERSION or not isinstance(report.get("rows"), list):
        raise ReportError(f"this is not a report of version {VERSION}; the filter p1_report_data makes one")
    if kind == "json":
        return json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    if kind == "csv":
        return as_csv(report, options.get("bom"))
    if kind == "markdown":
        return as_markdown(report, options.get("limit") or MARKDOWN_LIMIT)
    if kind == "html":
        return as_html(report)
    if kind == "junit":
        return as_junit(report)
    if kind == "access":
        if reading is None:
            raise ReportError("the format access needs reading: the users and groups to review")
        return as_access(report, reading, options.get("bom"))
    return as_text(report, options.get("limit") or TEXT_ROWS)


# -- what several formats say --------------------------------------------------------------------------


def visible(text):
    """Text in which every character shows where it stands."""
    return _BIDI.sub("\ufffd", text)


def line(text):
    """Text as one line."""
    return " ".join(visible(text).split())


def facts(report):
    """When, where, from what, how many requests, and the context: (name, value) pairs of texts."""
    requests, predicted = report.get("requests") or {}, report.get("predicted") or {}
    told = []
    if requests:
        told.append(f"{requests.get('reads', 0)} reads, {requests.get('writes', 0)} writes")
        if requests.get("retries"):
            told.append(f"{requests['retries']} of them repeated")
    if predicted:
        told.append(
            f"{predicted.get('writes', 0)} writes predicted"
            if requests
            else f"{predicted.get('reads', 0)} reads and {predicted.get('writes', 0)} writes predicted"
        )
    mode = {True: "check: nothing was written", False: "changes were made"}.get(report.get("check_mode"))
    pairs = [
        ("Directory", report.get("directory")),
        ("Source", report.get("source")),
        ("Time", report.get("run") or report.get("generated")),
        ("Mode", mode),
        ("Operations", operations(report)),
        ("An apply would be refused", "; ".join(report.get("refusals") or [])),
        ("Requests", "; ".join(told)),
        ("Plan", report.get("plan_sha256")),
        *report.get("context", {}).items(),
        ("Failure", report.get("failure")),
    ]
    if not report.get("complete", True):
        pairs.append(("Incomplete", "the result was cut; the totals count more than the rows listed here"))
    return [(name, str(value)) for name, value in pairs if value]


def object_of(row):
    """How a row is named: the user or group, or for a membership who in which group."""
    if row["kind"] == "membership":
        member = row["member"] or {}
        name = member.get("name") or member.get("id") or "?"
        return f"{member.get('kind') or 'member'} {name} in {row['key']}"
    return row["key"]


def state_of(row):
    """What became of a row, in words; '' where nothing was to be done."""
    if row["state"] == "failed":
        status = f" (status {row['status']})" if row["status"] else ""
        return f"failed{status}"
    return {"none": "", "interrupted": "under way when the run ended"}.get(row["state"], row["state"])


def by_class(report):
    """The rows of each class that has some."""
    found = {}
    for row in report["rows"]:
        found.setdefault(row["class"], []).append(row)
    return [(drift_class, found[drift_class]) for drift_class in CLASSES if drift_class in found]


# -- CSV -----------------------------------------------------------------------------------------------

_SIGNS = "=+-@\uff0b\uff0d\uff1d\uff20\u2212"  # the wide forms are taken for the plain ones by some
_FORMULA = re.compile(rf"\s*[{re.escape(_SIGNS)}]|[\t\r\n]")
# A spreadsheet that takes another character for the separator begins a cell after it.
_AFTER_SEPARATOR = re.compile(rf"([;|])(?=[\s\"']*[{re.escape(_SIGNS)}])")


def cell(value):
    """A value as a cell that no spreadsheet runs: on one line, and text where it looks like a formula."""
    text = visible(shown(value))
    if _FORMULA.match(text):
        text = "'" + text
    return _AFTER_SEPARATOR.sub(r"\1'", " ".join(re.split(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", text)))


def _csv(header, rows, bom):
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return ("\ufeff" if bom else "") + written.getvalue()


CSV_HEADER = (
    "kind",
    "class",
    "key",
    "id",
    "member_kind",
    "member",
    "operations",
    "state",
    "attribute",
    "found",
    "wished",
    "severity",
    "reason",
)


def as_csv(report, bom=False):
    """One line an attribute of a row (one line a row without any), then assertions, then the report's own facts."""
    return _csv(CSV_HEADER, _csv_rows(report), bom)


def _csv_rows(report):
    for row in report["rows"]:
        member = row["member"] or {}
        start = [
            row["kind"],
            row["class"],
            row["key"],
            row["id"],
            member.get("kind"),
            member.get("name") or member.get("id"),
            " ".join(row["operations"]),
            row["state"],
        ]
        for attribute in row["attributes"] or [{"name": None, "found": None, "wished": None}]:
            reason = (
                f"{row['reason']}{' (status ' + str(row['status']) + ')' if row['status'] else ''}"
                if row["reason"]
                else None
            )
            yield [*start, attribute["name"], attribute["found"], attribute["wished"], None, reason]
    for item in report["assertions"]:
        for violation in item["violations"] or [{"user": None, "group": None, "text": None}]:
            yield [
                "assertion",
                item["status"],
                item["name"],
                None,
                "user" if violation["user"] else None,
                violation["user"],
                None,
                None,
                None,
                violation["group"],
                None,
                item["severity"],
                violation["text"],
            ]
    for name, value in [("Title", report["title"]), ("Summary", report["summary"]), *facts(report)]:
        yield ["report", None, None, None, None, None, None, None, name, value, None, None, None]


ACCESS_HEADER = ("user", "active", "last_login", "group", "granted_by", "directory", "as_of", "context")


def as_access(report, reading, bom=False):
    """The access review: one line a user and group; users without any group have one line, too."""
    about = [report.get("directory"), report.get("run") or report.get("generated"), shown(report.get("context"))]
    rows = (
        [
            row["user"],
            row["active"],
            row["last_login"],
            row["group"],
            granted_by(row["path"]) if row["path"] else None,
            *about,
        ]
        for row in access_rows(reading if isinstance(reading, Reading) else Reading(reading))
    )
    return _csv(ACCESS_HEADER, rows, bom)


# -- JUnit ---------------------------------------------------------------------------------------------


def as_junit(report):
    """JUnit XML: for each kind one case for the kind as a whole and one a drift row; one case an assertion.

    Red is what is not as declared and was not set right, and what failed; unmanaged and protected are skipped.
    """
    root = ElementTree.Element("testsuites", name=report["title"])
    for kind in KINDS:
        rows = [row for row in report["rows"] if row["kind"] == kind]
        findings = [row for row in rows if is_finding(row)]
        suite = _suite(root, PLURALS[kind], report)
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"directory.{kind}", name=f"all {PLURALS[kind]} are as declared"
        )
        if findings:
            told = ", ".join(
                f"{number} {name}"
                for name in FINDINGS
                for number in (sum(row["class"] == name for row in findings),)
                if number
            )
            ElementTree.SubElement(case, "failure", type="drift", message=told).text = "\n".join(
                object_of(row) for row in findings[:TEXT_ROWS]
            )
        names = {}
        for row in rows:
            name = object_of(row)
            names[name] = names.get(name, 0) + 1
            if names[name] > 1:
                name = f"{name} ({row['id'] or names[name]})"
            case = ElementTree.SubElement(suite, "testcase", classname=f"directory.{kind}.{row['class']}", name=name)
            told = f"{row['class']}: {MEANINGS[row['class']]}"
            if row["state"] in ("failed", "interrupted"):
                ElementTree.SubElement(
                    case, "error", type=row["state"], message=line(row["reason"] or state_of(row))
                ).text = _details(row)
            elif is_finding(row):
                ElementTree.SubElement(case, "failure", type=row["class"], message=told).text = _details(row)
            elif row["state"] != "done":
                ElementTree.SubElement(case, "skipped", message=told)
    if report["assertions"]:
        suite = _suite(root, "assertions", report)
        for item in report["assertions"]:
            case = ElementTree.SubElement(suite, "testcase", classname=f"assertion.{item['kind']}", name=item["name"])
            told = "\n".join(violation["text"] for violation in item["violations"])
            if item["status"] == "passed":
                continue
            if item["severity"] == "info" and item["status"] == "violated":
                ElementTree.SubElement(case, "skipped", message=line(told)[:1000])
            else:
                kind = "error" if item["status"] == "error" else "failure"
                message = f"{item['severity']}: {len(item['violations'])} {'violation' if len(item['violations']) == 1 else 'violations'}"
                ElementTree.SubElement(case, kind, type=item["kind"], message=message).text = told
    if report["failure"] and not report["totals"]["failed"]:
        case = ElementTree.SubElement(
            _suite(root, "run", report), "testcase", classname="directory.run", name="the run"
        )
        ElementTree.SubElement(case, "error", type="failed", message=line(report["failure"]))
    for element in [*root, root]:
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if element is root and name == "skipped":
                continue
            element.set(name, str(sum(1 for unused in element.iter(tag))))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(root, name, report):
    stamp = (report.get("run") or report["generated"]).split(".")[0].replace("Z", "").split("+")[0]
    suite = ElementTree.SubElement(
        root, "testsuite", name=name, timestamp=stamp, hostname=report.get("directory") or "localhost", time="0"
    )
    properties = ElementTree.SubElement(suite, "properties")
    for fact, value in facts(report):
        ElementTree.SubElement(properties, "property", name=fact, value=line(value))
    return suite


def _details(row):
    told = [f"operations: {', '.join(row['operations'])}"] if row["operations"] else []
    told += [
        f"{item['name']}: found {shown(item['found'], 'nothing')}, wished {shown(item['wished'], 'nothing')}"
        for item in row["attributes"]
    ]
    if row["reason"]:
        told.append(f"reason: {row['reason']}")
    return "\n".join(told) or MEANINGS[row["class"]]


# -- text and Markdown ---------------------------------------------------------------------------------


def as_text(report, limit=TEXT_ROWS):
    """A few lines for a log: the summary, the totals, and the first findings, what takes something away before all else."""
    lines = [line(report["summary"])]
    for drift_class in CLASSES:
        numbers = report["totals"]["drift"][drift_class]
        if any(numbers.values()):
            lines.append(f"{drift_class}: " + ", ".join(_count(numbers[kind], kind) for kind in KINDS if numbers[kind]))
    if operations(report):
        lines.append(operations(report))
    lines += [line(f"an apply would be refused: {refusal}") for refusal in report.get("refusals") or []]
    rows = [row for row in report["rows"] if is_finding(row) or row["state"] in ("failed", "interrupted")]
    rows.sort(key=danger)
    taking = sum(not set(TAKING).isdisjoint(row["operations"]) for row in rows)
    shown_rows = rows[: max(limit, min(taking, TEXT_TAKING))]
    for row in shown_rows:
        names = ", ".join(item["name"] for item in row["attributes"])
        told = [
            " ".join(row["operations"]),
            names if row["class"] == "different" else "",
            state_of(row) if row["state"] != "planned" else "",
            row["reason"] or "",
        ]
        lines.append(
            line(
                f"- {row['class']} {'' if row['kind'] == 'membership' else row['kind'] + ' '}{object_of(row)}"
                + "".join(f"; {part}" for part in told if part)
            )
        )
    if len(rows) > len(shown_rows):
        cut = max(0, taking - len(shown_rows))
        lines.append(
            f"- and {len(rows) - len(shown_rows)} more"
            + (f", {cut} of them to delete, disable or remove" if cut else "")
        )
    for item in report["assertions"]:
        if item["status"] != "passed":
            lines.append(
                line(f"- {item['severity']} assertion '{item['name']}': {_count(len(item['violations']), 'violation')}")
            )
    return "\n".join(lines) + "\n"


def _count(number, kind):
    return f"{number} {kind if number == 1 else PLURALS.get(kind, kind + 's')}"


# A pipe and a backslash stay what they are in a table only as entities; the rest may be escaped as usual.
_MARKS = {ord(mark): f"\\{mark}" for mark in "`*_{}[]#~$^!"}
_MARKS.update({ord(mark): f"&{entity};" for mark, entity in zip("&<>\\|", ("amp", "lt", "gt", "#92", "#124"))})
# A name at the start of a word calls somebody, or links to a merge request, wherever it is shown.
_CALLS = re.compile(r"(?<![\w\u200b])([@#!&%~])(?=\w)")


def md(value, none=""):
    """A value as Markdown that shows it and does nothing else, in a table or out of it."""
    text = line(shown(value, none))
    if len(text) > MARKDOWN_VALUE:
        text = text[: MARKDOWN_VALUE - 1] + "…"
    text = _CALLS.sub("\\1\u200b", text)
    text = text.translate(_MARKS)
    return re.sub(
        r"(?i)(https?|ftp|mailto)(:)|\b(www)(\.)",
        lambda found: (found[1] or found[3]) + ("&#58;" if found[1] else "&#46;"),
        text,
    )


def as_markdown(report, limit=MARKDOWN_LIMIT):
    """Markdown that fits a comment on a merge request: by class, findings first.

    Where not all of it fits, what takes something away comes before that, so that the cut does not hide it.
    """
    written = _markdown(report, limit, [(_heading(name, rows), rows) for name, rows in by_class(report)])
    if written.cut:
        dangerous = sorted((row for row in report["rows"] if danger(row) < len(DANGERS)), key=danger)
        harmless = [(name, [row for row in rows if danger(row) == len(DANGERS)]) for name, rows in by_class(report)]
        sections = [(_heading(name, rows), rows) for name, rows in harmless if rows]
        if dangerous:
            about = [
                f"## Delete, disable, remove, rename ({len(dangerous)})",
                "What takes something away comes first, because not all fits.",
            ]
            sections.insert(0, (about, dangerous))
        written = _markdown(report, limit, sections)
    return written.text()


def _heading(drift_class, rows):
    return [f"## {drift_class.capitalize()} ({len(rows)})", f"{MEANINGS[drift_class].capitalize()}."]


def _markdown(report, limit, sections):
    """All of it up to a number of characters; ``sections`` are (heading and what it means, rows)."""
    start = [f"# {md(report['title'])}", "", f"**{md(report['summary'])}**", ""]
    start += ["| | |", "| --- | --- |", *(f"| {md(name)} | {md(value)} |" for name, value in facts(report)), ""]
    totals = report["totals"]["drift"]
    if report["rows"]:
        start += ["| class | users | groups | memberships |", "| --- | ---: | ---: | ---: |"]
        start += [
            f"| {name} | " + " | ".join(str(totals[name][kind]) for kind in KINDS) + " |"
            for name in CLASSES
            if any(totals[name].values())
        ]
        start.append("")
    written = _Limited(limit, start)
    if report["assertions"]:
        written.section("## Assertions", ["| | severity | assertion | violations |", "| --- | --- | --- | ---: |"])
        for item in report["assertions"]:
            written.row(
                f"| {'✓' if item['status'] == 'passed' else '✗'} | {item['severity']} | {md(item['name'])} | {len(item['violations'])} |"
            )
        for item in report["assertions"]:
            if item["violations"]:
                written.section(f"### {md(item['name'])}", ["| violation |", "| --- |"])
                for violation in item["violations"]:
                    written.row(f"| {md(violation['text'])} |")
    for (heading, meaning), rows in sections:
        written.section(
            heading,
            [
                meaning,
                "",
                "| kind | object | operation | attribute | found | wished |",
                "| --- | --- | --- | --- | --- | --- |",
            ],
        )
        for row in rows:
            operations = ", ".join(row["operations"]) + (
                f" ({state_of(row)})" if row["state"] not in ("planned", "none") else ""
            )
            operations += f": {row['reason']}" if row["reason"] else ""
            start = f"| {row['kind']} | {md(object_of(row))} | {md(operations)} |"
            if not row["attributes"]:
                written.row(f"{start} | | |")
            for item in row["attributes"]:
                written.row(f"{start} {md(item['name'])} | {md(item['found'], '–')} | {md(item['wished'], '–')} |")
                start = "| | | |"
    return written


class _Limited:
    """Lines of Markdown up to a number of characters; what does not fit is counted."""

    def __init__(self, limit, lines):
        self.lines = lines
        self.left = limit - sum(len(item) + 1 for item in lines) - 100
        self.heading = None
        self.cut = 0

    def section(self, heading, lines):
        self.heading = [heading, "", *lines]

    def row(self, text):
        lines = [*(["", *self.heading] if self.heading else []), text]
        size = sum(len(item) + 1 for item in lines)
        if self.cut or size > self.left:
            self.cut += 1
            return
        self.left -= size
        self.lines += lines
        self.heading = None

    def text(self):
        if self.cut:
            self.lines += ["", f"*{self.cut} more lines did not fit; the other formats of this report hold them.*"]
        return "\n".join(item for item in self.lines).replace("\n\n\n", "\n\n").rstrip("\n") + "\n"


# -- HTML ----------------------------------------------------------------------------------------------


def as_html(report):
    """One page that needs nothing but itself: no script, no request. Jinja escapes whatever is put into it."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["shown"] = lambda value: visible(shown(value))
    template = environment.from_string(Path(__file__).with_name("report.html.j2").read_text(encoding="utf-8"))
    return template.render(
        report=report,
        facts=facts(report),
        sections=[(drift_class, rows, _by_kind(rows)) for drift_class, rows in by_class(report)],
        kinds=KINDS,
        plurals=PLURALS,
        classes=CLASSES,
        findings=FINDINGS,
        meanings=MEANINGS,
        totals=report["totals"]["drift"],
        bars=_bars(report["totals"]["drift"]),
        state_of=state_of,
        verdict=_verdict(report),
    )


def _by_kind(rows):
    return [
        (kind, [row for row in rows if row["kind"] == kind])
        for kind in KINDS
        if any(row["kind"] == kind for row in rows)
    ]


def _verdict(report):
    """Which of the four looks the head of the page has."""
    totals = report["totals"]
    if report["failure"] or totals["failed"]:
        return "failed"
    if totals["findings"]:
        return "drift"
    return "violated" if totals["assertions"]["violated"] else "fine"


_BAR = 1000.0  # width of a bar in the units of its drawing
_LEAST = 12.0  # so that one in ten thousand still shows


def _bars(totals):
    """For each kind the segments of its bar: (class, count, start, width)."""
    bars = []
    for kind in KINDS:
        counts = [(name, totals[name][kind]) for name in CLASSES if totals[name][kind]]
        total = sum(count for unused, count in counts)
        widths = [max(_LEAST, _BAR * count / total) for unused, count in counts]
        scale = _BAR / sum(widths) if widths else 0
        start, segments = 0.0, []
        for (name, count), width in zip(counts, widths):
            segments.append((name, count, round(start, 1), round(width * scale, 1)))
            start += width * scale
        bars.append((kind, total, segments))
    return bars
