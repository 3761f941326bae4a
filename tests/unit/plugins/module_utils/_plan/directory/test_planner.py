# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a whole directory: matching, refusals, protection, limits, order, and hash."""

from __future__ import annotations

import copy
import dataclasses
import json
import random

import pytest
from desired_directories import ADMIN, TODAY, directory, drift, group, plan, problems, rules, user, warnings_of
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.drift import DRIFT_CLASSES
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.lists import read_desired
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.order import PHASES
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.plan import PlanRefused
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.planner import plan_directory
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.snapshot import Snapshot, slim
from ansible_collections.pingone.directory.plugins.module_utils._scim.attributes import HIDDEN

PEOPLE = [user("ann", title="Nurse", externalId="hr:1"), user("bob", externalId="hr:2"), user("cid", active=False)]
TEAMS = [group("team", "ann", "bob"), group("board", "cid", groups=("team",)), group("empty")]


@pytest.fixture
def current():
    """ann, bob and cid, who is disabled; board, which holds cid and team, which holds ann and bob."""
    return directory(PEOPLE, TEAMS)


# -- planned operations ------------------------------------------------------------------------------


def test_nothing_is_desired(current):
    planned = plan([], [], current)
    assert warnings_of(planned) == []
    assert drift(planned, "unmanaged") == [
        "group board",
        "group empty",
        "group team",
        "user ann",
        "user bob",
        "user cid",
    ]
    assert not planned.changed


def test_a_missing_list_is_reported_only_on_request(current):
    planned = plan(None, [{"name": "team"}], current)
    groups = ["group board", "group empty", "team: user ann", "team: user bob"]
    assert drift(planned, "unmanaged") == groups
    planned = plan(None, [{"name": "team"}], current, report_undeclared=True)
    assert drift(planned, "unmanaged") == [*groups, "user ann", "user bob", "user cid"]
    assert not planned.changed
    planned = plan([{"user_name": "ann"}], None, current, report_undeclared=True)
    assert drift(planned, "unmanaged") == ["group board", "group empty", "group team", "user bob", "user cid"]


@pytest.mark.parametrize(
    ("users", "groups", "found"),
    [
        # An additive group, a group without declared members, and a group that only the entry of a user names.
        (None, [{"name": "team", "members": {"users": ["ann"]}}], ["team: user bob"]),
        (None, [{"name": "team"}], ["team: user ann", "team: user bob"]),
        ([{"user_name": "ann", "groups": ["team"]}], None, ["team: user bob"]),
        # The service itself puts users into the group Users.
        (None, [{"name": "Users"}], []),
        ([{"user_name": "ann", "groups": ["Users"]}], None, []),
    ],
)
def test_members_that_are_not_declared_are_unmanaged(users, groups, found):
    current = directory(PEOPLE, [*TEAMS, group("Users", ADMIN, "ann", "bob", "cid")])
    assert [row for row in drift(plan(users, groups, current), "unmanaged") if ": " in row] == found


def test_all_operations_in_their_order():
    current = directory(
        [user("ann"), user("bob"), user("cid", active=False), user("dan"), user("eve"), user("fay", title="x")],
        [group("Old", "ann"), group("team", "ann", "bob"), group("gone", "cid")],
    )
    planned = plan(
        [
            {"user_name": "ann", "active": False, "title": "Nurse"},
            {"user_name": "cid", "active": True},
            {"user_name": "dan", "state": "absent"},
            {"user_name": "eve", "new_user_name": "eva"},
            {"user_name": "fay", "title": ""},
            {"user_name": "new"},
            {"user_name": "bob"},
        ],
        [
            {"name": "Old", "new_display_name": "Young"},
            {"name": "team", "membership": "exact", "members": {"users": ["bob", "new"]}},
            {"name": "fresh", "members": {"users": ["ann"]}},
            {"name": "gone", "state": "absent"},
        ],
        current,
    )
    assert warnings_of(planned) == [
        "disable user ann",
        "update user ann",  # the same PUT
        "remove team: user ann",
        "delete user dan",
        "delete group gone",
        "rename user eve",
        "rename group Old",
        "create user new",
        "create group fresh",
        "enable user cid",
        "update user fay",
        "add fresh: user ann",
        "add team: user new",
    ]
    assert [len(phase) for phase in planned.phases] == [1, 1, 2, 2, 1, 1, 2, 2]
    assert len(planned.phases) == len(PHASES)
    assert planned.predicted(100) == {"reads": 1 + 2 * 2 + 2 + 2, "writes": 1 + 1 + 2 + 2 + 1 + 1 + 2 + 2}
    # All groups are read again before removals, and before and after groups are created.
    assert planned.predicted(100, group_pages=3)["reads"] == 3 + 2 * 3 + 1 + 2 * 2 + 2 + 2
    assert plan([{"user_name": "new"}], None, directory()).predicted(100, group_pages=3) == {"reads": 0, "writes": 1}
    counts = planned.counts()
    assert {name: number for name, number in counts["user"].items() if number} == {
        "created": 1,
        "updated": 2,
        "renamed": 1,
        "enabled": 1,
        "disabled": 1,
        "deleted": 1,
        "unchanged": 1,
    }
    assert {name: number for name, number in counts["group"].items() if number} == {
        "created": 1,
        "renamed": 1,
        "deleted": 1,
        "unchanged": 1,
    }
    assert {name: number for name, number in counts["membership"].items() if number} == {
        "added": 2,
        "removed": 1,
        "unchanged": 1,
    }


def test_rows(current):
    planned = plan(
        [{"user_name": "ANN", "title": "Doctor", "active": False, "new_user_name": "Anna"}],
        [{"name": "team", "members": {"groups": ["empty"]}}],
        current,
    )
    assert planned.rows() == [
        {
            "operation": "disable",
            "kind": "user",
            "key": "ann",
            "id": "ann-id",
            "changes": {"active": {"before": True, "after": False}},
        },
        {
            "operation": "rename",
            "kind": "user",
            "key": "ann",
            "id": "ann-id",
            "changes": {"user_name": {"before": "ann", "after": "Anna"}},
        },
        {
            "operation": "update",
            "kind": "user",
            "key": "ann",
            "id": "ann-id",
            "changes": {"title": {"before": "Nurse", "after": "Doctor"}},
        },
        {
            "operation": "add",
            "kind": "membership",
            "key": "team",
            "id": "team-id",
            "member": {"id": "empty-id", "kind": "group", "name": "empty"},
            "changes": {},
        },
    ]
    assert len(planned.steps) == 2


def test_drift_classes(current):
    planned = plan(
        [{"user_name": "ann", "title": "Doctor"}, {"user_name": "new"}, {"user_name": "bob", "state": "absent"}],
        [
            {"name": "board", "membership": "exact", "members": {"users": ["ann"], "groups": ["empty"]}},
            {"name": "team", "members": {"users": ["noaccount"]}},
        ],
        current,
        on_unknown_member="ignore",
        unlisted_groups="keep",
    )
    assert set(planned.drift) == set(DRIFT_CLASSES)
    assert drift(planned, "missing") == ["board: group empty", "board: user ann", "user new"]
    assert drift(planned, "extra") == ["board: group team", "board: user cid", "user bob"]
    assert drift(planned, "different") == ["user ann"]
    # bob is deleted and leaves team by that, so team does not list the membership.
    assert drift(planned, "unmanaged") == ["group empty", "team: user ann", "team: user bob", "user cid"]
    assert drift(planned, "unresolved") == ["team: user noaccount"]


# -- the object of an entry -------------------------------------------------------------------------


def test_match_by_external_id(current):
    planned = plan(
        [{"external_id": "hr:1", "user_name": "Ann2", "title": "x"}],
        None,
        current,
        match_users_by="external_id",
        unlisted_users="delete",
    )
    assert warnings_of(planned) == ["delete user bob", "rename user ann", "update user ann"]
    # Users without an external id are not unlisted.
    assert drift(planned, "unmanaged") == ["user cid"]


@pytest.mark.parametrize(
    ("users", "options", "expected"),
    [
        ([{"user_name": "dup"}], {}, "2 users are named 'dup': d1, d2. Identify the object by its id"),
        ([{"user_name": "ann"}, {"id": "ann-id"}], {}, "the entry names the same user as users[0] ('ann'), id ann-id"),
        ([{"user_name": "ann", "external_id": "hr:9"}], {}, "it belongs to another person"),
        ([{"user_name": "new", "external_id": "hr:1"}], {}, "the external_id 'hr:1' belongs to user 'ann' (ann-id)"),
        (
            [{"user_name": "cid", "external_id": "x"}, {"user_name": "new", "external_id": "x"}],
            {},
            "the entry has the same external_id as users[0] ('cid')",
        ),
        (
            [{"user_name": "new", "external_id": "X"}, {"user_name": "new2", "external_id": "x"}],
            {},
            "differs only in case from that of users[0] ('new'), which the service might overwrite",
        ),
        (
            [{"user_name": "new", "external_id": "X"}, {"user_name": "cid", "external_id": "x"}],
            {},
            "differs only in case from that of users[0] ('new')",
        ),
        ([{"id": "noaccount"}], {}, "there is no user with the id 'noaccount'"),
        ([{"user_name": "ann", "new_user_name": "bob"}], {}, "both names are in use: 'ann' by ann-id, 'bob' by bob-id"),
        ([{"id": "ann-id", "user_name": "bob"}], {}, "both names are in use"),
        (
            [{"id": "ann-id", "user_name": "new"}, {"user_name": "new"}],
            {},
            "the entry would have the same name as users[0] ('new')",
        ),
        ([{"external_id": "hr:9"}], {"match_users_by": "external_id"}, "a user cannot be created without user_name"),
        (
            [{"external_id": "hr:9", "user_name": "cid"}],
            {"match_users_by": "external_id"},
            "the user_name 'cid' is in use by cid-id, which has no external_id",
        ),
        (
            [{"external_id": "hr:9", "user_name": "ann"}],
            {"match_users_by": "external_id"},
            "which has the external_id 'hr:1'",
        ),
        (
            [{"external_id": "twice", "user_name": "x"}],
            {"match_users_by": "external_id"},
            "2 users have the external_id 'twice': t1, t2",
        ),
    ],
)
def test_identities_that_must_not_be_confused(users, options, expected):
    extra = [user("dup"), user("dup"), user("t", externalId="twice"), user("t", externalId="twice")]
    for item, object_id in zip(extra, ("d1", "d2", "t1", "t2")):
        item["id"] = object_id
    found = problems(users, None, directory([*PEOPLE, *extra], TEAMS), **options)
    assert len(found) == 1, found
    assert expected in found[0] and found[0].startswith("users[")


def test_external_ids_of_existing_users_may_differ_only_in_case(current):
    current.users["eve-id"] = user("eve")
    current = Snapshot(current.users, current.groups)
    planned = plan([{"user_name": "cid", "external_id": "X"}, {"user_name": "eve", "external_id": "x"}], None, current)
    assert warnings_of(planned) == ["update user cid", "update user eve"]


def test_an_ambiguous_entry_is_unresolved():
    current = directory([{**user("dup"), "id": "d1"}, {**user("dup"), "id": "d2"}])
    with pytest.raises(PlanRefused) as refused:
        plan([{"user_name": "dup"}], None, current)
    assert drift(refused.value.plan, "unresolved") == ["user dup"]


