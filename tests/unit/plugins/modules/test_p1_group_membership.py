# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_group_membership end to end against the emulator, one test for each statement of its contract."""

from __future__ import annotations

import pytest
from directory_play import side

pytestmark = pytest.mark.both_doors

MODULE = "p1_group_membership"
NO_USER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def team(directory):
    """Return the directory with users ann, bob and eve, and a group Team of ann and the group Nested."""
    made = directory.service.seed(
        users=[{"userName": "ann"}, {"userName": "bob"}, {"userName": "eve"}],
        groups=[
            {"displayName": "Nested"},
            {"displayName": "Others"},
            {"displayName": "Team", "members": ["ann", "Nested"]},
        ],
    )
    directory.ids = {**made["users"], **made["groups"]}
    return directory


def names(team):
    """Return the names of Team's members."""
    by_id = {member_id: name for name, member_id in team.ids.items()}
    return {by_id[member_id] for member_id in team.members("Team")}


def row(team, name):
    kind = "user" if name in ("ann", "bob", "eve") else "group"
    return {"id": team.ids[name], "kind": kind, "name": name}


def writes(result):
    return [(entry["method"], entry["body"]) for entry in result["sent"] if entry["method"] != "GET"]


def by_id(team, options):
    """Return the options with ids in place of names."""
    translated = {"users": "user_ids", "groups": "group_ids"}
    return {
        translated.get(name, name): [team.ids.get(item, item) for item in value] if name in translated else value
        for name, value in options.items()
    }


# state, listed members, members afterward, added, removed
CHANGES = [
    ("present", {"users": ["bob"]}, {"ann", "bob", "Nested"}, ["bob"], []),
    (
        "present",
        {"users": ["ann", "bob"], "groups": ["Others"]},
        {"ann", "bob", "Nested", "Others"},
        ["bob", "Others"],
        [],
    ),
    ("absent", {"users": ["ann", "bob"]}, {"Nested"}, [], ["ann"]),
    ("absent", {"groups": ["Nested"]}, {"ann"}, [], ["Nested"]),
    ("exact", {"users": ["bob"]}, {"bob", "Nested"}, ["bob"], ["ann"]),
    ("exact", {"groups": ["Others"]}, {"ann", "Others"}, ["Others"], ["Nested"]),
    ("exact", {"users": ["eve"], "groups": ["Others"]}, {"eve", "Others"}, ["eve", "Others"], ["ann", "Nested"]),
    ("exact", {"users": ["ann"], "groups": []}, {"ann"}, [], ["Nested"]),
    ("exact", {"users": [], "allow_empty": True}, {"Nested"}, [], ["ann"]),
    ("exact", {"users": [], "groups": [], "allow_empty": True}, set(), [], ["ann", "Nested"]),
]


@pytest.mark.parametrize("form", ["names", "ids"])
@pytest.mark.parametrize(("state", "listed", "after", "added", "removed"), CHANGES)
def test_states(team, form, state, listed, after, added, removed):
    options = {"group": "Team", **listed} if form == "names" else {"group_id": team.ids["Team"], **by_id(team, listed)}
    checked = team.ok(MODULE, check=True, state=state, **options)
    done = team.converge(MODULE, state=state, **options)
    assert names(team) == after
    assert sorted(done["added"], key=str) == sorted((row(team, name) for name in added), key=str)
    assert sorted(done["removed"], key=str) == sorted((row(team, name) for name in removed), key=str)
    assert done["group"] == {"id": team.ids["Team"], "display_name": "Team", "member_count": len(after)}
    for key in ("group", "added", "removed", "diff", "changed"):
        assert checked[key] == done[key], f"{key} differs in check mode"


@pytest.mark.parametrize(
    ("state", "listed"),
    [
        ("present", {"users": ["ann"], "groups": ["Nested"]}),
        ("present", {"users": ["ANN"]}),
        ("present", {"users": []}),
        ("absent", {"users": ["bob", "noaccount"], "groups": ["nowhere"]}),
        ("absent", {"user_ids": [NO_USER], "group_ids": [NO_USER]}),
        ("absent", {"users": [], "groups": []}),
        ("exact", {"users": ["ann"]}),
        ("exact", {"users": ["ann"], "groups": ["Nested"]}),
    ],
)
def test_unchanged(team, state, listed):
    done = team.converge(MODULE, changed=False, group="Team", state=state, **listed)
    assert done["added"] == done["removed"] == []
    assert done["group"]["member_count"] == 2
    assert side(done, "before") == side(done, "after")
    assert names(team) == {"ann", "Nested"}


