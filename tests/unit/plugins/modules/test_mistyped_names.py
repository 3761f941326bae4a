# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test mistyped and similar names: none creates an account by mistake, and none keeps access without a warning."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.both_doors

NFC = "Zo\u00eb"
NFD = "Zoe\u0308"
NO_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def corp(playground):
    playground.service.seed(
        users=[{"userName": "bliskov"}, {"userName": NFC}, {"userName": "ann"}],
        groups=[{"displayName": "Platform", "members": ["bliskov", "ann", NFC]}, {"displayName": "Ops Team"}],
    )
    return playground


def has(result, *words):
    return any(all(word in warning for word in words) for warning in result["warnings"])


# -- create ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "options", "hint"),
    [
        ("p1_user", {"user_name": "bliskvo", "active": False}, "Did you mean 'bliskov'?"),
        ("p1_user", {"user_name": "bliskvo", "new_user_name": "lis"}, "Did you mean 'bliskov'?"),
        ("p1_user", {"user_name": "bliskvo", "active": False, "title": "x", "groups": ["Platform"]}, "Did you mean"),
        ("p1_user", {"user_name": "new", "name": {"given_name": "N"}, "create": False}, "create is false"),
        ("p1_user", {"user_name": "new", "create": False}, "create is false"),
        ("p1_group", {"name": "Platfrom", "new_display_name": "Site"}, "Did you mean 'Platform'?"),
        ("p1_group", {"name": "Platfrom", "create": False}, "Did you mean 'Platform'?"),
    ],
)
def test_a_missing_object_is_not_created(corp, module, options, hint):
    before = corp.service.dump()
    failed = corp.fails(module, **options)
    assert "does not exist" in failed["msg"] or "do not exist" in failed["msg"]
    assert hint in failed["msg"] and "create" in failed["msg"]
    assert failed["changed"] is False
    checked = corp.ok(module, check=True, **options)
    assert checked["changed"] is False
    assert has(checked, "exist", "an earlier task may create missing objects")
    assert corp.service.dump() == before


@pytest.mark.parametrize(
    "options",
    [
        {"user_name": "new"},
        {"user_name": "new", "active": True},
        {"user_name": "new", "active": False, "create": True},
        {"user_name": "new", "new_user_name": "newer", "create": True},
        {"user_name": "new", "active": False, "external_id": "1"},
        {"user_name": "new", "active": False, "emails": [{"value": "n@example.org"}]},
        {"user_name": "new", "new_user_name": "newer", "name": {"family_name": "N"}},
    ],
)
def test_a_missing_user_is_created(corp, options):
    corp.converge("p1_user", **options)


def test_an_entry_of_p1_directory_that_only_disables_is_not_created(corp):
    document = {
        "users": [{"user_name": "bliskvo", "active": False, "groups": ["Ops Team"]}, {"user_name": "new"}],
        "groups": [{"display_name": "Platfrom", "new_display_name": "Site"}],
    }
    done = corp.ok("p1_directory", **document)
    assert set(corp.users()) == {"admin@example.com", "bliskov", "ann", NFC, "new"}
    assert "Site" not in corp.groups() and not corp.members("Ops Team")
    unresolved = sorted((row["kind"], row["key"]) for row in done["drift"]["unresolved"])
    assert unresolved == [("group", "Platfrom"), ("user", "bliskvo")]
    assert has(done, "user 'bliskvo' does not exist", "Did you mean 'bliskov'?")
    assert has(done, "group 'Platfrom' and group 'Site' do not exist", "Did you mean 'Platform'?")
    again = corp.ok("p1_directory", **document)
    assert again["changed"] is False
    document["users"][0]["create"] = True
    done = corp.ok("p1_directory", **document)
    assert corp.users()["bliskvo"]["active"] is False and corp.members("Ops Team")


def test_a_member_that_no_entry_creates_is_unknown(corp):
    document = {
        "users": [{"user_name": "bliskvo", "active": False}],
        "groups": [{"display_name": "Platform", "members": {"users": ["bliskvo"]}}],
    }
    failed = corp.fails("p1_directory", **document)
    assert "members.users: user 'bliskvo' does not exist. Did you mean 'bliskov'?" in failed["msg"]


