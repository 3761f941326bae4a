# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the programs of Ansible without importing Ansible and packing the modules in each run.

Both cost up to two seconds of processor time. A server imports Ansible once and forks for each start. The forks share the cache
of packed modules, and all processes share compiled code (``compiled_code/sitecustomize.py``). Each fork has the arguments, folder,
environment and standard streams of its caller. Ansible reads its settings at import, so a caller with other settings starts the
real program.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMPILED_CODE = Path(__file__).with_name("compiled_code")
PROGRAMS = {
    "ansible": "adhoc",
    "ansible-config": "config",
    "ansible-doc": "doc",
    "ansible-galaxy": "galaxy",
    "ansible-inventory": "inventory",
    "ansible-playbook": "playbook",
    "ansible-vault": "vault",
}
SETTINGS = ("ANSIBLE_", "PYTHON", "LANG", "LC_", "HOME")
# A program in the folder of programs. The name in sys.argv is that of the real program.
STARTER = """#!{python}
import sys
sys.path.insert(0, {here!r})
from warm_ansible import start
del sys.path[0]
sys.exit(start({module!r}, {door!r}))
"""


class WarmAnsible:
    """The programs of Ansible on this Python, without user settings and with the collection on their path."""

    def __init__(self, folder: Path, **settings: str):
        """Start a server.

        :param folder: an empty folder, whose path is short because it contains a socket.
        :param settings: environment variables that configure Ansible.
        """
        import subprocess  # the programs do not need it

        self.programs, self.home, self.collections = folder / "bin", folder / "home", folder / "collections"
        self._compiled = folder / "compiled"
        for path in (self.programs, self.home, self._compiled):
            path.mkdir()
        for name, module in PROGRAMS.items():
            here = {"python": sys.executable, "here": str(Path(__file__).parent)}
            (self.programs / name).write_text(STARTER.format(module=module, door=str(folder / "door"), **here), encoding="utf-8")
            (self.programs / name).chmod(0o755)
        link = self.collections / "ansible_collections" / "pingone" / "directory"
        link.parent.mkdir(parents=True)
        link.symlink_to(ROOT, target_is_directory=True)
        self._settings = settings
        # The server ends at the end of its input, which is the end of this process at the latest.
        self._server = subprocess.Popen(
            [sys.executable, __file__, str(folder / "door")],
            cwd=folder,
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._server.stdout is not None and self._server.stdout.readline() == b"ready\n"

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a program: that of this process without settings of Ansible, and with those of the tests."""
        # With PYTHONUNBUFFERED, a module process reads its code, which is half a megabyte, byte by byte.
        unwanted = ("ANSIBLE_", "P1_", "CONTROLLER_", "TOWER_", "PYTHONUNBUFFERED")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        return {
            **kept,
            "HOME": str(self.home),
            "PATH": os.pathsep.join((str(self.programs), os.environ.get("PATH", os.defpath))),
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_LOCAL_TEMP": str(self.home / "tmp"),
            "ANSIBLE_REMOTE_TEMP": str(self.home / "tmp"),
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0",
            "ANSIBLE_DEPRECATION_WARNINGS": "0",
            "P1_TEST_COMPILED": str(self._compiled),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(COMPILED_CODE), os.environ.get("PYTHONPATH")))),
            "PYTHONHASHSEED": "0",  # a message of Ansible lists a set
            "LC_ALL": "C.UTF-8",
            **self._settings,
            **more,
        }

    def stop(self) -> None:
        """End the server."""
        self._server.communicate()


def settings_of(environment: dict[str, str]) -> dict[str, str]:
    """Return the variables that Ansible or Python reads at its start."""
    return {name: value for name, value in environment.items() if name.startswith(SETTINGS)}


# -- in a program ------------------------------------------------------------------------------------------


def start(module: str, door: str) -> int:
    """Run a program of Ansible in a fork of the server, or in this process if the settings differ; return its exit code."""
    if not Path("ansible.cfg").exists() and Path(f"{door}.json").read_text(encoding="utf-8") == json.dumps(settings_of(dict(os.environ)), sort_keys=True):
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(door)
            socket.send_fds(server, [b" "], [0, 1, 2])
            server.sendall(json.dumps([module, sys.argv, os.getcwd(), dict(os.environ)]).encode())
            server.shutdown(socket.SHUT_WR)
            answer = server.recv(1)
        return answer[0] if answer else 1
    return program(module)()


def program(module):
    """Return the function that runs a program of Ansible."""
    return importlib.import_module(f"ansible.cli.{module}").main


# -- in the server ------------------------------------------------------------------------------------------


def serve(door: str) -> None:
    """Fork for each call until the input ends."""
    from ansible.utils.collection_loader import _collection_finder
    from sitecustomize import stored

    _collection_finder.compile = stored
    for module in PROGRAMS.values():
        program(module)
    gc.freeze()
    Path(f"{door}.json").write_text(json.dumps(settings_of(dict(os.environ)), sort_keys=True), encoding="utf-8")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(door)
        listener.listen()
        print("ready", flush=True)
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            with listener.accept()[0] as caller:
                if os.fork() == 0:
                    listener.close()
                    answer(caller)
            with contextlib.suppress(ChildProcessError):  # wait for the forks that have ended
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def answer(caller: socket.socket) -> None:
    """Run a program for a caller, send the exit code, and end this process without the clean-up of the server."""
    import multiprocessing
    import random
    import tempfile

    code: object = 1
    try:
        given, streams, _flags, _address = socket.recv_fds(caller, 1 << 16, 3)
        while part := caller.recv(1 << 16):
            given += part
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        module, sys.argv, folder, environment = json.loads(given)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None
        random.seed()
        code = program(module)()
    except SystemExit as end:
        code = end.code
    finally:  # the programs print their errors
        code = code if isinstance(code, int) else int(code is not None)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for worker in multiprocessing.active_children():
            worker.join()
        caller.send(bytes([code]))
        os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
