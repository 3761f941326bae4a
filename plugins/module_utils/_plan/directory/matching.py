# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Match each entry of the desired state with an object. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..._core import errors
from ..._core.names import normalize_id, normalize_name
from ..._core.similar_names import did_you_mean
from ..._scim.members import Member
from ..._scim.resource import Resource
from ..._scim.tables import GROUP, USER
from ..creation import may_create, near_match_warning, why_not_created
from ..desired import DesiredObject
from ..group_identity import identify_group
from ..identity import identify_user
from ..identity_conflicts import refuse_taken_external_id
from .context import Context
from .entries import DesiredEntry
from .part import Part
from .renames import SnapshotFinder, deletes_by_name, first_named
from .snapshot import Snapshot

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class Match:
    """An entry of the desired state and its object.

    :ivar current: the representation of the object; None: it does not exist.
    :ivar takes_name: whether the run gives the object its name, by a rename or a create.
    """

    entry: DesiredEntry
    current: dict[str, Any] | None
    takes_name: bool = False

    @property
    def desired(self) -> DesiredObject:
        """The desired state of the object."""
        return self.entry.desired

    @property
    def origin(self) -> str:
        """The place of the entry in the input."""
        return self.entry.origin

    @property
    def new_name(self) -> str:
        """The name of the object after the run."""
        desired = self.entry.desired
        return desired.new_name or (desired.resource.name_of(self.current) if self.current is not None else "")

    @property
    def key(self) -> str | DesiredEntry:
        """What identifies the object: its id, or the entry while the object has no id."""
        return str(self.current["id"]) if self.current is not None else self.entry

    def as_member(self) -> Member:
        """Return the object as a member of a group."""
        return Member(self.current["id"] if self.current is not None else None, self.desired.resource.kind, self.new_name)


def _by_kind(factory: Callable[[], _T]) -> Callable[[], dict[str, _T]]:
    return lambda: {USER.kind: factory(), GROUP.kind: factory()}


@dataclass(frozen=True)
class Matches:
    """The matched entries by kind.

    :ivar sound: matches without a problem, in the order of the input.
    :ivar by_id: matches by the id of the object, including those with a problem.
    :ivar by_new_name: matches by the normalized name of the object after the run.
    :ivar by_old_name: matches by the normalized name of the object before a rename. After the rename, only the entry
        knows this name.
    :ivar claimed: ids of objects to which an entry with a problem may refer. No rule treats them as unlisted.
    :ivar whole: whether every entry could be read and matched.
    """

    sound: dict[str, list[Match]] = field(default_factory=_by_kind(list))
    by_id: dict[str, dict[str, Match]] = field(default_factory=_by_kind(dict))
    by_new_name: dict[str, dict[str, list[Match]]] = field(default_factory=_by_kind(dict))
    by_old_name: dict[str, dict[str, Match]] = field(default_factory=_by_kind(dict))
    claimed: dict[str, set[str]] = field(default_factory=_by_kind(set))
    whole: dict[str, bool] = field(default_factory=dict)


def match_entries(
    context: Context, finder: SnapshotFinder, resource: Resource, entries: Sequence[DesiredEntry], matches: Matches
) -> Part:
    """Match the entries of one kind, add them to ``matches``, and return the problems and warnings."""
    matching = _Matching(context, finder, resource, matches)
    matches.whole[resource.kind] = resource.kind not in context.desired.unreadable
    for entry in entries:
        if not matching.part.attempt(entry.origin, matching.match, entry) or entry.broken:
            matches.whole[resource.kind] = False
            matches.claimed[resource.kind] |= _candidates(context.snapshot, entry)
    return matching.part


def _candidates(snapshot: Snapshot, entry: DesiredEntry) -> set[str]:
    """Return the ids of all objects to which an entry may refer."""
    resource = entry.desired.resource
    found = {entry.given_id} if entry.given_id else set()
    for name in filter(None, (entry.given_name, entry.given_new_name)):
        found.update(snapshot.ids_called(resource, name))
    if resource is USER:
        found.update(user["id"] for user in snapshot.users_with_external_id(entry.options.get("external_id")))
    return found


