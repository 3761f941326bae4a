# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that a task has the same results in the controller's process and as a module process."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys

import pytest
import yaml
from ecosystem_support import Workshop

from emulator import DirectoryService, Settings

CLIENT, KEY = "the-client-of-a-test", "the-S3cret-key-of-a-test"
PASSWORD = "an-Invented-pass-0"
INVENTORY = {
    "all": {
        "hosts": {"here": {}, "there": {}, "elsewhere": {}},
        "vars": {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"},
    }
}

# One definition for both ways. It records the result or failure of every task.
TASKS = """
- name: Create users in a loop
  pingone.directory.p1_user:
    user_name: "{{ item }}@example.org"
    emails: [{value: "{{ item }}@example.org", type: work}]
    title: "{{ '{{' }} not a template {{ '}}' }}"
  loop: [ann, bob, "zoe"]
  loop_control: {label: "user {{ item }}"}
- name: Create a user with a vaulted password
  pingone.directory.p1_user:
    user_name: dan@example.org
    emails: [{value: dan@example.org}]
    password: "{{ vaulted_password }}"
    active: "yes"
    name: given_name=Dan family_name=Doe
- name: Hide the result
  pingone.directory.p1_user: {user_name: dan@example.org, title: Boss}
  no_log: true
- name: Mask a secret that the message repeats
  pingone.directory.p1_user: {id: "not-{{ vaulted_password }}", title: x, password: "{{ vaulted_password }}"}
  ignore_errors: true
- name: Create a group, with a warning and a diff
  pingone.directory.p1_group: {name: "Grüße, 世界"}
  register: made
- name: Use a registered value
  pingone.directory.p1_group_membership: {group: "{{ made.group.display_name }}", users: [ann@example.org]}
- name: Keep untrusted text as text
  pingone.directory.p1_user: {user_name: bob@example.org, nick_name: !unsafe "{{ 7 * 6 }}"}
- name: Show the untrusted text
  pingone.directory.p1_user_info: {user_name: bob@example.org}
- name: Rename without a diff
  pingone.directory.p1_user: {user_name: zoe@example.org, new_user_name: zed@example.org}
  diff: false
- name: Plan in check mode
  pingone.directory.p1_user: {user_name: zed@example.org, state: absent}
  check_mode: true
- name: Remove for real
  pingone.directory.p1_user: {user_name: zed@example.org, state: absent}
- name: Fail, and go on
  pingone.directory.p1_user: {id: 11111111-1111-4111-8111-111111111111, title: x}
  ignore_errors: true
- name: Refuse an unknown option
  pingone.directory.p1_user: {user_name: ann@example.org, tittle: x}
  ignore_errors: true
- name: Refuse a wrong type
  pingone.directory.p1_user: {user_name: ann@example.org, active: perhaps}
  ignore_errors: true
- name: Refuse missing options
  pingone.directory.p1_user: {title: x}
  ignore_errors: true
- name: Refuse options that exclude each other
  pingone.directory.p1_user_info: {user_name: ann@example.org, external_id: x}
  ignore_errors: true
- name: Accept an option and its alias
  pingone.directory.p1_group: {name: Both, display_name: Both}
- name: Retry until it is there
  pingone.directory.p1_user_info: {user_name: noaccount@example.org}
  register: found
  until: found.total > 0
  retries: 2
  delay: 0
  ignore_errors: true
- name: Catch a failure
  block:
    - name: Fail in a block
      pingone.directory.p1_group: {id: 11111111-1111-4111-8111-111111111111}
  rescue:
    - name: Show the failure
      ansible.builtin.debug: {var: ansible_failed_result.msg}
- name: Take another key than the environment has
  pingone.directory.p1_user_info: {user_name: ann@example.org, api_key: wrong-key}
  ignore_errors: true
- name: List all groups
  pingone.directory.p1_group_info: {}
"""


class Bench:
    """Run a playbook against a new service."""

    def __init__(self, workshop):
        self.workshop = workshop
        # An encrypted text has one line for every 80 digits, indented below a YAML key.
        vaulted, self.arguments = workshop.encrypted(PASSWORD)
        lines = "".join(f"  {line}\n" for line in vaulted.splitlines())
        workshop.write("vars.yml", f"vaulted_password: !vault |\n{lines}")
        workshop.write("hosts.yml", INVENTORY)

    def run(self, plays, in_process, *arguments, env=None):
        """Return the output, the recorded results, and the requests that reached the service.

        :param in_process: a value for the switch; None if the plays set it.
        """
        results = self.workshop.folder / "results.jsonl"
        results.write_text("")
        playbook = self.workshop.write("play.yml", plays if isinstance(plays, str) else yaml.safe_dump(plays))
        with DirectoryService(Settings(), client_id=CLIENT, api_key=KEY) as service:
            code, text = self.workshop.run(
                "ansible-playbook", playbook, "-i", "hosts.yml", "-e", "@vars.yml", *self.arguments, "-vvv",
                "-e", json.dumps({} if in_process is None else {"pingone_directory_in_process": in_process}), *arguments,
                env={
                    "P1_BASE_URL": service.base_url, "P1_CLIENT_ID": CLIENT, "P1_API_KEY": KEY,
                    "P1_TEST_RESULTS": str(results), **(env or {}),
                },
            )  # fmt: skip
            requests = [(entry["method"], entry["path"], json.dumps(entry["query"])) for entry in service.log]
            text = text.replace(service.base_url, "BASE")
        recorded = results.read_text().replace(service.base_url, "BASE")
        assert KEY not in text + recorded
        assert PASSWORD not in text + recorded
        # ansible-core 2.16 shows where the import of a missing library failed.
        assert "Traceback" not in text or "Failed to import the required Python library" in text
        return code, text, [json.loads(line) for line in comparable(recorded).splitlines()], requests


def comparable(text):
    """Return a text with ids numbered by occurrence and times replaced."""
    seen = {}
    text = re.sub(
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", lambda match: f"id-{seen.setdefault(match[0], len(seen))}", text
    )
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:\d\d)", "TIME", text)


