# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The interface of all kinds of rules, and functions that they share."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any, Protocol

from .._values import ReportError
from .reading import Reading
from .results import Findings, Violation


class Rule(Protocol):
    """A rule with parsed options, which can be checked against a reading."""

    @classmethod
    def parse(cls, value: Any, label: str) -> Rule:
        """Parse the rule from the value of its option.

        :param label: the assertion as messages name it.
        :raises ReportError: the value is invalid.
        """

    def group_names(self) -> Sequence[str]:
        """Return the names and patterns of groups in the rule."""

    def findings(self, reading: Reading, moment: datetime.datetime) -> Findings:
        """Check the rule against a reading and return the findings.

        :param moment: the end of the periods in days, as a time with a time zone.
        """


def has_wildcard(name: str) -> bool:
    """Return whether a name is a shell pattern."""
    return re.search(r"[*?\[]", name) is not None


def is_name(value: Any) -> bool:
    """Return whether a value is a string that is not blank."""
    return isinstance(value, str) and bool(value.strip())


def names_of(value: Any, message: str, empty: bool = False) -> list[str]:
    """Return a list of names or patterns from a list or a single name.

    :param empty: whether the list may be empty.
    :raises ReportError: the value is not a list of names; the text of the error is ``message``.
    """
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(map(is_name, value)) or (not value and not empty):
        raise ReportError(message)
    return value


def user_violation(reading: Reading, user_key: str, group: str | None, text: str) -> Violation:
    """Return a violation by a user; ``text`` is the rest of a sentence that begins with the quoted user name."""
    account = reading.users[user_key]
    return {"user": account.name, "group": group, "text": f"'{account.name}' {text}", "person": account.person}


def group_violation(group: str, text: str) -> Violation:
    """Return a violation by a group."""
    return {"user": None, "group": group, "text": text, "person": None}
