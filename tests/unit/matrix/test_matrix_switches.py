# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The matrix: the long scenario on services of every kind, pairwise over all switches (tests/soak draws others)."""

from __future__ import annotations

import pytest
from matrix_scenario import check_combination, combinations, default_settings

COMBINATIONS = [default_settings(), *combinations()]


@pytest.mark.parametrize("number", range(len(COMBINATIONS)))
def test_scenario_on_a_service_of_this_kind(number, tmp_path):
    check_combination(COMBINATIONS[number], tmp_path)
