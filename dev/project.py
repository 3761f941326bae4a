# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where things are, the environment that programs run in, virtual environments, and copies of the checkout.

Everything that is made goes to .build/ in the checkout. Only the standard library is used: this runs before anything is
installed.
"""

from __future__ import annotations

import contextlib
import fcntl
import filecmp
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

NAMESPACE, NAME = "pingone", "directory"

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
REQUIREMENTS = ROOT / "dev" / "requirements"

TEST_REQUIREMENTS = (
    ROOT / "tests" / "unit" / "requirements.txt",
    ROOT / "tests" / "integration" / "requirements.txt",
    ROOT / "tests" / "emulator" / "requirements.txt",
)

# The names under which the releases of ansible-test from 2.16 on look for get-pip.py in their cache.
GET_PIP_NAMES = ("get_pip_23_1_2.py", "get_pip_24_2.py", "get_pip_25_2.py")

PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")


class Failure(Exception):
    """What went wrong, in words for the person at the keyboard."""


def python_version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def require_python() -> None:
    if sys.version_info < (3, 10):  # noqa: UP036 - this says so to whoever has less
        raise Failure(
            f"This is Python {python_version()}, and 3.10 or newer is needed. Name one: make PYTHON=python3.12 ..."
        )


def place() -> Path:
    """The path of .build under which virtual environments are made and used.

    A script of an environment starts with the path of its interpreter, which can neither hold a blank nor be long. Where
    the checkout lies under such a path, a link with a short name stands for it.
    """
    if re.fullmatch(r"[\w./+@-]{1,90}", str(BUILD)):
        return BUILD
    digest = hashlib.sha256(str(BUILD).encode()).hexdigest()[:12]
    link = Path(tempfile.gettempdir()) / f"pingone-directory-{os.getuid()}-{digest}"
    with contextlib.suppress(FileExistsError):
        link.symlink_to(BUILD)
    if not link.is_symlink() or link.lstat().st_uid != os.getuid() or os.readlink(link) != str(BUILD):
        raise Failure(f"{link} is not the link to {BUILD} that is needed there: remove it")
    return link


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Keep a second run from the place that the first one works in."""
    folder = BUILD / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another run that uses .build/{name}", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# The environment of programs


def user_home() -> Path:
    return Path(os.environ.get("HOME") or os.path.expanduser("~"))


def pip_settings() -> dict[str, str]:
    """Let pip find the user's settings and cache although HOME is another."""
    home = user_home()
    settings = {}
    if "PIP_CONFIG_FILE" not in os.environ:
        config_home = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
        for candidate in (config_home / "pip" / "pip.conf", home / ".pip" / "pip.conf"):
            if candidate.is_file():
                settings["PIP_CONFIG_FILE"] = str(candidate)
                break
    if "PIP_CACHE_DIR" not in os.environ:
        if sys.platform == "darwin":
            cache = home / "Library" / "Caches"
        else:
            cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
        settings["PIP_CACHE_DIR"] = str(cache / "pip")
    settings["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return settings


def environment(venv: Path | None = None, **extra: str) -> dict[str, str]:
    """The environment in which every program runs: none of the user's settings for Ansible, Python or the modules."""
    home = BUILD / "home"
    ansible_home = home / ".ansible"
    cache = ansible_home / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for name in GET_PIP_NAMES:
        if not (cache / name).is_file() or not filecmp.cmp(ROOT / "dev" / "get_pip.py", cache / name, shallow=False):
            shutil.copyfile(ROOT / "dev" / "get_pip.py", cache / name)

    unwanted = re.compile(r"(ANSIBLE|P1|PYTHON|PYTEST|XDG|NOX|COVERAGE|HYPOTHESIS|GIT)_|MAKE|MFLAGS|VIRTUAL_ENV|PYTHON")
    result = {key: value for key, value in os.environ.items() if not unwanted.match(key)}
    result.update(pip_settings())
    result.update(
        ANSIBLE_CONFIG=str(ROOT / "dev" / "ansible.cfg"),
        ANSIBLE_HOME=str(ansible_home),
        ANSIBLE_LOCAL_TEMP=str(ansible_home / "tmp"),
        ANSIBLE_NOCOLOR="1",
        HOME=str(home),
        HYPOTHESIS_STORAGE_DIRECTORY=str(BUILD / "hypothesis"),
        LC_ALL="en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8",
        PYTHONDONTWRITEBYTECODE="1",
        PYTHONUNBUFFERED="1",
    )
    # a proxy is for the package index alone: the service that the tests talk to is on this machine
    for name in ("no_proxy", "NO_PROXY"):
        result[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1,localhost,::1")))
    path = [str(real_pythons())]
    if venv is not None:
        path.insert(0, str(venv / "bin"))
        result["VIRTUAL_ENV"] = str(venv)
    result["PATH"] = os.pathsep.join([*path, os.environ.get("PATH", os.defpath)])
    result.update(extra)
    return result


# Interpreters


def version_of(python: str | Path) -> str | None:
    """The version of an interpreter that really starts and can make environments; a version manager's shim may not."""
    code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2], sys.prefix == sys.base_prefix)"
    try:
        answer = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = answer.stdout.split()
    return words[0] if answer.returncode == 0 and words[1:] == ["True"] else None


