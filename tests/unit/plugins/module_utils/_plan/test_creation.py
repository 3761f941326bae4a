# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the warning for a name that looks like the name of an existing object."""

from __future__ import annotations

from ansible_collections.pingone.directory.plugins.module_utils._plan.creation import near_match_warning
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP


def test_the_warning_names_at_most_three_similar_names():
    blanks = ("\u00a0", "\u2002", "\u2003", "\u2004")
    objects = [{"id": f"id-{number}", "displayName": f"Cloud{blank}Platform"} for number, blank in enumerate(blanks)]

    for count in range(1, len(objects) + 1):
        warning = near_match_warning(GROUP, "Cloud Platform", objects[:count])
        assert warning.startswith("group 'Cloud Platform' does not exist, but 'Cloud\\xa0Platform' (id id-0)")
        assert [f"id-{number}" in warning for number in range(4)] == [number < min(count, 3) for number in range(4)]


def test_other_names_and_the_same_name_cause_no_warning():
    objects = [{"id": "id-0", "displayName": name} for name in ("Cloud Platform", "Cloud Platforms")]
    assert near_match_warning(GROUP, "Cloud Platform", objects) is None
