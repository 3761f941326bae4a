# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Parse the answer to a list request: the resources, their ids as text, and the total count."""

from __future__ import annotations

from typing import Any

from .._core import errors
from .._core.names import text_of


def items_of(body: Any) -> list[dict[str, Any]]:
    """Return the resources in a list answer: an object with ``resources`` or ``Resources``, an array, or a single resource.

    :raises ProtocolError: the answer has none of these forms, or contains an entry without an id.
    """
    items: list[dict[str, Any]]
    if isinstance(body, dict):
        for key in ("resources", "Resources"):
            if isinstance(body.get(key), list):
                items = body[key]
                break
        else:
            if "id" in body:
                items = [body]
            elif any(key in body for key in ("totalResults", "resources", "Resources", "itemsPerPage")):
                items = []
            else:
                raise errors.ProtocolError("the answer is neither a list of resources nor a resource")
    elif isinstance(body, list):
        items = body
    else:
        raise errors.ProtocolError("the answer is neither a list of resources nor a resource")
    for item in items:
        if not isinstance(item, dict) or not isinstance(with_text_ids(item).get("id"), str) or not item["id"]:
            raise errors.ProtocolError("the list contains an entry without an id")
    return items


def with_text_ids(resource: dict[str, Any]) -> dict[str, Any]:
    """Convert numeric ids to text, in place: the id and externalId of the resource, and the ids of its members and groups.

    The specification defines ids as text, but a service that stores them as numbers may return numbers.
    """
    for key in ("id", "externalId"):
        if not isinstance(resource.get(key), str) and text_of(resource.get(key)) is not None:
            resource[key] = text_of(resource[key])
    for key in ("members", "groups"):
        references = resource.get(key)
        if not isinstance(references, list):
            continue
        for number, item in enumerate(references):
            value = item.get("value") if isinstance(item, dict) else item
            if isinstance(value, str) or text_of(value) is None:
                continue
            if isinstance(item, dict):
                item["value"] = text_of(value)
            else:
                references[number] = text_of(value)
    return resource


def total_of(body: Any) -> int | None:
    """Return the ``totalResults`` of a list answer, or None if it is not a number."""
    total = body.get("totalResults") if isinstance(body, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) else None


class FilterResult(list[Any]):
    """The resources in the answer to a filtered GET.

    :ivar whole: False if the service counts more resources than it returned, for example because it ignored the filter.
    """

    whole = True
