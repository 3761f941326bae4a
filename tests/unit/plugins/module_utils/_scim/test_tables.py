# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the attribute tables as a whole: conversion in both directions, and what an update keeps."""

from __future__ import annotations

import copy
import json

import pytest
from directory_strategies import PROPERTY, canonical, desired_states, representations, shuffled
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._scim.attributes import BY_TYPE, CORE_URN, ENTERPRISE_URN, EXACT_LIST, PINGONE_URN, Complex
from ansible_collections.pingone.directory.plugins.module_utils._scim.multi_valued import MultiValued
from ansible_collections.pingone.directory.plugins.module_utils._scim.raw import Raw
from ansible_collections.pingone.directory.plugins.module_utils._scim.storing import not_stored
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER

MODES = st.sampled_from([EXACT_LIST, BY_TYPE])

# Every attribute with an option, as options and as SCIM.
OPTIONS = {
    "user_name": "ann",
    "external_id": "hr:42",
    "active": False,
    "name": {
        "given_name": "Ann",
        "family_name": "Doe",
        "middle_name": "B.",
        "honorific_prefix": "Dr.",
        "honorific_suffix": "III",
        "formatted": "Dr. Ann B. Doe III",
    },
    "display_name": "Ann Doe",
    "nick_name": "A",
    "profile_url": "https://example.org/ann",
    "title": "Head",
    "user_type": "Employee",
    "preferred_language": "en-US",
    "locale": "en-US",
    "timezone": "America/Denver",
    "emails": [{"value": "ann@example.org", "type": "work", "primary": True, "display": "Ann"}],
    "phone_numbers": [{"value": "+1 303 555 0100", "type": "mobile"}],
    "entitlements": [{"value": "gold"}],
    "addresses": [
        {
            "formatted": "1 Main Street, Denver",
            "street_address": "1 Main Street",
            "locality": "Denver",
            "region": "CO",
            "postal_code": "80202",
            "country": "US",
            "type": "work",
            "primary": True,
        }
    ],
    "enterprise": {
        "employee_number": "42",
        "cost_center": "7",
        "organization": "Example",
        "division": "West",
        "department": "Sales",
        "manager": {"manager_id": "id-9", "display_name": "Boss"},
    },
    "password_expired": True,
    "attributes": {"photos": [{"value": "https://example.org/ann.png", "type": "photo"}]},
}
REPRESENTATION = {
    "schemas": [CORE_URN, ENTERPRISE_URN, PINGONE_URN],
    "userName": "ann",
    "externalId": "hr:42",
    "active": False,
    "name": {
        "givenName": "Ann",
        "familyName": "Doe",
        "middleName": "B.",
        "honorificPrefix": "Dr.",
        "honorificSuffix": "III",
        "formatted": "Dr. Ann B. Doe III",
    },
    "displayName": "Ann Doe",
    "nickName": "A",
    "profileUrl": "https://example.org/ann",
    "title": "Head",
    "userType": "Employee",
    "preferredLanguage": "en-US",
    "locale": "en-US",
    "timezone": "America/Denver",
    "emails": [{"value": "ann@example.org", "type": "work", "primary": True, "display": "Ann"}],
    "phoneNumbers": [{"value": "+1 303 555 0100", "type": "mobile"}],
    "entitlements": [{"value": "gold"}],
    "addresses": [
        {
            "formatted": "1 Main Street, Denver",
            "streetAddress": "1 Main Street",
            "locality": "Denver",
            "region": "CO",
            "postalCode": "80202",
            "country": "US",
            "type": "work",
            "primary": True,
        }
    ],
    ENTERPRISE_URN: {
        "employeeNumber": "42",
        "costCenter": "7",
        "organization": "Example",
        "division": "West",
        "department": "Sales",
        "manager": {"managerId": "id-9", "displayName": "Boss"},
    },
    PINGONE_URN: {"passwordExpired": True},
    "photos": [{"value": "https://example.org/ann.png", "type": "photo"}],
}


