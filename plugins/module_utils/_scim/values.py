# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Read, write, describe and match the values of attributes in representations and options. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

_EMPTY: tuple[Any, ...] = (None, "", [], {})


_KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "true or false"),
    ((int, float), "a number"),
    (datetime.date, "a date"),
    (str, "text"),
    (list, "a list"),
    (dict, "a dictionary"),
)


def value_at(holder: Any, path: Sequence[str]) -> Any:
    """Return the value at a path of keys, or None."""
    for key in path:
        if not isinstance(holder, dict):
            return None
        holder = holder.get(key)
    return holder


def put_value(holder: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set the value at a path of keys, or remove it if it is None, in place. Objects that become empty are removed, too."""
    *outer, last = path
    chain = [holder]
    for key in outer:
        inner = holder.get(key)
        if not isinstance(inner, dict):
            if value is None:
                return
            inner = holder[key] = {}
        holder = inner
        chain.append(holder)
    if value is not None:
        holder[last] = value
        return
    holder.pop(last, None)
    for parent, key in zip(reversed(chain[:-1]), reversed(outer)):
        if not parent[key]:
            del parent[key]


def is_empty(value: Any) -> bool:
    """Return whether a value of a representation counts as missing; False and 0 are values."""
    return value in _EMPTY


def kind_of(value: Any) -> str:
    """Describe the type of a value for a message, such as ``a list``."""
    return next((text for kinds, text in _KINDS if isinstance(value, kinds)), f"a {type(value).__name__}")


def must_be_text(value: Any) -> str:
    """Return the problem text for a value that is not a string. YAML reads some unquoted words as dates or booleans."""
    quotes = "" if isinstance(value, (list, dict)) else ": write it in quotes"
    return f"must be text, not {kind_of(value)}{quotes}"


def match_all(desired: Sequence[Any], current: Sequence[Any], same: Callable[[Any, Any], bool]) -> bool:
    """Return whether each desired item can be paired with a different current item; the lists must have the same length.

    A desired item with fewer keys matches more items, so a greedy choice could take the only match of another item.
    Augmenting paths (Kuhn's algorithm) avoid this, regardless of the order of the lists.
    """
    if len(desired) == len(current) and all(map(same, desired, current)):
        return True
    matches = [[place for place, item in enumerate(current) if same(desired_item, item)] for desired_item in desired]
    taken: dict[int, int] = {}

    def place_item(number: int, tried: set[int]) -> bool:
        for place in matches[number]:
            if place not in tried:
                tried.add(place)
                if place not in taken or place_item(taken[place], tried):
                    taken[place] = number
                    return True
        return False

    return all(place_item(number, set()) for number in range(len(desired)))
