# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Audit: the plan that an apply would make, and why the apply would be refused. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..._plan.directory.plan import DirectoryPlan, PlanRefused
from ..._plan.directory.rules import Rules
from ..._plan.policy import LIMITS, NO_LIMIT, Limits

NO_LIMITS = dict.fromkeys(LIMITS, NO_LIMIT)


def plan_audit(make_plan: Callable[[Rules], DirectoryPlan], rules: Rules) -> tuple[DirectoryPlan, PlanRefused | None]:
    """Return the plan without safety limits, and the refusal of the plan with them; None: an apply would not be refused.

    :param make_plan: makes a plan from one snapshot of the directory with the given rules.
    :raises PlanRefused: the plan has problems other than exceeded limits, so that not everything can be compared.
    """
    try:
        return make_plan(rules), None
    except PlanRefused as refused:
        return make_plan(replace(rules, allow_empty=True, limits=Limits(NO_LIMITS))), refused
