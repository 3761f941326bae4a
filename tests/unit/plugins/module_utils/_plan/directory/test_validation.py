# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that validate_only finds problems without a directory and refuses nothing that a directory may accept."""

from __future__ import annotations

import copy

import pytest
from desired_directories import TODAY, directory, group, rules, user
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._documents.export import directory_document
from ansible_collections.pingone.directory.plugins.module_utils._documents.located import Located
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.lists import read_desired
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.plan import PlanRefused
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.planner import plan_directory
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.validation import validate
from ansible_collections.pingone.directory.plugins.module_utils._plan.policy import Scope


def check(users=None, groups=None, default_group=None, **options):
    """Check a desired state; options are those of p1_directory."""
    settings = {name: options.pop(name) for name in ("membership", "multi_valued", "on_empty") if name in options}
    desired = read_desired(users, groups, {"match_users_by": options.get("match_users_by"), **settings}, TODAY)
    return validate(desired, rules(**options), default_group)


EU = {"users": {"user_name": ["*@eu"]}, "groups": {"display_name": ["eu-*"]}}

REFUSED = {
    "deleted user is a member": (
        [{"user_name": "Ann", "state": "absent"}],
        [{"name": "team", "members": {"users": ["ann"]}}],
        {},
        "groups[0] ('team'): its member user 'ann' is to be deleted",
    ),
    "deleted user is a member by id": (
        [{"id": "ANN-1", "state": "absent"}],
        [{"name": "team", "members": {"user_ids": ["ann-1"]}}],
        {},
        "groups[0] ('team'): its member user 'ann-1' is to be deleted",
    ),
    "deleted group is nested": (
        None,
        [{"name": "old", "state": "absent"}, {"name": "team", "members": {"groups": ["old"]}}],
        {},
        "groups[1] ('team'): its member group 'old' is to be deleted",
    ),
    "user joins a deleted group": (
        [{"user_name": "ann", "groups": ["old"]}],
        [{"name": "old", "state": "absent"}],
        {},
        "users[0] ('ann'): group 'old' is to be deleted",
    ),
    "same group by name and by id": (
        [{"user_name": "ann", "groups": ["team"]}],
        [{"name": "team"}, {"id": "1", "name": "Team"}],
        {},
        "groups[1] ('Team'): the entry names the same group as groups[0] ('team'), id 1",
    ),
    "name taken from a group by id": (
        None,
        [{"id": "1", "name": "a"}, {"name": "b", "new_display_name": "a"}],
        {},
        "groups[1] ('b'): both names are in use: 'b' by groups[1] ('b'), 'a' by 1",
    ),
    "same name": (
        [{"user_name": "ann"}, {"user_name": "ANN", "title": "x"}],
        None,
        {},
        "users[1] ('ANN') names the same object as users[0] ('ann')",
    ),
    "same name by id": (
        [{"id": "1", "user_name": "ann"}, {"user_name": "ann"}],
        None,
        {},
        "users[1] ('ann'): the entry names the same user as users[0] ('ann'), id 1",
    ),
    "same name by external id": (
        [{"user_name": "ann", "external_id": "1"}, {"user_name": "ann", "external_id": "2"}],
        None,
        {"match_users_by": "external_id"},
        "users[1] ('ann'): the entry would have the same name as users[0] ('ann')",
    ),
    "same external id": (
        [{"user_name": "ann", "external_id": "1"}, {"user_name": "bob", "external_id": "1"}],
        None,
        {},
        "users[1] ('bob'): the entry has the same external_id as users[0] ('ann')",
    ),
    "names in a circle": (
        [{"user_name": "ann", "new_user_name": "bob"}, {"user_name": "bob", "new_user_name": "ann"}],
        None,
        {},
        "users[0] ('ann'): 'ann', 'bob' would swap names",
    ),
    "cycle": (
        None,
        [{"name": "a", "members": {"groups": ["b"]}}, {"name": "b", "members": {"groups": ["c"]}}, {"name": "c", "members": {"groups": ["A"]}}],
        {},
        "groups[0] ('a'): the group would be nested in itself: 'a' > 'b' > 'c' > 'a'",
    ),
    "cycle by id": (
        None,
        [{"id": "1", "members": {"group_ids": ["2"]}}, {"id": "2", "name": "b", "members": {"group_ids": ["1"]}}],
        {},
        "the group would be nested in itself",
    ),
    "invisible character in a new name": (
        [{"user_name": "ann", "new_user_name": "ann\u200b"}],
        None,
        {},
        "users[0] ('ann'): user_name 'ann\\u200b' contains zero-width space (\\u200b)",
    ),
    "exact without members": (
        None,
        [{"name": "team", "membership": "exact", "members": {"users": []}}],
        {},
        "groups[0] ('team'): membership is exact but no members are listed",
    ),
    "no users": ([], None, {"unlisted_users": "disable"}, "users is empty and unlisted_users is disable"),
    "user outside scope": ([{"user_name": "ann@us"}], None, {"scope": EU}, "users[0] ('ann@us'): it is outside scope (user_name in *@eu)"),
    "renamed out of scope": ([{"user_name": "ann@eu", "new_user_name": "ann@us"}], None, {"scope": EU}, "it is outside scope"),
    "deleted outside scope": (None, [{"name": "us", "state": "absent"}], {"scope": EU}, "groups[0] ('us'): it is outside scope"),
    "department outside scope": (
        [{"user_name": "ann", "enterprise": {"department": "Sales"}}],
        None,
        {"scope": {"users": {"enterprise.department": ["IT"]}}},
        "users[0] ('ann'): it is outside scope (enterprise.department in IT)",
    ),
    "group of a user outside scope": ([{"user_name": "a@eu", "groups": ["us-all"]}], None, {"scope": EU}, "users[0] ('a@eu'): group 'us-all' is outside scope"),
    "deleted although protected": ([{"user_name": "svc-x", "state": "absent"}], None, {"protected_users": ["svc-*"]}, "user 'svc-x' is protected"),
    "built-in group deleted": (None, [{"name": "Users", "state": "absent"}], {}, "group 'Users' is protected"),
    "default group deleted": (
        [{"user_name": "ann"}],
        [{"name": "Staff", "state": "absent"}],
        {"default_group": "staff"},
        "default_group: the plan deletes this group, but adds new users to it",
    ),
    "default group empty": ([{"user_name": "ann"}], None, {"default_group": " "}, "default_group is empty"),
}


