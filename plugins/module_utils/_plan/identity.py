# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Which object the desired state is about, and which objects it must not be. Pure.

The same rules serve the single-object modules, which look names up in the service, and p1_directory, which looks them up
in what it has read. Both pass a :class:`Finder`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from .._core.errors import ConflictError, DirectoryError, InputError, NotFoundError
from .._core.names import normalize_name, same_id, show
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER
from .desired import DesiredObject


class Finder(Protocol):
    """What finds objects: a look-up in the service, or a snapshot. None means that there is no such object."""

    def by_id(self, resource: Resource, resource_id: str) -> dict[str, Any] | None:
        """Return the object with an id."""

    def called(self, resource: Resource, name: str) -> dict[str, Any] | None:
        """Return the object with a name.

        :raises AmbiguousError: several have it.
        """

    def user_by_external_id(self, external_id: str) -> dict[str, Any] | None:
        """Return the user with exactly this external id.

        :raises AmbiguousError: several have it.
        """

    def users_with_external_id(self, external_id: str) -> list[dict[str, Any]]:
        """Return the users with an external id, and those whose external id differs in case alone."""

    def why_uncertain(self, resource: Resource) -> str | None:
        """Return why an object that was not found may exist all the same, or None where it does not."""

    def name_released(self, resource: Resource, resource_id: str) -> bool:
        """Return whether the plan renames or deletes an object, so that its name becomes free."""

    def name_after_rename(self, resource: Resource, resource_id: str) -> str | None:
        """Return the normalized name that another entry gave an object on a run before, or None."""


def require_names(options: Mapping[str, Any], *names: str) -> None:
    """Refuse identifying options that are given and empty.

    :raises InputError: one is; an empty id would address every object.
    """
    for name in names:
        value = options.get(name)
        if value is not None and not value.strip():
            raise InputError(f"{name} is empty", hint="Omit it, or set a value")


def identify_user(
    finder: Finder, options: Mapping[str, Any], desired: DesiredObject, match_by: str = "user_name"
) -> dict[str, Any] | None:
    """Return the user that the desired state is about, or None.

    :param options: ``id``, ``user_name``, ``new_user_name``, ``external_id``.
    :param match_by: ``user_name`` or ``external_id``: what finds a user without ``id``.
    :raises DirectoryError: several users are meant, or another user than the desired one; the ids are listed.
    """
    by_external_id = match_by == "external_id"
    require_names(options, "id", "user_name", "new_user_name", *(["external_id"] if by_external_id else []))
    if options.get("id"):
        return _by_id(finder, desired, options["id"])
    if by_external_id:
        return _by_external_id(finder, desired, options.get("external_id"))
    if not options.get("user_name"):
        raise InputError("user_name is missing: without id a user is found by user_name", hint="Give it, or match by external_id")
    current = _by_either_name(finder, USER, options["user_name"], options.get("new_user_name"))
    if current is not None:
        _refuse_other_person(current, options.get("external_id"))
    return current


def identify_group(
    finder: Finder, options: Mapping[str, Any], desired: DesiredObject, warn: Callable[[str], None]
) -> dict[str, Any] | None:
    """Return the group that the desired state is about, or None.

    :param options: ``id``, ``display_name``, ``new_display_name``.
    :param warn: called with one line where a group is found under a name that differs in case.
    :raises DirectoryError: as of :func:`identify_user`.
    """
    require_names(options, "id", "display_name", "new_display_name")
    if options.get("id"):
        return _by_id(finder, desired, options["id"])
    name, new_name = options.get("display_name"), options.get("new_display_name")
    if not name:
        raise InputError("display_name is missing: without id a group is found by it")
    return _by_either_name(finder, GROUP, name, new_name, lambda one: found_group(finder, one, warn, (name, new_name)))


def found_group(
    finder: Finder, name: str, warn: Callable[[str], None], expected: Collection[str | None] = ()
) -> dict[str, Any] | None:
    """Return the group with a name; warn where it differs in case.

    :param expected: other spellings of which no warning is due.
    """
    group = finder.called(GROUP, name)
    if group is not None and GROUP.name_of(group) not in (name, *expected):
        warn(f"group {show(name)} is called {show(GROUP.name_of(group))} in the directory; treated as the same group")
    return group


