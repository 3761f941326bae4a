# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test files of the roles: temporary journals are always removed, and check mode needs no folders."""

from __future__ import annotations

import os
import re
import tempfile

import yaml


def include(role, **variables):
    """Return a task that runs a role."""
    return {
        "name": "Run",
        "ansible.builtin.include_role": {"name": f"pingone.directory.{role}"},
        "vars": {f"{role}_{name}": value for name, value in variables.items()},
    }


def run(workshop, service, *tasks, arguments=()):
    """Run tasks with their own temporary folder and return the files that remain in it."""
    head = {"name": "Play", "hosts": "localhost", "connection": "local", "gather_facts": False}
    workshop.write("play.yml", yaml.safe_dump([{**head, "tasks": list(tasks)}], sort_keys=False))
    with tempfile.TemporaryDirectory() as temporary:  # ansible-core 2.21 has a socket in it, whose path must be short
        printed = workshop.play(str(workshop.folder / "play.yml"), *arguments, service=service, env={"TMPDIR": temporary})
        return printed, [name for name in os.listdir(temporary) if "p1-plan" in name]


def test_temporary_journals_are_removed_after_failure_and_success(workshop, service):
    """One playbook serves all cases, because each start takes seconds."""
    missing = str(workshop.folder / "none.yml")
    tasks = [
        {
            "name": "Fail",
            "block": [include(role, src=missing), {"name": "It did not", "ansible.builtin.debug": {"msg": "no failure"}}],
            "rescue": [{"name": "Say why", "ansible.builtin.debug": {"msg": f"{role}: {{{{ ansible_failed_result.msg }}}}"}}],
        }
        for role in ("directory_audit", "directory_apply")
    ]
    printed, left = run(workshop, service, *tasks, include("directory_audit", users=[{"user_name": "ann"}]))
    assert left == []
    for role in ("directory_audit", "directory_apply"):
        assert re.search(rf'"msg": "{role}: .*none\.yml does not exist', printed), printed
    assert "no failure" not in printed


def test_check_mode_needs_no_backup_folder(workshop, service):
    folder = workshop.folder / "backups"
    given = {"users": [{"user_name": "admin@example.com", "title": "x"}], "backup_dir": str(folder)}
    run(workshop, service, include("directory_apply", **given), arguments=["--check"])
    assert not folder.exists()
    run(workshop, service, include("directory_apply", **given))
    (backup,) = folder.glob("*.yml")
    assert (backup.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
