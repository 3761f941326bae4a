# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Names that pass from one object to another in one plan: names that are released, and renames of earlier runs. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..._core import errors
from ..._core.names import same_name
from ..._scim.resource import Resource
from .entries import DesiredEntry
from .order import circle_problem
from .snapshot import Snapshot


@dataclass(frozen=True)
class Renames:
    """The effects of the entries of one kind on names, by the ids of the objects in the snapshot.

    :ivar resolved: the normalized new names of objects that an entry renamed in an earlier run.
    :ivar released: objects that are renamed or deleted, so that another object can take their name.
    :ivar released_by_id: the released objects whose entry gives an id. Their current name refers to the object that
        takes the name.
    """

    resolved: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    released: frozenset[str] = frozenset()
    released_by_id: frozenset[str] = frozenset()


class SnapshotFinder:
    """A :class:`.finder.Finder` that resolves names in a snapshot the way the entries of one plan mean them."""

    def __init__(self, snapshot: Snapshot, renames: Mapping[str, Renames]) -> None:
        self._snapshot = snapshot
        self._renames = renames

    def by_id(self, resource: Resource, resource_id: str) -> dict[str, Any] | None:
        """Return the object with an id, or None."""
        return self._snapshot.by_id(resource, resource_id)

    def called(self, resource: Resource, name: str) -> dict[str, Any] | None:
        """Return the object with a name, ignoring objects whose entry gives an id and releases the name."""
        return self._snapshot.called(resource, name, without=self._renames[resource.kind].released_by_id)

    def user_by_external_id(self, external_id: str) -> dict[str, Any] | None:
        """Return the user with exactly this external id, or None."""
        return self._snapshot.user_by_external_id(external_id)

    def users_with_external_id(self, external_id: str) -> list[dict[str, Any]]:
        """Return the users with an external id, ignoring case."""
        return self._snapshot.users_with_external_id(external_id)

    def why_uncertain(self, resource: Resource) -> str | None:
        """Return None. If the lists may be incomplete, the service is asked right before the write, not here."""
        return None

    def name_released(self, resource: Resource, resource_id: str) -> bool:
        """Return whether an entry renames or deletes an object, so that another object can take its name."""
        return resource_id in self._renames[resource.kind].released

    def name_after_rename(self, resource: Resource, resource_id: str) -> str | None:
        """Return the normalized new name from the entry that renamed an object in an earlier run; None: there is no such entry."""
        return self._renames[resource.kind].resolved.get(resource_id)


def resolve_renames(
    snapshot: Snapshot, resource: Resource, entries: Sequence[DesiredEntry], by_external_id: bool = False
) -> tuple[Renames, list[str]]:
    """Return the effects of the entries of one kind on names, and problems with names that are passed on in a circle.

    :param by_external_id: whether the objects are matched by external id.
    """
    circle = _circle_of([entry for entry in entries if entry.renames_by_name])
    resolved = MappingProxyType({} if circle else _resolved(snapshot, resource, entries, by_external_id))
    # Entries with ids come first: a name that they release refers to a different object in the other entries.
    identified = [entry for entry in entries if entry.given_id or by_external_id]
    by_id = _all_released(snapshot, resource, Renames(resolved), identified, by_external_id)
    rest = [entry for entry in entries if not (entry.given_id or by_external_id)]
    others = _all_released(snapshot, resource, Renames(resolved, by_id, by_id), rest, by_external_id)
    return Renames(resolved, by_id | others, by_id), [circle] if circle else []


def first_named(finder: SnapshotFinder, entry: DesiredEntry, by_external_id: bool) -> dict[str, Any] | None:
    """Return the object that an entry identifies by its id, its external id, or its (old) name; or None.

    :raises DirectoryError: several objects match.
    """
    resource = entry.desired.resource
    if entry.given_id:
        return finder.by_id(resource, entry.given_id)
    if by_external_id:
        return finder.user_by_external_id(entry.options["external_id"])
    found = finder.called(resource, entry.given_name) if entry.given_name else None  # An invalid entry may have no name.
    if found is None:
        return None
    # Another entry may have given the object its name in an earlier run.
    return found if finder.name_after_rename(resource, found["id"]) in (None, entry.new_key) else None


def deletes_by_name(entry: DesiredEntry, by_external_id: bool) -> bool:
    """Return whether an entry deletes an object that it finds by name."""
    return entry.desired.absent and bool(entry.given_name) and not (entry.given_new_name or entry.given_id or by_external_id)


def _resolved(snapshot: Snapshot, resource: Resource, entries: Sequence[DesiredEntry], by_external_id: bool) -> dict[str, str]:
    """Return the objects that an entry renamed in an earlier run: {id: normalized new name}.

    If names are passed on in a chain (a to b, b to c), the object named b in the next run is the old a, not the old b. An
    entry is resolved if no object has its old name and an object has its new name. The entry that waited for the release of
    that new name is resolved next.
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
        except errors.AmbiguousError:
            continue  # The matching reports this problem.
        gone = current is None or resolved.get(current["id"]) not in (None, entry.new_key)
        if gone and renamed is not None and renamed["id"] not in resolved:
            resolved[renamed["id"]] = entry.new_key
            queue += [other for other in releasing[entry.new_key] if other.given_new_name]
    return resolved


def _resolved_by_id(
    snapshot: Snapshot, resource: Resource, entries: Sequence[DesiredEntry], releasing: Mapping[str, list[DesiredEntry]]
) -> dict[str, str]:
    """Return the objects identified by id that already have their new name, and whose former owner no longer has it.

    :param releasing: entries by the name that they release.
    """
    resolved = {}
    for entry in entries:
        item = snapshot.by_id(resource, entry.given_id)
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
    except errors.DirectoryError:
        return None  # The matching reports this problem.
    if current is None:
        return None
    releases = entry.desired.absent or not same_name(entry.desired.resource.name_of(current), new_name or "")
    return str(current["id"]) if releases else None


def _circle_of(chained: Sequence[DesiredEntry]) -> str | None:
    """Return the problem of names that are passed on in a circle, which an earlier run may have done already; None: no circle."""
    takes = {entry.old_key: entry for entry in chained}
    walked: set[str] = set()
    for start in takes:
        names: dict[str, None] = {}  # a dict keeps the order
        name = start
        while name in takes and name not in walked:
            walked.add(name)
            names[name] = None
            name = takes[name].new_key
        if name in names and takes[name].new_key != name:
            ring = list(names)[list(names).index(name) :]
            return f"{takes[ring[0]].origin}: {circle_problem(takes[link].given_name for link in ring)}"
    return None
