# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The members of the groups in an account."""

from __future__ import annotations

from collections.abc import Iterable

from .attributes import USER
from .resources import Resources


class Memberships(Resources):
    """The table of memberships."""

    def add_member(self, group_id: str, member_id: str, kind: str | None = None) -> bool:
        """Add a member, and return whether it is new. An unknown id becomes a dangling member of the given kind."""
        return bool(self.execute("INSERT OR IGNORE INTO members (group_id, member_id, kind) VALUES (?, ?, ?)",
                                 group_id, self.id_of(member_id), self.kind_of(member_id) or (kind or USER).lower()))

    def add_members(self, members: Iterable[tuple[str, str, str]]) -> None:
        """Add many members, each given as (group id, member id, kind)."""
        self.execute_many("INSERT OR IGNORE INTO members (group_id, member_id, kind) VALUES (?, ?, ?)", members)

    def remove_member(self, group_id: str, member_id: str) -> bool:
        """Remove a member, and return whether it was a member."""
        return bool(self.execute("DELETE FROM members WHERE group_id = ? AND member_id = ?", group_id, member_id))

    def member_ids(self, group_id: str) -> list[str]:
        """Return the ids of the direct members of a group."""
        rows = self.select("SELECT member_id FROM members WHERE group_id = ? ORDER BY seq", group_id)
        return [item[0] for item in rows]

    def is_member(self, group_id: str, member_id: str) -> bool:
        """Return whether a user or group is a direct member of a group."""
        return bool(self.select("SELECT 1 FROM members WHERE group_id = ? AND member_id = ?", group_id, member_id))

    def count_users(self, group_id: str) -> int:
        """Return the number of direct members that are users."""
        return self.value("SELECT count(*) FROM members WHERE group_id = ? AND kind = ?", group_id, USER)

    def groups_of(self, member_ids: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
        """Return for each id the groups (id, name) that contain it directly."""
        found: dict[str, list[tuple[str, str]]] = {member_id: [] for member_id in member_ids}
        for member_id, group_id, name in self.select_in(
                "SELECT m.member_id, r.id, r.name FROM members m JOIN resources r ON r.id = m.group_id "
                "WHERE m.member_id IN (%s) ORDER BY m.seq", found):
            found[member_id].append((group_id, name))
        return found

    def members_of(self, group_ids: Iterable[str]) -> dict[str, list[tuple[str, str, str | None]]]:
        """Return for each group its direct members: (id, kind, name). The name of a dangling member is None."""
        found: dict[str, list[tuple[str, str, str | None]]] = {group_id: [] for group_id in group_ids}
        for group_id, member_id, kind, name in self.select_in(
                "SELECT m.group_id, m.member_id, m.kind, r.name FROM members m "
                "LEFT JOIN resources r ON r.id = m.member_id "
                "WHERE m.group_id IN (%s) ORDER BY m.seq", found):
            found[group_id].append((member_id, kind, name))
        return found
