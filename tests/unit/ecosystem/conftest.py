# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for the tests of the ecosystem."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# ansible-test adds no folder of tests to the path.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from ecosystem_support import Workshop  # pylint: disable=wrong-import-position

from emulator import DirectoryService, Settings  # pylint: disable=wrong-import-position


@pytest.fixture
def workshop(tmp_path, warm_ansible):
    return Workshop(tmp_path, warm_ansible)


@pytest.fixture
def service():
    with DirectoryService(Settings(), client_id="the-client-of-a-test", api_key="the-S3cret-key-of-a-test") as running:
        yield running
