# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the client on a real socket, together with requests."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import threading
import time

import pytest
from scripted_client import Clock

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import (
    AnswerTimeoutError,
    LostAnswerError,
    ProtocolError,
    RefusedError,
    TransportError,
)
from ansible_collections.pingone.directory.plugins.module_utils._service.client import DirectoryClient

OK = {"id": "id-1", "userName": "ann"}


class Wire:
    """Answer the requests of each connection with the next bytes of a script, then close the connection."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.received = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while self.answers:
            try:
                connection, unused = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection, connection.makefile("rb") as stream:
                while self.answers:
                    request = self._read(stream)
                    if request is None:
                        break
                    self.received.append(request)
                    answer, stays = self.answers.pop(0)
                    try:
                        for part in [answer] if isinstance(answer, bytes) else answer:
                            connection.sendall(part)
                    except OSError:
                        break  # The client has closed the connection.
                    if not stays:
                        break

    @staticmethod
    def _read(stream):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                return None
            head += line
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, unused, value in (line.partition(": ") for line in lines[1:] if line)}
        return lines[0], headers, stream.read(int(headers.get("content-length", 0)))

    def client(self, **options):
        clock = Clock()
        return DirectoryClient(
            f"http://127.0.0.1:{self.port}/api",
            options.pop("client_id", "clïent"),
            options.pop("api_key", "kéy"),
            clock=clock,
            sleep=clock.sleep,
            **{"timeout": 10, "retry_timeout": 3, **options},
        )

    def close(self):
        self.answers = []
        self.listener.close()


@pytest.fixture
def wire():
    servers = []

    def serve(*answers):
        servers.append(Wire(*answers))
        return servers[-1]

    yield serve
    for server in servers:
        server.close()


def http(body=b"", status="200 OK", stays=True, length=None, **headers):
    body = json.dumps(body).encode() if not isinstance(body, bytes) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body, stays


def test_request_as_received(wire):
    server = wire(http(OK), http(OK))
    with server.client() as client:
        client.search("user", 'userName eq "ä+ß&\\"x"')
        client.create("user", {"userName": "ä"}, "a b")
    (read, read_headers, empty_result), (write, write_headers, body) = server.received
    assert read == "GET /api/directory/user?filter=userName%20eq%20%22%C3%A4%2B%C3%9F%26%5C%22x%22 HTTP/1.1"
    assert write == "POST /api/directory/user?option=a%20b HTTP/1.1"
    for headers in (read_headers, write_headers):
        assert headers["authorization"] == "Basic " + base64.b64encode("clïent:kéy".encode()).decode()
        assert headers["accept"] == "application/json"
        assert headers["user-agent"].startswith("ansible-pingone.directory/")
    assert empty_result == b""
    assert write_headers["content-type"] == "application/json"
    assert json.loads(body.decode("utf-8")) == {"userName": "ä"}


@pytest.mark.parametrize("interim", [[100], [102], [103], [102, 103, 100, 102]])
def test_an_interim_response_is_skipped(wire, interim):
    before = b"".join(b"HTTP/1.1 %d X\r\nLink: </a.css>\r\n\r\n" % status for status in interim)
    answer, stays = http(OK)
    server = wire((before + answer, stays), (before + answer, stays))
    with server.client() as client:
        assert client.get("user", "id-1") == client.get("user", "id-1") == OK
    assert server.connections == 1


def test_a_task_uses_one_connection(wire):
    server = wire(http(OK), http(OK), http(OK))
    with server.client() as client:
        for _unused in range(3):
            client.get("user", "id-1")
    assert server.connections == 1


def test_the_environment_does_not_replace_the_credentials(wire, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server = wire(http(OK))
    with server.client() as client:
        assert client.get("user", "id-1") == OK
    assert base64.b64decode(server.received[0][1]["authorization"][6:]) == "clïent:kéy".encode()


def test_a_redirect_does_not_receive_the_credentials(wire):
    elsewhere = wire(http(OK))
    server = wire(http(status="307 Temporary Redirect", Location=f"http://127.0.0.1:{elsewhere.port}/api"))
    with server.client() as client, pytest.raises(RefusedError, match="redirect"):
        client.get("user", "id-1")
    assert elsewhere.received == []


def test_cookies_are_not_stored(wire):
    server = wire(http(OK, Set_Cookie="session=1; Path=/"), http(OK))
    with server.client() as client:
        client.get("user", "id-1")
        client.get("user", "id-1")
    assert "cookie" not in server.received[1][1]


@pytest.mark.parametrize(
    "broken",
    [
        http(b'{"id": "id-1"', stays=False, length=500),
        (b"", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{", False),
        http(b"not gzip", Content_Encoding="gzip"),
        http(status="503 Service Unavailable"),
    ],
)
def test_a_truncated_answer_repeats_a_read_but_not_a_create(wire, broken):
    server = wire(broken, http(OK))
    with server.client() as client:
        assert client.get("user", "id-1") == OK
        assert client.retries == 1
    server = wire(broken, http(OK))
    with server.client() as client:
        with pytest.raises(LostAnswerError):
            client.create("user", OK)
        assert client.retries == 0
    assert len(server.received) == 1


def test_an_invalid_status_line(wire):
    server = wire((b"garbage\r\n\r\n", False))
    with server.client(retry_timeout=0) as client, pytest.raises(TransportError):
        client.get("user", "id-1")


def test_an_unreachable_service(wire):
    server = wire()
    server.close()
    with server.client(retry_timeout=2) as client:
        with pytest.raises(
            TransportError, match=r"127.0.0.1:\d+ cannot be reached: connection refused .tried"
        ) as caught:
            client.create("user", OK)
        assert client.retries > 0, "it never left"
    assert not caught.value.uncertain
    assert caught.value.fatal


def test_a_missing_certificate_file():
    clock = Clock()
    client = DirectoryClient(
        "https://127.0.0.1:1/api", "c", "k", verify="/does/not/exist.pem", clock=clock, sleep=clock.sleep
    )
    with pytest.raises(TransportError, match="exist.pem"):
        client.get("user", "id-1")


def test_an_answer_in_another_protocol(wire):
    server = wire(http(b"<html><title>Sign in</title></html>", Content_Type="text/html"))
    with server.client() as client, pytest.raises(ProtocolError, match="not JSON: Sign in"):
        client.get("user", "id-1")


# -- truncated and slow answers ------------------------------------------------------------------------------

CUT = (b"HTTP/1.1 200 OK\r\nServer: x\r\nConte", False)


def test_a_read_with_truncated_headers_is_repeated(wire):
    server = wire(CUT, CUT, http(OK))
    with server.client() as client:
        assert client.get("user", "id-1") == OK
        assert client.retries == 2


def test_a_write_with_truncated_headers_is_read_back(wire):
    server = wire(CUT, CUT, CUT, CUT)
    with server.client() as client:
        assert client.create("user", OK) is None
        assert client.replace("user", "id-1", OK) is None
        assert client.patch("user", "id-1", OK) is None
        client.delete("user", "id-1")
        assert client.retries == 0


def test_an_action_with_truncated_headers_is_uncertain(wire):
    server = wire(CUT, http(OK))
    with server.client() as client:
        with pytest.raises(LostAnswerError, match="is empty"):
            client.action("users/password-lost", {"email": "x"})
        assert client.retries == 0
    assert len(server.received) == 1


def trickle(answer, quick=0, every=0.02):
    """Send an answer byte by byte after its first bytes."""
    yield answer[:quick]
    for byte in answer[quick:]:
        time.sleep(every)
        yield bytes([byte])


BIG = json.dumps({**OK, "title": "x" * 500}).encode()
PACKED = gzip.compress(BIG + bytes(range(256)).hex().encode())


@pytest.mark.parametrize(
    ("answer", "quick"),
    [
        (http(BIG)[0], 0),  # Slow from the first line on.
        (http(BIG)[0], 60),
        (http(BIG, Connection="close")[0], 60),
        (b"HTTP/1.1 200 OK\r\n\r\n" + BIG, 30),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BIG), BIG), 60),
        (http(PACKED, Content_Encoding="gzip")[0], 80),
    ],
    ids=["headers", "body", "body to the end of the connection", "body of unknown length", "chunked", "packed"],
)
def test_a_slow_answer_ends_at_the_timeout(wire, answer, quick):
    server = wire((trickle(answer, quick), False), (trickle(answer, quick), False))
    with server.client(timeout=1, retry_timeout=0) as client:
        started = time.monotonic()
        with pytest.raises(TransportError, match="no answer to GET /directory/user/id-1 within 1 s"):
            client.get("user", "id-1")
        with pytest.raises(AnswerTimeoutError, match="no answer to POST /directory/user within 1 s"):
            client.create("user", OK)
        assert 1.9 < time.monotonic() - started < 10


def test_the_timeout_applies_to_each_answer_and_the_connection_is_kept(wire):
    def slow(answer):
        yield answer[:20]
        time.sleep(0.8)
        yield answer[20:]

    server = wire((slow(http(OK)[0]), True), (slow(http(OK)[0]), True), (slow(http(OK)[0]), True))
    with server.client(timeout=2, retry_timeout=0) as client:
        for _unused in range(3):
            assert client.get("user", "id-1") == OK
    assert server.connections == 1


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_answer_is_read_completely(wire, packed, chunked):
    body = json.dumps({**OK, "title": "0123456789abcdef" * 2**21}).encode()  # 32 MB
    sent = gzip.compress(body, 1) if packed else body
    headers = b"HTTP/1.1 200 OK\r\n" + (b"Content-Encoding: gzip\r\n" if packed else b"")
    if chunked:
        parts = [sent[start : start + 65536] for start in range(0, len(sent), 65536)]
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])
        answer = headers + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
    else:
        answer = headers + b"Content-Length: %d\r\n\r\n" % len(sent) + sent
    server = wire((answer, True), http(OK))
    with server.client() as client:
        started = time.monotonic()
        assert len(client.get("user", "id-1")["title"]) == 2**25
        assert time.monotonic() - started < 10
        assert client.get("user", "id-1") == OK
    assert server.connections == 1


def test_a_signal_ends_a_wait(wire):
    """This includes the main thread, where the signal handler runs, so the wait must not hold a lock."""
    import os
    import signal

    server = wire(http(status="503 Busy"), http(OK))
    client = DirectoryClient(f"http://127.0.0.1:{server.port}/api", "c", "k", jitter=lambda: 39.0)  # 10 s
    before = signal.signal(signal.SIGTERM, lambda *_unused: client.stop())
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()
    started = time.monotonic()
    try:
        with pytest.raises(Exception, match="the run was stopped"):
            client.get("user", "id-1")
    finally:
        timer.join()
        signal.signal(signal.SIGTERM, before)
    assert time.monotonic() - started < 5
