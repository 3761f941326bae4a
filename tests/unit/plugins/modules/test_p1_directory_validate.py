# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test validate_only of p1_directory: no requests, no credentials, all problems with their places, the usual result keys."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from ansible_collections.pingone.directory.plugins.module_utils._documents.schema import COPY_NAME
from ansible_collections.pingone.directory.plugins.module_utils._http import transport

MODULE = "p1_directory"
NO_CONNECTION = {"client_id": None, "api_key": None, "base_url": None}

PEOPLE = """\
users:
  - user_name: marcher
    title: Architect
    groups: [Engineering]
  - user_name: jdoe
"""
TEAMS = """\
groups:
  - display_name: Engineering
    membership: exact
    members:
      users: [jdoe]
"""
BROKEN_PEOPLE = """\
users:
  - user_name: marcher
    titel: Architect
  - user_name: jdoe
    state: absent
    emails: jdoe@example.org
"""
BROKEN_TEAMS = """\
groups:
  - display_name: Engineering
    members: {users: [jdoe], groups: [Engineering]}
  - display_name: [Sales]
"""


@pytest.fixture
def folder(tmp_path):
    """Return a folder of valid documents."""
    (tmp_path / "people.yml").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "teams.yml").write_text(TEAMS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("check", [False, True])
def test_valid_documents(directory, folder, check):
    result = directory.ok(MODULE, connection=NO_CONNECTION, check=check, validate_only=True, src=str(folder))
    assert result["msg"] == "The desired state is valid: 2 users, 1 group, 2 memberships. No request was sent"
    assert (result["changed"], result["sent"], result["plan"], result["plan_sha256"]) == (False, [], [], None)
    assert result["api"] == {"reads": 0, "writes": 0, "retries": 0, "throttled_seconds": 0.0}
    assert result["predicted"] == {"reads": 0, "writes": 0}
    assert not any(count for counts in result["counts"].values() for count in counts.values())
    assert not any(result["drift"].values())
    assert "warnings" not in result or result["warnings"] == []


@pytest.mark.parametrize("check", [False, True])
def test_all_problems_of_all_documents_are_reported(directory, folder, check):
    (folder / "people.yml").write_text(BROKEN_PEOPLE, encoding="utf-8")
    (folder / "teams.yml").write_text(BROKEN_TEAMS, encoding="utf-8")
    (folder / "torn.yml").write_text("users: [", encoding="utf-8")
    failed = directory.fails(MODULE, connection=NO_CONNECTION, check=check, validate_only=True, src=str(folder))
    assert failed["sent"] == [] and failed["changed"] is False
    expected = [
        f"{folder}/torn.yml:2: invalid YAML",
        f"{folder}/people.yml:2 ('marcher') has the unknown option 'titel'. Did you mean 'title'?",
        f"{folder}/people.yml:4 ('jdoe').emails must be a list, not text",
        f"{folder}/teams.yml:4.display_name must be text, not a list",
        f"{folder}/teams.yml:2 ('Engineering'): the group would be nested in itself: 'Engineering' > 'Engineering'",
    ]
    assert len(failed["problems"]) == len(expected), failed["problems"]
    assert all(problem.startswith(start) for problem, start in zip(failed["problems"], expected)), failed["problems"]
    assert failed["msg"].startswith(f"Could not validate the desired state: {len(expected)} problems: {folder}/")
    assert failed["failure"]["operation"] == "validate the desired state"


def test_validation_writes_no_file(directory, folder):
    files = {"journal": str(folder.parent / "journal.jsonl"), "backup": str(folder / "no" / ".such" / "backup.yml")}
    directory.ok(MODULE, connection=NO_CONNECTION, validate_only=True, src=str(folder), **files)
    assert sorted(path.name for path in folder.iterdir()) == ["people.yml", "teams.yml"]
    assert not (folder.parent / "journal.jsonl").exists()


def test_validation_works_without_requests(directory, folder, monkeypatch):
    monkeypatch.setattr(transport, "requests", None)
    directory.ok(MODULE, connection=NO_CONNECTION, validate_only=True, src=str(folder))
    assert "requests" in directory.fails(MODULE, src=str(folder))["msg"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"limits": {"max_deletes": "many"}}, "limits.max_deletes"),
        ({"scope": {"users": {"titel": ["x"]}}}, "scope: 'titel' is not a text option"),
        ({"src": "/no/such/folder"}, "/no/such/folder does not exist"),
        ({"approved_plan": ""}, "approved_plan is empty"),
    ],
)
def test_options_are_validated(directory, folder, options, expected):
    failed = directory.fails(MODULE, connection=NO_CONNECTION, **{"validate_only": True, "src": str(folder), **options})
    assert expected in failed["msg"]


