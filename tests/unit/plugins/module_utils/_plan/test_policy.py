# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test scope, protected objects and safety limits of p1_directory."""

from __future__ import annotations

import fnmatch

import pytest
from desired_directories import ADMIN, group, user
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import InputError
from ansible_collections.pingone.directory.plugins.module_utils._core.patterns import Patterns
from ansible_collections.pingone.directory.plugins.module_utils._plan.policy import LIMITS, Limits, Protection, Scope
from ansible_collections.pingone.directory.plugins.module_utils._scim.attributes import ENTERPRISE_URN
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER

ANN = {
    **user(
        "ann",
        title="Nurse",
        userType="Employee",
        emails=[{"value": "ann@example.org"}, {"value": "ann@example.com"}],
        addresses=[{"formatted": "1 Main Street"}],
    ),
    "name": {"familyName": "Archer"},
    ENTERPRISE_URN: {"department": "Ward 7"},
}


@pytest.mark.parametrize(
    ("patterns", "text", "matches"),
    [
        (["eu-*"], "eu-north", True),
        (["eu-*"], "EU-North", True),
        (["EU-*"], "eu-north", True),
        (["eu-*"], "us-eu-north", False),
        (["a", "b"], "b", True),
        (["a?"], "a", False),
        (["[ab]x"], "Bx", True),
        (["[!ab]x"], "bx", False),
        (["STRASSE"], "straße", False),  # another name
        (["M\u00fcller*"], "mu\u0308ller x", True),
        (["eng"], " Eng ", True),
        (["[EU] Sales"], "[eu] sales", True),
        (["*"], "", True),
        (["a.c"], "abc", False),
        (["a"], "a\n", True),
        ([], "a", False),
        ("eu-*", "eu-north", True),
        (["*a*a*a*a*a*b", "*b*b*b*b*c"], "a" * 200, False),  # several such patterns at once must not cause exponential backtracking
    ],
)
def test_patterns(patterns, text, matches):
    assert Patterns(patterns).match(text) is matches


@given(st.lists(st.text("ab*?[]!-", max_size=6), min_size=1, max_size=4), st.text("ab-", max_size=6))
@PROPERTY
def test_patterns_match_as_in_the_shell(patterns, text):
    assert Patterns(patterns).match(text) == any(fnmatch.fnmatchcase(text, pattern) for pattern in patterns)


@pytest.mark.parametrize(
    ("users", "inside"),
    [
        ({}, True),
        (None, True),
        ({"user_name": ["a*"]}, True),
        ({"user_name": "a*"}, True),
        ({"user_name": ["b*", "ANN"]}, True),
        ({"user_name": ["b*"]}, False),
        ({"user_name": ["a*"], "title": ["nurse"]}, True),
        ({"user_name": ["a*"], "title": ["doctor"]}, False),
        ({"enterprise.department": ["ward *"]}, True),
        ({"enterprise.department": ["office"]}, False),
        ({"enterprise.division": ["*"]}, True),
        ({"enterprise.division": ["?*"]}, False),
        ({"name.family_name": ["archer"]}, True),
        ({"emails": ["*@example.com"]}, True),
        ({"emails": ["*@example.net"]}, False),
        ({"addresses": ["*main*"]}, True),
        ({"phone_numbers": [""]}, True),
        ({"active": ["true"]}, True),
        ({"active": ["false"]}, False),
        ({"external_id": ["?*"]}, False),
    ],
)
def test_scope(users, inside):
    scope = Scope({"users": users})
    assert scope.has(USER, ANN) is inside
    assert scope.has(GROUP, group("anything"))


@pytest.mark.parametrize(("pattern", "inside"), [("true", True), ("false", False)])
def test_a_user_without_active_is_active(pattern, inside):
    """The service may omit the attribute, and a user that is created without it is active."""
    scope = Scope({"users": {"active": [pattern]}})
    assert scope.has(USER, {"id": "1", "userName": "ann"}) is inside
    assert scope.has(USER, {"id": "1", "userName": "ann", "active": False}) is not inside
    assert Scope({"users": {"password_expired": ["false"]}}).has(USER, {"id": "1", "userName": "ann"})


