# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What a directory was read to hold. Pure; no plan leaves a trace in it, so any number of them can be made over one.

What a plan knows beside it, such as which names it releases, is in :mod:`_renames`.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from ..._core.names import normalize_id, normalize_name, skeleton
from ..._scim.attributes import PINGONE_URN
from ..._scim.choice import choose, choose_by_external_id
from ..._scim.members import ids_as_read, members_of
from ..._scim.tables import GROUP, USER


class Snapshot:
    """The objects of a directory, found by id, by name and by external id.

    :param users: representations by id.
    :param groups: likewise.
    :param incomplete: for each kind, None where the read was proven complete, else why it is not.
    :param group_pages: how many requests the list of groups took.
    """

    def __init__(self, users, groups, incomplete=None, group_pages=0):
        self.objects = {USER.kind: users, GROUP.kind: groups}
        self.incomplete = incomplete or {}
        self.group_pages = group_pages
        self._names = {}
        for resource in (USER, GROUP):
            index = defaultdict(list)
            for object_id, item in self.objects[resource.kind].items():
                index[normalize_name(resource.name_of(item))].append(object_id)
            self._names[resource.kind] = index
        self._ids = {kind: ids_as_read(objects) for kind, objects in self.objects.items()}
        self._members = {}  # read when they are asked for

    @property
    def users(self):
        return self.objects[USER.kind]

    @property
    def groups(self):
        return self.objects[GROUP.kind]

    def by_id(self, resource, resource_id):
        """The object with an id, however its letters are cased; or None."""
        return self.objects[resource.kind].get(self._ids[resource.kind].get(normalize_id(resource_id)))

    def user(self, name):
        return self.called(USER, name)

    def group(self, name):
        return self.called(GROUP, name)

    def called(self, resource, name, without=()):
        """The one object with a name: the exact text first, else a single one that differs in case alone; or None.

        :param without: ids of objects that are not meant.
        :raises AmbiguousError: several have it; the ids are listed.
        """
        ids = [object_id for object_id in self.ids_called(resource, name) if object_id not in without]
        return choose([self.objects[resource.kind][object_id] for object_id in ids], name, resource)

    def ids_called(self, resource, name):
        """The ids of all objects with a name, case ignored."""
        return self._names[resource.kind].get(normalize_name(name), ())

    def names(self, resource):
        """The names of all objects of a kind."""
        return [resource.name_of(item) for item in self.objects[resource.kind].values()]

    def look_alikes(self, resource, name):
        """Objects whose names look like a name."""
        return self._by_skeleton[resource.kind].get(skeleton(name), [])

    @cached_property
    def _by_skeleton(self):
        """Objects of each kind by what is seen of their names."""
        indexes = {}
        for resource in (USER, GROUP):
            index = indexes[resource.kind] = defaultdict(list)
            for item in self.objects[resource.kind].values():
                index[skeleton(resource.name_of(item))].append(item)
        return indexes

    @cached_property
    def _external(self):
        """The ids of users by their external id, case ignored."""
        index = defaultdict(list)
        for user_id, user in self.users.items():
            if isinstance(user.get("externalId"), str) and user["externalId"]:
                index[normalize_id(user["externalId"])].append(user_id)
        return index

    def users_with_external_id(self, external_id):
        """The users with an external id, and those whose own differs in case alone; nobody has none."""
        if not external_id:
            return []
        return [self.users[user_id] for user_id in self._external.get(normalize_id(external_id), ())]

    def user_by_external_id(self, external_id):
        return choose_by_external_id(self.users_with_external_id(external_id), external_id)

    def members(self, group_id):
        """Members of a group by id as ids are compared, with id, kind and name from the lists.

        A member that neither list shows has been deleted, and does not count.
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

    def memberships(self):
        """How many memberships the groups hold together."""
        return sum(len(members_of(group)) for group in self.groups.values())


def slim(user):
    """A user's representation without what planning never looks at: it is kept for a hundred thousand of them.

    When it was changed stays: the Writer knows by it a read that is older.
    """
    kept = {name: value for name, value in user.items() if name not in ("meta", "schemas", "groups")}
    extension = kept.get(PINGONE_URN)
    if isinstance(extension, dict):
        kept[PINGONE_URN] = {
            name: value
            for name, value in extension.items()
            if name not in ("createTimeStamp", "accountId", "directoryId", "lastLoginTime", "state")
        }
    return kept
