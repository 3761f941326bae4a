# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks of this project as nox sessions; the Makefile states which sessions a command runs.

antsibull-nox.toml     linters, checks of documentation and licenses, build and import
unit-*                 unit tests with pytest, in three groups that cannot share a process; unit runs its arguments
sanity, integration    ansible-test with this Python and the newest ansible-core that supports it
*-CORE-PYTHON          all tests on each ansible-core and Python in the README (make test-matrix)

The Makefile runs nox through dev/run.py, which removes the user's settings of Ansible and Python from the environment.
"""

# Script runners and dev/run.py install the requirements in this metadata:
# /// script
# requires-python = ">=3.10"
# dependencies = ["nox>=2026.8", "antsibull-nox>=1.10", "uv"]
# ///

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import antsibull_nox
import nox
from antsibull_nox.sessions.collections import prepare_collections

# The supported Pythons of each ansible-core. The first one runs the integration tests and all sanity tests.
CLAIMED = {"2.16": ("3.10", "3.11", "3.12"), "2.19": ("3.11", "3.13", "3.12"), "2.21": ("3.13", "3.12")}
PAIRS = [(core, python) for core, pythons in CLAIMED.items() for python in pythons]
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
NEWEST = next((core for core in reversed(CLAIMED) if PYTHON in CLAIMED[core]), list(CLAIMED)[-1])
BUILD = Path(__file__).resolve().parent / ".build"

# When a process has loaded controller code, ansible-core returns the warnings of modules in a different form. So module
# tests run in a separate process, as under ansible-test, and the tests of pure code run first.
SHARED = ["tests/unit/plugins/module_utils"]
MODULES = ["tests/unit/plugins/modules", "tests/unit/emulator", "tests/unit/matrix"]
CONTROLLER = ["tests/unit", *(f"--ignore={path}" for path in SHARED + MODULES)]
GATE = "tests/unit/planner.coveragerc"
# The tests of the packages in GATE run with coverage, and fail if they miss a branch. Coverage would double the time of the others.
MEASURED = [f"tests/unit/{path}" for path in re.findall(r"^    (plugins/\w+/\w+)$", Path(GATE).read_text(encoding="utf-8"), re.MULTILINE)]
XDIST = ["-q", "-n", "auto", "--dist", "loadgroup"]
# The pytest runs of each group: arguments and variables. Module tests also run through the action plugins.
GROUPS: dict[str, list[tuple[list[str], dict[str, str]]]] = {
    "shared": [([*MEASURED, "--cov", f"--cov-config={GATE}"], {}), ([*SHARED, *(f"--ignore={path}" for path in MEASURED)], {})],
    "modules": [(MODULES, {}), (MODULES[:1], {"P1_TEST_DOOR": "action"})],
    "controller": [(CONTROLLER, {})],
}

nox.needs_version = ">=2026.8"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.reuse_venv = "yes"
antsibull_nox.load_antsibull_nox_toml()


@contextmanager
def tree(session: nox.Session, outside: bool = False) -> Iterator[dict[str, str]]:
    """Copy the collection into an ansible_collections folder and change to it. Yield the environment variables to find it."""
    copy = prepare_collections(session, install_in_site_packages=False, install_out_of_tree=outside)
    if copy is None:
        session.skip("this needs an environment of its own")
    place = str(copy.current_place)
    with session.chdir(copy.current_path):
        yield {"ANSIBLE_COLLECTIONS_PATH": place, "PYTHONPATH": f"{place}:{copy.current_path / 'tests'}"}


def requirements(*folders: str) -> list[str]:
    """Return the pip arguments for the requirements of folders in tests/."""
    return [word for name in folders for word in ("--requirement", f"tests/{name}/requirements.txt")]


def install_for_tests(session: nox.Session, *packages: str) -> None:
    """Install packages, the requirements of the tests, and those of ansible-test for unit tests."""
    session.install(*packages or ["ansible-core"], "pytest-cov", *requirements("unit", "integration", "emulator"))
    root = Path(session.virtualenv.location)
    for path in root.glob("lib/python*/site-packages/ansible_test/_data/requirements/units.txt"):
        session.install("--requirement", str(path))


def run_groups(session: nox.Session, *names: str, arguments: tuple[str, ...] = (), matrix: bool = False) -> None:
    """Run pytest on groups."""
    more = {"P1_TEST_MATRIX": "1"} if matrix else {}
    with tree(session) as env:
        for paths, variables in [run for name in names for run in GROUPS[name]]:
            covered = ["--no-cov"] if arguments else []  # the coverage of some tests says nothing
            codes = [0, 5] if arguments else [0]  # pytest returns 5 if arguments such as "-k name" select no test of a group
            command = ["python", "-m", "pytest", *XDIST, *paths, *covered, *arguments]
            session.run(*command, env={**env, **variables, **more}, success_codes=codes)


@nox.session(default=False)
def unit(session: nox.Session) -> None:
    """Run the unit tests, or those in the arguments: nox -s unit -- tests/unit/plugins/module_utils -k rename"""
    install_for_tests(session)
    if not any(Path(word.split("::")[0]).exists() for word in session.posargs):
        run_groups(session, *GROUPS, arguments=tuple(session.posargs))
        return
    with tree(session) as env:
        session.run("python", "-m", "pytest", *XDIST, *session.posargs, env=env)


def add_unit_tests(name: str, *groups: str, python: str | None = None, packages: tuple[str, ...] = ("ansible-core",)) -> None:
    """Add a session that runs groups of unit tests."""

    @nox.session(name=name, python=python, default=False)
    def tests(session: nox.Session) -> None:
        install_for_tests(session, *packages)
        run_groups(session, *groups, matrix=python is not None)

    tests.__doc__ = f"Run the unit tests ({', '.join(groups)}) with {' and '.join(packages)}."


def add_ansible_test(name: str, core: str, python: str, *arguments: str, requests: str = "") -> None:
    """Add a session that runs ansible-test in a copy, with the Python of a separate environment."""

    def before() -> None:
        Path("tests/integration/integration_config.yml").write_text(f"p1_test_matrix: {name != arguments[0]}\n", encoding="utf-8")
        for path in Path("tests").glob("*/requirements.txt") if requests else ():
            path.write_text(re.sub(r"^requests\s*>=.*", requests, path.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")

    antsibull_nox.add_ansible_test_session(
        name=name,
        description=f"Run ansible-test {arguments[0]} on ansible-core {core} and Python {python}.",
        ansible_test_params=[*arguments, "--venv", "--python", python, "--color", "no"],
        ansible_core_version=core,
        ansible_core_source="pypi",
        default=False,
        callback_before=before,
        # Otherwise antsibull-nox 1.10 copies the results into the checkout and fails on nested folders.
        callback_after=lambda: shutil.rmtree("tests/output", ignore_errors=True),
    )


def add_pair(core: str, python: str) -> None:
    """Add the sessions of a pair. Only the first pair of each newer ansible-core uses the newest requests."""
    first = python == CLAIMED[core][0]
    claimed = re.search(r"^requests\s*>=\s*([\d.]+)", Path("meta/ee-requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert claimed is not None
    requests = "" if first and core != PAIRS[0][0] else f"requests=={claimed[1]}"

    add_unit_tests(f"unit-{core}-{python}", *GROUPS, python=python, packages=(f"ansible-core=={core}.*", requests or "requests"))
    if not shutil.which(f"python{python}"):
        return  # nox reports the missing interpreter
    by_python = () if first else ("--test", "compile", "--test", "import")
    add_ansible_test(f"sanity-{core}-{python}", core, python, "sanity", *by_python)
    add_ansible_test(f"units-{core}-{python}", core, python, "units", *(f"{path}/" for path in SHARED), requests=requests)
    if first:
        add_ansible_test(f"integration-{core}-{python}", core, python, "integration", "--continue-on-error", requests=requests)


@nox.session(default=False)
def mypy(session: nox.Session) -> None:
    """Run mypy on the files in pyproject.toml. The session typing of antsibull-nox would also check all tests."""
    session.install("ansible-core", "mypy", "types-PyYAML", "types-requests")
    with tree(session):
        session.run("mypy", "--cache-dir", str(BUILD / "mypy"))


@nox.session(default=False)
def changelog(session: nox.Session) -> None:
    """Lint the changelog, or run another command of antsibull-changelog: nox -s changelog -- release"""
    session.install("antsibull-changelog", "ansible-core")
    session.run("antsibull-changelog", *(session.posargs or ["lint"]))


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Build the documentation site into .build/docs."""
    session.install("ansible-core", "antsibull-docs", "sphinx", "sphinx-ansible-theme")
    source, site = Path(session.create_tmp()) / "source", BUILD / "docs"
    for folder in (source, site):
        shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(mode=0o755)
    shutil.copy("docs/docsite/conf.py", source)
    with tree(session, outside=True) as env:  # ansible-doc finds no roles if the clone is below ansible_collections
        options = ["--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", str(source)]
        session.run("antsibull-docs", "collection", *options, "pingone.directory", env=env)
        session.run("sphinx-build", "-M", "html", str(source), str(site), "--fail-on-warning", "--keep-going", "-q", env=env)