def test_an_exported_disabled_user_without_attributes_can_be_created_again(corp):
    corp.ok("p1_user", user_name="ann", active=False)
    users = corp.ok("p1_directory_info")["directory"]["users"]
    assert [user for user in users if user["user_name"] == "ann"] == [
        {"user_name": "ann", "active": False, "create": True}
    ]
    assert corp.ok("p1_directory", users=users)["changed"] is False
    corp.ok("p1_user", user_name="ann", state="absent")
    corp.ok("p1_directory", users=users)
    assert corp.users()["ann"]["active"] is False


# -- removals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ann\u200b", "ann\u00a0", "a nn", "\ufeffann"])
def test_removing_a_similar_user_name_warns(corp, name):
    for module, options in (
        ("p1_user", {"user_name": name, "state": "absent"}),
        ("p1_directory", {"users": [{"user_name": name, "state": "absent"}]}),
    ):
        done = corp.ok(module, **options)
        assert done["changed"] is False and "ann" in corp.users()
        assert has(done, "'ann'", corp.users()["ann"]["id"], "looks the same and was not removed"), done["warnings"]


@pytest.mark.parametrize("name", ["OpsTeam", "Ops\u00a0Team", "Ops  Team"])
def test_removing_a_similar_group_name_warns(corp, name):
    for module, options in (
        ("p1_group", {"name": name, "state": "absent"}),
        ("p1_directory", {"groups": [{"display_name": name, "state": "absent"}]}),
    ):
        done = corp.ok(module, **options)
        assert done["changed"] is False and "Ops Team" in corp.groups()
        assert has(done, "'Ops Team'", "looks the same and was not removed"), done["warnings"]


def test_removing_a_name_similar_to_a_stored_one_warns(playground):
    playground.service.seed(users=[{"userName": "ann\u200b"}])
    done = playground.ok("p1_user", user_name="ann", state="absent")
    assert has(done, "user 'ann\\u200b'") or has(done, "'ann\\u200b'", "looks the same")


@pytest.mark.parametrize("name", [NFD, f" {NFC} ", NFC.upper()])
def test_a_name_in_another_normalization_is_removed(corp, name):
    done = corp.ok("p1_user", user_name=name, state="absent")
    assert done["changed"] is True and NFC not in corp.users()


def test_removing_absent_objects_does_not_warn(corp):
    for name in ("bob", "ann2", "annie"):
        assert corp.ok("p1_user", user_name=name, state="absent")["warnings"] == []
    assert corp.ok("p1_group", name="Platform2", state="absent")["warnings"] == []


@pytest.mark.parametrize(
    ("listed", "hint"),
    [
        ({"users": ["bliskvo"]}, "Did you mean 'bliskov'?"),
        ({"users": ["ann\u200b"]}, "Did you mean 'ann'?"),
        ({"groups": ["OpsTeam"]}, "Did you mean 'Ops Team'?"),
        ({"users": ["noaccount", "noone"]}, "2 listed members do not exist"),
        ({"user_ids": [NO_ID]}, f"user_ids: user '{NO_ID}' does not exist"),
        ({"group_ids": [NO_ID], "users": ["ann2"]}, f"2 listed members do not exist: user 'ann2', group '{NO_ID}'"),
    ],
)
def test_removing_an_unknown_member_warns(corp, listed, hint):
    before = corp.members("Platform")
    options = {"group": "Platform", "state": "absent", **listed}
    for check in (True, False):
        done = corp.ok("p1_group_membership", check=check, **options)
        assert done["changed"] is False
        assert has(done, hint), done["warnings"]
    assert corp.ok("p1_group_membership", on_unknown_member="ignore", **options)["warnings"] == []
    failed = corp.fails("p1_group_membership", on_unknown_member="fail", **options)
    assert hint in failed["msg"]
    assert corp.members("Platform") == before


def test_removing_members_of_an_unknown_group_warns(corp):
    done = corp.ok("p1_group_membership", group="Platfrom", users=["ann"], state="absent")
    assert done["changed"] is False
    assert has(done, "group 'Platfrom' does not exist", "Did you mean 'Platform'?")


def test_adding_an_unknown_member_fails_and_names_similar_ones(corp):
    for state in ("present", "exact"):
        failed = corp.fails("p1_group_membership", group="Platform", users=["bliskvo", "ann"], state=state)
        assert "users: user 'bliskvo' does not exist. Did you mean 'bliskov'?" in failed["msg"]
    failed = corp.fails("p1_user", user_name="ann", groups=["Platfrom"])
    assert "groups: group 'Platfrom' does not exist. Did you mean 'Platform'?" in failed["msg"]


