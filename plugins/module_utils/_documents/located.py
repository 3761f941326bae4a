# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Dictionaries and names with their places in a document."""

from __future__ import annotations

from typing import Any


class Located(dict[str, Any]):
    """A dictionary from a document.

    :ivar origin: its place for messages (``people.yml:12``), or None before it is located.
    """

    # Saves memory, because a document can contain several hundred thousand entries.
    __slots__ = ("origin",)

    def __init__(self, *items: Any, origin: str | None = None, **entries: Any) -> None:
        super().__init__(*items, **entries)
        self.origin = origin


class Row(Located):
    """An entry of a CSV document, in which the option ``on_empty`` determines the effect of blank cells."""

    __slots__ = ()

    on_empty = "keep"


class LocatedText(str):
    """A name from a document, with its own place, because the entry that it refers to may be in another line.

    :ivar origin: its place for messages (``people.csv:12, column 'groups'``).
    """

    __slots__ = ("origin",)

    origin: str

    def __new__(cls, text: str, origin: str) -> LocatedText:
        located = super().__new__(cls, text)
        located.origin = origin
        return located
