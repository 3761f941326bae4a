# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_group_info: read groups with their members; ``effective`` includes inherited members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._core.names import normalize_id
from .._plan.identity import require_names
from .._plan.nesting import effective_members
from .._scim.tables import GROUP, USER
from .._service.member_kinds import kinds_of_members
from .info import InfoTask, Representation
from .views import group_view


class GroupInfoTask(InfoTask):
    """Read and show groups."""

    resource = GROUP
    key = "groups"
    constraints = {"mutually_exclusive": [("id", "display_name", "filter")]}

    @staticmethod
    def argument_spec() -> dict[str, dict[str, Any]]:
        """Return the options of p1_group_info."""
        return {
            "id": {"type": "str"},
            "display_name": {"type": "str", "aliases": ["name"]},
            "filter": {"type": "str"},
            "effective": {"type": "bool", "default": False},
            "resolve_names": {"type": "bool", "default": False},
        }

    def read(self) -> Iterable[Representation]:
        """Return the groups that the options select. A single group is read by id, because only that read shows all members (rule 12)."""
        params = self.params
        require_names(params, "id", "display_name", "filter")
        if params["effective"]:
            self.lookup.everything(GROUP)  # The list is needed anyway, and names are then found in it without a filter.
        if params["id"]:
            found = [self.lookup.by_id(GROUP, params["id"])]
        elif params["display_name"]:
            found = [self.lookup.by_id(GROUP, item["id"]) for item in self.lookup.groups_called(params["display_name"])]
        else:
            return self.filtered() if params["filter"] else self.all_objects()
        return [item for item in found if item is not None]

    def shown(self, found: Sequence[Representation]) -> list[dict[str, Any]]:
        """Return the groups with their members; with ``effective`` also inherited members."""
        if not found:
            return []
        # Use names from objects that are read anyway; only resolve_names reads both lists.
        effective, resolve = self.params["effective"], self.params["resolve_names"]
        groups = [*(self.lookup.everything(GROUP).items.values() if effective or resolve else ()), *found]
        users = self.lookup.everything(USER).items.values() if resolve else ()
        names = {normalize_id(item["id"]): USER.name_of(item) for item in users}
        names.update((normalize_id(item["id"]), GROUP.name_of(item)) for item in groups)
        kinds = kinds_of_members(self.lookup, groups if effective else found)
        views = [group_view(item, True, kinds) for item in found]
        for view in views:
            for member in view["members"]:
                member["name"] = names.get(normalize_id(member["id"])) or member["name"]
        if effective:
            administrators = self.administrators()
            for item, view in zip(found, views):
                view["effective_members"] = self._effective(item, names, kinds)
                view["administers"] = administrators.administers(item["id"])
        return views

    def _effective(
        self, group: Representation, names: Mapping[str, str], kinds: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        """Return the direct and inherited members of a group, each with the path of groups that leads to it."""
        groups = {**self.lookup.everything(GROUP).items, group["id"]: group}
        return [
            {
                **member.as_dict(),
                "kind": member.kind or kinds.get(key),
                "name": names.get(key) or member.name,
                "direct": len(path) == 1,
                "path": [GROUP.name_of(groups[group_id]) for group_id in path],
            }
            for key, (member, path) in effective_members(group["id"], groups).items()
        ]