def real_path_of(python: str | Path) -> str:
    """Where an interpreter really is, behind a shim."""
    code = "import sys; print(sys.executable)"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def base_python() -> str:
    """The interpreter behind the one that runs this, which may be one of an environment."""
    name = f"python{python_version()}"
    for candidate in (Path(sys.base_prefix) / "bin" / name, Path(sys.base_prefix) / "bin" / "python3"):
        if candidate.is_file():
            return str(candidate)
    return getattr(sys, "_base_executable", None) or sys.executable


def real_pythons() -> Path:
    """A folder with the interpreter at hand under its usual names: ansible-test takes it from PATH by name."""
    folder = BUILD / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("python", "python3", f"python{python_version()}"):
        link = folder / name
        if not link.is_symlink() or os.readlink(link) != base_python():
            with contextlib.suppress(FileNotFoundError):
                link.unlink()
            link.symlink_to(base_python())
    return folder


def find_pythons() -> dict[str, str]:
    """Every interpreter that can be used, by version: the one at hand, those on PATH, those of pyenv."""
    found = {python_version(): base_python()}
    roots = [Path(os.environ["PYENV_ROOT"])] if os.environ.get("PYENV_ROOT") else []
    if shutil.which("pyenv"):
        answer = subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=False)
        roots.extend(Path(line) for line in answer.stdout.split("\n") if line)
    for version in PYTHONS:
        candidates = [shutil.which(f"python{version}")]
        for root in roots:
            pattern = os.path.join(glob.escape(str(root)), "versions", f"{version}.*", "bin", f"python{version}")
            candidates.extend(sorted(glob.glob(pattern), reverse=True))
        for candidate in candidates:
            if version not in found and candidate and version_of(candidate) == version:
                found[version] = real_path_of(candidate)
    return found


# Virtual environments


def unit_test_requirements(target: Path) -> list[Path]:
    """What the ansible-test of an environment wants beside itself in order to run unit tests in that environment."""
    return list(target.glob("lib/python*/site-packages/ansible_test/_data/requirements/units.txt"))


def venv(name: str, *, tests: bool = False) -> Path:
    """An environment with what dev/requirements/NAME.txt lists, made when it is missing or the lists have changed."""
    files = [REQUIREMENTS / f"{name}.txt"]
    if tests:
        files.extend(path for path in TEST_REQUIREMENTS if path.is_file())
    target = place() / "venv" / name
    state = hashlib.sha256(repr((str(target), base_python(), sys.version)).encode())
    for path in files:
        state.update(path.read_bytes())
    stamp = target / ".made-of"
    with locked(f"venv-{name}"):
        if stamp.is_file() and stamp.read_text() == state.hexdigest() and (target / "bin" / "python").exists():
            return target
        print(f"making the environment .build/venv/{name} (once, a minute or less)", flush=True)
        shutil.rmtree(target, ignore_errors=True)
        log = BUILD / "logs" / f"venv-{name}.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as output:
            run_or_fail([base_python(), "-m", "venv", str(target)], output, "make a virtual environment")
            install(target, files, output)
            if tests:
                install(target, unit_test_requirements(target), output)
        stamp.write_text(state.hexdigest())
    return target


