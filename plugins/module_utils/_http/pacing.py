# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Pacing: when the next request may leave, and how many there were."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

BACKOFF_FIRST = 0.5  # seconds
BACKOFF_CAP = 30.0  # seconds

_NAP = 0.2  # seconds after which a waiting request notices a stop


class Pacer:
    """The pace, the back-off and the stop that all threads of a client share.

    :param max_requests_per_second: own pacing; None: none.
    :param sleep: waits so many seconds; None: really, and no longer than until :meth:`stop`.
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
        """End all waits and retries; running requests end with the error that they have met, if any.

        A request that need not wait is still sent: it belongs to a change that has begun. May be called by a signal
        handler, so it takes no lock.
        """
        self.stopped = True

    def wait_for_turn(self, again: bool = False) -> bool:
        """Wait until this request may leave: after a common back-off, and no faster than the pace.

        :param again: it was sent before.
        :returns: False if the request must not be sent because of a stop.
        """
        slot = None
        while True:
            with self._lock:
                now = self.clock()
                wait = self._resume_at - now
                if wait > 0:
                    slot = None  # a request that waits this long returns its slot, because all slots are due by then
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
        """Wait, but no longer than until a stop.

        In naps, not for a ``threading.Event``: a signal handler runs in the midst of what its thread is doing, and if
        that is to hold the lock of the event, setting it would wait forever.
        """
        until = time.monotonic() + seconds
        while not self.stopped:
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, _NAP))

    def throttle(self, now: float, until: float) -> None:
        """One 429 slows all threads: none sends before ``until``. Waiting together is counted once."""
        with self._lock:
            if until > self._resume_at:
                self.throttled_seconds += until - max(now, self._resume_at)
                self._resume_at = until

    def delay(self, attempts: int, asked: float | None) -> float:
        """Return the seconds to wait after so many attempts: what the service asks for, else longer each time."""
        if asked is not None and asked >= 0.1:
            return asked
        # Zero or a past date would cause a busy loop, so it counts as no Retry-After.
        backoff: float = min(BACKOFF_CAP, BACKOFF_FIRST * 2 ** min(attempts - 1, 10))
        return backoff * (0.5 + self._jitter() / 2)
