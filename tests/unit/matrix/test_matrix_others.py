# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another client is active at the same time: between our requests it changes, removes or creates objects."""

from __future__ import annotations

import pytest
from matrix_world import WRITE_VERBS

ANN = "ann@example.com"
ETAGS = ["none", "offered", "required"]
VERSIONS = ["offered", "required"]


OTHERS = []


@pytest.fixture(autouse=True)
def require_actions_of_others():
    """Fail a test in which another client never acted: it would show nothing."""
    OTHERS.clear()
    yield
    assert all(other.acted for other in OTHERS)


class Other:
    """Another client, which acts after one request (or each request) of a kind.

    :param number: the number of the first such request.
    """

    def __init__(self, world, method, path, act, number=1, always=False, phase="after"):
        self.left = number
        self.acted = 0
        OTHERS.append(self)

        def hook(service, met, where, when):
            if met != method or when != phase or not where.startswith(path):
                return
            self.left -= 1
            if self.left == 0 or (always and self.left < 0):
                self.acted += 1
                act(service.store)

        world.service.on_request(hook)


def change(user_id, **attributes):
    """Return an action of another client that changes attributes of a user."""

    def act(store):
        user = store.get_user(user_id)
        user.pop("groups")
        store.put_user({**user, **attributes})

    return act


def between_get_and_put(world, user_id, act, **more):
    return Other(world, "GET", f"/directory/user/{user_id}", act, **more)


# -- users ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [412, 409])
@pytest.mark.parametrize("etag", VERSIONS)
def test_another_attribute_changed_between_get_and_put_survives_with_versions(world_of, etag, status):
    world = world_of(etag=etag, etag_conflict_status=status)
    ann = world.model.user_id(ANN)
    other = between_get_and_put(world, ann, change(ann, title="Chief"))
    result = world.play.ok("p1_user", user_name=ANN, user_type="ours")
    held = world.service.dump()["users"][ann]
    assert (held["title"], held["userType"]) == ("Chief", "ours")
    assert result["changed"] and other.acted == 1


def test_another_attribute_changed_before_our_fresh_get_survives_without_versions(world):
    """Without versions the window is between the last GET and the PUT: a change after the lookup survives."""
    ann = world.model.user_id(ANN)
    other = Other(world, "GET", "/directory/user", change(ann, title="Chief"))
    world.play.ok("p1_user", user_name=ANN, user_type="ours")
    held = world.service.dump()["users"][ann]
    assert (held["title"], held["userType"], other.acted) == ("Chief", "ours", 1)


@pytest.mark.parametrize("etag", ETAGS)
def test_the_same_attribute_changed_by_another_client_gets_our_value(world_of, etag):
    world = world_of(etag=etag)
    ann = world.model.user_id(ANN)
    between_get_and_put(world, ann, change(ann, userType="theirs"))
    assert world.play.ok("p1_user", user_name=ANN, user_type="ours")["changed"]
    assert world.service.dump()["users"][ann]["userType"] == "ours"


@pytest.mark.parametrize("etag", VERSIONS)
def test_a_change_that_another_client_made_is_not_repeated(world_of, etag):
    world = world_of(etag=etag)
    ann = world.model.user_id(ANN)
    between_get_and_put(world, ann, change(ann, userType="ours"))
    assert world.play.ok("p1_user", user_name=ANN, user_type="ours")["changed"] is False


@pytest.mark.parametrize("etag", VERSIONS)
def test_endless_changes_by_another_client_are_a_clear_failure(world_of, etag):
    world = world_of(etag=etag)
    ann = world.model.user_id(ANN)
    numbers = iter(range(100))

    def another_title(store):
        change(ann, title=f"Title {next(numbers)}")(store)

    between_get_and_put(world, ann, another_title, always=True)
    result = world.play.fails("p1_user", user_name=ANN, user_type="ours")
    assert result["changed"] is False and "412" in result["msg"], result["msg"]
    assert world.service.dump()["users"][ann]["userType"] == "staff"