def writes_of(requests):
    return [method for method, _path, _query in requests if method != "GET"]


def in_a_process(text):
    """Return whether modules ran as processes, according to the output at -vvv."""
    return "runs as a module process" in text


@pytest.fixture
def bench(workshop):
    return Bench(workshop)


def play_of(tasks, **keywords):
    lines = [f"  {name}: {json.dumps(value)}" for name, value in {"gather_facts": False, "hosts": "here", **keywords}.items()]
    return "- " + "\n".join(lines).strip() + "\n  tasks:\n" + "".join(f"    {line}\n" for line in tasks.strip().splitlines())


@pytest.mark.parametrize(
    "arguments", [("--diff",), *(pytest.param(words, marks=pytest.mark.matrix) for words in ((), ("--check", "--diff")))], ids=repr
)
def test_results_are_the_same_either_way(bench, arguments):
    """This covers results, failures, warnings, diffs, invocations and masked values of every task."""
    plays = play_of(TASKS)
    code, text, here, requests = bench.run(plays, True, *arguments)
    assert not in_a_process(text), text
    process_code, process_text, process, process_requests = bench.run(plays, False, *arguments)
    assert in_a_process(process_text)
    assert code == process_code, text
    assert len(here) > 20
    for one, other in zip(here, process):
        # In a loop, the knowledge about filters is reused, which saves a few reads.
        reads, process_reads = one["result"].get("api", {}).pop("reads", 0), other["result"].get("api", {}).pop("reads", 0)
        assert reads <= process_reads
        assert {name for name in one["result"] if one["result"][name] != other["result"].get(name)} == set(), (one, other)
        assert one == other
    assert len(here) == len(process)
    assert writes_of(requests) == writes_of(process_requests)
    assert len(requests) < len(process_requests)


# -- one playbook for many cases -----------------------------------------------------------------------

LOOK = "pingone.directory.p1_user_info: {user_name: ann@example.org}"
SWITCHED_OFF = "pingone_directory_in_process is false"
# Reasons for a module process: keywords of the task and of the play.
REASONS = [
    (SWITCHED_OFF, "", {"vars": {"pingone_directory_in_process": False}}),
    ("the task uses become", "  become: true\n", {"vars": {"ansible_become_exe": "true"}}),
    ("the task uses async", "  async: 30\n  poll: 1\n", {}),
    ("the task sets an environment", "  environment: {P1_REGION: eu}\n", {}),
    ("the task sets an environment", "", {"environment": {"X": "y"}}),
    ("ansible_python_interpreter is /bin/false", "", {"vars": {"ansible_python_interpreter": "/bin/false"}}),
    (
        "the connection is ssh, not local",
        "",
        {"vars": {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}},
    ),
]

