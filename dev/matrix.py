# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make test-matrix: nox sessions for each ansible-core and Python that we claim, with the interpreters found here.

matrix.py             a full session for each ansible-core, and the unit tests on the other Pythons
matrix.py SESSION...  these sessions (make test-matrix SESSIONS="full-2.16-3.10")
"""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Sequence

import project
import sessions


def choose(pythons: dict[str, str]) -> list[str]:
    """The names of the sessions to run; an ansible-core for which there is no Python at all is a failure."""
    chosen: list[str] = []
    missing: list[str] = []
    for core, claimed in sessions.CLAIMED.items():
        usable = [python for python in claimed if python in pythons]
        missing.extend(f"ansible-core {core} on Python {python}" for python in claimed if python not in pythons)
        if not usable:
            raise project.Failure(
                f"ansible-core {core} needs one of Python {', '.join(claimed)}, and only {', '.join(sorted(pythons))} "
                "were found on PATH and in pyenv. Install one, or name sessions: make test-matrix SESSIONS=..."
            )
        chosen.append(f"full-{core}-{usable[0]}")
        chosen.extend(f"units-{core}-{python}" for python in usable[1:])
    for line in missing:
        print(f"not run, no interpreter found: {line}", flush=True)
    return chosen


def main(arguments: Sequence[str]) -> int:
    pythons = project.find_pythons()
    names = list(arguments) or choose(pythons)
    folder = project.BUILD / "pythons"
    folder.mkdir(parents=True, exist_ok=True)
    for version, path in pythons.items():
        link = folder / f"python{version}"
        with contextlib.suppress(FileNotFoundError):
            link.unlink()
        link.symlink_to(path)
    tools = project.venv("matrix")
    env = project.environment(tools)
    env["PATH"] = f"{folder}:{env['PATH']}"
    with project.locked("matrix"):
        command = [str(tools / "bin" / "nox"), "--envdir", str(project.place() / "nox"), "--reuse-venv", "yes"]
        return subprocess.run([*command, "--session", *names], cwd=project.ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    project.main_of(main)
