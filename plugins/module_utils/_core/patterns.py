# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Shell patterns for names, as used for scope, protection, reports and the test p1_like. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate

from .names import normalize_name


class Patterns:
    """A list of names and shell patterns. Names are compared after :func:`normalize_name`.

    A name that is a pattern itself, such as ``[EU] Sales``, also matches its own text.

    :param patterns: one pattern, or several.
    """

    def __init__(self, patterns: str | Iterable[str]) -> None:
        self.texts: list[str] = [patterns] if isinstance(patterns, str) else list(patterns)
        self._names = {normalize_name(text) for text in self.texts}
        joined = "|".join(map(translate, sorted(self._names)))
        self._match = re.compile(joined).match if self._names else None

    def match(self, name: str) -> bool:
        """Return whether a name matches one of the patterns."""
        name = normalize_name(name)
        return name in self._names or (self._match is not None and self._match(name) is not None)
