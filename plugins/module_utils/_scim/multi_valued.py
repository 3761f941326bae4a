# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Multi-valued attributes: lists of dictionaries without order ([spec] 3.2)."""

from __future__ import annotations

import copy
import json

from .._core.unicode import valid_text
from .attributes import BY_TYPE, EXACT_LIST, Attribute, _dig, _kind_of, _put, clean_options, match_all


class MultiValued(Attribute):
    """A list of dictionaries, without order ([spec] 3.2): the exact list, or the named types of it.

    :param parts: rows of an item. Without a ``value`` among them (addresses) an item is all of its parts.
    """

    option_type = "list"

    def __init__(self, option, *path, parts=()):
        super().__init__(option, *path)
        self.parts = {part.option: part for part in parts}
        # What makes an item say anything at all: the service was seen to return items of a bare type.
        self._substance = (
            ("value",)
            if "value" in self.parts
            else tuple(name for name in self.parts if name not in ("type", "primary"))
        )

    def spec(self):
        options = {name: part.spec() for name, part in self.parts.items()}
        if "value" in options:
            options["value"]["required"] = True
        return {"type": "list", "elements": "dict", "options": options}

    def clean(self, value, where, problems):
        if value is None:
            return None
        if not isinstance(value, list):
            problems.append(f"{where} must be a list, not {_kind_of(value)}")
            return None
        cleaned = []
        for number, item in enumerate(value, 1):
            place = f"{where}[{number}]"
            if isinstance(item, str) and "value" in self.parts:
                item = {"value": item}
            if not isinstance(item, dict):
                problems.append(f"{place} must be a dictionary, not {_kind_of(item)}")
                continue
            desired_item = clean_options(self.parts, item, place, problems)
            if not any(desired_item.get(name) for name in self._substance):
                problems.append(
                    f"{place} needs {'a value' if 'value' in self.parts else 'something beside its type'}; an empty list clears {self.option}"
                )
            elif desired_item not in cleaned:
                cleaned.append(desired_item)
        if sum(bool(item.get("primary")) for item in cleaned) > 1:
            problems.append(f"{where} has more than one primary item")
        return cleaned

    def _items(self, holder):
        """The items as they are: (item as a dictionary, item in option shape); valueless ones left out."""
        found = _dig(holder, self.path)
        pairs = []
        for item in found if isinstance(found, list) else [] if found is None else [found]:
            item = item if isinstance(item, dict) else {"value": item}
            shape = {name: part.current(item) for name, part in self.parts.items()}
            shape = {name: value for name, value in shape.items() if value is not None and value != ""}
            if any(shape.get(name) for name in self._substance):
                pairs.append((item, shape))
        return pairs

    def current(self, holder):
        shapes = [shape for _item, shape in self._items(holder)]
        for shape in [shape for shape in shapes if shape.get("primary")][1:]:
            del shape["primary"]  # a wish may name one, and a service was not seen to refuse several
        return shapes or None

    def _same(self, desired_item, shape):
        return all(
            bool(shape.get(name)) == value
            if name == "primary"
            else (shape.get(name) or "").lower() == value.lower()
            if name == "type"
            else valid_text(shape.get(name) or "") == value
            for name, value in desired_item.items()
        )

    def parts_not_stored(self, desired, holder):
        """Return the parts, such as ``emails.primary``, in which stored items of the desired content differ; [] where
        an item is missing as a whole."""
        shapes = [shape for _item, shape in self._items(holder)]
        parts = set()
        for item in desired:
            content = {name: item[name] for name in self._substance if name in item}
            twins = [
                {f"{self.option}.{name}" for name, value in item.items() if not self._same({name: value}, shape)}
                for shape in shapes
                if self._same(content, shape)
            ]
            if not twins:
                return []
            parts |= min(twins, key=len)
        return sorted(parts)

    def _managed(self, desired, pairs, mode):
        """Return the items that a desired list is about, and the others.

        By type these are the items of the types it names, and those without a type where it has some itself. A service may
        store an item without a type as one of a type, such as ``work``: so one of the same content, of any type, is it too.
        """
        if mode != BY_TYPE:
            return pairs, []
        types = {item.get("type", "").lower() for item in desired}
        managed, others = [], []
        for pair in pairs:
            (managed if pair[1].get("type", "").lower() in types else others).append(pair)
        for item in desired:
            content = {name: item[name] for name in self._substance if name in item}
            twins = [pair for pair in others if self._same(content, pair[1])]
            listed = sum(self._same(content, other) for other in desired)
            if twins and not item.get("type") and listed > sum(self._same(content, shape) for _item, shape in managed):
                best = min(twins, key=lambda pair: (not self._same(item, pair[1]), _in_order(pair[0])))
                managed.append(best)
                others = [pair for pair in others if pair is not best]
        return managed, others

    def _as_desired(self, desired, pairs, mode):
        managed, others = self._managed(desired, pairs, mode)
        shapes = [shape for _item, shape in managed]
        if len(shapes) > len(desired):
            # Stored twice is wished once.
            shapes = [shape for number, shape in enumerate(shapes) if shape not in shapes[:number]]
        if len(shapes) != len(desired):
            return False
        return match_all(desired, shapes, self._same)

    def changes(self, desired, holder, mode=EXACT_LIST):
        pairs = self._items(holder)
        if self._as_desired(desired, pairs, mode):
            return []
        after = copy.deepcopy(holder)
        self.write(desired, after, mode)
        return [(self.option, [shape for unused, shape in pairs], self.current(after) or [])]

    def write(self, desired, holder, mode=EXACT_LIST, blank=False):
        pairs = self._items(holder)
        if self._as_desired(desired, pairs, mode):
            return
        managed, others = self._managed(desired, pairs, mode)
        # Who names more chooses first, or a vaguer wish could take its item; never does the order given decide.
        bases = {}
        for number in sorted(range(len(desired)), key=lambda number: (-len(desired[number]), _in_order(desired[number]))):
            bases[number] = self._take(desired[number], managed)
        items = [bases[number] for number in range(len(desired))]
        for desired_item, item in zip(desired, items):
            for name, value in desired_item.items():
                self.parts[name].write(value, item)
        items = [item for item, unused in others] + items
        if any(desired_item.get("primary") for desired_item in desired):
            # At most one item may be primary ([spec] 3.2); naming another takes it from the old one.
            keepers = [item for item, desired_item in zip(items[len(others) :], desired) if "primary" in desired_item]
            items = [
                item
                if any(item is keeper for keeper in keepers)
                else {key: value for key, value in item.items() if key != "primary"}
                for item in items
            ]
        _put(holder, self.path, items if items or blank else None)

    def _take(self, desired_item, managed):
        """The item that becomes the wished one, taken out of the managed: unmanaged keys of it are kept."""
        key = [name for name in desired_item if name == "value"] or [name for name in desired_item if name != "primary"]
        same = [pair for pair in managed if self._same({name: desired_item[name] for name in key}, pair[1])]
        if not same:
            return {}
        best = min(
            same,
            key=lambda pair: (
                not self._same(desired_item, pair[1]),
                "type" in desired_item and not self._same({"type": desired_item["type"]}, pair[1]),
                _in_order(pair[0]),
            ),
        )
        managed.remove(best)
        return dict(best[0])


def _in_order(value):
    """What puts values in an order of their own, wherever they stood."""
    return json.dumps(value, sort_keys=True, default=str)
