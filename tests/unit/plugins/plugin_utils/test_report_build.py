# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that a result and a journal, complete or not, become one report."""

from __future__ import annotations

import json

import pytest

from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
from ansible_collections.pingone.directory.plugins.plugin_utils._report.labels import facts
from ansible_collections.pingone.directory.plugins.plugin_utils._values import ReportError

TIME = "2026-11-21T22:00:00.000Z"
HEADER = {
    "journal": 1,
    "time": TIME,
    "directory": "directory-api.pingone.com",
    "source": "directory/",
    "check_mode": False,
    "plan_sha256": "abc",
    "predicted": {"reads": 2, "writes": 3},
}
ANN = {
    "operation": "update",
    "kind": "user",
    "key": "ann",
    "id": "1",
    "changes": {"title": {"before": "Developer", "after": "Architect"}},
}
ANN_OUT = {**ANN, "operation": "disable", "changes": {"active": {"before": True, "after": False}}}
BOB = {
    "operation": "create",
    "kind": "user",
    "key": "bob",
    "id": None,
    "changes": {"user_name": {"before": None, "after": "bob"}, "password": {"before": None, "after": "********"}},
}
IN_TEAM = {
    "operation": "add",
    "kind": "membership",
    "key": "Team",
    "id": "g",
    "member": {"id": None, "kind": "user", "name": "bob"},
    "changes": {},
}
PLAN = [ANN_OUT, ANN, BOB, IN_TEAM]
DRIFT = [
    {"class": "different", "kind": "user", "key": "ann"},
    {"class": "missing", "kind": "user", "key": "bob"},
    {"class": "missing", "kind": "membership", "key": "Team", "member": IN_TEAM["member"]},
    {"class": "unmanaged", "kind": "user", "key": "carl"},
]


def journal(*events, header=None):
    """Return the lines of a journal as p1_directory writes them; events are (state, number of the row, other keys)."""
    lines = [{**HEADER, **(header or {})}]
    lines += [{"state": "planned", "row": number, **row} for number, row in enumerate(PLAN)]
    lines += [{"state": "drift", **row} for row in DRIFT]
    for state, number, more in events:
        row = {name: value for name, value in PLAN[number].items() if name != "changes"}
        lines.append({"state": state, "row": number, "time": TIME, **row, **more})
    return "".join(json.dumps(line) + "\n" for line in lines)


def rows(report):
    return {(row["kind"], row["key"]): row for row in report["rows"]}


def test_each_object_has_one_row():
    report = build_report({}, journal(header={"check_mode": True}))
    assert [(row["class"], row["kind"], row["key"]) for row in report["rows"]] == [
        ("different", "user", "ann"),
        ("missing", "user", "bob"),
        ("missing", "membership", "Team"),
        ("unmanaged", "user", "carl"),
    ]
    ann = rows(report)["user", "ann"]
    assert ann["operations"] == ["disable", "update"]
    assert ann["attributes"] == [
        {"name": "active", "current": True, "desired": False},
        {"name": "title", "current": "Developer", "desired": "Architect"},
    ]
    assert rows(report)["user", "carl"]["state"] == "none"
    assert rows(report)["membership", "Team"]["member"]["name"] == "bob"


def test_facts_of_the_run():
    report = build_report(
        {"api": {"reads": 4, "writes": 3, "retries": 0, "throttled_seconds": 0.0}, "plan_sha256": "abc"},
        journal(),
        title="Audit",
        context={"job": 4711, "api_key": "not for anybody"},
    )
    assert (report["run"], report["directory"], report["source"]) == (TIME, HEADER["directory"], HEADER["source"])
    assert report["requests"] == {"reads": 4, "writes": 3, "retries": 0, "throttled_seconds": 0.0}
    assert report["predicted"] == HEADER["predicted"]
    assert (report["title"], report["context"]) == ("Audit", {"job": "4711", "api_key": "********"})
    assert report["check_mode"] is False
    assert report["complete"] is True


