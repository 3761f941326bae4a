# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The desired state of one object, and its construction from the options of a task. Pure; frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._core.names import same_name, same_spelling, show
from .._scim.attributes import EXACT_LIST
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER

CREDENTIALS = ("password", "password_expired")  # sent in every create; in an update only with update_password: always


# No repr, because it would show the credentials. Steps and plans, which contain this object, have none either.
@dataclass(frozen=True, repr=False)
class DesiredObject:
    """The desired state of one user or group.

    :ivar name: the name to create the object with and to find it by.
    :ivar state: ``present`` or ``absent``.
    :ivar values: desired attributes in option shape, cleaned; without the name.
    :ivar credentials: values that a create writes, and that an update writes only if ``always`` is set.
    :ivar rename_to: the desired name of an existing object; None: keep its current name.
    :ivar exact_case: whether to rename an object if ``rename_to`` differs only in case.
    :ivar mode: how lists of values are compared: ``exact`` or ``by_type``.
    """

    resource: Resource
    name: str | None
    state: str = "present"
    values: Mapping[str, Any] = field(default_factory=dict)
    credentials: Mapping[str, Any] = field(default_factory=dict)
    always: bool = False
    rename_to: str | None = None
    exact_case: bool = False
    mode: str = EXACT_LIST

    @property
    def absent(self) -> bool:
        """Whether the object is to be deleted."""
        return self.state == "absent"

    @property
    def new_name(self) -> str | None:
        """The name of the object after a create or an update; None if only its id is known."""
        return self.rename_to or self.name

    @property
    def label(self) -> str:
        """The object as messages show it: ``user 'jdoe'``."""
        return f"{self.resource.kind} {show(self.new_name)}"

    def for_create(self) -> dict[str, Any]:
        """Return all values that a create writes, in option shape."""
        return {self.resource.key.option: self.new_name, **self.values, **self.credentials}

    def for_update(self, current: dict[str, Any]) -> dict[str, Any]:
        """Return the values that an update of the current representation writes, in option shape, including unchanged ones."""
        values = dict(self.values)
        if self.rename_to is not None:
            same = same_spelling if self.exact_case else same_name
            if not same(self.resource.name_of(current), self.rename_to):
                values[self.resource.key.option] = self.rename_to
        if self.always:
            values.update(self.credentials)
        return values

    def to_verify(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the written values that can be compared with the response: those that are neither secret nor temporary."""
        return {name: value for name, value in values.items() if not self.resource.attributes[name].on_create}


def desired_user(values: Mapping[str, Any], options: Mapping[str, Any], match_by: str = "user_name") -> DesiredObject:
    """Return the desired state of a user.

    :param values: cleaned attributes.
    :param options: ``id``, ``new_user_name``, ``state``, ``update_password`` and ``multi_valued``, as in p1_user.
    :param match_by: ``user_name`` or ``external_id``.
    """
    values = dict(values)
    name = values.pop(USER.key.option, None)
    credentials = {option: values.pop(option) for option in CREDENTIALS if option in values}
    new_name = options.get("new_user_name")
    by_name = not options.get("id") and match_by != "external_id"
    return DesiredObject(
        USER,
        name,
        options.get("state") or "present",
        values,
        credentials,
        always=options.get("update_password") == "always",
        # With id or external_id, a different user_name is a rename too. Only new_user_name changes nothing but the case.
        rename_to=new_name or (None if by_name else name),
        exact_case=bool(new_name),
        mode=options.get("multi_valued") or EXACT_LIST,
    )


def desired_group(options: Mapping[str, Any]) -> DesiredObject:
    """Return the desired state of a group.

    :param options: ``id``, ``display_name``, ``new_display_name`` and ``state``, as in p1_group.
    """
    name, new_name = options.get("display_name"), options.get("new_display_name")
    return DesiredObject(
        GROUP,
        name,
        options.get("state") or "present",
        # With id, display_name is the desired name; without id, it identifies the group.
        rename_to=new_name or (name if options.get("id") else None),
        exact_case=bool(new_name or options.get("id")),
    )
