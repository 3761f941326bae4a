# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The exceptions of the collection. Each error message is one line.

This module is independent of HTTP and Ansible. ``_http`` raises these exceptions for answers, ``_plan`` for the desired
state, and ``_tasks`` converts them to a failed result.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

_Error = TypeVar("_Error", bound="DirectoryError")  # typing.Self requires Python 3.11


class DirectoryError(Exception):
    """A failure for the result of a task: the attempted operation, the reason, and the advice.

    :param reason: why the operation failed, without secrets.
    :param operation: the attempted operation and its object, as an infinitive: ``update user 'ann'``.
    :param status: the HTTP status of the refusal, or None.
    :param detail: the error text of the service, or None.
    :param hint: the advice for the user.
    :param fatal: whether every later request would fail in the same way. A bulk run then stops and reports the remaining
        changes as not attempted.
    :param uncertain: whether the service may have processed the request although it failed.
    :param repeated: whether the request was sent more than once, so that a retry may have failed because of the first attempt.
    """

    # Class defaults, which the arguments of the same names override.
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
        """Return a copy of the failure with other fields, such as ``hint``, and the same ``__cause__``."""
        error = type(self).__new__(type(self), *self.args)
        error.__dict__.update(self.__dict__, **fields)
        error.__cause__ = self.__cause__
        return error

    @property
    def failure(self) -> dict[str, Any]:
        """Return the ``failure`` value of a module's result: operation, status and detail; each can be None."""
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
    """Add the attempted operation to errors that have none. Inner calls are more precise and therefore win."""
    try:
        yield
    except DirectoryError as error:
        if error.operation is not None:
            raise
        raise error.replace(operation=operation) from error.__cause__


class InputError(DirectoryError):
    """The options or the desired state are invalid. No request was sent."""


class AmbiguousError(InputError):
    """Several objects have the same name; the reason lists their ids."""


class TransportError(DirectoryError):
    """The service could not be reached, or did not answer despite retries."""

    fatal = True


class StoppedError(DirectoryError):
    """The run was stopped before the request was sent, so nothing was changed."""

    fatal = True


class LostAnswerError(DirectoryError):
    """The service may have processed a request, but the answer was lost (docs/rules.md, rule 5)."""

    uncertain = True


class AnswerTimeoutError(LostAnswerError):
    """The service did not answer within ``timeout``. The request may be too large, so the caller halves its chunks of members."""


class ProtocolError(DirectoryError):
    """The answer violates the protocol: for example, it is not JSON, has the wrong id, or does not contain a list."""


class RefusedError(DirectoryError):
    """The service refused the request with a 4xx status."""


class AuthenticationError(RefusedError):
    """401: the service does not accept the credentials."""

    fatal = True


class NotFoundError(RefusedError):
    """404: the object does not exist."""


class ConflictError(RefusedError):
    """409 or 412: the name is in use, or the object was changed since it was read."""


class TooLargeError(RefusedError):
    """413: the request is too large."""


class RateLimitError(RefusedError):
    """429: the rate limit was still exceeded after ``retry_timeout``."""

    fatal = True


class ServerError(DirectoryError):
    """5xx: the service still failed after all retries."""


class NotStoredError(DirectoryError):
    """The service accepted a write but did not store all attributes.

    :param attributes: the option names of the attributes that were not stored.
    """

    def __init__(self, reason: str, attributes: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(reason, **kwargs)
        self.attributes = tuple(attributes)


def one_line(text: Any, limit: int = 2000) -> str:
    """Return text as one printable line, cut at ``limit``. Each run of blanks and control characters becomes one blank."""
    line = str(text)
    if len(line) <= limit and line.isprintable() and line.strip(" ") == line and "  " not in line:
        return line  # the usual case
    line = " ".join("".join(char if char.isprintable() else " " for char in line).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
