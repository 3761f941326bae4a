# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Drift: the differences between a directory and its declaration, as rows by class. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.names import normalize_name
from ..._scim.members import Member

DRIFT_CLASSES = ("missing", "extra", "different", "unmanaged", "protected", "unresolved")

Row = Mapping[str, Any]
Drift = Mapping[str, Sequence[Row]]  # by class


def empty_drift() -> dict[str, list[Row]]:
    """Return drift without rows."""
    return {name: [] for name in DRIFT_CLASSES}


def drift_row(kind: str, key: str, member: Member | None = None) -> Row:
    """Return the row of an object or of a membership: ``{kind, key}``, and for a membership ``member``."""
    return {"kind": kind, "key": key} if member is None else {"kind": kind, "key": key, "member": member.as_dict()}


def sorted_drift(drift: Drift) -> Drift:
    """Return drift in an order that does not depend on the order of the input."""
    return {name: sorted(rows, key=_order) for name, rows in drift.items()}


def _order(row: Row) -> tuple[Any, ...]:
    member = row.get("member")
    of_member = (member["kind"], member["name"] or "", member["id"] or "") if member else ()
    return row["kind"], normalize_name(row["key"]), row["key"], of_member
