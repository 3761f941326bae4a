# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Send and verify the PUT of a representation, even if its response is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core import errors
from .._service.client import version_of
from .outcome import Outcome, partial_failure
from .verification import read_until_stored, verify

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .context import Context


def put(
    context: Context, step: Step, base: dict[str, Any], body: dict[str, Any], to_verify: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """PUT a representation over the one that was just read.

    :param base: the representation as read; its version is sent as If-Match (rule 17).
    :param to_verify: the desired values that a response shows.
    :returns: the object after the write, and the option names that differ from the desired state.
    :raises ConflictError: the version of the object has changed.
    :raises StepError: the service accepted the PUT, but the object cannot be read back.
    """
    try:
        answer = context.client.replace(step.resource.endpoint, base["id"], body, version_of(base))
    except (errors.ServerError, errors.TransportError, errors.RefusedError) as error:
        refused = isinstance(error, errors.RefusedError)
        if isinstance(error, errors.ConflictError) or not (error.repeated if refused else error.uncertain):
            raise
        stored = _stored_unanswered(context, step, base, to_verify)
        if stored is not None:
            return stored, []
        if refused:
            raise error.replace(hint="An earlier attempt was not answered and may have been applied") from error
        raise
    return read_back(context, step, base, to_verify, answer)


def read_back(
    context: Context, step: Step, base: dict[str, Any], to_verify: dict[str, Any], answer: dict[str, Any] | None
) -> tuple[dict[str, Any], list[str]]:
    """Verify an accepted update.

    :returns: the current object, and the option names that differ from the desired state.
    :raises StepError: the object cannot be read; the update counts as completed.
    """
    try:
        return verify(context, step, base["id"], to_verify, answer, version_of(base))
    except errors.DirectoryError as error:
        hint = f"The service accepted the change of {step.label}, but it could not be verified"
        raise partial_failure(error, Outcome(True), hint) from error


def _stored_unanswered(
    context: Context, step: Step, base: dict[str, Any], to_verify: dict[str, Any]
) -> dict[str, Any] | None:
    """Return the object if a read proves that a PUT without a response succeeded, else None."""
    if not to_verify or step.desired is None or not step.resource.changes(to_verify, base, step.desired.mode):
        return None
    try:
        representation, missing = read_until_stored(context, step, base["id"], to_verify, lambda _read, _missing: False)
    except errors.DirectoryError:
        return None
    return None if missing else representation
