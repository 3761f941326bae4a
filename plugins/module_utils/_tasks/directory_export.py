# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_directory_export."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .._core.dates import now_text
from .._core.errors import InputError
from .._core.names import normalize_name
from .._documents.export import directory_document
from .._documents.files import remove_file, require_possible_path, require_writable, require_writable_folder, write_text
from .._documents.reading import EXTENSIONS, is_document
from .._documents.writing import WRITTEN_HERE, dump_document, same_content, written_here
from .._plan.policy import Scope
from .._plan.steps import Plan
from .directory import _valid
from .reading import incomplete_warnings, read_directory
from .task import Task


class DirectoryExportTask(Task):
    """p1_directory_export."""

    attempt = "export the directory"
    empty_result = {"dest": None, "counts": None}

    @staticmethod
    def argument_spec():
        return {
            "dest": {"type": "path", "required": True},
            "format": {"type": "str", "choices": ["yaml", "json"], "default": "yaml"},
            "scope": {"type": "dict", "options": {"users": {"type": "dict"}, "groups": {"type": "dict"}}},
            "with_ids": {"type": "bool", "default": False},
        }

    def plan(self):
        dest = self.params["dest"]
        require_possible_path("dest", dest)
        folder = dest.endswith(os.sep) or os.path.isdir(dest)
        if folder:
            require_writable_folder("dest", dest)
            require_writable_folder("dest", os.path.join(dest, "groups"))
        else:
            require_writable("dest", dest)
        snapshot = read_directory(self.client)
        for text in incomplete_warnings(snapshot):
            self.warn(text)
        document = directory_document(snapshot, Scope(self.params["scope"]), self.params["with_ids"])
        document = _valid(document, self.warn)
        self.counts = {"users": len(document["users"]), "groups": len(document["groups"])}
        comment = [
            f"{self.counts['users']} users and {self.counts['groups']} groups of {self.client.base_url}, exported at {now_text()}",
            WRITTEN_HERE,
        ]
        texts = (
            _files_of(document, dest, self.params["format"], comment)
            if folder
            else {dest: dump_document(document, self.params["format"], comment)}
        )
        self.changes = {path: text for path, text in texts.items() if not same_content(text, path)}
        self.stale = [*self._stale_users(dest, texts), *self._stale_files(dest, texts)] if folder else []
        self._refuse_unproven(snapshot)
        self.folder = dest if folder else None
        return _FilesPlan(writes_files=bool(self.changes or self.stale))

    def _refuse_unproven(self, snapshot):
        """Rule 3: what a list that is not proven complete does not show may be there, and an export of before may hold it."""
        reasons = [f"of the {kind}s {why}" for kind, why in snapshot.incomplete.items() if why]
        if not reasons:
            return
        replaced = sorted(path for path in self.changes if os.path.exists(path))
        if replaced:
            more = f" and {len(replaced) - 1} more files" if len(replaced) > 1 else ""
            raise InputError(
                f"this would replace an export, {replaced[0]}{more}, after a read that is not proven complete: {'; '.join(reasons)}",
                hint="Export to another place, and compare",
            )
        for path in self.stale:
            self.warn(f"{path} is kept: what it holds is not in the list, which is not proven complete")
        self.stale = []

    def _stale_users(self, dest, texts):
        """The users in another format, from an earlier export: src would read both."""
        paths = [os.path.join(dest, "users" + extension) for extension in EXTENSIONS]
        return [path for path in paths if path not in texts and os.path.isfile(path) and self._is_stale(path)]

    def _is_stale(self, path):
        if not written_here(path):
            self.warn(f"{path} is not of this export, and src would read it all the same")
            return False
        return True

    def _stale_files(self, dest, texts):
        """Files of an earlier export whose group is gone: read again, they would bring it back.

        Only what this module wrote is taken away; of anything else beside it there is a warning.
        """
        folder = os.path.join(dest, "groups")
        stale = []
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if path in texts or not is_document(name) or not os.path.isfile(path) or os.path.islink(path):
                continue
            if self._is_stale(path):
                stale.append(path)
        return stale

    def apply(self, plan, outcomes):
        for path, text in self.changes.items():
            write_text(path, text, make_folder=self.folder is not None)
        for path in self.stale:
            remove_file(path)

    def result(self, plan, outcomes):
        if not plan.changed:
            told = "holds the directory as it is"
        else:
            told = "would be written, and was not, because this is check mode" if self.check_mode else "was written"
        return {"dest": self.params["dest"], "counts": self.counts, "msg": f"{self.params['dest']} {told}"}

    def diff(self, plan):
        lines = (
            [f"{path} {'differs' if os.path.exists(path) else 'is new'}" for path in self.changes]
            if self.check_mode
            else []
        )
        lines += [f"{path} {'is to be removed' if self.check_mode else 'was removed'}" for path in self.stale]
        lines += [] if self.check_mode else [f"{path} was written" for path in self.changes]
        return {"before": "", "after": "".join(f"{line}\n" for line in sorted(lines))}


@dataclass(frozen=True, eq=False)
class _FilesPlan(Plan):
    """A plan of files to write: no steps for the service."""

    writes_files: bool = False

    @property
    def changed(self):
        return self.writes_files


def _files_of(document, dest, file_format, comment):
    """A folder of documents: users in one file, a file a group, named after it as far as file systems allow."""
    extension = ".json" if file_format == "json" else ".yml"
    texts = {os.path.join(dest, "users" + extension): dump_document({"users": document["users"]}, file_format, comment)}
    taken = set()
    for group in document["groups"]:
        called = group.get("display_name") or group["id"]
        stem = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in called)
        stem = stem[:80].strip(".") or "group"
        name, number = stem, 1
        while normalize_name(name) in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(normalize_name(name))
        texts[os.path.join(dest, "groups", name + extension)] = dump_document({"groups": [group]}, file_format, comment)
    return texts
