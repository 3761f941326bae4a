# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test membership: exact of p1_user: the user is in the listed groups only, whatever groups the service returns."""

from __future__ import annotations

import pytest
from directory_play import side, time_stands_still

COMMA = "Sales, EMEA"


@pytest.fixture
def mover(directory):
    """Seed ann in Users, Sales, a group with a comma in its name, two of an application, and through Inner in Outer."""
    seeded = directory.service.seed(
        users=[{"userName": "ann", "title": "Engineer"}, {"userName": "bob"}],
        groups=[
            {"displayName": "Sales", "members": ["ann", "bob"]},
            {"displayName": COMMA, "members": ["ann"]},
            {"displayName": "Platform", "members": ["bob"]},
            {"displayName": "APP-Wiki", "members": ["ann"]},
            {"displayName": "[app] Chat", "members": ["ann"]},
            {"displayName": "Inner", "members": ["ann"]},
            {"displayName": "Outer", "members": ["Inner"]},
            {"displayName": "Users", "members": ["ann", "bob"]},
        ],
    )
    directory.ann = seeded["users"]["ann"]
    directory.ids = seeded["groups"]
    return directory


def groups_of(directory, user_id=None):
    """Return the names of the groups that contain ann directly."""
    return {name for name in directory.groups() if (user_id or directory.ann) in directory.members(name)}


def names(groups):
    return {group["display_name"] for group in groups}


def patches(directory, result):
    """Return the changes of members: (group, added or removed, ids)."""
    by_id = {group_id: name for name, group_id in directory.ids.items()}
    return [
        (by_id[entry["path"].rpartition("/")[2]], "operation" in entry["body"]["members"][0], entry["body"]["members"])
        for entry in result["sent"]
        if entry["method"] == "PATCH"
    ]


MOVE = {"user_name": "ann", "groups": ["Platform", "Inner"], "keep_groups": ["app-*", "[app] Chat"], "membership": "exact"}
MOVED = {"Platform", "Inner", "APP-Wiki", "[app] Chat", "Users"}


def test_exact_adds_listed_groups_and_removes_others(mover):
    done = mover.converge("p1_user", title="Lead", **MOVE)
    assert groups_of(mover) == MOVED == names(done["user"]["member_of"])
    assert mover.members("Outer") == {mover.groups()["Inner"]["id"]}
    removed = {"value": mover.ann, "type": "User", "operation": "delete"}
    assert sorted(patches(mover, done)) == sorted(
        [("Sales", True, [removed]), (COMMA, True, [removed]), ("Platform", False, [{"value": mover.ann, "type": "User"}])]
    )
    # Removals come first, and new memberships last.
    assert [entry["method"] for entry in done["sent"] if entry["method"] != "GET"] == ["PATCH", "PATCH", "PUT", "PATCH"]
    assert side(done, "before")["groups"] == sorted((MOVED - {"Platform"}) | {"Sales", COMMA})
    assert side(done, "after")["groups"] == sorted(MOVED)


def test_check_mode_returns_the_planned_groups(mover):
    planned = mover.ok("p1_user", check=True, **MOVE)
    assert names(planned["user"]["member_of"]) == MOVED
    assert planned["changed"] and "Sales" in groups_of(mover)


@pytest.mark.parametrize("more", [{}, {"active": False}])
def test_an_empty_list_removes_all_but_kept_groups(mover, more):
    done = mover.converge("p1_user", user_name="ann", groups=[], membership="exact", **more)
    assert groups_of(mover) == {"Users"} == names(done["user"]["member_of"])
    # A leaver is disabled first.
    first = next(entry["method"] for entry in done["sent"] if entry["method"] != "GET")
    assert first == ("PUT" if more else "PATCH")


def test_a_string_is_one_name(mover):
    mover.converge("p1_user", user_name="ann", groups=COMMA, keep_groups="app-*", membership="exact")
    assert groups_of(mover) == {"Users", COMMA, "APP-Wiki"}


