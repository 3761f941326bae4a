# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Decide how the role user_offboard offboards an account: refusals, groups to leave, the record, and the report. Pure."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.dates import UTC
from ...module_utils._core.names import same_name
from ...module_utils._core.patterns import Patterns
from .account import Account, GroupRef, found_account
from .answers import Answers, Refusal
from .record import (
    Event,
    RecordError,
    has_record,
    offboarded,
    read_record,
    record_folder,
    record_path,
    record_text,
    with_deletion,
)

PREFIX = "user_offboard_"
KEPT = ("Users",)  # the built-in group that contains every user


@dataclass(frozen=True)
class Offboarding:
    """The request of the user who runs the role.

    :ivar path: the file of the record, or the folder of the records if it ends in ``/``.
    :ivar event: the time, the user and the job to write to the record.
    """

    user_name: str
    external_id: str
    delete: bool
    keep_groups: tuple[str, ...]
    protected: tuple[str, ...]
    allow_administrator: bool
    absent_ok: bool
    path: str
    event: Event

    @classmethod
    def read(cls, answers: Answers, now: datetime.datetime) -> Offboarding:
        """Read the request from the variables of the role.

        :param now: the current time, with a time zone.
        :raises Refusal: a variable is invalid.
        """
        user_name, external_id = answers.text("user_name"), answers.text("external_id")
        keep_groups, protected = answers.names("keep_groups", KEPT), answers.names("protected_users")
        if not user_name and not external_id:
            raise Refusal(f"{PREFIX}user_name and {PREFIX}external_id are missing. Set one of them")
        return cls(
            user_name=user_name,
            external_id=external_id,
            delete=answers.text("mode", "disable") == "delete",
            keep_groups=tuple(keep_groups),
            protected=tuple(protected),
            allow_administrator=answers.truth("allow_administrator"),
            absent_ok=answers.truth("absent_ok"),
            path=answers.text("groups_file"),
            event=Event(now, answers.text("by"), answers.text("job")),
        )

    @property
    def searched(self) -> str:
        """Return the user name or external id to search for."""
        return self.user_name or self.external_id

    def search(self) -> dict[str, str]:
        """Return where to search for the record of a deleted account: ``folder``, ``pattern`` and ``expression``.

        The regular expression only preselects the files to read.
        """
        path = record_path(self.path, self.searched, "")
        pattern = "*.yml" if self.path.endswith("/") else os.path.basename(path)
        return {"folder": record_folder(path), "pattern": pattern, "expression": f"(?i).*{re.escape(self.searched)}"}


def require_usable(asked: Offboarding, account: Account | None, recorded: bool) -> None:
    """Refuse an account that does not exist, is not the intended one, is protected, or is an administrator.

    :param recorded: whether an account that does not exist has a record.
    :raises Refusal: the account must not be offboarded.
    """
    if account is None:
        if not asked.delete or not (asked.absent_ok or recorded):
            advice = f", or set {PREFIX}absent_ok: true if it may already be deleted" if asked.delete else ""
            raise Refusal(
                f"Account {asked.searched} does not exist; nothing was done. Check the name{advice}"
            )
    elif asked.external_id and account.external_id != asked.external_id:
        raise Refusal(
            f"The account {account.user_name} has the external_id {account.external_id or '(none)'}, not {asked.external_id}: "
            "it belongs to another person; nothing was done"
        )
    label = account.user_name if account else asked.searched
    if Patterns(asked.protected).match(label):
        raise Refusal(f"The account {label} is one of user_offboard_protected_users; nothing was done")
    if account is not None:
        account.require_administrator_allowed(label, asked.allow_administrator, f"{PREFIX}allow_administrator")


def groups_to_leave(asked: Offboarding, account: Account) -> tuple[GroupRef, ...]:
    """Return the groups to leave: all direct groups except those to keep.

    Leaving a direct group also ends the memberships inherited through it. Domain Administrators is kept, because the
    service refuses to change it over this API.
    """
    administrators = {group.id for group in account.administrator_by[:1]}
    return tuple(
        group
        for group in account.groups
        if group.id not in administrators and not any(same_name(group.name, name) for name in asked.keep_groups)
    )


def warnings(asked: Offboarding, account: Account | None) -> str:
    """Return warnings about variables that may be mistyped, or empty text."""
    found = []
    if account is not None and asked.keep_groups != KEPT:
        held = [group.name for group in (*account.groups, *account.inherited)]
        unknown = [name for name in asked.keep_groups if not any(same_name(name, group) for group in held)]
        if unknown:
            found.append(
                f"Warning: user_offboard_keep_groups: the account is not in group {'; '.join(unknown)}. Check the name"
            )
    joined = [pattern for pattern in asked.protected if ", " in pattern]
    if joined:
        found.append(
            f"Warning: {PREFIX}protected_users is not split at commas, so this is one pattern: {'; '.join(joined)}. "
            "Write one pattern per line"
        )
    return ". ".join(found)


