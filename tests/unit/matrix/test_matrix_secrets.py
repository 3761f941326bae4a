# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Canaries: a password, a key and a link that no output shows, after any failure and at any verbosity."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from matrix_world import DirectoryService, Settings, World, virtual_time

ROOT = Path(__file__).resolve().parents[3]
RECIPES = ROOT / "docs" / "docsite" / "rst" / "guide_recipes.rst"

PASSWORD = 'Canary<pass>&"w\u00f6rd"\\/1'
KEY = 'canary-key/+<&>"\u00fc'
CLIENT = "canary-client"
LINK = "https://login.pingone.com/idp/directory/a/canary-account/password/reset/canary-user/canary-token/"


def spellings(secret):
    """Return the encodings in which an output could show a secret."""
    found = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(secret)}
    found |= {html.escape(secret, quote=False), quote(secret, safe=""), quote(secret), repr(secret)[1:-1]}
    return found | {json.dumps(text)[1:-1] for text in found}


FORBIDDEN = {
    *spellings(PASSWORD),
    *spellings(KEY),
    base64.b64encode(f"{CLIENT}:{KEY}".encode()).decode(),
    "canary-token",
}


def leaks(text):
    return sorted(secret for secret in FORBIDDEN if secret in text)


@pytest.fixture
def secret_world(tmp_path):
    with DirectoryService(Settings(), client_id=CLIENT, api_key=KEY) as service, virtual_time(service):
        yield World(service, tmp_path)


MODULES = {
    "p1_user": {
        "user_name": "new@example.com",
        "password": PASSWORD,
        "emails": [{"value": "new@example.com"}],
        "password_mail": True,
    },
    "p1_user, always": {"user_name": "ann@example.com", "password": PASSWORD, "update_password": "always"},
    "p1_group": {"display_name": "New"},
    "p1_group_membership": {"group": "Team", "users": ["u05@example.com"]},
    "p1_directory": {
        "users": [
            {"user_name": "new@example.com", "password": PASSWORD},
            {"user_name": "ann@example.com", "password": PASSWORD, "user_type": "changed"},
        ],
        "update_password": "always",
    },
    "p1_user_info": {"effective": True},
    "p1_group_info": {"effective": True},
    "p1_directory_info": {"probe": True},
    "p1_directory_export": {},
}

ECHOES = {
    "errors": lambda text: {"body": {"Errors": [{"description": f"refused: {text}", "code": "400"}]}},
    "text": lambda text: {"body": f"refused: {text}"},
    "html": lambda text: {"body": f"<html><h1>refused: {html.escape(text)}</h1></html>"},
    "raw html": lambda text: {"body": f"<html><title>refused</title><p>{text}</p></html>"},
    "quoted": lambda text: {"body": {"message": quote(text, safe="")}},
    "nested": lambda text: {"body": {"error": {"details": [{"message": json.dumps({"password": text})}]}}},
}


def run_with_files(world, name, **more):
    """Run with all files that a module can write; return the result, and it and the files as one text."""
    module, options = name.split(",")[0], dict(MODULES[name])
    if module == "p1_directory":
        options.update(journal=str(world.folder / "journal"), backup=str(world.folder / "backup.yml"))
    if module == "p1_directory_export":
        options["dest"] = str(world.folder / "export.yml")
    result = world.play.run(module, **options, **more)
    output = json.dumps({key: value for key, value in result.items() if key != "sent"}, ensure_ascii=False)
    return result, output + "".join(path.read_text(encoding="utf-8") for path in world.folder.iterdir() if path.is_file())


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("name", MODULES)
def test_success_shows_no_secret(secret_world, name, check):
    result, output = run_with_files(secret_world, name, check=check)
    assert not result.get("failed"), result["msg"]
    assert not leaks(output)


@pytest.mark.parametrize("status", [400, *(pytest.param(status, marks=pytest.mark.matrix) for status in (401, 409, 500))])
@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("name", ["p1_user", "p1_user, always", "p1_directory"])
def test_a_service_that_echoes_what_it_refuses_is_not_quoted(secret_world, name, echo, status):
    basic = base64.b64encode(f"{CLIENT}:{KEY}".encode()).decode()
    text = f"{PASSWORD} by {CLIENT}:{KEY} Basic {basic} see {LINK}"
    for method in ("POST", "PUT"):
        secret_world.service.add_fault(kind="status", method=method, status=status, times=None, **ECHOES[echo](text))
    result, output = run_with_files(secret_world, name)
    assert result["failed"], result
    assert not leaks(output), result["msg"]