def install(target: Path, files: Iterable[Path], output) -> None:
    arguments = [argument for path in files for argument in ("--requirement", str(path))]
    if arguments:
        command = [str(target / "bin" / "python"), "-m", "pip", "install", *arguments]
        run_or_fail(command, output, "install packages")


def run_or_fail(command: Sequence[str], output, purpose: str) -> None:
    status = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment(), check=False
    ).returncode
    if status:
        output.flush()
        text = Path(output.name).read_text(errors="replace")
        hint = "\nOn Debian and Ubuntu, venv is a package of its own: python3-venv." if "ensurepip" in text else ""
        raise Failure(f"{text}\nCould not {purpose}: {' '.join(command)} ended with {status}.{hint}")


# Copies of the checkout


def project_files() -> list[str]:
    """What belongs to the project: tracked files, and new ones that are not ignored."""
    if (ROOT / ".git").exists():
        command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            names = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
            return sorted({name for name in names if name and os.path.lexists(ROOT / name)})
    # an unpacked archive, or no git: all but what tools leave behind
    ignored = re.compile(r"\.build|\.git|__pycache__|\..*_cache|\.nox|\.venv|venv|\.hypothesis|\.ansible|.*\.pyc|output")
    names = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not ignored.fullmatch(name)]
        names.extend(os.path.relpath(os.path.join(folder, name), ROOT) for name in files if not ignored.fullmatch(name))
    return sorted(names)


def tree(name: str) -> Path:
    """A copy of the checkout where Ansible's tools want a collection to lie; what they left there stays, as a cache."""
    target = BUILD / "trees" / name / "ansible_collections" / NAMESPACE / NAME
    target.mkdir(parents=True, exist_ok=True)
    separate_from_checkout(target)
    listing = target.parent.parent.parent / "files"
    wanted = project_files()
    if listing.is_file():
        for old in set(listing.read_text().split("\n")) - set(wanted) - {""}:
            with contextlib.suppress(FileNotFoundError):
                (target / old).unlink()
            for folder in (target / old).parents:
                if folder == target or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()
    for relative in wanted:
        source, copy = ROOT / relative, target / relative
        if source.is_dir() and not source.is_symlink():
            continue
        if copy.is_symlink() or not copy.is_file() or not same(source, copy):
            copy.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                copy.unlink()
            shutil.copy2(source, copy, follow_symlinks=False)
    listing.write_text("\n".join(wanted))
    return target


def separate_from_checkout(copy: Path) -> None:
    """Make the copy a repository of its own, without commits.

    Tools ask git which files there are. For the repository around, that of the checkout, .build/ is ignored: they would
    find nothing to do, and say that all is well.
    """
    if not (copy / ".git").exists() and shutil.which("git"):
        command = ["git", "init", "--quiet", "--template=", str(copy)]
        subprocess.run(command, env=environment(), stdin=subprocess.DEVNULL, check=True, capture_output=True)


def same(source: Path, copy: Path) -> bool:
    if source.is_symlink():
        return False
    return source.stat().st_mode == copy.stat().st_mode and filecmp.cmp(source, copy, shallow=True)


def collections_path(copy: Path) -> Path:
    """The folder that holds ansible_collections, for a copy that tree() made."""
    return copy.parent.parent.parent


def build_artifact(output: Path, tools: Path) -> Path:
    """Build the collection from a clean copy and return the path of the artifact."""
    with locked("tree-artifact"):
        copy = tree("artifact")
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir(parents=True)
        command = [str(tools / "bin" / "ansible-galaxy"), "collection", "build", "--output-path", str(output)]
        log = BUILD / "logs" / "artifact.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as stream:
            status = subprocess.run(
                command, cwd=copy, env=environment(tools), stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, check=False
            ).returncode
    if status:
        raise Failure(f"{log.read_text()}\nCould not build the collection.")
    return next(output.glob("*.tar.gz"))


def main_of(function) -> None:
    """Run a program's main function; what failed is said in words, not as a traceback."""
    try:
        require_python()
        sys.exit(function(sys.argv[1:]))
    except Failure as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        sys.exit(130)
