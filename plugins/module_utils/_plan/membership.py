# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The members of one group: what to add, what to remove, which kinds an exact list would empty; the groups of one member. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from .._core.errors import NotFoundError
from .._scim.members import KINDS, Member, ids_as_read, members_of
from .nesting import nested_groups


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


def groups_holding(member_id: str, groups: dict[str, dict[str, Any]]) -> tuple[dict[str, str], set[str]]:
    """Return the groups that hold a member directly, and all that hold it, also through nested groups.

    :param member_id: as ids are compared.
    :param groups: representations by id.
    :return: {id as ids are compared: id as read}, and a set of ids as they are compared.
    """
    direct = ids_as_read(group_id for group_id, group in groups.items() if member_id in members_of(group))
    holding, found = set(direct), set(direct)
    nested = {key: set(inner) for key, inner in nested_groups(groups).items()} if direct else {}
    while found:
        found = {key for key, inner in nested.items() if key not in holding and inner & found}
        holding |= found
    return direct, holding


def unknown_members(policy: str, reason: str, hint: Callable[[], str], *, consequence: str, advice: str) -> str | None:
    """Refuse listed members that do not exist, or return the warning about them, or None: ``on_unknown_member``.

    :param policy: ``fail``, ``warn`` or ``ignore``.
    :param reason: which members do not exist, in words.
    :param hint: returns the hint at a similar name, or ""; called only if it is shown.
    :param consequence: the consequence that the warning states.
    :param advice: what to do, for the error without a hint.
    :raises NotFoundError: the policy is ``fail``.
    """
    if policy == "ignore":
        return None
    if policy == "fail":
        raise NotFoundError(reason, hint=hint() or advice)
    return f"{reason}; {consequence}. {hint()}".rstrip(" .")
