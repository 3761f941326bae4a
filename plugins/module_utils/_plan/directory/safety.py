# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Safety checks of a whole plan: no destructive changes after an incomplete read, and limits on changes per run. Pure."""

from __future__ import annotations

from typing import Any

from ..._scim.tables import GROUP, USER
from ..built_in_groups import ADMINISTRATORS
from ..exceeded_limits import ExceededLimit
from .context import Context
from .plan import DirectoryPlan
from .rows import Rows, list_names, operations
from .snapshot import Snapshot

Row = dict[str, Any]


def refuse_unproven(context: Context, plan: DirectoryPlan) -> list[str]:
    """Return why the plan must not be applied, given how the directory was read (rule 3); one line each.

    If a list may be incomplete, nothing is deleted or removed, and no rule disables a user. If the list of groups shows no
    administrator, no rule changes a user.
    """
    found = (
        _after_incomplete_read(context, plan),
        _of_undeclared(context, plan),
        _of_unknown_administrators(context, plan),
        _without_administrators(context, plan),
    )
    return [problem for problem in found if problem]


def _after_incomplete_read(context: Context, plan: DirectoryPlan) -> str | None:
    destructive = [
        row
        for step in plan.steps
        for row in plan.rows_of(step)
        if row["operation"] in ("delete", "remove") or row["operation"] == "disable" and step.by_rule
    ]
    reasons = [f"{kind}s: {why}" for kind, why in context.snapshot.incomplete.items() if why]
    if not destructive or not reasons:
        return None
    return f"the plan would {operations(destructive)}, but the directory could not be read completely ({'; '.join(reasons)})"


def _of_undeclared(context: Context, plan: DirectoryPlan) -> str | None:
    undeclared = [row for step in plan.steps for row in plan.rows_of(step) if row["operation"] == "remove" or step.by_rule]
    if not undeclared or not context.rules.unread:
        return None
    return (
        f"src: the plan would {operations(undeclared)} {list_names(undeclared)} because nothing declares them, but "
        f"{context.rules.unread} not read. Move other files out of the folder, or give documents a known extension"
    )


def _of_unknown_administrators(context: Context, plan: DirectoryPlan) -> str | None:
    """Explicit disables and renames are allowed, except those that may shut out the administrator who could undo them."""
    why = context.snapshot.incomplete.get(GROUP.kind)
    if not why or context.protection.administrators.all_seen or context.rules.protected_users:
        return None
    shut_out = [row for row in plan.rows() if row["operation"] in ("disable", "rename") and row["kind"] == USER.kind]
    if not shut_out:
        return None
    return (
        f"the plan would {operations(shut_out)} {list_names(shut_out)}, but not every administrator is known because the list of "
        f"groups may be incomplete ({why}). List the accounts to protect in protected_users"
    )


def _without_administrators(context: Context, plan: DirectoryPlan) -> str | None:
    if context.protection.administrators or context.rules.protected_users:
        return None
    if not any(step.resource is USER and step.by_rule for step in plan.steps):
        return None
    return (
        f"no member of {ADMINISTRATORS} was found, so no administrator is protected, and unlisted_users is "
        f"{context.rules.unlisted_users}. List the accounts to protect in protected_users"
    )


def refuse_over_limits(context: Context, plan: DirectoryPlan) -> dict[str, ExceededLimit]:
    """Return one problem for each limit that the plan exceeds, with the limit as data."""
    limits, snapshot = context.rules.limits, context.snapshot
    problems: dict[str, ExceededLimit] = {}

    def refuse(name: str, concerned: Rows, population: int) -> None:
        allowed = limits.allowed(name, population)
        if allowed is not None and len(concerned) > allowed:
            kinds = sorted({row["kind"] for row in concerned}, reverse=True)
            what = "member" if kinds == ["membership"] else " or ".join(kinds)
            exceeded = ExceededLimit(name, limits.value(name), allowed, len(concerned), what)
            problem = f"{exceeded.summary}: {list_names(concerned)}. Raise the limit (-1: no limit) if this is intended"
            problems[problem] = exceeded

    rows = plan.rows()
    for name, operation in (("max_deletes", "delete"), ("max_renames", "rename"), ("max_updates", "update")):
        # A number is of users and groups together, a percentage of each kind.
        for kinds in ((USER.kind,), (GROUP.kind,)) if limits.is_percentage(name) else ((USER.kind, GROUP.kind),):
            refuse(name, _of(rows, operation, *kinds), sum(len(snapshot.objects[kind]) for kind in kinds))
    refuse("max_disables", _of(rows, "disable", USER.kind), len(snapshot.users))
    memberships = snapshot.memberships() if limits.is_percentage("max_member_removals") else 0
    refuse("max_member_removals", _removed(snapshot, rows), memberships)
    return problems


def _of(rows: list[Row], operation: str, *kinds: str) -> list[Row]:
    return [row for row in rows if row["operation"] == operation and row["kind"] in kinds]


def _removed(snapshot: Snapshot, rows: list[Row]) -> list[Row]:
    """Return the rows of memberships that end, including those of deleted groups."""
    removed = _of(rows, "remove", "membership")
    counted = {(row["id"], row["member"]["id"]) for row in removed}
    for row in _of(rows, "delete", "group"):
        removed += [
            {"operation": "remove", "kind": "membership", "key": row["key"], "member": member.as_dict()}
            for member in snapshot.members(row["id"]).values()
            if (row["id"], member.id) not in counted
        ]
    return removed
