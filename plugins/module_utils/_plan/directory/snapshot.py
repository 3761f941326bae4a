# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""A directory as it was read. Pure: planning does not modify it, so that one snapshot can serve any number of plans.

:mod:`.renames` contains what belongs to one plan, such as the names that the plan releases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from ..._core.names import normalize_id, normalize_name
from ..._core.similar_names import skeleton
from ..._scim.attributes import PINGONE_URN
from ..._scim.choice import choose, choose_by_external_id
from ..._scim.members import Member, ids_as_read, members_of
from ..._scim.resource import Resource
from ..._scim.tables import GROUP, USER

_RESOURCES = (USER, GROUP)

# Parts of a user's representation that neither the planner nor a report uses.
_UNUSED = ("meta", "schemas", "groups")
_UNUSED_IN_EXTENSION = ("accountId", "directoryId", "state")


class Snapshot:
    """The objects of a directory, indexed by id, name and external id.

    :param users, groups: representations by id.
    :param incomplete: for each kind, why its list may be incomplete; None if it is complete.
    :param group_pages: number of requests that the list of groups took.
    """

    def __init__(
        self,
        users: dict[str, dict[str, Any]],
        groups: dict[str, dict[str, Any]],
        incomplete: Mapping[str, str | None] | None = None,
        group_pages: int = 0,
    ) -> None:
        self.objects = {USER.kind: users, GROUP.kind: groups}
        self.incomplete = incomplete or {}
        self.group_pages = group_pages
        self._names: dict[str, dict[str, list[str]]] = {}
        for resource in _RESOURCES:
            index = self._names[resource.kind] = defaultdict(list)
            for object_id, item in self.objects[resource.kind].items():
                index[normalize_name(resource.name_of(item))].append(object_id)
        self._ids = {kind: ids_as_read(objects) for kind, objects in self.objects.items()}
        self._members: dict[str, dict[str, Member]] = {}  # computed on demand

    @property
    def users(self) -> dict[str, dict[str, Any]]:
        """The users by id."""
        return self.objects[USER.kind]

    @property
    def groups(self) -> dict[str, dict[str, Any]]:
        """The groups by id."""
        return self.objects[GROUP.kind]

    def by_id(self, resource: Resource, resource_id: str | None) -> dict[str, Any] | None:
        """Return the object with an id, ignoring case; or None."""
        object_id = self._ids[resource.kind].get(normalize_id(resource_id))
        return None if object_id is None else self.objects[resource.kind][object_id]

    def group(self, name: str) -> dict[str, Any] | None:
        """Return the group with a name (see :meth:`called`)."""
        return self.called(GROUP, name)

    def called(self, resource: Resource, name: str, without: Collection[str] = ()) -> dict[str, Any] | None:
        """Return the object with a name: the exact match, or else the only match that ignores case, or else None.

        :param without: ids of objects to ignore.
        :raises AmbiguousError: several objects match; the message lists their ids.
        """
        ids = [object_id for object_id in self.ids_called(resource, name) if object_id not in without]
        return choose([self.objects[resource.kind][object_id] for object_id in ids], name, resource)

    def ids_called(self, resource: Resource, name: str) -> Sequence[str]:
        """Return the ids of all objects with a name, ignoring case."""
        return self._names[resource.kind].get(normalize_name(name), ())

    def names(self, resource: Resource) -> list[str]:
        """Return the names of all objects of a kind."""
        return [resource.name_of(item) for item in self.objects[resource.kind].values()]

    def look_alikes(self, resource: Resource, name: str) -> list[dict[str, Any]]:
        """Return the objects whose names look the same as a name."""
        return self._by_skeleton[resource.kind].get(skeleton(name), [])

    @cached_property
    def _by_skeleton(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """The objects of each kind by the visible form of their names."""
        indexes: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for resource in _RESOURCES:
            index = indexes[resource.kind] = defaultdict(list)
            for item in self.objects[resource.kind].values():
                index[skeleton(resource.name_of(item))].append(item)
        return indexes

    @cached_property
    def _external_ids(self) -> dict[str, list[str]]:
        """The ids of users by external id, ignoring case."""
        index = defaultdict(list)
        for user_id, user in self.users.items():
            if isinstance(user.get("externalId"), str) and user["externalId"]:
                index[normalize_id(user["externalId"])].append(user_id)
        return index

    def users_with_external_id(self, external_id: str | None) -> list[dict[str, Any]]:
        """Return the users with an external id, ignoring case. An empty external id matches no user."""
        ids = self._external_ids.get(normalize_id(external_id), ()) if external_id else ()
        return [self.users[user_id] for user_id in ids]

    def user_by_external_id(self, external_id: str) -> dict[str, Any] | None:
        """Return the user with exactly this external id, or None.

        :raises AmbiguousError: several users have it; the message lists their ids.
        """
        return choose_by_external_id(self.users_with_external_id(external_id), external_id)

    def members(self, group_id: str) -> dict[str, Member]:
        """Return the members of a group by normalized id, with id, kind and name from the lists.

        A member that is in neither list was deleted, and is left out.
        """
        if group_id not in self._members:
            group = self.by_id(GROUP, group_id)
            found = {}
            for key, member in members_of(group).items() if group else ():
                for resource in (GROUP, USER):
                    item = self.by_id(resource, key)
                    if item is not None:
                        found[key] = member._replace(id=item["id"], kind=resource.kind, name=resource.name_of(item))
                        break
            self._members[group_id] = found
        return self._members[group_id]

    def may_hide_members(self, group_id: str) -> bool:
        """Return whether a group has members that are in neither list but may exist, because a list may be incomplete."""
        group = self.by_id(GROUP, group_id)
        return any(self.incomplete.values()) and group is not None and len(self.members(group_id)) < len(members_of(group))

    def memberships(self) -> int:
        """Return the total number of memberships in all groups."""
        return sum(len(members_of(group)) for group in self.groups.values())


def slim(user: dict[str, Any]) -> dict[str, Any]:
    """Return a user's representation without unused parts, because a snapshot keeps up to 100,000 users in memory.

    The time of the last change stays, because an update uses it to recognize a stale read. The times of the creation and
    of the last login stay for reports.
    """
    kept = {name: value for name, value in user.items() if name not in _UNUSED}
    extension, meta = kept.get(PINGONE_URN), user.get("meta")
    if isinstance(extension, dict):
        extension = {name: value for name, value in extension.items() if name not in _UNUSED_IN_EXTENSION}
        kept[PINGONE_URN] = extension
    if isinstance(meta, dict) and meta.get("created") and not (isinstance(extension, dict) and "createTimeStamp" in extension):
        kept["meta"] = {"created": meta["created"]}
    return kept
