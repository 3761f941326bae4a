# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Read YAML as plain data: refuse code and duplicate keys, limit nesting and aliases, keep numbers and dates as written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from .._core import errors
from .._core.names import show
from .located import Located

UNSAFE_TAG = "!unsafe"


_STANDARD = "tag:yaml.org,2002:"


# SCIM needs only a few levels.
MAX_NESTING = 100


# Limits for values that aliases add: an absolute number, and a multiple of the written values.
MAX_ALIASED_VALUES = 100_000


MAX_ALIAS_FACTOR = 20


NESTED_TOO_DEEPLY = f"it is nested more than {MAX_NESTING} levels deep"


VAULTED_VALUE = (
    "the value is vaulted, and modules cannot decrypt it. Load the document with ansible.builtin.include_vars and "
    "name:, and pass its users and groups"
)


# Templates, which src does not evaluate.
TEMPLATE = re.compile(r"\{\{.*\}\}|\{%.*%\}", re.DOTALL)


# A reason that quotes only punctuation (the token that the parser expected), never text of the document.
_SIGNS_ALONE = re.compile(r"[\w ]*(?:(['\"])[^\w\s]\1[\w ]*)+")


def import_yaml() -> Any:
    """Return the module yaml.

    :raises DirectoryError: PyYAML is not installed.
    """
    try:
        import yaml
    except ImportError:
        raise errors.DirectoryError(
            missing_required_lib("PyYAML", reason="for documents in YAML"), hint="Alternatively, use JSON"
        ) from None
    return yaml


def nested_too_deeply(value: Any, levels: int = MAX_NESTING) -> bool:
    """Return whether plain data has more levels of dictionaries and lists than ``levels``."""
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return not levels or any(
        nested_too_deeply(item, levels - 1) for item in inner if isinstance(item, (dict, list))
    )


