# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Hints for names that no object has: what a single-object module can learn of similar names at little cost.

A hint never fails a task, and costs at most one request for users. Groups that were not found have been listed already.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .._core.errors import DirectoryError
from .._core.similar_names import did_you_mean
from .._scim.resource import Resource
from .._scim.tables import GROUP
from .lookup import Lookup

# Mistakes in the first three letters are rare, and three letters limit the number of results.
_PREFIX = re.compile(r"[0-9A-Za-z]{1,3}")


def similar_objects(lookup: Lookup, resource: Resource, name: str) -> list[dict[str, Any]]:
    """Return representations to search for similar names: those already listed, else one filtered read."""
    try:
        listing = lookup.listing_read(resource)
        if listing is None and resource is GROUP:
            listing = lookup.everything(resource)
        if listing is not None:
            return list(listing.items.values())
        prefix = _PREFIX.match(name.strip())
        if prefix is None:
            return []
        return list(lookup.client.search(resource.endpoint, f"{resource.key.path[0]} sw {json.dumps(prefix[0])}"))
    except DirectoryError:
        return []


def suggestion(lookup: Lookup, resource: Resource, name: str) -> str:
    """Return ``Did you mean 'ann'?`` for a name that no object has, or ""."""
    return did_you_mean(name, map(resource.name_of, similar_objects(lookup, resource, name)))