@pytest.mark.parametrize("name", MODULES)
def test_a_read_that_echoes_the_key_is_not_quoted(secret_world, name):
    basic = base64.b64encode(f"{CLIENT}:{KEY}".encode()).decode()
    secret_world.service.add_fault(kind="status", status=403, times=None, body=f"no {KEY}, no {basic}, no {LINK}")
    result, output = run_with_files(secret_world, name)
    assert result["failed"] and not leaks(output), result["msg"]


@pytest.mark.parametrize("kind", ["status", "drop_before", "redirect"])
def test_a_lost_connection_shows_no_secret(secret_world, kind):
    secret_world.service.add_fault(
        kind=kind, status=500 if kind == "status" else None, location=LINK if kind == "redirect" else "", times=None
    )
    for name in MODULES:
        result, output = run_with_files(secret_world, name)
        assert result["failed"] and not leaks(output), result["msg"]


def test_options_that_are_refused_are_not_printed(secret_world):
    for module, options in (
        ("p1_user", {"user_name": "x@example.com", "password": PASSWORD, "state": "bogus"}),
        ("p1_user", {"user_name": "x@example.com", "attributes": {"password": PASSWORD}}),
        ("p1_directory", {"users": [{"user_name": "x@example.com", "password": PASSWORD, "passwort": PASSWORD}]}),
        ("p1_directory", {"users": [{"password": PASSWORD}], "unlisted_users": "bogus"}),
        ("p1_directory", {"users": [{"user_name": "x@example.com", "password": [PASSWORD]}]}),
    ):
        result = secret_world.play.run(module, **options)
        assert result["failed"], result
        output = json.dumps({key: value for key, value in result.items() if key != "sent"}, ensure_ascii=False)
        if module != "p1_user" or "attributes" not in options:
            assert not leaks(output), result["msg"]
        else:
            # The option is not for secrets and is refused, but its value was in the playbook.
            assert not leaks(result["msg"])


# -- real runs -----------------------------------------------------------------------------------------------

PLAYBOOK = [
    {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {"pingone.directory.p1_user": {"user_name": "one@example.com", "password": "{{ word }}"}},
            {
                "pingone.directory.p1_user": {"user_name": "{{ item }}", "password": "{{ words[item] }}",
                                              "update_password": "always"},
                "loop": ["ann@example.com", "two@example.com"],
                "loop_control": {"label": "{{ item }}"},
            },
            {
                "pingone.directory.p1_user": {"user_name": "refused@example.com", "password": "{{ word }}"},
                "ignore_errors": True,
                "register": "refused",
            },
            {
                "pingone.directory.p1_directory": {
                    "users": [{"user_name": "three@example.com", "password": "{{ word }}"},
                              {"user_name": "refused@example.com", "password": "{{ word }}"}],
                    "update_password": "always", "journal": "{{ folder }}/journal", "backup": "{{ folder }}/backup.yml",
                },
                "ignore_errors": True,
                "register": "failed",
            },
            {"pingone.directory.p1_directory": {"src": "{{ source }}", "journal": "{{ folder }}/journal2"},
             "ignore_errors": True},
            {"ansible.builtin.debug": {"var": "failed"}},
            {"ansible.builtin.debug": {"var": "refused"}},
            {"pingone.directory.p1_user": {"user_name": "four@example.com", "password": "{{ word }}", "state": "no"},
             "ignore_errors": True},
            {"pingone.directory.p1_directory_export": {"dest": "{{ folder }}/export.yml"}},
        ],
    }
]  # fmt: skip


VAULT_PASSWORD = "a vault password"
ROTATED = ("marcher", "tquill", "svc-backup")


def rotation():
    """Return the play of the recipe that rotates passwords; it continues after a refused password."""
    section = RECIPES.read_text(encoding="utf-8").partition("\nRotate passwords\n---")[2]
    [play] = [block for block in section.split(".. code-block:: yaml\n")[1:3] if "vars_files" in block]
    [play] = yaml.safe_load(textwrap.dedent(re.match(r"\n(?:   .*\n|\n)+", play)[0]))
    return {**play, "ignore_errors": True}


