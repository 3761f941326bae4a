# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test CSV of reports and access reviews: no cell is a formula, and other values are unchanged."""

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
def test_other_values_are_unchanged(value):
    report = report_of(value)
    assert value in [row[2] for row in cells(render(report, "csv"))]


def test_each_attribute_has_a_line():
    report = report_of("ann", "1", "title", "Developer")
    found = list(csv.DictReader(io.StringIO(render(report, "csv"))))
    (title,) = [row for row in found if row["attribute"] == "title"]
    assert title == {
        "kind": "user", "class": "Different", "name": "ann", "id": "1", "member_kind": "", "member": "",
        "display_name": "ann", "email": "1", "created": "title", "last_login": "Developer", "operations": "update",
        "state": "failed", "attribute": "title", "current": "Developer", "desired": "ann; 1 (title)", "severity": "",
        "reason": "refused: title (status 403)", "directory": "title", "as_of": report["generated"],
        "context": "Developer: ann; job: 1",
    }  # fmt: skip
    assert {row["name"]: row["severity"] for row in found if row["kind"] == "assertion"} == {
        "rule ann": "high",
        "1.": "low",
    }


def test_every_line_contains_data():
    """Spreadsheets filter and sort the lines, so there are no headings or totals, and each line repeats the columns of the run."""
    found = list(csv.DictReader(io.StringIO(render(report_of("ann", "1", "title", "Developer"), "csv"))))
    assert {row["kind"] for row in found} == {"user", "group", "membership", "assertion"}
    assert {(row["directory"], row["context"]) for row in found} == {("title", "Developer: ann; job: 1")}


def test_a_byte_order_mark_is_optional():
    assert render(report_of(), "csv").startswith("kind,")
    assert render(report_of(), "csv", bom=True).startswith("\ufeffkind,")


def test_access_review():
    ann = {"id": "1", "user_name": "ann", "last_login": "2025-12-31T17:00:00.000-07:00", "created": 1500000000000}
    names = {"display_name": "Ann E.", "emails": [{"value": "ann@x"}], "enterprise": {"manager": {"manager_id": "3"}}}
    reading = {
        "users": [
            {**ann, **names, "active": True},
            {"id": "2", "user_name": "bob", "active": False, "enterprise": {"manager": {"manager_id": "9", "display_name": "Eve"}}},
            {"id": "3", "user_name": "carl", "name": {"given_name": "Carl", "family_name": "C."}},
        ],
        "groups": [
            {"id": "a", "display_name": "Team", "members": [{"id": "1", "kind": "user", "name": "ann"}]},
            {"id": "b", "display_name": "Company", "members": [{"id": "a", "kind": "group", "name": "Team"}, {"id": "2", "kind": "user", "name": "bob"}]},
        ],
    }  # fmt: skip
    found = list(csv.DictReader(io.StringIO(render(report_of("host"), "access", reading))))
    shown = [tuple(row[name] for name in ("user", "active", "group", "granted_by", "manager")) for row in found]
    assert shown == [
        ("ann", "true", "Company", "Company > Team", "Carl C. (carl)"),
        ("ann", "true", "Team", "direct", "Carl C. (carl)"),
        ("bob", "false", "Company", "direct", "Eve"),
        ("carl", "true", "", "", ""),
    ]
    person = {name: found[0][name] for name in ("display_name", "email", "created", "last_login")}
    assert person == {
        "display_name": "Ann E.", "email": "ann@x", "created": "2017-07-14T02:40:00.000Z", "last_login": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip
    assert {row["directory"] for row in found} == {"host"} and "job: 1" in found[0]["context"]
    assert {row["decision"] for row in found} == {""}  # the reviewer fills it in
