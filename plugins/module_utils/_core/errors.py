# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What can go wrong, as one exception family; each error reads as one line.

Nothing here knows HTTP or Ansible. ``_http`` raises these from answers, ``_plan`` from desired state; ``_tasks`` turns
them into a failed result, in one place.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

_Error = TypeVar("_Error", bound="DirectoryError")  # typing.Self came with Python 3.11


class DirectoryError(Exception):
    """A failure that the result of a task shows: what was attempted, why it failed, and what to do.

    :param reason: why, in words; it holds no secret.
    :param operation: what was attempted, on what, as an infinitive: ``update user 'ann'``.
    :param status: the HTTP status of the refusal, if there is one.
    :param detail: the text of the service, if there is one.
    :param hint: what to do about it.
    :param fatal: every later request would fail the same way: a bulk run stops and lists the rest as not attempted.
    :param uncertain: the request may have been carried out although it failed.
    :param repeated: the request had been sent before, so it may have met the result of its first attempt.
    """

    # Defaults of the class, which the arguments of the same names override.
    fatal = False
    uncertain = False
    repeated = False

    def __init__(
        self,
        reason: str,
        operation: str | None = None,
        status: int | None = None,
        detail: str | None = None,
        hint: str | None = None,
        *,
        fatal: bool | None = None,
        uncertain: bool | None = None,
        repeated: bool | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.operation = operation
        self.status = status
        self.detail = detail
        self.hint = hint
        self.fatal = type(self).fatal if fatal is None else fatal
        self.uncertain = type(self).uncertain if uncertain is None else uncertain
        self.repeated = type(self).repeated if repeated is None else repeated

    def replace(self: _Error, **fields: Any) -> _Error:
        """Return the same failure with other fields, such as ``hint``, and the same ``__cause__``; this one stays as it is."""
        error = type(self).__new__(type(self), *self.args)
        error.__dict__.update(self.__dict__, **fields)
        error.__cause__ = self.__cause__
        return error

    @property
    def failure(self) -> dict[str, Any]:
        """The ``failure`` value of a module's result: operation, status and detail, each of them or None."""
        return {"operation": self.operation, "status": self.status, "detail": self.detail}

    def __str__(self) -> str:
        text = self.reason
        if self.operation:
            text = f"Could not {self.operation}: {text}"
        if self.hint:
            text = f"{text.rstrip('.')}. {self.hint}"
        return one_line(text)


@contextlib.contextmanager
def attempting(operation: str) -> Iterator[None]:
    """Add the attempted operation to errors without one; the innermost operation is the most precise."""
    try:
        yield
    except DirectoryError as error:
        if error.operation is not None:
            raise
        raise error.replace(operation=operation) from error.__cause__


class InputError(DirectoryError):
    """Invalid options or desired state; no request was sent for it."""


class AmbiguousError(InputError):
    """Several objects have one name; the reason lists their ids."""


class TransportError(DirectoryError):
    """The service could not be reached, or did not answer within the retries."""

    fatal = True


class StoppedError(DirectoryError):
    """The run was stopped before a request was sent, so nothing was done."""

    fatal = True


class LostAnswerError(DirectoryError):
    """A request may have been carried out, but its answer was lost (docs/rules.md, rule 5)."""

    uncertain = True


class AnswerTimeoutError(LostAnswerError):
    """No answer within ``timeout``; the request may be too large, so chunks of members are halved."""


class ProtocolError(DirectoryError):
    """The answer breaks the protocol: it is not JSON, has another id, or holds no list."""


class RefusedError(DirectoryError):
    """The service refused the request with a 4xx."""


class AuthenticationError(RefusedError):
    """401: the service does not accept the key."""

    fatal = True


class NotFoundError(RefusedError):
    """404."""


class ConflictError(RefusedError):
    """409 or 412: a name is in use, or the object changed in between."""


class TooLargeError(RefusedError):
    """413."""


class RateLimitError(RefusedError):
    """429 for longer than ``retry_timeout`` allows."""

    fatal = True


class ServerError(DirectoryError):
    """5xx that outlasted the retries."""


class NotStoredError(DirectoryError):
    """The service accepted a write, but did not store all of it.

    :param attributes: the names of the options that were not stored.
    """

    def __init__(self, reason: str, attributes: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(reason, **kwargs)
        self.attributes = tuple(attributes)


def one_line(text: Any, limit: int = 2000) -> str:
    """Return text as one printable line: each run of blanks and control characters becomes one blank; cut at ``limit``."""
    line = str(text)
    if len(line) <= limit and line.isprintable() and line.strip(" ") == line and "  " not in line:
        return line  # the usual case
    line = " ".join("".join(char if char.isprintable() else " " for char in line).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
