# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Names that one plan passes on: which are released, and which objects took theirs on a run before. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..._core.errors import AmbiguousError, DirectoryError
from ..._core.names import same_name
from ..._scim.resource import Resource
from .entries import DesiredEntry
from .order import circle_problem
from .snapshot import Snapshot


@dataclass(frozen=True)
class Renames:
    """What the entries of one kind do to names, by the ids of the objects in the snapshot.

    :ivar resolved: the new name, normalized, of an object that an entry renamed on a run before.
    :ivar released: objects that are renamed or deleted, so that their name is free for another.
    :ivar released_by_id: those among them that an entry names by an id: their name means the object that is to have it.
    """

    resolved: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    released: frozenset[str] = frozenset()
    released_by_id: frozenset[str] = frozenset()


class SnapshotFinder:
    """A :class:`.finder.Finder`: a snapshot that resolves names as the entries of one plan do."""

    def __init__(self, snapshot: Snapshot, renames: Mapping[str, Renames]) -> None:
        self._snapshot = snapshot
        self._renames = renames

    def by_id(self, resource: Resource, resource_id: str) -> dict[str, Any] | None:
        """Return the object with an id, or None."""
        return self._snapshot.by_id(resource, resource_id)

    def called(self, resource: Resource, name: str) -> dict[str, Any] | None:
        """Return the object with a name; objects that an entry names by an id and takes the name from do not count."""
        return self._snapshot.called(resource, name, without=self._renames[resource.kind].released_by_id)

    def user_by_external_id(self, external_id: str) -> dict[str, Any] | None:
        """Return the user with exactly this external id, or None."""
        return self._snapshot.user_by_external_id(external_id)

    def users_with_external_id(self, external_id: str) -> list[dict[str, Any]]:
        """Return the users with an external id, case ignored."""
        return self._snapshot.users_with_external_id(external_id)

    def why_uncertain(self, resource: Resource) -> str | None:
        """Return None: the service is asked about what the lists may lack before it is written, not here."""
        return None

    def name_released(self, resource: Resource, resource_id: str) -> bool:
        """Return whether an entry renames or deletes an object, so that its name is free for another."""
        return resource_id in self._renames[resource.kind].released

    def name_after_rename(self, resource: Resource, resource_id: str) -> str | None:
        """Return the new name, normalized, of the entry that renamed an object on a run before; None: no entry did."""
        return self._renames[resource.kind].resolved.get(resource_id)


def resolve_renames(
    snapshot: Snapshot, resource: Resource, entries: Sequence[DesiredEntry], by_external_id: bool = False
) -> tuple[Renames, list[str]]:
    """Return what the entries of one kind do to names, and the problems of names that are passed on in a circle.

    :param by_external_id: whether the objects are matched by their external ids.
    """
    circle = _circle_of([entry for entry in entries if entry.renames_by_name])
    resolved = MappingProxyType({} if circle else _resolved(snapshot, resource, entries, by_external_id))
    # Entries with ids come first, because other entries that use a released name mean another object.
    identified = [entry for entry in entries if entry.given_id or by_external_id]
    by_id = _all_released(snapshot, resource, Renames(resolved), identified, by_external_id)
    rest = [entry for entry in entries if not (entry.given_id or by_external_id)]
    others = _all_released(snapshot, resource, Renames(resolved, by_id, by_id), rest, by_external_id)
    return Renames(resolved, by_id | others, by_id), [circle] if circle else []


def first_named(finder: SnapshotFinder, entry: DesiredEntry, by_external_id: bool) -> dict[str, Any] | None:
    """Return the object that an entry names first: by its id, its external id, or its name; or None.

    :raises DirectoryError: it names several.
    """
    resource = entry.desired.resource
    if entry.given_id:
        return finder.by_id(resource, entry.given_id)
    if by_external_id:
        return finder.user_by_external_id(entry.options["external_id"])
    found = finder.called(resource, entry.given_name) if entry.given_name else None  # an invalid entry may have no name
    if found is None:
        return None
    # Another entry may have given the object its name in an earlier run.
    return found if finder.name_after_rename(resource, found["id"]) in (None, entry.new_key) else None


