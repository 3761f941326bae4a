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

import datetime
import re
from typing import Any

from .._core.unicode import valid_text

CORE_URN = "urn:scim:schemas:core:1.0"


ENTERPRISE_URN = "urn:scim:schemas:extension:enterprise:1.0"


PINGONE_URN = "urn:scim:schemas:com_pingone:1.0"


# [doc] User Resources: the schemas that the service supports.
DOCUMENTED_URNS = (CORE_URN, ENTERPRISE_URN, PINGONE_URN)


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

    def changes(self, desired, holder, mode=EXACT_LIST):
        """What would change: a list of (option name, before, after), empty when nothing does."""
        found = self.current(holder)
        # An export writes text that is no Unicode as valid_text, and given back it is no change.
        if valid_text(found or "") == desired:
            return []
        return [(self.option, found, desired)]

    def write(self, desired, holder, mode=EXACT_LIST, blank=False):
        """Put the wish into a representation, in place.

        :param blank: clear by writing an empty value where plain omission did not clear (rule 9).
        """
        _put(holder, self.path, desired if desired != "" or blank else None)


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

    def changes(self, desired, holder, mode=EXACT_LIST):
        found = self.current(holder)
        if (self.missing if found is None else found) == desired:
            return []
        return [(self.option, found, desired)]

    def write(self, desired, holder, mode=EXACT_LIST, blank=False):
        _put(holder, self.path, desired)


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

    def changes(self, desired, holder, mode=EXACT_LIST):
        if not desired:
            found = self.current(holder)
            return [(self.option, found, {})] if found else []
        inner = _dig(holder, self.path)
        inner = inner if isinstance(inner, dict) else {}
        return [
            (f"{self.option}.{name}", before, after)
            for part in desired
            for name, before, after in self.parts[part].changes(desired[part], inner, mode)
        ]

    def write(self, desired, holder, mode=EXACT_LIST, blank=False):
        inner = _dig(holder, self.path)
        inner = inner if isinstance(inner, dict) else {}
        if not desired:
            for part in self.parts.values():
                if part.current(inner) is not None:
                    part.write({} if isinstance(part, Complex) else "", inner, mode, blank)
        for name, value in desired.items():
            self.parts[name].write(value, inner, mode, blank)
        _put(holder, self.path, inner or None)


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


def match_all(desired, found, same):
    """Whether each wished item can be paired with a found one of its own (both lists as long as each other).

    A wish that names fewer keys fits more items, so taking the first fit can take another's only one;
    augmenting paths (Kuhn) cannot, whatever the order of the lists.
    """
    if len(desired) == len(found) and all(same(desired_item, item) for desired_item, item in zip(desired, found)):
        return True
    fits = [[place for place, item in enumerate(found) if same(desired_item, item)] for desired_item in desired]
    taken = {}

    def place_wish(number, tried):
        for place in fits[number]:
            if place not in tried:
                tried.add(place)
                if place not in taken or place_wish(taken[place], tried):
                    taken[place] = number
                    return True
        return False

    return all(place_wish(number, set()) for number in range(len(desired)))


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


def _empty(value):
    return value in (None, "", [], {})  # neither False nor 0 is one of them


def _is_unicode(value):
    """Whether all text within a value can be sent as UTF-8."""
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)
    if isinstance(value, dict):
        return all(map(_is_unicode, value)) and all(map(_is_unicode, value.values()))
    return all(map(_is_unicode, value)) if isinstance(value, list) else True


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
