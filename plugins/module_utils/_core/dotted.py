# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Dotted option names, such as ``name.given_name``, in desired values. Pure.

Only this module decides which values clear an attribute. Raw names can contain dots (``attributes.urn:x:1.0``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def clears(values: Mapping[str, Any], dotted: str) -> bool | None:
    """Return whether desired values clear an attribute (True) or set it (False), or None if they do not contain it."""
    if dotted in values:
        return _is_blank(values[dotted])
    key = _holder(values, dotted)
    if key is None:
        return None
    if _is_blank(values[key]):
        return True  # the whole attribute is cleared
    return clears(values[key], dotted[len(key) + 1 :]) if isinstance(values[key], dict) else False


def without(values: Mapping[str, Any], dotted: str) -> dict[str, Any]:
    """Return a copy of desired values without one attribute.

    A dictionary that loses its last key is removed too, because ``{}`` would clear the whole attribute.
    """
    key = dotted if dotted in values else _holder(values, dotted)
    rest = {name: value for name, value in values.items() if name != key}
    if key is None or key == dotted or not isinstance(values[key], dict):
        return rest
    inner = without(values[key], dotted[len(key) + 1 :])
    return {name: inner if name == key else value for name, value in values.items() if name != key or inner}


def concerns(name: str, others: Iterable[str]) -> bool:
    """Return whether a dotted name is equal to one of the others, is a part of one, or contains one as a part."""
    return any(name == other or name.startswith(f"{other}.") or other.startswith(f"{name}.") for other in others)


def _is_blank(value: Any) -> bool:
    # A dictionary of nulls clears all its keys. False and 0 are values.
    return all(map(_is_blank, value.values())) if isinstance(value, dict) else value in (None, "", [])


def _holder(values: Mapping[str, Any], dotted: str) -> str | None:
    """Return the key whose value contains the attribute, or None."""
    return next((key for key in values if dotted.startswith(f"{key}.")), None)
