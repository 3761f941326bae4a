# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test JUnit XML: other parsers accept it, and the counts match the cases."""

from __future__ import annotations

from xml.etree import ElementTree

from junitparser import JUnitXml
from report_support import many_texts, report_of

from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import render
from ansible_collections.pingone.directory.plugins.plugin_utils._report.model import KINDS


@many_texts
def test_junit_is_valid_and_its_counts_match(texts):
    report = report_of(*texts)
    text = render(report, "junit")
    root = ElementTree.fromstring(text.encode("utf-8"))
    suites = JUnitXml.fromstring(text.encode("utf-8"))
    assert [suite.name for suite in suites] == ["users", "groups", "memberships", "assertions"]
    cases = [case for suite in suites for case in suite]
    assert len(cases) == len(report["rows"]) + len(KINDS) + len(report["assertions"]) == int(root.get("tests"))
    for suite in suites:
        names = [(case.classname, case.name) for case in suite]
        assert suite.tests == len(names)
        assert suite.failures == sum(item.tag == "failure" for case in suite._elem.iter("testcase") for item in case)
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "properties", "property",
    }  # fmt: skip


def test_failures_are_drift_and_failed_changes():
    plan = [
        {"operation": "create", "kind": "user", "key": name, "id": None, "changes": {}} for name in ("made", "refused")
    ]
    result = {
        "plan": plan,
        "drift": {
            "missing": [{"kind": "user", "key": name} for name in ("made", "refused")],
            "unmanaged": [{"kind": "user", "key": "kept"}],
        },
        "failed_items": [
            {"kind": "user", "key": "refused", "operation": "create", "status": 400, "reason": "too\nshort"}
        ],
    }

    def results(report):
        suites = JUnitXml.fromstring(render(report, "junit").encode("utf-8"))
        return {case.name: [type(item).__name__ for item in case.result] for suite in suites for case in suite}

    done = results(build_report(result, check_mode=False))
    assert done["made"] == [] and done["refused"] == ["Error"] and done["kept"] == ["Skipped"]
    assert done["all users are as declared"] == ["Failure"] and done["all groups are as declared"] == []
    checked = results(build_report({**result, "failed_items": []}, check_mode=True))
    assert checked["made"] == ["Failure"]
    strict = build_report({"drift": {"unmanaged": [{"kind": "user", "key": "kept"}]}}, strict=True)
    assert results(strict)["kept"] == results(strict)["all users are as declared"] == ["Failure"]
    assert results(build_report({"failed": True, "msg": "no"}))["the run"] == ["Error"]


def test_a_violated_rule_of_low_severity_is_skipped():
    rule = {
        "name": "r",
        "severity": "info",
        "kind": "group_size",
        "status": "violated",
        "violations": [{"user": None, "group": "g", "text": "t"}],
    }
    text = render(build_report({}, assertions=[rule]), "junit")
    assert "<skipped" in text and "<failure" not in text
    assert "<error" in render(build_report({}, assertions=[{**rule, "status": "error"}]), "junit")


def test_no_character_changes_the_text_direction():
    document = render(report_of("\u202etxt.exe"), "junit")
    assert "txt.exe" in document and "\u202e" not in document
