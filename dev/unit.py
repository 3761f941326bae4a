# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make unit: plain pytest of tests/unit, for the inner loop. Arguments go to pytest: make unit ARGS="-k name -x".

unit.py              all unit tests
unit.py ARGUMENTS    what pytest makes of these arguments
unit.py --coverage   the tests of the shared code and of the modules, and which of its lines and branches they take
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import ansible_test
import project
from stages import Count, Stage

# Once code of the controller is loaded into a process, ansible-core passes on the warnings of modules in another way than
# where a module runs; so the tests of modules have sessions of their own, as ansible-test has it.
SHARED_CODE_TESTS = "tests/unit/plugins/module_utils"
MODULE_TESTS = ["tests/unit/plugins/modules", "tests/unit/emulator", "tests/unit/matrix"]

# What decides what is written: tests take every branch of these files, or the run fails.
SHARED_CODE = "plugins/module_utils"
WHOLLY_COVERED = [f"{SHARED_CODE}/{name}/*" for name in ("_core", "_plan", "_scim")] + [f"{SHARED_CODE}/_service/lookup.py"]
MEASURE = [f"--cov={SHARED_CODE}", "--cov-branch", "--cov-report="]


# Tasks of one object run in the controller's process too, through action plugins: their suites run once more this way.
ACTION_DOOR = {"P1_TEST_DOOR": "action"}


def sessions() -> list[tuple[list[str], dict[str, str]]]:
    """The tests of the controller, of the shared code, of modules, and of action plugins: for a run of pytest each its
    arguments and variables."""
    others = [f"--ignore={path}" for path in (SHARED_CODE_TESTS, *MODULE_TESTS)]
    suites = [MODULE_TESTS[0], "--ignore-glob=*test_p1_directory*", "--ignore-glob=*test_documentation*"]
    return [(["tests/unit", *others], {}), ([SHARED_CODE_TESTS, *MEASURE], {}), (MODULE_TESTS, {}), (suites, ACTION_DOOR)]


def environment(venv: Path, copy: Path) -> dict[str, str]:
    """What plain pytest needs to find the collection and the directory service in a copy of the checkout."""
    collections = str(project.collections_path(copy))
    return project.environment(
        venv, PYTHONPATH=os.pathsep.join((collections, str(copy / "tests"))), ANSIBLE_COLLECTIONS_PATH=collections
    )


def stage(venv: Path, copy: Path, suffix: str = "", everything: bool = False) -> Stage:
    """The unit tests by plain pytest, as a stage; everything is with those that only repeat a case."""

    def run(call: Callable[..., int]) -> Count:
        status, results = 0, []
        for number, (tests, variables) in enumerate(sessions()):
            file = copy / "tests" / "output" / f"pytest-{number}.xml"
            file.unlink(missing_ok=True)
            command = ["python", "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", f"--junitxml={file}", *tests]
            variables = {**variables, **({"P1_TEST_MATRIX": "1"} if everything else {})}
            status = call(command, cwd=copy, env={**environment(venv, copy), **variables}) or status
            results += [file] if file.exists() else []
        for command in coverage_reports():
            status = call(command, cwd=copy, env=environment(venv, copy)) or status
        count = ansible_test.counted(results, status)
        totals = re.findall(r"^TOTAL .* ([\d.]+%)$", made.log.read_text(errors="replace"), re.MULTILINE)
        count.what += f"; those of the shared code take {totals[0]} of its lines and branches, {totals[1]} where it plans" if totals[1:] else ""
        return count

    made = Stage(f"pytest{suffix}", run)
    return made


def coverage_reports() -> list[list[str]]:
    """What shows the figures of all shared code, and what fails where a branch of the files that plan is not taken."""
    report = ["python", "-m", "coverage", "report", "--show-missing"]
    return [report, [*report, f"--include={','.join(WHOLLY_COVERED)}", "--fail-under=100"]]


def main(arguments: Sequence[str]) -> int:
    venv = project.venv("run", tests=True)
    with project.locked("unit"):
        copy = project.tree("unit")
        if list(arguments) == ["--coverage"]:
            commands = [["python", "-m", "pytest", "-q", "-n", "2", SHARED_CODE_TESTS, MODULE_TESTS[0], *MEASURE], *coverage_reports()]
            return max(subprocess.run(command, cwd=copy, env=environment(venv, copy), check=False).returncode for command in commands)
        named = any(os.path.exists(copy / word.split("::")[0]) for word in arguments)
        status = 0
        for tests, variables in [([], {})] if named else sessions():
            command = [str(venv / "bin" / "python"), "-m", "pytest", "-n", "2", *arguments, *tests]
            env = {**environment(venv, copy), **variables}
            status = subprocess.run(command, cwd=copy, env=env, check=False).returncode or status
        return status


if __name__ == "__main__":
    project.main_of(main)
