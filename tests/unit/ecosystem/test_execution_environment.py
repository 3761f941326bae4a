# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test what ansible-builder reads from the collection and the context that it creates."""

from __future__ import annotations

import sys

import pytest
import yaml
from ecosystem_support import ROOT

pytest.importorskip("ansible_builder", reason="ansible-builder is not installed: pip install ansible-builder")

BUILDER = (
    sys.executable,
    "-c",
    "import sys; from ansible_builder.cli import run; sys.argv[0] = 'ansible-builder'; run()",
)
REQUIREMENTS = {"requests >= 2.28"}


def test_introspect_finds_the_dependency(workshop):
    code, text = workshop.run(*BUILDER, "introspect", workshop.collections)
    assert code == 0, text
    found = yaml.safe_load(text[text.index("---") :])
    assert {line.partition("#")[0].strip() for line in found["python"]} == REQUIREMENTS
    assert found["system"] == []


def test_create_includes_the_collection_in_the_context(workshop):
    """What the container build would do with the context is done here without a container: install the collection."""
    copy = workshop.copy_of_collection()
    code, text = workshop.run("ansible-galaxy", "collection", "build", cwd=copy)
    assert code == 0, text
    code, text = workshop.run(
        *BUILDER, "create", "--context", "context", "--output-filename", "Containerfile", cwd=copy
    )
    assert code == 0, text
    context = copy / "context"
    containerfile = (context / "Containerfile").read_text()
    base = yaml.safe_load((ROOT / "execution-environment.yml").read_text())["images"]["base_image"]["name"]
    assert f'"{base}"' in containerfile
    assert "ansible-galaxy collection install" in containerfile
    target = workshop.folder / "installed"
    command = (
        "ansible-galaxy",
        "collection",
        "install",
        "--requirements-file",
        "requirements.yml",
        "--collections-path",
        target,
    )
    code, text = workshop.run(
        *command, "--offline", "--force", cwd=context / "_build", env={"ANSIBLE_COLLECTIONS_PATH": str(target)}
    )
    assert code == 0, text
    installed = target / "ansible_collections" / "pingone" / "directory"
    assert (installed / "playbooks" / "audit.yml").is_file()
    assert (installed / "playbooks" / "files" / "awx" / "surveys" / "onboard.json").is_file()
    code, text = workshop.run(*BUILDER, "introspect", target)
    assert code == 0, text
    assert "requests" in text
