# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The documents that ``src`` names: YAML or JSON with ``users`` and ``groups``, or a folder of such documents."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .._core.errors import DirectoryError, InputError, one_line
from .._core.names import show
from .._plan.directory.entries import Located
from .files import MAX_DOCUMENT_BYTES, leaves_folder, not_regular, read_text
from .yaml import NESTED_TOO_DEEPLY, TEMPLATE, load_yaml, nested_too_deeply

KINDS = ("users", "groups")


EXTENSIONS = (".yml", ".yaml", ".json")


VAULTED = (
    "it is vaulted, and a module cannot decrypt it. Read it with the lookup ansible.builtin.unvault and the filter "
    "pingone.directory.p1_from_yaml, and pass users and groups of it"
)


@dataclass
class Documents:
    """What the documents of ``src`` hold.

    :ivar users: all entries; None where no document names the kind. Each knows where it stands. So are the groups.
    :ivar problems: lines, each with file and, where there is one, line; one that leaves an entry unread may hide what
        the rest refers to.
    :ivar unread: files and folders that were not read, each with the reason: the desired state may be in part there.
    :ivar templates: places of text that looks like a template, which nothing evaluates.
    """

    users: list[Any] | None = None
    groups: list[Any] | None = None
    problems: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)

    def not_read(self) -> str:
        """Name the files that were not read, with the verb: ``a.txt and b.txt are``; "" where all were read."""
        return f"{_first(self.unread)} {'is' if len(self.unread) == 1 else 'are'}" if self.unread else ""

    def warnings(self) -> list[str]:
        """Return lines about what may not be meant."""
        found = []
        if self.unread:
            found.append(f"src: {self.not_read()} not read. The desired state may be incomplete")
        if self.templates:
            places = _first(self.templates)
            found.append(
                f"src: text that looks like a template is used as it stands, because documents are not templated: {places}. "
                "Render the document first, or mark the text with !unsafe in YAML"
            )
        return found


def _first(items, most=10):
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return f"{', '.join(items[:most])}{more}"


def is_document(path: str) -> bool:
    """Return whether the ending of a path is one of a document; case does not count."""
    return path.lower().endswith(EXTENSIONS)


def is_json(path: str) -> bool:
    """Return whether the ending of a path says JSON."""
    return path.lower().endswith(".json")


def read_documents(path: str) -> Documents:
    """Read a document, or all documents of a folder.

    :raises InputError: there is no document, or the path is a link that leaves its folder.
    """
    documents = Documents()
    total = 0
    for name in _files(path, documents):
        document, size = _load(name, documents)
        total += size
        if total > MAX_DOCUMENT_BYTES:
            raise InputError(
                f"src {path} holds more than {MAX_DOCUMENT_BYTES // 1024 // 1024} MiB of documents",
                hint="Give each task a part of them, with a scope",
            )
        if document is not None:
            _add(name, document, documents)
    if not documents.problems and documents.users is None and documents.groups is None:
        # An empty file is what a feed that broke leaves behind.
        documents.problems.append(f"{path} holds neither users nor groups")
    return documents


def _add(name, document, documents):
    """Add the lists of a document; entries that share a line are told apart by their path."""
    if not isinstance(document, dict):
        documents.problems.append(f"{name}: the document must be a dictionary with users and groups")
        return
    for key in document:
        if key not in KINDS:
            documents.problems.append(f"{name}: {show(key)} is neither users nor groups")
        elif document[key] is not None and not isinstance(document[key], list):
            documents.problems.append(f"{name}: {key} must be a list")
    lists = {key: document[key] or [] for key in KINDS if isinstance(document.get(key, ""), (list, type(None)))}
    lines = Counter(item.origin for items in lists.values() for item in items if isinstance(item, Located))
    for key, items in lists.items():
        for number, item in enumerate(items):
            if isinstance(item, Located) and (item.origin is None or lines[item.origin] > 1):
                item.origin = f"{item.origin or f'{name}:'} {key}[{number}]"
        setattr(documents, key, (getattr(documents, key) or []) + items)


def _files(path, documents):
    """Return the paths of the documents that a path names."""
    if not os.path.lexists(path):
        raise InputError(f"src {path} does not exist where the module runs")
    if leaves_folder(path):
        raise InputError(f"src {path} is a link that leaves its folder. Name its target {os.path.realpath(path)} instead")
    if not os.path.isdir(path):
        return [path]
    files = list(_files_of(path, os.path.realpath(path), documents))
    if not files and not documents.problems:
        raise InputError(f"the folder {path} holds no document ({', '.join(EXTENSIONS)})")
    return files


