# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much the unit tests repeat: P1_TEST_MATRIX=1 runs every test with many examples, P1_EXAMPLES sets another number."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

# Whether to run tests that repeat a case of another test: make test-matrix does, make test does not.
EVERYTHING = os.environ.get("P1_TEST_MATRIX", "") not in ("", "0")
FACTOR = 6


def bounded(examples: int, **more: Any) -> settings:
    """Return the settings of a property: the same examples on each machine and in each run, no deadline, and no database.

    :param examples: the number for make test; the matrix runs ``FACTOR`` times as many. P1_EXAMPLES sets another
        number and new examples in each run.
    """
    fresh = os.environ.get("P1_EXAMPLES")
    return settings(
        **{
            "max_examples": int(fresh or examples * (FACTOR if EVERYTHING else 1)),
            "derandomize": not fresh,
            "database": None,
            "deadline": None,
            "suppress_health_check": list(HealthCheck),
            **more,
        }
    )
