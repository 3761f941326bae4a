# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Send requests with retries, and count them."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from .._core import errors
from .answers import READ_VERBS, Attempt, Request, attempt_of_reply
from .credentials import basic_credentials, proxy_secrets
from .pacing import Pacer
from .transport import Transport, requests
from .url import with_query

USER_AGENT = "ansible-pingone.directory/1.0.0"

MAX_WAIT = 86400  # seconds; sockets accept at most a few weeks

Client = TypeVar("Client", bound="HttpClient")


class HttpClient:
    """A client for one host with authentication, retries, pacing and request counts.

    Threads can share a client. It raises only :class:`DirectoryError`.

    :param base_url: the result of :func:`resolve_base_url`.
    :param client_id: the user of the Basic authentication.
    :param api_key: the password of the Basic authentication.
    :param timeout: the seconds in which the complete answer to a request must arrive.
    :param retry_timeout: the total seconds for all retries of one request; can be lowered at any time.
    :param verify: True, False, or the path of a CA bundle.
    :param max_requests_per_second: the rate limit of the client, or None for no limit.
    :param connections: the maximum number of concurrent requests.
    :param sleep: a function that replaces the wait of a number of seconds, or None, see :class:`Pacer`.
    :raises InputError: a time is too long.
    """

    def __init__(
        self,
        base_url: str,
        client_id: str,
        api_key: str,
        *,
        timeout: float = 30,
        retry_timeout: float = 120,
        verify: bool | str = True,
        max_requests_per_second: float | None = None,
        connections: int = 1,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
        jitter: Callable[[], float] = random.random,
        session: Any = None,
    ) -> None:
        for name, seconds in (("timeout", timeout), ("retry_timeout", retry_timeout)):
            if seconds > MAX_WAIT:
                raise errors.InputError(f"{name} must be at most {MAX_WAIT} seconds, which is a day")
        self.base_url = base_url
        self.timeout = timeout
        self.retry_timeout = retry_timeout
        self.clock = clock
        auth = (client_id.encode("utf-8"), api_key.encode("utf-8"))
        self._secrets = [api_key, basic_credentials(auth), *proxy_secrets()]
        self._transport = Transport(base_url, auth, verify, connections, session)
        self._pacer = Pacer(max_requests_per_second, clock, sleep, jitter)
        self._lock = threading.Lock()
        self._reached = False
        self.reads = 0
        self.writes = 0
        self.retries = 0

    def __enter__(self: Client) -> Client:
        return self

    def __exit__(self, *unused: object) -> None:
        self._transport.close()

    @property
    def api(self) -> dict[str, Any]:
        """Return the ``api`` value of a module's result."""
        return {
            "reads": self.reads,
            "writes": self.writes,
            "retries": self.retries,
            "throttled_seconds": round(self._pacer.throttled_seconds, 3),
        }

    @property
    def stopped(self) -> bool:
        """Return whether :meth:`stop` was called."""
        return self._pacer.stopped

    def stop(self) -> None:
        """End all waits and retries. Requests in progress fail with their last error, if any.

        Requests that do not have to wait are still sent, because they belong to a change in progress. A signal handler can
        call this method.
        """
        self._pacer.stop()

    def sleep(self, seconds: float) -> None:
        """Wait until the time is over or a stop."""
        self._pacer.sleep(seconds)

    def request(
        self,
        method: str,
        path: str,
        query: dict[str, object] | None = None,
        body: Any = None,
        headers: dict[str, str] | None = None,
        raise_timeout: bool = False,
        framed: bool = False,
    ) -> Any:
        """Send one request, retry it as far as its method allows, and return the decoded answer, or None without a body.

        429 is retried for every method, because it means that the service did not process the request. Other server
        errors and missing answers are retried for methods that can safely be repeated: GET, PUT, DELETE and PATCH
        (rule 16). A POST is repeated only if it was certainly not sent.

        :param path: the path after the base URL, percent-encoded.
        :param query: the parameters of the URL, not yet encoded.
        :param body: the data to send as JSON, or None for no body.
        :param headers: additional headers.
        :param raise_timeout: whether to raise :class:`AnswerTimeoutError` after a timeout instead of retrying.
        :param framed: whether an empty answer counts as lost unless a header states that it is empty.
        :raises InputError: the request cannot be encoded; it was not sent.
        :raises RefusedError: the service refused the request; subclasses distinguish 401, 404, 409, 412 and 413.
        :raises RateLimitError: the service still answered 429 after ``retry_timeout``.
        :raises ServerError: all retries failed with 5xx; ``uncertain`` if the request may have been processed.
        :raises TransportError: all attempts got no answer; ``uncertain`` if the request may have been processed.
        :raises LostAnswerError: a POST may have been processed, but its answer is unknown.
        :raises ProtocolError: the answer is not JSON.
        :raises StoppedError: the request was not sent because of :meth:`stop`.
        """
        request = Request(
            method,
            path,
            with_query(self.base_url + path, query),
            None if body is None else encode(body),
            headers or {},
            self._secrets + _passwords_of(body),
            framed,
        )
        attempts = 0
        attempt = None
        first_failure = 0.0
        while True:
            if not self._pacer.wait_for_turn(again=attempts > 0):
                if attempt is not None and attempt.error is not None:
                    raise _last_error(attempt.error, method, attempts, "the run was stopped")
                raise errors.StoppedError(f"{request} was not attempted, because the run was stopped")
            attempts += 1
            self._count(method, attempts)
            attempt = self._attempt(request)
            if attempt.error is None:
                return attempt.answer
            error = attempt.error.replace(repeated=attempts > 1)
            attempt = attempt._replace(error=error)
            if not attempt.retriable or (raise_timeout and isinstance(error, errors.AnswerTimeoutError)):
                raise error
            first_failure = first_failure or self.clock()
            self._wait_to_retry(method, attempt, error, attempts, first_failure)

    def _wait_to_retry(self, method: str, attempt: Attempt, error: errors.DirectoryError, attempts: int, first_failure: float) -> None:
        """Wait before the next attempt, or raise the last error if no further attempt is allowed."""
        now = self.clock()
        delay = self._pacer.delay(attempts, attempt.wait)
        if self.stopped:
            raise _last_error(error, method, attempts, "the run was stopped")
        # Computed for each retry, because retry_timeout may have been lowered since.
        if attempt.patience is not None and self.retry_timeout > attempt.patience < now + delay - first_failure:
            raise _last_error(error, method, attempts, "nothing at this address has answered so far")
        if now + delay > first_failure + self.retry_timeout:
            asked = f"the service asks to wait {attempt.wait:.0f} s more; " if attempt.wait else ""
            raise _last_error(error, method, attempts, f"{asked}retry_timeout does not allow another attempt")
        if isinstance(error, errors.RateLimitError):
            self._pacer.throttle(now, now + delay)  # wait_for_turn then waits
        else:
            self.sleep(delay)

    def _count(self, method: str, attempts: int) -> None:
        with self._lock:
            if method in READ_VERBS:
                self.reads += 1
            else:
                self.writes += 1
            if attempts > 1:
                self.retries += 1

    def _attempt(self, request: Request) -> Attempt:
        """Send a request once."""
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT, **request.headers}
        if request.data is not None:
            headers["Content-Type"] = "application/json"
        try:
            reply = self._transport.send(request.method, request.url, request.data, headers, self.timeout)
        except (requests.exceptions.RequestException, OSError, ValueError) as error:
            from .failures import attempt_of_exception  # rule 8

            return attempt_of_exception(error, request, self.timeout, self._reached)
        self._reached = True
        return attempt_of_reply(reply, request)


def encode(body: Any) -> bytes:
    """Encode a request body as ASCII JSON.

    An account can contain an unpaired surrogate, which UTF-8 cannot represent. JSON escapes send it back as it was read,
    so that such an account can still be updated and disabled. In the desired state, unpaired surrogates are refused earlier.

    :raises InputError: the body contains a number that JSON cannot represent.
    """
    try:
        return json.dumps(body, allow_nan=False).encode("ascii")
    except ValueError as error:
        raise errors.InputError("a value is a number that JSON cannot represent", detail=type(error).__name__) from None


def _passwords_of(body: Any) -> list[str]:
    if not isinstance(body, dict):
        return []
    return [value for key, value in body.items() if key.lower().endswith("password") and isinstance(value, str)]


def _last_error(error: errors.DirectoryError, method: str, attempts: int, why: str) -> errors.DirectoryError:
    from .failures import last_error  # rule 8

    return last_error(error, method, attempts, why)