def test_without_exact_no_membership_is_removed(mover):
    before = groups_of(mover)
    mover.converge("p1_user", changed=False, user_name="ann", groups=["Sales"], keep_groups=["nothing"])
    mover.converge("p1_user", changed=False, user_name="ann", groups=[], membership="additive")
    assert groups_of(mover) == before


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "membership is exact but groups is not set. List the groups of the user"),
        ({"groups": [""]}, "groups contains an empty name"),
        ({"groups": ["Sales"], "keep_groups": [" "]}, "keep_groups contains an empty name"),
    ],
)
def test_lists_without_content_are_refused(mover, options, reason):
    failed = mover.fails("p1_user", user_name="ann", membership="exact", **options)
    assert reason in failed["msg"]
    assert "Sales" in groups_of(mover)


def test_an_unknown_listed_group_fails_before_any_removal(mover):
    failed = mover.fails("p1_user", user_name="ann", groups=["Platfrom"], membership="exact")
    assert "group 'Platfrom' does not exist. Did you mean 'Platform'?" in failed["msg"]
    assert "Sales" in groups_of(mover)


def test_a_listed_group_in_another_case_is_used_with_a_warning(mover):
    done = mover.converge("p1_user", user_name="ann", groups=["SALES", "Sales"], membership="exact")
    assert groups_of(mover) == {"Users", "Sales"}
    assert any("group 'SALES' is called 'Sales' in the directory" in text for text in done["warnings"])


def test_a_deleted_user_is_not_removed_from_groups_first(mover):
    done = mover.converge("p1_user", user_name="ann", state="absent", membership="exact")
    assert [entry["method"] for entry in done["sent"] if entry["method"] != "GET"] == ["DELETE"]


# -- new users ---------------------------------------------------------------------------------------


def test_a_new_user_is_planned_with_its_groups(mover):
    options = {"user_name": "eve", "emails": ["eve@example.org"], "groups": ["Sales", "New"], "membership": "exact"}
    planned = mover.ok("p1_user", check=True, **options)
    assert planned["user"]["id"] is None
    assert planned["user"]["member_of"][-1] == {"id": None, "display_name": "New"}
    assert any("group 'New' does not exist" in warning for warning in planned["warnings"])
    mover.ok("p1_group", display_name="New")
    done = mover.converge("p1_user", **options)
    assert groups_of(mover, done["user"]["id"]) == {"Users", "Sales", "New"}


@pytest.mark.parametrize("by", ["name", "id"])
def test_the_default_group_is_kept(mover, by):
    default = "Sales" if by == "name" else mover.ids["Sales"].upper()
    done = mover.converge("p1_user", user_name="eve", groups=["Platform"], default_group=default, membership="exact")
    assert groups_of(mover, done["user"]["id"]) == {"Sales", "Platform"}


# -- administrators ----------------------------------------------------------------------------------


@pytest.fixture
def administrator(mover):
    mover.ids.update(
        mover.service.seed(
            groups=[
                {"displayName": "Operators", "members": ["ann"]},
                {"displayName": "Domain Administrators", "members": ["Operators", "ann"]},
            ]
        )["groups"]
    )
    return mover


def test_administering_groups_are_kept_with_a_warning(administrator):
    done = administrator.ok("p1_user", **MOVE)
    assert groups_of(administrator) == MOVED | {"Operators", "Domain Administrators"}
    for name in ("Operators", "Domain Administrators"):
        assert any(f"stays in group '{name}', which makes its members administrators" in text for text in done["warnings"])


@pytest.mark.parametrize("how", ["keep_groups", "groups"])
def test_listed_administering_groups_cause_no_warning(administrator, how):
    options = {**MOVE, how: [*MOVE[how], "Operators", "Domain Administrators"]}
    assert administrator.converge("p1_user", **options)["warnings"] == []


# -- incomplete and stale reads ----------------------------------------------------------------------


def test_an_incomplete_list_prevents_removals(mover):
    mover.service.configure(start_index="ignored", total_results="page")
    failed = mover.fails("p1_user", title="Lead", **MOVE)
    assert "would remove the user from group 'Sales', group 'Sales, EMEA', but the list of groups may be incomplete" in failed["msg"]
    assert not [entry for entry in failed["sent"] if entry["method"] != "GET"]
    # Without removals it only causes a warning.
    listed = sorted(groups_of(mover))
    done = mover.converge("p1_user", user_name="ann", title="Lead", groups=listed, membership="exact")
    assert any("The list of groups may be incomplete" in text for text in done["warnings"])


