# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Files of p1_directory: the journal of a run, and the documents that ``src``, ``dest`` and ``backup`` name.

A document is YAML or JSON with ``users`` and ``groups``; a folder of documents is all of them together.
"""

from __future__ import annotations

import datetime
import json
import os
import stat
import tempfile
import threading
from typing import Any

from ._errors import DirectoryError, InputError, one_line, quoted
from ._wish import Located

KINDS = ("users", "groups")
EXTENSIONS = (".yml", ".yaml", ".json")


class NoJournal:
    """For runs that keep none."""

    def begin(self, header, plan):
        """Nothing."""

    def row(self, state, row, **extra):
        """Nothing."""

    def close(self):
        """Nothing."""


class Journal(NoJournal):
    """JSON lines, each flushed as it is written: a header, every planned row, the drift, then what happened.

    ``started`` stands before the first request of a row: what was started and is neither done nor failed was
    under way when the run ended.

    :raises DirectoryError: the file cannot be written; nothing has been sent then.
    """

    def __init__(self, path):
        self.path = path
        self._lock = threading.Lock()
        self._numbers: dict[int, int] = {}
        self._keys: dict[str, int] = {}
        try:
            # Names of people stand in it.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, stat.S_IRUSR | stat.S_IWUSR)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise DirectoryError(f"the journal {path} cannot be written: {error.strerror}") from error

    def begin(self, header, plan):
        self._write({"journal": 1, "time": _now(), **header})
        for number, row in enumerate(plan.rows()):
            self._keys[_row_key(row)] = number
            self._write({"state": "planned", "row": number, **row}, flush=False)
        for drift_class, rows in plan.drift.items():
            for row in rows:
                self._write({"state": "drift", "class": drift_class, **row}, flush=False)
        self._file.flush()

    def row(self, state, row, **extra):
        """Tell what became of a planned row."""
        number = self._keys.get(_row_key(row))
        told = {name: value for name, value in extra.items() if value is not None}
        self._write(
            {
                "state": state,
                "row": number,
                "time": _now(),
                **{name: row[name] for name in row if name != "changes"},
                **told,
            }
        )

    def _write(self, line, flush=True):
        text = json.dumps(line, ensure_ascii=False, default=str)
        with self._lock:
            self._file.write(text + "\n")
            if flush:
                self._file.flush()

    def close(self):
        self._file.close()


def _row_key(row):
    member = row.get("member") or {}
    return json.dumps(
        [row["operation"], row["kind"], row["key"], member.get("kind"), member.get("id") or member.get("name")]
    )


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# -- reading -------------------------------------------------------------------------------------------


def read_documents(path):
    """The lists of users and groups of a document, or of all documents of a folder: (users, groups).

    A kind that no document names is None. Each entry knows the file and line it stands in.

    :raises InputError: all that is wrong with the documents, each with file and line.
    """
    files = _files(path)
    problems: list[str] = []
    found: dict[str, list[Any] | None] = dict.fromkeys(KINDS)
    for name in files:
        document = _load(name, problems)
        if document is None:
            continue
        if not isinstance(document, dict):
            problems.append(f"{name}: the document must be a dictionary with users and groups")
            continue
        for key, items in document.items():
            if key not in KINDS:
                problems.append(f"{name}: {quoted(key)} is neither users nor groups")
            elif items is None:
                found[key] = found[key] or []
            elif not isinstance(items, list):
                problems.append(f"{name}: {key} must be a list")
            else:
                for number, item in enumerate(items):
                    if isinstance(item, Located) and item.origin is None:
                        item.origin = f"{name}: {key}[{number}]"
                found[key] = (found[key] or []) + items
    if problems:
        raise InputError("; ".join(problems[:20]) + (f"; and {len(problems) - 20} more" if len(problems) > 20 else ""))
    return found["users"], found["groups"]


def _files(path):
    if os.path.isdir(path):
        files = []
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            files += [
                os.path.join(folder, name)
                for name in sorted(names)
                if name.endswith(EXTENSIONS) and not name.startswith(".")
            ]
        if not files:
            raise InputError(f"the folder {path} holds no document ({', '.join(EXTENSIONS)})")
        return files
    if not os.path.exists(path):
        raise InputError(f"{path} does not exist where the module runs")
    return [path]


def _load(name, problems):
    try:
        with open(name, encoding="utf-8-sig") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{name} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}")
        return None
    if text.startswith("$ANSIBLE_VAULT"):
        problems.append(
            f"{name} is vaulted, which a module cannot open; load it with vars_files and pass users and groups, or pass it through the unvault lookup"
        )
        return None
    if name.endswith(".json"):
        return _load_json(name, text, problems)
    return _load_yaml(name, text, problems)


def _load_json(name, text, problems):
    def pairs(items):
        found = Located(items)
        if len(found) != len(items):
            seen: set[str] = set()
            for key, _value in items:
                if key in seen:
                    problems.append(f"{name}{_line_of_key(text, key)}: {quoted(key)} stands twice in one dictionary")
                seen.add(key)
        return found

    try:
        document = json.loads(text, object_pairs_hook=pairs)
    except ValueError as error:
        line = getattr(error, "lineno", None)
        problems.append(
            f"{name}{f':{line}' if line else ''}: it is not JSON: {getattr(error, 'msg', one_line(error, 100))}"
        )
        return None
    if isinstance(document, dict):
        _locate_json(name, text, document)
    return document


def _locate_json(name, text, document):
    """Give each entry its line: where its first dictionary begins, found by walking the lists once more."""
    decoder = json.JSONDecoder()
    for key in KINDS:
        items = document.get(key)
        if not isinstance(items, list) or not items:
            continue
        start = _start_of_list(text, key)
        if start is None:
            continue
        line = text.count("\n", 0, start) + 1
        position = start
        for item in items:
            begin = _skip(text, position)
            line += text.count("\n", position, begin)
            if isinstance(item, Located):
                item.origin = f"{name}:{line}"
            try:
                end = decoder.raw_decode(text, begin)[1]
            except ValueError:
                return
            line += text.count("\n", begin, end)
            position = end


def _start_of_list(text, key):
    """The position behind the bracket that opens a list of the outermost dictionary."""
    position = text.find(json.dumps(key))
    while position >= 0:
        after = _skip(text, position + len(key) + 2, " \t\r\n:")
        if text[after : after + 1] == "[":
            return after + 1
        position = text.find(json.dumps(key), position + 1)
    return None


def _skip(text, position, characters=" \t\r\n,"):
    while position < len(text) and text[position] in characters:
        position += 1
    return position


def _line_of_key(text, key):
    first = text.find(json.dumps(key))
    second = text.find(json.dumps(key), first + 1)
    return f":{text.count(chr(10), 0, second) + 1}" if second >= 0 else ""


def _yaml():
    try:
        import yaml
    except ImportError:
        raise DirectoryError(
            "YAML documents need the Python library PyYAML where the module runs", hint="Install it, or use JSON"
        ) from None
    return yaml


def _load_yaml(name, text, problems):
    yaml = _yaml()
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc,valid-type]
        """Plain YAML whose dictionaries know their line, and may not repeat a key."""

        def construct_mapping(self, node, deep=False):
            located = Located()
            located.origin = f"{name}:{node.start_mark.line + 1}"
            self.flatten_mapping(node)
            for key_node, value_node in node.value:
                key = self.construct_object(key_node, deep=True)
                if not isinstance(key, str):
                    problems.append(
                        f"{name}:{key_node.start_mark.line + 1}: {quoted(key)} is a name and must be text; write it in quotes"
                    )
                    key = str(key)
                elif key in located:
                    problems.append(
                        f"{name}:{key_node.start_mark.line + 1}: {quoted(key)} stands twice in one dictionary"
                    )
                located[key] = self.construct_object(value_node, deep=True)
            return located

        def construct_yaml_map(self, node):
            # At once and not lazily: nothing here refers to itself.
            return self.construct_mapping(node)

    Loader.add_constructor("tag:yaml.org,2002:map", Loader.construct_yaml_map)
    Loader.add_constructor("!vault", _refuse_vault)
    Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
    try:
        return yaml.load(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark is not None else name
        # A vault block is secret, even encrypted; the message says what and where, never the text around it.
        problems.append(f"{place}: it is not YAML: {getattr(error, 'problem', None) or 'it cannot be read'}")
    except (ValueError, RecursionError) as error:
        problems.append(f"{name}: it cannot be read: {one_line(type(error).__name__, 60)}")
    return None


def _refuse_vault(loader, node):
    yaml = _yaml()
    raise yaml.constructor.ConstructorError(
        None,
        None,
        "a vaulted value, which a module cannot open; load the document with vars_files and pass users and groups",
        node.start_mark,
    )


# -- writing -------------------------------------------------------------------------------------------


def dump_document(document, file_format="yaml", comment=()):
    """A document as text.

    :param comment: lines that are put on top as comments; JSON has none.
    """
    if file_format == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    yaml = _yaml()
    text = yaml.dump(
        document,
        Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper),
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=1000,
    )
    head = "".join(f"# {one_line(line)}\n" for line in comment)
    return f"{head}---\n{text}"


# Marks a document as made here, so that a later export may take it away again.
WRITTEN_HERE = "by pingone.directory.p1_directory_export; p1_directory takes it as src"


def written_here(path):
    """Whether a file is a document that an export made."""
    try:
        with open(path, encoding="utf-8") as file:
            return WRITTEN_HERE in file.read(1000)
    except (OSError, UnicodeDecodeError):
        return False


def remove_file(path):
    """Take a file away.

    :raises DirectoryError: it cannot be.
    """
    try:
        os.unlink(path)
    except OSError as error:
        raise DirectoryError(f"{path} cannot be removed: {error.strerror}") from error


def same_content(text, path):
    """Whether a file holds a text already; comments on top, which tell when it was written, do not count."""
    try:
        with open(path, encoding="utf-8") as file:
            return _body(file.read()) == _body(text)
    except (OSError, UnicodeDecodeError):
        return False


def _body(text):
    lines = text.splitlines(keepends=True)
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        lines.pop(0)
    return "".join(lines)


def write_file(path, text, mode=None, make_folder=False):
    """Write a text to a file, whole or not at all.

    :param mode: permissions of the file; None: those it has, or as the system's default has them.
    :param make_folder: make the folder it is to be in.
    :raises DirectoryError: it cannot be written.
    """
    folder = os.path.dirname(os.path.abspath(path))
    temporary = None
    try:
        if make_folder:
            os.makedirs(folder, exist_ok=True)
        if mode is None:
            try:
                mode = stat.S_IMODE(os.stat(path).st_mode)
            except FileNotFoundError:
                mask = os.umask(0)
                os.umask(mask)
                mode = 0o666 & ~mask
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".p1-")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(text)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except (OSError, UnicodeEncodeError) as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        raise DirectoryError(
            f"{path} cannot be written: {getattr(error, 'strerror', None) or one_line(error, 100)}"
        ) from error
