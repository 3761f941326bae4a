# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides on assumptions and faults match the matrix."""

from __future__ import annotations

from pathlib import Path

import pytest
from matrix_faults import FAULTS, SLOW, TASKS
from matrix_rules import RULES
from matrix_scenario import STEPS
from matrix_world import Settings
from test_matrix_faults import IN_MATRIX, IN_TEST, cases, count_requests, met
from test_matrix_input import EXAMPLES
from test_matrix_switches import COMBINATIONS, IN_EACH_RUN, pairwise

from soak.depth import FACTOR

DOCS = Path(__file__).resolve().parents[3] / "docs" / "docsite" / "rst"
ASSUMPTIONS = (DOCS / "guide_assumptions.rst").read_text(encoding="utf-8")
FAULTS_GUIDE = " ".join((DOCS / "guide_faults.rst").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("switch", Settings.choices())
def test_each_switch_is_covered_by_a_row(switch):
    assert f"``{switch}``" in ASSUMPTIONS


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_each_rule_is_a_row(rule):
    assert f"\n   * - {rule}\n" in ASSUMPTIONS


def test_the_figures_of_combinations():
    assert f"({len(STEPS)} steps, every module)" in FAULTS_GUIDE
    assert f"of all {len(Settings.choices())} switches" in FAULTS_GUIDE
    assert f"{IN_EACH_RUN} combinations: the defaults, and other values of all switches" in FAULTS_GUIDE
    assert f"{EXAMPLES} of each module, the same each time" in FAULTS_GUIDE
    assert f"{EXAMPLES * FACTOR} of each module, the same each time" in FAULTS_GUIDE


@pytest.mark.matrix
def test_the_figure_of_pairwise_combinations():
    """Counting them takes seconds."""
    assert f"{len(COMBINATIONS) + len(pairwise())} combinations, in which each two values" in FAULTS_GUIDE


def test_the_figures_of_faults():
    assert f"{len(FAULTS)} kinds, at the requests of {len(TASKS)} tasks" in FAULTS_GUIDE
    runs = [
        sum(len(met(fault, count_requests(task), share)) for share in shares.values() for fault, task in cases(everything))
        for shares, everything in ((IN_TEST, False), (IN_MATRIX, True))
    ]
    waits = 2 * 3 * len(SLOW)
    assert f"{runs[0]} runs, and {waits} that wait for a timeout - {runs[1]} runs, and {waits} that wait" in FAULTS_GUIDE, runs
