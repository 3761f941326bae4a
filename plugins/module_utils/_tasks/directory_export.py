# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_directory_export: export the whole directory to one document or to a folder of documents."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._core import errors
from .._core.dates import now_text
from .._core.names import counted, normalize_name
from .._documents.export import directory_document
from .._documents.files import remove_file, require_possible_path, require_writable, require_writable_folder, write_text
from .._documents.reading import EXTENSIONS, is_document, require_no_csv
from .._documents.writing import WRITTEN_HERE, dump_document, same_content, written_here
from .._plan.directory.entries import ADDITIVE, EXACT
from .._plan.directory.snapshot import Snapshot
from .._plan.policy import Scope
from .._scim.tables import GROUP
from .documents import schema_line, valid_document, write_schema_copy
from .reading import additive_warnings, incomplete_warnings, read_directory
from .task import Applied, Planned, Task


@dataclass(frozen=True, eq=False)
class ExportPlanned(Planned):
    """Files to write and files to remove.

    :ivar counts: number of exported users and groups.
    :ivar texts: the content of each new or changed file, by path.
    :ivar existing: the paths of the changed files.
    :ivar stale: the paths of files from an earlier export whose objects no longer exist.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    existing: frozenset[str] = frozenset()
    stale: Sequence[str] = ()

    @property
    def changes(self) -> bool:
        """Whether a file must be written or removed."""
        return bool(self.texts or self.stale)


@dataclass(frozen=True, eq=False)
class ExportApplied(Applied):
    """The result of an export.

    :ivar written: whether the files were written; False in check mode.
    """

    written: bool = False


class DirectoryExportTask(Task):
    """Read a whole directory and write it to local files."""

    attempt = "export the directory"
    empty_result = {"dest": None, "counts": None}

    @staticmethod
    def argument_spec() -> dict[str, dict[str, Any]]:
        """Return the options of p1_directory_export."""
        return {
            "dest": {"type": "path", "required": True},
            "format": {"type": "str", "choices": ["yaml", "json"], "default": "yaml"},
            "scope": {"type": "dict", "options": {"users": {"type": "dict"}, "groups": {"type": "dict"}}},
            "with_ids": {"type": "bool", "default": False},
            "membership": {"type": "str", "choices": [EXACT, ADDITIVE], "default": EXACT},
        }

    def plan(self) -> ExportPlanned:
        """Read the directory, and compare its document with the files at ``dest``."""
        dest = self.params["dest"]
        if not dest:
            raise errors.InputError("dest is empty", hint="Set it to a file, or to a folder with / at its end")
        require_possible_path("dest", dest)
        folder = _is_folder(dest)
        if folder:
            require_writable_folder("dest", dest)
            require_writable_folder("dest", os.path.join(dest, "groups"))
        else:
            require_no_csv("dest", dest)
            require_writable("dest", dest)
        snapshot = read_directory(self.client)
        for text in incomplete_warnings(snapshot):
            self.warn(text)
        scope, with_ids, membership = Scope(self.params["scope"]), self.params["with_ids"], self.params["membership"]
        document = directory_document(snapshot, scope, with_ids, membership)
        if membership == EXACT:
            for text in additive_warnings(dest, (group for group in snapshot.groups.values() if scope.has(GROUP, group)), snapshot):
                self.warn(text)
        document = valid_document(document, self.warn)
        counts = {"users": len(document["users"]), "groups": len(document["groups"])}
        comment = [
            f"{counted(counts['users'], 'user')} and {counted(counts['groups'], 'group')} of {self.client.base_url}, exported at {now_text()}",
            WRITTEN_HERE,
        ]
        texts = (
            _files_of(document, dest, self.params["format"], comment)
            if folder
            else {dest: dump_document(document, self.params["format"], [schema_line(), *comment])}
        )
        changes = {path: text for path, text in texts.items() if not same_content(text, path)}
        existing = frozenset(path for path in changes if os.path.exists(path))
        stale = [*self._stale_users(dest, texts), *self._stale_groups(dest, texts)] if folder else []
        if any(snapshot.incomplete.values()):
            self._refuse_replacing(snapshot, existing)
            for path in stale:
                self.warn(f"{path} is kept: its objects are not in the list, which may be incomplete")
            stale = []
        return ExportPlanned(counts=counts, texts=changes, existing=existing, stale=stale)

    @staticmethod
    def _refuse_replacing(snapshot: Snapshot, existing: frozenset[str]) -> None:
        """Refuse to replace an export after an incomplete read, because the old export may contain what the read lacks (rule 3)."""
        if not existing:
            return
        reasons = [f"{kind}s: {why}" for kind, why in snapshot.incomplete.items() if why]
        more = f" and {len(existing) - 1} more files" if len(existing) > 1 else ""
        raise errors.InputError(
            f"this export would replace {min(existing)}{more}, but the directory could not be read completely ({'; '.join(reasons)})",
            hint="Export to another path, and compare",
        )

    def _stale_users(self, dest: str, texts: Mapping[str, str]) -> list[str]:
        """Return files of users from an earlier export in another format, because src would read both."""
        paths = [os.path.join(dest, "users" + extension) for extension in EXTENSIONS]
        return [path for path in paths if path not in texts and os.path.isfile(path) and self._is_stale(path)]

    def _stale_groups(self, dest: str, texts: Mapping[str, str]) -> list[str]:
        """Return files from an earlier export whose group no longer exists, because an import would create the group again."""
        folder = os.path.join(dest, "groups")
        stale = []
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if path in texts or not is_document(name) or not os.path.isfile(path) or os.path.islink(path):
                continue
            if self._is_stale(path):
                stale.append(path)
        return stale

    def _is_stale(self, path: str) -> bool:
        """Return whether a file that is not part of this export comes from an earlier export. Warn about any other file."""
        if not written_here(path):
            self.warn(f"{path} does not belong to this export, but src would read it")
            return False
        return True

    def preview(self, planned: ExportPlanned) -> ExportApplied:
        """Write nothing."""
        return ExportApplied()

    def apply(self, planned: ExportPlanned) -> ExportApplied:
        """Write the changed files, and remove the stale ones."""
        try:
            for path, text in planned.texts.items():
                write_text(path, text, make_folder=_is_folder(self.params["dest"]))
            for path in planned.stale:
                remove_file(path)
        except errors.DirectoryError as error:
            return ExportApplied(error=error)
        if planned.texts and self.params["format"] == "yaml":
            dest = os.path.abspath(self.params["dest"])
            write_schema_copy(dest if _is_folder(self.params["dest"]) else os.path.dirname(dest), self.warn)
        return ExportApplied(written=True)

    def result(self, planned: ExportPlanned, applied: ExportApplied) -> dict[str, Any]:
        """Return the destination, the counts, and whether the export was written."""
        dest = self.params["dest"]
        if not planned.changes:
            state = "is up to date"
        else:
            state = "was written" if applied.written else "was not written because this is check mode"
        return {"dest": dest, "counts": dict(planned.counts), "msg": f"{dest} {state}"}

    def diff(self, planned: ExportPlanned, applied: ExportApplied) -> dict[str, Any]:
        """Return one line per file that changes."""
        if applied.written:
            lines = [f"{path} was removed" for path in planned.stale] + [f"{path} was written" for path in planned.texts]
        else:
            lines = [f"{path} is to be removed" for path in planned.stale]
            lines += [f"{path} {'differs' if path in planned.existing else 'is new'}" for path in planned.texts]
        return {"before": "", "after": "".join(f"{line}\n" for line in sorted(lines))}


def _is_folder(dest: str) -> bool:
    return dest.endswith(os.sep) or os.path.isdir(dest)


def _files_of(document: dict[str, Any], dest: str, file_format: str, comment: list[str]) -> dict[str, str]:
    """Return a folder of documents: one file for all users, and one file per group, named after it as far as file systems allow."""
    extension = ".json" if file_format == "json" else ".yml"
    texts = {os.path.join(dest, "users" + extension): dump_document({"users": document["users"]}, file_format, [schema_line(), *comment])}
    taken: set[str] = set()
    for group in document["groups"]:
        label = group.get("display_name") or group["id"]
        stem = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in label)
        stem = stem[:80].strip(".") or "group"
        name, number = stem, 1
        while normalize_name(name) in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(normalize_name(name))
        texts[os.path.join(dest, "groups", name + extension)] = dump_document({"groups": [group]}, file_format, [schema_line(1), *comment])
    return texts
