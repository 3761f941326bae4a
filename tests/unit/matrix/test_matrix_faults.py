# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each request of each task, met by each fault: the desired effect, or a failed task that reports what was done."""

from __future__ import annotations

import pytest
from matrix_faults import FAULTS, SLOW, TASKS, check_fault, requests_of

FAST = [name for name in FAULTS if name not in SLOW]


# Each fault meets every third, or every fifth, of the requests of each task, and another fault the others;
# make soak has each fault meet each request.
SHARES = {1: 3, None: 5}


def met_by(world, task, fault, times):
    """The numbers of the requests of a task that a fault meets here."""
    share = SHARES[times]
    return [number for number in range(len(requests_of(world, task))) if (number + FAST.index(fault)) % share == 0]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("fault", FAST)
def test_a_fault_that_passes(fault, task, world_of):
    for number in met_by(world_of(), TASKS[task], fault, 1):
        check_fault(world_of(), TASKS[task], number, FAULTS[fault], times=1)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("fault", FAST)
def test_a_fault_that_lasts(fault, task, world_of):
    for number in met_by(world_of(), TASKS[task], fault, None):
        check_fault(world_of(), TASKS[task], number, FAULTS[fault], times=None)


@pytest.mark.parametrize("task", ["user created", "user updated", "members exact"])
@pytest.mark.parametrize("fault", SLOW)
def test_an_answer_that_does_not_come(fault, task, world_of):
    last = len(requests_of(world_of(), TASKS[task])) - 1
    for number in (last - 1, last):
        check_fault(world_of(), TASKS[task], number, FAULTS[fault], times=1)
