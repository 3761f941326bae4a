# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The rows of a step in the shape of results, journals and reports. Pure."""

from __future__ import annotations

from typing import Any

from .steps import Step

# The rows of one step, in the order in which separate steps would be applied.
_ROW_ORDER = ("disable", "remove", "delete", "rename", "create", "update", "enable", "add")


def rows_of(step: Step) -> list[dict[str, Any]]:
    """Return one dictionary per operation, in the shape of results, journals and reports."""
    kind = step.resource.kind
    if step.action == "members":
        return [
            {
                "operation": operation,
                "kind": "membership",
                "key": step.key,
                "id": step.id,
                "member": member.as_dict(),
                "changes": {},
            }
            for operation, members in (("remove", step.remove), ("add", step.add))
            for member in members
        ]
    grouped: dict[str, dict[str, Any]] = {}
    for name, before, after in step.changes:
        operation = step.action
        if operation == "update":
            if name == step.resource.key.option:
                operation = "rename"
            elif name == "active":
                operation = "enable" if after else "disable"
        grouped.setdefault(operation, {})[name] = {"before": before, "after": after}
    if not grouped:
        grouped = {step.action: {}}
    return [
        {"operation": operation, "kind": kind, "key": step.key, "id": step.id, "changes": grouped[operation]}
        for operation in _ROW_ORDER
        if operation in grouped
    ]
