# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Interpret failed attempts: the error, and whether to retry. Loaded only when a request fails."""

from __future__ import annotations

from typing import Any

from .._core import errors
from .answers import READ_VERBS, Attempt, Request, attempt_of_reply
from .errors import connection_words, error_code, error_words, retry_after_seconds, ssl_words
from .redact import hide, redact
from .transport import Reply, requests

# 408 and 425: the server did not process the request. 520 to 530, 598, 599: a gateway got no answer from the server.
RETRIED_STATUSES = (408, 425, 500, 502, 503, 504, *range(520, 531), 598, 599)

PATIENCE = 5.0  # seconds of retries if the service has never answered

_NOTHING_LISTENS = ("refused", "No route to host", "unreachable")

_STATUS_ERRORS = {
    400: (errors.RefusedError, None),
    401: (
        errors.AuthenticationError,
        "Check client_id and api_key (P1_CLIENT_ID, P1_API_KEY), because the key may have been renewed, and check that region is the region of the account",
    ),
    404: (errors.NotFoundError, None),
    409: (errors.ConflictError, None),
    412: (errors.ConflictError, None),
    413: (errors.TooLargeError, None),
}


def attempt_of_exception(error: Exception, request: Request, timeout: float, reached: bool) -> Attempt:
    """Interpret an exception of the transport.

    :param reached: whether the service has answered an earlier request.
    """
    names = requests.exceptions
    if not isinstance(error, names.RequestException):
        return Attempt(error=errors.TransportError(f"{request} could not be sent: {redact(error, request.secrets)}"))
    words = redact(error, request.secrets)
    signs = hide(str(error), request.secrets)  # not truncated: the reason follows the URL, which may be long
    host = request.url.split("/")[2]
    if isinstance(error, names.SSLError) and any(word in signs for word in ("CERTIFICATE", "certificate", "hostname")):
        return Attempt(
            error=errors.TransportError(
                f"{host} was not trusted: {ssl_words(signs, words)}",
                hint="If its certificate is issued by your own authority, set ca_path",
            )
        )
    if isinstance(
        error,
        (names.InvalidURL, names.InvalidHeader, names.InvalidSchema, names.MissingSchema, names.InvalidProxyURL),
    ):
        return Attempt(error=errors.TransportError(f"{request} could not be sent: {words}"))
    causes = causes_of(error)
    if never_left(causes):
        # Before the first answer, a host that cannot be resolved or refuses connections is most likely a typing mistake.
        typo = not reached and any(sign in signs for sign in ("NameResolutionError", "Name or service", "getaddrinfo"))
        deaf = not reached and any(sign in signs for sign in _NOTHING_LISTENS)
        reason = "the host name cannot be resolved" if typo else connection_words(signs, words)
        return Attempt(
            error=errors.TransportError(
                f"{host} cannot be reached: {reason}",
                hint="Check region or base_url, and the proxy" if typo or deaf else None,
            ),
            retriable=not typo,
            patience=PATIENCE if deaf else None,
        )
    lost: errors.LostAnswerError
    if timed_out(causes):
        lost = errors.AnswerTimeoutError(f"no answer to {request} within {timeout} s")
    else:
        lost = errors.LostAnswerError(f"the connection broke before {request} was answered ({connection_words(signs, words)})")
    return Attempt(error=lost, retriable=request.method != "POST")


def attempt_of_failure(reply: Reply, request: Request) -> Attempt:
    """Interpret an answer with a status other than 2xx."""
    status = reply.status
    detail = _words_of(reply, request.secrets)
    said = f"HTTP {status}" + (f", {detail}" if detail else " without an explanation")
    if 300 <= status < 400:
        return Attempt(
            error=errors.RefusedError(
                f"{request} was answered with a redirect (HTTP {status}), which is not followed, because it would send the credentials to another host",
                status=status,
                hint="Check region or base_url",
            )
        )
    if status == 429 or (status in RETRIED_STATUSES and request.method != "POST"):
        failed = errors.RateLimitError if status == 429 else errors.ServerError
        return Attempt(
            error=failed(f"{request}: {said}", status=status, detail=detail),
            retriable=True,
            wait=retry_after_seconds(reply.headers),
        )
    if status in RETRIED_STATUSES:
        return Attempt(error=errors.LostAnswerError(f"{request}: {said}", status=status, detail=detail))
    kind, hint = _STATUS_ERRORS.get(status, (errors.RefusedError, None))
    return Attempt(error=kind(f"{request}: {said}", status=status, detail=detail, hint=hint))


