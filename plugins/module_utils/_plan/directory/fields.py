# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Check single fields of an entry; what is wrong is added to a list of problems. Pure."""

from __future__ import annotations

from ..._core import dates
from ..._core.names import show
from ..._scim.values import must_be_text


def _identity(item, names, origin, problems):
    options = {}
    for name in names:
        value = item.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (str, int))):
            problems.append(f"{origin}.{name} {must_be_text(value)}")
            value = None
        elif value is not None and not str(value).strip() and name != "external_id":
            problems.append(f"{origin}.{name} is empty, which names nothing")
        options[name] = None if value is None else str(value)
    return options


def _truth(item, name, origin, problems):
    value = item.get(name)
    if value is not None and not isinstance(value, bool):
        problems.append(f"{origin}.{name} must be true or false, not {show(value)}")
        return None
    return value


def _choice(item, name, choices, default, origin, problems):
    value = item.get(name)
    if value is None:
        return default
    if value not in choices:
        problems.append(f"{origin}.{name} must be one of {', '.join(choices)}, not {show(value)}")
        return default
    return value


def _texts(value, where, problems):
    if value is None:
        return None
    if isinstance(value, str):
        value = [value]  # one name, whatever it contains
    if not isinstance(value, list):
        problems.append(f"{where} must be a list of names")
        return []
    texts = []
    for number, item in enumerate(value):
        item = "" if item is None else item
        if isinstance(item, bool) or not isinstance(item, (str, int)):
            problems.append(f"{where}[{number}] {must_be_text(item)}")
        elif not str(item).strip():
            problems.append(f"{where}[{number}] is empty, which names nothing")
        else:
            texts.append(str(item))
    return list(dict.fromkeys(texts))


def _date(value, where, problems):
    """Return a date that is given, or None."""
    if value is None or value == "":
        return None
    date = dates.parse_date(value)
    if date is None:
        problems.append(f"{where} must be a date such as 2027-01-31, not {show(value)}")
    return date


_BLANK = ("", [], {}, None)


def _without_blanks(value):
    """A copy in which blank cells of a feed are not given: '', [], {}, and list items that say nothing."""
    if isinstance(value, dict):
        kept = {name: _without_blanks(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in _BLANK}
    if isinstance(value, list):
        items = [_without_blanks(item) for item in value]
        return [
            item
            for item in items
            if item not in _BLANK and not (isinstance(item, dict) and set(item) <= {"type", "primary", "display"})
        ]
    return "" if isinstance(value, str) and not value.strip() else value