def test_a_member_that_two_entries_may_mean_is_refused_with_their_places():
    users = [{"user_name": "new"}, {"user_name": "NEW", "titel": "x"}]
    *_others, problem = problems(users, [{"name": "team", "members": {"users": ["nEw"]}}])
    assert problem == "groups[0] ('team'): 2 users are named 'nEw': users[0] ('new'), users[1] ('NEW'). Identify the object by its id"


def test_objects_with_the_same_name_are_planned_by_their_ids():
    twins = [{**user("dup"), "id": "d1"}, {**user("dup"), "id": "d2"}, user("Ann"), {**user("ann"), "id": "a2"}]
    current = directory(
        twins, [{**group("team"), "id": "t1"}, {**group("Team"), "id": "t2"}, {**group("Team"), "id": "t3"}]
    )
    users = [{"id": item["id"], "user_name": item["userName"]} for item in twins]
    groups = [
        {"id": "t1", "display_name": "team", "members": {"user_ids": ["d1"], "users": ["ann"]}},
        {"id": "t2", "display_name": "Team", "members": {"users": ["Ann"]}},
        {"id": "t3", "display_name": "Team"},
    ]
    planned = plan(users, groups, current)
    members = [(row["id"], row["member"]["id"]) for row in planned.rows()]
    assert members == [("t2", "Ann-id"), ("t1", "a2"), ("t1", "d1")] or sorted(members) == [
        ("t1", "a2"),
        ("t1", "d1"),
        ("t2", "Ann-id"),
    ]
    # A new object with such a name is refused, and so is a member by name only.
    assert problems([*users, {"user_name": "new", "new_user_name": "DUP"}], None, current)
    (problem,) = problems(None, [{"name": "x", "members": {"users": ["dup"]}}], current)
    assert "2 users are named 'dup': d1, d2" in problem


def test_existing_shared_external_ids_are_not_a_problem():
    current = directory([user("ann", externalId="x"), user("bob", externalId="x")])
    assert warnings_of(
        plan(
            [{"user_name": "ann", "external_id": "x", "title": "t"}, {"user_name": "bob", "external_id": "x"}],
            None,
            current,
        )
    ) == ["update user ann"]


def test_a_single_group_in_another_case(current):
    planned = plan(None, [{"name": "TEAM", "members": {"users": ["CID"]}}], current)
    assert warnings_of(planned) == ["add team: user cid"] or warnings_of(planned) == ["add TEAM: user cid"]
    assert planned.steps[0].id == "team-id"
    assert len(planned.warnings) == 1


def test_the_same_problem_is_reported_once(current):
    """An invalid entry is reported; entries that name it are not."""
    found = problems(
        [{"user_name": "zoe", "titel": "x"}, {"user_name": "ann", "groups": ["crew"]}],
        [{"name": "crew", "state": "here"}, {"name": "team", "members": {"users": ["zoe"], "groups": ["crew"]}}],
        current,
    )
    assert len(found) == 2, found
    # A rule does not treat the user of an invalid entry as unlisted.
    found = problems(
        [{"user_name": "ann", "titel": "x"}, {"user_name": "bob"}, {"user_name": "cid"}, {"user_name": ADMIN}],
        None,
        current,
        unlisted_users="delete",
        limits={"max_deletes": 0},
    )
    assert len(found) == 1, found


def test_all_problems_at_once(current):
    found = problems(
        [
            {"user_name": "ann", "titel": "x"},
            {"user_name": "new", "external_id": "hr:2"},
            {"user_name": "bob", "state": "absent"},
            {"user_name": "cid", "groups": ["nowhere", "nothing"]},
            {"user_name": ADMIN, "active": False},
        ],
        [
            {"name": "team", "members": {"users": ["bob", "noaccount", "noone"], "group_ids": ["none"]}},
            {"name": "empty", "members": {"groups": ["board"]}},
            {"name": "team2", "members": {"groups": ["team2"]}},
            {"name": "x", "new_display_name": "team"},
            {"name": "board", "members": {"groups": ["empty"]}},
        ],
        current,
    )
    for expected in (
        "unknown option 'titel'",
        "the external_id 'hr:2' belongs",
        "groups: group 'nowhere' does not exist",
        "group 'nothing' does not exist",
        "is protected (a member of Domain Administrators)",
        "its member user 'bob' is to be deleted",
        "members.users: user 'noaccount' does not exist",
        "members.users: user 'noone' does not exist",
        "members.group_ids: group 'none' does not exist",
        "would be nested in itself: 'empty' > 'board' > 'empty'",
        "would be nested in itself: 'team2' > 'team2'",
    ):
        assert sum(expected in line for line in found) == 1, (expected, found)


# -- members -----------------------------------------------------------------------------------------


def test_additive_and_exact(current):
    desired = [{"name": "board", "members": {"users": ["ann"]}}]
    assert warnings_of(plan(None, desired, current)) == ["add board: user ann"]
    exact = [{**desired[0], "membership": "exact"}]
    # Exact only for the given kinds: no groups are given, so the nested one stays.
    assert warnings_of(plan(None, exact, current)) == ["remove board: user cid", "add board: user ann"]
    assert drift(plan(None, exact, current), "unmanaged") == ["group empty", "group team", "board: group team"]
    both = [{"name": "board", "membership": "exact", "members": {"users": ["ann"], "groups": []}}]
    assert warnings_of(plan(None, both, current)) == [
        "remove board: user cid",
        "remove board: group team",
        "add board: user ann",
    ]
    assert warnings_of(plan(None, desired, current, {"membership": "exact"})) == warnings_of(plan(None, exact, current))


def test_a_group_without_declared_members_keeps_its_members(current):
    planned = plan(
        None,
        [{"name": "team", "membership": "exact"}, {"name": "board", "membership": "exact", "members": None}],
        current,
    )
    assert warnings_of(planned) == []


def test_users_own_groups_count_as_listed(current):
    users = [{"user_name": "bob", "groups": ["team"]}, {"user_name": "new", "groups": ["TEAM"]}]
    groups = [{"name": "team", "membership": "exact", "members": {"users": ["cid"]}}]
    assert warnings_of(plan(users, groups, current)) == [
        "remove team: user ann",
        "create user new",
        "add team: user cid",
        "add team: user new",
    ]
    # A user whose own entry names the group counts as listed.
    assert warnings_of(plan(users[:1], [{"name": "team", "membership": "exact", "members": {"users": []}}], current)) == [
        "remove team: user ann"
    ]


@pytest.mark.parametrize("members", [{}, {"groups": ["empty"]}, {"users": []}])
def test_users_own_groups_are_a_list_of_users(current, members):
    """Users whose entries name the group form its list, and an exact group loses all other users."""
    groups = [{"name": "team", "membership": "exact", "members": members}]
    assert "remove team: user ann" in warnings_of(plan([{"user_name": "bob", "groups": ["team"]}], groups, current))
    assert "remove team: user bob" not in warnings_of(plan([{"user_name": "bob", "groups": ["team"]}], groups, current))
    # Without listed members of a kind, no member of that kind is removed.
    board = [{"name": "board", "membership": "exact", "members": {}}]
    assert warnings_of(plan([{"user_name": "cid", "groups": ["board"]}], board, current)) == []


def test_groups_of_users_are_additive_if_the_group_has_no_entry(current):
    assert warnings_of(plan([{"user_name": "cid", "groups": ["team", "Team"]}], None, current)) == ["add team: user cid"]


def test_members_are_found_by_their_new_names(current):
    planned = plan(
        [{"user_name": "ann", "new_user_name": "anna"}, {"user_name": "bob", "new_user_name": "ann"}],
        [
            {"name": "empty", "new_display_name": "crew", "members": {"users": ["ann"]}},
            {"name": "new", "members": {"users": ["anna"], "groups": ["crew"]}},
        ],
        current,
    )
    added = {(row["key"], row["member"]["id"]) for row in planned.rows() if row["operation"] == "add"}
    assert added == {("crew", "bob-id"), ("new", "ann-id"), ("new", "empty-id")}


def test_members_are_found_by_the_former_name_that_no_user_takes(current):
    planned = plan(
        [{"user_name": "ann", "new_user_name": "anna"}],
        [{"name": "empty", "members": {"users": ["ann", "anna"]}}],
        current,
    )
    assert [row["member"] for row in planned.rows() if row["operation"] == "add"] == [
        {"id": "ann-id", "kind": "user", "name": "anna"}
    ]


@pytest.mark.parametrize("done", [False, True])
def test_an_old_name_means_the_renamed_user_on_each_run(done):
    """The second run must not remove a member because the first run renamed it."""
    old = directory([user("u0"), user("u1")], [group("team", "u0", "u1"), group("Old")])
    new = directory(
        [user("u0"), {**user("v1"), "id": "u1-id"}], [group("team", "u0", "u1"), {**group("New", "u0"), "id": "Old-id"}]
    )
    planned = plan(
        [{"user_name": "u1", "new_user_name": "v1"}, {"user_name": "u0", "groups": ["OLD"]}],
        [
            {"name": "team", "membership": "exact", "members": {"users": ["u0", "U1"]}},
            {"name": "Old", "new_display_name": "New"},
        ],
        new if done else old,
        on_unknown_member="warn",
    )
    assert planned.warnings == []
    assert warnings_of(planned) == ([] if done else ["rename user u1", "rename group Old", "add New: user u0"])


def test_an_old_name_means_its_current_user():
    current = directory([user("u1"), {**user("v1"), "id": "x"}], [group("team")])
    desired = [{"id": "x", "user_name": "u1", "new_user_name": "v1"}]
    assert [
        row["member"]["id"] for row in plan(desired, [{"name": "team", "members": {"users": ["u1"]}}], current).rows()
    ] == ["u1-id"]


def test_the_old_name_of_an_invalid_entry_is_known():
    found = problems([{"user_name": "u1", "new_user_name": "v1", "titel": "x"}], [{"name": "team", "members": {"users": ["u1"]}}],
                     directory([user("v1")], [group("team")]))  # fmt: skip
    assert len(found) == 1, found


def test_an_exact_match_takes_precedence_over_another_case():
    current = directory([user("Ann"), {**user("ann"), "id": "low"}], [group("team")])
    desired = [{"name": "team", "members": {"users": ["ann"]}}]
    assert plan(None, desired, current).rows()[0]["member"]["id"] == "low"
    assert plan([{"id": "Ann-id", "title": "x"}], desired, current).rows()[-1]["member"]["id"] == "low"
    (problem,) = problems(None, [{"name": "team", "members": {"users": ["ANN"]}}], current)
    assert "2 users are named 'ANN': Ann-id, low" in problem


@pytest.mark.parametrize("how", ["fail", "warn", "ignore"])
def test_unknown_members(current, how):
    users = [{"user_name": "ann", "groups": ["nowhere"]}]
    groups = [
        {
            "name": "team",
            "members": {"users": ["ann", "noaccount"], "user_ids": ["x"], "groups": ["nothing"], "group_ids": ["ann-id"]},
        }
    ]
    if how == "fail":
        assert len(problems(users, groups, current)) == 5
        return
    planned = plan(users, groups, current, on_unknown_member=how)
    assert warnings_of(planned) == []
    assert len(planned.warnings) == (5 if how == "warn" else 0)
    assert drift(planned, "unresolved") == [
        "nowhere: user ann",
        "team: group ann-id",
        "team: group nothing",
        "team: user x",
        "team: user noaccount",
    ]


