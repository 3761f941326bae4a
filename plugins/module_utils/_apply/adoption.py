# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Adoption: decide whether to use an existing object for a planned create. No other module decides this.

The object exists because another task created it, or because the list that the plan was made from did not show it yet.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import show
from .._scim.tables import GROUP
from .current import refuse_stale
from .outcome import Outcome, StepError

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .context import Context


def adopt(context: Context, step: Step, found: dict[str, Any]) -> Outcome:
    """Use an existing object for a planned create. A user is updated to the desired state.

    :param found: the object as a list or a filter shows it.
    :returns: an outcome with ``found``.
    :raises ConflictError: the object has a different external_id, or the precondition of the step does not hold.
    """
    desired = step.written
    known, wanted = found.get("externalId"), desired.values.get("external_id")
    if known and wanted and known != wanted:
        raise errors.ConflictError(
            f"{desired.label} exists now and has another external_id ({show(known)}): it belongs to another person",
            hint=f"If it is the same person, set id: {found['id']}",
        )
    refuse_stale(step, found)
    if step.resource is GROUP or not desired.resource.changes(desired.for_update(found), found, desired.mode):
        return Outcome(False, found, found=True)
    from .users import write_differences

    # A list may omit attributes that the PUT must send back (rule 7).
    current = context.client.get(step.resource.endpoint, found["id"])
    try:
        return replace(write_differences(context, step, current, desired.for_update), found=True)
    except StepError as error:
        raise error.with_outcome(
            replace(error.outcome, representation=error.outcome.representation or current, found=True)
        ) from error.__cause__