def test_changed_drift_is_no_longer_a_finding():
    before = build_report({}, journal(header={"check_mode": True}))
    assert before["totals"]["findings"] == 3
    assert before["summary"] == "Drift: 1 different, 2 missing (2 users, 1 membership); not declared: 1 user (carl)"
    done = [(state, number, {}) for number in range(4) for state in ("started", "done")]
    after = build_report({}, journal(*done))
    assert after["totals"]["findings"] == after["totals"]["failed"] == 0
    assert after["summary"] == "No drift in declared objects; not declared: 1 user (carl); 3 objects were changed"
    assert after["totals"]["drift"]["missing"] == {"user": 1, "group": 0, "membership": 1}


def test_failed_and_interrupted_rows():
    report = build_report(
        {},
        journal(
            ("started", 0, {}),
            ("done", 0, {}),
            ("started", 1, {}),
            ("failed", 1, {"reason": "403: no", "status": 403}),
            ("started", 2, {}),
            ("failed", 3, {"reason": "not attempted"}),
        ),
    )
    found = rows(report)
    assert (found["user", "ann"]["state"], found["user", "ann"]["reason"]) == ("failed", "403: no")
    assert found["user", "ann"]["status"] == 403
    assert found["user", "bob"]["state"] == "interrupted"
    assert report["totals"]["failed"] == 3
    assert "3 could not be changed" in report["summary"]


def test_a_created_user_gets_its_id_and_remains_one_row():
    text = journal(("started", 2, {}), ("done", 2, {"id": "new"}))
    later = {
        "state": "failed",
        "row": None,
        "operation": "update",
        "kind": "user",
        "key": "bob",
        "id": None,
        "reason": "not kept",
    }
    report = build_report({}, text + json.dumps(later) + "\n")
    bob = rows(report)["user", "bob"]
    assert (bob["id"], bob["operations"], bob["state"], bob["class"]) == (
        "new",
        ["create", "update"],
        "failed",
        "missing",
    )
    assert sum(row["key"] == "bob" for row in report["rows"]) == 1


def test_the_last_run_of_a_journal_is_used_and_an_incomplete_line_is_ignored():
    text = journal(("done", 0, {})) + journal(header={"source": "later/"}) + '{"state": "done", "row": 1, "ki'
    report = build_report({}, text)
    assert report["source"] == "later/"
    assert rows(report)["user", "ann"]["state"] == "planned"


@pytest.mark.parametrize(
    "given", [journal(), journal().splitlines(), [json.loads(line) for line in journal().splitlines()]]
)
def test_a_journal_as_text_or_lines(given):
    assert len(build_report({}, given)["rows"]) == 4


def test_unknown_states_and_kinds_are_ignored():
    odd = [
        {"state": "dreamt", "row": 0},
        {"state": "planned", "row": 9, "operation": "sing", "kind": "choir", "key": 5},
        7,
        None,
    ]
    report = build_report({}, [*map(json.loads, journal().splitlines()), *odd])
    assert {row["kind"] for row in report["rows"]} <= {"user", "group", "membership"}


def test_a_report_without_a_journal():
    result = {
        "plan": PLAN,
        "drift": {"unmanaged": [{"kind": "user", "key": "carl"}], "missing": [{"kind": "user", "key": "bob"}]},
        "failed_items": [
            {
                "kind": "membership",
                "key": "Team",
                "operation": "add",
                "status": 400,
                "reason": "no",
                "member": IN_TEAM["member"],
            },
            {"kind": "user", "key": "title", "operation": "update", "status": None, "reason": "dropped"},
        ],
        "counts": {"user": {"created": 1}},
        "truncated": True,
    }
    report = build_report(result, check_mode=False, directory="host", source="desired.yml")
    found = rows(report)
    assert found["user", "bob"]["state"] == "done"
    assert (found["membership", "Team"]["state"], found["membership", "Team"]["status"]) == ("failed", 400)
    assert found["user", "title"]["reason"] == "dropped"
    assert (found["membership", "Team"]["class"], found["user", "ann"]["class"]) == ("missing", "different")
    assert report["complete"] is False
    assert report["totals"]["operations"] == {"user": {"created": 1}}
    assert (report["directory"], report["source"]) == ("host", "desired.yml")
    assert build_report(result)["rows"][0]["state"] == "planned"


