# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What enters the hash of a plan."""

from __future__ import annotations

import pytest
from desired_directories import directory, group, plan, user

from ansible_collections.pingone.directory.plugins.module_utils._plan.desired import DesiredObject
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.hashing import plan_hash
from ansible_collections.pingone.directory.plugins.module_utils._plan.one_object import plan_object
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import USER


@pytest.mark.parametrize("title", ["Ärztin", "医者", "\ud800"])
def test_a_plan_with_any_text_has_a_hash(title):
    def hash_of(value):
        step = plan_object(DesiredObject(USER, "ann", values={"title": value}), {"id": "1", "userName": "ann"})
        return plan_hash([(step, step.rows())], b"key")

    assert hash_of(title) == hash_of(title) != hash_of("?")


def test_other_members_of_a_group_that_stays_do_not_change_the_hash():
    """Another task may add a member between the check and the real run."""

    def hash_of(*members):
        groups = [{"name": "team", "members": {"users": ["ann"]}}, {"name": "old", "new_display_name": "crew"}]
        return plan(None, groups, directory([user("ann"), user("bob")], [group("team", *members), group("old", *members)])).sha256()

    assert hash_of() == hash_of("bob")


def test_the_group_of_new_users_is_part_of_the_hash():
    hashes = [plan([{"user_name": "ann"}], default_group=group_id).sha256() for group_id in (None, "a", "b")]
    assert len(set(hashes)) == 3
