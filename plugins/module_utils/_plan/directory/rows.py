# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Rows of a plan in words, for refusals."""

from __future__ import annotations

from ..._core.names import show

MAX_NAMED = 20  # objects a refusal names


def _label(row):
    if row["kind"] == "membership":
        member = row["member"]
        return f"{member['kind']} {show(member['name'] or member['id'])} of group {show(row['key'])}"
    return f"{row['kind']} {show(row['key'])}"


def list_names(rows):
    """The first objects of some rows, for a refusal."""
    return ", ".join(_label(row) for row in rows[:MAX_NAMED]) + (", …" if len(rows) > MAX_NAMED else "")


def operations(rows):
    """The operations of some rows in words, for a refusal."""
    return " and ".join(dict.fromkeys(row["operation"] for row in rows))
