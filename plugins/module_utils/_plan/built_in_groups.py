# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The groups that exist in every directory ([doc] Add directory groups)."""

from __future__ import annotations

from .._core.names import same_name

ADMINISTRATORS = "Domain Administrators"  # read-only; contains all administrators
DEFAULT_GROUP = "Users"  # contains every user that was created without another group


def is_built_in(name: str) -> bool:
    """Return whether a name is that of a built-in group. The service is expected to refuse to delete such a group."""
    return same_name(name, ADMINISTRATORS) or same_name(name, DEFAULT_GROUP)
