# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The conditions that must hold right before a step of a directory plan is applied (rule 14). Pure.

Minutes may pass between the read of a directory and a write. A step that deletes, disables, renames or removes is
checked against the object, which the writer re-reads anyway, and against the groups, which the executor re-reads before
the first of those steps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ..._core.names import normalize_id, same_name, show
from ..._scim.members import Member, members_of
from ..._scim.resource import Resource
from ..._scim.tables import GROUP, USER
from ..desired import DesiredObject
from ..identity_change import identity_change
from ..one_object import changes_of
from ..policy import Protection, refused_changes
from ..steps import Step

if TYPE_CHECKING:
    from .rules import Rules
    from .snapshot import Snapshot


@dataclass(frozen=True)
class Preconditions:
    """The preconditions of the steps of one plan.

    :ivar snapshot: the directory that the plan was made from.
    :ivar protections: protections by the groups of the snapshot, and by those of a later read. An administrator in either
        read is protected.
    :ivar groups_now: the groups of the later read, by id; None: they were not re-read.
    """

    snapshot: Snapshot
    rules: Rules
    protections: tuple[Protection, ...]
    groups_now: dict[str, dict[str, Any]] | None = None

    def with_precondition(self, step: Step) -> Step:
        """Return the step with the precondition for its write, or the step itself if it needs none."""
        if step.action == "create" and step.resource is USER:
            return replace(step, precondition=partial(self.adoption_conflict, step))
        if step.action in ("update", "delete") and (step.takes_away or refused_changes(step)):
            return replace(step, precondition=partial(self.stale_reason, step))
        return step

    def with_groups(self, groups: dict[str, dict[str, Any]]) -> Preconditions:
        """Return preconditions that also check the groups of a later read, by id."""
        now = Protection(self.rules.protected_users, self.rules.protected_groups, groups)
        return replace(self, protections=(self.protections[0], now), groups_now={normalize_id(group_id): group for group_id, group in groups.items()})

    def adoption_conflict(self, step: Step, fresh: dict[str, Any]) -> str | None:
        """Return why an existing user must not be adopted for a planned create, or None."""
        known = self.snapshot.by_id(USER, fresh["id"])
        if known is not None:
            return f"the name now belongs to user {fresh['id']}, which was named {show(USER.name_of(known))}"
        if not self.rules.scope.has(USER, fresh):
            return f"it exists and is outside scope ({self.rules.scope.describe(USER)})"
        why = self._protected(USER, fresh)
        if why:
            desired = step.desired or DesiredObject(USER, step.key)
            changes = changes_of(USER, desired.for_update(fresh), fresh, desired.mode)
            refused = refused_changes(Step("update", USER, step.key, changes=changes))
            if refused:
                return f"it exists and is protected ({why}), and the desired state would {' and '.join(refused)}"
        return None

    def stale_reason(self, step: Step, fresh: dict[str, Any]) -> str | None:
        """Return why a step is stale for the current object, or None.

        A change that the step itself makes does not make it stale: its first request may have succeeded without an answer.
        """
        resource = step.resource
        changed = identity_change(step, fresh)
        if changed:
            return changed
        if not self.rules.scope.has(resource, fresh):
            return f"it is no longer in scope ({self.rules.scope.describe(resource)})"
        why = self._protected(resource, fresh)
        if why:
            return f"it is now protected: {why}"
        if resource is GROUP and step.action == "delete":
            return self._stale_deletion(step, fresh)
        return None

    def _stale_deletion(self, step: Step, fresh: dict[str, Any]) -> str | None:
        members = members_of(fresh)
        joined = members.keys() - members_of(step.before or {}).keys()
        if joined:
            return f"it has new members: {', '.join(sorted(joined)[:5])}"
        if step.by_rule:
            spared = sorted(member_id for member_id in members if self._administers(member_id))
            if spared:
                return f"it has members that are now administrators: {', '.join(spared[:5])}"
        return None

    def stale_members(self, step: Step) -> dict[str, str]:
        """Return the members that a step must no longer remove: {member id: reason}."""
        if self.groups_now is None:
            return {}
        group = self.groups_now.get(normalize_id(step.id))
        reason = self._stale_group(step, group)
        reasons = {member.id: reason or self._stale_member(member) for member in step.remove}
        return {member_id: why for member_id, why in reasons.items() if member_id and why}

    def _stale_group(self, step: Step, group: dict[str, Any] | None) -> str | None:
        """Return why a step must not remove members of the current group, or None."""
        if group is None:
            return "the group no longer exists"
        name = GROUP.name_of(group)
        if not same_name(name, GROUP.name_of(step.before or {})):
            return f"the group was renamed to {show(name)} after the plan was made"
        why = self._protected(GROUP, group)
        return f"the group is now protected: {why}" if why else None

    def _stale_member(self, member: Member) -> str | None:
        """Return why no step may remove a member from a group, or None."""
        label = f"{member.kind} {show(member.name or member.id)}"
        if self._administers(member.id):
            return f"{label} is now an administrator"
        current = (self.groups_now or {}).get(normalize_id(member.id)) if member.kind == GROUP.kind else None
        why = self._protected(GROUP, current) if current is not None else None
        return f"{label} is now protected: {why}" if why else None

    def _administers(self, object_id: str | None) -> bool:
        return any(protection.administrators.has(object_id) for protection in self.protections)

    def _protected(self, resource: Resource, representation: dict[str, Any]) -> str | None:
        """Return why an object is protected according to either read, or None."""
        for protection in self.protections:
            if protection.has(resource, representation):
                return protection.why(resource, representation)
        return None
