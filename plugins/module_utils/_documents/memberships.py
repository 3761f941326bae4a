# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Merge lists of memberships into the groups that documents declare. Pure."""

from __future__ import annotations

from typing import Any

from .._core.names import show
from .located import Located


class ListedMembership(Located):
    """A group with one member, from a row of a list of memberships: ``display_name``, ``members`` and ``membership``."""

    __slots__ = ()


def join_memberships(groups: list[Any], problems: list[str]) -> list[Any]:
    """Return the entries of groups, with the rows for each group merged into one entry.

    If a document declares the group with exactly the same name, its rows are merged into that entry; otherwise, the rows
    declare the group. Names that differ only in case are not merged, because a later check refuses entries for the same
    object and reports their lines.

    :param problems: the list to which the function adds contradictions, each with both places.
    """
    entries: dict[str, dict[str, Any]] = {}
    for item in groups:
        if isinstance(item, dict) and not isinstance(item, ListedMembership):
            names = (item.get(key) for key in ("new_display_name", "display_name", "name"))
            entries.update((name, item) for name in names if isinstance(name, str) and name not in entries)
    joined = []
    lists: dict[int, list[Any]] = {}  # by identity of the entry, because a YAML alias can share its members with another entry
    for item in groups:
        entry = entries.setdefault(item["display_name"], item) if isinstance(item, ListedMembership) else item
        if entry is item:
            joined.append(item)
            continue
        _join_membership(entry, item, problems)
        if id(entry) not in lists:
            lists[id(entry)] = _own_users(entry)
        lists[id(entry)] += item["members"]["users"]
    return joined


def _own_users(entry: dict[str, Any]) -> list[Any]:
    """Replace the list of users in an entry by a copy, and return the copy; for an invalid entry, return an unrelated list."""
    members = entry.get("members")
    members = {} if members is None else members
    users = members.get("users") if isinstance(members, dict) else None
    users = [] if users is None else [users] if isinstance(users, str) else users
    if not isinstance(members, dict) or not isinstance(users, list):
        return []
    own = list(users)
    entry["members"] = {**members, "users": own}
    return own


def _join_membership(entry: dict[str, Any], item: ListedMembership, problems: list[str]) -> None:
    stated, membership = entry.get("membership"), item.get("membership")
    if membership is None or membership == stated:
        return
    if stated is None:
        entry["membership"] = membership
    else:
        problems.append(
            f"{item.origin}: group {show(item['display_name'])} has the membership {membership}, "
            f"but {show(stated)} in {getattr(entry, 'origin', None) or 'another entry'}"
        )
