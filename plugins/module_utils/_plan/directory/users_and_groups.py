# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Steps for the users and groups of a directory: for those that are listed, and by rule for those that are not. Pure.

No object is planned here itself: that is ``_plan.plan_object``, as for the single-object modules.
"""

from __future__ import annotations

from dataclasses import replace

from ..._core.errors import ConflictError
from ..._scim.tables import GROUP, USER
from ..creation import refuse_unusual_name
from ..desired import DesiredObject
from ..one_object import plan_object
from .context import Context
from .matching import Match, Matches
from .part import Part


def plan_listed(context: Context, matches: Matches) -> Part:
    """Plan each user and group that an entry is about."""
    part = Part()
    for match in [*matches.sound[USER.kind], *matches.sound[GROUP.kind]]:
        part.attempt(match.origin, _plan_entry, context, match, part)
    return part


def _plan_entry(context, match, part):
    desired, resource, scope = match.desired, match.desired.resource, context.rules.scope
    scoped = scope.limits(resource)
    if scoped and match.current is not None:
        _refuse_outside(scope, resource, match.current)
    elif scoped and desired.state == "absent" and desired.name and not scope.has_name(resource, desired.name):
        # Gone already, of which only the name is known: refused today as it would have been yesterday.
        raise ConflictError(f"it is outside scope ({scope.describe(resource)})", hint="Take it out of the wish")
    step = plan_object(desired, match.current)
    refuse_unusual_name(step)
    if step is None:
        part.unchanged[resource.kind] += 1
        return
    if scoped and step.after is not None:
        _refuse_outside(scope, resource, step.after)
    if step.action == "create":
        if resource is USER:
            step = replace(step, option=context.rules.default_group)
        part.steps[f"create_{resource.kind}"].append(context.preconditions.with_precondition(step))
        part.note_drift("missing", resource.kind, step.key)
        return
    _refuse_protected(context, match, step)
    if step.action == "delete":
        part.steps["delete"].append(context.preconditions.with_precondition(step))
        part.note_drift("extra", resource.kind, step.key)
        return
    for piece in _parted(context, step):
        part.steps[_phase_of_update(piece)].append(context.preconditions.with_precondition(piece))
    part.note_drift("different", resource.kind, step.key)


def _refuse_outside(scope, resource, representation):
    if not scope.has(resource, representation):
        raise ConflictError(
            f"it is outside scope ({scope.describe(resource)})", hint="Widen scope, or take it out of the wish"
        )


def _refuse_protected(context: Context, match: Match, step):
    """What is desired explicitly of a protected object is refused; rules skip it (see :func:`plan_unlisted`)."""
    protection = context.protection
    if not protection.has(step.resource, match.current):
        return
    refused = protection.refused_changes(step)
    if refused:
        raise ConflictError(
            f"{step.label} is protected ({protection.why(step.resource, match.current)}), and the desired state would {' and '.join(refused)}",
            hint="If this is intended, use p1_user or p1_group, or the console",
        )


def _phase_of_update(step):
    operations = {row["operation"] for row in step.rows()}
    if "disable" in operations:
        return "disable"
    return "rename" if "rename" in operations else "update"


def _parted(context, step):
    """A disable that comes with a rename, apart from it where the name must be freed first: that may fail, or never be tried."""
    operations = {row["operation"] for row in step.rows()}
    if not operations >= {"disable", "rename"} or _name_is_free(context, step):
        return [step]
    disable = plan_object(DesiredObject(step.resource, step.desired.name, values={"active": False}), step.before)
    return [disable, replace(step, changes=[change for change in step.changes if change[0] != "active"])]


def _name_is_free(context, step):
    """Whether no other object has the name a step takes, so that it need not wait for it to be released."""
    return all(object_id == step.id for object_id in context.snapshot.ids_called(step.resource, step.desired.rename_to))


def refuse_empty(context: Context) -> list[str]:
    """The problems of lists that are empty or not given, where a rule would take everything away."""
    desired, rules = context.desired, context.rules
    problems = []
    for what, entries, rule in (
        ("users", desired.users, rules.unlisted_users),
        ("groups", desired.groups, rules.unlisted_groups),
    ):
        if rule == "keep" or entries:
            continue
        if entries is None:
            # A list that was left out says nothing about anybody, whatever may be empty.
            problems.append(
                f"unlisted_{what} is {rule} and {what} is not given at all: that would {rule} every one; give {what}, an empty list if nobody is to stay"
            )
        elif not rules.allow_empty:
            problems.append(
                f"no {what} are listed and unlisted_{what} is {rule}: that would {rule} every one; add allow_empty: true if it is meant"
            )
    return problems


def plan_unlisted(context: Context, matches: Matches) -> Part:
    """Plan by rule each user and group that no entry is about."""
    part = Part()
    _plan_unlisted(context, matches, part, USER, context.desired.users, context.rules.unlisted_users)
    _plan_unlisted(context, matches, part, GROUP, context.desired.groups, context.rules.unlisted_groups)
    return part


def _plan_unlisted(context, matches, part, resource, entries, rule):
    if rule == "keep" and entries is None or resource.kind in context.desired.unreadable:
        return  # an entry that could not be read may be about any object
    kind, protection = resource.kind, context.protection
    scope = context.rules.scope if context.rules.scope.limits(resource) else None
    for object_id, item in context.snapshot.objects[kind].items():
        if object_id in matches.by_id[kind] or object_id in matches.claimed[kind] or scope is not None and not scope.has(resource, item):
            continue
        name = resource.name_of(item)
        step = _step_by_rule(context, resource, item, rule)
        if step is None:
            part.note_drift("unmanaged", kind, name)
        elif protection.has(resource, item) or resource is GROUP and _holds_protected(context, object_id):
            part.note_drift("protected", kind, name)
        else:
            part.steps[rule].append(context.preconditions.with_precondition(replace(step, by_rule=True)))
            part.note_drift("extra", kind, name)


def _step_by_rule(context, resource, item, rule):
    """The step of a rule for an object; None: it leaves the object as it is."""
    # Under match_users_by: external_id a user without one belongs to nobody's list.
    if rule == "keep" or resource is USER and context.by_external_id and not item.get("externalId"):
        return None
    name = resource.name_of(item)
    if rule == "delete":
        return plan_object(DesiredObject(resource, name, "absent"), item)
    return plan_object(DesiredObject(resource, name, values={"active": False}), item)


def _holds_protected(context, group_id):
    """Whether a group has a protected member, whom a rule must not remove: not by deleting the group either."""
    return any(is_protected_member(context, member) for member in context.snapshot.members(group_id).values())


def is_protected_member(context: Context, member) -> bool:
    """Whether a member is a protected user or group."""
    resource = USER if member.kind == "user" else GROUP
    return context.protection.has(resource, context.snapshot.by_id(resource, member.id))
