# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Make the values of a directory or a run safe to report: remove invalid characters, mask secrets, format as text.

The names in a report come from a directory that other people write to. This module cleans them once: it replaces
characters that files or parsers cannot represent, and masks secrets. Each report format does its own escaping.
"""

from __future__ import annotations

import math
import re
from typing import Any

HIDDEN = "********"  # as in plan rows

_SECRET = re.compile(r"(?:^|[._-])(?:password|passwd|secret|token|api_?key|client_secret|credential)s?$", re.IGNORECASE)

# Control characters and unpaired surrogates, which JSON, XML and UTF-8 cannot represent or which control a terminal.
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class ReportError(ValueError):
    """An invalid report, journal, reading or assertion; the message is one readable line."""


def clean(text: str) -> str:
    """Replace the characters in a text that some report format cannot represent.

    Each such character becomes U+FFFD, so that it stays visible. Line ends become ``\\n``.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _INVALID.sub("\ufffd", text)


def plain(value: Any, name: str = "") -> Any:
    """Return a value as JSON types, with texts cleaned and secrets masked.

    :param value: any value; values of types that JSON does not have become text.
    :param name: the key of the value; if it is the name of a secret, the value becomes :data:`HIDDEN`.
    """
    if isinstance(value, str):
        value = clean(value)
        return HIDDEN if value and _SECRET.search(name) else value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return HIDDEN if _SECRET.search(name) else int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {clean(str(key)): plain(inner, f"{name}.{key}") for key, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(inner, name) for inner in value]
    return clean(str(value))


def text_or_none(value: Any) -> str | None:
    """Return a value as cleaned text; None for None and for empty text."""
    return clean(str(value)) if value not in (None, "") else None


def shown(value: Any, none: str = "") -> str:
    """Return a value as text for people.

    Text is unchanged, and the items of a list are separated by semicolons. A dictionary becomes ``name: value`` or, for an
    item of a multi-valued attribute, ``value (type)``.

    :param none: the text for an empty value.
    """
    if value is None or value in ("", [], {}):
        return none
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        if isinstance(value.get("value"), str):
            rest = [name if inner is True else shown(inner) for name, inner in value.items() if name != "value"]
            details = ", ".join(item for item in rest if item not in ("", "false"))
            return f"{value['value']} ({details})" if details else str(value["value"])
        return ", ".join(f"{name}: {shown(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return "; ".join(shown(inner) for inner in value)
    return str(value)
