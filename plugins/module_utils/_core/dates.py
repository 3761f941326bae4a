# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Dates and times as the service, documents and people write them. Pure but for the clock; all results are in UTC."""

from __future__ import annotations

import datetime
import re
from typing import Any

UTC = datetime.timezone.utc


# A date, or a date and a time; not the other forms of ISO 8601 that some Python versions accept.
DATE = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{3,6})?)?(?:[zZ]|[+-]\d\d:\d\d)?)?"


def parse_moment(value: Any) -> datetime.datetime | None:
    """Return a time in UTC from ISO 8601 text or milliseconds since 1970, or None for other values.

    Text without a zone is UTC. The service writes both forms ([recorded]).
    """
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.datetime.fromtimestamp(value / 1000, UTC)
        moment = _from_iso(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def parse_date(value: Any) -> datetime.date | None:
    """Return a date from a date, a time or their text, or None for other values.

    A time is converted to its date in UTC; a time without a zone is not converted.
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
        return None  # before the first or after the last day in UTC
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
