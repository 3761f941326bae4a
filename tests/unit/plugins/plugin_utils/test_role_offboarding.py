# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the decisions of the role user_offboard: account, groups, and record."""

from __future__ import annotations

import base64
import datetime

import pytest
import yaml

from ansible_collections.pingone.directory.plugins.plugin_utils._roles.offboarding import offboarding
from ansible_collections.pingone.directory.plugins.plugin_utils._roles.record import record_path

GROUPS = [
    {"id": "g0", "display_name": "Users", "direct": True},
    {"id": "g1", "display_name": "Sales, EU", "direct": True},
    {"id": "g2", "display_name": "[x] Staff", "direct": True},
    {"id": "g3", "display_name": "All", "direct": False},
]
ANN = {"id": "u1-23456789", "user_name": "Ann", "external_id": "hr-1", "active": True, "effective_groups": GROUPS, "administrator_by": []}
DOMAIN = {"id": "g8", "display_name": "Domain Administrators"}
OPERATORS = {"id": "g9", "display_name": "Operators"}
NONE = {"users": [], "total": 0}
MISSING = {"stat": {"stat": {"exists": False}}, "slurp": {"skipped": True}}


def found(**changes):
    return {"users": [{**ANN, **changes}], "total": 1}


def slurped(content):
    text = content if isinstance(content, str) else yaml.safe_dump(content)
    return {"content": base64.b64encode(text.encode()).decode(), "source": "ann.yml"}


NOW = datetime.datetime(2026, 6, 1, 12, 30, tzinfo=datetime.timezone.utc)
BY = {"by": "olga", "job": "4711"}
EVENT = {"time": "2026-06-01T12:30:00Z", "user": "olga", "job": "4711"}


def with_record(content, mode="disable", **values):
    record = {"stat": {"stat": {"exists": True}}, "slurp": slurped(content)} if content is not None else MISSING
    answers = {"user_name": "ann", "groups_file": "a/ann.yml", "mode": mode, **BY}
    return offboarding(answers, {**found(**values), "base_url": "https://one/api"}, [], record, now=NOW)


def names(groups):
    return [group["display_name"] for group in groups]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"user_name": " "}, "user_offboard_user_name and user_offboard_external_id are missing. Set one of them"),
        ({"user_name": "a", "protected_users": '["a"'}, "user_offboard_protected_users: the value is neither JSON nor YAML"),
        ({"user_name": "a", "keep_groups": '["a"'}, "user_offboard_keep_groups: the value is neither JSON nor YAML"),
    ],
)
def test_invalid_variables_are_refused(values, message):
    decision = offboarding(values)
    assert decision["refusal"].startswith(message) and list(decision) == ["refusal"]


@pytest.mark.parametrize(
    ("values", "account", "message"),
    [
        ({}, NONE, "Account ann does not exist; nothing was done. Check the name"),
        ({"absent_ok": True}, NONE, "Account ann does not exist"),
        ({"mode": "delete", "absent_ok": "no"}, NONE, "or set user_offboard_absent_ok: true if it may already be deleted"),
        ({}, {"users": [ANN, ANN], "total": 2}, "Several accounts are named ann"),
        ({"external_id": "hr-2"}, found(), "has the external_id hr-1, not hr-2: it belongs to another person"),
        ({"external_id": "hr-2"}, found(external_id=None), "has the external_id (none), not hr-2"),
        ({"protected_users": "svc-*\nAN*"}, found(), "The account Ann is one of user_offboard_protected_users; nothing was done"),
        ({}, found(administrator_by=[DOMAIN, OPERATORS]), "is an administrator through Domain Administrators > Operators"),
        ({"allow_administrator": "no"}, found(administrator_by=[DOMAIN]), "set user_offboard_allow_administrator: true"),
    ],
)
def test_accounts_that_must_not_be_offboarded_are_refused(values, account, message):
    decision = offboarding({"user_name": "ann", **values}, account, [])
    assert message in decision["refusal"] and list(decision) == ["refusal"]


