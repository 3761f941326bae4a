# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Before and after of one object for Ansible's diff mode. Pure."""

from __future__ import annotations

import json
from typing import Any

from .._scim.attributes import HIDDEN


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