def test_every_user_attribute_converts_to_scim_and_back():
    assert set(OPTIONS) == set(USER.attributes) - {"password"}
    assert USER.clean(OPTIONS, "", []) == OPTIONS
    made = USER.new(OPTIONS)
    assert made == REPRESENTATION
    assert set(made["schemas"]) == set(REPRESENTATION["schemas"])
    assert USER.to_options(made) == OPTIONS
    assert USER.changes(OPTIONS, made) == []


def test_the_group_table():
    assert GROUP.new({"display_name": "team"}) == {"schemas": [CORE_URN], "displayName": "team"}
    assert GROUP.to_options({"displayName": "team", "members": [], "title": "x"}) == {"display_name": "team"}
    assert GROUP.name_of({}) == ""
    assert (GROUP.kind, GROUP.endpoint, USER.kind, USER.endpoint) == ("group", "group", "user", "user")


def test_credentials_are_not_compared_with_an_answer():
    assert [name for name, attribute in USER.attributes.items() if attribute.on_create] == ["password", "password_expired"]


def test_options_have_no_default_and_secrets_are_not_logged():
    def walk(spec):
        for name, option in spec.items():
            assert "default" not in option, name
            if "password" in name:
                assert "no_log" in option, name
            walk(option.get("options", {}))

    walk(USER.argument_spec())
    walk(GROUP.argument_spec())
    assert USER.argument_spec()["password"]["no_log"] is True
    assert USER.argument_spec()["password_expired"]["no_log"] is False


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "id",
        "meta",
        "groups",
        "members",
        "schemas",
        "userName",
        "username",
        "EMAILS",
        "name",
        ENTERPRISE_URN,
    ],
)
def test_raw_attributes_refuse_names_with_an_option_and_read_only_names(name):
    problems = []
    USER.clean({"attributes": {name: "x"}}, "", problems)
    assert len(problems) == 1
    assert name in problems[0]


@pytest.mark.parametrize(
    "name", ["state", "accountId", "directoryId", "createTimeStamp", "lastLoginTime", "passwordExpired"]
)
def test_raw_attributes_refuse_read_only_pingone_attributes(name):
    problems = []
    USER.clean({"attributes": {PINGONE_URN: {name: "x"}}}, "", problems)
    assert len(problems) == 1


def _refuses(attributes):
    problems = []
    USER.clean({"attributes": attributes}, "", problems)
    return bool(problems)


OWN = sorted(
    {attribute.path[0] for attribute in USER.attributes.values() if len(attribute.path) == 1}
    | {"id", "meta", "groups", "members", "schemas"}
)
CORE_2 = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.mark.parametrize("name", OWN)
def test_raw_attributes_refuse_reserved_names_in_every_spelling(name):
    """Case, paths, and the URN of the core schema as key or prefix make no difference."""
    for spelled in (name, name.upper(), f" {name}", f"{name}.value", f"{name}.x.y"):
        assert _refuses({spelled: "x"}), spelled
        for urn in (CORE_URN, CORE_URN.upper(), CORE_2):
            assert _refuses({f"{urn}:{spelled}": "x"}), (urn, spelled)
            assert _refuses({urn: {spelled: "x"}}), (urn, spelled)
    # Longer names with the same beginning are other attributes.
    assert not _refuses({f"{name}X": "x", "urn:acme:1.0": {"groups": ["x"], "id": 1}})


def test_raw_attributes_refuse_enterprise_attributes_and_the_core_schema():
    for spelled in (f"{ENTERPRISE_URN}:department", f"{ENTERPRISE_URN.upper()}:manager.managerId"):
        assert _refuses({spelled: "x"}), spelled
    for content in ({"hat": "red"}, {}, None, "x", []):
        assert _refuses({CORE_URN: content})
    assert _refuses({f"{CORE_URN}:x509Certificates": [{"value": "x"}]})
    assert not _refuses({"x509Certificates": [{"value": "x"}], "urn:scim:schemas:core:1.0x": "y"})
    assert _refuses({f"{PINGONE_URN.upper()}:passwordExpired": True})


