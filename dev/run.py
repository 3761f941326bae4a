# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run sessions of noxfile.py. This needs only Python 3.10 or newer and a package index.

run.py SESSION [ARGUMENT...]   run one session with its arguments and show its output
run.py --all SESSION...        run sessions (or patterns: "*-2.16-*"), two at a time, with a line and a log each, and a summary
run.py sandbox | clean         keep the emulator running until Ctrl-C; remove everything that was built

In addition to nox, this script creates the environment of nox, removes the user's settings of Ansible and Python, replaces
a download of ansible-test, finds the interpreters of pyenv, prevents concurrent runs of one session, and counts passed
tests. It uses only the standard library.
"""

from __future__ import annotations

import contextlib
import fcntl
import fnmatch
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / (".build" if (ROOT / ".git").exists() else ".nox")  # Without git, antsibull-nox copies all folders except .nox.
BASE = getattr(sys, "_base_executable", None) or sys.executable

# User settings that would change the result. Settings of package indexes and proxies are kept.
UNWANTED = re.compile(r"(ANSIBLE|ANTSIBULL|P1|PYTHON|PYTEST|XDG|NOX|COVERAGE|HYPOTHESIS|GIT)_|MAKE|MFLAGS|VIRTUAL_ENV|PYTHON")

BLOCK = re.compile(r"=+ \S (?P<name>\S+): (?P<status>\w+)(?:, (?P<time>[^=]*))? =+$")
PASSED = re.compile(r"^(?:=+ )?(?:\d+ failed, )?(\d+) passed\b|^Running (?:sanity test|\S+ integration test)", re.MULTILINE)


def place() -> Path:
    """Return BUILD, or a link to it if its path is too long or contains a blank for the first line of a script."""
    if re.fullmatch(r"[\w./+@-]{1,80}", str(BUILD)):
        return BUILD
    BUILD.mkdir(exist_ok=True)
    short = Path(tempfile.gettempdir()) / f"pingone-directory-{os.getuid()}-{hashlib.sha256(str(BUILD).encode()).hexdigest()[:12]}"
    with contextlib.suppress(FileExistsError):
        short.symlink_to(BUILD)
    if not short.is_symlink() or short.lstat().st_uid != os.getuid() or os.readlink(short) != str(BUILD):
        sys.exit(f"{short} is not the link to {BUILD} that is needed there: remove it")
    return short


def link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_symlink() or os.readlink(path) != target:
        path.unlink(missing_ok=True)
        path.symlink_to(target)


def environment() -> dict[str, str]:
    """Return the environment variables of all commands; create the folders in them."""
    user = Path(os.environ.get("HOME") or os.path.expanduser("~"))
    config = Path(os.environ.get("XDG_CONFIG_HOME") or user / ".config")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or user / (".cache" if sys.platform != "darwin" else "Library/Caches"))
    home = place() / "home"
    for version in ("23_1_2", "24_2", "25_2"):  # ansible-test uses this file instead of a download
        link(home / ".ansible" / "test" / "cache" / f"get_pip_{version}.py", str(ROOT / "dev" / "get_pip.py"))
    for name in ("pip", "uv"):  # the user's package indexes
        link(home / ".config" / name, str(config / name))
    for version, path in find_pythons().items():
        link(place() / "bin" / f"python{version}", path)
    result = {key: value for key, value in os.environ.items() if not UNWANTED.match(key)}
    result.update(
        ANSIBLE_CONFIG=str(ROOT / "dev" / "ansible.cfg"),
        ANSIBLE_HOME=str(home / ".ansible"),
        ANSIBLE_LOCAL_TEMP=str(home / ".ansible" / "tmp"),
        ANSIBLE_NOCOLOR="1",
        GIT_CEILING_DIRECTORIES=str(BUILD),  # copies in here are not part of the clone
        HOME=str(home),
        HYPOTHESIS_STORAGE_DIRECTORY=str(place() / "hypothesis"),
        LC_ALL="en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8",
        PATH=os.pathsep.join((str(place() / "bin"), os.environ.get("PATH", os.defpath))),
        PIP_CACHE_DIR=os.environ.get("PIP_CACHE_DIR", str(cache / "pip")),
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PYTHONPYCACHEPREFIX=str(place() / "bytecode"),  # not beside the sources, and kept: each worker and program is compiled once
        PYTHONUNBUFFERED="1",
        RUFF_CACHE_DIR=str(place() / "ruff"),
        UV_CACHE_DIR=os.environ.get("UV_CACHE_DIR", str(cache / "uv")),
        UV_COMPILE_BYTECODE="1",  # as pip does: otherwise each ansible-playbook compiles ansible-core
    )
    for name in ("no_proxy", "NO_PROXY"):  # the emulator is local; a proxy is only for the package index
        result[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1,localhost,::1")))
    return result


def find_pythons() -> dict[str, str]:
    """Return the working interpreters by version: this one, those of pyenv, and those on PATH, where a shim may fail."""
    found = {f"{sys.version_info[0]}.{sys.version_info[1]}": BASE}
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    for name in (f"python3.{minor}" for minor in range(10, 15)):
        installed = glob.glob(os.path.join(glob.escape(pyenv), "versions", f"{name[6:]}.*", "bin", name))
        for path in filter(None, (*sorted(installed, reverse=True), shutil.which(name))):
            if name[6:] not in found and not subprocess.call([path, "-c", "import venv"], stderr=subprocess.DEVNULL):
                found[name[6:]] = path
    return found


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Make a second run of a session wait until the first one ends."""
    (BUILD / "locks").mkdir(parents=True, exist_ok=True)
    with (BUILD / "locks" / name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another run of {name}", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def nox(env: dict[str, str]) -> list[str]:
    """Return the nox command; create its environment if it is missing or the requirements of noxfile.py changed."""
    needs = re.findall(r"^# dependencies = \[(.*)\]", (ROOT / "noxfile.py").read_text(encoding="utf-8"), re.MULTILINE)[0]
    target, wanted = place() / "venv" / "nox", f"{needs} {sys.version}"
    python, stamp = str(target / "bin" / "python"), target / "made-of"
    with locked("venv"):
        if not stamp.is_file() or stamp.read_text() != wanted:
            print("installing nox into .build/venv/nox (once)", flush=True)
            shutil.rmtree(target, ignore_errors=True)
            install = [python, "-m", "pip", "install", "-qq", *re.findall(r'"(.*?)"', needs)]
            for command in ([BASE, "-m", "venv", str(target)], install):
                if subprocess.run(command, env=env, stdin=subprocess.DEVNULL, check=False).returncode:
                    sys.exit(f"{' '.join(command)} failed. On Debian and Ubuntu, venv is a package of its own: python3-venv.")
            stamp.write_text(wanted)
    return [python, "-m", "nox", "--noxfile", str(ROOT / "noxfile.py"), "--envdir", str(place() / "nox")]


def run_one(session: str, *arguments: str) -> int:
    env = environment()
    with locked(session):
        return subprocess.run([*nox(env), "--session", session, *arguments], cwd=ROOT, env=env, check=False).returncode


def run_sandbox() -> NoReturn:
    """Replace this process with the sandbox, so that Ctrl-C ends only the sandbox."""
    if code := run_one("demo", "--install-only"):
        sys.exit(code)
    python = place() / "nox" / "demo" / "bin" / "python"
    env = environment()
    env["PATH"] = f"{python.parent}:{env['PATH']}"
    os.execve(python, [str(python), str(ROOT / "dev" / "demo.py"), "sandbox"], env)


def run_all(patterns: Sequence[str]) -> int:
    """Run all sessions, two at a time; print a line for each and a summary, and return the exit code."""
    env = environment()
    command = nox(env)
    listing = subprocess.check_output([*command, "--list-sessions", "--json", "--keywords", "not none"], cwd=ROOT, env=env)
    known = [entry["session"] for entry in json.loads(listing)]
    chosen = list(dict.fromkeys(name for pattern in patterns for name in fnmatch.filter(known, pattern) or [pattern]))
    command += ["--parallel", "2", "--allow-parallel", "--session", *chosen]
    with contextlib.ExitStack() as stack:
        for name in sorted(chosen):
            stack.enter_context(locked(name))
        with subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as process:
            assert process.stdout is not None
            passed, failed, rest = 0, 0, ""
            for header, text in blocks(process.stdout):
                if header:
                    good, bad = report(header, text)
                    passed, failed = passed + good, failed + bad
                else:
                    rest += text
    if process.returncode and not failed:
        print(rest)
    failed = failed or int(process.returncode != 0 or not passed)
    print(f"{passed} passed, {failed} failed" if failed else f"{passed} passed", flush=True)
    return 1 if failed else 0


def blocks(lines: Iterable[str]) -> Iterator[tuple[re.Match[str] | None, str]]:
    """Split the output of nox into a block for each session, with the match of its first line, and the rest."""
    header, text = None, []
    for line in lines:
        found = BLOCK.match(line)
        if found or line.startswith(("Starting session ", "nox > Ran multiple sessions")):
            yield header, "".join(text)
            header, text = found, []
        text.append(line)
    yield header, "".join(text)


def report(header: re.Match[str], text: str) -> tuple[int, int]:
    """Write the log of a session; print its line, and the end of its output if it failed; return the test counts."""
    log = BUILD / "logs" / f"{header['name']}.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(text)
    tests = sum(int(match[1] or 1) for match in PASSED.finditer(text))
    print(f"{header['status']:8} {header['name']:22} {header['time'] or '':24} {tests or ''}".rstrip(), flush=True)
    if header["status"] in ("success", "skipped"):
        return (tests or 1 if header["status"] == "success" else 0), 0
    print("".join(text.splitlines(keepends=True)[-60:]) + f"----- {header['name']} failed; all of its output: {log.relative_to(ROOT)}", flush=True)
    return 0, 1


def main(arguments: Sequence[str]) -> int:
    if sys.version_info < (3, 10):  # noqa: UP036 - a message instead of a traceback
        sys.exit(f"This is Python {sys.version.split()[0]}, and 3.10 or newer is needed. Name one: make PYTHON=python3.12 ...")
    if arguments[0] == "clean":
        if place() != BUILD:
            place().unlink()
        shutil.rmtree(BUILD, ignore_errors=True)
        return 0
    if arguments[0] == "sandbox":
        run_sandbox()
    return run_all(arguments[1:]) if arguments[0] == "--all" else run_one(arguments[0], "--", *arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
