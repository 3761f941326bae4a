# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test jobs as AWX runs them: ansible-runner, the credential in the environment, and artifacts without secrets."""

from __future__ import annotations

import json
import sys

import pytest
from ecosystem_support import DESIRED, names

from soak.depth import EVERYTHING

pytest.importorskip("ansible_runner", reason="ansible-runner is not installed: pip install ansible-runner")

EVENT_LIMIT = 400_000  # AWX drops what is larger
PEOPLE = 300 if EVERYTHING else 100  # test_p1_directory tests the size of large results
PASSWORD = "an-Invented-pass-0"


class Job:
    """A playbook run as AWX does it, with project, inventory and environment folders, and its artifacts."""

    def __init__(self, workshop, service, playbook, check, variables):
        # A folder for each job, because ansible-runner keeps the settings of a job and would use them for the next.
        self.folder = workshop.folder / f"job{len(list(workshop.folder.glob('job*')))}"
        name = self.folder.name
        workshop.write(f"{name}/project/{playbook}.yml", f"- import_playbook: pingone.directory.{playbook}\n")
        workshop.write(f"{name}/inventory/hosts.yml", "all: {hosts: {localhost: {ansible_connection: local}}}")
        credential = {
            "P1_BASE_URL": service.base_url,
            "P1_REGION": "",
            "P1_CLIENT_ID": service.client_id,
            "P1_API_KEY": service.api_key,
        }
        workshop.write(f"{name}/env/envvars", credential)
        workshop.write(f"{name}/env/extravars", variables)
        command = [
            sys.executable,
            "-m",
            "ansible_runner",
            "run",
            self.folder,
            "-p",
            f"{playbook}.yml",
            "--ident",
            "1",
            "-vvv",
            "-q",
        ]
        workshop.run(*command, *(["--cmdline=--check"] if check else []))
        artifacts = self.folder / "artifacts" / "1"
        self.succeeded = (artifacts / "status").read_text() == "successful"
        self.output = (artifacts / "stdout").read_text()
        # "command" contains the environment of the job, including the credential, which AWX masks.
        kept = [path for path in artifacts.rglob("*") if path.is_file() and path.name != "command"]
        self.text = "".join(path.read_text(encoding="utf-8", errors="replace") for path in kept)
        events = [path.read_text(encoding="utf-8") for path in sorted((artifacts / "job_events").glob("*.json"))]
        assert len(events) > 10
        assert max(map(len, events)) < EVENT_LIMIT
        assert service.api_key not in self.text
        stats = [event["event_data"] for event in map(json.loads, events) if event["event"] == "playbook_on_stats"]
        self.artifacts = stats[0].get("artifact_data") or {}


@pytest.fixture
def job(workshop, service):
    def run(playbook, check=False, **variables):
        return Job(workshop, service, playbook, check, variables)

    return run


@pytest.fixture
def desired(workshop):
    """Return a directory that needs hundreds of changes."""
    people = [
        {"user_name": f"person{number}@example.org", "title": "Engineer", "groups": ["Sales, EU"]}
        for number in range(PEOPLE)
    ]
    document = {"users": DESIRED["users"] + people, "groups": DESIRED["groups"]}
    return str(workshop.write("directory/all.json", json.dumps(document)).parent)


def test_audit_approve_apply_audit(workshop, service, job, desired):
    """Run the workflow from an audit with drift to an audit with new drift."""
    given = {"p1_output_dir": str(workshop.folder / "out")}
    done = job("audit", check=True, directory_audit_src=desired, directory_audit_fail_on_drift="false", **given)
    assert done.succeeded, done.output
    assert service.writes() == []
    plans = done.artifacts["p1_plans"]
    plan = plans["localhost"]
    assert sum(plan["drift"]["missing"].values()) == 2 * PEOPLE + 4
    assert "example.org" not in json.dumps(plans), "names of people in an artifact"
    assert (workshop.folder / "out/localhost/audit/report.html").stat().st_size > 300 * PEOPLE

    done = job("apply", p1_plans=plans, directory_apply_src=desired, directory_apply_require_approval=True, **given)
    assert done.succeeded, done.output
    assert len(names(service)[0]) == PEOPLE + 3

    if not EVERYTHING:
        return  # test_audit_of_two_directories_and_apply_of_its_plans covers the rest
    service.seed([], [{"displayName": "Extra"}])
    service.store.delete_group(service.store.group_id("Sales, EU"))
    done = job("audit", check=True, directory_audit_src=desired, directory_audit_fail_on_drift="true")
    assert not done.succeeded
    assert '"msg": "Drift' in done.text
    assert done.artifacts["p1_plans"]["localhost"]["plan_sha256"], "a job that fails on drift leaves its artifact too"


@pytest.mark.matrix
def test_apply_without_approval_is_refused_and_an_audit_without_drift_succeeds(workshop, service, job, desired):
    """In a job of AWX, it behaves as in test_audit_of_two_directories_and_apply_of_its_plans and the role targets."""
    done = job("apply", directory_apply_src=desired, directory_apply_require_approval=True, p1_output_dir=str(workshop.folder / "out"))
    assert not done.succeeded
    assert service.writes() == []
    document = json.loads((workshop.folder / "directory/all.json").read_text())
    service.seed(
        [{"userName": user["user_name"], **({"title": user["title"]} if "title" in user else {})} for user in document["users"]],
        [{"displayName": "Sales, EU", "members": [user["user_name"] for user in document["users"] if user["user_name"] != "bob@example.org"]}],
    )
    done = job("audit", check=True, directory_audit_src=desired, directory_audit_fail_on_drift="true")
    assert done.succeeded, done.output
    assert sum(done.artifacts["p1_plans"]["localhost"]["drift"]["missing"].values()) == 0


def test_answers_of_surveys(service, job):
    """A survey sends every answer as text, and empty text for omitted answers."""
    service.seed([], [{"displayName": "Sales, EU"}])
    answers = {
        "user_onboard_user_name": "ann@example.org",
        "user_onboard_given_name": "Ann",
        "user_onboard_family_name": "",
        "user_onboard_email": "ann@example.org",
        "user_onboard_external_id": "",
        "user_onboard_groups": "Sales, EU\r\n",
        "user_onboard_password_expired": "true",
        "user_onboard_password_mail": "false",
        "user_onboard_attributes": "",
        "user_onboard_reactivate": "false",
    }
    done = job("onboard", user_onboard_password="", **answers)
    assert done.succeeded, done.output
    made_up = service.dump()["passwords"][service.store.user_id("ann@example.org")]
    assert len(made_up) == 28 and made_up not in done.text, "the random password shows"
    answers["user_onboard_user_name"] = "bob@example.org"
    answers["user_onboard_email"] = "bob@example.org"
    done = job("onboard", user_onboard_password=PASSWORD, **answers)
    assert done.succeeded, done.output
    assert PASSWORD in service.dump()["passwords"].values()
    assert PASSWORD not in done.text, "the given password shows"
    answers = {
        "user_offboard_user_name": "bob@example.org",
        "user_offboard_external_id": "",
        "user_offboard_mode": "disable",
        "user_offboard_keep_groups": "",
    }
    done = job("offboard", **answers)
    assert done.succeeded, done.output
    (bob,) = (user for user in service.dump()["users"].values() if user["userName"] == "bob@example.org")
    assert not bob["active"]
    assert [group["display"] for group in bob["groups"]] == ["Users"]
    done = job("access", group_access_grant="ann@example.org: Nowhere", group_access_revoke="")
    assert not done.succeeded
    assert "No such group: Nowhere" in done.text
