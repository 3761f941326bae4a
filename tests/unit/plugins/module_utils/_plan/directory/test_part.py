# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one part of the planning found."""

from __future__ import annotations

from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.part import Part
from ansible_collections.pingone.directory.plugins.module_utils._plan.steps import Step
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER


def test_the_ids_to_delete_are_of_one_kind():
    part = Part()
    part.steps["delete"] += [Step("delete", USER, "ann", "ann-id"), Step("delete", GROUP, "team", "team-id"), Step("delete", GROUP, "old")]
    assert (part.to_delete(USER), part.to_delete(GROUP)) == ({"ann-id"}, {"team-id"})
