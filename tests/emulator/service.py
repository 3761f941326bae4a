# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The directory service as a whole: server, settings, faults and log."""

from __future__ import annotations

import functools
import ipaddress
import math
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import Any

from flask import Flask, request
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Request, Response

from .api import add_api, error_response, json_response
from .attributes import GROUP, USER
from .control import add_control
from .directory import Directory
from .errors import ConnectionDropped
from .faults import Fault, Faults
from .representations import Renderer, dump
from .requestlog import RequestLog
from .seeding import seed
from .server import WIRE, Server
from .settings import Settings
from .staleness import Staleness
from .store import Store

CLIENT_ID = "demo-client"
API_KEY = "demo-key"
_ROOT = "/api"
_SERVICE = "emulator.service"  # key in the WSGI environment
_GATEWAY_PAGE = ("<html><head><title>502 Bad Gateway</title></head>"
                 "<body><h1>502 Bad Gateway</h1><p>The gateway got no answer.</p></body></html>")

Hook = Callable[["DirectoryService", str, str, str], None]


class DirectoryService:
    """A directory service on this machine. Use it as a context manager, or call start() and stop()."""

    def __init__(self, settings: Settings | None = None, database: str = ":memory:", tls: Any = None,
                 host: str = "127.0.0.1", port: int = 0, client_id: str = CLIENT_ID, api_key: str = API_KEY) -> None:
        _demand_loopback(host)
        self.settings = settings or Settings()
        self.client_id = client_id
        self.api_key = api_key
        self.base_url = ""
        self.store = Store(database, self.settings.id_type == "number")
        self._host = host
        self._port = port
        self._tls = _tls_context(tls)
        self._log = RequestLog()
        self._faults = Faults()
        self._staleness = Staleness()
        self._hooks: list[Hook] = []
        self._recent: deque[float] = deque()
        self._recent_lock = threading.Lock()
        self._stopping = threading.Event()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    # Start and stop

    def start(self) -> DirectoryService:
        """Listen at base_url."""
        self._server = Server(self._host, self._port, self._respond, self._tls)
        host = "[%s]" % self._host if ":" in self._host else self._host
        self.base_url = "%s://%s:%d%s" % ("https" if self._tls else "http", host, self._server.port, _ROOT)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening, end hanging requests, and close the store."""
        self._stopping.set()
        if self._server and self._thread:
            self._server.stop()
            self._thread.join()
            self._server = None
        self.store.close()

    def __enter__(self) -> DirectoryService:
        return self.start()

    def __exit__(self, *error: Any) -> None:
        self.stop()

    # Functions for tests

    def configure(self, **changes: Any) -> None:
        """Change switches. Raise ValueError for an unknown name or value."""
        self.settings = self.settings.changed(changes)
        self.store.number_ids = self.settings.id_type == "number"

    @property
    def log(self) -> list[dict[str, Any]]:
        """Return the log of requests to the API."""
        return self._log.entries()

    @property
    def logged(self) -> int:
        """Return the number of requests to the API."""
        return len(self._log)

    def log_from(self, start: int) -> list[dict[str, Any]]:
        """Return the log, starting at an index."""
        return self._log.entries(start)

    def writes(self) -> list[dict[str, Any]]:
        """Return the log without reads."""
        return [entry for entry in self.log if entry["method"] not in ("GET", "HEAD")]

    def clear_log(self) -> None:
        """Clear the log."""
        self._log.clear()

    def dump(self) -> dict[str, Any]:
        """Return all users, groups, mails and passwords."""
        stored = {"member_type": "lower", "member_ids": "as_is", "id_type": "text"}
        return dump(self.store, Renderer(self.store, self.settings.changed(stored), self.base_url))

    def seed(self, users: Iterable[dict[str, Any]] = (), groups: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
        """Add users and groups directly to the store, and return their ids by name."""
        return seed(self.store, users, groups)

    def add_fault(self, **fault: Any) -> None:
        """Add a fault; see faults.Fault. Raise ValueError if it is invalid."""
        self._faults.add(**fault)

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    @property
    def faults(self) -> list[dict[str, Any]]:
        """Return the remaining faults."""
        return self._faults.pending()

    @property
    def is_fresh(self) -> bool:
        """Return whether the account is still new, that is, no user was added."""
        return self.store.count(USER) == 1 and self.store.count(GROUP) == 2

    def on_request(self, hook: Hook) -> Hook:
        """Call hook(service, method, path, phase) before and after the processing of each API request."""
        self._hooks.append(hook)
        return hook

    def clear_hooks(self) -> None:
        """Remove all hooks."""
        self._hooks.clear()

    def reset(self, settings: Settings | None = None) -> None:
        """Reset to a new account, with the given or the default settings."""
        self.settings = settings or Settings()
        self.store.number_ids = self.settings.id_type == "number"
        self._staleness.clear()
        self._faults.clear()
        self._hooks.clear()
        self._log.clear()
        with self._recent_lock:
            self._recent.clear()
        self.store.reset()

    # Functions for the API

    def directory(self) -> Directory:
        """Return the operations under the current settings."""
        return Directory(self.store, self.settings, self._staleness, self.base_url)

    # Processing of one request

    def _respond(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[_SERVICE] = self
        if not environ["PATH_INFO"].startswith(_ROOT + "/"):
            return _application()(environ, start_response)
        received = Request(environ)
        received.get_data()
        path = received.path[len(_ROOT):]
        entry = self._log.add(received, path)
        response = self._answer(received, path)
        settings = self.settings
        if settings.byte_order_mark == "yes" and response.mimetype == "application/json" and response.get_data():
            response.set_data(b"\xef\xbb\xbf" + response.get_data())
        if settings.interim_answers != "none":
            environ[WIRE]["interim"] = int(settings.interim_answers)
        entry["status"] = response.status_code
        return response(environ, start_response)

    def _answer(self, received: Request, path: str) -> Response:
        settings = self.settings
        fault = self._faults.take(received.method, path)
        if settings.latency_ms:
            self._stopping.wait(settings.latency_ms / 1000)
        if fault:
            if fault.kind == "delay":
                self._stopping.wait(fault.seconds)
            elif fault.kind == "drop_before":
                raise ConnectionDropped()
            elif not fault.after and fault.kind not in ("drop_after", "truncate"):
                return self._fail(fault, settings)
        if settings.rate_limit and not self._within_rate(settings.rate_limit):
            return _too_many(settings)
        response = self._work(received, path)
        if fault and fault.kind == "drop_after":
            raise ConnectionDropped()
        if fault and fault.kind == "truncate":
            received.environ[WIRE]["truncate"] = True
        elif fault and fault.kind != "delay":
            return self._fail(fault, settings)
        return response

    def _work(self, received: Request, path: str) -> Response:
        for hook in list(self._hooks):
            hook(self, received.method, path, "before")
        environ = dict(received.environ)
        environ["wsgi.input"].seek(0)
        response = Response.from_app(_application(), environ, buffered=True)
        for hook in list(self._hooks):
            hook(self, received.method, path, "after")
        return response

    def _fail(self, fault: Fault, settings: Settings) -> Response:
        if fault.kind == "hang":
            self._stopping.wait(fault.seconds)
            raise ConnectionDropped()
        status = fault.status or 500
        if fault.kind == "html":
            return Response(_GATEWAY_PAGE if fault.body is None else fault.body, status=status, headers=fault.headers,
                            content_type="text/html")
        if fault.kind == "redirect":
            return Response("", status=status, headers={**fault.headers, "Location": fault.location})
        if fault.body is None:
            return error_response(settings, status, "Fault on demand", fault.headers)
        if isinstance(fault.body, str):
            return Response(fault.body, status=status, headers={"Content-Type": "text/plain", **fault.headers})
        return json_response(fault.body, status, fault.headers)

    def _within_rate(self, limit: int) -> bool:
        """Return whether the rate limit allows one more request."""
        now = time.monotonic()
        with self._recent_lock:
            while self._recent and self._recent[0] <= now - 1:
                self._recent.popleft()
            if len(self._recent) >= limit:
                return False
            self._recent.append(now)
            return True


@functools.cache
def _application() -> Flask:
    """Return the application of all services in this process. Compiling its paths takes 10 ms, and tests start thousands."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.url_map.merge_slashes = False
    asked: Any = LocalProxy(lambda: request.environ[_SERVICE])
    add_api(app, asked)
    add_control(app, asked)
    return app


def _too_many(settings: Settings) -> Response:
    headers = {}
    if settings.retry_after == "seconds":
        headers["Retry-After"] = "1"
    elif settings.retry_after == "date":
        headers["Retry-After"] = formatdate(math.ceil(time.time()) + 1, usegmt=True)
    return error_response(settings, 429, "Too many requests", headers)


def _demand_loopback(host: str) -> None:
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise ValueError("the emulator listens on loopback addresses only, not on %s" % host)


def _tls_context(tls: Any) -> ssl.SSLContext | None:
    if tls is None or isinstance(tls, ssl.SSLContext):
        return tls
    certificate, key = tls
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
