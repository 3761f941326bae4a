# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_directory with CSV documents: sent requests, a second run without requests, and refused input."""

from __future__ import annotations

import pytest
from directory_play import MODULE, PEOPLE, TEAMS, drift, rows, time_stands_still, writes

ADDRESSES = [{"value": "ann@example.org", "type": "work"}, {"value": "ann@home.example", "type": "home"}]


@pytest.fixture
def world(playground):
    """Seed ann with two addresses, bob and the disabled cid; team of ann and bob, board of cid and team, and an empty group."""
    playground.ids = playground.service.seed(users=[{**PEOPLE[0], "emails": ADDRESSES}, *PEOPLE[1:]], groups=TEAMS)
    with time_stands_still():
        yield playground


@pytest.fixture
def document(tmp_path):
    def write(text, name="people.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


FEED = """\
Nr;Anmeldename;Büro;Email;Email privat;Gruppen;Aktiv
hr:1;ann;2,5. OG;ann@new.example;;team, empty;yes
hr:4;jörg;;jörg@example.org;j@x;board;1
hr:2;bob;;;;;
"""
COLUMNS = {
    "external_id": "Nr",
    "user_name": "Anmeldename",
    "attributes.office": "Büro",
    "emails.work": "Email",
    "emails.home": "Email privat",
    "groups": "Gruppen",
    "active": "Aktiv",
}


def test_a_feed_with_other_headers(world, document):
    options = {"src": document(FEED, encoding="utf-16"), "columns": COLUMNS, "list_separator": ",", "match_users_by": "external_id"}
    result = world.converge(MODULE, **options)
    assert rows(result) == ["create user jörg", "update user ann", "add board: user jörg", "add empty: user ann"]
    ann = world.users()["ann"]
    assert sorted(item["value"] for item in ann["emails"]) == ["ann@home.example", "ann@new.example"]  # The blank cell kept the other address.
    assert (ann["office"], ann["title"]) == ("2,5. OG", "Nurse")
    assert world.users()["bob"]["emails"][0]["value"] == "bob@example.org"


def test_blank_cells_clear_with_on_empty_clear(world, document):
    world.converge(MODULE, src=document("user_name,title,emails.work,emails.home\nann,,,\n"), on_empty="clear")
    ann = world.users()["ann"]
    assert not ann.get("title") and not ann.get("emails")


def test_exact_memberships_declare_the_group_and_remove_other_members(world, document):
    result = world.converge(MODULE, src=document("group,user,membership\nteam,ann,exact\nteam,cid,\nnew,bob,\n"))
    assert rows(result) == ["remove team: user bob", "create group new", "add new: user bob", "add team: user cid"]


def test_additive_memberships_remove_no_member(world, document):
    result = world.ok(MODULE, src=document("group,user\nteam,cid\n"))
    assert rows(result) == ["add team: user cid"]
    assert [text for text in drift(result, "unmanaged") if text.startswith("team: ")] == ["team: ann", "team: bob"]


def test_unknown_members_and_groups_are_refused_with_line_and_column(world, document, tmp_path):
    document("Team;Wer\nteam;ann\nteam;bop\n", "a.csv")
    document("Login;Teams\nann;team,teams\n", "b.csv")
    columns = {"group": "Team", "user": "Wer", "user_name": "Login", "groups": "Teams"}
    result = world.fails(MODULE, src=str(tmp_path), columns=columns, list_separator=",")
    problems = [problem.replace(f"{tmp_path}/", "") for problem in result["problems"]]
    assert problems == [
        "b.csv:2, column 'Teams': groups: group 'teams' does not exist. Did you mean 'team'?",
        "a.csv:3, column 'Wer': members.users: user 'bop' does not exist. Did you mean 'bob'?",
    ]
    assert writes(result) == []


def test_names_with_invisible_characters_are_refused_with_the_line(world, document):
    result = world.fails(MODULE, src=document('user_name,groups\n"new ",\nnéw\u00a0,\nann,\u00a0team\n'))
    problems = [problem.rpartition("/")[2] for problem in result["problems"]]
    assert problems == [
        "people.csv:2 ('new\\x20'): user_name 'new\\x20' contains a trailing blank. Write the name without it",
        "people.csv:3 ('néw\\xa0'): user_name 'néw\\xa0' contains a trailing blank, no-break space (\\xa0). Write the name without it",
        "people.csv:4, column 'groups': groups: group '\\xa0team' does not exist. Did you mean 'team'?",
    ]
    assert writes(result) == []


def test_problems_of_all_documents_are_reported_before_any_request(world, document, tmp_path):
    document("user_name,active\nann,ja\nANN,no\n", "a.csv")
    document("users: [{user_name: bob, titel: x}]", "b.yml")
    result = world.fails(MODULE, src=str(tmp_path))
    problems = [problem.replace(f"{tmp_path}/", "") for problem in result["problems"]]
    assert problems == [
        "a.csv:2, column 'active': active must be one of true, false, yes, no, 1, 0",
        "b.yml:1 ('bob') has the unknown option 'titel'. Did you mean 'title'?",
        "a.csv:3 ('ANN') names the same object as a.csv:2 ('ann')",
    ]
    assert result["sent"] == []


def test_columns_requires_src(world):
    result = world.fails(MODULE, users=[{"user_name": "ann"}], columns={"user_name": "Login"})
    assert "columns describes the CSV documents of src, but src is not set" in result["msg"]


def test_unlisted_users_of_a_feed(world, document):
    result = world.ok(MODULE, src=document("user_name\nann\nadmin@example.com\n"), unlisted_users="disable", check=True)
    assert rows(result) == ["disable user bob"]


@pytest.mark.parametrize("check", [True, False])
def test_yaml_is_not_written_to_a_csv_file(world, tmp_path, check):
    for module, options in {MODULE: {"users": [], "backup": f"{tmp_path}/b.CSV"}, "p1_directory_export": {"dest": f"{tmp_path}/d.csv"}}.items():
        failed = world.fails(module, check=check, **options)
        assert "ends in .csv, but the module writes YAML or JSON. Use the ending .yml or .json" in failed["msg"]
        assert failed["sent"] == []
