# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Decide whether to create a missing object, and reject names that are not suitable. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core import errors
from .._core.names import show
from .._core.similar_names import near_matches, unusual_characters
from .._scim.resource import Resource
from .desired import DesiredObject
from .steps import Step


def may_create(options: Mapping[str, Any], desired: DesiredObject) -> bool:
    """Return whether to create a missing object. A typo in a name must not create an account.

    :param options: ``create`` (None: not set), ``new_user_name`` or ``new_display_name``.
    """
    if options.get("create") is not None:
        return bool(options["create"])
    renames = bool(options.get(desired.resource.new_name_option))
    disables = desired.values.get("active") is False
    described = any(desired.values.get(name) for name in ("name", "emails", "external_id"))
    return described or not (renames or disables)


def why_not_created(options: Mapping[str, Any], desired: DesiredObject) -> str:
    """Return why a missing object is not created, as the second half of a message."""
    kind = desired.resource.kind
    new_name = options.get(desired.resource.new_name_option)
    names = " and ".join(f"{kind} {show(name)}" for name in (desired.name, new_name) if name)
    missing = f"{names} {'do' if desired.name and new_name else 'does'} not exist"
    if options.get("create") is False:
        return f"{missing}, and create is false"
    asked = "renaming" if new_name else "disabling"
    return f"{missing}, and {asked} a {kind} does not create one"


def near_match_warning(resource: Resource, name: str, objects: list[dict[str, Any]]) -> str | None:
    """Return the warning for a removal that found no object although a name looks the same; None if no name does."""
    near = set(near_matches(name, map(resource.name_of, objects)))
    found = [item for item in objects if resource.name_of(item) in near]
    if not found:
        return None
    names = ", ".join(f"{show(resource.name_of(item))} (id {item['id']})" for item in found[:3])
    return (
        f"{resource.kind} {show(name)} does not exist, but {names} looks the same and was not removed. "
        "To remove it, use that spelling or the id"
    )


def refuse_unusual_name(step: Step | None) -> None:
    """Refuse to create an object with, or rename it to, a name with invisible characters, because no user could type it.

    :raises InputError: the name contains such characters; the message lists them.
    """
    name = step.new_name if step is not None else None
    found = unusual_characters(name) if isinstance(name, str) else None
    if step is not None and found:
        raise errors.InputError(f"{step.resource.key.option} {show(name)} contains {found}", hint="Write the name without it")