def test_twenty_unknown_names_get_a_suggestion(current):
    members = [f"admin{number:02}@example.com" for number in range(21)]
    planned = plan(None, [{"name": "team", "members": {"users": members}}], current, on_unknown_member="warn")
    assert [f"Did you mean '{ADMIN}'?" in warning for warning in planned.warnings] == [True] * 20 + [False]


def test_a_member_in_neither_list_was_deleted():
    current = directory([user("ann")], [group("team", "ann", "deleted-long-ago")])
    planned = plan(None, [{"name": "team", "membership": "exact", "members": {"users": ["ann"]}}], current)
    assert warnings_of(planned) == []


@pytest.mark.parametrize(
    ("members", "allow", "expected"),
    [
        ({"users": []}, False, "membership is exact but no members are listed, which would remove every member"),
        ({}, False, "membership is exact but no members are listed, which would remove every member"),
        ({"users": [], "groups": []}, False, "no members are listed"),
        (
            {"users": ["noaccount"]},
            False,
            "membership is exact but none of the listed members exists, which would remove every member",
        ),
        ({"users": []}, True, ["remove team: user ann", "remove team: user bob"]),
        ({}, True, ["remove team: user ann", "remove team: user bob"]),
        ({"groups": []}, True, []),
        ({"users": ["noaccount"]}, True, ["remove team: user ann", "remove team: user bob"]),
        ({"groups": ["nothing"]}, False, []),  # of groups it has none to lose
    ],
)
def test_an_exact_group_is_not_emptied_by_mistake(current, members, allow, expected):
    desired = [{"name": "team", "membership": "exact", "members": members}]
    if isinstance(expected, str):
        (problem,) = problems(None, desired, current, on_unknown_member="ignore")
        assert expected in problem and "Set allow_empty: true if this is intended" in problem
    else:
        assert warnings_of(plan(None, desired, current, on_unknown_member="ignore", allow_empty=allow)) == expected


@pytest.mark.parametrize(
    ("members", "lost"),
    [
        ({"users": ["noaccount"], "groups": ["team"]}, "remove board: user cid"),
        ({"users": ["cid"], "groups": ["nothing"]}, "remove board: group team"),
        ({"user_ids": ["noaccount"], "users": [], "group_ids": ["team-id"]}, "remove board: user cid"),
    ],
)
def test_an_exact_group_does_not_lose_a_kind_by_mistake(current, members, lost):
    """A known nested group does not compensate for a list of only unknown users."""
    desired = [{"name": "board", "membership": "exact", "members": members}]
    (problem,) = problems(None, desired, current, on_unknown_member="warn")
    kind = lost.split()[2]
    assert f"none of the listed {kind}s exists, which would remove all {kind}s. Set allow_empty" in problem
    assert warnings_of(plan(None, desired, current, on_unknown_member="warn", allow_empty=True)) == [lost]
    # Allowed if there is no member to lose, or if the empty list is intended.
    fewer = [{"name": "board", "membership": "exact", "members": {"users": [], "groups": ["team"]}}]
    assert warnings_of(plan(None, fewer, current)) == ["remove board: user cid"]
    nested = directory(PEOPLE, [*TEAMS[:1], group("board", groups=("team",)), group("empty")])
    unknown = [{"name": "board", "membership": "exact", "members": {"users": ["noaccount"], "groups": ["team"]}}]
    assert warnings_of(plan(None, unknown, nested, on_unknown_member="warn")) == []


def test_an_export_of_an_empty_group_does_not_empty_it(current):
    assert warnings_of(plan(None, [{"name": "empty", "membership": "exact", "members": {}}], current)) == []


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (
            [{"name": "team", "members": {"groups": ["team"]}}],
            ["groups[0] ('team'): the group would be nested in itself: 'team' > 'team'"],
        ),
        (
            [{"name": "team", "members": {"groups": ["board"]}}],
            ["groups[0] ('team'): the group would be nested in itself: 'team' > 'board' > 'team'"],
        ),
        (
            [
                {"name": "n1", "members": {"groups": ["n2"]}},
                {"name": "n2", "members": {"groups": ["n3"]}},
                {"name": "n3", "members": {"groups": ["N1"]}},
            ],
            ["groups[0] ('n1'): the group would be nested in itself: 'n1' > 'n2' > 'n3' > 'n1'"],
        ),
        # The nesting that would complete the cycle is removed in the same run.
        (
            [
                {"name": "board", "membership": "exact", "members": {"groups": [], "users": ["cid"]}},
                {"name": "team", "members": {"groups": ["board"]}},
            ],
            [],
        ),
        # A deletion elsewhere opens no cycle.
        (
            [{"name": "empty", "state": "absent"}, {"name": "team", "members": {"groups": ["board"]}}],
            ["groups[1] ('team'): the group would be nested in itself: 'team' > 'board' > 'team'"],
        ),
        ([{"name": "team", "members": {"groups": ["empty"]}}], []),
    ],
)
def test_cycles_are_reported_with_their_path(current, groups, expected):
    assert problems(None, groups, current) == expected


@pytest.mark.parametrize(
    ("groups", "options", "needed"),
    [
        # board contains team: the removal must precede the addition of board to team.
        (
            [
                {"name": "board", "membership": "exact", "members": {"groups": [], "users": ["cid"]}},
                {"name": "team", "members": {"groups": ["board"]}},
            ],
            {},
            ["board"],
        ),
        # Current: a > b > c. The deletion of b must precede the nesting of a in c.
        ([{"name": "b", "state": "absent"}, {"name": "c", "members": {"groups": ["a"]}}], {}, ["b"]),
        ([{"name": "c", "members": {"groups": ["a"]}}, {"name": "a"}], {"unlisted_groups": "delete"}, ["b"]),
        # A step does not wait for a removal that does not affect a cycle.
        (
            [
                {"name": "a", "membership": "exact", "members": {"groups": ["c"]}},
                {"name": "team", "members": {"groups": ["b"]}},
            ],
            {},
            [],
        ),
        (
            [
                {"name": "board", "membership": "exact", "members": {"users": ["cid"], "groups": ["empty"]}},
                {"name": "team", "members": {"groups": ["board", "a"]}},
                {"name": "a", "membership": "exact", "members": {"groups": ["empty"]}},
            ],
            {},
            ["board"],
        ),
    ],
)
def test_a_nesting_waits_for_the_removal_that_breaks_the_cycle(groups, options, needed):
    teams = [*TEAMS, group("a", groups=("b",)), group("b", groups=("c",)), group("c")]
    planned = plan(None, groups, directory(PEOPLE, teams), **options)
    waiting = {
        step.key: sorted(needed.key for needed in planned.needs[step])
        for step in planned.steps
        if planned.needs.get(step)
    }
    adding = {step.key for step in planned.steps if step.add}
    assert list(waiting.values()) == ([needed] if needed else [])
    assert waiting.keys() <= adding


def test_an_existing_cycle_is_not_checked():
    current = directory([], [group("a", groups=("b",)), group("b", groups=("a",)), group("c")])
    assert warnings_of(plan(None, [{"name": "c", "members": {"groups": ["a"]}}], current)) == ["add c: group a"]


# -- contradictions and names ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("users", "groups", "expected"),
    [
        (
            [{"user_name": "ann", "state": "absent"}],
            [{"name": "team", "members": {"users": ["ANN"]}}],
            "its member user 'ANN' is to be deleted",
        ),
        (
            [{"user_name": "ann", "state": "absent"}],
            [{"name": "team", "members": {"user_ids": ["ann-id"]}}],
            "its member user 'ann-id' is to be deleted",
        ),
        (
            [{"user_name": "ann", "groups": ["empty"]}],
            [{"name": "empty", "state": "absent"}],
            "group 'empty' is to be deleted",
        ),
        (
            None,
            [{"name": "empty", "state": "absent"}, {"name": "team", "members": {"groups": ["empty"]}}],
            "its member group 'empty' is to be deleted",
        ),
        ([{"id": "ann-id", "state": "absent"}, {"id": "ann-id"}], None, "has the same id as users[0]"),
        ([{"id": "ann-id", "state": "absent"}, {"id": "ANN-ID"}], None, "has the same id as users[0]"),
        (
            [{"id": "ann-id", "title": "x"}, {"user_name": "ann", "state": "absent"}],
            None,
            "the entry names the same user as users[0]",
        ),
    ],
)
def test_contradictions(current, users, groups, expected):
    found = problems(users, groups, current)
    assert any(expected in line for line in found), found


def test_a_member_that_a_rule_would_delete(current):
    (problem,) = problems(
        [], [{"name": "team", "members": {"users": ["bob"]}}], current, unlisted_users="delete", allow_empty=True
    )
    assert "its member user 'bob' is to be deleted" in problem


def order(planned):
    return [step.key for step in planned.steps]


def test_a_chain_of_renames(current):
    users = [
        {"user_name": "ann", "new_user_name": "bob"},
        {"user_name": "bob", "new_user_name": "cid"},
        {"user_name": "cid", "new_user_name": "dan"},
    ]
    for shuffled in (users, users[::-1], [users[1], users[0], users[2]]):
        planned = plan(shuffled, None, current)
        assert order(planned) == ["cid", "bob", "ann"]
        assert [len(planned.needs.get(step, ())) for step in planned.steps] == [0, 1, 1]


@pytest.mark.parametrize("ring", [("ann", "bob"), ("ann", "bob", "cid")])
def test_a_cycle_of_renames(current, ring):
    users = [{"user_name": old, "new_user_name": new} for old, new in zip(ring, ring[1:] + ring[:1])]
    found = problems(users, None, current)
    assert any(
        "would swap names, which cannot be done in one run. Give one of them another name first"
        in line
        for line in found
    )
    by_id = [{"id": f"{old}-id", "user_name": new} for old, new in zip(ring, ring[1:] + ring[:1])]
    assert any("would swap names" in line for line in problems(by_id, None, current))


def test_a_name_freed_by_a_delete(current):
    planned = plan(
        [{"user_name": "bob", "state": "absent"}, {"user_name": "ann", "new_user_name": "BOB"}], None, current
    )
    assert warnings_of(planned) == ["delete user bob", "rename user ann"]
    assert planned.needs[planned.steps[1]] == [planned.steps[0]]


def test_a_name_freed_by_a_rename_is_taken_by_a_create(current):
    """An entry with an id renames the old user, so the name means a new one, now and on the next run."""
    desired = [{"id": "ann-id", "user_name": "anna"}, {"user_name": "ann", "external_id": "hr:77"}]
    planned = plan(desired, [{"name": "empty", "members": {"users": ["ann", "anna"]}}], current)
    assert warnings_of(planned) == ["rename user ann", "create user ann", "add empty: user ann", "add empty: user anna"]
    assert [row["member"]["id"] for row in planned.rows()[2:]] == [None, "ann-id"]
    assert planned.needs[planned.steps[1]] == [planned.steps[0]]
    done = directory([{**user("anna"), "id": "ann-id"}, {**user("ann", externalId="hr:77"), "id": "new"}])
    assert warnings_of(plan(desired, None, done)) == []
    # By names only, the next run could not distinguish the users.
    assert problems([{"user_name": "ann", "new_user_name": "anna"}, {"user_name": "ann"}], None, current)


