# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Desired + current -> Plan of Steps. Pure: a plan is data, which check mode shows and a real run applies.

A *step* writes one object once (one POST, PUT or DELETE; one set of membership PATCHes). Results show it as one or more
*rows*, one an operation: a PUT that also disables and renames is three rows and still one step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from .._core.names import same_name, show, text_of
from .._scim.members import Member
from .._scim.resource import Resource
from .desired import DesiredObject

OPERATIONS = {
    "create": "created",
    "update": "updated",
    "rename": "renamed",
    "enable": "enabled",
    "disable": "disabled",
    "delete": "deleted",
    "add": "added",
    "remove": "removed",
}


# The rows of one step, in the order in which separate steps would be carried out.
_ROW_ORDER = ("disable", "remove", "delete", "rename", "create", "update", "enable", "add")


@dataclass(frozen=True, eq=False)
class Step:
    """One object to be written once. Frozen: a step that differs is made by ``dataclasses.replace``.

    :ivar action: ``create``, ``update``, ``delete`` or ``members``.
    :ivar key: the current name of the object; the new one where it is to be created.
    :ivar id: its id; None where it does not exist yet.
    :ivar changes: (option name, before, after); secrets are masked.
    :ivar before: the representation that the step was planned from; None where there is none.
    :ivar after: the representation that the step makes; None where there is none.
    :ivar add, remove: the members that a step of the action ``members`` adds and removes.
    :ivar option: the ``option`` parameter of a create.
    :ivar precondition: returns why the step no longer fits the object as it was read right before the write, or None where it
        fits; None: the step fits always.
    :ivar by_rule: planned by a rule for what is not listed, not by an entry of the desired state.
    """

    action: str
    resource: Resource
    key: str
    id: str | None = None
    desired: DesiredObject | None = None
    changes: Sequence[tuple[str, Any, Any]] = ()
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    add: Sequence[Member] = ()
    remove: Sequence[Member] = ()
    option: str | None = None
    precondition: Callable[[dict[str, Any]], str | None] | None = None
    by_rule: bool = False

    def __post_init__(self) -> None:
        for name in ("changes", "add", "remove"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def written(self) -> DesiredObject:
        """The desired object, of a step that writes attributes: every create and update has one."""
        return cast(DesiredObject, self.desired)

    @property
    def label(self) -> str:
        """The object as messages name it: ``user 'jdoe'``."""
        return f"{self.resource.kind} {show(self.key)}"

    @property
    def attempt(self) -> str:
        """What the step attempts, for messages: ``update user 'jdoe'``."""
        if self.action == "members":
            return f"change the members of {self.label}"
        return f"{self.action} {self.label}"

    @property
    def takes_away(self) -> bool:
        """Whether the step deletes, disables or renames an object, or removes a member."""
        return (
            self.action == "delete"
            or bool(self.remove)
            or self.action == "update"
            and any(
                name == self.resource.key.option or name == "active" and not after
                for name, _before, after in self.changes
            )
        )

    def secrets(self) -> dict[str, Any]:
        """Return the secret values that the step writes, by option name. They are in no row and in no diff."""
        if self.desired is None or self.action not in ("create", "update"):
            return {}
        sent = self.desired.for_create() if self.before is None else self.desired.for_update(self.before)
        return {name: value for name, value in sent.items() if value and self.resource.attributes[name].secret}

    def rows(self) -> list[dict[str, Any]]:
        """Return one dictionary an operation, as results, journals and reports show them."""
        kind = self.resource.kind
        if self.action == "members":
            return [
                {
                    "operation": operation,
                    "kind": "membership",
                    "key": self.key,
                    "id": self.id,
                    "member": member.as_dict(),
                    "changes": {},
                }
                for operation, members in (("remove", self.remove), ("add", self.add))
                for member in members
            ]
        grouped: dict[str, dict[str, Any]] = {}
        for name, before, after in self.changes:
            operation = self.action
            if operation == "update":
                if name == self.resource.key.option:
                    operation = "rename"
                elif name == "active":
                    operation = "enable" if after else "disable"
            grouped.setdefault(operation, {})[name] = {"before": before, "after": after}
        if not grouped:
            grouped = {self.action: {}}
        return [
            {"operation": operation, "kind": kind, "key": self.key, "id": self.id, "changes": grouped[operation]}
            for operation in _ROW_ORDER
            if operation in grouped
        ]


@dataclass(frozen=True, eq=False)
class Plan:
    """Steps in the order in which they are carried out."""

    steps: Sequence[Step] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.steps)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of all steps."""
        return [row for step in self.steps for row in step.rows()]


def identity_change(step: Step, fresh: dict[str, Any]) -> str | None:
    """Return why an object, as it is now, is not the one that a step was planned for, or None.

    The new name and external_id that the step itself gives fit too: an earlier attempt may have succeeded unanswered.
    """
    resource, before = step.resource, step.before or {}
    values, new_name = (step.desired.values, step.desired.rename_to) if step.desired is not None else ({}, None)
    name = resource.name_of(fresh)
    if not same_name(name, resource.name_of(before)) and not same_name(name, new_name):
        return f"it was renamed to {show(name)}"
    if "external_id" not in resource.attributes:
        return None
    known, planned = (text_of(item.get("externalId")) or "" for item in (fresh, before))
    if known not in (planned, values.get("external_id") or ""):
        return f"its external_id is now {show(known)}"
    # No external_id fits only where there was none, or where the step clears it.
    if not known and planned and values.get("external_id") != "":
        return "it no longer has an external_id"
    return None
