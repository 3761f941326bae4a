# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Base class of the modules that only read objects of one kind: options -> read -> result.

Their plan is always empty. They read many objects with lists, never with one request per user or group.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import counted, normalize_name, show
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER
from .._service.client import is_unsupported
from .._service.listing import Listing, require_not_short
from .task import Applied, Planned, Task

if TYPE_CHECKING:
    from .._plan.administrators import Administrators

Representation = dict[str, Any]


@dataclass(frozen=True, eq=False)
class InfoPlanned(Planned):
    """The objects to show; there is nothing to change.

    :ivar shown: the objects in the shape of the result.
    """

    shown: Sequence[dict[str, Any]] = ()


class InfoTask(Task):
    """Read objects of one kind and show them.

    :cvar resource: the kind of the objects.
    :cvar key: the result key that contains them.
    """

    writes = False
    resource: Resource = USER
    key: str = "users"

    @property
    def attempt(self) -> str:
        """Read the users, or the groups."""
        return f"read {self.resource.kind}s"

    @abstractmethod
    def read(self) -> Iterable[Representation]:
        """Return the representations that the options select."""

    @abstractmethod
    def shown(self, found: Sequence[Representation]) -> list[dict[str, Any]]:
        """Return representations in the shape of the result."""

    def plan(self) -> InfoPlanned:
        """Read the objects that the options select, and sort them by name."""
        found = sorted(self.read(), key=lambda item: (normalize_name(self.resource.name_of(item)), item["id"]))
        return InfoPlanned(shown=self.shown(found))

    def result(self, planned: InfoPlanned, applied: Applied) -> dict[str, Any]:
        """Return the objects, their number, and the base URL of the service."""
        return {self.key: planned.shown, "total": len(planned.shown), "base_url": self.client.base_url}

    def all_objects(self) -> Iterable[Representation]:
        """Return all objects of the kind from the list."""
        return self.lookup.everything(self.resource).items.values()

    def filtered(self) -> list[Representation]:
        """Return the response of the service to the option ``filter``, from all pages, unchanged.

        :raises DirectoryError: the service refused the filter, or the response is incomplete.
        """
        resource, text = self.resource, self.params["filter"]
        attempt = f"list {resource.kind}s with the filter {show(text)}"
        try:
            with errors.attempting(attempt):
                listing = self.client.list(resource.endpoint, text)
        except errors.RefusedError as error:
            if error.hint or not is_unsupported(error):
                raise
            raise error.replace(hint="The filter must be SCIM 1.1 text that the service understands") from error
        require_not_short(listing, "the answer", attempt)
        self._warn_if_ignored(listing)
        return list(listing.items.values())

    def _warn_if_ignored(self, listing: Listing) -> None:
        """Warn if a filter excluded no object, because the service may have ignored it.

        The code does not evaluate the filter itself, because its interpretation could differ from that of the service, and
        removes nothing from the response. One more request shows whether the list without the filter is longer.
        """
        if not listing.items:
            return
        items, total = self.client.page(self.resource.endpoint, *((1, 1) if self.resource is USER else ()))
        existing = max(total or 0, len(items))
        if existing <= len(listing.items):
            kind = self.resource.kind
            returned = counted(len(listing.items), f"returned {kind}")
            self.warn(
                f"the filter excluded no {kind}. Unless all {returned} match it, the service ignored the filter; "
                "the module itself does not filter"
            )

    def administrators(self) -> Administrators:
        """Return the administrators of the directory according to the list of groups."""
        from .._plan.administrators import Administrators  # Not imported at the top, because the import would slow down every task.

        return Administrators(self.lookup.everything(GROUP).items)

    def names_of_groups(self, ids: Iterable[str]) -> list[str]:
        """Return the names of groups by id, from the list. For a group that is not in the list, return its id."""
        groups = self.lookup.everything(GROUP).items
        return [GROUP.name_of(groups[group_id]) if group_id in groups else group_id for group_id in ids]
