# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that a playbook applies a vaulted document and prints none of its passwords."""

from __future__ import annotations

from ansible.module_utils.common.parameters import PASS_VARS

SECRET = "An-1nvented-password"
DOCUMENT = {
    "users": [{"user_name": "vaulted", "password": SECRET}],
    "groups": [{"name": "team", "members": {"users": ["vaulted"]}}],
}


def test_a_vaulted_document_through_the_unvault_lookup(workshop, service):
    """At -vvv with --diff, the output contains the options without the secrets."""
    password = workshop.vaulted("directory.yml", DOCUMENT)
    task = {
        "name": "The vaulted document",
        "vars": {"document": "{{ lookup('ansible.builtin.unvault', 'directory.yml') | ansible.builtin.from_yaml }}"},
        "pingone.directory.p1_directory": {
            "users": "{{ document.users }}",
            "groups": "{{ document.groups }}",
            "journal": str(workshop.folder / "journal"),
        },
    }
    book = workshop.write("play.yml", [{"hosts": "localhost", "gather_facts": False, "tasks": [task]}])
    # From ansible-core 2.21 on, a result has the options on request alone.
    shown = {"ANSIBLE_INJECT_INVOCATION": "true"} if "inject_invocation" in PASS_VARS else {}
    printed = workshop.play(str(book), "-vvv", "--diff", *password, service=service, env=shown)
    held = service.dump()
    (user_id,) = (user["id"] for user in held["users"].values() if user["userName"] == "vaulted")
    (team,) = (group for group in held["groups"].values() if group["displayName"] == "team")
    assert [member["value"] for member in team["members"]] == [user_id] and held["passwords"][user_id] == SECRET
    assert SECRET not in printed and "(1 items, not shown)" in printed
    assert SECRET not in (workshop.folder / "journal").read_text(encoding="utf-8")
