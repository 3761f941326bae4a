# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The current time as text; test_schema.py and test_desired.py have the dates that users write."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._core.dates import UTC, now_text


@pytest.mark.parametrize(("timespec", "length"), [("seconds", len("2026-01-31T12:00:00Z")), ("milliseconds", len("2026-01-31T12:00:00.000Z"))])
def test_the_current_time_in_utc(timespec, length):
    before = datetime.datetime.now(UTC)
    text = now_text(timespec)
    assert len(text) == length and text.endswith("Z")
    moment = datetime.datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    assert before - datetime.timedelta(seconds=1) < moment <= datetime.datetime.now(UTC)
