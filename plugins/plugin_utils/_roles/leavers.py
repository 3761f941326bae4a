# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Decide which accounts to delete a number of days after the role user_offboard disabled them. Pure.

The records of the role state when each account was disabled. An account is deleted only if it has the id in the record
and is still disabled. Every other account is kept and reported with the reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.dates import UTC, moment_text
from ...module_utils._core.names import normalize_id, same_name, show
from ...module_utils._core.patterns import Patterns
from .account import Account, found_accounts
from .answers import Answers, Refusal
from .offboarding import PREFIX
from .record import NOT_DELETED, Event, Record, RecordError, record_text, slurped_record, used_since, with_deletion

DAYS = 30
MAX_DELETES = 10


@dataclass(frozen=True)
class Request:
    """The request of the user who runs the role."""

    folder: str
    days: int
    max_deletes: str
    protected: tuple[str, ...]
    event: Event

    @classmethod
    def read(cls, answers: Answers, now: datetime.datetime) -> Request:
        """Read the request from the variables of the role.

        :param now: the current time, with a time zone.
        :raises Refusal: a variable is invalid.
        """
        folder, days = answers.text("groups_file"), answers.text("delete_after_days", str(DAYS))
        if not folder.endswith("/"):
            raise Refusal(f"{PREFIX}groups_file must be the folder of the records and end in /; no account was deleted")
        if not days.isdecimal() or int(days) < 1:
            raise Refusal(f"{PREFIX}delete_after_days must be a number of days, at least 1, not {show(days)}; no account was deleted")
        event = Event(now, answers.text("by"), answers.text("job"))
        # Read as text, because 0 is the strictest limit, not an empty value.
        most = answers.text("max_deletes", str(MAX_DELETES))
        return cls(folder, int(days), most, tuple(answers.names("protected_users")), event)

    def is_due(self, record: Record) -> bool:
        """Return whether the account of a record has been disabled for the requested number of days."""
        return record.disabled_at is not None and (self.event.moment - record.disabled_at).days >= self.days


@dataclass(frozen=True)
class Leaver:
    """An account that is disabled according to its records. One account can have several records."""

    paths: tuple[str, ...]
    records: tuple[Record, ...]

    @property
    def record(self) -> Record:
        """Return the latest record. A record without a readable time counts as the latest."""
        return max(self.records, key=lambda record: (record.disabled_at is None, record.disabled_at or datetime.datetime.min))

    def row(self, account: Account | None = None, reason: str = "") -> dict[str, Any]:
        """Return the account as a row of the role's result."""
        record = self.record
        shown = {
            "id": record.id,
            "user_name": account.user_name if account else record.user_name,
            "disabled": moment_text(record.disabled_at, "seconds") if record.disabled_at else None,
            "record": self.paths[0],
        }
        return {**shown, "reason": reason} if reason else shown


def leavers_of(slurped: Iterable[Mapping[str, Any]]) -> tuple[list[Leaver], list[str]]:
    """Return the accounts in records that are not deleted yet, and the problems of files that are not valid records.

    :param slurped: the results of ``slurp`` for each file.
    """
    by_id: dict[str, list[tuple[str, Record]]] = {}
    problems = []
    for result in slurped:
        path = str(result.get("source") or "")
        try:
            record = slurped_record(result)
        except RecordError as error:
            problems.append(str(error))
            continue
        if record.deleted or not record.exists:
            continue
        if not record.id:
            problems.append(f"{path} contains no account id")
        else:
            by_id.setdefault(normalize_id(record.id), []).append((path, record))
    return [Leaver(*(tuple(column) for column in zip(*found))) for found in by_id.values()], problems


def reason_to_keep(request: Request, leaver: Leaver, account: Account | None, same_names: Sequence[Account], directory: str) -> str:
    """Return why an account that is due must be kept, or empty text if it can be deleted.

    :param account: the account with the id in the record, or None if it does not exist.
    :param same_names: the accounts with the user name in the record.
    :param directory: the URL of the directory, or empty text.
    """
    record = leaver.record
    if record.directory and directory and record.directory != directory:
        return f"its record belongs to the directory {record.directory}"
    if account is None:
        other = f"; the account {same_names[0].user_name} (id {same_names[0].id}) is another one" if same_names else ""
        return f"no account has the id {record.id}{other}"
    if account.active:
        return "it was enabled again"
    if used_since(record.disabled_at, account.attributes.get("last_login")):
        return f"it was enabled again, was used on {account.attributes['last_login']}, and was disabled without a new record"
    if record.external_id and account.external_id and record.external_id != account.external_id:
        return f"its external_id is {account.external_id}, but the record has {record.external_id}"
    if Patterns(request.protected).match(account.user_name):
        return f"{PREFIX}protected_users protects it"
    if account.administrator_by:
        return f"it is an administrator through {' > '.join(group.name for group in account.administrator_by)}"
    return ""


