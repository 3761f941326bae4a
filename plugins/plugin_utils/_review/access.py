# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The rows of an access review: the groups of each user, and the path of each membership."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ...module_utils._core.names import normalize_id
from .reading import Account, Reading


@dataclass(frozen=True)
class AccessRow:
    """One user in one group; ``group`` and ``path`` are None for a user without groups."""

    account: Account
    manager: str | None
    group: str | None
    path: tuple[str, ...] | None


def access_rows(reading: Reading) -> list[AccessRow]:
    """Return the rows of an access review, ordered by user and group, ignoring case."""
    granted: defaultdict[str, list[tuple[str | None, tuple[str, ...] | None]]] = defaultdict(list)
    for grant in reading.grants:
        granted[grant.user].append((reading.groups[grant.group], grant.path))
    return [
        AccessRow(user, manager_of(reading, user), group, path)
        for key, user in sorted(reading.users.items(), key=lambda item: (item[1].name.casefold(), item[0]))
        for group, path in sorted(
            granted.get(key) or [(None, None)], key=lambda item: ((item[0] or "").casefold(), item[1] or ())
        )
    ]


def manager_of(reading: Reading, account: Account) -> str | None:
    """Return the name of an account's manager, with the user name if the reading contains the manager; otherwise the id."""
    manager_id, name = account.manager
    found = reading.users.get(f"user {normalize_id(manager_id)}") if manager_id else None
    if found is None:
        return name or manager_id
    name = name or (found.person or {"display_name": None})["display_name"]
    return f"{name} ({found.name})" if name else found.name


def granted_by(path: Sequence[str]) -> str:
    """Return how a review explains a membership: ``direct``, or the groups down to the one that contains the user."""
    return "direct" if len(path) == 1 else " > ".join(path)