def test_a_failed_run():
    report = build_report({"failed": True, "msg": "Could not\nread: 401"})
    assert report["failure"] and report["summary"] == "Failed: Could not read: 401"


def test_a_partly_failed_run_reports_its_changes():
    failed = {"failed": True, "msg": "1 change failed", "plan": [ANN, BOB], "plan_sha256": "abc"}
    failed["failed_items"] = [{"kind": "user", "key": "bob", "operation": "create", "status": 409, "reason": "taken"}]
    report = build_report(failed, check_mode=False)
    assert report["summary"] == "Drift: 1 missing (1 user); 1 could not be changed; 1 object was changed"
    assert report["failure"] == "1 change failed"


def test_a_refused_plan_is_shown_as_planned():
    refused = {"failed": True, "msg": "too many", "problems": ["too many"], "plan": [ANN], "plan_sha256": "other"}
    report = build_report(refused, journal(("done", 0, {})), check_mode=False)
    assert [row["state"] for row in report["rows"]] == ["planned"]
    assert report["summary"] == "Failed: too many"
    assert report["run"] is None


def test_an_empty_report():
    report = build_report({})
    assert report["rows"] == [] and report["totals"]["findings"] == 0
    assertion = {"name": "a", "severity": "low", "kind": "group_size", "status": "violated", "violations": []}
    assert build_report({}, assertions=[assertion])["summary"] == "1 of 1 assertions violated"


def test_two_groups_with_one_name_are_two_rows():
    plan = [
        {"operation": "delete", "kind": "group", "key": "Team", "id": number, "changes": {}} for number in ("1", "2")
    ]
    report = build_report({"plan": plan, "drift": {"extra": [{"kind": "group", "key": "Team"}] * 2}})
    assert [(row["class"], row["id"]) for row in report["rows"]] == [("extra", "1"), ("extra", "2")]


def test_secrets_are_masked_in_plan_and_context():
    changes = {
        "password": {"before": "old-secret", "after": "new-secret"},
        "attributes.api_token": {"before": None, "after": "t0ken"},
    }
    plan = [{"operation": "update", "kind": "user", "key": "ann", "id": "1", "changes": changes}]
    context = {"vault": {"client_secret": "s3cret"}, "password_expired": True}
    text = json.dumps(build_report({"plan": plan}, context=context))
    assert not [word for word in ("old-secret", "new-secret", "t0ken", "s3cret") if word in text]
    assert '"password_expired": "true"' in text


@pytest.mark.parametrize(
    ("result", "journal", "context", "message"),
    [
        (["no"], None, None, "the result must be a dictionary"),
        ({}, "not a journal", None, "journal has no header line"),
        ({}, None, ["no"], "context must be a dictionary"),
    ],
)
def test_invalid_input_is_refused(result, journal, context, message):
    with pytest.raises(ReportError, match=message):
        build_report(result, journal, context=context)


def mode_of(report):
    return dict(facts(report)).get("Mode")


def test_a_report_of_assertions_has_no_run():
    report = build_report({}, check_mode=False, directory="https://host/api", assertions=[{"name": "a", "status": "passed"}])
    assert (report["check_mode"], report["directory"], mode_of(report)) == (None, "https://host/api", None)