def vaulted(content):
    """Encrypt a text with ansible-vault, in a separate process: code of the controller changes how modules run here."""
    program = (
        "import sys; from ansible.parsing.vault import VaultLib, VaultSecret; "
        "print(VaultLib([('default', VaultSecret(sys.argv[1].encode()))]).encrypt(sys.stdin.read()).decode())"
    )
    text = yaml.safe_dump(content, allow_unicode=True)
    done = subprocess.run([sys.executable, "-c", program, VAULT_PASSWORD], input=text, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def playbook(tmp_path):
    """Return a function that runs PLAYBOOK and the recipe against a service, with all output of Ansible."""
    collections = tmp_path / "collections" / "ansible_collections" / "pingone"
    collections.mkdir(parents=True)
    (collections / "directory").symlink_to(ROOT, target_is_directory=True)
    given = tmp_path / "given"
    given.mkdir()
    kept = tmp_path / "kept"
    kept.mkdir()
    (given / "book.yml").write_text(yaml.safe_dump([*PLAYBOOK, rotation()], allow_unicode=True), encoding="utf-8")
    new_passwords = {"new_passwords": dict.fromkeys(ROTATED, PASSWORD)}
    (given / "new-passwords.yml").write_text(vaulted(new_passwords), encoding="utf-8")
    (given / "vault").write_text(VAULT_PASSWORD, encoding="utf-8")
    people = {"users": [{"user_name": "five@example.com", "password": PASSWORD}]}
    (given / "people.yml").write_text(yaml.safe_dump(people), encoding="utf-8")
    words = {"word": PASSWORD, "words": {"ann@example.com": PASSWORD, "two@example.com": PASSWORD}}
    (given / "words.yml").write_text(
        yaml.safe_dump({**words, "folder": str(kept), "source": str(given / "people.yml")}), encoding="utf-8"
    )

    def run(service, *arguments):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "P1_"))}
        environment.update(
            P1_BASE_URL=service.base_url,
            P1_CLIENT_ID=CLIENT,
            P1_API_KEY=KEY,
            HOME=str(tmp_path),
            ANSIBLE_COLLECTIONS_PATH=str(tmp_path / "collections"),
            ANSIBLE_LOCAL_TEMP=str(tmp_path / "tmp"),
            ANSIBLE_REMOTE_TEMP=str(tmp_path / "tmp"),
            ANSIBLE_LOG_PATH=str(kept / "log"),
            ANSIBLE_VAULT_PASSWORD_FILE=str(given / "vault"),
            ANSIBLE_NOCOLOR="1",
            LC_ALL="C.UTF-8",
        )
        program = "import sys; from ansible.cli.playbook import main; sys.exit(main())"
        done = subprocess.run(
            [sys.executable, "-c", program, "-i", "localhost,", "-c", "local", "-e", f"@{given}/words.yml",
             "-e", f"ansible_python_interpreter={sys.executable}", *arguments, str(given / "book.yml")],
            env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=600,
        )  # fmt: skip
        files = "".join(path.read_text(encoding="utf-8") for path in kept.iterdir() if path.is_file())
        return done, done.stdout + done.stderr + files

    return run


@pytest.mark.parametrize("arguments", [("-vvv", "--diff"), pytest.param(("-vvv", "--diff", "--check"), marks=pytest.mark.matrix)], ids=repr)
def test_a_playbook_at_full_verbosity_shows_no_secret(secret_world, playbook, arguments):
    ids = secret_world.service.seed(users=[{"userName": name} for name in ROTATED])["users"]
    for method in ("POST", "PUT"):
        # The service refuses one in three and quotes it.
        secret_world.service.add_fault(
            kind="status", method=method, status=400, skip=2, times=2, body=f"refused: {PASSWORD}, {KEY}, {LINK}"
        )
    done, output = playbook(secret_world.service, *arguments)
    assert done.returncode == 0, output[-3000:]
    assert "changed: [localhost] => (item=marcher)" in output
    assert "three@example.com" in output and "TASK [pingone.directory.p1_directory]" in output
    if "--check" not in arguments:
        assert "refused: ********" in output
        assert "failed: [localhost] (item=svc-backup)" in output
        assert secret_world.service.dump()["passwords"][ids["marcher"]] == PASSWORD
    assert not leaks(output), [output[max(0, output.index(word) - 300) : output.index(word) + 100] for word in leaks(output)]
