# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Common parts of the write operations on users and groups."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from . import changes
from .attributes import ADMINISTRATORS_GROUP, GROUP, USERS_GROUP
from .context import Context, not_found
from .errors import ApiError
from .members import Members
from .reply import Reply
from .resources import Row


class Writes(ABC):
    """POST, PUT, PATCH and DELETE of resources of one kind."""

    kind: str

    def __init__(self, context: Context, members: Members) -> None:
        self._context = context
        self._members = members
        self._store = context.store
        self._settings = context.settings

    @abstractmethod
    def _create(self, body: dict[str, Any], option: str | None) -> Reply:
        """Create a resource."""

    @abstractmethod
    def _replace(self, row: Row, body: dict[str, Any]) -> Reply:
        """Replace a resource."""

    @abstractmethod
    def _patch(self, row: Row, body: dict[str, Any]) -> None:
        """Merge a body into a resource."""

    def create(self, body: Any, option: str | None = None) -> Reply:
        """POST a resource; option: the query parameter, only for users."""
        changes.check(self.kind, body, self._settings)
        body = changes.with_stored_name(self.kind, body, self._settings)
        with self._store.transaction():
            return self._create(body, option)

    def replace(self, resource_id: str, body: Any, if_match: str | None) -> Reply:
        """PUT a resource."""
        with self._store.transaction():
            row = self._context.existing(self.kind, resource_id)
            changes.check(self.kind, body, self._settings, stored=row.body)
            self._context.require_version(row, if_match, self._settings.etag == "required")
            return self._replace(row, changes.with_stored_name(self.kind, body, self._settings))

    def patch(self, resource_id: str, body: Any, if_match: str | None) -> Reply:
        """PATCH a resource."""
        with self._store.transaction():
            row = self._context.existing(self.kind, resource_id)
            changes.check(self.kind, body, self._settings, whole=False, stored=row.body)
            self._context.require_version(row, if_match, self._settings.etag == "required")
            self._patch(row, changes.with_stored_name(self.kind, body, self._settings))
            reply = self._context.shown(self._settings.patch_status, self._context.existing(self.kind, row.id))
        if reply.status == 204:
            reply.body = None
        return reply

    def delete(self, resource_id: str, if_match: str | None) -> Reply:
        """DELETE a resource."""
        with self._store.transaction():
            row = self._store.row(self.kind, resource_id)
            if row is None:
                if self._settings.delete_missing_status == 200:
                    return Reply(200)
                raise not_found(resource_id)
            self._context.require_version(row, if_match, False)
            if self._context.is_built_in(row, USERS_GROUP, ADMINISTRATORS_GROUP):
                raise ApiError(self._settings.read_only_status, "Group %s cannot be deleted" % row.name)
            self._context.before_write(self.kind, row.id)
            cascade = self._settings.delete_members == "cascade"
            if cascade:
                for group_id, _name in self._store.groups_of([row.id])[row.id]:
                    self._context.before_write(GROUP, group_id)
                    self._store.touch(GROUP, group_id)
            for member_id, kind, _name in self._store.members_of([row.id])[row.id]:
                self._context.before_write(kind, member_id)
            self._store.delete(self.kind, row.id, cascade)
            return Reply(self._settings.delete_status)

    def _created(self, resource_id: str) -> Reply:
        row = self._context.created(self.kind, resource_id)
        reply = self._context.shown(self._settings.create_status, row)
        if reply.status == 201:
            reply.headers["Location"] = self._context.renderer.location(row).replace("\n    ", "")
        return reply

    def _replaced(self, resource_id: str) -> Reply:
        reply = self._context.shown(200, self._context.existing(self.kind, resource_id))
        if self._settings.put_body == "empty":
            reply.body = None
        return reply
