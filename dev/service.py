# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The directory service of tests/emulator as a child process, for as long as a with block lasts."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import project

START_SECONDS = 60
WRITES = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Service:
    base_url: str

    def control(self, path: str):
        """What the service's own control pages say, which are kept apart from the API's paths."""
        url = urllib.parse.urljoin(self.base_url, f"/_control/{path}")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=30) as answer:
            return json.load(answer)

    def requests_received(self) -> list[str]:
        """The method of every request to the API since the service started."""
        log = self.control("log")
        entries = log if isinstance(log, list) else next(value for value in log.values() if isinstance(value, list))
        return [str(entry.get("method", entry.get("verb"))).upper() for entry in entries]

    def writes_received(self) -> int:
        return sum(method in WRITES for method in self.requests_received())


@contextlib.contextmanager
def running(venv: Path, *arguments: str, extra: Mapping[str, str] | None = None) -> Iterator[Service]:
    """Start the service on a free port of the loopback interface, and stop it whatever happens."""
    if not (project.ROOT / "tests" / "emulator" / "__main__.py").is_file():
        raise project.Failure("tests/emulator is missing: the directory service that this talks to")
    env = project.environment(venv, PYTHONPATH=str(project.ROOT / "tests"), **(extra or {}))
    log = project.BUILD / "logs" / "service.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as errors:
        process = subprocess.Popen(
            [str(venv / "bin" / "python"), "-m", "emulator", *arguments],
            cwd=project.BUILD,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            yield Service(base_url_of(process, log))
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def base_url_of(process: subprocess.Popen[str], log: Path) -> str:
    """The base URL that the service prints when it is ready; what it prints later is read and thrown away."""
    assert process.stdout is not None
    found: list[str] = []
    ready = threading.Event()

    def read() -> None:
        for line in process.stdout or ():
            url = re.search(r"https?://[^\s'\"]+", line)
            if url and not found:
                found.append(url.group(0))
                ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    if not ready.wait(START_SECONDS) or not found:
        raise project.Failure(f"{log.read_text(errors='replace')}\nThe directory service of tests/emulator did not start.")
    return found[0]
