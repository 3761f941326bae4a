# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_user end to end against the emulator, one test for each statement of its contract."""

from __future__ import annotations

import json

import pytest
from directory_play import side

PINGONE = "urn:scim:schemas:com_pingone:1.0"
ENTERPRISE = "urn:scim:schemas:extension:enterprise:1.0"
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def ann(directory):
    """Return the directory with a user ann, who has a value for every attribute."""
    directory.seeded = directory.service.seed(
        users=[
            {
                "userName": "ann",
                "externalId": "hr-1",
                "name": {"givenName": "Ann", "familyName": "Lee", "middleName": "B", "honorificPrefix": "Dr."},
                "displayName": "Ann Lee",
                "nickName": "Annie",
                "profileUrl": "https://example.com/ann",
                "title": "Engineer",
                "userType": "Employee",
                "preferredLanguage": "en_US",
                "locale": "en_US",
                "timezone": "America/Denver",
                "emails": [
                    {"value": "ann@example.com", "type": "work", "primary": True},
                    {"value": "ann@example.org", "type": "home"},
                ],
                "phoneNumbers": [{"value": "555-0100", "type": "work"}],
                "entitlements": [{"value": "vpn"}],
                "addresses": [{"type": "work", "locality": "Denver", "country": "US"}],
                ENTERPRISE: {
                    "employeeNumber": "42",
                    "department": "R&D",
                    "manager": {"managerId": "7", "displayName": "Max"},
                },
                "x509Certificates": [{"value": "MIIC"}],
                "favoriteColor": "green",
            }
        ],
        groups=[{"displayName": "Staff"}, {"displayName": "VPN, all: users/eu", "members": ["ann"]}],
    )
    directory.ann_id = directory.seeded["users"]["ann"]
    return directory


def without(user, *names):
    """Return a representation without the named attributes and without the timestamps, which every change updates."""
    kept = {name: value for name, value in user.items() if name not in {"meta", *names}}
    kept[PINGONE] = {name: value for name, value in kept[PINGONE].items() if name != "lastModifiedTimeStamp"}
    return kept


def writes(result):
    return [(entry["method"], entry["body"]) for entry in result["sent"] if entry["method"] != "GET"]


# -- creating ------------------------------------------------------------------------------------------


EVERYTHING = {
    "external_id": "hr-9",
    "active": False,
    "name": {
        "given_name": "Bob",
        "family_name": "Ode",
        "middle_name": "X",
        "honorific_prefix": "Mr.",
        "honorific_suffix": "Jr.",
        "formatted": "Mr. Bob X Ode Jr.",
    },
    "display_name": "Bob Ode",
    "nick_name": "Bobby",
    "profile_url": "https://example.com/bob",
    "title": "Tester",
    "user_type": "Contractor",
    "preferred_language": "de_DE",
    "locale": "de_DE",
    "timezone": "Europe/Berlin",
    "emails": [{"value": "bob@example.com", "type": "work", "primary": True, "display": "Bob"}],
    "phone_numbers": [{"value": "555-0101", "type": "mobile"}],
    "entitlements": [{"value": "door"}],
    "addresses": [
        {
            "formatted": "1 Main St",
            "street_address": "1 Main St",
            "locality": "Boulder",
            "region": "CO",
            "postal_code": "80301",
            "country": "US",
            "type": "home",
            "primary": True,
        }
    ],
    "enterprise": {
        "employee_number": "43",
        "cost_center": "C1",
        "organization": "Org",
        "division": "Div",
        "department": "Dep",
        "manager": {"manager_id": "7", "display_name": "Max"},
    },
    "attributes": {"favoriteColor": "blue", "urn:scim:schemas:extension:badge:1.0": {"number": 5}},
}


@pytest.mark.both_doors
def test_a_user_is_created_with_every_attribute(directory):
    done = directory.converge("p1_user", user_name="bob", **EVERYTHING)
    stored = directory.users()["bob"]
    assert stored["externalId"] == "hr-9"
    assert stored["active"] is False
    assert stored["name"] == {
        "givenName": "Bob",
        "familyName": "Ode",
        "middleName": "X",
        "honorificPrefix": "Mr.",
        "honorificSuffix": "Jr.",
        "formatted": "Mr. Bob X Ode Jr.",
    }
    assert stored["emails"] == [{"value": "bob@example.com", "type": "work", "primary": True, "display": "Bob"}]
    assert stored["addresses"][0]["streetAddress"] == "1 Main St"
    assert stored["addresses"][0]["postalCode"] == "80301"
    assert stored[ENTERPRISE]["manager"] == {"managerId": "7", "displayName": "Max"}
    assert stored["favoriteColor"] == "blue"
    assert stored["urn:scim:schemas:extension:badge:1.0"] == {"number": 5}
    assert {ENTERPRISE, "urn:scim:schemas:extension:badge:1.0"} <= set(stored["schemas"])
    assert {name: done["user"][name] for name in EVERYTHING} == EVERYTHING


def test_a_create_sends_only_the_given_attributes(directory):
    done = directory.converge("p1_user", user_name="bob")
    [(method, body)] = [(entry["method"], entry["body"]) for entry in directory.service.log if entry["method"] != "GET"]
    assert (method, set(body)) == ("POST", {"schemas", "userName"})
    assert done["user"]["user_name"] == "bob"


@pytest.mark.both_doors
def test_check_mode_returns_the_same_keys_without_an_id(directory):
    options = {"user_name": "bob", "name": {"given_name": "Bob"}, "groups": ["Users"]}
    checked = directory.ok("p1_user", check=True, **options)["user"]
    assert "bob" not in directory.users()
    assert checked["id"] is None
    assert checked["user_name"] == "bob"
    assert checked["name"] == {"given_name": "Bob"}
    assert [group["display_name"] for group in checked["member_of"]] == ["Users"]
    done = directory.ok("p1_user", **options)["user"]
    assert done["id"] == directory.users()["bob"]["id"]
    read_only = {"id", "member_of", "account_state", "created", "last_modified", "last_login"}
    assert read_only <= set(checked)
    assert read_only <= set(done)


# -- each attribute: set, change, clear, leave alone ---------------------------------------------------

