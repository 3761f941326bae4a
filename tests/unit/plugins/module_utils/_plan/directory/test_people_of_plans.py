# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The users that rows of a plan are about, as reports name them."""

from __future__ import annotations

import pytest
from desired_directories import directory, group, user

from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.people import people_of
from ansible_collections.pingone.directory.plugins.module_utils._scim.attributes import PINGONE_URN

ANN = user("ann", displayName="Ann A", emails=[{"value": "ann@example.com", "type": "work"}])
CURRENT = directory([ANN, user("bob"), {**user("twin"), "id": "twin-1"}, {**user("twin"), "id": "twin-2"}], [group("ann")])


def row(kind, key, object_id=None, member=None):
    return {"kind": kind, "key": key, "id": object_id, **({"member": member} if member else {})}


@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ([], []),
        ([row("user", "ann", "ann-id"), row("user", "ann", "ANN-ID"), row("user", "Ann")], ["ann-id"]),
        # The id counts, not the name, which another user may have by now.
        ([row("user", "bob", "ann-id")], ["ann-id"]),
        # Rows of drift have no id.
        ([row("user", "twin")], ["twin-1", "twin-2"]),
        ([row("user", "new")], []),
        ([row("group", "ann", "ann-id")], []),
        ([row("membership", "team", "team-id", {"kind": "user", "id": "bob-id", "name": "bob"})], ["bob-id"]),
        ([row("membership", "ann", "ann-id", {"kind": "group", "id": "ann-id", "name": "ann"})], []),
        ([row("membership", "team", "team-id", {"kind": "user", "id": None, "name": None})], []),
    ],
)
def test_the_people_of_rows(rows, ids):
    assert [person["id"] for person in people_of(CURRENT, rows)] == ids


@pytest.mark.parametrize(
    ("more", "created", "last_login"),
    [
        ({}, None, None),
        ({PINGONE_URN: {"lastLoginTime": 1767225600000}}, None, "2026-01-01T00:00:00.000Z"),
        ({"meta": {"created": "2025-01-01T00:00:00Z"}}, "2025-01-01T00:00:00.000Z", None),
        (
            {PINGONE_URN: {"createTimeStamp": 1735689600000}, "meta": {"created": "2024-01-01T00:00:00Z"}},
            "2025-01-01T00:00:00.000Z",
            None,
        ),
        ({PINGONE_URN: {"lastLoginTime": "never"}, "meta": "odd"}, None, None),
    ],
)
def test_a_person(more, created, last_login):
    assert list(people_of(directory([{**ANN, **more}]), [row("user", "ann", "ann-id")])) == [
        {
            "id": "ann-id",
            "user_name": "ann",
            "display_name": "Ann A",
            "email": "ann@example.com",
            "created": created,
            "last_login": last_login,
        }
    ]