def test_only_the_difference_is_patched(team):
    """The module sends neither a PUT of the group nor ``meta.attributes``."""
    done = team.ok(MODULE, group="Team", users=["bob"], state="exact")
    assert writes(done) == [
        ("PATCH", {"members": [{"value": team.ids["ann"], "type": "User", "operation": "delete"}]}),
        ("PATCH", {"members": [{"value": team.ids["bob"], "type": "User"}]}),
    ]


def test_many_members_are_sent_in_chunks_and_verified(directory):
    people = [f"user{number:03}" for number in range(230)]
    directory.service.seed(users=[{"userName": name} for name in people], groups=[{"displayName": "Team"}])
    directory.service.configure(patch_max_members=50)
    done = directory.converge(MODULE, group="Team", users=people)
    assert len(done["added"]) == done["group"]["member_count"] == len(directory.members("Team")) == 230


def test_a_member_listed_twice_is_added_once(team):
    done = team.converge(MODULE, group="Team", users=["bob", "BOB", "bob"], user_ids=[team.ids["bob"], team.ids["bob"]])
    assert done["added"] == [row(team, "bob")]


def test_names_and_ids_can_be_combined(team):
    team.converge(MODULE, group="Team", users=["bob"], user_ids=[team.ids["eve"]], state="exact")
    assert names(team) == {"bob", "eve", "Nested"}


def test_the_diff_names_the_members(team):
    done = team.ok(MODULE, group="Team", users=["bob"], state="exact")
    assert side(done, "before") == {"members": ["group Nested", "user ann"]}
    assert side(done, "after") == {"members": ["group Nested", "user bob"]}
    assert "'Team'" in done["diff"]["before_header"]


# -- exact ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("listed", [{"users": []}, {"users": [], "groups": []}, {"user_ids": []}])
@pytest.mark.parametrize("check", [True, False])
def test_exact_without_members_needs_allow_empty(team, listed, check):
    failed = team.fails(MODULE, group="Team", state="exact", check=check, **listed)
    assert "allow_empty" in failed["msg"]
    assert failed["sent"] == []
    assert names(team) == {"ann", "Nested"}


@pytest.mark.parametrize(
    "options", [{}, {"state": "absent"}, {"state": "exact"}, {"state": "exact", "allow_empty": True}]
)
def test_a_task_without_members_is_refused_before_any_request(team, options):
    """Without a list the task does not show whether users or groups are meant; an empty list does."""
    failed = team.fails(MODULE, group="Team", **options)
    assert "users" in failed["msg"]
    assert failed["sent"] == []


def test_many_ids_are_read_from_the_list(team):
    ids = list(team.service.seed(users=[{"userName": f"u{number}"} for number in range(40)])["users"].values())
    done = team.converge(MODULE, group="Team", user_ids=ids[:30])
    assert done["api"]["reads"] < 10
    removed = team.converge(MODULE, group="Team", user_ids=[*ids[20:], ids[21].upper()], state="absent")
    assert sorted(member["id"] for member in removed["removed"]) == sorted(ids[20:30])
    assert removed["api"]["reads"] < 10 and removed["warnings"] == []


# -- unknown members -----------------------------------------------------------------------------------

UNKNOWN = [
    {"users": ["noaccount"]},
    {"groups": ["nowhere"]},
    {"user_ids": [NO_USER]},
    {"group_ids": [NO_USER]},
]


@pytest.mark.parametrize("state", ["present", "exact"])
@pytest.mark.parametrize("listed", UNKNOWN, ids=str)
def test_an_unknown_member_fails_before_the_first_write(team, listed, state):
    options = {"users": ["bob"]}
    for name, value in listed.items():
        options[name] = options.get(name, []) + value
    failed = team.fails(MODULE, group="Team", state=state, **options)
    [unknown] = next(iter(listed.values()))
    assert unknown in failed["msg"]
    assert writes(failed) == []
    assert failed["changed"] is False
    assert names(team) == {"ann", "Nested"}


def test_all_unknown_members_are_named(team):
    failed = team.fails(MODULE, group="Team", users=["noaccount", "bob", "noone"], groups=["nowhere"])
    for name in ("user 'noaccount'", "user 'noone'", "group 'nowhere'"):
        assert name in failed["msg"]
    assert "bob" not in failed["msg"]


