# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test a directory as a document, and the document that restores the state before a plan."""

from __future__ import annotations

import json

import pytest
from desired_directories import ADMIN, TODAY, directory, group, plan, rules, user, warnings_of
from directory_strategies import PROPERTY, representations
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._documents.backup import backup_document
from ansible_collections.pingone.directory.plugins.module_utils._documents.export import directory_document
from ansible_collections.pingone.directory.plugins.module_utils._documents.writing import dump_document
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.lists import read_desired
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.planner import plan_directory
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.snapshot import Snapshot
from ansible_collections.pingone.directory.plugins.module_utils._plan.policy import Scope
from ansible_collections.pingone.directory.plugins.module_utils._scim.attributes import PINGONE_URN


def replanned_rows(document, current, settings=None, **options):
    """Return the rows that a document plans, passed through JSON, with every unlisted rule and exact memberships."""
    document = json.loads(dump_document(document, "json"))
    desired = read_desired(document["users"], document["groups"], settings or {"membership": "exact"}, TODAY)
    strict = rules(unlisted_users="delete", unlisted_groups="delete", limits={"max_deletes": 0}, **options)
    return warnings_of(plan_directory(desired, current, strict))


def test_a_document():
    current = directory(
        [
            user("bob", active=False, title="x", password="never-shown-1", groups=[{"value": "t"}], meta={"a": 1}),
            user("Ann"),
        ],
        [group("team", "bob", "Ann", groups=("crew",)), group("crew")],
    )
    document = directory_document(current, Scope())
    assert [item["user_name"] for item in document["users"]] == [ADMIN, "Ann", "bob"]
    assert document["users"][2] == {"user_name": "bob", "active": False, "title": "x", "create": True}
    assert document["groups"][0] == {"display_name": "crew", "members": {}}
    assert document["groups"][2] == {"display_name": "team", "members": {"users": ["Ann", "bob"], "groups": ["crew"]}}
    assert replanned_rows(document, current) == []
    with_ids = directory_document(current, Scope(), with_ids=True)
    assert [item["id"] for item in with_ids["users"]] == [f"{ADMIN}-id", "Ann-id", "bob-id"]
    assert all("id" in item for item in with_ids["groups"])
    assert replanned_rows(with_ids, current) == []


@pytest.mark.parametrize(
    ("membership", "members"),
    [
        ("exact", [{}, {"user_ids": ["x-id"], "groups": []}, {"users": ["Ann", "bob"], "groups": []}]),
        ("additive", [{}, {"user_ids": ["x-id"]}, {"users": ["Ann", "bob"]}]),
    ],
)
def test_groups_declare_their_membership(membership, members):
    """An exact membership manages only the given kinds, so both are written."""
    current = directory(
        [user("bob"), user("Ann"), user("x", userName="twin"), user("y", userName="twin")],
        [group("team", "bob", "Ann"), group("crew"), group("ids", "x")],
    )
    scope = Scope({"groups": {"display_name": ["team", "crew", "ids"]}})
    document = directory_document(current, scope, membership=membership)
    assert [(item["membership"], item["members"]) for item in document["groups"]] == [(membership, item) for item in members]
    assert replanned_rows(document, current, {"membership": "additive"}) == []


def test_login_times_are_omitted():
    current = directory(
        [user("ann", **{PINGONE_URN: {"state": "ACTIVE", "lastLoginTime": 1, "passwordExpired": True, "custom": 7}})]
    )
    (found,) = [item for item in directory_document(current, Scope())["users"] if item["user_name"] == "ann"]
    assert found == {"user_name": "ann", "active": True, "attributes": {PINGONE_URN: {"custom": 7}}}
    assert replanned_rows(directory_document(current, Scope()), current) == []


def test_scope():
    current = directory([user("eu-ann"), user("us-bob")], [group("eu-x", "us-bob"), group("us-y")])
    options = {"users": {"user_name": ["eu-*"]}, "groups": {"display_name": ["eu-*"]}}
    document = directory_document(current, Scope(options))
    assert [item["user_name"] for item in document["users"]] == ["eu-ann"]
    assert document["groups"] == [{"display_name": "eu-x", "members": {"users": ["us-bob"]}}]  # members are not limited by scope
    assert replanned_rows(document, current, scope=options) == []


@pytest.mark.parametrize(
    "names",
    [
        ("dup", "dup"),
        ("Ann", "ann"),
        ("Größe", "GRÖßE"),
        ("", ""),
        (" ", "x"),
        ("ann ", "ann"),
        ("a\nb", "a b"),
        ("null", "~"),
        ("0042", "42"),
    ],
)
def test_names_that_do_not_identify_an_object_need_ids(names):
    users = [{**user(name), "id": f"u{number}"} for number, name in enumerate(names)]
    groups = [{**group(name), "id": f"g{number}"} for number, name in enumerate(names)]
    groups.append(
        {
            **group("team"),
            "members": [
                {"value": item["id"], "type": kind}
                for kind, items in (("user", users), ("group", groups))
                for item in items
            ],
        }
    )
    current = directory(users, groups)
    assert replanned_rows(directory_document(current, Scope()), current) == []


def test_a_deleted_member_is_omitted():
    current = directory([user("ann")], [group("team", "ann", "gone")])
    assert directory_document(current, Scope())["groups"][1]["members"] == {"users": ["ann"]}


NAMES = st.sampled_from(["ann", "Ann", "bob", "x y", "null", "", " ", "a,b", "q\"uo'te", "ü"]) | st.text(max_size=4)


