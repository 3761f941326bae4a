# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the matrix: the same directory on services with any switches, without waiting."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The tests are not a package, and ansible-test sets no path for shared modules.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from matrix_world import DirectoryService, Settings, World, virtual_time  # pylint: disable=wrong-import-position


@pytest.fixture
def world_of(tmp_path):
    """Return a function that makes a world on a service with given switches."""
    import contextlib

    with contextlib.ExitStack() as stack:

        def make(**switches):
            service = stack.enter_context(DirectoryService(Settings(**switches)))
            stack.enter_context(virtual_time(service))
            folder = tmp_path / f"world-{id(service)}"
            folder.mkdir()
            return World(service, folder)

        yield make


@pytest.fixture
def world(world_of):
    """Return a world on a service as the vendor documents it."""
    return world_of()