MANY_HOSTS = """
- name: Create a user for each host
  pingone.directory.p1_user:
    user_name: "{{ prefix }}-{{ inventory_hostname }}-{{ item }}@example.org"
    emails: [{value: x@example.org}]
  loop: [1, 2]
- name: Delegate
  pingone.directory.p1_user_info: {user_name: "{{ prefix }}-{{ inventory_hostname }}-1@example.org"}
  delegate_to: there
"""
COUNT = """
- name: Count the users once
  pingone.directory.p1_user_info: {filter: 'userName sw "{{ prefix }}-e"'}
  run_once: true
"""

# Loop items do not share objects or lists.
RENAMES = """
- name: Rename, and use the name that became free, in one loop
  pingone.directory.p1_user:
    user_name: "{{ item.name }}"
    new_user_name: "{{ item.new | default(omit) }}"
    emails: [{value: x@example.org}]
  loop: [{name: a@example.org}, {name: a@example.org, new: b@example.org}, {name: a@example.org}, {name: B@example.org}]
"""

TWO_SERVICES = """
- name: Ask two services, with two keys
  pingone.directory.p1_user_info:
    base_url: "{{ item.url | default(omit) }}"
    client_id: "{{ item.client | default(omit) }}"
    api_key: "{{ item.key | default(omit) }}"
  loop:
    - {}
    - {url: "{{ other }}", client: other, key: other-key-0}
    - {key: wrong-key-0}
    - {url: "{{ other }}", client: other, key: wrong-key-0}
    - {}
  ignore_errors: true
  no_log: false
"""

# The keyword interrupts a request of a task that runs in the controller's process.
TIME_LIMIT = """
- name: End in time
  pingone.directory.p1_user_info: {base_url: 'http://127.0.0.1:1/api', retry_timeout: 60}
  timeout: 2
  ignore_errors: true
"""


def hosts_play(strategy, in_process):
    """Return a play of all hosts, which use names that begin with the name of the play."""
    name = f"{strategy}-{in_process}".lower()
    tasks = MANY_HOSTS + (COUNT if strategy == "linear" else "")
    return play_of(
        tasks, name=name, hosts="all", strategy=strategy, vars={"pingone_directory_in_process": in_process, "prefix": name}
    )


def plays_of_cases(folder, other):
    """Return all cases as one playbook; no play ends the run."""
    yield hosts_play("linear", True)
    yield hosts_play("linear", False)
    yield hosts_play("free", True)
    for number, (_reason, keywords, play) in enumerate(REASONS):
        task = f"- name: Look\n  ignore_errors: true\n  ignore_unreachable: true\n  {LOOK}\n{keywords}"
        yield play_of(task, name=f"reason {number}", **play)
    python = folder / "other" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    # Whether Python finds requests through this link depends on its version.
    yield play_of(f"- name: Look\n  ignore_errors: true\n  {LOOK}", name="interpreter", vars={"ansible_python_interpreter": str(python)})
    yield play_of(
        "- name: Look\n  ignore_errors: true\n  pingone.directory.p1_user_info: {user_name: perhaps@example.org}",
        name="perhaps",
        vars={"pingone_directory_in_process": "perhaps"},
    )
    yield play_of(RENAMES, name="renames")
    yield play_of(TWO_SERVICES, name="services", vars={"other": other.base_url})
    yield play_of(TIME_LIMIT, name="time")


class Cases:
    """Run all cases once and return the output of each play, the recorded results, and the requests."""

    def __init__(self, workshop):
        with DirectoryService(Settings(), client_id="other", api_key="other-key-0") as other:
            plays = "".join(plays_of_cases(workshop.folder, other))
            code, text, self._results, self.requests = Bench(workshop).run(plays, None, "--forks", "3")
            self.asked_other = {entry["status"] for entry in other.log}
        assert code == 0, text
        parts = re.split(r"^PLAY \[(.+?)\] \**$", text, flags=re.MULTILINE)
        self.printed = dict(zip(parts[1::2], parts[2::2]))

    def results(self, play):
        return [line for line in self._results if line["play"] == play]