@pytest.mark.parametrize("choice", ["warn", "ignore"])
@pytest.mark.parametrize("listed", UNKNOWN, ids=str)
def test_with_warn_and_ignore_the_known_members_are_added(team, choice, listed):
    options = {"users": ["bob"]}
    for name, value in listed.items():
        options[name] = options.get(name, []) + value
    done = team.ok(MODULE, group="Team", on_unknown_member=choice, **options)
    assert names(team) == {"ann", "bob", "Nested"}
    assert done["added"] == [row(team, "bob")]
    assert bool([warning for warning in done["warnings"] if "does not exist" in warning]) == (choice == "warn")


def test_an_id_of_the_other_kind_is_unknown(team):
    team.fails(MODULE, group="Team", user_ids=[team.ids["Others"]])
    team.fails(MODULE, group="Team", group_ids=[team.ids["bob"]])
    assert names(team) == {"ann", "Nested"}


@pytest.mark.parametrize("state", ["present", "exact"])
@pytest.mark.parametrize("listed", UNKNOWN, ids=str)
def test_in_check_mode_an_unknown_member_is_a_warning_and_a_row_without_id(team, listed, state):
    checked = team.ok(MODULE, check=True, group="Team", state=state, **listed)
    [(option, [name])] = listed.items()
    assert checked["changed"] is True
    assert checked["added"] == [{"id": None, "kind": option[:-1].replace("_id", ""), "name": name}]
    assert any(name in warning and "earlier task" in warning for warning in checked["warnings"])


@pytest.mark.parametrize("option", ["users", "user_ids", "groups", "group_ids"])
def test_an_empty_entry_is_refused_before_any_request(team, option):
    failed = team.fails(MODULE, group="Team", **{option: ["", "bob"]})
    assert f"{option} contains an empty entry" in failed["msg"]
    assert failed["sent"] == []


# -- the group -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["present", "exact"])
@pytest.mark.parametrize("which", [{"group": "Nowhere"}, {"group_id": NO_USER}])
def test_a_missing_group_fails_and_warns_in_check_mode(team, which, state):
    failed = team.fails(MODULE, users=["bob"], state=state, **which)
    assert next(iter(which.values())) in failed["msg"]
    assert ("Correct group_id" if "group_id" in which else "p1_group") in failed["msg"], "what to do"
    checked = team.ok(MODULE, check=True, users=["bob"], state=state, **which)
    assert checked["changed"] is True
    assert checked["group"]["id"] is None
    assert checked["group"]["member_count"] == 1
    assert checked["added"] == [row(team, "bob")]
    assert any("earlier task" in warning for warning in checked["warnings"])


@pytest.mark.parametrize("which", [{"group": "Nowhere"}, {"group_id": NO_USER}])
def test_a_missing_group_is_unchanged_with_absent(team, which):
    done = team.ok(MODULE, users=["ann"], state="absent", **which)
    assert (done["changed"], done["removed"], done["added"]) == (False, [], [])
    assert done["group"]["id"] is None
    checked = team.ok(MODULE, check=True, users=["ann"], state="absent", **which)
    assert checked["changed"] is False
    assert any("so no member was removed" in warning for warning in checked["warnings"])


def test_a_single_match_in_another_case_is_used_with_a_warning(team):
    done = team.converge(MODULE, group="TEAM", users=["bob"], groups=["OTHERS"])
    assert names(team) == {"ann", "bob", "Nested", "Others"}
    assert any("'TEAM' is called 'Team'" in warning for warning in done["warnings"])
    assert any("'OTHERS' is called 'Others'" in warning for warning in done["warnings"])
    assert done["group"]["display_name"] == "Team"


def test_several_groups_with_one_name_are_refused_with_their_ids(team):
    other = team.service.seed(groups=[{"displayName": "Team"}])["groups"]["Team"]
    failed = team.fails(MODULE, group="Team", users=["bob"])
    assert team.ids["Team"] in failed["msg"]
    assert other in failed["msg"]
    team.converge(MODULE, group_id=team.ids["Team"], users=["bob"])


@pytest.mark.parametrize("options", [{}, {"group": ""}, {"group_id": " "}, {"group": "Team", "group_id": "x"}])
def test_the_group_must_be_given_once(directory, options):
    failed = directory.fails(MODULE, users=["admin@example.com"], **options)
    assert "group" in failed["msg"]
    assert failed["sent"] == []


@pytest.mark.usefixtures("no_waiting")
def test_a_read_only_group_fails_with_the_text_of_the_service(team):
    failed = team.fails(MODULE, group="Domain Administrators", users=["bob"])
    assert failed["failure"]["operation"] == "change the members of group 'Domain Administrators'"
    assert failed["failure"]["status"] == 403
    assert failed["failure"]["detail"]
    assert failed["failure"]["detail"] in failed["msg"]
    assert (failed["changed"], failed["added"], failed["removed"]) == (False, [], [])
    assert failed["group"]["member_count"] == 1


