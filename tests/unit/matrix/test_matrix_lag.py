# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stale reads: within one task, and from one task to the next."""

from __future__ import annotations

import pytest
from matrix_world import WRITE_VERBS

# -- within one task -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("etag", ["none", "offered", "required"])
def test_a_rename_after_the_removal_of_members_does_not_add_them_again(world_of, etag):
    # A rename by PUT sends the members back as read, and that read is stale.
    world = world_of(stale_gets=2, patch_group_name="501", etag=etag)
    result = world.play.run(
        "p1_directory",
        groups=[
            {
                "display_name": "Beta",
                "new_display_name": "Beta 2",
                "membership": "exact",
                "members": {"users": ["u04@example.com"]},
            }
        ],
    )
    assert not result.get("failed"), result["msg"]
    assert world.play.members("Beta 2") == {world.model.user_id("u04@example.com")}


def test_an_update_after_the_removal_of_a_membership_does_not_add_it_again(world_of):
    # If the service applies the groups in the PUT of a user, stale groups would undo the removal.
    world = world_of(stale_gets=2, put_groups="applied")
    result = world.play.run(
        "p1_directory",
        users=[{"user_name": "dir-moved@example.com", "user_type": "moved"}],
        groups=[{"display_name": "Beta", "membership": "exact", "members": {"users": ["u04@example.com"]}}],
    )
    assert not result.get("failed"), result["msg"]
    assert world.play.members("Beta") == {world.model.user_id("u04@example.com")}
    assert world.play.users()["dir-moved@example.com"]["userType"] == "moved"


@pytest.mark.parametrize("put_body", ["full", "empty"])
def test_a_second_put_uses_the_version_of_the_first_although_reads_are_stale(world_of, put_body):
    # The first PUT does not clear the attribute, so a second one sends an empty value; its If-Match must be new.
    world = world_of(stale_gets=2, etag="required", put_omitted="kept", put_body=put_body)
    result = world.play.run("p1_user", user_name="ann@example.com", user_type="")
    assert not result.get("failed"), result["msg"]
    assert "userType" not in world.play.users()["ann@example.com"]


@pytest.mark.parametrize("lag", [2, 20])
def test_the_answer_of_a_put_is_trusted_over_a_stale_read(world_of, lag):
    # nick_name is not enabled, so the module reads the user again; that read shows the previous user_type.
    world = world_of(stale_gets=lag, enabled_attributes="default")
    options = {"user_name": "ann@example.com", "nick_name": "Ann", "user_type": "moved"}
    result = world.play.run("p1_user", on_ignored_attribute="warn", **options)
    assert not result.get("failed"), result["msg"]
    assert result["changed"]
    assert [text for text in result["warnings"] if "did not store nick_name." in text]
    assert world.play.users()["ann@example.com"]["userType"] == "moved"
    if lag == 2:
        assert result["user"]["user_type"] == "moved"


@pytest.mark.parametrize("module", ["p1_user", "p1_directory"])
def test_the_next_task_does_not_undo_a_recent_change(world_of, module):
    # Lists show the change and reads by id do not yet: a PUT of that read would enable the account again.
    world = world_of(stale_gets=2)
    world.play.run("p1_user", user_name="ann@example.com", active=False)
    desired = {"user_name": "ann@example.com", "user_type": "moved"}
    result = world.play.run(module, **(desired if module == "p1_user" else {"users": [desired]}))
    assert not result.get("failed"), result["msg"]
    ann = world.play.users()["ann@example.com"]
    assert (ann["active"], ann["userType"]) == (False, "moved")


def test_a_new_group_gets_members_although_versions_are_required_and_reads_are_stale(world_of):
    world = world_of(stale_gets=2, stale_lists=2, etag="required")
    result = world.play.run("p1_directory", groups=[{"display_name": "New", "members": {"users": ["ann@example.com"]}}])
    assert not result.get("failed"), result["msg"]
    assert world.play.members("New") == {world.model.user_id("ann@example.com")}


