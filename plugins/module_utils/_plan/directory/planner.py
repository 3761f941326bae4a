# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""A whole directory: desired + current -> one plan. Pure: two plans over one snapshot are equal, in any order.

Each part is a module of its own: names that are passed on (``_renames``), whom entries mean (``_matching``), users
and groups (``_objects``), members (``_memberships``), circles (``_nesting``), preconditions (``_preconditions``),
safety limits (``_safety``). Here they are put together, and the steps in order.
"""

from __future__ import annotations

from ..._scim.tables import GROUP, USER
from ..policy import Protection
from .context import Context
from .cycles import check_nesting
from .drift import drift_order
from .entries import DesiredDirectory
from .matching import Matches, match_entries
from .memberships import plan_memberships
from .order import _in_order, needs_of_names
from .part import Part
from .plan import DirectoryPlan, PlanRefused
from .preconditions import Preconditions
from .renames import Finder, resolve_renames
from .rules import Rules
from .safety import refuse_over_limits, refuse_unproven
from .snapshot import Snapshot
from .users_and_groups import plan_listed, plan_unlisted, refuse_empty


def plan_directory(desired: DesiredDirectory, snapshot: Snapshot, rules: Rules, secret_key: bytes = b"") -> DirectoryPlan:
    """Plan a whole directory.

    :param secret_key: under which secrets enter the plan's hash.
    :raises PlanRefused: with all problems at once; nothing may be written then.
    """
    protection = Protection(rules.protected_users, rules.protected_groups, snapshot.groups)
    context = Context(desired, snapshot, rules, protection, Preconditions(snapshot, rules, (protection,)))
    matches, matching = _match(context)
    objects = plan_listed(context, matches)
    objects.problems += refuse_empty(context)
    objects += plan_unlisted(context, matches)
    if rules.default_group in objects.to_delete(GROUP) and objects.steps["create_user"]:
        objects.problems.append("the default_group of the users to be created is to be deleted")
    whole = matching + objects + plan_memberships(context, matches, objects)
    circles, waiting = check_nesting(snapshot, whole)
    phases, rounds = _in_order(whole.steps)
    plan = DirectoryPlan(
        [step for steps in phases for step in steps],
        drift={name: sorted(rows, key=drift_order) for name, rows in whole.drift.items()},
        unchanged=dict(whole.unchanged),
        warnings=whole.warnings,
        phases=phases,
        needs={**needs_of_names(whole.steps), **waiting},
        preconditions=context.preconditions,
        whole=not desired.problems and all(matches.whole.values()),
        secret_key=secret_key,
    )
    problems = [*desired.problems, *whole.problems, *circles, *rounds]
    if not problems:
        problems = refuse_unproven(context, plan) + refuse_over_limits(context, plan)
    if problems:
        raise PlanRefused(problems, plan)
    return plan


def _match(context):
    """The entries with the objects they are about: (:class:`Matches`, what was found)."""
    matches, part, renames = Matches(), Part(), {}
    for entries, resource in ((context.desired.users or [], USER), (context.desired.groups or [], GROUP)):
        renames[resource.kind], circles = resolve_renames(
            context.snapshot, resource, entries, context.by_external_id
        )
        part.problems += circles
        part += match_entries(context, Finder(context.snapshot, renames), resource, entries, matches)
    return matches, part
