# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Which object a wish is about, and whom it must never be: the rules of the identifying options.

The same rules serve the single-object modules, which look names up in the service, and p1_directory, which
looks them up in what it has read. Both pass a *finder*: ``by_id``, ``user``, ``user_by_external_id``,
``users_with_external_id``, ``group``, ``why_uncertain`` (why something not found may exist all the same),
``name_released`` (whether the plan at hand takes an object's name away from it), and ``name_after_rename`` (the new name
under which another part of the wish has found an object that it has renamed already).
"""

from __future__ import annotations

from .._core.errors import ConflictError, DirectoryError, InputError, NotFoundError
from .._core.names import normalize_name, same_id, show
from .._scim.tables import GROUP, USER


def require_names(options, *names):
    """Refuse identifying options that are given and empty.

    :raises InputError: one is; an empty id would address every object.
    """
    for name in names:
        value = options.get(name)
        if value is not None and not value.strip():
            raise InputError(f"{name} is empty, which names nothing", hint="Leave it out, or give a value")


def identify_user(finder, options, desired, match_by="user_name"):
    """The user a wish is about, or None.

    :param options: ``id``, ``user_name``, ``new_user_name``, ``external_id``.
    :raises DirectoryError: it cannot be told, or it is somebody else; the ids are named.
    """
    require_names(
        options, "id", "user_name", "new_user_name", *(["external_id"] if match_by == "external_id" else [])
    )
    if options.get("id"):
        current = _by_id(finder, USER, options["id"], desired)
        if current is not None and desired.state != "absent":
            _refuse_taken_name(finder, desired, current)
        return current
    if match_by == "external_id":
        if not options.get("external_id"):
            raise InputError("external_id is missing: that is what users are matched by", hint="Give it, or an id")
        current = finder.user_by_external_id(options["external_id"])
        if current is None:
            for name in dict.fromkeys(name for name in (desired.rename_to, desired.name) if name):
                _refuse_unlinked(finder, options["external_id"], name)
        elif desired.state != "absent":
            _refuse_taken_name(finder, desired, current)
        return current
    if not options.get("user_name"):
        raise InputError(
            "user_name is missing: without id a user is found by user_name", hint="Give it, or match by external_id"
        )
    current = _by_either_name(finder.user, finder, USER, options["user_name"], options.get("new_user_name"))
    external_id = options.get("external_id")
    if current is not None and external_id and current.get("externalId") and current["externalId"] != external_id:
        raise ConflictError(
            f"user {show(USER.name_of(current))} ({current['id']}) has the external_id {show(current['externalId'])}, "
            f"not {show(external_id)}: it is somebody else",
            hint=f"If it is the same person after all, give id: {current['id']}",
        )
    return current


def identify_group(finder, options, desired, warn):
    """The group a wish is about, or None; raises like :func:`identify_user`."""
    require_names(options, "id", "display_name", "new_display_name")
    if options.get("id"):
        current = _by_id(finder, GROUP, options["id"], desired)
        if current is not None and desired.state != "absent":
            _refuse_taken_name(finder, desired, current)
        return current
    if not options.get("display_name"):
        raise InputError("display_name is missing: without id a group is found by it")

    def find(name):
        return found_group(finder, name, warn, (options["display_name"], options.get("new_display_name")))

    return _by_either_name(find, finder, GROUP, options["display_name"], options.get("new_display_name"))


def found_group(finder, name, warn, meant=()):
    """The group with a name; a lone match that differs in case alone is that group, with a warning.

    :param meant: other spellings that are expected, so that no warning is due.
    """
    group = finder.group(name)
    if group is not None and GROUP.name_of(group) not in (name, *meant):
        warn(f"group {show(name)} is called {show(GROUP.name_of(group))} in the directory; taken for the same")
    return group


def refuse_taken_external_id(finder, external_id, current):
    """Refuse an external id of another user: a create with it would overwrite that user ([doc] Creating a Resource).

    :raises ConflictError: another user has it.
    :raises DirectoryError: one is to be created, and it is not certain that no user has it (rule 1).
    """
    others = [
        user
        for user in finder.users_with_external_id(external_id)
        if current is None or not same_id(user["id"], current["id"])
    ]
    for other in others:
        if other["externalId"] == external_id:
            raise ConflictError(
                f"the external_id {show(external_id)} belongs to user {show(USER.name_of(other))} ({other['id']})",
                hint="Matched by external_id, that user would be the one that is managed",
            )
    if others and current is None:
        # Only a create can overwrite somebody, and whether the service minds case here is not known.
        other = others[0]
        raise ConflictError(
            f"the external_id {show(external_id)} differs in case alone from that of user {show(USER.name_of(other))} ({other['id']}), "
            "whom the service might overwrite",
            hint="If they are two people, create this one without it, and set it afterwards by id",
        )
    why = finder.why_uncertain(USER)
    if current is None and why:
        raise DirectoryError(
            f"it is not certain that no user has the external_id {show(external_id)}, because the list of users may be incomplete ({why}), "
            "and a create would overwrite that user",
            hint="Create the user without external_id, and set it afterwards by id",
        )


def _by_id(finder, resource, resource_id, desired):
    current = finder.by_id(resource, resource_id)
    if current is None and desired.state != "absent":
        raise NotFoundError(
            f"there is no {resource.kind} with the id {show(resource_id)}",
            status=404,
            hint="Leave out id to create one",
        )
    return current


def _by_either_name(find, finder, resource, name, new_name):
    """By the name, or, already renamed, by the new one; two objects of these names are refused."""
    current = find(name)
    if not new_name:
        return current
    if current is not None and finder.name_after_rename(resource, current["id"]) not in (None, normalize_name(new_name)):
        current = None  # names passed on in a chain: it is the one before us, renamed already
    renamed = find(new_name)
    if current is not None and renamed is not None and not same_id(current["id"], renamed["id"]):
        if not finder.name_released(resource, renamed["id"]):
            raise _both(resource, name, current, new_name, renamed)
        renamed = None
    return current or renamed


def _refuse_taken_name(finder, desired, current):
    """A rename by id or by external id must not meet somebody else's name."""
    resource = desired.resource
    if resource.key.option not in desired.for_update(current):
        return
    other = finder.user(desired.rename_to) if resource is USER else finder.group(desired.rename_to)
    if other is not None and not same_id(other["id"], current["id"]) and not finder.name_released(resource, other["id"]):
        raise _both(resource, resource.name_of(current), current, desired.rename_to, other)


def _both(resource, name, one, new_name, other):
    return ConflictError(
        f"both names are in use: {show(name)} by {one['id']}, {show(new_name)} by {other['id']}",
        hint=f"Decide which {'account' if resource is USER else 'group'} is to stay, and say so by id",
    )


def _refuse_unlinked(finder, external_id, name):
    other = finder.user(name)
    if other is None or finder.name_released(USER, other["id"]):
        return
    has = f"has the external_id {show(other['externalId'])}" if other.get("externalId") else "has no external_id"
    raise ConflictError(
        f"nobody has the external_id {show(external_id)}, and the user_name {show(name)} is in use by {other['id']}, which {has}",
        hint=f"If they are the same person, link them once with id: {other['id']} and this external_id",
    )
