# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test how a row of an attribute table cleans, compares and writes a value."""

from __future__ import annotations

import copy
import datetime
import itertools

import pytest
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._scim.attributes import (
    BY_TYPE,
    CORE_URN,
    EXACT_LIST,
    PINGONE_URN,
    Attribute,
    Complex,
    Flag,
    clean_options,
)
from ansible_collections.pingone.directory.plugins.module_utils._scim.multi_valued import MultiValued
from ansible_collections.pingone.directory.plugins.module_utils._scim.raw import Raw
from ansible_collections.pingone.directory.plugins.module_utils._scim.resource import Resource
from ansible_collections.pingone.directory.plugins.module_utils._scim.values import match_all

TITLE = Attribute("title", "title")
NESTED = Attribute("color", "outer", "inner", "color")
ACTIVE = Flag("active", "active", missing=True)
EXPIRED = Flag("expired", PINGONE_URN, "passwordExpired", on_create=True)
NAME = Complex("name", "name", parts=(Attribute("given_name", "givenName"), Attribute("family_name", "familyName")))
WORK = Complex(
    "work",
    "urn:example:work",
    parts=(
        Attribute("number", "employeeNumber"),
        Complex("manager", "manager", parts=(Attribute("manager_id", "managerId"),)),
    ),
)
PLURAL = (
    Attribute("value", "value"),
    Attribute("type", "type"),
    Flag("primary", "primary"),
    Attribute("display", "display"),
)
EMAILS = MultiValued("emails", "emails", parts=PLURAL)
ADDRESSES = MultiValued(
    "addresses",
    "addresses",
    parts=(
        Attribute("locality", "locality"),
        Attribute("country", "country"),
        Attribute("type", "type"),
        Flag("primary", "primary"),
    ),
)
RAW = Raw("attributes", {"userName": "own option", f"{PINGONE_URN}:state": "the service sets it"})


def clean(attribute, value):
    problems = []
    return attribute.clean(value, "here", problems), problems


def written(attribute, desired, holder, mode=EXACT_LIST, blank=False):
    """Return the representation after a write without modifying the given one."""
    result = copy.deepcopy(holder)
    attribute.write(desired, result, mode, blank)
    return result


# -- cleaning --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "value", "expected"),
    [
        (TITLE, None, None),
        (TITLE, "", ""),
        (TITLE, " x ", " x "),
        (TITLE, 7, "7"),
        (TITLE, 1.5, "1.5"),
        (ACTIVE, None, None),
        (ACTIVE, False, False),
        (ACTIVE, "yes", True),
        (ACTIVE, "no", False),
        (ACTIVE, 0, False),
        (NAME, None, None),
        (NAME, {}, {}),
        (NAME, {"given_name": None}, None),
        (NAME, {"given_name": ""}, {"given_name": ""}),
        (NAME, {"given_name": "Ann", "family_name": None}, {"given_name": "Ann"}),
        (WORK, {"manager": {}}, {"manager": {}}),
        (WORK, {"manager": {"manager_id": None}}, None),
        (EMAILS, None, None),
        (EMAILS, [], []),
        (EMAILS, ["a@x"], [{"value": "a@x"}]),
        (EMAILS, [{"value": "a@x", "type": None}], [{"value": "a@x"}]),
        (EMAILS, [{"value": "a@x"}, {"value": "a@x"}], [{"value": "a@x"}]),
        (EMAILS, [{"value": "a", "primary": "yes"}], [{"value": "a", "primary": True}]),
        (ADDRESSES, [{"type": "home", "country": "US"}], [{"type": "home", "country": "US"}]),
        (RAW, None, None),
        (RAW, {}, {}),
        (RAW, {"x": None, "y": [1, 1.5, True, "", {"z": None}]}, {"x": None, "y": [1, 1.5, True, "", {"z": None}]}),
    ],
)
def test_clean_distinguishes_not_given_empty_and_values(attribute, value, expected):
    assert clean(attribute, value) == (expected, [])


