# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hash of a plan with names in any alphabet."""

from __future__ import annotations

import pytest

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
