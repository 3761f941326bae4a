# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_directory_info: it returns a directory as a desired state for which p1_directory plans no changes."""

from __future__ import annotations

import json

import pytest
from directory_play import (
    ADMIN,
    HARD_NAMES,
    PEOPLE,
    RICH,
    SECRET,
    STRICT,
    TEAMS,
    requests,
    rows,
    time_stands_still,
)

from ansible_collections.pingone.directory.plugins.module_utils._core.similar_names import unusual_characters

MODULE = "p1_directory_info"


@pytest.fixture(autouse=True)
def _no_waiting():
    with time_stands_still():
        yield


@pytest.fixture
def world(playground):
    """Seed users with unusual names and every attribute, and nested groups with the same names."""
    playground.service.configure(user_name_unique="exact")
    ids = playground.service.seed(users=[{"userName": name} for name in HARD_NAMES] + [RICH])["users"]
    groups = [{"displayName": name, "members": [ids[name], ids["rich"]]} for name in HARD_NAMES]
    groups += [{"displayName": "same", "members": ["rich"]}, {"displayName": "outer"}, {"displayName": "empty"}]
    playground.service.seed(groups=groups)
    again = playground.service.seed(groups=[{"displayName": "same", "members": ["0042"]}])["groups"]["same"]
    store = playground.service.store
    for member in (store.group_id("a: b"), again):
        store.add_member(store.group_id("outer"), member)
    return playground


def test_format_of_the_desired_state(playground):
    playground.service.seed(users=PEOPLE, groups=TEAMS)
    result = playground.ok(MODULE)
    assert requests(result) == ["GET user", "GET user", "GET group", "GET group"]
    assert result["changed"] is False and "diff" not in result
    assert result["probe"] is None
    assert result["counts"] == {"users": 4, "groups": 5}
    assert result["directory"]["users"] == [
        {
            "user_name": ADMIN,
            "active": True,
            **{
                key: value
                for key, value in result["directory"]["users"][0].items()
                if key not in ("user_name", "active")
            },
        },
        {
            "user_name": "ann",
            "external_id": "hr:1",
            "active": True,
            "name": {"given_name": "Ann", "family_name": "Archer"},
            "title": "Nurse",
        },
        {
            "user_name": "bob",
            "external_id": "hr:2",
            "active": True,
            "emails": [{"value": "bob@example.org", "type": "work"}],
        },
        {"user_name": "cid", "active": False, "create": True},
    ]
    groups = {group["display_name"]: group["members"] for group in result["directory"]["groups"]}
    assert groups["board"] == {"users": ["cid"], "groups": ["team"]}
    assert groups["team"] == {"users": ["ann", "bob"]} and groups["empty"] == {}
    names = [group["display_name"].casefold() for group in result["directory"]["groups"]]
    assert names == sorted(names)


@pytest.mark.parametrize("with_ids", [False, True])
def test_the_returned_state_plans_no_changes(world, with_ids):
    """This holds with unlisted_* set to delete and every membership exact."""
    directory = world.ok(MODULE, with_ids=with_ids)["directory"]
    assert SECRET not in json.dumps(directory)
    result = world.ok("p1_directory", **directory, **STRICT)
    assert rows(result) == [] and result["changed"] is False
    assert result["counts"]["user"]["unchanged"] == len(HARD_NAMES) + 2
    assert (result["drift"]["missing"], result["drift"]["extra"], result["drift"]["different"]) == ([], [], [])
    with_id = [item for item in directory["users"] + directory["groups"] if "id" in item]
    # Objects whose names differ only in case have ids.
    assert len(with_id) == (len(directory["users"] + directory["groups"]) if with_ids else 6)


def test_the_returned_state_recreates_the_directory_in_another_account(world):
    """This holds for names that are unique and valid in the other account."""
    directory = world.ok(MODULE)["directory"]
    for kind, key in (("users", "user_name"), ("groups", "display_name")):
        directory[kind] = [item for item in directory[kind] if "id" not in item and not unusual_characters(item[key])]
    for group in directory["groups"]:
        group["members"] = {
            kind: [name for name in names if not unusual_characters(name)] for kind, names in group["members"].items()
        }
    for group in directory["groups"]:
        group["members"] = {kind: names for kind, names in group["members"].items() if not kind.endswith("_ids")}
    world.service.reset()
    made = world.ok("p1_directory", **directory, **{**STRICT, "allow_empty": True})
    assert made["counts"]["user"]["created"] == len(directory["users"]) - 1
    second = world.ok(MODULE)["directory"]
    listed = {item["user_name"]: item for item in directory["users"]}
    assert {item["user_name"]: item for item in second["users"]} == listed


def test_scope(world):
    scope = {"users": {"user_name": ["*@example.org"]}, "groups": {"display_name": ["out*"]}}
    result = world.ok(MODULE, scope=scope)
    assert [user["user_name"] for user in result["directory"]["users"]] == ["o'brien@example.org"]
    assert [group["display_name"] for group in result["directory"]["groups"]] == ["outer"]
    assert result["counts"] == {"users": 1, "groups": 1}
    assert not world.ok("p1_directory", **result["directory"], **STRICT, scope=scope)["changed"]
    assert "is not a text option of a user" in world.fails(MODULE, scope={"users": {"color": ["x"]}})["msg"]


@pytest.mark.parametrize("value", ["honored", "ignored", "400"])
def test_probe(world, value):
    world.service.configure(user_filter=value, group_filter=value)
    result = world.ok(MODULE, probe=True)
    expected = "refused" if value == "400" else value
    assert (result["probe"]["user_filter"], result["probe"]["group_filter"]) == (expected, expected)
    assert result["probe"]["user_page_sizes"] == [len(HARD_NAMES) + 2, 0]
    assert (result["probe"]["user_list_complete"], result["probe"]["group_list_complete"]) == (True, True)
    assert set(requests(result)) == {"GET user", "GET group"} and len(result["sent"]) == 6


def test_lists_that_may_be_incomplete(playground):
    playground.service.configure(start_index="ignored", total_results="page")
    result = playground.ok(MODULE, probe=True)
    assert result["probe"]["user_list_complete"] is False
    assert len(result["warnings"]) == 2 and "may be incomplete" in result["warnings"][0]
    playground.service.configure(start_index="ignored", total_results="global", max_page_size=1)
    assert "incomplete" in playground.fails(MODULE)["msg"]


def test_check_mode_returns_the_same(world):
    assert world.ok(MODULE, check=True)["directory"] == world.ok(MODULE)["directory"]