@pytest.mark.parametrize(
    ("attribute", "value", "problem"),
    [
        (TITLE, True, "here must be text, not true or false: write it in quotes"),
        (TITLE, [], "here must be text, not a list"),
        (TITLE, {}, "here must be text, not a dictionary"),
        (TITLE, datetime.date(2026, 1, 1), "here must be text, not a date: write it in quotes"),
        (ACTIVE, "perhaps", "here must be true or false, not text"),
        (ACTIVE, [], "here must be true or false, not a list"),
        (NAME, "Ann", "here must be a dictionary, not text"),
        (NAME, {"givenName": "Ann"}, "here: unknown option 'givenName'. Did you mean 'given_name'?"),
        (NAME, {"given_name": []}, "here.given_name must be text, not a list"),
        (EMAILS, "a@x", "here must be a list, not text"),
        (EMAILS, [7], "here[1] must be a dictionary, not a number"),
        (EMAILS, [{"value": ""}], "here[1] needs a value; an empty list clears emails"),
        (EMAILS, ["a", {"type": "work"}], "here[2] needs a value; an empty list clears emails"),
        (
            EMAILS,
            [{"value": "a", "primary": True}, {"value": "b", "primary": True}],
            "here has more than one primary item",
        ),
        (ADDRESSES, ["Main Street"], "here[1] must be a dictionary, not text"),
        (
            ADDRESSES,
            [{"type": "home", "primary": True}],
            "here[1] needs a part other than its type; an empty list clears addresses",
        ),
        (RAW, [], "here must be a dictionary of raw SCIM names, not a list"),
        (RAW, {1: "x"}, "here has 1 as a key, which is not the name of a SCIM attribute"),
        (RAW, {"": "x"}, "here has '' as a key, which is not the name of a SCIM attribute"),
        (RAW, {"USERNAME": "x"}, "here must not contain USERNAME: own option"),
        (RAW, {"urn:x:y": {"Password": "x"}}, "here must not contain a password within urn:x:y: plans and results show these values"),
        (RAW, {"hats": [{"inner": {"password": "x"}}]}, "here must not contain a password within hats: plans and results show these values"),
        (RAW, {" userName ": "x"}, "here must not contain  userName : own option"),
        (RAW, {"username.x": "x"}, "here must not contain username.x: own option"),
        (RAW, {f"{CORE_URN}:UserName": "x"}, f"here must not contain {CORE_URN}:UserName: own option"),
        (
            RAW,
            {CORE_URN.upper(): {"userName": "x", "hat": "red"}},
            f"here must not contain {CORE_URN.upper()}: attributes of the core schema are written without its URN",
        ),
        (RAW, {f"{PINGONE_URN.upper()}:state": "x"}, f"here must not contain {PINGONE_URN.upper()}:state: the service sets it"),
        (RAW, {PINGONE_URN: {"STATE": "x"}}, f"here must not contain {PINGONE_URN}:STATE: the service sets it"),
        *(
            (
                RAW,
                {PINGONE_URN: content},
                f"here must not clear or replace {PINGONE_URN}: the service sets a part of it. Name the attributes within it instead",
            )
            for content in ({}, None, "", "text", [])
        ),
        (
            RAW,
            {"x": datetime.date(2026, 1, 1)},
            "here.x contains a value that JSON cannot represent. Write dates and times in quotes",
        ),
        (RAW, {"x": {1: 2}}, "here.x contains a value that JSON cannot represent. Write dates and times in quotes"),
        (RAW, {"x": [float("nan")]}, "here.x contains a value that JSON cannot represent. Write dates and times in quotes"),
        (RAW, {"x": float("inf")}, "here.x contains a value that JSON cannot represent. Write dates and times in quotes"),
    ],
)
def test_clean_reports_the_problem(attribute, value, problem):
    assert clean(attribute, value)[1] == [problem]


def test_clean_reports_all_problems():
    problems = []
    desired_item = clean_options({"title": TITLE, "name": NAME}, {"title": True, "name": 3, "x": 1}, "", problems)
    assert desired_item == {}
    assert len(problems) == 3
    assert problems[2] == "unknown option 'x'. Valid options: title, name"
    # A null and an unknown option do not hide what follows.
    problems = []
    assert clean_options({"title": TITLE, "name": NAME}, {"name": None, "x": 1, "title": "t"}, "", problems) == {"title": "t"}
    assert len(problems) == 1


# -- comparing and writing -------------------------------------------------------------------------

