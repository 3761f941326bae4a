# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that attributes which the service repeatedly ignores are left out of later writes of users only."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._apply.dropped import MAX_DROPS, DroppedAttributes
from ansible_collections.pingone.directory.plugins.module_utils._plan.desired import DesiredObject
from ansible_collections.pingone.directory.plugins.module_utils._plan.one_object import plan_object
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER


def create(resource, **values):
    return plan_object(DesiredObject(resource, "ann", values=values), None)


@pytest.mark.parametrize(("times", "left_out"), [(MAX_DROPS - 1, set()), (MAX_DROPS, {"display_name"})])
def test_an_attribute_ignored_for_users_is_left_out_of_users(times, left_out):
    dropped = DroppedAttributes()
    user, group = create(USER, display_name="Ann", title="Boss"), create(GROUP, display_name="Team")
    for _time in range(times):
        dropped.count(user, ["display_name"])

    sent, names = dropped.without_dropped(user)
    assert names == left_out
    assert set(sent.desired.values) == {"display_name", "title"} - left_out
    assert dropped.without_dropped(group) == (group, set())


def test_attributes_ignored_for_groups_are_not_counted():
    dropped = DroppedAttributes()
    for _time in range(MAX_DROPS):
        dropped.count(create(GROUP, display_name="Team"), ["display_name"])
    user = create(USER, display_name="Ann")
    assert dropped.without_dropped(user) == (user, set())
