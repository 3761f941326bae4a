# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The difference between the members a group has and those it is to have. Pure."""

from __future__ import annotations

from .._scim.members import KINDS


def plan_members(current, add=(), remove=(), exact_kinds=()):
    """The difference between the members a group has and the wish: (to add, to remove).

    :param current: members by id, as :func:`members_of` gives them.
    :param add: members to be there.
    :param remove: members to be gone; whoever is not there is gone already.
    :param exact_kinds: kinds of which only ``add`` may stay; a member of unknown kind stays unless both kinds are given.
    """
    desired_values = {member.key: member for member in add}
    to_add = [member for key, member in desired_values.items() if key not in current]
    named = {member.key: member for member in remove}
    to_remove = []
    for key, member in current.items():
        if key in named:
            to_remove.append(named[key])
        elif key not in desired_values and (member.kind in exact_kinds or len(set(exact_kinds)) == len(KINDS)):
            to_remove.append(member)
    return to_add, to_remove
