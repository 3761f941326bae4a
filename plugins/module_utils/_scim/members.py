# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Members of groups: read them from a representation, and build the PATCH that changes them. Pure.

Sources: [doc] Updating a Resource (PATCH adds and removes members by id and type); [recorded] the service returns the type
in lowercase, and generates ``display``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .._core.names import normalize_id, normalize_name
from .attributes import Representation

KINDS = ("user", "group")


class Member(NamedTuple):
    """A member as plans and results show it; ``id`` is None in check mode if an earlier task would create the object."""

    id: str | None
    kind: str | None  # user or group; None if neither the service nor a list contains it
    name: str | None

    @property
    def key(self) -> str | tuple[str | None, str]:
        """Return the key that identifies the member: the normalized id or, if it has no id yet, the kind and the name."""
        return normalize_id(self.id) or (self.kind, normalize_name(self.name or ""))

    def as_dict(self) -> dict[str, str | None]:
        """Return the member as a dictionary for results."""
        return {"id": self.id, "kind": self.kind, "name": self.name}


def members_of(
    group: Representation, kind_of: Callable[[str], str | None] = lambda member_id: None
) -> dict[str, Member]:
    """Return the members in a group's representation by normalized id. A missing ``members`` key means no members ([doc]).

    :param kind_of: a function that returns the kind of a member without a type by its id: ``user``, ``group``, or None if
        unknown. The kind is never guessed.
    """
    found = {}
    members = group.get("members")
    for item in members if isinstance(members, list) else [] if members is None else [members]:
        member_id = item.get("value") if isinstance(item, dict) else item
        if not isinstance(member_id, str) or not member_id:
            continue
        kind = item.get("type") if isinstance(item, dict) else None
        kind = kind.lower() if isinstance(kind, str) else ""
        if kind not in KINDS:
            kind = kind_of(member_id)
        name = item.get("display") if isinstance(item, dict) else None
        name = name if isinstance(name, str) and name.strip() else member_id
        found[normalize_id(member_id)] = Member(member_id, kind, name)
    return found


def member_patch(add: Iterable[Member] = (), remove: Iterable[Member] = ()) -> dict[str, Any]:
    """Return the PATCH body that adds and removes members ([doc] Updating a Resource): value, type and ``operation: delete``."""

    def item(member: Member) -> dict[str, Any]:
        return {"value": member.id, **({"type": member.kind.capitalize()} if member.kind else {})}

    return {"members": [{**item(member), "operation": "delete"} for member in remove] + [item(member) for member in add]}


def ids_as_read(objects: Iterable[str]) -> dict[str, str]:
    """Return ids as read, by normalized id."""
    return {normalize_id(object_id): object_id for object_id in objects}
