# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the playbooks of job templates with one and several directories, an approved plan, onboarding and offboarding."""

from __future__ import annotations

import datetime
import json
import re
import shlex
import shutil

import pytest
import yaml
from ecosystem_support import DESIRED, ROOT, Workshop, names

from emulator import DirectoryService, Settings
from soak.depth import EVERYTHING


@pytest.fixture
def two(workshop):
    """Provide two directories, each a host of the inventory with its own credentials."""
    with (
        DirectoryService(Settings(), client_id="client-one", api_key="key-of-one") as one,
        DirectoryService(Settings(), client_id="client-two", api_key="key-of-two") as two,
    ):
        hosts = {
            name: {"p1_base_url": service.base_url, "p1_client_id": service.client_id, "p1_api_key": service.api_key}
            for name, service in (("one", one), ("two", two))
        }
        workshop.write("inventory.yml", {"all": {"children": {"directories": {"hosts": hosts}}}})
        yield one, two


def artifact(text):
    """Return the data of set_stats, as a job passes it on."""
    found = re.search(r"RUN: (\{.*\})", re.sub(r"\s+", " ", text.partition("CUSTOM STATS")[2]))
    return json.loads(found[1].replace("'", '"'))["p1_plans"]


def test_audit_of_two_directories_and_apply_of_its_plans(workshop, two):
    """As in the workflow: the artifact of the audit is a variable of the apply."""
    desired = workshop.write("desired.yml", DESIRED)
    two[1].seed([{"userName": "ann@example.org", "title": "Engineer"}, {"userName": "bob@example.org"}], [])
    for service in two:
        service.clear_log()
    common = {"p1_hosts": "directories", "p1_output_dir": str(workshop.folder / "out")}
    given = {"directory_audit_src": str(desired), "awx_job_id": 4711, "directory_audit_fail_on_drift": "true"}
    text = workshop.play("audit", "-i", "inventory.yml", "--check", fails=True, **given, **common)
    assert len(re.findall(r'"msg": "Drift', text)) == 2
    assert [service.writes() for service in two] == [[], []]
    assert all(service.log for service in two)
    plans = artifact(text)
    assert set(plans) == {"one", "two"}
    assert plans["one"]["plan_sha256"] != plans["two"]["plan_sha256"]
    assert sum(plans["one"]["drift"]["missing"].values()) == 4
    assert sum(plans["two"]["drift"]["missing"].values()) == 2
    for host in ("one", "two"):
        assert plans[host]["reports"] == [
            f"{workshop.folder}/out/{host}/audit/report.{kind}" for kind in ("html", "json")
        ]
        report = json.loads((workshop.folder / "out" / host / "audit" / "report.json").read_text())
        assert report["context"]["job"] in ("4711", 4711) and "commit" not in report["context"]
        assert report["directory"].startswith(f"{host} (http://127.0.0.1:")
    assert "key-of-" not in text and "key-of-" not in "".join(
        path.read_text() for path in (workshop.folder / "out").rglob("*.*")
    )
    assert "ann@example.org" not in json.dumps(plans)

    given = {"directory_apply_src": str(desired), "directory_apply_require_approval": True, "directory_apply_formats": "json", **common}
    if EVERYTHING:
        assert "approved_plan" in workshop.play("apply", "-i", "inventory.yml", fails=True, **given)
    two[1].seed([], [{"displayName": "Sales, EU"}])
    mixed = workshop.play("apply", "-i", "inventory.yml", fails=True, p1_plans=plans, **given)
    assert names(two[0])[0] == ["admin@example.com", "ann@example.org", "bob@example.org"], mixed
    assert "has changed since it was approved" in mixed
    assert two[1].writes() == [], "its plan is not the one that was approved"
    if EVERYTHING:
        again = workshop.play("apply", "-i", "inventory.yml", "--limit", "one", p1_plans=plans, **given)
        assert "changed=0" in again, "a run with nothing to do is accepted"
    assert {path.parent.parent.name for path in (workshop.folder / "out").rglob("backup/*.yml")} == {"one"}


