# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Plan the members of all groups of a directory, from the ``members`` of groups and the ``groups`` of users. Pure.

:func:`.membership.plan_members` decides which members to add to a group and which to remove, as in p1_group_membership.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from ..._core import errors
from ..._core.names import normalize_name, same_name, show
from ..._core.similar_names import did_you_mean
from ..._scim.members import KINDS, Member
from ..._scim.resource import Resource
from ..._scim.tables import GROUP, USER
from ..built_in_groups import DEFAULT_GROUP
from ..membership import lost_kinds, plan_members, unknown_members
from ..steps import Step
from .context import RESOURCES, Context
from .entries import EXACT, DesiredEntry
from .matching import Match, Matches, names_of
from .part import Part
from .references import Reference, find_by_id, find_by_name

MAX_SUGGESTED = 20  # limit on suggestions for unknown names, because each one compares the name with all names

NO_MEMBER_LISTED = "membership is exact but no members are listed, which would remove every member"
NO_MEMBER_EXISTS = "membership is exact but none of the listed members exists, which would remove every member"
ALLOW_EMPTY = "Set allow_empty: true if this is intended"


def plan_memberships(context: Context, matches: Matches, objects: Part) -> Part:
    """Plan the members of every group in the desired state.

    :param objects: the plan for users and groups.
    """
    planning = _Memberships(context, matches, objects)
    for match in matches.sound[USER.kind]:
        if match.entry.groups and not match.desired.absent:
            planning.note_user_groups(match)
    for match in matches.sound[GROUP.kind]:
        if not match.desired.absent:
            planning.part.attempt(match.origin, planning.plan_members, match)
    planning.plan_groups_of_users_alone()
    return planning.part


