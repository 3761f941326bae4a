# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The input of a plan of a directory. A frozen value that every part of the planner receives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..._scim.members import Member
from ..._scim.resource import Resource
from ..._scim.tables import GROUP, USER
from ..policy import Protection
from .entries import DesiredDirectory, DesiredEntry
from .preconditions import Preconditions
from .rules import Rules
from .snapshot import Snapshot

RESOURCES = {resource.kind: resource for resource in (USER, GROUP)}


@dataclass(frozen=True)
class Context:
    """The desired state, the current state, and the rules for reconciling them."""

    desired: DesiredDirectory
    snapshot: Snapshot
    rules: Rules
    protection: Protection
    preconditions: Preconditions

    def by_external_id(self, resource: Resource) -> bool:
        """Return whether objects of a kind are matched by external id, which only users have."""
        return resource is USER and self.rules.match_users_by == "external_id"

    def kinds(self) -> Sequence[tuple[Resource, str, Sequence[DesiredEntry] | None, str]]:
        """Return for each kind of object: its resource, its option, its entries, and the rule for unlisted objects."""
        return (
            (USER, "users", self.desired.users, self.rules.unlisted_users),
            (GROUP, "groups", self.desired.groups, self.rules.unlisted_groups),
        )

    def protects_member(self, member: Member) -> bool:
        """Return whether a member of a group is a protected user or group, according to the snapshot."""
        resource = RESOURCES[member.kind or USER.kind]
        return self.protection.has(resource, self.snapshot.by_id(resource, member.id) or {})

    def is_protected(self, resource: Resource, representation: dict[str, Any]) -> bool:
        """Return whether rules must not change an object: it is protected, or it is a group with a protected member."""
        if self.protection.has(resource, representation):
            return True
        return resource is GROUP and any(map(self.protects_member, self.snapshot.members(representation["id"]).values()))
