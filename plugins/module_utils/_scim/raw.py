# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Attributes without their own option, under their raw SCIM names. Pure."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .attributes import EXACT_LIST, Attribute, Change, Representation
from .values import is_empty

# A raw name with the URN of the core schema means the attribute without the URN.
_CORE_PREFIX = r"urn:(?:scim:schemas:core:1\.0|ietf:params:scim:schemas:core:2\.0:(?:user|group))(?::|$)"


class Raw(Attribute):
    """All attributes without their own option, under their raw SCIM names. Null removes a key.

    Objects are merged key by key, so that an extension keeps the keys that the desired value does not contain. Lists are
    exact.

    :param refused: the reasons why raw names are refused, by name. A part of an extension follows its URN and a colon.
    """

    option_type = "dict"

    def __init__(self, option: str, refused: Mapping[str, str]) -> None:
        super().__init__(option)
        self.refused = {name.lower(): reason for name, reason in refused.items()}
        # Objects that contain parts maintained by the service. Clearing the whole object would clear these parts.
        self.shared = {name.rpartition(":")[0] for name in self.refused if ":" in name}
        # Cached, because many users have the same few names.
        self.refusal = lru_cache(maxsize=1000)(self._find_refusal)

    def clean(self, value: Any, where: str, problems: list[str]) -> Any:
        """Validate the dictionary and return it. Names with their own option, and values that are not JSON, are problems."""
        if value is None:
            return None
        from .raw_values import clean_raw  # rule 8

        return clean_raw(self, value, where, problems)

    def changes(self, desired: Any, holder: Representation, mode: str = EXACT_LIST) -> list[Change]:
        """Return a change for each raw name; ``after`` is the merged value, or None if it is empty."""
        from .raw_values import changes_of_raw  # rule 8

        return changes_of_raw(self, desired, holder)

    def write(self, desired: Any, holder: Representation, mode: str = EXACT_LIST, blank: bool = False) -> None:
        """Write the desired raw values to a representation, in place."""
        from .raw_values import write_raw  # rule 8

        write_raw(self, desired, holder, blank)

    def _find_refusal(self, name: str) -> str | None:
        """Return why a raw name is refused, or None, ignoring case, blanks, the URN of the core schema, and a path.

        They are ignored because a service may treat the different spellings as the same attribute.
        """
        plain = name.strip().lower()
        core = re.match(_CORE_PREFIX, plain) if plain.startswith("urn:") else None
        if core:
            plain = plain[core.end() :]
        for refused, reason in self.refused.items():
            if plain == refused or plain.startswith((f"{refused}.", f"{refused}:")):
                return reason
        return "attributes of the core schema are written without its URN" if core else None

    def current(self, holder: Representation) -> Any:
        """Return a copy of all accepted values; None if there are none."""
        found = {}
        for name, value in holder.items():
            if self.refusal(name):
                continue
            if name.lower() in self.shared:
                extension = value if isinstance(value, dict) else {}
                value = {
                    inner: content
                    for inner, content in extension.items()
                    if not self.refusal(f"{name}:{inner}") and not is_empty(content)
                }
            if not is_empty(value):
                found[name] = value
        return copy.deepcopy(found) or None
