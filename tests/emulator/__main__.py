# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start the emulator from the command line."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

try:
    from .service import API_KEY, CLIENT_ID, DirectoryService
    from .settings import Settings
except (ModuleNotFoundError, ZoneInfoNotFoundError) as missing:
    # A package of requirements.txt is missing. No import fails without tzdata, which systems without time zones need.
    package = "tzdata" if isinstance(missing, ZoneInfoNotFoundError) else str(missing.name).partition(".")[0]
    sys.exit("python -m emulator: the Python package %s is not installed for %s. Install what the emulator needs: "
             "%s -m pip install -r %s" % (
                 package, sys.executable, sys.executable, Path(__file__).with_name("requirements.txt")))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m emulator", description="An emulator of the PingOne for Enterprise Directory API.")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (0: a free one)")
    parser.add_argument("--database", default=":memory:", metavar="FILE", help="file to keep the account in")
    parser.add_argument("--client-id", default=CLIENT_ID)
    parser.add_argument("--api-key", default=API_KEY)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a switch, see README.md")
    parser.add_argument("--tls-cert", metavar="FILE", help="certificate chain, turns TLS on")
    parser.add_argument("--tls-key", metavar="FILE", help="key of the certificate")
    parser.add_argument("--seed", metavar="FILE", help="JSON file with users and groups to put into a fresh account")
    parser.add_argument("--url-file", metavar="FILE", help="file to write the base URL to")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when the parent process ends")
    return parser


def _settings(pairs: list[str]) -> Settings:
    changes = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ValueError("--set takes NAME=VALUE: %s" % pair)
        changes[name] = value
    return Settings().changed(changes)


def _write(path: str, text: str) -> None:
    """Write a file atomically."""
    handle, draft = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)))
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(draft, path)


def _service(args: argparse.Namespace) -> DirectoryService:
    if bool(args.tls_cert) != bool(args.tls_key):
        raise ValueError("--tls-cert and --tls-key belong together")
    tls = (args.tls_cert, args.tls_key) if args.tls_cert else None
    service = DirectoryService(_settings(args.set), args.database, tls, args.host, args.port,
                               args.client_id, args.api_key)
    if args.seed and service.is_fresh:
        with open(args.seed, encoding="utf-8") as stream:
            data = json.load(stream)
        service.seed(data.get("users") or [], data.get("groups") or [])
    return service


def main(arguments: list[str] | None = None) -> int:
    """Serve until a signal arrives."""
    parser = _parser()
    args = parser.parse_args(arguments)
    parent = os.getppid()
    ended = threading.Event()

    def end(*_signal: Any) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    try:
        service = _service(args)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    with service:
        if args.url_file:
            _write(args.url_file, service.base_url + "\n")
        print(service.base_url, flush=True)
        while not ended.wait(0.5):
            if args.exit_with_parent and os.getppid() != parent:
                break
    return 0


if __name__ == "__main__":
    sys.exit(main())
