# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test assertions: the violations that each rule finds in every form of readings, and invalid rules."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.plugin_utils._review.assertions import evaluate
from ansible_collections.pingone.directory.plugins.plugin_utils._values import ReportError

NOW = "2026-06-01T00:00:00Z"

USERS = [
    {"id": "1", "user_name": "ann", "active": True, "last_login": "2026-05-30T10:00:00.000Z"},
    {"id": "2", "user_name": "bob", "active": False, "last_login": "2020-01-01T00:00:00.000Z"},
    {"id": "3", "user_name": "Carl", "active": True, "last_login": None, "created": "2026-05-25T12:00:00.000-06:00"},
    {"id": "4", "user_name": "dora", "active": True, "last_login": None, "created": "2025-01-01T12:00:00.000-06:00"},
    {"id": "5", "user_name": "eve", "active": True, "last_login": "2026-01-01T00:00:00.000Z"},
]


def group(number, name, *members):
    """Return a group as p1_group_info returns it; members are ids, and ids of groups begin with g."""
    return {
        "id": f"g{number}",
        "display_name": name,
        "members": [
            {"id": member, "kind": "group" if member[0] == "g" else "user", "name": "shown " + member}
            for member in members
        ],
    }


GROUPS = [
    group(1, "Payments", "1", "g2"),
    group(2, "Finance", "5"),
    group(3, "Approvers", "g4", "4"),
    group(4, "Auditors", "1", "2"),
    group(5, "Domain Administrators", "1", "g6"),
    group(6, "Operators", "3"),
    group(7, "Users", "1", "2", "3", "4", "5"),
    group(8, "Empty"),
]
READING = {"users": USERS, "groups": GROUPS}


def check(rule, reading=None, **more):
    (found,) = evaluate(reading or READING, [{"name": "r", **rule}], now=NOW, **more)
    return found


def texts(rule, reading=None):
    return [violation["text"] for violation in check(rule, reading)["violations"]]


def test_exclusive_groups_include_inherited_memberships():
    found = check({"exclusive_groups": ["Payments", "Approvers"], "severity": "critical"})
    assert found == {
        "name": "r",
        "severity": "critical",
        "kind": "exclusive_groups",
        "status": "violated",
        "violations": [
            {
                "user": "ann",
                "group": "Payments",
                "text": "'ann' is in 'Payments' (direct) and 'Approvers' (Approvers > Auditors)",
                "person": {"display_name": None, "email": None, "created": None, "last_login": "2026-05-30T10:00:00.000Z"},
            }
        ],
        "not_determined": [],
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([["Payments", "Approvers"]], ["ann"]),
        ([["payments", "APPROVERS"], ["Finance", "Payments"]], ["ann", "eve"]),
        (["Payments", "Finance", "Auditors"], ["ann", "eve"]),
        (["Payments", "Operators"], []),
    ],
)
def test_exclusive_groups_in_pairs(value, expected):
    found = check({"exclusive_groups": value})
    assert [violation["user"] for violation in found["violations"]] == expected
    assert found["status"] == ("violated" if expected else "passed")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["Auditors"], ["'bob' is disabled and in 'Auditors' (direct)"]),
        (
            ["A*"],
            [
                "'bob' is disabled and in 'Approvers' (Approvers > Auditors)",
                "'bob' is disabled and in 'Auditors' (direct)",
            ],
        ),
        ("Auditors", ["'bob' is disabled and in 'Auditors' (direct)"]),
        (["Payments"], []),
    ],
)
def test_disabled_in_groups(value, expected):
    assert texts({"disabled_in_groups": value}) == expected


def test_disabled_in_groups_true_excludes_the_default_group():
    assert len(texts({"disabled_in_groups": True})) == 2
    assert len(texts({"disabled_in_groups": ["*"]})) == 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (90, ["dora", "eve"]),
        ("90", ["dora", "eve"]),
        (1, ["ann", "Carl", "dora", "eve"]),
        ({"days": 90, "never": False}, ["eve"]),
        ({"days": 90, "groups": ["Payments"]}, ["eve"]),
        (4000, []),
    ],
)
def test_not_logged_in_days(value, expected):
    assert [violation["user"] for violation in check({"not_logged_in_days": value})["violations"]] == expected


def test_not_logged_in_days_reports_the_last_login():
    assert texts({"not_logged_in_days": 90}) == [
        "'dora' has never logged in; the account was created on 2025-01-01, 515 days ago",
        "'eve' last logged in on 2026-01-01, 151 days ago",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (30, ["dora"]),
        ("6", ["Carl", "dora"]),
        ({"days": 1, "groups": ["Operators"]}, ["Carl"]),
        ({"days": 1, "except_users": ["D*"]}, ["Carl"]),
        ({"days": 1, "except_groups": ["Domain Administrators"]}, ["dora"]),
        (600, []),
    ],
)
def test_never_logged_in_days(value, expected):
    assert [violation["user"] for violation in check({"never_logged_in_days": value})["violations"]] == expected


