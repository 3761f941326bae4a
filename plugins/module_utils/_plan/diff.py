# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The state of one object before and after a step, for Ansible's diff mode. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .._scim.attributes import HIDDEN
from .._scim.resource import Resource
from .steps import Step


def diff_of(
    step: Step, extra_before: Mapping[str, Any] | None = None, extra_after: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return both sides of the diff of a step in option shape, with headers. A side is empty if the object does not exist there.

    :param step: the step of the task; without ``after`` it does not change the object.
    :param extra_before, extra_after: values to show on each side in addition to the attributes.
    """
    before = _shown(step.resource, step.before)
    last = step.after if step.after is not None else step.before
    after = _shown(step.resource, None if step.action == "delete" else last)
    for name, _before, value in step.changes:
        if value == HIDDEN:
            after[name] = HIDDEN
    before.update(extra_before or {})
    after.update(extra_after or {})
    return {"before_header": step.label, "after_header": step.label, "before": before, "after": after}


def _shown(resource: Resource, representation: dict[str, Any] | None) -> dict[str, Any]:
    """Return a representation in option shape, with its id."""
    if representation is None:
        return {}
    own_id = {"id": representation["id"]} if representation.get("id") else {}
    return {**own_id, **resource.to_options(representation)}


def readable_diff(diff: Any) -> Any:
    """Return a diff, or a list of diffs, with both sides as text. In a dictionary, Ansible would show ``Åsa`` as ``\\u00c5sa``."""
    if isinstance(diff, list):
        return [readable_diff(item) for item in diff]
    return {name: _readable_side(side) if isinstance(side, dict) else side for name, side in diff.items()}


def _readable_side(side: dict[str, Any]) -> str:
    return json.dumps(side, ensure_ascii=False, indent=4, sort_keys=True) + "\n" if side else ""
