# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of the emulator."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The tests are no package: their folder has the same name as the package they test
sys.path.insert(0, str(Path(__file__).resolve().parent))

from emulator_support import Client, DirectoryService  # pylint: disable=wrong-import-position


@pytest.fixture
def service():
    """A running directory service with a fresh account and the default settings."""
    with DirectoryService() as running:
        yield running


@pytest.fixture
def client(service):
    """A client of that service."""
    with Client(service) as session:
        yield session