def test_scope_of_groups():
    scope = Scope({"groups": {"display_name": ["eu-*"]}})
    assert scope.has(GROUP, group("EU-north"))
    assert not scope.has(GROUP, group("us-north"))
    assert scope.has(USER, ANN)
    assert scope.has_name(GROUP, "eu-x") and not scope.has_name(GROUP, "us-x")
    assert Scope({"users": {"title": ["x"]}}).has_name(USER, "ann")  # the title is unknown
    assert scope.describe(GROUP) == "display_name in eu-*"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"people": {}}, "scope: unknown key 'people'"),
        ({"users": {"nickname": ["x"]}}, "scope: 'nickname' is not a text option of a user"),
        ({"users": {"password": ["x"]}}, "scope: 'password' is not a text option of a user"),
        ({"users": {"name": ["x"]}}, "scope: 'name' is not a text option of a user"),
        ({"users": {"name.nothing": ["x"]}}, "scope: 'name.nothing' is not a text option of a user"),
        ({"users": {"enterprise.manager": ["x"]}}, "scope: 'enterprise.manager' is not a text option of a user"),
        ({"users": {"title.x": ["x"]}}, "scope: 'title.x' is not a text option of a user"),
        ({"users": {"attributes": ["x"]}}, "scope: 'attributes' is not a text option of a user"),
        ({"groups": {"user_name": ["x"]}}, "scope: 'user_name' is not a text option of a group"),
        ({"users": {"title": []}}, "scope.users.title must be a list of shell patterns"),
        ({"users": {"title": ""}}, "scope.users.title must be a list of shell patterns"),
        ({"users": {"title": None}}, "scope.users.title must be a list of shell patterns"),
        ({"users": {"title": [1]}}, "scope.users.title must be a list of shell patterns"),
    ],
)
def test_an_invalid_scope(options, expected):
    with pytest.raises(InputError, match=expected):
        Scope(options)


def protection(*groups, **options):
    return Protection(options.get("users", ()), options.get("protected", ()), {item["id"]: item for item in groups})


def test_the_built_in_groups_are_protected():
    rules = protection()
    for name in ("Users", "users", "Domain Administrators", "DOMAIN ADMINISTRATORS"):
        assert rules.has(GROUP, group(name))
        assert rules.why(GROUP, group(name)) == "a built-in group"
    assert not rules.has(GROUP, group("Users of ours"))
    assert not rules.has(USER, user("Users"))


def test_administrators_are_protected_at_any_depth():
    rules = protection(
        group("Domain Administrators", ADMIN, groups=("Operators",)),
        group("Operators", "olga", groups=("Night shift",)),
        group("Night shift", "nick", groups=("Operators",)),  # a cycle ends the walk
        group("Team", "tim"),
    )
    for name in (ADMIN, "olga", "nick"):
        assert rules.has(USER, user(name))
        assert rules.why(USER, user(name)) == "a member of Domain Administrators"
    assert rules.has(GROUP, group("Night shift"))
    assert not rules.has(USER, user("tim"))
    assert not rules.has(GROUP, group("Team"))


def test_members_of_a_second_administrators_group_are_protected():
    """Names of groups need not be unique, so members of either group are protected."""
    rules = protection(group("Domain Administrators", "one"), {**group("domain administrators", "two"), "id": "other"})
    assert rules.has(USER, user("one")) and rules.has(USER, user("two"))


def test_patterns_protect():
    rules = protection(users=["svc-*"], protected=["*-break-glass"])
    assert rules.has(USER, user("SVC-backup")) and not rules.has(USER, user("ann"))
    assert rules.has(GROUP, group("eu-break-glass")) and not rules.has(GROUP, group("svc-x"))
    assert rules.why(USER, user("svc-x")) == "named by protected_users"
    assert rules.why(GROUP, group("x-break-glass")) == "named by protected_groups"


@pytest.mark.parametrize(
    ("given_limit", "population", "allowed"),
    [
        ("5", 100, 5),
        (5, 100, 5),
        ("0", 100, 0),
        ("-1", 100, None),
        (-1, 100, None),
        ("2%", 100, 2),
        ("2 %", 100, 2),
        (" 2% ", 149, 2),
        ("2%", 49, 0),
        ("0.5%", 1000, 5),
        ("33.3%", 3, 0),
        ("100%", 7, 7),
        ("0%", 7, 0),
        ("29%", 100, 29),  # 28.999… as a binary fraction
        ("57%", 100, 57),
    ],
)
def test_limits(given_limit, population, allowed):
    assert Limits({"max_deletes": given_limit}).allowed("max_deletes", population) == allowed


def test_defaults_of_limits():
    limits = Limits({"max_deletes": None})
    assert {name: limits.allowed(name, 1_000_000) for name in LIMITS} == {
        "max_deletes": 10,
        "max_disables": 10,
        "max_renames": 10,
        "max_member_removals": 100,
        "max_updates": None,
        "max_requests": None,
    }


@pytest.mark.parametrize(
    "value",
    [
        "",
        "many",
        "-2",
        "2.5",
        "-1%",
        "%",
        "1e3",
        True,
        [],
        "5 %%",
        "0x10",
        "9" * 5000,
        "9" * 400 + "%",
        "0." + "1" * 400 + "%",
    ],
)
def test_an_invalid_limit(value):
    with pytest.raises(
        InputError,
        match=r"limits\.max_deletes must be a number, a percentage of the users or groups read such as .2%., or -1",
    ):
        Limits({"max_deletes": value})


def test_max_requests_refuses_a_percentage():
    with pytest.raises(InputError, match=r"limits\.max_requests must be a number, or -1 for no limit; not '5%'"):
        Limits({"max_requests": "5%"})
    with pytest.raises(InputError, match="limits: unknown limit 'max_delete'. Valid limits: max_deletes"):
        Limits({"max_delete": 1})