# option, SCIM name, new value, stored value, value that clears it
ATTRIBUTES = [
    ("external_id", "externalId", "hr-2", "hr-2", ""),
    ("display_name", "displayName", "A. Lee", "A. Lee", ""),
    ("nick_name", "nickName", "A", "A", ""),
    ("profile_url", "profileUrl", "https://example.com/a", "https://example.com/a", ""),
    ("title", "title", "Lead", "Lead", ""),
    ("user_type", "userType", "Contractor", "Contractor", ""),
    ("preferred_language", "preferredLanguage", "fr_FR", "fr_FR", ""),
    ("locale", "locale", "fr_FR", "fr_FR", ""),
    ("timezone", "timezone", "Europe/Paris", "Europe/Paris", ""),
    ("emails", "emails", [{"value": "a@example.com"}], [{"value": "a@example.com"}], []),
    (
        "phone_numbers",
        "phoneNumbers",
        [{"value": "555-0199", "type": "home"}],
        [{"value": "555-0199", "type": "home"}],
        [],
    ),
    ("entitlements", "entitlements", [{"value": "door"}], [{"value": "door"}], []),
    (
        "addresses",
        "addresses",
        [{"street_address": "2 Elm", "type": "home"}],
        [{"streetAddress": "2 Elm", "type": "home"}],
        [],
    ),
]
IDS = [row[0] for row in ATTRIBUTES]


# An external id can only be changed by id; with a name, another external id means another person.
def naming(directory, option):
    return {"id": directory.ann_id} if option == "external_id" else {"user_name": "ann"}


@pytest.mark.parametrize(("option", "scim", "value", "stored", "empty"), ATTRIBUTES, ids=IDS)
def test_an_update_changes_only_the_given_attribute(ann, option, scim, value, stored, empty):
    before = ann.users()["ann"]
    done = ann.converge("p1_user", **naming(ann, option), **{option: value})
    after = ann.users()["ann"]
    assert after[scim] == stored
    assert without(after, scim) == without(before, scim)
    assert done["user"][option] == value
    assert side(done, "after")[option] == value
    assert side(done, "before")[option] != value


@pytest.mark.parametrize(("option", "scim", "value", "stored", "empty"), ATTRIBUTES, ids=IDS)
def test_an_attribute_is_cleared_by_an_empty_value(ann, option, scim, value, stored, empty):
    before = ann.users()["ann"]
    done = ann.converge("p1_user", **naming(ann, option), **{option: empty})
    after = ann.users()["ann"]
    assert scim not in after
    assert without(after) == without(before, scim)
    assert option not in done["user"]


@pytest.mark.parametrize(("option", "scim", "value", "stored", "empty"), ATTRIBUTES, ids=IDS)
def test_a_missing_attribute_is_set(directory, option, scim, value, stored, empty):
    directory.service.seed(users=[{"userName": "bob"}])
    directory.converge("p1_user", user_name="bob", **{option: value})
    assert directory.users()["bob"][scim] == stored


@pytest.mark.both_doors
@pytest.mark.parametrize("option", [*IDS, "active", "name", "enterprise", "attributes", "password", "groups"])
def test_null_means_not_given(ann, option):
    before = ann.users()["ann"]
    ann.converge("p1_user", changed=False, user_name="ann", **{option: None})
    assert ann.users()["ann"] == before


@pytest.mark.parametrize(("option", "scim", "value", "stored", "empty"), ATTRIBUTES, ids=IDS)
def test_clearing_a_missing_attribute_is_unchanged(directory, option, scim, value, stored, empty):
    directory.service.seed(users=[{"userName": "bob"}])
    directory.converge("p1_user", changed=False, user_name="bob", **{option: empty})


@pytest.mark.both_doors
@pytest.mark.parametrize(("option", "scim", "value", "stored", "empty"), ATTRIBUTES, ids=IDS)
def test_a_create_sends_no_empty_value(directory, option, scim, value, stored, empty):
    directory.converge("p1_user", user_name="bob", **{option: empty})
    assert scim not in directory.users()["bob"]


def test_attribute_options_have_no_default(directory):
    from ansible_collections.pingone.directory.plugins.module_utils._tasks.user import UserTask

    spec = UserTask.argument_spec()
    assert [name for name in (*IDS, "active", "name", "enterprise", "attributes") if "default" in spec[name]] == []
    assert "aliases" not in spec["user_name"]


# -- dictionaries --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (
            {"given_name": "Anna"},
            {"givenName": "Anna", "familyName": "Lee", "middleName": "B", "honorificPrefix": "Dr."},
        ),
        ({"middle_name": ""}, {"givenName": "Ann", "familyName": "Lee", "honorificPrefix": "Dr."}),
        (
            {"given_name": "Anna", "middle_name": None},
            {"givenName": "Anna", "familyName": "Lee", "middleName": "B", "honorificPrefix": "Dr."},
        ),
        (
            {"formatted": "Dr. Ann B Lee", "honorific_prefix": ""},
            {"givenName": "Ann", "familyName": "Lee", "middleName": "B", "formatted": "Dr. Ann B Lee"},
        ),
        ({}, None),
    ],
)
def test_only_given_parts_of_name_are_managed(ann, given, stored):
    before = ann.users()["ann"]
    ann.converge("p1_user", user_name="ann", name=given)
    after = ann.users()["ann"]
    assert after.get("name") == stored
    assert without(after, "name") == without(before, "name")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (
            {"department": "Sales"},
            {"employeeNumber": "42", "department": "Sales", "manager": {"managerId": "7", "displayName": "Max"}},
        ),
        ({"employee_number": "", "manager": {}}, {"department": "R&D"}),
        (
            {"manager": {"manager_id": "8"}},
            {"employeeNumber": "42", "department": "R&D", "manager": {"managerId": "8", "displayName": "Max"}},
        ),
        (
            {"manager": {"manager_id": "8", "display_name": ""}},
            {"employeeNumber": "42", "department": "R&D", "manager": {"managerId": "8"}},
        ),
        (
            {"cost_center": "C", "manager": {"manager_id": None}},
            {
                "employeeNumber": "42",
                "department": "R&D",
                "costCenter": "C",
                "manager": {"managerId": "7", "displayName": "Max"},
            },
        ),
        ({}, None),
    ],
)
def test_only_given_parts_of_enterprise_are_managed(ann, given, stored):
    ann.converge("p1_user", user_name="ann", enterprise=given)
    assert ann.users()["ann"].get(ENTERPRISE) == stored


@pytest.mark.both_doors
@pytest.mark.parametrize("option", ["name", "enterprise"])
def test_an_empty_dictionary_clears_and_a_dictionary_of_nulls_does_not(ann, option):
    part = {"name": "given_name", "enterprise": "department"}[option]
    before = ann.users()["ann"]
    ann.converge("p1_user", changed=False, user_name="ann", **{option: {part: None}})
    assert ann.users()["ann"] == before
    ann.converge("p1_user", user_name="ann", **{option: {}})
    assert {"name": "name", "enterprise": ENTERPRISE}[option] not in ann.users()["ann"]


@pytest.mark.both_doors
def test_name_must_be_a_dictionary(directory):
    """``name`` is the SCIM attribute; a task that uses it for the user name fails before any request."""
    failed = directory.fails("p1_user", name="bob", state="absent")
    assert "dict" in failed["msg"]
    assert failed["sent"] == []


