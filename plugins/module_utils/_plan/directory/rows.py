# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Rows of a plan as text for refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.names import show

MAX_LISTED = 20  # number of objects that a message lists

Rows = Sequence[Mapping[str, Any]]


def list_names(rows: Rows) -> str:
    """Return the objects of the first rows as text: ``user 'jdoe', user 'ann' of group 'Sales', …``."""
    return ", ".join(map(_label, rows[:MAX_LISTED])) + (", …" if len(rows) > MAX_LISTED else "")


def operations(rows: Rows) -> str:
    """Return the operations of some rows as text: ``delete and remove``."""
    return " and ".join(dict.fromkeys(row["operation"] for row in rows))


def _label(row: Mapping[str, Any]) -> str:
    if row["kind"] == "membership":
        member = row["member"]
        return f"{member['kind']} {show(member['name'] or member['id'])} of group {show(row['key'])}"
    return f"{row['kind']} {show(row['key'])}"