TABLE = [
    # attribute, representation, desired, changes, representation after
    (TITLE, {}, "", [], {}),
    (TITLE, {"title": ""}, "", [], {}),
    (TITLE, {"title": None}, "", [], {}),
    (TITLE, {}, "x", [("title", None, "x")], {"title": "x"}),
    (TITLE, {"title": "x"}, "x", [], {"title": "x"}),
    (TITLE, {"title": "x"}, "X", [("title", "x", "X")], {"title": "X"}),
    (TITLE, {"title": "x", "y": 1}, "", [("title", "x", "")], {"y": 1}),
    (TITLE, {"title": 7}, "7", [], {"title": "7"}),
    (NESTED, {}, "", [], {}),
    (NESTED, {}, "red", [("color", None, "red")], {"outer": {"inner": {"color": "red"}}}),
    (NESTED, {"outer": "text"}, "red", [("color", None, "red")], {"outer": {"inner": {"color": "red"}}}),
    (NESTED, {"outer": {"inner": {"color": "red"}}}, "", [("color", "red", "")], {}),
    (NESTED, {"outer": {"inner": {"color": "red"}, "z": 1}}, "", [("color", "red", "")], {"outer": {"z": 1}}),
    (NESTED, {"outer": {"inner": {"color": "red", "z": 1}}}, "", [("color", "red", "")], {"outer": {"inner": {"z": 1}}}),
    (ACTIVE, {}, True, [], {"active": True}),
    (ACTIVE, {}, False, [("active", None, False)], {"active": False}),
    (ACTIVE, {"active": "true"}, True, [], {"active": True}),
    (ACTIVE, {"active": "False"}, True, [("active", False, True)], {"active": True}),
    (ACTIVE, {"active": 1}, True, [], {"active": True}),
    (EXPIRED, {}, False, [], {PINGONE_URN: {"passwordExpired": False}}),
    (
        EXPIRED,
        {PINGONE_URN: {"state": "ACTIVE"}},
        True,
        [("expired", None, True)],
        {PINGONE_URN: {"state": "ACTIVE", "passwordExpired": True}},
    ),
    (NAME, {}, {}, [], {}),
    (NAME, {"name": {"x": 1}}, {}, [], {"name": {"x": 1}}),
    (NAME, {"name": {"x": 1, "givenName": "A"}}, {}, [("name", {"given_name": "A"}, {})], {"name": {"x": 1}}),
    (NAME, {"name": {"givenName": "A"}}, {}, [("name", {"given_name": "A"}, {})], {}),
    (NAME, {"name": "A"}, {"given_name": "A"}, [("name.given_name", None, "A")], {"name": {"givenName": "A"}}),
    (
        NAME,
        {"name": {"givenName": "A", "familyName": "B", "x": 1}},
        {"given_name": "", "family_name": "C"},
        [("name.given_name", "A", ""), ("name.family_name", "B", "C")],
        {"name": {"familyName": "C", "x": 1}},
    ),
    (
        WORK,
        {},
        {"manager": {"manager_id": "7"}},
        [("work.manager.manager_id", None, "7")],
        {"urn:example:work": {"manager": {"managerId": "7"}}},
    ),
    (
        WORK,
        {"urn:example:work": {"manager": {"managerId": "7", "displayName": "M"}}},
        {},
        [("work", {"manager": {"manager_id": "7"}}, {})],
        {"urn:example:work": {"manager": {"displayName": "M"}}},
    ),
    (
        WORK,
        {"urn:example:work": {"manager": {"managerId": "7"}, "employeeNumber": "1"}},
        {"manager": {}},
        [("work.manager", {"manager_id": "7"}, {})],
        {"urn:example:work": {"employeeNumber": "1"}},
    ),
    (EMAILS, {}, [], [], {}),
    (EMAILS, {"emails": None}, [], [], {"emails": None}),
    (EMAILS, {"emails": [{"type": "photo"}, {"value": ""}]}, [], [], {"emails": [{"type": "photo"}, {"value": ""}]}),
    (EMAILS, {"emails": ["a@x"]}, [{"value": "a@x"}], [], {"emails": ["a@x"]}),
    (EMAILS, {"emails": {"value": "a@x"}}, [{"value": "a@x"}], [], {"emails": {"value": "a@x"}}),
    (EMAILS, {"emails": [{"value": "a", "type": "WORK"}]}, [{"value": "a", "type": "work"}], [], {"emails": [{"value": "a", "type": "WORK"}]}),
    (EMAILS, {"emails": [{"value": "a", "display": "by the service"}]}, [{"value": "a"}], [], {"emails": [{"value": "a", "display": "by the service"}]}),
    (EMAILS, {"emails": [{"value": "a"}]}, [{"value": "a", "primary": False}], [], {"emails": [{"value": "a"}]}),
    (EMAILS, {"emails": [{"value": "a", "primary": True}]}, [{"value": "a"}], [], {"emails": [{"value": "a", "primary": True}]}),
    (
        EMAILS,
        {"emails": [{"value": "a", "x": 1}, {"value": "b", "x": 2}]},
        [{"value": "b"}, {"value": "c"}],
        [("emails", [{"value": "a"}, {"value": "b"}], [{"value": "b"}, {"value": "c"}])],
        {"emails": [{"value": "b", "x": 2}, {"value": "c"}]},
    ),
    (
        EMAILS,
        {"emails": [{"value": "a"}]},
        [],
        [("emails", [{"value": "a"}], [])],
        {},
    ),
    (
        # The new item is primary, so the former one no longer is.
        EMAILS,
        {"emails": [{"value": "a", "primary": True, "x": 1}]},
        [{"value": "a"}, {"value": "b", "primary": True}],
        [("emails", [{"value": "a", "primary": True}], [{"value": "a"}, {"value": "b", "primary": True}])],
        {"emails": [{"value": "a", "x": 1}, {"value": "b", "primary": True}]},
    ),
    (
        EMAILS,
        {"emails": [{"value": "a", "type": "home"}, {"value": "a", "type": "work", "x": 1}]},
        [{"value": "a", "type": "work", "display": "A"}],
        [("emails", [{"value": "a", "type": "home"}, {"value": "a", "type": "work"}], [{"value": "a", "type": "work", "display": "A"}])],
        {"emails": [{"value": "a", "type": "work", "x": 1, "display": "A"}]},
    ),
    (
        ADDRESSES,
        {"addresses": [{"locality": "X", "country": "US", "x": 1}, {"type": "work"}]},
        [{"locality": "X"}],
        [],
        {"addresses": [{"locality": "X", "country": "US", "x": 1}, {"type": "work"}]},
    ),
    (
        ADDRESSES,
        {"addresses": [{"locality": "X", "x": 1}, {"locality": "Y", "x": 2}]},
        [{"locality": "X", "primary": True}, {"locality": "Z"}],
        [("addresses", [{"locality": "X"}, {"locality": "Y"}], [{"locality": "X", "primary": True}, {"locality": "Z"}])],
        {"addresses": [{"locality": "X", "x": 1, "primary": True}, {"locality": "Z"}]},
    ),
    (RAW, {}, {}, [], {}),
    (RAW, {}, {"x": None}, [], {}),
    (RAW, {"x": ""}, {"x": None}, [], {"x": ""}),
    (RAW, {"x": 1}, {"x": None}, [("attributes.x", 1, None)], {}),
    (RAW, {"x": 1}, {"x": "1"}, [("attributes.x", 1, "1")], {"x": "1"}),
    (RAW, {"x": 1}, {"x": True}, [("attributes.x", 1, True)], {"x": True}),
    (RAW, {"x": False}, {"x": 0}, [("attributes.x", False, 0)], {"x": 0}),
    (RAW, {"x": 1}, {"x": 1.0}, [], {"x": 1}),
    (RAW, {"x": 1.5}, {"x": 2}, [("attributes.x", 1.5, 2)], {"x": 2}),
    (RAW, {"x": [2, 1]}, {"x": [1, 2]}, [], {"x": [2, 1]}),
    (RAW, {"x": [2]}, {"x": [1, 2]}, [("attributes.x", [2], [1, 2])], {"x": [1, 2]}),
    (RAW, {"x": {"a": 1, "b": 2}}, {"x": {"a": None}}, [("attributes.x", {"a": 1, "b": 2}, {"b": 2})], {"x": {"b": 2}}),
    (RAW, {"x": {"a": 1}}, {"x": {"a": None}}, [("attributes.x", {"a": 1}, None)], {}),
    (RAW, {"x": {"a": 1}}, {"x": {}}, [("attributes.x", {"a": 1}, None)], {}),
    (RAW, {"x": "text"}, {"x": {"a": 1}}, [("attributes.x", "text", {"a": 1})], {"x": {"a": 1}}),
    (
        RAW,
        {"x": {"a": {"b": 1, "c": 2}}},
        {"x": {"a": {"b": 3}}},
        [("attributes.x", {"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "c": 2}})],
        {"x": {"a": {"b": 3, "c": 2}}},
    ),
    # Values that do not exist need no removal at any depth.
    (RAW, {}, {"x": {"a": None}}, [], {}),
    (RAW, {}, {"x": {"a": {"b": ""}}}, [], {}),
    (RAW, {"x": {"c": 1}}, {"x": {"a": {"b": None}}}, [], {"x": {"c": 1}}),
]  # fmt: skip


@pytest.mark.parametrize(("attribute", "holder", "desired", "changes", "after"), TABLE)
def test_changes_and_write(attribute, holder, desired, changes, after):
    before = copy.deepcopy(holder)
    assert attribute.changes(desired, holder) == changes
    assert holder == before, "comparing changes nothing"
    result = written(attribute, desired, holder)
    assert result == after
    assert attribute.changes(desired, result) == []


@pytest.mark.parametrize(
    ("desired", "found", "changed", "after"),
    [
        # only the listed types are managed
        ([], [("a", "home")], False, [("a", "home")]),
        ([("w", "work")], [("a", "home")], True, [("a", "home"), ("w", "work")]),
        ([("w", "work")], [("a", "home"), ("v", "WORK")], True, [("a", "home"), ("w", "work")]),
        ([("w", "work")], [("a", "home"), ("w", "WORK")], False, [("a", "home"), ("w", "WORK")]),
        ([("w", "work")], [("w", "work"), ("v", "work")], True, [("w", "work")]),
        # without a type: items without one, and one item with the value, whatever type the service added
        ([("n", None)], [("n", "work")], False, [("n", "work")]),
        ([("n", None)], [("n", "work"), ("n", "home"), ("a", "work")], False, [("n", "work"), ("n", "home"), ("a", "work")]),
        ([("n", None), ("o", None)], [("n", "work")], True, [("n", "work"), ("o", None)]),
        ([("n", None), ("n", "home")], [("n", "home")], True, [("n", None), ("n", "home")]),
        ([("n", None), ("n", "home")], [("n", "home"), ("n", "work")], False, [("n", "home"), ("n", "work")]),
        ([("n", None), ("o", "work")], [("o", "work"), ("n", "work")], False, [("o", "work"), ("n", "work")]),
        ([("n", None)], [("a", "home")], True, [("a", "home"), ("n", None)]),
        ([("n", None)], [("a", "home"), ("m", None)], True, [("a", "home"), ("n", None)]),
        ([("n", None)], [("a", "home"), ("n", None)], False, [("a", "home"), ("n", None)]),
    ],
)
def test_lists_by_type(desired, found, changed, after):
    def items(pairs):
        return [{"value": value, **({"type": kind} if kind else {})} for value, kind in pairs]

    holder = {"emails": items(found)}
    assert bool(EMAILS.changes(items(desired), holder, BY_TYPE)) is changed
    assert written(EMAILS, items(desired), holder, BY_TYPE)["emails"] == items(after)


def test_by_type_removes_primary_from_other_types():
    holder = {"emails": [{"value": "h", "type": "home", "primary": True, "x": 1}, {"value": "o", "type": "other"}]}
    desired_item = [{"value": "w", "type": "work", "primary": True}]
    assert written(EMAILS, desired_item, holder, BY_TYPE)["emails"] == [
        {"value": "h", "type": "home", "x": 1},
        {"value": "o", "type": "other"},
        {"value": "w", "type": "work", "primary": True},
    ]


@pytest.mark.parametrize(
    ("attribute", "holder", "desired", "after"),
    [
        (TITLE, {"title": "x"}, "", {"title": ""}),
        (NAME, {"name": {"givenName": "A", "x": 1}}, {"given_name": ""}, {"name": {"givenName": "", "x": 1}}),
        (NAME, {"name": {"givenName": "A", "x": 1}}, {}, {"name": {"givenName": "", "x": 1}}),
        (
            WORK,
            {"urn:example:work": {"manager": {"managerId": "7"}}},
            {},
            {"urn:example:work": {"manager": {"managerId": ""}}},
        ),
        (EMAILS, {"emails": [{"value": "a"}]}, [], {"emails": []}),
        (RAW, {"x": "a", "y": 1}, {"x": None}, {"x": "", "y": 1}),
        (RAW, {"x": [1]}, {"x": ""}, {"x": []}),
        (RAW, {"x": {"a": 1}}, {"x": {}}, {"x": {}}),
        (RAW, {}, {"x": None}, {}),
        (RAW, {"x": 1}, {"x": 2}, {"x": 2}),
    ],
)
def test_rule_09_clearing_by_an_empty_value(attribute, holder, desired, after):
    assert written(attribute, desired, holder, blank=True) == after


@pytest.mark.parametrize(
    ("attribute", "holder", "desired"),
    [
        (TITLE, {"title": "x"}, ""),
        (NAME, {"name": {"givenName": "A", "familyName": "B"}}, {}),
        (EMAILS, {"emails": [{"value": "a"}]}, []),
        (RAW, {"x": "a"}, {"x": None}),
    ],
)
def test_by_default_an_attribute_is_cleared_by_omitting_it(attribute, holder, desired):
    attribute.write(desired, holder)
    assert holder == {}


def test_an_update_clears_by_an_empty_value_only_the_given_options():
    resource = Resource("user", "user", "title", (TITLE, NAME, EMAILS))
    before = {"schemas": [CORE_URN], "title": "x", "name": {"givenName": "A"}, "emails": [{"value": "a"}]}
    desired = {"title": "", "name": {"given_name": ""}, "emails": []}
    assert resource.updated(desired, before) == {"schemas": [CORE_URN]}
    assert resource.updated(desired, before, blank=["emails"]) == {"schemas": [CORE_URN], "emails": []}
    assert resource.updated(desired, before, blank=["title", "name"]) == {"schemas": [CORE_URN], "title": "", "name": {"givenName": ""}}


def test_changes_of_a_resource_are_those_of_its_attributes_without_secrets():
    resource = Resource("user", "user", "title", (TITLE, NAME, EMAILS, Attribute("password", "password", secret=True)))
    current = {"title": "Caf\u00e9", "name": {"givenName": "A", "familyName": "B"}}
    desired = {"title": "Cafe\u0301", "name": {"given_name": "C", "family_name": "B"}, "emails": [{"value": "a"}], "password": "x"}
    # The title is the name of this resource: another composition of its characters is no change.
    assert resource.changes(desired, current) == [("name.given_name", "A", "C"), ("emails", [], [{"value": "a"}])]
    assert resource.changes({"title": "CAF\u00c9"}, current) == [("title", "Caf\u00e9", "CAF\u00c9")]
    assert resource.changes({}, current) == []


@pytest.mark.parametrize(
    ("representation", "own", "name"),
    [
        ({"title": "ann", "id": "7"}, "ann", "ann"),
        ({"title": " ann ", "id": "7"}, " ann ", " ann "),
        ({"title": " ", "id": "7"}, "", "7"),
        ({"title": None, "id": 7}, "", "7"),
        ({"id": "7"}, "", "7"),
        ({}, "", ""),
    ],
)
def test_the_name_of_an_object(representation, own, name):
    resource = Resource("user", "user", "title", (TITLE,))
    assert (resource.own_name(representation), resource.name_of(representation)) == (own, name)


def test_an_update_shares_no_data_with_the_read_representation():
    holder = {"emails": [{"value": "a", "x": [1]}], "name": {"givenName": "A"}}
    resource = Resource("user", "user", "title", (TITLE, NAME, EMAILS))
    desired = {"emails": [{"value": "a"}, {"value": "b"}], "name": {"given_name": "B"}}
    before = copy.deepcopy(holder)
    after = resource.updated(desired, holder)
    after["emails"][0]["x"].append(2)
    after["name"]["givenName"] = "C"
    assert holder == before


@pytest.mark.parametrize(
    ("attribute", "holder", "expected"),
    [
        (TITLE, {}, None),
        (TITLE, {"title": ""}, ""),
        (NESTED, {"outer": 7}, None),
        (ACTIVE, {"active": None}, None),
        (NAME, {"name": []}, None),
        (NAME, {"name": {"givenName": "", "familyName": None}}, None),
        (WORK, {"urn:example:work": {"manager": {"x": 1}}}, None),
        (EMAILS, {"emails": [{"type": "work"}]}, None),
        (EMAILS, {"emails": [{"value": "a", "type": "", "primary": False}]}, [{"value": "a", "primary": False}]),
        (ADDRESSES, {"addresses": [{"type": "work"}, {"country": "US"}]}, [{"country": "US"}]),
        (RAW, {"username": "x", "y": [], "z": ""}, None),
        (RAW, {CORE_URN: {"password": "x"}, f"{CORE_URN}:password": "x", "userName.x": 1, "z": 1}, {"z": 1}),
        (RAW, {PINGONE_URN.upper(): {"State": "A", "more": 1}}, {PINGONE_URN.upper(): {"more": 1}}),
        (RAW, {PINGONE_URN: {"state": "ACTIVE"}}, None),
        (RAW, {PINGONE_URN: {"state": "A", "more": 1, "none": ""}, "y": 0}, {PINGONE_URN: {"more": 1}, "y": 0}),
        (RAW, {PINGONE_URN: "text"}, None),
    ],
)
def test_current(attribute, holder, expected):
    assert attribute.current(holder) == expected


def test_current_of_raw_is_a_copy():
    holder = {"x": {"a": [1]}}
    RAW.current(holder)["x"]["a"].append(2)
    assert holder == {"x": {"a": [1]}}


# -- argument spec ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "spec"),
    [
        (TITLE, {"type": "str"}),
        (Attribute("password", "password", secret=True), {"type": "str", "no_log": True}),
        (Flag("password_expired", "x"), {"type": "bool", "no_log": False}),
        (NAME, {"type": "dict", "options": {"given_name": {"type": "str"}, "family_name": {"type": "str"}}}),
        (
            EMAILS,
            {
                "type": "list",
                "elements": "dict",
                "options": {
                    "value": {"type": "str", "required": True},
                    "type": {"type": "str"},
                    "primary": {"type": "bool"},
                    "display": {"type": "str"},
                },
            },
        ),
        (RAW, {"type": "dict"}),
    ],
)
def test_spec(attribute, spec):
    assert attribute.spec() == spec


def test_items_of_addresses_have_no_required_option():
    assert not any("required" in option for option in ADDRESSES.spec()["options"].values())


def test_repr_names_the_option():
    assert repr(EMAILS) == "MultiValued('emails')"


# -- schemas ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "desired", "schemas"),
    [
        ({}, {}, [CORE_URN]),
        ({"schemas": []}, {}, []),
        ({"schemas": None}, {}, None),
        ({"schemas": ["b", CORE_URN]}, {}, ["b", CORE_URN]),
        ({"schemas": ["b"]}, {"work": {"number": "1"}}, ["b", "urn:example:work"]),
        ({"schemas": None}, {"work": {"number": "1"}}, [CORE_URN, "urn:example:work"]),
        ({"schemas": []}, {"work": {"number": "1"}}, [CORE_URN, "urn:example:work"]),
        ({"schemas": "b"}, {"work": {"number": "1"}}, [CORE_URN, "urn:example:work"]),
        ({"urn:example:work": {"employeeNumber": "1"}}, {}, [CORE_URN, "urn:example:work"]),
        ({"schemas": [CORE_URN], "urn:example:work": {"employeeNumber": "1"}}, {}, [CORE_URN, "urn:example:work"]),
        ({"schemas": [CORE_URN], "urn:example:other": {"x": "1"}}, {}, [CORE_URN, "urn:example:other"]),
        # The core attribute is listed beside an unlisted extension: the service stores the latter as an attribute and may refuse its name.
        (
            {"schemas": [CORE_URN, PINGONE_URN], PINGONE_URN: {"x": 1}, "urn:example:other": {"x": "1"}},
            {"work": {"number": "1"}},
            [CORE_URN, PINGONE_URN, "urn:example:work"],
        ),
        (
            {"schemas": ["urn:example:other"], PINGONE_URN: {"x": 1}, "urn:example:other": {"x": "1"}},
            {},
            ["urn:example:other", PINGONE_URN],
        ),
        ({"schemas": ["urn:example:work"]}, {"work": {"number": "1"}}, ["urn:example:work"]),
        # A removed object keeps its URN in schemas as read, because only the service knows its meaning.
        (
            {"schemas": ["urn:example:work"], "urn:example:work": {"employeeNumber": "1"}},
            {"work": {}},
            ["urn:example:work"],
        ),
    ],
)
def test_extensions_are_listed_in_schemas(before, desired, schemas):
    resource = Resource("user", "user", "title", (TITLE, WORK))
    assert resource.updated(desired, before).get("schemas") == schemas


# -- pairing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("desired", "found", "expected"),
    [
        ([], [], True),
        ([{1}], [1], True),
        ([{1, 2}, {1}], [1, 2], True),  # A greedy match would use the only item of the second.
        ([{1, 2}, {1}, {1, 2, 3}], [3, 1, 2], True),
        ([{1}, {1}], [1, 2], False),
        ([{1, 2}, {1, 2}, {1, 2}], [1, 2, 3], False),
    ],
)
def test_match_all(desired, found, expected):
    assert match_all(desired, found, lambda desired_item, item: item in desired_item) is expected


