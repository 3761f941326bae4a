# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""A reading of a directory: the users, the groups, and the path of each membership.

The input has one of three forms: users and groups as p1_user_info and p1_group_info return them, only users with their
effective groups (p1_user_info with ``effective``), or a document that p1_directory_info wrote. Nested memberships are
resolved by the same code as in the modules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...module_utils._core.dates import parse_moment
from ...module_utils._core.names import normalize_id, normalize_name
from ...module_utils._core.patterns import Patterns
from ...module_utils._plan.nesting import effective_members
from ...module_utils._scim.members import KINDS, ids_as_read
from .._people import Person, person_of_options
from .._values import ReportError, plain, text_or_none


@dataclass(frozen=True)
class Account:
    """A user of a reading.

    :ivar last_login, created: the times as read: ISO 8601 text, milliseconds since 1970, or None.
    :ivar groups_read: in a reading of only users, whether all groups of this user are known.
    :ivar person: the person behind the account, or None if unknown.
    :ivar manager: the id and the display name of the manager; each is None if unknown.
    """

    name: str
    active: bool = True
    last_login: Any = None
    created: Any = None
    groups_read: bool = False
    person: Person | None = None
    manager: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True)
class Grant:
    """A membership, direct or inherited.

    ``user`` and ``group`` are keys of the reading; ``path`` contains the names of the groups from ``group`` down to the
    group that the user is a direct member of.
    """

    user: str
    group: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """The users and groups of a directory, and all memberships with their paths.

    :ivar users: the users by key.
    :ivar groups: the names of the groups by key; only groups with members if groups were not read.
    :ivar grants: all memberships, direct and inherited.
    :ivar groups_read: whether all groups were read, so that a missing group does not exist.
    """

    users: Mapping[str, Account]
    groups: Mapping[str, str]
    grants: Sequence[Grant]
    groups_read: bool

    @cached_property
    def logins_read(self) -> bool:
        """Return whether the reading contains a login of any user; a document, for example, does not."""
        return any(parse_moment(user.last_login) is not None for user in self.users.values())

    def users_in(self, patterns: Iterable[str]) -> set[str]:
        """Return the keys of the direct and inherited members of the groups that match names or patterns."""
        keys = self.groups_matching(*patterns)
        return {grant.user for grant in self.grants if grant.group in keys}

    def groups_matching(self, *patterns: str) -> set[str]:
        """Return the keys of the groups that match names or shell patterns.

        If the name of a group is identical to a pattern, including case, the pattern matches only this group.
        """
        return {key for pattern in patterns for key in self._groups_matching(pattern)}

    def _groups_matching(self, pattern: str) -> Iterable[str]:
        exact = [key for key, name in self.groups.items() if name == pattern]
        if exact:
            return exact
        patterns = Patterns(pattern)
        return [key for key, name in self.groups.items() if patterns.match(name)]


def read_directory(data: Any) -> Reading:
    """Create a reading from a dictionary.

    :param data: ``{"users": [...], "groups": [...]}`` in one of the three forms; ``groups`` is optional.
    :raises ReportError: ``data`` has none of the three forms.
    """
    if not isinstance(data, dict) or not isinstance(data.get("users", []), list):
        raise ReportError(
            "a reading must be a dictionary with the lists users and groups, as the info modules return them"
        )
    data = plain(data)
    users = [item for item in data.get("users") or [] if isinstance(item, dict)]
    groups = data.get("groups")
    groups = [item for item in groups if isinstance(item, dict)] if isinstance(groups, list) else None
    index = _Index(groups is not None)
    for item in users:
        index.add_user(item)
    if groups is None:
        grants = list(_grants_of_users(index, users))
    else:
        for item in groups:
            index.add("group", item.get("id"), item.get("display_name"))
        grants = list(_grants_of_groups(index, groups, users))
    return Reading(index.users, index.groups, grants, groups is not None)


def _manager_of(user: Mapping[str, Any]) -> tuple[str | None, str | None]:
    enterprise = user.get("enterprise")
    manager = enterprise.get("manager") if isinstance(enterprise, dict) else None
    if not isinstance(manager, dict):
        return None, None
    return text_or_none(manager.get("manager_id")), text_or_none(manager.get("display_name"))


