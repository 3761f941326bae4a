# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What one attempt to send a request came to: an answer, or an error, and whether to try again."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._core.errors import (
    AnswerTimeoutError,
    AuthenticationError,
    ConflictError,
    DirectoryError,
    LostAnswerError,
    NotFoundError,
    ProtocolError,
    RateLimitError,
    RefusedError,
    ServerError,
    TooLargeError,
    TransportError,
)
from .errors import connection_words, error_code, error_words, refused_in, retry_after_seconds, ssl_words
from .limits import TooMuch, parse
from .redact import hide, redact
from .transport import Reply, causes_of, never_left, requests, timed_out

READ_VERBS = ("GET", "HEAD")
# 408 and 425: the server has not taken the request up. 520 to 530, 598 and 599: gateways whose server does not answer.
RETRIED_STATUSES = (408, 425, 500, 502, 503, 504, *range(520, 531), 598, 599)

PATIENCE = 5.0  # seconds in which a service that was never reached may come up

_NOTHING_LISTENS = ("refused", "No route to host", "unreachable")

_STATUS_ERRORS = {
    400: (RefusedError, None),
    401: (
        AuthenticationError,
        "Check client_id and api_key (P1_CLIENT_ID, P1_API_KEY), because the key may have been renewed, and check that region is the region of the account",
    ),
    404: (NotFoundError, None),
    409: (ConflictError, None),
    412: (ConflictError, None),
    413: (TooLargeError, None),
}


