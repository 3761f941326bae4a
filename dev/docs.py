# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make docs: the documentation site, from the documentation of plugins and roles and from docs/docsite."""

from __future__ import annotations

import os
import shutil
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path

import project

# The labels of Ansible's own documentation that the pages refer to: page and title. With a list of our own, building the
# site needs no network.
ANSIBLE_LABELS = {
    "ansible_collections.ansible.builtin.assert_module": ("collections/ansible/builtin/assert_module.html", "ansible.builtin.assert"),
    "ansible_collections.ansible.builtin.copy_module": ("collections/ansible/builtin/copy_module.html", "ansible.builtin.copy"),
    "ansible_configuration_settings": ("reference_appendices/config.html", "Ansible Configuration Settings"),
    "common_return_values": ("reference_appendices/common_return_values.html", "Return Values"),
    "module_defaults": ("playbook_guide/playbooks_module_defaults.html", "Module defaults"),
    "module_defaults_groups": ("playbook_guide/playbooks_module_defaults.html", "Module defaults groups"),
}


def write_inventory(path: Path) -> None:
    """Write the labels as the inventory of another site, in the format of Sphinx."""
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: latest\n# The remainder of this file is compressed using zlib.\n"
    lines = "".join(f"{label} std:label -1 {page}#{label.replace('_', '-')} {title}\n" for label, (page, title) in ANSIBLE_LABELS.items())
    path.write_bytes(head.encode() + zlib.compress(lines.encode()))


def main(_arguments: Sequence[str]) -> int:
    venv = project.venv("docs")
    with project.locked("docs"):
        copy = project.tree("docs")
        source, site = project.BUILD / "docs-source", project.BUILD / "docs"
        for folder in (source, site):
            shutil.rmtree(folder, ignore_errors=True)
        source.mkdir()
        shutil.copyfile(project.ROOT / "dev" / "sphinx_conf.py", source / "conf.py")
        write_inventory(source / "ansible.inv")
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
