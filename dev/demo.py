# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make demo: the collection as a user gets it, at work on a directory service on this machine.

Builds the artifact, installs it, and runs its playbook pingone.directory.demo three times: in check mode, for real, and
again. Fails unless the service saw no write in check mode, some for real, and none when there was nothing left to do.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import project
import service

CLIENT_ID, API_KEY = "demo-client", "demo-key"


@dataclass
class Run:
    title: str
    options: tuple[str, ...]
    status: int = 0
    writes: int = 0
    changed: int = 0


def banner(text: str) -> None:
    print(f"\n{'=' * 100}\n{text}\n{'=' * 100}", flush=True)


def install_artifact(venv: Path) -> Path:
    """Install the built collection into a folder of its own, so that nothing of the checkout can help it."""
    artifact = project.build_artifact(project.BUILD / "demo" / "artifact", venv)
    collections = project.BUILD / "demo" / "collections"
    shutil.rmtree(collections, ignore_errors=True)
    command = ["ansible-galaxy", "collection", "install", "--offline", "--no-deps", "--collections-path", str(collections), str(artifact)]
    answer = subprocess.run(
        [str(venv / "bin" / command[0]), *command[1:]],
        cwd=project.BUILD,
        env=project.environment(venv, ANSIBLE_COLLECTIONS_PATH=str(collections)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise project.Failure(f"{answer.stdout}\nCould not install the artifact {artifact.name}.")
    print(f"built and installed {artifact.name}", flush=True)
    return collections


def play(run: Run, venv: Path, collections: Path, directory: service.Service) -> None:
    """One run of the playbook: its output as it comes, the number of changed tasks from the recap."""
    env = project.environment(
        venv,
        ANSIBLE_COLLECTIONS_PATH=str(collections),
        P1_API_KEY=API_KEY,
        P1_BASE_URL=directory.base_url,
        P1_CLIENT_ID=CLIENT_ID,
    )
    if sys.stdout.isatty():
        env["ANSIBLE_FORCE_COLOR"] = env.pop("ANSIBLE_NOCOLOR")
    before = directory.writes_received()
    process = subprocess.Popen(
        [str(venv / "bin" / "ansible-playbook"), "pingone.directory.demo", *run.options],
        cwd=project.BUILD / "demo",
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            run.changed += sum(int(number) for number in re.findall(r"\bok=.*\bchanged=(\d+)", line))
        run.status = process.wait()
    finally:
        process.terminate()
    run.writes = directory.writes_received() - before


def say(runs: Sequence[Run]) -> int:
    """What happened, for somebody who sees this for the first time."""
    check, real, again = runs
    banner("What happened")
    for number, run in enumerate(runs, 1):
        ended = "" if run.status == 0 else f"   FAILED, ansible-playbook ended with {run.status}"
        print(f"{number}. {run.title:44} {run.writes:3} writes reached the service, {run.changed:3} tasks changed{ended}")
    wrong = []
    if any(run.status for run in runs):
        wrong.append("a run of the playbook failed")
    if check.writes:
        wrong.append("check mode wrote to the service")
    if not real.writes:
        wrong.append("the real run wrote nothing")
    if again.writes or again.changed:
        wrong.append("the last run changed something although there was nothing left to do")
    print()
    if wrong:
        print("The demo failed: " + "; ".join(wrong) + ".")
        return 1
    print("Check mode told what would change and wrote nothing; the real run did it; the last run found nothing left to do.")
    print("The playbook: playbooks/demo.yml. The service: tests/emulator, which has been stopped again.", flush=True)
    return 0


def main(_arguments: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    venv = project.venv("run", tests=True)
    with project.locked("demo"):
        if not (project.ROOT / "playbooks" / "demo.yml").is_file():
            raise project.Failure("playbooks/demo.yml is missing: the playbook that this runs")
        banner("The collection, built and installed as a user gets it, and a directory service on this machine")
        collections = install_artifact(venv)
        runs = [
            Run("check mode: what would change", ("--check", "--diff")),
            Run("for real", ("--diff",)),
            Run("again, with nothing left to do", ("--diff",)),
        ]
        with service.running(venv, "--exit-with-parent", "--client-id", CLIENT_ID, "--api-key", API_KEY) as directory:
            print(f"the directory service listens at {directory.base_url}", flush=True)
            for number, run in enumerate(runs, 1):
                banner(f"Run {number} of {len(runs)}, {run.title}: ansible-playbook pingone.directory.demo {' '.join(run.options)}")
                play(run, venv, collections, directory)
                if run.status:
                    break
        return say(runs)


if __name__ == "__main__":
    project.main_of(main)
