# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Common parts of all operations on users and groups."""

from __future__ import annotations

from .attributes import ADMINISTRATORS_GROUP, GROUP, USER
from .errors import ApiError
from .reply import Reply
from .representations import Renderer, version_tag
from .resources import Row
from .settings import Settings
from .staleness import Staleness
from .store import Store


class Context:
    """The account, the settings, and the rules common to all operations, for one request."""

    def __init__(self, store: Store, settings: Settings, staleness: Staleness, base_url: str) -> None:
        self.store = store
        self.settings = settings
        self.staleness = staleness
        self.renderer = Renderer(store, settings, base_url)

    def existing(self, kind: str, resource_id: str) -> Row:
        """Return the user or group with an id. Raise ApiError 404 if it does not exist."""
        row = self.store.row(kind, resource_id)
        if row is None:
            raise not_found(resource_id)
        return row

    def shown(self, status: int, row: Row) -> Reply:
        """Return the response that shows a resource."""
        headers = {} if self.settings.etag == "none" else {"ETag": version_tag(row)}
        return Reply(status, self.renderer.one(row), headers)

    def before_write(self, kind: str, resource_id: str) -> None:
        """Save the representation of a resource for later stale reads. Call this before each change."""
        lists, gets = self.settings.stale_lists, self.settings.stale_gets
        if lists or gets:
            row = self.store.row(kind, resource_id)
            if row:
                self.staleness.wrote((kind, row.id), self.renderer.one(row), lists, gets)

    def created(self, kind: str, resource_id: str) -> Row:
        """Return a new resource, which later stale reads do not show."""
        self.staleness.wrote((kind, resource_id), None, self.settings.stale_lists, self.settings.stale_gets)
        return self.existing(kind, resource_id)

    def require_version(self, row: Row, if_match: str | None, required: bool) -> None:
        """Reject a write whose If-Match differs from the version of the resource; required: also reject a write without If-Match."""
        if self.settings.etag == "none":
            return
        if if_match is None:
            if required:
                raise ApiError(self.settings.etag_conflict_status, "If-Match is required")
        elif if_match.strip() != "*" and version_tag(row) not in [tag.strip() for tag in if_match.split(",")]:
            raise ApiError(self.settings.etag_conflict_status, "Resource %s was changed meanwhile" % row.id)

    def require_free_user_name(self, user_name: str, own_id: str | None = None) -> None:
        """Reject a userName that belongs to another user."""
        exact = self.settings.user_name_unique == "exact"
        for row in self.store.find(USER, "name", user_name):
            if row.id != own_id and (row.name == user_name or not exact):
                raise ApiError(self.settings.duplicate_user_status, "userName %s is already in use" % user_name)

    def require_free_group_name(self, display_name: str, own_id: str | None = None) -> None:
        """Reject a displayName that belongs to another group, if duplicates are not allowed."""
        if self.settings.duplicate_group == "409":
            if any(row.id != own_id for row in self.store.find(GROUP, "name", display_name)):
                raise ApiError(409, "displayName %s is already in use" % display_name)

    def by_external_id(self, external_id: str | None) -> Row | None:
        """Return the user with an externalId, or None."""
        if not external_id:
            return None
        rows = self.store.find(USER, "external_id", external_id)
        return next((row for row in rows if row.body["externalId"] == external_id), None)

    def require_free_external_id(self, external_id: str | None, own_id: str | None = None) -> None:
        """Reject an externalId that belongs to another user."""
        twin = self.by_external_id(external_id)
        if twin and twin.id != own_id:
            raise ApiError(self.settings.duplicate_user_status, "externalId %s is already in use" % external_id)

    def is_built_in(self, row: Row, *names: str) -> bool:
        """Return whether a group is the built-in group, that is, the first group, with one of these names."""
        return row.kind == GROUP and row.name in names and self.store.group_id(row.name) == row.id

    def require_writable(self, row: Row) -> None:
        """Reject a change of the group of administrators."""
        if self.is_built_in(row, ADMINISTRATORS_GROUP):
            raise ApiError(self.settings.read_only_status, "Group %s is read-only" % row.name)


def not_found(resource_id: str) -> ApiError:
    """Return the error for an unknown id."""
    return ApiError(404, "Resource %s not found" % resource_id)
