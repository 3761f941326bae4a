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


def environment(venv: Path, copy: Path) -> dict[str, str]:
    """What plain pytest needs to find the collection and the directory service in a copy of the checkout."""
    collections = str(project.collections_path(copy))
    return project.environment(
        venv, PYTHONPATH=os.pathsep.join((collections, str(copy / "tests"))), ANSIBLE_COLLECTIONS_PATH=collections
    )


def stage(venv: Path, copy: Path) -> Stage:
    """All unit tests by plain pytest, as a stage."""

    def run(call: Callable[..., int]) -> Count:
        results = copy / "tests" / "output" / "pytest.xml"
        results.unlink(missing_ok=True)
        command = ["python", "-m", "pytest", "-q", "-n", "2", f"--junitxml={results}", "tests/unit"]
        status = call(command, cwd=copy, env=environment(venv, copy))
        return ansible_test.counted([results] if results.exists() else [], status)

    return Stage("pytest", run)


def main(arguments: Sequence[str]) -> int:
    venv = project.venv("run", tests=True)
    with project.locked("unit"):
        copy = project.tree("unit")
        command = [str(venv / "bin" / "python"), "-m", "pytest", "-n", "2", *arguments]
        if not any(os.path.exists(copy / word.split("::")[0]) for word in arguments):
            command.append("tests/unit")
        return subprocess.run(command, cwd=copy, env=environment(venv, copy), check=False).returncode


if __name__ == "__main__":
    project.main_of(main)