class _Matching:
    """Matches the entries of one kind."""

    def __init__(self, context: Context, finder: SnapshotFinder, resource: Resource, matches: Matches) -> None:
        self.part = Part()
        self._context = context
        self._finder = finder
        self._resource = resource
        self._matches = matches
        self._sound = matches.sound[resource.kind]
        self._by_id = matches.by_id[resource.kind]
        self._by_new_name = matches.by_new_name[resource.kind]
        self._by_old_name = matches.by_old_name[resource.kind]
        self._by_external_id = context.by_external_id(resource)
        self._external_ids: dict[str, list[Match]] = defaultdict(list)  # keys ignore case

    def match(self, entry: DesiredEntry) -> None:
        """Match one entry.

        :raises DirectoryError: the entry may refer to several objects, or it contradicts another entry.
        """
        if entry.broken:
            self._match_broken(entry)
            return
        resource, desired = self._resource, entry.desired
        try:
            current = self._identify(entry)
        except errors.AmbiguousError:
            self.part.note_drift("unresolved", resource.kind, desired.name or desired.rename_to or entry.given_id or "")
            raise
        takes_name = not desired.absent and (current is None or resource.key.option in desired.for_update(current))
        match = Match(entry, current, takes_name)
        if resource is USER:
            self._refuse_external_id(match)
        if current is not None:
            twin = self._by_id.get(current["id"])
            if twin is not None:
                raise errors.ConflictError(f"the entry names the same {resource.kind} as {twin.origin}, id {current['id']}")
            self._by_id[current["id"]] = match
        elif desired.absent:
            self._warn_of_near_match(entry)
        elif not may_create(entry.options, desired):
            self._leave_uncreated(entry)
            return
        if not desired.absent:
            self._take_name(match)
        self._sound.append(match)

    def _identify(self, entry: DesiredEntry) -> dict[str, Any] | None:
        if deletes_by_name(entry, self._by_external_id) and first_named(self._finder, entry, self._by_external_id) is None:
            return None  # An earlier run deleted the object; another one may use its name now.
        if self._resource is USER:
            return identify_user(self._finder, entry.options, entry.desired, self._context.rules.match_users_by)
        return identify_group(self._finder, entry.options, entry.desired, self.part.warnings.append)

    def _leave_uncreated(self, entry: DesiredEntry) -> None:
        """Warn about a missing object that its entry does not create. No other entry can refer to it."""
        key = entry.desired.name or entry.desired.rename_to or ""
        hint = did_you_mean(key, names_of(self._context, self._matches, self._resource))
        self.part.warnings.append(
            f"{entry.origin}: {why_not_created(entry.options, entry.desired)}. {hint or 'Set create: true to create it'}"
        )
        self.part.note_drift("unresolved", self._resource.kind, key)

    def _warn_of_near_match(self, entry: DesiredEntry) -> None:
        """Warn if an entry with state ``absent`` found no object but an object's name looks the same."""
        resource, name = self._resource, entry.desired.name
        if not name or entry.given_id:
            return
        warning = near_match_warning(resource, name, self._context.snapshot.look_alikes(resource, name))
        if warning:
            self.part.warnings.append(f"{entry.origin}: {warning}")

    def _take_name(self, match: Match) -> None:
        if not match.new_name and match.current is None:
            raise errors.InputError(f"no user has this external_id, and a user cannot be created without {self._resource.key.option}")
        same = self._by_new_name.setdefault(normalize_name(match.new_name), [])
        # The two objects already had the same name before this plan.
        twin = next((other for other in same if match.takes_name or other.takes_name), None)
        if twin is not None:
            raise errors.ConflictError(f"the entry would have the same name as {twin.origin}")
        same.append(match)
        self._note_old_name(match)

    def _match_broken(self, entry: DesiredEntry) -> None:
        """Record the object of an invalid entry, so that other entries can refer to it and no rule treats it as unlisted."""
        try:
            known = entry.given_id or entry.desired.name
            current = first_named(self._finder, entry, self._by_external_id) if known else None
        except errors.DirectoryError:
            current = None
        match = Match(entry, current)
        if current is not None:
            self._by_id.setdefault(current["id"], match)
        if not entry.desired.absent and match.new_name:
            self._by_new_name.setdefault(normalize_name(match.new_name), []).append(match)
            self._note_old_name(match)

    def _note_old_name(self, match: Match) -> None:
        if match.desired.rename_to and match.desired.name:
            self._by_old_name.setdefault(normalize_name(match.desired.name), match)

    def _refuse_external_id(self, match: Match) -> None:
        """Reject an external id that the plan would write if another user or another entry has it."""
        external_id = match.desired.values.get("external_id")
        if not external_id or match.desired.absent:
            return
        if match.current is not None and match.current.get("externalId") == external_id:
            return
        refuse_taken_external_id(self._finder, external_id, match.current)
        same = self._external_ids[normalize_id(external_id)]
        for twin in same:
            if twin.desired.values["external_id"] == external_id:
                raise errors.ConflictError(f"the entry has the same external_id as {twin.origin}")
            if twin.current is None or match.current is None:
                raise errors.ConflictError(
                    f"the external_id differs only in case from that of {twin.origin}, which the service might overwrite"
                )
        same.append(match)


def names_of(context: Context, matches: Matches, resource: Resource) -> list[str]:
    """Return the names that a misspelled name may have meant: those of objects, and those of planned creates."""
    created = [match.new_name for same in matches.by_new_name[resource.kind].values() for match in same]
    return context.snapshot.names(resource) + created
