# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations on users that are not part of SCIM: login, password reset, invitation."""

from __future__ import annotations

from typing import Any

from . import changes
from .attributes import ADMINISTRATORS_GROUP, PINGONE, USER
from .context import Context
from .errors import ApiError
from .members import Members
from .reply import Reply
from .resources import Row
from .stamps import epoch_ms, mountain

_LOGIN_HOST = "https://login.pingone.com"


class Actions:
    """The operations on paths other than those of users and groups."""

    def __init__(self, context: Context, members: Members) -> None:
        self._context = context
        self._members = members
        self._store = context.store

    def log_in(self, user_name: str, password: str) -> Reply:
        """Log a user in. Raise ApiError 400 if the user is unknown or disabled, or if the password is wrong."""
        with self._store.transaction():
            rows = self._store.find(USER, "name", user_name)
            row = next((row for row in rows if row.name == user_name), rows[0] if rows else None)
            known = self._store.passwords_of(row.id) if row else []
            if row is None or not row.body["active"] or known[-1:] != [password]:
                raise ApiError(400, "invalid_grant: Bad credentials")
            self._context.before_write(USER, row.id)
            now = epoch_ms()
            row.body[PINGONE].update(lastLoginTime=now, lastModifiedTimeStamp=now)
            row.body["meta"]["lastModified"] = mountain(now)
            self._store.put(USER, row.body, stamps=(now, mountain(now)))
        return Reply(200, {"access_token": "%s-%d" % (row.id, now), "token_type": "bearer", "expires_in": 3599})

    def password_lost(self, body: Any) -> Reply:
        """Start a password reset by email."""
        _require_texts(body, "email")
        with self._store.transaction():
            rows = self._store.find(USER, "email", body["email"])
            if not rows:
                raise ApiError(404, "No user has the email address %s" % body["email"])
            link = self._link(rows[0], "password/reset", self._store.new_token(rows[0].id, "reset"))
            self._send("password-lost", body, body["email"], rows[0], link)
        return Reply(200, {"link": link})

    def password_reset(self, body: Any) -> Reply:
        """Set a new password, given the old password or the token in an email."""
        _require_texts(body, "id", "newPassword")
        with self._store.transaction():
            row = self._context.existing(USER, body["id"])
            passwords = self._store.passwords_of(row.id)
            self._require_proof(row, passwords, body.get("confirmationToken"), body.get("oldPassword"))
            changes.check_password(body["newPassword"], passwords, self._context.settings)
            self._context.before_write(USER, row.id)
            row.body[PINGONE].pop("passwordExpired", None)
            self._store.put_user(row.body, body["newPassword"])
            self._store.drop_token(row.id, "reset")
        return Reply(200)

    def _require_proof(self, row: Row, passwords: list[str], token: Any, old: Any) -> None:
        """Reject a password reset that has neither the old password nor a valid token, or has both."""
        if (token is None) == (old is None):
            raise ApiError(400, "Either oldPassword or confirmationToken is required")
        if token is not None:
            administrators = self._store.group_id(ADMINISTRATORS_GROUP)
            if administrators and self._store.is_member(administrators, row.id):
                raise ApiError(403, "Administrators cannot reset their password by token")
            if token != self._store.token_of(row.id, "reset"):
                raise ApiError(400, "Invalid confirmationToken")
        elif passwords[-1:] != [old]:
            raise ApiError(400, "Invalid oldPassword")

    def invite(self, body: Any) -> Reply:
        """Send an invitation by email. Create a user unless a user already has the address."""
        _require_texts(body, "email")
        email = body["email"]
        with self._store.transaction():
            rows = self._store.find(USER, "email", email) or [self._invited(email)]
            link = self._link(rows[0], "registration/confirm", self._store.new_token(rows[0].id, "invite"))
            self._send("invite", body, body.get("alternateEmail") or email, rows[0], link)
        return Reply(200, {"value": link})

    def _invited(self, email: str) -> Row:
        self._context.require_free_user_name(email)
        user_id = self._store.put_user({"userName": email, "active": False, PINGONE: {"state": "INVITED"},
                                        "emails": [{"type": "work", "value": email}]})
        self._members.join(user_id, self._members.first_group(None))
        return self._context.created(USER, user_id)

    def _link(self, row: Row, folder: str, token: str) -> str:
        return "%s/idp/directory/a/%s/%s/%s/%s/" % (_LOGIN_HOST, self._store.account_id, folder, row.id, token)

    def _send(self, kind: str, body: dict[str, Any], address: str, row: Row, link: str) -> None:
        if body.get("skipSend") != "enabled":
            self._store.add_mail({"kind": kind, "to": address, "user": row.id, "link": link, "request": body})


def _require_texts(body: Any, *names: str) -> None:
    if not isinstance(body, dict):
        raise ApiError(400, "The body is not a JSON object")
    for name in names:
        if not isinstance(body.get(name), str) or not body[name]:
            raise ApiError(400, "%s is required" % name)