def test_export_and_people_of_two_directories(workshop, two):
    common = {"p1_hosts": "directories", "p1_output_dir": str(workshop.folder / "out")}
    for service in two:
        service.seed([], [{"displayName": "Sales, EU"}])
    answers = {
        "user_onboard_user_name": "ann@example.org",
        "user_onboard_groups": "Sales, EU",
        "user_onboard_password": "",
    }
    refused = workshop.play("onboard", "-i", "inventory.yml", fails=True, **answers, **common)
    assert "The play would change 2 directories: one, two. Nothing was done" in refused
    assert [names(service)[0] for service in two] == [["admin@example.com"]] * 2
    workshop.play("onboard", "-i", "inventory.yml", **answers, p1_all_directories="true", **common)
    workshop.play("export", "-i", "inventory.yml", **common)
    workshop.play(
        "offboard", "-i", "inventory.yml", "--limit", "two", user_offboard_user_name="ann@example.org", **common
    )
    workshop.play(
        "access", "-i", "inventory.yml", "--limit", "one", group_access_revoke="ann@example.org: Sales, EU", **common
    )
    for service, active in zip(two, (True, False)):
        (ann,) = (user for user in service.dump()["users"].values() if user["userName"] == "ann@example.org")
        assert ann["active"] is active
        assert [group["display"] for group in ann["groups"]] == ["Users"]
    exported = sorted(
        path.relative_to(workshop.folder / "out").as_posix() for path in (workshop.folder / "out").rglob("users.yml")
    )
    assert exported == ["one/export/users.yml", "two/export/users.yml"]
    record = yaml.safe_load((workshop.folder / "out/two/offboarded/ann@example.org.yml").read_text())
    assert [group["display_name"] for group in record["left_groups"]] == ["Sales, EU"]


@pytest.mark.parametrize(
    ("playbook", "hosts", "limit", "runs"),
    [
        ("export", "one:two", "on*", True),
        pytest.param("export", "on?", None, True, marks=pytest.mark.matrix),
        ("export", "", None, True),
        ("audit", "one", "two", False),
        ("apply", "direktories", None, False),
        # An audit takes several times as long as an export, so these cases run only in the matrix.
        pytest.param("audit", "on?", None, True, marks=pytest.mark.matrix),
        pytest.param("audit", "one:two", "on*", True, marks=pytest.mark.matrix),
        pytest.param("audit", "", None, True, marks=pytest.mark.matrix),
        pytest.param("audit", "direktories", None, False, marks=pytest.mark.matrix),
        pytest.param("export", "direktories", None, False, marks=pytest.mark.matrix),
    ],
)
def test_hosts_that_match_nothing_are_reported(workshop, two, playbook, hosts, limit, runs):
    """Otherwise a job would succeed without doing anything; an empty answer is not a pattern."""
    given = {
        "audit": {"directory_audit_users": []},
        "apply": {"directory_apply_users": []},
        "export": {"directory_export_path": f"{workshop.folder}/out/"},
    }[playbook]
    env = {"P1_BASE_URL": two[0].base_url, "P1_CLIENT_ID": two[0].client_id, "P1_API_KEY": two[0].api_key}
    arguments = ["-i", "inventory.yml", *(["--limit", limit] if limit else [])]
    text = workshop.play(playbook, *arguments, env=env, fails=not runs, p1_hosts=hosts, **given)
    if runs:
        assert any(service.log for service in two)
    else:
        assert f"p1_hosts is '{hosts}'" in text and "or omit it for localhost" in text
        assert [service.log for service in two] == [[], []]


def role_play(workshop, role, **variables):
    """Return a user's own play over both directories with one of the roles."""
    connection = {name: f"{{{{ p1_{name} }}}}" for name in ("base_url", "client_id", "api_key")}
    play = {
        "name": "Both",
        "hosts": "directories",
        "connection": "local",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}", **variables},
        "module_defaults": {"group/pingone.directory.p1": connection},
        "roles": [f"pingone.directory.{role}"],
    }
    return workshop.write("both.yml", [play])


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != ".directory-1.schema.json")


