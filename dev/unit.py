# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make unit: plain pytest of tests/unit, for the inner loop. Arguments go to pytest: make unit ARGS="-k name -x"."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

import project


def main(arguments: Sequence[str]) -> int:
    venv = project.venv("run", tests=True)
    with project.locked("unit"):
        copy = project.tree("unit")
        env = project.environment(
            venv,
            PYTHONPATH=os.pathsep.join((str(project.collections_path(copy)), str(copy / "tests"))),
            ANSIBLE_COLLECTIONS_PATH=str(project.collections_path(copy)),
        )
        command = [str(venv / "bin" / "python"), "-m", "pytest", "-n", "2", *arguments]
        if not any(os.path.exists(copy / word.split("::")[0]) for word in arguments):
            command.append("tests/unit")
        return subprocess.run(command, cwd=copy, env=env, check=False).returncode


if __name__ == "__main__":
    project.main_of(main)
