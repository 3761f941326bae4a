# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test dotted option names: which values clear an attribute, and how one is removed from desired values."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._core.dotted import clears, concerns, without


@pytest.mark.parametrize(
    ("values", "dotted", "expected"),
    [
        ({"title": ""}, "title", True),
        ({"title": "x"}, "title", False),
        ({"active": False}, "active", False),
        ({"emails": []}, "emails", True),
        ({"emails": [{"value": "a"}]}, "emails", False),
        ({"name": {}}, "name", True),
        ({"name": {"given_name": ""}}, "name.given_name", True),
        ({"name": {"given_name": "A", "family_name": ""}}, "name.given_name", False),
        ({"enterprise": {"manager": {}}}, "enterprise.manager", True),
        ({"enterprise": {"manager": {"manager_id": ""}}}, "enterprise.manager.manager_id", True),
        ({"enterprise": {"manager": {"manager_id": "7"}}}, "enterprise.manager.manager_id", False),
        ({"attributes": {"x": None}}, "attributes.x", True),
        ({"attributes": {"x": 0}}, "attributes.x", False),
        ({"attributes": {"x": False}}, "attributes.x", False),
        ({"attributes": {"urn:x:1.0": {"a": 1}}}, "attributes.urn:x:1.0", False),
        ({"attributes": {"urn:x:1.0": None}}, "attributes.urn:x:1.0", True),
        ({"attributes": {"urn:x:1.0": {"a.b": None, "c": {"d": None}}}}, "attributes.urn:x:1.0", True),
        ({"attributes": {"urn:x:1.0": {"a": None, "b": False}}}, "attributes.urn:x:1.0", False),
        ({"attributes": {"urn:x:1.0": {"a": {"b": None}}}}, "attributes.urn:x:1.0.a.b", True),
        ({"attributes": {"x": {"y": None}}}, "attributes.x", True),
        ({"attributes": {"x": {}}}, "attributes.x.y", True),
        ({"name": {"given_name": ""}}, "name", True),
        ({"emails": [{"value": "a"}]}, "emails.work", False),
        ({"title": "x"}, "nick_name", None),
        ({"name": {"given_name": "A"}}, "name.family_name", None),
        ({}, "attributes.x", None),
    ],
)
def test_values_that_clear_an_attribute(values, dotted, expected):
    assert clears(values, dotted) is expected


@pytest.mark.parametrize(
    ("values", "dotted", "expected"),
    [
        ({"title": "x", "locale": "de"}, "title", {"locale": "de"}),
        ({"title": "x"}, "locale", {"title": "x"}),
        ({"name": {"given_name": "A", "family_name": "B"}}, "name.given_name", {"name": {"family_name": "B"}}),
        ({"name": {"given_name": "A"}, "title": "x"}, "name.given_name", {"title": "x"}),
        ({"emails": [{"value": "a"}], "title": "x"}, "emails.work", {"title": "x"}),
        ({"attributes": {"urn:x:1.0": 1, "y": 2}}, "attributes.urn:x:1.0", {"attributes": {"y": 2}}),
        (
            {"attributes": {"urn:x:1.0": {"a": 1, "b": 2}}},
            "attributes.urn:x:1.0.a",
            {"attributes": {"urn:x:1.0": {"b": 2}}},
        ),
    ],
)
def test_removing_an_attribute_from_values(values, dotted, expected):
    assert without(values, dotted) == expected


@pytest.mark.parametrize(
    ("name", "others", "expected"),
    [
        ("name.given_name", {"name"}, True),
        ("name", {"name.given_name"}, True),
        ("name", {"name"}, True),
        ("nick_name", {"name", "nick"}, False),
    ],
)
def test_names_that_overlap(name, others, expected):
    assert concerns(name, others) is expected
