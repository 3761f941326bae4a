# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the decisions of the role user_onboard: which account is used, and what is added to it."""

from __future__ import annotations

import re

import pytest

from ansible_collections.pingone.directory.plugins.plugin_utils._roles.onboarding import onboarding

GROUPS = [
    {"id": "g1", "display_name": "Staff", "direct": True, "path": ["Staff"]},
    {"id": "g2", "display_name": "All", "direct": False, "path": ["All", "Staff"]},
]
BOB = {
    "id": "u1",
    "user_name": "bob",
    "external_id": "hr-2",
    "active": True,
    "title": "Engineer",
    "name": {"given_name": "Bob", "family_name": "Lee"},
    "emails": [{"value": "Bob@example.org", "type": "home", "primary": True}],
    "addresses": [{"locality": "Denver", "type": "work"}],
    "effective_groups": GROUPS,
    "administrator_by": [],
}
ADMINISTRATOR = [{"id": "g8", "display_name": "Domain Administrators"}, {"id": "g9", "display_name": "Operators"}]


def found(**changes):
    return {"users": [{**BOB, **changes}], "total": 1}


NONE = {"users": [], "total": 0}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"user_name": " "}, "user_onboard_user_name is missing"),
        ({"groups": '["Staff"'}, "user_onboard_groups: the value is neither JSON nor YAML"),
        ({"attributes": "titel: x"}, "user_onboard_attributes: unknown key titel"),
        ({"attributes": {"update_password": "always"}}, "unknown key update_password"),
        ({"attributes": "name: Joe"}, "name in user_onboard_attributes must be a dictionary"),
        ({"email": "a@b", "attributes": {"emails": [{"value": "c@d"}]}}, "Set only one of them"),
        ({"groups": "Staff", "allowed_groups": "sales*"}, "user_onboard_allowed_groups does not allow Staff; nothing was done"),
        ({"default_group": "Staff", "allowed_groups": "sales*"}, "user_onboard_allowed_groups does not allow Staff"),
    ],
)
def test_invalid_variables_are_refused(values, message):
    decision = onboarding({"user_name": "bob", **values})
    assert message in decision["refusal"] and list(decision) == ["refusal"]


@pytest.mark.parametrize(
    ("values", "account", "message"),
    [
        ({"external_id": "hr-9"}, {"active": False}, "has the external_id hr-2, not hr-9: it belongs to another person"),
        ({"given_name": "Rob"}, {}, "belongs to Bob Lee, not to Rob; nothing was done. For another person"),
        ({"given_name": "Rob"}, {}, "leave the names empty or set user_onboard_external_id to that"),
        ({"given_name": "Rob", "external_id": "hr-9"}, {"external_id": None}, "For the same person, leave the names empty"),
        ({"attributes": {"name": {"family_name": "Li"}}}, {}, "belongs to Bob Lee, not to Li"),
        ({}, {"administrator_by": ADMINISTRATOR}, "bob (u1) is an administrator through Domain Administrators > Operators"),
        ({"allow_administrator": "no"}, {"administrator_by": ADMINISTRATOR}, "set user_onboard_allow_administrator: true"),
        ({}, {"active": False}, "set user_onboard_reactivate: true"),
        ({"reactivate": "false"}, {"active": False}, "exists and is disabled; nothing was done"),
    ],
)
def test_accounts_of_other_people_are_refused(values, account, message):
    decision = onboarding({"user_name": "bob", **values}, found(**account))
    assert message in decision["refusal"] and list(decision) == ["refusal"]


def test_several_accounts_are_refused():
    assert "Several accounts are named bob" in onboarding({"user_name": "bob"}, {"users": [BOB, BOB], "total": 2})["refusal"]


@pytest.mark.parametrize(
    ("values", "account"),
    [
        ({"given_name": "BOB", "family_name": "lee"}, {}),
        ({"given_name": "Rob", "external_id": "hr-2"}, {}),
        ({"given_name": "Rob"}, {"name": None, "external_id": None}),
        ({"external_id": "hr-9"}, {"external_id": None}),
        ({"allow_administrator": "yes"}, {"administrator_by": ADMINISTRATOR}),
        ({"reactivate": True}, {"active": False}),
    ],
)
def test_accounts_of_the_same_person_are_used(values, account):
    assert onboarding({"user_name": "bob", **values}, found(**account))["refusal"] == ""


