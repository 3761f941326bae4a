# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The store: users, groups, memberships, passwords and emails of one account, in SQLite."""

from __future__ import annotations

import uuid
from typing import Any

from .attributes import ADMINISTRATOR, ADMINISTRATORS_GROUP, GROUP, PINGONE, USER, USERS_GROUP
from .credentials import Credentials
from .memberships import Memberships
from .stamps import epoch_ms


class Store(Memberships, Credentials):
    """The data of the account, with access by name for tests. All methods are thread-safe."""

    def __init__(self, database: str = ":memory:", number_ids: bool = False) -> None:
        super().__init__(database)
        self.number_ids = number_ids
        if not self.value("SELECT count(*) FROM account"):
            self._create_account()
        self._read_account()

    def reset(self) -> None:
        """Reset to a new account."""
        with self.transaction():
            self.empty()
            self._create_account()

    def _create_account(self) -> None:
        with self.transaction():
            self.execute_many("INSERT INTO account VALUES (?, ?)", [
                ("account_id", str(uuid.uuid4())), ("directory_id", str(uuid.uuid4()))])
            self._read_account()
            # Like the administrator in a recorded new account.
            admin = self.put_user({"userName": ADMINISTRATOR, "active": True,
                                   "name": {"givenName": "Ada", "familyName": "Admin"},
                                   "emails": [{"primary": True, "type": "work", "value": ADMINISTRATOR}],
                                   PINGONE: {"lastLoginTime": epoch_ms()}}, password="Administrator1")
            for name in (USERS_GROUP, ADMINISTRATORS_GROUP):
                self.add_member(self.put_group({"displayName": name}), admin)

    def _read_account(self) -> None:
        ids = dict(self.select("SELECT name, value FROM account"))
        self.account_id, self.directory_id = ids["account_id"], ids["directory_id"]

    def get_user(self, user_id: str) -> dict[str, Any] | None:
        """Return a user with its groups, or None."""
        row = self.row(USER, user_id)
        if row is None:
            return None
        groups = [{"display": name, "value": group_id} for group_id, name in self.groups_of([user_id])[user_id]]
        return {**row.body, "groups": groups}

    def get_group(self, group_id: str) -> dict[str, Any] | None:
        """Return a group with its members, or None."""
        row = self.row(GROUP, group_id)
        if row is None:
            return None
        members = [{"value": member_id, "type": kind, **({} if name is None else {"display": name})}
                   for member_id, kind, name in self.members_of([group_id])[group_id]]
        return {**row.body, "members": members}

    def put_user(self, representation: dict[str, Any], password: str | None = None) -> str:
        """Insert or replace a user without changing memberships. Return its id."""
        with self.transaction():
            user_id = self.put(USER, representation)
            if password is not None:
                self.add_password(user_id, password)
        return user_id

    def put_group(self, representation: dict[str, Any]) -> str:
        """Insert or replace a group without changing members. Return its id."""
        return self.put(GROUP, representation)

    def delete_user(self, user_id: str, cascade: bool = True) -> bool:
        """Delete a user, and return whether it existed."""
        return self.delete(USER, user_id, cascade)

    def delete_group(self, group_id: str, cascade: bool = True) -> bool:
        """Delete a group, and return whether it existed."""
        return self.delete(GROUP, group_id, cascade)

    def user_id(self, user_name: str) -> str | None:
        """Return the id of the (first) user with a name, ignoring case."""
        return next((row.id for row in self.find(USER, "name", user_name)), None)

    def group_id(self, display_name: str) -> str | None:
        """Return the id of the (first) group with exactly this name."""
        return next((row.id for row in self.find(GROUP, "name", display_name) if row.name == display_name), None)
