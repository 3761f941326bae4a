# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What p1_directory is allowed to change: scope, protection and limits. Pure.

A *scope* divides a directory among teams: p1_directory plans nothing outside it. *Protection* covers users and groups that
are never deleted, disabled or renamed, and that no rule removes from a group or removes members from. *Limits* restrict
how much one run may do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._core import errors
from .._core.names import show
from .._core.patterns import Patterns
from .._scim.attributes import BY_TYPE, Complex, Flag
from .._scim.multi_valued import MultiValued
from .._scim.raw import Raw
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER
from .administrators import Administrators
from .built_in_groups import ADMINISTRATORS, is_built_in
from .steps import Step

# An attacker who changes one of these attributes could take over an account or assign it to another person.
SIGN_ON_ATTRIBUTES = ("external_id", "emails", "password", "password_expired")


NO_LIMIT = -1


# Name: (default, base of a percentage; None: percentages are not allowed)
LIMITS: dict[str, tuple[int, str | None]] = {
    "max_deletes": (10, "the users or groups read"),
    "max_disables": (10, "the users read"),
    "max_renames": (10, "the users or groups read"),
    "max_member_removals": (100, "the memberships read"),
    "max_updates": (NO_LIMIT, "the users or groups read"),
    "max_requests": (NO_LIMIT, None),
}


class Scope:
    """The users and groups that the desired state may refer to.

    :param options: ``{users: {attribute: [patterns]}, groups: {display_name: [patterns]}}``. An object must match all
        attributes, and one pattern of each. An attribute is an option name, with a dot for a part: ``enterprise.department``.
    :raises InputError: an attribute is unknown or has no patterns.
    """

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self._rules: dict[str, dict[str, Patterns]] = {USER.kind: {}, GROUP.kind: {}}
        kinds = {"users": USER, "groups": GROUP}
        for kinds_option, rules in (options or {}).items():
            resource = kinds.get(kinds_option)
            if resource is None:
                raise errors.InputError(f"scope: unknown key {show(kinds_option)}. Valid keys: users, groups")
            for name, patterns in (rules or {}).items():
                _check_attribute(resource, name)
                if (
                    not isinstance(patterns, (str, list))
                    or not all(isinstance(text, str) for text in patterns)
                    or not patterns
                ):
                    raise errors.InputError(f"scope.{kinds_option}.{name} must be a list of shell patterns")
                self._rules[resource.kind][name] = Patterns(patterns)

    def has(self, resource: Resource, representation: dict[str, Any]) -> bool:
        """Return whether an object is in scope."""
        return all(
            any(patterns.match(text) for text in _texts(resource, name, representation))
            for name, patterns in self._rules[resource.kind].items()
        )

    def has_name(self, resource: Resource, name: str) -> bool:
        """Return whether an object can be in scope, given only its name."""
        patterns = self._rules[resource.kind].get(resource.key.option)
        return patterns is None or patterns.match(name)

    def allows(self, resource: Resource, declared: Mapping[str, Any], mode: str) -> bool:
        """Return whether an object can be in scope, given only the values that an entry declares.

        :param declared: values in option shape; lists count as complete unless ``mode`` is ``by_type``.
        """
        representation = resource.new(declared)
        return all(
            any(patterns.match(text) for text in _texts(resource, name, representation))
            for name, patterns in self._rules[resource.kind].items()
            if _decides(resource, name, declared, mode)
        )

    def describe(self, resource: Resource) -> str:
        """Return the rules for a kind as text for messages."""
        return " and ".join(
            f"{name} in {', '.join(patterns.texts)}" for name, patterns in self._rules[resource.kind].items()
        )


def _check_attribute(resource: Resource, dotted: str) -> None:
    name, _dot, part = dotted.partition(".")
    attribute = resource.attributes.get(name)
    usable = attribute is not None and not attribute.secret and not isinstance(attribute, Raw)
    if usable and isinstance(attribute, Complex):
        inner = attribute.parts.get(part)
        usable = inner is not None and not isinstance(inner, Complex)
    elif part:
        usable = False
    if not usable:
        raise errors.InputError(
            f"scope: {show(dotted)} is not a text option of a {resource.kind}",
            hint="Use a text option, with a dot for a part of name or enterprise",
        )


def _decides(resource: Resource, dotted: str, declared: Mapping[str, Any], mode: str) -> bool:
    """Return whether the declared values determine the whole value of an attribute."""
    name, _dot, part = dotted.partition(".")
    if name not in declared or (mode == BY_TYPE and isinstance(resource.attributes[name], MultiValued)):
        return False
    return not part or not declared[name] or part in declared[name]