@pytest.mark.parametrize(
    ("attributes", "fill", "left"),
    [
        ({"title": "Engineer"}, {}, []),
        ({"title": "Chief", "nick_name": "Bobby"}, {"nick_name": "Bobby"}, ["title"]),
        ({"name": {"given_name": "Bob", "middle_name": "J"}}, {"name": {"middle_name": "J"}}, []),
        ({"name": {"given_name": "bob"}}, {}, ["name.given_name"]),
        ({"enterprise": {"department": "R&D"}}, {"enterprise": {"department": "R&D"}}, []),
        ({"addresses": {"locality": "Denver"}}, {}, []),
        (
            {"addresses": [{"locality": "Boulder"}]},
            {"addresses": [{"locality": "Denver", "type": "work"}, {"locality": "Boulder"}]},
            [],
        ),
        ({"emails": [{"value": "BOB@example.org", "type": "work"}]}, {}, []),
        ({"emails": [{"value": "b@x", "primary": True}]}, {"emails": [*BOB["emails"], {"value": "b@x"}]}, []),
        ({"entitlements": ["one"]}, {"entitlements": ["one"]}, []),
        ({"phone_numbers": {"value": "1"}}, {"phone_numbers": [{"value": "1"}]}, []),
    ],
)
def test_only_missing_values_are_added(attributes, fill, left):
    decision = onboarding({"user_name": "bob", "attributes": attributes}, found())
    assert (decision["fill"], decision["left"]) == (fill, left)


def test_the_work_address_is_primary_if_no_other_is():
    address = {"value": "b@x", "type": "work", "primary": True}
    assert onboarding({"user_name": "bob", "email": "b@x"}, NONE)["fill"] == {"emails": [address]}
    decision = onboarding({"user_name": "bob", "email": "b@x"}, found())
    assert decision["fill"]["emails"][1:] == [{"value": "b@x", "type": "work"}]


@pytest.mark.parametrize(
    ("values", "account", "password"),
    [
        ({}, NONE, None),
        ({"password": "given"}, NONE, "given"),
        ({"password": "given"}, found(), ""),
        ({"reactivate": True}, found(active=False), None),
        ({"reactivate": True, "password": "given"}, found(active=False), "given"),
    ],
)
def test_new_and_reactivated_accounts_get_a_password(values, account, password):
    decision = onboarding({"user_name": "bob", **values}, account)
    assert decision["reactivate"] is bool(values.get("reactivate"))
    if password is None:
        assert len(decision["password"]) == 28
        assert all(re.search(part, decision["password"]) for part in ("[A-Z]", "[a-z]", "[0-9]", "[-_.!]"))
        assert decision["password"] != onboarding({"user_name": "bob", **values}, account)["password"]
    else:
        assert decision["password"] == password


@pytest.mark.parametrize(
    ("values", "account", "changed", "check_mode", "text"),
    [
        ({}, NONE, True, True, "Check mode, nothing is written: Account bob is created; a random password is set and not shown, "
         "so the user cannot sign on until a password is set; groups: the default groups of new accounts"),
        ({"password_mail": True}, NONE, True, False, "Account bob is created; a random password is set and not shown, "
         "and the service mails a link to set one; groups: none"),
        ({"password": "p"}, NONE, True, False, "Account bob is created; the given password is set; groups: none"),
        ({"password": "p", "password_mail": True, "attributes": {"title": "x"}}, found(), False, False,
         "Account bob existed and is unchanged; PASSWORD NOT CHANGED: a password is set only on new and reactivated accounts; "
         "NO LINK IS MAILED: the service mails links only for new accounts; attributes left unchanged: title; groups before: Staff; groups now: none"),
        ({"reactivate": "yes"}, found(active=False, effective_groups=[]), True, False,
         "Account bob is reactivated; a new random password is set and not shown, so the user cannot sign on until a password is set; "
         "groups before: none; groups now: none"),
    ],
)  # fmt: skip
def test_the_report_lists_completed_and_omitted_changes(values, account, changed, check_mode, text):
    result = {"changed": changed, "user": {"user_name": "bob", "member_of": []}}
    assert onboarding({"user_name": "bob", **values}, account, result, check_mode)["report"] == text
