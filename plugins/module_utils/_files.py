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
import re
import stat
import tempfile
import threading
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ._errors import DirectoryError, InputError, one_line
from ._names import show
from ._wish import Located

KINDS = ("users", "groups")
EXTENSIONS = (".yml", ".yaml", ".json")


VAULTED_VALUE = (
    "this value is vaulted, which a module cannot open; load the document with vars_files and pass users and groups"
)


class NoJournal:
    """For runs that keep none."""

    def begin(self, header, plan):
        """Nothing."""

    def row(self, state, row, planned=None, **extra):
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
        try:
            # Names of people stand in it.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, stat.S_IRUSR | stat.S_IWUSR)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise DirectoryError(f"the journal {path} cannot be written: {error.strerror}") from error

    def begin(self, header, plan):
        self._write({"journal": 1, "time": _now(), **header})
        for number, row in enumerate(plan.rows()):
            # By the row itself: two objects of one name have rows that look alike.
            self._numbers[id(row)] = number
            self._write({"state": "planned", "row": number, **row}, flush=False)
        for drift_class, rows in plan.drift.items():
            for row in rows:
                self._write({"state": "drift", "class": drift_class, **row}, flush=False)
        self._flush()

    def row(self, state, row, planned=None, **extra):
        """Tell what became of a planned row.

        :param planned: the row as it was planned, where what is told is a part of it.
        """
        told = {name: value for name, value in extra.items() if value is not None}
        self._write(
            {
                "state": state,
                "row": self._numbers.get(id(planned if planned is not None else row)),
                "time": _now(),
                **{name: row[name] for name in row if name != "changes"},
                **told,
            }
        )

    def _write(self, line, flush=True):
        text = json.dumps(line, ensure_ascii=False, default=str)
        with self._lock:
            try:
                self._file.write(text + "\n")
                if flush:
                    self._file.flush()
            except (OSError, ValueError) as error:
                raise self._failure(error) from error

    def _flush(self):
        with self._lock:
            try:
                self._file.flush()
            except OSError as error:
                raise self._failure(error) from error

    def _failure(self, error):
        reason = getattr(error, "strerror", None) or "it is closed"
        failure = DirectoryError(f"the journal {self.path} cannot be written: {reason}")
        failure.fatal = True
        return failure

    def close(self):
        try:
            self._file.close()
        except OSError:
            pass  # told already: every line is flushed as it is written


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# -- reading -------------------------------------------------------------------------------------------


