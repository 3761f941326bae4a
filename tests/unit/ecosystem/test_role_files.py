# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the roles: temporary journals are removed whatever fails, and a check run needs no folder of a later run."""

from __future__ import annotations

import re

import yaml


def include(role, **variables):
    """A task that runs a role."""
    return {
        "name": "Run",
        "ansible.builtin.include_role": {"name": f"pingone.directory.{role}"},
        "vars": {f"{role}_{name}": value for name, value in variables.items()},
    }


def run(workshop, service, *tasks, arguments=()):
    """Run tasks with a folder of its own for temporary files; what is left in that folder."""
    temporary = workshop.folder / "temporary"
    temporary.mkdir(exist_ok=True)
    head = {"name": "Play", "hosts": "localhost", "connection": "local", "gather_facts": False}
    workshop.write("play.yml", yaml.safe_dump([{**head, "tasks": list(tasks)}], sort_keys=False))
    printed = workshop.play(str(workshop.folder / "play.yml"), *arguments, service=service, env={"TMPDIR": str(temporary)})
    return printed, [path.name for path in temporary.iterdir() if path.name.startswith("p1-")]


def test_neither_a_failure_nor_an_audit_that_succeeds_leaves_a_journal_behind(workshop, service):
    """One playbook, because each start and each role takes seconds."""
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


def test_a_check_run_needs_no_folder_for_backups(workshop, service):
    folder = workshop.folder / "backups"
    given = {"users": [{"user_name": "admin@example.com", "title": "x"}], "backup_dir": str(folder)}
    run(workshop, service, include("directory_apply", **given), arguments=["--check"])
    assert not folder.exists()
    run(workshop, service, include("directory_apply", **given))
    (backup,) = folder.glob("*.yml")
    assert (backup.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