def stopped(asked: Offboarding, account: Account) -> str:
    """Return the start of the message about an unusable record. The role does not remove groups that it cannot record."""
    return (
        f"The account {account.user_name} is {'disabled' if account.active else 'already disabled'} but still in its groups"
        f"{' and not deleted' if asked.delete else ''}, because the groups cannot be recorded:"
    )


def report(asked: Offboarding, account: Account | None, left: Iterable[GroupRef], check_mode: bool) -> str:
    """Return the last line of the role."""
    start = "Check mode, nothing is written: " if check_mode else ""
    if account is None:
        return f"{start}Warning: account {asked.searched} does not exist; nothing to do"
    done = "deleted" if asked.delete else "disabled" if account.active else "already disabled"
    line = f"{start}Account {account.user_name} is {done}; removed from: {'; '.join(group.name for group in left) or 'none'}"
    if len(account.administrator_by) == 1 and not asked.delete:
        line += ". STILL AN ADMINISTRATOR: remove the user from Domain Administrators in the PingOne console"
    return line


def offboarding(
    values: Mapping[str, Any],
    found: Mapping[str, Any] | None = None,
    gone: Iterable[Mapping[str, Any]] | None = None,
    record: Mapping[str, Any] | None = None,
    check_mode: bool = False,
    now: datetime.datetime | None = None,
) -> dict[str, Any]:
    """Decide what the role does next. Each of ``found``, ``gone`` and ``record`` is None until its tasks have run.

    :param values: the variables of the role, without their prefix.
    :param found: the result of looking up the account.
    :param gone: the results of reading the files that may be the record of a deleted account.
    :param record: the results of ``stat`` and ``slurp`` for the record, under these keys.
    :param now: the time to write to the record, or None for the current time.
    :returns: only ``refusal`` if the role refuses the request, otherwise the keys that the filter documents.
    """
    try:
        asked = Offboarding.read(Answers(PREFIX, values), now or datetime.datetime.now(UTC))
        account = found_account(found, asked.searched) if found is not None else None
        if found is not None and (account is not None or gone is not None):
            recorded = has_record(gone or (), asked.user_name, asked.external_id)
            require_usable(asked, account, recorded)
    except Refusal as refusal:
        return {"refusal": str(refusal)}
    decision: dict[str, Any] = {"refusal": "", "user_name": asked.user_name, "external_id": asked.external_id}
    if found is None:
        return decision
    decision |= {
        "account": "",
        "search": asked.search() if account is None and asked.delete and asked.path else {},
        "warning": warnings(asked, account),
        "disable": False,
        "delete": False,
        "left_groups": [],
        "file": "",
        "report": report(asked, account, (), check_mode),
    }
    if account is None:
        return decision
    decision |= _for_account(asked, account, check_mode)
    if decision["file"] and record is not None:
        decision |= _for_record(asked, account, record, str((found or {}).get("base_url") or ""))
    return decision


def _for_account(asked: Offboarding, account: Account, check_mode: bool) -> dict[str, Any]:
    """Return the part of the decision that is about an existing account."""
    left = groups_to_leave(asked, account)
    path = record_path(asked.path, account.user_name, account.id)
    return {
        "account": account.id,
        "disable": account.active,
        "delete": asked.delete,
        "left_groups": [{"id": group.id, "display_name": group.name} for group in left],
        "file": path,
        "folder": record_folder(path),
        "stopped": stopped(asked, account),
        "report": report(asked, account, left, check_mode),
        "problem": "",
        "text": "",
        "deleted_text": "",
        "backup": False,
    }


def _for_record(asked: Offboarding, account: Account, record: Mapping[str, Any], directory: str) -> dict[str, Any]:
    """Return the texts of the record: to write before the account leaves a group, and after it is deleted."""
    path, left = record_path(asked.path, account.user_name, account.id), groups_to_leave(asked, account)
    try:
        former = read_record(record["stat"], record["slurp"], path)
        if not former.is_of(account):
            raise RecordError(f"{path} is not the record of {account.user_name}")
    except RecordError as error:
        return {"problem": str(error)}
    document = offboarded(former, account, left, directory, asked.event)
    return {
        "text": record_text(document) if left or not former.continues(account) else "",
        "deleted_text": record_text(with_deletion(document, asked.event)) if asked.delete else "",
        "backup": former.exists and not former.continues(account),
    }
