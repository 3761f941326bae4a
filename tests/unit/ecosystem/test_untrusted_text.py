# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that text of the directory is never templated on the controller, however a document returns to Ansible."""

from __future__ import annotations

import json

import pytest
import yaml


def play(*tasks, **more):
    head = {"name": "Play", "hosts": "localhost", "connection": "local", "gather_facts": False}
    return {**head, "tasks": list(tasks), **more}


def load(path):
    return [
        {"name": f"Load {path}", "ansible.builtin.include_vars": {"file": path, "name": "loaded"}},
        {"name": "Use it", "ansible.builtin.debug": {"msg": "{{ loaded }}"}},
    ]


OFFBOARD = {
    "name": "Offboard",
    "ansible.builtin.include_role": {"name": "pingone.directory.user_offboard"},
    "vars": {"user_offboard_user_name": "ann", "user_offboard_groups_file": "records/"},
}
RECIPE = {
    "name": "Undo the offboarding",
    "vars": {"record": "{{ lookup('ansible.builtin.file', 'records/ann.yml') | pingone.directory.p1_from_yaml }}"},
    "block": [
        {"name": "Enable", "pingone.directory.p1_user": {"id": "{{ record.id }}", "active": True}},
        {
            "name": "Add",
            "pingone.directory.p1_group_membership": {"group_id": "{{ item.id }}", "user_ids": ["{{ record.id }}"]},
            "loop": "{{ record.left_groups }}",
            "loop_control": {"label": "{{ item.display_name }}"},
        },
        {"name": "Show", "ansible.builtin.debug": {"msg": "{{ record }}"}},
    ],
}


@pytest.fixture
def hostile(workshop, service):
    """Return a group and a profile that would run a command, and the file that the command would create."""
    marker = workshop.folder / "evaluated"
    name = f"{{{{ lookup('pipe', 'touch {marker}') }}}}"
    service.seed(
        users=[{"userName": "ann", "displayName": name}, {"userName": "bob", "title": f"x {name} {{# y #}}"}],
        groups=[{"displayName": name, "members": ["ann"]}],
    )
    return marker


def run(workshop, service, *plays):
    workshop.write("play.yml", yaml.safe_dump(list(plays), sort_keys=False))
    return workshop.play(str(workshop.folder / "play.yml"), "-v", service=service)


def test_exports_backups_and_records_are_not_templated(workshop, service, hostile):
    (workshop.folder / "folder").mkdir()
    written = play(
        {"name": "Export", "pingone.directory.p1_directory_export": {"dest": "d.yml"}},
        {"name": "Export all", "pingone.directory.p1_directory_export": {"dest": "folder/"}},
        {
            "name": "Change",
            "pingone.directory.p1_directory": {
                "users": [{"user_name": "ann", "display_name": "Ann"}, {"user_name": "bob", "title": "x"}],
                "backup": "b.yml",
            },
        },
        OFFBOARD,
        OFFBOARD,
        RECIPE,
        *load("d.yml"),
        *load("b.yml"),
        *load("records/ann.yml"),
        {"name": "Give it back", "pingone.directory.p1_directory": {"src": "d.yml"}, "register": "back"},
        {"name": "Fail", "ansible.builtin.assert": {"that": "back.counts.group.created == 0"}},
    )
    printed = run(
        workshop,
        service,
        written,
        play({"name": "Use", "ansible.builtin.debug": {"msg": "{{ users }} {{ groups }}"}}, vars_files=["d.yml"]),
    )
    assert not hostile.exists()
    assert f"touch {hostile}" in printed
    (record,) = (workshop.folder / "records").glob("ann.yml")
    assert "!unsafe" in record.read_text(encoding="utf-8")
    members = next(group for group in service.dump()["groups"].values() if "touch" in group["displayName"])["members"]
    assert len(members) == 1  # the recipe has added ann again


def test_json_is_read_with_from_json(workshop, service, hostile):
    export = {"name": "Export", "pingone.directory.p1_directory_export": {"dest": "d.json", "format": "json"}}
    read = "{{ lookup('ansible.builtin.file', 'd.json') | from_json }}"
    run(workshop, service, play(export, {"name": "Use", "ansible.builtin.debug": {"msg": read}}))
    assert not hostile.exists()
    assert json.loads((workshop.folder / "d.json").read_text(encoding="utf-8"))["groups"]
    # The counter-test: these documents are templated if they are loaded as variables, which the docs advise against.
    run(workshop, service, play(*load("d.json")))
    assert hostile.exists()


def test_an_account_with_an_unpaired_surrogate_is_offboarded(workshop, service):
    """Such an account must not stay active because of a text with invalid Unicode."""
    service.configure(half_characters="stored")
    service.seed(users=[{"userName": "ann", "displayName": "bye\ud83d"}], groups=[{"displayName": "team", "members": ["ann"]}])
    run(workshop, service, play(OFFBOARD))
    ann = next(user for user in service.dump()["users"].values() if user["userName"] == "ann")
    assert ann["active"] is False and ann["displayName"] == "bye\ud83d"
    assert "team" in (workshop.folder / "records" / "ann.yml").read_text(encoding="utf-8")
