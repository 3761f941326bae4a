# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Listings: the result of reading all objects of a kind, and whether it is complete."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from typing import Any

from .._core import errors

_SAMPLE = 32  # items of a page whose size is measured


def _memory_of(items: list[Any]) -> int:
    """Estimate the memory of items in bytes from a random sample."""
    stride = max(1, len(items) // _SAMPLE)
    queue: list[Any] = items[random.randrange(stride) :: stride]
    keys: set[int] = set()  # the parser creates only one string for each key of a body
    total = 0
    while queue:
        value = queue.pop()
        total += sys.getsizeof(value)
        if isinstance(value, dict):
            for key, inner in value.items():
                if id(key) not in keys:
                    keys.add(id(key))
                    queue.append(key)
                queue.append(inner)
        elif isinstance(value, (list, tuple)):
            queue += value
    return total * stride


class Listing:
    """The result of reading all resources of a kind.

    :ivar items: representations by id, in the order received.
    :ivar complete: whether the listing is known to be complete (docs/rules.md, rule 3). No destructive change may be based
        on an incomplete listing.
    :ivar why: the reason why the listing is not complete, as text.
    :ivar page_sizes: the number of items in each page.
    :ivar memory: the estimated memory of the items in bytes.
    :ivar moved: whether the total count changed between two pages. An object was created or deleted, so the objects after
        it moved to other pages, and can be missed or read twice.
    :param keep: a function that reduces each representation to the data to keep, or None to keep all data.
    """

    def __init__(self, keep: Callable[[dict[str, Any]], Any] | None = None) -> None:
        self.keep = keep
        self.restart()

    def restart(self) -> None:
        """Discard all items, so that the list can be read again."""
        self.items: dict[str, Any] = {}
        self.complete = False
        self.why: str | None = None
        self.total: int | None = None
        self.moved = False
        self.page_sizes: list[int] = []
        self.memory = 0

    @property
    def is_short(self) -> bool:
        """Return whether the service counts more objects than it returned."""
        return self.total is not None and not self.complete


def require_not_short(listing: Listing, what: str, operation: str | None = None) -> None:
    """Refuse a listing that contains fewer objects than the service counts (rule 3).

    :param what: the list that was read, for the message.
    :raises DirectoryError: the listing is too short.
    """
    if listing.is_short:
        raise errors.DirectoryError(f"{what} is incomplete ({listing.why})", operation=operation, hint="Run again")


def incomplete_warning(kind: str, why: str | None) -> str:
    """Return the warning about a list that may be incomplete (rule 3)."""
    return f"The list of {kind}s may be incomplete ({why}); a {kind} that was not found may still exist."


def take_page(listing: Listing, items: list[dict[str, Any]], total: int | None) -> bool:
    """Add a page to a listing, and return whether it was the last page."""
    before = len(listing.items)
    kept = items if listing.keep is None else [listing.keep(item) for item in items]
    listing.items.update((item["id"], value) for item, value in zip(items, kept))
    listing.memory += _memory_of(kept)
    listing.page_sizes.append(len(items))
    # A total that is larger than its page, even an empty page, is the count of the whole list.
    if total is not None and total > len(items):
        listing.moved = listing.moved or listing.total not in (None, total)
        listing.total = total
    reached = listing.total is not None and len(listing.items) >= listing.total
    if reached:
        listing.complete = True
    elif not items:
        listing.complete = listing.total is None
        if not listing.complete:
            listing.why = f"the service reports {listing.total} but returned {len(listing.items)}"
    elif len(listing.items) == before:
        listing.why = (
            f"the service reports {listing.total} but returned {len(listing.items)}"
            if listing.total is not None
            else "the service repeats its first page and never returned a total, so there may be more"
        )
    else:
        return False
    return True