def test_warnings_name_suspicious_values(directory, folder):
    (folder / "teams.yml").write_text("groups: [{name: Sales, members: {users: [marhcer]}}]", encoding="utf-8")
    (folder / "notes.txt").write_text("", encoding="utf-8")
    result = directory.ok(MODULE, connection=NO_CONNECTION, validate_only=True, src=str(folder))
    assert any("user 'marhcer' is not declared. Did you mean 'marcher'?" in text for text in result["warnings"])
    assert any("notes.txt" in text for text in result["warnings"])


def test_a_valid_state_can_be_planned_and_no_secret_is_shown(directory, folder):
    (folder / "people.yml").write_text(PEOPLE + "    password: [never-Shown-1]\n", encoding="utf-8")
    failed = directory.fails(MODULE, connection=NO_CONNECTION, validate_only=True, src=str(folder))
    assert "password must be text" in failed["msg"] and "never-Shown-1" not in str(failed)
    (folder / "people.yml").write_text(PEOPLE, encoding="utf-8")
    directory.ok(MODULE, connection=NO_CONNECTION, validate_only=True, src=str(folder))
    assert directory.ok(MODULE, check=True, src=str(folder))["counts"]["membership"]["added"] == 2


def test_problems_of_csv_documents_are_included(directory, folder):
    (folder / "hr.csv").write_text("user_name;active;groups\nrdoe;perhaps;Sales\njdoe;yes;Sales\n", encoding="utf-8")
    (folder / "odd.csv").write_text("user_name,titel\nodd,x\n", encoding="utf-8")
    failed = directory.fails(MODULE, connection=NO_CONNECTION, validate_only=True, src=str(folder))
    assert failed["sent"] == []
    twice = f"{folder}/people.yml:5 ('jdoe') names the same object as {folder}/hr.csv:3 ('jdoe')"
    for expected in (f"{folder}/hr.csv:2, column 'active'", f"{folder}/odd.csv", twice):
        assert sum(expected in problem for problem in failed["problems"]) == 1, failed["problems"]
    assert len(failed["problems"]) == 3
    (folder / "odd.csv").unlink()
    (folder / "hr.csv").write_text("user_name;active;groups\nrdoe;yes;Sales\n", encoding="utf-8")
    result = directory.ok(MODULE, connection=NO_CONNECTION, validate_only=True, src=str(folder))
    assert result["msg"].startswith("The desired state is valid: 3 users, 1 group, 3 memberships")


def test_a_backup_is_valid_and_refers_to_the_schema(directory, tmp_path):
    directory.service.seed(users=[{"userName": "jdoe", "title": "Nurse"}])
    users = [{"user_name": "jdoe", "title": "Doctor"}, {"user_name": "new"}]
    directory.ok(MODULE, users=users, backup=str(tmp_path / "backup.json"))
    assert not (tmp_path / COPY_NAME).exists(), "JSON has no comments"
    directory.ok(MODULE, users=[{"user_name": "jdoe", "title": "Nurse"}, {"user_name": "other"}], backup=str(tmp_path / "backup.yml"))
    head, _newline, text = (tmp_path / "backup.yml").read_text(encoding="utf-8").partition("\n")
    assert head == f"# yaml-language-server: $schema={COPY_NAME}"
    document = yaml.safe_load(text)
    assert document["not_undone"]["created_users"] == ["other"]
    jsonschema.Draft7Validator(json.loads((tmp_path / COPY_NAME).read_text(encoding="utf-8"))).validate(document)
    directory.ok(MODULE, connection=NO_CONNECTION, validate_only=True, src=str(tmp_path / "backup.yml"))
