# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times in the formats of the service."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

_MOUNTAIN = ZoneInfo("America/Denver")


def epoch_ms() -> int:
    """Return the current time in milliseconds since 1970, the format of the extension."""
    return time.time_ns() // 1_000_000


def mountain(stamp: int) -> str:
    """Return a time in milliseconds since 1970 in the format of meta: US mountain time, with milliseconds."""
    moment = datetime.fromtimestamp(stamp / 1000, timezone.utc).astimezone(_MOUNTAIN)
    return moment.isoformat(timespec="milliseconds")
