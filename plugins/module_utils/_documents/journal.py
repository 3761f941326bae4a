# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The journal of a run: JSON lines of what was planned and what became of it."""

from __future__ import annotations

import json
import os
import threading

from .._core.dates import now_text
from .._core.errors import DirectoryError, InputError
from .files import file_error, open_private


class NoJournal:
    """For runs that keep none."""

    def begin(self, header, plan):
        """Nothing."""

    def row(self, state, row, planned=None, **extra):
        """Nothing."""

    def close(self):
        """Nothing."""


class Journal(NoJournal):
    """JSON lines, each flushed as it is written: a header, every planned row, the drift, then what happened.

    ``started`` stands before the first request of a row: what was started and is neither done nor failed was
    under way when the run ended.

    :raises DirectoryError: the file cannot be written; nothing has been sent then.
    """

    def __init__(self, path):
        self.path = path
        self._lock = threading.Lock()
        self._numbers: dict[int, int] = {}
        try:
            self._file = os.fdopen(open_private(path), "w", encoding="utf-8", errors="backslashreplace")
        except (OSError, InputError) as error:
            raise DirectoryError(f"the journal {path} cannot be written: {file_error(error)}") from error

    def begin(self, header, plan):
        self._write({"journal": 1, "time": now_text("milliseconds"), **header})
        for number, row in enumerate(plan.rows()):
            # By the row itself: two objects of one name have rows that look alike.
            self._numbers[id(row)] = number
            self._write({"state": "planned", "row": number, **row}, flush=False)
        for drift_class, rows in plan.drift.items():
            for row in rows:
                self._write({"state": "drift", "class": drift_class, **row}, flush=False)
        self._flush()

    def row(self, state, row, planned=None, **extra):
        """Tell what became of a planned row.

        :param planned: the row as it was planned, where what is told is a part of it.
        """
        told = {name: value for name, value in extra.items() if value is not None}
        self._write(
            {
                "state": state,
                "row": self._numbers.get(id(planned if planned is not None else row)),
                "time": now_text("milliseconds"),
                **{name: row[name] for name in row if name != "changes"},
                **told,
            }
        )

    def _write(self, line, flush=True):
        text = json.dumps(line, ensure_ascii=False, default=str)
        with self._lock:
            try:
                self._file.write(text + "\n")
                if flush:
                    self._file.flush()
            except (OSError, ValueError) as error:
                raise self._failure(error) from error

    def _flush(self):
        with self._lock:
            try:
                self._file.flush()
            except OSError as error:
                raise self._failure(error) from error

    def _failure(self, error):
        reason = getattr(error, "strerror", None) or "it is closed"
        return DirectoryError(f"the journal {self.path} cannot be written: {reason}", fatal=True)

    def close(self):
        try:
            self._file.close()
        except OSError:
            pass  # told already: every line is flushed as it is written
