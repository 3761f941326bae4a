# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three commands of ansible-test as stages, for make test and for the sessions of make test-matrix."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from xml.etree import ElementTree

import project
from stages import Count, Stage


def sanity(venv: Path, copy: Path, python: str, suffix: str = "", tests: Sequence[str] = ()) -> Stage:
    """Sanity tests, all of them unless some are named, with --local: they make an environment for each tool all the same."""

    def run(call: Callable[..., int]) -> Count:
        command = ["ansible-test", "sanity", "--local", "--python", python, "--color", "no"]
        command += [word for test in tests for word in ("--test", test)]
        status = call(command, cwd=copy, env=project.environment(venv))
        # it also ends well when it has found no file to look at
        ran = len(re.findall(r"^Running sanity test ", stage.log.read_text(errors="replace"), re.MULTILINE))
        failed = bool(status or not ran)
        return Count(passed=int(not failed), failed=int(failed), what=f"{ran} sanity tests")

    stage = Stage(f"sanity{suffix}", run)
    return stage


# Tests that need nothing but the shared code: only they show something under ansible-test that plain pytest does not. make test
# runs those of the layers that take values and return values this way.
SHARED_CODE = ["tests/unit/plugins/module_utils/"]
PURE_CODE = [f"{SHARED_CODE[0]}{package}/" for package in ("_core", "_plan")]


def units(venv: Path, copy: Path, python: str, suffix: str = "", paths: Sequence[str] = ()) -> Stage:
    """Unit tests by ansible-test.

    This way is the stricter one: tests of modules and of module_utils see nothing of Ansible but module_utils, as on a
    target, and each test runs in a process of its own. That costs a multiple of plain pytest where tests share a service,
    so all of them run by pytest, and those of the shared code this way too.
    The environment holds what the tests require, so --local saves making another.
    """

    def run(call: Callable[..., int]) -> Count:
        results = copy / "tests" / "output" / "junit"
        shutil.rmtree(results, ignore_errors=True)
        command = ["ansible-test", "units", "--local", "--python", python, "--num-workers", "2", "--color", "no", *paths]
        status = call(command, cwd=copy, env=project.environment(venv))
        return counted(results.glob("*-units.xml"), status)

    return Stage(f"units{suffix}", run)


def counted(results: Iterable[Path], status: int) -> Count:
    """What JUnit files tell of tests that ended with an exit code."""
    count = Count()
    for path in results:
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            count.failed += bad
            count.passed += int(suite.get("tests", 0)) - bad - int(suite.get("skipped", 0))
    if status and not count.failed:
        count.failed = 1
    count.what = f"{count.passed} tests"
    return count


def integration_targets(venv: Path, copy: Path) -> list[str]:
    """The names of the targets that have tasks of their own to run."""
    if not (copy / "tests" / "integration" / "targets").is_dir():
        return []
    command = ["ansible-test", "integration", "--list-targets", "--local"]
    answer = subprocess.run(
        command, cwd=copy, env=project.environment(venv), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    known = {path.name for path in (copy / "tests" / "integration" / "targets").iterdir()}
    return [line for line in answer.stdout.split("\n") if line in known]


def integration(venv: Path, copy: Path, python: str, targets: Sequence[str], suffix: str = "") -> Stage:
    """Integration targets; all of them run, whatever fails."""

    def run(call: Callable[..., int]) -> Count:
        command = ["ansible-test", "integration", "--local", "--python", python, "--color", "no", "--continue-on-error"]
        status = call([*command, *targets], cwd=copy, env=project.environment(venv))
        if not status:
            return Count(passed=len(targets), what=f"{len(targets)} targets")
        told = re.search(r"(\d+) integration test\(s\) listed below \(out of \d+\) failed", stage.log.read_text(errors="replace"))
        failed = min(int(told.group(1)), len(targets)) if told else len(targets)
        return Count(passed=len(targets) - failed, failed=failed, what=f"{failed} of {len(targets)} targets failed")

    stage = Stage(f"integration{suffix}", run)
    return stage
