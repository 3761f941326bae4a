# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The record of an offboarding, one YAML file per account: the changes to the account, the time, and the job. Pure.

The role reads and writes the file. This module decides its name and its content, and to which account it belongs. The
README of the role describes the keys.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._core import errors
from ...module_utils._core.dates import moment_text, parse_moment
from ...module_utils._core.names import same_name
from ...module_utils._core.unicode import replace_invalid
from ...module_utils._documents.writing import dump_yaml
from ...module_utils._documents.yaml_reading import load_yaml
from .account import Account, GroupRef
from .answers import plain_data

VERSION = 1
COMMENT = (
    "# Written by the role pingone.directory.user_offboard, whose documentation describes the keys and how to restore the account.\n"
)
# The maximum difference between the clocks of the controller (times in records) and of the service (times of logins).
CLOCKS_DIFFER = datetime.timedelta(days=1)
# The line of a record whose account is not deleted. The role reads only files that contain it.
NOT_DELETED = "deleted: null"


class RecordError(Exception):
    """The reason why a record cannot be used; the text is one line."""


@dataclass(frozen=True)
class Event:
    """The time of a change, and the user and the job that made it; each is empty text if unknown."""

    moment: datetime.datetime
    user: str
    job: str

    def as_dict(self) -> dict[str, str | None]:
        """Return the event in the form that a record contains."""
        return {"time": moment_text(self.moment, "seconds"), "user": self.user or None, "job": self.job or None}


@dataclass(frozen=True)
class Record:
    """The content of a record; empty if the file does not exist or is empty.

    :ivar disabled_at: the time when the account was disabled, or None if the record contains no readable time.
    :ivar deleted: whether the record states that the account was deleted.
    :ivar document: the whole content of the file.
    """

    exists: bool = False
    id: str = ""
    user_name: str = ""
    external_id: str = ""
    directory: str = ""
    left_groups: tuple[Mapping[str, Any], ...] = ()
    disabled_at: datetime.datetime | None = None
    deleted: bool = False
    document: Mapping[str, Any] = field(default_factory=dict)

    def continues(self, account: Account) -> bool:
        """Return whether the record belongs to the current offboarding. If the account was used since, a new record is needed."""
        used = account.active or used_since(self.disabled_at, account.attributes.get("last_login"))
        return self.exists and self.id == account.id and not self.deleted and not used

    def is_of(self, account: Account) -> bool:
        """Return whether the record is empty or belongs to an account: by id, or by name if the account was created again."""
        return self.id == account.id or not self.user_name or same_name(self.user_name, account.user_name)


def record_path(path: str, user_name: str, account_id: str) -> str:
    """Return the path of the record of an account.

    :param path: a file, or a folder if it ends in ``/``. In a folder, the file is named after the account. Characters that
        are not safe in file names are replaced; part of the id then keeps the file name unique.
    """
    if not path.endswith("/"):
        return path
    name = re.sub("[^a-z0-9@._-]", "_", user_name.lower())
    return f"{path}{name}{'' if name == user_name.lower() else f'-{account_id[:8]}'}.yml"


def record_folder(path: str) -> str:
    """Return the folder of a record."""
    return os.path.dirname(path) or "."


def parse_record(text: str, path: str) -> Record:
    """Parse a record from the text of its file.

    :raises RecordError: the text is not a YAML dictionary, or contains no list of groups.
    """
    problems: list[str] = []
    try:
        value = plain_data(load_yaml(text, path, problems))
    except errors.DirectoryError as error:
        raise RecordError(errors.one_line(f"{path}: {error}")) from error
    if problems:
        raise RecordError(errors.one_line("; ".join(problems)))
    if not value:
        return Record()
    groups = value.get("left_groups") or [] if isinstance(value, dict) else None
    if not isinstance(groups, list) or not all(isinstance(group, dict) and "id" in group for group in groups):
        raise RecordError(f"{path} is not a record")
    texts = {key: str(value.get(key) or "") for key in ("id", "user_name", "external_id", "directory")}
    disabled = value.get("disabled")
    return Record(
        exists=True,
        left_groups=tuple(groups),
        disabled_at=parse_moment(disabled.get("time")) if isinstance(disabled, dict) else None,
        deleted=bool(value.get("deleted")),
        document=value,
        **texts,
    )


def read_record(stat: Mapping[str, Any], slurped: Mapping[str, Any], path: str) -> Record:
    """Read a record from the results of ``stat`` and ``slurp``; the role ignores the failures of these tasks.

    :raises RecordError: the file could not be looked up or read, or is not a record.
    """
    if slurped.get("content") is not None:
        return parse_record(_text_of(slurped), path)
    if "stat" in stat and not stat["stat"].get("exists"):
        return Record()
    raise RecordError(errors.one_line(str(slurped.get("msg") or stat.get("msg") or f"{path} cannot be read")))


def slurped_record(slurped: Mapping[str, Any]) -> Record:
    """Read a record from a result of ``slurp``.

    :raises RecordError: the file is not a record.
    """
    return parse_record(_text_of(slurped), str(slurped.get("source") or ""))


def has_record(slurped: Iterable[Mapping[str, Any]], user_name: str, external_id: str) -> bool:
    """Return whether a file is the record of an account with a user name or, if no name is given, with an external id.

    :param slurped: the results of ``slurp`` for each file.
    """
    for result in slurped:
        try:
            record = slurped_record(result)
        except RecordError:
            continue
        if same_name(record.user_name, user_name) if user_name else same_name(record.external_id, external_id):
            return True
    return False


def used_since(disabled_at: datetime.datetime | None, last_login: Any) -> bool:
    """Return whether a user logged in after the account was disabled, which proves that it was enabled again."""
    login = parse_moment(last_login)
    return disabled_at is not None and login is not None and login > disabled_at + CLOCKS_DIFFER


def offboarded(record: Record, account: Account, left: Iterable[GroupRef], directory: str, event: Event) -> dict[str, Any]:
    """Return the content of the record of an account that is disabled and leaves groups.

    :param record: the previous record. If the same offboarding continues, the new content keeps its time and its groups.
    :param directory: the URL of the directory, or empty text.
    """
    continued = record.continues(account)
    kept = [dict(group) for group in record.left_groups] if continued else []
    ids = {group["id"] for group in kept}
    return {
        "record": VERSION,
        "directory": directory or None,
        "user_name": account.user_name,
        "id": account.id,
        "external_id": account.external_id or None,
        "disabled": record.document["disabled"] if continued and record.disabled_at else event.as_dict(),
        "deleted": None,
        "left_groups": kept + [{"id": group.id, "display_name": group.name} for group in left if group.id not in ids],
    }


def with_deletion(document: Mapping[str, Any], event: Event) -> dict[str, Any]:
    """Return the content of a record with the deletion of its account added."""
    return {**document, "deleted": event.as_dict()}


def record_text(document: Mapping[str, Any]) -> str:
    """Return the text of a record's file."""
    return COMMENT + str(dump_yaml(replace_invalid(dict(document))))


def _text_of(slurped: Mapping[str, Any]) -> str:
    try:
        return base64.b64decode(slurped.get("content") or "").decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise RecordError(f"{slurped.get('source')} is not text in UTF-8") from error