@pytest.mark.parametrize(("users", "groups", "options", "expected"), REFUSED.values(), ids=REFUSED)
def test_a_contradiction_is_reported_once(users, groups, options, expected):
    found = check(users, groups, **copy.deepcopy(options)).problems
    assert len(found) == 1 and expected in found[0], found


def test_a_problem_of_line_12_does_not_hide_one_of_line_1():
    """A problem of an invalid entry hides contradictions of that entry alone; the two places begin alike."""
    users = [Located({"user_name": 7, "groups": ["Old"]}, origin="people.yml:1"), Located({"user_name": 8, "titel": "x"}, origin="people.yml:12")]
    assert check(users, [{"name": "Old", "state": "absent"}]).problems == [
        "people.yml:12 has the unknown option 'titel'. Did you mean 'title'?",
        "people.yml:1: group 'Old' is to be deleted",
    ]


def test_an_object_without_an_id_is_shown_by_the_place_of_its_entry():
    """Two entries of one line cannot both be shown by it; the objects stay two."""
    groups = [{"name": "a", "new_display_name": "b"}, {"name": "a", "state": "absent"}]
    users = [{"user_name": "u", "groups": ["a"]}]
    several = "users[0] ('u'): 2 groups are named 'a': "
    assert any(line.startswith(f"{several}groups[0] ('a'), groups[1] ('a')") for line in check(users, groups).problems)
    groups = [Located(group, origin="g.yml:1") for group in groups]
    found = check(users, groups).problems
    assert any(line.startswith(several) and line.count("g.yml:1 ('a')") == 1 for line in found), found


def test_all_problems_are_reported_at_once():
    found = check(
        [
            {"user_name": "ann", "titel": "x", "groups": ["gone"]},
            {"user_name": "bob", "state": "absent"},
            {"user_name": "cid", "external_id": "1", "active": "perhaps"},
            {"user_name": "dan", "groups": ["us-all"]},
        ],
        [
            {"name": "eu-team", "members": {"users": ["bob", "ann"], "user": ["x"]}},
            {"name": "eu-a", "members": {"users": ["bob"], "groups": ["eu-a"]}},
            {"name": "eu-empty", "membership": "exact", "members": {"groups": []}},
        ],
        scope={"groups": {"display_name": ["eu-*"]}},
    ).problems
    for expected in (
        "users[0] ('ann') has the unknown option 'titel'",
        "users[2] ('cid').active must be true or false",
        "groups[0] ('eu-team').members has the unknown option 'user'",
        "groups[1] ('eu-a'): its member user 'bob' is to be deleted",
        "groups[1] ('eu-a'): the group would be nested in itself",
        "groups[2] ('eu-empty'): membership is exact but no members",
        "users[3] ('dan'): group 'us-all' is outside scope",
    ):
        assert sum(expected in line for line in found) == 1, (expected, found)