@pytest.mark.parametrize("put_groups", ["ignored", "applied"])
@pytest.mark.parametrize("etag", ETAGS)
def test_a_membership_added_by_another_client_before_our_fresh_get_survives(world_of, etag, put_groups):
    world = world_of(etag=etag, put_groups=put_groups)
    ann, crowd = world.model.user_id(ANN), world.model.group_id("Crowd")
    Other(world, "GET", "/directory/user", lambda store: store.add_member(crowd, ann))
    world.play.ok("p1_user", user_name=ANN, user_type="ours")
    assert ann in world.play.members("Crowd") and ann in world.play.members("Team")


@pytest.mark.parametrize("etag", ETAGS)
def test_a_user_deleted_by_another_client_is_not_created_again(world_of, etag):
    world = world_of(etag=etag)
    ann = world.model.user_id(ANN)
    between_get_and_put(world, ann, lambda store: store.delete_user(ann))
    result = world.play.fails("p1_user", user_name=ANN, user_type="ours")
    assert result["changed"] is False and ANN in result["msg"] and "404" in result["msg"], result["msg"]
    assert ANN not in world.play.users()


def test_a_user_deleted_by_another_client_satisfies_absent(world):
    leaver = world.model.user_id("leaver@example.com")
    Other(world, "GET", f"/directory/user/{leaver}", lambda store: store.delete_user(leaver))
    assert world.play.ok("p1_user", user_name="leaver@example.com", state="absent")["changed"] is False


def test_a_user_renamed_meanwhile_is_not_deleted(world):
    leaver = world.model.user_id("leaver@example.com")
    Other(world, "GET", "/directory/user", change(leaver, userName="promoted@example.com"))
    result = world.play.fails("p1_user", user_name="leaver@example.com", state="absent")
    assert "was renamed to 'promoted@example.com'" in result["msg"]
    assert "promoted@example.com" in world.play.users()


@pytest.mark.parametrize("status", [409, 400])
def test_a_user_created_by_another_client_meanwhile_is_adopted(world_of, status):
    world = world_of(duplicate_user_status=status)
    Other(
        world,
        "POST",
        "/directory/user",
        lambda store: store.put_user({"userName": "new@example.com", "title": "Theirs", "userType": "theirs"}),
        phase="before",
    )
    result = world.play.ok("p1_user", user_name="new@example.com", user_type="ours")
    held = world.play.users()["new@example.com"]
    assert (held["title"], held["userType"], result["changed"]) == ("Theirs", "ours", True)


def test_another_person_of_that_name_created_meanwhile_is_not_changed(world):
    Other(
        world,
        "POST",
        "/directory/user",
        lambda store: store.put_user({"userName": "new@example.com", "externalId": "hr:theirs"}),
        phase="before",
    )
    result = world.play.fails("p1_user", user_name="new@example.com", user_type="ours", external_id="hr:ours")
    assert "it belongs to another person" in result["msg"] and result["changed"] is False
    assert "userType" not in world.play.users()["new@example.com"]


def test_an_external_id_taken_meanwhile_fails(world):
    """[doc] A POST with a known externalId updates its holder: the module cannot prevent that, so the task fails."""
    Other(
        world,
        "POST",
        "/directory/user",
        lambda store: store.put_user({"userName": "theirs@example.com", "externalId": "hr:new"}),
        phase="before",
    )
    world.service.configure(upsert_scope="profile")
    result = world.play.fails("p1_user", user_name="new@example.com", external_id="hr:new")
    assert "The service treated the request as an update" in result["msg"] and "theirs@example.com" in result["msg"]


# -- groups and memberships ----------------------------------------------------------------------------------


@pytest.mark.parametrize("etag", ETAGS)
def test_members_added_or_removed_by_another_client_meanwhile_stay_so(world_of, etag):
    world = world_of(etag=etag)
    team, model = world.model.group_id("Team"), world.model

    def act(store):
        store.add_member(team, model.user_id("u06@example.com"))
        store.remove_member(team, model.user_id("bea@example.com"))
        store.touch("group", team)

    Other(world, "GET", f"/directory/group/{team}", act)
    world.play.ok("p1_group_membership", group="Team", users=["u04@example.com"])
    members = world.play.members("Team")
    assert {model.user_id("u06@example.com"), model.user_id("u04@example.com")} <= members
    assert model.user_id("bea@example.com") not in members


