# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the name and email address of a user in every form that the directory may store."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._scim.people import person_email, person_name


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"display_name": " Ann E. ", "name": {"formatted": "Ann"}}, "Ann E."),
        ({"display_name": "", "name": {"formatted": "Ann", "given_name": "A"}}, "Ann"),
        ({"name": {"given_name": "Ann", "family_name": "Example"}}, "Ann Example"),
        ({"name": {"family_name": "Example"}}, "Example"),
        ({"name": "Ann"}, None),
        ({}, None),
    ],
)
def test_name(options, name):
    assert person_name(options) == name


@pytest.mark.parametrize(
    ("emails", "email"),
    [
        ([{"value": "a@x"}, {"value": "b@x", "type": "work"}, {"value": "c@x", "primary": True}], "c@x"),
        ([{"value": "a@x"}, {"value": "b@x", "type": "work"}], "b@x"),
        ([{"value": "a@x", "type": "home"}, {"value": "b@x"}], "a@x"),
        ([{"value": ""}, "a@x", {"type": "work"}], None),
        ({"value": "a@x"}, None),
        (None, None),
    ],
)
def test_email(emails, email):
    assert person_email({"emails": emails}) == email
