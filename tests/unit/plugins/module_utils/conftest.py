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


@pytest.fixture(scope="session")
def running_service():
    """One service for all tests of a process: to start and stop one for each takes longer than the tests."""
    from emulator import DirectoryService

    with DirectoryService() as service:
        yield service


@pytest.fixture
def bench(running_service):
    """A client, a lookup and a writer on a fresh account, without real waiting."""
    api_key = running_service.api_key
    running_service.reset()
    with Workbench(running_service) as workbench:
        yield workbench
    running_service.api_key = api_key
