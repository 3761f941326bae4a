# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_directory end to end against the emulator, one test for each statement of its contract."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time

import pytest
from directory_play import (
    ADMIN,
    EVERYTHING,
    MODULE,
    PEOPLE,
    SECRET,
    TEAMS,
    WRITES,
    drift,
    journal,
    requests,
    rows,
    state,
    time_stands_still,
    writes,
)

RESULT_KEYS = {
    "changed",
    "msg",
    "plan",
    "plan_sha256",
    "predicted",
    "counts",
    "drift",
    "people",
    "base_url",
    "failed_items",
    "backup_file",
    "truncated",
    "api",
}


@pytest.fixture
def world(playground):
    """Seed ann, bob and the disabled cid; team of ann and bob, board of cid and team, and an empty group."""
    playground.ids = playground.service.seed(users=PEOPLE, groups=TEAMS)
    return playground


@pytest.fixture(autouse=True)
def _no_waiting():
    with time_stands_still() as slept:
        yield slept


def written(result):
    return [entry for entry in result["sent"] if entry["method"] in WRITES]


# -- the result --------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [False, True])
def test_result_keys(world, check):
    result = world.ok(MODULE, check=check, users=[{"user_name": "ann"}])
    assert set(result) - {"diff", "invocation", "sent", "warnings", "deprecations"} == RESULT_KEYS
    assert set(result["counts"]) == {"user", "group", "membership"}
    for numbers in result["counts"].values():
        assert set(numbers) == {
            "created", "updated", "renamed", "enabled", "disabled", "deleted", "added", "removed", "unchanged", "failed",
        }  # fmt: skip
    assert set(result["drift"]) == {"missing", "extra", "different", "unmanaged", "protected", "unresolved"}
    assert set(result["predicted"]) == {"reads", "writes"}
    assert re.fullmatch(r"[0-9a-f]{64}", result["plan_sha256"])
    failed = world.fails(MODULE, check=check, users=[{"user_name": "ann", "titel": "x"}])
    assert set(failed) >= RESULT_KEYS
    assert failed["failure"] == {"operation": "plan the directory", "status": None, "detail": None}


def test_an_empty_desired_state(world):
    assert "one of the following is required: src, users, groups" in world.fails(MODULE)["msg"]
    assert "mutually exclusive" in world.fails(MODULE, src="x.yml", users=[])["msg"]


# -- requests ----------------------------------------------------------------------------------------

NOTHING = {
    "users": [
        {"user_name": "ANN", "title": "Nurse", "external_id": "hr:1", "password": SECRET, "groups": ["Team"]},
        {"user_name": "bob", "emails": [{"value": "bob@example.org"}], "active_until": "2999-12-31"},
        {"user_name": "cid", "active": False},
        {"user_name": "noaccount", "state": "absent"},
    ],
    "groups": [
        {"name": "team", "membership": "exact", "members": {"users": ["ANN", "bob"], "groups": []}},
        {"name": "board", "members": {"users": ["cid"], "groups": ["TEAM"]}},
        {"name": "gone", "state": "absent"},
    ],
}


def test_an_unchanged_directory_costs_two_lists(world):
    """Each list needs one more page that proves its end; no request is sent per user."""
    result = world.converge(MODULE, changed=False, **NOTHING)
    assert requests(result) == ["GET user", "GET user", "GET group", "GET group"]
    assert result["predicted"] == {"reads": 4, "writes": 0}
    assert result["counts"]["user"]["unchanged"] == 4
    assert result["counts"]["membership"]["unchanged"] == 4


def test_lists_of_several_pages(world):
    """With a total larger than a page, the last page ends the list."""
    world.service.seed(users=[{"userName": f"u{number:04}"} for number in range(2300)])
    result = world.ok(MODULE, users=[{"user_name": f"U{number:04}"} for number in range(2300)])
    assert requests(result) == ["GET user"] * 3 + ["GET group"] * 2
    assert result["changed"] is False and result["counts"]["user"]["unchanged"] == 2300