def test_a_name_freed_by_a_delete_is_taken_by_a_create(current):
    desired = [{"id": "ann-id", "state": "absent"}, {"user_name": "Ann", "external_id": "hr:77"}]
    planned = plan(
        desired, [{"id": "team-id", "state": "absent"}, {"name": "team", "members": {"users": ["ann"]}}], current
    )
    assert warnings_of(planned) == [
        "delete user ann",
        "delete group team",
        "create user Ann",
        "create group team",
        "add team: user Ann",
    ]
    assert planned.needs[planned.steps[2]] == [planned.steps[0]]
    by_external = [{"external_id": "hr:1", "state": "absent"}, {"external_id": "hr:77", "user_name": "ann"}]
    assert warnings_of(plan(by_external, None, current, match_users_by="external_id")) == [
        "delete user ann",
        "create user ann",
    ]


def test_a_disable_does_not_wait_for_a_name(current):
    """The module disables an account at once, even if its new name is never released."""
    desired = [
        {"user_name": "bob", "new_user_name": "bo2"},
        {"user_name": "ann", "new_user_name": "bob", "active": False, "title": "Doctor", "password": "never-shown-1"},
    ]
    planned = plan(desired, None, current, {"update_password": "always"})
    assert warnings_of(planned) == ["disable user ann", "rename user bob", "rename user ann", "update user ann"]
    disable, free, rename = planned.steps
    assert [change[0] for change in disable.changes] == ["active"]
    assert disable.desired.values == {"active": False} and not disable.desired.always and disable.desired.rename_to is None
    assert {change[0] for change in rename.changes} == {"user_name", "title", "password"}
    assert planned.needs == {rename: [free]}
    assert disable.before is rename.before is current.users["ann-id"]
    assert planned.predicted(100) == {"reads": 3, "writes": 3}
    assert planned.counts()["user"] | {"disabled": 1, "renamed": 2, "updated": 1} == planned.counts()["user"]
    assert drift(planned, "different") == ["user ann", "user bob"]
    assert not problems(desired, None, directory(PEOPLE), limits={"max_disables": 1})
    for step in (disable, rename):
        assert step.precondition(user("ann", externalId="hr:1", active=False)) is None
    # The rename waits, too, if the disable is the only other change.
    both = plan([desired[0], {"user_name": "ann", "new_user_name": "bob", "active": False}], None, current)
    assert [warnings_of(both), len(both.steps)] == [["disable user ann", "rename user bob", "rename user ann"], 3]
    # A free name is set with the same request.
    free_name = [{"user_name": "ann", "new_user_name": "anna", "active": False}]
    assert len(plan(free_name, None, directory(PEOPLE)).steps) == 1


def test_already_renamed(current):
    assert warnings_of(plan([{"user_name": "old", "new_user_name": "ann"}], None, current)) == []
    # A whole chain: bob is the former ann, not the former bob.
    done = directory([user("bob"), user("cid"), user("dan")])
    users = [
        {"user_name": "ann", "new_user_name": "bob"},
        {"user_name": "bob", "new_user_name": "cid"},
        {"user_name": "cid", "new_user_name": "dan"},
    ]
    assert warnings_of(plan(users, None, done)) == []
    half = directory([user("ann"), user("bob"), user("dan")])  # the last rename was done before the run was killed
    assert warnings_of(plan(users, None, half)) == ["rename user bob", "rename user ann"]


@pytest.mark.parametrize("kind", ["user", "group"])
@pytest.mark.parametrize(
    ("desired", "before", "first", "after"),
    [
        # another user takes the name of a deleted user
        (
            [{"name": "u1", "state": "absent"}, {"name": "u0", "new": "u1"}],
            {"u0": "0", "u1": "1"},
            ["delete u1", "rename u0"],
            {"u1": "0"},
        ),
        (
            [{"name": "u1", "state": "absent"}, {"id": "0", "new": "u1"}],
            {"u0": "0", "u1": "1"},
            ["delete u1", "rename u0"],
            {"u1": "0"},
        ),
        # a user with an id already has its new name before the chain is resolved
        (
            [{"id": "0", "new": "u3"}, {"name": "u3", "new": "v1"}],
            {"u0": "0", "u3": "3"},
            ["rename u3", "rename u0"],
            {"u3": "0", "v1": "3"},
        ),
        (
            [{"id": "0", "new": "u1"}, {"name": "u1", "new": "u2"}, {"name": "u2", "state": "absent"}],
            {"u0": "0", "u1": "1", "u2": "2"},
            ["delete u2", "rename u1", "rename u0"],
            {"u1": "0", "u2": "1"},
        ),
    ],
)
def test_a_reached_desired_state_is_accepted_again(kind, desired, before, first, after):
    key = "user_name" if kind == "user" else "display_name"
    made = user if kind == "user" else group

    def planned(order, names):
        entries = [
            {**{name: entry[name] for name in ("id", "state") if name in entry},
             **({key: entry["name"]} if "name" in entry else {}), **({f"new_{key}": entry["new"]} if "new" in entry else {})}
            for entry in order
        ]  # fmt: skip
        items = [{**made(name), "id": object_id} for name, object_id in names.items()]
        current = directory(items) if kind == "user" else directory([], items)
        return plan(*((entries, None) if kind == "user" else (None, entries)), current)

    for order in (desired, desired[::-1]):
        assert [line.replace(f" {kind}", "") for line in warnings_of(planned(order, before))] == first
        assert warnings_of(planned(order, after)) == []


def test_a_user_is_deleted_by_either_name(current):
    assert warnings_of(plan([{"user_name": "old", "new_user_name": "ann", "state": "absent"}], None, current)) == [
        "delete user ann"
    ]


def test_two_entries_about_the_same_user_are_a_contradiction(current):
    for desired in (
        [{"id": "ann-id", "user_name": "ann"}, {"user_name": "ann", "state": "absent"}],
        [{"id": "ann-id", "new_user_name": "ann"}, {"user_name": "ann", "new_user_name": "anna"}],
        [{"id": "ann-id", "title": "x"}, {"user_name": "ann", "state": "absent"}],
    ):
        (problem,) = problems(desired, None, directory(PEOPLE))
        assert "the entry names the same user as users[0]" in problem


def test_long_chains_are_planned_fast():
    """A few thousand renames in a chain; quadratic time would show here."""
    number = 3000
    users = [{"user_name": f"u{i:05}", "new_user_name": f"u{i + 1:05}"} for i in range(number)]
    current = directory([user(f"u{i:05}") for i in range(number)])
    planned = plan(users, None, current, limits={"max_renames": "-1"})
    assert order(planned) == [f"u{i:05}" for i in reversed(range(number))]
    done = directory([user(f"u{i + 1:05}") for i in range(number)])
    assert warnings_of(plan(users, None, done, limits={"max_renames": "-1"})) == []


# -- unlisted ----------------------------------------------------------------------------------------

NOT_ADMIN = {"user_name": ADMIN}


@pytest.mark.parametrize(
    ("rule", "expected", "extra", "unmanaged"),
    [
        ("keep", [], [], ["user bob", "user cid"]),
        ("disable", ["disable user bob"], ["user bob"], ["user cid"]),  # cid is already disabled
        ("delete", ["delete user bob", "delete user cid"], ["user bob", "user cid"], []),
    ],
)
def test_unlisted_users(current, rule, expected, extra, unmanaged):
    planned = plan([{"user_name": "ann"}], None, current, unlisted_users=rule)
    assert warnings_of(planned) == expected
    assert drift(planned, "extra") == extra
    assert drift(planned, "unmanaged") == unmanaged
    assert [row["key"] for row in planned.drift["protected"]] == ([] if rule == "keep" else [ADMIN])


def test_unlisted_groups(current):
    planned = plan(None, [{"name": "TEAM"}], current, unlisted_groups="delete")
    assert warnings_of(planned) == ["delete group board", "delete group empty"]
    assert [row["key"] for row in planned.drift["protected"]] == ["Domain Administrators", "Users"]


@pytest.mark.parametrize(("users", "groups", "rule"), [([], None, "unlisted_users"), (None, [], "unlisted_groups")])
@pytest.mark.parametrize("what", ["delete", "disable"])
def test_an_empty_list_is_refused(current, users, groups, rule, what):
    if rule == "unlisted_groups" and what == "disable":
        return
    (problem,) = problems(users, groups, current, **{rule: what, "limits": {"max_deletes": -1, "max_disables": -1}})
    kind = rule.removeprefix("unlisted_")
    assert problem == f"{kind} is empty and {rule} is {what}, which would {what} every {kind[:-1]}. Set allow_empty: true if this is intended"
    assert plan(users, groups, current, allow_empty=True, **{rule: what}).changed


def test_a_missing_list_is_not_an_empty_list(current):
    """allow_empty for a group does not apply to users, which the desired state does not list."""
    (problem,) = problems(None, [{"name": "team"}], current, unlisted_users="delete", allow_empty=True)
    assert "users is not set," in problem
    (problem,) = problems([{"user_name": "ann"}], None, current, unlisted_groups="delete", allow_empty=True)
    assert "groups is not set," in problem


# -- scope -------------------------------------------------------------------------------------------

EU = {"groups": {"display_name": ["eu-*"]}}


def test_nothing_outside_scope_is_planned_or_counted():
    current = directory([user("eu-ann"), user("us-bob")], [group("eu-x", "us-bob"), group("us-y")])
    planned = plan(
        [],
        [{"name": "eu-new"}],
        current,
        scope={**EU, "users": {"user_name": ["EU-*"]}},
        unlisted_users="delete",
        unlisted_groups="delete",
        allow_empty=True,
    )
    assert warnings_of(planned) == ["delete user eu-ann", "delete group eu-x", "create group eu-new"]
    assert "us-" not in json.dumps(
        [
            row
            for name in ("extra", "unmanaged", "different")
            for row in planned.drift[name]
            if row["kind"] != "membership"
        ]
    )
    assert planned.drift["protected"] == []


@pytest.mark.parametrize(
    ("users", "groups", "scope", "expected"),
    [
        (None, [{"name": "us-x"}], EU, "it is outside scope (display_name in eu-*)"),
        (None, [{"name": "us-y"}], EU, "it is outside scope"),
        (None, [{"name": "us-x", "state": "absent"}], EU, "it is outside scope"),
        (None, [{"name": "us-none", "state": "absent"}], EU, "it is outside scope"),
        (None, [{"name": "eu-x", "new_display_name": "us-z"}], EU, "it is outside scope"),
        (None, [{"name": "us-x", "new_display_name": "eu-z"}], EU, "it is outside scope"),
        (None, [{"id": "us-x-id", "members": {"users": ["ann"]}}], EU, "it is outside scope"),
        ([{"user_name": "ann", "groups": ["us-x"]}], None, EU, "group 'us-x' is outside scope"),
        (
            [{"user_name": "ann", "title": "Nurse"}],
            None,
            {"users": {"title": ["doctor"]}},
            "it is outside scope (title in doctor)",
        ),
        ([{"user_name": "doc", "title": "Nurse"}], None, {"users": {"title": ["doctor"]}}, "it is outside scope"),
        ([{"user_name": "doc", "title": ""}], None, {"users": {"title": ["doctor"]}}, "it is outside scope"),
        ([{"user_name": "new"}], None, {"users": {"title": ["doctor"]}}, "it is outside scope"),
        (
            [{"user_name": "doc", "nick_name": "x"}],
            None,
            {"users": {"title": ["doctor"], "user_name": ["a*"]}},
            "title in doctor and user_name in a*",
        ),
    ],
)
def test_a_desired_state_outside_scope_is_refused(users, groups, scope, expected):
    current = directory([user("ann", title="Nurse"), user("doc", title="Doctor")], [group("eu-x"), group("us-x")])
    found = problems(users, groups, current, scope=scope)
    assert len(found) == 1 and expected in found[0], found


