# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The desired state of a whole directory: its entries and their places in the input. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..._core.names import normalize_name
from ..desired import DesiredObject

# How a group declares its members: ``additive`` lists some of them, ``exact`` lists all.
ADDITIVE = "additive"
EXACT = "exact"


@dataclass(frozen=True, eq=False)
class DesiredEntry:
    """One user or group of the desired state.

    :ivar origin: the place in the input, for messages: ``people.yml:12``, ``users[3] ('jdoe')``.
    :ivar options: the identifying options, and ``create``.
    :ivar broken: whether the entry is invalid. It is kept so that other entries can refer to it.
    :ivar groups: for a user: the names of groups to join; None: not given.
    :ivar members: for a group: the lists under ``members`` by option; None: not given.
    :ivar membership: for a group: :data:`ADDITIVE` or :data:`EXACT`.
    """

    origin: str
    desired: DesiredObject
    options: Mapping[str, Any]
    broken: bool
    groups: Sequence[str] | None = None
    members: Mapping[str, Sequence[str]] | None = None
    membership: str = ADDITIVE

    @property
    def given_id(self) -> str | None:
        """The option ``id``, or None."""
        return self.options.get("id") or None

    @property
    def given_name(self) -> str | None:
        """The option ``user_name`` or ``display_name``, or None."""
        return self.options.get(self.desired.resource.key.option) or None

    @property
    def given_new_name(self) -> str | None:
        """The option ``new_user_name`` or ``new_display_name``, or None."""
        return self.options.get(self.desired.resource.new_name_option) or None

    @property
    def renames_by_name(self) -> bool:
        """Whether the entry renames an object that it finds by name."""
        return bool(self.given_new_name and self.given_name and not self.given_id)

    @property
    def old_key(self) -> str:
        """The normalized name; "" without one."""
        name = self.given_name
        return normalize_name(name) if name else ""

    @property
    def new_key(self) -> str:
        """The normalized new name; "" without one."""
        name = self.given_new_name
        return normalize_name(name) if name else ""


@dataclass(frozen=True, eq=False)
class DesiredDirectory:
    """The desired state of a directory.

    :ivar users, groups: the entries; None if the list was not given.
    :ivar problems: the problems of the entries, one line each.
    :ivar unreadable: kinds with an unreadable entry, which may refer to any object of that kind.
    """

    users: Sequence[DesiredEntry] | None
    groups: Sequence[DesiredEntry] | None
    problems: Sequence[str] = field(default_factory=list)
    unreadable: frozenset[str] = frozenset()
