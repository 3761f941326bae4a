# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Rename groups without losing members (rule 13)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import counted
from .._scim.members import members_of
from .._scim.tables import GROUP
from .._service.client import version_of
from .current import read_current, read_newer, refuse_stale
from .memberships import write_members
from .outcome import Outcome, StepError
from .put import put, read_back
from .verification import differences, require_stored

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .context import Context


def rename_group(context: Context, step: Step) -> Outcome:
    """Rename a group. After a version conflict, re-read it and try once more (rule 17).

    :raises ConflictError: the group has changed since the plan was made, or the name is in use.
    :raises StepError: the group was renamed, but its members could not be restored.
    """
    current = read_current(context, step)
    try:
        return _rename(context, step, current)
    except errors.ConflictError as conflict:
        current = read_newer(context, step, current)
        if version_of(current) is None:
            raise  # Without versions, a conflict means that the name is in use.
        outcome = _rename(context, step, current)
        # The group may already have its new name, if the first request succeeded and its repetition was refused.
        return replace(outcome, changed=outcome.changed or conflict.repeated)


def _rename(context: Context, step: Step, current: dict[str, Any]) -> Outcome:
    """Send a PATCH of the name first, which cannot remove members. If it fails, PUT the whole representation."""
    desired = step.written
    values = desired.for_update(current)
    if not differences(desired, values, current):
        return Outcome(False, current)
    refuse_stale(step, current)
    try:
        answer = context.client.patch(
            GROUP.endpoint, step.id or "", {"displayName": values["display_name"]}, etag=version_of(current)
        )
    except (errors.AuthenticationError, errors.ConflictError, errors.RateLimitError):
        raise
    except errors.RefusedError:
        pass
    else:
        representation, missing = read_back(context, step, current, values, answer)
        if not missing:
            return Outcome(True, representation)
    base = read_current(context, step)
    refuse_stale(step, base)
    before = context.state.without_ended(base, "members")
    representation, missing = put(context, step, base, GROUP.updated(values, before, desired.mode), values)
    return require_stored(context, step, Outcome(not missing, _restore_members(context, step, before), missing))


def _restore_members(context: Context, step: Step, before: dict[str, Any]) -> dict[str, Any]:
    """Restore members that a PUT of the group removed, by PATCH, and return the group.

    :raises StepError: the lost members are not known or cannot be added. The group is renamed all the same.
    """
    had = members_of(before)
    lost = []
    try:
        group = context.client.get(GROUP.endpoint, step.id or "")
        still = members_of(group)
        lost = [member for member_id, member in had.items() if member_id not in still]
        if lost:
            context.warn(f"the rename of {step.label} removed {counted(len(lost), 'member')}; the module adds them again")
            group = write_members(context, step, lost, []) or group
    except errors.DirectoryError as error:
        hint = (
            f"The rename removed the members {', '.join(member.id or '' for member in lost)}. Add them again"
            if lost
            else f"The group was renamed but could not be read back. Check that it still has its {counted(len(had), 'member')}"
        )
        raise StepError(error, Outcome(True), hint) from error
    return group
