# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log of requests to the API."""

from __future__ import annotations

import json
import threading
from typing import Any

from werkzeug.wrappers import Request

_SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie")


class RequestLog:
    """One entry per request, in the order of arrival. The status is None until a response is sent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[dict[str, Any]] = []
        self._number = 0

    def add(self, request: Request, path: str) -> dict[str, Any]:
        """Add a request."""
        text = request.get_data().decode("utf-8", "replace")
        entry = {
            "method": request.method, "path": path, "query": _query(request), "status": None,
            "text": text, "target": request.environ.get("RAW_URI", ""),
            "headers": {name: value for name, value in request.headers.items()
                        if name.lower() not in _SECRET_HEADERS},
            "connection": request.environ.get("REMOTE_PORT")}
        with self._lock:
            self._number += 1
            entry["number"] = self._number
            self._entries.append(entry)
        return entry

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def entries(self, start: int = 0) -> list[dict[str, Any]]:
        """Return a copy of the log, starting at an index, with parsed bodies."""
        with self._lock:
            entries = self._entries[start:]
        return [{**entry, "query": dict(entry["query"]), "headers": dict(entry["headers"]),
                 "body": _parsed(entry["text"])} for entry in entries]

    def clear(self) -> None:
        """Remove all entries. The numbering continues."""
        with self._lock:
            self._entries.clear()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _query(request: Request) -> dict[str, Any]:
    """Return the query. The value of a name that occurs more than once is a list."""
    return {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
