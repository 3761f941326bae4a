# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What a row of an attribute table is: its option, its place in the SCIM representation, its type, how it compares.

Everything here is pure: values in, values out. Three things are kept apart all the way: an option that is
not given (absent from the wish: left alone), one that is empty (``''``, ``[]``, ``{}``: cleared), and one
with a value.

Two shapes occur. The *option shape* is what a playbook writes and a result shows (``given_name``); the
*representation* is the SCIM JSON (``givenName``). Wishes and results are in option shape; a representation
is only ever read, or copied and changed, so that keys nobody manages stay as they were.
"""

from __future__ import annotations

import copy
import datetime
import json
import re
from functools import lru_cache
from math import isfinite
from typing import Any

from ._names import same_spelling, text_of
from ._unicode import valid_text

CORE_URN = "urn:scim:schemas:core:1.0"
ENTERPRISE_URN = "urn:scim:schemas:extension:enterprise:1.0"
PINGONE_URN = "urn:scim:schemas:com_pingone:1.0"

# What stands in a diff or a plan row in place of a secret.
HIDDEN = "********"

# What AWX stores and shows in place of a secret of a survey or a credential.
_SECRET_PLACEHOLDER = "$encrypted$"

# The core schema in front of a raw name: an attribute of it that way is the one without it.
_CORE_PREFIX = re.compile(r"urn:(?:scim:schemas:core:1\.0|ietf:params:scim:schemas:core:2\.0:(?:user|group))(?::|$)")

EXACT_LIST = "exact"
BY_TYPE = "by_type"


class Attribute:
    """One row: a text.

    :param option: the name in a playbook.
    :param path: the keys that lead to it in the object that holds it.
    :param secret: never shown, never compared.
    :param on_create: sent with a create alone, unless ``update_password: always`` asks for more.
    """

    option_type = "str"

    def __init__(self, option, *path, secret=False, on_create=False):
        self.option = option
        self.path = path
        self.secret = secret
        self.on_create = on_create

    def __repr__(self):
        return f"{type(self).__name__}({self.option!r})"

    def spec(self):
        """Its part of an argument spec."""
        spec: dict[str, Any] = {"type": self.option_type}
        if self.secret:
            spec["no_log"] = True
        elif "password" in self.option:
            spec["no_log"] = False
        return spec

    def clean(self, value, where, problems):
        """A value as given by a person -> as the planner compares it; None: not given.

        :param where: how to name the value in a problem.
        :param problems: list to which readable problems are added.
        """
        if self.secret and isinstance(value, str) and value.strip().lower() == _SECRET_PLACEHOLDER:
            # The placeholder itself is not quoted: as a secret it would be masked.
            problems.append(
                f"{where} is the text that AWX shows in place of a stored secret, which everyone knows. Enter the secret itself"
            )
            return None
        if isinstance(value, str) or value is None:
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        problems.append(f"{where} {must_be_text(value)}")
        return None

    def current(self, holder):
        """The value in a representation, in option shape; None where there is none."""
        value = _dig(holder, self.path)
        return value if isinstance(value, str) or value is None else str(value)

    def changes(self, wished, holder, mode=EXACT_LIST):
        """What would change: a list of (option name, before, after), empty when nothing does."""
        found = self.current(holder)
        # An export writes text that is no Unicode as valid_text, and given back it is no change.
        if valid_text(found or "") == wished:
            return []
        return [(self.option, found, wished)]

    def write(self, wished, holder, mode=EXACT_LIST, blank=False):
        """Put the wish into a representation, in place.

        :param blank: clear by writing an empty value where plain omission did not clear (rule 9).
        """
        _put(holder, self.path, wished if wished != "" or blank else None)


class Flag(Attribute):
    """A row that is true or false.

    :param missing: what a representation without it means.
    """

    option_type = "bool"

    def __init__(self, option, *path, missing=False, **kwargs):
        super().__init__(option, *path, **kwargs)
        self.missing = missing

    def clean(self, value, where, problems):
        if value is None or isinstance(value, bool):
            return value
        from ansible.module_utils.parsing.convert_bool import boolean

        try:
            return boolean(value)
        except TypeError:
            problems.append(f"{where} must be true or false, not {_kind_of(value)}")
            return None

    def current(self, holder):
        value = _dig(holder, self.path)
        if isinstance(value, str):
            return value.lower() == "true"
        return None if value is None else bool(value)

    def changes(self, wished, holder, mode=EXACT_LIST):
        found = self.current(holder)
        if (self.missing if found is None else found) == wished:
            return []
        return [(self.option, found, wished)]

    def write(self, wished, holder, mode=EXACT_LIST, blank=False):
        _put(holder, self.path, wished)


class Complex(Attribute):
    """A row that holds rows: each sub-option that is given is managed by itself; ``{}`` clears them all."""

    option_type = "dict"

    def __init__(self, option, *path, parts=()):
        super().__init__(option, *path)
        self.parts = {part.option: part for part in parts}

    def spec(self):
        return {"type": "dict", "options": {name: part.spec() for name, part in self.parts.items()}}

    def clean(self, value, where, problems):
        if value is None:
            return None
        if not isinstance(value, dict):
            problems.append(f"{where} must be a dictionary, not {_kind_of(value)}")
            return None
        cleaned = clean_options(self.parts, value, where, problems)
        # A dictionary whose every value is null gives nothing; only an empty one clears.
        return cleaned if cleaned or not value else None

    def current(self, holder):
        inner = _dig(holder, self.path)
        if not isinstance(inner, dict):
            return None
        found = {name: part.current(inner) for name, part in self.parts.items()}
        return {name: value for name, value in found.items() if value not in (None, "", {})} or None

    def changes(self, wished, holder, mode=EXACT_LIST):
        if not wished:
            found = self.current(holder)
            return [(self.option, found, {})] if found else []
        inner = _dig(holder, self.path)
        inner = inner if isinstance(inner, dict) else {}
        return [
            (f"{self.option}.{name}", before, after)
            for part in wished
            for name, before, after in self.parts[part].changes(wished[part], inner, mode)
        ]

    def write(self, wished, holder, mode=EXACT_LIST, blank=False):
        inner = _dig(holder, self.path)
        inner = inner if isinstance(inner, dict) else {}
        if not wished:
            for part in self.parts.values():
                if part.current(inner) is not None:
                    part.write({} if isinstance(part, Complex) else "", inner, mode, blank)
        for name, value in wished.items():
            self.parts[name].write(value, inner, mode, blank)
        _put(holder, self.path, inner or None)


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
            wish = clean_options(self.parts, item, place, problems)
            if not any(wish.get(name) for name in self._substance):
                problems.append(
                    f"{place} needs {'a value' if 'value' in self.parts else 'something beside its type'}; an empty list clears {self.option}"
                )
            elif wish not in cleaned:
                cleaned.append(wish)
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

    def _same(self, wish, shape):
        return all(
            bool(shape.get(name)) == value
            if name == "primary"
            else (shape.get(name) or "").lower() == value.lower()
            if name == "type"
            else valid_text(shape.get(name) or "") == value
            for name, value in wish.items()
        )

    def parts_not_stored(self, wished, holder):
        """Return the parts, such as ``emails.primary``, in which stored items of the desired content differ; [] where
        an item is missing as a whole."""
        shapes = [shape for _item, shape in self._items(holder)]
        parts = set()
        for item in wished:
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

    def _managed(self, wished, pairs, mode):
        """Return the items that a desired list is about, and the others.

        By type these are the items of the types it names, and those without a type where it has some itself. A service may
        store an item without a type as one of a type, such as ``work``: so one of the same content, of any type, is it too.
        """
        if mode != BY_TYPE:
            return pairs, []
        types = {item.get("type", "").lower() for item in wished}
        managed, others = [], []
        for pair in pairs:
            (managed if pair[1].get("type", "").lower() in types else others).append(pair)
        for item in wished:
            content = {name: item[name] for name in self._substance if name in item}
            twins = [pair for pair in others if self._same(content, pair[1])]
            listed = sum(self._same(content, other) for other in wished)
            if twins and not item.get("type") and listed > sum(self._same(content, shape) for _item, shape in managed):
                best = min(twins, key=lambda pair: (not self._same(item, pair[1]), _in_order(pair[0])))
                managed.append(best)
                others = [pair for pair in others if pair is not best]
        return managed, others

    def _as_wished(self, wished, pairs, mode):
        managed, others = self._managed(wished, pairs, mode)
        shapes = [shape for _item, shape in managed]
        if len(shapes) > len(wished):
            # Stored twice is wished once.
            shapes = [shape for number, shape in enumerate(shapes) if shape not in shapes[:number]]
        if len(shapes) != len(wished):
            return False
        return match_all(wished, shapes, self._same)

    def changes(self, wished, holder, mode=EXACT_LIST):
        pairs = self._items(holder)
        if self._as_wished(wished, pairs, mode):
            return []
        after = copy.deepcopy(holder)
        self.write(wished, after, mode)
        return [(self.option, [shape for unused, shape in pairs], self.current(after) or [])]

    def write(self, wished, holder, mode=EXACT_LIST, blank=False):
        pairs = self._items(holder)
        if self._as_wished(wished, pairs, mode):
            return
        managed, others = self._managed(wished, pairs, mode)
        # Who names more chooses first, or a vaguer wish could take its item; never does the order given decide.
        bases = {}
        for number in sorted(range(len(wished)), key=lambda number: (-len(wished[number]), _in_order(wished[number]))):
            bases[number] = self._take(wished[number], managed)
        items = [bases[number] for number in range(len(wished))]
        for wish, item in zip(wished, items):
            for name, value in wish.items():
                self.parts[name].write(value, item)
        items = [item for item, unused in others] + items
        if any(wish.get("primary") for wish in wished):
            # At most one item may be primary ([spec] 3.2); naming another takes it from the old one.
            keepers = [item for item, wish in zip(items[len(others) :], wished) if "primary" in wish]
            items = [
                item
                if any(item is keeper for keeper in keepers)
                else {key: value for key, value in item.items() if key != "primary"}
                for item in items
            ]
        _put(holder, self.path, items if items or blank else None)

    def _take(self, wish, managed):
        """The item that becomes the wished one, taken out of the managed: unmanaged keys of it are kept."""
        key = [name for name in wish if name == "value"] or [name for name in wish if name != "primary"]
        same = [pair for pair in managed if self._same({name: wish[name] for name in key}, pair[1])]
        if not same:
            return {}
        best = min(
            same,
            key=lambda pair: (
                not self._same(wish, pair[1]),
                "type" in wish and not self._same({"type": wish["type"]}, pair[1]),
                _in_order(pair[0]),
            ),
        )
        managed.remove(best)
        return dict(best[0])


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

    def changes(self, wished, holder, mode=EXACT_LIST):
        return [
            (f"{self.option}.{name}", copy.deepcopy(holder.get(name)), _merged(value, holder.get(name)))
            for name, value in wished.items()
            if not _raw_same(value, holder.get(name))
        ]

    def write(self, wished, holder, mode=EXACT_LIST, blank=False):
        for name, value in wished.items():
            if _raw_same(value, holder.get(name)):
                continue
            merged = _merged(value, holder.get(name))
            if merged is None and blank and name in holder:
                merged = [] if isinstance(holder[name], list) else {} if isinstance(holder[name], dict) else ""
            _put(holder, (name,), merged)


class Resource:
    """A kind of object of the directory: its endpoint, and the table of its attributes.

    :param kind: ``user`` or ``group``, as in plan rows.
    :param endpoint: the path segment ([doc]: singular and in lower case).
    :param key: the attribute that is its name.
    """

    def __init__(self, kind, endpoint, key, attributes):
        self.kind = kind
        self.endpoint = endpoint
        self.attributes = {attribute.option: attribute for attribute in attributes}
        self.key = self.attributes[key]

    def argument_spec(self):
        """Argument spec of all its attributes. None has a default: not given means left alone."""
        return {name: attribute.spec() for name, attribute in self.attributes.items()}

    def own_name(self, representation: dict[str, Any]) -> str:
        """Return the name that a representation shows; "" where it is missing, null or blank."""
        name = self.key.current(representation) or ""
        return name if name.strip() else ""

    def name_of(self, representation: dict[str, Any]) -> str:
        """Return the name of an object; where it has none its id stands in for it, and "" without an id."""
        return self.own_name(representation) or text_of(representation.get("id")) or ""

    def clean(self, options, where, problems):
        """The given attributes among some options, as the planner compares them."""
        given = {name: options[name] for name in self.attributes if name in options}
        for name, value in given.items():
            if not _is_unicode(value):
                place = f"{where}.{name}" if where else name
                problems.append(f"{place} is not valid Unicode: it contains half of a surrogate pair")
        return clean_options(self.attributes, given, where, problems)

    def changes(self, wished, representation, mode=EXACT_LIST):
        """What would change: a list of (option name, before, after), secrets left out."""
        found = []
        for name, value in wished.items():
            attribute = self.attributes[name]
            if attribute is self.key and same_spelling(value, self.name_of(representation)):
                continue
            if not attribute.secret:
                found += attribute.changes(value, representation, mode)
        return found

    def not_stored(self, names, wished, representation):
        """Describe what a service did not store of desired values.

        :param names: option names, dotted for parts of dictionaries.
        :returns: the names, of lists those of the parts that differ; and whether the service stores another value in
            place of each of them, which no console setting changes.
        """
        shown, decided = [], True
        for name in names:
            option, _dot, part = name.partition(".")
            attribute = self.attributes[option]
            parts = attribute.parts_not_stored(wished.get(option) or (), representation) if isinstance(attribute, MultiValued) else []
            shown += parts or [name]
            current = None if attribute.secret or isinstance(attribute, Raw) else attribute.current(representation)
            current = current.get(part) if part and isinstance(current, dict) else current
            decided = decided and (bool(parts) or not isinstance(attribute, MultiValued) and current not in (None, ""))
        return shown, decided

    def updated(self, wished, representation, mode=EXACT_LIST, blank=()):
        """A copy of the representation with the wish in it, everything else as it was read.

        :param blank: option names whose clearing is written as an empty value.
        """
        result = copy.deepcopy(representation)
        for name, value in wished.items():
            self.attributes[name].write(value, result, mode, name in blank)
        _name_schemas(result)
        return result

    def new(self, wished, mode=EXACT_LIST):
        """The representation to create: no id, and nothing that is not wished."""
        return self.updated(wished, {"schemas": [CORE_URN]}, mode)

    def to_options(self, representation):
        """Option shape of a representation: what has a value, never a secret."""
        found = {
            name: attribute.current(representation)
            for name, attribute in self.attributes.items()
            if not attribute.secret
        }
        return {name: value for name, value in found.items() if value is not None and value != ""}


def clean_options(attributes, given, where, problems):
    """Clean every option given for a table of attributes; unknown names are problems, nulls are not given."""
    cleaned = {}
    for name, value in given.items():
        if value is None:
            continue
        attribute = attributes.get(name)
        if attribute is None:
            problems.append(f"{where} has no {name!r}; there are {', '.join(attributes)}")
            continue
        value = attribute.clean(value, f"{where}.{name}" if where else name, problems)
        if value is not None:
            cleaned[name] = value
    return cleaned


def match_all(wished, found, same):
    """Whether each wished item can be paired with a found one of its own (both lists as long as each other).

    A wish that names fewer keys fits more items, so taking the first fit can take another's only one;
    augmenting paths (Kuhn) cannot, whatever the order of the lists.
    """
    if len(wished) == len(found) and all(same(wish, item) for wish, item in zip(wished, found)):
        return True
    fits = [[place for place, item in enumerate(found) if same(wish, item)] for wish in wished]
    taken = {}

    def place_wish(number, tried):
        for place in fits[number]:
            if place not in tried:
                tried.add(place)
                if place not in taken or place_wish(taken[place], tried):
                    taken[place] = number
                    return True
        return False

    return all(place_wish(number, set()) for number in range(len(wished)))


def _in_order(value):
    """What puts values in an order of their own, wherever they stood."""
    return json.dumps(value, sort_keys=True, default=str)


def _dig(holder, path):
    for key in path:
        if not isinstance(holder, dict):
            return None
        holder = holder.get(key)
    return holder


def _put(holder, path, value):
    """Set a value at a path, or take it away (None); an object emptied by that goes too."""
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


def _name_schemas(representation):
    """Name every extension that has an object in ``schemas`` ([spec] 4), in place.

    A service that demands it may still leave names, or all of ``schemas``, out of its own answers. What was read
    stays, in the order read.
    """
    schemas = representation.get("schemas")
    schemas = schemas if isinstance(schemas, list) and schemas else [CORE_URN]
    missing = [
        name for name in representation if name.startswith("urn:") and representation[name] and name not in schemas
    ]
    if missing or "schemas" not in representation:
        representation["schemas"] = schemas + missing


def _empty(value):
    return value in (None, "", [], {})  # neither False nor 0 is one of them


def _raw_same(wished, found):
    if _empty(wished):
        return _empty(found)
    if isinstance(wished, dict):
        # Nulls take nothing away from an object that is not there.
        found = {} if _empty(found) else found
        return isinstance(found, dict) and all(_raw_same(value, found.get(name)) for name, value in wished.items())
    if isinstance(wished, list):
        return isinstance(found, list) and len(wished) == len(found) and match_all(wished, found, _raw_same)
    if isinstance(found, str):
        return wished == valid_text(found)
    # JSON knows one kind of number: 1.0 may come back as 1, but never as true.
    return isinstance(wished, bool) == isinstance(found, bool) and wished == found


def _merged(wished, found):
    """The raw value to send: objects merged, everything else as wished; None: nothing is left of it."""
    if isinstance(wished, dict):
        merged = dict(found) if isinstance(found, dict) else {}
        for name, value in wished.items():
            value = _merged(value, merged.get(name))
            if value is None:
                merged.pop(name, None)
            else:
                merged[name] = value
        # {} as a wish clears the whole object; a wish of nulls may leave other keys standing.
        return merged if wished and merged else None
    return None if _empty(wished) else wished


def _is_unicode(value):
    """Whether all text within a value can be sent as UTF-8."""
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return all(map(_is_unicode, value)) and all(map(_is_unicode, value.values()))
    return all(map(_is_unicode, value)) if isinstance(value, list) else True


def _is_json(value):
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_json(content) for name, content in value.items())
    if isinstance(value, list):
        return all(_is_json(item) for item in value)
    return value is None or isinstance(value, (str, bool, int)) or isinstance(value, float) and isfinite(value)


def must_be_text(value: Any) -> str:
    """Return what is wrong with a value where text is due; YAML makes dates and truth values of some words."""
    quotes = "" if isinstance(value, (list, dict)) else ": write it in quotes"
    return f"must be text, not {_kind_of(value)}{quotes}"


def _kind_of(value):
    if isinstance(value, bool):
        return "true or false"
    for kinds, said in (((int, float), "a number"), (datetime.date, "a date"), (str, "text"), (list, "a list"), (dict, "a dictionary")):
        if isinstance(value, kinds):
            return said
    return f"a {type(value).__name__}"