def load_yaml(text: str, name: str, problems: list[str], templates: list[str] | None = None) -> Any:
    """Return the plain data of a YAML text, with line numbers in its dictionaries.

    :param name: the name of the document, for messages.
    :param problems: the list to which the function adds problems, as readable lines that quote no values.
    :param templates: the list to which the function adds the places of templates. If it is None, dates become text, too.
    :returns: the data, or None if the text cannot be read.
    """
    yaml = import_yaml()
    loader = _loader_class(yaml, _Constructors(yaml, name, problems, templates))(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if "*" in text and _aliases_expand_too_far(yaml, node):
            problems.append(f"{name} cannot be read: its aliases expand to too many values")
            return None
        value = loader.construct_document(node)
        if not nested_too_deeply(value):
            return value
        problems.append(f"{name} cannot be read: {NESTED_TOO_DEEPLY}")
    except yaml.YAMLError as error:
        problems.append(_yaml_problem(name, error))
    except RecursionError:
        problems.append(f"{name} cannot be read: {NESTED_TOO_DEEPLY}")
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # PyYAML raises these errors for values that do not match their tag: !!int '', !!bool x, !!timestamp x.
        problems.append(f"{name} cannot be read: {errors.one_line(type(error).__name__, 60)}")
    finally:
        loader.dispose()
    return None


def _yaml_problem(name: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"{name}:{mark.line + 1}" if mark is not None else name
    reason = str(getattr(error, "problem", None) or "the parser gives no reason")
    if reason == VAULTED_VALUE:
        return f"{place}: {reason}"
    if "maximum nesting depth" in reason:
        return f"{place} cannot be read: {NESTED_TOO_DEEPLY}"
    if not _SIGNS_ALONE.fullmatch(reason):
        # The parser may quote a secret (password: *x), so the message contains only the error and its place.
        reason = re.sub(r"""(['"]).*\1""", "…", reason)
    return f"{place}: invalid YAML: {errors.one_line(reason, 300)}"


def _aliases_expand_too_far(yaml: Any, root: Any) -> bool:
    """Return whether aliases expand a document to far more values than written (an alias bomb)."""
    sizes: dict[Any, int] = {}  # nodes are compared by identity

    def size(node: Any) -> int:
        if node not in sizes:
            sizes[node] = 1  # in case the node contains itself, which is refused later
            inner: list[Any] = []
            if isinstance(node, yaml.SequenceNode):
                inner = node.value
            elif isinstance(node, yaml.MappingNode):
                inner = [part for pair in node.value for part in pair]
            sizes[node] = 1 + sum(map(size, inner))
        return sizes[node]

    return size(root) > max(MAX_ALIASED_VALUES, MAX_ALIAS_FACTOR * len(sizes))


class _Constructors:
    """Constructors of plain data: dictionaries with line numbers and without duplicate keys; text remains text.

    PyYAML passes its loader to each constructor. The loader has no type annotations.
    """

    def __init__(self, yaml: Any, name: str, problems: list[str], templates: list[str] | None) -> None:
        self._yaml = yaml
        self._name = name
        self._problems = problems
        self._templates = templates

    def by_tag(self) -> dict[str, Callable[[Any, Any], Any]]:
        """Return the constructors by the tag of the node that they construct."""
        return {
            f"{_STANDARD}map": self.mapping,
            f"{_STANDARD}int": self._number,
            f"{_STANDARD}float": self._number,
            f"{_STANDARD}timestamp": self._date,
            f"{_STANDARD}str": self._text,
            UNSAFE_TAG: self._unsafe,
            "!vault": self._refuse_vault,
        }

    def mapping(self, loader: Any, node: Any) -> Located:
        """Return a dictionary, constructed immediately instead of lazily, because documents contain no recursive references."""
        located = Located(origin=self._place(node))
        # Checked before merge keys (<<) are resolved, because overriding merged keys is allowed.
        self._refuse_repeated_keys(node)
        loader.flatten_mapping(node)
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                self._problems.append(
                    f"{self._place(key_node)}: {show(key)} is a name and must be text; write it in quotes"
                )
                key = str(key)
            located[key] = loader.construct_object(value_node, deep=True)
        return located

    def _place(self, node: Any) -> str:
        return f"{self._name}:{node.start_mark.line + 1}"

    def _refuse_repeated_keys(self, node: Any) -> None:
        seen: set[str] = set()
        for key_node, _value_node in node.value:
            if isinstance(key_node, self._yaml.ScalarNode) and key_node.tag != f"{_STANDARD}merge":
                if key_node.value in seen:
                    self._problems.append(
                        f"{self._place(key_node)}: {show(key_node.value)} is a duplicate key"
                    )
                seen.add(key_node.value)

    def _number(self, loader: Any, node: Any) -> Any:
        """Return a number, or its text if the number is written differently: the authors of 0042, +49123 and 12:30 mean text."""
        is_integer = node.tag == f"{_STANDARD}int"
        value = loader.construct_yaml_int(node) if is_integer else loader.construct_yaml_float(node)
        return value if str(value) == node.value else node.value

    def _date(self, loader: Any, node: Any) -> Any:
        """Return a date, so that a message can advise quotes, or its text if the date does not exist or dates are read as text."""
        try:
            return node.value if self._templates is None else loader.construct_yaml_timestamp(node)
        except (OverflowError, ValueError):
            return node.value

    def _text(self, loader: Any, node: Any) -> Any:
        if self._templates is not None and TEMPLATE.search(node.value):
            self._templates.append(self._place(node))
        return loader.construct_scalar(node)

    def _unsafe(self, loader: Any, node: Any) -> Any:
        """Return a value without its mark ``!unsafe``. This code does not evaluate any text."""
        if isinstance(node, self._yaml.MappingNode):
            return self.mapping(loader, node)
        if isinstance(node, self._yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    def _refuse_vault(self, loader: Any, node: Any) -> None:
        raise self._yaml.constructor.ConstructorError(None, None, VAULTED_VALUE, node.start_mark)


def _loader_class(yaml: Any, constructors: _Constructors) -> Any:
    """Return the loader class for one document."""

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Located:
            return constructors.mapping(self, node)

    for tag, construct in constructors.by_tag().items():
        Loader.add_constructor(tag, construct)
    return Loader
