# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test users and groups whose name is missing, null or blank: results show the id as the name."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._scim.members import members_of
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER

USER_ID = "aaaaaaaa-0000-4000-8000-000000000001"
GROUP_ID = "bbbbbbbb-0000-4000-8000-000000000001"


@pytest.fixture(params=["blank", "null", "missing"])
def world(playground, request):
    """Return a directory with a user and a group without names, each with a member or group of the other kind."""
    playground.service.seed(
        users=[{"userName": " ", "id": USER_ID}, {"userName": "ann"}],
        groups=[
            {"displayName": "", "id": GROUP_ID, "members": ["ann", USER_ID]},
            {"displayName": "Staff", "members": [GROUP_ID, USER_ID]},
        ],
    )
    playground.service.configure(blank_name=request.param)
    return playground


@pytest.mark.parametrize("names", [[], [None], [""], [" "], ["\u3000"]])
def test_an_object_without_a_name_is_named_by_its_id(names):
    for resource, key in ((USER, "userName"), (GROUP, "displayName")):
        representation = {"id": "i", **dict(zip([key], names))}
        assert (resource.own_name(representation), resource.name_of(representation)) == ("", "i")
        assert resource.name_of({**representation, "id": 7}) == "7"
        assert resource.name_of({**representation, "id": None}) == ""
    members = members_of({"members": [{"value": "i", **dict(zip(["display"], names))}]}).values()
    assert [member.name for member in members] == ["i"]


def test_results_show_the_id(world):
    (group,) = world.ok("p1_group_info", id=GROUP_ID, effective=True)["groups"]
    assert group["display_name"] == GROUP_ID
    staff = world.ok("p1_group_info", display_name="Staff", resolve_names=True)["groups"][0]
    assert {member["name"] for member in staff["members"]} == {GROUP_ID, USER_ID}
    (user,) = world.ok("p1_user_info", id=USER_ID, effective=True)["users"]
    assert user["user_name"] == USER_ID
    assert {item["display_name"] for item in user["member_of"]} == {GROUP_ID, "Staff"}
    assert {item["display_name"] for item in user["effective_groups"]} == {GROUP_ID, "Staff"}
    assert USER_ID in {user["user_name"] for user in world.ok("p1_user_info")["users"]}


@pytest.mark.parametrize("folder", [False, True])
def test_exports_are_complete_and_plan_no_changes(world, tmp_path, folder):
    dest = str(tmp_path / "out") + ("/" if folder else ".yml")
    assert world.ok("p1_directory_export", dest=dest)["changed"]
    assert not folder or (tmp_path / "out" / "groups" / f"{GROUP_ID}.yml").is_file()
    again = world.ok("p1_directory", src=dest, unlisted_users="disable", unlisted_groups="delete")
    assert (again["changed"], again["plan"]) == (False, [])
    document = world.ok("p1_directory_info", with_ids=False)["directory"]
    staff = next(group for group in document["groups"] if group.get("display_name") == "Staff")
    assert staff["members"] == {"user_ids": [USER_ID], "group_ids": [GROUP_ID]}


@pytest.mark.parametrize(
    "module, options",
    [("p1_group", {"id": GROUP_ID}), ("p1_user", {"id": USER_ID})],
)
def test_objects_without_a_name_are_deleted_by_id(world, module, options):
    result = world.converge(module, state="absent", **options)
    assert options["id"] in result["diff"]["before_header"]


def test_plans_show_the_id(world, tmp_path):
    backup = tmp_path / "backup.yml"
    result = world.converge(
        "p1_directory",
        users=[{"user_name": "ann"}, {"user_name": "admin@example.com"}],
        groups=[{"display_name": "Staff", "members": {}, "membership": "exact"}],
        unlisted_users="delete",
        unlisted_groups="delete",
        allow_empty=True,
        backup=str(backup),
    )
    deleted = {(row["kind"], row["key"]) for row in result["plan"] if row["operation"] == "delete"}
    assert deleted == {("user", USER_ID), ("group", GROUP_ID)}
    text = backup.read_text(encoding="utf-8")
    assert f"user_name: {USER_ID}" in text
    assert f"display_name: {GROUP_ID}" in text


def test_members_are_added_and_removed(world):
    world.converge("p1_group_membership", group_id=GROUP_ID, users=["ann"], state="absent")
    result = world.converge("p1_group_membership", group="Staff", user_ids=[USER_ID], state="absent")
    assert result["removed"] == [{"id": USER_ID, "kind": "user", "name": USER_ID}]


def test_an_object_without_a_name_can_be_named(world):
    result = world.converge("p1_group", id=GROUP_ID, display_name="Named")
    assert result["group"]["display_name"] == "Named"
