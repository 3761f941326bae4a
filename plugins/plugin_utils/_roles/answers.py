# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The variables of a role, as set by a survey, a form or a variables file.

Empty text means that the variable is not set, because a survey sends it for an unanswered question. If a role cannot use
a value, it refuses: the code raises :class:`Refusal`, whose text is the message that the role fails with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ...module_utils._core.patterns import Patterns
from .._survey import SurveyError, dict_of, list_of


class Refusal(Exception):
    """The reason why a role refuses to run; the text is the message for the user."""


@dataclass(frozen=True)
class Answers:
    """The variables of one role.

    :ivar prefix: the prefix of the variables, such as ``user_onboard_``.
    :ivar values: the values by variable name without the prefix.
    """

    prefix: str
    values: Mapping[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """Return a value as stripped text, or the default if it is empty."""
        value = self.values.get(name)
        return ("" if value is None else str(value).strip()) or default

    def truth(self, name: str) -> bool:
        """Return whether a value means true; an empty value means false."""
        return bool(boolean(self.values.get(name) or False, strict=False))

    def names(self, name: str, default: Iterable[str] = ()) -> list[str]:
        """Return a list of names, or the default for null and empty text. An empty list stays empty.

        :raises Refusal: the value is not a list or text of a list.
        """
        value = self.values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            return list(default)
        try:
            return list_of(value)
        except SurveyError as error:
            raise self._refusal(name, error) from error

    def pairs(self, name: str, first: str, second: str) -> list[dict[str, str]]:
        """Return a list of dictionaries with two keys.

        :raises Refusal: the value is not a list of pairs or text of such a list.
        """
        try:
            return list_of(self.values.get(name), (first, second))
        except SurveyError as error:
            raise self._refusal(name, error) from error

    def dictionary(self, name: str, known: Collection[str] | None = None, *, keep_empty: bool = False) -> dict[str, Any]:
        """Return a dictionary.

        :param known: the valid keys, or None if any key is valid.
        :param keep_empty: whether to keep empty values; by default they are omitted.
        :raises Refusal: the value is not a dictionary, or has an unknown key.
        """
        try:
            return dict_of(self.values.get(name), known, keep_empty=keep_empty)
        except SurveyError as error:
            raise self._refusal(name, error) from error

    def _refusal(self, name: str, error: SurveyError) -> Refusal:
        return Refusal(f"{self.prefix}{name}: {error}")


def not_allowed(names: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """Return the names that match no shell pattern, ignoring case. Without patterns, all names are allowed."""
    allowed = Patterns(patterns)
    return [name for name in names if allowed.texts and not allowed.match(name)]


def plain_data(value: Any) -> Any:
    """Convert a value from Ansible's own types, which are subclasses, to plain Python types."""
    if isinstance(value, Mapping):
        return {plain_data(key): plain_data(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_data(inner) for inner in value]
    return "".join(value) if isinstance(value, str) else value