@pytest.mark.parametrize("text", ["$encrypted$", " $ENCRYPTED$\n"])
def test_the_placeholder_of_a_secret_is_refused_as_a_password(text):
    problems = []
    assert USER.clean({"user_name": text, "password": text}, "users[0]", problems) == {"user_name": text}
    assert problems == [
        "users[0].password is the placeholder that AWX shows for a stored secret. "
        "Enter the secret itself"
    ]
    assert USER.clean({"password": "my $encrypted$ one"}, "", []) == {"password": "my $encrypted$ one"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {}),
        ({"title": None}, {}),
        ({"title": ""}, {"title": ""}),
        ({"name": {"given_name": None}}, {}),
        ({"name": {}}, {"name": {}}),
        ({"emails": []}, {"emails": []}),
        ({"state": "present", "groups": ["x"]}, {}),  # not in the table
    ],
)
def test_clean_returns_given_options_of_the_table(options, expected):
    assert USER.clean(options, "", []) == expected


@PROPERTY
@given(desired_states(empty=False))
def test_converting_options_to_scim_and_back_is_lossless(desired_item):
    expected = {name: value for name, value in desired_item.items() if name != "password"}
    made = json.loads(json.dumps(USER.new(desired_item)))
    found = USER.to_options(made)
    assert found == expected
    assert USER.to_options(USER.new(found)) == found


@PROPERTY
@given(desired_states(), representations(), MODES)
def test_an_update_leaves_no_changes(desired_item, representation, mode):
    before = copy.deepcopy(representation)
    after = USER.updated(desired_item, representation, mode)
    assert representation == before, "an update must not touch what was read"
    assert USER.changes(desired_item, json.loads(json.dumps(after)), mode) == []


@PROPERTY
@given(st.data(), desired_states(), representations(), MODES)
def test_the_order_of_lists_does_not_matter(data, desired_item, representation, mode):
    other_desired_state = USER.clean(shuffled(data.draw, desired_item), "", [])
    other_representation = shuffled(data.draw, representation)
    changes = USER.changes(desired_item, representation, mode)
    assert canonical(USER.changes(other_desired_state, other_representation, mode)) == canonical(changes)
    after = USER.updated(desired_item, representation, mode)
    assert canonical(USER.updated(other_desired_state, other_representation, mode)) == canonical(after)


@PROPERTY
@given(desired_states(), representations(), MODES)
def test_an_update_keeps_unmanaged_values_unchanged(desired_item, representation, mode):
    after = USER.updated(desired_item, representation, mode)
    raw_desired_state = desired_item.get("attributes", {})
    managed = set(raw_desired_state)
    for name in desired_item:
        attribute = USER.attributes[name]
        if isinstance(attribute, Raw):
            continue
        managed.add(attribute.path[0])
        old, new = representation.get(attribute.path[0]), after.get(attribute.path[0])
        if isinstance(attribute, Complex):
            _check_object(attribute, desired_item[name], old, new)
        elif isinstance(attribute, MultiValued):
            _check_items(attribute, desired_item[name], old or [], new or [], mode)
        elif len(attribute.path) == 2:
            assert _without(new, attribute.path[1]) == _without(old, attribute.path[1])
    for key, value in representation.items():
        if key == "schemas":
            assert after[key][: len(value)] == value
            assert all(name in after for name in after[key][len(value) :])
        elif key not in managed:
            assert json.dumps(after[key]) == json.dumps(value), key
    for key, value in raw_desired_state.items():
        old = representation.get(key)
        if isinstance(value, dict) and value and isinstance(old, dict):
            kept = {name: inner for name, inner in old.items() if name not in value}
            assert {name: (after.get(key) or {}).get(name) for name in kept} == kept
    assert set(after) <= set(representation) | managed | {"schemas"}


def _without(holder, *keys):
    return json.dumps({name: value for name, value in (holder or {}).items() if name not in keys})


