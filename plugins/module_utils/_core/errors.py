# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What can go wrong, and how a user is told: one exception family, one readable line each.

Nothing here knows HTTP or Ansible. ``_http`` raises these from answers, the planner raises them
from wishes, ``_module`` turns them into ``fail_json`` at one place.
"""

from __future__ import annotations


class DirectoryError(Exception):
    """Something a user has to be told.

    :param reason: why, in words; no secret may be in it.
    :param operation: what was attempted, on what, as an infinitive: ``update user 'ann'``.
    :param status: the HTTP status of the answer that refused it, where there is one.
    :param detail: the service's own words, where there are some.
    :param hint: what to do about it.
    """

    # A fatal error would meet every later request too: a bulk run stops and lists the rest as not attempted.
    fatal = False
    # Whether the request may have been carried out although it failed.
    uncertain = False
    # Whether it had been sent before: then what it found may be its own earlier work.
    repeated = False

    def __init__(self, reason, operation=None, status=None, detail=None, hint=None):
        super().__init__(reason)
        self.reason = reason
        self.operation = operation
        self.status = status
        self.detail = detail
        self.hint = hint

    def during(self, operation):
        """Name what was attempted, unless somebody nearer to it has; return self for ``raise``."""
        if self.operation is None:
            self.operation = operation
        return self

    @property
    def failure(self):
        """The ``failure`` value of a module's result."""
        return {"operation": self.operation, "status": self.status, "detail": self.detail}

    def __str__(self):
        text = self.reason
        if self.operation:
            text = f"Could not {self.operation}: {text}"
        if self.hint:
            text = f"{text.rstrip('.')}. {self.hint}"
        return one_line(text)


class InputError(DirectoryError):
    """The wish itself cannot be: nothing was sent for it."""


class AmbiguousError(InputError):
    """One name, several objects; the reason lists their ids."""


class TransportError(DirectoryError):
    """The service could not be reached, or did not answer within the retries."""

    fatal = True


class StoppedError(DirectoryError):
    """The run was told to stop before a request was sent: nothing was done for it."""

    fatal = True


class LostAnswerError(DirectoryError):
    """A request may have been carried out, but its answer never came (docs/rules.md, rule 5)."""

    uncertain = True


class AnswerTimeoutError(LostAnswerError):
    """No answer within ``timeout``: perhaps the request was too large (membership chunks are halved on it)."""


class ProtocolError(DirectoryError):
    """The answer is not what the protocol promises: no JSON, another id, no list."""


class RefusedError(DirectoryError):
    """The service refused the request with a 4xx."""


class AuthenticationError(RefusedError):
    """401: the key is not accepted, and will not be for the next request either."""

    fatal = True


class NotFoundError(RefusedError):
    """404."""


class ConflictError(RefusedError):
    """409 or 412: a name in use, or somebody else's change in between."""


class TooLargeError(RefusedError):
    """413."""


class RateLimitError(RefusedError):
    """429 for longer than ``retry_timeout`` allows."""

    fatal = True


class ServerError(DirectoryError):
    """5xx that outlasted the retries."""


class NotStoredError(DirectoryError):
    """The service accepted a write, and its answer shows that it did not keep all of it.

    :param attributes: the option names of what was not kept.
    """

    def __init__(self, reason, attributes=(), **kwargs):
        super().__init__(reason, **kwargs)
        self.attributes = tuple(attributes)


def one_line(text, limit=2000):
    """Text as one printable line: white space folded, control characters gone, cut at ``limit``."""
    text = str(text)
    if len(text) <= limit and text.isprintable() and text.strip(" ") == text and "  " not in text:
        return text  # as nearly all of it is
    folded = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"
