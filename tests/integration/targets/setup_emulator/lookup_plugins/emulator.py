# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start, read, control and stop the emulator from an expression.

Module processes take most of the time of a test, and the imports of the lookup ansible.builtin.url much of it. Tests look at the
emulator several times a case, so this does all of it with the standard library.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """Return what the emulator holds and has received, the ids of what was seeded, or where it runs.

    lookup('emulator', start=[...], path=PATH)     its folder, process and URL; started with this command and PYTHONPATH
    lookup('emulator', stop=...)                   stops what was started
    lookup('emulator', write=TEXT, path=PATH)      the path of a file that is written, without the module of a copy
    lookup('emulator', control)                    users and groups by name, mails and passwords
    query('emulator', control, 'written')          the methods of the writes that reached it since it was seeded
    lookup('emulator', control, seed={...})        a fresh account with these users and groups; their ids by name
    lookup('emulator', control, settings={...})    other settings; with seed, those of the fresh account
    lookup('emulator', control, faults={...})      a fault for the requests that follow
    """

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        if "start" in kwargs:
            return [_start(kwargs["start"], kwargs["path"])]
        if "stop" in kwargs:
            return [_stop(kwargs["stop"])]
        if "write" in kwargs:
            return [_write(Path(kwargs["path"]), kwargs["write"])]
        control = urlsplit(terms[0])
        connection = HTTPConnection(control.hostname or "", control.port or 80, timeout=30)

        def call(method: str, name: str, body: Any = None) -> Any:
            connection.request(method, control.path + name, None if body is None else json.dumps(body))
            response = connection.getresponse()
            text = response.read()
            if response.status != 200:
                raise AnsibleError(f"{method} {control.path}{name}: HTTP {response.status} {text!r}")
            return json.loads(text)

        if terms[1:]:
            return [entry["method"] for entry in call("GET", "log") if entry["method"] not in ("GET", "HEAD")]
        if kwargs:
            return [self._change(call, **kwargs)]
        state = call("GET", "state")
        users = {user["userName"]: user for user in state["users"].values()}
        groups = {group["displayName"]: group for group in state["groups"].values()}
        return [{"users": users, "groups": groups, "mails": state["mails"], "passwords": state["passwords"]}]

    def _change(self, call: Any, seed: Any = None, settings: Any = None, faults: Any = None) -> dict[str, str]:
        ids = {}
        if seed is not None:
            call("POST", "reset")
            seeded = call("POST", "seed", seed)
            ids = {**seeded["users"], **seeded["groups"]}
        if settings:
            call("PATCH", "settings", settings)
        if faults:
            call("POST", "faults", faults)
        return ids


def _start(command: list[Any], path: str) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="emulator."))
    env = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    with (folder / "log").open("wb") as log:
        # In a session of its own: it outlives the process that Ansible forks for a task.
        process = subprocess.Popen(
            [str(word) for word in command], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    url = folder / "url"
    while not url.exists() or not url.read_text():
        if process.poll() is not None:
            raise AnsibleError(f"The emulator did not start: {(folder / 'log').read_text()}")
        time.sleep(0.1)
    return {"folder": str(folder), "pid": process.pid, "url": url.read_text().strip()}


def _stop(started: dict[str, Any]) -> str:
    os.kill(int(started["pid"]), signal.SIGTERM)
    shutil.rmtree(started["folder"])
    return "stopped"


def _write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)
