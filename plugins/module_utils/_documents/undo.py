# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The part of a backup that lists the changes that it does not undo. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.names import show

NOT_UNDONE = "not_undone"  # the key of a document
NOT_UNDONE_KEYS = {
    "created_users": "users that the run created stay",
    "created_groups": "groups that the run created stay",
    "passwords": "users do not get their former password back",
}
MAX_NAMED = 20


def not_undone_problem(value: Any) -> str | None:
    """Return why a value of the key ``not_undone`` is invalid, or None."""
    if not isinstance(value, dict) or not all(isinstance(names, list) for names in value.values()):
        return f"{NOT_UNDONE} must be a dictionary of lists"
    unknown = [key for key in value if key not in NOT_UNDONE_KEYS]
    return f"{NOT_UNDONE} has an unknown key. Valid keys: {', '.join(NOT_UNDONE_KEYS)}" if unknown else None


def not_undone_warnings(path: str, value: Mapping[str, Any]) -> list[str]:
    """Return one warning, with names, for each kind of change that the backup at ``path`` does not undo."""
    warnings = []
    for key, consequence in NOT_UNDONE_KEYS.items():
        names = [show(str(name)) for name in value.get(key) or ()]
        if names:
            more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
            warnings.append(f"{path} does not undo the whole run: {consequence}: {', '.join(names[:MAX_NAMED])}{more}")
    return warnings
