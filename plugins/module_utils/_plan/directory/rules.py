# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The task-level options that a plan of a directory depends on. A frozen value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..policy import Limits, Scope


@dataclass(frozen=True)
class Rules:
    """The task-level options of p1_directory that affect the plan.

    :ivar default_group: the ``option`` parameter of creates: an id, or the constant for the built-in group; None: not given.
    :ivar unread: text about files in ``src`` that were not read, so that their declarations are unknown.
    """

    match_users_by: str = "user_name"
    unlisted_users: str = "keep"
    unlisted_groups: str = "keep"
    on_unknown_member: str = "fail"
    allow_empty: bool = False
    report_undeclared: bool = False
    scope: Scope = field(default_factory=Scope)
    protected_users: Sequence[str] = field(default_factory=list)
    protected_groups: Sequence[str] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    default_group: str | None = None
    unread: str = ""
