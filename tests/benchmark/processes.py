# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measured processes, and the directory service that they use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import requests

MODULES = "ansible_collections.pingone.directory.plugins.modules"
CREDENTIALS = ("demo-client", "demo-key")


@dataclass
class Run:
    """One finished process: seconds of wall clock and of processor time, peak memory, and output."""

    wall: float
    cpu: float
    peak_mib: float
    output: str
    status: int


def run(command, **variables):
    """Run a process to its end and measure it.

    A small process starts the measured one and takes the figures. Linux counts the memory of a parent into the peak of
    its child, and this process has held the desired state of 100,000 users.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed, tempfile.NamedTemporaryFile("r") as figures:
        between = [sys.executable, "-S", str(Path(__file__).with_name("measured.py")), figures.name]
        subprocess.run(
            [*between, *command], stdout=printed, stderr=subprocess.STDOUT, env={**os.environ, **variables}, check=True
        )
        printed.seek(0)
        return Run(output=printed.read(), **json.load(figures))


def run_module(name, base_url, folder, **options):
    """Run a module as Ansible does on the target: as a process that reads its arguments."""
    arguments = folder / "arguments.json"
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": {**connection(base_url), **options}}), encoding="utf-8")
    finished = run([sys.executable, "-m", f"{MODULES}.{name}", str(arguments)])
    result = json.loads(finished.output.splitlines()[-1])
    if result.get("failed"):
        raise SystemExit(f"{name} failed: {result['msg']}")
    return finished, result


def run_playbook(plays, base_url, folder):
    """Run a playbook, given as data."""
    playbook = folder / "playbook.json"
    playbook.write_text(json.dumps(plays), encoding="utf-8")
    variables = {
        "P1_CLIENT_ID": CREDENTIALS[0],
        "P1_API_KEY": CREDENTIALS[1],
        "P1_BASE_URL": base_url,
        "ANSIBLE_STDOUT_CALLBACK": "default",
    }
    finished = run(
        [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", str(playbook)], **variables
    )
    if finished.status:
        raise SystemExit(f"the playbook failed:\n{finished.output[-2000:]}")
    return finished


def connection(base_url):
    return {"base_url": base_url, "client_id": CREDENTIALS[0], "api_key": CREDENTIALS[1]}


class Service:
    """The directory service in a separate process, so that its work is not measured."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        file = Path(self._folder.name, "url")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "emulator", "--exit-with-parent", "--url-file", str(file)], stdout=subprocess.DEVNULL
        )
        while not file.exists():
            if self._process.poll() is not None:
                raise SystemExit("the directory service did not start")
            time.sleep(0.05)
        self.base_url = file.read_text(encoding="utf-8").strip()
        self._control = self.base_url.removesuffix("/api") + "/_control"
        return self

    def __exit__(self, *unused):
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()

    def reset(self, **settings):
        """Reset the service to a fresh account with these settings."""
        self._send("POST", "reset")
        self.set(**settings)

    def set(self, **settings):
        """Change settings and keep the account."""
        if settings:
            self._send("PATCH", "settings", json=settings)

    def seed(self, users, groups=()):
        for start in range(0, len(users), 5000):
            self._send("POST", "seed", json={"users": users[start : start + 5000], "groups": []})
        for start in range(0, len(groups), 500):
            self._send("POST", "seed", json={"users": [], "groups": groups[start : start + 500]})

    def forget(self):
        self._send("DELETE", "log")

    def requests(self):
        """Return the numbers of requests since :meth:`forget`: (reads, writes)."""
        log = self._send("GET", "log").json()
        log = log["log"] if isinstance(log, dict) else log
        reads = sum(entry["method"] == "GET" for entry in log)
        return reads, len(log) - reads

    def _send(self, method, path, **kwargs):
        answer = requests.request(method, f"{self._control}/{path}", timeout=300, **kwargs)
        answer.raise_for_status()
        return answer
