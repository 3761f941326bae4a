# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Create groups, and search for a second group with the same name afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core import errors
from .._core.names import same_id
from .._scim.tables import GROUP
from .creation import create_object
from .outcome import Outcome
from .twins import keep_first

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .context import Context


def create_group(context: Context, step: Step) -> Outcome:
    """Create a group. If another task has created a group with the same name first, delete the new group again.

    :raises StepError: two groups with the name exist.
    """
    outcome = create_object(context, step)
    if outcome.found or not context.checks_duplicates:
        return outcome
    own = outcome.representation or {}
    try:
        context.lookup.forget(GROUP)
        groups = context.lookup.groups_called(GROUP.own_name(own) or step.key)
    except errors.DirectoryError as error:
        context.warn(f"{step.label} was created, but a second group of the same name cannot be ruled out: {error}")
        return outcome
    return keep_first(context, step, outcome, [group for group in groups if not same_id(group["id"], own["id"])])
