# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Which object each entry of the desired state is about, and what a name means once the plan is carried out. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from ..._core.errors import AmbiguousError, ConflictError, DirectoryError, InputError
from ..._core.names import did_you_mean, normalize_id, normalize_name, show
from ..._scim.members import Member
from ..._scim.tables import GROUP, USER
from ..creation import may_create, near_match_warning, why_not_created
from ..identity import identify_group, identify_user, refuse_taken_external_id
from .context import Context
from .entries import DesiredEntry
from .part import Part
from .renames import Finder, deletes_by_name, primary


@dataclass(frozen=True, eq=False)
class Match:
    """An entry of the desired state, and the object it is about.

    :ivar current: its representation; None: there is none.
    :ivar takes_name: whether the object has another name, or none, as yet.
    """

    entry: DesiredEntry
    current: dict[str, Any] | None
    takes_name: bool = False

    @property
    def desired(self):
        return self.entry.desired

    @property
    def origin(self):
        return self.entry.origin

    @property
    def new_name(self):
        """The name the object has after the run."""
        desired = self.desired
        return desired.rename_to or desired.name or (desired.resource.name_of(self.current) if self.current is not None else "")

    @property
    def key(self):
        """What tells groups apart while some have no id yet."""
        return self.current["id"] if self.current is not None else self.entry

    def as_member(self):
        return Member(self.current["id"] if self.current is not None else None, self.desired.resource.kind, self.new_name)


def _by_kind(factory):
    return field(default_factory=lambda: {USER.kind: factory(), GROUP.kind: factory()})


@dataclass(frozen=True)
class Matches:
    """The entries, matched, by kind.

    :ivar sound: those without a problem, in the order of the input.
    :ivar by_id: by the id of the object; also those with a problem.
    :ivar by_new_name: by the name, normalized, that the object will have.
    :ivar by_old_name: by the name, normalized, before a rename: once it is done, the entry alone knows whose it was.
    :ivar claimed: ids of objects that an entry with a problem may be about: no rule takes them for unlisted.
    :ivar whole: whether every entry could be read and matched.
    """

    sound: dict[str, list[Match]] = _by_kind(list)
    by_id: dict[str, dict[str, Match]] = _by_kind(dict)
    by_new_name: dict[str, dict[str, list[Match]]] = _by_kind(dict)
    by_old_name: dict[str, dict[str, Match]] = _by_kind(dict)
    claimed: dict[str, set[str]] = _by_kind(set)
    whole: dict[str, bool] = _by_kind(lambda: True)


def match_entries(context: Context, finder: Finder, resource, entries, matches: Matches) -> Part:
    """Match the entries of one kind; they are added to ``matches``."""
    matching = _Matching(context, finder, resource, matches)
    matches.whole[resource.kind] = resource.kind not in context.desired.unreadable
    for entry in entries:
        if not matching.part.attempt(entry.origin, matching.match, entry) or entry.broken:
            matches.whole[resource.kind] = False
            matches.claimed[resource.kind] |= _candidates(context.snapshot, resource, entry)
    return matching.part


def _candidates(snapshot, resource, entry):
    """The ids of all objects that an entry may be about."""
    options, key = entry.options, resource.key.option
    found = {options["id"]} if options.get("id") else set()
    for name in (options.get(key), options.get(f"new_{key}")):
        found.update(snapshot.ids_called(resource, name) if name else ())
    if resource is USER:
        found.update(user["id"] for user in snapshot.users_with_external_id(options.get("external_id")))
    return found


