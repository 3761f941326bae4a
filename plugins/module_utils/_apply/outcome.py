# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The outcome of a step, and the error of a partly completed step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .._core import errors

if TYPE_CHECKING:
    from .._scim.members import Member


@dataclass(frozen=True)
class Outcome:
    """The result of a step.

    :ivar changed: whether the step changed the directory.
    :ivar representation: the current object; None after a delete, or if it could not be read.
    :ivar not_stored: the option names, dotted for parts, of attributes that the service did not store.
    :ivar found: whether the step was a create but found an object that another task had created.
    :ivar added: the added members, with their ids.
    :ivar removed: the removed members.
    """

    changed: bool
    representation: dict[str, Any] | None = None
    not_stored: list[str] = field(default_factory=list)
    found: bool = False
    added: list[Member] = field(default_factory=list)
    removed: list[Member] = field(default_factory=list)


class StepError(errors.DirectoryError):
    """The failure of a step that was completed partly.

    :param cause: the error; it becomes the ``__cause__``.
    :param outcome: the completed part.
    :param hint: advice to the user; None: the hint of the cause.
    """

    def __init__(self, cause: errors.DirectoryError, outcome: Outcome, hint: str | None = None) -> None:
        super().__init__(
            cause.reason,
            operation=cause.operation,
            status=cause.status,
            detail=cause.detail,
            hint=hint or cause.hint,
            fatal=cause.fatal,
        )
        self.outcome = outcome
        self.__cause__ = cause

    def with_outcome(self, outcome: Outcome) -> StepError:
        """Return the same failure with a different outcome."""
        return self.replace(outcome=outcome)


def partial_failure(error: errors.DirectoryError, outcome: Outcome, hint: str | None = None) -> StepError:
    """Return an error with the outcome of the part that was completed. An error that already has an outcome is returned as it is."""
    return error if isinstance(error, StepError) else StepError(error, outcome, hint)
