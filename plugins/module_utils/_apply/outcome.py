# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What came of a step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .._core.errors import DirectoryError


@dataclass
class Outcome:
    """What came of a step.

    :ivar changed: whether the directory is another one now.
    :ivar representation: the object as it is now; None after a delete.
    :ivar not_kept: option names the service did not keep.
    :ivar found: the object was there after all (somebody else made it, or an answer was lost).
    """

    changed: bool
    representation: dict[str, Any] | None = None
    not_stored: list[str] = field(default_factory=list)
    found: bool = False
    added: list[Any] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)


class StepError(DirectoryError):
    """A step that failed after part of it was done.

    :ivar outcome: the part that was done.
    """

    def __init__(self, cause, outcome):
        super().__init__(
            cause.reason, operation=cause.operation, status=cause.status, detail=cause.detail, hint=cause.hint
        )
        self.fatal = cause.fatal
        self.outcome = outcome
        self.__cause__ = cause


def partial_failure(error, outcome):
    return error if isinstance(error, StepError) else StepError(error, outcome)
