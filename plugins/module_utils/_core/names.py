# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Names and ids as text: how they compare, how messages show them, which of them look alike.

Every comparison of two names or two ids is one of these functions, so that no two parts of the collection
disagree about which object a name means.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from os.path import commonprefix
from typing import Any

# The blanks a service trims. A no-break blank is a character of the name: only a near match ignores it.
_BLANKS = " \t\n\r\x0b\x0c"


_NO_BREAK = {"\u00a0": "no-break space", "\u202f": "narrow no-break space", "\u2007": "figure space"}


_ZERO_WIDTH = {
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\u2060": "word joiner",
    "\ufeff": "byte order mark",
    "\u00ad": "soft hyphen",
    # Letters to Unicode, and blank on every screen.
    "\u115f": "Hangul filler",
    "\u1160": "Hangul filler",
    "\u3164": "Hangul filler",
    "\uffa0": "Hangul filler",
}


MAX_SHOWN_CHARACTERS = 200


MAX_SUGGESTIONS = 3


# A typing mistake spoils one place: two letters swapped, one or two left out, added or wrong.
_MAX_SPOILED = 2


_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


def normalize_name(text: str) -> str:
    """Return a name as it is compared: Unicode NFC, outer blanks removed, in lower case.

    SCIM 1.1 compares names without case and says no more. Full case folding would make ``weiss`` equal to ``weiß``,
    which is the name of another person.
    """
    if text.isascii():
        return text.strip(_BLANKS).lower()
    return _composed(_composed(text).strip(_BLANKS).lower())


def same_name(one: str | None, other: str | None) -> bool:
    """Return whether two names are equal but for case, outer blanks and Unicode composition; a missing name equals none."""
    return one is not None and other is not None and normalize_name(one) == normalize_name(other)


def same_spelling(one: str | None, other: str | None) -> bool:
    """Return whether two names are equal but for Unicode composition, which a service may normalize."""
    return one is not None and other is not None and _composed(one) == _composed(other)


def text_of(value: Any) -> str | None:
    """Return the text of an id or name in an answer: a number is its digits; None for what is neither text nor a number."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def normalize_id(value: Any) -> str:
    """Return an id or external id as it is compared: its text without case; "" for what is neither text nor a number."""
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
            _escaped(char)
            if not char.isprintable() or (char == " " and (place in (0, last) or shown[place - 1] == " "))
            else char
            for place, char in enumerate(shown)
        )
    return f"'{shown}{'…' if cut else ''}'"


def unusual_characters(text: str) -> str | None:
    """Name the characters that keep a name from being typed again: ``a trailing blank, zero-width space (\\u200b)``.

    These are leading and trailing blanks, control, zero-width, formatting and no-break characters and halves of
    surrogate pairs. None: there are no such characters.
    """
    if text.isascii() and text.isprintable() and text == text.strip(" "):
        return None
    found = []
    if text[:1].isspace():
        found.append("a leading blank")
    if text[-1:].isspace():
        found.append("a trailing blank")
    for char in dict.fromkeys(text):
        name = _NO_BREAK.get(char) or _ZERO_WIDTH.get(char) or _UNUSUAL_KINDS.get(unicodedata.category(char))
        if name:
            found.append(f"{name} ({_escaped(char)})")
    return ", ".join(found) or None


def skeleton(text: str) -> str:
    """Return what is seen of a text: compatibility forms, case, blanks and invisible characters do not count."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "").lower()
    return "".join(
        char
        for char in unicodedata.normalize("NFKC", text).casefold()
        if not char.isspace() and char not in _ZERO_WIDTH and unicodedata.category(char) not in _UNUSUAL_KINDS
    )


def near_matches(name: str, candidates: Iterable[str]) -> list[str]:
    """Return the candidates that look like the name: they differ in blanks, invisible characters, composition or case.

    The name itself, character for character, is not among them.
    """
    wanted = skeleton(name)
    return [
        candidate for candidate in dict.fromkeys(candidates) if candidate != name and skeleton(candidate) == wanted
    ]


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return ``Did you mean 'Platform'?`` for the candidates that look or spell like the name, or "" without one.

    At most MAX_SUGGESTIONS, the best first. It costs some 0.2 s for 100,000 candidates.
    """
    candidates = list(dict.fromkeys(candidates))
    suggested = near_matches(name, candidates)[:MAX_SUGGESTIONS] or _similar(name, candidates)
    return f"Did you mean {' or '.join(show(candidate) for candidate in suggested)}?" if suggested else ""


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_UNUSUAL_KINDS = {
    "Cc": "control character",
    "Cf": "invisible formatting character",
    "Cs": "half of a surrogate pair",
    "Zl": "line separator",
    "Zp": "paragraph separator",
}


def _escaped(char: str) -> str:
    code = ord(char)
    short = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}.get(char)
    return short or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def _similar(name: str, candidates: list[str]) -> list[str]:
    """Return the candidates that a typing mistake in one place could have made the name of, the closest first."""
    wanted = skeleton(name)
    scored = []
    for candidate in candidates:
        if abs(len(candidate) - len(name)) > _MAX_SPOILED:
            continue
        short, long = sorted((wanted, skeleton(candidate)), key=len)
        head = len(commonprefix((short, long)))
        tail = len(commonprefix((short[head:][::-1], long[::-1])))
        spoiled = len(long) - head - tail
        if spoiled == 2 and len(short) == len(long) and short[head : head + 2] == long[head : head + 2][::-1]:
            spoiled = 1  # two letters swapped are one mistake
        if spoiled <= _MAX_SPOILED and 3 * spoiled <= len(long) and short:
            scored.append((spoiled, candidate))
    return [candidate for _spoiled, candidate in sorted(scored)[:MAX_SUGGESTIONS]]


def is_uuid(text: str) -> bool:
    """Return whether a text has the form of the ids that the service makes, which no name has."""
    return re.fullmatch(_UUID, text) is not None


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as ``1 group`` and ``2 memberships``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