def _files_of(folder, root, documents):
    """Yield the documents of a folder, those of its subfolders first to last; hidden files are left out.

    Links are not followed: one that leads to another place of ``src`` would be read twice.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: (entry.is_dir(follow_symlinks=False), entry.name))
    except OSError as error:
        documents.problems.append(f"{folder} cannot be read: {error.strerror}")
        return
    for entry in found:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            target = os.path.realpath(entry.path)
            if os.path.commonpath([root, target]) != root:
                documents.problems.append(f"{entry.path} cannot be read: it is a link that leaves the folder of src")
            else:
                documents.unread.append(f"{entry.path} (a link)")
        elif entry.is_dir():
            yield from _files_of(entry.path, root, documents)
        elif not entry.is_file():
            kind = not_regular(entry.stat(follow_symlinks=False).st_mode)
            documents.problems.append(f"{entry.path} cannot be read: it is {kind}, not a regular file")
        elif is_document(entry.name):
            yield entry.path
        else:
            documents.unread.append(f"{entry.path} (its ending is none of {', '.join(EXTENSIONS)})")


def _load(name, documents):
    """Return what a document holds, None where that is nothing or has a problem, and how large it is."""
    try:
        text = read_text(name)
    except DirectoryError as error:
        documents.problems.append(error.reason)
        return None, 0
    if text.startswith("$ANSIBLE_VAULT"):
        documents.problems.append(f"{name}: {VAULTED}")
        return None, 0
    if is_json(name):
        return _load_json(name, text, documents), len(text)
    return load_yaml(text, name, documents.problems, documents.templates), len(text)


def _load_json(name, text, documents):
    problems = documents.problems
    repeated = []

    def pairs(items):
        found = Located(items)
        if len(found) != len(items):
            repeated.append(True)
        return found

    try:
        document = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse_constant)
        if nested_too_deeply(document):
            raise RecursionError
    except RecursionError:
        problems.append(f"{name}: it cannot be read: {NESTED_TOO_DEEPLY}")
        return None
    except ValueError as error:
        line = getattr(error, "lineno", None)
        reason = getattr(error, "msg", None) or one_line(error, 100)
        problems.append(f"{name}{f':{line}' if line else ''}: it is not JSON: {reason}")
        return None
    if repeated:
        problems += [
            f"{name}:{line}: {f'{holder}: ' if holder else ''}{show(key)} stands twice in one dictionary"
            for key, line, holder in _repeated_keys(text)
        ]
    if isinstance(document, dict):
        _locate_json(name, text, document)
    if TEMPLATE.search(text):
        documents.templates += [f"{name}: {place.lstrip('.')}" for place in _templates_of(document)]
    return document


def _templates_of(value, place=""):
    """Yield the places of text that looks like a template."""
    if isinstance(value, str) and TEMPLATE.search(value):
        yield place
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _templates_of(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _templates_of(inner, f"{place}[{number}]")


def _refuse_constant(text):
    raise ValueError(f"it holds {text}, which is no JSON")


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|\n', re.DOTALL)


def _repeated_keys(text):
    """Return (key, line, path of the dictionary) of each key that stands twice in one dictionary of a JSON text.

    The text is valid but for that.
    """
    found = []
    line = 1
    holders: list[_Holder] = []
    awaiting_key = False
    for match in _JSON_TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token in "{[":
            holders.append(_Holder(token == "{"))
            awaiting_key = token == "{"
        elif token in "}]":
            holders.pop()
            awaiting_key = False
        elif token == ",":
            awaiting_key = holders[-1].next()
        elif token != ":" and awaiting_key:
            key = json.loads(token)
            if holders[-1].repeats(key):
                found.append((key, line, "".join(holder.place for holder in holders[:-1]).lstrip(".")))
            awaiting_key = False
    return found


class _Holder:
    """A dictionary or list of a JSON text on the way through it.

    :ivar place: where in it the way has come to: ``.key`` or ``[3]``.
    """

    def __init__(self, is_dictionary):
        self.keys = set() if is_dictionary else None
        self.number = 0
        self.place = "" if is_dictionary else "[0]"

    def next(self):
        """Go on to the next value; return whether a key comes first."""
        if self.keys is None:
            self.number += 1
            self.place = f"[{self.number}]"
        return self.keys is not None

    def repeats(self, key):
        """Take a key; return whether the dictionary had it before."""
        repeated = key in self.keys
        self.keys.add(key)
        self.place = f".{key}"
        return repeated


def _locate_json(name, text, document):
    """Give each entry its line: the outermost dictionary of a valid text is walked once more."""
    decoder = json.JSONDecoder()
    line = 1
    position = 0

    def skip(characters=" \t\r\n"):
        nonlocal line, position
        start = position
        while text[position : position + 1] and text[position] in characters:
            position += 1
        line += text.count("\n", start, position)

    def take():
        nonlocal line, position
        value, end = decoder.raw_decode(text, position)
        line += text.count("\n", position, end)
        position = end
        return value

    skip(" \t\r\n{")
    while text[position] != "}":
        key = take()
        skip(" \t\r\n:")
        if key not in KINDS or text[position] != "[" or not isinstance(document[key], list):
            take()
        else:
            position += 1
            skip()
            for item in document[key]:
                if text[position] == "]":
                    break  # a key that stands twice: the document has the other list
                if isinstance(item, Located):
                    item.origin = f"{name}:{line}"
                take()
                skip(" \t\r\n,")
            while text[position] != "]":
                take()
                skip(" \t\r\n,")
            position += 1
        skip(" \t\r\n,")
