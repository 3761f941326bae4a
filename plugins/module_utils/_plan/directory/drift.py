# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""How a directory differs from its declaration. Pure."""

from __future__ import annotations

from typing import Any

from ..._core.names import normalize_name

DRIFT_CLASSES = ("missing", "extra", "different", "unmanaged", "protected", "unresolved")


def empty_drift() -> dict[str, list[dict[str, Any]]]:
    """Drift without any row."""
    return {name: [] for name in DRIFT_CLASSES}


def drift_order(row):
    """The key by which rows of drift are sorted."""
    member = row.get("member")
    of_member = (member["kind"], member["name"] or "", member["id"] or "") if member else ()
    return row["kind"], normalize_name(row["key"]), row["key"], of_member
