# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The rows of an attribute table: option, path in the SCIM representation, type and comparison. Pure.

All code distinguishes three cases: an option that is not set (absent from the desired values, so the attribute does not
change), an option that is empty (``''``, ``[]``, ``{}``, which clears the attribute), and an option with a value.

Data has one of two shapes. The *option shape* is used in playbooks and results (``given_name``); the *representation* is
the SCIM JSON (``givenName``). Desired values and results are in option shape. A representation is only read, or copied and
then changed, so that unmanaged keys do not change.
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


# How a list is compared: as a whole, or only the items of the desired types.
EXACT_LIST = "exact"


BY_TYPE = "by_type"


class Attribute:
    """A row whose value is text.

    :param option: the name of the option in a playbook.
    :param path: the path of keys to the value in a representation.
    :param secret: whether the value is a secret, which is never shown or compared.
    :param on_create: whether the value is sent only when creating an object, unless ``update_password`` is ``always``.
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
        """Validate and normalize a value of the option; return None if it is null or invalid.

        :param where: the name of the value in a problem.
        :param problems: the list to which the method adds problems, as readable lines.
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
        """Return the changes as a list of (dotted option name, before, after); empty if the value is as desired."""
        current = self.current(holder)
        # An export replaces invalid Unicode by valid_text. Applying the export must not change the attribute.
        if valid_text(current or "") == desired:
            return []
        return [(self.option, current, desired)]

    def write(self, desired: Any, holder: Representation, mode: str = EXACT_LIST, blank: bool = False) -> None:
        """Write a desired value to a representation, in place.

        :param blank: whether to clear the attribute with an empty value instead of omitting it, which may not clear it
            (rule 9).
        """
        put_value(holder, self.path, desired if desired != "" or blank else None)


class Flag(Attribute):
    """A row whose value is a Boolean.

    :param missing: the meaning of a representation without a value.
    """

    option_type = "bool"

    def __init__(
        self, option: str, *path: str, missing: bool = False, secret: bool = False, on_create: bool = False
    ) -> None:
        super().__init__(option, *path, secret=secret, on_create=on_create)
        self.missing = missing

    def clean(self, value: Any, where: str, problems: list[str]) -> Any:
        """Convert a value to a Boolean as Ansible does; return None if it is null or invalid."""
        if value is None or isinstance(value, bool):
            return value
        from ansible.module_utils.parsing.convert_bool import boolean

        try:
            return boolean(value)
        except TypeError:
            problems.append(f"{where} must be true or false, not {kind_of(value)}")
            return None

    def current(self, holder: Representation) -> Any:
        """Return the Boolean, also if the service returns it as text; None if there is no value."""
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
        """Write the Boolean to a representation, in place."""
        put_value(holder, self.path, desired)


class Complex(Attribute):
    """A row that contains rows. Each sub-option that is set is managed individually; ``{}`` clears all of them."""

    option_type = "dict"

    def __init__(self, option: str, *path: str, parts: Iterable[Attribute] = ()) -> None:
        super().__init__(option, *path)
        self.parts = {part.option: part for part in parts}

    def spec(self) -> dict[str, Any]:
        """Return the part of an argument spec, with the sub-options."""
        return {"type": "dict", "options": {name: part.spec() for name, part in self.parts.items()}}

    def clean(self, value: Any, where: str, problems: list[str]) -> Any:
        """Return the sub-options that are set, or None if all are null. Only an empty dictionary clears the attribute."""
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
        """Write the desired sub-options to a representation, in place; keys without an option do not change."""
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
    """Return all options that are set for a table of attributes, cleaned. Unknown names are problems; nulls are omitted."""
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
