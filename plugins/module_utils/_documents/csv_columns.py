# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The columns of a CSV document: the option of each column, and the meaning of its cells. Pure.

The attribute table defines the columns that a list of users can have: ``title`` is text, ``name.given_name`` is a part of
an attribute, ``emails.work`` is the value of an item, and ``addresses.work.locality`` is a part of an item.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from .._core import dates, errors
from .._core.names import show
from .._core.similar_names import did_you_mean
from .._plan.directory.entries import ADDITIVE, EXACT
from .._plan.directory.lists import NO_USER_KEYS, STATES, USER_KEYS
from .._scim.attributes import Attribute, Complex, Flag
from .._scim.multi_valued import MultiValued
from .._scim.raw import Raw
from .._scim.tables import USER

KEEP, CLEAR = "keep", "clear"

DEFAULT_LIST_SEPARATOR = ";"

# The columns of a list of memberships; the first column identifies such a document.
GROUP, MEMBER, MEMBERSHIP = "group", "user", "membership"
MEMBERSHIP_OPTIONS = frozenset((GROUP, MEMBER, MEMBERSHIP))

_TRUTHS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}

_HINT = "Headers are options of a user, with dots before parts (name.given_name, emails.work), unless columns maps options to other headers"

Read = Callable[[str], Any]


@dataclass(frozen=True)
class CsvSettings:
    """The options of p1_directory that apply to CSV documents.

    :ivar columns: the headers by option, or None if the headers are the names of the options.
    :ivar list_separator: the separator of values in a cell.
    :ivar on_empty: the effect of a blank cell, :data:`KEEP` or :data:`CLEAR`.
    """

    columns: Mapping[str, str] | None = None
    list_separator: str = DEFAULT_LIST_SEPARATOR
    on_empty: str = KEEP

    @property
    def clears(self) -> bool:
        """Return whether a blank cell clears its attribute."""
        return self.on_empty == CLEAR

    def split(self, text: str) -> list[str]:
        """Return the values of a cell, stripped and without empty ones.

        No-break blanks are not stripped, because they are part of a name in the whole collection.
        """
        values = (value.strip(" \t\r\n") for value in text.split(self.list_separator))
        return [value for value in values if value]


def csv_settings(params: Mapping[str, Any]) -> CsvSettings:
    """Return the settings from the options ``columns``, ``list_separator`` and ``on_empty``.

    :raises InputError: an option has an invalid value.
    """
    separator = params["list_separator"]
    if not separator:
        raise errors.InputError("list_separator is empty", hint="Omit list_separator, or set it to the text between two values")
    if params["columns"] and not params["src"]:
        raise errors.InputError("columns describes the CSV documents of src, but src is not set")
    problems = []
    columns: dict[str, str] = {}
    for option, header in (params["columns"] or {}).items():
        if isinstance(header, bool) or not isinstance(header, (str, int)) or not str(header).strip():
            problems.append(f"columns.{option} must be text, the header of one column")
        columns[option] = clean_header(str(header))
        try:
            if option not in MEMBERSHIP_OPTIONS:
                user_column(option)
        except errors.InputError as error:
            problems.append(f"columns: {error}")
    if problems:
        raise errors.InputError("; ".join(problems))
    return CsvSettings(columns or None, separator, params["on_empty"] or KEEP)


def clean_header(text: str) -> str:
    """Return a header normalized for comparison: Unicode NFC, stripped."""
    return unicodedata.normalize("NFC", text).strip()


@dataclass(frozen=True)
class Column:
    """The option of a column in a CSV document.

    :ivar path: the path of keys to the value in an entry; for an item of a list, the keys of the list and of the part.
    :ivar read: a function that converts a cell that is not blank to a value. It raises InputError with the expected form.
    :ivar clears: whether a blank cell can clear the value: true for attributes, except for the name and for secrets.
    :ivar is_list: whether the cells contain items of the list at the path or, with ``item_type``, parts of one item.
    :ivar item_type: the type of the item whose part the cells contain.
    """

    option: str
    path: tuple[str, ...]
    read: Read
    clears: bool = False
    is_list: bool = False
    item_type: str | None = None

    def put(self, entry: dict[str, Any], value: Any) -> None:
        """Write the value of a cell to an entry, in place."""
        if self.item_type is not None:
            self._item(entry)[self.path[1]] = value
        elif self.is_list:
            entry.setdefault(self.path[0], []).extend(value)
        else:
            for key in self.path[:-1]:
                entry = entry.setdefault(key, {})
            entry[self.path[-1]] = value

    def put_blank(self, entry: dict[str, Any], *, clears: bool) -> None:
        """Write the meaning of a blank cell to an entry, in place.

        If the item of a list is to be kept, the entry gets an item without a value, which marks the list as incomplete.
        """
        if clears and self.is_list:
            entry.setdefault(self.path[0], [])
        elif clears and self.clears:
            self.put(entry, "")
        elif self.item_type is not None:
            self._item(entry)

    def _item(self, entry: dict[str, Any]) -> dict[str, Any]:
        items = entry.setdefault(self.path[0], [])
        found: dict[str, Any] | None = next((item for item in items if item.get("type") == self.item_type), None)
        if found is None:
            found = {"type": self.item_type}
            items.append(found)
        return found


