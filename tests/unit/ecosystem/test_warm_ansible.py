# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that the programs that tests start behave as those of Ansible, and their Python as the real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from warm_ansible import COMPILED_CODE

PLAY = {
    "hosts": "localhost",
    "gather_facts": False,
    "tasks": [{"ansible.builtin.fail": {"msg": "{{ lookup('env', 'P1_REGION') }} {{ lookup('pipe', 'cat') }}."}}],
}


def test_a_program_has_the_folder_environment_and_settings_of_its_caller(workshop):
    workshop.write("play.yml", json.dumps([PLAY]))
    code, text = workshop.run("ansible-playbook", "play.yml", env={"P1_REGION": "au"})
    assert (code, '"msg": "au ."' in text, "PLAY [" in text) == (2, True, True), text
    # Other settings, from the environment and from a file in the current folder.
    code, text = workshop.run("ansible-playbook", "play.yml", env={"ANSIBLE_STDOUT_CALLBACK": "minimal"})
    assert (code, '"msg": " ."' in text, "PLAY [" in text) == (2, True, False), text
    workshop.write("other/ansible.cfg", "[defaults]\nstdout_callback = minimal\n")
    code, text = workshop.run("ansible-playbook", "../play.yml", cwd=workshop.folder / "other")
    assert (code, '"msg": " ."' in text, "PLAY [" in text) == (2, True, False), text


def test_a_program_that_cannot_read_its_arguments_fails(workshop):
    assert workshop.run("ansible-playbook", "--no-such-option")[0] == 2
    assert workshop.run("ansible-vault", "view", "missing.yml")[0] != 0


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("import os, sys\nprint(__name__, sys.argv, sys.path[0], os.getcwd(), os.environ['P1_REGION'], 'ansible' in sys.modules)\nsys.exit(3)", ()),
        ("import atexit, sys\natexit.register(print, 'the end')\nprint(sys.stdin.read())\nopen('missing')", ()),
        ("import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.1), print('the end of a thread'))).start()\nprint('first')", ()),
        ("import sys\nsys.exit('a reason')", ()),
        ("this is read by the code in the arguments", ("-c", "import sys; print(sys.argv, sys.stdin.read())", "x")),
    ],
)
def test_the_python_of_module_processes_runs_code_as_python_does(code, arguments, warm_ansible, tmp_path):
    answers = []
    for python in (warm_ansible.interpreter, sys.executable):
        done = subprocess.run(
            [python, *arguments], input=code, cwd=tmp_path, env=warm_ansible.environment(P1_REGION="au"), capture_output=True, text=True, check=False
        )
        answers.append((done.returncode, done.stdout, done.stderr.splitlines()[-1:]))
    assert answers[0] == answers[1]


THREADS = """
import sys
from concurrent.futures import ThreadPoolExecutor
import sitecustomize
sys.setswitchinterval(1e-6)
def value(number):
    return eval(sitecustomize.stored(f"{number} + len('{number:0100}')".encode(), "module.py", "eval"))
with ThreadPoolExecutor(4) as pool:
    assert list(pool.map(value, range(80))) == list(range(100, 180))
sitecustomize._codes.clear()
sitecustomize.read_all()
assert len(sitecustomize._codes) == 80 and [value(number) for number in range(80)] == list(range(100, 180))
"""


def test_threads_store_compiled_code_without_disturbing_each_other(tmp_path):
    environment = {**os.environ, "P1_TEST_COMPILED": str(tmp_path), "PYTHONPATH": str(COMPILED_CODE)}
    done = subprocess.run([sys.executable, "-c", THREADS], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
