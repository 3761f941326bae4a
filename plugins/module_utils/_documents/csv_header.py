# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Parse the header row of a CSV document: the columns and the problems. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .._core import errors
from .._core.names import show
from .._core.similar_names import did_you_mean
from .._scim.tables import USER
from .csv_columns import GROUP, MEMBER, MEMBERSHIP_OPTIONS, Column, CsvSettings, clean_header, membership_column, user_column

# The options that identify the user of a row.
_IDENTIFYING = (USER.key.option, "id", "external_id")


@dataclass(frozen=True)
class HeaderCell:
    """A column to read: its index in a row, its header, and the meaning of its cells."""

    index: int
    header: str
    column: Column


@dataclass(frozen=True)
class Header:
    """The header row of a document.

    :ivar of_memberships: whether the rows are memberships instead of users.
    :ivar cells: the columns to read, in order.
    :ivar problems: the problems of the header, one line per problem.
    """

    of_memberships: bool
    cells: Sequence[HeaderCell]
    problems: Sequence[str]


def read_header(texts: Sequence[str], settings: CsvSettings) -> Header:
    """Parse a header row.

    With ``columns``, columns that are not mapped are ignored. Without it, each header must be the name of an option.
    """
    texts = [clean_header(text) for text in texts]
    if settings.columns is None:
        problems = [f"column {number} has no header" for number, text in enumerate(texts, 1) if not text]
        wanted = {text: text for text in texts if text}
    else:
        problems = []
        wanted = dict(settings.columns)
    of_memberships = _is_of_memberships(wanted, texts)
    if settings.columns is not None:
        wanted = {option: text for option, text in wanted.items() if (option in MEMBERSHIP_OPTIONS) == of_memberships}
        problems += _ignored(settings.columns, wanted, texts) if of_memberships else []
    cells = []
    for option, text in wanted.items():
        try:
            column = membership_column(option) if of_memberships else user_column(option, settings)
            cells.append(HeaderCell(_index_of(text, option, texts), text, column))
        except errors.InputError as error:
            problems.append(f"column {error}")
    repeated = Counter(texts)
    problems += [f"column {show(text)} appears {repeated[text]} times in the header" for text in dict.fromkeys(wanted.values()) if repeated[text] > 1]
    problems += _read_twice(cells)
    if not problems:
        problems += _missing({cell.column.option for cell in cells}, of_memberships)
    return Header(of_memberships, sorted(cells, key=lambda cell: cell.index), problems)


def count_known(texts: Iterable[str], settings: CsvSettings) -> int:
    """Return how many cells of a header row are columns to read. With the wrong delimiter, the number is 0."""
    texts = map(clean_header, texts)
    if settings.columns is not None:
        return len(set(settings.columns.values()).intersection(texts))
    return sum(map(_is_option, texts))


@lru_cache(maxsize=1000)
def _is_option(text: str) -> bool:
    try:
        return text in MEMBERSHIP_OPTIONS or bool(user_column(text))
    except errors.InputError:
        return False


def _is_of_memberships(wanted: dict[str, str], texts: Sequence[str]) -> bool:
    """Return whether a document lists memberships: it has the column ``group``, which users do not have, or cannot list users."""
    return (GROUP in wanted and wanted[GROUP] in texts) or (bool(wanted) and MEMBERSHIP_OPTIONS.issuperset(wanted))


def _ignored(columns: Mapping[str, str], wanted: Mapping[str, str], texts: Sequence[str]) -> list[str]:
    """Return the problems of user columns in a list of memberships, whose values would otherwise be silently ignored."""
    return [
        f"column {show(text)} is mapped to {option}, an option of users, but {show(wanted[GROUP])} makes the document a list of "
        "memberships. Put users and memberships into separate documents, and give the column of groups another header in one of them"
        for option, text in columns.items()
        if GROUP in wanted and option not in MEMBERSHIP_OPTIONS and text in texts and text not in wanted.values()
    ]


def _read_twice(cells: Sequence[HeaderCell]) -> list[str]:
    """Return the problems of columns for the same option, such as emails.work and emails.work.value."""
    first: dict[tuple[tuple[str, ...], str | None], HeaderCell] = {}
    problems = []
    for cell in cells:
        other = first.setdefault((cell.column.path, cell.column.item_type), cell)
        if other is not cell:
            problems.append(f"columns {show(other.column.option)} and {show(cell.column.option)} are the same option")
    return problems


def _index_of(text: str, option: str, texts: Sequence[str]) -> int:
    if text not in texts:
        raise errors.InputError(f"{show(text)}, which columns maps to {option}, is missing", hint=did_you_mean(text, texts) or None)
    return texts.index(text)


def _missing(options: set[str], of_memberships: bool) -> list[str]:
    if of_memberships:
        return [f"a list of memberships needs the column {option}" for option in (GROUP, MEMBER) if option not in options]
    if options.isdisjoint(_IDENTIFYING):
        return [f"no column identifies the user of a row. Add one of {', '.join(_IDENTIFYING)}"]
    return []
