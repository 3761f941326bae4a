# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of the shared code."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# ansible-test sets no path for what the tests here share.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from workbench import Workbench  # pylint: disable=wrong-import-position


@pytest.fixture
def bench(playground):
    """A client, a lookup and a writer on a running service, without real waiting."""
    with Workbench(playground.service) as workbench:
        yield workbench
