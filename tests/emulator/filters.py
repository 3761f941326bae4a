# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SCIM 1.1 filters: eq co sw pr gt ge lt le, combined with and/or and parentheses."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError

_GRAMMAR = r"""
?start: either
?either: both (_OR both)*               -> any_of
?both: term (_AND term)*                -> all_of
?term: "(" either ")"
     | PATH COMPARE literal             -> compare
     | PATH _PRESENT                    -> present
literal: STRING | NUMBER | CONSTANT

_OR: /or\b/i
_AND: /and\b/i
_PRESENT: /pr\b/i
COMPARE: /(eq|co|sw|gt|ge|lt|le)\b/i
PATH: /(urn:[A-Za-z0-9._:-]+:)?[A-Za-z$][\w$-]*(\.[A-Za-z$][\w$-]*)?/i
STRING: /"(?:[^"\\]|\\.)*"/s
NUMBER: /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\b/
CONSTANT: /(true|false|null)\b/
%ignore /\s+/
"""

CORE = "urn:scim:schemas:core:1.0"


# Text that is found even by a service whose filters cannot handle special characters.
_PLAIN = re.compile(r"[A-Za-z0-9@._ -]*")


class FilterError(ValueError):
    """The filter is invalid."""


class Path:
    """The path of an attribute, [URN:]name[.sub-attribute], case-insensitive."""

    def __init__(self, text: str) -> None:
        urn, colon, rest = text.rpartition(":")
        self.urn = urn.lower() if colon and urn.lower() != CORE else ""
        self.names = rest.lower().split(".")

    @property
    def key(self) -> str:
        """Return the path in normalized spelling."""
        return (self.urn + ":" if self.urn else "") + ".".join(self.names)

    def values(self, resource: dict[str, Any]) -> list[Any]:
        """Return all values at the path in a resource; the "value" of objects in a list."""
        found: list[Any] = [resource]
        for name in ([self.urn] if self.urn else []) + self.names:
            found = [value for item in found for value in _children(item, name)]
        return [value.get("value") if isinstance(value, dict) and "value" in value else value for value in found]


def _children(item: Any, name: str) -> Iterator[Any]:
    if isinstance(item, dict):
        for key, value in item.items():
            if key.lower() == name:
                if isinstance(value, list):
                    yield from value
                else:
                    yield value
    elif name == "value" and item is not None:
        yield item


class Node:
    """A part of a filter."""

    def matches(self, resource: dict[str, Any], exact: bool, literal: str = "plain") -> bool:
        """Return whether a resource matches; exact: compare text case-sensitively; literal: the switch filter_literal."""
        raise NotImplementedError

    def lookups(self, indexed: Container[str]) -> list[tuple[str, str]] | None:
        """Return equalities (path, text) of indexed paths such that each match satisfies at least one; None if there are none."""
        raise NotImplementedError

    def paths(self) -> set[str]:
        """Return the first names of all paths in the filter."""
        raise NotImplementedError


class Junction(Node):
    """A junction of filters with and/or."""

    def __init__(self, parts: list[Node], every: bool) -> None:
        self.parts = parts
        self.every = every

    def matches(self, resource: dict[str, Any], exact: bool, literal: str = "plain") -> bool:
        results = (part.matches(resource, exact, literal) for part in self.parts)
        return all(results) if self.every else any(results)

    def lookups(self, indexed: Container[str]) -> list[tuple[str, str]] | None:
        found = [part.lookups(indexed) for part in self.parts]
        if self.every:
            return next((item for item in found if item is not None), None)
        if any(item is None for item in found):
            return None
        return [pair for item in found for pair in item or []]

    def paths(self) -> set[str]:
        return {name for part in self.parts for name in part.paths()}


class Comparison(Node):
    """An attribute, an operator and a value; pr has no value."""

    def __init__(self, path: str, operator: str, value: Any = None) -> None:
        self.path = Path(path)
        self.operator = operator
        self.value = value

    def matches(self, resource: dict[str, Any], exact: bool, literal: str = "plain") -> bool:
        values = self.path.values(resource)
        if self.operator == "pr":
            return any(value not in (None, "", [], {}) for value in values)
        if self.operator == "eq" and isinstance(self.value, str) and literal != "plain":
            if literal == "regex":
                return any(isinstance(value, str) and _is_like(value, self.value, exact) for value in values)
            if not _PLAIN.fullmatch(self.value):
                return False
        return any(_compare(self.operator, value, self.value, exact) for value in values)

    def lookups(self, indexed: Container[str]) -> list[tuple[str, str]] | None:
        usable = self.operator == "eq" and isinstance(self.value, str) and self.path.key in indexed
        return [(self.path.key, self.value)] if usable else None

    def paths(self) -> set[str]:
        return {self.path.names[0]}


def _is_like(text: str, expression: str, exact: bool) -> bool:
    """Return whether a regular expression matches a text, in the way in which scimgateway 4.5.12 and 6.1.18 compare text."""
    try:
        return re.search("^%s$" % expression, text, 0 if exact else re.IGNORECASE) is not None
    except re.error:
        return False


def _instant(text: str) -> datetime | None:
    if len(text) < 19 or text[10:11] not in ("T", "t"):
        return None
    try:
        moment = datetime.fromisoformat(text[:-1] + "+00:00" if text[-1] in "zZ" else text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _compare(operator: str, have: Any, want: Any, exact: bool) -> bool:
    if isinstance(have, bool) or isinstance(want, bool) or want is None:
        return operator == "eq" and type(have) is type(want) and have == want
    if isinstance(have, str) and isinstance(want, str):
        if not exact:
            have, want = have.lower(), want.lower()
        if operator == "co":
            return want in have
        if operator == "sw":
            return have.startswith(want)
        instants = _instant(have), _instant(want)
        if None not in instants:
            have, want = instants
    elif not (isinstance(have, (int, float)) and isinstance(want, (int, float))):
        return False
    if operator == "eq":
        return have == want
    if operator == "gt":
        return have > want
    if operator == "ge":
        return have >= want
    if operator == "lt":
        return have < want
    return operator == "le" and have <= want


class _Builder(Transformer):
    def any_of(self, parts: list[Node]) -> Node:
        """Handle filters joined by or."""
        return parts[0] if len(parts) == 1 else Junction(parts, every=False)

    def all_of(self, parts: list[Node]) -> Node:
        """Handle filters joined by and."""
        return parts[0] if len(parts) == 1 else Junction(parts, every=True)

    def compare(self, parts: list[Any]) -> Node:
        """Handle a comparison."""
        return Comparison(str(parts[0]), str(parts[1]).lower(), parts[2])

    def present(self, parts: list[Token]) -> Node:
        """Handle a test for presence."""
        return Comparison(str(parts[0]), "pr")

    def literal(self, parts: list[Token]) -> Any:
        """Handle a value in JSON."""
        return json.loads(str(parts[0]), strict=False)


_PARSER = Lark(_GRAMMAR, parser="lalr", transformer=_Builder())


@lru_cache(maxsize=1000)
def parse(text: str) -> Node:
    """Parse the text of a filter. Raise FilterError if it is invalid."""
    try:
        return _PARSER.parse(text)
    except (LarkError, ValueError) as error:
        raise FilterError("Invalid filter: %s" % text) from error