def read_documents(path):
    """The lists of users and groups of a document, or of all documents of a folder: (users, groups, problems).

    A kind that no document names is None. Each entry knows the file and line it stands in. Problems are lines,
    each with file and line; with one that leaves an entry unread, nothing may follow from the lists.

    :raises InputError: there is no document.
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
                problems.append(f"{name}: {show(key)} is neither users nor groups")
            elif items is None:
                found[key] = found[key] or []
            elif not isinstance(items, list):
                problems.append(f"{name}: {key} must be a list")
            else:
                for number, item in enumerate(items):
                    if isinstance(item, Located) and item.origin is None:
                        item.origin = f"{name}: {key}[{number}]"
                found[key] = (found[key] or []) + items
    if not problems and found["users"] is None and found["groups"] is None:
        # An empty file is what a feed that broke leaves behind.
        problems.append(f"{path} holds neither users nor groups")
    return found["users"], found["groups"], problems


def path_that_can_be(name, path):
    """Refuse text that no system call takes for a path.

    :raises InputError: it is such a text.
    """
    try:
        if b"\0" not in os.fsencode(path):
            return
    except UnicodeEncodeError:
        pass
    raise InputError(f"{name} is no path: it holds a character that no path can hold")


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
    repeated = []

    def pairs(items):
        found = Located(items)
        if len(found) != len(items):
            repeated.append(True)
        return found

    try:
        document = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse_constant)
    except RecursionError:
        problems.append(f"{name}: it cannot be read: it is nested too deeply")
        return None
    except ValueError as error:
        line = getattr(error, "lineno", None)
        problems.append(
            f"{name}{f':{line}' if line else ''}: it is not JSON: {getattr(error, 'msg', one_line(error, 100))}"
        )
        return None
    if repeated:
        problems += [
            f"{name}:{line}: {show(key)} stands twice in one dictionary" for key, line in _repeated_keys(text)
        ]
    if isinstance(document, dict):
        _locate_json(name, text, document)
    return document


def _refuse_constant(text):
    raise ValueError(f"it holds {text}, which is no JSON")


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|\n', re.DOTALL)


def _repeated_keys(text):
    """(key, line) of each key that stands twice in one dictionary of a JSON text, which is valid but for that."""
    found = []
    line = 1
    holders: list[set[str] | None] = []  # None: a list
    awaiting_key = False
    for match in _JSON_TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token in "{[":
            holders.append(set() if token == "{" else None)
            awaiting_key = token == "{"
        elif token in "}]":
            holders.pop()
            awaiting_key = False
        elif token == ",":
            awaiting_key = holders[-1] is not None
        elif token != ":" and awaiting_key:
            key = json.loads(token)
            keys = holders[-1]
            if keys is not None:
                if key in keys:
                    found.append((key, line))
                keys.add(key)
            awaiting_key = False
    return found


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


def _yaml():
    try:
        import yaml
    except ImportError:
        raise DirectoryError(
            missing_required_lib("PyYAML", reason="for documents in YAML"), hint="Or use JSON"
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
            seen = set()
            for key_node, _value_node in node.value:
                # Before merged keys (<<) join them: to override one of those is what merging is for.
                if isinstance(key_node, yaml.ScalarNode) and key_node.tag != "tag:yaml.org,2002:merge":
                    if key_node.value in seen:
                        problems.append(
                            f"{name}:{key_node.start_mark.line + 1}: {show(key_node.value)} stands twice in one dictionary"
                        )
                    seen.add(key_node.value)
            self.flatten_mapping(node)
            for key_node, value_node in node.value:
                key = self.construct_object(key_node, deep=True)
                if not isinstance(key, str):
                    problems.append(
                        f"{name}:{key_node.start_mark.line + 1}: {show(key)} is a name and must be text; write it in quotes"
                    )
                    key = str(key)
                located[key] = self.construct_object(value_node, deep=True)
            return located

        def construct_number(self, node):
            """A number, unless it would be written otherwise: 0042, +49123 and 12:30 are texts to whoever wrote them."""
            integer = node.tag == "tag:yaml.org,2002:int"
            value = self.construct_yaml_int(node) if integer else self.construct_yaml_float(node)
            return value if str(value) == node.value else node.value

        def construct_yaml_map(self, node):
            # At once and not lazily: nothing here refers to itself.
            return self.construct_mapping(node)

    Loader.add_constructor("tag:yaml.org,2002:map", Loader.construct_yaml_map)
    Loader.add_constructor("tag:yaml.org,2002:int", Loader.construct_number)
    Loader.add_constructor("tag:yaml.org,2002:float", Loader.construct_number)
    Loader.add_constructor("!vault", _refuse_vault)
    Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
    try:
        return yaml.load(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark is not None else name
        # What the parser quotes may be a secret (password: *x); the message says what and where, never the text.
        said = re.sub(r"""(['"]).*\1""", "…", str(getattr(error, "problem", None) or "it cannot be read"))
        problems.append(f"{place}: {one_line(said if said == VAULTED_VALUE else f'it is not YAML: {said}', 300)}")
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # What PyYAML meets in a value that its tag or its form does not fit: !!int '', !!bool x, !!timestamp x.
        problems.append(f"{name}: it cannot be read: {one_line(type(error).__name__, 60)}")
    return None


def _refuse_vault(loader, node):
    yaml = _yaml()
    raise yaml.constructor.ConstructorError(
        None,
        None,
        VAULTED_VALUE,
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

    :param mode: permissions of the file; None: those it has, and for its owner alone where it is new: it holds people's data.
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
                mode = 0o600
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
