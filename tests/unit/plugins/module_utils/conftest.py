# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for the tests of module_utils."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# ansible-test sets no path for modules that the tests share.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from workbench import Workbench  # pylint: disable=wrong-import-position


@pytest.fixture(scope="session")
def running_service():
    """Start one emulator for all tests of a process, because starting takes longer than the tests."""
    from emulator import DirectoryService

    with DirectoryService() as service:
        yield service


@pytest.fixture
def bench(running_service):
    """Provide a client, lookup and writer on a new account without real waits."""
    api_key = running_service.api_key
    running_service.reset()
    with Workbench(running_service) as workbench:
        yield workbench
    running_service.api_key = api_key
