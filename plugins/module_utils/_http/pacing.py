# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Pacing: decide when the next request can be sent, and count requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

BACKOFF_FIRST = 0.5  # seconds
BACKOFF_CAP = 30.0  # seconds

_NAP = 0.2  # seconds after which a waiting request checks for a stop


class Pacer:
    """The rate limit, the back-off and the stop that all threads of a client share.

    :param max_requests_per_second: the rate limit of the client, or None for no limit.
    :param sleep: a function that replaces the wait of a number of seconds, or None to wait until the time is over or
        :meth:`stop` is called.
    """

    def __init__(
        self,
        max_requests_per_second: float | None,
        clock: Callable[[], float],
        sleep: Callable[[float], None] | None,
        jitter: Callable[[], float],
    ) -> None:
        self.clock = clock
        self.sleep = sleep if sleep is not None else self._sleep
        self.stopped = False
        self.throttled_seconds = 0.0
        self._jitter = jitter
        self._interval = 1.0 / max_requests_per_second if max_requests_per_second else 0.0
        self._lock = threading.Lock()
        self._next_slot = clock()
        self._resume_at = clock()

    def stop(self) -> None:
        """End all waits and retries. Requests in progress fail with their last error, if any.

        Requests that do not have to wait are still sent, because they belong to a change in progress. A signal handler can
        call this method, so it acquires no lock.
        """
        self.stopped = True

    def wait_for_turn(self, again: bool = False) -> bool:
        """Wait until this request can be sent: after the common back-off, and within the rate limit.

        :param again: whether the request is a retry.
        :returns: False if the request must not be sent because of a stop.
        """
        slot = None
        while True:
            with self._lock:
                now = self.clock()
                wait = self._resume_at - now
                if wait > 0:
                    slot = None  # after such a wait, all reserved slots have passed, so the request reserves a new one
                else:
                    if slot is None:
                        slot = max(now, self._next_slot)
                        self._next_slot = slot + self._interval
                    wait = slot - now
                    if wait <= 0:
                        return not (again and self.stopped)
            if self.stopped:
                return False
            self.sleep(wait)

    def _sleep(self, seconds: float) -> None:
        """Wait until the time is over or a stop.

        Uses short sleeps instead of a ``threading.Event``: a signal handler interrupts the code of its thread, and if that
        code holds the lock of the event, setting the event would block forever.
        """
        until = time.monotonic() + seconds
        while not self.stopped:
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, _NAP))

    def throttle(self, now: float, until: float) -> None:
        """Delay the requests of all threads until ``until`` after a 429. A common wait is counted once."""
        with self._lock:
            if until > self._resume_at:
                self.throttled_seconds += until - max(now, self._resume_at)
                self._resume_at = until

    def delay(self, attempts: int, asked: float | None) -> float:
        """Return the seconds to wait after a number of attempts: as the service requests, or else an increasing back-off."""
        if asked is not None and asked >= 0.1:
            return asked
        # Zero or a past date would cause a busy loop, so it is ignored.
        backoff: float = min(BACKOFF_CAP, BACKOFF_FIRST * 2 ** min(attempts - 1, 10))
        return backoff * (0.5 + self._jitter() / 2)
