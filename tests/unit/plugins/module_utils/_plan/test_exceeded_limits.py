# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the text of an exceeded limit and how it is restored from a result."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._plan.exceeded_limits import ExceededLimit, summary_of_limit


@pytest.mark.parametrize(
    ("limit", "summary"),
    [
        (ExceededLimit("max_deletes", "0", 0, 1, "user or group"), "limits.max_deletes is 0, but the plan deletes 1 user or group"),
        (ExceededLimit("max_deletes", "0", 0, 2, "user or group"), "limits.max_deletes is 0, but the plan deletes 2 users and groups"),
        (ExceededLimit("max_disables", "2%", 4, 5, "user"), "limits.max_disables is 2% (4), but the plan disables 5 users"),
        (ExceededLimit("max_requests", "-0", 0, 0, "request"), "limits.max_requests is -0 (0), but the plan needs 0 requests"),
    ],
)
def test_the_summary_is_restored_from_the_row(limit, summary):
    assert limit.summary == summary
    assert summary_of_limit(limit.as_dict()) == summary


@pytest.mark.parametrize(
    "change",
    [{"limit": "max_unknown"}, {"allowed": None}, {"planned": "many"}],
)
def test_an_invalid_row_has_no_summary(change):
    row = ExceededLimit("max_deletes", "10", 10, 11, "user").as_dict()
    assert summary_of_limit({**row, **change}) is None
