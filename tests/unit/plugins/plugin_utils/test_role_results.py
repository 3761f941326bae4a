# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test how the results of a role's tasks show check mode, where ansible_check_mode does not."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.filter.p1_offboarding import p1_offboarding
from ansible_collections.pingone.directory.plugins.plugin_utils._roles.access import access_report
from ansible_collections.pingone.directory.plugins.plugin_utils._roles.onboarding import onboarding
from ansible_collections.pingone.directory.plugins.plugin_utils._roles.results import only_planned

PLANNED = {"changed": True, "api": {"reads": 2, "writes": 0}}
DONE = {"changed": True, "api": {"reads": 2, "writes": 1}}
UNCHANGED = {"changed": False, "api": {"reads": 2, "writes": 0}}
START = "Check mode, nothing is written: "


@pytest.mark.parametrize(
    ("results", "planned"),
    [
        ([PLANNED], True),
        ([{"changed": True, "results": [UNCHANGED, PLANNED]}], True),
        ([UNCHANGED, {"skipped": True}, {}], False),
        ([DONE, UNCHANGED], False),
        ([{"changed": True, "results": [DONE, UNCHANGED]}], False),
        ([{"changed": True}], False),  # a result of another module
    ],
)
def test_a_change_without_a_write_was_only_planned(results, planned):
    assert only_planned(results) is planned


@pytest.mark.parametrize(("result", "planned"), [(PLANNED, True), (DONE, False), (UNCHANGED, False)])
def test_the_roles_report_check_mode(result, planned):
    granting = {"results": [{**result, "added": [], "item": {"group": "g"}}]}
    assert access_report({"grant": "ann: g"}, (), granting, {})["report"].startswith(START) is planned
    account = {"users": []}
    assert onboarding({"user_name": "ann"}, account, result)["report"].startswith(START) is planned
    found = {"users": [{"id": "1", "user_name": "ann", "active": True}], "total": 1}
    decision = p1_offboarding({"user_name": "ann"}, found, [], done=[result])
    assert decision["report"].startswith(START) is planned