def refuse_taken_external_id(finder: Finder, external_id: str, current: dict[str, Any] | None) -> None:
    """Refuse an external id of another user: a create with it would overwrite that user ([doc] Creating a Resource).

    :param current: the user that is to have it; None: one is to be created.
    :raises ConflictError: another user has it.
    :raises DirectoryError: a user is to be created, and it is not certain that no user has it (rule 1).
    """
    others = [user for user in finder.users_with_external_id(external_id) if current is None or not same_id(user["id"], current["id"])]
    for other in others:
        if other["externalId"] == external_id:
            raise ConflictError(
                f"the external_id {show(external_id)} belongs to user {show(USER.name_of(other))} ({other['id']})",
                hint="To manage that user, match users by external_id",
            )
    if current is not None:
        return  # only a create can overwrite a user
    if others:  # whether the service ignores case here is not known
        raise ConflictError(
            f"the external_id {show(external_id)} differs only in case from that of user {show(USER.name_of(others[0]))} ({others[0]['id']}), "
            "which the service might overwrite",
            hint="If they are two people, create this one without it, and set it afterwards by id",
        )
    why = finder.why_uncertain(USER)
    if why:
        raise DirectoryError(
            f"it is not certain that no user has the external_id {show(external_id)}, because the list of users may be incomplete ({why}), "
            "and a create would overwrite that user",
            hint="Create the user without external_id, and set it afterwards by id",
        )


def _by_id(finder: Finder, desired: DesiredObject, resource_id: str) -> dict[str, Any] | None:
    resource = desired.resource
    current = finder.by_id(resource, resource_id)
    if desired.absent:
        return current
    if current is None:
        raise NotFoundError(f"there is no {resource.kind} with the id {show(resource_id)}", status=404, hint="Omit id to create one")
    _refuse_taken_name(finder, desired, current)
    return current


def _by_external_id(finder: Finder, desired: DesiredObject, external_id: str | None) -> dict[str, Any] | None:
    if not external_id:
        raise InputError("external_id is missing: that is what users are matched by", hint="Give it, or an id")
    current = finder.user_by_external_id(external_id)
    if current is None:
        for name in dict.fromkeys(name for name in (desired.rename_to, desired.name) if name):
            _refuse_unlinked(finder, external_id, name)
    elif not desired.absent:
        _refuse_taken_name(finder, desired, current)
    return current


def _by_either_name(
    finder: Finder,
    resource: Resource,
    name: str,
    new_name: str | None,
    find: Callable[[str], dict[str, Any] | None] | None = None,
) -> dict[str, Any] | None:
    """Return the object with the name, or, renamed already, with the new one; refuse two objects of these names."""
    find = find or (lambda one: finder.called(resource, one))
    current = find(name)
    if not new_name:
        return current
    if current is not None and finder.name_after_rename(resource, current["id"]) not in (None, normalize_name(new_name)):
        current = None  # names are passed on in a chain, and another entry has renamed this object to the name already
    renamed = find(new_name)
    if current is not None and renamed is not None and not same_id(current["id"], renamed["id"]):
        if not finder.name_released(resource, renamed["id"]):
            raise _both_in_use(resource, name, current, new_name, renamed)
        renamed = None
    return current or renamed


def _refuse_other_person(current: dict[str, Any], external_id: str | None) -> None:
    """Refuse a user of the name who has another external id."""
    if external_id and current.get("externalId") and current["externalId"] != external_id:
        raise ConflictError(
            f"user {show(USER.name_of(current))} ({current['id']}) has the external_id {show(current['externalId'])}, "
            f"not {show(external_id)}: it belongs to another person",
            hint=f"If it is the same person, set id: {current['id']}",
        )


def _refuse_taken_name(finder: Finder, desired: DesiredObject, current: dict[str, Any]) -> None:
    """Refuse a rename by id or by external id to the name of another object."""
    resource, new_name = desired.resource, desired.rename_to
    if new_name is None or resource.key.option not in desired.for_update(current):
        return
    other = finder.called(resource, new_name)
    if other is not None and not same_id(other["id"], current["id"]) and not finder.name_released(resource, other["id"]):
        raise _both_in_use(resource, resource.name_of(current), current, new_name, other)


def _both_in_use(
    resource: Resource, name: str, one: dict[str, Any], new_name: str, other: dict[str, Any]
) -> ConflictError:
    return ConflictError(
        f"both names are in use: {show(name)} by {one['id']}, {show(new_name)} by {other['id']}",
        hint=f"Decide which {resource.kind} to keep, and identify it by id",
    )


def _refuse_unlinked(finder: Finder, external_id: str, name: str) -> None:
    """Refuse to create a user for an external id under the name of a user with another one, or with none."""
    other = finder.called(USER, name)
    if other is None or finder.name_released(USER, other["id"]):
        return
    has = f"has the external_id {show(other['externalId'])}" if other.get("externalId") else "has no external_id"
    raise ConflictError(
        f"no user has the external_id {show(external_id)}, and the user_name {show(name)} is in use by {other['id']}, which {has}",
        hint=f"If they are the same person, link them once with id: {other['id']} and this external_id",
    )
