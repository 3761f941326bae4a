# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_group end to end against the emulator, one test for each statement of its contract."""

from __future__ import annotations

import pytest
from directory_play import side

pytestmark = pytest.mark.both_doors

NO_USER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def staff(directory):
    """Return the directory with a group Staff, which contains two users and a group."""
    directory.seeded = directory.service.seed(
        users=[{"userName": "ann"}, {"userName": "bob"}],
        groups=[{"displayName": "Nested"}, {"displayName": "Staff", "members": ["ann", "bob", "Nested"]}],
    )
    directory.staff_id = directory.seeded["groups"]["Staff"]
    return directory


def writes(result):
    return [(entry["method"], entry["body"]) for entry in result["sent"] if entry["method"] != "GET"]


def new_group_warnings(result):
    return [warning for warning in result["warnings"] if "reaches every application" in warning]


# -- creating ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["display_name", "name"])
def test_a_group_is_created(directory, option):
    checked = directory.ok("p1_group", check=True, **{option: "Staff"})
    assert checked["group"] == {"id": None, "display_name": "Staff", "member_count": 0}
    done = directory.converge("p1_group", **{option: "Staff"})
    assert done["group"] == {"id": directory.groups()["Staff"]["id"], "display_name": "Staff", "member_count": 0}
    assert side(done, "before") == {}
    assert side(done, "after")["display_name"] == "Staff"


def test_a_create_warns_that_a_new_group_reaches_every_application(directory):
    assert len(new_group_warnings(directory.ok("p1_group", name="Staff", check=True))) == 1
    assert len(new_group_warnings(directory.ok("p1_group", name="Staff"))) == 1
    for options in ({}, {"new_display_name": "Crew"}, {"id": "itself"}, {"state": "absent", "name": "Crew"}):
        if options.get("id"):
            options = {"id": directory.groups()["Crew"]["id"]}
        assert new_group_warnings(directory.ok("p1_group", **{"name": "Staff", **options})) == []


def test_a_create_sends_no_members(directory):
    [(method, body)] = writes(directory.ok("p1_group", name="Staff"))
    assert (method, body["displayName"], "members" in body) == ("POST", "Staff", False)


def test_an_existing_group_is_unchanged(staff):
    done = staff.converge("p1_group", changed=False, name="Staff")
    assert done["group"] == {"id": staff.staff_id, "display_name": "Staff", "member_count": 3}
    assert side(done, "before") == side(done, "after")


@pytest.mark.parametrize(
    "name", ["arn:aws:iam::1:role/x,arn:aws:iam::1:saml/y", 'a "b" \\c', "Größe & Co+", "x" * 200, "a=b#c?d%41"]
)
def test_a_name_with_special_characters_is_found_again(directory, name):
    directory.converge("p1_group", name=name)
    directory.converge("p1_group", name=name, state="absent")


@pytest.mark.parametrize("settings", [{"group_filter": "ignored"}, {"group_filter": "400"}, {"filter_case": "exact"}])
def test_no_duplicate_is_created_whatever_the_filter_returns(staff, settings):
    staff.service.configure(**settings)
    staff.converge("p1_group", changed=False, name="Staff")
    done = staff.converge("p1_group", changed=False, name="STAFF")
    assert done["group"]["id"] == staff.staff_id


# -- identification ------------------------------------------------------------------------------------


def test_a_single_match_in_another_case_is_used_with_a_warning(staff):
    done = staff.converge("p1_group", changed=False, name="staff")
    assert done["group"]["display_name"] == "Staff"
    assert any("'staff' is called 'Staff'" in warning for warning in done["warnings"])


def test_an_exact_match_takes_precedence_over_another_case(staff):
    other = staff.service.seed(groups=[{"displayName": "STAFF"}])["groups"]["STAFF"]
    assert staff.ok("p1_group", name="STAFF")["group"]["id"] == other
    assert staff.ok("p1_group", name="Staff")["group"]["id"] == staff.staff_id


