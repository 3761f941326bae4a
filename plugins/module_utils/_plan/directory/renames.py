# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Names that one plan passes on: which are released, who took one on a run before, in which order they change hands. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ..._core.errors import AmbiguousError, DirectoryError
from ..._core.names import normalize_name, same_name
from ..._scim.tables import GROUP, USER
from .entries import DesiredEntry
from .order import _circle
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


class Finder:
    """A snapshot in which names mean what they mean to the entries of one plan; what :mod:`_identify` asks."""

    def __init__(self, snapshot: Snapshot, renames: Mapping[str, Renames]):
        self._snapshot = snapshot
        self._renames = renames
        self.by_id = snapshot.by_id
        self.users_with_external_id = snapshot.users_with_external_id
        self.user_by_external_id = snapshot.user_by_external_id

    def user(self, name):
        return self.called(USER, name)

    def group(self, name):
        return self.called(GROUP, name)

    def called(self, resource, name):
        """Like :meth:`Snapshot.called`, without objects that another entry names by an id, and takes the name from."""
        return self._snapshot.called(resource, name, without=self._renames[resource.kind].released_by_id)

    @staticmethod
    def why_uncertain(resource):
        """Why something not found may exist all the same: asked of the service before it is written, not here."""

    def name_released(self, resource, resource_id):
        """Whether an entry renames or deletes an object, so that its name is free for another."""
        return resource_id in self._renames[resource.kind].released

    def name_after_rename(self, resource, resource_id):
        """The new name, normalized, of the entry that has renamed an object already; None: no entry has."""
        return self._renames[resource.kind].resolved.get(resource_id)


def resolve_renames(snapshot, resource, entries, by_external_id=False):
    """What the entries of one kind do to names: (:class:`Renames`, problems).

    :param by_external_id: whether users are told by their external ids.
    """
    by_external_id = by_external_id and resource is USER
    circle = _circle_of(_chained(entries, resource.key.option), resource.key.option)
    resolved = {} if circle else _resolved(snapshot, resource, entries, by_external_id)
    renames = Renames(MappingProxyType(resolved))
    released, by_id = set(), set()
    # First those that an id tells: a name that they take from an object means another one to the rest.
    for told_by_id in (True, False):
        finder = Finder(snapshot, {resource.kind: renames})
        for entry in entries:
            if (bool(entry.options.get("id")) or by_external_id) is told_by_id:
                object_id = _released(finder, entry, by_external_id)
                released.update(filter(None, [object_id]))
        by_id = by_id or set(released)
        renames = Renames(renames.resolved, frozenset(released), frozenset(by_id) if told_by_id else renames.released_by_id)
    return renames, [circle] if circle else []


def primary(finder, entry, by_external_id):
    """The object an entry names first, before any rule has a say.

    :raises DirectoryError: it names several.
    """
    resource, options = entry.desired.resource, entry.options
    if options.get("id"):
        return finder.by_id(resource, options["id"])
    if by_external_id and resource is USER:
        return finder.user_by_external_id(options["external_id"])
    name = options[resource.key.option]
    found = finder.called(resource, name) if name else None  # an entry that is broken may name nothing
    if found is None:
        return None
    # Another entry may have given the name to the object on a run before.
    new_name = normalize_name(options.get(f"new_{resource.key.option}") or "")
    return found if finder.name_after_rename(resource, found["id"]) in (None, new_name) else None


def deletes_by_name(entry, by_external_id):
    """Whether an entry deletes the object that has a name."""
    key = entry.desired.resource.key.option
    return (
        entry.desired.state == "absent"
        and bool(entry.options.get(key))
        and not entry.options.get(f"new_{key}")
        and not entry.options.get("id")
        and not (by_external_id and entry.desired.resource is USER)
    )


def _chained(entries, key):
    """Entries that rename an object found by its name."""
    return [
        entry
        for entry in entries
        if entry.options.get(f"new_{key}") and entry.options.get(key) and not entry.options.get("id")
    ]


def _resolved(snapshot, resource, entries, by_external_id):
    """The objects that an entry renamed on a run before: id -> new name, normalized.

    Where names are passed on in a chain (a to b, b to c), on the next run b is the old a, not the old b. An entry
    whose old name nobody has, and whose new name somebody has, is done; the entry that waited for that name to be
    released looks further down the chain.
    """
    key = resource.key.option
    chained = _chained(entries, key)
    # Entries by the name they release: those that pass it on, and those that delete.
    waiting: dict[str, list[DesiredEntry]] = defaultdict(list)
    for entry in [*chained, *(entry for entry in entries if deletes_by_name(entry, by_external_id))]:
        waiting[normalize_name(entry.options[key])].append(entry)
    resolved = _claimed(snapshot, resource, entries, waiting)
    queue = list(chained)
    while queue:
        entry = queue.pop()
        try:
            current = snapshot.called(resource, entry.options[key])
            renamed = snapshot.called(resource, entry.options[f"new_{key}"])
        except AmbiguousError:
            continue  # reported when it is matched
        new_name = normalize_name(entry.options[f"new_{key}"])
        gone = current is None or resolved.get(current["id"]) not in (None, new_name)
        if gone and renamed is not None and renamed["id"] not in resolved:
            resolved[renamed["id"]] = new_name
            queue += [other for other in waiting[new_name] if other.options.get(f"new_{key}")]
    return resolved


def _claimed(snapshot, resource, entries, waiting):
    """Objects named by id that have their new name already, where the object that had the name before is gone from it.

    :param waiting: entries by the name they release.
    """
    key = resource.key.option
    claimed = {}
    for entry in entries:
        new_name = entry.options.get(f"new_{key}")
        item = snapshot.by_id(resource, entry.options["id"]) if new_name and entry.options.get("id") else None
        if item is None or not same_name(resource.name_of(item), new_name):
            continue
        if any(
            other.desired.state == "absent" or snapshot.ids_called(resource, other.options[f"new_{key}"])
            for other in waiting[normalize_name(new_name)]
        ):
            claimed[item["id"]] = normalize_name(new_name)
    return claimed


def _released(finder, entry, by_external_id):
    """The id of the object whose name an entry releases; None: of none."""
    if entry.broken:
        return None
    resource, options = entry.desired.resource, entry.options
    key = resource.key.option
    new_name = options.get(f"new_{key}") or (options.get(key) if options.get("id") or by_external_id else None)
    if not new_name and entry.desired.state != "absent":
        return None
    try:
        current = primary(finder, entry, by_external_id)
    except DirectoryError:
        return None  # reported when it is matched
    if current is None:
        return None
    releases = entry.desired.state == "absent" or not same_name(resource.name_of(current), new_name or "")
    return current["id"] if releases else None


def _circle_of(chained, key):
    """The problem of names passed round in a circle, which may have been passed round already; None: there are none."""
    takes = {normalize_name(entry.options[key]): entry for entry in chained}
    walked: set[str] = set()
    for start in takes:
        names: dict[str, None] = {}  # in order
        name = start
        while name in takes and name not in walked:
            walked.add(name)
            names[name] = None
            name = normalize_name(takes[name].options[f"new_{key}"])
        if name in names and normalize_name(takes[name].options[f"new_{key}"]) != name:
            ring = list(names)[list(names).index(name) :]
            return _circle(takes[link].options[key] for link in ring)
    return None
