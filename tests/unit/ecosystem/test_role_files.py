# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the roles: temporary journals are removed whatever fails, and a check run needs no folder of a later run."""

from __future__ import annotations

import pytest
import yaml


def run(workshop, service, role, *arguments, fails=False, **variables):
    """Run a role with a folder of its own for temporary files; what is left in that folder."""
    temporary = workshop.folder / "temporary"
    temporary.mkdir(exist_ok=True)
    task = {
        "name": "Run",
        "ansible.builtin.include_role": {"name": f"pingone.directory.{role}"},
        "vars": {f"{role}_{name}": value for name, value in variables.items()},
    }
    head = {"name": "Play", "hosts": "localhost", "connection": "local", "gather_facts": False}
    workshop.write("play.yml", yaml.safe_dump([{**head, "tasks": [task]}], sort_keys=False))
    printed = workshop.play(
        str(workshop.folder / "play.yml"), *arguments, service=service, fails=fails, env={"TMPDIR": str(temporary)}
    )
    return printed, [path.name for path in temporary.iterdir() if path.name.startswith("p1-")]


@pytest.mark.parametrize("role", ["directory_audit", "directory_apply"])
def test_a_run_that_fails_leaves_no_journal_behind(workshop, service, role):
    printed, left = run(workshop, service, role, fails=True, src=str(workshop.folder / "none.yml"))
    assert "none.yml does not exist" in printed and left == []


def test_an_audit_that_succeeds_leaves_none_either(workshop, service):
    _printed, left = run(workshop, service, "directory_audit", users=[{"user_name": "ann"}])
    assert left == []


def test_a_check_run_needs_no_folder_for_backups(workshop, service):
    folder = workshop.folder / "backups"
    given = {"users": [{"user_name": "admin@example.com", "title": "x"}], "backup_dir": str(folder)}
    run(workshop, service, "directory_apply", "--check", **given)
    assert not folder.exists()
    run(workshop, service, "directory_apply", **given)
    (backup,) = folder.glob("*.yml")
    assert (backup.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
