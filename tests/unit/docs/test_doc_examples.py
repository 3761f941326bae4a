# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run every example in guides, READMEs, modules and filters with ansible-playbook against the emulator.

Each page is one run of ansible-playbook. Marks in the page state what a block needs (see ``doc_blocks``). Examples of
modules and filters have no marks; ``NEEDS`` lists what they need.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from doc_blocks import Block, commands_of, read_page
from warm_ansible import WarmAnsible

from emulator import DirectoryService, Settings

ROOT = Path(__file__).resolve().parents[3]
GUIDES = sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))
READMES = [ROOT / "README.md", *sorted((ROOT / "roles").glob("*/README.md"))]
PLUGINS = sorted(path for kind in ("modules", "filter", "test") for path in (ROOT / "plugins" / kind).glob("*.py"))

PEOPLE = [
    {
        "userName": "marcher",
        "name": {"givenName": "Meredith", "familyName": "Archer"},
        "emails": [{"value": "marcher@example.org", "type": "work"}],
    },
    {
        "userName": "jdoe",
        "name": {"givenName": "Jane", "familyName": "Doe"},
        "emails": [{"value": "jdoe@example.org", "type": "work"}],
    },
]
ENGINEERING = [{"displayName": "Contractors"}, {"displayName": "Engineering", "members": ["marcher", "Contractors"]}]
ADMINISTRATOR = "admin@example.com"  # exists in every account
DESIRED = {
    "users": [{"user_name": "marcher", "title": "Architect"}],
    "groups": [{"display_name": "Engineering", "members": {"users": ["marcher", "jdoe"]}}],
}


@dataclass
class Needs:
    """The objects in the directory, variables and files that the examples of a module or filter need."""

    users: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    vaulted: dict[str, Any] = field(default_factory=dict)
    before: list[dict[str, Any]] = field(default_factory=list)  # tasks
    not_run: str = ""  # why they do not run


AUDIT = {
    "name": "What the example calls audit",
    "pingone.directory.p1_directory": {"src": "directory/", "journal": "{{ report_dir }}/journal.jsonl"},
    "check_mode": True,
    "register": "audit",
}
NEEDS = {
    "p1_user": Needs(groups=[{"displayName": name} for name in ("Engineering", "VPN", "Product")]),
    "p1_group": Needs(),
    "p1_group_membership": Needs(users=PEOPLE, groups=ENGINEERING),
    "p1_user_info": Needs(users=[{**user, "emails": []} for user in PEOPLE], groups=ENGINEERING, before=[
        {"name": "Every user has an address of the domain", "pingone.directory.p1_user": {"user_name": ADMINISTRATOR, "emails": []}},
    ]),
    "p1_group_info": Needs(users=PEOPLE, groups=[{"displayName": "Contractors", "members": ["jdoe"]}, *ENGINEERING[1:]]),
    "p1_directory": Needs(
        groups=[{"displayName": "eu-engineering"}, {"displayName": "On Call"}],
        files={
            "directory.yml": {"users": [{"user_name": "marcher", "title": "Architect"}, {"user_name": "jdoe"}]},
            "people.csv": "user_name,name.given_name,emails.work,groups\nmarcher,Meredith,m@example.org,Engineering;On Call\n",
            "hr.csv": "Login;Email;Teams;Room\nmarcher;m@example.org;Engineering,On Call;1.01\n",
            "memberships.csv": "group,user\nEngineering,marcher\nEngineering,jdoe\n",
        },
        vaulted={"directory-vaulted.yml": {"users": [{"user_name": "marcher"}], "groups": []}},
    ),
    "p1_directory_info": Needs(users=PEOPLE, groups=ENGINEERING),
    "p1_directory_export": Needs(users=PEOPLE, groups=ENGINEERING),
    "p1_from_yaml": Needs(users=PEOPLE, groups=ENGINEERING),
    "p1_to_yaml": Needs(users=PEOPLE, groups=ENGINEERING),
    "p1_leavers": Needs(files={
        "offboarded/ann.yml": {"id": "x", "user_name": "ann", "disabled": {"time": "2026-01-01T00:00:00Z"}, "deleted": None, "left_groups": []},
    }),
    "p1_assertions": Needs(groups=[{"displayName": "Payments"}, {"displayName": "Approvers"}, {"displayName": "On Call"}]),
    "p1_report": Needs(users=PEOPLE, groups=ENGINEERING, variables={"report_dir": "."}, files={"directory/all.yml": DESIRED}),
    "p1_report_data": Needs(
        users=[{**PEOPLE[0], "title": "Architect"}, PEOPLE[1]],
        groups=[{"displayName": "Engineering", "members": ["marcher", "jdoe"]}],
        variables={"report_dir": "."},
        files={"directory/all.yml": DESIRED},
        before=[AUDIT],
    ),
}  # fmt: skip


