# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The desired state of one object, and how options become one. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .._core.names import same_name, same_spelling, show
from .._scim.attributes import EXACT_LIST
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER


@dataclass(frozen=True)
class DesiredObject:
    """One object as it shall be.

    :ivar name: the name to create it under, and to know it by.
    :ivar values: wished attributes in option shape, cleaned; without the name.
    :ivar credentials: what goes with a create, and with an update only under ``always``.
    :ivar rename_to: the name an existing object shall have; None: whatever it has.
    :ivar exact_case: whether case alone makes a difference to ``rename_to``.
    """

    resource: Resource
    name: str | None
    state: str = "present"
    values: dict[str, Any] = field(default_factory=dict)
    credentials: dict[str, Any] = field(default_factory=dict)
    always: bool = False
    rename_to: str | None = None
    exact_case: bool = False
    mode: str = EXACT_LIST

    @property
    def label(self):
        """How messages name it."""
        return f"{self.resource.kind} {show(self.rename_to or self.name)}"

    def for_create(self):
        return {self.resource.key.option: self.rename_to or self.name, **self.values, **self.credentials}

    def for_update(self, representation):
        """What an update of this representation shall write."""
        desired_values = dict(self.values)
        if self.rename_to is not None:
            found = self.resource.name_of(representation)
            if not same_spelling(found, self.rename_to) if self.exact_case else not same_name(found, self.rename_to):
                desired_values[self.resource.key.option] = self.rename_to
        if self.always:
            desired_values.update(self.credentials)
        return desired_values

    def to_verify(self, desired_values):
        """The part of a wish that an answer can be compared with: no secrets, nothing that passes by itself."""
        attributes = self.resource.attributes
        return {name: value for name, value in desired_values.items() if not attributes[name].on_create}


def desired_user(values, options, match_by="user_name"):
    """A :class:`DesiredObject` from cleaned attributes and the identifying options of p1_user."""
    values = dict(values)
    name = values.pop("user_name", None)
    credentials = {option: values.pop(option) for option in ("password", "password_expired") if option in values}
    new_name = options.get("new_user_name")
    by_name = not options.get("id") and match_by != "external_id"
    return DesiredObject(
        USER,
        name,
        options.get("state") or "present",
        values,
        credentials,
        always=options.get("update_password") == "always",
        # With id or external_id a different user_name renames too; case alone never does but by new_user_name.
        rename_to=new_name or (None if by_name else name),
        exact_case=bool(new_name),
        mode=options.get("multi_valued") or EXACT_LIST,
    )


def desired_group(options):
    """A :class:`DesiredObject` from the options of p1_group."""
    name, new_name = options.get("display_name"), options.get("new_display_name")
    return DesiredObject(
        GROUP,
        name,
        options.get("state") or "present",
        # With id a display_name is the wished name; without it, it is the name to find the group by.
        rename_to=new_name or (name if options.get("id") else None),
        exact_case=bool(new_name or options.get("id")),
    )