# -- from one task to the next -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [409, 400])
@pytest.mark.parametrize("words", ["errors", "empty"])
@pytest.mark.parametrize("lag", [1, 2, 3])
def test_a_new_user_that_lists_do_not_show_yet_is_found_when_its_create_is_refused(world_of, lag, status, words):
    world = world_of(stale_lists=lag, duplicate_user_status=status, error_body=words, user_filter="400")
    options = {"user_name": "late@example.com", "user_type": "late", "emails": [{"value": "late@example.com"}]}
    first = world.play.ok("p1_user", **options)
    second = world.play.run("p1_user", **options)
    assert not second.get("failed"), second["msg"]
    assert second["changed"] is False
    assert second["user"]["id"] == first["user"]["id"]
    held = [user["userName"] for user in world.service.dump()["users"].values()]
    assert held.count("late@example.com") == 1


def test_a_list_that_stays_stale_ends_in_a_failure_and_never_in_a_duplicate(world_of):
    world = world_of(stale_lists=50, user_filter="400")
    options = {"user_name": "late@example.com", "emails": [{"value": "late@example.com"}]}
    world.play.ok("p1_user", **options)
    second = world.play.fails("p1_user", **options)
    assert second["changed"] is False and "409" in second["msg"], second["msg"]


def test_the_id_of_the_answer_is_used_within_the_task(world_of):
    world = world_of(stale_lists=9, stale_gets=9)
    result = world.play.ok(
        "p1_user", user_name="late@example.com", groups=["Team"], emails=[{"value": "l@example.com"}]
    )
    assert result["user"]["id"] in world.play.members("Team")


def test_a_duplicate_group_is_not_detected_while_lists_are_stale(world_of):
    """The one duplicate that nothing prevents: two tasks, duplicate group names, and stale lists (see the guide)."""
    world = world_of(stale_lists=9, duplicate_group="allowed")
    assert world.play.ok("p1_group", display_name="Late")["changed"]
    assert world.play.ok("p1_group", display_name="Late")["changed"]
    world.catch_up()
    assert "2 groups are named 'Late'" in world.play.fails("p1_group", display_name="Late", state="absent")["msg"]


def test_a_service_with_unique_group_names_prevents_the_duplicate(world_of):
    world = world_of(stale_lists=2, duplicate_group="409")
    first = world.play.ok("p1_group", display_name="Late")
    second = world.play.ok("p1_group", display_name="Late")
    assert second["changed"] is False and second["group"]["id"] == first["group"]["id"]


def test_a_task_waits_for_a_delete_that_shows_late(world_of):
    world = world_of(stale_gets=2, stale_lists=2)
    assert world.play.ok("p1_user", user_name="leaver@example.com", state="absent")["changed"]
    again = world.play.ok("p1_user", user_name="leaver@example.com", state="absent")
    assert again["changed"] is False
    assert [entry["method"] for entry in again["sent"] if entry["method"] in WRITE_VERBS] == []


# -- lists that may be incomplete ----------------------------------------------------------------------------


def test_a_list_that_may_be_incomplete_warns_and_prevents_removals(world_of):
    world = world_of(
        start_index="ignored", total_results="page", max_page_size=5, user_filter="400", group_filter="400"
    )
    warning = "may be incomplete"
    options = {"user_name": "leaver@example.com", "state": "absent"}
    assert any(warning in text for text in world.play.ok("p1_user", check=True, **options)["warnings"])
    assert any(warning in text for text in world.play.ok("p1_group", check=True, display_name="Scope two")["warnings"])
    desired = {"users": [{"user_name": "new@example.com"}]}
    assert any(warning in text for text in world.play.ok("p1_directory", check=True, **desired)["warnings"])
    refused = world.play.fails("p1_directory", users=[{"user_name": "bea@example.com", "state": "absent"}])
    assert "could not be read completely" in refused["msg"]


def test_a_complete_list_does_not_warn(world):
    assert not world.play.ok("p1_user", user_name="noaccount@example.com", state="absent")["warnings"]
