# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the programs of Ansible and its module processes without importing the same code in each run.

Most of the time of a start is imports. Two servers import once what they need and fork for each start. The server of the
programs has imported Ansible, and its forks share the cache of packed modules. The server of the module processes has imported
no code of Ansible, only the libraries that modules use: its forks run the packed module that they read, with the Ansible in it.
An import that a module lacks can work in such a fork; the integration targets run real module processes. All processes share
compiled code (``compiled_code/sitecustomize.py``). Each fork has the arguments, folder, environment and standard streams of its
caller. Ansible and Python read their settings at the start, so a caller with other settings starts the real program.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import inspect
import marshal
import os
import select
import shlex
import socket
import sys
import types
from collections.abc import Callable
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
PLUGINS = ("action", "become", "callback", "connection", "filter", "inventory", "lookup", "shell", "strategy", "test")
# What the modules of Ansible and of this collection import from Python and other packages.
LIBRARIES = """
argparse base64 concurrent.futures csv ctypes.util decimal difflib fcntl getpass grp hashlib html inspect json locale
logging.handlers pathlib pkgutil platform pwd queue requests runpy secrets select shlex shutil socket ssl subprocess syslog
tempfile traceback typing_extensions unicodedata urllib.request uuid yaml zipfile zoneinfo
"""
PYTHON_SETTINGS = ("PYTHON", "LANG", "LC_")
SETTINGS = ("ANSIBLE_", "HOME", *PYTHON_SETTINGS)
# A program in the folder of programs. The shell starts Python, because its path may contain blanks. Python reads neither its
# environment nor its site-packages, which would take most of the time.
STARTER = """#!/bin/sh
'''exec' {shell_python} -IS "$0" "$@"
' '''
{start}
start({python!r}, {interpreter!r}, {door!r}, {module!r}, {settings!r})
"""


