# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Convert the answers of a survey, a form or a variables file to lists and dictionaries.

A survey has only text areas, so each answer is text, and an unanswered question is empty text. Names stay as typed: the
code does not split them at commas, does not convert them to numbers or dates, and rejects text that YAML would silently
drop.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import yaml

NULL = re.compile(r"~|null|Null|NULL|")
TRUTH = re.compile(r"true|True|TRUE|false|False|FALSE")

BLOCK_ITEM = re.compile(r"-[ \t]+(?P<value>.*)")
# The first characters of an item that is written as YAML, not as a name.
WRITTEN_AS_YAML = ('"', "'", "[", "{")
LOOKS_BROKEN = re.compile(r"\{|\[\s*[\"'{\[]|\[.*\]\Z", re.DOTALL)
PAIR = re.compile(r"(?P<first>.*?\S)[ \t]*:[ \t]+(?P<second>\S.*)")


class SurveyError(ValueError):
    """An answer that cannot be understood; the message is one readable line for the user who gave it."""


class _TextLoader(yaml.SafeLoader):
    """Load each YAML scalar except null as text, because 007, 1.10, no and 2024-01-01 can be names."""

    yaml_implicit_resolvers: dict[str, Any] = {}


class _ValueLoader(_TextLoader):
    """Load true, false and null as such, and other scalars as text, for options that are not names."""

    yaml_implicit_resolvers: dict[str, Any] = {}


for _first in ("~", "n", "N", ""):
    _TextLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(f"(?:{NULL.pattern})$"), [_first])
    _ValueLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(f"(?:{NULL.pattern})$"), [_first])
for _first in "tTfF":
    _ValueLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(f"(?:{TRUTH.pattern})$"), [_first])


def list_of(value: Any, keys: Sequence[str] | None = None) -> list[Any]:
    """Return a list from a list, from a list in YAML or JSON text, or from text with one value per line.

    :param keys: the two keys of each pair, if the values are pairs: dictionaries with these keys, or text
        ``first: second``. None if the values are names.
    :returns: a list of strings, or of dictionaries with the two keys. Empty values are omitted.
    :raises SurveyError: the value has none of these forms.
    """
    entries = [(entry, f"entry {number}") for number, entry in enumerate(_items(value), 1)]
    if keys is None:
        return [item for entry, place in entries if (item := _text(entry, place))]
    first, second = keys
    return [_pair(entry, (first, second), place) for entry, place in entries if entry not in (None, "")]


def dict_of(value: Any, known: Collection[str] | None = None, *, keep_empty: bool = False) -> dict[Any, Any]:
    """Return a dictionary from a dictionary, or from a dictionary in YAML or JSON text.

    :param known: the valid keys, or None if any key is valid.
    :param keep_empty: whether to keep empty values; by default they are omitted.
    :raises SurveyError: the value is not a dictionary, or has an unknown key.
    """
    if isinstance(value, str) and value.strip():
        value = _parsed(value.strip(), _ValueLoader)
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        value = {}
    if not isinstance(value, dict):
        raise SurveyError(f"the value must be a dictionary, or YAML or JSON text of one: {_short(value)}")
    known = value if known is None else known
    unknown = [str(key) for key in value if key not in known]
    if unknown:
        raise SurveyError(f"unknown key {', '.join(sorted(unknown))}. Valid keys: {', '.join(sorted(known))}")
    cleaned: dict[Any, Any] = value if keep_empty else _without_empty(value)
    return cleaned


def _items(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, str):
        return _items_of_text(value.strip())
    if isinstance(value, (list, tuple)):
        return [entry.strip() if isinstance(entry, str) else entry for entry in value]
    return [value]


def _items_of_text(text: str) -> list[Any]:
    # Not splitlines(), which also splits at characters that are not line ends in a text area.
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", text)]
    lines = [line for line in lines if line]
    if not lines:
        return []
    blocks = [block["value"] for line in lines if (block := BLOCK_ITEM.fullmatch(line))]
    if len(blocks) == len(lines) and not any(block.startswith(WRITTEN_AS_YAML) for block in blocks):
        return [block.strip() for block in blocks]
    if not text.startswith(("[", "{", "---")) and not BLOCK_ITEM.fullmatch(lines[0]):
        return lines
    try:
        parsed = _parsed(text, _TextLoader)
    except SurveyError:
        if text.startswith("[") and not LOOKS_BROKEN.match(text):
            return lines  # a name such as '[EU] Sales'
        raise
    if isinstance(parsed, dict):
        return [parsed]
    if not isinstance(parsed, list):
        raise SurveyError(f"the value must be a list: {_short(text)}")
    for number, entry in enumerate(parsed, 1):
        if entry is None:
            raise SurveyError(f"entry {number} is empty; put a name that begins with a YAML character in quotes")
    return parsed


def _parsed(text: str, loader: type[yaml.SafeLoader]) -> Any:
    """Return the value of JSON or YAML text.

    :raises SurveyError: the text is neither JSON nor YAML, or contains a comment that could be part of a name.
    """
    try:
        return json.loads(text, parse_int=str, parse_float=str) if loader is _TextLoader else json.loads(text)
    except ValueError:
        pass
    try:
        parsed = yaml.load(text, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = getattr(error, "problem", None) or "it is not complete"
        raise SurveyError(
            f"the value is neither JSON nor YAML ({problem}): {_short(text)}; put names with YAML characters in quotes"
        ) from error
    # YAML reads an unquoted 'Sales #1' as 'Sales', which is a different group.
    typed = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    if typed.count("#") > sum(scalar.count("#") for scalar in _scalars(parsed)):
        raise SurveyError(f"an unquoted # begins a comment in YAML. Put text that contains # in quotes: {_short(text)}")
    return parsed


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _scalars(inner)
    else:
        yield str(value)


def _text(value: Any, where: str) -> str:
    """Return a name as text.

    :raises SurveyError: YAML converted an unquoted name to another type, which cannot be undone.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, (dict, list, tuple)):
        raise SurveyError(f"{where} must be text: {_short(value)}; put a name that contains ': ' in quotes")
    raise SurveyError(
        f"{where} must be text, and YAML has read it as {value} ({type(value).__name__}): put it in quotes"
    )


def _pair(value: Any, keys: tuple[str, str], where: str) -> dict[str, str]:
    first, second = keys
    if isinstance(value, str):
        match = PAIR.fullmatch(value)
        if match is None:
            raise SurveyError(f"{where} must be '{first}: {second}', not {_short(value)}")
        return {first: match["first"].strip(), second: match["second"].strip()}
    if not isinstance(value, dict) or set(value) != set(keys):
        raise SurveyError(
            f"{where} must be a dictionary of {first} and {second}, or text '{first}: {second}': {_short(value)}"
        )
    pair = {key: _text(value[key], f"{key} of {where}") for key in keys}
    for key in keys:
        if not pair[key]:
            raise SurveyError(f"{key} of {where} is empty")
    return pair


def _without_empty(value: Any) -> Any:
    """Return a value without its empty values, and with the blanks around its strings removed."""
    if isinstance(value, dict):
        return {key: inner for key, entry in value.items() if not _is_empty(inner := _without_empty(entry))}
    if isinstance(value, (list, tuple)):
        return [inner for entry in value if not _is_empty(inner := _without_empty(entry))]
    return value.strip() if isinstance(value, str) else value


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _short(value: Any) -> str:
    text = re.sub(r"\s+", " ", str(value))
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
