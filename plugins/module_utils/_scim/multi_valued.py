# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Multi-valued attributes: unordered lists of dictionaries ([spec] 3.2). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .attributes import EXACT_LIST, Attribute, Change, Representation
from .values import value_at

# An item as read, and in option shape.
Pair = tuple[dict[str, Any], dict[str, Any]]


class MultiValued(Attribute):
    """An unordered list of dictionaries. The desired list is exact, or manages only the types that it contains.

    :param parts: the rows of an item. If no row is ``value`` (addresses), all parts together identify an item.
    """

    option_type = "list"

    def __init__(self, option: str, *path: str, parts: Iterable[Attribute] = ()) -> None:
        super().__init__(option, *path)
        self.parts = {part.option: part for part in parts}
        # All parts except the type, because services return items that contain only a type ([recorded]).
        self.substance = (
            ("value",)
            if "value" in self.parts
            else tuple(name for name in self.parts if name not in ("type", "primary"))
        )

    def spec(self) -> dict[str, Any]:
        """Return the part of an argument spec, with the parts of an item."""
        options = {name: part.spec() for name, part in self.parts.items()}
        if "value" in options:
            options["value"]["required"] = True
        return {"type": "list", "elements": "dict", "options": options}

    def clean(self, value: Any, where: str, problems: list[str]) -> Any:
        """Return the cleaned items without duplicates; a string is an item with that value."""
        if value is None:
            return None
        from .items import clean_items  # rule 8

        return clean_items(self, value, where, problems)

    def changes(self, desired: Any, holder: Representation, mode: str = EXACT_LIST) -> list[Change]:
        """Return a list with one change of the whole attribute, or an empty list."""
        from .items import changes_of_items  # rule 8

        return changes_of_items(self, desired, holder, mode)

    def write(self, desired: Any, holder: Representation, mode: str = EXACT_LIST, blank: bool = False) -> None:
        """Write the desired items to a representation, in place, after the items that the desired list does not manage."""
        from .items import write_items  # rule 8

        write_items(self, desired, holder, mode, blank)

    def current(self, holder: Representation) -> Any:
        """Return the items in option shape, with at most one primary item, or None if there are no items."""
        shapes = [shape for _item, shape in self.pairs(holder)]
        for shape in [shape for shape in shapes if shape.get("primary")][1:]:
            del shape["primary"]  # services may return several primary items, but a desired list can contain only one
        return shapes or None

    def pairs(self, holder: Representation) -> list[Pair]:
        """Return the items of a representation, without empty ones."""
        found = value_at(holder, self.path)
        pairs = []
        for item in found if isinstance(found, list) else [] if found is None else [found]:
            item = item if isinstance(item, dict) else {"value": item}
            shape = {name: part.current(item) for name, part in self.parts.items()}
            shape = {name: value for name, value in shape.items() if value is not None and value != ""}
            if any(shape.get(name) for name in self.substance):
                pairs.append((item, shape))
        return pairs
