# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP server: threads, persistent connections, optional TLS."""

from __future__ import annotations

import io
import selectors
import socket
import socketserver
import ssl
import sys
import threading
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response

from .errors import ConnectionDropped

# Key in the WSGI environment for a dict; its "truncate" requests that only half of the body is sent.
WIRE = "emulator.wire"


class Handler(WSGIRequestHandler):
    """Answers the requests on one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    environ: dict[str, Any] = {}

    def run_wsgi(self) -> None:
        """Answer one request. The inherited method would close the connection after each request."""
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        self.environ = self.make_environ()
        wire = self.environ[WIRE] = {}
        try:
            self.environ["wsgi.input"] = io.BytesIO(self._request_body())
        except (OSError, ValueError):
            # The client disconnected, or does not speak HTTP.
            self.close_connection = True
            return
        try:
            response = Response.from_app(self.server.app, self.environ, buffered=True)
        except ConnectionDropped:
            self.close_connection = True
            return
        try:
            if "interim" in wire:
                self.wfile.write(b"HTTP/1.1 %d Interim\r\n\r\n" % wire["interim"])
            self._answer(response, response.get_data(), wire.get("truncate", False))
        except OSError:
            self.close_connection = True

    def _request_body(self) -> bytes:
        """Read the whole body, so that the next request can follow on the connection."""
        if self.environ.get("wsgi.input_terminated"):
            self.environ.pop("HTTP_TRANSFER_ENCODING")
            body = self.environ["wsgi.input"].readall()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.environ["CONTENT_LENGTH"] = str(len(body))
        return body

    def _answer(self, response: Response, body: bytes, truncate: bool) -> None:
        if truncate:
            self.close_connection = True
        status = response.status_code
        self.send_response(status, response.status[4:])
        for name, value in response.headers:
            if name.lower() not in ("content-length", "connection"):
                self.send_header(name, value)
        if status != 204:
            length = response.content_length if self.command == "HEAD" else len(body)
            self.send_header("Content-Length", str(length or 0))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body[:len(body) // 2] if truncate else body)
        self.wfile.flush()

    def log(self, type: str, message: str, *args: Any) -> None:  # pylint: disable=redefined-builtin
        """Print nothing."""


class Server(ThreadedWSGIServer):
    """A server with one thread per connection."""

    daemon_threads = True

    def __init__(self, host: str, port: int, app: Any, tls: ssl.SSLContext | None) -> None:
        self._open: set[Any] = set()
        self._changed = threading.Condition()
        self._end, self._ends = socket.socketpair()
        self._ended = threading.Event()
        super().__init__(host, port, app, Handler)
        # The thread of the connection performs the handshake; see finish_request.
        self.ssl_context = tls

    def server_bind(self) -> None:
        """Bind without a DNS lookup for the host name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name = self.host
        self.server_port = self.server_address[1]

    def serve_forever(self, poll_interval: float = 0.0) -> None:
        """Accept connections until stop(), of which a socket informs this method. The inherited method would poll for it."""
        with self._end, self._ends, selectors.DefaultSelector() as selector:
            for source in (self.socket, self._end):
                selector.register(source, selectors.EVENT_READ)
            while self._end not in (key.fileobj for key, _events in selector.select()):
                self._handle_request_noblock()
            self._ended.set()
        self.server_close()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection."""
        with self._changed:
            self._open.add(request)
        connection = request
        try:
            if self.ssl_context is not None:
                connection = self._encrypted(request)
            if connection is not None:
                super().finish_request(connection, client_address)
        finally:
            if connection not in (request, None):
                self.shutdown_request(connection)
            with self._changed:
                self._open -= {request, connection}
                self._changed.notify_all()

    def _encrypted(self, request: Any) -> Any:
        """Return the connection with TLS, or None if the handshake failed."""
        try:
            connection = self.ssl_context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        except (OSError, ValueError):
            return None
        with self._changed:
            self._open.add(connection)
        try:
            connection.do_handshake()
            return connection
        except (OSError, ValueError):
            with self._changed:
                self._open.discard(connection)
            connection.close()
            return None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print the traceback of an error, unless the client disconnected."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, ssl.SSLError)):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Stop listening, close all connections, and wait briefly for their threads."""
        self._ends.send(b" ")
        self._ended.wait()
        with self._changed:
            connections = list(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        with self._changed:
            self._changed.wait_for(lambda: not self._open, timeout=5)