@pytest.mark.usefixtures("no_waiting")
def test_a_failed_addition_reports_the_completed_removal(team):
    """The removal is sent first and remains when the addition is refused."""
    team.service.add_fault(kind="status", method="PATCH", status=403, skip=1, body={"message": "No more today"})
    failed = team.fails(MODULE, group="Team", users=["bob"], state="exact")
    assert "No more today" in failed["msg"]
    assert failed["changed"] is True
    assert failed["removed"] == [row(team, "ann")]
    assert failed["added"] == []
    assert failed["group"]["member_count"] == 1
    assert names(team) == {"Nested"}


# -- nesting -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [True, False])
def test_nesting_a_group_in_itself_is_refused_with_the_path(team, check):
    failed = team.fails(MODULE, group="Team", groups=["Team"], check=check)
    assert "'Team' > 'Team'" in failed["msg"]
    assert writes(failed) == []


@pytest.mark.parametrize("form", ["names", "ids"])
def test_nesting_that_closes_a_cycle_is_refused_with_the_path(team, form):
    team.ok(MODULE, group="Nested", groups=["Others"])
    options = {"group": "Others", "groups": ["Team"]}
    failed = team.fails(MODULE, **(options if form == "names" else by_id(team, options)))
    assert "'Others' > 'Team' > 'Nested' > 'Others'" in failed["msg"]
    assert writes(failed) == []


def test_a_group_nested_in_two_groups_is_not_a_cycle(team):
    team.converge(MODULE, group="Others", groups=["Nested"])
    team.converge(MODULE, group="Team", groups=["Others"])


# -- check mode across tasks ---------------------------------------------------------------------------


def test_check_mode_plans_members_that_earlier_tasks_would_create(directory):
    """A play of three tasks runs on an empty directory, first in check mode, then for real."""
    play = [
        ("p1_user", {"user_name": "ann"}),
        ("p1_group", {"display_name": "Team"}),
        ("p1_group", {"display_name": "Nested"}),
        (MODULE, {"group": "Team", "users": ["ann"], "groups": ["Nested"], "state": "exact"}),
    ]
    checked = [directory.ok(name, check=True, **options) for name, options in play]
    done = [directory.ok(name, **options) for name, options in play]
    assert [result["changed"] for result in checked] == [result["changed"] for result in done] == [True] * 4
    assert [{**member, "id": None} for member in done[-1]["added"]] == checked[-1]["added"]
    assert checked[-1]["group"]["member_count"] == done[-1]["group"]["member_count"] == 2


# -- undocumented behavior -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {"patch_status": 204, "member_type": "title"},
        {"patch_delete_absent": 400, "patch_max_members": 1},
        {"user_filter": "ignored", "group_filter": "ignored"},
        {"user_filter": "400", "group_filter": "400", "short_page": 2, "total_results": "page"},
        {"etag": "offered", "list_key": "Resources", "user_groups": "nested"},
    ],
    ids=",".join,
)
def test_the_result_does_not_depend_on_undocumented_behavior(team, settings):
    team.service.configure(**settings)
    team.converge(MODULE, group="Team", users=["bob", "eve"], groups=["Others"])
    team.converge(MODULE, group="Team", users=["bob"], groups=["Nested"], state="absent")
    team.converge(MODULE, group="Team", users=["bob"], groups=[], state="exact")
    assert names(team) == {"bob"}


@pytest.mark.usefixtures("no_waiting")
def test_a_member_that_the_service_silently_ignores_is_a_failure(team):
    """Both users exist when the task reads them; one is deleted before the write."""
    team.service.configure(patch_unknown_member="ignored")

    def delete_it_first(service, method, path, phase):
        if method == "PATCH" and phase == "before":
            service.store.delete_user(team.ids["eve"])

    team.service.on_request(delete_it_first)
    failed = team.fails(MODULE, group="Team", users=["bob", "eve"])
    assert team.ids["eve"] in failed["msg"]
    assert failed["changed"] is True
    assert failed["added"] == [row(team, "bob")]


def test_a_refused_change_is_not_reported_as_done(team):
    """This holds even if the members cannot be read back."""
    team.service.add_fault(kind="status", method="PATCH", status=403, times=None)
    team.service.add_fault(kind="status", method="GET", path="/directory/group/", status=403, skip=1, times=None)
    failed = team.fails(MODULE, group="Team", users=["bob"])
    assert (failed["changed"], failed["added"], failed["removed"]) == (False, [], [])
    assert failed["group"]["member_count"] == 2


