# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test ids in any case, numeric ids, and members that the service returns without a type (rule 12)."""

from __future__ import annotations

import pytest

from emulator import Settings

USERS = [f"u{number}" for number in range(12)]


def seed(directory, team=("u0", "u1", "Inner")):
    seeded = directory.service.seed(
        users=[{"userName": name, "externalId": str(800 + number)} for number, name in enumerate(USERS)],
        groups=[{"displayName": "Inner", "members": ["u2"]}, {"displayName": "Team", "members": list(team)}],
    )
    directory.ids = {**seeded["users"], **seeded["groups"]}
    return directory


def names(directory, group="Team"):
    by_id = {value: name for name, value in directory.ids.items()}
    return sorted(by_id[member_id] for member_id in directory.members(group))


def listed(result):
    return [entry for entry in result["sent"] if entry["path"] in ("/directory/user", "/directory/group")]


# -- members without a type ------------------------------------------------------------------------


@pytest.fixture
def untyped(directory):
    """Return a service that returns members without a type and ignores filters and paging of groups."""
    directory.service.configure(member_type="none", group_filter="ignored")
    return directory


def test_an_exact_list_of_users_keeps_nested_groups(untyped):
    seed(untyped)
    result = untyped.converge("p1_group_membership", group="Team", users=["u0"], state="exact")
    assert [(member["kind"], member["id"]) for member in result["removed"]] == [("user", untyped.ids["u1"])]
    assert names(untyped) == ["Inner", "u0"]


def test_an_exact_list_of_groups_keeps_the_users(untyped):
    seed(untyped)
    untyped.converge("p1_group_membership", group="Team", groups=[], state="exact", allow_empty=True)
    assert names(untyped) == ["u0", "u1"]


def test_exact_lists_of_both_kinds_remove_all_others(untyped):
    seed(untyped)
    untyped.converge("p1_group_membership", group="Team", users=["u0"], groups=[], state="exact")
    assert names(untyped) == ["u0"]


def test_kinds_of_many_members_without_a_type_come_from_the_lists(untyped):
    seed(untyped, team=[*USERS, "Inner"])
    result = untyped.ok("p1_group_membership", group="Team", users=["u0"], state="exact")
    assert len(result["removed"]) == len(USERS) - 1
    assert names(untyped) == ["Inner", "u0"]
    assert not [entry for entry in result["sent"] if entry["path"].startswith("/directory/user/")]


def test_a_member_of_unknown_kind_is_kept_with_a_warning(untyped):
    gone = "99999999-0000-4000-8000-000000000099"
    seed(untyped, team=["u0", {"value": gone, "type": "group"}])
    result = untyped.ok("p1_group_membership", group="Team", users=["u1"], state="exact")
    assert [member["id"] for member in result["removed"]] == [untyped.ids["u0"]]
    assert gone in " ".join(result["warnings"])
    assert gone in untyped.members("Team")


def test_a_kind_is_determined_although_lists_have_no_paging(untyped):
    seed(untyped)
    untyped.service.configure(start_index="ignored", total_results="page", max_page_size=2)
    group_id = untyped.ids["Team"]
    untyped.ok("p1_group_membership", group_id=group_id, user_ids=[untyped.ids["u0"]], state="exact")
    assert names(untyped) == ["Inner", "u0"]


@pytest.mark.parametrize("member_type", ["lower", "none"])
def test_results_and_effective_paths_contain_kinds(directory, member_type):
    directory.service.configure(member_type=member_type)
    seed(directory)
    group = directory.ok("p1_group_info", display_name="Team", effective=True)["groups"][0]
    kinds = {member["id"]: member["kind"] for member in group["members"]}
    assert kinds == {directory.ids["u0"]: "user", directory.ids["u1"]: "user", directory.ids["Inner"]: "group"}
    inherited = {member["id"]: member for member in group["effective_members"]}
    assert inherited[directory.ids["u2"]]["kind"] == "user"
    assert inherited[directory.ids["u2"]]["path"] == ["Team", "Inner"]
    user = directory.ok("p1_user_info", user_name="u2", effective=True)["users"][0]
    assert ["Team", "Inner"] in [group["path"] for group in user["effective_groups"]]
    removed = directory.ok("p1_group", display_name="Team", state="absent")["group"]["members"]
    assert {member["id"]: member["kind"] for member in removed} == kinds


def test_p1_directory_keeps_nested_groups_of_an_exact_list_of_users(untyped):
    seed(untyped)
    untyped.converge("p1_directory", groups=[{"display_name": "Team", "members": {"users": ["u0"]}, "membership": "exact"}])
    assert names(untyped) == ["Inner", "u0"]


# -- ids in uppercase ------------------------------------------------------------------------------


@pytest.fixture
def upper(directory):
    """Return a service that returns the ids of members in uppercase."""
    directory.service.configure(member_ids="upper")
    return seed(directory)


