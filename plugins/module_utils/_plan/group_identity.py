# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Find the group that the desired state refers to, or the group with a name. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import show
from .._scim.tables import GROUP
from .desired import DesiredObject
from .identity import find_by_either_name, find_by_id, require_names

if TYPE_CHECKING:
    from .finder import Finder


def identify_group(
    finder: Finder, options: Mapping[str, Any], desired: DesiredObject, warn: Callable[[str], None]
) -> dict[str, Any] | None:
    """Return the group that the desired state refers to, or None.

    :param options: ``id``, ``display_name``, ``new_display_name``.
    :param warn: called with a one-line warning if the name of the group differs in case.
    :raises DirectoryError: see :func:`.identity.identify_user`.
    """
    require_names(options, "id", "display_name", "new_display_name")
    if options.get("id"):
        return find_by_id(finder, desired, options["id"])
    name, new_name = options.get("display_name"), options.get("new_display_name")
    if not name:
        raise errors.InputError("display_name is missing: a group is identified by display_name unless id is set")
    return find_by_either_name(finder, GROUP, name, new_name, lambda one: found_group(finder, one, warn, (name, new_name)))


def found_group(
    finder: Finder, name: str, warn: Callable[[str], None], expected: Collection[str | None] = ()
) -> dict[str, Any] | None:
    """Return the group with a name. Warn if its name differs in case.

    :param expected: other spellings that cause no warning.
    """
    group = finder.called(GROUP, name)
    if group is not None and GROUP.name_of(group) not in (name, *expected):
        warn(f"group {show(name)} is called {show(GROUP.name_of(group))} in the directory; treated as the same group")
    return group
