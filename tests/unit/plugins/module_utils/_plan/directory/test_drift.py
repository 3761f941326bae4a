# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of rows of drift, which does not depend on the order of the input."""

from __future__ import annotations

from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.drift import drift_row, sorted_drift
from ansible_collections.pingone.directory.plugins.module_utils._scim.members import Member


def test_rows_are_in_the_order_of_kind_name_and_member():
    rows = [
        drift_row("group", "b"),
        drift_row("membership", "team", Member("9", "group", "a")),
        drift_row("membership", "team", Member("8", "user", None)),
        drift_row("membership", "team", Member(None, "user", "a")),
        drift_row("membership", "team", Member("1", "user", "a")),
        drift_row("membership", "team", Member("2", "user", "a")),
        drift_row("membership", "team", Member("0", "user", "b")),
        drift_row("user", "A"),
        drift_row("user", "a"),
        drift_row("user", "B"),
    ]
    assert sorted_drift({"extra": rows[::-1], "missing": rows[::2] + rows[1::2], "different": []}) == {
        "extra": rows,
        "missing": rows,
        "different": [],
    }