# -- lists ---------------------------------------------------------------------------------------------


def test_the_order_of_a_list_is_ignored(ann):
    ann.converge(
        "p1_user",
        changed=False,
        user_name="ann",
        emails=[{"value": "ann@example.org", "type": "home"}, {"value": "ann@example.com", "type": "work"}],
    )


@pytest.mark.parametrize("kind", ["Work", "WORK"])
def test_the_case_of_a_type_is_ignored(ann, kind):
    ann.converge("p1_user", changed=False, user_name="ann", phone_numbers=[{"value": "555-0100", "type": kind}])


def test_items_that_are_not_listed_are_removed(ann):
    ann.converge("p1_user", user_name="ann", emails=[{"value": "ann@example.com", "type": "work"}])
    # Parts of a listed item that are not given are kept.
    assert ann.users()["ann"]["emails"] == [{"value": "ann@example.com", "type": "work", "primary": True}]


def test_a_listed_item_is_added(ann):
    ann.converge(
        "p1_user",
        user_name="ann",
        entitlements=[{"value": "vpn"}, {"value": "door", "type": "building"}],
    )
    assert ann.users()["ann"]["entitlements"] == [{"value": "vpn"}, {"value": "door", "type": "building"}]


def test_a_new_primary_replaces_the_former(ann):
    ann.converge(
        "p1_user",
        user_name="ann",
        emails=[
            {"value": "ann@example.com", "type": "work"},
            {"value": "ann@example.org", "type": "home", "primary": True},
        ],
    )
    primaries = [item["value"] for item in ann.users()["ann"]["emails"] if item.get("primary")]
    assert primaries == ["ann@example.org"]


@pytest.mark.both_doors
def test_strings_are_items_of_a_list(ann):
    """As in p1_directory, a string is the value, whatever characters it contains."""
    ann.converge(
        "p1_user",
        user_name="ann",
        emails=["ann@example.org", {"value": "a=b@example.org", "type": "home"}],
        phone_numbers=["555-0111"],
        entitlements=["role=admin", '{"value": "vpn"}'],
    )
    stored = ann.users()["ann"]
    assert [item["value"] for item in stored["emails"]] == ["ann@example.org", "a=b@example.org"]
    assert [item["value"] for item in stored["phoneNumbers"]] == ["555-0111"]
    assert [item["value"] for item in stored["entitlements"]] == ["role=admin", "vpn"]


@pytest.mark.both_doors
@pytest.mark.parametrize("where", ["p1_user", "p1_directory"])
def test_the_placeholder_of_a_secret_is_refused_as_a_password(ann, where):
    user = {"user_name": "new", "password": "$encrypted$", "emails": ["new@example.org"]}
    before = ann.service.dump()
    result = ann.run(where, **(user if where == "p1_user" else {"users": [user]}))
    assert result["failed"]
    assert "password is the placeholder that AWX shows for a stored secret" in result["msg"]
    assert ann.service.dump() == before


def test_by_type_manages_only_the_listed_types(ann):
    ann.converge(
        "p1_user", user_name="ann", multi_valued="by_type", emails=[{"value": "lee@example.com", "type": "work"}]
    )
    stored = {item["type"]: item["value"] for item in ann.users()["ann"]["emails"]}
    assert stored == {"work": "lee@example.com", "home": "ann@example.org"}


def test_by_type_adds_a_type(ann):
    ann.converge(
        "p1_user", user_name="ann", multi_valued="by_type", phone_numbers=[{"value": "555-0111", "type": "fax"}]
    )
    assert len(ann.users()["ann"]["phoneNumbers"]) == 2


@pytest.mark.parametrize("mode", ["by_type", "exact"])
@pytest.mark.parametrize("filled", ["none", "work"])
def test_an_item_without_a_type_is_added_once(ann, mode, filled):
    """This holds when the service adds a type of its own (converge runs the task twice)."""
    ann.service.configure(item_type=filled)
    before = len(ann.users()["ann"]["emails"])
    options = {"user_name": "ann", "multi_valued": mode, "emails": [{"value": "lee@example.com"}],
               "phone_numbers": [{"value": "555-0111"}], "addresses": [{"locality": "Oslo"}]}
    ann.converge("p1_user", **options)
    user = ann.users()["ann"]
    assert len(user["emails"]) == (before + 1 if mode == "by_type" else 1)
    kinds = [item.get("type") for item in user["emails"] if item["value"] == "lee@example.com"]
    assert kinds == [None if filled == "none" else "work"]


def test_by_type_with_an_empty_list_changes_nothing(ann):
    ann.converge("p1_user", changed=False, user_name="ann", multi_valued="by_type", emails=[])


@pytest.mark.both_doors
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"emails": [{"value": ""}]}, "emails[1] needs a value"),
        ({"addresses": [{"type": "work"}]}, "addresses[1] needs a part other than its type"),
        ({"emails": [{"value": "a@b", "primary": True}, {"value": "c@d", "primary": True}]}, "more than one primary"),
    ],
)
def test_an_invalid_list_is_refused_before_any_request(ann, options, words):
    failed = ann.fails("p1_user", user_name="ann", **options)
    assert words in failed["msg"]
    assert failed["sent"] == []


# -- raw attributes ------------------------------------------------------------------------------------


@pytest.mark.both_doors
@pytest.mark.parametrize(
    ("given", "name", "stored"),
    [
        ({"favoriteColor": "red"}, "favoriteColor", "red"),
        ({"favoriteColor": None}, "favoriteColor", None),
        ({"favoriteColor": ""}, "favoriteColor", None),
        ({"x509Certificates": [{"value": "MIID"}]}, "x509Certificates", [{"value": "MIID"}]),
        ({"x509Certificates": []}, "x509Certificates", None),
        ({"luckyNumber": 7}, "luckyNumber", 7),
        ({"urn:scim:schemas:extension:badge:1.0": {"n": 1}}, "urn:scim:schemas:extension:badge:1.0", {"n": 1}),
    ],
)
def test_a_raw_attribute_is_set_and_removed(ann, given, name, stored):
    before = ann.users()["ann"]
    ann.converge("p1_user", user_name="ann", attributes=given)
    after = ann.users()["ann"]
    assert after.get(name) == stored
    assert without(after, name, "schemas") == without(before, name, "schemas")


def test_raw_dictionaries_are_merged_key_by_key(directory):
    urn = "urn:scim:schemas:extension:badge:1.0"
    directory.service.seed(users=[{"userName": "bob", urn: {"n": 1, "color": "red", "site": "A"}}])
    directory.converge("p1_user", user_name="bob", attributes={urn: {"n": 2, "color": None}})
    assert directory.users()["bob"][urn] == {"n": 2, "site": "A"}


