# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Read the documents of ``src``: YAML or JSON with ``users`` and ``groups``, CSV, or a folder of these documents."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .._core import errors
from .._core.names import show
from .csv_columns import CsvSettings
from .csv_reading import load_csv
from .files import MAX_DOCUMENT_BYTES, leaves_folder, not_regular, read_bytes, read_text
from .json_reading import load_json
from .located import Located
from .memberships import join_memberships
from .undo import NOT_UNDONE, not_undone_problem, not_undone_warnings
from .yaml_reading import load_yaml

_WORDS = re.compile(r"[\w .-]{1,40}")

KINDS = ("users", "groups")


EXTENSIONS = (".yml", ".yaml", ".json", ".csv")


VAULTED = (
    "it is vaulted, and modules cannot decrypt it. Read it with the lookup ansible.builtin.unvault and the filter "
    "pingone.directory.p1_from_yaml, and pass its users and groups"
)


VAULTED_CSV = (
    "it is vaulted, and modules cannot decrypt it. Let ansible.builtin.copy, which decrypts it, write a file with mode 0600, "
    "and name that file in src"
)


@dataclass(frozen=True)
class Documents:
    """The content of the documents of ``src``.

    :ivar users, groups: all entries with their places, or None if no document contains the key.
    :ivar problems: the problems, each with its file and, if known, its line. If an entry cannot be read, references to it
        cannot be resolved.
    :ivar unread: files and folders that were not read, with the reasons. They may contain a part of the desired state.
    :ivar templates: places of text that looks like a template. It is not evaluated.
    :ivar not_undone: warnings of backups about changes that they do not undo.
    """

    users: list[Any] | None = None
    groups: list[Any] | None = None
    problems: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    not_undone: list[str] = field(default_factory=list)

    def not_read(self) -> str:
        """Return the files that were not read, with a verb: ``a.txt and b.txt are``; "" if all were read."""
        return f"{_first(self.unread)} {'is' if len(self.unread) == 1 else 'are'}" if self.unread else ""

    def warnings(self) -> list[str]:
        """Return warnings about files that were not read, text that looks like a template, and changes that backups do not undo."""
        found = list(self.not_undone)
        if self.unread:
            found.append(f"src: {self.not_read()} not read. The desired state may be incomplete")
        if self.templates:
            places = _first(self.templates)
            found.append(
                f"src: text that looks like a template is used literally, because documents are not templated: {places}. "
                "Render the document first, or mark the text with !unsafe in YAML"
            )
        return found


def _first(items: list[str], most: int = 10) -> str:
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return f"{', '.join(items[:most])}{more}"


def is_document(path: str) -> bool:
    """Return whether a path has the extension of a document, ignoring case."""
    return path.lower().endswith(EXTENSIONS)


def is_json(path: str) -> bool:
    """Return whether a path has the extension of a JSON document."""
    return path.lower().endswith(".json")


def is_csv(path: str) -> bool:
    """Return whether a path has the extension of a CSV document."""
    return path.lower().endswith(".csv")


def require_no_csv(name: str, path: str) -> None:
    """Refuse to write a document to a path with the extension .csv, because src would read its YAML or JSON as CSV.

    :param name: the option that contains the path.
    :raises InputError: the path ends in .csv.
    """
    if is_csv(path):
        raise errors.InputError(f"{name} {path} ends in .csv, but the module writes YAML or JSON", hint="Use the ending .yml or .json")


def read_documents(path: str, csv: CsvSettings | None = None) -> Documents:
    """Read a document, or all documents of a folder.

    :param csv: the settings for CSV, or None for the defaults.
    :raises InputError: there is no document, the documents are too large, or the path is a link that leaves its folder.
    """
    return _Reader(path, csv or CsvSettings()).read()


