# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The matrix: the long scenario under combinations of switches (tests/soak draws others).

make test runs the default and one other value of every switch; the matrix session covers every pair of values of two switches.
"""

from __future__ import annotations

import functools
from itertools import islice

import pytest
from matrix_scenario import check_combination, combinations
from matrix_world import Settings

FEW = 6  # they have every value of every switch: the first one all defaults, the second one another value of nearly each
COMBINATIONS = list(islice(combinations(), FEW))
IN_EACH_RUN = 2  # the others repeat the scenario in the matrix
SHARES = 7


@functools.cache
def pairwise():
    """Return the other combinations; a function, because they take seconds to compute."""
    return list(islice(combinations(), FEW, None))


def test_every_value_of_every_switch_occurs():
    for name, values in Settings.choices().items():
        assert len({settings[name] for settings in COMBINATIONS}) == len(values), name


@pytest.mark.parametrize("number", [pytest.param(number, marks=[pytest.mark.matrix] * (number >= IN_EACH_RUN)) for number in range(len(COMBINATIONS))])
def test_scenario_with_these_switches(number, tmp_path):
    check_combination(COMBINATIONS[number], tmp_path)


@pytest.mark.matrix
@pytest.mark.parametrize("share", range(SHARES))
def test_scenario_with_pairs_of_values(share, tmp_path):
    for settings in pairwise()[share::SHARES]:
        check_combination(settings, tmp_path)