# Steps that remove something or create a group read the list of groups again: two pages.
STEPS = {
    "create users": (
        {"users": [{"user_name": "new"}, {"user_name": "new2", "external_id": "hr:9"}]},
        0,
        ["POST user"] * 2,
    ),
    "create a group": ({"groups": [{"name": "fresh"}]}, 4, ["POST group"]),
    "update": ({"users": [{"user_name": "ann", "title": "x"}]}, 1, ["PUT user"]),
    "disable, rename, update in one": (
        {"users": [{"user_name": "ann", "new_user_name": "x", "active": False, "title": "y"}]},
        3,
        ["PUT user"],
    ),
    "enable": ({"users": [{"user_name": "cid", "active": True}]}, 1, ["PUT user"]),
    "password": ({"users": [{"user_name": "ann", "password": SECRET}], "update_password": "always"}, 1, ["PUT user"]),
    "rename a group": ({"groups": [{"name": "team", "new_display_name": "crew"}]}, 3, ["PATCH group"]),
    "delete a user": ({"users": [{"user_name": "ann", "state": "absent"}]}, 4, ["DELETE user"]),
    "delete a group": ({"groups": [{"name": "team", "state": "absent"}]}, 4, ["DELETE group"]),
    "add members": (
        {"groups": [{"name": "empty", "members": {"users": ["ann", "bob"], "groups": ["team"]}}]},
        0,
        ["PATCH group"],
    ),
    "remove members": (
        {"groups": [{"name": "team", "membership": "exact", "members": {"users": ["ann"]}}]},
        2,
        ["PATCH group"],
    ),
    "exchange members": (
        {"groups": [{"name": "team", "membership": "exact", "members": {"users": ["cid"]}}]},
        3,
        ["PATCH group"] * 2,
    ),
    "groups of users": ({"users": [{"user_name": "cid", "groups": ["team", "empty"]}]}, 0, ["PATCH group"] * 2),
    "all new": (
        {
            "users": [{"user_name": "new", "groups": ["fresh"]}],
            "groups": [{"name": "fresh", "members": {"users": ["ann"]}}],
        },
        4,
        ["POST user", "POST group", "PATCH group"],
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_predicted_requests_match_the_sent_requests(world, name):
    options, reads, sent = STEPS[name]
    checked = world.ok(MODULE, check=True, **options)
    assert checked["predicted"] == {"reads": 4 + reads, "writes": len(sent)}
    assert requests(checked) == ["GET user"] * 2 + ["GET group"] * 2
    done = world.ok(MODULE, **options)
    assert writes(done) == sent
    assert len(requests(done)) == 4 + reads + len(sent)
    assert (done["api"]["reads"], done["api"]["writes"]) == (4 + reads, len(sent))
    assert done["predicted"] == checked["predicted"]
    assert done["plan"] == checked["plan"] and done["plan_sha256"] == checked["plan_sha256"]
    assert done["counts"] == checked["counts"]
    again = world.ok(MODULE, **options)
    assert again["changed"] is (name == "password") and len(requests(again)) == (6 if name == "password" else 4)


def test_members_are_sent_in_chunks(world):
    names = [f"u{number:03}" for number in range(250)]
    world.service.seed(users=[{"userName": name} for name in names])
    desired = {"groups": [{"name": "empty", "members": {"users": names}}]}
    result = world.ok(MODULE, **desired)
    assert result["predicted"]["writes"] == 3
    assert writes(result) == ["PATCH group"] * 3
    assert [len(entry["body"]["members"]) for entry in written(result)] == [100, 100, 50]
    assert len(requests(result)) == 4 + 3  # The answers verify the members without further reads.


# -- order of steps ----------------------------------------------------------------------------------


def test_order_of_steps(world):
    result = world.converge(
        MODULE,
        concurrency=1,
        users=[
            {"user_name": "new", "groups": ["fresh"]},
            {"id": world.ids["users"]["cid"], "state": "absent"},
            {"user_name": "ann", "new_user_name": "cid"},
            {"user_name": "bob", "active": False, "title": "x"},
        ],
        groups=[
            {"name": "fresh"},
            {"name": "team", "membership": "exact", "members": {"users": ["cid", "new"]}},
            {"id": world.ids["groups"]["empty"], "state": "absent"},
            {"name": "board", "new_display_name": "empty"},
        ],
    )
    assert rows(result) == [
        "disable user bob",
        "update user bob",
        "remove team: user bob",
        "delete user cid",
        "delete group empty",
        "rename user ann",
        "rename group board",
        "create user new",
        "create group fresh",
        "add fresh: user new",
        "add team: user new",
    ]
    assert writes(result) == [
        "PUT user", "PATCH group", "DELETE user", "DELETE group", "PUT user", "PATCH group", "POST user", "POST group", "PATCH group", "PATCH group",
    ]  # fmt: skip
    assert world.users()["cid"]["id"] == world.ids["users"]["ann"]


def test_a_rename_to_a_deleted_users_name_is_idempotent(world):
    """In the second run, cid is the former ann, because the former cid was deleted."""
    desired = {"users": [{"user_name": "cid", "state": "absent"}, {"user_name": "ann", "new_user_name": "cid"}]}
    assert rows(world.ok(MODULE, **desired)) == ["delete user cid", "rename user ann"]
    assert not world.ok(MODULE, **desired)["changed"]
    assert world.users()["cid"]["id"] == world.ids["users"]["ann"]


def test_swapped_names_are_refused(world):
    failed = world.fails(
        MODULE, users=[{"user_name": "ann", "new_user_name": "bob"}, {"user_name": "bob", "new_user_name": "ann"}]
    )
    assert "would swap names" in failed["msg"] and not written(failed)


# -- identification and task options -----------------------------------------------------------------


def test_every_attribute_of_a_user(world):
    desired = {
        "user_name": "new",
        "external_id": "hr:7",
        "active": False,
        "name": {"given_name": "N", "family_name": "W"},
        "emails": [{"value": "n@example.org", "type": "work", "primary": True}],
        "enterprise": {"department": "D", "manager": {"manager_id": "42"}},
        "attributes": {"photos": [{"value": "p"}]},
        "password": SECRET,
        "password_expired": True,
        "groups": ["team", "fresh"],
    }
    result = world.converge(MODULE, users=[desired], groups=[{"name": "fresh"}])
    held = world.service.dump()
    user = world.users()["new"]
    assert held["passwords"][user["id"]] == SECRET
    assert user["active"] is False and user["urn:scim:schemas:com_pingone:1.0"]["passwordExpired"] is True
    assert user["id"] in world.members("team") and user["id"] in world.members("fresh")
    assert SECRET not in json.dumps({name: value for name, value in result.items() if name != "sent"})
    assert result["plan"][0]["changes"]["password"] == {"before": None, "after": "********"}


def test_disabled_from_a_date(world):
    result = world.converge(
        MODULE,
        users=[{"user_name": "ann", "active_until": "2020-01-01"}, {"user_name": "bob", "active_until": "2999-01-01"}],
    )
    assert rows(result) == ["disable user ann"]


def test_match_by_external_id(world):
    result = world.converge(
        MODULE,
        match_users_by="external_id",
        unlisted_users="disable",
        users=[{"external_id": "hr:1", "user_name": "anna"}],
        limits=EVERYTHING,
    )
    assert rows(result) == ["disable user bob", "rename user ann"]
    assert drift(result, "unmanaged") == ["user cid"]


def test_task_settings(world):
    world.service.seed(
        users=[
            {
                "userName": "dan",
                "phoneNumbers": [{"type": "home", "value": "1"}, {"type": "work", "value": "2"}],
                "title": "x",
            }
        ]
    )
    desired = [{"user_name": "dan", "phone_numbers": [{"type": "work", "value": "3"}], "title": ""}]
    result = world.converge(MODULE, users=desired, multi_valued="by_type", on_empty="keep")
    assert sorted(item["value"] for item in world.users()["dan"]["phoneNumbers"]) == ["1", "3"]
    assert world.users()["dan"]["title"] == "x"
    result = world.converge(MODULE, users=desired)
    assert "title" not in world.users()["dan"] and len(world.users()["dan"]["phoneNumbers"]) == 1
    result = world.ok(MODULE, users=[{"user_name": "ann", "password": SECRET}], update_password="always")
    assert result["changed"] and world.service.dump()["passwords"][world.ids["users"]["ann"]] == SECRET


@pytest.mark.parametrize("how", ["name", "id", "DEFAULT_USER_GROUP"])
def test_default_group(world, how):
    world.service.configure(default_group="off")
    wanted = {"name": "empty", "id": world.ids["groups"]["empty"]}.get(how, how)
    result = world.ok(MODULE, users=[{"user_name": "new"}], default_group=wanted)
    (post,) = written(result)
    assert post["query"] == {"option": wanted if how == "DEFAULT_USER_GROUP" else world.ids["groups"]["empty"]}
    assert world.users()["new"]["id"] in world.members("Users" if how == "DEFAULT_USER_GROUP" else "empty")
    assert not world.ok(MODULE, users=[{"user_name": "new"}], default_group=wanted)["changed"]


def test_an_unknown_default_group(world):
    failed = world.fails(MODULE, users=[{"user_name": "new"}], default_group="nowhere")
    assert "default_group: group 'nowhere' does not exist" in failed["msg"] and not written(failed)
    to_delete = {"groups": [{"name": "empty", "state": "absent"}], "users": [{"user_name": "new"}]}
    assert "default_group: the plan deletes this group" in world.fails(MODULE, default_group="empty", **to_delete)["msg"]


@pytest.mark.parametrize("check", [False, True])
def test_unknown_members(world, check):
    """A check mode run refuses them too, because the whole desired state is known."""
    desired = {"groups": [{"name": "team", "members": {"users": ["noaccount", "cid"]}}]}
    failed = world.fails(MODULE, check=check, **desired)
    assert "members.users: user 'noaccount' does not exist" in failed["msg"] and not written(failed)
    for how in ("warn", "ignore"):
        result = world.ok(MODULE, check=True, on_unknown_member=how, **desired)
        assert rows(result) == ["add team: user cid"]
        assert drift(result, "unresolved") == ["team: noaccount"]
        assert len(result["warnings"]) == (1 if how == "warn" else 0)


def test_warnings_are_limited(world):
    names = [f"x{number}" for number in range(50)]
    result = world.ok(
        MODULE, check=True, on_unknown_member="warn", groups=[{"name": "team", "members": {"users": names}}]
    )
    assert len(result["warnings"]) == 21 and "30 more warnings" in result["warnings"][-1]


def test_new_groups_cause_one_warning(world):
    result = world.ok(MODULE, groups=[{"name": "one"}, {"name": "two"}])
    assert [text for text in result["warnings"] if "reaches every application" in text] == [result["warnings"][0]]


# -- limits ------------------------------------------------------------------------------------------

REFUSED = {
    "all at once": (
        {
            "users": [{"user_name": "ann", "titel": "x"}, {"user_name": "x", "external_id": "hr:1"}],
            "groups": [{"name": "team", "members": {"users": ["noaccount"]}}],
        },
        ["3 problems: ", "unknown option 'titel'", "the external_id 'hr:1' belongs to user 'ann'", "user 'noaccount' does not exist"],
    ),
    "one reason in many places": (
        {
            "users": [{"user_name": f"new-{number}", "groups": ["Nowhere"]} for number in range(30)],
            "groups": [{"name": "team", "members": {"users": ["noaccount"]}}],
        },
        [
            "31 problems: users[0] ('new-0'): groups: group 'Nowhere' does not exist. Declare it too, or set on_unknown_member",
            "on_unknown_member (and in 29 more places); groups[0] ('team'): members.users: user 'noaccount' does not exist",
        ],
    ),
    "limit": (
        {"users": [{"user_name": "ann", "state": "absent"}], "limits": {"max_deletes": 0}},
        ["limits.max_deletes is 0, but the plan deletes 1 user: user 'ann'. Raise the limit (-1: no limit)"],
    ),
    "percentage": (
        {"users": [{"user_name": "ann", "state": "absent"}], "limits": {"max_deletes": "20%"}},
        ["limits.max_deletes is 20% (0), but"],
    ),
    "requests": (
        {"users": [{"user_name": "ann", "title": "x"}], "limits": {"max_requests": 5}},
        [
            "limits.max_requests is 5, but the plan needs 6 requests (reads: 5, 4 of them done; writes: 1) for user 'ann'. Raise the limit"
        ],
    ),
    "no limit": (
        {"users": [{"user_name": "ann"}], "limits": {"max_deletes": "some"}},
        ["limits.max_deletes must be a number"],
    ),
    "empty list": (
        {"users": [], "unlisted_users": "delete"},
        ["users is empty and unlisted_users is delete", "allow_empty: true"],
    ),
    "empty group": (
        {"groups": [{"name": "team", "membership": "exact", "members": {"users": []}}]},
        ["no members are listed, which would remove every member"],
    ),
    "scope": (
        {"groups": [{"name": "team"}], "scope": {"groups": {"display_name": ["eu-*"]}}},
        ["groups[0] ('team'): it is outside scope (display_name in eu-*)"],
    ),
    "no scope": ({"groups": [], "scope": {"groups": {"color": ["x"]}}}, ["scope: 'color' is not a text option of a group"]),
    "protected": (
        {"users": [{"user_name": ADMIN, "active": False}]},
        ["is protected (a member of Domain Administrators)"],
    ),
    "protected by name": (
        {"groups": [{"name": "team", "state": "absent"}], "protected_groups": ["T*"]},
        ["named by protected_groups"],
    ),
    "circle": (
        {"groups": [{"name": "team", "members": {"groups": ["board"]}}]},
        ["would be nested in itself: 'team' > 'board' > 'team'"],
    ),
    "approval": (
        {"users": [{"user_name": "ann", "title": "x"}], "approved_plan": "0" * 64},
        ["approved_plan is 000000000000…, but the plan is now "],
    ),
    "no approval": (
        {"users": [{"user_name": "ann"}], "approved_plan": ""},
        ["approved_plan is empty"],
    ),
    "concurrency": ({"users": [], "concurrency": 0}, ["concurrency must be at least 1, not 0"]),
    "too many at once": ({"users": [], "concurrency": 65}, ["concurrency must be at most 64, not 65"]),
    "result": ({"users": [], "max_result_items": -1}, ["max_result_items must be at least 0, not -1"]),
}


@pytest.mark.parametrize("option", ["journal", "backup", "src"])
@pytest.mark.parametrize("path", ["/tmp/a\0b", "/tmp/\ud800"])
def test_an_invalid_path(world, option, path):
    given = {option: path} if option == "src" else {"users": [{"user_name": "ann", "title": "x"}], option: path}
    failed = world.fails(MODULE, **given)
    assert f"{option} is not a valid path: it contains " in failed["msg"]
    assert not requests(failed)


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_plan_writes_nothing(world, name, tmp_path):
    options, expected = REFUSED[name]
    before = state(world.service, ids=True)
    failed = world.fails(MODULE, journal=str(tmp_path / "j"), backup=str(tmp_path / "b.yml"), **options)
    for text in expected:
        assert text in failed["msg"]
    assert failed["changed"] is False and not written(failed)
    assert state(world.service, ids=True) == before
    assert (
        sum(sum(numbers[name] for name in numbers if name != "unchanged") for numbers in failed["counts"].values()) == 0
    )
    assert os.listdir(tmp_path) == []


def test_a_refused_plan_is_returned(world):
    failed = world.fails(MODULE, users=[{"user_name": "ann", "state": "absent"}], limits={"max_deletes": 0})
    assert rows(failed) == ["delete user ann"]
    (problem,) = failed["problems"]
    assert problem in failed["msg"]
    exceeded = {"limit": "max_deletes", "value": "0", "allowed": 0, "planned": 1, "what": "user"}
    assert failed["exceeded_limits"] == [{"problem": problem, **exceeded}]


def test_exceeded_limits_is_absent_for_other_problems(world):
    failed = world.fails(MODULE, users=[], unlisted_users="delete")
    assert failed["problems"] and "exceeded_limits" not in failed


def test_allow_empty_permits_an_empty_list(world):
    result = world.ok(MODULE, users=[], unlisted_users="delete", allow_empty=True)
    assert rows(result) == ["delete user ann", "delete user bob", "delete user cid"]
    assert [row["key"] for row in result["drift"]["protected"]] == [ADMIN]
    assert set(world.users()) == {ADMIN}
    result = world.ok(MODULE, groups=[], unlisted_groups="delete", allow_empty=True)
    assert set(world.groups()) == {"Users", "Domain Administrators"}


def test_approved_plan(world, tmp_path):
    desired = {"users": [{"user_name": "ann", "title": "Doctor"}, {"user_name": "new", "password": SECRET}]}
    approved = world.ok(MODULE, check=True, **desired)["plan_sha256"]
    # The hash covers rows that are not returned and does not depend on the order of the input.
    assert world.ok(MODULE, check=True, max_result_items=0, users=desired["users"][::-1])["plan_sha256"] == approved
    # Check mode needs no approval.
    world.ok(MODULE, check=True, approved_plan="x", **desired)
    world.service.store.put_user({**world.service.store.get_user(world.ids["users"]["ann"]), "title": "Midwife"})
    failed = world.fails(MODULE, approved_plan=approved, **desired)
    assert "the desired state or the directory has changed since it was approved" in failed["msg"] and not written(failed)
    approved = world.ok(MODULE, check=True, **desired)["plan_sha256"]
    assert world.ok(MODULE, approved_plan=f" {approved} ", **desired)["changed"]
    # A run without changes needs no approval.
    assert not world.ok(MODULE, approved_plan="0" * 64, **desired)["changed"]
    assert not world.ok(MODULE, require_approval=True, **desired)["changed"]


@pytest.mark.parametrize(
    ("options", "problems", "operations"),
    [
        ({"users": [{"user_name": "ann", "state": "absent"}], "limits": {"max_deletes": 0}}, ["limits.max_deletes is 0"], ["delete user ann"]),
        ({"users": [{"user_name": "ann", "title": "t"}], "limits": {"max_requests": 1}}, ["limits.max_requests is 1"], ["update user ann"]),
        (
            {"groups": [{"name": "board", "membership": "exact", "members": {}}]},
            ["membership is exact but no members are listed"],
            ["remove board: user cid", "remove board: group team"],
        ),
        ({"users": [{"user_name": "ann"}]}, [], []),
    ],
)
def test_an_audit_reports_what_a_run_would_refuse(world, tmp_path, options, problems, operations):
    journal = tmp_path / "journal.jsonl"
    result = world.ok(MODULE, check=True, audit=True, journal=str(journal), **options)
    assert [found in problem for found, problem in zip(problems, result.get("problems", []), strict=True)] == [True] * len(problems)
    assert sorted(rows(result)) == sorted(operations) and result["plan_sha256"]
    assert '"state": "drift"' in journal.read_text(encoding="utf-8")
    assert requests(result) == ["GET user"] * 2 + ["GET group"] * 2
    # Undeclared objects are reported too.
    kinds = {row["kind"] for row in result["drift"]["unmanaged"]}
    assert {"user", "group"} <= kinds
    failed = world.fails(MODULE, audit=True, **options)
    assert "audit is set, but the task is not in check mode" in failed["msg"]


def test_an_audit_of_an_invalid_desired_state_fails(world):
    failed = world.fails(MODULE, check=True, audit=True, users=[{"user_name": "ann", "titel": "x"}])
    assert failed["problems"] and failed["plan_sha256"] is None


def test_require_approval(world):
    desired = {"users": [{"user_name": "ann", "title": "y"}]}
    planned = world.ok(MODULE, check=True, require_approval=True, **desired)
    failed = world.fails(MODULE, require_approval=True, **desired)
    assert "require_approval is set, but approved_plan is not" in failed["msg"] and not written(failed)
    assert planned["plan_sha256"] in failed["msg"] and planned["plan_sha256"] == failed["plan_sha256"]
    assert world.ok(MODULE, require_approval=True, approved_plan=planned["plan_sha256"], **desired)["changed"]


def test_the_message_contains_counts_and_the_plan_hash(world):
    desired = {
        "users": [{"user_name": "ann", "title": "z"}, {"user_name": "bob"}, {"user_name": "new", "groups": ["empty"]}],
        "groups": [{"name": "team"}],
    }
    planned = world.ok(MODULE, check=True, **desired)
    line = "1 user created, 1 user updated, 1 membership added, 2 unchanged; plan "
    assert planned["msg"] == f"Planned, not written (check mode): {line}{planned['plan_sha256']}"
    done = world.ok(MODULE, **desired)
    assert done["msg"] == line + done["plan_sha256"]
    again = world.ok(MODULE, check=True, **desired)
    assert again["msg"] == f"Nothing to change, 5 unchanged; plan {again['plan_sha256']}"


def test_objects_outside_scope_are_unchanged(world):
    before = state(world.service, ids=True)
    scope = {"users": {"user_name": ["a*"], "title": ["nurse", "x"]}, "groups": {"display_name": ["TEAM", "new*"]}}
    desired = {
        "users": [{"user_name": "ann", "title": "X"}],
        "groups": [{"name": "new"}],
        "unlisted_groups": "delete",
        "unlisted_users": "delete",
    }
    result = world.converge(MODULE, scope=scope, **desired)
    assert rows(result) == ["delete group team", "create group new", "update user ann"]
    after = state(world.service, ids=True)
    for name in ("bob", "cid", ADMIN):
        assert after["users"][name] == before["users"][name]
    assert after["groups"]["empty"] == before["groups"]["empty"]
    assert drift(result, "unmanaged") == [] and drift(result, "protected") == []


# -- incomplete reads --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "settings"),
    [
        ({"kind": "status", "status": 403, "path": "^/directory/group$"}, {}),
        ({"kind": "status", "status": 500, "path": "^/directory/user$", "times": None}, {}),
        ({"kind": "status", "status": 401, "path": "^/directory/user$", "skip": 1}, {}),
        ({"kind": "truncate", "path": "^/directory/group$", "times": None}, {}),
        ({"kind": "drop_before", "path": "^/directory/group$", "times": None}, {}),
        ({"kind": "html", "path": "^/directory/user$", "times": None}, {}),
        ({"kind": "redirect", "location": "http://127.0.0.1:1/", "path": "^/directory/user$"}, {}),
        ({"kind": "status", "status": 200, "body": {"count": 0}, "path": "^/directory/user$"}, {}),
        (
            {
                "kind": "status",
                "status": 200,
                "body": {"totalResults": 0, "resources": []},
                "path": "^/directory/user$",
                "times": None,
            },
            {},
        ),
        (
            {
                "kind": "status",
                "status": 200,
                "body": {"totalResults": 9, "resources": [{"id": "x", "userName": "x"}]},
                "path": "^/directory/user$",
                "times": None,
            },
            {},
        ),
        (None, {"start_index": "ignored", "max_page_size": 2}),
    ],
)
def test_a_failed_read_writes_nothing(world, fault, settings):
    world.service.configure(**settings)
    if fault:
        world.service.add_fault(**fault)
    options = {
        "users": [{"user_name": "new"}],
        "groups": [{"name": "x"}],
        "unlisted_users": "delete",
        "unlisted_groups": "delete",
        "limits": EVERYTHING,
    }
    failed = world.fails(MODULE, **options)
    assert not written(failed) and failed["changed"] is False
    assert failed["failure"]["operation"] == "read the directory"
    assert failed["msg"].startswith("Could not read the directory: ")


def test_an_incomplete_list_prevents_removals_only(world):
    """The service repeats its only page and returns no total."""
    world.service.configure(start_index="ignored", total_results="page")
    failed = world.fails(MODULE, users=[{"user_name": "ann", "state": "absent"}])
    assert "the directory could not be read completely" in failed["msg"] and not written(failed)
    assert world.ok(
        MODULE,
        users=[{"user_name": "ann", "title": "x"}, {"user_name": "new"}],
        groups=[{"name": "fresh", "members": {"users": ["new"]}}],
    )["changed"]


def test_a_user_missing_from_an_incomplete_list_is_not_created(world):
    """The service repeats a page of two users, so each user is looked up before its create."""
    world.service.configure(start_index="ignored", total_results="page", max_page_size=2, default_page_size=2)
    hidden = {
        "users": [{"user_name": "someone", "external_id": "hr:2"}],
        "groups": [{"name": "team"}, {"name": "empty"}],
    }
    before = state(world.service, ids=True)
    failed = world.fails(MODULE, **hidden)
    assert "the list may be incomplete" in failed["msg"] and "bob" in failed["msg"]
    assert state(world.service, ids=True) == before and not written(failed)


# -- failures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_failed_item_does_not_stop_the_others(world, concurrency):
    world.service.configure(require_email="yes")
    desired = {
        "users": [
            {"user_name": "bad"},
            {"user_name": "good", "emails": [{"value": "g@example.org"}]},
            {"user_name": "ann", "title": "x"},
        ],
        "groups": [{"name": "team", "members": {"users": ["bad", "good", "cid"]}}],
        "concurrency": concurrency,
    }
    failed = world.fails(MODULE, **desired)
    assert failed["changed"] is True
    reported = {(item["kind"], item["key"], item["operation"], item["status"]) for item in failed["failed_items"]}
    assert reported == {("user", "bad", "create", 400), ("membership", "team", "add", None)}
    assert all(set(item) >= {"kind", "key", "operation", "status", "reason"} for item in failed["failed_items"])
    (reason,) = [item["reason"] for item in failed["failed_items"] if item["key"] == "bad"]
    assert failed["failure"]["detail"] in reason  # The text of the service.
    assert failed["failure"] == {"operation": "create user 'bad'", "status": 400, "detail": failed["failure"]["detail"]}
    assert world.users()["ann"]["title"] == "x" and len(world.members("team")) == 4
    assert failed["counts"]["user"] | {"created": 1, "updated": 1, "failed": 1} == failed["counts"]["user"]
    assert failed["counts"]["membership"] | {"added": 2, "failed": 1} == failed["counts"]["membership"]
    world.service.configure(require_email="no")
    assert rows(world.ok(MODULE, **desired)) == ["create user bad", "add team: user bad"]


def test_on_error_stop(world):
    world.service.add_fault(kind="status", status=400, method="PUT", path="/directory/user")
    desired = {
        "users": [{"user_name": name, "title": "new"} for name in ("ann", "bob", "cid")],
        "on_error": "stop",
        "concurrency": 1,
    }
    failed = world.fails(MODULE, **desired)
    assert len(writes(failed)) == 1
    assert [item["key"] for item in failed["failed_items"]] == ["ann", "bob", "cid"]
    assert {item["reason"] for item in failed["failed_items"][1:]} == {
        "not attempted: on_error is stop, and user 'ann' failed"
    }
    assert failed["changed"] is False


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "status", "status": 401, "times": None, "path": "/directory/user/"}, "HTTP 401"),
        ({"kind": "drop_before", "times": None, "path": "/directory/user/"}, "tried"),
        ({"kind": "status", "status": 429, "times": None, "path": "/directory/user/"}, "HTTP 429"),
    ],
)
def test_a_run_stops_after_a_fatal_error(world, fault, words):
    """After a refused key, a lost service, or a long rate limit, later requests would fail too."""
    names = [f"u{number:02}" for number in range(30)]
    world.service.seed(users=[{"userName": name} for name in names])
    world.service.add_fault(**fault, skip=3)
    failed = world.fails(MODULE, users=[{"user_name": name, "title": "x"} for name in names], concurrency=2)
    reasons = [item["reason"] for item in failed["failed_items"]]
    assert any(words in reason for reason in reasons)
    assert sum(reason.startswith("not attempted: the run stopped after a failure: ") for reason in reasons) >= 24
    assert len(failed["failed_items"]) + failed["counts"]["user"]["updated"] == 30
    assert failed["counts"]["user"]["failed"] == len(failed["failed_items"])
    world.service.clear_faults()
    assert len(rows(world.ok(MODULE, users=[{"user_name": name, "title": "x"} for name in names]))) == len(
        failed["failed_items"]
    )