def leavers(
    values: Mapping[str, Any],
    records: Mapping[str, Any] | None = None,
    users: Mapping[str, Any] | None = None,
    result: Mapping[str, Any] | None = None,
    now: datetime.datetime | None = None,
) -> dict[str, Any]:
    """Decide what the role does next. Each of ``records``, ``users`` and ``result`` is None until its task has run.

    :param values: the variables of the role, without their prefix.
    :param records: the results of ``find`` and ``slurp`` for the records, under these keys.
    :param users: the result of ``p1_user_info`` with ``effective: true`` for all users.
    :param result: the result of ``p1_directory`` for the deletion.
    :param now: the time from which days are counted back, or None for the current time.
    :returns: only ``refusal`` if the role refuses the request, otherwise the keys that the filter documents.
    """
    try:
        request = Request.read(Answers(PREFIX, values), now or datetime.datetime.now(UTC))
        if records is not None and request.folder.rstrip("/") in map(_without_slash, records["find"].get("skipped_paths") or {}):
            raise Refusal(f"The folder of records {request.folder} does not exist; no account was deleted")
    except Refusal as refusal:
        return {"refusal": str(refusal)}
    decision: dict[str, Any] = {"refusal": "", "folder": request.folder, "expression": NOT_DELETED, "max_deletes": request.max_deletes}
    if records is None:
        return decision
    known, problems = leavers_of(records["slurp"])
    due = [leaver for leaver in known if request.is_due(leaver.record)]
    undated = [leaver.row(None, "its record has no time") for leaver in known if leaver.record.disabled_at is None]
    decision |= {"due": len(due), "waiting": len(known) - len(due) - len(undated), "problems": problems, "delete": [], "kept": undated}
    if users is None:
        return decision
    delete, kept = _divided(request, due, users)
    decision["delete"] = [leaver.row(account) for leaver, account in delete]
    decision["kept"] = kept + undated
    decision["entries"] = [{"id": account.id, "state": "absent"} for _leaver, account in delete]
    decision["report"] = _report(decision)
    if result is not None:
        deleted = deleted_ids(result)
        done = [leaver for leaver, account in delete if normalize_id(account.id) in deleted]
        decision["notes"] = [
            {"path": path, "text": record_text(with_deletion(record.document, request.event))}
            for leaver in done
            for path, record in zip(leaver.paths, leaver.records)
        ]
    return decision


def _without_slash(path: str) -> str:
    return path.rstrip("/")


def _divided(
    request: Request, due: Sequence[Leaver], users: Mapping[str, Any]
) -> tuple[list[tuple[Leaver, Account]], list[dict[str, Any]]]:
    """Return the accounts to delete, and the rows of the accounts to keep."""
    accounts = found_accounts(users)
    by_id = {normalize_id(account.id): account for account in accounts}
    delete, kept = [], []
    for leaver in due:
        account = by_id.get(normalize_id(leaver.record.id))
        same_names = [other for other in accounts if same_name(other.user_name, leaver.record.user_name)]
        reason = reason_to_keep(request, leaver, account, same_names, str(users.get("base_url") or ""))
        if account is None or reason:
            kept.append(leaver.row(account, reason))
        else:
            delete.append((leaver, account))
    return delete, kept


def deleted_ids(result: Mapping[str, Any]) -> set[str]:
    """Return the ids of the users that a p1_directory run deleted; empty if the counts of its result do not confirm them."""
    if result.get("problems"):
        return set()  # the run was refused before the first write
    failed = {item.get("key") for item in result.get("failed_items") or [] if item.get("operation") == "delete"}
    rows = [row for row in result.get("plan") or [] if row.get("kind") == "user" and row.get("operation") == "delete"]
    done = {normalize_id(row["id"]) for row in rows if row.get("id") and row.get("key") not in failed}
    counted = ((result.get("counts") or {}).get("user") or {}).get("deleted")
    return done if counted == len(done) else set()


def _report(decision: Mapping[str, Any]) -> list[str]:
    """Return the lines for the console: the accounts to delete, to keep (with reasons), and the number of waiting accounts."""
    names = "; ".join(row["user_name"] for row in decision["delete"]) or "none"
    kept = [f"Kept: {row['user_name']} ({row['record']}): {row['reason']}" for row in decision["kept"]]
    files = [f"Not read: {problem}" for problem in decision["problems"]]
    return [f"Accounts to delete: {names}; not due yet: {decision['waiting']}", *kept, *files]
