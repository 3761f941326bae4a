# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_group_membership: manage the members of one group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from .._core import errors
from .._core.names import normalize_id, show
from .._plan.administrators import refuse_administering
from .._plan.group_identity import found_group
from .._plan.identity import require_names
from .._plan.membership import lost_kinds, plan_members, unknown_members
from .._plan.nesting import nested_groups, nesting_cycle
from .._plan.steps import Plan, Step
from .._scim.members import Member, ids_as_read, members_of
from .._scim.tables import GROUP
from .._service.hints import suggestion
from .._service.member_kinds import kinds_of
from .listed_members import (
    OPTIONS,
    find_listed,
    kinds_given,
    kinds_named,
    refuse_empty_entries,
    unknown_hint,
    unknown_reason,
)
from .single_object import SingleObjectTask
from .task import Applied, Planned


@dataclass(frozen=True, eq=False)
class MembershipPlanned(Planned):
    """The plan for the members of one group.

    :ivar group: the group as read; its id is None if it does not exist.
    :ivar members: its members by normalized id.
    :ivar listed: the listed members.
    """

    group: dict[str, Any] = field(default_factory=dict)
    members: Mapping[str, Member] = field(default_factory=dict)
    listed: Sequence[Member] = ()

    @property
    def step(self) -> Step | None:
        """The only step, or None."""
        return self.plan.steps[0] if self.plan.steps else None