def test_raw_attributes_that_are_not_named_are_kept(ann):
    ann.converge("p1_user", user_name="ann", attributes={"shoeSize": "41"})
    assert ann.users()["ann"]["favoriteColor"] == "green"


@pytest.mark.both_doors
@pytest.mark.parametrize(
    "name",
    ["password", "id", "meta", "groups", "members", "userName", "active", "name", "emails", "externalId", "title"]
    + ["Password", "GROUPS", "username", ENTERPRISE, "schemas"],
)
def test_raw_names_with_their_own_option_and_read_only_names_are_refused(ann, name):
    failed = ann.fails("p1_user", user_name="ann", attributes={name: "correct horse"})
    assert f"attributes must not contain {name}" in failed["msg"]
    assert "correct horse" not in failed["msg"]
    assert failed["sent"] == []


@pytest.mark.both_doors
@pytest.mark.parametrize("name", ["passwordExpired", "state", "accountId"])
def test_raw_names_inside_the_pingone_extension_are_refused(ann, name):
    failed = ann.fails("p1_user", user_name="ann", attributes={PINGONE: {name: True}})
    assert name in failed["msg"]
    assert failed["sent"] == []


# -- active --------------------------------------------------------------------------------------------


def test_active_disables_and_enables(ann):
    ann.converge("p1_user", user_name="ann", active=True, changed=False)
    ann.converge("p1_user", user_name="ann", active=False)
    assert ann.users()["ann"]["active"] is False
    done = ann.converge("p1_user", user_name="ann", active=True)
    assert ann.users()["ann"]["active"] is True
    assert (side(done, "before")["active"], side(done, "after")["active"]) == (False, True)


@pytest.mark.parametrize("setting", [{"post_active": "ignored"}, {"put_active": "without_state"}])
def test_a_user_is_created_disabled_even_if_a_second_write_is_needed(directory, setting):
    directory.service.configure(**setting)
    directory.converge("p1_user", user_name="bob", active=False, create=True)
    assert directory.users()["bob"]["active"] is False


@pytest.mark.both_doors
def test_an_ignored_disable_always_fails(ann):
    ann.service.configure(put_active="ignored")
    for choice in ("fail", "warn"):
        failed = ann.fails("p1_user", user_name="ann", active=False, on_ignored_attribute=choice)
        assert "did not store active. Change it in the PingOne console" in failed["msg"]
        assert failed["changed"] is False
        assert failed["user"]["active"] is True


# -- identification: user names ------------------------------------------------------------------------


def test_new_user_name_renames_and_keeps_id_and_memberships(ann):
    done = ann.converge("p1_user", user_name="ann", new_user_name="ann.lee")
    assert set(ann.users()) == {"admin@example.com", "ann.lee"}
    assert ann.users()["ann.lee"]["id"] == ann.ann_id == done["user"]["id"]
    assert ann.ann_id in ann.members("VPN, all: users/eu")
    assert side(done, "before")["user_name"] == "ann"
    assert side(done, "after")["user_name"] == "ann.lee"


def test_a_completed_rename_is_unchanged(ann):
    ann.converge("p1_user", changed=False, user_name="ann.old", new_user_name="ann")


def test_a_rename_to_the_name_of_another_user_is_refused(ann):
    bob = ann.service.seed(users=[{"userName": "bob"}])["users"]["bob"]
    for check in (True, False):
        failed = ann.fails("p1_user", user_name="ann", new_user_name="bob", check=check)
        assert ann.ann_id in failed["msg"]
        assert bob in failed["msg"]
        assert "by id" in failed["msg"]
        assert writes(failed) == []


def test_a_rename_of_a_missing_user_creates_the_new_name(directory):
    directory.converge("p1_user", user_name="bob", new_user_name="robert", create=True)
    assert set(directory.users()) == {"admin@example.com", "robert"}


def test_a_difference_only_in_case_is_unchanged(ann):
    ann.converge("p1_user", changed=False, user_name="ANN")
    ann.converge("p1_user", changed=False, id=ann.ann_id, user_name="Ann")
    ann.converge("p1_user", changed=False, match_by="external_id", external_id="hr-1", user_name="ANN")
    assert "ann" in ann.users()


def test_new_user_name_changes_the_case(ann):
    ann.converge("p1_user", user_name="ann", new_user_name="Ann")
    assert ann.users()["Ann"]["id"] == ann.ann_id


def test_with_id_another_user_name_renames(ann):
    ann.converge("p1_user", id=ann.ann_id, user_name="ann.lee")
    assert ann.users()["ann.lee"]["id"] == ann.ann_id


def test_with_id_new_user_name_renames(ann):
    ann.converge("p1_user", id=ann.ann_id, user_name="former", new_user_name="ann.lee")
    assert ann.users()["ann.lee"]["id"] == ann.ann_id


def test_with_external_id_another_user_name_renames(ann):
    ann.converge("p1_user", match_by="external_id", external_id="hr-1", user_name="ann.lee")
    assert ann.users()["ann.lee"]["id"] == ann.ann_id


def test_with_external_id_new_user_name_renames(ann):
    ann.converge("p1_user", match_by="external_id", external_id="hr-1", user_name="ann", new_user_name="ann.lee")
    assert ann.users()["ann.lee"]["id"] == ann.ann_id


@pytest.mark.parametrize("by", ["id", "external_id"])
def test_a_rename_by_id_or_external_id_to_the_name_of_another_user_is_refused(ann, by):
    bob = ann.service.seed(users=[{"userName": "bob"}])["users"]["bob"]
    options = {"id": ann.ann_id} if by == "id" else {"match_by": "external_id", "external_id": "hr-1"}
    failed = ann.fails("p1_user", user_name="bob", **options)
    assert ann.ann_id in failed["msg"]
    assert bob in failed["msg"]
    assert writes(failed) == []


def test_an_update_by_id_alone_keeps_the_name(ann):
    ann.converge("p1_user", id=ann.ann_id, title="Lead")
    assert ann.users()["ann"]["title"] == "Lead"


def test_id_takes_precedence_over_match_by(ann):
    ann.service.seed(users=[{"userName": "bob", "externalId": "hr-3"}])
    failed = ann.fails("p1_user", id=ann.ann_id, match_by="external_id", external_id="hr-3")
    assert "belongs to user 'bob'" in failed["msg"]


@pytest.mark.parametrize("check", [True, False])
def test_an_unknown_id_fails_with_present_and_is_unchanged_with_absent(ann, check):
    failed = ann.fails("p1_user", id=UNKNOWN_ID, title="Lead", check=check)
    assert UNKNOWN_ID in failed["msg"]
    assert "Omit id" in failed["msg"]
    assert failed["failure"]["status"] == 404
    gone = ann.ok("p1_user", id=UNKNOWN_ID, state="absent", check=check)
    assert (gone["changed"], gone["user"]) == (False, None)


