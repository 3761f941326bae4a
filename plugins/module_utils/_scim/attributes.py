# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The rows of an attribute table: option, place in the SCIM representation, type and comparison. Pure.

Three cases stay apart throughout: an option that is not given (absent from the desired values: left alone), one that is
empty (``''``, ``[]``, ``{}``: cleared), and one with a value.

Two shapes occur. The *option shape* is what a playbook writes and a result shows (``given_name``); the *representation*
is the SCIM JSON (``givenName``). Desired values and results are in option shape. A representation is only read, or copied
and changed, so that keys that nothing manages stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._core.names import show
from .._core.unicode import valid_text
from .values import kind_of, must_be_text, put_value, value_at

# A user or group as the service returns it, and a change: (dotted option name, before, after).
Representation = dict[str, Any]
Change = tuple[str, Any, Any]


CORE_URN = "urn:scim:schemas:core:1.0"


ENTERPRISE_URN = "urn:scim:schemas:extension:enterprise:1.0"


PINGONE_URN = "urn:scim:schemas:com_pingone:1.0"


# [doc] User Resources: the schemas that the service supports.
DOCUMENTED_URNS = (CORE_URN, ENTERPRISE_URN, PINGONE_URN)


# Replaces a secret in a diff or a plan row.
HIDDEN = "********"


# Replaces a secret of a survey or a credential in AWX.
_SECRET_PLACEHOLDER = "$encrypted$"


# How a list is compared: as a whole, or only its types.
EXACT_LIST = "exact"


BY_TYPE = "by_type"


class Attribute:
    """A row whose value is text.

    :param option: the name in a playbook.
    :param path: the keys that lead to the value in the object that holds it.
    :param secret: never shown, never compared.
    :param on_create: sent only with a create, unless ``update_password`` is ``always``.
    """

    option_type = "str"

    def __init__(self, option: str, *path: str, secret: bool = False, on_create: bool = False) -> None:
        self.option = option
        self.path = path
        self.secret = secret
        self.on_create = on_create

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.option!r})"

    def spec(self) -> dict[str, Any]:
        """Return the part of an argument spec for this option."""
        spec: dict[str, Any] = {"type": self.option_type}
        if self.secret:
            spec["no_log"] = True
        elif "password" in self.option:
            spec["no_log"] = False
        return spec

    def clean(self, value: Any, where: str, problems: list[str]) -> Any:
        """Return a given value as the planner compares it; None: not given, or refused.

        :param where: the name of the value in a problem.
        :param problems: list to which readable problems are added.
        """
        if self.secret and isinstance(value, str) and value.strip().lower() == _SECRET_PLACEHOLDER:
            # The placeholder is not quoted, because the message would mask it as a secret.
            problems.append(
                f"{where} is the placeholder that AWX shows for a stored secret. Enter the secret itself"
            )
            return None
        if isinstance(value, str) or value is None:
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        problems.append(f"{where} {must_be_text(value)}")
        return None

    def current(self, holder: Representation) -> Any:
        """Return the value in a representation, in option shape; None if it has no value."""
        value = value_at(holder, self.path)
        return value if isinstance(value, str) or value is None else str(value)

    def changes(self, desired: Any, holder: Representation, mode: str = EXACT_LIST) -> list[Change]:
        """Return what would change, as (dotted option name, before, after); empty when nothing does."""
        current = self.current(holder)
        # An export writes invalid Unicode as valid_text, which must not cause a change when it is applied.
        if valid_text(current or "") == desired:
            return []
        return [(self.option, current, desired)]

    def write(self, desired: Any, holder: Representation, mode: str = EXACT_LIST, blank: bool = False) -> None:
        """Put a desired value into a representation, in place.

        :param blank: clear by an empty value, where leaving the attribute out did not clear it (rule 9).
        """
        put_value(holder, self.path, desired if desired != "" or blank else None)


