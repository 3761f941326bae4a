# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The kinds of objects in the directory, with their endpoints and attribute tables."""

from __future__ import annotations

import copy
from collections.abc import Container, Iterable, Mapping
from typing import Any

from .._core.names import same_spelling, text_of
from .._core.unicode import is_valid_data
from .attributes import CORE_URN, EXACT_LIST, Attribute, Change, Representation, clean_options


class Resource:
    """A kind of object in the directory, with its endpoint and its attribute table.

    :param kind: ``user`` or ``group``, as in plan rows.
    :param endpoint: the path segment ([doc]: singular and lowercase).
    :param key: the attribute that contains the name.
    """

    def __init__(self, kind: str, endpoint: str, key: str, attributes: Iterable[Attribute]) -> None:
        self.kind = kind
        self.endpoint = endpoint
        self.attributes = {attribute.option: attribute for attribute in attributes}
        self.key = self.attributes[key]
        self.new_name_option = f"new_{key}"  # the option that renames

    def argument_spec(self) -> dict[str, Any]:
        """Return the argument spec of all attributes, without defaults, because an omitted option must not change anything."""
        return {name: attribute.spec() for name, attribute in self.attributes.items()}

    def own_name(self, representation: Representation) -> str:
        """Return the name in a representation, or "" if it is missing, null or blank."""
        name = self.key.current(representation) or ""
        return name if name.strip() else ""

    def name_of(self, representation: Representation) -> str:
        """Return the name of an object, or its id if it has no name, or "" if it has neither."""
        return self.own_name(representation) or text_of(representation.get("id")) or ""

    def clean(self, options: Mapping[str, Any], where: str, problems: list[str]) -> dict[str, Any]:
        """Return the cleaned attributes that are set in options.

        :param where: the name of the object in a problem, or "".
        :param problems: the list to which the method adds problems, as readable lines.
        """
        given = {name: options[name] for name in self.attributes if name in options}
        for name, value in given.items():
            if not is_valid_data(value):
                place = f"{where}.{name}" if where else name
                problems.append(f"{place} is not valid Unicode: it contains half of a surrogate pair")
        return clean_options(self.attributes, given, where, problems)

    def changes(
        self, desired: Mapping[str, Any], representation: Representation, mode: str = EXACT_LIST
    ) -> list[Change]:
        """Return the changes as a list of (dotted option name, before, after), without secrets."""
        found = []
        for name, value in desired.items():
            attribute = self.attributes[name]
            if attribute is self.key and same_spelling(value, self.name_of(representation)):
                continue
            if not attribute.secret:
                found += attribute.changes(value, representation, mode)
        return found

    def updated(
        self,
        desired: Mapping[str, Any],
        representation: Representation,
        mode: str = EXACT_LIST,
        blank: Container[str] = (),
    ) -> Representation:
        """Return a copy of the representation with the desired values; all other values are as read.

        :param blank: the names of options that are cleared with an empty value instead of omitting them.
        """
        from .storing import name_schemas  # rule 8

        result = copy.deepcopy(representation)
        for name, value in desired.items():
            self.attributes[name].write(value, result, mode, name in blank)
        name_schemas(result, representation)
        return result

    def new(self, desired: Mapping[str, Any], mode: str = EXACT_LIST) -> Representation:
        """Return the representation for a create, which contains no id and only desired values."""
        return self.updated(desired, {"schemas": [CORE_URN]}, mode)

    def to_options(self, representation: Representation) -> dict[str, Any]:
        """Convert a representation to option shape, without empty values and secrets."""
        found = {
            name: attribute.current(representation)
            for name, attribute in self.attributes.items()
            if not attribute.secret
        }
        return {name: value for name, value in found.items() if value is not None and value != ""}
