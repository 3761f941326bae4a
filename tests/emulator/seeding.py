# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Add users and groups directly to the store; see README.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .attributes import ADMINISTRATORS_GROUP, GROUP, NAME, USER, USERS_GROUP
from .stamps import epoch_ms, mountain
from .store import Store

# Ids by name, separately for users and groups.
Ids = dict[str, dict[str, str]]


def seed(store: Store, users: Iterable[dict[str, Any]], groups: Iterable[dict[str, Any]]) -> Ids:
    """Add users and groups to a store, and return {"users": {userName: id}, "groups": {displayName: id}}.

    Raise ValueError if a name is missing or a member does not exist; nothing is stored then.
    """
    now = epoch_ms()
    stamps = (now, mountain(now))
    ids: Ids = {"users": {}, "groups": {}}
    with store.transaction():
        for user in users:
            name = _name(USER, user)
            ids["users"][name] = store.put(USER, user, stamps)
            if user.get("password") is not None:
                store.add_password(ids["users"][name], user["password"])
        members = []
        for group in groups:
            name = _name(GROUP, group)
            built_in = store.group_id(name) if name in (USERS_GROUP, ADMINISTRATORS_GROUP) else None
            ids["groups"][name] = built_in or store.put(GROUP, group, stamps)
            members += [(ids["groups"][name], member) for member in group.get("members") or []]
        # This comes after all groups are created, because a member may be a later group.
        store.add_members([(group_id, *_member(store, member, ids)) for group_id, member in members])
    return ids


def _name(kind: str, resource: dict[str, Any]) -> str:
    name = resource.get(NAME[kind])
    if not isinstance(name, str):
        raise ValueError("%s is missing: %r" % (NAME[kind], resource))
    return name


def _member(store: Store, member: Any, ids: Ids) -> tuple[str, str]:
    """Return the id and the kind of a member."""
    if isinstance(member, dict):
        return member["value"], store.kind_of(member["value"]) or member.get("type", USER).lower()
    if member in ids["users"]:
        return ids["users"][member], USER
    if member in ids["groups"]:
        return ids["groups"][member], GROUP
    kind = store.kind_of(member)
    if kind:
        return member, kind
    for kind, member_id in ((USER, store.user_id(member)), (GROUP, store.group_id(member))):
        if member_id:
            return member_id, kind
    raise ValueError("no such member: %s" % member)