@PROPERTY
@given(
    st.integers(0, 5).flatmap(
        lambda size: st.tuples(
            st.lists(st.sets(st.integers(0, 4)), min_size=size, max_size=size),
            st.lists(st.integers(0, 4), min_size=size, max_size=size),
        )
    )
)
def test_match_all_agrees_with_trying_every_order(lists):
    desired, found = lists
    brute = any(all(item in desired_item for desired_item, item in zip(desired, order)) for order in itertools.permutations(found))
    assert match_all(desired, found, lambda desired_item, item: item in desired_item) is brute


def test_match_all_of_many_items_in_the_opposite_order():
    numbers = list(range(2000))
    assert match_all(numbers, numbers[::-1], lambda desired_item, item: desired_item == item)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("desired", "found", "after"),
    [
        # an item with the named type comes first, then an item with the value
        (
            [{"value": "a"}, {"value": "a", "type": "work"}],
            [{"value": "a", "type": "work", "x": 1}],
            [{"value": "a"}, {"value": "a", "type": "work", "x": 1}],
        ),
        (
            [{"value": "a"}, {"value": "a", "type": "work"}],
            [{"value": "a", "type": "work", "x": 1}, {"value": "a", "type": "home", "x": 2}, {"value": "c"}],
            [{"value": "a", "type": "home", "x": 2}, {"value": "a", "type": "work", "x": 1}],
        ),
        (
            [{"value": "a", "type": "work"}],
            [{"value": "a", "type": "home", "x": 2}, {"value": "a", "type": "work", "x": 1}],
            [{"value": "a", "type": "work", "x": 1}],
        ),
        (
            [{"value": "a", "type": "other"}],
            [{"value": "a", "type": "home"}, {"value": "a", "x": 1}],
            [{"value": "a", "type": "other"}],
        ),
    ],
)
def test_matching_items_does_not_depend_on_the_order(desired, found, after, order):
    for found_order in (1, -1):
        result = written(EMAILS, desired[::order], {"emails": found[::found_order]})
        assert result["emails"] == after[::order]
        assert EMAILS.changes(desired, result) == []