def test_an_unknown_id_does_not_fall_back_to_the_name(ann):
    gone = ann.ok("p1_user", id=UNKNOWN_ID, user_name="ann", state="absent")
    assert gone["changed"] is False
    assert "ann" in ann.users()


@pytest.mark.both_doors
def test_several_users_with_one_name_are_refused_with_their_ids(directory):
    directory.service.configure(user_name_unique="exact")
    made = directory.service.seed(users=[{"userName": "Bob"}, {"userName": "BOB"}])["users"]
    failed = directory.fails("p1_user", user_name="bob", state="absent")
    assert all(user_id in failed["msg"] for user_id in made.values())
    # An exact match takes precedence.
    directory.ok("p1_user", user_name="BOB", state="absent")
    assert set(directory.users()) == {"admin@example.com", "Bob"}


# -- identification: external ids ----------------------------------------------------------------------


def test_match_by_external_id_finds_the_user_without_a_name(ann):
    done = ann.converge("p1_user", match_by="external_id", external_id="hr-1", title="Lead")
    assert done["user"]["id"] == ann.ann_id


def test_match_by_external_id_creates_with_name_and_external_id(directory):
    directory.converge("p1_user", match_by="external_id", external_id="hr-5", user_name="bob")
    assert directory.users()["bob"]["externalId"] == "hr-5"


def test_match_by_external_id_cannot_create_without_a_name(directory):
    failed = directory.fails("p1_user", match_by="external_id", external_id="hr-5", title="Lead")
    assert "user_name is missing" in failed["msg"]


def test_match_by_external_id_deletes(ann):
    done = ann.converge("p1_user", match_by="external_id", external_id="hr-1", state="absent")
    assert done["user"]["user_name"] == "ann"
    assert "ann" not in ann.users()


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize(("held", "words"), [("hr-1", "has the external_id 'hr-1'"), (None, "has no external_id")])
def test_an_unknown_external_id_with_an_existing_name_is_refused(ann, held, words, state):
    name = "ann"
    user_id = ann.ann_id
    if held is None:
        name = "bob"
        user_id = ann.service.seed(users=[{"userName": "bob"}])["users"]["bob"]
    failed = ann.fails("p1_user", match_by="external_id", external_id="hr-7", user_name=name, state=state)
    assert words in failed["msg"]
    assert f"id: {user_id}" in failed["msg"], "how to link the two"
    assert writes(failed) == []


def test_setting_the_external_id_by_id_links_the_user(ann):
    bob = ann.service.seed(users=[{"userName": "bob"}])["users"]["bob"]
    ann.converge("p1_user", id=bob, external_id="hr-7")
    ann.converge("p1_user", changed=False, match_by="external_id", external_id="hr-7", user_name="bob")


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_user_found_by_name_with_another_external_id_is_refused(ann, state):
    failed = ann.fails("p1_user", user_name="ann", external_id="hr-2", state=state)
    assert "another person" in failed["msg"]
    assert f"id: {ann.ann_id}" in failed["msg"]
    assert writes(failed) == []


def test_a_user_found_by_name_without_external_id_gets_it(ann):
    ann.service.seed(users=[{"userName": "bob"}])
    ann.converge("p1_user", user_name="bob", external_id="hr-2")


@pytest.mark.parametrize("who", [{"user_name": "bob"}, {"user_name": "noaccount.yet"}, "id"])
def test_an_external_id_of_another_user_is_refused(ann, who):
    bob = ann.service.seed(users=[{"userName": "bob"}])["users"]["bob"]
    before = ann.users()
    for check in (True, False):
        failed = ann.fails("p1_user", external_id="hr-1", check=check, **({"id": bob} if who == "id" else who))
        assert "belongs to user 'ann'" in failed["msg"]
        assert ann.ann_id in failed["msg"]
        assert writes(failed) == []
    assert ann.users() == before


@pytest.mark.both_doors
@pytest.mark.parametrize("options", [{}, {"match_by": "external_id"}, {"external_id": "hr-1"}, {"state": "absent"}])
def test_a_task_that_identifies_no_user_is_refused_before_any_request(directory, options):
    failed = directory.fails("p1_user", **options)
    assert "user_name" in failed["msg"] or "external_id" in failed["msg"]
    assert failed["sent"] == []


@pytest.mark.both_doors
@pytest.mark.parametrize("option", ["id", "user_name", "new_user_name"])
def test_an_empty_name_is_refused_before_any_request(directory, option):
    failed = directory.fails("p1_user", **{"user_name": "ann", option: " "})
    assert f"{option} is empty" in failed["msg"]
    assert failed["sent"] == []


# -- deleting ------------------------------------------------------------------------------------------


@pytest.mark.both_doors
def test_absent_deletes_and_returns_the_former_user(ann):
    done = ann.converge("p1_user", user_name="ann", state="absent")
    assert "ann" not in ann.users()
    assert done["user"]["id"] == ann.ann_id
    assert done["user"]["title"] == "Engineer"
    assert [group["display_name"] for group in done["user"]["member_of"]] == ["VPN, all: users/eu"]
    assert side(done, "before")["user_name"] == "ann"
    assert side(done, "after") == {}


@pytest.mark.both_doors
def test_absent_of_a_missing_user_is_unchanged(directory):
    done = directory.converge("p1_user", changed=False, user_name="noaccount", state="absent")
    assert done["user"] is None
    assert side(done, "before") == side(done, "after") == {}


def test_absent_by_id_ignores_another_user_name(ann):
    ann.converge("p1_user", id=ann.ann_id, user_name="former", state="absent")
    assert "ann" not in ann.users()


def test_absent_after_a_rename_deletes_by_the_new_name(ann):
    ann.converge("p1_user", user_name="ann.old", new_user_name="ann", state="absent")
    assert "ann" not in ann.users()


# -- passwords -----------------------------------------------------------------------------------------

SECRET = "Correct-Horse-7"


def passwords(directory, name):
    found = directory.service.dump()["passwords"]
    return found.get(directory.users()[name]["id"], found.get(name))


@pytest.mark.both_doors
def test_by_default_a_password_is_sent_only_on_create(directory):
    directory.converge("p1_user", user_name="bob", password=SECRET)
    assert SECRET in str(passwords(directory, "bob"))
    again = directory.converge("p1_user", changed=False, user_name="bob", password="Another-Horse-8")
    assert "Another" not in str(passwords(directory, "bob"))
    assert side(again, "before") == side(again, "after")


