# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on demand."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = ("status", "delay", "hang", "drop_before", "drop_after", "truncate", "html", "redirect")


@dataclass
class Fault:
    """A fault: its kind, the requests that it affects, and how often."""

    kind: str
    method: str = "*"  # method of the request; * matches any
    path: str = ""  # prefix of the path below /api, or a regular expression that is searched for in the path
    times: int | None = 1  # number of requests to affect; None means until the faults are cleared
    skip: int = 0  # number of matching requests that succeed first
    after: bool = False  # for status, html, redirect and hang: process the request first
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None  # text or a JSON value; None is the default body of an error
    seconds: float | None = None  # for delay and hang; None hangs until the service stops
    location: str = ""  # target of a redirect

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError("unknown kind of fault: %s (one of %s)" % (self.kind, ", ".join(KINDS)))
        if self.kind == "status" and self.status is None:
            raise ValueError("a status fault needs a status")
        if self.kind == "redirect" and not self.location:
            raise ValueError("a redirect fault needs a location")
        if self.kind == "delay" and self.seconds is None:
            raise ValueError("a delay fault needs seconds")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be at least 1, or none for ever")
        if self.status is None:
            self.status = {"html": 502, "redirect": 302}.get(self.kind)
        self.method = self.method.upper()
        try:
            self._pattern = re.compile(self.path)
        except re.error as error:
            raise ValueError("invalid path: %s" % error) from error

    def fits(self, method: str, path: str) -> bool:
        """Return whether the fault matches a request."""
        if self.method not in ("*", method):
            return False
        return path.startswith(self.path) or bool(self._pattern.search(path))


class Faults:
    """The active faults. Each request takes the first matching fault."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, **values: Any) -> None:
        """Add a fault. Raise ValueError if it is invalid."""
        try:
            fault = Fault(**values)
        except TypeError as error:
            raise ValueError("invalid fault: %s" % error) from error
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()

    def pending(self) -> list[dict[str, Any]]:
        """Return the remaining faults."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault for a request and count it, or return None."""
        with self._lock:
            for fault in self._faults:
                if not fault.fits(method, path):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if not fault.times:
                        self._faults.remove(fault)
                return fault
        return None