def test_the_mode_shows_whether_changes_were_made():
    assert mode_of(build_report({"plan": [ANN], "plan_sha256": "abc"}, check_mode=False)) == "changes were made"
    assert mode_of(build_report({"plan": [ANN], "plan_sha256": "abc"}, check_mode=True)) == "check mode: nothing was written"
    refused = {"failed": True, "msg": "too many", "problems": ["too many"], "plan": [ANN], "plan_sha256": "abc"}
    for result in (refused, {"plan": [], "plan_sha256": "abc"}):
        assert mode_of(build_report(result, check_mode=False)) == "nothing was changed"


def test_a_report_of_an_invalid_desired_state_compares_nothing():
    """A plan that does not cover the whole desired state has no hash."""
    result = {"plan": [], "drift": {}, "plan_sha256": None, "problems": ["users[1] has no name"]}
    report = build_report(result, check_mode=True, refused=result)
    assert report["summary"] == "Not compared: the desired state has problems"


def membership(group, name, kind="user"):
    return {"kind": "membership", "key": group, "member": {"id": None, "kind": kind, "name": name}}


INTRUDERS = {
    "unmanaged": [
        {"kind": "user", "key": "eve"},
        membership("Engineering", "eve"),
        *({"kind": "group", "key": f"g{number}"} for number in range(5)),
    ],
    "protected": [membership("Domain Administrators", "eve")],
}
NAMED = "1 user (eve), 5 groups (g0, g1, g2, …), 2 memberships (user eve in Domain Administrators, user eve in Engineering)"


@pytest.mark.parametrize(
    ("drift", "strict", "findings", "summary"),
    [
        (INTRUDERS, False, 0, f"No drift in declared objects; not declared: {NAMED}"),
        (INTRUDERS, True, 8, f"Drift: not declared: {NAMED}"),
        ({**INTRUDERS, "missing": [{"kind": "user", "key": "ann"}]}, False, 1, f"Drift: 1 missing (1 user); not declared: {NAMED}"),
        ({**INTRUDERS, "missing": [{"kind": "user", "key": "ann"}]}, True, 9, f"Drift: 1 missing (1 user); not declared: {NAMED}"),
        # Every directory has the group Users, and the service adds users to it.
        ({"unmanaged": [{"kind": "group", "key": "users"}], "protected": [membership("Users", "ann")]}, True, 0, "No drift: the directory is as declared"),
        ({"protected": [membership("Users", "Sales", "group")]}, True, 1, "Drift: not declared: 1 membership (group Sales in Users)"),
        ({}, True, 0, "No drift: the directory is as declared"),
    ],
)
def test_undeclared_objects_are_named_and_are_findings_in_a_strict_report(drift, strict, findings, summary):
    report = build_report({"plan": [], "drift": drift, "plan_sha256": "0" * 64}, check_mode=True, strict=strict)
    assert report["summary"] == summary
    assert report["totals"]["findings"] == sum(row["finding"] for row in report["rows"]) == findings


def test_rows_contain_the_person_of_a_user():
    ann = {"id": "1", "user_name": "ann", "display_name": "Ann E.", "email": "ann@x", "created": TIME, "last_login": None}
    twins = [{"id": number, "user_name": "Carl", "display_name": f"Carl {number}"} for number in ("7", "8")]
    lines = [json.loads(line) for line in journal().splitlines()]
    named = {"user_name": "bob", "display_name": "Bob", "emails": [{"value": "bob@x"}]}
    lines[3]["changes"] = {name: {"before": None, "after": value} for name, value in named.items()}
    found = rows(build_report({}, [*lines, *({"state": "person", **person} for person in [ann, *twins])]))
    assert found["user", "ann"]["person"] == {"display_name": "Ann E.", "email": "ann@x", "created": TIME, "last_login": None}
    # A new account shows the declared person; for two accounts with one name, none is shown.
    assert found["user", "bob"]["person"] == {"display_name": "Bob", "email": "bob@x", "created": None, "last_login": None}
    assert found["user", "carl"]["person"] is None
    from_result = rows(build_report({"plan": [ANN], "people": [ann]}))
    assert from_result["user", "ann"]["person"] == found["user", "ann"]["person"]


