# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The members of one group: what to add, what to remove, and which kinds an exact list would empty. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .._scim.members import KINDS, Member


def plan_members(
    current: Mapping[Any, Member], add: Iterable[Member] = (), remove: Iterable[Member] = (), exact_kinds: Collection[str] = ()
) -> tuple[list[Member], list[Member]]:
    """Return the difference between the current and the desired members of a group: (to add, to remove).

    :param current: members by id, as :func:`members_of` returns them.
    :param add: members that the group is to have.
    :param remove: members that it is not to have; those that it does not have are ignored.
    :param exact_kinds: kinds of which only ``add`` may stay; a member of unknown kind stays unless both kinds are given.
    """
    desired = {member.key: member for member in add}
    unwanted = {member.key: member for member in remove}
    to_add = [member for key, member in desired.items() if key not in current]
    to_remove = []
    for key, member in current.items():
        if key in unwanted:
            to_remove.append(unwanted[key])
        elif key not in desired and (member.kind in exact_kinds or len(set(exact_kinds)) == len(KINDS)):
            to_remove.append(member)
    return to_add, to_remove


def lost_kinds(current: Iterable[Member], listed: Iterable[Member], kinds: Iterable[str]) -> list[str]:
    """Return those of some kinds of which a group has members while an exact list keeps none of them.

    Such a list is refused without ``allow_empty``: a list that lost its content must not empty a group.
    """
    now, left = {member.kind for member in current}, {member.kind for member in listed}
    return [kind for kind in kinds if kind in now and kind not in left]
