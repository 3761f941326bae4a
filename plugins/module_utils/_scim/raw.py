# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Attributes without an option of their own, under their raw SCIM names."""

from __future__ import annotations

import copy
from functools import lru_cache
from math import isfinite

from .._core.unicode import valid_text
from .attributes import _CORE_PREFIX, EXACT_LIST, Attribute, _empty, _kind_of, _put, match_all


class Raw(Attribute):
    """All that has no option of its own, under its raw SCIM name; null takes a key away.

    Objects are merged key by key, so that an extension keeps what the wish does not name; lists are exact.
    """

    option_type = "dict"

    def __init__(self, option, refused):
        super().__init__(option)
        self.refused = {name.lower(): why for name, why in refused.items()}
        # Objects of which the service keeps a part: to clear the whole would take that part along.
        self._shared = {name.rpartition(":")[0] for name in self.refused if ":" in name}
        # The same few names come with each of many users.
        self._why_refused = lru_cache(maxsize=1000)(self._find_refusal)

    def clean(self, value, where, problems):
        if value is None:
            return None
        if not isinstance(value, dict):
            problems.append(f"{where} must be a dictionary of raw SCIM names, not {_kind_of(value)}")
            return None
        for name, content in value.items():
            if not isinstance(name, str) or not name:
                problems.append(f"{where} has {name!r} as a name, which is no SCIM attribute")
                continue
            why = self._why_refused(name)
            if why:
                problems.append(f"{where} may not hold {name}: {why}")
            elif name.lower() in self._shared and (not isinstance(content, dict) or not content):
                problems.append(
                    f"{where} may not clear or replace {name}: part of it the service makes; name what is in it"
                )
            elif isinstance(content, dict):
                for inner in content:
                    why = self._why_refused(f"{name}:{inner}")
                    if why:
                        problems.append(f"{where} may not hold {name}:{inner}: {why}")
            if not _is_json(content):
                problems.append(
                    f"{where}.{name} holds something JSON has no word for; write dates and the like in quotes"
                )
        return value

    def _find_refusal(self, name):
        """Return why a raw name is refused, or None: its case, blanks, the URN of the core schema and a path make no difference.

        A name that only looks like another to the collection may be the same to a service.
        """
        plain = name.strip().lower()
        core = _CORE_PREFIX.match(plain)
        if core:
            plain = plain[core.end() :]
        for refused, why in self.refused.items():
            if plain == refused or plain.startswith((f"{refused}.", f"{refused}:")):
                return why
        return "attributes of the core schema are written without its URN" if core else None

    def current(self, holder):
        found = {}
        for name, value in holder.items():
            if self._why_refused(name):
                continue
            if name.lower() in self._shared:
                extension = value if isinstance(value, dict) else {}
                value = {
                    inner: content
                    for inner, content in extension.items()
                    if not self._why_refused(f"{name}:{inner}") and content not in (None, "", [], {})
                }
            if value not in (None, "", [], {}):
                found[name] = value
        return copy.deepcopy(found) or None

    def changes(self, desired, holder, mode=EXACT_LIST):
        return [
            (f"{self.option}.{name}", copy.deepcopy(holder.get(name)), _merged(value, holder.get(name)))
            for name, value in desired.items()
            if not _raw_same(value, holder.get(name))
        ]

    def write(self, desired, holder, mode=EXACT_LIST, blank=False):
        for name, value in desired.items():
            if _raw_same(value, holder.get(name)):
                continue
            merged = _merged(value, holder.get(name))
            if merged is None and blank and name in holder:
                merged = [] if isinstance(holder[name], list) else {} if isinstance(holder[name], dict) else ""
            _put(holder, (name,), merged)


def _raw_same(desired, found):
    if _empty(desired):
        return _empty(found)
    if isinstance(desired, dict):
        # Nulls take nothing away from an object that is not there.
        found = {} if _empty(found) else found
        return isinstance(found, dict) and all(_raw_same(value, found.get(name)) for name, value in desired.items())
    if isinstance(desired, list):
        return isinstance(found, list) and len(desired) == len(found) and match_all(desired, found, _raw_same)
    if isinstance(found, str):
        return desired == valid_text(found)
    # JSON knows one kind of number: 1.0 may come back as 1, but never as true.
    return isinstance(desired, bool) == isinstance(found, bool) and desired == found


def _merged(desired, found):
    """The raw value to send: objects merged, everything else as wished; None: nothing is left of it."""
    if isinstance(desired, dict):
        merged = dict(found) if isinstance(found, dict) else {}
        for name, value in desired.items():
            value = _merged(value, merged.get(name))
            if value is None:
                merged.pop(name, None)
            else:
                merged[name] = value
        # {} as a wish clears the whole object; a wish of nulls may leave other keys standing.
        return merged if desired and merged else None
    return None if _empty(desired) else desired


def _is_json(value):
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_json(content) for name, content in value.items())
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    return value is None or isinstance(value, (str, bool, int)) or isinstance(value, float) and isfinite(value)