def test_a_user_created_under_a_released_name_is_another_person():
    """The plan renames ann and creates another ann, who replaces her in Engineering."""
    old = {"id": "1", "user_name": "ann", "display_name": "Old Ann", "email": "old@x"}
    new = {"display_name": {"before": None, "after": "New Ann"}}
    member = {"kind": "user", "name": "ann"}
    group = {"kind": "membership", "key": "Engineering", "id": "9", "changes": {}}
    plan = [
        {**group, "operation": "remove", "member": {**member, "id": "1"}},
        {"operation": "rename", "kind": "user", "key": "ann", "id": "1", "changes": {"user_name": {"before": "ann", "after": "ann-old"}}},
        {"operation": "create", "kind": "user", "key": "ann", "id": None, "changes": new},
        {"operation": "update", "kind": "user", "key": "ann", "id": "1", "changes": {"title": {"before": None, "after": "Nurse"}}},
        {**group, "operation": "add", "member": {**member, "id": None}},
    ]
    drift = {
        "missing": [{"kind": "user", "key": "ann"}, {"kind": "membership", "key": "Engineering", "member": {**member, "id": None}}],
        "different": [{"kind": "user", "key": "ann"}],
        "extra": [{"kind": "membership", "key": "Engineering", "member": {**member, "id": "1"}}],
    }
    for known in ({"drift": drift}, {}):
        report = build_report({"plan": plan, "people": [old], "plan_sha256": "0" * 64, **known}, check_mode=True)
        assert [(row["kind"], row["class"], row["operations"], row["person"]["display_name"]) for row in report["rows"]] == [
            ("membership", "extra", ["remove"], "Old Ann"),
            ("user", "different", ["rename", "update"], "Old Ann"),
            ("user", "missing", ["create"], "New Ann"),
            ("membership", "missing", ["add"], "New Ann"),
        ]
    # The journal contains the id of the new account, and its people do not include it.
    lines = [HEADER, *({"state": "planned", "row": number, **row} for number, row in enumerate(plan))]
    lines += [{"state": "done", "row": 2, **plan[2], "id": "2"}, {"state": "person", **old}]
    found = [row for row in build_report({}, lines)["rows"] if row["kind"] == "user"]
    assert [(row["id"], row["person"]["display_name"]) for row in found] == [("1", "Old Ann"), ("2", "New Ann")]


@pytest.mark.parametrize(
    ("name", "base_url", "directory"),
    [
        ("Production", "https://host/api", "Production (https://host/api)"),
        (None, "https://host/api", "https://host/api"),
        ("Production", None, "Production"),
        (None, None, None),
    ],
)
def test_a_report_names_the_directory(name, base_url, directory):
    assert build_report({"base_url": base_url}, directory=name)["directory"] == directory
    assert build_report({}, directory=name, base_url=base_url)["directory"] == directory
    header = {"directory": base_url}
    assert build_report({}, journal(header=header), directory=name)["directory"] == directory


def test_a_row_is_done_only_if_the_run_counted_it():
    """The backup may have failed before any change, or the result may omit failures."""
    counts = {"user": {"created": 0, "updated": 0, "disabled": 0, "failed": 0}, "membership": {"added": 0, "failed": 0}}
    report = build_report({"plan": PLAN, "counts": counts, "failed": True, "msg": "no backup"}, check_mode=False)
    assert {row["state"] for row in report["rows"]} == {"planned"} and mode_of(report) == "nothing was changed"
    counts["user"].update(created=1, failed=2)
    report = build_report({"plan": [ANN, BOB], "counts": counts, "failed_items": [{"kind": "user", "key": "x"}]}, check_mode=False)
    assert rows(report)["user", "bob"]["state"] == "planned" and mode_of(report) == "changes were made"
    counts["user"].update(updated=1, failed=0)
    report = build_report({"plan": [ANN, BOB], "counts": counts}, check_mode=False)
    assert {row["state"] for row in report["rows"]} == {"done"}
