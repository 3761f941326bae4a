# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Whether an account is idle, from the dates that the service shows. Pure.

A missing date is no proof: an account is idle only where dates say so, and otherwise it is reported as not determined.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ...module_utils._core.dates import parse_moment
from .reading import Account


@dataclass(frozen=True)
class LastUse:
    """What is known of the last login of an account.

    :ivar logged_in: whether the account was ever logged in to; None: not determined.
    :ivar idle: whether its last login, or its creation where there was none, is at least a number of days ago; None: not
        determined.
    :ivar text: the reason, which continues a sentence that begins with the name of the account.
    """

    logged_in: bool | None
    idle: bool | None
    text: str = ""


def last_use(account: Account, days: int, moment: datetime.datetime, logins_read: bool) -> LastUse:
    """Return whether an account was in use within a number of days.

    :param moment: the time, with its zone, that the days count back from.
    :param logins_read: whether the reading shows a login of any account. Where it shows none, the service may not show
        logins at all, so an account without one may have been in use.
    """
    created = parse_moment(account.created)
    last = parse_moment(account.last_login)
    if last is not None and last.timestamp() <= 0:
        last = None  # 1970: a time that was never set
    elif last is None and account.last_login not in (None, ""):
        return LastUse(None, None, f"may be idle: not determined, because last_login is no date ('{account.last_login}')")
    if created is not None and (moment - created).days < days:
        return LastUse(last is not None, False)  # too new to be idle, regardless of logins
    if last is not None:
        ago = (moment - last).days
        return LastUse(True, ago >= days, f"last logged in on {last.date().isoformat()}, {ago} days ago")
    if not logins_read:
        return LastUse(None, None, "may be idle: not determined, because no last_login of any user was read")
    if created is None:
        return LastUse(False, None, "has never logged in, and may be new: not determined, because created is no date")
    ago = (moment - created).days
    return LastUse(False, True, f"has never logged in; the account was created on {created.date().isoformat()}, {ago} days ago")
