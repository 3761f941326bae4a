# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Resolve the group that new users join: the option ``default_group``. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._core import errors
from .._core.names import is_uuid, show
from .identity import require_names

DEFAULT_USER_GROUP = "DEFAULT_USER_GROUP"  # [doc] means the group Users


def resolve_default_group(option: str | None, find: Callable[[str], dict[str, Any] | None]) -> str | None:
    """Return the ``option`` parameter of a create: an id, :data:`DEFAULT_USER_GROUP`, or None if no group is given.

    :param option: the value of ``default_group``: a name, an id, or :data:`DEFAULT_USER_GROUP`.
    :param find: returns the group with a name or an id, or None.
    :raises InputError: the option is empty.
    :raises NotFoundError: no group has this name, and the value is not a UUID.
    """
    require_names({"default_group": option}, "default_group")
    if option is None or option == DEFAULT_USER_GROUP:
        return option
    group = find(option)
    if group is not None:
        return str(group["id"])
    if is_uuid(option):
        return option
    raise errors.NotFoundError(f"default_group: group {show(option)} does not exist")