SERVICES = {
    "members without a type": {"member_type": "none"},
    "ids in upper case": {"member_ids": "upper"},
    "groups cannot be filtered": {"group_filter": "400", "member_type": "none"},
    "filters ignored, short pages": {"group_filter": "ignored", "user_filter": "ignored", "short_page": 3},
    "users show inherited groups": {"user_groups": "nested"},
    "PATCH answers nothing": {"patch_status": 204},
    "versions demanded": {"etag": "required"},
    "groups of a PUT applied, stale reads": {"put_groups": "applied", "stale_gets": 2},
    "stale lists": {"stale_lists": 3},
}


@pytest.mark.parametrize("service", SERVICES)
def test_memberships_are_exact_whatever_the_user_shows(mover, service):
    mover.service.configure(**SERVICES[service])
    with time_stands_still():
        done = mover.ok("p1_user", title="Lead", **MOVE)
        assert groups_of(mover) == MOVED
        if "stale reads" not in service:
            again = mover.ok("p1_user", title="Lead", **MOVE)
            assert not [entry for entry in again["sent"] if entry["method"] != "GET"]
    assert done["changed"] and mover.users()["ann"]["title"] == "Lead"
    assert (names(done["user"]["member_of"]) == MOVED) or service == "users show inherited groups"


def test_inherited_groups_need_no_further_read(mover):
    mover.service.configure(user_groups="nested")
    mover.ok("p1_user", **MOVE)
    again = mover.ok("p1_user", **MOVE)
    read = {entry["path"].rpartition("/")[2] for entry in again["sent"]}
    assert mover.groups()["Outer"]["id"] not in read


@pytest.mark.parametrize("stale", [{"stale_lists": 2}, {"stale_gets": 2}])
def test_a_recent_membership_is_removed_despite_stale_reads(mover, stale):
    mover.ok("p1_user", **MOVE)
    mover.service.configure(**stale)
    with time_stands_still():
        if "stale_lists" in stale:
            mover.ok("p1_user", id=mover.ann, title="Lead", groups=["Sales"])  # A read by id shows the group.
            mover.ok("p1_user", **{**MOVE, "user_name": None, "id": mover.ann})
        else:
            mover.ok("p1_group_membership", group="Sales", users=["ann"])
            mover.ok("p1_user", **MOVE)
    assert groups_of(mover) == MOVED


def test_a_renamed_group_is_kept_by_its_current_name(mover):
    mover.service.configure(stale_lists=9)
    mover.ok("p1_group", id=mover.ids["Sales"], new_display_name="app-sales")
    with time_stands_still():
        mover.ok("p1_user", **MOVE)
    assert "app-sales" in groups_of(mover)


# -- failures and p1_directory -----------------------------------------------------------------------


def test_a_refused_removal_reports_the_completed_changes(mover):
    mover.service.add_fault(kind="status", method="PATCH", status=403, skip=1)
    failed = mover.fails("p1_user", title="Lead", **MOVE)
    assert "change the members of group" in failed["msg"] and failed["failure"]["status"] == 403
    assert failed["changed"]
    assert names(failed["user"]["member_of"]) == groups_of(mover)
    assert len(groups_of(mover) & {"Sales", COMMA}) == 1
    assert mover.users()["ann"]["title"] == "Engineer"


@pytest.mark.parametrize(
    ("key", "advice"),
    [
        ("membership", "Set membership: exact on the groups, or use p1_user for the groups of one user"),
        ("keep_groups", "Set membership: exact on the groups, or use p1_user for the groups of one user"),
        ("password_mail", "Use p1_user to create a user with a mailed link"),
        ("update_password", "Set it on the task, for all users"),
    ],
)
def test_p1_directory_names_the_alternative(directory, key, advice):
    failed = directory.fails("p1_directory", users=[{"user_name": "ann", key: "exact"}])
    assert f"users[0] 'ann' has the unknown option '{key}'" in failed["msg"].replace("('ann')", "'ann'")
    assert advice in failed["msg"]
