# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make unit: plain pytest of tests/unit, for the inner loop. Arguments go to pytest: make unit ARGS="-k name -x"."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import ansible_test
import project
from stages import Count, Stage

# Once code of the controller is loaded into a process, ansible-core passes on the warnings of modules in another way than
# where a module runs; so the tests of modules have sessions of their own, as ansible-test has it.
MODULE_TESTS = [f"tests/unit/{name}" for name in ("emulator", "matrix", "plugins/module_utils", "plugins/modules")]


def sessions(copy: Path) -> list[list[str]]:
    """The tests of the controller, and those of modules: arguments for a run of pytest each."""
    return [["tests/unit", *(f"--ignore={path}" for path in MODULE_TESTS)], [path for path in MODULE_TESTS if (copy / path).is_dir()]]


def environment(venv: Path, copy: Path) -> dict[str, str]:
    """What plain pytest needs to find the collection and the directory service in a copy of the checkout."""
    collections = str(project.collections_path(copy))
    return project.environment(
        venv, PYTHONPATH=os.pathsep.join((collections, str(copy / "tests"))), ANSIBLE_COLLECTIONS_PATH=collections
    )


def stage(venv: Path, copy: Path) -> Stage:
    """All unit tests by plain pytest, as a stage."""

    def run(call: Callable[..., int]) -> Count:
        status, results = 0, []
        for number, tests in enumerate(sessions(copy)):
            file = copy / "tests" / "output" / f"pytest-{number}.xml"
            file.unlink(missing_ok=True)
            command = ["python", "-m", "pytest", "-q", "-n", "2", f"--junitxml={file}", *tests]
            status = call(command, cwd=copy, env=environment(venv, copy)) or status
            results += [file] if file.exists() else []
        return ansible_test.counted(results, status)

    return Stage("pytest", run)


def main(arguments: Sequence[str]) -> int:
    venv = project.venv("run", tests=True)
    with project.locked("unit"):
        copy = project.tree("unit")
        named = any(os.path.exists(copy / word.split("::")[0]) for word in arguments)
        status = 0
        for tests in [[]] if named else sessions(copy):
            command = [str(venv / "bin" / "python"), "-m", "pytest", "-n", "2", *arguments, *tests]
            status = subprocess.run(command, cwd=copy, env=environment(venv, copy), check=False).returncode or status
        return status


if __name__ == "__main__":
    project.main_of(main)
