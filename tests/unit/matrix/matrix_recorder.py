# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A listener for the tests of proxies and redirects that records everything it receives."""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import threading


class Recorder:
    """A listener that records every byte and sends no answer, or is a proxy.

    :param tunnel_to: the target of every tunnel, for any requested host; None: no tunnels.
    :param refusals: the answers to the first requests for a tunnel, byte for byte.
    """

    def __init__(self, tunnel_to=None, refusals=()):
        recorded = self.recorded = []
        refusals = list(refusals)

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                head = b""
                while b"\r\n\r\n" not in head:
                    part = self.request.recv(65536)
                    if not part:
                        return
                    head += part
                recorded.append(head)
                if tunnel_to is None or not head.startswith(b"CONNECT "):
                    self.request.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                    return
                if refusals:
                    self.request.sendall(refusals.pop(0))
                    return
                self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                with socket.create_connection(tunnel_to) as onward, contextlib.suppress(OSError):
                    pairs = {self.request: onward, onward: self.request}
                    while True:
                        for source in select.select(list(pairs), [], [], 10)[0]:
                            part = source.recv(65536)
                            if not part:
                                return
                            if source is not onward:
                                recorded.append(part)
                            pairs[source].sendall(part)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def asked(self):
        """Return how many tunnels were requested."""
        return sum(part.startswith(b"CONNECT ") for part in self.recorded)

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        self.server.shutdown()
        self.server.server_close()
