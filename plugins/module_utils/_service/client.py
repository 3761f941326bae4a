# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""DirectoryClient: requests for users and groups.

Sources: ``[doc]`` is the vendor's documentation on creating requests, and on reading, updating and deleting a resource;
``[spec]`` is the SCIM 1.1 drafts. If neither defines a behavior, the code handles all variants; see
``docs/docsite/rst/guide_assumptions.rst``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from weakref import WeakSet

from .._core import errors
from .._core.names import same_id, show
from .._http.request import HttpClient
from .._http.url import sendable
from .filters import FilterKnowledge
from .list_answers import FilterResult, items_of, total_of, with_text_ids

if TYPE_CHECKING:
    from .listing import Listing

PAGE_SIZE = 1000  # [doc] Reading a Resource: the maximum count that the service accepts


class DirectoryClient(HttpClient):
    """A client for one directory, which reads and writes users and groups by id, filter and page.

    :param filter_knowledge: the knowledge about the service's filters, which can outlive the client.
    :ivar listings: the listings that were read with this client and still exist.
    """

    def __init__(self, *args: Any, filter_knowledge: FilterKnowledge | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filter_knowledge = FilterKnowledge() if filter_knowledge is None else filter_knowledge
        self.listings: WeakSet[Listing] = WeakSet()

    def get(self, endpoint: str, resource_id: str) -> dict[str, Any]:
        """Return the representation of the resource with an id.

        :raises NotFoundError: the resource does not exist.
        :raises ProtocolError: the answer contains another resource, or no resource.
        """
        body = self.request("GET", _resource_path(endpoint, resource_id))
        for item in items_of(body):
            if same_id(item["id"], resource_id):
                return item
        raise errors.ProtocolError(f"GET of {endpoint} {resource_id} answered with another resource")

    def create(self, endpoint: str, representation: dict[str, Any], option: str | None = None) -> dict[str, Any] | None:
        """Send a POST and return the representation in the answer, or None.

        :raises LostAnswerError: the resource may have been created (rule 5); the caller must search for it.
        """
        return _resource_or_none(self.request("POST", f"/directory/{endpoint}", {"option": option} if option else None, representation))

    def replace(self, endpoint: str, resource_id: str, representation: dict[str, Any], etag: str | None = None) -> dict[str, Any] | None:
        """PUT a complete representation and return the representation in the answer, or None."""
        headers = {"If-Match": etag} if etag else None
        return _resource_or_none(self.request("PUT", _resource_path(endpoint, resource_id), None, representation, headers))

    def patch(
        self,
        endpoint: str,
        resource_id: str,
        changes: dict[str, Any],
        raise_timeout: bool = False,
        etag: str | None = None,
    ) -> dict[str, Any] | None:
        """Send a PATCH and return the representation in the answer, or None.

        :param raise_timeout: whether to raise the timeout instead of retrying, so that the caller can send a smaller request.
        """
        headers = {"If-Match": etag} if etag else None
        return _resource_or_none(self.request("PATCH", _resource_path(endpoint, resource_id), None, changes, headers, raise_timeout=raise_timeout))

    def delete(self, endpoint: str, resource_id: str) -> None:
        """Send a DELETE and ignore the body of the answer ([doc] Deleting a Resource: no SCIM object)."""
        self.request("DELETE", _resource_path(endpoint, resource_id))

    def action(self, path: str, body: dict[str, Any]) -> Any:
        """Send a POST for an action outside SCIM. Do not repeat it if it may have been performed.

        The effect of an action cannot be read, so only the answer shows that it was performed.
        """
        try:
            return self.request("POST", f"/directory/{path}", None, body, framed=True)
        except errors.LostAnswerError as lost:
            hint = "The change may have been made, so the request is not repeated"
            raise type(lost)(lost.reason, status=lost.status, detail=lost.detail, hint=hint) from lost

    def search(self, endpoint: str, filter_text: str) -> FilterResult:
        """Return the resources in the answer to a filtered GET, unchecked: the service may have ignored the filter.

        :raises RefusedError: the service refuses the filter.
        """
        try:
            body = self.request("GET", f"/directory/{endpoint}", {"filter": filter_text})
        except errors.NotFoundError:
            return FilterResult()
        found = FilterResult(items_of(body))
        found.whole = (total_of(body) or 0) <= len(found)
        return found

    def page(
        self, endpoint: str, start_index: int | None = None, count: int = PAGE_SIZE, filter_text: str | None = None
    ) -> tuple[list[dict[str, Any]], int | None]:
        """Return one page of a list: (items, totalResults or None).

        The user list is requested sorted by name, as documented. Sorting of groups is not documented, and only a plain
        GET is known to work for them, so the first page of groups is requested without parameters.
        """
        parameters: dict[str, object] = {}
        if filter_text:
            parameters["filter"] = filter_text
        if endpoint == "user":
            parameters.update(sortBy="userName", sortOrder="ascending", startIndex=start_index or 1, count=count)
        elif start_index:
            parameters.update(startIndex=start_index, count=count)
        try:
            body = self.request("GET", f"/directory/{endpoint}", parameters)
        except errors.NotFoundError:
            # A 404 for a filter may mean an empty result. For the list itself, it means a wrong URL.
            if not filter_text:
                raise
            return [], None
        return items_of(body), total_of(body)

    def list(self, endpoint: str, filter_text: str | None = None, listing: Listing | None = None) -> Listing:
        """Read all objects of a kind, page by page (docs/rules.md, rules 3 and 4)."""
        from .paging import read_list  # rule 8

        return read_list(self, endpoint, filter_text, listing)


def is_unsupported(refused: errors.RefusedError) -> bool:
    """Return whether a refusal may be about a parameter of a list request (``filter``, ``startIndex``).

    The service, or a firewall in front of it, can answer with many 4xx statuses (406, 414, 418, 422, 431) or 501. Reading
    the whole list may still succeed; otherwise it fails with its own error.
    """
    return not refused.fatal and (refused.status or 0) >= 400


def equality_filter(attribute: str, value: str) -> str:
    """Return a SCIM 1.1 filter for one value; the literal is a JSON string ([spec] 3.2.2.1).

    Non-ASCII characters are not escaped here, because the whole query is percent-encoded later.
    """
    return f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"


def version_of(representation: dict[str, Any]) -> str | None:
    """Return the value for If-Match, or None if the service returns no version ([spec] 3.11)."""
    meta = representation.get("meta")
    return getattr(representation, "etag", None) or (meta.get("version") if isinstance(meta, dict) else None)


def _resource_path(endpoint: str, resource_id: str) -> str:
    # An empty id would address the whole list, and URL libraries remove path segments that consist of dots.
    if not isinstance(resource_id, str) or not resource_id.strip() or set(resource_id) <= {"."}:
        raise errors.InputError(f"{show(resource_id)} is not the id of a {endpoint}")
    return f"/directory/{endpoint}/{quote(sendable(resource_id, 'id'), safe='')}"


def _resource_or_none(body: Any) -> dict[str, Any] | None:
    """Return the resource in the answer to a write, or None if the answer contains none."""
    if not isinstance(body, dict) or not with_text_ids(body).get("id"):
        return None
    if not isinstance(body["id"], str):
        raise errors.ProtocolError(
            "the answer contains an id that is not text",
            hint="The change may have been made; check before you run again",
            uncertain=True,
        )
    return body
