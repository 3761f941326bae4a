# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fresh cases for tests/unit/matrix: other combinations of switches, and faults on services of every kind."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

UNIT = Path(__file__).resolve().parents[1] / "unit"
# Arguments of pytest. The tests of options are no tests of hypothesis themselves: they call one for each module.
PROPERTIES = (
    ("-k", "any_kind", "matrix/test_matrix_input.py"),
    *(("-m", "hypothesis", folder) for folder in ("emulator", "plugins/module_utils", "plugins/modules", "plugins/plugin_utils")),
)
sys.path.insert(0, str(UNIT / "matrix"))

# pylint: disable=wrong-import-position
from matrix_faults import FAULTS, SLOW, TASKS, check_fault, requests_of  # noqa: E402
from matrix_scenario import check_combination, combinations  # noqa: E402
from matrix_world import DirectoryService, Settings, World, virtual_time  # noqa: E402

# Switches that change the answers of a service but not the final state.
MANNERS = (
    "create_status", "put_body", "patch_status", "patch_group_name", "patch_max_members", "etag", "etag_conflict_status",
    "error_body", "list_key", "delete_status", "delete_missing_status", "member_type", "user_filter", "group_filter",
    "filter_case", "filter_reply", "items_per_page", "sort_by", "total_results", "duplicate_group", "location",
    "put_groups", "put_group_members", "valueless_photo", "internal_schema", "duplicate_user_status", "patch_delete_absent",
)  # fmt: skip


def scenarios(seed: int) -> Iterator[str]:
    """Run the long scenario under one covering array after another; yield each combination.

    :raises AssertionError: a step failed; the message has the fewest switches and steps that show it.
    """
    while True:
        for number, settings in enumerate(combinations(random.Random(seed))):
            with tempfile.TemporaryDirectory() as folder:
                check_combination(settings, Path(folder))
            yield f"combination {number} of {seed}"
        seed += 1


def faults(seed: int) -> Iterator[str]:
    """Apply random faults to random requests of tasks, on services with random switches."""
    chance = random.Random(seed)
    choices = Settings.choices()
    while True:
        manners = {name: chance.choice(choices[name]) for name in MANNERS if chance.random() < 0.5}
        name, fault = chance.choice(list(TASKS)), chance.choice([each for each in FAULTS if each not in SLOW])
        times = chance.choice([1, 1, 2, None])
        with (
            tempfile.TemporaryDirectory() as folder,
            DirectoryService(Settings(**manners)) as service,
            virtual_time(service),
        ):
            number = chance.randrange(len(requests_of(World(service, Path(folder)), TASKS[name])))
            service.reset(Settings(**manners))
            try:
                check_fault(World(service, Path(folder)), TASKS[name], number, FAULTS[fault], times)
            except AssertionError as error:
                raise AssertionError(f"{name}, request {number}, {fault}, {times} times, {manners}: {error}") from error
        yield f"{name}, {fault}"


def properties(seed: int) -> Iterator[str]:
    """Run the property tests with new examples, each selection in a process of its own; hypothesis shrinks each failure."""
    del seed  # hypothesis draws the values and prints the failures
    for *selection, path in itertools.cycle(PROPERTIES):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *selection, str(UNIT / path)],
            env={**os.environ, "P1_EXAMPLES": "300"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(done.stdout[-8000:])
        yield f"300 examples of each property in {path}"
