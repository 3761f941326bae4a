# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stale reads, which do not show the latest writes."""

from __future__ import annotations

import threading
from typing import Any

Key = tuple[str, str]


class Staleness:
    """Stores the representations of resources from before writes, for a number of reads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Previous representation (None: the resource did not exist) and the number of reads that still show it.
        self._lists: dict[Key, tuple[dict[str, Any] | None, int]] = {}
        self._gets: dict[Key, tuple[dict[str, Any] | None, int]] = {}

    def clear(self) -> None:
        """Remove all stored representations."""
        with self._lock:
            self._lists.clear()
            self._gets.clear()

    def wrote(self, key: Key, before: dict[str, Any] | None, lists: int, gets: int) -> None:
        """Record a write to (kind, id): the previous representation, and how many reads of lists and by id still show it."""
        with self._lock:
            for reads, number in ((self._lists, lists), (self._gets, gets)):
                if number:
                    # A state that reads already show stays visible.
                    reads[key] = (reads[key][0] if key in reads else before, number)

    def listed(self, kind: str) -> dict[str, dict[str, Any] | None]:
        """Return the previous representations (or None) that a list of users or groups shows. Counts as one read."""
        with self._lock:
            shown = {}
            for key in [key for key in self._lists if key[0] == kind]:
                before, left = self._lists[key]
                shown[key[1]] = before
                if left > 1:
                    self._lists[key] = (before, left - 1)
                else:
                    del self._lists[key]
            return shown

    def got(self, key: Key) -> tuple[bool, dict[str, Any] | None]:
        """Return whether a read of (kind, id) shows a previous representation, and that representation. Counts as one read."""
        with self._lock:
            if key not in self._gets:
                return False, None
            before, left = self._gets[key]
            if left > 1:
                self._gets[key] = (before, left - 1)
            else:
                del self._gets[key]
            return True, before
