# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Match, compare and write the items of multi-valued attributes ([spec] 3.2). Pure."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from .._core.unicode import valid_text
from .attributes import BY_TYPE, Change, Representation, clean_options
from .values import kind_of, match_all, put_value

if TYPE_CHECKING:
    from .multi_valued import MultiValued, Pair


def clean_items(attribute: MultiValued, value: Any, where: str, problems: list[str]) -> Any:
    """Return the cleaned items without duplicates; a string is an item with that value."""
    if not isinstance(value, list):
        problems.append(f"{where} must be a list, not {kind_of(value)}")
        return None
    cleaned: list[dict[str, Any]] = []
    for number, item in enumerate(value, 1):
        place = f"{where}[{number}]"
        if isinstance(item, str) and "value" in attribute.parts:
            item = {"value": item}
        if not isinstance(item, dict):
            problems.append(f"{place} must be a dictionary, not {kind_of(item)}")
            continue
        item = clean_options(attribute.parts, item, place, problems)
        if not any(item.get(name) for name in attribute.substance):
            missing = "a value" if "value" in attribute.parts else "a part other than its type"
            problems.append(f"{place} needs {missing}; an empty list clears {attribute.option}")
        elif item not in cleaned:
            cleaned.append(item)
    if sum(bool(item.get("primary")) for item in cleaned) > 1:
        problems.append(f"{where} has more than one primary item")
    return cleaned


def parts_not_stored(attribute: MultiValued, desired: Iterable[dict[str, Any]], holder: Representation) -> list[str]:
    """Return the parts, such as ``emails.primary``, in which stored items with the desired content differ.

    The list is empty if a whole item is missing.
    """
    shapes = [shape for _item, shape in attribute.pairs(holder)]
    parts: set[str] = set()
    for item in desired:
        twins = [
            {f"{attribute.option}.{name}" for name, value in item.items() if not _same({name: value}, shape)}
            for shape in shapes
            if _same(_content(attribute, item), shape)
        ]
        if not twins:
            return []
        parts |= min(twins, key=len)
    return sorted(parts)


def changes_of_items(attribute: MultiValued, desired: Any, holder: Representation, mode: str) -> list[Change]:
    """Return a list with one change of the whole attribute, or an empty list."""
    pairs = attribute.pairs(holder)
    if _is_as_desired(attribute, desired, pairs, mode):
        return []
    after = copy.deepcopy(holder)
    attribute.write(desired, after, mode)
    return [(attribute.option, [shape for _item, shape in pairs], attribute.current(after) or [])]


def write_items(attribute: MultiValued, desired: Any, holder: Representation, mode: str, blank: bool) -> None:
    """Write the desired items to a representation, in place, after the items that the desired list does not manage."""
    pairs = attribute.pairs(holder)
    if _is_as_desired(attribute, desired, pairs, mode):
        return
    managed, others = _managed(attribute, desired, pairs, mode)
    # Match items with more parts first, so that a less specific item does not take their match. The order has no meaning.
    bases = {}
    for number in sorted(range(len(desired)), key=lambda number: (-len(desired[number]), _sort_key(desired[number]))):
        bases[number] = _take_match(desired[number], managed)
    items = [bases[number] for number in range(len(desired))]
    for desired_item, item in zip(desired, items):
        for name, value in desired_item.items():
            attribute.parts[name].write(value, item)
    untouched = [item for item, _shape in others]
    if any(item.get("primary") for item in desired):
        # At most one item can be primary ([spec] 3.2), so a new primary item makes unmanaged items non-primary.
        untouched = list(map(_without_primary, untouched))
        items = [item if "primary" in stated else _without_primary(item) for item, stated in zip(items, desired)]
    put_value(holder, attribute.path, untouched + items if untouched or items or blank else None)


def _content(attribute: MultiValued, item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in attribute.substance if name in item}


def _managed(attribute: MultiValued, desired: Sequence[dict[str, Any]], pairs: list[Pair], mode: str) -> tuple[list[Pair], list[Pair]]:
    """Return the items that a desired list manages, and the other items.

    In the mode by type, a desired list manages the items of the types in it; a missing type counts as a type. A service
    may store an item without a type under a type such as ``work``, so for such an item, items of any type with the same
    content are managed, too.
    """
    if mode != BY_TYPE:
        return list(pairs), []
    types = {item.get("type", "").lower() for item in desired}
    managed: list[Pair] = []
    others: list[Pair] = []
    for pair in pairs:
        (managed if pair[1].get("type", "").lower() in types else others).append(pair)
    for item in desired:
        content = _content(attribute, item)
        twins = [pair for pair in others if _same(content, pair[1])]
        listed = sum(_same(content, other) for other in desired)
        if twins and not item.get("type") and listed > sum(_same(content, shape) for _item, shape in managed):
            best = min(twins, key=lambda pair: (not _same(item, pair[1]), _sort_key(pair[0])))
            managed.append(best)
            others = [pair for pair in others if pair is not best]
    return managed, others


def _is_as_desired(attribute: MultiValued, desired: Sequence[dict[str, Any]], pairs: list[Pair], mode: str) -> bool:
    """Return whether the items that the desired list manages are as desired."""
    managed, _others = _managed(attribute, desired, pairs, mode)
    shapes = [shape for _item, shape in managed]
    if len(shapes) > len(desired):
        # Duplicate stored items count as one.
        shapes = [shape for number, shape in enumerate(shapes) if shape not in shapes[:number]]
    return len(shapes) == len(desired) and match_all(desired, shapes, _same)


def _same(desired: dict[str, Any], shape: dict[str, Any]) -> bool:
    """Return whether all desired parts of an item are equal. Types are case-insensitive; a missing primary is false."""
    return all(
        bool(shape.get(name)) == value
        if name == "primary"
        else (shape.get(name) or "").lower() == value.lower()
        if name == "type"
        else valid_text(shape.get(name) or "") == value
        for name, value in desired.items()
    )


def _take_match(desired: dict[str, Any], managed: list[Pair]) -> dict[str, Any]:
    """Remove the best match for a desired item from the managed items, and return a copy of it, or {} if there is none.

    The copy includes the keys that are not managed.
    """
    key = [name for name in desired if name == "value"] or [name for name in desired if name != "primary"]
    same = [pair for pair in managed if _same({name: desired[name] for name in key}, pair[1])]
    if not same:
        return {}

    def preference(pair: Pair) -> tuple[bool, bool, str]:
        item, shape = pair
        other_type = "type" in desired and not _same({"type": desired["type"]}, shape)
        return not _same(desired, shape), other_type, _sort_key(item)

    best = min(same, key=preference)
    managed.remove(best)
    return dict(best[0])


def _without_primary(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "primary"}


def _sort_key(value: Any) -> str:
    """Return a text by which values are sorted by content, regardless of their position."""
    return json.dumps(value, sort_keys=True, default=str)
