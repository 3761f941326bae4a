# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Suggest similar names if a single-object module does not find an object.

A suggestion never fails a task, and needs at most one request for users. For groups it needs none, because the search for
the group has already read the list.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .._core import errors
from .._core.similar_names import did_you_mean
from .._scim.resource import Resource
from .._scim.tables import GROUP
from .lookup import Lookup

# Typing mistakes in the first three letters are rare, and three letters limit the number of results.
_PREFIX = re.compile(r"[0-9A-Za-z]{1,3}")


def similar_objects(lookup: Lookup, resource: Resource, name: str) -> list[dict[str, Any]]:
    """Return the representations to search for similar names: from the listing, or else from one filtered read."""
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
    except errors.DirectoryError:
        return []


def suggestion(lookup: Lookup, resource: Resource, name: str) -> str:
    """Return ``Did you mean 'ann'?`` for the name of an object that does not exist, or ""."""
    return did_you_mean(name, map(resource.name_of, similar_objects(lookup, resource, name)))