class _Reader:
    """Collect the content of the documents of ``src``."""

    def __init__(self, path: str, csv: CsvSettings) -> None:
        self._path = path
        self._csv = csv
        self._lists: dict[str, list[Any]] = {}
        self._problems: list[str] = []
        self._unread: list[str] = []
        self._templates: list[str] = []
        self._not_undone: list[str] = []

    def read(self) -> Documents:
        """Read all documents."""
        total = 0
        for name in self._files():
            document, size = self._load(name)
            total += size
            if total > MAX_DOCUMENT_BYTES:
                raise errors.InputError(
                    f"src {self._path} contains more than {MAX_DOCUMENT_BYTES // 1024 // 1024} MiB of documents",
                    hint="Split them over several tasks, each with a scope",
                )
            if document is not None:
                self._add(name, document)
        if not self._problems and not self._lists:
            # A feed whose export failed leaves an empty file.
            self._problems.append(f"{self._path} contains neither users nor groups")
        groups = self._lists.get("groups")
        groups = join_memberships(groups, self._problems) if groups else groups
        return Documents(self._lists.get("users"), groups, self._problems, self._unread, self._templates, self._not_undone)

    def _files(self) -> list[str]:
        """Return the paths of all documents."""
        path = self._path
        if not os.path.lexists(path):
            raise errors.InputError(f"src {path} does not exist where the module runs")
        if leaves_folder(path):
            raise errors.InputError(f"src {path} is a link that leaves its folder. Use its target {os.path.realpath(path)} instead")
        if not os.path.isdir(path):
            return [path]
        files = list(self._files_of(path, os.path.realpath(path)))
        if not files and not self._problems:
            raise errors.InputError(f"the folder {path} contains no document ({', '.join(EXTENSIONS)})")
        return files

    def _files_of(self, folder: str, root: str) -> Iterator[str]:
        """Yield the documents of a folder, then those of its subfolders, without hidden files.

        Links are not followed, because a document that is linked within ``src`` would be read twice.
        """
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: (entry.is_dir(follow_symlinks=False), entry.name))
        except OSError as error:
            self._problems.append(f"{folder} cannot be read: {error.strerror}")
            return
        for entry in found:
            if entry.name.startswith("."):
                continue
            if entry.is_symlink():
                target = os.path.realpath(entry.path)
                if os.path.commonpath([root, target]) != root:
                    self._problems.append(f"{entry.path} cannot be read: it is a link that leaves the folder of src")
                else:
                    self._unread.append(f"{entry.path} (a link)")
            elif entry.is_dir():
                yield from self._files_of(entry.path, root)
            elif not entry.is_file():
                kind = not_regular(entry.stat(follow_symlinks=False).st_mode)
                self._problems.append(f"{entry.path} cannot be read: it is {kind}, not a regular file")
            elif is_document(entry.name):
                yield entry.path
            else:
                self._unread.append(f"{entry.path} (its ending is not one of {', '.join(EXTENSIONS)})")

    def _load(self, name: str) -> tuple[Any, int]:
        """Return the content of a document and its size; the content is None if it is empty or has a problem."""
        try:
            if is_csv(name):
                content = read_bytes(name)
                if content.startswith(b"$ANSIBLE_VAULT"):
                    raise errors.DirectoryError(f"{name}: {VAULTED_CSV}")
                return load_csv(content, name, self._csv, self._problems, self._templates), len(content)
            text = read_text(name)
        except errors.DirectoryError as error:
            self._problems.append(error.reason)
            return None, 0
        if text.startswith("$ANSIBLE_VAULT"):
            self._problems.append(f"{name}: {VAULTED}")
            return None, 0
        if is_json(name):
            return load_json(text, name, self._problems, self._templates, KINDS), len(text)
        return load_yaml(text, name, self._problems, self._templates), len(text)

    def _add(self, name: str, document: Any) -> None:
        """Add the lists of a document. Places of entries on the same line include the path."""
        if not isinstance(document, dict):
            self._problems.append(f"{name}: the document must be a dictionary with users and groups")
            return
        for key in document:
            if key == NOT_UNDONE:
                self._add_not_undone(name, document[key])
            elif key == "$schema":
                continue  # for editors
            elif key not in KINDS:
                self._problems.append(f"{name}: {_key(key)} is neither users nor groups")
            elif document[key] is not None and not isinstance(document[key], list):
                self._problems.append(f"{name}: {key} must be a list")
        lists = {key: document[key] or [] for key in KINDS if isinstance(document.get(key, ""), (list, type(None)))}
        lines = Counter(item.origin for items in lists.values() for item in items if isinstance(item, Located))
        for key, items in lists.items():
            for number, item in enumerate(items):
                if isinstance(item, Located) and (item.origin is None or lines[item.origin] > 1):
                    item.origin = f"{item.origin or f'{name}:'} {key}[{number}]"
            self._lists.setdefault(key, []).extend(items)

    def _add_not_undone(self, name: str, value: Any) -> None:
        problem = not_undone_problem(value)
        if problem is None:
            self._not_undone += not_undone_warnings(name, value)
        else:
            self._problems.append(f"{name}: {problem}")


def _key(key: Any) -> str:
    """Return a key for a message, if it is a word. In a file that is not a document, a key can be a line with secrets."""
    return show(key) if _WORDS.fullmatch(str(key)) else "a key that is not shown"