@pytest.mark.parametrize("how", ["users", "user_ids"])
def test_a_member_with_an_uppercase_id_is_removed(upper, how):
    text = "u0" if how == "users" else upper.ids["u0"]
    result = upper.converge("p1_group_membership", group="Team", state="absent", **{how: [text]})
    assert len(result["removed"]) == 1
    assert names(upper) == ["Inner", "u1"]


def test_an_exact_list_is_idempotent(upper):
    upper.converge("p1_group_membership", group="Team", users=["u1", "u3"], groups=["Inner"], state="exact")
    assert names(upper) == ["Inner", "u1", "u3"]
    upper.converge("p1_group_membership", group="Team", user_ids=[upper.ids["u3"].upper()], state="exact")
    assert names(upper) == ["Inner", "u3"]


def test_a_cycle_is_detected(upper):
    assert "in itself" in upper.fails("p1_group_membership", group="Inner", groups=["Team"])["msg"]
    result = upper.fails("p1_directory", groups=[{"display_name": "Inner", "members": {"groups": ["Team"]}}])
    assert "in itself" in result["msg"]


def test_effective_members_are_found_through_uppercase_ids(upper):
    group = upper.ok("p1_group_info", display_name="Team", effective=True, resolve_names=True)["groups"][0]
    assert {member["name"] for member in group["effective_members"]} == {"u0", "u1", "u2", "Inner"}
    user = upper.ok("p1_user_info", user_name="u2", effective=True)["users"][0]
    assert {group["display_name"] for group in user["effective_groups"]} == {"Inner", "Team"}


def test_p1_user_recognizes_an_existing_membership(upper):
    assert not upper.ok("p1_user", user_name="u0", groups=["Team"])["changed"]


def test_p1_directory_accepts_ids_in_any_case(upper):
    entry = {
        "display_name": "Team",
        "id": upper.ids["Team"].upper(),
        "members": {"user_ids": [upper.ids["u1"].upper(), upper.ids["u3"].upper()], "group_ids": []},
        "membership": "exact",
    }
    result = upper.converge("p1_directory", users=[{"id": upper.ids["u5"].upper(), "title": "Boss"}], groups=[entry])
    assert result["counts"]["membership"]["added"] == 1
    assert result["counts"]["membership"]["removed"] == 2
    assert names(upper) == ["u1", "u3"]
    upper.converge("p1_user", id=upper.ids["u5"].upper(), title="Chief")


def test_administrators_with_uppercase_ids_are_protected(upper):
    result = upper.fails("p1_directory", users=[{"user_name": "admin@example.com", "state": "absent"}])
    assert "Domain Administrators" in result["msg"]
    result = upper.ok(
        "p1_directory", users=[{"user_name": name} for name in USERS], unlisted_users="delete", limits={"max_deletes": "-1"}
    )
    assert [row["key"] for row in result["drift"]["protected"]] == ["admin@example.com"]
    assert "admin@example.com" in upper.users()


# -- numeric ids -----------------------------------------------------------------------------------


@pytest.fixture
def numbers(directory):
    """Return a service whose ids are numbers, and which returns a numeric externalId as a number."""
    directory.service.reset(Settings(id_type="number"))
    return seed(directory)


def test_a_numeric_id_becomes_a_string(numbers):
    user = numbers.ok("p1_user_info", user_name="u1")["users"][0]
    assert user["id"] == numbers.ids["u1"]
    assert user["external_id"] == "801"
    assert {group["id"] for group in user["member_of"]} == {numbers.ids["Team"]}
    assert numbers.converge("p1_user", id=numbers.ids["u1"], title="Boss")["user"]["id"] == numbers.ids["u1"]
    assert not numbers.ok("p1_user", user_name="u1", external_id="801")["changed"]
    found = numbers.ok("p1_user", external_id="801", match_by="external_id")
    assert found["user"]["user_name"] == "u1"


def test_members_with_numeric_ids(numbers):
    numbers.converge("p1_group_membership", group="Team", users=["u3"], user_ids=[numbers.ids["u0"]], state="exact")
    assert names(numbers) == ["Inner", "u0", "u3"]
    numbers.converge("p1_group", display_name="Team", new_display_name="Crew")
    assert names(numbers, "Crew") == ["Inner", "u0", "u3"]


def test_a_directory_with_numeric_ids(numbers):
    exported = numbers.ok("p1_directory_info")["directory"]
    assert not numbers.ok("p1_directory", **exported)["changed"]
    new = {"user_name": "new", "external_id": "815", "groups": ["Team"]}
    numbers.converge("p1_directory", users=[new], default_group=numbers.ids["Inner"])
    assert numbers.users()["new"]["id"] in numbers.members("Team")
    result = numbers.fails("p1_user", user_name="other", external_id="815")
    assert "'815'" in result["msg"]


def test_a_numeric_group_id_is_a_default_group(numbers):
    numbers.converge("p1_user", user_name="new", default_group=numbers.ids["Inner"])
    assert numbers.users()["new"]["id"] in numbers.members("Inner")