class Request(NamedTuple):
    """One request, ready to be sent.

    :ivar path: its address as messages show it, without base URL and query.
    :ivar secrets: what no message may repeat of it.
    :ivar framed: whether an empty answer has to say that it is empty.
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
    """What came of sending a request once.

    :ivar answer: the decoded body of a success; None where it has none.
    :ivar error: why it is no success.
    :ivar retriable: whether sending it again is harmless, and may help.
    :ivar wait: the seconds that the service asks to wait before that; None: it does not say.
    :ivar patience: the seconds to go on trying, where that is shorter than ``retry_timeout``.
    """

    answer: Any = None
    error: DirectoryError | None = None
    retriable: bool = False
    wait: float | None = None
    patience: float | None = None


class Representation(dict[str, Any]):
    """A JSON object as it was read, with the ETag header of its answer; this service was never seen to send one."""

    etag: str | None = None


def attempt_of_exception(error: Exception, request: Request, timeout: float, reached: bool) -> Attempt:
    """Return what an exception of the transport means.

    :param reached: whether the service has answered anything before.
    """
    names = requests.exceptions
    if not isinstance(error, names.RequestException):
        return Attempt(error=TransportError(f"{request} could not be sent: {redact(error, request.secrets)}"))
    words = redact(error, request.secrets)
    signs = hide(str(error), request.secrets)  # whole: what happened stands at its end, after an address that may be long
    host = request.url.split("/")[2]
    if isinstance(error, names.SSLError) and any(word in signs for word in ("CERTIFICATE", "certificate", "hostname")):
        return Attempt(
            error=TransportError(
                f"{host} was not trusted: {ssl_words(signs, words)}",
                hint="If its certificate is issued by your own authority, set ca_path",
            )
        )
    if isinstance(
        error,
        (names.InvalidURL, names.InvalidHeader, names.InvalidSchema, names.MissingSchema, names.InvalidProxyURL),
    ):
        return Attempt(error=TransportError(f"{request} could not be sent: {words}"))
    causes = causes_of(error)
    if never_left(causes):
        # Before anything was ever answered, a name that cannot be resolved is a typing mistake, not a fault, and so,
        # most likely, is an address at which nothing listens.
        typo = not reached and any(sign in signs for sign in ("NameResolutionError", "Name or service", "getaddrinfo"))
        deaf = not reached and any(sign in signs for sign in _NOTHING_LISTENS)
        reason = "the host name cannot be resolved" if typo else connection_words(signs, words)
        return Attempt(
            error=TransportError(
                f"{host} cannot be reached: {reason}",
                hint="Check region or base_url, and the proxy" if typo or deaf else None,
            ),
            retriable=not typo,
            patience=PATIENCE if deaf else None,
        )
    lost: LostAnswerError
    if timed_out(causes):
        lost = AnswerTimeoutError(f"no answer to {request} within {timeout} s")
    else:
        lost = LostAnswerError(f"the connection broke before {request} was answered ({connection_words(signs, words)})")
    return Attempt(error=lost, retriable=request.method != "POST")


def attempt_of_reply(reply: Reply, request: Request) -> Attempt:
    """Return what an answer means."""
    status = reply.status
    content = reply.content
    length = reply.headers.get("Content-Length", "")
    whole = 200 <= status < 300 and reply.excess is None
    if whole and length.isdigit() and not reply.headers.get("Content-Encoding") and len(content) < int(length):
        return Attempt(error=LostAnswerError(f"the answer to {request} was cut short"), retriable=request.method != "POST")
    if 200 <= status < 300:
        return _of_success(reply, request)
    detail = _words_of(reply, request.secrets)
    said = f"HTTP {status}" + (f", {detail}" if detail else " without an explanation")
    if 300 <= status < 400:
        return Attempt(
            error=RefusedError(
                f"{request} was answered with a redirect (HTTP {status}), which is not followed, because it would send the credentials to another host",
                status=status,
                hint="Check region or base_url",
            )
        )
    if status == 429 or (status in RETRIED_STATUSES and request.method != "POST"):
        failed = RateLimitError if status == 429 else ServerError
        return Attempt(
            error=failed(f"{request}: {said}", status=status, detail=detail),
            retriable=True,
            wait=retry_after_seconds(reply.headers),
        )
    if status in RETRIED_STATUSES:
        return Attempt(error=LostAnswerError(f"{request}: {said}", status=status, detail=detail))
    kind, hint = _STATUS_ERRORS.get(status, (RefusedError, None))
    return Attempt(error=kind(f"{request}: {said}", status=status, detail=detail, hint=hint))


def _of_success(reply: Reply, request: Request) -> Attempt:
    if reply.excess is None and not reply.content.strip():
        return _of_nothing(reply, request)
    try:
        if reply.excess is not None:
            raise TooMuch(reply.excess)
        body = parse(reply.content)
    except ValueError as error:
        if request.method in ("DELETE", "PATCH", "PUT"):
            return Attempt()  # what was written is read back; what the answer says is not needed
        return Attempt(error=_no_json(reply, request, str(error) if isinstance(error, TooMuch) else None))
    if refused_in(body):
        return _of_hidden_refusal(body, reply, request)
    if isinstance(body, dict) and reply.headers.get("ETag"):
        body = Representation(body)
        body.etag = reply.headers["ETag"]
    return Attempt(body)


def _of_hidden_refusal(body: Any, reply: Reply, request: Request) -> Attempt:
    """Treat an error object inside a success as the error that its code names."""
    code = error_code(body)
    if code is not None:
        return attempt_of_reply(reply._replace(status=code), request)
    detail = _words_of(reply, request.secrets)
    writes = request.method not in READ_VERBS
    error = RefusedError(
        f"{request} was answered with an error in a success response (HTTP {reply.status}, {detail or 'without an explanation'})",
        status=reply.status,
        detail=detail,
        hint="The change may have been made; run again to find out" if writes else None,
        uncertain=writes,
    )
    return Attempt(error=error)


def _of_nothing(reply: Reply, request: Request) -> Attempt:
    """An empty answer, which may be one that was cut off within its headers: nothing distinguishes the two
    but a header that promises how much there is to come.
    """
    status = reply.status
    if status != 204:
        promised = "Content-Length" in reply.headers or "Transfer-Encoding" in reply.headers
        if request.method in READ_VERBS or (request.framed and not promised):
            return Attempt(
                error=LostAnswerError(f"the answer to {request} is empty (HTTP {status})", status=status),
                retriable=request.method != "POST",
            )
    return Attempt()


def _no_json(reply: Reply, request: Request, excess: str | None = None) -> DirectoryError:
    if excess is not None:
        if request.method == "POST":
            return LostAnswerError(f"the answer to {request} {excess}", status=reply.status)
        return ProtocolError(
            f"the answer to {request} {excess}", status=reply.status, hint="Check region, base_url and the proxy"
        )
    # What begins like JSON is most likely a list of people, cut short or garbled.
    json_like = reply.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    detail = "" if json_like else _words_of(reply, request.secrets)
    if request.method == "POST":
        return LostAnswerError(f"the answer to {request} cannot be read", status=reply.status, detail=detail)
    shown = detail or (f"{len(reply.content)} bytes that begin like JSON" if json_like else "an empty page")
    return ProtocolError(
        f"{request} was answered with something that is not JSON: {shown}",
        status=reply.status,
        detail=detail,
        hint="Check region, base_url and the proxy",
    )


def _words_of(reply: Reply, secrets: list[str]) -> str:
    return redact(error_words(reply.content, lambda text: hide(text, secrets)), secrets)
