# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_user_info: found users, the number of requests, and services that ignore or refuse filters."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.both_doors

MODULE = "p1_user_info"

RESULT_KEYS = {"changed", "users", "total", "api"}


@pytest.fixture
def people(playground):
    """Seed users and groups: ann is in Team, which is in Division, which is in Company; bob is in Division."""
    playground.ids = playground.service.seed(
        users=[
            {
                "userName": "ann",
                "externalId": "hr:1",
                "name": {"givenName": "Ann", "familyName": "Archer"},
                "password": "never-shown-1",
            },
            {"userName": "bob", "externalId": "hr:2", "name": {"givenName": "Bob", "familyName": "Baker"}},
            {"userName": "Zoë", "name": {"familyName": "Archer"}, "active": False},
        ],
        groups=[
            {"displayName": "Team", "members": ["ann"]},
            {"displayName": "Division", "members": ["Team", "bob"]},
            {"displayName": "Company", "members": ["Division", "ann"]},
        ],
    )
    return playground


def names(result):
    return [user["user_name"] for user in result["users"]]


def requests(result):
    return [entry["path"] for entry in result["sent"]]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"user_name": "ann"}, ["ann"]),
        ({"user_name": "ANN"}, ["ann"]),
        ({"user_name": "zoË"}, ["Zoë"]),
        ({"user_name": "noaccount"}, []),
        ({"external_id": "hr:2"}, ["bob"]),
        ({"external_id": "HR:2"}, []),
        ({"id": "00000000-0000-4000-8000-000000000000"}, []),
        ({"filter": 'name.familyName eq "Archer"'}, ["ann", "Zoë"]),
        ({"filter": 'userName eq "noaccount"'}, []),
    ],
)
def test_found_users(people, check, options, expected):
    result = people.ok(MODULE, check=check, **options)
    assert names(result) == expected
    assert result["total"] == len(expected)
    assert result["changed"] is False
    assert set(result) >= RESULT_KEYS
    assert "diff" not in result
    assert result["api"]["reads"] == len(result["sent"])
    assert result["warnings"] == []


def test_by_id(people):
    result = people.ok(MODULE, id=people.ids["users"]["bob"])
    assert names(result) == ["bob"]
    assert len(result["sent"]) == 1


def test_returned_attributes(people):
    (ann,) = people.ok(MODULE, user_name="ann")["users"]
    assert ann["name"] == {"given_name": "Ann", "family_name": "Archer"}
    assert ann["external_id"] == "hr:1"
    assert {"id", "member_of", "account_state", "created", "last_modified", "last_login"} <= set(ann)
    assert "effective_groups" not in ann


def test_no_password_is_returned(people):
    result = people.ok(MODULE)
    assert "never-shown-1" not in json.dumps(result)
    assert "password" not in json.dumps(result["users"])


def test_all_users_are_read_in_pages(people):
    people.service.configure(max_page_size=2)
    result = people.ok(MODULE)
    assert {"ann", "bob", "Zoë"} <= set(names(result))
    assert names(result) == sorted(names(result), key=str.casefold)
    assert result["total"] == len(people.users())
    assert len(result["sent"]) == 2


@pytest.mark.parametrize("switches", [{}, {"user_filter": "ignored"}, {"user_filter": "400"}, {"filter_case": "exact"}])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"user_name": "Ann"}, ["ann"]),
        ({"user_name": "noaccount"}, []),
        ({"external_id": "hr:1"}, ["ann"]),
        ({"external_id": "hr:9"}, []),
    ],
)
def test_a_service_that_ignores_filters_gives_the_same_result(people, switches, options, expected):
    people.service.configure(**switches)
    assert names(people.ok(MODULE, **options)) == expected


def test_several_users_with_one_name_are_returned(people):
    people.service.configure(user_name_unique="exact")
    people.service.seed(users=[{"userName": "ANN"}])
    result = people.ok(MODULE, user_name="Ann")
    assert sorted(names(result)) == ["ANN", "ann"]
    assert names(people.ok(MODULE, user_name="ANN")) == ["ANN"]


def test_an_ignored_filter_causes_a_warning(people):
    people.service.configure(user_filter="ignored")
    result = people.ok(MODULE, filter='name.familyName eq "Archer"')
    assert result["total"] == len(people.users())
    assert [line for line in result["warnings"] if "ignored" in line and "the module itself does not filter" in line]


@pytest.mark.parametrize("switches", [{"total_results": "page"}, {"short_page": 1}, {"filter_reply": "bare"}])
def test_an_honored_filter_causes_no_warning(people, switches):
    people.service.configure(**switches)
    result = people.ok(MODULE, filter='userName eq "ann"')
    assert names(result) == ["ann"]
    if switches.get("total_results") != "page":  # a total that counts one page proves nothing
        assert result["warnings"] == []


def test_a_filter_is_sent_unchanged_with_every_page(people):
    people.service.configure(max_page_size=1)
    text = 'name.familyName eq "Archer" and (userName pr)'
    result = people.ok(MODULE, filter=text)
    assert names(result) == ["ann", "Zoë"]
    assert result["sent"][0]["query"]["filter"] == text


