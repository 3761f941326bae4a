# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Detect groups that other tasks create with the same names while a run creates its groups.

Names of groups are not known to be unique: the response to a create does not reveal whether another task has created a
group with the same name since the groups were read. So all groups are re-read before the first create of a phase and after
the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import normalize_id, same_id, show
from .._plan.directory.snapshot import Snapshot
from .._scim.tables import GROUP
from .outcome import Outcome

if TYPE_CHECKING:
    from .._plan.steps import Step

Groups = dict[str, dict[str, Any]]


class NewGroups:
    """The groups of the directory other than those that the run creates.

    :param list_groups: reads all groups and returns them by id.
    :param known_ids: the normalized ids of objects that existed before the run or were created by it.
    """

    def __init__(self, list_groups: Callable[[], Groups], known_ids: set[str]) -> None:
        self._list_groups = list_groups
        self._known_ids = known_ids
        self._current: Snapshot | None = None
        self._failure: errors.DirectoryError | None = None

    def read(self, changing: Iterable[Step]) -> None:
        """Read the groups before the first create. If the read fails, the error is raised later for each group to create.

        :param changing: steps that rename or delete objects. Their groups are ignored, because a read may still show the previous state.
        """
        left_out = {normalize_id(step.id) for step in changing}
        try:
            groups = self._list_groups()
        except errors.DirectoryError as error:
            self._failure = error
        else:
            self._current = Snapshot({}, {key: group for key, group in groups.items() if normalize_id(key) not in left_out})

    def existing(self, step: Step) -> dict[str, Any] | None:
        """Return an existing group with the name of a group to create, or None.

        :raises DirectoryError: the groups could not be read, or the existing group had another name when the plan was made.
        """
        if self._failure is not None:
            raise self._failure
        found = self._current.called(GROUP, step.key) if self._current is not None else None
        if found is not None and normalize_id(found["id"]) in self._known_ids:
            raise errors.ConflictError(f"group {found['id']} was renamed to {show(step.key)}", hint="Run again")
        return found

    def duplicates(self, created: dict[Step, Outcome]) -> Iterator[tuple[Step, Outcome, list[dict[str, Any]]]]:
        """Yield each created group whose name other tasks have used too, with its step, its outcome and the other groups.

        :raises DirectoryError: the groups cannot be read.
        """
        current = Snapshot({}, self._list_groups())
        for step, outcome in created.items():
            own = outcome.representation or {}
            twins = [
                current.groups[group_id]
                for group_id in current.ids_called(GROUP, GROUP.name_of(own))
                if normalize_id(group_id) not in self._known_ids and not same_id(group_id, own["id"])
            ]
            if twins:
                yield step, outcome, twins
