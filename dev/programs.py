# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs of tests/ that a target of the Makefile runs: python -m NAME, with the collection and tests/ on the path."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

import project


def run(name: str, arguments: Sequence[str]) -> int:
    """Run tests/NAME/__main__.py in a copy of the checkout."""
    if not (project.ROOT / "tests" / name / "__main__.py").is_file():
        raise project.Failure(f"tests/{name}/__main__.py is not there yet: nothing to run")
    venv = project.venv("run", tests=True)
    with project.locked(name):
        copy = project.tree(name)
        collections = str(project.collections_path(copy))
        env = project.environment(
            venv,
            ANSIBLE_COLLECTIONS_PATH=collections,
            PYTHONPATH=os.pathsep.join((collections, str(copy / "tests"))),
            P1_RESULTS=str(project.BUILD / name),
        )
        (project.BUILD / name).mkdir(parents=True, exist_ok=True)
        return subprocess.run([str(venv / "bin" / "python"), "-m", name, *arguments], cwd=copy, env=env, check=False).returncode
