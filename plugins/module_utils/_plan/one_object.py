# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""One object: desired + current -> the step that reconciles them, and its diff. Pure."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Any

from .._scim.attributes import EXACT_LIST, HIDDEN
from .steps import Step, identity_change


def plan_object(desired, current):
    """The step that makes one object as wished; None where it is so already.

    What takes something away is held against the object as it is right before the write.

    :param current: its representation; None: there is none.
    """
    step = _plan_object(desired, current)
    if step is not None and step.takes_away:
        return replace(step, guard=partial(identity_change, step))
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


def diff_of(step, extra_before=None, extra_after=None):
    """Before and after of an object for Ansible's diff mode, in option shape.

    :param step: the step; both sides are the same without one.
    """
    before = _shown(step.resource, step.before)
    after = _shown(
        step.resource, None if step.action == "delete" else step.after if step.after is not None else step.before
    )
    for name, _before, value in step.changes:
        if value == HIDDEN:
            after[name] = HIDDEN
    before.update(extra_before or {})
    after.update(extra_after or {})
    return {"before_header": step.label, "after_header": step.label, "before": before, "after": after}


def _shown(resource, representation):
    """Option shape of a representation, with its id, for a diff: {} where there is none."""
    if representation is None:
        return {}
    shown = resource.to_options(representation)
    if representation.get("id"):
        shown = {"id": representation["id"], **shown}
    return shown


def readable_diff(diff: Any) -> Any:
    """Return a diff, or a list of them, with both sides as text: Ansible would show ``Åsa`` in a dictionary as ``\\u00c5sa``."""
    if isinstance(diff, list):
        return [readable_diff(item) for item in diff]
    return {name: _readable_side(side) if isinstance(side, dict) else side for name, side in diff.items()}


def _readable_side(side: dict[str, Any]) -> str:
    return json.dumps(side, ensure_ascii=False, indent=4, sort_keys=True) + "\n" if side else ""