def test_an_ignored_attribute_is_reported_once(world):
    """After two attempts the attribute is not sent again: one row for the attribute instead of one per user."""
    world.service.configure(enabled_attributes="default")
    names = [f"u{number:02}" for number in range(20)]
    desired = {"users": [{"user_name": name, "title": "x", "user_type": "y"} for name in names], "concurrency": 1}
    failed = world.fails(MODULE, **desired)
    assert [(item["key"], item["operation"]) for item in failed["failed_items"]] == [
        ("u00", "update"),
        ("u01", "update"),
        ("title", "update"),
    ]
    assert "may have to be enabled in the console" in failed["failed_items"][0]["reason"]
    assert sum("title" in (entry["body"] or {}) for entry in written(failed) if entry["method"] == "POST") == 2
    assert failed["counts"]["user"] | {"created": 20, "failed": 20} == failed["counts"]["user"]
    assert all(world.users()[name]["userType"] == "y" for name in names)
    warned = world.ok(MODULE, on_ignored_attribute="warn", **desired)
    assert warned["failed_items"] == [] and any("attribute title" in text for text in warned["warnings"])
    # The service stored no change.
    assert warned["changed"] is False


def test_chunks_that_are_too_large_are_halved(world):
    names = [f"u{number:03}" for number in range(120)]
    world.service.seed(users=[{"userName": name} for name in names])
    world.service.configure(patch_max_members=30)
    result = world.converge(MODULE, groups=[{"name": "empty", "members": {"users": names}}])
    assert len(world.members("empty")) == 120
    assert max(len(entry["body"]["members"]) for entry in written(result) if entry["status"] == 200) <= 30


