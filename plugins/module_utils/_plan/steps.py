# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Plan and Step: the difference between desired and current state as data. Check mode shows it, a real run applies it. Pure.

A *step* writes one object once (one POST, PUT or DELETE, or one set of membership PATCHes). Results show it as one or more
*rows*, one per operation: a PUT that also disables and renames the user is one step with three rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from .._core.names import show
from .._scim.resource import Resource
from .desired import DesiredObject

if TYPE_CHECKING:
    from .._scim.members import Member

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


@dataclass(frozen=True, eq=False, repr=False)
class Step:
    """One write of one object. Frozen; use ``dataclasses.replace`` to make a modified step.

    :ivar action: ``create``, ``update``, ``delete`` or ``members``.
    :ivar key: the current name of the object, or the new name for a create.
    :ivar id: the id of the object; None if it does not exist yet.
    :ivar changes: (option name, before, after); secrets are masked.
    :ivar before: the representation that the step was planned from; None if there is none.
    :ivar after: the representation that the step produces; None if there is none.
    :ivar add, remove: the members that a step with the action ``members`` adds and removes.
    :ivar option: the ``option`` parameter of a create.
    :ivar precondition: a function that takes the object as it was re-read before the write, and returns why the step is
        stale, or None; None: the step is never stale.
    :ivar by_rule: whether a rule for unlisted objects planned the step, not an entry of the desired state.
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
        """The desired object of a step that writes attributes. Every create and update has one."""
        return cast(DesiredObject, self.desired)

    @property
    def label(self) -> str:
        """The object as messages show it: ``user 'jdoe'``."""
        return f"{self.resource.kind} {show(self.key)}"

    @property
    def attempt(self) -> str:
        """The attempted action as messages show it: ``update user 'jdoe'``."""
        if self.action == "members":
            return f"change the members of {self.label}"
        return f"{self.action} {self.label}"

    @property
    def new_name(self) -> Any:
        """The name that the step creates its object with or renames it to, or None."""
        return next((after for name, _before, after in self.changes if name == self.resource.key.option), None)

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

    def rows(self) -> list[dict[str, Any]]:
        """Return one dictionary per operation, in the shape of results, journals and reports."""
        from .step_rows import rows_of  # rule 8

        return rows_of(self)

    def secrets(self) -> dict[str, Any]:
        """Return the secret values that the step writes, by option name. No row and no diff contains them."""
        if self.desired is None or self.action not in ("create", "update"):
            return {}
        sent = self.desired.for_create() if self.before is None else self.desired.for_update(self.before)
        return {name: value for name, value in sent.items() if value and self.resource.attributes[name].secret}


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """Steps in the order in which they are applied."""

    steps: Sequence[Step] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))

    @property
    def changed(self) -> bool:
        """Whether the plan contains any step."""
        return bool(self.steps)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of all steps."""
        return [row for step in self.steps for row in step.rows()]