class GroupMembershipTask(SingleObjectTask):
    """Plan, apply and show the members of one group."""

    empty_result = {"group": None, "added": [], "removed": []}
    constraints = {
        "required_one_of": [("group", "group_id"), ("users", "user_ids", "groups", "group_ids")],
        "mutually_exclusive": [("group", "group_id")],
    }

    @staticmethod
    def argument_spec() -> dict[str, dict[str, Any]]:
        """Return the options of p1_group_membership."""
        return {
            "group": {"type": "str"},
            "group_id": {"type": "str"},
            **{option: {"type": "list", "elements": "str"} for options in OPTIONS.values() for option in options},
            "state": {"type": "str", "choices": ["present", "absent", "exact"], "default": "present"},
            "allow_empty": {"type": "bool", "default": False},
            "on_unknown_member": {"type": "str", "choices": ["fail", "warn", "ignore"]},
            "refuse_administering_groups": {"type": "bool", "default": False},
        }

    @property
    def attempt(self) -> str:
        """Change the members of the group."""
        return f"change the members of group {show(self.params['group'] or self.params['group_id'])}"

    @property
    def _absent(self) -> bool:
        return bool(self.params["state"] == "absent")

    def plan(self) -> MembershipPlanned:
        """Plan the difference between the members of the group and the listed ones."""
        params = self.params
        require_names(params, "group", "group_id")
        refuse_empty_entries(params)
        exact = params["state"] == "exact"
        named = kinds_named(params)
        if exact and not named and not params["allow_empty"]:
            raise errors.InputError(
                "state is exact but no members are listed, which would remove every member",
                hint="Set allow_empty: true if this is intended",
            )
        group = self._group()
        members = members_of(group) if group["id"] is not None else {}
        # Nothing can be removed from a group that does not exist.
        listed = [] if self._absent and group["id"] is None else self._listed(members)
        if self._absent:
            add, remove = plan_members(members, remove=listed)
        else:
            kinds = kinds_given(params) if exact else []
            if len(kinds) == 1:
                members = self._with_kinds(group, members, listed)
            if not params["allow_empty"]:
                self._refuse_lost_kinds(members, listed, [kind for kind in kinds if not listed or kind in named])
            add, remove = plan_members(members, add=listed, exact_kinds=kinds)
        self._refuse_cycle(group, add)
        steps = []
        if add or remove:
            if params["refuse_administering_groups"]:
                refuse_administering(self.lookup, [group])
            steps.append(Step("members", GROUP, GROUP.name_of(group), group["id"], add=add, remove=remove, before=group))
        return MembershipPlanned(Plan(steps), group, members, listed)

    def _group(self) -> dict[str, Any]:
        """Return the group, read by id, because only that read shows all members (rule 12)."""
        params = self.params
        if params["group_id"]:
            group = self.lookup.by_id(GROUP, params["group_id"])
        else:
            group = found_group(self.lookup, params["group"], self.warn)
            group = self.lookup.by_id(GROUP, group["id"]) if group is not None else None
        if group is not None:
            return group
        if params["group_id"]:
            reason, hint = f"there is no group with the id {show(params['group_id'])}", ""
            advice = "Correct group_id, or set group to the name of the group"
        else:
            reason, hint = f"group {show(params['group'])} does not exist", suggestion(self.lookup, GROUP, params["group"])
            advice = "Create it first, with p1_group"
        if self._absent:
            self.warn(f"{reason}, so no member was removed. {hint}".rstrip(" ."))
        else:
            self.missing(reason, hint or advice)
        return {"id": None, "displayName": params["group"] or params["group_id"]}

    def _listed(self, members: Mapping[str, Member]) -> list[Member]:
        """Return the listed members that exist, and those that an earlier task may create."""
        known, unknown = find_listed(self.lookup, self.params, members, self.warn)
        policy = self.params["on_unknown_member"] or ("warn" if self._absent else "fail")
        if not unknown or policy == "ignore":
            return known
        reason, hint = unknown_reason(unknown), partial(unknown_hint, self.lookup, unknown, members)
        if not self.fail_on_missing and (policy == "fail" or not self._absent):
            self.missing(reason, hint())
            return known if self._absent else [*known, *(member.as_member() for member in unknown)]
        consequence = "not added"
        if self._absent:
            consequence = "no such member was removed"
            if not self.fail_on_missing and not all(member.is_id for member in unknown):
                consequence = "in a real run, an earlier task may create the member or rename one to this name, and this task would remove it"
        warning = unknown_members(
            policy, reason, hint, consequence=consequence, advice="Create the missing members first, or set on_unknown_member"
        )
        if warning:
            self.warn(warning)
        return known

    @staticmethod
    def _refuse_lost_kinds(members: Mapping[str, Member], listed: Sequence[Member], kinds: Sequence[str]) -> None:
        """Refuse an exact list that would remove all members of a kind because none of the listed ones exists."""
        for kind in lost_kinds(members.values(), listed, kinds):
            raise errors.InputError(
                f"state is exact but none of the listed {kind}s exists, which would remove all {kind}s",
                hint="Set allow_empty: true if this is intended",
            )

    def _with_kinds(
        self, group: dict[str, Any], members: Mapping[str, Member], listed: Sequence[Member]
    ) -> dict[str, Member]:
        """Return the members with their kinds, which decide about removals. Missing types are looked up, never guessed (rule 12)."""
        keys = {member.key for member in listed}
        untyped = {key: member for key, member in members.items() if member.kind is None and key not in keys}
        kinds = kinds_of(self.lookup, [member.id for member in untyped.values() if member.id])
        unknown = [member.id or "" for key, member in untyped.items() if key not in kinds]
        if unknown:
            more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
            self.warn(
                f"group {show(GROUP.name_of(group))}: the service shows {len(unknown)} members without a type, and neither users nor "
                f"groups with their ids were found: {', '.join(unknown[:5])}{more}. They stay in the group; remove them by user_ids or group_ids"
            )
        return {**members, **{key: member._replace(kind=kinds.get(key)) for key, member in untyped.items()}}

    def _refuse_cycle(self, group: dict[str, Any], add: Sequence[Member]) -> None:
        nested = [normalize_id(member.id) for member in add if member.kind == "group" and member.id]
        if not nested or group["id"] is None:
            return
        groups = {**self.lookup.everything(GROUP).items, group["id"]: group}
        cycle = nesting_cycle(normalize_id(group["id"]), nested, nested_groups(groups))
        if cycle:
            known = ids_as_read(groups)
            path = " > ".join(show(GROUP.name_of(groups[known[key]]) if key in known else key) for key in cycle)
            raise errors.InputError(f"the change would nest group {show(GROUP.name_of(group))} in itself: {path}")

    def result(self, planned: MembershipPlanned, applied: Applied) -> dict[str, Any]:
        """Return the group, and the members that were added and removed."""
        outcome = applied.outcomes.get(planned.step) if planned.step else None
        added, removed = (outcome.added, outcome.removed) if outcome is not None else ([], [])
        count = len(planned.members) + len(added) - len(removed)
        if outcome is not None and outcome.representation is not None:
            count = len(members_of(outcome.representation))
        return {
            "group": {"id": planned.group["id"], "display_name": GROUP.name_of(planned.group), "member_count": count},
            "added": [member.as_dict() for member in added],
            "removed": [member.as_dict() for member in removed],
        }

    def diff(self, planned: MembershipPlanned, applied: Applied) -> dict[str, Any]:
        """Return the members before and after, by kind and name."""
        label = f"members of group {show(GROUP.name_of(planned.group))}"
        add, remove = (planned.step.add, planned.step.remove) if planned.step else ((), ())

        def shown(members: Sequence[Member]) -> dict[str, Any]:
            return {"members": sorted(f"{member.kind} {member.name or member.id}" for member in members)}

        removed = {member.key for member in remove}
        names = {member.key: member for member in planned.listed}
        before = [names.get(key) or member for key, member in planned.members.items()]
        return {
            "before_header": label,
            "after_header": label,
            "before": shown(before),
            "after": shown([*(member for member in before if member.key not in removed), *add]),
        }
