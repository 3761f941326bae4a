# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The journal of a run: the plan and the state of each change, as JSON lines."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.dates import now_text
from .files import file_error, open_private

if TYPE_CHECKING:
    from .._plan.directory.plan import DirectoryPlan


# A row of a plan in the form of results.
PlanRow = Mapping[str, Any]


class NoJournal:
    """A null object for runs that write no journal; its methods do nothing."""

    def begin(self, header: dict[str, Any], plan: DirectoryPlan) -> None:
        """Do nothing."""

    def row(self, state: str, number: int, row: PlanRow, **extra: Any) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Journal(NoJournal):
    """JSON lines: a header, all planned rows, the drift, the people, then the state of each row. Each line is flushed.

    ``started`` is written before the first request of a row. If a row is started but neither done nor failed, the run ended
    while the row was being applied. Several threads can write rows.

    :raises DirectoryError: the file cannot be written. If this happens at the start, no request has been sent; later, the
        error is fatal.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            self._file = os.fdopen(open_private(path), "w", encoding="utf-8", errors="backslashreplace")
        except (OSError, errors.InputError) as error:
            raise errors.DirectoryError(f"the journal {path} cannot be written: {file_error(error)}") from error

    def begin(self, header: dict[str, Any], plan: DirectoryPlan) -> None:
        """Write the header, the rows of the plan, the drift, and the people in both."""
        self._write({"journal": 1, "time": now_text("milliseconds"), **header})
        for number, row in enumerate(plan.rows()):
            self._write({"state": "planned", "row": number, **row}, flush=False)
        for drift_class, rows in plan.drift.items():
            for drifted in rows:
                self._write({"state": "drift", "class": drift_class, **drifted}, flush=False)
        for person in plan.people(chain(plan.rows(), *plan.drift.values())):
            self._write({"state": "person", **person}, flush=False)
        self._flush()

    def row(self, state: str, number: int, row: PlanRow, **extra: Any) -> None:
        """Write the state of a planned row.

        :param number: the number of the row in the plan, because objects with the same name can have identical rows.
        :param extra: additional keys; None values are omitted.
        """
        given = {name: value for name, value in extra.items() if value is not None}
        self._write(
            {
                "state": state,
                "row": number,
                "time": now_text("milliseconds"),
                **{name: row[name] for name in row if name != "changes"},
                **given,
            }
        )

    def _write(self, line: dict[str, Any], flush: bool = True) -> None:
        text = json.dumps(line, ensure_ascii=False, default=str)
        with self._lock:
            try:
                self._file.write(text + "\n")
                if flush:
                    self._file.flush()
            except (OSError, ValueError) as error:
                raise self._failure(error) from error

    def _flush(self) -> None:
        with self._lock:
            try:
                self._file.flush()
            except OSError as error:
                raise self._failure(error) from error

    def _failure(self, error: Exception) -> errors.DirectoryError:
        reason = getattr(error, "strerror", None) or "it is closed"
        return errors.DirectoryError(f"the journal {self._path} cannot be written: {reason}", fatal=True)

    def close(self) -> None:
        """Close the file."""
        try:
            self._file.close()
        except OSError:
            pass  # already reported, because every line is flushed when it is written