@nox.session(default=False)
def demo(session: nox.Session) -> None:
    """Run the built collection against the emulator: the demo, or nox -s demo -- sandbox"""
    session.install("ansible-core", *requirements("integration", "emulator"))
    session.run("python", "dev/demo.py", *session.posargs)


def add_program(name: str) -> None:
    @nox.session(name=name, default=False)
    def program(session: nox.Session) -> None:
        own = requirements(name) if Path(f"tests/{name}/requirements.txt").exists() else []
        install_for_tests(session, "ansible-core", *own)
        (BUILD / name).mkdir(parents=True, exist_ok=True)
        with tree(session) as env:
            session.run("python", "-m", name, *session.posargs, env={**env, "P1_RESULTS": str(BUILD / name), "P1_CHECKOUT": str(BUILD.parent)})

    program.__doc__ = f"Run the program tests/{name}, whose results go to .build/{name}."


for group_name in GROUPS:
    add_unit_tests(f"unit-{group_name}", group_name)
add_ansible_test("sanity", NEWEST, PYTHON, "sanity")
add_ansible_test("integration", NEWEST, PYTHON, "integration", "--continue-on-error")
for pair in PAIRS:
    add_pair(*pair)
for program_name in ("benchmark", "soak", "mutation", "schemas"):
    add_program(program_name)
