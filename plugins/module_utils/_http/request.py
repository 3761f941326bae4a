# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""One request with its retries, and counts of all of them."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from .._core.errors import AnswerTimeoutError, DirectoryError, InputError, RateLimitError, StoppedError
from .answers import READ_VERBS, Attempt, Request, attempt_of_reply
from .credentials import basic_credentials, proxy_secrets
from .pacing import Pacer
from .transport import Transport, requests
from .url import with_query

USER_AGENT = "ansible-pingone.directory/1.0.0"

MAX_WAIT = 86400  # seconds; sockets accept at most some weeks

Client = TypeVar("Client", bound="HttpClient")


class HttpClient:
    """One host: authentication, retries, pacing, and counts of all of it.

    Safe to share between threads. Raises only :class:`DirectoryError`.

    :param base_url: as :func:`resolve_base_url` returns it.
    :param client_id: user of the Basic authentication.
    :param api_key: its password.
    :param timeout: seconds for the answer to one request, the last byte of it included.
    :param retry_timeout: seconds for all the retries of one request together; may be lowered at any time.
    :param verify: True, False, or the path of a CA bundle.
    :param max_requests_per_second: own pacing; None: none.
    :param connections: how many requests may be under way at once.
    :param sleep: waits so many seconds; None: really, and no longer than until :meth:`stop`.
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
                raise InputError(f"{name} must be at most {MAX_WAIT} seconds, which is a day")
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
        """The ``api`` value of a module's result."""
        return {
            "reads": self.reads,
            "writes": self.writes,
            "retries": self.retries,
            "throttled_seconds": round(self._pacer.throttled_seconds, 3),
        }

    @property
    def stopped(self) -> bool:
        """Whether :meth:`stop` was called."""
        return self._pacer.stopped

    def stop(self) -> None:
        """End all waits and retries; running requests end with the error that they have met, if any.

        A request that need not wait is still sent: it belongs to a change that has begun. May be called by a signal
        handler.
        """
        self._pacer.stop()

    def sleep(self, seconds: float) -> None:
        """Wait, but no longer than until a stop."""
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
        """Send one request, retried as its verb allows, and return the decoded answer (None: it has no body).

        429 is retried for every verb: it says that nothing was done. Other failures of servers and answers
        that never came are retried where carrying the request out twice is harmless: GET, PUT, DELETE
        and PATCH (rule 16). A POST is repeated only where it certainly never left.

        :param path: what follows the base URL, percent-encoded.
        :param query: the parameters of the URL, not encoded yet.
        :param body: sent as JSON; None: no body.
        :param headers: headers to send beside our own.
        :param raise_timeout: do not repeat after a timeout: raise the :class:`AnswerTimeoutError` itself.
        :param framed: take an empty answer for lost unless it says that it is empty.
        :raises InputError: it cannot be put into a request; nothing was sent.
        :raises RefusedError: the service refused it; its kinds distinguish 401, 404, 409, 412 and 413.
        :raises RateLimitError: 429 for longer than ``retry_timeout`` allows.
        :raises ServerError: 5xx that outlasted the retries; ``uncertain`` if the request may have been carried out.
        :raises TransportError: there was no answer within the retries; ``uncertain`` likewise.
        :raises LostAnswerError: a POST may have been carried out, and its answer is not known.
        :raises ProtocolError: the answer is no JSON.
        :raises StoppedError: it was not sent, because of :meth:`stop`.
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
                raise StoppedError(f"{request} was not attempted, because the run was stopped")
            attempts += 1
            self._count(method, attempts)
            attempt = self._attempt(request)
            if attempt.error is None:
                return attempt.answer
            error = attempt.error.replace(repeated=attempts > 1)
            attempt = attempt._replace(error=error)
            if not attempt.retriable or (raise_timeout and isinstance(error, AnswerTimeoutError)):
                raise error
            first_failure = first_failure or self.clock()
            self._wait_to_retry(method, attempt, error, attempts, first_failure)

    def _wait_to_retry(self, method: str, attempt: Attempt, error: DirectoryError, attempts: int, first_failure: float) -> None:
        """Wait before the next attempt, or raise the last error if no further attempt is allowed."""
        now = self.clock()
        delay = self._pacer.delay(attempts, attempt.wait)
        if self.stopped:
            raise _last_error(error, method, attempts, "the run was stopped")
        # Computed each time, because retry_timeout may have been lowered in between.
        if attempt.patience is not None and self.retry_timeout > attempt.patience < now + delay - first_failure:
            raise _last_error(error, method, attempts, "nothing at this address has answered so far")
        if now + delay > first_failure + self.retry_timeout:
            asked = f"the service asks to wait {attempt.wait:.0f} s more; " if attempt.wait else ""
            raise _last_error(error, method, attempts, f"{asked}retry_timeout does not allow another attempt")
        if isinstance(error, RateLimitError):
            self._pacer.throttle(now, now + delay)  # the request then waits in the queue
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
    """Return the JSON of a request body, in ASCII.

    An account can hold half of a surrogate pair, which is no text in UTF-8. Escaped it goes back as it was read, so
    that the account can still be updated and disabled; a desired value of that kind is refused where it is read.

    :raises InputError: it holds a number that JSON does not know.
    """
    try:
        return json.dumps(body, allow_nan=False).encode("ascii")
    except ValueError as error:
        raise InputError("a value is a number that JSON cannot represent", detail=type(error).__name__) from None


def _passwords_of(body: Any) -> list[str]:
    if not isinstance(body, dict):
        return []
    return [value for key, value in body.items() if key.lower().endswith("password") and isinstance(value, str)]


def _last_error(error: DirectoryError, method: str, attempts: int, why: str) -> DirectoryError:
    from .failures import last_error  # rule 8

    return last_error(error, method, attempts, why)
