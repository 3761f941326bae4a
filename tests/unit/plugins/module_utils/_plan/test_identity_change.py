# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test which current object is no longer the one that a step was planned for."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._plan.desired import DesiredObject
from ansible_collections.pingone.directory.plugins.module_utils._plan.identity_change import identity_change
from ansible_collections.pingone.directory.plugins.module_utils._plan.steps import Step
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER


def user(name, external_id=None):
    return {"id": "1", "userName": name, **({} if external_id is None else {"externalId": external_id})}


ANN = user("ann", "hr:1")
RENAMED = "it was renamed to 'eve'"
LOST = "it no longer has an external_id"


@pytest.mark.parametrize(
    ("before", "desired", "fresh", "change"),
    [
        (ANN, {}, ANN, None),
        (ANN, {}, user("ANN", "hr:1"), None),
        (ANN, {}, user("eve", "hr:1"), RENAMED),
        # An earlier attempt of the same step may have set the new values.
        (ANN, {"rename_to": "eve"}, ANN, None),
        (ANN, {"rename_to": "eve"}, user("eve", "hr:1"), None),
        (ANN, {"rename_to": "bob"}, user("eve", "hr:1"), RENAMED),
        (ANN, {"values": {"external_id": "hr:2"}}, ANN, None),
        (ANN, {"values": {"external_id": "hr:2"}}, user("ann", "hr:2"), None),
        (ANN, {"values": {"external_id": "hr:2"}}, user("ann", "hr:3"), "its external_id is now 'hr:3'"),
        (ANN, {"values": {"external_id": "hr:2"}}, user("ann"), LOST),
        (ANN, {"values": {"external_id": ""}}, user("ann"), None),
        (ANN, {"values": {"external_id": ""}}, user("ann", ""), None),
        (ANN, {"values": {"external_id": ""}}, user("ann", "hr:3"), "its external_id is now 'hr:3'"),
        (ANN, {}, user("ann", "hr:2"), "its external_id is now 'hr:2'"),
        (ANN, {}, user("ann"), LOST),
        (ANN, {}, user("ann", ""), LOST),
        (user("ann"), {}, user("ann"), None),
        (user("ann"), {}, user("ann", "hr:2"), "its external_id is now 'hr:2'"),
        (user("ann"), {"values": {"external_id": "hr:2"}}, user("ann"), None),
        (user("ann"), {"values": {"external_id": "hr:2"}}, user("ann", "hr:2"), None),
    ],
)
def test_another_name_or_external_id_is_another_user(before, desired, fresh, change):
    step = Step("update", USER, "ann", "1", DesiredObject(USER, "ann", **desired), before=before)
    assert identity_change(step, fresh) == change


@pytest.mark.parametrize(("name", "change"), [("team", None), ("Team", None), ("eve", RENAMED)])
def test_a_group_is_known_by_its_name(name, change):
    step = Step("delete", GROUP, "team", "1", before={"id": "1", "displayName": "team"})
    assert identity_change(step, {"id": "1", "displayName": name, "externalId": "hr:1"}) == change


def test_a_step_without_a_representation_was_planned_for_no_name():
    assert identity_change(Step("delete", USER, "eve", "1"), user("eve")) == RENAMED