@given(
    st.lists(st.tuples(representations(), NAMES), max_size=4),
    st.lists(st.tuples(NAMES, st.sets(st.integers(0, 8), max_size=4)), max_size=4),
    st.booleans(),
)
@PROPERTY
def test_an_export_plans_no_changes(people, teams, with_ids):
    users, groups = {}, {}
    for number, (item, name) in enumerate(people):
        users[f"u{number}"] = {**item, "id": f"u{number}", "userName": name}
    ids = [*users, *(f"g{number}" for number in range(len(teams)))]
    for number, (name, members) in enumerate(teams):
        listed = [
            {"value": ids[member], "type": "user" if ids[member] in users else "group"}
            for member in members
            if member < len(ids)
        ]
        groups[f"g{number}"] = {"id": f"g{number}", "displayName": name, "members": listed}
    current = Snapshot(users, groups)
    assert (
        replanned_rows(directory_document(current, Scope(), with_ids), current, allow_empty=not users or not groups) == []
    )


# -- backup ------------------------------------------------------------------------------------------


def backup(users, groups, current, **options):
    planned = plan(users, groups, current, **options)
    return backup_document(planned, current)


def test_a_backup_contains_only_changed_objects():
    current = directory([user("ann"), user("bob")], [group("team", "ann"), group("crew", "bob")])
    assert backup(
        [{"user_name": "new"}, {"user_name": "ann"}], [{"name": "fresh", "members": {"users": ["ann"]}}], current
    ) == {"users": [], "groups": []}
    document = backup([{"user_name": "ann", "title": "x"}], [{"name": "team", "members": {"users": ["bob"]}}], current)
    assert document == {
        "users": [{"id": "ann-id", "user_name": "ann", "active": True, "title": ""}],
        "groups": [
            {
                "id": "team-id",
                "display_name": "team",
                "members": {"users": ["ann"], "groups": []},
                "membership": "exact",
            }
        ],
    }


def test_absent_values_are_written_as_empty():
    current = directory(
        [{"id": "a", "userName": "ann", "roles": {"x": {"y": 1}, "gone": 2}, "name": {"familyName": "Archer"}}]
    )
    desired = {
        "user_name": "ann",
        "active": False,
        "title": "t",
        "emails": [{"value": "a@x"}],
        "name": {"given_name": "Ann"},
        "enterprise": {"department": "d", "manager": {"manager_id": "m"}},
        "attributes": {"photos": ["p"], "roles": {"x": {"z": 2}, "w": 3, "gone": None}, PINGONE_URN: {"custom": 1}},
        "password_expired": True,
        "password": "never-shown-1",
    }
    (entry,) = backup([desired], None, current)["users"]
    assert entry == {
        "id": "a",
        "user_name": "ann",
        "active": True,
        "title": "",
        "emails": [],
        "name": {"family_name": "Archer", "given_name": ""},
        "enterprise": {"department": "", "manager": {"manager_id": ""}},
        "attributes": {
            "photos": None,
            "roles": {"x": {"y": 1, "z": None}, "w": None, "gone": 2},
            PINGONE_URN: {"custom": None},
        },
    }
    assert read_desired([entry], None, {}, TODAY).problems == []


def test_a_user_with_two_steps_is_backed_up_once():
    """The plan disables the user first and renames it when the name is released."""
    people = [{"id": "1", "userName": "ann"}, user("bob")]
    desired = [
        {"user_name": "ann", "new_user_name": "bob", "active": False, "title": "x"},
        {"user_name": "bob", "state": "absent"},
    ]
    current = directory(people)
    planned = plan(desired, None, current)
    assert [step.key for step in planned.steps] == ["ann", "bob", "ann"]
    document = backup_document(planned, current)
    assert document["users"][0] == {"id": "1", "user_name": "ann", "title": "", "active": True}


def test_deleted_objects_are_restored_by_name():
    current = directory(
        [user("ann", title="x"), user("bob")],
        [group("team", "ann", "bob", groups=("crew",)), group("crew", "ann"), group("Users", ADMIN, "ann", "bob")],
    )
    document = backup([{"user_name": "ann", "state": "absent"}], [{"name": "crew", "state": "absent"}], current)
    assert document["users"] == [{"user_name": "ann", "active": True, "title": "x"}]
    assert document["groups"] == [
        {"display_name": "crew", "members": {"users": ["ann"], "groups": []}, "membership": "exact"},
        {
            "id": "team-id",
            "display_name": "team",
            "members": {"users": ["ann", "bob"], "groups": ["crew"]},
            "membership": "exact",
        },
        # Every user joins it, and an exact membership removes none.
        {
            "id": "Users-id",
            "display_name": "Users",
            "members": {"users": ["ann"], "groups": []},
            "membership": "additive",
        },
    ]
    gone = directory([user("bob")], [group("team", "bob"), group("Users", ADMIN, "bob")])
    restored = read_desired(document["users"], document["groups"], {}, TODAY)
    assert warnings_of(plan_directory(restored, gone, rules())) == [
        "create user ann",
        "create group crew",
        "add crew: user ann",
        "add team: user ann",
        "add team: group crew",
        "add Users: user ann",
    ]


def test_renames_are_reverted():
    current = directory([user("ann"), user("bob")], [group("team", "ann", "bob")])
    document = backup(
        [{"user_name": "ann", "new_user_name": "anna"}],
        [{"name": "team", "new_display_name": "crew", "membership": "exact", "members": {"users": ["anna"]}}],
        current,
    )
    after = directory([{**user("anna"), "id": "ann-id"}, user("bob")], [{**group("crew", "ann"), "id": "team-id"}])
    desired = read_desired(document["users"], document["groups"], {}, TODAY)
    assert warnings_of(plan_directory(desired, after, rules())) == ["rename user anna", "rename group crew", "add team: user bob"]
