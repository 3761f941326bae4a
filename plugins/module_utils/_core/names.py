# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Compare names and ids, and format them for messages. For names that look alike, see ``similar_names.py``.

All code compares names and ids with these functions, so that all parts of the collection agree about which object a name
refers to.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# The blanks that services trim. A no-break space is part of the name; only near matches ignore it.
_BLANKS = " \t\n\r\x0b\x0c"


MAX_SHOWN_CHARACTERS = 200


_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


def normalize_name(text: str) -> str:
    """Return a name normalized for comparison: Unicode NFC, stripped, lowercase.

    SCIM 1.1 only states that names are case-insensitive. Full case folding would make ``weiss`` equal to ``weiß``, which
    is a different name.
    """
    if text.isascii():
        return text.strip(_BLANKS).lower()
    return _composed(_composed(text).strip(_BLANKS).lower())


def same_name(one: str | None, other: str | None) -> bool:
    """Return whether two names are equal, ignoring case, surrounding blanks and Unicode composition; False if one is missing."""
    return one is not None and other is not None and normalize_name(one) == normalize_name(other)


def same_spelling(one: str | None, other: str | None) -> bool:
    """Return whether two names are equal, ignoring only Unicode composition, which a service may normalize."""
    return one is not None and other is not None and _composed(one) == _composed(other)


def text_of(value: Any) -> str | None:
    """Return an id or name from an answer as text; a number becomes its digits, and other types become None."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def normalize_id(value: Any) -> str:
    """Return an id or external id normalized for comparison, in lowercase; "" for values that are not text or numbers."""
    return (text_of(value) or "").lower()


def same_id(one: Any, other: Any) -> bool:
    """Return whether two ids are equal, ignoring case. A missing or empty id is not equal to any id."""
    return bool(normalize_id(one)) and normalize_id(one) == normalize_id(other)


def show(text: Any) -> str:
    """Return a name for a message: in single quotes, on one line, with invisible characters escaped (``'ann\\u200b'``).

    Escaped are surrounding blanks, repeated blanks except the first, no-break, zero-width and control characters, and
    unpaired surrogates. Letters of all scripts are unchanged. The text is cut at MAX_SHOWN_CHARACTERS.
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
    """Return the escape sequence of an invisible character for messages, such as ``\\u200b``."""
    code = ord(char)
    short = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}.get(char)
    return short or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def is_uuid(text: str) -> bool:
    """Return whether a text has the form of the ids that the service generates. Names do not have this form."""
    return re.fullmatch(_UUID, text) is not None


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as ``1 group`` and ``2 memberships``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
