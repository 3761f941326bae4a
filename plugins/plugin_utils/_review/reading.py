# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""A reading of a directory: the users, the groups, and which user is in which group through which path.

Readings come in three forms: users and groups as p1_user_info and p1_group_info return them, users alone with their
effective groups (p1_user_info with ``effective``), and a document as p1_directory_info writes it. Nested membership is
resolved by the code that the modules use.
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

    :ivar last_login, created: as read: ISO 8601 text, milliseconds since 1970, or None.
    :ivar groups_read: whether all groups of the user are known where groups were not read.
    :ivar person: the person behind the account, as far as it is known.
    :ivar manager: the id and the display name of the manager, as far as they are known.
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

    ``user`` and ``group`` are keys of the reading; ``path`` holds the names of the groups from ``group`` down to the
    one that holds the user directly.
    """

    user: str
    group: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """Which user is in which group, and why.

    :ivar users: the users by key.
    :ivar groups: names by key; only groups that have members where groups were not read.
    :ivar grants: every membership, direct or inherited.
    :ivar groups_read: whether a group that is missing here does not exist.
    """

    users: Mapping[str, Account]
    groups: Mapping[str, str]
    grants: Sequence[Grant]
    groups_read: bool

    @cached_property
    def logins_read(self) -> bool:
        """Return whether a login of any user was read; a document, for example, holds none."""
        return any(parse_moment(user.last_login) is not None for user in self.users.values())

    def users_in(self, patterns: Iterable[str]) -> set[str]:
        """Return the keys of the users in the groups that names or patterns match, inherited membership counted."""
        keys = self.groups_matching(*patterns)
        return {grant.user for grant in self.grants if grant.group in keys}

    def groups_matching(self, *patterns: str) -> set[str]:
        """Return the keys of the groups that names or shell patterns match.

        A group whose name is the pattern, case included, hides those that match it otherwise.
        """
        return {key for pattern in patterns for key in self._groups_matching(pattern)}

    def _groups_matching(self, pattern: str) -> Iterable[str]:
        exact = [key for key, name in self.groups.items() if name == pattern]
        if exact:
            return exact
        patterns = Patterns(pattern)
        return [key for key, name in self.groups.items() if patterns.match(name)]


def read_directory(data: Any) -> Reading:
    """Return the reading that a dictionary describes.

    :param data: ``{"users": [...], "groups": [...]}`` in one of the three forms; ``groups`` may be missing.
    :raises ReportError: it is no such dictionary.
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
    """Finds the key of an object by its id or its name while a reading is made."""

    def __init__(self, groups_read: bool) -> None:
        self.users: dict[str, Account] = {}
        self.groups: dict[str, str] = {}
        self._groups_read = groups_read
        self._by_id: dict[tuple[str, Any], str] = {}
        self._by_name: dict[tuple[str, str], str] = {}

    def add(self, kind: str, object_id: Any, name: Any) -> str:
        """Return the key of an object, which is registered by its id and its name."""
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
        """Register a user with the known data of the account."""
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
        """Return the kind of a member of which only the id is known.

        One that no list shows counts as a user: an audit must not hide that it has access.
        """
        return "group" if ("group", normalize_id(object_id)) in self._by_id else "user"

    def find(self, kind: str, object_id: Any, name: Any) -> str:
        """Return the key of a member: by id where the object is known by it, else by name, else it is registered."""
        if object_id and (kind, normalize_id(object_id)) in self._by_id:
            return self._by_id[kind, normalize_id(object_id)]
        # All groups were read, so another id means another group, regardless of its name.
        other_group = object_id and self._groups_read and kind == "group"
        if isinstance(name, str) and (kind, normalize_name(name)) in self._by_name and not other_group:
            return self._by_name[kind, normalize_name(name)]
        return self.add(kind, object_id, name)


def _grants_of_groups(index: _Index, groups: Sequence[dict[str, Any]], users: Sequence[dict[str, Any]]) -> Iterator[Grant]:
    """Yield the memberships where groups list their members."""
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

    The kind is None where the service shows none and the module that read the group could not find it out.
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
    """Yield the memberships where users list their groups."""
    for item in users:
        key = index.find("user", item.get("id"), item.get("user_name"))
        for group in _listed_groups(item):
            group_key = index.find("group", group.get("id"), group.get("display_name"))
            path = group.get("path") or (index.groups[group_key],)
            yield Grant(key, group_key, tuple(str(name) for name in path))


def _listed_groups(user: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the groups of a user as p1_user_info returns effective groups: display_name, path and, where known, id."""
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
