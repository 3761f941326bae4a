# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each fault in the requests of each task: the task has the desired effect, or fails and reports what was done."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import pytest
from matrix_faults import FAULTS, SLOW, TASKS, check_fault, requests_of
from matrix_world import DirectoryService, Settings, World, virtual_time

from soak.depth import EVERYTHING

FAST = [name for name in FAULTS if name not in SLOW]


# A fault hits every eighth request of each task once and every sixteenth permanently; other faults hit the others. In the
# matrix it is every third and every fifth request, and in make soak every request.
IN_TEST, IN_MATRIX = {1: 8, None: 16}, {1: 3, None: 5}
SHARES = IN_MATRIX if EVERYTHING else IN_TEST


def met(fault, requests, share):
    """Return which of this number of requests a fault hits, at least one."""
    share = min(share, requests)
    return [number for number in range(requests) if (number + FAST.index(fault)) % share == 0]


@functools.cache
def count_requests(task):
    """Return how many requests a task without faults sends to a service as the vendor documents it."""
    with DirectoryService(Settings()) as service, virtual_time(service), tempfile.TemporaryDirectory() as folder:
        return len(requests_of(World(service, Path(folder)), TASKS[task]))


def cases(everything=EVERYTHING):
    """Return each fault with each task; in make test, each fault with a quarter of the tasks, which differ between faults."""
    share = 1 if everything else 4
    return [(fault, task) for row, fault in enumerate(FAST) for column, task in enumerate(TASKS) if (row + column) % share == 0]


@pytest.mark.parametrize(("fault", "task"), cases())
def test_a_fault_that_passes(fault, task, world_of):
    for number in met(fault, count_requests(task), SHARES[1]):
        check_fault(world_of(), TASKS[task], number, FAULTS[fault], times=1)


@pytest.mark.parametrize(("fault", "task"), cases())
def test_a_fault_that_lasts(fault, task, world_of):
    for number in met(fault, count_requests(task), SHARES[None]):
        check_fault(world_of(), TASKS[task], number, FAULTS[fault], times=None)


@pytest.mark.parametrize("task", ["user created", "user updated", "members exact"])
@pytest.mark.parametrize("fault", SLOW)
def test_a_missing_answer(fault, task, world_of):
    last = count_requests(task) - 1
    for number in (last - 1, last):
        check_fault(world_of(), TASKS[task], number, FAULTS[fault], times=1)