@pytest.mark.matrix
def test_audits_that_share_a_path_do_not_share_files(workshop, two):
    """The same holds for the reports of an apply."""
    out = workshop.folder / "out"
    given = {"directory_audit_src": str(workshop.write("desired.yml", DESIRED)), "directory_audit_formats": "json"}
    play = role_play(workshop, "directory_audit", directory_audit_report_dir=f"{out}/reports/", **given)
    workshop.play(play, "-i", "inventory.yml")
    assert files_in(out) == ["reports/one/report.json", "reports/two/report.json"]


def test_applies_that_share_a_path_do_not_share_files(workshop, two):
    out = workshop.folder / "out"
    given = {
        "directory_apply_src": str(workshop.write("desired.yml", DESIRED)),
        "directory_apply_report_dir": f"{out}/done",
        "directory_apply_backup_dir": f"{out}/backup",
        "directory_apply_formats": "json",
    }
    play = role_play(workshop, "directory_apply", directory_apply_journal=f"{out}/journal.jsonl", **given)
    refused = workshop.play(play, "-i", "inventory.yml", fails=True)
    assert f"directory_apply_journal: {out}/journal.jsonl would be one file for 2 directories" in refused
    assert [service.writes() for service in two] == [[], []]
    if not EVERYTHING:
        return  # test_role_whole_directory tests the paths, and the first test of this file that applies use them
    journal = f"{out}/{{{{ inventory_hostname }}}}.jsonl"
    workshop.play(
        role_play(workshop, "directory_apply", directory_apply_journal=journal, **given), "-i", "inventory.yml"
    )
    found = files_in(out)
    assert [name for name in found if "backup/" not in name] == [
        "done/one/report.json",
        "done/two/report.json",
        "one.jsonl",
        "two.jsonl",
    ]
    assert [name.rpartition("/")[0] for name in found if "backup/" in name] == ["backup/one", "backup/two"]


def test_exports_that_share_a_path_do_not_share_files(workshop, two):
    out = workshop.folder / "out"
    out.mkdir()
    play = role_play(workshop, "directory_export", directory_export_path=f"{out}/export.yml")
    refused = workshop.play(play, "-i", "inventory.yml", fails=True)
    assert f"directory_export_path: {out}/export.yml would be one file for 2 directories" in refused
    if not EVERYTHING:
        return  # test_export_and_people_of_two_directories exports both to a folder
    workshop.play(play, "-i", "inventory.yml", "--limit", "one")
    (out / "export").mkdir()
    workshop.play(role_play(workshop, "directory_export", directory_export_path=f"{out}/export"), "-i", "inventory.yml")
    exported = [name for name in files_in(out) if "export" in name]
    assert [name for name in exported if "users" in name] == ["export/one/users.yml", "export/two/users.yml"]
    assert "export.yml" in exported


@pytest.mark.parametrize(
    ("playbook", "variables"),
    [
        ("audit", {"directory_audit_src": "/x", "directory_audit_report_dir": "out"}),
        ("delete_leavers", {"user_offboard_groups_file": "offboarded/"}),
        pytest.param("audit", {"directory_audit_src": "desired.yml"}, marks=pytest.mark.matrix),
        pytest.param("apply", {"directory_apply_src": "desired/"}, marks=pytest.mark.matrix),
        pytest.param("validate", {"directory_apply_src": "desired/"}, marks=pytest.mark.matrix),
        pytest.param("export", {"directory_export_path": "out/"}, marks=pytest.mark.matrix),
        pytest.param("offboard", {"user_offboard_user_name": "ann", "user_offboard_groups_file": "ann.yml"}, marks=pytest.mark.matrix),
    ],
)
def test_relative_paths_are_refused(workshop, service, playbook, variables):
    """A relative path would be inside the installed collection."""
    assert "Give absolute paths" in workshop.play(playbook, service=service, fails=True, **variables)
    assert service.log == []


BROKEN = {"users": [{"user_name": "ann", "titel": "x"}, {"user_name": "bob", "state": "absent"}], "groups": [{"name": "a", "members": {"users": ["bob"]}}]}


