# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Find names with a similar look or spelling, and characters that make a name impossible to retype."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from os.path import commonprefix

from .names import escaped, show

_NO_BREAK = {"\u00a0": "no-break space", "\u202f": "narrow no-break space", "\u2007": "figure space"}


_ZERO_WIDTH = {
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\u2060": "word joiner",
    "\ufeff": "byte order mark",
    "\u00ad": "soft hyphen",
    # Unicode counts these as letters, but they are displayed as blanks.
    "\u115f": "Hangul filler",
    "\u1160": "Hangul filler",
    "\u3164": "Hangul filler",
    "\uffa0": "Hangul filler",
}


_UNUSUAL_KINDS = {
    "Cc": "control character",
    "Cf": "invisible formatting character",
    "Cs": "half of a surrogate pair",
    "Zl": "line separator",
    "Zp": "paragraph separator",
}


MAX_SUGGESTIONS = 3


# A typing mistake is in one place: two swapped letters, or one or two missing, additional or wrong letters.
_MAX_SPOILED = 2


def unusual_characters(text: str) -> str | None:
    """Describe the characters that make a name impossible to retype: ``a trailing blank, zero-width space (\\u200b)``.

    These are leading and trailing blanks, control, zero-width, formatting and no-break characters, and unpaired
    surrogates. Return None if the name has no such characters.
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
            found.append(f"{name} ({escaped(char)})")
    return ", ".join(found) or None


def skeleton(text: str) -> str:
    """Return the visible form of a text: without compatibility forms, case, blanks and invisible characters."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "").lower()
    return "".join(
        char
        for char in unicodedata.normalize("NFKC", text).casefold()
        if not char.isspace() and char not in _ZERO_WIDTH and unicodedata.category(char) not in _UNUSUAL_KINDS
    )


def near_matches(name: str, candidates: Iterable[str]) -> list[str]:
    """Return the candidates that differ from the name only in blanks, invisible characters, composition or case.

    A candidate that is identical to the name is not returned.
    """
    wanted = skeleton(name)
    return [
        candidate for candidate in dict.fromkeys(candidates) if candidate != name and skeleton(candidate) == wanted
    ]


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Return ``Did you mean 'Platform'?`` for candidates with a similar look or spelling, or "" if there are none.

    The text contains at most MAX_SUGGESTIONS candidates, the closest first. The search takes about 0.2 s for 100,000
    candidates.
    """
    candidates = list(dict.fromkeys(candidates))
    suggested = near_matches(name, candidates)[:MAX_SUGGESTIONS] or _similar(name, candidates)
    return f"Did you mean {' or '.join(show(candidate) for candidate in suggested)}?" if suggested else ""


def _similar(name: str, candidates: list[str]) -> list[str]:
    """Return the candidates that differ from the name by one typing mistake, the closest first."""
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
            spoiled = 1  # two swapped letters are one mistake
        if spoiled <= _MAX_SPOILED and 3 * spoiled <= len(long) and short:
            scored.append((spoiled, candidate))
    return [candidate for _spoiled, candidate in sorted(scored)[:MAX_SUGGESTIONS]]
