# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that users are found on services whose filters misread special characters (rule 1)."""

from __future__ import annotations

import pytest

ZED = "zed+vpn@corp.example"


@pytest.fixture(params=["regex", "no_specials"])
def misread(request, directory):
    """Return a directory with one user that the filter does not find."""
    directory.service.configure(filter_literal=request.param)
    names = [f"user-{number}@corp.example" for number in range(4)]
    directory.seeded = directory.service.seed(
        users=[{"userName": name} for name in names] + [{"userName": ZED, "externalId": "hr+7"}],
        groups=[{"displayName": "VPN", "members": [ZED, names[0]]}],
    )
    return directory


def filters(result):
    return [entry for entry in result["sent"] if "filter" in entry["query"]]


def test_a_removal_finds_the_user(misread):
    misread.converge("p1_user", user_name=ZED, state="absent")
    assert ZED not in misread.users()


def test_a_membership_of_the_user_is_removed(misread):
    result = misread.converge("p1_group_membership", group="VPN", users=[ZED], state="absent")
    assert [member["name"] for member in result["removed"]] == [ZED]


def test_a_rename_detects_the_conflict(misread):
    result = misread.fails("p1_user", user_name="user-1@corp.example", new_user_name=ZED)
    assert "both names are in use" in result["msg"]


def test_a_create_does_not_overwrite_the_user_with_the_external_id(misread):
    result = misread.fails("p1_user", user_name="new@corp.example", external_id="hr+7")
    assert "hr+7" in result["msg"]
    assert ZED in result["msg"]
    assert ZED in misread.users()
    assert not [entry for entry in result["sent"] if entry["method"] != "GET"]


def test_an_existing_user_is_not_created(misread):
    result = misread.ok("p1_user", user_name=ZED, title="Boss")
    assert result["user"]["id"] == misread.seeded["users"][ZED]
    assert [entry["method"] for entry in result["sent"] if entry["method"] != "GET"] == ["PUT"]


def test_a_plain_name_is_found_without_reading_the_list(directory):
    """One filter, a sample and one filter to test it; the last request searches similar names."""
    directory.service.seed(users=[{"userName": f"user-{number}@corp.example"} for number in range(4)])
    result = directory.ok("p1_user", user_name="gone@corp.example", state="absent")
    assert not result["changed"]
    assert len(result["sent"]) == 4
    assert len(filters(result)) == 3


def test_the_sample_of_users_is_searched(directory):
    """The users read to test the filter include the user that the filter did not find."""
    directory.service.configure(filter_literal="no_specials")
    directory.service.seed(users=[{"userName": "a+b"}, {"userName": "q+r"}])
    result = directory.ok("p1_user_info", user_name="a+b")
    assert [user["user_name"] for user in result["users"]] == ["a+b"]


def test_a_create_with_an_external_id_is_refused_when_absence_cannot_be_proven(directory):
    """The list may be incomplete and the filter is refused, so a user with the external id may exist."""
    directory.service.configure(
        start_index="ignored", total_results="page", max_page_size=2, user_filter="400", default_group="off"
    )
    directory.service.seed(users=[{"userName": f"u{number}", "externalId": f"hr-{number}"} for number in range(5)])
    result = directory.fails("p1_user", user_name="new", external_id="hr-4")
    assert "may exist, because the list of users may be incomplete" in result["msg"]
    assert not [entry for entry in result["sent"] if entry["method"] != "GET"]
    assert directory.ok("p1_user", user_name="new")["changed"]


@pytest.mark.parametrize("entry", [{"id": "u1", "user_name": "taken"}, {"user_name": "new", "external_id": "hr+7"}])
def test_p1_directory_looks_up_users_missing_from_an_incomplete_list(directory, entry):
    directory.service.configure(start_index="ignored", total_results="page", max_page_size=3)
    directory.service.seed(
        users=[{"userName": "a+b", "externalId": "x+y"}, {"userName": "u1", "id": "u1"}]
        + [{"userName": "taken", "externalId": "hr+7"}]
    )
    result = directory.fails("p1_directory", users=[entry])
    assert "taken" in result["msg"]
    assert not [sent for sent in result["sent"] if sent["method"] != "GET"]
