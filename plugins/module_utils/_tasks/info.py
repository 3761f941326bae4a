# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What the modules that only read one kind of object do: options -> read -> result.

They are tasks with a plan that is always empty. Reading many is reading lists: no result here ever costs a request for
each user or each group.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._core.errors import RefusedError, attempting
from .._core.names import normalize_name, show
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
    """Nothing to change.

    :ivar shown: what the result shows of the objects that were read.
    """

    shown: Sequence[dict[str, Any]] = ()


class InfoTask(Task):
    """Read objects of one kind and show them.

    :cvar resource: the kind.
    :cvar key: the key of the result that holds them.
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
        """Return the representations that the options name."""

    @abstractmethod
    def shown(self, found: Sequence[Representation]) -> list[dict[str, Any]]:
        """Return what the result shows of representations."""

    def plan(self) -> InfoPlanned:
        """Read what the options name, in the order of names."""
        found = sorted(self.read(), key=lambda item: (normalize_name(self.resource.name_of(item)), item["id"]))
        return InfoPlanned(shown=self.shown(found))

    def result(self, planned: InfoPlanned, applied: Applied) -> dict[str, Any]:
        """Return the objects, their number, and the address of the service."""
        return {self.key: planned.shown, "total": len(planned.shown), "base_url": self.client.base_url}

    def all_objects(self) -> Iterable[Representation]:
        """Return all objects of the kind, by the list."""
        return self.lookup.everything(self.resource).items.values()

    def filtered(self) -> list[Representation]:
        """Return what the service answers to the option ``filter``, page by page, as it comes.

        :raises DirectoryError: the filter is refused, or the answer is incomplete.
        """
        resource, text = self.resource, self.params["filter"]
        attempt = f"list {resource.kind}s with the filter {show(text)}"
        try:
            with attempting(attempt):
                listing = self.client.list(resource.endpoint, text)
        except RefusedError as error:
            if error.hint or not is_unsupported(error):
                raise
            raise error.replace(hint="The filter must be SCIM 1.1 text that the service understands") from error
        require_not_short(listing, "the answer", attempt)
        self._warn_if_ignored(listing)
        return list(listing.items.values())

    def _warn_if_ignored(self, listing: Listing) -> None:
        """Warn if a filter has excluded no object, because the service may have ignored it.

        Our own reading of the filter would be a second opinion on what the service means by it, so nothing is left out
        of its answer; one more request shows whether the list without the filter is any longer.
        """
        if not listing.items:
            return
        items, total = self.client.page(self.resource.endpoint, *((1, 1) if self.resource is USER else ()))
        existing = max(total or 0, len(items))
        if existing <= len(listing.items):
            kind = self.resource.kind
            self.warn(
                f"the filter excluded no {kind}: unless all {len(listing.items)} returned match it, the service has ignored it; "
                "the module itself does not filter"
            )

    def administrators(self) -> Administrators:
        """Return the administrators of the directory, by the list of groups."""
        from .._plan.administrators import Administrators  # imported only on request, because it costs every task

        return Administrators(self.lookup.everything(GROUP).items)

    def names_of_groups(self, ids: Iterable[str]) -> list[str]:
        """Return the names of groups by id, from the list; the id itself for a group that the list does not show."""
        groups = self.lookup.everything(GROUP).items
        return [GROUP.name_of(groups[group_id]) if group_id in groups else group_id for group_id in ids]
