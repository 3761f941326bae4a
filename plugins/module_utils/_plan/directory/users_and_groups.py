# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Plan the users and groups of a directory: listed ones by their entries, unlisted ones by rule. Pure.

:func:`.one_object.plan_object` plans each object, as in the single-object modules.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..._core import errors
from ..._scim.resource import Resource
from ..._scim.tables import USER
from ..creation import refuse_unusual_name
from ..desired import DesiredObject
from ..one_object import plan_object
from ..policy import Scope, refused_changes
from ..steps import Step
from .context import Context
from .matching import Match, Matches
from .part import Part


def plan_listed(context: Context, matches: Matches) -> Part:
    """Plan each user and group that has an entry."""
    part = Part()
    for sound in matches.sound.values():
        for match in sound:
            part.attempt(match.origin, _plan_entry, context, match, part)
    return part


def _plan_entry(context: Context, match: Match, part: Part) -> None:
    desired, resource = match.desired, match.desired.resource
    _refuse_outside_scope(context.rules.scope, match)
    step = plan_object(desired, match.current)
    refuse_unusual_name(step)
    if step is None:
        part.unchanged[resource.kind] += 1
        return
    if step.after is not None:
        _refuse_outside(context.rules.scope, resource, step.after)
    if step.action == "create":
        if resource is USER:
            step = replace(step, option=context.rules.default_group)
        pieces, phase, drift_class = [step], f"create_{resource.kind}", "missing"
    else:
        _refuse_protected(context, match, step)
        if step.action == "delete":
            pieces, phase, drift_class = [step], "delete", "extra"
        else:
            pieces, phase, drift_class = _split(context, step), None, "different"
    for piece in pieces:
        part.steps[phase or _phase_of_update(piece)].append(context.preconditions.with_precondition(piece))
    part.note_drift(drift_class, resource.kind, step.key)


def _refuse_outside_scope(scope: Scope, match: Match) -> None:
    desired, resource = match.desired, match.desired.resource
    if match.current is not None:
        _refuse_outside(scope, resource, match.current)
    elif desired.absent and desired.name and not scope.has_name(resource, desired.name):
        # The object is already deleted, so only its name is known. Refuse the entry as in the run that deleted the object.
        raise errors.ConflictError(f"it is outside scope ({scope.describe(resource)})", hint="Remove it from the desired state")


def _refuse_outside(scope: Scope, resource: Resource, representation: dict[str, Any]) -> None:
    if not scope.has(resource, representation):
        raise errors.ConflictError(f"it is outside scope ({scope.describe(resource)})", hint="Widen scope, or remove it from the desired state")


def _refuse_protected(context: Context, match: Match, step: Step) -> None:
    """Refuse changes of an entry to a protected object. Rules skip protected objects (see :func:`plan_unlisted`)."""
    protection = context.protection
    if match.current is None or not protection.has(step.resource, match.current):
        return
    refused = refused_changes(step)
    if refused:
        raise errors.ConflictError(
            f"{step.label} is protected ({protection.why(step.resource, match.current)}), and the desired state would {' and '.join(refused)}",
            hint="If this is intended, use p1_user or p1_group, or the console",
        )


def _operations(step: Step) -> set[str]:
    return {row["operation"] for row in step.rows()}


def _phase_of_update(step: Step) -> str:
    operations = _operations(step)
    if "disable" in operations:
        return "disable"
    return "rename" if "rename" in operations else "update"


def _split(context: Context, step: Step) -> list[Step]:
    """Separate a disable from a rename that waits for a name, because the rename may fail or not be attempted."""
    if not _operations(step) >= {"disable", "rename"} or step.desired is None or _name_is_free(context, step):
        return [step]
    disable = plan_object(_disabled(step.resource, step.desired.name), step.before)
    rename = replace(step, changes=[change for change in step.changes if change[0] != "active"])
    return [disable, rename] if disable is not None else [rename]


def _name_is_free(context: Context, step: Step) -> bool:
    """Return whether no other object has the new name of a step."""
    name = step.desired.rename_to if step.desired is not None else None
    return all(object_id == step.id for object_id in context.snapshot.ids_called(step.resource, name or ""))


def _disabled(resource: Resource, name: str | None) -> DesiredObject:
    return DesiredObject(resource, name, values={"active": False})


def refuse_empty(context: Context) -> list[str]:
    """Return problems for lists that are empty or not given if a rule would then apply to every object."""
    problems = []
    for resource, what, entries, rule in context.kinds():
        if rule == "keep" or entries:
            continue
        if entries is None:
            # A list that is not given declares no objects, regardless of allow_empty.
            problems.append(
                f"unlisted_{what} is {rule} but {what} is not set, which would {rule} every {resource.kind}. Set {what}, to an empty list if this is intended"
            )
        elif not context.rules.allow_empty:
            problems.append(
                f"{what} is empty and unlisted_{what} is {rule}, which would {rule} every {resource.kind}. Set allow_empty: true if this is intended"
            )
    return problems


def plan_unlisted(context: Context, matches: Matches) -> Part:
    """Plan by rule each user and group that has no entry."""
    part = Part()
    for resource, _what, entries, rule in context.kinds():
        if entries is not None or rule != "keep" or context.rules.report_undeclared:
            _plan_unlisted(context, matches, part, resource, rule)
    return part


def _plan_unlisted(context: Context, matches: Matches, part: Part, resource: Resource, rule: str) -> None:
    if resource.kind in context.desired.unreadable:
        return  # An invalid entry may refer to any object.
    kind, scope = resource.kind, context.rules.scope
    listed, claimed = matches.by_id[kind], matches.claimed[kind]
    for object_id, item in context.snapshot.objects[kind].items():
        if object_id in listed or object_id in claimed or not scope.has(resource, item):
            continue
        step = _step_by_rule(context, resource, item, rule)
        if step is None:
            drift_class = "unmanaged"
        elif context.is_protected(resource, item):
            drift_class = "protected"
        else:
            part.steps[rule].append(context.preconditions.with_precondition(replace(step, by_rule=True)))
            drift_class = "extra"
        part.note_drift(drift_class, kind, resource.name_of(item))


def _step_by_rule(context: Context, resource: Resource, item: dict[str, Any], rule: str) -> Step | None:
    """Return the step that a rule plans for an object, or None if the rule does not change it."""
    # With match_users_by: external_id, a user without external_id is never unlisted.
    if rule == "keep" or context.by_external_id(resource) and not item.get("externalId"):
        return None
    name = resource.name_of(item)
    return plan_object(DesiredObject(resource, name, "absent") if rule == "delete" else _disabled(resource, name), item)
