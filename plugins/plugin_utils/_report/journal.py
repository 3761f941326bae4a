# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Read the last run from a journal of p1_directory."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .._values import ReportError


@dataclass(frozen=True)
class Journal:
    """One run.

    :ivar header: the first line of the run.
    :ivar plan: the rows of the plan, each with ``state`` and, if it failed, ``reason`` and ``status``.
    :ivar drift: the rows of drift, each with ``class``.
    :ivar people: the users in the plan and the drift, see :class:`.people.People`.
    """

    header: dict[str, Any] = field(default_factory=dict)
    plan: list[dict[str, Any]] = field(default_factory=list)
    drift: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)


def read_journal(journal: str | Iterable[Any]) -> Journal:
    """Return the last run in a journal.

    The function skips truncated lines, which a killed run leaves behind, and ignores unknown states and keys.

    :param journal: the text of the journal, or its lines, as text or as dictionaries.
    :raises ReportError: the journal has no header line.
    """
    run = None
    for line in journal.splitlines() if isinstance(journal, str) else journal:
        entry = _parse_line(line)
        if entry is None:
            continue
        if "journal" in entry:
            run = _Run(entry)
        elif run is not None:
            run.take(entry)
    if run is None:
        raise ReportError("journal has no header line. Pass a journal that p1_directory wrote")
    return Journal(run.header, run.plan, run.drift, run.people)


def _parse_line(line: Any) -> dict[str, Any] | None:
    if isinstance(line, str):
        try:
            line = json.loads(line) if line.strip() else None
        except ValueError:
            return None
    return line if isinstance(line, dict) else None


class _Run:
    """Collect the rows of a run, line by line."""

    def __init__(self, header: dict[str, Any]) -> None:
        self.header = header
        self.plan: list[dict[str, Any]] = []
        self.drift: list[dict[str, Any]] = []
        self.people: list[dict[str, Any]] = []
        self._by_number: dict[Any, dict[str, Any]] = {}
        self._by_key: defaultdict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)

    def take(self, entry: dict[str, Any]) -> None:
        """Add a line: a row of drift, a person, a planned row, or the state of a planned row."""
        state = entry.get("state")
        if state == "drift":
            self.drift.append(entry)
        elif state == "person":
            self.people.append(entry)
        elif state == "planned":
            row = self._add(entry)
            if entry.get("row") is not None:
                self._by_number[entry["row"]] = row
            self._by_key[_row_key(entry)].append(row)
        elif state in ("started", "done", "failed"):
            # A step that changed while it was applied writes rows that were not planned.
            row = self._planned(entry) or self._add(entry)
            row["state"] = state
            row.update({name: entry[name] for name in ("id", "reason", "status") if entry.get(name) is not None})

    def _add(self, entry: dict[str, Any]) -> dict[str, Any]:
        row = {**entry, "state": "planned"}
        self.plan.append(row)
        return row

    def _planned(self, entry: dict[str, Any]) -> dict[str, Any] | None:
        """Return the planned row of a line: by its number, or else the first unfinished row with the same key; None if there is none."""
        row = self._by_number.get(entry["row"]) if entry.get("row") is not None else None
        if row is not None:
            return row
        return next((item for item in self._by_key[_row_key(entry)] if item["state"] in ("planned", "started")), None)


def _row_key(row: dict[str, Any]) -> tuple[Any, ...]:
    member = row.get("member") or {}
    name = member.get("name") or member.get("id")
    return row.get("operation"), row.get("kind"), row.get("key"), member.get("kind"), name
