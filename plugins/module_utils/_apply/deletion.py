# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Delete objects. The object is read before and after the deletion (rule 14)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .._core import errors
from .._core.names import normalize_id
from .current import read_current, refuse_stale
from .outcome import Outcome, partial_failure

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .context import Context


def delete_object(context: Context, step: Step) -> Outcome:
    """Delete a user or a group. If the object no longer exists, the outcome is unchanged.

    :raises ConflictError: the object has changed since the plan was made.
    :raises StepError: the service accepted the deletion, but still shows the object or cannot be read.
    """
    outcome = _delete(context, step)
    context.state.ended.add(normalize_id(step.id))
    return outcome


def _delete(context: Context, step: Step) -> Outcome:
    try:
        current = read_current(context, step)
    except errors.NotFoundError:
        return Outcome(False)
    refuse_stale(step, current)
    try:
        context.client.delete(step.resource.endpoint, step.id or "")
    except errors.NotFoundError as error:
        return Outcome(error.repeated)
    except (errors.ServerError, errors.TransportError) as error:
        if error.uncertain and _seems_deleted(context, step):
            return Outcome(True)
        raise
    try:
        deleted = _is_deleted(context, step, context.attempts())
    except errors.DirectoryError as error:
        hint = f"The service accepted the deletion of {step.label}, but it could not be verified"
        raise partial_failure(error, Outcome(True), hint) from error
    if not deleted:
        not_deleted = errors.NotStoredError(f"the service accepted the deletion of {step.label}, but still shows it")
        raise partial_failure(not_deleted, Outcome(False, current))
    return Outcome(True)


def _seems_deleted(context: Context, step: Step) -> bool:
    try:
        return _is_deleted(context, step, [1])
    except errors.DirectoryError:
        return False  # unknown; the error of the deletion itself is reported


def _is_deleted(context: Context, step: Step, attempts: Iterable[int]) -> bool:
    for _attempt in attempts:
        try:
            context.client.get(step.resource.endpoint, step.id or "")
        except errors.NotFoundError:
            return True
    return False