def test_by_type_an_item_keeps_a_type_that_is_not_given():
    """The service may have added the type; if it were removed, every run would write it again."""
    holder = {"emails": [{"value": "a", "type": "work"}]}
    desired = [{"value": "a"}, {"value": "b", "type": "work"}]
    result = written(EMAILS, desired, holder, BY_TYPE)
    assert result["emails"] == [{"value": "a", "type": "work"}, {"value": "b", "type": "work"}]
    assert EMAILS.changes(desired, result, BY_TYPE) == []


def test_by_type_an_item_without_a_type_updates_the_item_with_its_value():
    """Of several items with the value, one that already matches is used; otherwise the choice does not depend on the order."""
    twins = [{"value": "a", "type": "home"}, {"value": "a", "type": "work", "primary": True}]
    for found in (twins, twins[::-1]):
        assert EMAILS.changes([{"value": "a", "primary": True}], {"emails": found}, BY_TYPE) == []
        result = written(EMAILS, [{"value": "a", "display": "A"}], {"emails": found}, BY_TYPE)
        assert sorted(result["emails"], key=str) == [
            {"value": "a", "type": "home"},
            {"value": "a", "type": "work", "primary": True, "display": "A"},
        ]


def test_several_primary_items_are_shown_as_one_and_cause_no_change():
    holder = {"emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]}
    shown = EMAILS.current(holder)
    assert shown == [{"value": "a", "primary": True}, {"value": "b"}]
    assert clean(EMAILS, shown) == (shown, [])
    assert EMAILS.changes(shown, holder) == []


def test_duplicate_stored_items_are_read_as_one():
    holder = {"emails": [{"value": "a"}, {"value": "a"}, {"value": "b"}]}
    desired, _problems = clean(EMAILS, EMAILS.current(holder))
    assert desired == [{"value": "a"}, {"value": "b"}]
    assert EMAILS.changes(desired, holder) == []
    assert EMAILS.changes([{"value": "a"}], holder)
    # There are as many as desired, and each is the match of a desired one.
    holder = {"emails": [{"value": "a", "type": "work"}, {"value": "a", "type": "work"}]}
    assert EMAILS.changes([{"value": "a"}, {"value": "a", "type": "work"}], holder) == []
