# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What the modules that only read one kind do: options -> read -> result.

They are tasks like those of ``_manage``, with a plan that is always empty. Reading many is reading lists:
no answer here ever costs a request for each user or each group.
"""

from __future__ import annotations

from .._core.errors import DirectoryError, RefusedError
from .._core.names import normalize_name, show
from .._plan.steps import Plan
from .._scim.tables import GROUP, USER
from .._service.client import is_unsupported
from .._service.listing import require_not_short
from .task import Task


class InfoTask(Task):
    """What both have: ``read()`` finds representations, ``views()`` shows them."""

    writes = False
    resource = USER

    @property
    def attempt(self):
        return f"read {self.resource.kind}s"

    key = "users"

    def read(self):
        """The representations the options name."""
        raise NotImplementedError

    def shown(self, found):
        """What the result shows of them."""
        raise NotImplementedError

    def plan(self):
        self.views = []
        found = sorted(self.read(), key=lambda item: (normalize_name(self.resource.name_of(item)), item["id"]))
        self.views = self.shown(found)
        return Plan()

    def result(self, unused_plan, unused_outcomes):
        return {self.key: self.views, "total": len(self.views), "base_url": self.client.base_url}

    def filtered(self):
        """What the service answers to the option ``filter``, page by page, as it comes."""
        resource, text = self.resource, self.params["filter"]
        attempt = f"list {resource.kind}s with the filter {show(text)}"
        try:
            listing = self.client.list(resource.endpoint, text)
        except DirectoryError as error:
            if isinstance(error, RefusedError) and is_unsupported(error):
                error.hint = error.hint or "The filter must be SCIM 1.1 text that the service understands"
            error.during(attempt)
            raise
        require_not_short(listing, "the answer", attempt)
        self._doubt(listing)
        return list(listing.items.values())

    def _doubt(self, listing):
        """Warn where a filter has left nobody out: it may have been ignored, and nobody here can tell.

        Our own reading of the filter would be a second opinion on what the service means by it, so nothing
        is left out of its answer; one more request tells whether the list without the filter is any longer.
        """
        if not listing.items:
            return
        items, total = self.client.page(self.resource.endpoint, *((1, 1) if self.resource is USER else ()))
        there = max(total or 0, len(items))
        if there <= len(listing.items):
            kind = self.resource.kind
            self.warn(
                f"the filter left no {kind} out: unless all of the {len(listing.items)} returned are meant, "
                "the service has ignored it; nothing was filtered here"
            )

    def everybody(self):
        return self.lookup.everything(self.resource).items.values()

    def _administrators(self):
        from .._plan.administrators import Administrators

        return Administrators(self.lookup.everything(GROUP).items)

    def names_of_groups(self, ids):
        groups = self.lookup.everything(GROUP).items
        return [GROUP.name_of(groups[group_id]) if group_id in groups else group_id for group_id in ids]