def test_members_are_not_limited_by_scope():
    current = directory([user("us-bob")], [group("eu-x", "us-bob"), group("us-y")])
    scope = {**EU, "users": {"user_name": ["eu-*"]}}
    assert warnings_of(
        plan(None, [{"name": "eu-x", "members": {"users": [ADMIN], "groups": ["us-y"]}}], current, scope=scope)
    ) == [f"add eu-x: user {ADMIN}", "add eu-x: group us-y"]
    assert warnings_of(
        plan(None, [{"name": "eu-x", "membership": "exact", "members": {"users": [ADMIN]}}], current, scope=scope)
    ) == ["remove eu-x: user us-bob", f"add eu-x: user {ADMIN}"]


# -- protection --------------------------------------------------------------------------------------


@pytest.fixture
def guarded():
    """olga is an administrator through Operators; patterns protect svc-x and night."""
    return directory(
        [user("olga"), user("svc-x"), user("ann")],
        [
            group("Domain Administrators", ADMIN, groups=("Operators",)),
            group("Operators", "olga"),
            group("night", "ann"),
            group("team", "olga", "svc-x", "ann"),
        ],
    )


PROTECTION = {"protected_users": ["SVC-*"], "protected_groups": ["night"]}


def test_rules_skip_protected_objects(guarded):
    planned = plan(
        [{"user_name": "x-listed"}],
        [{"name": "other"}],
        guarded,
        unlisted_users="delete",
        unlisted_groups="delete",
        **PROTECTION,
    )
    # team has protected members, which no rule removes, not even by deleting the group.
    assert [row for row in warnings_of(planned) if not row.startswith("create")] == ["delete user ann"]
    assert [(row["kind"], row["key"]) for row in planned.drift["protected"]] == [
        ("group", "Domain Administrators"),
        ("group", "night"),
        ("group", "Operators"),
        ("group", "team"),
        ("group", "Users"),
        ("user", ADMIN),
        ("user", "olga"),
        ("user", "svc-x"),
    ]


def test_exact_skips_protected_members(guarded):
    groups = [
        {"name": "team", "members": {"users": [], "groups": ["other"]}},
        {"name": "night", "members": {"users": ["svc-x"]}},
        {"name": "Operators", "members": {"users": ["svc-x"]}},
        {"name": "other"},
    ]
    planned = plan(None, groups, guarded, {"membership": "exact"}, **PROTECTION)
    assert [row for row in warnings_of(planned) if row.startswith("remove")] == ["remove team: user ann"]
    assert [(row["key"], row["member"]["name"]) for row in planned.drift["protected"]] == [
        ("night", "ann"),
        ("Operators", "olga"),
        ("team", "olga"),
        ("team", "svc-x"),
    ]


def test_rules_skip_a_protected_nested_group():
    current = directory([user("ann")], [group("team", groups=("vault", "other")), group("vault", "ann"), group("other")])
    planned = plan(None, [{"name": "team", "members": {"groups": []}}], current, {"membership": "exact"}, allow_empty=True, protected_groups=["vault"])
    assert warnings_of(planned) == ["remove team: group other"]
    assert drift(planned, "protected") == ["team: group vault"]
    planned = plan(None, [{"name": "new"}], current, unlisted_groups="delete", protected_groups=["vault"])
    assert warnings_of(planned) == ["delete group other", "create group new"]


@pytest.mark.parametrize(
    ("users", "groups", "expected"),
    [
        (
            [{"user_name": ADMIN, "state": "absent"}],
            None,
            "(a member of Domain Administrators), and the desired state would delete it",
        ),
        ([{"user_name": "OLGA", "active": False}], None, "the desired state would disable it"),
        ([{"user_name": "olga", "active_until": "2000-01-01"}], None, "the desired state would disable it"),
        (
            [{"id": "svc-x-id", "user_name": "ann2"}],
            None,
            "(named by protected_users), and the desired state would rename it",
        ),
        ([{"user_name": "svc-x", "new_user_name": "SVC-X"}], None, "the desired state would rename it"),
        (
            [{"user_name": "olga", "new_user_name": "x", "active": False}],
            None,
            "would disable it and rename it",
        ),
        (
            None,
            [{"name": "Users", "state": "absent"}],
            "(a built-in group), and the desired state would delete it",
        ),
        (None, [{"name": "Operators", "new_display_name": "x"}], "the desired state would rename it"),
        (None, [{"name": "night", "state": "absent"}], "(named by protected_groups)"),
    ],
)
def test_explicit_changes_of_protected_objects_are_refused(guarded, users, groups, expected):
    (problem,) = problems(users, groups, guarded, **PROTECTION)
    assert expected in problem and "If this is intended, use p1_user or p1_group, or the console" in problem


@pytest.mark.parametrize("name", ["olga", "svc-x"])
@pytest.mark.parametrize(
    ("entry", "refused"),
    [
        ({"external_id": "hr:7"}, "change its external_id"),
        ({"external_id": ""}, "change its external_id"),
        ({"emails": [{"value": "me@elsewhere.example", "type": "work"}]}, "change its emails"),
        ({"emails": []}, "change its emails"),
        ({"password": "never-shown-1"}, "change its password"),
        ({"password_expired": True}, "change its password_expired"),
        ({"password": "never-shown-1", "emails": []}, "change its emails and change its password"),
    ],
)
def test_sign_on_attributes_of_protected_users_are_refused(guarded, name, entry, refused):
    """A user who can edit the desired state must not be able to take over the account of an administrator."""
    guarded.users[f"{name}-id"].update(emails=[{"value": "x@example.org", "type": "work"}], externalId="hr:1")
    settings = {"update_password": "always"}
    guarded.users["ann-id"].update(emails=[{"value": "a@example.org", "type": "work"}], externalId="hr:2")
    (problem,) = problems([{"id": f"{name}-id", **entry}], None, guarded, settings, **PROTECTION)
    assert "is protected" in problem and f"and the desired state would {refused}. " in problem
    assert "never-shown" not in problem
    assert plan([{"id": "ann-id", **entry}], None, guarded, settings, **PROTECTION).changed


def test_current_values_of_protected_users_may_be_declared(guarded):
    known = {"emails": [{"value": "x@example.org", "type": "work"}], "externalId": "hr:1"}
    guarded.users["olga-id"].update(known)
    entry = {"user_name": "olga", "external_id": "hr:1", "emails": known["emails"], "password": "never-shown-1"}
    assert warnings_of(plan([entry], None, guarded)) == []


def test_protected_objects_can_be_updated_enabled_and_added(guarded):
    guarded.users["olga-id"]["active"] = False
    planned = plan(
        [{"user_name": "olga", "active": True, "title": "x"}],
        [{"name": "night", "members": {"users": ["olga"]}}],
        guarded,
        **PROTECTION,
    )
    assert warnings_of(planned) == ["update user olga", "enable user olga", "add night: user olga"]


def test_without_a_visible_administrator_no_rule_removes_users():
    """An empty list of groups, or groups without members, show no administrator to protect."""
    for groups in ([group("Domain Administrators")], [group("Domain Admins", ADMIN), group("Domain Administrators")]):
        current = directory([user("ann"), user("bob")], groups)
        for rule in ("disable", "delete"):
            (problem,) = problems([{"user_name": "ann"}], None, current, unlisted_users=rule)
            assert (
                "no member of Domain Administrators was found" in problem and "List the accounts to protect in protected_users" in problem
            )
            planned = plan([{"user_name": "ann"}], None, current, unlisted_users=rule, protected_users=[ADMIN])
            assert warnings_of(planned) == [f"{rule} user bob"]
        assert plan([{"user_name": "ann", "state": "absent"}], None, current).changed


# -- just before the write ---------------------------------------------------------------------------


def one_step(*args, **options):
    (step,) = plan(*args, **options).steps
    return step


EU_STAFF = {"users": {"user_type": ["staff"]}, "groups": {"display_name": ["t*"]}}


@pytest.mark.parametrize(
    ("desired", "options"),
    [
        ([{"user_name": "ann", "state": "absent"}], {}),
        ([{"user_name": "ann", "active": False}], {}),
        ([{"user_name": "ann", "new_user_name": "anna"}], {}),
        ([{"user_name": "other"}], {"unlisted_users": "disable"}),
        ([{"user_name": "other"}], {"unlisted_users": "delete"}),
    ],
)
@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ({}, None),
        ({"title": "Doctor", "userName": "ANN"}, None),
        ({"userName": "boss"}, "it was renamed to 'boss'"),
        ({"externalId": "hr:2"}, "its external_id is now 'hr:2'"),
        ({"externalId": ""}, "it no longer has an external_id"),
        ({"userType": "guest"}, "it is no longer in scope (user_type in staff)"),
        ({"groups": [{"value": "x", "display": "domain administrators"}]}, "it is now protected: a member of Domain Administrators"),
        ({"groups": [{"value": "Domain Administrators-id"}]}, "it is now protected: a member of Domain Administrators"),
        ({"groups": ["Operators-id"]}, "it is now protected: a member of Domain Administrators"),
        ({"groups": [{"value": "team-id", "display": "team"}, {"value": 5}, 7]}, None),
        ({"groups": "odd"}, None),
    ],
)  # fmt: skip
def test_a_removal_is_checked_against_the_current_user(desired, options, now, reason):
    staff = {"userType": "staff"}
    current = directory(
        [user("ann", externalId="hr:1", **staff), user("other", **staff)],
        [group("Domain Administrators", ADMIN, groups=("Operators",)), group("Operators"), group("team")],
    )
    step = one_step(desired, None, current, scope=EU_STAFF, **options)
    assert step.precondition(user("ann", **{"externalId": "hr:1", **staff, **now})) == reason


def test_a_step_accepts_its_own_changes():
    desired = [{"user_name": "ann", "new_user_name": "Anna", "external_id": "hr:9"}]
    step = one_step([{**desired[0], "id": "ann-id"}], None, directory(PEOPLE))
    assert step.precondition({"id": "ann-id", "userName": "anna", "externalId": "hr:9"}) is None
    cleared = one_step([{"user_name": "ann", "active": False, "external_id": ""}], None, directory(PEOPLE))
    assert cleared.precondition({"id": "ann-id", "userName": "ann"}) is None


def test_a_user_protected_by_its_new_name_is_not_changed(current):
    step = one_step([{"user_name": "ann", "new_user_name": "svc"}], None, current, protected_users=["svc"])
    assert (
        step.precondition({**current.users["ann-id"], "userName": "svc"}) == "it is now protected: named by protected_users"
    )


