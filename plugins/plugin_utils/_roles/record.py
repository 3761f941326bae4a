# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The record of an offboarding: the groups that an account has left, in a YAML file of its own. Pure.

The role reads and writes the file; this module decides its name, whose record it is, and what is written.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.errors import DirectoryError, one_line
from ...module_utils._core.names import same_name
from ...module_utils._core.unicode import replace_invalid
from ...module_utils._documents.writing import dump_yaml
from ...module_utils._documents.yaml_reading import load_yaml
from .account import Account, GroupRef

COMMENT = "# The groups that an account was in before it was disabled. The documentation of the role user_offboard says how to put it back.\n"


class RecordError(Exception):
    """The reason why a record cannot be used; the text is one line."""


@dataclass(frozen=True)
class Record:
    """What a record holds; empty for a file that does not exist or holds nothing."""

    exists: bool = False
    id: str = ""
    user_name: str = ""
    external_id: str = ""
    left_groups: tuple[Mapping[str, Any], ...] = ()

    def is_of(self, account: Account) -> bool:
        """Return whether the record is of an account, or of none: by id, or by name where the account was made again."""
        return self.id == account.id or not self.user_name or same_name(self.user_name, account.user_name)


def record_path(path: str, user_name: str, account_id: str) -> str:
    """Return the path of the record of an account.

    :param path: a file, or a folder where it ends in ``/``: then the file is named after the account. Where the name
        holds characters that a file name should not hold, part of the id keeps apart the names that look the same then.
    """
    if not path.endswith("/"):
        return path
    name = re.sub("[^a-z0-9@._-]", "_", user_name.lower())
    return f"{path}{name}{'' if name == user_name.lower() else f'-{account_id[:8]}'}.yml"


def record_folder(path: str) -> str:
    """Return the folder that a record is in."""
    return os.path.dirname(path) or "."


def parse_record(text: str, path: str) -> Record:
    """Return a record from the text of its file.

    :raises RecordError: it is not YAML of a dictionary, or has no list of groups.
    """
    problems: list[str] = []
    try:
        value = load_yaml(text, path, problems)
    except DirectoryError as error:
        raise RecordError(one_line(f"{path}: {error}")) from error
    if problems:
        raise RecordError(one_line("; ".join(problems)))
    if not value:
        return Record()
    groups = value.get("left_groups") or [] if isinstance(value, dict) else None
    if not isinstance(groups, list) or not all(isinstance(group, dict) and "id" in group for group in groups):
        raise RecordError(f"{path} is not a record")
    texts = {key: str(value.get(key) or "") for key in ("id", "user_name", "external_id")}
    return Record(exists=True, left_groups=tuple(dict(group) for group in groups), **texts)


def read_record(stat: Mapping[str, Any], slurped: Mapping[str, Any], path: str) -> Record:
    """Return a record from the results of ``stat`` and ``slurp``, which did not fail their tasks.

    :raises RecordError: the file cannot be looked up or read, or is no record.
    """
    if slurped.get("content") is not None:
        return parse_record(_text_of(slurped), path)
    if "stat" in stat and not stat["stat"].get("exists"):
        return Record()
    raise RecordError(one_line(str(slurped.get("msg") or stat.get("msg") or f"{path} cannot be read")))


def has_record(slurped: Iterable[Mapping[str, Any]], user_name: str, external_id: str) -> bool:
    """Return whether one of some files is the record of an account that was searched for, by name or else by external id.

    :param slurped: the results of ``slurp`` for each file.
    """
    for result in slurped:
        try:
            record = parse_record(_text_of(result), str(result.get("source") or ""))
        except RecordError:
            continue
        if same_name(record.user_name, user_name) if user_name else same_name(record.external_id, external_id):
            return True
    return False


def merged_groups(record: Record, account: Account, left: Iterable[GroupRef]) -> list[dict[str, Any]]:
    """Return the groups to record: those of a record that goes on, then the new ones.

    A record of a disabled account goes on; one of an account that was in use since is replaced.
    """
    kept = [dict(group) for group in record.left_groups] if not account.active and record.id == account.id else []
    ids = {group["id"] for group in kept}
    return kept + [{"id": group.id, "display_name": group.name} for group in left if group.id not in ids]


def record_text(record: Record, account: Account, left: Iterable[GroupRef]) -> str:
    """Return the text to write for an account that leaves groups."""
    document = {
        "user_name": account.user_name,
        "id": account.id,
        "external_id": account.external_id or None,
        "left_groups": merged_groups(record, account, left),
    }
    return COMMENT + str(dump_yaml(replace_invalid(document)))


def _text_of(slurped: Mapping[str, Any]) -> str:
    try:
        return base64.b64decode(slurped.get("content") or "").decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise RecordError(f"{slurped.get('source')} is not text in UTF-8") from error
