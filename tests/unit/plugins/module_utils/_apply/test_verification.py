# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test whether a write counts as a change if the service stored only part of it."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._apply.verification import outcome_of
from ansible_collections.pingone.directory.plugins.module_utils._plan.desired import DesiredObject
from ansible_collections.pingone.directory.plugins.module_utils._plan.one_object import plan_object
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import USER

BASE = {"id": "id-1", "userName": "ann", "title": "Head", "active": True}


@pytest.mark.parametrize(
    ("values", "after", "missing", "created", "changed"),
    [
        ({"title": "Boss"}, {"title": "Boss"}, [], False, True),
        ({"title": "Boss"}, {}, ["title"], False, False),
        ({"title": "Boss"}, {}, ["title"], True, True),
        ({"title": "Boss"}, {"title": "Chief"}, ["title"], False, True),
        ({"title": "Boss", "active": False}, {"active": False}, ["title"], False, True),
        ({"title": "Boss", "active": True}, {}, ["title"], False, False),
        ({"title": "Boss", "password": "secret"}, {}, ["title"], False, True),
    ],
)
def test_a_write_changed_the_stored_attributes(values, after, missing, created, changed):
    step = plan_object(DesiredObject(USER, "ann", values=values), BASE)
    outcome = outcome_of(step, values, BASE, {**BASE, **after}, missing, created)
    assert (outcome.changed, outcome.not_stored) == (changed, missing)