def test_a_group_with_members_added_since_the_plan_is_not_deleted(current):
    for desired, options in (
        ([{"name": "team", "state": "absent"}], {}),
        ([{"name": "board"}, {"name": "empty"}], {"unlisted_groups": "delete"}),
    ):
        step = one_step(None, desired, current, **options)
        assert step.precondition(group("team", "ann")) is None
        assert step.precondition(group("team", "ann", "cid", "eve")) == "it has new members: cid-id, eve-id"
        assert step.precondition(group("Team 2", "ann")) == "it was renamed to 'Team 2'"
    renamed = one_step(None, [{"name": "team", "new_display_name": "crew"}], current)
    assert renamed.precondition(group("team", "ann", "cid")) is None


def test_a_step_that_removes_nothing_has_no_precondition(current):
    desired = [{"user_name": "ann", "title": "x"}, {"user_name": "cid", "active": True}]
    groups = [{"name": "team", "membership": "exact", "members": {"users": ["cid"]}}, {"name": "new"}]
    assert [step.precondition for step in plan(desired, groups, current).steps] == [None] * 5


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ({}, None),
        ({"id": "bob-id"}, "the name now belongs to user bob-id, which was named 'bob'"),
        ({"userType": "guest"}, "it exists and is outside scope (user_type in staff)"),
        (
            {"groups": [{"display": "Domain Administrators"}]},
            "it exists and is protected (a member of Domain Administrators), and the desired state would disable it",
        ),
        ({"groups": [{"display": "Domain Administrators"}], "active": False}, None),
    ],
)  # fmt: skip
def test_users_that_a_create_may_adopt(current, now, reason):
    desired = [{"user_name": "new", "user_type": "staff", "active": False, "create": True}]
    step = one_step(desired, None, current, scope={"users": {"user_type": ["staff"]}})
    assert step.precondition(user("new", **{"userType": "staff", **now})) == reason
    if "groups" in now:
        present = one_step([{"user_name": "new"}], None, directory())
        assert present.precondition(user("new", **now)) is None


def nested_meanwhile(current, **more):
    """Return the current groups: team was nested into Domain Administrators after the plan was made."""
    return {**current.groups, "Domain Administrators-id": group("Domain Administrators", ADMIN, groups=("team",)), **more}


@pytest.mark.parametrize(
    "entry", [{"state": "absent"}, {"active": False}, {"new_user_name": "anna"}, {"external_id": "hr:7"}]
)
def test_a_user_whose_group_was_nested_meanwhile_is_protected(current, entry):
    """The ``groups`` of the user itself still show only team."""
    planned = plan([{"id": "ann-id", **entry}], None, current)
    (step,) = planned.steps
    fresh = {**current.users["ann-id"], "groups": [{"value": "team-id", "display": "team"}]}
    assert step.precondition(fresh) is None
    later = planned.preconditions.with_groups(nested_meanwhile(current))
    assert later.with_precondition(step).precondition(fresh) == "it is now protected: a member of Domain Administrators"
    # An administrator of the first read stays protected regardless of later reads.
    later = later.with_groups(current.groups)
    assert later.with_precondition(step).precondition({**fresh, "id": f"{ADMIN}-id"}) is not None


@pytest.mark.parametrize(
    ("now", "stale"),
    [
        ({}, {}),
        ({"team-id": None}, {"ann-id": "the group no longer exists", "board-id": "the group no longer exists"}),
        (
            {"team-id": group("other", "ann", "bob", groups=("board",))},
            dict.fromkeys(("ann-id", "board-id"), "the group was renamed to 'other' after the plan was made"),
        ),
        (
            {"Domain Administrators-id": group("Domain Administrators", ADMIN, groups=("team",))},
            dict.fromkeys(("ann-id", "board-id"), "the group is now protected: a member of Domain Administrators"),
        ),
        (
            {"Domain Administrators-id": group("Domain Administrators", ADMIN, "ann")},
            {"ann-id": "user 'ann' is now an administrator"},
        ),
        (
            {"Domain Administrators-id": group("Domain Administrators", ADMIN, groups=("board",))},
            {"board-id": "group 'board' is now an administrator"},
        ),
        ({"board-id": group("night watch")}, {"board-id": "group 'board' is now protected: named by protected_groups"}),
    ],
)
def test_stale_removals(now, stale):
    current = directory([user("ann"), user("bob")], [group("team", "ann", "bob", groups=("board",)), group("board")])
    desired = [{"name": "team", "membership": "exact", "members": {"users": ["bob"], "groups": []}}]
    planned = plan(None, desired, current, protected_groups=["night*"])
    (step,) = planned.steps
    assert planned.preconditions.stale_members(step) == {}  # without another read
    groups = {**current.groups, **now}
    later = planned.preconditions.with_groups({key: item for key, item in groups.items() if item is not None})
    assert later.stale_members(step) == stale


def test_a_group_with_a_new_administrator_in_it_is_not_deleted_by_rule(current):
    """An explicit declaration deletes it, as if it had the administrator from the beginning."""
    now = {**current.groups, "Domain Administrators-id": group("Domain Administrators", ADMIN, "ann")}
    for desired, options, reason in (
        ([{"name": "board"}, {"name": "empty"}], {"unlisted_groups": "delete"}, "it has members that are now administrators: ann-id"),
        ([{"name": "team", "state": "absent"}], {}, None),
    ):
        planned = plan(None, desired, current, **options)
        (step,) = planned.steps
        assert step.precondition(current.groups["team-id"]) is None
        later = planned.preconditions.with_groups(now)
        assert later.with_precondition(step).precondition(current.groups["team-id"]) == reason


# -- limits ------------------------------------------------------------------------------------------


def crowd(number=30):
    return directory(
        [user(f"u{i:02}") for i in range(number)],
        [group(f"g{i:02}", *(f"u{n:02}" for n in range(5))) for i in range(4)],
    )


@pytest.mark.parametrize(
    ("limit", "value", "desired", "allowed", "number"),
    [
        ("max_deletes", None, {"users": [{"user_name": f"u{i:02}", "state": "absent"} for i in range(11)]}, 10, 11),
        (
            "max_deletes",
            1,
            {"users": [{"user_name": "u00", "state": "absent"}], "groups": [{"name": "g00", "state": "absent"}]},
            1,
            2,
        ),
        ("max_deletes", "3%", {"users": [{"user_name": "u00", "state": "absent"}]}, 0, 1),  # of 31
        ("max_deletes", "10%", {"users": [{"user_name": f"u{i:02}", "state": "absent"} for i in range(4)]}, 3, 4),
        (
            "max_deletes",
            "20%",
            {"groups": [{"name": f"g{i:02}", "state": "absent"} for i in range(2)]},
            1,
            2,
        ),  # of 6 groups
        ("max_disables", None, {"users": [{"user_name": f"u{i:02}", "active": False} for i in range(11)]}, 10, 11),
        ("max_disables", 0, {"users": [{"user_name": "u00", "active_until": "2020-01-01"}]}, 0, 1),
        ("max_disables", "5%", {"users": [{"user_name": f"u{i:02}", "active": False} for i in range(2)]}, 1, 2),
        (
            "max_renames",
            None,
            {"users": [{"user_name": f"u{i:02}", "new_user_name": f"v{i:02}"} for i in range(11)]},
            10,
            11,
        ),
        (
            "max_renames",
            1,
            {"users": [{"id": "u00-id", "user_name": "x"}], "groups": [{"name": "g00", "new_display_name": "x"}]},
            1,
            2,
        ),
        ("max_updates", 2, {"users": [{"user_name": f"u{i:02}", "title": "x"} for i in range(3)]}, 2, 3),
        ("max_updates", "10%", {"users": [{"user_name": f"u{i:02}", "title": "x"} for i in range(4)]}, 3, 4),
        (
            "max_member_removals",
            4,
            {"groups": [{"name": "g00", "state": "absent"}]},
            4,
            5,
        ),  # a deleted group counts its members
        (
            "max_member_removals",
            3,
            {"groups": [{"name": "g00", "membership": "exact", "members": {"users": ["u00"]}}]},
            3,
            4,
        ),
        ("max_member_removals", "20%", {"groups": [{"name": "g00", "state": "absent"}]}, 4, 5),  # of 22 current members
    ],
)
def test_limits(limit, value, desired, allowed, number):
    (problem,) = problems(desired.get("users"), desired.get("groups"), crowd(), limits={limit: value})
    shown = f"{value} ({allowed})" if isinstance(value, str) else allowed
    assert problem.startswith(f"limits.{limit} is {shown}, but the plan ") and f"s {number} " in problem
    assert problem.endswith(". Raise the limit (-1: no limit) if this is intended")
    for enough in (number, -1):
        assert plan(desired.get("users"), desired.get("groups"), crowd(), limits={limit: enough}).changed


def test_the_limit_includes_unlisted_objects():
    (problem,) = problems([{"user_name": "u00"}], None, crowd(), unlisted_users="delete")
    assert "limits.max_deletes is 10, but the plan deletes 29 users: user 'u01', user 'u02'" in problem
    # The first twenty are named.
    assert "user 'u20', …" in problem and "u21" not in problem
    (problem,) = problems(
        [{"user_name": "u00"}], None, crowd(), unlisted_users="disable", limits={"max_disables": "50%"}
    )
    assert "limits.max_disables is 50% (15), but the plan disables 29 users" in problem
    found = problems(
        None,
        [{"name": "other"}],
        crowd(),
        unlisted_groups="delete",
        limits={"max_deletes": 3, "max_member_removals": 19},
    )
    assert [line.split(",")[0] for line in found] == [
        "limits.max_deletes is 3",
        "limits.max_member_removals is 19",
    ]
    assert "user 'u00' of group 'g00'" in found[1]


def test_limits_exclude_protected_objects():
    assert not problems(
        [{"user_name": "u00"}],
        None,
        crowd(),
        unlisted_users="delete",
        protected_users=["u*"],
        limits={"max_deletes": 0},
    )


def test_limits_exclude_memberships_of_deleted_users():
    current = directory([user("ann")], [group("team", "ann", *(f"gone{i}" for i in range(20)))])
    assert not problems(None, [{"name": "team", "state": "absent"}], current, limits={"max_member_removals": 1})


# -- reads that may be incomplete --------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["user", "group"])
def test_an_incomplete_read_prevents_destructive_changes(kind):
    unproven = directory(PEOPLE, TEAMS, {kind: "the service repeats its first page"})
    destructive = [
        ([{"user_name": "ann", "state": "absent"}], None, {}),
        (None, [{"name": "empty", "state": "absent"}], {}),
        (None, [{"name": "team", "membership": "exact", "members": {"users": ["ann"]}}], {}),
        ([{"user_name": "ann"}], None, {"unlisted_users": "disable"}),
        ([{"user_name": "ann"}], None, {"unlisted_users": "delete"}),
        (None, [{"name": "team"}], {"unlisted_groups": "delete"}),
    ]
    for users, groups, options in destructive:
        found = problems(users, groups, unproven, **options)
        assert any(
            f"could not be read completely ({kind}s: the service repeats its first page" in line for line in found
        ), (users, groups)
    harmless = (
        [{"user_name": "ann", "title": "x", "active": False}, {"user_name": "new"}],
        [{"name": "team", "members": {"users": ["new"]}}],
    )
    assert plan(*harmless, unproven).changed
    assert not plan(
        [{"user_name": "bob"}, {"user_name": "ann"}, {"user_name": "cid"}, NOT_ADMIN],
        None,
        unproven,
        unlisted_users="delete",
    ).changed


