# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Transport: send requests with ``requests`` and urllib3, within limits of size and time."""

from __future__ import annotations

import io
import socket
import time
import traceback
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from .limits import MAX_BYTES, MAX_ERROR_BYTES, TooMuch, read_body
from .url import host_of, is_loopback

REQUESTS_IMPORT_ERROR = None
try:
    import requests
except ImportError:
    requests = None  # type: ignore[assignment]
    REQUESTS_IMPORT_ERROR = traceback.format_exc()

MAX_CONNECTIONS = 64  # open connections; urllib3 allocates them in advance


class Reply(NamedTuple):
    """An answer as received over the network.

    :ivar content: the decompressed body; the body of an error may be truncated.
    :ivar excess: why the body was not read, or None if it was read.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    excess: str | None = None


def new_session(auth: tuple[bytes, bytes], connections: int = 1) -> Any:
    """Return a session of ``requests`` that stores no cookies and limits the time of each answer.

    :param auth: user and password, as bytes because ``requests`` would encode text as Latin-1.
    """
    from http.cookiejar import DefaultCookiePolicy  # requests has loaded it already

    session: Any = requests.Session()
    session.auth = auth
    session.headers["Accept-Encoding"] = "gzip, deflate"  # only these, although urllib3 may support more
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = _adapter(min(max(1, connections), MAX_CONNECTIONS))
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class Transport:
    """A session that sends the given credentials to one host, and never credentials from the environment.

    :param auth: user and password, as bytes because ``requests`` would encode text as Latin-1.
    :param verify: True, False, or the path of a CA bundle.
    :param connections: the maximum number of concurrent requests.
    :param session: a shared session, which the caller closes, or None to create a new one.
    """

    def __init__(
        self,
        base_url: str,
        auth: tuple[bytes, bytes],
        verify: bool | str = True,
        connections: int = 1,
        session: Any = None,
    ) -> None:
        host = host_of(base_url)
        self.auth = auth
        self.verify = verify
        # A proxy would see the credentials of a plain HTTP request.
        self._proxies = {"no_proxy": host.strip("[]")} if is_loopback(host) else {}
        self._is_kept = session is not None
        self._session = new_session(auth, connections) if session is None else session

    def send(self, method: str, url: str, data: bytes | None, headers: Mapping[str, str], timeout: float) -> Reply:
        """Send one request, without following redirects.

        :param timeout: the seconds in which the complete answer must arrive.
        :raises requests.exceptions.RequestException: there is no answer.
        :raises OSError, ValueError: there is no answer; ``requests`` does not wrap some exceptions of urllib3 and the
            standard library, such as that of an unreadable CA file.
        """
        response = self._session.request(
            method,
            url,
            data=data,
            headers=headers,
            auth=self.auth,
            timeout=timeout,
            allow_redirects=False,
            verify=self.verify,
            proxies=self._proxies,
            stream=True,
        )
        try:
            return _read(response)
        finally:
            response.close()

    def close(self) -> None:
        """Close all connections, except those of a shared session."""
        if not self._is_kept:
            self._session.close()


def _read(response: Any) -> Reply:
    """Read a response within limits, and convert exceptions of urllib3 as ``requests`` does."""
    from urllib3 import exceptions as lower

    status, headers = response.status_code, response.headers
    success = 200 <= status < 300
    try:
        chunks = response.raw.stream(65536, decode_content=False)
        encoding = headers.get("Content-Encoding") or ""
        return Reply(
            status, headers, read_body(chunks, encoding, MAX_BYTES if success else MAX_ERROR_BYTES, whole=success)
        )
    except TooMuch as excess:
        return Reply(status, headers, b"", str(excess))
    except zlib.error as error:
        raise requests.exceptions.ContentDecodingError(error) from error
    except lower.ProtocolError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from error
    except (lower.ReadTimeoutError, lower.SSLError) as error:
        raise requests.exceptions.ConnectionError(error) from error


class _WholeAnswer(io.RawIOBase):
    """The bytes of one answer, with a time limit for the whole answer.

    By default, ``timeout`` limits only the time between two reads, so an answer that arrives slowly could take forever.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._bytes = sock.makefile("rb", buffering=0)
        self._timeout = sock.gettimeout()
        # Not the clock of the client, which tests replace, because answers take real time.
        self._until = time.monotonic() + (self._timeout or 0.0)

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._bytes.fileno()

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        try:
            return self._bytes.readinto(buffer)
        finally:
            self._sock.settimeout(self._timeout)  # the next request on this connection has the full timeout

    def close(self) -> None:
        self._bytes.close()
        super().close()


def _adapter(connections: int) -> Any:
    """Return an adapter of ``requests`` whose ``timeout`` limits the time of the whole answer."""
    from http.client import HTTPResponse

    class TimedResponse(HTTPResponse):
        def _read_status(self) -> Any:
            """Skip interim answers (102, 103); http.client itself skips only 100."""
            while True:
                version, status, reason = super()._read_status()  # type: ignore[misc]
                if not 101 < status < 200:
                    return version, status, reason
                while self.fp.readline(65537) not in (b"\r\n", b"\n", b""):
                    pass

        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp.close()
            # A larger buffer than the default, because pages have several megabytes and requests reads them in small pieces.
            self.fp = io.BufferedReader(_WholeAnswer(sock), 65536)

    def timed_pool(pool: Any) -> Any:
        connection = pool.ConnectionCls
        connection = type(connection.__name__, (connection,), {"response_class": TimedResponse})
        return type(pool.__name__, (pool,), {"ConnectionCls": connection})

    def timed(manager: Any) -> Any:
        pools = manager.pool_classes_by_scheme  # shared by all managers
        manager.pool_classes_by_scheme = {scheme: timed_pool(pool) for scheme, pool in pools.items()}
        return manager

    class TimedAdapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            timed(self.poolmanager)

        def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
            known = proxy in self.proxy_manager
            manager = super().proxy_manager_for(proxy, **kwargs)
            return manager if known else timed(manager)

    return TimedAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0)
