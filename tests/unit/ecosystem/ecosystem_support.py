# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the programs of Ansible on this Python, without user settings and with the collection on their path."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

ROOT = Path(__file__).resolve().parents[3]
# The desired state for the tests of this folder; the directory is initially empty.
DESIRED = {
    "users": [{"user_name": "ann@example.org", "title": "Engineer"}, {"user_name": "bob@example.org"}],
    "groups": [{"display_name": "Sales, EU", "members": {"users": ["ann@example.org"]}}],
}


class Workshop:
    """A working folder and the programs of Ansible."""

    def __init__(self, folder, warm_ansible):
        self.folder = folder
        self.environment = warm_ansible.environment
        self.collections = warm_ansible.collections

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
        return path

    def run(self, *command, cwd=None, env=None):
        """Run a program and return its exit code and output."""
        answer = subprocess.run(
            [str(word) for word in command],
            cwd=cwd or self.folder,
            env=self.environment(**(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return answer.returncode, answer.stdout

    def play(self, playbook, *arguments, service=None, fails=False, env=None, cwd=None, **variables):
        """Run a playbook of the collection and return its output, which must contain no secret."""
        env = dict(env or {})
        if service is not None:
            env.update(P1_BASE_URL=service.base_url, P1_CLIENT_ID=service.client_id, P1_API_KEY=service.api_key)
        name = playbook if os.sep in str(playbook) else f"pingone.directory.{playbook}"
        code, text = self.run("ansible-playbook", name, *arguments, "-e", json.dumps(variables), env=env, cwd=cwd)
        assert (code != 0) is fails, text
        assert service is None or service.api_key not in text
        return text

    def encrypted(self, text):
        """Return a text encrypted for ansible-vault and the arguments that decrypt it, without starting the program."""
        secret = "a password of a vault"
        arguments = ("--vault-password-file", self.write("vault-password", secret))
        vault = VaultLib([("default", VaultSecret(secret.encode()))])
        return vault.encrypt(text).decode(), arguments

    def vaulted(self, name, content):
        """Write an encrypted file; return the arguments that decrypt it."""
        text, arguments = self.encrypted(content if isinstance(content, str) else yaml.safe_dump(content))
        self.write(name, text)
        return arguments

    def copy_of_collection(self):
        """Return a folder with the files that git would put into an archive."""
        target = self.folder / "copy"
        ignored = shutil.ignore_patterns(".*", "__pycache__", "*.tar.gz", "output", "collections")
        shutil.copytree(ROOT, target, ignore=ignored)
        return target


def names(service):
    """Return the names of users and groups in a service."""
    held = service.dump()
    return (
        sorted(user["userName"] for user in held["users"].values()),
        sorted(group["displayName"] for group in held["groups"].values()),
    )