def test_chunks_without_an_answer_are_halved(world):
    names = [f"u{number:03}" for number in range(100)]
    world.service.seed(users=[{"userName": name} for name in names])
    world.service.add_fault(kind="hang", method="PATCH", seconds=3)
    result = world.ok(MODULE, connection={"timeout": 1}, groups=[{"name": "empty", "members": {"users": names}}])
    assert [len(entry["body"]["members"]) for entry in written(result)] == [100, 50, 50]
    assert len(world.members("empty")) == 100


def test_a_429_delays_all_writers(world, _no_waiting):
    names = [f"u{number:02}" for number in range(12)]
    world.service.add_fault(kind="status", status=429, method="POST", headers={"Retry-After": "3"})
    result = world.ok(MODULE, users=[{"user_name": name} for name in names], concurrency=4)
    assert result["counts"]["user"]["created"] == 12
    assert result["api"]["retries"] == 1 and result["api"]["throttled_seconds"] >= 2.9
    assert len(writes(result)) == 13


def test_concurrent_writers_get_the_same_result(world):
    desired = {
        "users": [{"user_name": f"u{number:02}", "groups": ["team", "new"]} for number in range(30)],
        "groups": [{"name": "new"}],
    }
    one = world.ok(MODULE, concurrency=8, **desired)
    assert one["failed_items"] == []
    assert len(world.members("new")) == 30 and len(world.members("team")) == 32
    assert not world.ok(MODULE, **desired)["changed"]


# -- another active client ----------------------------------------------------------------------------


