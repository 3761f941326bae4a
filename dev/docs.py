# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make docs: the documentation site, from the documentation of plugins and roles and from docs/docsite."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

import project


def main(_arguments: Sequence[str]) -> int:
    venv = project.venv("docs")
    with project.locked("docs"):
        copy = project.tree("docs")
        source, site = project.BUILD / "docs-source", project.BUILD / "docs"
        for folder in (source, site):
            shutil.rmtree(folder, ignore_errors=True)
        source.mkdir()
        shutil.copyfile(project.ROOT / "dev" / "sphinx_conf.py", source / "conf.py")
        collections = str(project.collections_path(copy))
        env = project.environment(venv, ANSIBLE_COLLECTIONS_PATH=collections)
        collection = f"{project.NAMESPACE}.{project.NAME}"
        antsibull = ["antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"]
        commands = (
            [*antsibull, "--dest-dir", str(source), collection],
            ["sphinx-build", "-M", "html", str(source), str(site), "--fail-on-warning", "--keep-going", "-q"],
        )
        for command in commands:
            program = str(venv / "bin" / command[0])
            status = subprocess.run([program, *command[1:]], cwd=copy, env=env, stdin=subprocess.DEVNULL, check=False).returncode
            if status:
                raise project.Failure(f"{' '.join(command)} ended with {status}")
    print(f"the site: {os.path.relpath(site / 'html' / 'index.html', project.ROOT)}")
    return 0


if __name__ == "__main__":
    project.main_of(main)
