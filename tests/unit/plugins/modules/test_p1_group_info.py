# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_group_info: found groups, direct and inherited members, and the number of requests."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.both_doors

MODULE = "p1_group_info"


@pytest.fixture
def groups(playground):
    """Seed Team (ann) in Division (bob) in Company (ann)."""
    playground.ids = playground.service.seed(
        users=[{"userName": "ann"}, {"userName": "bob"}],
        groups=[
            {"displayName": "Team", "members": ["ann"]},
            {"displayName": "Division", "members": ["Team", "bob"]},
            {"displayName": "Company", "members": ["Division", "ann"]},
            {"displayName": "Empty"},
        ],
    )
    return playground


def names(result):
    return [group["display_name"] for group in result["groups"]]


def members(group, key="members"):
    return sorted((member["kind"], member["name"]) for member in group[key])


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"display_name": "Team"}, ["Team"]),
        ({"name": "tEAM"}, ["Team"]),
        ({"display_name": "Nothing"}, []),
        ({"id": "00000000-0000-4000-8000-000000000000"}, []),
        ({"filter": 'displayName sw "Te"'}, ["Team"]),
        ({"filter": 'displayName eq "Nothing"'}, []),
    ],
)
def test_found_groups(groups, check, options, expected):
    result = groups.ok(MODULE, check=check, **options)
    assert names(result) == expected
    assert result["total"] == len(expected)
    assert result["changed"] is False
    assert result["api"]["reads"] == len(result["sent"])
    assert "diff" not in result
    assert result["warnings"] == []


def test_all_groups_with_members_need_one_list(groups):
    result = groups.ok(MODULE)
    assert names(result) == sorted(groups.groups(), key=str.casefold)
    by_name = {group["display_name"]: group for group in result["groups"]}
    assert members(by_name["Division"]) == [("group", "Team"), ("user", "bob")]
    assert by_name["Empty"]["members"] == []
    assert by_name["Division"]["member_count"] == 2
    assert "effective_members" not in by_name["Division"]
    assert all(entry["path"].endswith("/group") for entry in result["sent"])
    assert len(result["sent"]) <= 2


def test_by_id(groups):
    result = groups.ok(MODULE, id=groups.ids["groups"]["Company"])
    assert names(result) == ["Company"]
    assert len(result["sent"]) == 1


@pytest.mark.parametrize(
    "switches", [{}, {"group_filter": "ignored"}, {"group_filter": "400"}, {"filter_case": "exact"}]
)
@pytest.mark.parametrize(("name", "expected"), [("team", ["Team"]), ("Nothing", [])])
def test_a_service_that_ignores_filters_gives_the_same_result(groups, switches, name, expected):
    groups.service.configure(**switches)
    assert names(groups.ok(MODULE, display_name=name)) == expected


def test_several_groups_with_one_name_are_returned(groups):
    groups.service.seed(groups=[{"displayName": "Team"}])
    result = groups.ok(MODULE, display_name="Team")
    assert names(result) == ["Team", "Team"]
    assert len({group["id"] for group in result["groups"]}) == 2


def test_an_ignored_filter_causes_a_warning(groups):
    groups.service.configure(group_filter="ignored")
    result = groups.ok(MODULE, filter='displayName eq "Team"')
    assert result["total"] == len(groups.groups())
    assert [line for line in result["warnings"] if "ignored" in line]


def test_a_refused_filter_fails_with_the_text_of_the_service(groups):
    groups.service.configure(group_filter="400")
    result = groups.fails(MODULE, filter='displayName eq "Team"')
    assert result["failure"]["status"] == 400
    assert result["failure"]["detail"] in result["msg"]
    assert "filter" in result["failure"]["operation"]


@pytest.mark.parametrize("option", ["id", "display_name", "filter"])
def test_an_empty_option_is_refused(groups, option):
    result = groups.fails(MODULE, **{option: ""})
    assert option in result["msg"]
    assert result["sent"] == []


@pytest.mark.parametrize("by", ["id", "display_name", "all"])
def test_effective_members_include_their_path(groups, by):
    options = {"id": {"id": groups.ids["groups"]["Company"]}, "display_name": {"display_name": "company"}, "all": {}}[
        by
    ]
    result = groups.ok(MODULE, effective=True, **options)
    company = next(group for group in result["groups"] if group["display_name"] == "Company")
    found = {
        member["name"]: (member["kind"], member["direct"], member["path"]) for member in company["effective_members"]
    }
    assert found == {
        "ann": ("user", True, ["Company"]),
        "Division": ("group", True, ["Company"]),
        "bob": ("user", False, ["Company", "Division"]),
        "Team": ("group", False, ["Company", "Division"]),
    }
    assert not [entry for entry in result["sent"] if entry["path"].endswith("/user")]
    assert len(result["sent"]) <= 4


@pytest.mark.parametrize("switches", [{}, {"member_type": "title"}])
def test_members_are_resolved_to_user_names(groups, switches):
    groups.service.configure(**switches)
    result = groups.ok(MODULE, display_name="Division", effective=True, resolve_names=True)
    (division,) = result["groups"]
    assert members(division) == [("group", "Team"), ("user", "bob")]
    assert members(division, "effective_members") == [("group", "Team"), ("user", "ann"), ("user", "bob")]
    paths = [entry["path"] for entry in result["sent"]]
    assert not [path for path in paths if any(user_id in path for user_id in groups.ids["users"].values())]


def test_a_member_that_no_longer_exists(groups):
    groups.service.configure(delete_members="dangling")
    user_id = groups.ids["users"]["bob"]
    groups.ok("p1_user", id=user_id, state="absent")
    result = groups.ok(MODULE, display_name="Division", effective=True, resolve_names=True)
    (gone,) = [member for member in result["groups"][0]["members"] if member["id"] == user_id]
    assert gone["kind"] == "user"


def test_a_cycle_ends(groups):
    groups.service.seed(
        groups=[{"displayName": "Egg", "members": ["Hen"]}, {"displayName": "Hen", "members": ["Egg", "bob"]}]
    )
    (egg,) = groups.ok(MODULE, display_name="Egg", effective=True)["groups"]
    assert members(egg, "effective_members") == [("group", "Hen"), ("user", "bob")]
