# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the JSON Schema of documents: generated from the tables, accepts valid documents, marks mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from directory_strategies import PROPERTY, desired_state_for
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._documents.schema import FILE_NAME, document_schema, schema_text
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.lists import read_desired
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER

ROOT = Path(__file__).resolve().parents[5]
VALIDATOR = jsonschema.Draft7Validator(document_schema())


class Yaml12(yaml.SafeLoader):
    """Load YAML as editors do: ``yes`` and dates are text."""


Yaml12.yaml_implicit_resolvers = {
    char: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp" and (tag != "tag:yaml.org,2002:bool" or char in "tTfF")]
    for char, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def mistakes(text):
    """Return the messages that an editor would show for a document."""
    return [error.message for error in VALIDATOR.iter_errors(yaml.load(text, Yaml12))]


def test_the_shipped_schema_matches_the_tables():
    shipped = (ROOT / "plugins" / "plugin_utils" / FILE_NAME).read_text(encoding="utf-8")
    assert shipped == schema_text(), f"plugins/plugin_utils/{FILE_NAME} is not what the attribute tables give: run make schema"


def test_the_schema_is_valid():
    jsonschema.Draft7Validator.check_schema(document_schema())
    assert json.loads(schema_text())["$id"] == "urn:pingone.directory:document:1"


def test_every_attribute_is_described():
    properties = document_schema()["properties"]
    for kind, resource in (("users", USER), ("groups", GROUP)):
        described = properties[kind]["items"]["properties"]
        assert set(resource.attributes) < set(described)
        assert all("description" in value for value in described.values())
    assert properties["users"]["items"]["properties"]["enterprise"]["properties"]["manager"]["properties"]["manager_id"]["description"] == (
        "SCIM: manager.managerId (urn:scim:schemas:extension:enterprise:1.0)."
    )


ACCEPTED = {
    "everything": """
        $schema: .directory-1.schema.json
        users:
          - id: 1
            user_name: 0042
            new_user_name: ann
            external_id: ""
            create: yes
            state: present
            active: No
            active_until: 2027-01-31
            password: x
            password_expired: true
            groups: Sales, EU
            name: {given_name: Ann, family_name: }
            title: 5
            emails: [ann@example.org, {value: ann@example.com, type: work, primary: yes}]
            addresses: [{type: work, locality: Berlin}]
            enterprise: {employee_number: 7, manager: {manager_id: 12}}
            attributes: {urn:example:badge:1.0: {floor: 7}, roles: null}
          - {id: x, external_id: hr:1, emails: []}
        groups:
          - name: Sales
            membership: exact
            members: {users: [ann, 5], user_ids: [], groups: Board}
          - display_name: Board
            new_display_name: The Board
            state: absent
        """,
    "lists that are empty": "{users: , groups: []}",
    "one kind": "groups: [{id: x}]",
    "users by their external ids": "users: [{external_id: hr:1}]",
    "a backup": "{users: [], not_undone: {created_users: [ann], passwords: []}}",
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted_documents(text):
    assert mistakes(text) == []
    document = yaml.safe_load(text)
    match_by = "external_id" if "hr:1}]" in text else "user_name"
    assert read_desired(document.get("users"), document.get("groups"), {"match_users_by": match_by}).problems == []


MISTAKES = {
    "no users": ("user: [{user_name: a}]", "'user' was unexpected"),
    "no list": ("users: {user_name: a}", "is not of type 'array', 'null'"),
    "fraction as external id": ("users: [{user_name: a, external_id: 1.5}]", "1.5 is not of type 'string', 'integer', 'null'"),
    "attribute without a name": ("users: [{user_name: a, attributes: {'': x}}]", "'' does not match"),
    "blank date": ("users: [{user_name: a, active_until: ' '}]", "' ' does not match"),
    "both names": ("groups: [{display_name: a, name: a}]", "should not be valid under"),
    "no dictionary": ("users: [a]", "'a' is not of type 'object'"),
    "no name": ("users: [{title: x}]", "is not valid under any of the given schemas"),
    "an empty name": ("users: [{user_name: ''}]", "'' does not match"),
    "a list as a name": ("users: [{user_name: [a]}]", "is not of type 'string', 'integer', 'null'"),
    "SCIM in place of options": ("users: [{userName: a}]", "'userName' was unexpected"),
    "a misspelled option": ("users: [{user_name: a, titel: x}]", "'titel' was unexpected"),
    "a misspelled part": ("users: [{user_name: a, name: {givenName: x}}]", "'givenName' was unexpected"),
    "a misspelled part of a part": ("users: [{user_name: a, enterprise: {manager: {id: x}}}]", "'id' was unexpected"),
    "an option of the module": ("users: [{user_name: a, match_by: id}]", "'match_by' was unexpected"),
    "a state": ("users: [{user_name: a, state: deleted}]", "'deleted' is not one of"),
    "a truth value": ("users: [{user_name: a, active: perhaps}]", "is not valid under any"),
    "a truth value as text": ("users: [{user_name: a, title: true}]", "True is not of type 'string'"),
    "a date": ("users: [{user_name: a, active_until: 31.01.2027}]", "does not match"),
    "text in place of a list": ("users: [{user_name: a, emails: a@example.org}]", "is not of type 'array', 'null'"),
    "a list in place of a dictionary": ("users: [{user_name: a, name: [a]}]", "is not of type 'object', 'null'"),
    "an item without a value": ("users: [{user_name: a, emails: [{type: work}]}]", "'value' is a required property"),
    "a part of an item": ("users: [{user_name: a, emails: [{value: x, typ: work}]}]", "'typ' was unexpected"),
    "an empty address": ("users: [{user_name: a, addresses: [{type: work}]}]", "is not valid under any"),
    "an attribute with an option": ("users: [{user_name: a, attributes: {UserName: b}}]", "should not be valid under"),
    "groups that are no list": ("users: [{user_name: a, groups: {team: 1}}]", "is not of type"),
    "a group with attributes of a user": ("groups: [{name: a, title: x}]", "'title' was unexpected"),
    "members that are a list": ("groups: [{name: a, members: [ann]}]", "is not of type 'object', 'null'"),
    "members of one user": ("groups: [{name: a, members: {user: [ann]}}]", "'user' was unexpected"),
    "a membership": ("groups: [{name: a, membership: strict}]", "'strict' is not one of"),
    "a member that is a dictionary": ("groups: [{name: a, members: {users: [{user_name: a}]}}]", "is not of type 'string', 'integer'"),
    "what is not undone": ("{users: [], not_undone: {users: []}}", "'users' was unexpected"),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_the_schema_marks_a_mistake_where_the_module_refuses_it(text, expected):
    found = mistakes(text)
    assert sum(expected in line for line in found) == 1, found
    document = yaml.safe_load(text)
    if set(document) <= {"users", "groups"}:
        assert read_desired(document.get("users"), document.get("groups"), {}).problems


USERS = st.fixed_dictionaries(
    {"user_name": st.sampled_from(["ann", "Zoë", 5])},
    optional={name: desired_state_for(attribute) for name, attribute in USER.attributes.items() if name != "user_name"},
)


@given(USERS)
@PROPERTY
def test_the_schema_accepts_what_the_tables_accept(user):
    problems = read_desired([user], None, {}).problems
    marked = list(VALIDATOR.iter_errors(json.loads(json.dumps({"users": [user]}))))
    assert problems or not marked, marked