@pytest.mark.both_doors
def test_update_password_always_always_reports_changed(ann):
    for _unused in (1, 2):
        checked = ann.ok("p1_user", check=True, user_name="ann", password=SECRET, update_password="always")
        done = ann.ok("p1_user", user_name="ann", password=SECRET, update_password="always")
        assert (checked["changed"], done["changed"]) == (True, True)
        assert [method for method, body in writes(done)] == ["PUT"]
    assert SECRET in str(passwords(ann, "ann"))
    assert side(done, "after")["password"] == "********"
    assert "password" not in side(done, "before")


def test_update_password_always_without_a_password_is_unchanged(ann):
    ann.converge("p1_user", changed=False, user_name="ann", update_password="always")


@pytest.mark.both_doors
def test_the_password_is_never_shown(directory):
    """Results, diffs, invocations and messages omit it, even if the refusal of the service repeats it."""
    directory.converge("p1_user", user_name="bob", password=SECRET)
    directory.service.add_fault(kind="status", method="POST", status=400, body={"message": f"{SECRET} is too short"})
    failed = directory.fails("p1_user", user_name="eve", password=SECRET)
    assert "is too short" in failed["msg"]
    assert SECRET not in json.dumps({name: value for name, value in failed.items() if name != "sent"})


@pytest.mark.both_doors
def test_a_refused_password_fails_with_the_text_of_the_service(directory):
    failed = directory.fails("p1_user", user_name="bob", password="short")
    assert "at least 8 characters" in failed["msg"]
    assert failed["failure"] == {
        "operation": "create user 'bob'",
        "status": 400,
        "detail": "The password must have at least 8 characters",
    }
    assert failed["changed"] is False


def test_password_expired_is_set_on_create_and_its_later_absence_is_no_drift(directory):
    options = {"user_name": "bob", "password": SECRET, "password_expired": True}
    directory.converge("p1_user", **options)
    stored = directory.users()["bob"]
    assert stored[PINGONE]["passwordExpired"] is True
    # The user has chosen a new password.
    del stored[PINGONE]["passwordExpired"]
    directory.service.store.put_user(stored)
    directory.converge("p1_user", changed=False, **options)


def test_password_expired_is_not_set_on_an_existing_user_by_default(ann):
    ann.converge("p1_user", changed=False, user_name="ann", password_expired=True)
    assert "passwordExpired" not in ann.users()["ann"][PINGONE]


def test_password_expired_follows_update_password_always(ann):
    ann.converge("p1_user", user_name="ann", password_expired=True, update_password="always")
    assert ann.users()["ann"][PINGONE]["passwordExpired"] is True


def test_an_update_keeps_password_expired(directory):
    directory.ok("p1_user", user_name="bob", password=SECRET, password_expired=True)
    directory.converge("p1_user", user_name="bob", title="Tester")
    assert directory.users()["bob"][PINGONE]["passwordExpired"] is True


# -- password_mail -------------------------------------------------------------------------------------

MAILED = {"user_name": "bob", "password_mail": True, "emails": [{"value": "bob@example.com", "type": "work"}]}


@pytest.mark.both_doors
def test_password_mail_is_sent_after_a_create_and_its_link_is_not_returned(directory):
    done = directory.converge("p1_user", **MAILED)
    [mail] = directory.service.dump()["mails"]
    assert "bob@example.com" in json.dumps(mail)
    assert "login.pingone.com" not in json.dumps(done["user"]) + json.dumps(done["diff"])
    assert "login.pingone.com" not in json.dumps({name: value for name, value in done.items() if name != "sent"})


def test_password_mail_goes_to_the_primary_address(directory):
    emails = [{"value": "b@example.com"}, {"value": "bob@example.com", "primary": True}]
    done = directory.ok("p1_user", user_name="bob", password_mail=True, emails=emails)
    [body] = [entry["body"] for entry in done["sent"] if entry["path"].endswith("password-lost")]
    assert body == {"email": "bob@example.com"}


def test_no_password_mail_is_sent_to_an_existing_user(ann):
    ann.converge("p1_user", changed=False, user_name="ann", password_mail=True)
    ann.converge("p1_user", user_name="ann", title="Lead", password_mail=True)
    assert ann.service.dump()["mails"] == []


def test_password_mail_without_an_address_fails_before_the_first_write(directory):
    failed = directory.fails("p1_user", user_name="bob", password_mail=True)
    assert "password_mail needs an email address" in failed["msg"]
    assert "bob" not in directory.users()


@pytest.mark.both_doors
def test_a_failed_mail_reports_the_created_user(directory):
    directory.service.add_fault(kind="status", path="/directory/users/password-lost", status=403)
    failed = directory.fails("p1_user", **MAILED)
    assert "the user itself was created" in failed["msg"]
    assert failed["changed"] is True
    assert failed["user"]["id"] == directory.users()["bob"]["id"]
    assert failed["failure"]["status"] == 403


def test_a_mail_is_sent_although_an_attribute_was_ignored(directory):
    # The next run would find an existing user and send no mail.
    directory.service.configure(enabled_attributes="default")
    failed = directory.fails("p1_user", nick_name="Bob", **MAILED)
    assert "did not store nick_name" in failed["msg"]
    assert len(directory.service.dump()["mails"]) == 1


# -- groups --------------------------------------------------------------------------------------------


def test_groups_only_adds_memberships(ann):
    done = ann.converge("p1_user", user_name="ann", groups=["Staff"])
    assert ann.ann_id in ann.members("Staff")
    assert ann.ann_id in ann.members("VPN, all: users/eu")
    assert {group["display_name"] for group in done["user"]["member_of"]} == {"Staff", "VPN, all: users/eu"}
    assert side(done, "before")["groups"] == []
    assert side(done, "after")["groups"] == ["Staff"]
    assert [method for method, body in writes(done)] == ["PATCH"]


@pytest.mark.parametrize("groups", [[], ["VPN, all: users/eu"]])
def test_existing_memberships_in_groups_are_unchanged(ann, groups):
    ann.converge("p1_user", changed=False, user_name="ann", groups=groups)


def test_a_new_user_is_added_to_groups(ann):
    done = ann.converge("p1_user", user_name="bob", groups=["Staff", "VPN, all: users/eu", "Staff"])
    bob = ann.users()["bob"]["id"]
    assert bob in ann.members("Staff") & ann.members("VPN, all: users/eu")
    assert {"Staff", "VPN, all: users/eu"} <= {group["display_name"] for group in done["user"]["member_of"]}


def test_an_update_and_memberships_in_one_task(ann):
    done = ann.converge("p1_user", user_name="ann", new_user_name="ann.lee", title="Lead", groups=["Staff"])
    assert [method for method, body in writes(done)] == ["PUT", "PATCH"]
    assert ann.ann_id in ann.members("Staff")


