# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The task-level options that planning a directory goes by."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..policy import Limits, Scope


@dataclass(frozen=True)
class Rules:
    """The task-level options that planning goes by."""

    match_users_by: str = "user_name"
    unlisted_users: str = "keep"
    unlisted_groups: str = "keep"
    on_unknown_member: str = "fail"
    allow_empty: bool = False
    scope: Scope = field(default_factory=Scope)
    protected_users: list[str] = field(default_factory=list)
    protected_groups: list[str] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    default_group: str | None = None
    # Names the files of src that were not read: the planner does not know what they declare.
    unread: str = ""
