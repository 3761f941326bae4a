# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of memberships by requests."""

from __future__ import annotations

from typing import Any

from .attributes import ADMINISTRATORS_GROUP, GROUP, USER, USERS_GROUP
from .context import Context
from .errors import ApiError


class Members:
    """Changes members as requests demand."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = context.store
        self._settings = context.settings

    def set_members(self, group_id: str, items: list[Any]) -> None:
        """Set the members of a group to those in a request body."""
        given = [(member_id, kind) for member_id, kind, operation in map(parse_member, items) if operation != "delete"]
        keep = {member_id.lower() for member_id, kind in given}
        for member_id in self._store.member_ids(group_id):
            if member_id.lower() not in keep:
                self.remove(group_id, member_id)
        for member_id, kind in given:
            self.add(group_id, member_id, kind)

    def patch_members(self, group_id: str, items: list[Any], emptied: bool) -> None:
        """Add and remove the members in a PATCH; emptied: also remove all other members."""
        if emptied:
            for member_id in self._store.member_ids(group_id):
                self.remove(group_id, member_id)
        for member_id, kind, operation in map(parse_member, items):
            if operation != "delete":
                self.add(group_id, member_id, kind)
            elif not emptied and not self.remove(group_id, member_id) and self._settings.patch_delete_absent == 400:
                raise ApiError(400, "%s is not a member of the group" % member_id)

    def set_groups(self, user_id: str, items: list[Any]) -> None:
        """Set the groups of a user to those in a request body. The user stays in the group of administrators."""
        given = {str(item["value"] if isinstance(item, dict) else item) for item in items
                 if not isinstance(item, dict) or "value" in item}
        have = {group_id for group_id, name in self._store.groups_of([user_id])[user_id]}
        for group_id in sorted(given ^ have):
            row = self._store.row(GROUP, group_id)
            if row is None or self._context.is_built_in(row, ADMINISTRATORS_GROUP):
                continue
            self._context.before_write(GROUP, group_id)
            if group_id in given:
                self._store.add_member(group_id, user_id)
            else:
                self._store.remove_member(group_id, user_id)
            self._store.touch(GROUP, group_id)

    def first_group(self, option: str | None) -> str | None:
        """Return the id of the group that a new user joins, according to the query parameter; None: no group."""
        if option is None and self._settings.default_group == "off":
            return None
        if option in (None, "DEFAULT_USER_GROUP"):
            return self._store.group_id(USERS_GROUP)
        row = self._store.row(GROUP, option)
        if row is None:
            raise ApiError(400, "Group %s not found" % option)
        self._context.require_writable(row)
        return row.id

    def join(self, user_id: str, group_id: str | None) -> None:
        """Add a new user to its first group, if any."""
        if group_id:
            self._context.before_write(GROUP, group_id)
            self._store.add_member(group_id, user_id)
            self._store.touch(GROUP, group_id)

    def add(self, group_id: str, member_id: str, kind: str) -> None:
        """Add one member."""
        known = self._store.kind_of(member_id)
        if known is None:
            mode = self._settings.patch_unknown_member
            if mode == "400" and not self._store.is_member(group_id, member_id):
                raise ApiError(400, "Member %s not found" % member_id)
            if mode == "ignored":
                return
        elif not self._store.is_member(group_id, member_id):
            self._context.before_write(known, member_id)
        self._store.add_member(group_id, member_id, kind)

    def remove(self, group_id: str, member_id: str) -> bool:
        """Remove one member, and return whether it was a member."""
        if not self._store.is_member(group_id, member_id):
            return False
        known = self._store.kind_of(member_id)
        if known:
            self._context.before_write(known, member_id)
        return self._store.remove_member(group_id, member_id)


def parse_member(item: Any) -> tuple[str, str, str]:
    """Return the id, kind and operation ("add" or "delete") of a member in a request body. Raise ApiError 400 if it is invalid."""
    if isinstance(item, (str, int)):
        item = {"value": item}
    if not item.get("value"):
        raise ApiError(400, "A member has no value")
    operation = str(item.get("operation", "add")).lower()
    if operation not in ("add", "delete"):
        raise ApiError(400, "Unknown operation: %s" % item["operation"])
    kind = str(item.get("type", USER)).lower()
    if kind not in (USER, GROUP):
        raise ApiError(400, "Unknown type of member: %s" % item["type"])
    return str(item["value"]), kind, operation
