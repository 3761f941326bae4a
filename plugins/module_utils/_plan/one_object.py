# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""One object: desired + current -> the step that reconciles them, and its diff. Pure."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from .._scim.attributes import EXACT_LIST, HIDDEN
from .steps import Step, identity_change


def plan_object(desired, current):
    """The step that makes one object as wished; None where it is so already.

    What takes something away is held against the object as it is right before the write.

    :param current: its representation; None: there is none.
    """
    step = _plan_object(desired, current)
    if step is not None and step.takes_away:
        return replace(step, precondition=partial(identity_change, step))
    return step


def _plan_object(desired, current):
    resource = desired.resource
    if desired.state == "absent":
        if current is None:
            return None
        return Step("delete", resource, resource.own_name(current) or desired.name or resource.name_of(current), current.get("id"), desired, before=current)
    if current is None:
        desired_values = desired.for_create()
        return Step(
            "create",
            resource,
            desired_values[resource.key.option],
            None,
            desired,
            changes_of(resource, desired_values, {}, desired.mode),
            after=resource.new(desired_values, desired.mode),
        )
    desired_values = desired.for_update(current)
    changes = changes_of(resource, desired_values, current, desired.mode)
    if not changes:
        return None
    return Step(
        "update",
        resource,
        resource.own_name(current) or desired.name or resource.name_of(current),
        current.get("id"),
        desired,
        changes,
        before=current,
        after=resource.updated(desired_values, current, desired.mode),
    )


def changes_of(resource, desired_values, representation, mode=EXACT_LIST):
    """The changes a wish makes, secrets masked: this is where the diff is made, so none of them gets into a plan."""
    changes = resource.changes(desired_values, representation, mode)
    return changes + [
        (name, None, HIDDEN) for name, attribute in resource.attributes.items() if attribute.secret and desired_values.get(name)
    ]
