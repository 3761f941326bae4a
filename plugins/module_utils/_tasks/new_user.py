# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What p1_user does for a new user in addition to its attributes: the default group, and the email about the password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import is_uuid, show
from .._plan.default_group import resolve_default_group
from .._plan.steps import Step
from .._scim.tables import GROUP
from .._service.hints import suggestion

if TYPE_CHECKING:
    from .user import UserTask


def mail_address(step: Step) -> str | None:
    """Return the primary email address in a create, or else the first one; None if there is none."""
    emails = [item for item in (step.desired.values if step.desired else {}).get("emails") or [] if item.get("value")]
    return next((item["value"] for item in emails if item.get("primary")), emails[0]["value"] if emails else None)


def default_group_of(task: UserTask) -> str | None:
    """Return the ``option`` parameter of a create for ``default_group``; None if the group does not exist yet.

    :raises NotFoundError: the group does not exist, and no earlier task may create it.
    """

    def find(wanted: str) -> dict[str, Any] | None:
        # A UUID is an id, so it needs no lookup by name.
        return None if is_uuid(wanted) else task.lookup.group(wanted) or _group_by_id(task, wanted)

    wanted = task.params["default_group"]
    try:
        return resolve_default_group(wanted, find)
    except errors.NotFoundError as error:
        task.missing(error.reason, suggestion(task.lookup, GROUP, wanted) or None)
        return None


def _group_by_id(task: UserTask, text: str) -> dict[str, Any] | None:
    """Return the group with an id that is not a UUID; None if the service does not know or accept the id."""
    try:
        return task.lookup.by_id(GROUP, text)
    except errors.RefusedError as error:
        if error.fatal:
            raise
        return None


def mail_password_link(task: UserTask, step: Step) -> None:
    """Make the service send a new user an email with a link to set the password.

    [doc] Resetting a Password by Email.
    """
    address = mail_address(step)
    if address is None:
        return
    with errors.attempting(f"have the service mail {show(address)} a link to set the password (the user itself was created)"):
        task.client.action("users/password-lost", {"email": address})