class Run:
    """A playbook with all blocks of a page, in a separate folder."""

    def __init__(self, folder: Path, warm: WarmAnsible):
        self.work = folder
        self._warm = warm
        self.services: list[DirectoryService] = []
        self.second_hosts: list[str] = []
        self.plays: list[dict[str, Any]] = []
        self.inventories: list[str] = []
        self.variables: dict[str, Any] = {}
        self.credentials: dict[str, str] = {}

    # -- building the run ---------------------------------------------------------------------------

    def service(self, number: int) -> DirectoryService:
        while len(self.services) <= number:
            self.services.append(DirectoryService(Settings(), **self.credentials).start())
        return self.services[number]

    def seed(self, document, number=0):
        self.service(number).seed(document.get("users") or [], document.get("groups") or [])

    def write(self, name: str, content: Any):
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")

    def add_tasks(self, where: str, tasks: list[dict[str, Any]], fails: str = ""):
        if fails:
            tasks = [
                {
                    "name": "What fails",
                    "block": [
                        *tasks,
                        {
                            "name": "It did not",
                            "ansible.builtin.fail": {"msg": "this example was to fail, and did not"},
                        },
                    ],
                    "rescue": [
                        {
                            "name": f"It fails with {fails}",
                            "ansible.builtin.assert": {
                                "that": [f"{json.dumps(part)} in example_said" for part in fails.split(" ... ")],
                                "fail_msg": "{{ example_said }}",
                                "quiet": True,
                            },
                            "vars": {
                                "example_said": "It said {{ ansible_failed_result | ansible.builtin.to_json(ensure_ascii=false) }}"
                            },
                        }
                    ],
                }
            ]
        self.plays.append({"name": where, "hosts": "localhost", "gather_facts": False, "tasks": tasks})

    def add_block(self, block: Block):
        """Add a block to the run; its text must be valid in its language."""
        mark, text = block.mark, block.text
        content = (
            list(yaml.safe_load_all(re.sub(r"!(vault|unsafe)\b", "", text)))
            if block.language in ("yaml", "yaml+jinja")
            else None
        )
        if block.language == "json":
            json.loads(text)
        word, _space, rest = mark.partition(" ")
        if block.kind == "seed":
            self.credentials.update(content[0].get("credentials") or {})
            self.seed(content[0])
            if content[0].get("second"):
                self.seed(content[0]["second"], 1)
                self.second_hosts += content[0].get("hosts") or []
        elif block.kind in ("before", "check"):
            self.add_tasks(block.where, content[0])
        elif word in ("file", "inventory"):
            if not (self.work / rest).exists():
                self.write(rest, text)
            else:  # edits an existing file, so it is written in order, not before the run
                self.add_tasks(
                    block.where,
                    [
                        {
                            "name": rest,
                            "ansible.builtin.copy": {
                                "content": "{% raw %}" + text + "{% endraw %}",
                                "dest": rest,
                                "mode": "0600",
                            },
                        }
                    ],
                )
            if word == "inventory":
                self.inventories.append(rest)
        elif word == "vars":
            self.variables.update(content[0])
        elif mark == "output":
            self.add_tasks(block.where, [self._printed(block)])
        elif mark.startswith("not run: "):
            assert len(rest.removeprefix("run:").strip()) > 10, f"{block.where}: say why it is not run"
        elif block.language in ("shell", "console", "shell-session"):
            assert word in ("run", "fails"), f"{block.where}: mark the commands as run, or say why they are not"
            self.add_tasks(block.where, self._shell(block), rest if word == "fails" else "")
        elif content is None:
            assert block.language in ("text", "json", "ini", "python", "csv"), (
                f"{block.where}: what is {block.language}?"
            )
            assert mark, f"{block.where}: mark what this is, a file or output"
        else:
            assert len(content) == 1 and isinstance(content[0], list), (
                f"{block.where}: neither plays nor tasks, and not marked"
            )
            assert word in ("", "fails"), f"{block.where}: unknown mark '{mark}'"
            if "hosts" in content[0][0]:
                assert not mark, f"{block.where}: only tasks can be marked to fail"
                self.plays += content[0]
            else:
                self.add_tasks(block.where, content[0], rest)

    @staticmethod
    def _shell(block: Block):
        commands = commands_of(block.text)
        assert commands, f"{block.where}: no line begins with a prompt"
        return [
            {
                "name": f"{block.where} {command}"[:100],
                "ansible.builtin.shell": {"cmd": "{% raw %}" + command + "{% endraw %}", "executable": "/bin/bash"},
                "register": "example_ran",
            }
            for command in commands
            # curl may not be installed; all other programs are part of Ansible.
            if not command.startswith("curl ") or shutil.which("curl")
        ]

    @staticmethod
    def _printed(block: Block):
        """Return a task that requires each line except ``...`` in the output of the last command, ignoring trailing asterisks."""
        lines = [line.rstrip(" *") for line in block.text.split("\n") if line.strip() not in ("", "...")]
        return {
            "name": f"{block.where} is what it printed",
            "ansible.builtin.assert": {
                "that": "lines | difference(example_ran.stdout_lines | map('regex_replace', '[ *]+$', '')) | length == 0",
                "fail_msg": "{{ lines | difference(example_ran.stdout_lines | map('regex_replace', '[ *]+$', '')) }}",
                "quiet": True,
            },
            "vars": {"lines": lines},
        }

    # -- running ----------------------------------------------------------------------------------

    def go(self):
        for play in self.plays:
            self._equip(play)
        self.write("all-of-it.yml", yaml.safe_dump(self.plays, sort_keys=False, width=200))
        self.write("here.ini", f"localhost ansible_connection=local ansible_python_interpreter={self._warm.interpreter}\n")
        arguments = [
            "-i",
            "here.ini",
            *(word for name in self.inventories for word in ("-i", name)),
            "-e",
            json.dumps(self.variables),
            "all-of-it.yml",
        ]
        answer = subprocess.run(
            ["ansible-playbook", *arguments],
            cwd=self.work,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if answer.returncode:
            pytest.fail(answer.stdout[-6000:], pytrace=False)
        return answer.stdout

    def _equip(self, play):
        """Set the address of the service for each host of a play, if the page uses a second directory.

        Tasks with an environment run as module processes, which takes far longer, so a play of the first directory has none.
        """
        if len(self.services) > 1 and play["hosts"] != "localhost":
            address = f"{{{{ {self.services[1].base_url!r} if inventory_hostname in {self.second_hosts!r} else {self.services[0].base_url!r} }}}}"
            play.setdefault("environment", {})["P1_BASE_URL"] = address

    def _environment(self):
        service = self.service(0)
        return self._warm.environment(P1_BASE_URL=service.base_url, P1_CLIENT_ID=service.client_id, P1_API_KEY=service.api_key)

    def encrypt(self, name: str, content: Any):
        self.write(name, content)
        command = ["ansible-vault", "encrypt", name]
        subprocess.run(command, cwd=self.work, env=self._environment(), check=True, stdin=subprocess.DEVNULL, capture_output=True)


@pytest.fixture
def run(warm_ansible):
    """A run to which a test adds blocks; its emulators stop after the test."""
    with tempfile.TemporaryDirectory(prefix="docs-", ignore_cleanup_errors=True) as folder:
        made = Run(Path(folder), warm_ansible)
        yield made
        for service in made.services:
            service.stop()


def examples_of(path: Path) -> str:
    """Return the EXAMPLES of a module or plugin as text."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "EXAMPLES":
            return ast.literal_eval(node.value)
    return ""


@pytest.mark.parametrize("path", [*GUIDES, *READMES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_page(path, run):
    page = read_page(path, path.relative_to(ROOT).as_posix())
    for block in page.blocks:
        run.add_block(block)
    if run.plays:
        run.go()


@pytest.mark.parametrize("path", [path for path in PLUGINS if examples_of(path)], ids=lambda path: path.stem)
def test_plugin(path, run):
    needs = NEEDS.get(path.stem, Needs())
    examples = yaml.safe_load(examples_of(path))
    assert isinstance(examples, list), "EXAMPLES is no list of tasks or plays"
    if needs.not_run:
        pytest.skip(needs.not_run)
    run.seed({"users": needs.users, "groups": needs.groups})
    run.variables.update(needs.variables)
    for name, content in needs.files.items():
        run.write(name, content)
    for name, content in needs.vaulted.items():
        run.encrypt(name, content)
    if needs.before:
        run.add_tasks("before", needs.before)
    if "hosts" in examples[0]:
        run.plays += examples
    else:
        run.add_tasks(path.stem, examples)
    run.go()


# The runner detects errors in examples


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "- name: A typing mistake\n  pingone.directory.p1_user:\n    title: Clerk\n",
            "one of the following is required",
        ),
        ("- name: It does fail\n  ansible.builtin.fail:\n    msg: for a reason\n", "for a reason"),
    ],
)
def test_failing_example_fails_the_run(text, said, run):
    run.add_block(Block("here", "yaml", text))
    with pytest.raises(pytest.fail.Exception, match=said):
        run.go()


def test_unexpected_success_fails_the_run(run):
    run.add_block(Block("here", "yaml", "- name: Fine\n  ansible.builtin.debug:\n    msg: fine\n", "fails oh no"))
    with pytest.raises(pytest.fail.Exception, match="this example was to fail"):
        run.go()


@pytest.mark.parametrize(
    ("language", "text", "mark"),
    [
        ("yaml", "a: 1\n", ""),
        ("shell", "$ ls\n", ""),
        ("yaml", "- name: x\n", "not run: no"),
        ("text", "x\n", ""),
        ("cobol", "x\n", "example"),
    ],
)
def test_invalid_block_is_rejected(language, text, mark, run):
    with pytest.raises(AssertionError):
        run.add_block(Block("here", language, text, mark))
