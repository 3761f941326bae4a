# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords and tokens of users, and the emails that contain the tokens."""

from __future__ import annotations

import json
import uuid
from typing import Any

from .database import Database
from .resources import dump_json


class Credentials(Database):
    """The tables of passwords, tokens and emails."""

    def add_password(self, user_id: str, password: str) -> None:
        """Set the password of a user and keep the previous ones."""
        self.execute("INSERT INTO passwords (user_id, value) VALUES (?, ?)", user_id, password)

    def passwords_of(self, user_id: str) -> list[str]:
        """Return all passwords that a user has had, ending with the current one."""
        return [item[0] for item in self.select("SELECT value FROM passwords WHERE user_id = ? ORDER BY seq", user_id)]

    def passwords(self) -> dict[str, str]:
        """Return the current password of each user that has a password."""
        return dict(self.select("SELECT user_id, value FROM passwords ORDER BY seq"))

    def new_token(self, user_id: str, purpose: str) -> str:
        """Return a new token of a user for a purpose (a UUID, as recorded). The previous token becomes invalid."""
        token = str(uuid.uuid4())
        with self.transaction():
            self.drop_token(user_id, purpose)
            self.execute("INSERT INTO tokens VALUES (?, ?, ?)", token, user_id, purpose)
        return token

    def token_of(self, user_id: str, purpose: str) -> str | None:
        """Return the valid token of a user for a purpose, or None."""
        return self.value("SELECT token FROM tokens WHERE user_id = ? AND purpose = ?", user_id, purpose)

    def drop_token(self, user_id: str, purpose: str) -> None:
        """Invalidate the token of a user for a purpose."""
        self.execute("DELETE FROM tokens WHERE user_id = ? AND purpose = ?", user_id, purpose)

    def add_mail(self, mail: dict[str, Any]) -> None:
        """Record an email."""
        self.execute("INSERT INTO mails (body) VALUES (?)", dump_json(mail))

    def mails(self) -> list[dict[str, Any]]:
        """Return all recorded emails."""
        return [json.loads(item[0]) for item in self.select("SELECT body FROM mails ORDER BY seq")]
