# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Validate a desired state without its directory. Pure.

The planner does the validation: it plans over a hypothetical snapshot in which as little as possible conflicts with the
desired state. All objects that entries refer to exist, objects that entries create do not, and no rule or limit applies to
other objects. What the planner refuses even then is a contradiction of the desired state (see :mod:`.supposed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..._core import errors
from ..._core.names import normalize_name, show
from ..._core.similar_names import did_you_mean, unusual_characters
from ..._scim.resource import Resource
from ..._scim.tables import GROUP, USER
from ..default_group import resolve_default_group
from ..policy import LIMITS, NO_LIMIT, Limits, Protection, Scope
from .context import Context
from .entries import EXACT, DesiredDirectory, DesiredEntry
from .memberships import ALLOW_EMPTY, NO_MEMBER_LISTED
from .plan import DirectoryPlan, PlanRefused
from .planner import plan_directory
from .preconditions import Preconditions
from .rules import Rules
from .snapshot import Snapshot
from .supposed import references, supposed_snapshot
from .users_and_groups import refuse_empty

# Limit on the comparisons for all suggestions together; they take about four seconds.
MAX_COMPARISONS = 2_000_000


@dataclass(frozen=True)
class Validation:
    """The result of a validation.

    :ivar problems: problems for which every run would refuse the desired state, one line each.
    :ivar warnings: likely mistakes that only a directory can confirm, one line each.
    :ivar checked: number of users, groups and memberships that the desired state declares.
    """

    problems: Sequence[str] = ()
    warnings: Sequence[str] = ()
    checked: Mapping[str, int] = field(default_factory=dict)


def validate(desired: DesiredDirectory, rules: Rules, default_group: str | None = None) -> Validation:
    """Validate a desired state without a directory.

    :param rules: the rules without ``default_group``, which only a directory can resolve.
    :param default_group: the value of the option ``default_group``.
    """
    problems = list(desired.problems)
    snapshot = supposed_snapshot(desired, rules.match_users_by == "external_id", default_group)
    plan, contradictions = _plan(desired, snapshot, rules, default_group)
    context = Context(desired, snapshot, rules, Protection(), Preconditions(snapshot, rules, ()))
    found = [*contradictions, *refuse_empty(context), *_outside_scope(desired, rules.scope), *_emptied(desired, rules)]
    # An invalid entry may conflict with others only because it could not be read.
    problems += [line for line in found if not any(_same_place(line, known) for known in desired.problems)]
    checked = {
        "user": len(desired.users or ()),
        "group": len(desired.groups or ()),
        "membership": plan.counts()["membership"]["added"],
    }
    return Validation(list(dict.fromkeys(problems)), [*_unusual_names(desired), *_undeclared(desired)], checked)


def _plan(
    desired: DesiredDirectory, snapshot: Snapshot, rules: Rules, default_group: str | None
) -> tuple[DirectoryPlan, list[str]]:
    """Return the plan over a hypothetical snapshot, and the problems that do not depend on a directory."""
    unrestricted = Limits(dict.fromkeys(LIMITS, NO_LIMIT))
    rules = replace(rules, unlisted_users="keep", unlisted_groups="keep", scope=Scope(), limits=unrestricted)
    problems = []
    try:
        resolved = resolve_default_group(default_group, lambda name: snapshot.group(name) or snapshot.by_id(GROUP, name))
        rules = replace(rules, default_group=resolved)
    except errors.DirectoryError as error:
        problems.append(str(error))
    try:
        return plan_directory(desired, snapshot, rules), problems
    except PlanRefused as refused:
        return refused.plan, [*problems, *(line for line in refused.problems if line not in desired.problems)]


def _same_place(line: str, known: str) -> bool:
    """Return whether a problem concerns an entry that has a known problem."""
    origin = line.partition(": ")[0]
    return known.startswith(origin) and not known[len(origin) :][:1].isalnum()


def _entries(desired: DesiredDirectory) -> Iterable[DesiredEntry]:
    return [*(desired.users or ()), *(desired.groups or ())]


def _outside_scope(desired: DesiredDirectory, scope: Scope) -> list[str]:
    """Return problems for entries that are outside scope by their declared values, and for groups outside it that users join."""
    problems = []
    for entry in _entries(desired):
        resource, state = entry.desired.resource, entry.desired
        values = {} if state.absent else {**state.values}
        # An object that is deleted by id may have a different name.
        name = state.new_name if not state.absent else None if entry.given_id else state.name
        if name:
            values[resource.key.option] = name
        if not scope.allows(resource, values, state.mode):
            problems.append(
                f"{entry.origin}: it is outside scope ({scope.describe(resource)}). Widen scope, or remove it from the desired state"
            )
    declared = _names(desired.groups)
    for entry in desired.users or ():
        for name in entry.groups or ():
            if normalize_name(name) not in declared and not scope.has_name(GROUP, name):
                problems.append(f"{entry.origin}: group {show(name)} is outside scope ({scope.describe(GROUP)})")
    return problems


def _emptied(desired: DesiredDirectory, rules: Rules) -> list[str]:
    """Return problems for exact groups without a member. The planner reports them only if it could match every entry."""
    if rules.allow_empty or USER.kind in desired.unreadable:
        return []
    joined = {normalize_name(name) for entry in desired.users or () for name in entry.groups or ()}
    return [
        f"{entry.origin}: {NO_MEMBER_LISTED}. {ALLOW_EMPTY}"
        for entry in desired.groups or ()
        if entry.membership == EXACT and entry.members and not any(entry.members.values())
        if joined.isdisjoint({entry.old_key, entry.new_key}) and not entry.desired.absent
    ]


def _names(entries: Iterable[DesiredEntry] | None) -> set[str]:
    """Return the normalized names that other entries may use to refer to some entries."""
    return {name for entry in entries or () for name in (entry.old_key, entry.new_key) if name}


def _unusual_names(desired: DesiredDirectory) -> list[str]:
    """Return warnings for names with invisible characters: no object is created with such a name, but one may exist."""
    warnings = []
    for entry in _entries(desired):
        name, option = entry.given_name, entry.desired.resource.key.option
        found = unusual_characters(name) if name and not entry.given_id and not entry.desired.absent else None
        if found:
            warnings.append(f"{entry.origin}: {option} {show(name)} contains {found}; no {entry.desired.resource.kind} is created with it")
    return warnings


def _undeclared(desired: DesiredDirectory) -> list[str]:
    """Return warnings for names that are referred to but not declared, and that differ little from a declared name."""
    warnings = []
    for resource, entries in ((USER, desired.users), (GROUP, desired.groups)):
        candidates = [entry.desired.new_name for entry in entries or () if entry.desired.new_name and not entry.desired.absent]
        if candidates:
            warnings += _misspelled(resource, desired, _names(entries), candidates)
    return warnings


def _misspelled(resource: Resource, desired: DesiredDirectory, declared: set[str], candidates: list[str]) -> list[str]:
    left = MAX_COMPARISONS
    hints: dict[str, str] = {}
    warnings = []
    for entry, option, kind, name in references(desired):
        if kind is not resource or normalize_name(name) in declared:
            continue
        if name not in hints and left > 0:
            left -= len(candidates)
            # Numbered names differ in a digit on purpose.
            hints[name] = did_you_mean(name, [other for other in candidates if _letters(other) != _letters(name) or other.lower() == name.lower()])
        if hints.get(name):
            warnings.append(f"{entry.origin}: {option}: {resource.kind} {show(name)} is not declared. {hints[name]}")
    return warnings


def _letters(name: str) -> str:
    return re.sub(r"\d", "", name).lower()