def account(**dates):
    return {"id": "9", "user_name": "joe", "active": True, **dates}


OLD, NEW = "2020-01-01T00:00:00Z", "2026-05-20T00:00:00Z"


@pytest.mark.parametrize(
    ("dates", "lapsed", "never"),
    [
        ({"last_login": OLD, "created": OLD}, "violated", "passed"),
        ({"last_login": OLD}, "violated", "passed"),
        ({"last_login": NEW, "created": OLD}, "passed", "passed"),
        ({"last_login": 1577836800000, "created": 1577836800000}, "violated", "passed"),
        ({"last_login": None, "created": OLD}, "violated", "violated"),
        ({"last_login": None, "created": NEW}, "passed", "passed"),
        ({"last_login": None, "created": "2020-01-01T00:00:00.000-07:00"}, "violated", "violated"),
        ({"last_login": None, "created": None}, "unknown", "unknown"),
        ({"last_login": None, "created": "soon"}, "unknown", "unknown"),
        ({"last_login": "soon", "created": OLD}, "unknown", "unknown"),
        ({"last_login": "soon", "created": NEW}, "unknown", "unknown"),
        ({"last_login": "1970-01-01T00:00:00.000Z", "created": OLD}, "violated", "violated"),
        ({"last_login": "1970-01-01T00:00:00.000Z", "created": NEW}, "passed", "passed"),
        ({"last_login": "1970-01-01T00:00:00.000Z"}, "unknown", "unknown"),
        ({"last_login": "2999-01-01T00:00:00.000Z", "created": OLD}, "passed", "passed"),
        ({"last_login": OLD, "created": NEW}, "passed", "passed"),
    ],
)
def test_an_account_with_a_missing_date_is_not_reported_as_idle(dates, lapsed, never):
    reading = {"users": [account(**dates), USERS[0]], "groups": []}
    for kind, expected in (("not_logged_in_days", lapsed), ("never_logged_in_days", never)):
        found = check({kind: 90}, reading)
        assert found["status"] == ("error" if expected == "unknown" else expected), kind
        assert [item["user"] for item in found["violations"]] == (["joe"] if expected == "violated" else [])
        assert [item["user"] for item in found["not_determined"]] == (["joe"] if expected == "unknown" else [])
        assert all("not determined" in item["text"] for item in found["not_determined"])


def test_without_any_login_idle_accounts_are_undetermined():
    """A document contains no logins, and the service may omit them from lists."""
    reading = {"users": [account(created=OLD), {**account(created=NEW), "id": "8", "user_name": "new"}], "groups": []}
    for kind in ("not_logged_in_days", "never_logged_in_days"):
        found = check({kind: 90}, reading)
        assert (found["status"], found["violations"]) == ("error", [])
        assert [item["text"] for item in found["not_determined"]] == [
            "'joe' may be idle: not determined, because no last_login of any user was read"
        ]


def test_accounts_without_a_login_can_be_excluded():
    reading = {"users": [account(last_login=None), USERS[0]], "groups": []}
    assert check({"not_logged_in_days": {"days": 90, "never": False}}, reading)["status"] == "passed"


def test_violations_take_precedence_over_undetermined_accounts():
    reading = {"users": [account(last_login="soon"), USERS[4]], "groups": []}
    found = check({"not_logged_in_days": 90}, reading)
    assert found["status"] == "violated"
    assert ([item["user"] for item in found["violations"]], [item["user"] for item in found["not_determined"]]) == (["eve"], ["joe"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, ["'eve' is in no group"]),
        ({}, ["'eve' is in no group"]),
        ({"except_users": ["EVE"]}, []),
        ({"except_groups": ["Users"]}, []),
        ({"groups": ["A*", "Domain Administrators"]}, ["'eve' is in none of the groups A*, Domain Administrators"]),
    ],
)
def test_in_no_group(value, expected):
    reading = {"users": USERS, "groups": [item for item in GROUPS if item["id"] not in ("g1", "g2")]}
    assert texts({"in_no_group": value}, reading) == expected


def test_in_no_group_requires_groups():
    users = [
        {"id": "1", "user_name": "ann", "member_of": []},
        {"id": "2", "user_name": "bob", "effective_groups": []},
        {"id": "3", "user_name": "carl", "member_of": [{"id": "g", "display_name": "Users"}]},
    ]
    found = check({"in_no_group": True}, {"users": users})
    assert [item["user"] for item in found["violations"]] == ["bob"]
    assert [item["user"] for item in found["not_determined"]] == ["ann", "carl"]
    assert check({"in_no_group": True}, {"users": users, "groups": []})["not_determined"] == []


