# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write operations on groups."""

from __future__ import annotations

from typing import Any

from . import changes
from .attributes import GROUP
from .errors import ApiError
from .reply import Reply
from .resources import Row
from .writes import Writes


class Groups(Writes):
    """POST, PUT, PATCH and DELETE of groups."""

    kind = GROUP

    def _create(self, body: dict[str, Any], option: str | None) -> Reply:
        self._context.require_free_group_name(body["displayName"])
        group_id = self._store.put_group(changes.created(GROUP, body, self._settings))
        if self._settings.post_group_members == "honored":
            self._members.set_members(group_id, body.get("members") or [])
        return self._created(group_id)

    def _replace(self, row: Row, body: dict[str, Any]) -> Reply:
        self._context.require_writable(row)
        self._context.require_free_group_name(body["displayName"], row.id)
        self._context.before_write(GROUP, row.id)
        self._store.put_group(changes.replaced(GROUP, row.body, body, self._settings))
        if "members" in body or self._settings.put_group_members == "empties":
            self._members.set_members(row.id, body.get("members") or [])
        return self._replaced(row.id)

    def _patch(self, row: Row, body: dict[str, Any]) -> None:
        self._context.require_writable(row)
        members, most = body.get("members") or [], self._settings.patch_max_members
        if most and len(members) > most:
            raise ApiError(413, "More than %d members in one request" % most)
        if "displayName" in body:
            if self._settings.patch_group_name == "501":
                raise ApiError(501, "PATCH of displayName is not supported")
            self._context.require_free_group_name(body["displayName"], row.id)
        self._context.before_write(GROUP, row.id)
        result = changes.patched(GROUP, row.body, body, self._settings)
        if row.name.strip() or "displayName" in body:
            # A seeded group without a name keeps its blank name.
            changes.check(GROUP, result, self._settings, stored=row.body)
        emptied = any(path.lower() == "members" for path in changes.removals(body))
        self._members.patch_members(row.id, members, emptied)
        self._store.put_group(result)
