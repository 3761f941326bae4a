# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""A hypothetical directory for a desired state, in which only contradictions of the desired state itself cause refusals. Pure.

- An object that an entry renames by name, deletes, or addresses by id exists, and has the declared attributes.
- An object that an entry would create does not exist, so that the planner detects two entries that create the same object.
- An object that entries only refer to exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..._core.names import normalize_id, normalize_name
from ..._core.similar_names import unusual_characters
from ..._scim.resource import Resource
from ..._scim.tables import GROUP, USER
from ..creation import may_create
from .entries import DesiredDirectory, DesiredEntry
from .snapshot import Snapshot


def references(desired: DesiredDirectory) -> Iterator[tuple[DesiredEntry, str, Resource, str]]:
    """Yield each reference from an entry to another object: the entry, its option, the kind of the object, the name."""
    for entry in desired.users or ():
        for name in entry.groups or ():
            yield entry, "groups", GROUP, name
    for entry in desired.groups or ():
        for resource in (USER, GROUP):
            for name in (entry.members or {}).get(f"{resource.kind}s") or ():
                yield entry, f"members.{resource.kind}s", resource, name


def supposed_snapshot(desired: DesiredDirectory, by_external_id: bool, default_group: str | None = None) -> Snapshot:
    """Return a hypothetical directory for a desired state.

    :param by_external_id: whether users are matched by external id.
    :param default_group: the option ``default_group``: the name of a group to add.
    """
    made = _Supposed(desired, by_external_id, default_group)
    return Snapshot(made.objects[USER.kind], made.objects[GROUP.kind])


def _names_after(entry: DesiredEntry) -> set[str]:
    """Return the normalized names that refer to the object of an entry in every directory.

    The old name of an object that is renamed by id is not among them: after the rename, another object may have it.
    """
    return {entry.new_key} if entry.given_id and entry.new_key else {entry.old_key, entry.new_key}


class _Supposed:
    """The objects of a hypothetical directory, by kind and id."""

    def __init__(self, desired: DesiredDirectory, by_external_id: bool, default_group: str | None) -> None:
        self.objects: dict[str, dict[str, dict[str, Any]]] = {USER.kind: {}, GROUP.kind: {}}
        self._default_group = normalize_name(default_group or "")
        self._places: set[str] = set()  # normalized as ids
        for resource, entries in ((USER, desired.users), (GROUP, desired.groups)):
            external = by_external_id and resource is USER
            # Names that a rename or deletion releases and another object takes.
            released = {
                entry.old_key for entry in entries or () if (entry.renames_by_name or entry.desired.absent) and not entry.given_id and not external
            }
            for entry in entries or ():
                if self._exists(entry):
                    self._add_entry(entry, released)
            self._add_referred(resource, desired, {name for entry in entries or () for name in _names_after(entry)})

    def _exists(self, entry: DesiredEntry) -> bool:
        """Return whether the object of an entry must exist so that the entry can be planned."""
        if entry.broken or entry.given_id or entry.desired.absent or entry.renames_by_name:
            return True
        name = entry.given_name
        if not name or unusual_characters(name) or not may_create(entry.options, entry.desired):
            return True
        return normalize_name(name) == self._default_group and entry.desired.resource is GROUP

    def _add_entry(self, entry: DesiredEntry, released: set[str]) -> None:
        desired, resource = entry.desired, entry.desired.resource
        values = dict(desired.values)
        if entry.old_key and entry.old_key in _names_after(entry) and not (entry.given_id and entry.old_key in released):
            values[resource.key.option] = entry.given_name
        self._add(resource, entry.given_id or self._place(entry), resource.new(values, desired.mode))

    def _place(self, entry: DesiredEntry) -> str | None:
        """Return the origin of an entry as the id of its object, for messages; None if an entry on the same line has it."""
        place = normalize_id(entry.origin)
        if place in self._places:
            return None
        self._places.add(place)
        return entry.origin

    def _add_referred(self, resource: Resource, desired: DesiredDirectory, declared: set[str]) -> None:
        """Add objects that entries refer to but that have no entry."""
        known = set(declared)
        names = [name for _entry, _option, kind, name in references(desired) if kind is resource]
        if resource is GROUP and self._default_group:
            names.append(self._default_group)
        for name in names:
            if normalize_name(name) not in known:
                known.add(normalize_name(name))
                self._add(resource, None, resource.new({resource.key.option: name}))
        ids = set(map(normalize_id, self.objects[resource.kind]))
        option = f"{resource.kind}_ids"
        for entry in desired.groups or ():
            for object_id in (entry.members or {}).get(option) or ():
                if normalize_id(object_id) not in ids:
                    ids.add(normalize_id(object_id))
                    self._add(resource, object_id, {})

    def _add(self, resource: Resource, object_id: str | None, representation: dict[str, Any]) -> None:
        objects = self.objects[resource.kind]
        object_id = object_id or f"unknown-{resource.kind}-{len(objects)}"
        objects[object_id] = {**representation, "id": object_id}
