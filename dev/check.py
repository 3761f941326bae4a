# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""make test: everything that must pass, on the Python at hand and the newest ansible-core that it takes.

check.py        all of it
check.py lint   the linters alone
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import ansible_test
import project
import unit
from stages import Count, Stage, gate, run_stages

# How many runs of ansible-test integration share the targets; each has a copy of the checkout to itself.
SHARDS = 4


def linters(tools: Path, copy: Path) -> list[Stage]:
    """Each linter is a gate. They read a copy where a collection lies at home, so that names resolve to this checkout."""
    collections = str(project.collections_path(copy))
    cache = project.BUILD / "cache"

    def stage(name: str, *commands: Sequence[str], **extra: str) -> Stage:
        return Stage(name, gate(*commands, cwd=copy, venv=tools, ANSIBLE_COLLECTIONS_PATH=collections, **extra))

    nox = ["nox", "--no-venv", "--no-install", "--envdir", str(cache / "nox"), "--session"]
    return [
        stage("ansible-lint", ["ansible-lint", "--offline", "--profile", "production", "--strict", "--nocolor"]),
        stage(
            "docs",
            ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs", "self", "."],
            [*nox, "docs-check"],  # here it checks the code blocks of the guides alone
        ),
        stage("mypy", ["mypy", "--cache-dir", str(cache / "mypy")]),
        stage("yamllint", ["yamllint", "--strict", "."], [*nox, "yamllint"]),
        stage("ruff", ["ruff", "check", "--no-fix", "--cache-dir", str(cache / "ruff"), "."]),
        stage("license", [*nox, "license-check"]),
        stage("extra-checks", [*nox, "extra-checks"]),
        stage("changelog", ["antsibull-changelog", "lint"]),
    ]


def galaxy(tools: Path) -> Stage:
    """Build the artifact and ask whether Galaxy would take it."""

    def run(call: Callable[..., int]) -> Count:
        artifact = project.build_artifact(project.BUILD / "artifact", tools)
        importer = project.venv("galaxy")
        folder = project.BUILD / "import"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        env = project.environment(importer, GALAXY_IMPORTER_CONFIG=str(project.ROOT / "dev" / "galaxy-importer.cfg"))
        status = call(["python", "-m", "galaxy_importer.main", str(artifact)], cwd=folder, env=env)
        complaints = [line for line in stage.log.read_text(errors="replace").split("\n") if line.startswith(("ERROR", "WARNING"))]
        failed = bool(status or complaints)
        return Count(passed=int(not failed), failed=int(failed))

    stage = Stage("build-import", run)
    return stage


def tests(venv: Path) -> list[Stage]:
    """Tests, the longest first."""
    python = project.python_version()
    copy = project.tree("integration-1")
    targets = ansible_test.integration_targets(venv, copy)
    shards = [targets[number::SHARDS] for number in range(SHARDS)]
    running = [
        ansible_test.integration(venv, project.tree(f"integration-{number}"), python, shard, f" {number}/{SHARDS}")
        for number, shard in enumerate(shards, 1)
        if shard
    ]
    return [
        *running[:1],
        ansible_test.sanity(venv, project.tree("sanity"), python),
        *running[1:],
        unit.stage(venv, project.tree("units")),
        ansible_test.units(venv, project.tree("shared"), python, " ansible-test", ansible_test.PURE_CODE),
    ]


def main(arguments: Sequence[str]) -> int:
    lint_alone = list(arguments) == ["lint"]
    if arguments and not lint_alone:
        raise project.Failure(f"Unknown arguments: {' '.join(arguments)}. {__doc__}")
    with contextlib.ExitStack() as stack:
        if not lint_alone:
            stack.enter_context(project.locked("tests"))
        stack.enter_context(project.locked("lint"))
        tools = project.venv("lint")
        if lint_alone:
            return run_stages(linters(tools, project.tree("lint")))
        venv = project.venv("run", tests=True)
        return run_stages([*tests(venv), *linters(tools, project.tree("lint")), galaxy(tools)])


if __name__ == "__main__":
    project.main_of(main)