@pytest.mark.parametrize("state", ["present", "absent"])
def test_several_groups_with_one_name_are_refused_with_their_ids(staff, state):
    other = staff.service.seed(groups=[{"displayName": "Staff"}])["groups"]["Staff"]
    failed = staff.fails("p1_group", name="Staff", state=state)
    assert staff.staff_id in failed["msg"]
    assert other in failed["msg"]
    assert "by its id" in failed["msg"]
    assert writes(failed) == []
    # An id identifies the group.
    staff.converge("p1_group", id=other, state="absent")
    assert staff.groups()["Staff"]["id"] == staff.staff_id


@pytest.mark.parametrize("check", [True, False])
def test_an_unknown_id_fails_with_present_and_is_unchanged_with_absent(staff, check):
    failed = staff.fails("p1_group", id=NO_USER, name="Staff", check=check)
    assert NO_USER in failed["msg"]
    assert failed["failure"]["status"] == 404
    gone = staff.ok("p1_group", id=NO_USER, name="Staff", state="absent", check=check)
    assert (gone["changed"], gone["group"]) == (False, None)
    assert "Staff" in staff.groups()


@pytest.mark.parametrize("options", [{}, {"new_display_name": "Crew"}, {"state": "absent"}])
def test_a_task_that_identifies_no_group_is_refused_before_any_request(directory, options):
    failed = directory.fails("p1_group", **options)
    assert "display_name" in failed["msg"]
    assert failed["sent"] == []


@pytest.mark.parametrize("option", ["id", "display_name", "new_display_name"])
def test_an_empty_name_is_refused_before_any_request(directory, option):
    failed = directory.fails("p1_group", **{"display_name": "Staff", option: ""})
    assert f"{option} is empty" in failed["msg"]
    assert failed["sent"] == []


# -- renaming ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"patch_status": 204},
        {"patch_group_name": "501"},
        {"patch_group_name": "501", "put_group_members": "keeps", "put_body": "empty"},
        {"etag": "required"},
    ],
    ids=str,
)
def test_a_rename_keeps_id_and_members(staff, settings):
    staff.service.configure(**settings)
    members = staff.members("Staff")
    done = staff.converge("p1_group", name="Staff", new_display_name="Crew")
    assert done["group"] == {"id": staff.staff_id, "display_name": "Crew", "member_count": 3}
    assert staff.members("Crew") == members
    assert "Staff" not in staff.groups()
    assert (side(done, "before")["display_name"], side(done, "after")["display_name"]) == ("Staff", "Crew")


def test_a_rename_is_a_patch_if_the_service_accepts_it(staff):
    done = staff.ok("p1_group", name="Staff", new_display_name="Crew")
    assert writes(done) == [("PATCH", {"displayName": "Crew"})]


def test_a_completed_rename_is_unchanged(staff):
    staff.converge("p1_group", changed=False, name="Old Staff", new_display_name="Staff")


def test_a_rename_of_a_missing_group_creates_the_new_name(directory):
    directory.converge("p1_group", name="Staff", new_display_name="Crew", create=True)
    assert set(directory.groups()) == {"Users", "Domain Administrators", "Crew"}


@pytest.mark.parametrize("by", ["name", "id"])
@pytest.mark.parametrize("check", [True, False])
def test_a_rename_to_the_name_of_another_group_is_refused(staff, by, check):
    options = {"name": "Staff", "new_display_name": "Nested"}
    if by == "id":
        options = {"id": staff.staff_id, "name": "Nested"}
    failed = staff.fails("p1_group", check=check, **options)
    assert staff.staff_id in failed["msg"]
    assert staff.seeded["groups"]["Nested"] in failed["msg"]
    assert writes(failed) == []


def test_with_id_another_name_renames(staff):
    staff.converge("p1_group", id=staff.staff_id, name="Crew")
    assert staff.groups()["Crew"]["id"] == staff.staff_id


def test_with_id_new_display_name_renames(staff):
    staff.converge("p1_group", id=staff.staff_id, name="whatever", new_display_name="Crew")
    assert staff.groups()["Crew"]["id"] == staff.staff_id


