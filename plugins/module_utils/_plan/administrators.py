# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Find the administrators of a directory in its list of groups. Pure.

p1_directory protects administrators. The modules and roles report them, and refuse to make a user an administrator.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import normalize_id, same_name, show
from .._scim.members import ids_as_read, members_of
from .._scim.tables import GROUP
from .nesting import effective_members

if TYPE_CHECKING:
    from .._service.lookup import Lookup
from .built_in_groups import ADMINISTRATORS


class Administrators:
    """The administrators in a list of groups, and the groups that make their members administrators.

    Administrators are the direct and nested members of Domain Administrators. *Administering* groups are Domain
    Administrators itself and the groups nested in it: each of their members is an administrator. The class recognizes
    Domain Administrators by its name, and everything else by id.

    :param groups: representations by id.
    """

    def __init__(self, groups: dict[str, dict[str, Any]]) -> None:
        self._paths: dict[str, tuple[str, ...]] = {}
        self._administering: set[str] = set()
        for group_id, group in groups.items():
            if not same_name(GROUP.name_of(group), ADMINISTRATORS):
                continue
            self._administering.add(normalize_id(group_id))
            for member_id, (_member, path) in effective_members(group_id, groups).items():
                self._paths.setdefault(member_id, path)
        known = ids_as_read(groups)
        self._administering |= self._paths.keys() & known.keys()
        #: Whether all administrators are known. False if the list may lack a group that is nested in Domain Administrators.
        self.all_seen = bool(self._paths) and all(
            member.kind == "user" or key in known
            for group_id, group in groups.items()
            if normalize_id(group_id) in self._administering
            for key, member in members_of(group).items()
        )

    def __bool__(self) -> bool:
        """Return whether the list shows any administrator."""
        return bool(self._paths)

    def has(self, object_id: str | None) -> bool:
        """Return whether a user or group is a direct or nested member of Domain Administrators."""
        return normalize_id(object_id) in self._paths

    def path(self, object_id: str | None) -> tuple[str, ...]:
        """Return the ids of the groups that make a user or group an administrator, starting with Domain Administrators; or ()."""
        return self._paths.get(normalize_id(object_id), ())

    def administers(self, group_id: str | None) -> bool:
        """Return whether every member of a group is an administrator."""
        return normalize_id(group_id) in self._administering

    def path_of_group(self, group_id: str) -> tuple[str, ...]:
        """Return the ids of the groups from Domain Administrators down to an administering group, including it; or ()."""
        return (*self.path(group_id), group_id) if self.administers(group_id) else ()

    def shown_by(self, user: dict[str, Any]) -> bool:
        """Return whether the ``groups`` attribute of a user's representation shows that the user is an administrator."""
        shown = user.get("groups")
        for item in shown if isinstance(shown, list) else ():
            group_id, name = (item.get("value"), item.get("display")) if isinstance(item, dict) else (item, None)
            if isinstance(group_id, str) and self.administers(group_id):
                return True
            if isinstance(name, str) and same_name(name, ADMINISTRATORS):
                return True
        return False


def refuse_administering(lookup: Lookup, groups: Iterable[dict[str, Any]]) -> None:
    """Reject groups that make their members administrators, according to the list of groups.

    :param groups: representations; the id is enough for a group that was given by its id. An id of None means that the
        group does not exist yet.
    :raises InputError: one of the groups makes its members administrators.
    :raises DirectoryError: the list of groups may lack a group that is nested in Domain Administrators.
    """
    listing = lookup.everything(GROUP)
    administrators = Administrators(listing.items)
    names = {normalize_id(group_id): GROUP.name_of(group) for group_id, group in listing.items.items()}
    for group in groups:
        group_id = group.get("id")
        if group_id is not None and administrators.administers(group_id):
            path = [names[normalize_id(part)] for part in administrators.path_of_group(group_id)]
            nested = f" ({' > '.join(path)})" if len(path) > 1 else ""
            raise errors.InputError(
                f"group {show(names[normalize_id(group_id)])} makes its members administrators{nested}",
                hint="Omit the group, or change its members in the PingOne console",
            )
        if same_name(GROUP.name_of(group), ADMINISTRATORS):
            raise errors.InputError(f"group {show(ADMINISTRATORS)} makes its members administrators", hint="Omit the group")
    if not listing.complete and not administrators.all_seen:
        raise errors.DirectoryError(
            f"the list of groups may be incomplete ({listing.why}), and not every group that is nested in {ADMINISTRATORS} is known",
            hint="Set refuse_administering_groups: false only if you know these groups",
        )
