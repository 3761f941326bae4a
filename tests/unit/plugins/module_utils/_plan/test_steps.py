# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test which steps take something away, so that they are checked against the current object before the write."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._plan.desired import DesiredObject
from ansible_collections.pingone.directory.plugins.module_utils._plan.one_object import plan_object
from ansible_collections.pingone.directory.plugins.module_utils._plan.steps import Step
from ansible_collections.pingone.directory.plugins.module_utils._scim.members import Member
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER

ANN = {"id": "id-1", "userName": "ann", "active": True}
BOB = Member("id-2", "user", "bob")


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Step("delete", USER, "ann", "id-1"), True),
        (Step("members", GROUP, "team", "id-3", remove=[BOB]), True),
        (Step("members", GROUP, "team", "id-3", add=[BOB]), False),
        (Step("update", USER, "ann", "id-1", changes=[("active", True, False)]), True),
        (Step("update", USER, "ann", "id-1", changes=[("active", False, True)]), False),
        (Step("update", USER, "ann", "id-1", changes=[("title", "x", ""), ("user_name", "ann", "eve")]), True),
        (Step("update", USER, "ann", "id-1", changes=[("title", "x", "")]), False),
        (Step("update", GROUP, "team", "id-3", changes=[("display_name", "team", "crew")]), True),
        (Step("create", USER, "ann", changes=[("user_name", None, "ann"), ("active", None, False)]), False),
    ],
)
def test_takes_away(step, expected):
    assert step.takes_away is expected


@pytest.mark.parametrize(
    ("desired", "current", "checked"),
    [
        (DesiredObject(USER, "ann", "absent"), ANN, True),
        (DesiredObject(USER, "ann", values={"active": False}), ANN, True),
        (DesiredObject(USER, "ann", rename_to="eve"), ANN, True),
        (DesiredObject(USER, "ann", values={"title": "x"}), ANN, False),
        (DesiredObject(USER, "ann", values={"active": False}), None, False),
    ],
)
def test_a_step_of_one_object_that_takes_away_refuses_another_object(desired, current, checked):
    step = plan_object(desired, current)
    assert (step.precondition is not None) is checked
    if checked:
        assert step.precondition(ANN) is None
        assert step.precondition({**ANN, "userName": "bob"}) == "it was renamed to 'bob'"


def test_a_step_that_writes_attributes_has_the_desired_object():
    desired = DesiredObject(USER, "ann", values={"title": "x"})
    assert plan_object(desired, ANN).written is desired