ACCEPTED = {
    "references that only a directory can resolve": (
        [{"user_name": "ann", "groups": ["there"]}],
        [{"name": "team", "members": {"users": ["bob"], "user_ids": ["1"], "groups": ["there"], "group_ids": ["2"]}}],
        {"default_group": "Staff"},
    ),
    "ids that only a directory knows": ([{"id": "1", "title": "x"}, {"id": "2", "new_user_name": "b"}], [{"id": "3", "members": {"user_ids": ["1"]}}], {}),
    "a chain of names": (
        [{"user_name": "a", "new_user_name": "b"}, {"user_name": "b", "new_user_name": "c"}],
        [{"name": "t", "members": {"users": ["b", "c"]}}],
        {},
    ),
    "a name freed by a delete": (
        [{"user_name": "b", "state": "absent"}, {"user_name": "a", "new_user_name": "b"}],
        [{"name": "t", "members": {"users": ["b"]}}],
        {},
    ),
    "a name freed by a rename of another by id": ([{"id": "1", "user_name": "b"}, {"user_name": "b", "new_user_name": "c"}], None, {}),
    "a member by its old name": ([{"user_name": "a", "new_user_name": "b"}], [{"name": "t", "members": {"users": ["a"]}}], {}),
    "a user that is not created": ([{"user_name": "a", "active": False}], [{"name": "t", "members": {"users": ["a"]}}], {}),
    "a scope by what is not declared": ([{"user_name": "a"}], None, {"scope": {"users": {"enterprise.department": ["IT"]}}}),
    "a scope by a list of which more may be stored": (
        [{"user_name": "a", "emails": [{"value": "a@x", "type": "work"}]}],
        None,
        {"scope": {"users": {"emails": ["*@y"]}}, "multi_valued": "by_type"},
    ),
    "a protected user as it may be": ([{"user_name": "svc-x", "active": False, "external_id": "1", "emails": ["a@x"]}], None, {"protected_users": ["svc-*"]}),
    "an exact group that users join": (
        [{"user_name": "a", "groups": ["Team"]}],
        [{"name": "team", "membership": "exact", "members": {"users": []}}],
        {},
    ),
    "an exact group of an empty export": (None, [{"name": "team", "membership": "exact", "members": {}}], {}),
    "more deletions than a run may do": ([{"user_name": f"u{number}", "state": "absent"} for number in range(30)], None, {}),
    "members that are not declared while the rest is to go": (
        [{"user_name": "a"}],
        [{"name": "t", "members": {"users": ["admin"]}}],
        {"unlisted_users": "delete", "unlisted_groups": "delete"},
    ),
    "external ids without names": ([{"external_id": "1", "title": "x"}], [{"name": "t", "members": {"users": ["a"]}}], {"match_users_by": "external_id"}),
    "a default group by id": ([{"user_name": "a"}], None, {"default_group": "a7d67610-ceb5-4350-ba5a-746472c4f1f7"}),
    "a default group that is declared": ([{"user_name": "a"}], [{"name": "Staff"}], {"default_group": "Staff"}),
}


@pytest.mark.parametrize(("users", "groups", "options"), ACCEPTED.values(), ids=ACCEPTED)
def test_a_state_that_a_directory_may_accept_is_valid(users, groups, options):
    found = check(users, groups, **copy.deepcopy(options))
    assert (found.problems, found.warnings) == ([], [])


def test_checked_objects_are_counted():
    found = check([{"user_name": "a", "groups": ["t", "u"]}, {"user_name": "b"}], [{"name": "t", "members": {"users": ["a", "b"], "groups": ["v"]}}])
    assert found.checked == {"user": 2, "group": 1, "membership": 4}
    assert check([], None).checked == {"user": 0, "group": 0, "membership": 0}


