# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Before and after of one object for Ansible's diff mode. Pure."""

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
    """Return the two sides of a step in option shape, with their headers; an empty side where there is no object.

    :param step: the step of the task; without ``after`` it does not change the object.
    :param extra_before: what the first side shows beside the attributes; likewise ``extra_after`` the second.
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
    """Return the option shape of a representation with its id."""
    if representation is None:
        return {}
    own_id = {"id": representation["id"]} if representation.get("id") else {}
    return {**own_id, **resource.to_options(representation)}


def readable_diff(diff: Any) -> Any:
    """Return a diff, or a list of them, with both sides as text: Ansible would show ``Åsa`` in a dictionary as ``\\u00c5sa``."""
    if isinstance(diff, list):
        return [readable_diff(item) for item in diff]
    return {name: _readable_side(side) if isinstance(side, dict) else side for name, side in diff.items()}


def _readable_side(side: dict[str, Any]) -> str:
    return json.dumps(side, ensure_ascii=False, indent=4, sort_keys=True) + "\n" if side else ""
