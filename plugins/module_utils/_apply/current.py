# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Read the object of a step right before the write (rules 7, 14 and 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core import errors
from .._scim.attributes import PINGONE_URN
from .._service.client import version_of

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .context import Context


def read_current(context: Context, step: Step, resource_id: str | None = None) -> dict[str, Any]:
    """Return the current object of a step.

    A read may be older than the read that the plan was made from. Writing it back would undo the change between the two.
    If the two reads differ, and their times of change show that this one is older, it is repeated.

    :param resource_id: the id of the object, for a step without an id.
    :raises NotFoundError: the object no longer exists.
    :raises ConflictError: every read was older.
    """
    resource, resource_id = step.resource, resource_id or step.id or ""
    for _attempt in context.attempts():
        try:
            current = context.client.get(resource.endpoint, resource_id)
        except errors.NotFoundError as error:
            raise errors.NotFoundError(
                f"{resource.kind} {resource_id} no longer exists: it was deleted after it was read",
                status=error.status,
                detail=error.detail,
            ) from error
        before = step.before
        if before is None or not _is_older(current, before) or resource.to_options(current) == resource.to_options(before):
            return current
    raise errors.ConflictError(
        f"the service returned an older state of {resource.kind} {resource_id} than the plan was made from",
        hint="Run again later",
    )


def read_newer(context: Context, step: Step, refused: dict[str, Any]) -> dict[str, Any]:
    """Return the object after the service refused its version. Repeat a read that shows the same version, because it is stale."""
    for _attempt in context.attempts():
        current = read_current(context, step, refused["id"])
        if version_of(current) is None or version_of(current) != version_of(refused):
            break
    return current


def refuse_stale(step: Step, current: dict[str, Any]) -> None:
    """Refuse to write a step whose object has changed. Minutes may pass between the read of a directory and a write.

    :raises ConflictError: the precondition of the step does not hold.
    """
    reason = step.precondition(current) if step.precondition is not None else None
    if reason:
        raise errors.ConflictError(f"{step.label} has changed since the plan was made: {reason}", hint="Run again")


def _is_older(representation: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether a representation is older than another one of the same object. False if either shows no time of change."""
    one, two = _changed_at(representation), _changed_at(other)
    return one is not None and two is not None and one < two


def _changed_at(representation: dict[str, Any]) -> int | None:
    """Return the time of the last change of an object in milliseconds ([recorded]), or None."""
    extension = representation.get(PINGONE_URN)
    changed = extension.get("lastModifiedTimeStamp") if isinstance(extension, dict) else None
    return changed if isinstance(changed, int) and not isinstance(changed, bool) else None