def test_a_name_similar_to_a_declared_one_is_a_warning():
    users = [{"user_name": name} for name in ("meredith", "svc-1", "gone")]
    users[2]["state"] = "absent"
    groups = [{"name": "team", "members": {"users": ["meredtih", "svc-2", "gome", "elsewhere"], "groups": ["taem"]}}]
    assert check(users, groups).warnings == [
        "groups[0] ('team'): members.users: user 'meredtih' is not declared. Did you mean 'meredith'?",
        "groups[0] ('team'): members.groups: group 'taem' is not declared. Did you mean 'team'?",
    ]


def test_an_invisible_character_in_a_name_is_a_warning():
    found = check([{"user_name": "ann\u200b"}, {"user_name": "bob\u00a0", "state": "absent"}])
    assert found.problems == []
    assert found.warnings == ["users[0] ('ann\\u200b'): user_name 'ann\\u200b' contains zero-width space (\\u200b); no user is created with it"]


# -- properties --------------------------------------------------------------------------------------

NAMES = st.sampled_from(["ann", "bob", "Ann", "dan"])
TEAMS = st.sampled_from(["team", "board", "crew"])
USERS = st.fixed_dictionaries(
    {"user_name": NAMES},
    optional={
        "id": st.sampled_from(["ann-id", "bob-id"]),
        "state": st.sampled_from(["present", "absent"]),
        "create": st.booleans(),
        "active": st.booleans(),
        "title": st.sampled_from(["", "Nurse"]),
        "new_user_name": NAMES,
        "external_id": st.sampled_from(["hr:1", "hr:2", "hr:3"]),
        "groups": st.lists(TEAMS, max_size=2),
    },
)
GROUPS = st.fixed_dictionaries(
    {"display_name": TEAMS},
    optional={
        "id": st.sampled_from(["team-id", "board-id"]),
        "state": st.sampled_from(["present", "absent"]),
        "new_display_name": TEAMS,
        "membership": st.sampled_from(["additive", "exact"]),
        "members": st.fixed_dictionaries({}, optional={"users": st.lists(NAMES, max_size=3), "groups": st.lists(TEAMS, max_size=2)}),
    },
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "allow_empty": st.booleans(),
        "on_unknown_member": st.sampled_from(["fail", "ignore"]),
        "scope": st.sampled_from([{"users": {"user_name": ["a*", "b*"]}}, {"users": {"title": ["Nurse"]}}, {"groups": {"display_name": ["t*"]}}]),
        "match_users_by": st.sampled_from(["user_name", "external_id"]),
    },
)
DIRECTORIES = (
    directory(),
    directory([user("ann", title="Nurse", externalId="hr:1"), user("bob", externalId="hr:2")], [group("team", "ann"), group("board", groups=("team",))]),
    directory([user("ann", externalId="hr:3", active=False), user("dan")], [group("crew", "dan"), group("board", "ann")]),
)


def is_sensible(entry):
    """Exclude entries that are both deleted and renamed; the planner treats them as deletions in some directories."""
    return entry.get("state") != "absent" or not any(name.startswith("new_") for name in entry)


@given(
    st.none() | st.lists(USERS.filter(is_sensible), max_size=4),
    st.none() | st.lists(GROUPS.filter(is_sensible), max_size=3),
    OPTIONS,
)
@PROPERTY
def test_a_state_that_some_directory_accepts_is_valid(users, groups, options):
    """A contradiction holds in every directory."""
    desired = read_desired(users, groups, {"match_users_by": options.get("match_users_by")}, TODAY)
    for current in DIRECTORIES:
        try:
            planned = plan_directory(desired, current, rules(**copy.deepcopy(options)))
        except PlanRefused:
            continue
        if planned.drift["unresolved"]:
            continue  # unresolved entries were not checked
        assert validate(desired, rules(**copy.deepcopy(options))).problems == []


@pytest.mark.parametrize("with_ids", [False, True])
@pytest.mark.parametrize("current", DIRECTORIES, ids=["new", "one", "other"])
def test_an_export_is_valid(current, with_ids):
    document = directory_document(current, Scope(None), with_ids)
    for membership in ("additive", "exact"):
        found = check(document["users"], document["groups"], membership=membership)
        assert (found.problems, found.warnings) == ([], [])
        assert found.checked["membership"] == current.memberships()
