# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of what is around the collection."""

from __future__ import annotations

import pytest
from ecosystem_support import Workshop

from emulator import DirectoryService, Settings


@pytest.fixture
def workshop(tmp_path):
    return Workshop(tmp_path)


@pytest.fixture
def service():
    with DirectoryService(Settings(), client_id="the-client-of-a-test", api_key="the-S3cret-key-of-a-test") as running:
        yield running