def test_a_user_created_by_another_client_is_updated(world):
    def create_concurrently(service, method, path, phase):
        if (method, phase) == ("POST", "before") and path == "/directory/user":
            service.clear_hooks()
            service.seed(users=[{"userName": "New", "title": "by another"}])

    world.service.on_request(create_concurrently)
    result = world.ok(MODULE, users=[{"user_name": "new", "title": "x", "groups": ["team"]}])
    assert [user for user in world.users() if user.lower() == "new"] == ["New"]
    assert world.users()["New"]["title"] == "x" and world.users()["New"]["id"] in world.members("team")
    assert result["counts"]["user"]["failed"] == 0


def test_a_group_created_by_another_client_is_adopted(world):
    """Names of groups are not unique, so the service would create a second one."""

    def create_concurrently(service, method, path, phase):
        if (method, phase) == ("POST", "before") and path == "/directory/user":
            service.clear_hooks()
            service.seed(groups=[{"displayName": "Sales"}])

    world.service.on_request(create_concurrently)
    result = world.ok(MODULE, users=[{"user_name": "new"}], groups=[{"name": "Sales", "members": {"users": ["new"]}}])
    assert [group["displayName"] for group in world.service.dump()["groups"].values()].count("Sales") == 1
    assert world.users()["new"]["id"] in world.members("Sales")
    assert result["counts"]["group"] | {"created": 0, "failed": 0} == result["counts"]["group"]
    assert not world.ok(MODULE, groups=[{"name": "Sales"}])["changed"]


def test_a_user_renamed_by_another_client_is_not_deleted(world):
    def rename(service, method, path, phase):
        if method == "GET" and path.startswith("/directory/user/") and phase == "before":
            service.clear_hooks()
            service.store.put_user({**service.store.get_user(world.ids["users"]["ann"]), "userName": "boss"})

    world.service.on_request(rename)
    failed = world.fails(MODULE, users=[{"user_name": "ann", "state": "absent"}])
    assert "it was renamed to 'boss'" in failed["failed_items"][0]["reason"]
    assert "boss" in world.users()


def test_a_user_deleted_by_another_client_is_reported(world):
    def delete(service, method, path, phase):
        if method == "GET" and path.startswith("/directory/user/") and phase == "before":
            service.clear_hooks()
            service.store.delete_user(world.ids["users"]["ann"])

    world.service.on_request(delete)
    result = world.ok(MODULE, users=[{"user_name": "ann", "state": "absent"}])
    assert (
        result["changed"] is False
        and result["counts"]["user"] | {"deleted": 0, "unchanged": 1} == result["counts"]["user"]
    )


def between_read_and_write(world, change):
    """Change the directory once, after the plan was made and before the first step, when the groups are read again."""
    seen = []

    def hook(service, method, path, phase):
        if (method, phase) == ("GET", "before") and path == "/directory/group":
            seen.append(path)
            if len(seen) == 3:  # The plan itself read two pages.
                service.clear_hooks()
                change(service)

    world.service.on_request(hook)


def make_administrators(world, *names):
    """Return a change that adds users and groups to Domain Administrators."""
    ids = {**world.ids["users"], **world.ids["groups"]}

    def change(service):
        group_id = service.store.group_id("Domain Administrators")
        for name in names:
            service.store.add_member(group_id, ids[name])

    return change


EXACT = {"groups": [{"name": "team", "membership": "exact", "members": {"users": ["bob"]}}]}


@pytest.mark.parametrize(
    ("desired", "became", "reason"),
    [
        (EXACT, ["ann"], "user 'ann' is now an administrator"),
        (EXACT, ["team"], "the group is now protected: a member of Domain Administrators"),
        ({"users": [{"user_name": "ann", "state": "absent"}]}, ["ann"], "it is now protected: a member of"),
        # The groups of the user show team, as before.
        ({"users": [{"user_name": "ann", "state": "absent"}]}, ["board"], "it is now protected: a member of"),
        ({"users": [{"user_name": "ann", "active": False}]}, ["team"], "it is now protected: a member of"),
        ({"users": [{"user_name": "ann", "new_user_name": "x"}]}, ["team"], "it is now protected: a member of"),
        ({"groups": [{"name": "team", "state": "absent"}]}, ["board"], "it is now protected: a member of"),
        ({"groups": [{"name": "team", "new_display_name": "x"}]}, ["team"], "it is now protected: a member of"),
        ({"groups": [{"name": "board"}, {"name": "empty"}], "unlisted_groups": "delete"}, ["ann"], "it has members that are now administrators"),
    ],
)  # fmt: skip
def test_a_user_who_became_an_administrator_is_not_changed(world, desired, became, reason):
    between_read_and_write(world, make_administrators(world, *became))
    failed = world.fails(MODULE, **desired)
    assert reason in failed["failed_items"][0]["reason"] and failed["failed_items"][0]["reason"].endswith("Run again")
    assert not written(failed) and failed["changed"] is False
    assert world.members("team") == {world.ids["users"]["ann"], world.ids["users"]["bob"]}
    assert {"ann", "bob"} <= set(world.users())


def test_a_group_that_left_scope_keeps_its_members(world):
    def rename(service):
        team = service.store.get_group(world.ids["groups"]["team"])
        service.store.put_group({**team, "displayName": "us-team"})

    between_read_and_write(world, rename)
    failed = world.fails(MODULE, scope={"groups": {"display_name": ["t*"]}}, **EXACT)
    assert "the group was renamed to 'us-team' after the plan was made. Run again" in failed["failed_items"][0]["reason"]
    assert not written(failed) and len(world.members("us-team")) == 2


def test_a_stale_removal_does_not_stop_other_changes(world):
    """The other members of the step are changed, and so are steps that remove nothing."""
    between_read_and_write(world, make_administrators(world, "ann"))
    desired = {
        "users": [{"user_name": "cid", "title": "x"}],
        "groups": [{"name": "team", "membership": "exact", "members": {"users": ["cid"]}}],
    }
    failed = world.fails(MODULE, **desired)
    (item,) = failed["failed_items"]
    assert (item["key"], item["operation"], item["member"]["name"]) == ("team", "remove", "ann")
    assert world.members("team") == {world.ids["users"]["ann"], world.ids["users"]["cid"]}
    assert failed["counts"]["membership"] | {"added": 1, "removed": 1, "failed": 1} == failed["counts"]["membership"]
    assert failed["counts"]["user"]["updated"] == 1
    # The next run knows the administrator and keeps the membership.
    again = world.ok(MODULE, **desired)
    assert not again["changed"] and drift(again, "protected") == ["team: ann"]


def test_disables_need_a_second_read_of_the_groups(world):
    world.service.add_fault(kind="status", status=400, method="GET", path="^/directory/group$", skip=2)
    failed = world.fails(MODULE, users=[{"user_name": "ann", "active": False}, {"user_name": "bob", "title": "x"}])
    (item,) = failed["failed_items"]
    assert item["key"] == "ann" and "not attempted" in item["reason"]
    assert world.users()["ann"]["active"] is True and world.users()["bob"]["title"] == "x"


# -- protected objects -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entry",
    [{"password": SECRET}, {"emails": [{"value": "me@elsewhere.example", "type": "work"}]}, {"external_id": "hr:7"}],
)
def test_an_administrator_is_not_taken_over(world, entry):
    world.service.seed(groups=[{"displayName": "Domain Administrators", "members": ["board"]}])
    for name in (ADMIN, "cid", "ann"):  # cid and ann are administrators through board and its member team.
        if entry.get("external_id") and name == "ann":
            continue  # ann already has another external id, so the match fails first.
        desired = {"users": [{"user_name": "bob2"}, {"user_name": name, **entry}], "update_password": "always"}
        failed = world.fails(MODULE, **desired)
        assert "is protected (a member of Domain Administrators)" in failed["msg"] and not written(failed)


def test_another_password_is_another_plan(world):
    def desired(password):
        return {"users": [{"user_name": "new", "password": password}]}

    approved = world.ok(MODULE, check=True, **desired(SECRET))["plan_sha256"]
    failed = world.fails(MODULE, approved_plan=approved, **desired("Another-1-Secret"))
    assert "since it was approved" in failed["msg"] and not written(failed)
    assert world.ok(MODULE, approved_plan=approved, **desired(SECRET))["changed"]


@pytest.mark.parametrize("empty_result", ["", "  "])
def test_an_empty_approved_plan_is_refused(world, empty_result):
    failed = world.fails(MODULE, approved_plan=empty_result, users=[{"user_name": "new"}])
    assert "approved_plan is empty" in failed["msg"] and not failed["sent"]


# -- journal, backup, result -------------------------------------------------------------------------

SOME = {
    "users": [{"user_name": "new", "password": SECRET}, {"user_name": "ann", "title": "x", "active": False}],
    "groups": [{"name": "team", "membership": "exact", "members": {"users": ["bob", "new"]}}],
}


