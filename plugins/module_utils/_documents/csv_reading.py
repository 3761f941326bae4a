# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Read CSV as entries of users, or of the groups in a list of memberships. Each entry contains its line number.

No problem quotes a cell, because with shifted columns any cell may contain a password.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from .._core import errors
from .._core.names import show
from .._plan.directory.fields import holds_no_value
from .csv_columns import GROUP, MEMBER, MEMBERSHIP, CsvSettings
from .csv_header import HeaderCell, count_known, read_header
from .located import Located, LocatedText, Row
from .memberships import ListedMembership
from .yaml_reading import TEMPLATE

DELIMITERS = (",", ";", "\t", "|")

MAX_COLUMNS = 1000

# The limit for each document, because a wrong delimiter makes every row a problem.
MAX_PROBLEMS = 10_000


def load_csv(content: bytes, name: str, settings: CsvSettings, problems: list[str], templates: list[str]) -> dict[str, list[Located]] | None:
    """Return ``{users: [...]}`` or, for a list of memberships, ``{groups: [...]}`` with an entry for each row.

    :param name: the name of the document, for messages.
    :param problems: the list to which the function adds problems, one line per problem.
    :param templates: the list to which the function adds the places of text that looks like a template.
    :returns: the entries, or None if the header cannot be read.
    """
    try:
        return _CsvReader(_decode(content), name, settings, problems, templates).read()
    except errors.InputError as error:
        problems.append(f"{name}{error.reason}")
        return None


def _decode(content: bytes) -> str:
    """Return the text of a document.

    :raises InputError: the document has another encoding, or is not text. The reason follows the name of the document.
    """
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise errors.InputError(
            " cannot be read: it is neither UTF-8 text nor UTF-16 with a byte order mark. Save it as CSV in UTF-8"
        ) from None
    position = text.find("\0")
    if position >= 0:
        line = text.count("\n", 0, position) + 1
        raise errors.InputError(f":{line}: it contains a NUL character. Save it as CSV in UTF-8, or in UTF-16 with a byte order mark")
    return text


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line and the cells of each row that is not blank.

    :raises InputError: the rest of the document cannot be read. The reason follows the name of the document.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise errors.InputError(_csv_problem(line, reader.line_num, str(error))) from error
        if any(map(str.strip, cells)):
            yield line, cells


def _csv_problem(start: int, end: int, reason: str) -> str:
    """Return the problem of a row, from line ``start`` to ``end``, after which the document cannot be read."""
    if "unexpected end" in reason:
        return f":{start}: a quote that opens in this row is never closed"
    if "field limit" in reason:
        return f":{start}: a cell contains more than {csv.field_size_limit()} characters. A closing quote may be missing"
    return f":{end}: text follows a quote that closes a cell. Write two quotes for one within a cell"


def _ragged(cells: int, columns: int, delimiter: str) -> str:
    """Return the problem of a row whose number of cells differs from the header."""
    hint = f". Put cells that contain {show(delimiter)} in quotes" if cells > columns else ""
    return f"the row has {cells} cell{'s' * (cells != 1)}, the header has {columns}{hint}"


class _CsvReader:
    """Read the rows of one document."""

    def __init__(self, text: str, name: str, settings: CsvSettings, problems: list[str], templates: list[str]) -> None:
        self._text = text
        self._name = name
        self._settings = settings
        self._problems = problems
        self._templates = templates
        self._has_templates = TEMPLATE.search(text) is not None

    def read(self) -> dict[str, list[Located]] | None:
        """Return the entries by kind, or None if the header is invalid.

        :raises InputError: the document has no header, or its header cannot be read.
        """
        line, texts, delimiter = self._find_header()
        header = read_header(texts, self._settings)
        if header.problems:
            self._problems += [f"{self._name}:{line}: {problem}" for problem in header.problems]
            return None
        read = self._membership if header.of_memberships else self._user
        entries: list[Located] = []
        most = len(self._problems) + MAX_PROBLEMS
        try:
            for line, cells in islice(_rows(self._text, delimiter), 1, None):
                if len(self._problems) >= most:
                    raise errors.InputError(f": there are more problems from line {line}")
                if len(cells) == len(texts):
                    entry = read(line, cells, header.cells)
                    entries += [entry] if entry is not None else []
                else:
                    self._refuse(line, _ragged(len(cells), len(texts), delimiter))
        except errors.InputError as error:
            self._problems.append(f"{self._name}{error.reason}")
        return {"groups" if header.of_memberships else "users": entries}

    def _refuse(self, line: int, problem: str) -> None:
        self._problems.append(f"{self._name}:{line}: {problem}")

    def _find_header(self) -> tuple[int, list[str], str]:
        """Return the line and the cells of the header, and the delimiter that yields the most columns."""
        found = []
        refused = None
        for delimiter in DELIMITERS:
            try:
                line, cells = next(_rows(self._text, delimiter), (1, []))
                found.append((count_known(cells[:MAX_COLUMNS], self._settings), len(cells), line, cells, delimiter))
            except errors.InputError as error:
                refused = refused or error
        if not found:
            raise refused or errors.InputError(" has no header")
        _known, count, line, cells, delimiter = max(found, key=lambda candidate: candidate[:2])
        if not cells:
            raise errors.InputError(" is empty: it has no header row")
        if count > MAX_COLUMNS:
            raise errors.InputError(f":{line}: the header has more than {MAX_COLUMNS} columns")
        return line, cells, delimiter

    def _cell(self, line: int, texts: list[str], cell: HeaderCell) -> Any:
        """Return the value of a cell that is not blank, or None if it has a problem."""
        text = texts[cell.index]
        if self._has_templates and TEMPLATE.search(text):
            self._templates.append(self._place(line, cell))
        try:
            return cell.column.read(text)
        except errors.InputError as error:
            self._problems.append(f"{self._place(line, cell)}: {cell.column.option} {error.reason}")
            return None

    def _place(self, line: int, cell: HeaderCell) -> str:
        return f"{self._name}:{line}, column {show(cell.header)}"

    def _user(self, line: int, texts: list[str], cells: Sequence[HeaderCell]) -> Row:
        entry = Row(origin=f"{self._name}:{line}")
        for cell in cells:
            if not texts[cell.index].strip():
                cell.column.put_blank(entry, clears=self._settings.clears)
                continue
            value = self._cell(line, texts, cell)
            if cell.column.option == "groups":
                value = [LocatedText(name, self._place(line, cell)) for name in value]
            if value is not None:
                cell.column.put(entry, value)
        if self._settings.clears:
            for name in {cell.column.path[0] for cell in cells if cell.column.is_list} & entry.keys():
                # Items without a value are omitted. A list without items clears the attribute.
                entry[name] = [item for item in entry[name] if not holds_no_value(item)]
        return entry

    def _membership(self, line: int, texts: list[str], cells: Sequence[HeaderCell]) -> ListedMembership | None:
        """Return the entry of a row, or None if it has a problem, which refuses the whole run."""
        before = len(self._problems)
        values: dict[str, Any] = {}
        for cell in cells:
            option = cell.column.option
            if texts[cell.index].strip():
                value = self._cell(line, texts, cell)
                values[option] = LocatedText(value, self._place(line, cell)) if option == MEMBER else value
            elif option != MEMBERSHIP:
                self._problems.append(f"{self._place(line, cell)}: {option} is blank")
        if len(self._problems) > before:
            return None
        entry = ListedMembership(display_name=values[GROUP], members={"users": [values[MEMBER]]}, origin=f"{self._name}:{line}")
        if MEMBERSHIP in values:
            entry["membership"] = values[MEMBERSHIP]
        return entry
