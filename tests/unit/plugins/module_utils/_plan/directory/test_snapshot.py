# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The members of groups in a directory as it was read."""

from __future__ import annotations

import pytest
from desired_directories import directory, group, user

from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.snapshot import Snapshot
from ansible_collections.pingone.directory.plugins.module_utils._scim.members import Member

PAGE = "page 2 was empty"


@pytest.mark.parametrize(
    ("name", "incomplete", "hides"),
    [
        ("whole", {"user": PAGE}, False),
        ("partial", {"user": PAGE}, True),
        ("partial", {"group": PAGE}, True),
        ("partial", {"user": None, "group": None}, False),
        ("partial", None, False),
        ("unknown", {"user": PAGE}, False),
        ("unknown", None, False),
    ],
)
def test_a_group_may_hide_members_that_no_list_shows(name, incomplete, hides):
    current = directory([user("ann")], [group("whole", "ann"), group("partial", "ann", "gone")], incomplete)
    assert current.may_hide_members(f"{name}-id") is hides


def test_the_kind_of_a_member_is_that_of_the_list_that_shows_it():
    groups = {"a": {"id": "a", "displayName": "a", "members": [{"value": "B"}, {"value": "c", "type": "user"}, {"value": "gone"}]}}
    groups.update((name, {"id": name, "displayName": name}) for name in ("b", "c"))
    users = {"c": {"id": "c", "userName": "c"}}
    assert Snapshot({}, groups).members("a") == {"b": Member("b", "group", "b"), "c": Member("c", "group", "c")}
    assert Snapshot(users, {"a": groups["a"]}).members("A") == {"c": Member("c", "user", "c")}
    # If a service gave a user and a group one id, the group would count, which may grant more.
    assert Snapshot(users, groups).members("a")["c"].kind == "group"


def test_a_made_up_directory_was_not_read():
    assert Snapshot({}, {}).group_pages == 0
