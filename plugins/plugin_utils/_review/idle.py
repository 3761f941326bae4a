# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Determine whether an account is idle from the dates that the service returns. Pure.

An account counts as idle only if its dates prove it. If a date is missing, the account is reported as not determined.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ...module_utils._core.dates import parse_moment
from .reading import Account


@dataclass(frozen=True)
class LastUse:
    """What is known about the last login of an account.

    :ivar logged_in: whether the user has ever logged in; None if not determined.
    :ivar idle: whether the last login, or the creation of an account that was never used, is at least a number of days
        ago; None if not determined.
    :ivar text: the reason, as the rest of a sentence that begins with the name of the account.
    """

    logged_in: bool | None
    idle: bool | None
    text: str = ""


def last_use(account: Account, days: int, moment: datetime.datetime, logins_read: bool) -> LastUse:
    """Return when an account was last used, and whether it has been idle for a number of days.

    :param moment: the end of the period in days, as a time with a time zone.
    :param logins_read: whether the reading contains a login of any account. If it contains none, the service may not
        return logins at all, so an account without a login may have been used.
    """
    created = parse_moment(account.created)
    last = parse_moment(account.last_login)
    if last is not None and last.timestamp() <= 0:
        last = None  # 1970-01-01 means that the time was never set
    elif last is None and account.last_login not in (None, ""):
        return LastUse(None, None, f"may be idle: not determined, because last_login is not a date ('{account.last_login}')")
    if created is not None and (moment - created).days < days:
        return LastUse(last is not None, False)  # the account is too new to be idle
    if last is not None:
        ago = (moment - last).days
        return LastUse(True, ago >= days, f"last logged in on {last.date().isoformat()}, {ago} days ago")
    if not logins_read:
        return LastUse(None, None, "may be idle: not determined, because no last_login of any user was read")
    if created is None:
        return LastUse(False, None, "has never logged in, and may be new: not determined, because created is not a date")
    ago = (moment - created).days
    return LastUse(False, True, f"has never logged in; the account was created on {created.date().isoformat()}, {ago} days ago")
