# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_group_membership."""

from __future__ import annotations

from .._core.errors import InputError
from .._core.names import did_you_mean, normalize_id, show
from .._plan.administrators import refuse_administering
from .._plan.identity import found_group, require_names
from .._plan.membership import plan_members
from .._plan.nesting import nested_groups, nesting_cycle
from .._plan.steps import Plan, Step
from .._scim.members import KINDS, Member, ids_as_read, members_of
from .._scim.tables import GROUP, USER
from .._service.hints import suggestion
from .._service.member_kinds import kinds_of
from .task import MAX_HINTS, UUID, Task


class GroupMembershipTask(Task):
    """p1_group_membership."""

    @property
    def attempt(self):
        return f"change the members of group {show(self.params['group'] or self.params['group_id'])}"

    empty_result = {"group": None, "added": [], "removed": []}
    constraints = {
        "required_one_of": [("group", "group_id"), ("users", "user_ids", "groups", "group_ids")],
        "mutually_exclusive": [("group", "group_id")],
    }

    @staticmethod
    def argument_spec():
        return {
            "group": {"type": "str"},
            "group_id": {"type": "str"},
            "users": {"type": "list", "elements": "str"},
            "user_ids": {"type": "list", "elements": "str"},
            "groups": {"type": "list", "elements": "str"},
            "group_ids": {"type": "list", "elements": "str"},
            "state": {"type": "str", "choices": ["present", "absent", "exact"], "default": "present"},
            "allow_empty": {"type": "bool", "default": False},
            "on_unknown_member": {"type": "str", "choices": ["fail", "warn", "ignore"]},
            "refuse_administering_groups": {"type": "bool", "default": False},
        }

    def plan(self):
        params = self.params
        require_names(params, "group", "group_id")
        self.kinds = [
            kind
            for kind, options in (("user", ("users", "user_ids")), ("group", ("groups", "group_ids")))
            if any(params[option] is not None for option in options)
        ]
        for option in ("users", "user_ids", "groups", "group_ids"):
            if any(not item.strip() for item in params[option] or []):
                raise InputError(f"{option} holds an empty entry, which names nobody")
        listed = any(params[option] for option in ("users", "user_ids", "groups", "group_ids"))
        if params["state"] == "exact" and not listed and not params["allow_empty"]:
            raise InputError(
                "state: exact with nothing listed would empty the group",
                hint="If that is what you want, add allow_empty: true",
            )
        self.group = self._group()
        self.members = {}
        if self.group["id"] is not None:
            self.members = members_of(self.group)
        # Nothing can be removed from a group that does not exist.
        self.listed = [] if params["state"] == "absent" and self.group["id"] is None else self._listed()
        if params["state"] == "exact":
            self._determine_kinds()
            if not params["allow_empty"]:
                self._refuse_empty()
        if params["state"] == "absent":
            self.add, self.remove = plan_members(self.members, remove=self.listed)
        else:
            self.add, self.remove = plan_members(
                self.members, add=self.listed, exact_kinds=self.kinds if params["state"] == "exact" else ()
            )
        self._refuse_cycle()
        if not self.add and not self.remove:
            return Plan()
        if params["refuse_administering_groups"]:
            refuse_administering(self.lookup, [self.group])
        return Plan(
            [
                Step(
                    "members",
                    GROUP,
                    GROUP.name_of(self.group),
                    self.group["id"],
                    add=self.add,
                    remove=self.remove,
                    before=self.group,
                )
            ]
        )

    def _determine_kinds(self):
        """Determine the kinds of members without a type where it decides who stays (rule 12): never by assumption."""
        if len(self.kinds) == len(KINDS):
            return
        listed = {member.key for member in self.listed}
        untyped = {key: member for key, member in self.members.items() if member.kind is None and key not in listed}
        kinds = kinds_of(self.lookup, [member.id for member in untyped.values()])
        self.members.update((key, member._replace(kind=kinds.get(key))) for key, member in untyped.items())
        unknown = [member.id for key, member in untyped.items() if key not in kinds]
        if unknown:
            more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
            self.warn(
                f"group {show(GROUP.name_of(self.group))}: the service shows {len(unknown)} members without a type, and neither users nor "
                f"groups with their ids were found: {', '.join(unknown[:5])}{more}. They stay in the group; remove them by user_ids or group_ids"
            )

    def _refuse_empty(self):
        """Refuse an exact list of a kind of which nobody is known, and which would take all of that kind away."""
        for kind in self.kinds:
            named = not self.listed or any(self.params[option] for option in (f"{kind}s", f"{kind}_ids"))
            left = any(member.kind == kind for member in self.listed)
            if named and not left and any(member.kind == kind for member in self.members.values()):
                raise InputError(
                    f"state: exact, and none of the listed {kind}s is known, which would take all {kind}s out of the group",
                    hint="If that is what you want, add allow_empty: true",
                )

    def _group(self):
        """The group, read by id: that is where its members are told completely (rule 12)."""
        params = self.params
        if params["group_id"]:
            group = self.lookup.by_id(GROUP, params["group_id"])
            name = f"with the id {show(params['group_id'])}"
        else:
            group = found_group(self.lookup, params["group"], self.warn)
            group = self.lookup.by_id(GROUP, group["id"]) if group is not None else None
            name = show(params["group"])
        if group is None:
            hint = suggestion(self.lookup, GROUP, params["group"]) if params["group"] else ""
            if params["state"] != "absent":
                self.missing(f"group {name} does not exist", hint or "Create it first, with p1_group")
            else:
                self.warn(f"group {name} does not exist, so no member was removed. {hint}".rstrip(" ."))
            group = {"id": None, "displayName": params["group"] or params["group_id"]}
        return group

    def _listed(self):
        """The listed members, each with its id; unknown ones by ``on_unknown_member``."""
        params = self.params
        listed, unknown = [], []
        users = self.lookup.users(params["users"] or [])
        groups = {name: found_group(self.lookup, name, self.warn) for name in dict.fromkeys(params["groups"] or [])}
        for kind, found in (("user", users), ("group", groups)):
            for name, representation in found.items():
                if representation is None:
                    unknown.append(Member(None, kind, name))
                else:
                    listed.append(
                        Member(representation["id"], kind, (USER if kind == "user" else GROUP).name_of(representation))
                    )
        # Ids are compared without case too ([spec] 5.1), and sent on as the service writes them.
        for resource, option in ((USER, "user_ids"), (GROUP, "group_ids")):
            for member_id in dict.fromkeys(params[option] or []):
                known = self.members.get(normalize_id(member_id))
                if known is not None or params["state"] == "absent":
                    known = known or Member(member_id, None, None)
                    listed.append(known._replace(kind=known.kind or resource.kind))
                    continue
                representation = self.lookup.by_id(resource, member_id)
                if representation is None:
                    unknown.append(Member(None, resource.kind, member_id))
                else:
                    listed.append(Member(representation["id"], resource.kind, resource.name_of(representation)))
        planned = self._report_unknown(unknown)
        if params["state"] == "absent":
            return listed
        return list({member.key: member for member in listed}.values()) + planned

    def _report_unknown(self, unknown):
        """Fail or warn about listed members that do not exist; those that an earlier task would create are returned."""
        absent = self.params["state"] == "absent"
        policy = self.params["on_unknown_member"] or ("warn" if absent else "fail")
        if not unknown or policy == "ignore":
            return []
        told = self._unknown_told(unknown)
        hint = next(filter(None, (self._suggestion(member) for member in unknown[:MAX_HINTS])), "")
        if policy == "warn" and (absent or not self.check_mode):
            done = "no such member was removed" if absent else "not added"
            if absent and self.check_mode:
                done = "an earlier task may be about to create it, or to give it this name, and the real run would remove it"
            self.warn(f"{told}; {done}. {hint}".rstrip(" ."))
            return []
        self.missing(told, hint or "Create them first, or set on_unknown_member")
        return [] if absent else unknown

    @staticmethod
    def _unknown_told(unknown):
        if len(unknown) == 1:
            return f"{unknown[0].kind}s: {unknown[0].kind} {show(unknown[0].name)} does not exist"
        names = ", ".join(f"{member.kind} {show(member.name)}" for member in unknown[:20])
        return f"{len(unknown)} listed members do not exist: {names}{', …' if len(unknown) > 20 else ''}"

    def _suggestion(self, member):
        """A similar name for a member that was not found, of the group's own members or of the directory."""
        if UUID.fullmatch(member.name):
            return ""  # an id, which nobody types
        resource = USER if member.kind == "user" else GROUP
        own = [each.name for each in self.members.values() if each.kind == member.kind and each.name]
        return did_you_mean(member.name, own) or suggestion(self.lookup, resource, member.name)

    def _refuse_cycle(self):
        nested = [member.key for member in self.add if member.kind == "group" and member.id]
        if not nested or self.group["id"] is None:
            return
        groups = {**self.lookup.everything(GROUP).items, self.group["id"]: self.group}
        cycle = nesting_cycle(normalize_id(self.group["id"]), nested, nested_groups(groups))
        if cycle:
            known = ids_as_read(groups)
            path = " > ".join(show(GROUP.name_of(groups[known[key]]) if key in known else key) for key in cycle)
            raise InputError(f"this would put group {show(GROUP.name_of(self.group))} into itself: {path}")

    def result(self, plan, outcomes):
        outcome = next(iter(outcomes.values()), None)
        # For real, what was planned and not done is not told as done.
        added, removed = (self.add, self.remove) if self.check_mode else ([], [])
        count = len(self.members) + len(added) - len(removed)
        if outcome is not None:
            added, removed = outcome.added, outcome.removed
            count = len(members_of(outcome.representation)) if outcome.representation is not None else count
        return {
            "group": {"id": self.group["id"], "display_name": GROUP.name_of(self.group), "member_count": count},
            "added": [member.as_dict() for member in added],
            "removed": [member.as_dict() for member in removed],
        }

    def diff(self, plan):
        label = f"members of group {show(GROUP.name_of(self.group))}"

        def shown(members):
            return {"members": sorted(f"{member.kind} {member.name or member.id}" for member in members)}

        gone = {member.key for member in self.remove}
        names = {member.key: member for member in self.listed}
        before = [names.get(key) or member for key, member in self.members.items()]
        return {
            "before_header": label,
            "after_header": label,
            "before": shown(before),
            "after": shown([member for member in before if member.key not in gone] + self.add),
        }
