# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Read JSON as plain data: record the lines of entries, refuse duplicate keys, limit the nesting."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from .._core import errors
from .._core.names import show
from .located import Located
from .yaml_reading import NESTED_TOO_DEEPLY, TEMPLATE, nested_too_deeply

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|\n', re.DOTALL)


def load_json(text: str, name: str, problems: list[str], templates: list[str], kinds: Iterable[str]) -> Any:
    """Return the plain data of a JSON text, with line numbers in the dictionaries of the lists ``kinds``.

    :param name: the name of the document, for messages.
    :param problems: the list to which the function adds problems, as readable lines that quote no values.
    :param templates: the list to which the function adds the places of text that looks like a template.
    :returns: the data, or None if the text cannot be read.
    """
    repeated = []

    def pairs(items: list[tuple[str, Any]]) -> Located:
        found = Located(items)
        if len(found) != len(items):
            repeated.append(True)
        return found

    try:
        document = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse_constant)
        if nested_too_deeply(document):
            raise RecursionError
    except RecursionError:
        problems.append(f"{name} cannot be read: {NESTED_TOO_DEEPLY}")
        return None
    except ValueError as error:
        line = getattr(error, "lineno", None)
        reason = getattr(error, "msg", None) or errors.one_line(error, 100)
        problems.append(f"{name}{f':{line}' if line else ''}: invalid JSON: {reason}")
        return None
    if repeated:
        problems += [
            f"{name}:{line}: {f'{holder}: ' if holder else ''}{show(key)} is a duplicate key"
            for key, line, holder in _repeated_keys(text)
        ]
    if isinstance(document, dict):
        _Locator(name, text).locate(document, frozenset(kinds))
    if TEMPLATE.search(text):
        templates += [f"{name}: {place.lstrip('.')}" for place in _templates_of(document)]
    return document


def _templates_of(value: Any, place: str = "") -> Iterator[str]:
    """Yield the places of text that looks like a template."""
    if isinstance(value, str) and TEMPLATE.search(value):
        yield place
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _templates_of(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _templates_of(inner, f"{place}[{number}]")


def _refuse_constant(text: str) -> None:
    raise ValueError(f"it contains {text}, which is not JSON")


def _repeated_keys(text: str) -> list[tuple[str, int, str]]:
    """Return (key, line, path of the dictionary) for each duplicate key in an otherwise valid JSON text."""
    found = []
    line = 1
    holders: list[_Holder] = []
    awaiting_key = False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token in "{[":
            holders.append(_Holder(token == "{"))
            awaiting_key = token == "{"
        elif token in "}]":
            holders.pop()
            awaiting_key = False
        elif token == ",":
            awaiting_key = holders[-1].next()
        elif token != ":" and awaiting_key:
            key = json.loads(token)
            if holders[-1].repeats(key):
                found.append((key, line, "".join(holder.place for holder in holders[:-1]).lstrip(".")))
            awaiting_key = False
    return found


class _Holder:
    """A dictionary or list during the scan of a JSON text.

    :ivar place: the current place of the scan within it: ``.key`` or ``[3]``.
    """

    def __init__(self, is_dictionary: bool) -> None:
        self._is_dictionary = is_dictionary
        self._keys: set[str] = set()
        self._number = 0
        self.place = "" if is_dictionary else "[0]"

    def next(self) -> bool:
        """Advance to the next value, and return whether a key precedes it."""
        if not self._is_dictionary:
            self._number += 1
            self.place = f"[{self._number}]"
        return self._is_dictionary

    def repeats(self, key: str) -> bool:
        """Add a key, and return whether the dictionary already contains it."""
        repeated = key in self._keys
        self._keys.add(key)
        self.place = f".{key}"
        return repeated


class _Locator:
    """Add line numbers to the entries of a valid JSON text, with a second scan of its outermost dictionary."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._decoder = json.JSONDecoder()
        self._line = 1
        self._position = 0

    def locate(self, document: dict[str, Any], kinds: frozenset[str]) -> None:
        """Add line numbers to the dictionaries in the lists under the keys ``kinds``."""
        self._skip(" \t\r\n{")
        while not self._is_at("}"):
            key = self._take()
            self._skip(" \t\r\n:")
            if key in kinds and self._is_at("[") and isinstance(document[key], list):
                self._locate_items(document[key])
            else:
                self._take()
            self._skip(" \t\r\n,")

    def _locate_items(self, items: list[Any]) -> None:
        self._position += 1
        self._skip(" \t\r\n")
        for item in items:
            if self._is_at("]"):
                break  # a duplicate key; the parsed document contains the other list
            if isinstance(item, Located):
                item.origin = f"{self._name}:{self._line}"
            self._take()
            self._skip(" \t\r\n,")
        while not self._is_at("]"):
            self._take()
            self._skip(" \t\r\n,")
        self._position += 1

    def _is_at(self, character: str) -> bool:
        return self._text[self._position] == character

    def _skip(self, characters: str) -> None:
        start = self._position
        while self._position < len(self._text) and self._text[self._position] in characters:
            self._position += 1
        self._line += self._text.count("\n", start, self._position)

    def _take(self) -> Any:
        """Return the value at the current position, and move the position after it."""
        value, end = self._decoder.raw_decode(self._text, self._position)
        self._line += self._text.count("\n", self._position, end)
        self._position = end
        return value