@pytest.mark.parametrize("check", [True, False])
def test_journal(world, tmp_path, check):
    path = tmp_path / "journal.jsonl"
    result = world.ok(MODULE, check=check, journal=str(path), max_result_items=1, **SOME)
    header, *lines = journal(path)
    assert header["journal"] == 1 and header["check_mode"] is check and header["plan_sha256"] == result["plan_sha256"]
    assert header["predicted"] == result["predicted"] and header["directory"] == world.service.base_url
    planned = [line for line in lines if line["state"] == "planned"]
    assert [(line["row"], line["operation"]) for line in planned] == [
        (0, "disable"),
        (1, "update"),
        (2, "remove"),
        (3, "create"),
        (4, "add"),
    ]
    assert planned[0]["changes"] == {"active": {"before": True, "after": False}}
    reported = [line for line in lines if line["state"] == "drift"]
    assert {line["class"] for line in reported} == {"missing", "extra", "different", "unmanaged"}
    done = [line for line in lines if line["state"] in ("done", "failed")]
    assert sorted(line["row"] for line in done) == ([] if check else [0, 1, 2, 3, 4])
    if not check:
        new_id = world.users()["new"]["id"]
        assert [line["id"] for line in done if line["operation"] == "create"] == [new_id]
        started = [line["row"] for line in lines if line["state"] == "started"]
        assert sorted(started) == [0, 1, 2, 3, 4]
    text = path.read_text(encoding="utf-8")
    assert SECRET not in text and world.service.api_key not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_journal_in_a_missing_folder_fails_before_the_first_write(world, tmp_path):
    failed = world.fails(MODULE, journal=str(tmp_path / "none" / "j"), **SOME)
    assert "the journal" in failed["msg"] and "cannot be written" in failed["msg"] and not written(failed)


def test_a_journal_on_a_device(world):
    failed = world.fails(MODULE, journal="/dev/full", **SOME)
    assert "the journal /dev/full cannot be written: it is a device" in failed["msg"] and not written(failed)


@pytest.mark.parametrize("check", [True, False])
def test_a_backup_path_is_checked_in_check_mode(world, tmp_path, check):
    (tmp_path / "link.yml").symlink_to("target.yml")
    for path, reason in (
        (tmp_path / "none" / "b.yml", f"the folder {tmp_path}/none does not exist"),
        (tmp_path / "link.yml", "it is a symbolic link"),
    ):
        failed = world.fails(MODULE, check=check, backup=str(path), **SOME)
        assert f"backup {path} cannot be written: {reason}" in failed["msg"]
        assert not requests(failed)


def test_a_failed_backup_prevents_the_first_write(world, tmp_path):
    path = tmp_path / ("b" * 300)
    failed = world.fails(MODULE, backup=str(path), **SOME)
    assert failed["msg"].startswith(f"Could not write the backup: {path} cannot be written: ") and not written(failed)


def test_backup_and_journal_must_not_be_in_src(world, tmp_path):
    """The next run would undo the changes if a backup replaced a document or were in the folder of documents."""
    (tmp_path / "d").mkdir()
    source = tmp_path / "d" / "users.yml"
    source.write_text("users: [{user_name: ann, title: x}]", encoding="utf-8")
    for options in (
        {"src": str(source), "backup": f"{tmp_path}/d/../d/users.yml"},
        {"src": str(source), "journal": str(source)},
        {"src": str(source.parent), "backup": str(tmp_path / "d" / "backup.yml")},
        {"src": str(source.parent) + "/", "journal": str(tmp_path / "d" / "sub" / "journal.json")},
        {"src": str(source.parent), "journal": str(tmp_path / "d" / "journal.jsonl")},
        {"users": [], "journal": str(tmp_path / "x"), "backup": str(tmp_path / "x")},
    ):
        failed = world.fails(MODULE, **options)
        assert failed["sent"] == [] and re.search("src names|the same file", failed["msg"])
    assert sorted(os.listdir(tmp_path / "d")) == ["users.yml"] and "title: x" in source.read_text(encoding="utf-8")
    (tmp_path / "d" / ".runs").mkdir()
    result = world.ok(MODULE, src=str(source.parent), journal=str(tmp_path / "d" / ".runs" / "journal.jsonl"))
    assert result["changed"] and "not read" not in str(result.get("warnings"))


# -- files of src that were not read ---------------------------------------------------------------


