# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Steps for the members of all groups of a directory, from groups' ``members`` and from users' ``groups``. Pure.

What to add to one group and what to remove is ``_membership.plan_members``, as for the single-object module.
"""

from __future__ import annotations

from collections import defaultdict

from ..._core.errors import ConflictError, InputError
from ..._core.names import did_you_mean, normalize_name, show
from ..._scim.members import Member
from ..._scim.tables import GROUP, USER
from ..membership import plan_members
from ..steps import Step
from .context import Context
from .entries import EXACT
from .matching import Matches, find_by_name, names_of
from .part import Part
from .users_and_groups import is_protected_member

MAX_SUGGESTED = 20  # unknown names for which similar ones are sought: each costs a walk over all names


def plan_memberships(context: Context, matches: Matches, objects: Part) -> Part:
    """Plan the members of every group that the desired state is about.

    :param objects: what was planned for users and groups.
    """
    planning = _Memberships(context, matches, objects)
    for match in matches.sound[USER.kind]:
        if match.entry.groups and match.desired.state != "absent":
            planning.note_user_groups(match)
    for match in matches.sound[GROUP.kind]:
        if match.desired.state != "absent":
            planning.part.attempt(match.origin, planning.plan_members, match)
    planning.plan_groups_of_users_alone()
    return planning.part


class _Memberships:
    """The members of all groups."""

    def __init__(self, context, matches, objects):
        self.part = Part()
        self._context = context
        self._matches = matches
        self._to_delete = {resource.kind: objects.to_delete(resource) for resource in (USER, GROUP)}
        # By the key of a match, or the id of a group that no entry is about.
        self._user_groups = defaultdict(list)
        self._suggested = 0
        # Where an entry could not be read or matched, the members that it would have listed are not known.
        self._knows_all = all(matches.whole.values())

    def _find(self, resource, text):
        return find_by_name(self._context, self._matches, self._to_delete[resource.kind], resource, text)

    # -- groups of users ---------------------------------------------------------------------------

    def note_user_groups(self, match):
        """Note a user as a member of the groups that its entry names."""
        for name in match.entry.groups:
            self.part.attempt(match.origin, self._note_user_group, match, name)

    def _note_user_group(self, match, name):
        member, scope = match.as_member(), self._context.rules.scope
        target, group, to_delete = self._find(GROUP, name)
        if target is None and group is None:
            reason = f"groups: group {show(name)} does not exist"
            self._note_unknown(match.origin, reason, name, member, (GROUP, name))
        elif to_delete:
            raise ConflictError(f"group {show(name)} is to be deleted")
        elif target is not None:
            self._user_groups[target.key].append(member)
        elif not scope.has(GROUP, group):
            raise ConflictError(f"group {show(name)} is outside scope ({scope.describe(GROUP)})")
        else:
            self._user_groups[group["id"]].append(member)

    def plan_groups_of_users_alone(self):
        """Plan the groups that users' entries name and no entry of a group is about."""
        groups = self._context.snapshot.groups
        for key, members in self._user_groups.items():
            if key in groups and key not in self._matches.by_id[GROUP.kind]:
                self._plan_difference(groups[key], members)

    def _note_unknown(self, origin, reason, key, member, sought):
        """Refuse or leave out a member, or a group of a user, that does not exist, as ``on_unknown_member`` says.

        :param sought: the resource and the name that was not found; the name is None for an id.
        """
        resource, name = sought
        on_unknown = self._context.rules.on_unknown_member
        self.part.note_drift("unresolved", "membership", key, member)
        if on_unknown == "ignore":
            return
        hint = ""
        if name is not None and self._suggested < MAX_SUGGESTED:
            self._suggested += 1
            hint = did_you_mean(name, names_of(self._context, self._matches, resource))
        if on_unknown == "fail":
            raise ConflictError(reason, hint=hint or "Declare it too, or set on_unknown_member")
        self.part.warnings.append(f"{origin}: {reason}; left out. {hint}".rstrip(" ."))

    # -- members of groups -------------------------------------------------------------------------

    def plan_members(self, match):
        """Plan the members of a group that an entry is about.

        :raises InputError: the group would be emptied, and that is not allowed.
        """
        entry = match.entry
        listed = list(self._user_groups.get(match.key, ()))
        given = entry.members or {}
        kinds, unknown = [], []
        for kind, names, ids in (("user", "users", "user_ids"), ("group", "groups", "group_ids")):
            before = len(listed)
            for option, by_id in ((names, False), (ids, True)):
                for text in given.get(option) or ():
                    self.part.attempt(match.origin, self._resolve, match, kind, text, by_id, listed)
            # Users' own groups are a list of users too.
            by_themselves = kind == "user" and before > 0
            if given.get(names) is not None or given.get(ids) is not None or by_themselves:
                kinds.append(kind)
            if (given.get(names) or given.get(ids)) and len(listed) == before and not by_themselves:
                unknown.append(kind)
        if entry.members is not None and not self._knows_all:
            self._plan_difference(self._group_of(match), listed, name=match.new_name)
            return
        exact = entry.members is not None and entry.membership == EXACT
        if exact and not listed:
            kinds = self._emptied(match, kinds)
        elif exact:
            self._refuse_lost_kinds(match, unknown)
        self._plan_difference(
            self._group_of(match), listed, kinds if exact else (), report_others=entry.members is not None, name=match.new_name
        )

    @staticmethod
    def _group_of(match):
        return match.current if match.current is not None else {"id": None, "displayName": match.new_name}

    def _held(self, match):
        """The members a group has."""
        return self._context.snapshot.members(match.current["id"]).values() if match.current is not None else ()

    def _emptied(self, match, kinds):
        """The kinds of which an exact group that lists nobody loses all members.

        :raises InputError: unless ``allow_empty`` allows it. An export shows a group without members as
            ``members: {}``, which does not ask to empty it while it is empty.
        """
        lost = [member for member in self._held(match) if not kinds or member.kind in kinds]
        given = any((match.entry.members or {}).values())
        if not self._context.rules.allow_empty and (lost or kinds and not given):
            who = "nobody of those listed is known" if given else "nobody is listed"
            raise InputError(
                f"its membership is exact and {who}, which would empty it",
                hint="Add allow_empty: true if it is meant",
            )
        return kinds or ["user", "group"]

    def _refuse_lost_kinds(self, match, unknown):
        """An exact group does not lose all its users, or groups, because none of those listed is known."""
        lost = [kind for kind in unknown if any(member.kind == kind for member in self._held(match))]
        if lost and not self._context.rules.allow_empty:
            raise InputError(
                f"its membership is exact and none of the {lost[0]}s listed is known, which would take all {lost[0]}s out of it",
                hint="Add allow_empty: true if it is meant",
            )

    def _resolve(self, match, kind, text, by_id, listed):
        """Add a listed member to ``listed``, unless it is unknown."""
        resource = USER if kind == "user" else GROUP
        if by_id:
            found = self._context.snapshot.by_id(resource, text)
            target = self._matches.by_id[kind].get(found["id"]) if found is not None else None
            to_delete = found is not None and found["id"] in self._to_delete[kind]
        else:
            target, found, to_delete = self._find(resource, text)
        if target is None and found is None:
            member = Member(text if by_id else None, kind, None if by_id else text)
            reason = f"members.{kind}{'_id' if by_id else ''}s: {kind} {show(text)} does not exist"
            self._note_unknown(match.origin, reason, match.new_name, member, (resource, None if by_id else text))
        elif to_delete:
            raise ConflictError(f"its member {kind} {show(text)} is to be deleted")
        elif target is not None:
            listed.append(target.as_member())
        else:
            listed.append(Member(found["id"], kind, resource.name_of(found)))

    def _plan_difference(self, group, listed, exact_kinds=(), report_others=False, name=None):
        """The steps that reconcile a group's members.

        :param report_others: whether members that are not listed, and stay, are drift.
        """
        part, name = self.part, name or GROUP.name_of(group)
        current = self._context.snapshot.members(group["id"]) if group["id"] else {}
        add, remove = plan_members(current, add=listed, exact_kinds=exact_kinds)
        desired = {member.key for member in listed}
        part.unchanged["membership"] += len(desired) - len(add)
        untouchable = bool(remove) and self._context.protection.has(GROUP, group)
        removed = []
        for member in remove:
            if untouchable or is_protected_member(self._context, member):
                part.note_drift("protected", "membership", name, member)
            else:
                part.note_drift("extra", "membership", name, member)
                removed.append(member)
        if report_others:
            reported = {member.key for member in remove}
            for member_key, member in current.items():
                if member_key not in desired and member_key not in reported:
                    part.note_drift("unmanaged", "membership", name, member)
        for member in add:
            part.note_drift("missing", "membership", name, member)
        if removed:
            removed.sort(key=_member_order)
            part.steps["remove"].append(
                Step("members", GROUP, GROUP.name_of(group), group["id"], remove=removed, before=group)
            )
        if add:
            add.sort(key=_member_order)
            part.steps["add"].append(Step("members", GROUP, name, group["id"], add=add, before=group))


def _member_order(member):
    return (member.kind != "user", normalize_name(member.name or ""), member.name or "", member.id or "")
