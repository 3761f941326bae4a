# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_user_info: read users; ``effective`` adds all their groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .._core.names import normalize_id, normalize_name
from .._plan.identity import require_names
from .._plan.nesting import effective_members
from .._scim.members import ids_as_read
from .._scim.tables import GROUP, USER
from .info import InfoTask, Representation
from .views import user_view


class UserInfoTask(InfoTask):
    """Read and show users."""

    constraints = {"mutually_exclusive": [("id", "user_name", "external_id", "filter")]}

    @staticmethod
    def argument_spec() -> dict[str, dict[str, Any]]:
        """Return the options of p1_user_info."""
        return {
            "id": {"type": "str"},
            "user_name": {"type": "str"},
            "external_id": {"type": "str"},
            "filter": {"type": "str"},
            "effective": {"type": "bool", "default": False},
        }

    def read(self) -> Iterable[Representation]:
        """Return the users that the options select."""
        params = self.params
        require_names(params, "id", "user_name", "external_id", "filter")
        if params["id"]:
            found = self.lookup.by_id(USER, params["id"])
            return [] if found is None else [found]
        if params["user_name"]:
            return self.lookup.users_called(params["user_name"])
        if params["external_id"]:
            return self.lookup.users_by_external_id(params["external_id"])
        return self.filtered() if params["filter"] else self.all_objects()

    def shown(self, found: Sequence[Representation]) -> list[dict[str, Any]]:
        """Return the users in option shape; with ``effective`` also their groups and what makes them administrators."""
        views = [user_view(item) for item in found]
        if self.params["effective"] and found:
            groups = self._groups_of({normalize_id(item["id"]) for item in found})
            administrators = self.administrators()
            for view in views:
                path = administrators.path(view["id"])
                view["administrator_by"] = [
                    {"id": group_id, "display_name": name} for group_id, name in zip(path, self.names_of_groups(path))
                ]
                view["effective_groups"] = sorted(
                    groups.get(normalize_id(view["id"]), ()),
                    key=lambda group: (not group["direct"], normalize_name(group["display_name"]), group["id"]),
                )
        return views

    def _groups_of(self, user_ids: set[str]) -> dict[str, list[dict[str, Any]]]:
        """Return the direct and inherited groups of users: {normalized user id: [group, ...]}."""
        groups = self.lookup.everything(GROUP).items
        known = ids_as_read(groups)
        found: dict[str, list[dict[str, Any]]] = {}
        for group_id, group in groups.items():
            for member_id, (_member, path) in effective_members(group_id, groups, known).items():
                if member_id in user_ids:
                    found.setdefault(member_id, []).append(
                        {
                            "id": group_id,
                            "display_name": GROUP.name_of(group),
                            "direct": len(path) == 1,
                            "path": self.names_of_groups(path),
                        }
                    )
        return found
