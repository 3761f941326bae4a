# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Convert a directory to a document that p1_directory can read. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .._core.names import normalize_name, same_id
from .._core.unicode import is_valid
from .._plan.directory.entries import ADDITIVE, EXACT
from .._plan.directory.snapshot import Snapshot
from .._plan.policy import Scope
from .._scim.attributes import Representation
from .._scim.members import Member
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER

# An entry of a document: options of p1_directory.
Entry = dict[str, Any]


@dataclass(frozen=True)
class UsedNames:
    """The number of objects in a directory with each normalized name."""

    users: Counter[str]
    groups: Counter[str]

    @classmethod
    def of(cls, snapshot: Snapshot) -> UsedNames:
        """Return the names of a snapshot."""
        users = Counter(normalize_name(USER.name_of(user)) for user in snapshot.users.values())
        groups = Counter(normalize_name(GROUP.name_of(group)) for group in snapshot.groups.values())
        return cls(users, groups)

    def identify(self, kind: str | None, name: str | None) -> bool:
        """Return whether a name identifies one object of a kind, so that a document needs no id."""
        names = self.users if kind == USER.kind else self.groups
        return name is not None and _can_name(name) and names[normalize_name(name)] == 1


def directory_document(
    snapshot: Snapshot, scope: Scope, with_ids: bool = False, membership: str | None = None
) -> dict[str, list[Entry]]:
    """Return a directory in the input format of p1_directory, in a stable order: ``{users, groups}``.

    Members are listed by name. Ids are included on request, or if several objects have the same name. The document contains
    no read-only attributes and no secrets. p1_directory plans no changes for it.

    :param membership: the ``membership`` of each group, ``exact`` or ``additive``, or None to omit it. A group that may have
        unknown members is always additive, because an exact membership would remove them (rule 3).
    """
    names = UsedNames.of(snapshot)
    users = [
        mark_for_creation({**_identity(USER, user, names, with_ids), **user_options(user)})
        for user in _sorted(USER, snapshot.users.values())
        if scope.has(USER, user)
    ]
    groups = []
    for group in _sorted(GROUP, snapshot.groups.values()):
        if scope.has(GROUP, group):
            entry = _identity(GROUP, group, names, with_ids)
            if GROUP.own_name(group):
                entry["display_name"] = GROUP.own_name(group)
            members = member_lists(snapshot.members(group["id"]).values(), names, exact=membership == EXACT)
            declared = {"membership": ADDITIVE if snapshot.may_hide_members(group["id"]) else membership} if membership else {}
            groups.append({**entry, **declared, "members": members})
    return {"users": without_unusable_names(users, USER), "groups": without_unusable_names(groups, GROUP)}


def without_unusable_names(entries: list[Entry], resource: Resource) -> list[Entry]:
    """Return entries without names that are blank or invalid Unicode, if the entry has an id."""
    key = resource.key.option
    return [
        {name: value for name, value in entry.items() if name != key or "id" not in entry or _can_name(value)}
        for entry in entries
    ]


def user_options(user: Representation) -> Entry:
    """Return all options of a user except ``password_expired``, which the service resets itself."""
    options = USER.to_options(user)
    options.pop("password_expired", None)
    return options


def mark_for_creation(entry: Entry) -> Entry:
    """Return an entry that also creates the user, which an entry that only disables a user would not do."""
    described = any(entry.get(name) for name in ("name", "emails", "external_id"))
    if "id" in entry or entry.get("active") is not False or described:
        return entry
    return {**entry, "create": True}


def member_lists(members: Iterable[Member], names: UsedNames, *, exact: bool = False) -> dict[str, list[str]]:
    """Return members in the form of the option ``members``: names, or ids if a name does not identify the member.

    :param exact: whether to add an empty list for a kind without members, because an exact membership manages only the
        listed kinds. For a group without members, the result is empty, which declares both kinds.
    """
    lists: dict[str, list[str]] = {}
    for member in members:
        by_name = not same_id(member.name, member.id) and names.identify(member.kind, member.name)
        option = f"{member.kind}s" if by_name else f"{member.kind}_ids"
        lists.setdefault(option, []).append((member.name if by_name else member.id) or "")
    if exact and lists:
        for kind in (USER.kind, GROUP.kind):
            if f"{kind}_ids" not in lists:
                lists.setdefault(f"{kind}s", [])
    return {
        option: sorted(lists[option], key=name_order)
        for option in ("users", "user_ids", "groups", "group_ids")
        if option in lists
    }


def name_order(name: str) -> tuple[str, str]:
    """Return the sort key of a name: first the normalized name, then the name as written."""
    return normalize_name(name), name


def _can_name(name: str | None) -> bool:
    return bool(name and name.strip()) and is_valid(name or "")


def _identity(resource: Resource, item: Representation, names: UsedNames, with_ids: bool) -> Entry:
    """Return the id of an object as an entry, if ids are requested or its name does not identify it; otherwise an empty entry."""
    return {"id": item["id"]} if with_ids or not names.identify(resource.kind, resource.own_name(item)) else {}


def _sorted(resource: Resource, objects: Iterable[Representation]) -> list[Representation]:
    return sorted(objects, key=lambda item: (*name_order(resource.name_of(item)), item["id"]))
