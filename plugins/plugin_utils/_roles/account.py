# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The account that a role looked up, and the checks that all roles for one account share. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .answers import Refusal


@dataclass(frozen=True)
class GroupRef:
    """A group by id and name."""

    id: str
    name: str


@dataclass(frozen=True)
class Account:
    """An existing account.

    :ivar attributes: the user as ``p1_user_info`` returns it.
    :ivar groups: the groups of which the account is a direct member.
    :ivar inherited: the groups of which the account is an inherited member.
    :ivar administrator_by: the groups that make the account an administrator, Domain Administrators first; empty if it
        is not an administrator.
    """

    id: str
    user_name: str
    external_id: str
    active: bool
    attributes: Mapping[str, Any]
    groups: tuple[GroupRef, ...]
    inherited: tuple[GroupRef, ...]
    administrator_by: tuple[GroupRef, ...]

    def require_administrator_allowed(self, label: str, allowed: bool, option: str) -> None:
        """Refuse an administrator unless administrators are allowed.

        :param option: the variable that allows administrators, for the message.
        :raises Refusal: the account is an administrator, and ``allowed`` is false.
        """
        if self.administrator_by and not allowed:
            path = " > ".join(group.name for group in self.administrator_by)
            raise Refusal(
                f"The account {label} is an administrator through {path}; nothing was done. If this is intended, set {option}: true"
            )


def found_account(found: Mapping[str, Any], label: str) -> Account | None:
    """Return the account in a result of ``p1_user_info`` with ``effective: true``, or None if it does not exist.

    :param label: the name or id of the search, for the message.
    :raises Refusal: the result contains several accounts.
    """
    users = found.get("users") or []
    if max(len(users), int(found.get("total") or 0)) > 1:
        raise Refusal(f"Several accounts are named {label} and differ only in case; nothing was done")
    return _account(users[0]) if users else None


def found_accounts(found: Mapping[str, Any]) -> list[Account]:
    """Return all accounts in a result of ``p1_user_info`` with ``effective: true``."""
    return [_account(user) for user in found.get("users") or [] if user.get("id") and user.get("user_name")]


def _account(user: Mapping[str, Any]) -> Account:
    groups = user.get("effective_groups") or []
    return Account(
        id=user["id"],
        user_name=user["user_name"],
        external_id=str(user.get("external_id") or ""),
        active=user.get("active") is not False,
        attributes=user,
        groups=tuple(_ref(group) for group in groups if group.get("direct")),
        inherited=tuple(_ref(group) for group in groups if not group.get("direct")),
        administrator_by=tuple(_ref(group) for group in user.get("administrator_by") or []),
    )


def _ref(group: Mapping[str, Any]) -> GroupRef:
    return GroupRef(group["id"], group["display_name"])