class _Matching:
    """The matching of one kind."""

    def __init__(self, context, finder, resource, matches):
        self.part = Part()
        self._context = context
        self._finder = finder
        self._resource = resource
        self._matches = matches
        self._sound = matches.sound[resource.kind]
        self._by_id = matches.by_id[resource.kind]
        self._by_new_name = matches.by_new_name[resource.kind]
        self._by_old_name = matches.by_old_name[resource.kind]
        self._external_ids = defaultdict(list)  # by their lower case

    def match(self, entry):
        """Match one entry.

        :raises DirectoryError: it cannot be told which object it is, or it contradicts another entry.
        """
        if entry.broken:
            self._match_broken(entry)
            return
        resource, desired = self._resource, entry.desired
        try:
            current = self._identify(entry)
        except AmbiguousError:
            self.part.note_drift(
                "unresolved", resource.kind, desired.name or desired.rename_to or entry.options.get("id") or ""
            )
            raise
        present = desired.state != "absent"
        takes_name = present and (current is None or resource.key.option in desired.for_update(current))
        match = Match(entry, current, takes_name)
        if resource is USER:
            self._refuse_external_id(match)
        if current is not None:
            twin = self._by_id.get(current["id"])
            if twin is not None:
                raise ConflictError(f"it is the same {resource.kind} as {twin.origin} ({current['id']})")
            self._by_id[current["id"]] = match
        elif not present:
            self._warn_of_near_match(entry)
        elif not may_create(entry.options, desired):
            self._leave_uncreated(entry)
            return
        if present:
            self._take_name(match)
        self._sound.append(match)

    def _identify(self, entry):
        by_external_id = self._context.by_external_id
        if deletes_by_name(entry, by_external_id) and primary(self._finder, entry, by_external_id) is None:
            return None  # gone; another object may have the name by now
        if self._resource is USER:
            return identify_user(self._finder, entry.options, entry.desired, self._context.rules.match_users_by)
        return identify_group(self._finder, entry.options, entry.desired, self.part.warnings.append)

    def _leave_uncreated(self, entry):
        """Warn about a missing object that its entry does not create: no entry can refer to it, and the rest goes on."""
        key = entry.desired.name or entry.desired.rename_to or ""
        hint = did_you_mean(key, names_of(self._context, self._matches, self._resource))
        self.part.warnings.append(
            f"{entry.origin}: {why_not_created(entry.options, entry.desired)}. {hint or 'Set create: true to create it'}"
        )
        self.part.note_drift("unresolved", self._resource.kind, key)

    def _warn_of_near_match(self, entry):
        """Warn that what is to be absent may be there under a name that only looks the same."""
        resource, name = self._resource, entry.desired.name
        if not name or entry.options.get("id"):
            return
        warning = near_match_warning(resource, name, self._context.snapshot.look_alikes(resource, name))
        if warning:
            self.part.warnings.append(f"{entry.origin}: {warning}")

    def _take_name(self, match):
        if not match.new_name and match.current is None:
            raise InputError(
                f"nobody has this external_id, and without a {self._resource.key.option} none can be created"
            )
        same = self._by_new_name.setdefault(normalize_name(match.new_name), [])
        # Two that have one name already are none of this plan's making.
        twin = next((other for other in same if match.takes_name or other.takes_name), None)
        if twin is not None:
            raise ConflictError(f"it would have the same name as {twin.origin}")
        same.append(match)
        self._note_old_name(match)

    def _match_broken(self, entry):
        """An entry that cannot be planned is about an object all the same: others may name it, and no rule may take it for unlisted."""
        try:
            known = entry.options.get("id") or entry.desired.name
            current = primary(self._finder, entry, self._context.by_external_id) if known else None
        except DirectoryError:
            current = None
        match = Match(entry, current)
        if current is not None:
            self._by_id.setdefault(current["id"], match)
        if entry.desired.state != "absent" and match.new_name:
            self._by_new_name.setdefault(normalize_name(match.new_name), []).append(match)
            self._note_old_name(match)

    def _note_old_name(self, match):
        if match.desired.rename_to and match.desired.name:
            self._by_old_name.setdefault(normalize_name(match.desired.name), match)

    def _refuse_external_id(self, match):
        """An external id that is set anew belongs to nobody else, in the directory or in the desired state."""
        external_id = match.desired.values.get("external_id")
        if not external_id or match.desired.state == "absent":
            return
        if match.current is not None and match.current.get("externalId") == external_id:
            return
        refuse_taken_external_id(self._finder, external_id, match.current)
        same = self._external_ids[normalize_id(external_id)]
        for twin in same:
            if twin.desired.values["external_id"] == external_id:
                raise ConflictError(f"it has the same external_id as {twin.origin}")
            if twin.current is None or match.current is None:
                raise ConflictError(
                    f"its external_id differs in case alone from that of {twin.origin}, whom the service might overwrite"
                )
        same.append(match)


def names_of(context, matches, resource):
    """The names a person may have meant: of objects, and of those that entries create."""
    created = [match.new_name for same in matches.by_new_name[resource.kind].values() for match in same]
    return context.snapshot.names(resource) + created


def find_by_name(context, matches, to_delete, resource, text):
    """The object a name means to members: (its match, or None; its representation, or None; whether it is to be deleted).

    What will have the name comes first, by entries or by objects that no entry is about: the exact text, else a
    single one that differs in case alone. What has the name now is meant where nothing will have it; and where
    nothing has it either, the object of the entry that renames what was called so.

    :param to_delete: the ids of the objects of this kind that the plan deletes.
    :raises AmbiguousError: it means several.
    """
    snapshot, by_id = context.snapshot, matches.by_id[resource.kind]
    will = [
        (match.new_name, match, match.current) for match in matches.by_new_name[resource.kind].get(normalize_name(text), ())
    ]
    for object_id in snapshot.ids_called(resource, text):
        if object_id not in by_id and object_id not in to_delete:
            item = snapshot.by_id(resource, object_id)
            will.append((resource.name_of(item), None, item))
    chosen = [found for found in will if found[0] == text] or will
    if len(chosen) > 1:
        ids = ", ".join(sorted(item["id"] if item else str(match and match.origin) for _name, match, item in chosen))
        raise AmbiguousError(
            f"{len(chosen)} {resource.kind}s are called {show(text)}: {ids}", hint="Say which by its id"
        )
    if chosen:
        return chosen[0][1], chosen[0][2], False
    item = snapshot.called(resource, text)
    if item is None:
        renamed = matches.by_old_name[resource.kind].get(normalize_name(text))
        return renamed, renamed.current if renamed is not None else None, False
    return by_id.get(item["id"]), item, item["id"] in to_delete