def test_documents_are_checked_without_a_directory(workshop):
    """Without credentials, the playbook lists all problems, one per line, or what it validated."""
    desired = workshop.write("desired.yml", BROKEN)
    text = workshop.play("validate", "--check", fails=True, directory_apply_src=str(desired))
    assert f"{desired}:" in text and "Did you mean 'title'?" in text
    assert "its member user 'bob' is to be deleted" in text and "Traceback" not in text
    desired.write_text(yaml.safe_dump(DESIRED), encoding="utf-8")
    text = workshop.play("validate", directory_apply_src=str(desired), directory_apply_unlisted_users="delete")
    assert "The desired state is valid: 2 users, 1 group, 1 membership. No request was sent" in text and "changed=0" in text


@pytest.mark.parametrize("playbook", ["access", "offboard", "onboard"])
def test_the_command_in_the_head_of_a_playbook_works_as_printed(workshop, service, playbook):
    head = (ROOT / "playbooks" / f"{playbook}.yml").read_text(encoding="utf-8")
    command = re.search(rf"^#   ansible-playbook pingone\.directory\.{playbook} (.+)$", head, re.MULTILINE)[1]
    service.seed([{"userName": "ann@example.org"}], [{"displayName": "Sales, EU"}])
    workshop.play(playbook, *shlex.split(command), service=service)
    (ann,) = (user for user in service.dump()["users"].values() if user["userName"] == "ann@example.org")
    assert ann.get("active", True) is (playbook != "offboard")
    assert ("Sales, EU" in [group["display"] for group in ann.get("groups", ())]) is (playbook == "access")