@pytest.fixture
def people(tmp_path):
    """Return a folder with two documents: one declares ann, the other bob."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.yml").write_text("users: [{user_name: ann}]", encoding="utf-8")
    return tmp_path / "src"


def test_a_document_with_an_uppercase_extension_is_read(world, people):
    """The rule would otherwise delete the users of a skipped document."""
    (people / "b.YML").write_text("users: [{user_name: bob}]", encoding="utf-8")
    result = world.ok(MODULE, src=str(people), unlisted_users="delete", protected_users=["admin*"], limits={"max_deletes": -1})
    assert {"ann", "bob"} <= set(world.users())
    assert "warnings" not in result or not [text for text in result["warnings"] if "not read" in text]


UNREAD = {
    "another ending": lambda folder: (folder / "b.yml.orig").write_text("users: [{user_name: bob}]", encoding="utf-8"),
    "a link": lambda folder: (folder / "b.yml").symlink_to("a.yml"),
    "a linked folder": lambda folder: ((folder / "more").mkdir(), (folder / "linked").symlink_to("more")),
}
REMOVALS = {
    "unlisted_users delete": {"unlisted_users": "delete"},
    "unlisted_users disable": {"unlisted_users": "disable"},
    "unlisted_groups": {"unlisted_groups": "delete"},
    "exact": {"membership": "exact"},
}


@pytest.mark.parametrize("removal", REMOVALS)
@pytest.mark.parametrize("unread", UNREAD)
def test_removals_are_refused_when_a_file_of_src_was_not_read(world, people, unread, removal):
    UNREAD[unread](people)
    if removal in ("exact", "unlisted_groups"):
        (people / "g.yml").write_text("groups: [{name: team, members: {users: [bob]}}]", encoding="utf-8")
    options = {"src": str(people), "protected_users": ["admin*"], "limits": {"max_deletes": -1, "max_disables": -1}}
    failed = world.fails(MODULE, **options, **REMOVALS[removal])
    assert not written(failed)
    (problem,) = [text for text in failed["problems"] if "not read" in text]
    assert problem.startswith("src: the plan would ") and "because nothing declares them" in problem
    result = world.ok(MODULE, **options)
    (warning,) = [text for text in result["warnings"] if "not read" in text]
    assert warning.endswith(" not read. The desired state may be incomplete")


def test_an_unread_file_is_allowed_when_nothing_is_removed(world, people):
    """The folder also contains a README."""
    (people / "README.md").write_text("x", encoding="utf-8")
    for name in world.users():
        (people / f"{name}.yml").write_text(f"users: [{{user_name: {name}}}]", encoding="utf-8")
    (people / "a.yml").unlink()
    assert not world.ok(MODULE, src=str(people), unlisted_users="delete")["changed"]


def test_content_of_a_linked_file_is_not_shown(world, people):
    secret = people.parent / "shadow"
    secret.write_text("root:$6$never-shown:1:::\n", encoding="utf-8")
    (people / "b.yml").symlink_to(secret)
    for path in (people, people / "b.yml"):
        failed = world.fails(MODULE, src=str(path))
        assert "b.yml" in failed["msg"] and "a link that leaves" in failed["msg"]
        assert "never-shown" not in json.dumps(failed) and not requests(failed)


def test_a_deeply_nested_document_fails_with_one_line(world, people):
    deep = "[" * 900 + "]" * 900
    for name, text in {"d.json": f'{{"users": {deep}}}', "d.yml": f"users: {deep}"}.items():
        (people.parent / name).write_text(text, encoding="utf-8")
        failed = world.fails(MODULE, src=str(people.parent / name))
        assert "is nested more than 100 levels deep" in failed["msg"] and "exception" not in failed


def test_duplicates_in_one_line_are_named_by_path(world, people):
    (people.parent / "d.json").write_text('{"users": [{"user_name": "ann"}, {"user_name": "ANN"}]}', encoding="utf-8")
    problem = world.fails(MODULE, src=str(people.parent / "d.json"))["problems"][0]
    assert "d.json:1 users[1] ('ANN')" in problem and "d.json:1 users[0] ('ann')" in problem


def test_a_template_in_a_document_causes_a_warning(world, people):
    (people / "g.yml").write_text("groups: [{name: '{{ env }} admins'}, {name: !unsafe '{{ real }}'}]", encoding="utf-8")
    result = world.ok(MODULE, src=str(people), check=True)
    (warning,) = [text for text in result["warnings"] if "template" in text]
    assert "g.yml:1. Render the document first" in warning


def test_no_backup_is_written_without_changes(world, tmp_path):
    result = world.ok(MODULE, backup=str(tmp_path / "b.yml"), users=[{"user_name": "ann"}])
    assert result["backup_file"] is None
    result = world.ok(MODULE, check=True, backup=str(tmp_path / "b.yml"), **SOME)
    assert result["backup_file"] is None and os.listdir(tmp_path) == []


def test_a_backup_in_a_missing_folder_fails_before_the_first_write(world, tmp_path):
    failed = world.fails(MODULE, backup=str(tmp_path / "none" / "b.yml"), **SOME)
    assert "cannot be written" in failed["msg"] and not written(failed) and failed["backup_file"] is None


@pytest.mark.parametrize("name", ["b.yml", "b.json"])
def test_a_backup_restores_the_directory(world, tmp_path, name):
    """It restores deleted users and groups (with new ids), names, cleared attributes, and memberships."""
    world.service.seed(
        users=[
            {
                "userName": "dan",
                "externalId": "hr:4",
                "displayName": 'Dan "D" O\'Dan',
                "phoneNumbers": [{"value": "1", "type": "work"}],
                "photos": [{"value": "p"}],
            },
            {
                "userName": "eve",
                "urn:scim:schemas:extension:enterprise:1.0": {"department": "D"},
                "urn:example:badge:1.0": {"a": {"b": 1}},
            },
        ],
        groups=[
            {"displayName": "crew: a, b", "members": ["dan", "team", "eve"]},
            {"displayName": "gone", "members": ["ann", "dan"]},
        ],
    )
    world.service.configure(default_group="off")  # A user that is created again would otherwise join Users.
    before = state(world.service)
    path = tmp_path / name
    result = world.ok(
        MODULE,
        backup=str(path),
        users=[
            {"user_name": "dan", "state": "absent"},
            {
                "user_name": "eve",
                "title": "x",
                "enterprise": {},
                "name": {"given_name": "E"},
                "attributes": {"urn:example:badge:1.0": {"a": {"c": 2}, "d": 1}, "extra": "y"},
            },
            {"user_name": "ann", "new_user_name": "bob"},
            {"user_name": "bob", "new_user_name": "rob", "active": False, "emails": []},
            {"user_name": "cid", "active": True},
        ],
        groups=[
            {"name": "gone", "state": "absent"},
            {"name": "team", "new_display_name": "old team", "membership": "exact", "members": {"users": ["cid"]}},
            {"name": "empty", "members": {"users": ["cid"], "groups": ["old team"]}},
            {"name": "board", "membership": "exact", "members": {"users": ["rob"], "groups": []}},
        ],
    )
    assert result["backup_file"] == str(path) and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert state(world.service) != before
    restored = world.ok(MODULE, src=str(path), allow_empty=True, limits=EVERYTHING)
    after = state(world.service)
    for held in (before, after):
        for (user,) in held["users"].values():
            user.pop("password")
    assert after == before
    assert restored["failed_items"] == []
    assert not world.ok(MODULE, src=str(path), allow_empty=True, limits=EVERYTHING)["changed"]
    assert path.read_text(encoding="utf-8").count("not_undone") == 1
    assert restored["warnings"][:1] == [f"{path} does not undo the whole run: users do not get their former password back: 'dan'"]


@pytest.mark.parametrize("name", ["b.yml", "b.json"])
@pytest.mark.parametrize("check", [True, False])
def test_restoring_a_backup_warns_of_what_it_does_not_undo(world, tmp_path, name, check):
    path = str(tmp_path / name)
    world.ok(
        MODULE,
        backup=path,
        users=[
            {"user_name": "new {{ x }}"},
            {"user_name": "ann", "password": SECRET},
            {"user_name": "bob", "state": "absent"},
            {"user_name": "cid", "title": "x"},
        ],
        groups=[{"name": "fresh"}],
        update_password="always",
    )
    result = world.ok(MODULE, check=check, src=path, allow_empty=True, limits=EVERYTHING)
    start = f"{path} does not undo the whole run: "
    assert [text for text in result["warnings"] if text.startswith(start)] == [
        f"{start}users that the run created stay: 'new {{{{ x }}}}'",
        f"{start}groups that the run created stay: 'fresh'",
        f"{start}users do not get their former password back: 'ann', 'bob'",
    ]


@pytest.mark.parametrize("value", ["[]", "{created_users: ann}", "{removed: []}"])
def test_an_invalid_not_undone_is_refused(world, tmp_path, value):
    (tmp_path / "b.yml").write_text(f"users: []\nnot_undone: {value}\n", encoding="utf-8")
    assert "b.yml: not_undone " in world.fails(MODULE, src=str(tmp_path / "b.yml"))["msg"]


def test_a_diff_of_memberships_shows_only_changed_members(world):
    ids = world.service.seed(groups=[{"displayName": "Both", "members": ["ann"]}])["groups"]
    result = world.ok(MODULE, check=True, groups=[{"id": ids["Both"], "members": {"users": ["ann", "bob"]}}])
    assert [difference["before_header"] for difference in result["diff"]] == ["changed members of group 'Both'"]
    assert "bob" in result["diff"][0]["after"] and "ann" not in result["diff"][0]["after"]


def test_a_diff_shows_non_ascii_letters(world):
    result = world.ok(MODULE, check=True, users=[{"user_name": "åsa", "display_name": "Åsa Öberg"}], groups=[{"name": "Ålesund"}])
    shown = "".join(difference["before"] + difference["after"] for difference in result["diff"])
    assert '"display_name": "Åsa Öberg"' in shown and '"display_name": "Ålesund"' in shown
    assert all(difference["before"] == "" for difference in result["diff"])


def test_an_invalid_desired_state_returns_no_plan_and_no_drift(world):
    failed = world.fails(MODULE, check=True, users=[{"user_name": "ann"}, {"title": "x"}], unlisted_users="disable")
    assert failed["plan"] == [] and failed["drift"]["unmanaged"] == failed["drift"]["extra"] == []
    assert failed["plan_sha256"] is None


def test_results_are_truncated_but_counts_are_complete(world):
    names = [f"u{number:03}" for number in range(203)]
    desired = {"users": [{"user_name": name} for name in names]}
    result = world.ok(MODULE, check=True, **desired)
    assert (len(result["plan"]), len(result["drift"]["missing"]), len(result["diff"])) == (200, 200, 201)
    assert result["diff"][-1] == {"prepared": "3 more differences are not shown. The journal contains the whole plan.\n"}
    assert result["truncated"] is True and result["counts"]["user"]["created"] == 203
    world.service.configure(require_email="yes")
    failed = world.fails(MODULE, max_result_items=3, **desired)
    assert (len(failed["plan"]), len(failed["failed_items"]), len(failed["diff"])) == (3, 3, 4)
    assert failed["truncated"] is True and failed["counts"]["user"]["failed"] == 203
    assert world.ok(MODULE, check=True, max_result_items=0, users=[])["plan"] == []
    assert world.ok(MODULE, check=True, users=[{"user_name": "one"}])["truncated"] is False


def test_results_are_limited_in_size(world):
    """AWX drops events over 400 kB, so plan, drift, diff and failures together stay below that."""
    large = "x" * 3000
    desired = {
        "users": [{"user_name": f"{number:03}{large}", "title": large, "display_name": large} for number in range(250)]
    }
    result = world.ok(MODULE, check=True, max_result_items=100_000, **desired)
    result.pop("sent")
    assert 100_000 < len(json.dumps(result)) < 400_000
    assert result["truncated"] is True and result["counts"]["user"]["created"] == 250
    assert result["plan"] and result["drift"]["missing"] and result["diff"]
    failed = world.fails(
        MODULE,
        check=True,
        max_result_items=100_000,
        users=[{"user_name": f"u{number}", large: 1} for number in range(500)],
    )
    failed.pop("sent")
    assert len(json.dumps(failed)) < 400_000
    assert failed["problems"] and failed["truncated"] is True


def test_people_contains_the_users_of_the_rows(world, tmp_path):
    new_name = {"givenName": "Nora", "familyName": "Born"}
    emails = [{"value": "nora@home.example", "type": "home"}, {"value": "nora@example.org", "type": "work"}]
    world.service.seed(users=[{"userName": "nora", "name": new_name, "emails": emails, "title": "Old"}, {"userName": "zoe"}])
    desired = {"users": [{"user_name": "nora", "title": "New"}], "groups": [{"name": "team", "members": {"users": ["nora"]}}]}
    journal = tmp_path / "journal.jsonl"
    result = world.ok(MODULE, check=True, journal=str(journal), **desired)
    (nora,) = [person for person in result["people"] if person["user_name"] == "nora"]
    assert (nora["display_name"], nora["email"], nora["last_login"]) == ("Nora Born", "nora@example.org", None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", nora["created"])
    assert {person["user_name"] for person in result["people"]} >= {"ann", "bob", "zoe"}  # They are undeclared and therefore part of the drift.
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if line["state" if "state" in line else "journal"] == "person"] == [
        {"state": "person", **person} for person in result["people"]
    ]
    # A truncated result contains the people of its own rows; the hash does not depend on them.
    cut = world.ok(MODULE, check=True, max_result_items=1, **desired)
    assert {person["user_name"] for person in cut["people"]} < {person["user_name"] for person in result["people"]}
    world.service.seed(users=[{"userName": "yan"}])
    assert world.ok(MODULE, check=True, **desired)["plan_sha256"] == result["plan_sha256"]
    assert result["base_url"] == world.service.base_url


def test_people_are_limited_in_size(world):
    people = [{"userName": f"{number:04}", "displayName": "x" * 900} for number in range(700)]
    world.service.seed(users=people)
    result = world.ok(MODULE, check=True, max_result_items=100_000, users=[])
    result.pop("sent")
    assert 250_000 < len(json.dumps(result)) < 400_000 and result["truncated"] is True
    assert len(result["drift"]["unmanaged"]) > len(result["people"]) > 100


def test_the_invocation_counts_toward_the_size(world):
    """Ansible repeats the options in the result: lists are omitted there, and other long options reduce the limit."""
    people = [f"u{number:06}" for number in range(20_000)]
    groups = [{"name": f"g{number}", "members": {"users": people[:600]}} for number in range(100)]
    options = {"on_unknown_member": "ignore", "max_result_items": 100_000, "protected_users": people}
    result = world.ok(MODULE, check=True, groups=groups, **options)
    result.pop("sent")
    assert result["invocation"]["module_args"]["groups"] == "(100 items, not shown)"
    assert len(json.dumps(result)) < 400_000 and result["plan"] and result["truncated"] is True


# -- secrets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"unlisted_users": "nonsense"},  # Ansible itself refuses this value.
        {"concurrency": "many"},
        {"limits": {"max_nothing": 1}},
        {"nonsense": True},
        {"src": "x"},
        {"max_result_items": -1},
        {"connection": {"api_key": "wrong-key"}},
    ],
)
def test_the_invocation_shows_no_password(world, options, capsys):
    users = (
        [{"user_name": "new", "password": SECRET}, {"user_name": "bad", "passwort": SECRET}]
        if options
        else [{"user_name": "new", "password": SECRET}]
    )
    result = world.run(MODULE, users=users, **options)
    sent = result.pop("sent")
    assert SECRET not in json.dumps(result)
    assert result["invocation"]["module_args"]["users"] == f"({len(users)} items, not shown)"
    assert bool(result.get("failed")) is bool(options)
    assert options or SECRET in json.dumps(sent)


def test_an_invalid_list_shows_no_password(world):
    result = world.run(MODULE, users=[f"user_name {SECRET}"])
    result.pop("sent")
    assert result["failed"] and SECRET not in json.dumps(result)


def test_a_password_in_an_answer_is_masked(world):
    world.service.add_fault(
        kind="status",
        status=400,
        method="POST",
        body={"Errors": [{"description": f"{SECRET} is too short", "code": "400"}]},
    )
    failed = world.fails(MODULE, users=[{"user_name": "new", "password": SECRET}])
    failed.pop("sent")
    assert SECRET not in json.dumps(failed) and "is too short" in failed["msg"]


def test_passwords_are_not_registered_as_no_log_values(world, monkeypatch):
    """Ansible searches every text of a result for each no_log value, which takes too long for many passwords."""
    from ansible.module_utils import basic

    known = []
    original = basic.remove_values

    def count(value, no_log_strings):
        known.append(len(no_log_strings))
        return original(value, no_log_strings)

    monkeypatch.setattr(basic, "remove_values", count)
    world.ok(
        MODULE,
        check=True,
        users=[{"user_name": f"u{number}", "password": f"{SECRET}{number}"} for number in range(200)],
    )
    assert known and max(known) <= 1  # The API key.


# -- documents ---------------------------------------------------------------------------------------


def test_src(world, tmp_path):
    (tmp_path / "people.yml").write_text(
        f"users:\n  - user_name: new\n    password: {SECRET}\n  - user_name: ann\n    titel: x\n", encoding="utf-8"
    )
    (tmp_path / "teams.json").write_text(
        '{"groups": [\n {"name": "team", "members": {"users": ["new", "noaccount"]}}]}', encoding="utf-8"
    )
    failed = world.fails(MODULE, src=str(tmp_path))
    assert f"{tmp_path}/people.yml:4 ('ann') has the unknown option 'titel'" in failed["msg"]
    assert f"{tmp_path}/teams.json:2 ('team'): members.users: user 'noaccount' does not exist" in failed["msg"]
    assert len(failed["problems"]) == 2 and not written(failed)
    (tmp_path / "people.yml").write_text(f"users:\n  - user_name: new\n    password: {SECRET}\n", encoding="utf-8")
    (tmp_path / "teams.json").write_text(
        '{"groups": [{"name": "team", "members": {"users": ["new"]}}]}', encoding="utf-8"
    )
    result = world.converge(MODULE, src=str(tmp_path))
    assert rows(result) == ["create user new", "add team: user new"]
    result.pop("sent")
    assert SECRET not in json.dumps(result)


def test_an_invalid_document_is_reported_before_anything_is_sent(world, tmp_path):
    (tmp_path / "a.yml").write_text("users:\n- {title: x, title: y}\n", encoding="utf-8")
    failed = world.fails(MODULE, src=str(tmp_path))
    assert failed["sent"] == []
    assert [line.split(": ")[0] for line in failed["problems"]] == [
        f"{tmp_path}/a.yml:2",
        f"{tmp_path}/a.yml:2 has neither id nor user_name",
    ]
    assert "does not exist where the module runs" in world.fails(MODULE, src=str(tmp_path / "none"))["msg"]


def test_problems_are_reported_although_the_directory_cannot_be_read(world):
    world.service.add_fault(kind="status", status=500, path="^/directory/user$", times=None)
    failed = world.fails(MODULE, users=[{"user_name": "ann", "titel": "x"}])
    assert "unknown option 'titel'" in failed["msg"]


# -- killed runs -------------------------------------------------------------------------------------

RUNNER = """
import json, sys
from ansible.module_utils.testing import patch_module_args
from ansible_collections.pingone.directory.plugins.modules import p1_directory
with patch_module_args(json.loads(sys.argv[1])):
    p1_directory.main()
