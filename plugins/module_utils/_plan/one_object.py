# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Plan one object: desired + current -> the step that reconciles them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from .._scim.attributes import EXACT_LIST, HIDDEN
from .._scim.resource import Resource
from .desired import DesiredObject
from .steps import Step


def plan_object(desired: DesiredObject, current: dict[str, Any] | None) -> Step | None:
    """Return the step that reconciles one object, or None if nothing differs.

    A step that deletes, disables or renames has a precondition: the object is still the one it was planned for.

    :param current: the representation of the object; None: it does not exist.
    """
    if desired.absent:
        step = _delete(desired, current) if current is not None else None
    else:
        step = _create(desired) if current is None else _update(desired, current)
    if step is not None and step.takes_away:
        from .identity_change import identity_change  # rule 8

        return replace(step, precondition=partial(identity_change, step))
    return step


def _delete(desired: DesiredObject, current: dict[str, Any]) -> Step:
    return Step("delete", desired.resource, _name_of(desired, current), current.get("id"), desired, before=current)


def _create(desired: DesiredObject) -> Step:
    resource, values = desired.resource, desired.for_create()
    changes = changes_of(resource, values, {}, desired.mode)
    return Step("create", resource, values[resource.key.option], None, desired, changes, after=resource.new(values, desired.mode))


def _update(desired: DesiredObject, current: dict[str, Any]) -> Step | None:
    resource, values = desired.resource, desired.for_update(current)
    changes = changes_of(resource, values, current, desired.mode)
    if not changes:
        return None
    after = resource.updated(values, current, desired.mode)
    return Step("update", resource, _name_of(desired, current), current.get("id"), desired, changes, before=current, after=after)


def _name_of(desired: DesiredObject, current: dict[str, Any]) -> str:
    return desired.resource.own_name(current) or desired.name or desired.resource.name_of(current)


def changes_of(
    resource: Resource, values: Mapping[str, Any], representation: dict[str, Any], mode: str = EXACT_LIST
) -> list[tuple[str, Any, Any]]:
    """Return the differences between desired values and a representation: (option name, before, after).

    Every diff is made here, and secrets are masked here, so that no plan contains a secret.
    """
    changes = resource.changes(values, representation, mode)
    return changes + [(name, None, HIDDEN) for name, attribute in resource.attributes.items() if attribute.secret and values.get(name)]
