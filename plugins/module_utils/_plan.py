# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Desired + current -> Plan of Steps. Pure: a plan is data, which check mode shows and a real run applies.

A *step* is one object written once (one POST, PUT or DELETE; one set of membership PATCHes). It shows as one
or more *rows*, one an operation: a PUT that also disables and renames is three rows and still one step.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ._membership import Member
from ._names import same_name, same_spelling, show, text_of
from ._resource import EXACT_LIST, HIDDEN, Resource

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


# The rows of one step, in the order in which several steps would have come.
_ROW_ORDER = ("disable", "remove", "delete", "rename", "create", "update", "enable", "add")


@dataclass(frozen=True)
class Wish:
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
        wished = dict(self.values)
        if self.rename_to is not None:
            found = self.resource.name_of(representation)
            if not same_spelling(found, self.rename_to) if self.exact_case else not same_name(found, self.rename_to):
                wished[self.resource.key.option] = self.rename_to
        if self.always:
            wished.update(self.credentials)
        return wished

    def to_verify(self, wished):
        """The part of a wish that an answer can be compared with: no secrets, nothing that passes by itself."""
        attributes = self.resource.attributes
        return {name: value for name, value in wished.items() if not attributes[name].on_create}


@dataclass(frozen=True, eq=False)
class Step:
    """One object to be written once. It is not changed: what is to differ is made by ``dataclasses.replace``.

    :ivar action: ``create``, ``update``, ``delete`` or ``members``.
    :ivar changes: (option name, before, after); secrets are masked already.
    :ivar before: the representation as planned from; None where there is none.
    :ivar after: the representation as it would be; None where there is none.
    :ivar option: the ``option`` parameter of a create.
    :ivar guard: told the object as it is right before the write, says why the plan no longer fits it; None: it does.
    :ivar by_rule: planned by a rule for what is not listed, not by an entry of the desired state.
    """

    action: str
    resource: Resource
    key: str
    id: str | None = None
    wish: Wish | None = None
    changes: Sequence[tuple[str, Any, Any]] = ()
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    add: Sequence[Member] = ()
    remove: Sequence[Member] = ()
    option: str | None = None
    guard: Callable[[dict[str, Any]], str | None] | None = None
    by_rule: bool = False

    def __post_init__(self):
        for name in ("changes", "add", "remove"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def label(self):
        return f"{self.resource.kind} {show(self.key)}"

    @property
    def attempt(self):
        """What the step attempts, for messages."""
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
        if self.wish is None or self.action not in ("create", "update"):
            return {}
        sent = self.wish.for_create() if self.action == "create" else self.wish.for_update(self.before)
        return {name: value for name, value in sent.items() if value and self.resource.attributes[name].secret}

    def rows(self):
        """One dictionary an operation, as results, journals and reports show them."""
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
        grouped = {}
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

    def __post_init__(self):
        object.__setattr__(self, "steps", tuple(self.steps))

    @property
    def changed(self):
        return bool(self.steps)

    def rows(self):
        return [row for step in self.steps for row in step.rows()]


def identity_change(step: Step, fresh: dict[str, Any]) -> str | None:
    """Return why an object, as it is now, is not the one that a step was planned for, or None.

    The new name and external_id that the step itself gives fit too: an earlier attempt may have been carried out.
    """
    resource, before = step.resource, step.before
    values, new_name = (step.wish.values, step.wish.rename_to) if step.wish is not None else ({}, None)
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


def plan_object(wish, current):
    """The step that makes one object as wished; None where it is so already.

    What takes something away is held against the object as it is right before the write.

    :param current: its representation; None: there is none.
    """
    step = _plan_object(wish, current)
    if step is not None and step.takes_away:
        return replace(step, guard=partial(identity_change, step))
    return step


def _plan_object(wish, current):
    resource = wish.resource
    if wish.state == "absent":
        if current is None:
            return None
        return Step("delete", resource, resource.own_name(current) or wish.name or resource.name_of(current), current.get("id"), wish, before=current)
    if current is None:
        wished = wish.for_create()
        return Step(
            "create",
            resource,
            wished[resource.key.option],
            None,
            wish,
            changes_of(resource, wished, {}, wish.mode),
            after=resource.new(wished, wish.mode),
        )
    wished = wish.for_update(current)
    changes = changes_of(resource, wished, current, wish.mode)
    if not changes:
        return None
    return Step(
        "update",
        resource,
        resource.own_name(current) or wish.name or resource.name_of(current),
        current.get("id"),
        wish,
        changes,
        before=current,
        after=resource.updated(wished, current, wish.mode),
    )


def changes_of(resource, wished, representation, mode=EXACT_LIST):
    """The changes a wish makes, secrets masked: this is where the diff is made, so none of them gets into a plan."""
    changes = resource.changes(wished, representation, mode)
    return changes + [
        (name, None, HIDDEN) for name, attribute in resource.attributes.items() if attribute.secret and wished.get(name)
    ]


def diff_of(step, extra_before=None, extra_after=None):
    """Before and after of an object for Ansible's diff mode, in option shape.

    :param step: the step; both sides are the same without one.
    """
    before = _shown(step.resource, step.before)
    after = _shown(
        step.resource, None if step.action == "delete" else step.after if step.after is not None else step.before
    )
    for name, _before, value in step.changes:
        if value == HIDDEN:
            after[name] = HIDDEN
    before.update(extra_before or {})
    after.update(extra_after or {})
    return {"before_header": step.label, "after_header": step.label, "before": before, "after": after}


def _shown(resource, representation):
    """Option shape of a representation, with its id, for a diff: {} where there is none."""
    if representation is None:
        return {}
    shown = resource.to_options(representation)
    if representation.get("id"):
        shown = {"id": representation["id"], **shown}
    return shown


def readable_diff(diff: Any) -> Any:
    """Return a diff, or a list of them, with both sides as text: Ansible would show ``Åsa`` in a dictionary as ``\\u00c5sa``."""
    if isinstance(diff, list):
        return [readable_diff(item) for item in diff]
    return {name: _readable_side(side) if isinstance(side, dict) else side for name, side in diff.items()}


def _readable_side(side: dict[str, Any]) -> str:
    return json.dumps(side, ensure_ascii=False, indent=4, sort_keys=True) + "\n" if side else ""
