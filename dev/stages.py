# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stages: named pieces of a run, two at a time, each with one line of result, and the output of what failed in full."""

from __future__ import annotations

import collections
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import project


@dataclass
class Count:
    """What a stage has counted: tests, integration targets, or itself."""

    passed: int = 0
    failed: int = 0
    what: str = ""


@dataclass
class Stage:
    """Commands that run one after the other, and what counts the result of the stage from their exit codes and output."""

    name: str
    run: Callable[[Callable[..., int]], Count]
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = project.BUILD / "logs" / f"{self.name.replace(' ', '-').replace('/', '-of-')}.txt"


def gate(*commands: Sequence[str], cwd: Path, venv: Path, **extra: str) -> Callable[[Callable[..., int]], Count]:
    """A stage that passes when every one of its commands ends with 0; it counts as one."""

    def run(call: Callable[..., int]) -> Count:
        statuses = [call(command, cwd=cwd, env=project.environment(venv, **extra)) for command in commands]
        failed = any(statuses)
        return Count(passed=int(not failed), failed=int(failed))

    return run


def caller_for(stage: Stage) -> Callable[..., int]:
    """What runs a command of this stage with its output in the log of the stage."""

    def call(command: Sequence[str], *, cwd: Path, env: dict[str, str]) -> int:
        with stage.log.open("a") as log:
            log.write(f"$ {' '.join(map(str, command))}\n")
            log.flush()
            try:
                return subprocess.run(
                    [str(word) for word in command],
                    cwd=cwd,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    check=False,
                ).returncode
            except OSError as error:
                log.write(f"{error}\n")
                return 127

    return call


def run_stages(stages: Sequence[Stage], workers: int = 2) -> int:
    """Run all of them whatever fails, print the closing line, and return the exit code."""
    waiting = collections.deque(stages)
    total = Count()
    said = threading.Lock()
    width = max(len(stage.name) for stage in stages)

    def work() -> None:
        while True:
            try:
                stage = waiting.popleft()
            except IndexError:
                return
            started = time.monotonic()
            stage.log.parent.mkdir(parents=True, exist_ok=True)
            stage.log.write_text("")
            try:
                count = stage.run(caller_for(stage))
            except Exception as error:  # noqa: BLE001 - a stage that breaks is a stage that failed; the others go on
                count = Count(failed=1)
                with stage.log.open("a") as log:
                    log.write(f"{type(error).__name__}: {error}\n")
            seconds = time.monotonic() - started
            with said:
                total.passed += count.passed
                total.failed += count.failed
                verdict = "FAILED" if count.failed or not count.passed else "ok"
                if not count.passed and not count.failed:
                    total.failed += 1
                    count.what = "nothing ran"
                print(f"{verdict:6}  {stage.name:{width}}  {seconds:4.0f} s  {count.what}".rstrip(), flush=True)
                if verdict == "FAILED":
                    text = stage.log.read_text(errors="replace").rstrip()
                    print(f"----- {stage.name}: output -----\n{text}\n----- {stage.name}: end -----", flush=True)

    threads = [threading.Thread(target=work, daemon=True) for _number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{total.passed} passed, {total.failed} failed" if total.failed else f"{total.passed} passed", flush=True)
    return 1 if total.failed else 0