@pytest.mark.parametrize("policy", ["warn", "ignore"])
def test_exact_with_only_unknown_members_does_not_empty_the_group(playground, policy):
    playground.service.seed(users=[{"userName": "ann"}], groups=[{"displayName": "Devs", "members": ["ann"]}])
    desired = {"group": "Devs", "users": ["noaccount"], "state": "exact", "on_unknown_member": policy}
    assert "would remove all users" in playground.fails("p1_group_membership", **desired)["msg"]
    assert len(playground.members("Devs")) == 1
    playground.ok("p1_group_membership", allow_empty=True, **desired)
    assert playground.members("Devs") == set()


def test_in_check_mode_an_unknown_member_is_planned_with_on_unknown_member_warn(playground):
    playground.ok("p1_group", name="Devs")
    checked = playground.ok(
        "p1_group_membership", check=True, group="Devs", users=["new"], on_unknown_member="warn"
    )
    assert checked["changed"] and checked["added"] == [{"id": None, "kind": "user", "name": "new"}]
    assert any("does not exist" in text for text in checked["warnings"])


# -- ids in another case and null values ---------------------------------------------------------------


def test_ids_are_compared_without_case(team):
    ann, bob = team.ids["ann"].upper(), team.ids["bob"].upper()
    team.converge(MODULE, changed=False, group="Team", user_ids=[ann], state="present")
    team.converge(MODULE, group="Team", user_ids=[ann, bob], state="exact")
    assert names(team) == {"ann", "bob", "Nested"}
    team.converge(MODULE, changed=False, group="Team", user_ids=[ann, bob], state="exact")
    done = team.converge(MODULE, group="Team", user_ids=[ann], state="absent")
    assert [item["name"] for item in done["removed"]] == ["ann"]
    assert names(team) == {"bob", "Nested"}


def test_a_null_group_is_not_given(team):
    failed = team.fails(MODULE, group=None, users=["ann"])
    assert "one of the following is required: group, group_id" in failed["msg"]
    assert team.ok(MODULE, group=None, group_id=team.ids["Team"], users=["ann"])["changed"] is False


def test_exact_does_not_remove_all_users_if_every_listed_user_is_unknown(team):
    failed = team.fails(
        MODULE, group="Team", state="exact", users=["noaccount"], groups=["Nested"], on_unknown_member="warn"
    )
    assert "none of the listed users exists, which would remove all users" in failed["msg"]
    assert names(team) == {"ann", "Nested"}
    team.ok(
        MODULE,
        group="Team",
        state="exact",
        users=["noaccount"],
        groups=["Nested"],
        on_unknown_member="warn",
        allow_empty=True,
    )
    assert names(team) == {"Nested"}


@pytest.mark.parametrize("state", ["present", "absent", "exact"])
@pytest.mark.parametrize("by", ["group", "group_id"])
def test_refuse_administering_groups_refuses_every_state(playground, state, by):
    seeded = playground.service.seed(
        users=[{"userName": "ann"}, {"userName": "bob"}],
        groups=[
            {"displayName": "Operators", "members": ["bob"]},
            {"displayName": "Domain Administrators", "members": ["Operators"]},
            {"displayName": "Staff", "members": ["bob"]},
        ],
    )

    def options(name):
        users = ["bob"] if state == "absent" else ["ann"]
        return {by: name if by == "group" else seeded["groups"][name], "users": users, "state": state}

    failed = playground.fails("p1_group_membership", refuse_administering_groups=True, **options("Operators"))
    assert "group 'Operators' makes its members administrators (Domain Administrators > Operators)" in failed["msg"]
    assert not [entry for entry in failed["sent"] if entry["method"] != "GET"]
    assert playground.ok("p1_group_membership", refuse_administering_groups=True, **options("Staff"))["changed"]
    assert playground.ok("p1_group_membership", **options("Operators"))["changed"]


def test_in_check_mode_removing_a_name_that_an_earlier_task_would_set_warns(team):
    """In the real run an earlier task renames ann; in check mode ``anna`` does not exist."""
    result = team.ok("p1_group_membership", check=True, group="Team", users=["anna"], state="absent")
    assert result["changed"] is False
    (warning,) = [text for text in result["warnings"] if "anna" in text]
    assert "an earlier task may create the member or rename one to this name" in warning