class _Memberships:
    """Plans the members of all groups."""

    def __init__(self, context: Context, matches: Matches, objects: Part) -> None:
        self.part = Part()
        self._context = context
        self._matches = matches
        self._to_delete = {kind: objects.to_delete(resource) for kind, resource in RESOURCES.items()}
        # The key is that of a match, or the id of a group without an entry.
        self._user_groups: dict[str | DesiredEntry, list[Member]] = defaultdict(list)
        self._suggested = 0
        # If an entry could not be read or matched, its list of members is unknown.
        self._knows_all = all(matches.whole.values())

    def _find(self, resource: Resource, text: str, by_id: bool = False) -> Reference:
        find = find_by_id if by_id else find_by_name
        return find(self._context, self._matches, self._to_delete[resource.kind], resource, text)

    # -- groups of users ---------------------------------------------------------------------------

    def note_user_groups(self, match: Match) -> None:
        """Record a user as a member of the groups that its entry lists."""
        for name in match.entry.groups or ():
            self.part.attempt(_origin_of(name, match), self._note_user_group, match, name)

    def _note_user_group(self, match: Match, name: str) -> None:
        member, scope = match.as_member(), self._context.rules.scope
        found = self._find(GROUP, name)
        if found.to_delete:
            raise errors.ConflictError(f"group {show(name)} is to be deleted")
        if found.match is not None:
            self._user_groups[found.match.key].append(member)
        elif found.current is None:
            self._note_unknown(_origin_of(name, match), f"groups: group {show(name)} does not exist", name, member, (GROUP, name))
        elif not scope.has(GROUP, found.current):
            raise errors.ConflictError(f"group {show(name)} is outside scope ({scope.describe(GROUP)})")
        else:
            self._user_groups[found.current["id"]].append(member)

    def plan_groups_of_users_alone(self) -> None:
        """Plan the groups that entries of users list but that have no entry of their own."""
        groups = self._context.snapshot.groups
        for key, members in self._user_groups.items():
            if isinstance(key, str) and key in groups and key not in self._matches.by_id[GROUP.kind]:
                self._plan_difference(groups[key], members, report_others=self._knows_all)

    def _note_unknown(self, origin: str, reason: str, key: str, member: Member, sought: tuple[Resource, str | None]) -> None:
        """Apply ``on_unknown_member`` to a member, or a group of a user, that does not exist.

        :param sought: the resource and the name that was not found; the name is None if an id was given.
        :raises NotFoundError: ``on_unknown_member`` is ``fail``.
        """
        self.part.note_drift("unresolved", "membership", key, member)
        warning = unknown_members(
            self._context.rules.on_unknown_member,
            reason,
            lambda: self._similar(*sought),
            consequence="left out",
            advice="Declare it too, or set on_unknown_member",
        )
        if warning:
            self.part.warnings.append(f"{origin}: {warning}")

    def _similar(self, resource: Resource, name: str | None) -> str:
        """Return a suggestion of a similar name for a name that was not found, or ""."""
        if name is None or self._suggested >= MAX_SUGGESTED:
            return ""
        self._suggested += 1
        return did_you_mean(name, names_of(self._context, self._matches, resource))

    # -- members of groups -------------------------------------------------------------------------

    def plan_members(self, match: Match) -> None:
        """Plan the members of a group that has an entry.

        :raises InputError: the list would remove all members, and ``allow_empty`` is not set.
        """
        entry = match.entry
        listed = list(self._user_groups.get(match.key, ()))
        joins = bool(listed)  # Users whose entries list the group also form a list.
        kinds, unknown = [], []
        for kind in KINDS:
            given = self._given(entry, kind)
            before = len(listed)
            for text, by_id in given or ():
                self.part.attempt(_origin_of(text, match), self._resolve, match, kind, text, by_id, listed)
            joined = kind == USER.kind and joins
            if given is not None or joined:
                kinds.append(kind)
            if given and len(listed) == before and not joined:
                unknown.append(kind)
        exact = entry.members is not None and entry.membership == EXACT
        if entry.members is not None and not self._knows_all:
            self._plan_difference(self._group_of(match), listed, name=match.new_name)
            return
        if exact and not listed:
            kinds = self._emptied_kinds(match, kinds)
        elif exact:
            self._refuse_lost_kinds(match, listed, unknown)
        self._plan_difference(self._group_of(match), listed, kinds if exact else (), report_others=self._knows_all, name=match.new_name)

    @staticmethod
    def _given(entry: DesiredEntry, kind: str) -> list[tuple[str, bool]] | None:
        """Return the listed members of a kind, each with whether it is given by id; None: there is no such list."""
        lists = [((entry.members or {}).get(f"{kind}s"), False), ((entry.members or {}).get(f"{kind}_ids"), True)]
        if all(texts is None for texts, _by_id in lists):
            return None
        return [(text, by_id) for texts, by_id in lists for text in texts or ()]

    @staticmethod
    def _group_of(match: Match) -> dict[str, Any]:
        return match.current if match.current is not None else {"id": None, "displayName": match.new_name}

    def _current(self, match: Match) -> Collection[Member]:
        """Return the current members of a group."""
        return self._context.snapshot.members(match.current["id"]).values() if match.current is not None else ()

    def _emptied_kinds(self, match: Match, kinds: list[str]) -> list[str]:
        """Return the kinds of members that an exact group loses completely, because none of its listed members exists.

        :raises InputError: the group would lose members, and ``allow_empty`` is not set. ``members: {}`` is accepted while the
            group has no members, because an export shows an empty group that way.
        """
        lost = [member for member in self._current(match) if not kinds or member.kind in kinds]
        given = any((match.entry.members or {}).values())
        if not self._context.rules.allow_empty and (lost or kinds and not given):
            raise errors.InputError(NO_MEMBER_EXISTS if given else NO_MEMBER_LISTED, hint=ALLOW_EMPTY)
        return kinds or list(KINDS)

    def _refuse_lost_kinds(self, match: Match, listed: Iterable[Member], unknown: Iterable[str]) -> None:
        """Refuse to remove all members of a kind because none of the listed ones exists."""
        lost = lost_kinds(self._current(match), listed, unknown)
        if lost and not self._context.rules.allow_empty:
            raise errors.InputError(
                f"membership is exact but none of the listed {lost[0]}s exists, which would remove all {lost[0]}s", hint=ALLOW_EMPTY
            )

    def _resolve(self, match: Match, kind: str, text: str, by_id: bool, listed: list[Member]) -> None:
        """Add a listed member to ``listed`` unless it does not exist."""
        resource = RESOURCES[kind]
        found = self._find(resource, text, by_id)
        if found.to_delete:
            raise errors.ConflictError(f"its member {kind} {show(text)} is to be deleted")
        if found.match is not None:
            listed.append(found.match.as_member())
        elif found.current is not None:
            listed.append(Member(found.current["id"], kind, resource.name_of(found.current)))
        else:
            member = Member(text if by_id else None, kind, None if by_id else text)
            reason = f"members.{kind}{'_id' if by_id else ''}s: {kind} {show(text)} does not exist"
            self._note_unknown(_origin_of(text, match), reason, match.new_name, member, (resource, None if by_id else text))

    def _plan_difference(
        self,
        group: dict[str, Any],
        listed: Iterable[Member],
        exact_kinds: Collection[str] = (),
        report_others: bool = False,
        name: str | None = None,
    ) -> None:
        """Plan the steps that reconcile a group's members.

        :param report_others: whether to report unlisted members that stay as drift.
        """
        part, name = self.part, name or GROUP.name_of(group)
        current = self._context.snapshot.members(group["id"]) if group["id"] else {}
        add, remove = plan_members(current, add=listed, exact_kinds=exact_kinds)
        desired = {member.key for member in listed}
        part.unchanged["membership"] += len(desired) - len(add)
        untouchable = bool(remove) and self._context.protection.has(GROUP, group)
        removed = []
        for member in remove:
            if untouchable or self._context.protects_member(member):
                part.note_drift("protected", "membership", name, member)
            else:
                part.note_drift("extra", "membership", name, member)
                removed.append(member)
        if report_others:
            known = desired | {member.key for member in remove}
            # The service itself adds users to the default group.
            joins_by_itself = same_name(name, DEFAULT_GROUP)
            for member_key, member in current.items():
                if member_key not in known and not (joins_by_itself and member.kind == USER.kind):
                    part.note_drift("unmanaged", "membership", name, member)
        for member in add:
            part.note_drift("missing", "membership", name, member)
        if removed:
            step = Step("members", GROUP, GROUP.name_of(group), group["id"], remove=sorted(removed, key=_order), before=group)
            part.steps["remove"].append(step)
        if add:
            part.steps["add"].append(Step("members", GROUP, name, group["id"], add=sorted(add, key=_order), before=group))


def _origin_of(text: str, match: Match) -> str:
    """Return the place of a name: the cell of a CSV document, or else the place of its entry."""
    return getattr(text, "origin", match.origin)


def _order(member: Member) -> tuple[Any, ...]:
    return (member.kind != USER.kind, normalize_name(member.name or ""), member.name or "", member.id or "")