one_run = pytest.mark.xdist_group("cases")  # pytest-xdist starts the playbook once with --dist loadgroup


@pytest.fixture(scope="module")
def cases(tmp_path_factory, warm_ansible):
    return Cases(Workshop(tmp_path_factory.mktemp("cases"), warm_ansible))


@one_run
@pytest.mark.parametrize("number", range(len(REASONS)), ids=[reason for reason, _keywords, _play in REASONS])
def test_a_task_falls_back_to_a_module_process(cases, number):
    printed = cases.printed[f"reason {number}"]
    assert f"runs as a module process: {REASONS[number][0]}" in printed, printed


@one_run
def test_another_environment_with_the_same_python_is_another_interpreter(cases):
    printed = cases.printed["interpreter"]
    assert re.search(r"runs as a module process: ansible_python_interpreter is \S+/other/bin/python, and this is ", printed), printed


@one_run
def test_the_switch_must_be_true_or_false(cases):
    (result,) = cases.results("perhaps")
    assert result["event"] == "failed"
    assert "pingone_directory_in_process must be true or false, not 'perhaps'" in cases.printed["perhaps"]
    assert not [query for _method, _path, query in cases.requests if "perhaps" in query]
    assert [query for _method, _path, query in cases.requests if "ann@example.org" in query]


def summary(results):
    return sorted((line["host"], line["task"], line["event"], str(line["result"].get("total"))) for line in results)


@one_run
def test_hosts_share_no_session(cases):
    """Forked workers have their own sessions, and each receives all of its answers."""
    assert not in_a_process(cases.printed["linear-true"])
    assert in_a_process(cases.printed["linear-false"])
    found = summary(cases.results("linear-true"))
    assert len(found) == 3 * (2 + 1 + 1) + 1, found
    assert found == summary(cases.results("linear-false"))
    # The strategy free does not support run_once.
    assert summary(cases.results("free-true")) == [line for line in found if line[1] != "Count the users once"]


@one_run
@pytest.mark.matrix
def test_hosts_share_no_session_in_module_processes_with_the_strategy_free(bench, cases):
    code, text, results, _requests = bench.run(hosts_play("free", False), None, "--forks", "3")
    assert code == 0 and in_a_process(text), text
    assert summary(results) == summary(cases.results("free-true"))


@one_run
def test_an_item_sees_the_changes_of_the_previous_item(cases):
    results = cases.results("renames")
    assert [line["result"]["changed"] for line in results if line["event"] == "item ok"] == [True, True, True, False]


@one_run
def test_items_with_other_credentials_or_hosts_share_no_session(cases):
    events = [line["event"] for line in cases.results("services") if line["event"].startswith("item")]
    assert events == ["item ok", "item ok", "item failed", "item failed", "item ok"], cases.printed["services"]
    assert cases.asked_other == {200, 401}


@one_run
def test_the_task_timeout_is_respected(cases):
    (result,) = cases.results("time")
    assert result["event"] == "failed"
    said = result["result"]["msg"]
    assert re.search(r"tim(ed )?-?out|exceeded|expected time frame", said, re.IGNORECASE) and "127.0.0.1:1" not in said, said


# -- cases with their own run --------------------------------------------------------------------------


def test_without_requests_in_the_controller_a_task_falls_back(bench):
    hidden = bench.workshop.folder / "hidden" / "requests"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('not here')\n")
    unused_code, text, results, unused_requests = bench.run(
        play_of("- pingone.directory.p1_user_info: {}"), True, env={"PYTHONPATH": str(hidden.parent)}
    )
    assert "the Python library requests is missing in the Python of ansible-core" in text
    assert "Failed to import the required Python library (requests)" in text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_play_during_a_request(bench, number):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/api"
        task = f"- pingone.directory.p1_user_info: {{base_url: '{url}', client_id: c, api_key: k, timeout: 300}}\n"
        process = subprocess.Popen(
            [sys.executable, "-m", "ansible", "playbook", str(bench.workshop.write("signal.yml", play_of(task))), "-i", "hosts.yml"],
            cwd=bench.workshop.folder,
            env=bench.workshop.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            with listener.accept()[0]:  # the request is sent but never answered
                os.killpg(process.pid, number)  # a signal to ansible-core 2.16 alone would leave its worker running
                text, unused = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode != 0
    assert "Traceback" not in text