# -- names with invisible characters -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bob ", " bob", "bob\u200b", "b\u00a0ob", "bob\t", "bob\x07"])
def test_a_name_with_invisible_characters_is_refused_on_create_and_rename(corp, name):
    before = corp.service.dump()
    for module, options in (
        ("p1_user", {"user_name": name}),
        ("p1_user", {"user_name": "ann", "new_user_name": name}),
        ("p1_group", {"name": name}),
        ("p1_group", {"name": "Platform", "new_display_name": name}),
        ("p1_directory", {"users": [{"user_name": name}]}),
        ("p1_directory", {"groups": [{"display_name": "Platform", "new_display_name": name}]}),
    ):
        for check in (True, False):
            failed = corp.fails(module, check=check, **options)
            assert "contains" in failed["msg"] and "\\" in failed["msg"], failed["msg"]
    assert corp.service.dump() == before


@pytest.mark.parametrize("name", ["bob\u200b", "bob "])
def test_an_existing_object_with_invisible_characters_is_found_by_exact_name_and_id(playground, name):
    playground.service.seed(users=[{"userName": name}, {"userName": "bob"}])
    user_id = playground.users()[name]["id"]
    playground.converge("p1_user", user_name=name, title="x")
    playground.converge("p1_user", id=user_id, title="y")
    assert playground.users()[name]["title"] == "y" and not playground.users()["bob"].get("title")
    playground.converge("p1_user", id=user_id, user_name=name, new_user_name="rob")
    assert set(playground.users()) == {"admin@example.com", "bob", "rob"}


# -- values that are not names -------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [True, False, 1.1, ["x"], {"a": "b"}], ids=repr)
@pytest.mark.parametrize(
    ("module", "option", "options"),
    [
        ("p1_user", "user_name", {}),
        ("p1_user", "new_user_name", {"user_name": "ann"}),
        ("p1_user", "external_id", {"user_name": "ann"}),
        ("p1_user", "title", {"user_name": "ann"}),
        ("p1_group", "display_name", {}),
        ("p1_group", "name", {}),
        ("p1_group_membership", "group", {"users": ["ann"]}),
        ("p1_user_info", "user_name", {}),
        ("p1_group_info", "display_name", {}),
    ],
)
def test_a_value_that_is_not_a_string_is_not_a_name(corp, module, option, options, value):
    before = corp.service.dump()
    failed = corp.fails(module, **{**options, option: value})
    assert f"{'display_name' if option == 'name' else option} must be text, not " in failed["msg"]
    assert ("write it in quotes" in failed["msg"]) == (not isinstance(value, (list, dict)))
    assert corp.service.dump() == before


def test_booleans_in_lists_and_dictionaries_are_not_names(corp):
    failed = corp.fails("p1_user", user_name="ann", groups=["Platform", True])
    assert "groups[1] must be text, not true or false: write it in quotes" in failed["msg"]
    failed = corp.fails("p1_group_membership", group="Platform", users=[True])
    assert "users[0] must be text, not true or false: write it in quotes" in failed["msg"]
    failed = corp.fails("p1_directory", users=[{"user_name": True}])
    assert "users[0].user_name must be text, not true or false: write it in quotes" in failed["msg"]
    failed = corp.fails("p1_user", user_name="ann", name={"given_name": True})
    assert "given_name must be text, not true or false: write it in quotes" in failed["msg"]


def test_an_integer_becomes_a_string(corp):
    corp.converge("p1_user", user_name=815)
    assert "815" in corp.users()


def test_a_string_for_a_list_is_one_name(playground):
    playground.service.seed(users=[{"userName": "a,b"}], groups=[{"displayName": "Sales,EMEA"}])
    playground.converge("p1_user", user_name="a,b", groups="Sales,EMEA")
    assert len(playground.members("Sales,EMEA")) == 1
    playground.converge("p1_group_membership", group="Sales,EMEA", users="a,b", state="absent")
    assert not playground.members("Sales,EMEA")
    playground.ok("p1_directory", users=[{"user_name": "a,b", "groups": "Sales,EMEA"}], protected_groups="x,y")
    assert len(playground.members("Sales,EMEA")) == 1