class Flag(Attribute):
    """A row whose value is true or false.

    :param missing: what a representation without it means.
    """

    option_type = "bool"

    def __init__(
        self, option: str, *path: str, missing: bool = False, secret: bool = False, on_create: bool = False
    ) -> None:
        super().__init__(option, *path, secret=secret, on_create=on_create)
        self.missing = missing

    def clean(self, value: Any, where: str, problems: list[str]) -> Any:
        """Return true or false, from what Ansible takes for them."""
        if value is None or isinstance(value, bool):
            return value
        from ansible.module_utils.parsing.convert_bool import boolean

        try:
            return boolean(value)
        except TypeError:
            problems.append(f"{where} must be true or false, not {kind_of(value)}")
            return None

    def current(self, holder: Representation) -> Any:
        """Return a Boolean, also for one that the service shows as text; None without a value."""
        value = value_at(holder, self.path)
        if isinstance(value, str):
            return value.lower() == "true"
        return None if value is None else bool(value)

    def changes(self, desired: Any, holder: Representation, mode: str = EXACT_LIST) -> list[Change]:
        """Return the change; a missing value counts as ``missing``."""
        current = self.current(holder)
        if (self.missing if current is None else current) == desired:
            return []
        return [(self.option, current, desired)]

    def write(self, desired: Any, holder: Representation, mode: str = EXACT_LIST, blank: bool = False) -> None:
        """Put true or false into a representation, in place."""
        put_value(holder, self.path, desired)


class Complex(Attribute):
    """A row that holds rows: each sub-option that is given is managed by itself; ``{}`` clears all of them."""

    option_type = "dict"

    def __init__(self, option: str, *path: str, parts: Iterable[Attribute] = ()) -> None:
        super().__init__(option, *path)
        self.parts = {part.option: part for part in parts}

    def spec(self) -> dict[str, Any]:
        """Return the part of an argument spec, with the sub-options."""
        return {"type": "dict", "options": {name: part.spec() for name, part in self.parts.items()}}

    def clean(self, value: Any, where: str, problems: list[str]) -> Any:
        """Return the given sub-options, or None if all are null: only an empty dictionary clears."""
        if value is None:
            return None
        if not isinstance(value, dict):
            problems.append(f"{where} must be a dictionary, not {kind_of(value)}")
            return None
        cleaned = clean_options(self.parts, value, where, problems)
        return cleaned if cleaned or not value else None

    def current(self, holder: Representation) -> Any:
        """Return the sub-options with a value, or None if none has one."""
        inner = value_at(holder, self.path)
        if not isinstance(inner, dict):
            return None
        shape = {name: part.current(inner) for name, part in self.parts.items()}
        return {name: value for name, value in shape.items() if value not in (None, "", {})} or None

    def changes(self, desired: Any, holder: Representation, mode: str = EXACT_LIST) -> list[Change]:
        """Return a change for each sub-option, or one change if the whole option is cleared."""
        if not desired:
            current = self.current(holder)
            return [(self.option, current, {})] if current else []
        inner = self._inner(holder)
        return [
            (f"{self.option}.{name}", before, after)
            for part in desired
            for name, before, after in self.parts[part].changes(desired[part], inner, mode)
        ]

    def write(self, desired: Any, holder: Representation, mode: str = EXACT_LIST, blank: bool = False) -> None:
        """Put the desired sub-options into a representation, in place; keys without an option stay."""
        inner = self._inner(holder)
        if not desired:
            for part in self.parts.values():
                if part.current(inner) is not None:
                    part.write({} if isinstance(part, Complex) else "", inner, mode, blank)
        for name, value in desired.items():
            self.parts[name].write(value, inner, mode, blank)
        put_value(holder, self.path, inner or None)

    def _inner(self, holder: Representation) -> Representation:
        inner = value_at(holder, self.path)
        return inner if isinstance(inner, dict) else {}


def clean_options(
    attributes: Mapping[str, Attribute], given: Mapping[str, Any], where: str, problems: list[str]
) -> dict[str, Any]:
    """Return every option given for a table of attributes, cleaned; unknown names are problems, nulls are not given."""
    cleaned = {}
    for name, value in given.items():
        if value is None:
            continue
        attribute = attributes.get(name)
        if attribute is None:
            from .._core.similar_names import did_you_mean  # rule 8

            place = f"{where}: " if where else ""
            hint = did_you_mean(str(name), attributes) or f"Valid options: {', '.join(attributes)}"
            problems.append(f"{place}unknown option {show(name)}. {hint}")
            continue
        value = attribute.clean(value, f"{where}.{name}" if where else name, problems)
        if value is not None:
            cleaned[name] = value
    return cleaned
