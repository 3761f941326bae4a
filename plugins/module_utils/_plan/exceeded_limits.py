# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""A limit that a plan exceeds, as data and as text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

# What a plan that exceeds a limit does.
_VERBS = {
    "max_deletes": "deletes",
    "max_disables": "disables",
    "max_renames": "renames",
    "max_member_removals": "removes",
    "max_updates": "updates",
    "max_requests": "needs",
}


@dataclass(frozen=True)
class ExceededLimit:
    """A limit that a plan exceeds.

    :ivar limit: the name of the limit, such as ``max_deletes``.
    :ivar value: the limit as given, such as ``10`` or ``2%``.
    :ivar allowed: the number that the limit allows.
    :ivar planned: the number in the plan.
    :ivar what: what is counted: ``user``, ``group``, ``user or group``, ``member`` or ``request``.
    """

    limit: str
    value: str
    allowed: int
    planned: int
    what: str

    @property
    def summary(self) -> str:
        """The limit and the number that exceeds it, without names of objects."""
        value = self.value if self.value == str(self.allowed) else f"{self.value} ({self.allowed})"
        what = self.what if self.planned == 1 else " and ".join(f"{noun}s" for noun in self.what.split(" or "))
        return f"limits.{self.limit} is {value}, but the plan {_VERBS[self.limit]} {self.planned} {what}"

    def as_dict(self) -> dict[str, Any]:
        """Return the limit in the shape of a result."""
        return asdict(self)


def summary_of_limit(row: Mapping[str, Any]) -> str | None:
    """Return the summary of a limit from its row in a result; None if the row is invalid."""
    try:
        found = ExceededLimit(
            str(row["limit"]), str(row["value"]), int(row["allowed"]), int(row["planned"]), str(row["what"])
        )
        return found.summary
    except (KeyError, TypeError, ValueError):
        return None