def attempt_of_hidden_refusal(body: Any, reply: Reply, request: Request) -> Attempt:
    """Interpret an error object in the body of a success as the error that its code states."""
    code = error_code(body)
    if code is not None:
        return attempt_of_reply(reply._replace(status=code), request)
    detail = _words_of(reply, request.secrets)
    writes = request.method not in READ_VERBS
    error = errors.RefusedError(
        f"{request} was answered with an error in a success response (HTTP {reply.status}, {detail or 'without an explanation'})",
        status=reply.status,
        detail=detail,
        hint="The change may have been made; run again to find out" if writes else None,
        uncertain=writes,
    )
    return Attempt(error=error)


def no_json(reply: Reply, request: Request, excess: str | None = None) -> errors.DirectoryError:
    """Return the error for a success whose body is not JSON or exceeds a limit.

    :param excess: the limit that the body exceeds, or None if the body is not JSON.
    """
    if excess is not None:
        if request.method == "POST":
            return errors.LostAnswerError(f"the answer to {request} {excess}", status=reply.status)
        return errors.ProtocolError(
            f"the answer to {request} {excess}", status=reply.status, hint="Check region, base_url and the proxy"
        )
    # Text that begins like JSON is most likely a damaged list of users, so it must not be quoted.
    json_like = reply.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    detail = "" if json_like else _words_of(reply, request.secrets)
    if request.method == "POST":
        return errors.LostAnswerError(f"the answer to {request} cannot be read", status=reply.status, detail=detail)
    shown = detail or (f"{len(reply.content)} bytes that begin like JSON" if json_like else "an empty page")
    return errors.ProtocolError(
        f"{request} was answered with something that is not JSON: {shown}",
        status=reply.status,
        detail=detail,
        hint="Check region, base_url and the proxy",
    )


def _words_of(reply: Reply, secrets: list[str]) -> str:
    return redact(error_words(reply.content, lambda text: hide(text, secrets)), secrets)


def last_error(error: errors.DirectoryError, method: str, attempts: int, why: str) -> errors.DirectoryError:
    """Return the error of the last attempt, with the number of attempts and the reason why there is no further attempt."""
    tries = "once" if attempts == 1 else f"{attempts} times"
    writes = method not in READ_VERBS
    kind, uncertain, hint = type(error), error.uncertain, error.hint
    if isinstance(error, errors.LostAnswerError) and method != "POST":
        kind, uncertain = errors.TransportError, writes
    elif isinstance(error, errors.ServerError):
        uncertain = writes
    if uncertain and method != "POST":
        hint = "The change may have been made; run again to find out"
    return kind(
        f"{error.reason} (tried {tries}; {why})",
        status=error.status,
        detail=error.detail,
        hint=hint,
        uncertain=uncertain,
        repeated=error.repeated,
    )


def causes_of(error: BaseException) -> list[BaseException]:
    """Return an exception and all its causes, wherever requests and urllib3 store them.

    ``__context__`` is ignored: it can be the exception of another request, if this request was sent while handling it.
    """
    found: list[BaseException] = []
    queue = [error]
    while queue:
        error = queue.pop()
        if any(error is known for known in found):
            continue
        found.append(error)
        further = (*error.args, getattr(error, "reason", None), getattr(error, "original_error", None), error.__cause__)
        queue += [cause for cause in further if isinstance(cause, BaseException)]
    return found


def never_left(causes: list[BaseException]) -> bool:
    """Return whether the request was certainly not sent, because no connection was established.

    A ``ProxyError`` is not sufficient, because urllib3 raises it for every interruption of a tunneled connection.
    """
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    return any(
        isinstance(cause, (requests.exceptions.ConnectTimeout, ConnectTimeoutError, NewConnectionError))
        # http.client raises this text if the proxy does not answer CONNECT with 200.
        or (isinstance(cause, OSError) and str(cause).startswith("Tunnel connection failed"))
        for cause in causes
    )


def timed_out(causes: list[BaseException]) -> bool:
    """Return whether a request failed because of a timeout."""
    from urllib3.exceptions import ReadTimeoutError

    return any(isinstance(cause, (requests.exceptions.Timeout, ReadTimeoutError)) for cause in causes)