@pytest.mark.parametrize("text", ['userName sounds "ann"', "("])
def test_a_refused_filter_fails_with_the_text_of_the_service(people, text):
    result = people.fails(MODULE, filter=text)
    assert "filter" in result["msg"] and result["failure"]["status"] == 400
    assert result["failure"]["detail"] and result["failure"]["detail"] in result["msg"]
    assert text.split()[0] in result["failure"]["operation"]


@pytest.mark.parametrize("option", ["id", "user_name", "external_id", "filter"])
def test_an_empty_option_is_refused(people, option):
    result = people.fails(MODULE, **{option: " "})
    assert option in result["msg"]
    assert result["sent"] == []


def test_two_identifying_options_are_refused(people):
    assert "mutually exclusive" in people.fails(MODULE, user_name="ann", filter="userName pr")["msg"]


def test_effective_groups_include_their_path(people):
    (ann,) = people.ok(MODULE, user_name="ann", effective=True)["users"]
    ids = people.ids["groups"]
    assert ann["effective_groups"] == [
        {"id": ids["Company"], "display_name": "Company", "direct": True, "path": ["Company"]},
        {"id": ids["Team"], "display_name": "Team", "direct": True, "path": ["Team"]},
        {"id": ids["Division"], "display_name": "Division", "direct": False, "path": ["Division", "Team"]},
    ]
    (bob,) = people.ok(MODULE, user_name="bob", effective=True)["users"]
    assert [(group["display_name"], group["direct"], group["path"]) for group in bob["effective_groups"]] == [
        ("Division", True, ["Division"]),
        ("Company", False, ["Company", "Division"]),
    ]
    (zoe,) = people.ok(MODULE, user_name="Zoë", effective=True)["users"]
    assert zoe["effective_groups"] == []


def test_effective_groups_of_all_users_need_two_lists(people):
    result = people.ok(MODULE, effective=True)
    assert all("effective_groups" in user for user in result["users"])
    assert {path.rsplit("/", 1)[-1] for path in requests(result)} == {"user", "group"}
    assert len(result["sent"]) <= 4


def test_an_empty_result_reads_no_groups(people):
    result = people.ok(MODULE, id="00000000-0000-4000-8000-000000000000", effective=True)
    assert (result["users"], len(result["sent"])) == ([], 1)


def test_a_cycle_ends(people):
    people.service.seed(
        groups=[{"displayName": "Egg", "members": ["Hen"]}, {"displayName": "Hen", "members": ["Egg", "bob"]}]
    )
    (bob,) = people.ok(MODULE, user_name="bob", effective=True)["users"]
    paths = {group["display_name"]: group["path"] for group in bob["effective_groups"]}
    assert (paths["Hen"], paths["Egg"]) == (["Hen"], ["Egg", "Hen"])


def test_an_incomplete_list_fails(people):
    people.service.configure(start_index="ignored", max_page_size=1)
    assert "incomplete" in people.fails(MODULE)["msg"]


def test_a_refused_key(people):
    result = people.fails(MODULE, connection={"api_key": "wrong-key"})
    assert result["failure"]["status"] == 401
    assert "wrong-key" not in result["msg"]


def test_unusual_values_of_groups_do_not_fail(playground):
    user = {"id": "1", "userName": "ann", "groups": [{"value": ["x"]}, "y", {"value": "g-1", "display": "Team"}, {}]}
    playground.service.add_fault(kind="status", method="GET", status=200, body={"resources": [user]}, times=5)
    [shown] = playground.ok("p1_user_info")["users"]
    assert shown["member_of"] == [{"id": "g-1", "display_name": "Team"}]


def test_administrators_and_the_groups_that_make_them(playground):
    seeded = playground.service.seed(
        users=[{"userName": "olga"}, {"userName": "tim"}],
        groups=[
            {"displayName": "Operators", "members": ["olga"]},
            {"displayName": "Domain Administrators", "members": ["Operators"]},
            {"displayName": "Domain Administrators of ours", "members": ["tim"]},
        ],
    )
    found = {
        user["user_name"]: user["administrator_by"] for user in playground.ok("p1_user_info", effective=True)["users"]
    }
    assert [group["display_name"] for group in found["olga"]] == ["Domain Administrators", "Operators"]
    assert found["olga"][1]["id"] == seeded["groups"]["Operators"]
    assert found["tim"] == [] and [group["display_name"] for group in found["admin@example.com"]] == ["Domain Administrators"]
    groups = playground.ok("p1_group_info", effective=True)["groups"]
    assert [group["display_name"] for group in groups if group["administers"]] == ["Domain Administrators", "Operators"]
    one = playground.ok("p1_group_info", effective=True, display_name="OPERATORS")
    assert one["groups"][0]["administers"] is True and one["api"]["reads"] == 3  # both pages of the list, and the group
