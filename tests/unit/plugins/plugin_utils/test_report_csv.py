# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CSV of reports and access reviews: no cell is a formula, and other values stay as they are."""

from __future__ import annotations

import csv
import io

import pytest
from report_support import many_texts, report_of

from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import render

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−")


def cells(text):
    found = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    assert {len(row) for row in found} == {len(found[0])}
    return found


@many_texts
def test_no_cell_is_a_formula(texts):
    users = [{"user_name": text or "x", "last_login": texts[0], "active": False} for text in texts]
    groups = [{"display_name": text or "y", "members": [{"kind": "user", "name": texts[0] or "x"}]} for text in texts]
    report = report_of(*texts)
    for text in (render(report, "csv"), render(report, "access", {"users": users, "groups": groups}, bom=True)):
        text.encode("utf-8")
        for row in cells(text):
            for cell in row:
                assert not cell.lstrip().startswith(FORMULA), cell
                assert not set("\t\r\n") & set(cell)
                assert not [
                    part for part in cell.split(";")[1:] if part.lstrip(" \"'").startswith(FORMULA) and "'" not in part
                ]


@pytest.mark.parametrize("value", ["a,b", 'say "no"', "plain", "Zoë", "x-y", "a@b.org", "1;2", "'quoted'"])
def test_other_values_stay_as_they_are(value):
    report = report_of(value)
    assert value in [row[2] for row in cells(render(report, "csv"))]


def test_one_line_an_attribute():
    report = report_of("ann", "1", "title", "Developer")
    found = list(csv.DictReader(io.StringIO(render(report, "csv"))))
    (title,) = [row for row in found if row["attribute"] == "title"]
    assert title == {
        "kind": "user", "class": "different", "key": "ann", "id": "1", "member_kind": "", "member": "", "operations": "update",
        "state": "failed", "attribute": "title", "found": "Developer", "wished": "ann; 1 (title)", "severity": "",
        "reason": "refused: title (status 403)",
    }  # fmt: skip
    assert {row["key"]: row["severity"] for row in found if row["kind"] == "assertion"} == {
        "rule ann": "high",
        "1.": "low",
    }
    facts = {row["attribute"]: row["found"] for row in found if row["kind"] == "report"}
    assert facts["Directory"] == "title" and facts["job"] == "1" and "1 reads" in facts["Requests"]


def test_a_byte_order_mark_only_when_asked_for():
    assert render(report_of(), "csv").startswith("kind,")
    assert render(report_of(), "csv", bom=True).startswith("\ufeffkind,")


def test_the_access_review():
    reading = {
        "users": [
            {"id": "1", "user_name": "ann", "active": True, "last_login": "2026-01-01T00:00:00.000Z"},
            {"id": "2", "user_name": "bob", "active": False, "last_login": None},
            {"id": "3", "user_name": "carl"},
        ],
        "groups": [
            {"id": "a", "display_name": "Team", "members": [{"id": "1", "kind": "user", "name": "ann"}]},
            {"id": "b", "display_name": "Company", "members": [{"id": "a", "kind": "group", "name": "Team"}, {"id": "2", "kind": "user", "name": "bob"}]},
        ],
    }  # fmt: skip
    found = list(csv.DictReader(io.StringIO(render(report_of("host"), "access", reading))))
    shown = [tuple(row[name] for name in ("user", "active", "last_login", "group", "granted_by")) for row in found]
    assert shown == [
        ("ann", "true", "2026-01-01T00:00:00.000Z", "Company", "Company > Team"),
        ("ann", "true", "2026-01-01T00:00:00.000Z", "Team", "direct"),
        ("bob", "false", "", "Company", "direct"),
        ("carl", "true", "", "", ""),
    ]
    assert {row["directory"] for row in found} == {"host"} and "job: 1" in found[0]["context"]