@pytest.mark.parametrize(
    ("values", "content", "refused"),
    [
        ({"user_name": "ANN"}, {"user_name": "ann"}, False),
        ({"user_name": "ann"}, {"user_name": "joanna", "external_id": "ann"}, True),
        ({"external_id": "hr-1"}, {"user_name": "ann", "external_id": "hr-1"}, False),
        ({"external_id": "ann"}, {"user_name": "ann"}, True),
        ({"user_name": "ann"}, "{user_name: ann", True),
    ],
)
def test_a_missing_account_gets_a_separate_record(values, content, refused):
    values = {"mode": "delete", "groups_file": "a/", **values}
    search = offboarding(values, NONE)["search"]
    assert (search["folder"], search["pattern"]) == ("a", "*.yml")
    decision = offboarding(values, NONE, [slurped(content)])
    assert bool(decision["refusal"]) is refused
    assert refused or (decision["account"], decision["delete"], decision["left_groups"]) == ("", False, [])


@pytest.mark.parametrize(
    ("values", "account", "left"),
    [
        ({}, {}, ["Sales, EU", "[x] Staff"]),
        ({"keep_groups": []}, {}, ["Users", "Sales, EU", "[x] Staff"]),
        ({"keep_groups": "users\n[X] Staff"}, {}, ["Sales, EU"]),
        ({"keep_groups": "*"}, {}, ["Users", "Sales, EU", "[x] Staff"]),
        (
            {"allow_administrator": True},
            {"administrator_by": [DOMAIN], "effective_groups": [{**DOMAIN, "direct": True}, {**OPERATORS, "direct": True}]},
            ["Operators"],
        ),
    ],
)
def test_the_account_leaves_direct_groups_that_are_not_kept(values, account, left):
    decision = offboarding({"user_name": "ann", **values}, found(**account), [])
    assert names(decision["left_groups"]) == left


def test_warnings_name_possibly_mistyped_values():
    values = {"user_name": "ann", "keep_groups": "Users\nStuff", "protected_users": "svc-*, admin*"}
    warning = offboarding(values, found(), [])["warning"]
    assert "user_offboard_keep_groups: the account is not in group Stuff" in warning
    assert "one pattern: svc-*, admin*. Write one pattern per line" in warning
    assert offboarding({"user_name": "ann"}, found(effective_groups=[]), [])["warning"] == ""


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("", "ann", ""),
        ("x.yml", "ann", "x.yml"),
        ("a/", "Ann@x", "a/ann@x.yml"),
        ("a/", "mül@x", "a/m_l@x-12345678.yml"),
        ("a/", "../x", "a/.._x-12345678.yml"),
    ],
)
def test_the_file_is_named_after_the_account(path, name, expected):
    assert record_path(path, name, "1234567890") == expected


def test_a_new_record_contains_time_job_and_former_groups():
    decision = with_record(None)
    assert (decision["file"], decision["folder"], decision["problem"], decision["backup"]) == ("a/ann.yml", "a", "", False)
    assert yaml.safe_load(decision["text"]) == {
        "record": 1,
        "directory": "https://one/api",
        "user_name": "Ann",
        "id": "u1-23456789",
        "external_id": "hr-1",
        "disabled": EVENT,
        "deleted": None,
        "left_groups": [{"id": "g1", "display_name": "Sales, EU"}, {"id": "g2", "display_name": "[x] Staff"}],
    }
    assert "\ndeleted: null\n" in decision["text"], "the search for records that are not deleted looks for this line"
    assert decision["deleted_text"] == ""


def test_without_a_job_a_record_contains_only_the_time():
    decision = offboarding({"user_name": "ann", "groups_file": "a/"}, found(external_id=None), [], MISSING, now=NOW)
    record = yaml.safe_load(decision["text"])
    assert (record["disabled"], record["external_id"], record["directory"]) == ({"time": EVENT["time"], "user": None, "job": None}, None, None)


def test_a_deletion_is_added_to_the_record():
    former = {"user_name": "ann", "id": ANN["id"], "disabled": {"time": "2026-05-01T00:00:00Z", "user": "x", "job": None}, "left_groups": []}
    decision = with_record(former, mode="delete", active=False)
    record = yaml.safe_load(decision["deleted_text"])
    assert record["deleted"] == EVENT and record["disabled"] == former["disabled"]
    assert names(record["left_groups"]) == ["Sales, EU", "[x] Staff"]


