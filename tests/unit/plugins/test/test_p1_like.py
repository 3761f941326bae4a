# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_like: shell patterns match as in p1_directory."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.test.p1_like import TestModule as Plugin


@pytest.mark.parametrize(
    ("name", "patterns", "fits"),
    [
        ("svc-backup", ["svc-*"], True),
        ("SVC-Backup", ["svc-*"], True),
        ("ann", ["svc-*", "a?n"], True),
        ("ann", [], False),
        ("xann", ["ann"], False),
        ("ann.x", ["ann"], False),
        (7, ["7"], True),
    ],
)
def test_like(name, patterns, fits):
    assert Plugin().tests()["p1_like"](name, patterns) is fits
