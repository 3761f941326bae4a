# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the code behind the Makefile: its size, that it names only folders, and that the sandbox starts and stops."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAMS = [ROOT / "noxfile.py", *(path for path in (ROOT / "dev").iterdir() if path.is_file())]


def test_the_runner_of_the_checks_is_small():
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in PROGRAMS) < 600


def test_the_runner_of_the_checks_names_only_folders():
    names = {path.name for folder in ("plugins", "roles", "tests/unit", "tests/emulator") for path in (ROOT / folder).rglob("*.py")}
    names |= {path.name for path in (ROOT / "tests" / "integration" / "targets").iterdir()}
    text = "\n".join(path.read_text(encoding="utf-8") for path in PROGRAMS)
    assert sorted(name for name in names - {"__init__.py", "__main__.py"} if re.search(rf"\b{re.escape(name)}\b", text)) == []


def test_the_sandbox_starts_answers_and_stops():
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    command = [sys.executable, str(ROOT / "dev" / "demo.py"), "sandbox"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = ""
            while "Ctrl-C" not in said:
                line = process.stdout.readline()
                assert line, process.stderr.read()
                said += line
            exports = dict(re.findall(r"^  export (\w+)=(.*)$", said, re.MULTILINE))
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(exports["P1_BASE_URL"].removesuffix("api") + "_control/state", timeout=30) as answer:
                names = {user["userName"] for user in json.load(answer)["users"].values()}
            collections = Path(exports["ANSIBLE_COLLECTIONS_PATH"])
            modules = [path.name for path in collections.glob("ansible_collections/*/*/plugins/modules/*.py")]
            process.send_signal(signal.SIGINT)
            code, errors = process.wait(30), process.stderr.read()
        finally:
            process.kill()
    assert "lchen" in names and "lchen" in said and "p1_user_info.py" in modules
    assert {"P1_BASE_URL", "P1_CLIENT_ID", "P1_API_KEY", "ANSIBLE_COLLECTIONS_PATH", "PATH"} == set(exports)
    assert (code, errors, collections.exists()) == (0, "", False)
