# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Names and ids as text: how they compare, how messages show them. Which of them look alike: ``similar_names.py``.

Every comparison of two names or two ids is one of these functions, so that no two parts of the collection
disagree about which object a name means.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# The blanks that a service trims. A no-break space is part of the name, which only near matches ignore.
_BLANKS = " \t\n\r\x0b\x0c"


MAX_SHOWN_CHARACTERS = 200


_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


def normalize_name(text: str) -> str:
    """Return a name normalized for comparison: Unicode NFC, outer blanks removed, lowercase.

    SCIM 1.1 compares names without case and says no more. Full case folding would make ``weiss`` equal to ``weiß``,
    which is the name of another person.
    """
    if text.isascii():
        return text.strip(_BLANKS).lower()
    return _composed(_composed(text).strip(_BLANKS).lower())


def same_name(one: str | None, other: str | None) -> bool:
    """Return whether two names are equal, ignoring case, outer blanks and Unicode composition; False if one is missing."""
    return one is not None and other is not None and normalize_name(one) == normalize_name(other)


def same_spelling(one: str | None, other: str | None) -> bool:
    """Return whether two names are equal, ignoring Unicode composition, which a service may normalize."""
    return one is not None and other is not None and _composed(one) == _composed(other)


def text_of(value: Any) -> str | None:
    """Return the text of an id or name in an answer: the digits of a number; None for other types."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def normalize_id(value: Any) -> str:
    """Return an id or external id normalized for comparison: its text without case; "" for other values."""
    return (text_of(value) or "").lower()


def same_id(one: Any, other: Any) -> bool:
    """Return whether two ids are equal without case; a missing or empty id equals none."""
    return bool(normalize_id(one)) and normalize_id(one) == normalize_id(other)


def show(text: Any) -> str:
    """Return a name for a message: in single quotes, on one line, with everything invisible in it escaped.

    Escaped are outer blanks, every blank but the first of several, no-break, zero-width and control characters and
    halves of surrogate pairs (``'ann\\u200b'``); letters of all scripts stay. Cut at MAX_SHOWN_CHARACTERS.
    """
    text = str(text)
    cut = len(text) > MAX_SHOWN_CHARACTERS
    shown = text[: MAX_SHOWN_CHARACTERS - 1] if cut else text
    if not shown.isprintable() or "  " in shown or shown != shown.strip(" "):
        last = len(text) - 1
        shown = "".join(
            escaped(char)
            if not char.isprintable() or (char == " " and (place in (0, last) or shown[place - 1] == " "))
            else char
            for place, char in enumerate(shown)
        )
    return f"'{shown}{'…' if cut else ''}'"


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def escaped(char: str) -> str:
    """Return the escape of an invisible character for messages: ``\\u200b``."""
    code = ord(char)
    short = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}.get(char)
    return short or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def is_uuid(text: str) -> bool:
    """Return whether a text has the form of the ids that the service makes, which no name has."""
    return re.fullmatch(_UUID, text) is not None


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as ``1 group`` and ``2 memberships``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