class _Index:
    """Find the key of an object by its id or its name while a reading is created."""

    def __init__(self, groups_read: bool) -> None:
        self.users: dict[str, Account] = {}
        self.groups: dict[str, str] = {}
        self._groups_read = groups_read
        self._by_id: dict[tuple[str, Any], str] = {}
        self._by_name: dict[tuple[str, str], str] = {}

    def add(self, kind: str, object_id: Any, name: Any) -> str:
        """Register an object by its id and its name, and return its key."""
        name = name if isinstance(name, str) and name.strip() else str(object_id or "")
        by_name = kind, normalize_name(name)
        key = f"{kind} {normalize_id(object_id)}" if object_id else self._by_name.get(by_name, f"{kind} {normalize_name(name)}")
        self._by_name.setdefault(by_name, key)
        if object_id:
            self._by_id[kind, normalize_id(object_id)] = key
        if kind == "group":
            self.groups.setdefault(key, name)
        else:
            self.users.setdefault(key, Account(name))
        return key

    def add_user(self, item: Mapping[str, Any]) -> None:
        """Register a user with the data of the account."""
        key = self.add("user", item.get("id"), item.get("user_name"))
        self.users[key] = Account(
            name=self.users[key].name,
            active=item.get("active") is not False,
            last_login=item.get("last_login"),
            created=item.get("created"),
            groups_read=isinstance(item.get("effective_groups"), list),
            person=person_of_options(item),
            manager=_manager_of(item),
        )

    def kind_of(self, object_id: Any) -> str:
        """Return the kind of a member by its id.

        A member that is in no list counts as a user, because an audit must not hide its access.
        """
        return "group" if ("group", normalize_id(object_id)) in self._by_id else "user"

    def find(self, kind: str, object_id: Any, name: Any) -> str:
        """Return the key of a member: found by id, or else by name. Register the member if it is unknown."""
        if object_id and (kind, normalize_id(object_id)) in self._by_id:
            return self._by_id[kind, normalize_id(object_id)]
        # All groups were read, so an unknown id means a different group, even if the names are equal.
        other_group = object_id and self._groups_read and kind == "group"
        if isinstance(name, str) and (kind, normalize_name(name)) in self._by_name and not other_group:
            return self._by_name[kind, normalize_name(name)]
        return self.add(kind, object_id, name)


def _grants_of_groups(index: _Index, groups: Sequence[dict[str, Any]], users: Sequence[dict[str, Any]]) -> Iterator[Grant]:
    """Yield the memberships from groups that list their members."""
    members: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for item in groups:
        key = index.find("group", item.get("id"), item.get("display_name"))
        for kind, object_id, name in _listed_members(item.get("members") or ()):
            kind = kind or index.kind_of(object_id)
            members[key][index.find(kind, object_id, name)] = kind
    for item in users:
        for name in item.get("groups") or ():
            if isinstance(name, str):
                key = index.find("group", None, name)
                members[key][index.find("user", item.get("id"), item.get("user_name"))] = "user"
    representations = {
        key: {"members": [{"value": member, "type": kind} for member, kind in members[key].items()]}
        for key in list(index.groups)
    }
    known = ids_as_read(representations)
    for key in representations:
        for member, path in effective_members(key, representations, known).values():
            if member.kind == "user":
                yield Grant(member.id or "", key, tuple(index.groups[group] for group in path))


def _listed_members(members: Any) -> Iterator[tuple[str | None, Any, Any]]:
    """Yield the members of a group as (kind, id, name), from the list of p1_group_info or the dictionary of a document.

    The kind is None if the service did not return it and the module that read the group could not determine it.
    """
    if isinstance(members, dict):
        for kind in ("user", "group"):
            yield from ((kind, None, name) for name in members.get(f"{kind}s") or ())
            yield from ((kind, object_id, None) for object_id in members.get(f"{kind}_ids") or ())
        return
    for member in members:
        if isinstance(member, dict):
            shown = member.get("kind")
            yield shown if shown in KINDS else None, member.get("id"), member.get("name")


def _grants_of_users(index: _Index, users: Sequence[dict[str, Any]]) -> Iterator[Grant]:
    """Yield the memberships from users that list their groups."""
    for item in users:
        key = index.find("user", item.get("id"), item.get("user_name"))
        for group in _listed_groups(item):
            group_key = index.find("group", group.get("id"), group.get("display_name"))
            path = group.get("path") or (index.groups[group_key],)
            yield Grant(key, group_key, tuple(str(name) for name in path))


def _listed_groups(user: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the groups of a user as p1_user_info returns effective groups: display_name, path and, if known, id."""
    effective = user.get("effective_groups")
    if effective is not None:
        return [group for group in effective if isinstance(group, dict)]
    listed = [
        {**group, "path": [group.get("display_name")]}
        for group in user.get("member_of") or ()
        if isinstance(group, dict)
    ]
    return listed + [
        {"display_name": name, "path": [name]} for name in user.get("groups") or () if isinstance(name, str)
    ]