class WarmAnsible:
    """The programs of Ansible on this Python, without user settings and with the collection on their path.

    :ivar interpreter: a Python for module processes, which is also the ``sys.executable`` of the programs.
    """

    def __init__(self, folder: Path, **settings: str):
        """Start the servers.

        :param folder: an empty folder, whose path is short because it contains sockets.
        :param settings: environment variables that configure Ansible.
        """
        self.programs, self.home, self.collections = folder / "bin", folder / "home", folder / "collections"
        self.interpreter = folder / "modules" / "python"
        self._compiled = folder / "compiled"
        for path in (self.programs, self.home, self._compiled, self.interpreter.parent):
            path.mkdir()
        for name, module in PROGRAMS.items():
            self._write_starter(self.programs / name, folder / "programs.door", module, SETTINGS)
        self._write_starter(self.interpreter, folder / "modules.door", "", PYTHON_SETTINGS)
        link = self.collections / "ansible_collections" / "pingone" / "directory"
        link.parent.mkdir(parents=True)
        link.symlink_to(ROOT, target_is_directory=True)
        self._settings = settings
        self._servers = [self._serve(folder, kind) for kind in ("programs", "modules")]
        for server in self._servers:
            assert server.stdout is not None and server.stdout.readline() == b"ready\n"

    def _write_starter(self, path: Path, door: Path, module: str, settings: tuple[str, ...]) -> None:
        code = STARTER.format(
            shell_python=shlex.quote(sys.executable),
            start=inspect.getsource(start),
            python=sys.executable,
            interpreter=str(self.interpreter),
            door=str(door),
            module=module,
            settings=settings,
        )
        path.write_text(code, encoding="utf-8")
        path.chmod(0o755)

    def _serve(self, folder: Path, kind: str):
        """Start a server. It ends at the end of its input, which is the end of this process at the latest."""
        import subprocess  # the programs do not need it

        return subprocess.Popen(
            [sys.executable, __file__, str(folder / f"{kind}.door"), str(self.interpreter)],
            cwd=folder,
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

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
        """End the servers."""
        for server in self._servers:
            server.communicate()


def settings_of(environment: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Return the variables that Ansible or Python reads at its start."""
    return {name: value for name, value in environment.items() if name.startswith(names)}


# -- in a program ------------------------------------------------------------------------------------------


def start(python, interpreter, door, module, settings):
    """Run a program of Ansible, or the code in the standard input, in a fork of a server; the real program if the settings differ.

    This function is copied into the starters and uses only what loads fast.
    """
    import _socket
    import marshal
    import os
    import sys

    environment = dict(os.environ)
    with open(f"{door}.settings", "rb") as file:
        same = marshal.load(file) == {name: value for name, value in environment.items() if name.startswith(settings)}
    if not same or (os.path.exists("ansible.cfg") if module else sys.argv[1:]):
        code = f"import sys; from ansible.cli.{module} import main; del sys.path[0]"
        code += f"; sys.executable, sys.argv[0] = {interpreter!r}, {sys.argv[0]!r}; main()"
        os.execv(python, [python, *(["-c", code] if module else []), *sys.argv[1:]])
    server = _socket.socket(_socket.AF_UNIX)
    server.connect(door)
    streams = b"".join(number.to_bytes(4, sys.byteorder) for number in range(3))
    server.sendmsg([b" "], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
    server.sendall(marshal.dumps((module, sys.argv, os.getcwd(), environment)))
    server.shutdown(_socket.SHUT_WR)
    answer = server.recv(1)
    os._exit(answer[0] if answer else 1)


# -- in the servers ----------------------------------------------------------------------------------------


def prepare_programs(interpreter: str) -> Callable[[str], None]:
    """Import the programs of Ansible, and return the function that runs one."""
    from ansible import constants
    from ansible.plugins import loader
    from ansible.utils.collection_loader import _collection_finder
    from sitecustomize import stored

    _collection_finder.compile = stored
    constants.DEFAULT_INTERNAL_POLL_INTERVAL = 0.01  # seconds; the programs look ten times less often whether a task has ended
    mains = {module: importlib.import_module(f"ansible.cli.{module}").main for module in PROGRAMS.values()}
    # Each play loads the plugins of Ansible, and parses their documentation and the routing of ansible.builtin.
    for name in PLUGINS:
        list(getattr(loader, f"{name}_loader").all(class_only=True))
    parsed = functools.cache(_collection_finder._meta_yml_to_dict)
    routing = Path(constants.__file__).parent / "config" / "ansible_builtin_runtime.yml"
    parsed(routing.read_bytes(), ("ansible.builtin", "runtime.yml"))
    _collection_finder._meta_yml_to_dict = parsed
    sys.executable = interpreter  # Ansible runs the modules of localhost with it
    return lambda module: sys.exit(mains[module]())


def prepare_modules(interpreter: str) -> Callable[[str], None]:
    """Import what modules use, and return the function that runs the code in the standard input, as Python does."""
    for name in LIBRARIES.split():
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    sys.path[0] = ""

    def run(unused_module: str) -> None:
        import atexit
        import threading

        sys.argv = [""]
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            exec(compile(sys.stdin.buffer.read(), "<stdin>", "exec"), vars(main))
        finally:
            threading._shutdown()  # the end of Python waits for threads
            atexit._run_exitfuncs()  # a module removes its temporary files

    return run


def serve(door: str, interpreter: str) -> None:
    """Fork for each call until the input ends."""
    from sitecustomize import read_all

    programs = Path(door).stem == "programs"
    run = (prepare_programs if programs else prepare_modules)(interpreter)
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(door)
        listener.listen()
        Path(f"{door}.settings").write_bytes(marshal.dumps(settings_of(dict(os.environ), SETTINGS if programs else PYTHON_SETTINGS)))
        print("ready", flush=True)
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            with listener.accept()[0] as caller:
                read_all()
                if os.fork() == 0:
                    listener.close()
                    answer(caller, run)
            with contextlib.suppress(ChildProcessError):  # wait for the forks that have ended
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def answer(caller: socket.socket, run: Callable[[str], None]) -> None:
    """Run a program for a caller, send the exit code, and end this process without the clean-up of the server."""
    import multiprocessing
    import random
    import tempfile
    import traceback

    code: object = 1
    try:
        _blank, streams, _flags, _address = socket.recv_fds(caller, 1, 3)
        given = b""
        while part := caller.recv(1 << 16):
            given += part
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        module, sys.argv, folder, environment = marshal.loads(given)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None
        random.seed()
        run(module)
        code = 0
    except SystemExit as end:
        code = end.code
        if not isinstance(code, int | None):
            print(code, file=sys.stderr)
    except Exception:  # noqa: BLE001  printed as Python prints it
        traceback.print_exc()
    finally:
        code = (code if isinstance(code, int) else int(code is not None)) & 255
        with contextlib.suppress(OSError):  # the caller has ended
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            for worker in multiprocessing.active_children():
                worker.join()
            caller.send(bytes([code]))
        os._exit(code)


if __name__ == "__main__":
    serve(*sys.argv[1:])
