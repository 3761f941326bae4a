# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""What all kinds of rules share: their interface, and how lists of names are read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any, Protocol

from .._values import ReportError
from .reading import Reading
from .results import Findings, Violation


class Rule(Protocol):
    """A rule whose options were read, ready to be checked against a reading."""

    @classmethod
    def parse(cls, value: Any, label: str) -> Rule:
        """Return the rule that the value of its option describes.

        :param label: the assertion as messages name it.
        :raises ReportError: the value is invalid.
        """

    def group_names(self) -> Sequence[str]:
        """Return the names and patterns of groups in the rule."""

    def findings(self, reading: Reading, moment: datetime.datetime) -> Findings:
        """Return what the rule finds in a reading.

        :param moment: the time, with its zone, that periods count back from.
        """


def has_wildcard(name: str) -> bool:
    """Return whether a name is a shell pattern."""
    return re.search(r"[*?\[]", name) is not None


def is_name(value: Any) -> bool:
    """Return whether a value is text that is not blank."""
    return isinstance(value, str) and bool(value.strip())


def names_of(value: Any, message: str, empty: bool = False) -> list[str]:
    """Return a list of names or patterns from a list or a single name.

    :param empty: whether the list may be empty.
    :raises ReportError: it is no such list; the error is ``message``.
    """
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(map(is_name, value)) or (not value and not empty):
        raise ReportError(message)
    return value


def user_violation(reading: Reading, user_key: str, group: str | None, text: str) -> Violation:
    """Return a violation of a user; ``text`` continues a sentence that begins with the quoted name."""
    account = reading.users[user_key]
    return {"user": account.name, "group": group, "text": f"'{account.name}' {text}", "person": account.person}


def group_violation(group: str, text: str) -> Violation:
    """Return a violation of a group."""
    return {"user": None, "group": group, "text": text, "person": None}