def deletes_by_name(entry: DesiredEntry, by_external_id: bool) -> bool:
    """Return whether an entry deletes the object that has a name."""
    return entry.desired.absent and bool(entry.given_name) and not (entry.given_new_name or entry.given_id or by_external_id)


def _resolved(snapshot: Snapshot, resource: Resource, entries: Sequence[DesiredEntry], by_external_id: bool) -> dict[str, str]:
    """Return the objects that an entry renamed on a run before: {id: new name, normalized}.

    Where names are passed on in a chain (a to b, b to c), on the next run b is the old a, not the old b. An entry is done
    where no object has its old name and an object has its new one; the entry that waited for the release of that name
    is resolved next.
    """
    chained = [entry for entry in entries if entry.renames_by_name]
    # Entries by the name that they release, through a rename or a deletion.
    releasing: dict[str, list[DesiredEntry]] = defaultdict(list)
    for entry in [*chained, *(entry for entry in entries if deletes_by_name(entry, by_external_id))]:
        releasing[entry.old_key].append(entry)
    resolved = _resolved_by_id(snapshot, resource, entries, releasing)
    queue = list(chained)
    while queue:
        entry = queue.pop()
        try:
            current = snapshot.called(resource, entry.given_name or "")
            renamed = snapshot.called(resource, entry.given_new_name or "")
        except AmbiguousError:
            continue  # reported when it is matched
        gone = current is None or resolved.get(current["id"]) not in (None, entry.new_key)
        if gone and renamed is not None and renamed["id"] not in resolved:
            resolved[renamed["id"]] = entry.new_key
            queue += [other for other in releasing[entry.new_key] if other.given_new_name]
    return resolved


def _resolved_by_id(
    snapshot: Snapshot, resource: Resource, entries: Sequence[DesiredEntry], releasing: Mapping[str, list[DesiredEntry]]
) -> dict[str, str]:
    """Return the objects named by id that have their new name already, and whose former holder has lost it.

    :param releasing: entries by the name they release.
    """
    resolved = {}
    for entry in entries:
        item = snapshot.by_id(resource, entry.given_id) if entry.given_new_name and entry.given_id else None
        if item is None or not same_name(resource.name_of(item), entry.given_new_name):
            continue
        if any(
            other.desired.absent or snapshot.ids_called(resource, other.given_new_name or "")
            for other in releasing.get(entry.new_key, ())
        ):
            resolved[item["id"]] = entry.new_key
    return resolved


def _all_released(
    snapshot: Snapshot, resource: Resource, renames: Renames, entries: Sequence[DesiredEntry], by_external_id: bool
) -> frozenset[str]:
    """Return the ids of the objects whose names some entries release."""
    finder = SnapshotFinder(snapshot, {resource.kind: renames})
    return frozenset(filter(None, (_released(finder, entry, by_external_id) for entry in entries)))


def _released(finder: SnapshotFinder, entry: DesiredEntry, by_external_id: bool) -> str | None:
    """Return the id of the object whose name an entry releases, or None."""
    if entry.broken:
        return None
    new_name = entry.given_new_name or (entry.given_name if entry.given_id or by_external_id else None)
    if not new_name and not entry.desired.absent:
        return None
    try:
        current = first_named(finder, entry, by_external_id)
    except DirectoryError:
        return None  # reported when it is matched
    if current is None:
        return None
    releases = entry.desired.absent or not same_name(entry.desired.resource.name_of(current), new_name or "")
    return str(current["id"]) if releases else None


def _circle_of(chained: Sequence[DesiredEntry]) -> str | None:
    """Return the problem of names that are passed on in a circle: that may be done already. None: they are not."""
    takes = {entry.old_key: entry for entry in chained}
    walked: set[str] = set()
    for start in takes:
        names: dict[str, None] = {}  # in order
        name = start
        while name in takes and name not in walked:
            walked.add(name)
            names[name] = None
            name = takes[name].new_key
        if name in names and takes[name].new_key != name:
            ring = list(names)[list(names).index(name) :]
            return f"{takes[ring[0]].origin}: {circle_problem(takes[link].given_name for link in ring)}"
    return None