def user_column(option: str, settings: CsvSettings | None = None) -> Column:
    """Return the column of an option of a user.

    :param option: the name of a user option of p1_directory, dotted for parts.
    :raises InputError: the option does not exist, or a cell cannot represent its value.
    """
    settings = settings or CsvSettings()
    name, dot, rest = option.partition(".")
    if name in USER_KEYS and not dot:
        reads: dict[str, Read] = {
            "create": _read_truth,
            "state": partial(_read_choice, STATES),
            "active_until": _read_date,
            "groups": settings.split,
        }
        return Column(option, (name,), reads.get(name, str))
    attribute = USER.attributes.get(name)
    if attribute is None:
        hint = NO_USER_KEYS.get(option) or did_you_mean(option, user_options()) or _HINT
        raise errors.InputError(f"{show(option)} is not an option of a user", hint=hint)
    return _attribute_column(option, (), attribute, rest, settings)


def _attribute_column(option: str, path: tuple[str, ...], attribute: Attribute, rest: str, settings: CsvSettings) -> Column:
    """Return the column of an attribute, or of the part of it in the rest of the dotted name."""
    path = (*path, attribute.option)
    if isinstance(attribute, Raw):
        return _raw_column(option, path, attribute, rest)
    if isinstance(attribute, MultiValued):
        return _item_column(option, path, attribute, rest, settings)
    if isinstance(attribute, Complex):
        name, _dot, rest = rest.partition(".")
        if name not in attribute.parts:
            names = ", ".join(f"{'.'.join(path)}.{part}" for part in attribute.parts)
            raise errors.InputError(f"{show(option)} does not name a part. Valid parts: {names}")
        return _attribute_column(option, path, attribute.parts[name], rest, settings)
    if rest:
        raise errors.InputError(f"{show(option)} does not exist, because {'.'.join(path)} has no parts")
    if isinstance(attribute, Flag):
        return Column(option, path, _read_truth)
    clears = attribute is not USER.key and not attribute.on_create
    return Column(option, path, str, clears)


def _raw_column(option: str, path: tuple[str, ...], attribute: Raw, name: str) -> Column:
    problems: list[str] = []
    attribute.clean({name: ""}, "", problems)
    if not name or problems:
        raise errors.InputError(f"{show(option)} {problems[0].strip() if name else 'does not name an attribute. Append its SCIM name'}")
    return Column(option, (*path, name), str, clears=True)


def _item_column(option: str, path: tuple[str, ...], attribute: MultiValued, rest: str, settings: CsvSettings) -> Column:
    name = attribute.option
    has_value = "value" in attribute.parts
    if not rest and has_value:
        return Column(option, path, lambda text: [{"value": value} for value in settings.split(text)], is_list=True)
    item_type, _dot, part_name = rest.rpartition(".") if "." in rest else (rest, "", "value" if has_value else "")
    part = attribute.parts.get(part_name)
    if not item_type or item_type in attribute.parts or part is None or part_name == "type":
        parts = [part for part in attribute.parts if part != "type"]
        examples = ", ".join([f"{name}.work"] * has_value + [f"{name}.work.{part}" for part in parts if part != "value"])
        raise errors.InputError(f"{show(option)} does not name a type and a part. Name both, as in {examples}")
    read = _read_truth if isinstance(part, Flag) else str
    return Column(option, (*path, part_name), read, is_list=True, item_type=item_type)


def user_options() -> Iterator[str]:
    """Yield the dotted names of all columns that a list of users can have; the items of lists have the type ``work``."""
    yield from USER_KEYS
    for attribute in USER.attributes.values():
        yield from _options_of(attribute, attribute.option)


def _options_of(attribute: Attribute, name: str) -> Iterator[str]:
    if isinstance(attribute, MultiValued):
        if "value" in attribute.parts:
            yield from (name, f"{name}.work")
        yield from (f"{name}.work.{part}" for part in attribute.parts if part != "type")
    elif isinstance(attribute, Complex):
        for part in attribute.parts.values():
            yield from _options_of(part, f"{name}.{part.option}")
    elif not isinstance(attribute, Raw):
        yield name


def membership_column(option: str) -> Column:
    """Return the column of an option in a list of memberships.

    :raises InputError: the option does not exist.
    """
    if option not in MEMBERSHIP_OPTIONS:
        raise errors.InputError(f"{show(option)} is not an option of a membership", hint=f"Valid options: {GROUP}, {MEMBER}, {MEMBERSHIP}")
    return Column(option, (option,), partial(_read_choice, (ADDITIVE, EXACT)) if option == MEMBERSHIP else str)


def _read_truth(text: str) -> bool:
    """Return the Boolean in a cell, ignoring case.

    :raises InputError: the cell does not contain a Boolean. The message does not quote the cell, because with shifted
        columns it may contain a password.
    """
    value = _TRUTHS.get(text.strip().lower())
    if value is None:
        raise errors.InputError(f"must be one of {', '.join(_TRUTHS)}")
    return value


def _read_choice(choices: tuple[str, ...], text: str) -> str:
    """Return the word in a cell.

    :raises InputError: the word is not one of the choices.
    """
    if text.strip() not in choices:
        raise errors.InputError(f"must be one of {', '.join(choices)}")
    return text.strip()


def _read_date(text: str) -> str:
    if dates.parse_date(text) is None:
        raise errors.InputError("must be a date such as 2027-01-31")
    return text.strip()
