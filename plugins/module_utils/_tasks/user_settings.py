# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Options of p1_user that are not attributes of the user. In p1_directory they apply to all users."""

from __future__ import annotations

from typing import Any

from .._scim.attributes import BY_TYPE, EXACT_LIST

EXACT = "exact"  # value of ``membership`` in p1_user: the user is in the listed groups only

USER_SETTINGS_SPEC: dict[str, dict[str, Any]] = {
    "update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
    "multi_valued": {"type": "str", "choices": [EXACT_LIST, BY_TYPE], "default": EXACT_LIST},
    "default_group": {"type": "str"},
    "on_ignored_attribute": {"type": "str", "choices": ["fail", "warn"], "default": "fail"},
}
