# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Parse and format dates and times. Pure, except for the clock; all results are in UTC."""

from __future__ import annotations

import datetime
import re
from typing import Any

UTC = datetime.timezone.utc


# A date, or a date and a time. Excludes the other forms of ISO 8601, which only some Python versions accept.
DATE = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{3,6})?)?(?:[zZ]|[+-]\d\d:\d\d)?)?"


def parse_moment(value: Any) -> datetime.datetime | None:
    """Parse a time from ISO 8601 text or milliseconds since 1970; return None for other values.

    Text without a time zone is UTC. The service returns both forms ([recorded]).
    """
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.datetime.fromtimestamp(value / 1000, UTC)
        moment = _from_iso(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def parse_date(value: Any) -> datetime.date | None:
    """Parse a date from a date, a time or their text; return None for other values.

    A time with a time zone is converted to UTC first.
    """
    if isinstance(value, str) and re.fullmatch(DATE, value.strip()):
        try:
            value = _from_iso(value)
        except ValueError:
            return None
    try:
        if isinstance(value, datetime.datetime):
            return (value.astimezone(UTC) if value.tzinfo else value).date()
    except OverflowError:
        return None  # in UTC, the time is before the first or after the last date that Python supports
    return value if isinstance(value, datetime.date) else None


def today() -> datetime.date:
    """Return the current date in UTC."""
    return datetime.datetime.now(UTC).date()


def now_text(timespec: str = "seconds") -> str:
    """Return the current time as ISO 8601 text such as ``2026-01-31T12:00:00Z``.

    :param timespec: ``seconds`` or ``milliseconds``.
    """
    return moment_text(datetime.datetime.now(UTC), timespec)


def moment_text(moment: datetime.datetime, timespec: str = "milliseconds") -> str:
    """Return a time in UTC as ISO 8601 text that ends in ``Z``."""
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")


def _from_iso(text: str) -> datetime.datetime:
    # fromisoformat does not accept Z before Python 3.11.
    return datetime.datetime.fromisoformat(text.strip().upper().replace("Z", "+00:00"))
