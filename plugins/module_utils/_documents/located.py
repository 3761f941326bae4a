# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Dictionaries and names that know their place in a document."""

from __future__ import annotations

from typing import Any


class Located(dict[str, Any]):
    """A dictionary of a document.

    :ivar origin: its place (``people.yml:12``) for messages; None until it is located.
    """

    # No instance dictionary, because a document can have some hundred thousand entries.
    __slots__ = ("origin",)

    def __init__(self, *items: Any, origin: str | None = None, **entries: Any) -> None:
        super().__init__(*items, **entries)
        self.origin = origin


class Row(Located):
    """An entry of a CSV document: a blank cell changes nothing, unless ``on_empty`` of the task says otherwise."""

    __slots__ = ()

    on_empty = "keep"


class LocatedText(str):
    """A name of a document: the entry that it refers to may be of another line.

    :ivar origin: its place (``people.csv:12, column 'groups'``) for messages.
    """

    __slots__ = ("origin",)

    origin: str

    def __new__(cls, text: str, origin: str) -> LocatedText:
        located = super().__new__(cls, text)
        located.origin = origin
        return located
