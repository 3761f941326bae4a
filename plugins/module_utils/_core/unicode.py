# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Text from the service that is not valid Unicode.

JSON can contain an unpaired surrogate, and a service that truncates text to a number of UTF-16 units can store one. Such
text cannot be written to a file or printed, so this module replaces unpaired surrogates for results, YAML and JSON.
Representations that are sent back to the service keep them. A desired state that contains them is refused.
"""

from __future__ import annotations

import json
from typing import Any

INVALID_TEXT = (
    "The directory contains text with half of a surrogate pair, which is not valid Unicode. Results and files show the "
    "replacement character (U+FFFD) in its place; the stored text is unchanged"
)


def is_valid(text: str) -> bool:
    """Return whether a text can be encoded as UTF-8, because it contains no unpaired surrogate."""
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def is_valid_data(value: Any) -> bool:
    """Return whether all text in plain data, including keys, can be encoded as UTF-8."""
    if isinstance(value, str):
        return is_valid(value)
    if isinstance(value, dict):
        return all(map(is_valid_data, value)) and all(map(is_valid_data, value.values()))
    return all(map(is_valid_data, value)) if isinstance(value, list) else True


def valid_text(text: str) -> str:
    """Return a text with each unpaired surrogate replaced by U+FFFD."""
    return text if is_valid(text) else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def replace_invalid(value: Any) -> Any:
    """Return plain data (dictionaries, lists, text, ...) with :func:`valid_text` applied to all text in it.

    If nothing is replaced, return the value itself, so that the caller can compare with ``is``.
    """
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError:
        return _replaced(value)
    return value


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return valid_text(value)
    if isinstance(value, dict):
        return {_replaced(key): _replaced(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(inner) for inner in value]
    return value
