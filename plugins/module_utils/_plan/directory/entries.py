# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The desired state of a whole directory: its entries, and where each was written. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..desired import DesiredObject

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


class Located(dict):
    """A dictionary that knows where it was written (``people.yml:12``)."""

    # No dictionary beside the dictionary: there are some hundred thousand of them.
    __slots__ = ("origin",)

    def __init__(self, *args):
        super().__init__(*args)
        self.origin: str | None = None
