# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The options that select the accounts of a rule, shared by all rules about accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.patterns import Patterns
from .._values import ReportError
from .reading import Account, Reading
from .rules import names_of

# The options of a selection, each a list of names or shell patterns.
SELECTION = ("groups", "except_users", "except_groups")


@dataclass(frozen=True)
class Selection:
    """The groups that a rule applies to (None if it names no groups), and the users and groups that are exempt."""

    groups: list[str] | None
    except_users: list[str]
    except_groups: list[str]

    @classmethod
    def parse(cls, kind: str, options: Mapping[str, Any], label: str) -> Selection:
        """Parse the selection from the options of a rule.

        :param kind: the name of the rule, for messages.
        :raises ReportError: an option is unknown, or is not a list of names.
        """
        unknown = [name for name in options if name not in SELECTION]
        if unknown:
            raise ReportError(f"{label}: {kind}: unknown key '{unknown[0]}'. Valid keys: {', '.join(SELECTION)}")
        lists = {
            name: names_of(value, f"{label}: {name} of {kind} must be a list of names or patterns", empty=name != "groups")
            for name, value in options.items()
            if value is not None
        }
        return cls(lists.get("groups"), lists.get("except_users", []), lists.get("except_groups", []))

    def group_names(self) -> list[str]:
        """Return the names and patterns of groups in the selection."""
        return [*(self.groups or []), *self.except_groups]

    def active_accounts(self, reading: Reading) -> dict[str, Account]:
        """Return the active accounts in the groups by key, except exempt ones; all active accounts if no groups are named."""
        concerned = reading.users.keys() if self.groups is None else reading.users_in(self.groups)
        exempt = self.exempt(reading)
        return {
            key: user for key, user in reading.users.items() if user.active and key in concerned and key not in exempt
        }

    def exempt(self, reading: Reading) -> set[str]:
        """Return the keys of the exempt users: those exempt by name, and direct and inherited members of exempt groups."""
        named = Patterns(self.except_users)
        return {key for key, user in reading.users.items() if named.match(user.name)} | reading.users_in(self.except_groups)
