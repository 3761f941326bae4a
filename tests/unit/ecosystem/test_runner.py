# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX runs: ansible-runner, with the credential in the environment, and nothing secret in what it keeps."""

from __future__ import annotations

import json

import pytest
from ecosystem_support import WISH, names

ansible_runner = pytest.importorskip(
    "ansible_runner", reason="ansible-runner is not installed: pip install ansible-runner"
)

EVENT_LIMIT = 400_000  # AWX drops what is larger
PEOPLE = 600
PASSWORD = "an-Invented-pass-0"


@pytest.fixture
def job(workshop, service):
    """Runs a playbook as AWX does: a folder with project, inventory and environment, and the artifacts it leaves."""

    def run(playbook, check=False, **variables):
        # A folder for each job: what is given for one is kept there, and would be given to the next.
        private = workshop.folder / f"job{len(list(workshop.folder.glob('job*')))}"
        project = private / "project"
        project.mkdir(parents=True, exist_ok=True)
        (project / f"{playbook}.yml").write_text(f"- import_playbook: pingone.directory.{playbook}\n", encoding="utf-8")
        credential = {
            "P1_BASE_URL": service.base_url,
            "P1_REGION": "",
            "P1_CLIENT_ID": service.client_id,
            "P1_API_KEY": service.api_key,
        }
        done = ansible_runner.run(
            private_data_dir=str(private),
            playbook=f"{playbook}.yml",
            inventory={"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}},
            envvars={**workshop.environment(), **credential},
            extravars=variables,
            cmdline="--check" if check else None,
            verbosity=3,
            quiet=True,
        )
        events = list(done.events)
        sizes = [len(json.dumps(event)) for event in events]
        assert max(sizes) < EVENT_LIMIT, f"an event of {max(sizes)} bytes"
        stats = [event["event_data"] for event in events if event["event"] == "playbook_on_stats"]
        # The environment of the job is what the credential is; AWX masks it. All else must not hold it.
        kept = [
            path
            for path in (private / "artifacts" / done.config.ident).rglob("*")
            if path.is_file() and path.name != "command"
        ]
        text = json.dumps(events) + "".join(path.read_text(encoding="utf-8", errors="replace") for path in kept)
        assert service.api_key not in text
        assert len(kept) > 5
        return done, text, (stats[0].get("artifact_data") or {}) if stats else {}

    return run


def test_audit_approve_apply_audit(workshop, service, job):
    """The workflow, with a directory that needs hundreds of changes."""
    people = [
        {"user_name": f"person{number}@example.org", "title": "Engineer", "groups": ["Sales, EU"]}
        for number in range(PEOPLE)
    ]
    src = workshop.write("directory/all.json", json.dumps({"users": WISH["users"] + people, "groups": WISH["groups"]}))
    given = {"p1_output_dir": str(workshop.folder / "out")}

    done, text, artifacts = job(
        "audit", check=True, directory_audit_src=str(src.parent), directory_audit_fail_on_drift="false", **given
    )
    assert done.status == "successful", done.stdout.read()
    assert service.writes() == []
    plan = artifacts["p1_plans"]["localhost"]
    assert sum(plan["drift"]["missing"].values()) == 2 * PEOPLE + 4
    assert "example.org" not in json.dumps(artifacts), "names of people in an artifact"
    assert (workshop.folder / "out/localhost/audit/report.html").stat().st_size > 100_000

    given.update(directory_apply_src=str(src.parent), directory_apply_require_approval=True)
    done, text, unused = job("apply", **given)
    assert (done.status, service.writes()) == ("failed", [])
    done, text, artifacts = job("apply", p1_plans=artifacts["p1_plans"], **given)
    assert done.status == "successful", done.stdout.read()
    assert len(names(service)[0]) == PEOPLE + 3

    done, text, artifacts = job(
        "audit", check=True, directory_audit_src=str(src.parent), directory_audit_fail_on_drift="true"
    )
    assert done.status == "successful", done.stdout.read()
    assert sum(artifacts["p1_plans"]["localhost"]["drift"]["missing"].values()) == 0

    service.seed([], [{"displayName": "Extra"}])
    service.store.delete_group(service.store.group_id("Sales, EU"))
    done, text, artifacts = job(
        "audit", check=True, directory_audit_src=str(src.parent), directory_audit_fail_on_drift="true"
    )
    assert done.status == "failed"
    assert '"msg": "Drift' in text
    assert artifacts["p1_plans"]["localhost"]["plan_sha256"], "a job that fails on drift leaves its artifact too"


def test_answers_of_surveys(service, job):
    """Onboard and offboard with what a survey sends: text for everything, and empty text for what was left out."""
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
    done, text, unused = job("onboard", user_onboard_password="", **answers)
    assert done.status == "successful", done.stdout.read()
    made_up = service.dump()["passwords"][service.store.user_id("ann@example.org")]
    assert len(made_up) == 28 and made_up not in text, "the random password shows"
    answers["user_onboard_user_name"] = "bob@example.org"
    answers["user_onboard_email"] = "bob@example.org"
    done, text, unused = job("onboard", user_onboard_password=PASSWORD, **answers)
    assert done.status == "successful", done.stdout.read()
    assert PASSWORD in service.dump()["passwords"].values()
    assert PASSWORD not in text, "the given password shows"
    answers = {
        "user_offboard_user_name": "bob@example.org",
        "user_offboard_external_id": "",
        "user_offboard_mode": "disable",
        "user_offboard_keep_groups": "",
    }
    done, text, unused = job("offboard", **answers)
    assert done.status == "successful", done.stdout.read()
    (bob,) = (user for user in service.dump()["users"].values() if user["userName"] == "bob@example.org")
    assert not bob["active"]
    assert [group["display"] for group in bob["groups"]] == ["Users"]
    done, text, unused = job("access", group_access_grant="ann@example.org: Nowhere", group_access_revoke="")
    assert done.status == "failed"
    assert "does not exist" in text
