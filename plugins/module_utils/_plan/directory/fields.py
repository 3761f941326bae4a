# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Validate the fields of one entry of the desired state. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from ..._core import dates
from ..._core.names import show
from ..._core.similar_names import did_you_mean
from ..._scim.resource import Resource
from ..._scim.values import must_be_text

_BLANK: tuple[Any, ...] = ("", [], {}, None)


class Fields:
    """The fields of one dictionary.

    :param origin: the place of the dictionary in the input, for messages.
    :param problems: list to which the methods add problems, one line each.
    """

    def __init__(self, item: Mapping[str, Any], origin: str, problems: list[str]) -> None:
        self.item = item
        self.origin = origin
        self._problems = problems

    def refuse(self, problem: str) -> None:
        """Add a problem that concerns the whole dictionary."""
        self._problems.append(f"{self.origin} {problem}")

    def _refuse(self, name: str, problem: str) -> None:
        self._problems.append(f"{self.origin}.{name} {problem}")

    def refuse_unknown(self, resource: Resource, keys: Collection[str], elsewhere: Mapping[str, str]) -> None:
        """Reject unknown fields: those that are neither attributes of a resource nor in ``keys``.

        :param elsewhere: alternatives to fields that are not supported here, by name of the field.
        """
        for name in self.item:
            if name not in resource.attributes and name not in keys:
                hint = elsewhere.get(name) or did_you_mean(str(name), [*resource.attributes, *keys])
                self.refuse(f"has the unknown option {show(name)}{'. ' + hint if hint else ''}")

    def attributes(self, resource: Resource) -> dict[str, Any]:
        """Return the cleaned attributes of a resource."""
        return resource.clean(self.item, self.origin, self._problems)

    def has(self, *names: str) -> bool:
        """Return whether at least one of some fields is given, with a valid value or not."""
        return any(self.item.get(name) not in (None, "") for name in names)

    def names(self, *names: str) -> dict[str, Any]:
        """Return identifying fields as text. A field is None if it is not given, or is neither text nor a number."""
        found: dict[str, Any] = {}
        for name in names:
            value = self.item.get(name)
            if value is not None and not _is_name(value):
                problem = f"{self.origin}.{name} {must_be_text(value)}"
                if problem not in self._problems[-len(self.item) :]:  # Do not report a field twice.
                    self._problems.append(problem)
                value = None
            elif value is not None and not str(value).strip() and name != "external_id":
                self._refuse(name, "is empty")
            found[name] = None if value is None else str(value)
        return found

    def truth(self, name: str) -> bool | None:
        """Return a boolean field, or None if it is not given."""
        value = self.item.get(name)
        if value is not None and not isinstance(value, bool):
            self._refuse(name, f"must be true or false, not {show(value)}")
            return None
        return value

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        """Return a field whose value is one of a list of words."""
        value = self.item.get(name)
        if value is None:
            return default
        if value not in choices:
            self._refuse(name, f"must be one of {', '.join(choices)}, not {show(value)}")
            return default
        return str(value)

    def texts(self, name: str) -> list[str] | None:
        """Return a list of names without duplicates, or None if it is not given. A string is one name, even if it contains commas."""
        value = self.item.get(name)
        if value is None:
            return None
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            self._refuse(name, "must be a list of names")
            return []
        texts = []
        for number, item in enumerate(value):
            item = "" if item is None else item
            if not _is_name(item):
                self._refuse(f"{name}[{number}]", must_be_text(item))
            elif not str(item).strip():
                self._refuse(f"{name}[{number}]", "is empty")
            else:
                texts.append(item if isinstance(item, str) else str(item))
        return list(dict.fromkeys(texts))

    def date(self, name: str) -> datetime.date | None:
        """Return a date, or the UTC date of a date and time; None if the field is not given."""
        value = self.item.get(name)
        if value is None or value == "":
            return None
        date = dates.parse_date(value)
        if date is None:
            self._refuse(name, f"must be a date such as 2027-01-31, not {show(value)}")
        return date


def _is_name(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def without_blanks(value: Any) -> Any:
    """Return a copy without the blank cells of a feed: '', [], {}, and list items without a value."""
    if isinstance(value, dict):
        kept = {name: without_blanks(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in _BLANK}
    if isinstance(value, list):
        return [item for item in map(without_blanks, value) if item not in _BLANK and not holds_no_value(item)]
    return "" if isinstance(value, str) and not value.strip() else value


def holds_no_value(item: Any) -> bool:
    """Return whether a list item is a dictionary without a value: its fields, such as ``type``, only describe a value."""
    return isinstance(item, dict) and set(item) <= {"type", "primary", "display"}


def lists_in_part(item: Mapping[str, Any]) -> bool:
    """Return whether a list of an entry is partial: it has items without a value in addition to items with a value."""
    for value in item.values():
        if isinstance(value, list):
            blank = sum(isinstance(inner, dict) and holds_no_value(without_blanks(inner)) for inner in value)
            if 0 < blank < len(value):
                return True
    return False
