# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""All that the plan of a directory is made from."""

from __future__ import annotations

from dataclasses import dataclass

from ..policy import Protection
from .entries import DesiredDirectory
from .preconditions import Preconditions
from .rules import Rules
from .snapshot import Snapshot


@dataclass(frozen=True)
class Context:
    """All that a plan is made from."""

    desired: DesiredDirectory
    snapshot: Snapshot
    rules: Rules
    protection: Protection
    preconditions: Preconditions

    @property
    def by_external_id(self):
        """Whether users are told by their external ids."""
        return self.rules.match_users_by == "external_id"
