# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads that lag behind writes: within one task, and from one task to the next."""

from __future__ import annotations

import pytest
from matrix_world import WRITE_VERBS

# -- within one task -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("etag", ["none", "offered", "required"])
def test_members_removed_do_not_come_back_with_the_rename_that_follows(world_of, etag):
    # A group that is renamed by PUT is sent back with its members as read, and that read is an old one.
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


def test_members_removed_do_not_come_back_with_the_update_of_the_user(world_of):
    # Where the service applies the groups of a user's PUT, groups as read would be those of before.
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
def test_a_second_put_knows_the_version_of_the_first_although_reads_lag(world_of, put_body):
    # The first PUT does not clear, so an empty value follows; its If-Match must not be the one of before.
    world = world_of(stale_gets=2, etag="required", put_omitted="kept", put_body=put_body)
    result = world.play.run("p1_user", user_name="ann@example.com", user_type="")
    assert not result.get("failed"), result["msg"]
    assert "userType" not in world.play.users()["ann@example.com"]


@pytest.mark.parametrize("lag", [2, 20])
def test_what_the_answer_of_a_put_shows_was_kept_although_reads_lag(world_of, lag):
    # nick_name is not enabled, so the user is read once more; that read shows user_type as it was before.
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
def test_what_a_task_did_a_moment_ago_is_not_undone_by_the_next(world_of, module):
    # Lists show it already, reads by id do not: sent back as read, the PUT would enable the account again.
    world = world_of(stale_gets=2)
    world.play.run("p1_user", user_name="ann@example.com", active=False)
    desired = {"user_name": "ann@example.com", "user_type": "moved"}
    result = world.play.run(module, **(desired if module == "p1_user" else {"users": [desired]}))
    assert not result.get("failed"), result["msg"]
    ann = world.play.users()["ann@example.com"]
    assert (ann["active"], ann["userType"]) == (False, "moved")


def test_a_group_made_a_moment_ago_takes_members_although_versions_are_demanded_and_reads_lag(world_of):
    world = world_of(stale_gets=2, stale_lists=2, etag="required")
    result = world.play.run("p1_directory", groups=[{"display_name": "New", "members": {"users": ["ann@example.com"]}}])
    assert not result.get("failed"), result["msg"]
    assert world.play.members("New") == {world.model.user_id("ann@example.com")}


# -- from one task to the next -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [409, 400])
@pytest.mark.parametrize("words", ["errors", "empty"])
@pytest.mark.parametrize("lag", [1, 2, 3])
def test_a_user_that_lists_do_not_show_yet_is_found_when_its_create_is_refused(world_of, lag, status, words):
    world = world_of(stale_lists=lag, duplicate_user_status=status, error_body=words, user_filter="400")
    options = {"user_name": "late@example.com", "user_type": "late", "emails": [{"value": "late@example.com"}]}
    first = world.play.ok("p1_user", **options)
    second = world.play.run("p1_user", **options)
    assert not second.get("failed"), second["msg"]
    assert second["changed"] is False
    assert second["user"]["id"] == first["user"]["id"]
    held = [user["userName"] for user in world.service.dump()["users"].values()]
    assert held.count("late@example.com") == 1


def test_a_list_that_lags_longer_than_is_waited_for_ends_in_a_refusal_and_never_in_a_double(world_of):
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


def test_a_twin_group_cannot_be_known_while_lists_lag(world_of):
    """The one double that nothing prevents: two tasks, a service that allows twins, and lists that lag (see the guide)."""
    world = world_of(stale_lists=9, duplicate_group="allowed")
    assert world.play.ok("p1_group", display_name="Late")["changed"]
    assert world.play.ok("p1_group", display_name="Late")["changed"]
    world.catch_up()
    assert "2 groups are named 'Late'" in world.play.fails("p1_group", display_name="Late", state="absent")["msg"]


def test_a_service_that_keeps_group_names_apart_prevents_the_twin(world_of):
    world = world_of(stale_lists=2, duplicate_group="409")
    first = world.play.ok("p1_group", display_name="Late")
    second = world.play.ok("p1_group", display_name="Late")
    assert second["changed"] is False and second["group"]["id"] == first["group"]["id"]


def test_a_delete_that_shows_late_is_waited_for(world_of):
    world = world_of(stale_gets=2, stale_lists=2)
    assert world.play.ok("p1_user", user_name="leaver@example.com", state="absent")["changed"]
    again = world.play.ok("p1_user", user_name="leaver@example.com", state="absent")
    assert again["changed"] is False
    assert [entry["method"] for entry in again["sent"] if entry["method"] in WRITE_VERBS] == []


# -- lists that cannot be proven complete --------------------------------------------------------------------


def test_a_list_in_doubt_warns_and_nothing_is_removed_after_it(world_of):
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
