# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the built collection, and the emulator with example users: make demo and make sandbox.

demo.py            build and install the collection; run the playbook pingone.directory.demo in check mode, normally, and again;
                   fail unless only the second run sent writes to the emulator
demo.py sandbox    install the collection, and keep the emulator running until Ctrl-C
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from emulator import DirectoryService  # noqa: E402 - from the path above # pylint: disable=wrong-import-position

RUNS = {"In check mode": ["--check"], "For real": [], "Again, with nothing left to do": []}


@contextlib.contextmanager
def running() -> Iterator[tuple[DirectoryService, dict[str, str]]]:
    """Install the built collection into a new folder and start the emulator. Yield it and the environment variables for both."""
    example = json.loads((ROOT / "tests" / "emulator" / "example.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="pingone-directory-") as folder, DirectoryService() as service:
        for arguments in (["build", "--output-path", folder], ["install", "--offline", "--no-deps", "--force", "-p", folder]):
            files = [str(path) for path in Path(folder).glob("*.tar.gz")]
            env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": folder}
            answer = subprocess.run(["ansible-galaxy", "collection", *arguments, *files], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
            if answer.returncode:
                sys.exit(f"{answer.stdout}{answer.stderr}\nansible-galaxy collection {arguments[0]} failed")
        service.seed(example["users"], example["groups"])
        connection = {"P1_BASE_URL": service.base_url, "P1_CLIENT_ID": service.client_id, "P1_API_KEY": service.api_key}
        yield service, {"ANSIBLE_COLLECTIONS_PATH": folder, **connection}


def play(options: list[str], env: dict[str, str]) -> tuple[int, int]:
    """Run the playbook, and print its output without blank lines and rulers. Return the exit code and the number of changed tasks."""
    command = ["ansible-playbook", "pingone.directory.demo", *options]
    changed = 0
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            changed += sum(int(number) for number in re.findall(r"\bok=.*\bchanged=(\d+)", line))
            if line.strip():
                print("  " + re.sub(r" \*+$", "", line.rstrip()), flush=True)
    return process.returncode, changed


def demo() -> int:
    results = []
    with running() as (service, variables):
        print(f"The collection is built and installed, and the emulator listens at {service.base_url}.")
        env = {**os.environ, **variables, "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "no", "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
        for title, options in RUNS.items():
            print(f"\n{title}: ansible-playbook pingone.directory.demo {' '.join(options)}".rstrip(), flush=True)
            before = len(service.log)
            code, changed = play(options, env)
            writes = sum(entry["method"] not in ("GET", "HEAD") for entry in service.log[before:])
            results.append((code, writes, changed))
    print()
    for title, (code, writes, changed) in zip(RUNS, results):
        print(f"{title:32} {writes:3} writes reached the emulator, {changed} tasks changed{f', and it FAILED ({code})' if code else ''}")
    (check_code, check_writes, check_changed), (code, writes, changed), last = results
    if (check_code, check_writes, code) != (0, 0, 0) or not (check_changed and writes and changed) or last != (0, 0, 0):
        print("The demo failed: check mode and the last run must write nothing, and the second run must write.")
        return 1
    print("The playbook: playbooks/demo.yml. To try more against the emulator: make sandbox")
    return 0


def sandbox() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: sys.exit(0))
    with running() as (service, variables):
        exports = {"PATH": f"{Path(sys.executable).parent}:$PATH", **variables}
        lines = "\n".join(f"  export {name}={value}" for name, value in exports.items())
        text = (ROOT / "tests" / "emulator" / "sandbox.txt").read_text(encoding="utf-8")
        print(text.format(exports=lines, control=service.base_url.removesuffix("api") + "_control/"), flush=True)
        while True:
            signal.pause()


if __name__ == "__main__":
    sys.exit(sandbox() if sys.argv[1:] == ["sandbox"] else demo())
