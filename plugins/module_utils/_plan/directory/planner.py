# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Plan a whole directory: desired + current -> one plan. Pure: plans over the same snapshot are equal, in any order.

Each part is a module of its own: released names (``renames``), the objects of entries (``matching``), users and groups
(``users_and_groups``), members (``memberships``), cycles (``cycles``), preconditions (``preconditions``), the order of the
steps (``order``), safety limits (``safety``). This module combines them.
"""

from __future__ import annotations

from ..._scim.tables import GROUP
from ..policy import Protection
from .context import Context
from .cycles import check_nesting
from .drift import sorted_drift
from .entries import DesiredDirectory
from .matching import Matches, match_entries
from .memberships import plan_memberships
from .order import CIRCLE, in_order, waits_for_names
from .part import Part
from .plan import DirectoryPlan, PlanRefused
from .preconditions import Preconditions
from .renames import Renames, SnapshotFinder, resolve_renames
from .rules import Rules
from .safety import refuse_over_limits, refuse_unproven
from .snapshot import Snapshot
from .users_and_groups import plan_listed, plan_unlisted, refuse_empty


def plan_directory(desired: DesiredDirectory, snapshot: Snapshot, rules: Rules, secret_key: bytes = b"") -> DirectoryPlan:
    """Plan a whole directory.

    :param secret_key: the key for the HMACs of secrets in the hash of the plan.
    :raises PlanRefused: the plan has problems; the error contains all of them. Nothing may be written then.
    """
    protection = Protection(rules.protected_users, rules.protected_groups, snapshot.groups)
    context = Context(desired, snapshot, rules, protection, Preconditions(snapshot, rules, (protection,)))
    matches, whole = _match(context)
    objects = _plan_objects(context, matches)
    whole.include(objects)
    whole.include(plan_memberships(context, matches, objects))
    cycles, nestings_wait = check_nesting(snapshot, whole, matches)
    phases, circles = in_order(whole.steps)
    plan = DirectoryPlan(
        [step for steps in phases for step in steps],
        drift=sorted_drift(whole.drift),
        unchanged=dict(whole.unchanged),
        warnings=whole.warnings,
        phases=phases,
        needs={**waits_for_names(whole.steps), **nestings_wait},
        preconditions=context.preconditions,
        whole=not desired.problems and all(matches.whole.values()),
        secret_key=secret_key,
        snapshot=snapshot,
    )
    if any(CIRCLE in line for line in whole.problems):
        circles = []  # The problem is already reported with the place of an entry.
    problems = [*desired.problems, *whole.problems, *cycles, *circles]
    exceeded = {} if problems else refuse_over_limits(context, plan)
    if not problems:
        problems = [*refuse_unproven(context, plan), *exceeded]
    if problems:
        raise PlanRefused(problems, plan, exceeded)
    return plan


def _match(context: Context) -> tuple[Matches, Part]:
    """Return the matched entries, and the problems, warnings and drift of the matching."""
    matches, part = Matches(), Part()
    renames: dict[str, Renames] = {}
    for resource, _what, entries, _rule in context.kinds():
        renames[resource.kind], circles = resolve_renames(context.snapshot, resource, entries or (), context.by_external_id(resource))
        part.problems += circles
        part.include(match_entries(context, SnapshotFinder(context.snapshot, renames), resource, entries or (), matches))
    return matches, part


def _plan_objects(context: Context, matches: Matches) -> Part:
    """Return the plan for users and groups."""
    part = plan_listed(context, matches)
    part.problems += refuse_empty(context)
    part.include(plan_unlisted(context, matches))
    if context.rules.default_group in part.to_delete(GROUP) and part.steps["create_user"]:
        part.problems.append("default_group: the plan deletes this group, but adds new users to it")
    return part