def _check_object(attribute, desired, old, new):
    """Check that only given parts of an object change; an empty object clears all parts that have an option."""
    parts = [attribute.parts[part] for part in (desired or attribute.parts)]
    assert _without(new, *(part.path[0] for part in parts)) == _without(old, *(part.path[0] for part in parts))
    for part in parts:
        if isinstance(part, Complex):
            _check_object(
                part, desired.get(part.option, {}), (old or {}).get(part.path[0]), (new or {}).get(part.path[0])
            )


def _check_items(attribute, desired, old, new, mode):
    """Check that remaining items keep unmanaged parts, and that by_type keeps items of other types."""
    types = {item.get("type", "").casefold() for item in desired}
    for item in old:
        if mode == BY_TYPE and item.get("type", "").casefold() not in types:
            assert _without(item, "primary") in [_without(other, "primary") for other in new]
        elif "value" in attribute.parts and any(desired_item["value"] == item["value"] for desired_item in desired):
            keys = [part.path[0] for part in attribute.parts.values()]
            same = [other for other in new if other.get("value") == item["value"]]
            assert _without(item, *keys) in [_without(other, *keys) for other in same]


@PROPERTY
@given(desired_states(required=("password",)), representations(), MODES)
def test_a_password_appears_only_in_the_body(desired_item, representation, mode):
    desired_item["password"] = "correct horse battery"
    assert "correct horse" not in json.dumps(USER.changes(desired_item, representation, mode))
    after = USER.updated(desired_item, representation, mode)
    assert after["password"] == "correct horse battery"
    assert "correct horse" not in json.dumps(USER.to_options(after))


@PROPERTY
@given(desired_states(), representations())
def test_an_update_keeps_attributes_not_given_and_clears_empty_ones(desired_item, representation):
    after = USER.to_options(USER.updated(desired_item, representation))
    before = USER.to_options(representation)
    for name, attribute in USER.attributes.items():
        if attribute.secret:
            continue
        if name not in desired_item:
            assert after.get(name) == before.get(name), name
        elif desired_item[name] in ("", [], {}) and not isinstance(attribute, Raw):
            assert name not in after, name


# -- invalid Unicode -------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["bye\ud83d", {"given_name": "\udc00"}, [{"value": "a\ud83d"}], {"x": ["\ud83d"]}])
def test_an_unpaired_surrogate_is_refused_in_a_desired_value(value):
    problems = []
    option = {str: "title", list: "emails"}.get(type(value), "name" if "given_name" in value else "attributes")
    USER.clean({option: value}, "users[3]", problems)
    assert problems[0] == f"users[3].{option} is not valid Unicode: it contains half of a surrogate pair"


def test_a_surrogate_pair_is_one_character():
    problems = []
    assert USER.clean({"title": "\U0001f600"}, "", problems) == {"title": "\U0001f600"} and not problems


# -- values that the service did not store ---------------------------------------------------------


@pytest.mark.parametrize(
    ("desired", "stored", "names", "expected"),
    [
        ({"title": "Dr."}, {}, ["title"], (["title"], False)),
        ({"title": "Dr."}, {"title": "Doctor"}, ["title"], (["title"], True)),
        (
            {"emails": [{"value": "a@x", "primary": True}]},
            {"emails": [{"value": "a@x", "type": "work"}]},
            ["emails"],
            (["emails.primary"], True),
        ),
        ({"emails": [{"value": "a@x"}]}, {"emails": [{"value": "b@x"}]}, ["emails"], (["emails"], False)),
        ({"name": {"given_name": "A"}}, {"name": {"familyName": "B"}}, ["name.given_name"], (["name.given_name"], False)),
        ({"name": {"given_name": "A"}}, {"name": {"givenName": "B"}}, ["name.given_name"], (["name.given_name"], True)),
    ],
)
def test_the_part_of_an_attribute_that_was_not_stored_is_named(desired, stored, names, expected):
    assert not_stored(USER, names, desired, stored) == expected