@pytest.mark.parametrize("absent", ["200", "400"])
def test_a_member_removed_by_another_client_satisfies_absent(world_of, absent):
    world = world_of(patch_delete_absent=absent)
    team, bea = world.model.group_id("Team"), world.model.user_id("bea@example.com")
    Other(world, "GET", f"/directory/group/{team}", lambda store: store.remove_member(team, bea))
    result = world.play.ok(
        "p1_group_membership", group="Team", users=["bea@example.com", "u01@example.com"], state="absent"
    )
    assert not {bea, world.model.user_id("u01@example.com")} & world.play.members("Team"), result


@pytest.mark.parametrize("unknown", ["400", "ignored"])
def test_a_member_deleted_by_another_client_is_a_clear_failure(world_of, unknown):
    world = world_of(patch_unknown_member=unknown)
    team, gone = world.model.group_id("Team"), world.model.user_id("u04@example.com")
    Other(world, "GET", f"/directory/group/{team}", lambda store: store.delete_user(gone))
    result = world.play.run("p1_group_membership", group="Team", users=["u05@example.com"], user_ids=[gone])
    assert result["failed"], result
    held = world.model.user_id("u05@example.com") in world.play.members("Team")
    assert result["changed"] is held, result["msg"]


def test_a_group_deleted_by_another_client_is_a_clear_failure(world):
    team = world.model.group_id("Team")
    Other(world, "GET", f"/directory/group/{team}", lambda store: store.delete_group(team))
    result = world.play.fails("p1_group_membership", group="Team", users=["u04@example.com"])
    assert result["changed"] is False and "Team" in result["msg"]
    assert "Team" not in world.play.groups()


@pytest.mark.parametrize("etag", ETAGS)
@pytest.mark.parametrize("patch_group_name", ["accepted", "501"])
def test_a_member_added_by_another_client_survives_our_rename(world_of, etag, patch_group_name):
    world = world_of(etag=etag, patch_group_name=patch_group_name)
    alpha, late = world.model.group_id("Alpha"), world.model.user_id("u06@example.com")

    def act(store):
        store.add_member(alpha, late)
        store.touch("group", alpha)

    # Act after the first of the two reads by id before a PUT; after the last one, only versions help.
    Other(
        world, "GET", f"/directory/group/{alpha}", act, number=2 if etag != "none" and patch_group_name == "501" else 1
    )
    world.play.ok("p1_group", display_name="Alpha", new_display_name="Omega")
    assert late in world.play.members("Omega")


# -- a whole directory ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("etag", VERSIONS)
def test_a_directory_run_keeps_changes_of_another_client(world_of, etag):
    world = world_of(etag=etag)
    ann = world.model.user_id(ANN)
    between_get_and_put(world, ann, change(ann, title="Chief"))
    result = world.play.ok("p1_directory", users=[{"user_name": ANN, "user_type": "ours"}])
    held = world.service.dump()["users"][ann]
    assert (held["title"], held["userType"], result["counts"]["user"]["updated"]) == ("Chief", "ours", 1)


def test_a_directory_run_reports_a_user_deleted_meanwhile_and_does_the_rest(world):
    ann = world.model.user_id(ANN)
    Other(world, "GET", "/directory/group", lambda store: store.delete_user(ann))
    result = world.play.fails(
        "p1_directory",
        users=[{"user_name": ANN, "user_type": "ours"}, {"user_name": "bea@example.com", "user_type": "ours"}],
    )
    assert result["changed"] and [row["key"] for row in result["failed_items"]] == [ANN]
    assert world.play.users()["bea@example.com"]["userType"] == "ours" and ANN not in world.play.users()
    assert [entry for entry in result["sent"] if entry["method"] in WRITE_VERBS and entry["method"] == "POST"] == []