@pytest.mark.parametrize(
    ("administrators", "known"),
    [
        (None, False),  # the list does not show the group
        (group("Domain Administrators"), False),
        (group("Domain Administrators", ADMIN), True),
        (group("Domain Administrators", ADMIN, groups=("team",)), True),
        (group("Domain Administrators", ADMIN, groups=("hidden",)), False),
    ],
)
@pytest.mark.parametrize("desired", [{"active": False}, {"new_user_name": "anna"}])
def test_users_are_not_disabled_or_renamed_while_administrators_are_unknown(administrators, known, desired):
    def current(why):
        everyone = [user(ADMIN), user("ann")]
        groups = [group("team"), group("crew"), *([administrators] if administrators else [])]
        return Snapshot({item["id"]: item for item in everyone}, {item["id"]: item for item in groups}, {"group": why})

    desired = [{"user_name": "ann", **desired}, {"user_name": ADMIN, "title": "x"}]
    assert plan(desired, None, current(None)).changed
    assert plan(desired, None, current("it repeats itself"), protected_users=["boss"]).changed
    found = problems(desired, None, current("it repeats itself"))
    if known:
        assert found == []
    else:
        (problem,) = found
        assert problem.startswith("the plan would ") and "user 'ann'" in problem and ADMIN not in problem
        assert "not every administrator is known" in problem
        assert problem.endswith("(it repeats itself). List the accounts to protect in protected_users")
    harmless = [{"user_name": "ann", "title": "x", "active": True}, {"user_name": "new"}]
    assert plan(harmless, [{"name": "crew", "new_display_name": "c2"}], current("it repeats itself")).changed


# -- hash --------------------------------------------------------------------------------------------

DESIRED_STATE_USERS = [
    {
        "user_name": "ann",
        "title": "Doctor",
        "emails": [{"value": "a@x"}, {"value": "b@x", "type": "home"}],
        "attributes": {"roles": ["r1", "r2"]},
    },
    {"user_name": "bob", "active": False, "groups": ["board", "empty"]},
    {"user_name": "new", "password": "never-shown-1"},
    {"user_name": "new2", "groups": ["fresh"]},
    {"user_name": "cid", "state": "absent"},
]
DESIRED_STATE_GROUPS = [
    {"name": "team", "membership": "exact", "members": {"users": ["ann", "new"]}},
    {"name": "fresh", "members": {"users": ["ann", "bob"], "groups": ["empty", "team"]}},
]


def shuffle(value, chance):
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {name: shuffle(inner, chance) for name, inner in items}
    if isinstance(value, list):
        items = [shuffle(inner, chance) for inner in value]
        chance.shuffle(items)
        return items
    return value


@pytest.mark.parametrize("seed", range(10))
def test_the_hash_does_not_depend_on_any_order(seed):
    chance = random.Random(seed)
    people, teams = shuffle(copy.deepcopy(PEOPLE), chance), shuffle(copy.deepcopy(TEAMS), chance)
    planned = plan(shuffle(DESIRED_STATE_USERS, chance), shuffle(DESIRED_STATE_GROUPS, chance), directory(people, teams))
    straight = plan(DESIRED_STATE_USERS, DESIRED_STATE_GROUPS, directory(PEOPLE, TEAMS))
    assert warnings_of(planned) == warnings_of(straight)
    assert planned.sha256() == straight.sha256()
    assert planned.drift == straight.drift


def test_the_hash_differs_for_another_desired_state_and_another_directory():
    hashes = {plan(DESIRED_STATE_USERS, DESIRED_STATE_GROUPS, directory(PEOPLE, TEAMS)).sha256()}
    others = [
        (DESIRED_STATE_USERS[1:], DESIRED_STATE_GROUPS, PEOPLE, TEAMS),
        ([{**DESIRED_STATE_USERS[0], "title": "Surgeon"}, *DESIRED_STATE_USERS[1:]], DESIRED_STATE_GROUPS, PEOPLE, TEAMS),
        (DESIRED_STATE_USERS, [DESIRED_STATE_GROUPS[0], {"name": "fresh"}], PEOPLE, TEAMS),
        # The current value has changed.
        (DESIRED_STATE_USERS, DESIRED_STATE_GROUPS, [user("ann", title="Midwife", externalId="hr:1"), *PEOPLE[1:]], TEAMS),
        (DESIRED_STATE_USERS, DESIRED_STATE_GROUPS, PEOPLE, [group("team", "ann", "bob", "cid"), *TEAMS[1:]]),
        # A user was deleted and created again.
        (DESIRED_STATE_USERS, DESIRED_STATE_GROUPS, [{**PEOPLE[0], "id": "other"}, *PEOPLE[1:]], [group("team", "bob"), *TEAMS[1:]]),
        (DESIRED_STATE_USERS, DESIRED_STATE_GROUPS, PEOPLE, [{**TEAMS[0], "id": "other"}, group("board", "cid"), TEAMS[2]]),
    ]
    for users, groups, people, teams in others:
        hashes.add(plan(users, groups, directory(people, teams)).sha256())
    hashes.add(plan(DESIRED_STATE_USERS, DESIRED_STATE_GROUPS, directory(PEOPLE, TEAMS), default_group="DEFAULT_USER_GROUP").sha256())
    assert len(hashes) == 2 + len(others)


def test_the_hash_covers_members_of_a_deleted_group():
    desired = [{"name": "team", "state": "absent"}]
    hashes = [
        plan(None, desired, directory(PEOPLE, [group("team", *members, groups=groups), group("x", "cid")])).sha256()
        for members, groups in (
            (("ann",), ()),
            (("ann", "bob"), ()),
            (("bob", "ann"), ()),
            ((), ("ann",)),
            ((), ("x",)),
            ((), ()),
        )
    ]
    assert hashes[1] == hashes[2] and hashes[0] == hashes[3]
    assert len(set(hashes)) == 4


def test_changes_outside_the_plan_do_not_change_the_hash():
    """Others may change objects that are not in the plan."""
    straight = plan(DESIRED_STATE_USERS, DESIRED_STATE_GROUPS, directory(PEOPLE, TEAMS)).sha256()
    assert plan(DESIRED_STATE_USERS, DESIRED_STATE_GROUPS, directory([*PEOPLE, user("zoe")], TEAMS)).sha256() == straight
    assert (
        plan(DESIRED_STATE_USERS, DESIRED_STATE_GROUPS, directory([{**PEOPLE[0], "nickName": "x"}, *PEOPLE[1:]], TEAMS)).sha256()
        == straight
    )


def test_the_hash_covers_secrets_keyed_with_the_api_key_and_the_plan_shows_none():
    """Another password is another plan; without the key, the hash confirms no guess."""

    def with_passwords(new, ann, key=b"key", update="always"):
        desired = read_desired(
            [{"user_name": "new", "password": new}, {"user_name": "ann", "password": ann}],
            None,
            {"update_password": update},
        )
        planned = plan_directory(desired, directory(PEOPLE), rules(), key)
        assert "never-shown" not in json.dumps([planned.rows(), planned.drift])
        return planned

    one = with_passwords("never-shown-1", "never-shown-2")
    assert [row["changes"]["password"] for row in one.rows()] == [{"before": None, "after": HIDDEN}] * 2
    assert one.sha256() == with_passwords("never-shown-1", "never-shown-2").sha256()
    others = [
        with_passwords("never-shown-2", "never-shown-1"),
        with_passwords("never-shown-1", "never-shown-1"),
        with_passwords("never-shown-1", "never-shown-2", b"another key"),
    ]
    assert len({planned.sha256() for planned in (one, *others)}) == 4
    # A password that is not written is not part of the plan.
    created = [with_passwords("never-shown-1", ann, update="on_create").sha256() for ann in ("never-shown-2", "never-x")]
    assert created[0] == created[1]


# -- properties --------------------------------------------------------------------------------------

NAMES = st.sampled_from(["ann", "bob", "cid", "Ann", "dan"])
TEAM_NAMES = st.sampled_from(["team", "board", "crew"])
STATES = st.sampled_from(["present", "absent"])
USER_DESIRED_STATES = st.fixed_dictionaries(
    {"user_name": NAMES},
    optional={
        "state": STATES,
        "active": st.booleans(),
        "title": st.sampled_from(["", "Nurse", "Doctor"]),
        "new_user_name": NAMES,
        "external_id": st.sampled_from(["hr:1", "hr:2"]),
        "groups": st.lists(TEAM_NAMES, max_size=2),
        "active_until": st.sampled_from(["2026-06-14", "2026-06-16"]),
    },
)
GROUP_DESIRED_STATES = st.fixed_dictionaries(
    {"display_name": TEAM_NAMES},
    optional={
        "state": STATES,
        "new_display_name": TEAM_NAMES,
        "membership": st.sampled_from(["additive", "exact"]),
        "members": st.fixed_dictionaries(
            {}, optional={"users": st.lists(NAMES, max_size=3), "groups": st.lists(TEAM_NAMES, max_size=2)}
        ),
    },
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "unlisted_users": st.sampled_from(["keep", "disable", "delete"]),
        "unlisted_groups": st.sampled_from(["keep", "delete"]),
        "on_unknown_member": st.sampled_from(["fail", "ignore"]),
        "allow_empty": st.booleans(),
        "protected_users": st.just(["ann"]),
        "protected_groups": st.just(["board"]),
        "scope": st.sampled_from([{"users": {"user_name": ["a*", "b*"]}}, {"groups": {"display_name": ["t*"]}}]),
        "limits": st.just({"max_deletes": 1}),
        "match_users_by": st.sampled_from(["user_name", "external_id"]),
    },
)


@given(
    st.none() | st.lists(USER_DESIRED_STATES, max_size=4),
    st.none() | st.lists(GROUP_DESIRED_STATES, max_size=3),
    OPTIONS,
    st.randoms(use_true_random=False),
)
@PROPERTY
def test_any_desired_state(users, groups, options, chance):
    """A desired state is refused with readable lines, or its plan satisfies all invariants, in any order of the input."""
    current = directory(PEOPLE, TEAMS)
    desired = read_desired(users, groups, {"match_users_by": options.get("match_users_by")}, TODAY)
    try:
        planned = plan_directory(desired, current, rules(**copy.deepcopy(options)))
    except PlanRefused as refused:
        assert refused.problems and all(
            "\n" not in line and "_id" not in line.split("'")[0][:3] for line in refused.problems
        )
        return
    rows = planned.rows()
    steps = {step: place for place, step in enumerate(planned.steps)}
    assert all(steps[needed] < steps[step] for step in steps for needed in planned.needs.get(step, ()))
    ranks = [
        next(rank for rank, phase in enumerate(planned.phases) if any(step is other for other in phase))
        for step in planned.steps
    ]
    assert ranks == sorted(ranks)
    for row in rows:
        name = row["member"]["name"] if row["kind"] == "membership" else row["key"]
        if row["operation"] in ("delete", "disable", "rename", "remove"):
            assert name != ADMIN and row["key"] not in ("Users", "Domain Administrators")
            if "protected_users" in options and (
                row["kind"] == "user" or row["kind"] == "membership" and row["member"]["kind"] == "user"
            ):
                assert name != "ann"
            if "protected_groups" in options:
                assert row["key"] != "board"
        if "users" in options.get("scope", {}) and row["kind"] == "user":
            assert row["key"].lower()[0] in "ab"
        if "groups" in options.get("scope", {}) and row["kind"] != "user":
            assert row["key"].lower()[0] == "t"
    if "limits" in options:
        assert sum(row["operation"] == "delete" for row in rows) <= 1
    again = plan(
        shuffle(users, chance),
        shuffle(groups, chance),
        directory(shuffle(PEOPLE, chance), shuffle(TEAMS, chance)),
        **copy.deepcopy(options),
    )
    assert again.sha256() == planned.sha256()
    assert again.drift == planned.drift
    counts = planned.counts()
    assert sum(
        counts[kind][name] for kind in counts for name in counts[kind] if name not in ("unchanged", "failed")
    ) == len(rows)


