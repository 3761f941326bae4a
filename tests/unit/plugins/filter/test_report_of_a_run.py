# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test reports of real results and journals of p1_directory, and assertions on real results of the info modules."""

from __future__ import annotations

import csv
import io

import pytest

from ansible_collections.pingone.directory.plugins.filter.p1_assertions import p1_assertions
from ansible_collections.pingone.directory.plugins.filter.p1_report import p1_report
from ansible_collections.pingone.directory.plugins.filter.p1_report_data import p1_report_data

DESIRED = {
    "users": [
        {"user_name": "ann", "title": "Architect", "active": False},
        {"user_name": "new", "name": {"given_name": "New", "family_name": "Comer"}, "password": "S3cret-for-new"},
    ],
    "groups": [
        {"display_name": "Team", "membership": "exact", "members": {"users": ["new", "noaccount"]}},
        {"display_name": "Fresh"},
    ],
    "on_unknown_member": "warn",
}


@pytest.fixture
def lively(playground):
    playground.service.seed(
        users=[{"userName": "ann", "displayName": "Ann Example", "title": "Developer"}, {"userName": "bob"}, {"userName": "carl"}],
        groups=[
            {"displayName": "Team", "members": ["ann", "bob"]},
            {"displayName": "Other", "members": ["Team", "carl"]},
        ],
    )
    return playground


def run(playground, path, check, **options):
    result = playground.ok("p1_directory", check=check, journal=str(path), **{**DESIRED, **options})
    return p1_report_data(result, path.read_text(encoding="utf-8"))


def classes(report):
    found = {}
    for row in report["rows"]:
        member = f" {row['member']['name']}" if row["member"] else ""
        found.setdefault(row["class"], set()).add(f"{row['kind']} {row['key']}{member}")
    return found


def test_audit_apply_audit(lively, tmp_path):
    path = tmp_path / "journal.jsonl"
    before = run(lively, path, check=True)
    found = classes(before)
    assert found["missing"] == {"user new", "group Fresh", "membership Team new"}
    assert found["extra"] == {"membership Team ann", "membership Team bob"}
    assert found["different"] == {"user ann"}
    assert found["unresolved"] == {"membership Team noaccount"}
    assert {"user bob", "user carl", "group Other"} <= found["unmanaged"]
    (ann,) = [row for row in before["rows"] if row["key"] == "ann" and row["class"] == "different"]
    assert ann["operations"] == ["disable", "update"]
    assert {item["name"]: (item["current"], item["desired"]) for item in ann["attributes"]} == {
        "title": ("Developer", "Architect"),
        "active": (True, False),
    }
    assert ann["person"]["display_name"] == "Ann Example" and ann["person"]["created"].endswith("Z")
    (removed,) = [row for row in before["rows"] if row["class"] == "extra" and row["member"]["name"] == "ann"]
    assert removed["person"] == ann["person"]
    (new,) = [row for row in before["rows"] if row["kind"] == "user" and row["key"] == "new"]
    assert new["person"] == {"display_name": "New Comer", "email": None, "created": None, "last_login": None}
    assert before["summary"].startswith("Drift: 2 to remove, 1 different, 3 missing, 1 unresolved")
    assert before["requests"]["writes"] == 0 and before["check_mode"] is True
    assert "S3cret" not in p1_report(before)

    done = run(lively, path, check=False)
    assert {row["state"] for row in done["rows"] if row["operations"]} == {"done"}
    assert done["totals"]["findings"] == 1  # the unknown member is still reported
    assert [row["id"] is not None for row in done["rows"] if row["key"] == "new"] == [True]
    assert done["requests"]["writes"] > 0

    after = run(lively, path, check=True)
    assert set(classes(after)) == {"unresolved", "unmanaged"}


def test_the_journal_contains_what_the_result_omits(lively, tmp_path):
    path = tmp_path / "journal.jsonl"
    result = lively.ok("p1_directory", check=True, journal=str(path), max_result_items=1, **DESIRED)
    assert result["truncated"]
    whole = p1_report_data(result, path.read_text(encoding="utf-8"))
    cut = p1_report_data(result, check_mode=True)
    assert whole["complete"] is True and cut["complete"] is False
    assert len(cut["rows"]) < len(whole["rows"])
    assert whole["totals"]["operations"] == cut["totals"]["operations"]


def test_a_refused_write_is_in_the_report(lively, tmp_path):
    path = tmp_path / "journal.jsonl"
    lively.service.add_fault(kind="status", method="POST", path="/directory/group", status=400)
    result = lively.fails("p1_directory", journal=str(path), **DESIRED)
    report = p1_report_data(result, path.read_text(encoding="utf-8"))
    (fresh,) = [row for row in report["rows"] if row["key"] == "Fresh"]
    assert (fresh["state"], fresh["class"]) == ("failed", "missing")
    assert fresh["reason"]
    assert "could not be changed" in report["summary"]
    for kind in ("csv", "markdown", "html", "junit", "text"):
        assert "Fresh" in p1_report(report, kind)


def test_a_refused_plan_is_in_the_report(lively, tmp_path):
    path = tmp_path / "journal.jsonl"
    result = lively.fails("p1_directory", journal=str(path), limits={"max_member_removals": 0}, **DESIRED)
    report = p1_report_data(result, path.read_text(encoding="utf-8") if path.exists() else None, check_mode=False)
    assert report["summary"].startswith("Failed: ") and "max_member_removals" in report["failure"]
    assert report["directory"] == lively.service.base_url  # a refused run writes no journal with it
    assert not [row for row in report["rows"] if row["state"] == "done"]


@pytest.mark.parametrize("with_groups", [True, False])
def test_assertions_on_results_of_the_info_modules(lively, with_groups):
    reading = {"users": lively.ok("p1_user_info", effective=True)["users"]}
    if with_groups:
        reading["groups"] = lively.ok("p1_group_info")["groups"]
    rules = [{"name": "Team is not in Other", "exclusive_groups": ["Team", "Other"]}]
    (rule,) = p1_assertions(reading, rules)
    assert [item["text"] for item in rule["violations"]] == [
        "'ann' is in 'Team' (direct) and 'Other' (Other > Team)",
        "'bob' is in 'Team' (direct) and 'Other' (Other > Team)",
    ]
    review = p1_report(p1_report_data({}), "access", reading)
    found = {(row["user"], row["group"], row["granted_by"], row["decision"]) for row in csv.DictReader(io.StringIO(review))}
    assert found >= {("ann", "Other", "Other > Team", ""), ("carl", "Other", "direct", "")}


def test_assertions_on_a_whole_directory(lively):
    reading = lively.ok("p1_directory_info")["directory"]
    (rule,) = p1_assertions(reading, [{"name": "r", "exclusive_groups": ["Team", "Other"]}])
    assert len(rule["violations"]) == 2