def test_a_missing_group_fails_before_the_first_write(ann):
    failed = ann.fails("p1_user", user_name="ann", title="Lead", groups=["Staff", "Nowhere"])
    assert "'Nowhere'" in failed["msg"]
    assert "Create it first" in failed["msg"]
    assert writes(failed) == []


@pytest.mark.both_doors
def test_in_check_mode_a_missing_group_is_a_warning(ann):
    checked = ann.ok("p1_user", check=True, user_name="ann", groups=["Nowhere"])
    assert checked["changed"] is True
    assert any("'Nowhere'" in warning for warning in checked["warnings"])
    assert {"id": None, "display_name": "Nowhere"} in checked["user"]["member_of"]


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.both_doors
def test_a_read_only_group_fails_and_reports_the_completed_changes(ann):
    failed = ann.fails("p1_user", user_name="ann", title="Lead", groups=["Staff", "Domain Administrators"])
    assert "Domain Administrators" in failed["msg"]
    assert failed["changed"] is True
    assert failed["user"]["title"] == "Lead"
    assert [group["display_name"] for group in failed["user"]["member_of"]] == ["VPN, all: users/eu", "Staff"]
    assert failed["failure"]["status"] == 403


# -- default_group -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["word", "id", "name"])
def test_default_group_is_sent_only_on_create(ann, form):
    staff = ann.seeded["groups"]["Staff"]
    wanted = {"word": "DEFAULT_USER_GROUP", "id": staff, "name": "Staff"}[form]
    done = ann.converge("p1_user", user_name="bob", default_group=wanted)
    [create] = [entry for entry in ann.service.log if entry["method"] == "POST"]
    assert create["query"] == {"option": "DEFAULT_USER_GROUP" if form == "word" else staff}
    assert [group["display_name"] for group in done["user"]["member_of"]] == ["Users" if form == "word" else "Staff"]
    ann.converge("p1_user", changed=False, user_name="ann", default_group=wanted)


def test_without_default_group_no_option_is_sent(directory):
    directory.ok("p1_user", user_name="bob")
    [create] = directory.service.writes()
    assert create["query"] == {}


@pytest.mark.both_doors
def test_a_missing_default_group_fails_and_warns_in_check_mode(directory):
    failed = directory.fails("p1_user", user_name="bob", default_group="Nowhere")
    assert "default_group: group 'Nowhere' does not exist" in failed["msg"]
    assert "bob" not in directory.users()
    checked = directory.ok("p1_user", check=True, user_name="bob", default_group="Nowhere")
    assert any("Nowhere" in warning for warning in checked["warnings"])


# -- on_ignored_attribute ------------------------------------------------------------------------------


@pytest.fixture
def fresh(directory):
    """Return a directory in which only the attributes that a new directory enables are enabled."""
    directory.service.configure(enabled_attributes="default")
    return directory


@pytest.mark.both_doors
@pytest.mark.parametrize("existing", [True, False])
def test_an_ignored_attribute_fails_and_reports_the_completed_changes(fresh, existing):
    if existing:
        fresh.service.seed(users=[{"userName": "bob"}])
    failed = fresh.fails("p1_user", user_name="bob", title="Lead", user_type="Employee")
    assert "did not store title" in failed["msg"]
    assert "on_ignored_attribute" in failed["msg"]
    assert failed["changed"] is True
    assert failed["user"]["user_type"] == "Employee"
    assert "title" not in failed["user"]
    assert failed["user"]["id"] == fresh.users()["bob"]["id"]


@pytest.mark.both_doors
def test_with_warn_changed_reflects_stored_values_and_every_run_writes(fresh):
    options = {"user_name": "bob", "title": "Lead", "user_type": "Employee", "on_ignored_attribute": "warn"}
    fresh.service.seed(users=[{"userName": "bob"}])
    first = fresh.ok("p1_user", **options)
    assert first["changed"] is True
    assert any("did not store title" in warning for warning in first["warnings"])
    for _unused in (1, 2):
        again = fresh.ok("p1_user", **options)
        assert again["changed"] is False
        assert [method for method, body in writes(again)] == ["PUT"]
        assert any("did not store title" in warning for warning in again["warnings"])


def test_with_warn_a_user_is_created(fresh):
    done = fresh.ok("p1_user", user_name="bob", title="Lead", on_ignored_attribute="warn")
    assert done["changed"] is True
    assert "title" not in done["user"]


@pytest.mark.both_doors
def test_the_text_of_the_service_for_a_disabled_attribute_is_reported(fresh):
    fresh.service.configure(disabled_attribute="400")
    failed = fresh.fails("p1_user", user_name="bob", title="Lead")
    assert "Attribute title is not enabled in this directory" in failed["msg"]
    assert failed["failure"]["detail"] == "Attribute title is not enabled in this directory"


# -- safe writes ---------------------------------------------------------------------------------------


def test_an_update_sends_back_the_whole_representation(ann):
    done = ann.ok("p1_user", user_name="ann", title="Lead")
    [(method, body)] = writes(done)
    assert method == "PUT"
    for name in ("id", "meta", "groups", PINGONE, "schemas", "favoriteColor", "x509Certificates", "emails"):
        assert name in body


def test_a_user_created_by_another_client_is_adopted(directory):
    """The create is refused as a duplicate; the task updates the existing user and its memberships."""
    directory.service.seed(groups=[{"displayName": "Staff"}])
    seeded = []

    def make_it_first(service, method, path, phase):
        if method == "POST" and phase == "before" and not seeded:
            seeded.append(service.seed(users=[{"userName": "bob"}]))

    directory.service.on_request(make_it_first)
    directory.ok("p1_user", user_name="bob", title="Lead", groups=["Staff"])
    bob = directory.users()["bob"]
    assert bob["title"] == "Lead"
    assert bob["id"] in directory.members("Staff")


@pytest.mark.both_doors
def test_the_format_of_read_only_values(ann):
    stored = ann.users()["ann"]
    stored[PINGONE]["lastLoginTime"] = 1500000001000
    ann.service.store.put_user(stored)
    shown = ann.ok("p1_user", user_name="ann")["user"]
    assert shown["last_login"] == "2017-07-14T02:40:01.000Z"
    assert shown["account_state"] == "ACTIVE"
    assert shown["created"] == ann.users()["ann"]["meta"]["created"]
    assert shown["last_modified"] == ann.users()["ann"]["meta"]["lastModified"]
    assert shown["member_of"] == [
        {"id": ann.seeded["groups"]["VPN, all: users/eu"], "display_name": "VPN, all: users/eu"}
    ]