STRICT = {"unlisted_users": "disable", "unlisted_groups": "delete", "allow_empty": True}


@pytest.mark.parametrize(
    ("users", "groups", "extra"),
    [
        # An entry without a name or an id could be about any object.
        ([{"user_name": "ann"}, {"title": "x"}], None, {"user": [], "group": []}),
        ([{"user_name": "ann"}, "bob"], None, {"user": [], "group": []}),
        ("ann", None, {"user": [], "group": []}),
        ([{"user_name": "ann"}, {"user_name": 5.5}], None, {"user": [], "group": []}),
        # An invalid entry with a name or an id is only about those objects.
        ([{"user_name": "ann", "titel": "x"}], None, {"user": ["bob"], "group": []}),
        ([{"user_name": "bob", "titel": "x", "id": "ann-id"}], None, {"user": [], "group": []}),
        (None, [{"members": {"users": ["ann"]}}], {"user": [], "group": []}),
        (None, [{"name": "team", "member": {}}], {"user": [], "group": ["board", "empty"]}),
    ],
)
def test_an_entry_that_cannot_be_identified_prevents_removals_by_rule(current, users, groups, extra):
    desired = read_desired(users, groups, {}, TODAY)
    options = {name: value for name, value in STRICT.items() if users is not None or name != "unlisted_users"}
    if groups is None:
        del options["unlisted_groups"]
    with pytest.raises(PlanRefused) as caught:
        plan_directory(desired, current, rules(**options))
    refused = caught.value.plan
    found = [row for row in refused.drift["extra"] if row["key"] != ADMIN]
    for kind, names in extra.items():
        assert [row["key"] for row in found if row["kind"] == kind] == names
    if not any(extra.values()):
        assert refused.rows() == []
    if desired.unreadable:
        assert refused.drift["unmanaged"] == []
    assert refused.approvable_sha256() is None


def test_users_of_an_ambiguous_entry_are_not_unlisted():
    current = directory([user("ann"), {**user("ANN"), "id": "other-id"}, user("bob")])
    with pytest.raises(PlanRefused) as caught:
        plan([{"user_name": "Ann"}], None, current, unlisted_users="delete")
    refused = caught.value.plan
    assert [row["key"] for row in refused.drift["extra"]] == ["bob"]
    assert [row["key"] for row in refused.drift["unresolved"]] == ["Ann"]
    assert refused.approvable_sha256() is None


def test_members_are_not_unlisted_if_a_user_could_not_be_read(current):
    """The entry of that user may name the group, and an exact group counts such users as listed."""
    groups = [{"name": "team", "membership": "exact", "members": {"users": ["ann"]}}]
    for users in ([{"title": "x"}], [{"user_name": "bob", "titel": "x", "groups": ["team"]}]):
        with pytest.raises(PlanRefused) as caught:
            plan(users, groups, current)
        assert caught.value.plan.rows() == []
        assert [row for row in caught.value.plan.drift["extra"] if row["kind"] == "membership"] == []


def test_a_plan_over_its_limits_keeps_its_hash(current):
    """The plan is complete: with higher limits the same plan is accepted."""
    with pytest.raises(PlanRefused) as caught:
        plan([], None, current, unlisted_users="delete", allow_empty=True, limits={"max_deletes": 0})
    assert caught.value.plan.approvable_sha256() == caught.value.plan.sha256()


def outcome(desired, current, given):
    """Return the content of a plan or its refusal, with the steps grouped by operation."""
    try:
        planned, found = plan_directory(desired, current, given), None
    except PlanRefused as refused:
        planned, found = refused.plan, refused.problems
    needs = {str(step.rows()): [other.rows() for other in needed] for step, needed in planned.needs.items()}
    phases = [[(step.rows(), step.before, step.after, step.option) for step in phase] for phase in planned.phases]
    return found, planned.sha256(), phases, planned.drift, planned.warnings, planned.counts(), needs


def plain(desired, given):
    """Return a desired state and rules as data that can be copied and compared."""
    entries = [
        {**vars(entry), "desired": {**vars(entry.desired), "resource": entry.desired.resource.kind}}
        for entry in [*(desired.users or []), *(desired.groups or [])]
    ]
    return entries, desired.problems, {name: value for name, value in vars(given).items() if name not in ("scope", "limits")}


DESIRED_STATES = st.tuples(
    st.none() | st.lists(USER_DESIRED_STATES, max_size=4), st.none() | st.lists(GROUP_DESIRED_STATES, max_size=3), OPTIONS
)


@given(DESIRED_STATES, DESIRED_STATES)
@PROPERTY
def test_plans_over_one_snapshot_are_equal_in_any_order(one, other):
    """A plan does not change the snapshot, the desired state, or the rules."""
    made = []
    for users, groups, options in (one, other):
        desired = read_desired(users, groups, {"match_users_by": options.get("match_users_by")}, TODAY)
        made.append((desired, rules(**copy.deepcopy(options))))
    shared = directory(copy.deepcopy(PEOPLE), copy.deepcopy(TEAMS))
    before = copy.deepcopy((shared.objects, [plain(desired, given) for desired, given in made]))
    alone = [outcome(desired, directory(copy.deepcopy(PEOPLE), copy.deepcopy(TEAMS)), given) for desired, given in made]
    for place in (0, 1, 0, 0, 1):
        assert outcome(made[place][0], shared, made[place][1]) == alone[place]
    assert (shared.objects, [plain(desired, given) for desired, given in made]) == before


def test_the_input_of_a_plan_cannot_be_changed(current):
    planned = plan([{"user_name": "ann", "title": "x"}], None, current)
    desired = read_desired([{"user_name": "ann"}], None, {}, TODAY)
    for thing, name in (
        (planned, "steps"),
        (planned.steps[0], "changes"),
        (planned.steps[0].desired, "values"),
        (desired, "users"),
        (desired.users[0], "broken"),
        (rules(), "default_group"),
        (planned.preconditions, "groups_now"),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, None)


def test_slim_keeps_the_attributes_that_plans_use():
    whole = user("ann", title="x", meta={"a": 1}, schemas=["s"], groups=[{"value": "g"}])
    whole["urn:scim:schemas:com_pingone:1.0"] = {
        "state": "ACTIVE",
        "accountId": "a",
        "lastModifiedTimeStamp": 7,
        "passwordExpired": True,
        "custom": 1,
    }
    kept = slim(whole)
    assert kept == {
        "id": "ann-id",
        "userName": "ann",
        "active": True,
        "title": "x",
        "urn:scim:schemas:com_pingone:1.0": {"lastModifiedTimeStamp": 7, "passwordExpired": True, "custom": 1},
    }
    assert "meta" in whole


@pytest.mark.parametrize(
    ("extension", "kept"),
    [({}, {"created": "2026-01-01T00:00:00Z"}), ({"createTimeStamp": 1}, None)],
)
def test_slim_keeps_one_time_of_the_creation(extension, kept):
    user = {"id": "a", "meta": {"created": "2026-01-01T00:00:00Z", "location": "x"}, "urn:scim:schemas:com_pingone:1.0": extension}
    assert slim(user).get("meta") == kept


def test_slim_accepts_any_shape():
    assert slim({"id": "a", "meta": {}, "urn:scim:schemas:com_pingone:1.0": "odd"}) == {
        "id": "a",
        "urn:scim:schemas:com_pingone:1.0": "odd",
    }


def test_the_default_group_of_new_users_is_not_deleted(current):
    assert problems(
        [{"user_name": "new"}], [{"name": "empty", "state": "absent"}], current, default_group="empty-id"
    ) == ["default_group: the plan deletes this group, but adds new users to it"]
    # without users to create, the group may be deleted
    assert problems(None, [{"name": "empty", "state": "absent"}], current, default_group="empty-id") == []


def test_renames_of_ambiguous_names_are_reported():
    twins = directory([user("ann"), user("Bob"), user("BOB")])
    found = problems(
        [{"user_name": "ann", "new_user_name": "cid"}, {"user_name": "bob", "new_user_name": "dan"}], None, twins
    )
    assert found == ["users[1] ('bob'): 2 users are named 'bob': BOB-id, Bob-id. Identify the object by its id"]


def test_an_invalid_entry_with_an_ambiguous_name_is_reported_as_invalid():
    twins = directory([user("Bob"), user("BOB")])
    (problem,) = problems([{"user_name": "bob", "title": ["x"]}], None, twins, unlisted_users="disable")
    assert problem.startswith("users[0] ('bob').title must be text")


def test_a_cycle_is_shown_with_the_groups_that_no_entry_names():
    current = directory([], [group("outer"), group("inner", groups=("outer",)), group("middle", groups=("inner",))])
    found = problems(None, [{"name": "outer", "members": {"groups": ["middle"]}}], current)
    assert found == ["groups[0] ('outer'): the group would be nested in itself: 'outer' > 'middle' > 'inner' > 'outer'"]


@pytest.mark.parametrize(
    ("entry", "warned"),
    [
        ({"user_name": "ann\u200b", "state": "absent"}, True),
        ({"user_name": "zoe", "state": "absent"}, False),
        ({"id": "no-such-id", "user_name": "ann\u200b", "state": "absent"}, False),  # the id selects one
    ],
)
def test_a_similar_name_is_not_removed(current, entry, warned):
    planned = plan([entry], None, current)
    assert warnings_of(planned) == []
    assert [warning for warning in planned.warnings if "'ann' (id ann-id) looks the same and was not removed" in warning] == planned.warnings
    assert len(planned.warnings) == warned


def test_undeclared_objects_are_not_removed_while_files_were_not_read(current):
    unread = "1 file was"
    (problem,) = problems([{"user_name": "ann"}], None, current, unlisted_users="disable", unread=unread, protected_users=[ADMIN])
    assert problem.startswith("src: the plan would disable user 'bob' because nothing declares them, but 1 file was not read.")
    assert problems([{"user_name": "ann", "title": "x"}], None, current, unread=unread) == []


def test_snapshot_finds_one_group(current):
    assert current.group("TEAM")["id"] == "team-id"
    assert current.group("teams") is None
