# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Update users: re-read the user, change the managed attributes, and send back all others as read (rules 7, 9 and 10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._scim.attributes import PINGONE_URN
from .current import read_current, read_newer, refuse_stale
from .outcome import Outcome, StepError, partial_failure
from .put import put
from .verification import differences, has_secret, outcome_of, require_stored

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .context import Context

ValuesFor = Callable[[dict[str, Any]], dict[str, Any]]


def update_user(context: Context, step: Step) -> Outcome:
    """Write the differences between the current and the desired user.

    :raises ConflictError: the user has changed since the plan was made.
    :raises StepError: the step was completed partly.
    """
    return write_differences(context, step, read_current(context, step), step.written.for_update)


def write_differences(
    context: Context, step: Step, current: dict[str, Any], values_for: ValuesFor, created: bool = False
) -> Outcome:
    """PUT the desired values over a representation that was just read, if they differ.

    If the service has versions, it answers 409 or 412 when another client changed the user in the meantime. The user is
    then re-read and written once more (rule 17).

    :param values_for: returns the values to write over a representation.
    :param created: whether the step created the user, which is a change regardless of the PUT.
    """
    values = values_for(current)
    if not _differs(step, values, current):
        return Outcome(created, current)
    if not created:
        refuse_stale(step, current)
    try:
        return _put_user(context, step, current, values, created)
    except (errors.ConflictError, StepError) as error:
        conflict = error.__cause__ if isinstance(error, StepError) else error
        if not isinstance(conflict, errors.ConflictError):
            raise
        # An earlier PUT of this step was accepted, or succeeded although its response was lost.
        changed = conflict.repeated or isinstance(error, StepError) and error.outcome.changed
    current = read_newer(context, step, current)
    values = values_for(current)
    if not _differs(step, values, current):
        return Outcome(changed or created, current)
    refuse_stale(step, current)
    try:
        outcome = _put_user(context, step, current, values, created)
    except StepError:
        raise
    except errors.DirectoryError as error:
        if not changed:
            raise
        raise partial_failure(error, Outcome(True, current)) from error
    return replace(outcome, changed=outcome.changed or changed)


def _differs(step: Step, values: dict[str, Any], representation: dict[str, Any]) -> bool:
    return bool(differences(step.written, values, representation)) or has_secret(step.written, values)


def _put_user(
    context: Context, step: Step, base: dict[str, Any], values: dict[str, Any], created: bool
) -> Outcome:
    """PUT desired values over a representation that was just read, and verify them.

    If a cleared attribute still has a value, an empty value is written (rule 9). If ``active`` was ignored, it is written
    again without ``state``, which may take precedence (rule 10).
    """
    desired, resource = step.written, step.resource
    to_verify = desired.to_verify(values)
    body = context.state.without_ended(resource.updated(values, base, desired.mode), "groups")
    representation, missing = put(context, step, base, body, to_verify)
    blank = _not_cleared(to_verify, missing)
    if blank or "active" in missing:
        body = context.state.without_ended(resource.updated(values, representation, desired.mode, blank), "groups")
        if "active" in missing and isinstance(body.get(PINGONE_URN), dict):
            body[PINGONE_URN] = {name: value for name, value in body[PINGONE_URN].items() if name != "state"}
        first = outcome_of(step, values, base, representation, missing, created)
        try:
            representation, missing = put(context, step, representation, body, to_verify)
        except StepError:
            raise
        except errors.DirectoryError as error:
            if isinstance(error, errors.ConflictError) or error.fatal or not isinstance(error, errors.RefusedError):
                if not first.changed:
                    raise
                # The first PUT has already made changes.
                raise partial_failure(error, first) from error
    return require_stored(context, step, outcome_of(step, values, base, representation, missing, created))


def _not_cleared(to_verify: dict[str, Any], missing: list[str]) -> set[str]:
    """Return the attributes that the desired values clear but that still have a value."""
    if not missing:
        return set()
    from .._core.dotted import clears  # rule 8

    return {name.split(".")[0] for name in missing if clears(to_verify, name)}
