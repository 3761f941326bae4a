# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Find the user that the desired state refers to, and find objects by id and by name. Pure.

The same rules serve the single-object modules, which look up names in the service, and p1_directory, which looks them
up in its snapshot. Both pass a :class:`.finder.Finder`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import normalize_name, same_id, show
from .._scim.resource import Resource
from .._scim.tables import USER
from .desired import DesiredObject

if TYPE_CHECKING:
    from .finder import Finder


def require_names(options: Mapping[str, Any], *names: str) -> None:
    """Reject identifying options that are set but empty.

    :raises InputError: an option is empty. An empty id in a URL would address the whole collection of objects.
    """
    for name in names:
        value = options.get(name)
        if value is not None and not value.strip():
            raise errors.InputError(f"{name} is empty", hint="Omit it, or set a value")


def identify_user(
    finder: Finder, options: Mapping[str, Any], desired: DesiredObject, match_by: str = "user_name"
) -> dict[str, Any] | None:
    """Return the user that the desired state refers to, or None.

    :param options: ``id``, ``user_name``, ``new_user_name``, ``external_id``.
    :param match_by: the option that identifies a user without ``id``: ``user_name`` or ``external_id``.
    :raises DirectoryError: the options match several users, whose ids the message lists, or a different person.
    """
    by_external_id = match_by == "external_id"
    require_names(options, "id", "user_name", "new_user_name", *(["external_id"] if by_external_id else []))
    if options.get("id"):
        return find_by_id(finder, desired, options["id"])
    if by_external_id:
        return _by_external_id(finder, desired, options.get("external_id"))
    if not options.get("user_name"):
        raise errors.InputError("user_name is missing: a user is identified by user_name unless id is set", hint="Set user_name, or match users by external_id")
    current = find_by_either_name(finder, USER, options["user_name"], options.get("new_user_name"))
    if current is not None:
        _refuse_other_person(current, options.get("external_id"))
    return current


def find_by_id(finder: Finder, desired: DesiredObject, resource_id: str) -> dict[str, Any] | None:
    """Return the object with an id; None if it does not exist and the state is ``absent``.

    :raises NotFoundError: the object does not exist, and the state is ``present``.
    :raises ConflictError: its desired name belongs to another object.
    """
    resource = desired.resource
    current = finder.by_id(resource, resource_id)
    if desired.absent:
        return current
    if current is None:
        raise errors.NotFoundError(f"there is no {resource.kind} with the id {show(resource_id)}", status=404, hint="Omit id to create one")
    if desired.rename_to is not None:
        from .identity_conflicts import refuse_taken_name  # rule 8

        refuse_taken_name(finder, desired, current)
    return current


def _by_external_id(finder: Finder, desired: DesiredObject, external_id: str | None) -> dict[str, Any] | None:
    if not external_id:
        raise errors.InputError("external_id is missing, but users are matched by external_id", hint="Set external_id or id")
    current = finder.user_by_external_id(external_id)
    if current is None:
        from .identity_conflicts import refuse_unlinked  # rule 8

        for name in dict.fromkeys(name for name in (desired.rename_to, desired.name) if name):
            refuse_unlinked(finder, external_id, name)
    elif not desired.absent and desired.rename_to is not None:
        from .identity_conflicts import refuse_taken_name  # rule 8

        refuse_taken_name(finder, desired, current)
    return current


def find_by_either_name(
    finder: Finder,
    resource: Resource,
    name: str,
    new_name: str | None,
    find: Callable[[str], dict[str, Any] | None] | None = None,
) -> dict[str, Any] | None:
    """Return the object with the name, or the object that already has the new name.

    :param find: returns the object with a name, or None. Defaults to the method ``called`` of the finder.
    :raises ConflictError: two different objects have these names, and the second one does not release its name.
    """
    find = find or (lambda one: finder.called(resource, one))
    current = find(name)
    if not new_name:
        return current
    if current is not None and finder.name_after_rename(resource, current["id"]) not in (None, normalize_name(new_name)):
        current = None  # In a chain of renames, another entry has already given this object the name.
    renamed = find(new_name)
    if current is not None and renamed is not None and not same_id(current["id"], renamed["id"]):
        if not finder.name_released(resource, renamed["id"]):
            from .identity_conflicts import both_in_use  # rule 8

            raise both_in_use(resource, name, current, new_name, renamed)
        renamed = None
    return current or renamed


def _refuse_other_person(current: dict[str, Any], external_id: str | None) -> None:
    """Reject a user who has the name but a different external id."""
    if external_id and current.get("externalId") and current["externalId"] != external_id:
        raise errors.ConflictError(
            f"user {show(USER.name_of(current))} ({current['id']}) has the external_id {show(current['externalId'])}, "
            f"not {show(external_id)}: it belongs to another person",
            hint=f"If it is the same person, set id: {current['id']}",
        )
