# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Write one step and return its outcome. The step is not modified.

Sources: [doc] Creating, Updating and Deleting a Resource. docs/rules.md lists the numbered rules, and comments explain
each rule where the code implements it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core import errors
from .._scim.tables import GROUP
from .outcome import Outcome

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .context import Context


def write_step(context: Context, step: Step) -> Outcome:
    """Write one step under every possible behavior of the service.

    :raises DirectoryError: the step failed; a StepError if it was completed partly. The message states what was attempted.
    """
    with errors.attempting(step.attempt):
        return _write(context, step)


def _write(context: Context, step: Step) -> Outcome:
    # Ansible sends modules as source and compiles them in every task, so a task imports only the code for its step.
    if step.action == "members":
        from .memberships import change_members

        return change_members(context, step)
    if step.action == "delete":
        from .deletion import delete_object

        return delete_object(context, step)
    if step.action == "create" and step.resource is GROUP:
        from .group_creation import create_group

        return create_group(context, step)
    if step.action == "create":
        from .creation import create_object

        return create_object(context, step)
    if step.resource is GROUP:
        from .groups import rename_group

        return rename_group(context, step)
    from .users import update_user

    return update_user(context, step)
