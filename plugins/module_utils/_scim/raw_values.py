# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Validate, compare and merge raw SCIM values. Pure."""

from __future__ import annotations

import copy
from math import isfinite
from typing import TYPE_CHECKING, Any

from .._core.unicode import valid_text
from .attributes import Change, Representation
from .values import is_empty, kind_of, match_all, put_value

if TYPE_CHECKING:
    from .raw import Raw


def clean_raw(attribute: Raw, value: Any, where: str, problems: list[str]) -> Any:
    """Validate the dictionary and return it. Names with their own option, and values that are not JSON, are problems."""
    if not isinstance(value, dict):
        problems.append(f"{where} must be a dictionary of raw SCIM names, not {kind_of(value)}")
        return None
    for name, content in value.items():
        if not isinstance(name, str) or not name:
            problems.append(f"{where} has {name!r} as a key, which is not the name of a SCIM attribute")
            continue
        problems += [f"{where} must not {refusal}" for refusal in _refusals(attribute, name, content)]
        if not _is_json(content):
            problems.append(
                f"{where}.{name} contains a value that JSON cannot represent. Write dates and times in quotes"
            )
    return value


def _refusals(attribute: Raw, name: str, content: Any) -> list[str]:
    """Return why a raw value must not be written, as texts of the invalid action and its reason."""
    reason = attribute.refusal(name)
    if reason:
        return [f"contain {name}: {reason}"]
    if name.lower() in attribute.shared and (not isinstance(content, dict) or not content):
        return [f"clear or replace {name}: the service sets a part of it. Name the attributes within it instead"]
    if _has_password(content):
        # Plans, journals and results show raw values, so secrets are refused at every depth.
        return [f"contain a password within {name}: plans and results show these values"]
    if not isinstance(content, dict):
        return []
    inner = ((part, attribute.refusal(f"{name}:{part}")) for part in content)
    return [f"contain {name}:{part}: {reason}" for part, reason in inner if reason]


def changes_of_raw(attribute: Raw, desired: Any, holder: Representation) -> list[Change]:
    """Return a change for each raw name; ``after`` is the merged value, or None if it is empty."""
    return [
        (f"{attribute.option}.{name}", copy.deepcopy(holder.get(name)), _merged(value, holder.get(name)))
        for name, value in desired.items()
        if not _same(value, holder.get(name))
    ]


def write_raw(attribute: Raw, desired: Any, holder: Representation, blank: bool) -> None:
    """Write the desired raw values to a representation, in place."""
    for name, value in desired.items():
        current = holder.get(name)
        if _same(value, current):
            continue
        merged = _merged(value, current)
        if merged is None and blank and name in holder:
            merged = [] if isinstance(current, list) else {} if isinstance(current, dict) else ""
        put_value(holder, (name,), merged)


def _same(desired: Any, current: Any) -> bool:
    """Return whether a raw value is as desired."""
    if is_empty(desired):
        return is_empty(current)
    if isinstance(desired, dict):
        # If the object does not exist, nulls in the desired value cause no change.
        current = {} if is_empty(current) else current
        return isinstance(current, dict) and all(_same(value, current.get(name)) for name, value in desired.items())
    if isinstance(desired, list):
        return isinstance(current, list) and len(desired) == len(current) and match_all(desired, current, _same)
    if isinstance(current, str):
        return bool(desired == valid_text(current))
    # JSON has one number type: 1.0 may be returned as 1, but never as true.
    return isinstance(desired, bool) == isinstance(current, bool) and bool(desired == current)


def _merged(desired: Any, current: Any) -> Any:
    """Return the raw value to send: objects are merged, other values are as desired; None if the result is empty."""
    if isinstance(desired, dict):
        merged = dict(current) if isinstance(current, dict) else {}
        for name, value in desired.items():
            value = _merged(value, merged.get(name))
            if value is None:
                merged.pop(name, None)
            else:
                merged[name] = value
        # A desired {} clears the whole object; a dictionary of nulls keeps the other keys.
        return merged if desired and merged else None
    return None if is_empty(desired) else desired


def _has_password(value: Any) -> bool:
    """Return whether a value contains a key named password, at any depth."""
    if isinstance(value, dict):
        return any(str(key).strip().lower() == "password" or _has_password(inner) for key, inner in value.items())
    return isinstance(value, list) and any(map(_has_password, value))


def _is_json(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_json(content) for name, content in value.items())
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    return value is None or isinstance(value, (str, bool, int)) or (isinstance(value, float) and isfinite(value))