def _texts(resource: Resource, dotted: str, representation: dict[str, Any]) -> list[str]:
    """Return the texts of an attribute for comparison with patterns; an empty text if it has no value."""
    name, _dot, part = dotted.partition(".")
    attribute = resource.attributes[name]
    value = attribute.current(representation)
    if isinstance(attribute, MultiValued):
        return [str(item.get("value") or item.get("formatted") or "") for item in value or []] or [""]
    if part:
        value = (value or {}).get(part)
    if value is None and isinstance(attribute, Flag):
        value = attribute.missing
    if isinstance(value, bool):
        return [str(value).lower()]
    return [value or ""]


class Protection:
    """The protected users and groups: built-in groups, administrators, and the objects that the options name.

    :param all_groups: representations by id, used to find direct and inherited administrators.
    """

    def __init__(
        self, users: Iterable[str] = (), groups: Iterable[str] = (), all_groups: dict[str, dict[str, Any]] | None = None
    ) -> None:
        self._names = {USER.kind: Patterns(users), GROUP.kind: Patterns(groups)}
        self.administrators = Administrators(all_groups or {})

    def has(self, resource: Resource, representation: dict[str, Any]) -> bool:
        """Return whether an object is protected."""
        if self._administers(resource, representation):
            return True
        return self._is_built_in(resource, representation) or self._names[resource.kind].match(resource.name_of(representation))

    def why(self, resource: Resource, representation: dict[str, Any]) -> str:
        """Return why an object is protected, as text for messages."""
        if self._administers(resource, representation):
            return f"a member of {ADMINISTRATORS}"
        if self._is_built_in(resource, representation):
            return "a built-in group"
        return f"named by protected_{resource.kind}s"

    @staticmethod
    def _is_built_in(resource: Resource, representation: dict[str, Any]) -> bool:
        return resource is GROUP and is_built_in(GROUP.name_of(representation))

    def _administers(self, resource: Resource, representation: dict[str, Any]) -> bool:
        """Return whether an object is an administrator, according to the list of groups or the ``groups`` of the user."""
        administrators = self.administrators
        return administrators.has(representation.get("id")) or (
            resource is USER and administrators.shown_by(representation)
        )


def refused_changes(step: Step) -> list[str]:
    """Return the changes of a step that are not allowed for a protected object, as texts for a message; or []."""
    if step.action == "delete":
        return ["delete it"]
    refused = []
    for name, _before, after in step.changes:
        if name == step.resource.key.option:
            refused.append("rename it")
        elif name == "active" and not after:
            refused.append("disable it")
        elif name.partition(".")[0] in SIGN_ON_ATTRIBUTES:
            refused.append(f"change its {name}")
    return refused


class Limits:
    """Limits on how much one run may do.

    :param options: ``{name: number, percentage as text, or -1}``; a limit that is not given has its default.
    :raises InputError: a limit is unknown, or its value is neither a number nor a percentage.
    """

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        self.given: dict[str, int | float] = {}
        for name, value in (options or {}).items():
            if name not in LIMITS:
                raise errors.InputError(f"limits: unknown limit {show(name)}. Valid limits: {', '.join(LIMITS)}")
            if value is not None:
                self.given[name] = _limit(name, value)

    def allowed(self, name: str, population: int) -> int | None:
        """Return how many objects of a population a limit allows; None: unlimited."""
        value = self.given.get(name, LIMITS[name][0])
        if isinstance(value, float):
            return math.floor(population * value / 100 + 1e-9)
        return None if value == NO_LIMIT else value

    def value(self, name: str) -> str:
        """Return a limit as the user wrote it: a number, or a percentage such as ``2%``."""
        value = self.given.get(name, LIMITS[name][0])
        return f"{value:g}%" if isinstance(value, float) else str(value)

    def is_percentage(self, name: str) -> bool:
        """Return whether a limit was given as a percentage."""
        return isinstance(self.given.get(name), float)


def _limit(name: str, value: Any) -> int | float:
    """Return a limit as a whole number, or as a float for a percentage."""
    text = str(value).strip()
    if not isinstance(value, bool):
        # Restrict the digits; arithmetic fails on longer numbers.
        match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,30})?)\s*%", text)
        if match and LIMITS[name][1] is not None:
            return float(match[1])
        if re.fullmatch(r"-1|\d{1,18}", text):
            return int(text)
    percentage = f', a percentage of {LIMITS[name][1]} such as "2%"' if LIMITS[name][1] else ""
    raise errors.InputError(f"limits.{name} must be a number{percentage}, or -1 for no limit; not {show(text)}")
