# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The members of one group: which to add, which to remove, which kinds an exact list removes; the groups of one member. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from .._core import errors
from .._scim.members import KINDS, Member, ids_as_read, members_of
from .nesting import nested_groups


def plan_members(
    current: Mapping[Any, Member], add: Iterable[Member] = (), remove: Iterable[Member] = (), exact_kinds: Collection[str] = ()
) -> tuple[list[Member], list[Member]]:
    """Return the difference between the current and the desired members of a group: (to add, to remove).

    :param current: members by id, as returned by :func:`members_of`.
    :param add: desired members.
    :param remove: unwanted members; those that are not in the group are ignored.
    :param exact_kinds: kinds for which ``add`` is the complete list; a member of unknown kind stays unless both kinds are given.
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
    """Return the kinds that a group has among its members but an exact list does not contain.

    Such a list is refused unless ``allow_empty`` is set, so that a list that lost its content cannot empty a group.
    """
    now, left = {member.kind for member in current}, {member.kind for member in listed}
    return [kind for kind in kinds if kind in now and kind not in left]


def groups_holding(member_id: str, groups: dict[str, dict[str, Any]]) -> tuple[dict[str, str], set[str]]:
    """Return the groups that contain a member directly, and all groups that contain it directly or through nested groups.

    :param member_id: normalized id.
    :param groups: representations by id.
    :returns: {normalized id: id as read} of the direct groups, and the set of normalized ids of all groups.
    """
    direct = ids_as_read(group_id for group_id, group in groups.items() if member_id in members_of(group))
    holding, found = set(direct), set(direct)
    nested = {key: set(inner) for key, inner in nested_groups(groups).items()} if direct else {}
    while found:
        found = {key for key, inner in nested.items() if key not in holding and inner & found}
        holding |= found
    return direct, holding


def unknown_members(policy: str, reason: str, hint: Callable[[], str], *, consequence: str, advice: str) -> str | None:
    """Apply ``on_unknown_member`` to listed members that do not exist: fail, return a warning, or return None.

    :param policy: ``fail``, ``warn`` or ``ignore``.
    :param reason: text that states which members do not exist.
    :param hint: returns a suggestion of a similar name, or ""; called only if the text is shown.
    :param consequence: text for the warning: what happens to these members.
    :param advice: text for the error if there is no suggestion: what to do.
    :raises NotFoundError: the policy is ``fail``.
    """
    if policy == "ignore":
        return None
    if policy == "fail":
        raise errors.NotFoundError(reason, hint=hint() or advice)
    return f"{reason}; {consequence}. {hint()}".rstrip(" .")
