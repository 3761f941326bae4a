# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_directory_info: read the whole directory as a document, and show how the service behaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._core import errors
from .._core.names import same_name
from .._documents.export import directory_document
from .._plan.directory.snapshot import Snapshot
from .._plan.policy import Scope
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER
from .._service.client import equality_filter
from .._service.listing import Listing
from .reading import incomplete_warnings, read_all, snapshot_of
from .task import Applied, Planned, Task


@dataclass(frozen=True, eq=False)
class DirectoryInfoPlanned(Planned):
    """The result of reading the directory, without a plan.

    :ivar document: the directory in the input form of p1_directory.
    :ivar probe: the observed behavior of the service; None if it was not requested.
    """

    document: dict[str, Any] = field(default_factory=dict)
    probe: dict[str, Any] | None = None


class DirectoryInfoTask(Task):
    """Read and show a whole directory."""

    attempt = "read the directory"
    writes = False
    empty_result = {"directory": None, "counts": None, "probe": None}

    @staticmethod
    def argument_spec() -> dict[str, dict[str, Any]]:
        """Return the options of p1_directory_info."""
        return {
            "scope": {"type": "dict", "options": {"users": {"type": "dict"}, "groups": {"type": "dict"}}},
            "with_ids": {"type": "bool", "default": False},
            "probe": {"type": "bool", "default": False},
        }

    def plan(self) -> DirectoryInfoPlanned:
        """Read the directory."""
        scope = Scope(self.params["scope"])
        listings = {resource.kind: read_all(self.client, resource) for resource in (USER, GROUP)}
        snapshot = snapshot_of(listings)
        for text in incomplete_warnings(snapshot):
            self.warn(text)
        document = directory_document(snapshot, scope, self.params["with_ids"])
        probe = self._probe(snapshot, listings) if self.params["probe"] else None
        return DirectoryInfoPlanned(document=document, probe=probe)

    def _probe(self, snapshot: Snapshot, listings: Mapping[str, Listing]) -> dict[str, Any]:
        """Return the observed behavior of the service, using reads only."""
        seen: dict[str, Any] = {}
        for resource, attribute in ((USER, "userName"), (GROUP, "displayName")):
            listing = listings[resource.kind]
            sample = next((item for item in snapshot.objects[resource.kind].values() if resource.name_of(item)), None)
            seen[f"{resource.kind}_filter"] = self._try_filter(resource, attribute, sample)
            seen[f"{resource.kind}_page_sizes"] = listing.page_sizes
            seen[f"{resource.kind}_list_complete"] = listing.complete
        return seen

    def _try_filter(self, resource: Resource, attribute: str, sample: dict[str, Any] | None) -> str:
        """Return ``honored``, ``ignored``, ``refused``, ``finds nothing``, or ``unknown`` if there is no object to search for."""
        if sample is None:
            return "unknown"
        name = resource.name_of(sample)
        try:
            found = self.client.search(resource.endpoint, equality_filter(attribute, name))
        except errors.RefusedError as error:
            if error.fatal:
                raise
            return "refused"
        if any(not same_name(resource.name_of(item), name) for item in found):
            return "ignored"
        return "honored" if sample["id"] in [item["id"] for item in found] else "finds nothing"

    def result(self, planned: DirectoryInfoPlanned, applied: Applied) -> dict[str, Any]:
        """Return the document, its size, and the probe."""
        document = planned.document
        return {
            "directory": document,
            "counts": {"users": len(document["users"]), "groups": len(document["groups"])},
            "probe": planned.probe,
        }
