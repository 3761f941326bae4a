# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client on scripted answers, with a clock that advances only by sleeping."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

from requests.structures import CaseInsensitiveDict

from ansible_collections.pingone.directory.plugins.module_utils._service.client import DirectoryClient

BASE_URL = "https://directory.example.org/api"
API_KEY = "Kx7-the-api-key"


class Answer:
    """The part of a response of ``requests`` that the client uses."""

    def __init__(self, status: int = 200, body: Any = b"", headers: dict[str, str] | None = None) -> None:
        self.status_code = status
        self.headers = CaseInsensitiveDict(headers or {})
        if isinstance(body, str):
            body = body.encode()
        self.content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.raw = self

    def stream(self, _size: int, decode_content: bool) -> Iterator[bytes]:
        """As in urllib3."""
        assert not decode_content, "what is packed is unpacked within limits"
        yield self.content

    def close(self) -> None:
        """As in ``requests``."""


class Sent(NamedTuple):
    """One request as it was passed to the session."""

    method: str
    url: str
    data: bytes | None
    headers: dict[str, str]
    options: dict[str, Any]
    at: float

    @property
    def body(self) -> Any:
        return None if self.data is None else json.loads(self.data)


class Clock:
    """A clock that advances only by sleeping."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0, "no one sleeps for no time"
        self.slept.append(seconds)
        self.now += seconds


class Script:
    """A client that is its own session and returns scripted answers.

    :param answers: in order; an :class:`Answer`, a JSON value for a 200, a status, an exception to raise, or a
        callable that takes the request and returns one of these. The last one is repeated with ``forever``.
    """

    def __init__(self, *answers: Any, forever: bool = False, jitter: float = 1.0, **options: Any) -> None:
        self._answers = list(answers)
        self._forever = forever
        self._lock = threading.Lock()
        self.clock = options.pop("clock", None) or Clock()
        self.sent: list[Sent] = []
        self.client = DirectoryClient(
            options.pop("base_url", BASE_URL),
            options.pop("client_id", "the-client"),
            options.pop("api_key", API_KEY),
            clock=self.clock,
            sleep=self.clock.sleep,
            jitter=lambda: jitter,
            session=self,
            **options,
        )

    def request(self, method: str, url: str, data: Any = None, headers: Any = None, **options: Any) -> Answer:
        with self._lock:
            sent = Sent(method, url, data, headers, options, self.clock())
            self.sent.append(sent)
            assert self._answers, f"nothing was scripted for {method} {url}"
            answer = self._answers[0] if self._forever and len(self._answers) == 1 else self._answers.pop(0)
        while callable(answer):
            answer = answer(sent)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Answer):
            return answer
        return Answer(answer) if isinstance(answer, int) else Answer(200, answer)

    def close(self) -> None:
        pass

    @property
    def done(self) -> bool:
        """Return whether every answer was used."""
        return not self._answers


def listed(*ids: str, total: int | None = None, **more: Any) -> dict[str, Any]:
    """Return a list answer as recorded."""
    items = [{"id": item, "userName": item, "displayName": item} if isinstance(item, str) else item for item in ids]
    return {
        "count": len(items),
        "itemsPerPage": 0,
        "startIndex": 1,
        "schemas": [],
        "totalResults": len(items) if total is None else total,
        "resources": items,
        **more,
    }