def test_accounts_are_exempt_by_name_and_group():
    assert len(texts({"disabled_in_groups": {"except_users": ["ann"]}})) == 2
    assert texts({"disabled_in_groups": {"groups": ["Auditors"], "except_users": ["b*"]}}) == []
    assert texts({"disabled_in_groups": {"except_groups": ["Auditors"]}}) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["ann", "CARL"], []),
        (
            ["ann"],
            ["'Carl' is in 'Domain Administrators' (Domain Administrators > Operators) but is not an allowed administrator"],
        ),
        ([], ["ann", "Carl"]),
        (["[ac]*"], []),
        ({"users": ["ann"], "groups": ["Operators"]}, ["'Carl' is in 'Operators' (direct) but is not an allowed administrator"]),
    ],
)
def test_administrators(value, expected):
    found = texts({"administrators": value})
    assert len(found) == len(expected)
    assert all(part in text for part, text in zip(expected, found))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"group": "Payments", "min": 2, "max": 2}, []),
        ({"group": "Payments", "min": 3}, ["'Payments' has 2 users, including members of nested groups: fewer than 3"]),
        ({"group": "payments", "max": 1}, ["'Payments' has 2 users, including members of nested groups: more than 1"]),
        ({"group": "Empty", "fewer_than": 1}, ["'Empty' has 0 users, including members of nested groups: fewer than 1"]),
        ({"groups": ["Finance", "Operators"], "more_than": 0}, ["'Finance' has 1 user", "'Operators' has 1 user"]),
        ([{"group": "Empty", "min": 1}, {"group": "E*", "max": "0"}], ["'Empty' has 0 users"]),
    ],
)
def test_group_size(value, expected):
    found = texts({"group_size": value})
    assert len(found) == len(expected)
    assert all(text.startswith(part) for part, text in zip(expected, found))


@pytest.mark.parametrize(
    "rule",
    [
        {"exclusive_groups": ["Paymentz", "Approvers"]},
        {"disabled_in_groups": ["Paymentz"]},
        {"not_logged_in_days": {"days": 1, "groups": ["Paymentz"]}},
        {"never_logged_in_days": {"days": 1, "except_groups": ["Paymentz"]}},
        {"in_no_group": {"groups": ["Paymentz"]}},
        {"administrators": {"users": ["*"], "groups": ["Paymentz"]}},
        {"group_size": {"group": "Paymentz", "max": 5}},
    ],
)
def test_a_missing_group_is_an_error(rule):
    found = check(rule)
    assert found["status"] == "error"
    assert found["violations"][0]["text"] == "group 'Paymentz' does not exist"


EFFECTIVE = {
    "users": [
        {
            "id": "1",
            "user_name": "ann",
            "effective_groups": [
                {"id": "a", "display_name": "Payments", "direct": True, "path": ["Payments"]},
                {"id": "b", "display_name": "Approvers", "direct": False, "path": ["Approvers", "Auditors"]},
            ],
        }
    ]
}
DOCUMENT = {
    "users": [{"user_name": "Ann", "groups": ["payments"]}],
    "groups": [
        {"display_name": "Payments", "members": {"users": ["carl"]}},
        {"display_name": "Approvers", "members": {"groups": ["Auditors"]}},
        {"display_name": "Auditors", "members": {"users": ["ann"]}},
    ],
}
NESTED_ONLY = {"groups": [group(1, "Payments", "1"), group(2, "Approvers", "1")]}


@pytest.mark.parametrize("reading", [EFFECTIVE, DOCUMENT, NESTED_ONLY])
def test_other_forms_of_readings(reading):
    found = check({"exclusive_groups": ["Payments", "Approvers"]}, reading)
    assert len(found["violations"]) == 1
    assert found["status"] == "violated"


def test_a_reading_without_groups_knows_no_empty_groups():
    assert check({"group_size": {"group": "On Call", "min": 1}}, EFFECTIVE)["status"] == "violated"
    assert check({"disabled_in_groups": ["On Call"]}, EFFECTIVE)["status"] == "passed"


def test_two_groups_with_one_name_are_both_checked():
    reading = {"users": USERS, "groups": [group(1, "Team", "1"), group(2, "Team", "2"), group(3, "Other", "2")]}
    assert [item["user"] for item in check({"exclusive_groups": ["Team", "Other"]}, reading)["violations"]] == ["bob"]


def test_a_cycle_ends():
    reading = {"users": USERS, "groups": [group(1, "Egg", "g2"), group(2, "Hen", "g1", "1")]}
    assert texts({"group_size": {"groups": ["Egg", "Hen"], "max": 0}}, reading) == [
        "'Egg' has 1 user, including members of nested groups: more than 0",
        "'Hen' has 1 user, including members of nested groups: more than 0",
    ]


