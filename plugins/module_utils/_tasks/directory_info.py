# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_directory_info."""

from __future__ import annotations

from .._core.errors import RefusedError
from .._core.names import same_name
from .._documents.export import directory_document
from .._plan.policy import Scope
from .._plan.steps import Plan
from .._scim.tables import GROUP, USER
from .._service.client import equality_filter
from .reading import incomplete_warnings, read_all, snapshot_of
from .task import Task


class DirectoryInfoTask(Task):
    """p1_directory_info."""

    attempt = "read the directory"

    writes = False
    empty_result = {"directory": None, "counts": None, "probe": None}

    @staticmethod
    def argument_spec():
        return {
            "scope": {"type": "dict", "options": {"users": {"type": "dict"}, "groups": {"type": "dict"}}},
            "with_ids": {"type": "bool", "default": False},
            "probe": {"type": "bool", "default": False},
        }

    def plan(self):
        scope = Scope(self.params["scope"])
        self.listings = {resource.kind: read_all(self.client, resource) for resource in (USER, GROUP)}
        snapshot = snapshot_of(self.listings)
        for text in incomplete_warnings(snapshot):
            self.warn(text)
        self.document = directory_document(snapshot, scope, self.params["with_ids"])
        self.probe = self._probe(snapshot) if self.params["probe"] else None
        return Plan()

    def _probe(self, snapshot):
        """What the service was seen to do: reads alone."""
        seen = {}
        for resource, attribute in ((USER, "userName"), (GROUP, "displayName")):
            listing = self.listings[resource.kind]
            sample = next((item for item in snapshot.objects[resource.kind].values() if resource.name_of(item)), None)
            seen[f"{resource.kind}_filter"] = self._tried_filter(resource, attribute, sample)
            seen[f"{resource.kind}_page_sizes"] = listing.page_sizes
            seen[f"{resource.kind}_list_complete"] = listing.complete
        return seen

    def _tried_filter(self, resource, attribute, sample):
        """``honored``, ``ignored``, ``refused``, or ``unknown`` where there is nobody to try it on."""
        if sample is None:
            return "unknown"
        name = resource.name_of(sample)
        try:
            found = self.client.search(resource.endpoint, equality_filter(attribute, name))
        except RefusedError as error:
            if error.fatal:
                raise
            return "refused"
        if any(not same_name(resource.name_of(item), name) for item in found):
            return "ignored"
        return "honored" if sample["id"] in [item["id"] for item in found] else "finds nothing"

    def result(self, plan, outcomes):
        return {
            "directory": self.document,
            "counts": {"users": len(self.document["users"]), "groups": len(self.document["groups"])},
            "probe": self.probe,
        }
