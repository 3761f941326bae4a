# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The result of one attempt to send a request: an answer or an error, and whether to retry."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._core import errors
from .limits import TooMuch, parse
from .transport import Reply

READ_VERBS = ("GET", "HEAD")


class Request(NamedTuple):
    """One request, ready to be sent.

    :ivar path: the path as messages show it, without base URL and query.
    :ivar secrets: texts of the request that must not occur in messages.
    :ivar framed: whether an empty answer must have a header that states that it is empty.
    """

    method: str
    path: str
    url: str
    data: bytes | None
    headers: dict[str, str]
    secrets: list[str]
    framed: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Attempt(NamedTuple):
    """The result of sending a request once.

    :ivar answer: the decoded body of a success, or None without a body.
    :ivar error: the reason why the request failed, or None.
    :ivar retriable: whether a retry is harmless and may succeed.
    :ivar wait: the seconds to wait before a retry, as requested by the service, or None.
    :ivar patience: the seconds during which to retry, if less than ``retry_timeout``, or None.
    """

    answer: Any = None
    error: errors.DirectoryError | None = None
    retriable: bool = False
    wait: float | None = None
    patience: float | None = None


class Representation(dict[str, Any]):
    """A JSON object as read, with the ETag header of its answer. No ETag of this service has been observed."""

    etag: str | None = None


def attempt_of_reply(reply: Reply, request: Request) -> Attempt:
    """Interpret an answer."""
    status = reply.status
    content = reply.content
    length = reply.headers.get("Content-Length", "")
    whole = 200 <= status < 300 and reply.excess is None
    if whole and length.isdigit() and not reply.headers.get("Content-Encoding") and len(content) < int(length):
        return Attempt(error=errors.LostAnswerError(f"the answer to {request} was cut short"), retriable=request.method != "POST")
    if 200 <= status < 300:
        return _of_success(reply, request)
    from .failures import attempt_of_failure  # rule 8

    return attempt_of_failure(reply, request)


def _of_success(reply: Reply, request: Request) -> Attempt:
    if reply.excess is None and not reply.content.strip():
        return _of_nothing(reply, request)
    try:
        if reply.excess is not None:
            raise TooMuch(reply.excess)
        body = parse(reply.content)
    except ValueError as error:
        if request.method in ("DELETE", "PATCH", "PUT"):
            return Attempt()  # the object is re-read after the write, so the answer is not needed
        from .failures import no_json  # rule 8

        return Attempt(error=no_json(reply, request, str(error) if isinstance(error, TooMuch) else None))
    if refused_in(body):
        from .failures import attempt_of_hidden_refusal  # rule 8

        return attempt_of_hidden_refusal(body, reply, request)
    if isinstance(body, dict) and reply.headers.get("ETag"):
        body = Representation(body)
        body.etag = reply.headers["ETag"]
    return Attempt(body)


def refused_in(body: Any) -> bool:
    """Return whether the body of a success is an error object: it contains errors but no requested data."""
    return (
        isinstance(body, dict)
        and any(body.get(key) for key in ("Errors", "errors", "error"))
        and not any(key in body for key in ("id", "resources", "Resources", "totalResults", "link", "value"))
    )


def _of_nothing(reply: Reply, request: Request) -> Attempt:
    """Interpret an empty answer, which may also be an answer that was cut off within its headers.

    Only a header that states the length of the body distinguishes the two.
    """
    status = reply.status
    if status != 204:
        promised = "Content-Length" in reply.headers or "Transfer-Encoding" in reply.headers
        if request.method in READ_VERBS or (request.framed and not promised):
            return Attempt(
                error=errors.LostAnswerError(f"the answer to {request} is empty (HTTP {status})", status=status),
                retriable=request.method != "POST",
            )
    return Attempt()