@pytest.mark.parametrize(
    ("rules", "reported"),
    [
        ({}, "must be a list"),
        (["x"], "assertion 1 must be a dictionary"),
        ([{"administrators": []}], "assertion 1 has no name"),
        ([{"name": "a"}], "assertion 'a' needs exactly one of"),
        ([{"name": "a", "administrators": [], "group_size": {}}], "exactly one"),
        ([{"name": "a", "administratorz": []}], "assertion 'a': unknown key 'administratorz'"),
        ([{"name": "a", "severity": "awful", "administrators": []}], "severity must be one of"),
        ([{"name": "a", "exclusive_groups": "Payments"}], "list of lists"),
        ([{"name": "a", "exclusive_groups": [["Payments"]]}], "at least two"),
        ([{"name": "a", "exclusive_groups": [["Payments", 7]]}], "list of lists"),
        ([{"name": "a", "disabled_in_groups": []}], "true, or a list"),
        ([{"name": "a", "disabled_in_groups": False}], "true, or a list"),
        ([{"name": "a", "not_logged_in_days": 0}], "number of days"),
        ([{"name": "a", "not_logged_in_days": True}], "number of days"),
        ([{"name": "a", "not_logged_in_days": {"days": 1, "odd": 1}}], "unknown key 'odd'. Valid keys: groups, except_users"),
        ([{"name": "a", "not_logged_in_days": {"days": 1, "never": "x"}}], "true or false"),
        ([{"name": "a", "not_logged_in_days": {"groups": ["x"]}}], "number of days"),
        ([{"name": "a", "never_logged_in_days": 0}], "number of days"),
        ([{"name": "a", "never_logged_in_days": {"days": 1, "never": True}}], "unknown key 'never'"),
        ([{"name": "a", "in_no_group": "Users"}], "true, or a dictionary"),
        ([{"name": "a", "in_no_group": {"groups": []}}], "list of names"),
        ([{"name": "a", "administrators": {"odd": 1}}], "unknown key 'odd'"),
        ([{"name": "a", "administrators": [1]}], "list of user names"),
        ([{"name": "a", "group_size": {"group": "x"}}], "min and max"),
        ([{"name": "a", "group_size": {"group": "x", "min": 3, "max": 2}}], "min and max"),
        ([{"name": "a", "group_size": {"min": 3}}], "min and max"),
        ([{"name": "a", "group_size": {"group": "x", "min": -1}}], "min and max"),
        ([{"name": "a", "administrators": []}] * 2, "several assertions have the name"),
    ],
)
def test_invalid_rules(rules, reported):
    with pytest.raises(ReportError, match=reported) as refused:
        evaluate(READING, rules)
    assert "\n" not in str(refused.value)


def test_all_problems_are_reported_at_once():
    with pytest.raises(ReportError) as refused:
        evaluate(READING, [{"name": "a"}, {"name": "b", "severity": "odd", "administrators": []}])
    assert "'a'" in str(refused.value) and "'b'" in str(refused.value)


@pytest.mark.parametrize(("reading", "now", "reported"), [(["no"], NOW, "dictionary"), (READING, "soon", "must be a time")])
def test_an_invalid_reading_or_time_is_refused(reading, now, reported):
    with pytest.raises(ReportError, match=reported):
        evaluate(reading, [{"name": "a", "administrators": []}], now=now)


def test_severity_has_a_default():
    assert check({"administrators": ["*"]})["severity"] == "medium"


def test_kinds_of_members_without_a_type_come_from_the_lists():
    """A listed group is not a user; an id that no list contains is reported as a user."""
    members = [{"id": "g2", "kind": None, "name": "g2"}, {"id": "1", "kind": None, "name": "1"}, {"id": "9", "kind": None, "name": "9"}]
    reading = {
        "users": USERS,
        "groups": [{"id": "g1", "display_name": "Domain Administrators", "members": members}, group(2, "Operators", "3")],
    }
    assert texts({"administrators": []}, reading) == [
        "'9' is in 'Domain Administrators' (direct) but is not an allowed administrator",
        "'ann' is in 'Domain Administrators' (direct) but is not an allowed administrator",
        "'Carl' is in 'Domain Administrators' (Domain Administrators > Operators) but is not an allowed administrator",
    ]


def test_names_are_compared_as_in_the_modules():
    users = [{"id": "1", "user_name": "ju\u0308rgen"}, {"id": "2", "user_name": "wei\u00df"}]
    reading = {"users": users, "groups": [{"id": "g1", "display_name": "A\u0308rzte ", "members": [
        {"id": "1", "kind": "user", "name": "x"}, {"id": "2", "kind": "user", "name": "y"}]}]}
    found = check({"administrators": {"users": ["J\u00fcrgen", "weiss"], "groups": ["\u00e4rzte"]}}, reading)
    assert [violation["user"] for violation in found["violations"]] == ["wei\u00df"]