def test_leavers_are_deleted_thirty_days_after_their_offboarding(workshop, service):
    """This holds in check mode, as the head of the playbook shows it, and for real."""
    people = {"ann": 31, "bob": 30, "carl": 29, "dora": 40}
    ids = service.seed([{"userName": name, "active": name == "dora"} for name in people], [])["users"]
    now = datetime.datetime.now(datetime.timezone.utc)
    for name, days in people.items():
        time = (now - datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        record = {"record": 1, "user_name": name, "id": ids[name], "disabled": {"time": time}, "deleted": None, "left_groups": []}
        workshop.write(f"offboarded/{name}.yml", record)
    workshop.write("offboarded/notes.yml", "deleted: null\n")
    service.clear_log()

    head = (ROOT / "playbooks" / "delete_leavers.yml").read_text(encoding="utf-8").partition("---\n")[0]
    (command,) = re.findall(r"^#   (ansible-playbook .+)$", head, re.MULTILINE)
    env = {"P1_BASE_URL": service.base_url, "P1_CLIENT_ID": service.client_id, "P1_API_KEY": service.api_key}
    code, text = workshop.run("sh", "-c", command, env=env)
    assert code == 0, text
    assert "Accounts to delete: ann; bob; not due yet: 1" in text
    assert "Kept: dora" in text and "it was enabled again" in text and "notes.yml contains no account id" in text
    assert service.writes() == [] and "deleted: null" in (workshop.folder / "offboarded/ann.yml").read_text()

    given = {"user_offboard_groups_file": f"{workshop.folder}/offboarded/", "awx_job_id": 4711, "awx_user_name": "olga"}
    workshop.play("delete_leavers", service=service, **given)
    assert names(service)[0] == ["admin@example.com", "carl", "dora"]
    for name in people:
        record = yaml.safe_load((workshop.folder / f"offboarded/{name}.yml").read_text())
        assert bool(record["deleted"]) is (name in ("ann", "bob"))
    assert {**yaml.safe_load((workshop.folder / "offboarded/ann.yml").read_text())["deleted"], "time": ""} == {
        "time": "", "user": "olga", "job": "4711",
    }  # fmt: skip


@pytest.mark.matrix  # the guides and test_pipelines run these playbooks, and make demo the demo
@pytest.mark.parametrize("playbook", ["apply", "audit", "awx_project", "demo", "export", "validate"])
def test_the_commands_in_the_head_of_a_playbook_work_in_a_shell(workshop, service, playbook):
    """The commands run as printed, in the current folder of the user."""
    head = (ROOT / "playbooks" / f"{playbook}.yml").read_text(encoding="utf-8").partition("---\n")[0]
    commands = re.findall(r"^#   (ansible-playbook .+?)(?: {3,}.*)?$", head, re.MULTILINE)
    assert commands
    workshop.write("directory.yml", DESIRED)
    env = {"P1_BASE_URL": service.base_url, "P1_CLIENT_ID": service.client_id, "P1_API_KEY": service.api_key}
    for command in commands:
        code, text = workshop.run("sh", "-c", command, env=env)
        assert code == 0, text
    assert bool(service.writes()) is (playbook in ("apply", "demo"))
    made = {"awx_project": "pingone-directory/audit.yml", "export": "directory/users.yml"}.get(
        playbook, "directory.yml"
    )
    assert (workshop.folder / made).is_file()


@pytest.fixture(scope="module")
def project(tmp_path_factory, warm_ansible):
    """Create the example project once."""
    folder = tmp_path_factory.mktemp("awx")
    Workshop(folder, warm_ansible).play("awx_project", awx_project_dest=str(folder / "project"))
    return folder / "project"


@pytest.mark.xdist_group("project")
def test_project_for_awx(workshop, service, project):
    """AWX recognizes its files as playbooks, and they run."""
    if EVERYTHING:
        assert "changed=0" in workshop.play("awx_project", awx_project_dest=str(project))
    shutil.copytree(project, workshop.folder / "project")
    project = workshop.folder / "project"
    for path in project.glob("*.yml"):
        # AWX recognizes a playbook by these lines; older versions do not recognize the long name of the import.
        assert any(
            re.match(r"^\s*?-?\s*?(?:hosts|include|import_playbook):\s*?.*?$", line)
            for line in path.read_text().split("\n")
        )
    (project / "directory" / "directory.yml").write_text(yaml.safe_dump(DESIRED), encoding="utf-8")
    if EVERYTHING:  # the next test applies with the project, too
        workshop.play(project / "apply.yml", service=service, cwd=project, directory_apply_src=str(project / "directory"))
        assert names(service)[1] == ["Domain Administrators", "Sales, EU", "Users"]
    given = {"directory_audit_src": str(project / "directory"), "directory_audit_fail_on_drift": True}
    text = workshop.play(project / "audit.yml", service=service, cwd=project, fails=not EVERYTHING, **given)
    assert ("Drift: 4 missing" in text) is not EVERYTHING


@pytest.mark.xdist_group("project")
def test_host_vars_beside_the_playbooks_of_a_project(workshop, two, project):
    """The layout for many directories in AWX: names in the inventory, vaulted keys in host_vars of the project."""
    shutil.copytree(project, workshop.folder / "project")
    for name, service in zip(("one", "two"), two):
        keys = {"p1_base_url": service.base_url, "p1_client_id": service.client_id, "p1_api_key": service.api_key}
        vault = workshop.vaulted(f"project/host_vars/{name}.yml", keys)
        workshop.write(f"project/{name}/directory.yml", DESIRED)
    workshop.write("inventory/hosts.yml", {"all": {"hosts": {"one": {}, "two": {}}}})
    arguments = ("-i", workshop.folder / "inventory", *vault)
    given = {"p1_hosts": "all", "directory_apply_src": f"{workshop.folder}/project/{{{{ inventory_hostname }}}}"}
    text = workshop.play(workshop.folder / "project" / "apply.yml", *arguments, **given)
    assert [names(service)[1] for service in two] == [["Domain Administrators", "Sales, EU", "Users"]] * 2
    if EVERYTHING:
        given = {"p1_hosts": "all", "p1_all_directories": True, "user_onboard_user_name": "carl@example.org"}
        text += workshop.play(workshop.folder / "project" / "onboard.yml", *arguments, **given)
        assert all("carl@example.org" in names(service)[0] for service in two)
    assert "key-of-" not in text
    assert "no host of the inventory matches" in re.sub(
        r"\s+", " ", workshop.play(workshop.folder / "project" / "audit.yml", *arguments, fails=True, p1_hosts="three")
    )


def test_a_project_is_not_written_into_the_collection(workshop):
    for given in ({"awx_project_dest": "pingone-directory"}, {}):
        assert "Give an absolute path" in workshop.play("awx_project", fails=True, **given)