@pytest.mark.parametrize(
    "name", ["o'neil+tag@example.org", 'quo"te', "back\\slash", "Zoë", "ünï cödé", "a&b=c#d?", "%41"]
)
def test_a_name_with_special_characters_is_found_again(directory, name):
    directory.converge("p1_user", user_name=name, title="Tester")
    directory.converge("p1_user", user_name=name, state="absent")


@pytest.mark.parametrize(
    "settings",
    [
        {"create_status": 201, "put_body": "empty", "patch_status": 204, "delete_status": 204},
        {"user_filter": "ignored", "group_filter": "ignored"},
        {"user_filter": "400", "group_filter": "400", "total_results": "page", "short_page": 2},
        {"filter_case": "exact", "filter_reply": "bare", "list_key": "Resources"},
        {"put_omitted": "kept", "put_groups": "applied", "user_groups": "nested", "valueless_photo": "yes"},
        {"etag": "offered", "member_type": "title", "location": "broken", "delete_missing_status": 200},
    ],
    ids=",".join,
)
def test_a_lifecycle_under_each_undocumented_behavior(directory, settings):
    """Create, change, clear, rename, disable and delete a user under each group of switches."""
    directory.service.configure(**settings)
    directory.service.seed(groups=[{"displayName": "Staff"}])
    life = [
        {"title": "Tester", "emails": [{"value": "bob@example.com"}], "groups": ["Staff"]},
        {"title": "Lead", "name": {"given_name": "Bob"}},
        {"title": "", "emails": []},
        {"new_user_name": "robert"},
        {"new_user_name": "robert", "active": False},
        {"new_user_name": "robert", "state": "absent"},
    ]
    for options in life:
        directory.converge("p1_user", user_name="bob", **options)


def test_stale_lists_cause_no_second_user(directory):
    directory.service.configure(stale_lists=3)
    options = {"user_name": "bob", "title": "Tester", "groups": ["Users"]}
    first = directory.ok("p1_user", **options)
    again = directory.ok("p1_user", **options)
    assert first["user"]["id"] == again["user"]["id"] == directory.users()["bob"]["id"]
    assert len(directory.users()) == 2


@pytest.mark.both_doors
@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 401}, {"status": 503}])
def test_a_refused_update_is_not_reported_as_done(ann, fault):
    ann.service.add_fault(kind="status", method="PUT", times=None, **fault)
    options = {"user_name": "ann", "title": "Lead", "groups": ["Staff"], "connection": {"retry_timeout": 0}}
    failed = ann.fails("p1_user", **options)
    assert failed["changed"] is False
    assert failed["user"]["title"] == "Engineer"
    assert [group["display_name"] for group in failed["user"]["member_of"]] == ["VPN, all: users/eu"]
    assert failed["failure"]["status"] == fault["status"]
    assert failed["failure"]["operation"] == "update user 'ann'"


@pytest.mark.both_doors
def test_a_refused_create_returns_no_user(directory):
    directory.service.add_fault(kind="status", method="POST", status=403)
    failed = directory.fails("p1_user", user_name="bob", groups=["Users"])
    assert (failed["changed"], failed["user"]) == (False, None)


@pytest.mark.parametrize("module", ["p1_user", "p1_directory"])
def test_a_create_with_an_external_id_that_differs_only_in_case_is_refused(playground, module):
    ids = playground.service.seed(users=[{"userName": "ann", "externalId": "HR-1"}])["users"]
    desired = {"user_name": "bob", "external_id": "hr-1"}
    failed = playground.fails(module, **(desired if module == "p1_user" else {"users": [desired]}))
    assert "differs only in case" in failed["msg"] and ids["ann"] in failed["msg"]
    assert set(playground.users()) == {"admin@example.com", "ann"}
    # As the message advises: the create does not send the external id, so it overwrites no user.
    made = playground.ok("p1_user", user_name="bob")["user"]
    playground.converge("p1_user", id=made["id"], external_id="hr-1")
    assert playground.users()["ann"]["externalId"] == "HR-1"


@pytest.mark.parametrize("change", [{"active": False}, {"new_user_name": "anna"}])
@pytest.mark.parametrize(
    ("now", "reason"),
    [({"userName": "boss"}, "it was renamed to 'boss'"), ({"externalId": "hr:9"}, "its external_id is now 'hr:9'")],
)
def test_a_user_replaced_after_the_plan_is_not_changed(playground, change, now, reason):
    ann = playground.service.seed(users=[{"userName": "ann", "externalId": "hr:1"}])["users"]["ann"]

    def update(service, method, path, phase):
        if (method, phase) == ("GET", "before") and path == f"/directory/user/{ann}":
            service.clear_hooks()
            service.store.put_user({**service.store.get_user(ann), **now})

    playground.service.on_request(update)
    failed = playground.fails("p1_user", user_name="ann", **change)
    assert f"user 'ann' has changed since the plan was made: {reason}. Run again" in failed["msg"]
    assert not failed["changed"] and not [entry for entry in failed["sent"] if entry["method"] == "PUT"]


def nested(playground):
    """Nest Operators in Domain Administrators and Night shift in Operators, and return the ids of all groups by name."""
    groups = [
        {"displayName": "Night shift"},
        {"displayName": "Operators", "members": ["Night shift"]},
        {"displayName": "Domain Administrators", "members": ["Operators"]},
        {"displayName": "Staff"},
    ]
    playground.service.seed(groups=groups)
    return {item["displayName"]: item["id"] for item in playground.service.dump()["groups"].values()}


@pytest.mark.both_doors
@pytest.mark.parametrize("name", ["Domain Administrators", "Operators", "night SHIFT"])
@pytest.mark.parametrize("how", ["name", "id", "ID", "groups"])
@pytest.mark.parametrize("check", [True, False])
def test_refuse_administering_groups_refuses_administrators(playground, name, how, check):
    ids = nested(playground)
    group_id = ids[{"night SHIFT": "Night shift"}.get(name, name)]
    options = {
        "name": {"default_group": name},
        "id": {"default_group": group_id},
        "ID": {"default_group": group_id.upper()},
        "groups": {"groups": ["Staff", name]},
    }[how]
    failed = playground.fails(
        "p1_user", user_name="joe", emails=[{"value": "j@example.org"}], refuse_administering_groups=True, check=check, **options
    )
    assert "makes its members administrators" in failed["msg"]
    assert not [entry for entry in failed["sent"] if entry["method"] != "GET"]


def test_refuse_administering_groups_allows_other_groups(playground):
    ids = nested(playground)
    desired = {"user_name": "joe", "emails": [{"value": "j@example.org"}], "groups": ["Staff"], "default_group": ids["Staff"]}
    playground.converge("p1_user", refuse_administering_groups=True, **desired)
    # Without the option the module may add an administrator.
    assert playground.ok("p1_user", user_name="joe", groups=["Operators"])["changed"]
