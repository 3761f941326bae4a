# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""A report as JUnit XML.

The document has a test case for each kind of object, for each row, and for each assertion. A failure is drift that the
run did not correct, and an error is a change that failed. The cases of undeclared objects are skipped unless the report
is strict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree

from ...module_utils._core.names import counted
from .._people import person_line
from .._review.results import AssertionResult, Violation, entries_of
from .._values import shown
from .labels import LABELS, MEANINGS, PLURALS, count_classes, facts, heading, line, object_of, state_of, visible
from .model import KINDS, Report, Row, is_failure, is_finding

MAX_LISTED = 20  # objects named in the failure of a kind
MAX_MESSAGE = 1000  # characters


def junit_xml(report: Report) -> str:
    """Return the XML document."""
    root = ElementTree.Element("testsuites", name=heading(report))
    for kind in KINDS:
        suite = _suite(root, PLURALS[kind], report)
        _add_kind(suite, kind, [row for row in report["rows"] if row["kind"] == kind])
    if report["assertions"]:
        suite = _suite(root, "assertions", report)
        for item in report["assertions"]:
            _add_assertion(suite, item)
    if report["failure"] and not report["totals"]["failed"]:
        case = _case(_suite(root, "run", report), "directory.run", "the run")
        ElementTree.SubElement(case, "error", type="failed", message=line(report["failure"]))
    _count_cases(root)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + visible(ElementTree.tostring(root, encoding="unicode")) + "\n"


def _suite(root: ElementTree.Element, name: str, report: Report) -> ElementTree.Element:
    stamp = (report.get("run") or report["generated"]).split(".")[0].replace("Z", "").split("+")[0]
    host = report.get("directory") or "localhost"
    suite = ElementTree.SubElement(root, "testsuite", name=name, timestamp=stamp, hostname=host, time="0")
    properties = ElementTree.SubElement(suite, "properties")
    for fact, value in facts(report):
        ElementTree.SubElement(properties, "property", name=fact, value=line(value))
    return suite


def _case(suite: ElementTree.Element, classname: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=classname, name=name)


def _add_kind(suite: ElementTree.Element, kind: str, rows: Sequence[Row]) -> None:
    """Add a case for the kind of object, and a case for each of its rows."""
    case = _case(suite, f"directory.{kind}", f"all {PLURALS[kind]} are as declared")
    findings = [row for row in rows if is_finding(row)]
    if findings:
        failure = ElementTree.SubElement(case, "failure", type="drift", message=count_classes(findings))
        failure.text = "\n".join(object_of(row) for row in findings[:MAX_LISTED])
    names: Counter[str] = Counter()
    for row in rows:
        name = object_of(row)
        names[name] += 1
        # JUnit readers merge two cases with the same name.
        _add_row(suite, f"{name} ({row['id'] or names[name]})" if names[name] > 1 else name, row)


def _add_row(suite: ElementTree.Element, name: str, row: Row) -> None:
    case = _case(suite, f"directory.{row['kind']}.{row['class']}", name)
    message = f"{LABELS[row['class']]}: {MEANINGS[row['class']]}"
    if is_failure(row):
        reason = line(row["reason"] or state_of(row))
        ElementTree.SubElement(case, "error", type=row["state"], message=reason).text = _details(row)
    elif is_finding(row):
        ElementTree.SubElement(case, "failure", type=row["class"], message=message).text = _details(row)
    elif row["state"] != "done":
        ElementTree.SubElement(case, "skipped", message=message)


def _details(row: Row) -> str:
    person = person_line(row["person"])
    lines = [f"person: {person}"] if person else []
    lines += [f"operations: {', '.join(row['operations'])}"] if row["operations"] else []
    lines += [
        f"{item['name']}: current {shown(item['current'], 'none')}, desired {shown(item['desired'], 'none')}"
        for item in row["attributes"]
    ]
    if row["reason"]:
        lines.append(f"reason: {row['reason']}")
    return "\n".join(lines) or MEANINGS[row["class"]]


def _add_assertion(suite: ElementTree.Element, item: AssertionResult) -> None:
    """Add the case of an assertion. A violated assertion of severity info is skipped."""
    case = _case(suite, f"assertion.{item['kind']}", item["name"])
    if item["status"] == "passed":
        return
    violations = "\n".join(map(_violation, entries_of(item)))
    if item["severity"] == "info" and item["status"] == "violated":
        ElementTree.SubElement(case, "skipped", message=line(violations)[:MAX_MESSAGE])
        return
    tag = "error" if item["status"] == "error" else "failure"
    message = f"{item['severity']}: {counted(len(entries_of(item)), tag if tag == 'error' else 'violation')}"
    ElementTree.SubElement(case, tag, type=item["kind"], message=message).text = violations


def _violation(entry: Violation) -> str:
    person = person_line(entry.get("person"))
    return f"{entry['text']} ({person})" if person else entry["text"]


def _count_cases(root: ElementTree.Element) -> None:
    """Set the counts of cases on the suites and on the document, which has no count of skipped cases."""
    tags = {"tests": "testcase", "failures": "failure", "errors": "error"}
    for suite in root:
        for name, tag in {**tags, "skipped": "skipped"}.items():
            suite.set(name, str(len(list(suite.iter(tag)))))
    for name, tag in tags.items():
        root.set(name, str(len(list(root.iter(tag)))))