"""


def start(service, tmp_path, **options):
    """Start the module in a separate process."""
    pytest.importorskip("ansible.module_utils.testing", reason="ansible-core 2.16 has no patch_module_args")
    arguments = {
        "base_url": service.base_url, "client_id": service.client_id, "api_key": service.api_key,
        "_ansible_remote_tmp": str(tmp_path), "_ansible_keep_remote_files": False, **options,
    }  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", RUNNER, json.dumps(arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_run_is_completed_by_the_next(world, tmp_path, number):
    """The journal matches the directory, and the next run makes the remaining changes once."""
    desired = {
        "users": [{"user_name": f"u{item:02}", "groups": ["team", "fresh"]} for item in range(40)]
        + [{"user_name": "ann", "title": "x"}],
        "groups": [{"name": "fresh"}],
    }
    path = tmp_path / "journal.jsonl"
    world.service.configure(latency_ms=15)
    with start(world.service, tmp_path, journal=str(path), concurrency=3, **desired) as process:
        wait_for(lambda: len(world.service.writes()) >= 12)
        process.send_signal(number)
        printed, errors = process.communicate(timeout=60)
    # The emulator completes a request even if its client no longer waits for the answer.
    wait_for(lambda: all(entry["status"] for entry in world.service.writes()))
    world.service.configure(latency_ms=0)
    lines = (
        journal(path)
        if number != signal.SIGKILL
        else [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    )
    by_state = {
        name: {line["key"] for line in lines if line.get("state") == name and line["kind"] == "user"}
        for name in ("started", "done", "failed")
    }
    held = {name for name in world.users() if re.fullmatch(r"u\d\d", name)}
    assert 5 <= len(held) < 40
    assert by_state["done"] <= held <= by_state["started"]
    assert len(held - by_state["done"]) <= 3  # Those that were being sent.
    if number != signal.SIGKILL:
        result = json.loads(printed)
        assert result["failed"] and f"interrupted by {signal.Signals(number).name}" in result["msg"], errors
        assert held == by_state["done"] and result["changed"] is True
        assert result["counts"]["user"]["created"] == len(held)
        assert result["counts"]["user"]["failed"] == 41 - len(held)
        assert "Traceback" not in printed + errors
    rest = world.ok(MODULE, **desired)
    assert {row["key"] for row in rest["plan"] if row["operation"] == "create" and row["kind"] == "user"} == {
        f"u{item:02}" for item in range(40)
    } - held
    assert len(world.members("fresh")) == 40 and len(world.members("team")) == 42
    created = [
        entry["body"]["userName"]
        for entry in world.service.writes()
        # The kill may cut off a request; half a body creates no user.
        if entry["method"] == "POST" and entry["path"] == "/directory/user" and entry["body"] is not None
    ]
    assert sorted(created) == sorted(set(created)) == [f"u{item:02}" for item in range(40)]
    assert not world.ok(MODULE, **desired)["changed"]
