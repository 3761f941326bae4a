# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The desired state of one object, and of a whole directory. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .._core.names import same_name, same_spelling, show
from .._scim.attributes import EXACT_LIST
from .._scim.resource import Resource


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


ADDITIVE = "additive"


EXACT = "exact"


@dataclass(frozen=True, eq=False)
class DesiredEntry:
    """One user or group of the wish.

    :ivar origin: where it stands, for messages.
    :ivar options: its identifying options.
    :ivar groups: of a user: names of groups it is to be in; None: not given.
    :ivar members: of a group: what is listed under ``members``; None: not given.
    :ivar broken: something is wrong with it; it is only known so that others can refer to it.
    """

    origin: str
    desired: DesiredObject
    options: dict[str, Any]
    groups: list[str] | None = None
    members: dict[str, list[str]] | None = None
    membership: str = ADDITIVE
    broken: bool = False


@dataclass(frozen=True, eq=False)
class DesiredDirectory:
    """Everything that is desired.

    :ivar users, groups: the entries; None where the kind was not given at all.
    :ivar unreadable: kinds of which an entry could not be read, and may be about any object.
    """

    users: list[DesiredEntry] | None
    groups: list[DesiredEntry] | None
    problems: list[str] = field(default_factory=list)
    unreadable: frozenset[str] = frozenset()
