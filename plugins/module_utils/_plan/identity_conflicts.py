# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Detect that another object already has a name or an external id. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import same_id, show
from .._scim.resource import Resource
from .._scim.tables import USER
from .desired import DesiredObject

if TYPE_CHECKING:
    from .finder import Finder


def refuse_taken_external_id(finder: Finder, external_id: str, current: dict[str, Any] | None) -> None:
    """Reject the external id of another user: a create with it would overwrite that user ([doc] Creating a Resource).

    :param current: the user that gets the external id; None: the user does not exist yet.
    :raises ConflictError: another user has the external id.
    :raises DirectoryError: the user does not exist yet, and an unlisted user may have the external id (rule 1).
    """
    others = [user for user in finder.users_with_external_id(external_id) if current is None or not same_id(user["id"], current["id"])]
    for other in others:
        if other["externalId"] == external_id:
            raise errors.ConflictError(
                f"the external_id {show(external_id)} belongs to user {show(USER.name_of(other))} ({other['id']})",
                hint="To manage that user, match users by external_id",
            )
    if current is not None:
        return  # only a create can overwrite a user
    if others:  # the service may ignore case in external ids
        raise errors.ConflictError(
            f"the external_id {show(external_id)} differs only in case from that of user {show(USER.name_of(others[0]))} ({others[0]['id']}), "
            "which the service might overwrite",
            hint="If they are two people, create this user without external_id, and then set external_id in a task with the id of the new user",
        )
    why = finder.why_uncertain(USER)
    if why:
        raise errors.DirectoryError(
            f"a user with the external_id {show(external_id)} may exist, because the list of users may be incomplete ({why}), "
            "and a create would overwrite that user",
            hint="Create the user without external_id, and then set external_id in a task with the id of the new user",
        )


def refuse_taken_name(finder: Finder, desired: DesiredObject, current: dict[str, Any]) -> None:
    """Reject the new name in a rename by id or external id if another object has that name.

    :raises ConflictError: another object has the name and does not release it.
    """
    resource, new_name = desired.resource, desired.rename_to
    if new_name is None or resource.key.option not in desired.for_update(current):
        return
    other = finder.called(resource, new_name)
    if other is not None and not same_id(other["id"], current["id"]) and not finder.name_released(resource, other["id"]):
        raise both_in_use(resource, resource.name_of(current), current, new_name, other)


def both_in_use(
    resource: Resource, name: str, one: dict[str, Any], new_name: str, other: dict[str, Any]
) -> errors.ConflictError:
    """Return the error for an entry whose two names belong to two different objects."""
    return errors.ConflictError(
        f"both names are in use: {show(name)} by {one['id']}, {show(new_name)} by {other['id']}",
        hint=f"Decide which {resource.kind} to keep, and identify it by id",
    )


def refuse_unlinked(finder: Finder, external_id: str, name: str) -> None:
    """Refuse to create a user with an external id if a user with that name has a different external id or none.

    :raises ConflictError: a user has the name and does not release it.
    """
    other = finder.called(USER, name)
    if other is None or finder.name_released(USER, other["id"]):
        return
    has = f"has the external_id {show(other['externalId'])}" if other.get("externalId") else "has no external_id"
    raise errors.ConflictError(
        f"no user has the external_id {show(external_id)}, and the user_name {show(name)} is in use by {other['id']}, which {has}",
        hint=f"If they are the same person, link them once with id: {other['id']} and this external_id",
    )