RECORDED = {"user_name": "ann", "id": ANN["id"], "disabled": {"time": "2026-05-01T00:00:00Z", "user": "x", "job": "1"}, "left_groups": []}


@pytest.mark.parametrize(
    ("record", "account", "continues"),
    [
        ({}, {"active": False}, True),
        ({}, {"active": False, "last_login": "2026-05-01T23:00:00Z"}, True),
        ({}, {"active": False, "last_login": "2026-05-20T00:00:00Z"}, False),
        ({}, {"active": True}, False),
        ({"id": "u2"}, {"active": False}, False),
        ({"deleted": {"time": "2026-05-02T00:00:00Z"}}, {"active": False}, False),
    ],
)
def test_the_disabling_time_is_kept_while_the_account_remains_disabled(record, account, continues):
    """With the time of a former record, an account that was in use again would be deleted at once."""
    decision = with_record({**RECORDED, **record}, **account)
    assert yaml.safe_load(decision["text"])["disabled"] == (RECORDED["disabled"] if continues else EVENT)
    assert decision["backup"] is not continues
    again = with_record({**RECORDED, **record}, effective_groups=[], **account)
    assert bool(again["text"]) is not continues


@pytest.mark.parametrize(
    ("active", "record_id", "left"),
    [
        (False, ANN["id"], ["Old", "Sales, EU", "[x] Staff"]),
        (True, ANN["id"], ["Sales, EU", "[x] Staff"]),
        (False, "another", ["Sales, EU", "[x] Staff"]),
    ],
)
def test_the_record_of_a_disabled_account_is_extended(active, record_id, left):
    old = [{"id": "g7", "display_name": "Old"}, {"id": "g1", "display_name": "Sales, EU"}]
    decision = with_record({"user_name": "ann", "id": record_id, "left_groups": old}, active=active)
    assert names(yaml.safe_load(decision["text"])["left_groups"]) == left


def test_a_record_keeps_its_former_groups():
    assert with_record({**RECORDED, "left_groups": [{"id": "g1"}]}, active=False, effective_groups=[])["text"] == ""
    assert with_record("", effective_groups=[])["text"] != ""


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ({"stat": {"stat": {"exists": True}}, "slurp": slurped({"user_name": "bob", "id": "u2"})}, "a/ann.yml is not the record of Ann"),
        ({"stat": {"stat": {"exists": True}}, "slurp": slurped("{user_name: joe")}, "a/ann.yml"),
        ({"stat": {"stat": {"exists": True}}, "slurp": slurped("- a")}, "a/ann.yml is not a record"),
        ({"stat": {"stat": {"exists": True}}, "slurp": {"msg": "source is a\ndirectory"}}, "source is a directory"),
        ({"stat": {"msg": "Not a directory"}, "slurp": {"skipped": True}}, "Not a directory"),
    ],
)
def test_an_invalid_record_does_not_prevent_disabling(record, problem):
    values = {"user_name": "ann", "groups_file": "a/ann.yml", "mode": "delete"}
    decision = offboarding(values, found(), [], record)
    assert problem in decision["problem"] and decision["text"] == ""
    assert decision["disable"] is True
    assert decision["stopped"].startswith("The account Ann is disabled but still in its groups and not deleted,")


@pytest.mark.parametrize(
    ("values", "account", "check_mode", "text"),
    [
        ({}, found(), False, "Account Ann is disabled; removed from: Sales, EU; [x] Staff"),
        ({"mode": "delete"}, found(effective_groups=[]), True, "Check mode, nothing is written: Account Ann is deleted; removed from: none"),
        ({}, found(active=False), False, "Account Ann is already disabled; removed from: Sales, EU; [x] Staff"),
        ({"mode": "delete", "absent_ok": "true"}, NONE, False, "Warning: account ann does not exist; nothing to do"),
        ({"allow_administrator": True}, found(administrator_by=[DOMAIN], effective_groups=[]), False,
         "Account Ann is disabled; removed from: none. STILL AN ADMINISTRATOR: remove the user from Domain Administrators in the PingOne console"),
    ],
)  # fmt: skip
def test_the_report_lists_the_changes(values, account, check_mode, text):
    assert offboarding({"user_name": "ann", **values}, account, [], check_mode=check_mode)["report"] == text