def test_new_display_name_changes_the_case_without_a_warning(staff):
    done = staff.converge("p1_group", name="Staff", new_display_name="STAFF")
    assert staff.groups()["STAFF"]["id"] == staff.staff_id
    assert not [warning for warning in done["warnings"] if "treated as the same" in warning]


def test_a_refused_rename_fails_with_the_text_of_the_service(directory):
    failed = directory.fails("p1_group", name="Domain Administrators", new_display_name="Crew")
    assert failed["failure"]["detail"] in failed["msg"]
    assert failed["failure"]["operation"] == "update group 'Domain Administrators'"
    assert failed["failure"]["status"] == 403
    assert failed["changed"] is False
    assert failed["group"]["display_name"] == "Domain Administrators"


# -- deleting ------------------------------------------------------------------------------------------


def test_absent_deletes_and_returns_the_former_members(staff):
    done = staff.converge("p1_group", name="Staff", state="absent")
    assert "Staff" not in staff.groups()
    assert done["group"]["id"] == staff.staff_id
    assert done["group"]["member_count"] == 3
    made = staff.seeded
    assert {(member["id"], member["kind"], member["name"]) for member in done["group"]["members"]} == {
        (made["users"]["ann"], "user", "ann"),
        (made["users"]["bob"], "user", "bob"),
        (made["groups"]["Nested"], "group", "Nested"),
    }
    assert side(done, "before")["members"] == ["Nested", "ann", "bob"]
    assert side(done, "after") == {}


def test_the_result_of_absent_can_restore_the_group(staff):
    before = staff.members("Staff")
    gone = staff.ok("p1_group", name="Staff", state="absent")["group"]
    staff.ok("p1_group", name=gone["display_name"])
    by_kind = {
        kind: [member["id"] for member in gone["members"] if member["kind"] == kind] for kind in ("user", "group")
    }
    staff.ok("p1_group_membership", group="Staff", user_ids=by_kind["user"], group_ids=by_kind["group"])
    assert staff.members("Staff") == before


def test_absent_by_id(staff):
    staff.converge("p1_group", id=staff.staff_id, state="absent")
    assert "Staff" not in staff.groups()


def test_absent_of_a_missing_group_is_unchanged(directory):
    done = directory.converge("p1_group", changed=False, name="Staff", state="absent")
    assert done["group"] is None


def test_absent_in_check_mode_returns_the_same_keys(staff):
    checked = staff.ok("p1_group", check=True, name="Staff", state="absent")
    done = staff.ok("p1_group", name="Staff", state="absent")
    assert checked["group"] == done["group"]
    assert checked["diff"] == done["diff"]


def test_deleting_a_built_in_group_warns_and_fails(directory):
    checked = directory.ok("p1_group", check=True, name="Domain Administrators", state="absent")
    assert any("is a built-in group" in warning for warning in checked["warnings"])
    failed = directory.fails("p1_group", name="Domain Administrators", state="absent")
    assert failed["failure"]["operation"] == "delete group 'Domain Administrators'"
    assert failed["failure"]["status"] == 403
    assert failed["changed"] is False
    assert failed["group"]["display_name"] == "Domain Administrators"


def test_a_group_renamed_by_another_client_is_not_renamed(playground):
    """Another group may have the given name now."""
    team = playground.service.seed(groups=[{"displayName": "team"}])["groups"]["team"]

    def rename(service, method, path, phase):
        if (method, phase) == ("GET", "before") and path == f"/directory/group/{team}":
            service.clear_hooks()
            service.store.put_group({**service.store.get_group(team), "displayName": "board"})

    playground.service.on_request(rename)
    failed = playground.fails("p1_group", name="team", new_display_name="crew")
    assert "group 'team' has changed since the plan was made: it was renamed to 'board'. Run again" in failed["msg"]
    assert [group["displayName"] for group in playground.service.dump()["groups"].values()].count("board") == 1
