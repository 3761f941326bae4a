# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The local files that p1_directory writes in a run: its journal and its backup."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from ..._core import errors
from ..._core.dates import now_text
from ..._documents.backup import backup_document, groups_with_members, not_undone
from ..._documents.files import write_text
from ..._documents.journal import Journal, NoJournal
from ..._documents.reading import is_json
from ..._documents.undo import NOT_UNDONE
from ..._documents.writing import dump_document
from ..._plan.directory.plan import DirectoryPlan
from ..._plan.directory.snapshot import Snapshot
from ..documents import schema_line, valid_document, write_schema_copy
from ..reading import additive_warnings


def begin_journal(
    params: Mapping[str, Any], plan: DirectoryPlan, predicted: Mapping[str, int], base_url: str, *, check_mode: bool
) -> NoJournal:
    """Return the journal of a run, with its header and the plan already written.

    :param check_mode: the value for the header.
    :raises DirectoryError: the journal cannot be written.
    """
    if not params["journal"]:
        return NoJournal()
    journal = Journal(params["journal"])
    header = {
        "directory": base_url,
        "source": params["src"] or "task options",
        "check_mode": check_mode,
        "plan_sha256": plan.sha256(),
        "predicted": predicted,
    }
    journal.begin(header, plan)
    return journal


def write_backup(path: str, plan: DirectoryPlan, snapshot: Snapshot, base_url: str, warn: Callable[[str], None]) -> None:
    """Write the previous state of all objects that a plan changes.

    :raises DirectoryError: the backup cannot be written.
    """
    comment = [schema_line(), f"State of {base_url} before a run of p1_directory at {now_text()}: the objects that the run is to change"]
    left = not_undone(plan)
    for text in additive_warnings(path, groups_with_members(plan, snapshot), snapshot):
        warn(text)
    document = valid_document({**backup_document(plan, snapshot), **({NOT_UNDONE: left} if left else {})}, warn)
    with errors.attempting("write the backup"):
        write_text(path, dump_document(document, "json" if is_json(path) else "yaml", comment))
    if not is_json(path):
        write_schema_copy(os.path.dirname(os.path.abspath(path)), warn)
