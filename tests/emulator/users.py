# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write operations on users."""

from __future__ import annotations

from typing import Any

from . import changes
from .attributes import USER
from .errors import ApiError
from .reply import Reply
from .resources import Row
from .writes import Writes


class Users(Writes):
    """POST, PUT, PATCH and DELETE of users."""

    kind = USER

    def patch(self, resource_id: str, body: Any, if_match: str | None) -> Reply:
        """PATCH a user."""
        if self._settings.patch_user == "501":
            raise ApiError(501, "PATCH of a user is not supported")
        return super().patch(resource_id, body, if_match)

    def _create(self, body: dict[str, Any], option: str | None) -> Reply:
        settings = self._settings
        twin = self._context.by_external_id(body.get("externalId"))
        if twin and settings.external_id_upsert == "on":
            if settings.upsert_scope == "profile":
                body = {**body, "userName": twin.name, "password": None}
            return self._replace(twin, body)
        self._context.require_free_external_id(body.get("externalId"))
        if settings.require_email == "yes":
            changes.check_email(body)
        self._context.require_free_user_name(body["userName"])
        group_id = self._members.first_group(option)
        password = body.get("password")
        if password is not None:
            changes.check_password(password, [], settings)
        user_id = self._store.put_user(changes.created(USER, body, settings), password)
        self._members.join(user_id, group_id)
        return self._created(user_id)

    def _replace(self, row: Row, body: dict[str, Any]) -> Reply:
        self._context.require_free_user_name(body["userName"], row.id)
        self._context.require_free_external_id(body.get("externalId"), row.id)
        self._context.before_write(USER, row.id)
        self._save(row, changes.replaced(USER, row.body, body, self._settings), body.get("password"))
        if self._settings.put_groups == "applied":
            self._members.set_groups(row.id, body.get("groups") or [])
        return self._replaced(row.id)

    def _patch(self, row: Row, body: dict[str, Any]) -> None:
        if "userName" in body:
            self._context.require_free_user_name(body["userName"], row.id)
        result = changes.patched(USER, row.body, body, self._settings)
        changes.check(USER, result, self._settings, stored=row.body)
        self._context.require_free_external_id(result.get("externalId"), row.id)
        self._context.before_write(USER, row.id)
        self._save(row, result, body.get("password"))

    def _save(self, row: Row, body: dict[str, Any], password: str | None) -> None:
        if password is not None:
            changes.check_password(password, self._store.passwords_of(row.id), self._settings)
        self._store.put_user(body, password)
