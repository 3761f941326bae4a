# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Read a list page by page, within a memory limit (docs/rules.md, rules 3 and 4)."""

from __future__ import annotations

from .._core import errors
from .client import DirectoryClient, is_unsupported
from .listing import Listing, take_page

MAX_REREADS = 2  # if a list changes during paging


# Bytes of memory for all lists of a task: about 100,000 users. The limit also stops reading endless pages.
MAX_LISTED_MEMORY = 400 * 2**20
MAX_PAGES = 10000


def read_list(client: DirectoryClient, endpoint: str, filter_text: str | None, listing: Listing | None) -> Listing:
    """Read all objects of a kind, page by page (docs/rules.md, rules 3 and 4).

    The start index advances by the number of items received, never by ``itemsPerPage``, so short pages are harmless. A
    total that is larger than its page is the count of the whole list; a total that equals its page may count only that
    page. If the list changes during paging, it is re-read, at most :data:`MAX_REREADS` times.
    """
    listing = listing if listing is not None else Listing()
    for _again in range(MAX_REREADS):
        _read_pages(client, endpoint, filter_text, listing)
        if not listing.moved:
            return listing
        listing.restart()
    _read_pages(client, endpoint, filter_text, listing)
    if listing.moved:
        listing.complete = False
        listing.why = f"the number of {endpoint}s changed during each attempt to read them"
    return listing


def _read_pages(client: DirectoryClient, endpoint: str, filter_text: str | None, listing: Listing) -> None:
    """Read the remaining pages of a listing."""
    client.listings.add(listing)
    received = sum(listing.page_sizes)
    while True:
        start_index = received + 1 if received else None
        try:
            items, total = client.page(endpoint, start_index, filter_text=filter_text)
        except errors.RefusedError as refused:
            if not received or not is_unsupported(refused):
                raise
            listing.why = f"the service refused the page after the first {received} entries (HTTP {refused.status})"
            return
        if take_page(listing, items, total):
            return
        received += len(items)
        _refuse_endless(client, endpoint, listing)


def _refuse_endless(client: DirectoryClient, endpoint: str, listing: Listing) -> None:
    """Raise an error if a list is too large for a task or its pages do not end."""
    pages, memory = len(listing.page_sizes), sum(known.memory for known in client.listings)
    if pages >= MAX_PAGES or memory > MAX_LISTED_MEMORY:
        raise errors.ProtocolError(
            f"the list of {endpoint}s has no end, or is too large for one task: "
            f"{pages} pages with {len(listing.items)} {endpoint}s take {memory // 2**20} MB",
            hint="Check that base_url is the directory API",
        )
