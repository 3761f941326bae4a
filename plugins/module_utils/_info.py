# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What the modules that only read one kind do: options -> read -> result.

They are tasks like those of ``_manage``, with a plan that is always empty. Reading many is reading lists:
no answer here ever costs a request for each user or each group.
"""

from __future__ import annotations

from ._errors import DirectoryError, RefusedError
from ._identify import text_that_names
from ._manage import Task, group_view, kinds_of_members, user_view
from ._membership import effective_members, ids_as_read
from ._names import normalize_id, normalize_name, show
from ._plan import Plan
from ._resources import GROUP, USER
from ._service.client import is_unsupported


class InfoTask(Task):
    """What both have: ``read()`` finds representations, ``views()`` shows them."""

    writes = False
    resource = USER

    @property
    def attempt(self):
        return f"read {self.resource.kind}s"

    key = "users"

    def read(self):
        """The representations the options name."""
        raise NotImplementedError

    def shown(self, found):
        """What the result shows of them."""
        raise NotImplementedError

    def plan(self):
        self.views = []
        found = sorted(self.read(), key=lambda item: (normalize_name(self.resource.name_of(item)), item["id"]))
        self.views = self.shown(found)
        return Plan()

    def result(self, unused_plan, unused_outcomes):
        return {self.key: self.views, "total": len(self.views), "base_url": self.client.base_url}

    def filtered(self):
        """What the service answers to the option ``filter``, page by page, as it comes."""
        resource, text = self.resource, self.params["filter"]
        attempt = f"list {resource.kind}s with the filter {show(text)}"
        try:
            listing = self.client.list(resource.endpoint, text)
        except DirectoryError as error:
            if isinstance(error, RefusedError) and is_unsupported(error):
                error.hint = error.hint or "The filter must be SCIM 1.1 text that the service understands"
            error.during(attempt)
            raise
        if listing.total is not None and not listing.complete:
            raise DirectoryError(f"the answer is incomplete ({listing.why})", attempt, hint="Run again")
        self._doubt(listing)
        return list(listing.items.values())

    def _doubt(self, listing):
        """Warn where a filter has left nobody out: it may have been ignored, and nobody here can tell.

        Our own reading of the filter would be a second opinion on what the service means by it, so nothing
        is left out of its answer; one more request tells whether the list without the filter is any longer.
        """
        if not listing.items:
            return
        items, total = self.client.page(self.resource.endpoint, *((1, 1) if self.resource is USER else ()))
        there = max(total or 0, len(items))
        if there <= len(listing.items):
            kind = self.resource.kind
            self.warn(
                f"the filter left no {kind} out: unless all of the {len(listing.items)} returned are meant, "
                "the service has ignored it; nothing was filtered here"
            )

    def everybody(self):
        return self.lookup.everything(self.resource).items.values()

    def _administrators(self):
        from ._administrators import Administrators

        return Administrators(self.lookup.everything(GROUP).items)

    def names_of_groups(self, ids):
        groups = self.lookup.everything(GROUP).items
        return [GROUP.name_of(groups[group_id]) if group_id in groups else group_id for group_id in ids]


class UserInfo(InfoTask):
    """p1_user_info."""

    constraints = {"mutually_exclusive": [("id", "user_name", "external_id", "filter")]}

    @staticmethod
    def argument_spec():
        return {
            "id": {"type": "str"},
            "user_name": {"type": "str"},
            "external_id": {"type": "str"},
            "filter": {"type": "str"},
            "effective": {"type": "bool", "default": False},
        }

    def read(self):
        """The representations the options name."""
        params = self.params
        text_that_names(params, "id", "user_name", "external_id", "filter")
        if params["id"]:
            found = self.lookup.by_id(USER, params["id"])
            return [] if found is None else [found]
        if params["user_name"]:
            return self.lookup.users_called(params["user_name"])
        if params["external_id"]:
            return self.lookup.users_by_external_id(params["external_id"])
        return self.filtered() if params["filter"] else self.everybody()

    def shown(self, found):
        views = [user_view(item) for item in found]
        if self.params["effective"] and found:
            granted = self._granted({normalize_id(item["id"]) for item in found})
            administrators = self._administrators()
            for view in views:
                path = administrators.path(view["id"])
                view["administrator_by"] = [
                    {"id": group_id, "display_name": name} for group_id, name in zip(path, self.names_of_groups(path))
                ]
                view["effective_groups"] = sorted(
                    granted.get(normalize_id(view["id"]), ()),
                    key=lambda group: (not group["direct"], normalize_name(group["display_name"]), group["id"]),
                )
        return views

    def _granted(self, user_ids):
        """For each of the users the groups it is in, directly or through others: {user id as compared: [group, ...]}."""
        groups = self.lookup.everything(GROUP).items
        known = ids_as_read(groups)
        granted = {}
        for group_id, group in groups.items():
            for member_id, (_member, path) in effective_members(group_id, groups, known).items():
                if member_id in user_ids:
                    granted.setdefault(member_id, []).append(
                        {
                            "id": group_id,
                            "display_name": GROUP.name_of(group),
                            "direct": len(path) == 1,
                            "path": self.names_of_groups(path),
                        }
                    )
        return granted


class GroupInfo(InfoTask):
    """p1_group_info."""

    resource = GROUP
    key = "groups"
    constraints = {"mutually_exclusive": [("id", "display_name", "filter")]}

    @staticmethod
    def argument_spec():
        return {
            "id": {"type": "str"},
            "display_name": {"type": "str", "aliases": ["name"]},
            "filter": {"type": "str"},
            "effective": {"type": "bool", "default": False},
            "resolve_names": {"type": "bool", "default": False},
        }

    def read(self):
        """The representations the options name; members of a single group are told completely by id (rule 12)."""
        params = self.params
        text_that_names(params, "id", "display_name", "filter")
        if params["effective"]:
            self.lookup.everything(GROUP)  # needed anyway, and in it names are found without a filter
        if params["id"]:
            found = [self.lookup.by_id(GROUP, params["id"])]
        elif params["display_name"]:
            found = [self.lookup.by_id(GROUP, item["id"]) for item in self.lookup.groups_called(params["display_name"])]
        else:
            return self.filtered() if params["filter"] else self.everybody()
        return [item for item in found if item is not None]

    def shown(self, found):
        if not found:
            return []
        # Names come from what is read anyway; resolve_names reads both lists for them.
        effective, resolve = self.params["effective"], self.params["resolve_names"]
        groups = [*(self.lookup.everything(GROUP).items.values() if effective or resolve else ()), *found]
        users = self.lookup.everything(USER).items.values() if resolve else ()
        names = {normalize_id(item["id"]): USER.name_of(item) for item in users}
        names.update((normalize_id(item["id"]), GROUP.name_of(item)) for item in groups)
        kinds = kinds_of_members(self.lookup, groups if effective else found)
        administrators = self._administrators() if effective else None
        views = [group_view(item, True, kinds) for item in found]
        for item, view in zip(found, views):
            for member in view["members"]:
                member["name"] = names.get(normalize_id(member["id"])) or member["name"]
            if effective:
                view["effective_members"] = self._effective(item, names, kinds)
                view["administers"] = administrators.administers(item["id"])
        return views

    def _effective(self, group, names, kinds):
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
