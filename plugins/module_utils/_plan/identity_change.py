# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Detect that an object is no longer the one that a step was planned for. Pure."""

from __future__ import annotations

from typing import Any

from .._core.names import same_name, show, text_of
from .steps import Step


def identity_change(step: Step, fresh: dict[str, Any]) -> str | None:
    """Return why the current object is not the one that a step was planned for, or None.

    The new name and external_id that the step sets are accepted too: an earlier attempt may have succeeded without an answer.
    """
    resource, before = step.resource, step.before or {}
    values, new_name = (step.desired.values, step.desired.rename_to) if step.desired is not None else ({}, None)
    name = resource.name_of(fresh)
    if not same_name(name, resource.name_of(before)) and not same_name(name, new_name):
        return f"it was renamed to {show(name)}"
    if "external_id" not in resource.attributes:
        return None
    known, planned = (text_of(item.get("externalId")) or "" for item in (fresh, before))
    if known and known not in (planned, values.get("external_id")):
        return f"its external_id is now {show(known)}"
    # A missing external_id is accepted only if there was none or the step clears it.
    if not known and planned and values.get("external_id") != "":
        return "it no longer has an external_id"
    return None
