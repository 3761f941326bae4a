# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What the single-object modules do: options -> read -> plan. Applying and results are ``_module``'s.

Each class is a *task*: an argument spec, constraints, ``plan()`` and ``result()``. The planning itself is
``_plan`` and ``_membership``, whom the options mean is ``_identify``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ._administrators import refuse_administering
from ._errors import DirectoryError, InputError, NotFoundError, RefusedError
from ._hints import similar_objects, suggestion
from ._identify import (
    found_group,
    identify_group,
    identify_user,
    may_create,
    near_match_warning,
    refuse_taken_external_id,
    refuse_unusual_name,
    text_that_names,
    why_not_created,
    wish_of_group,
    wish_of_user,
)
from ._lookup import Lookup
from ._membership import KINDS, Member, ids_as_read, members_of, nested_groups, nesting_cycle, plan_members
from ._names import did_you_mean, normalize_id, normalize_name, show
from ._plan import Plan, Step, diff_of, plan_object
from ._resource import BY_TYPE, EXACT_LIST, PINGONE_URN
from ._resources import GROUP, USER

DEFAULT_USER_GROUP = "DEFAULT_USER_GROUP"
BUILT_IN_GROUPS = ("users", "domain administrators")

NEW_GROUP_WARNING = "A new group reaches every application until access is restricted in the PingOne console (Users > User Groups, Applications)"

MAX_HINTS = 5  # unknown members for which similar names are looked up

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

# Options of p1_user that go with a user beside its attributes; p1_directory takes them for the whole wish.
USER_SETTINGS_SPEC = {
    "update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
    "multi_valued": {"type": "str", "choices": [EXACT_LIST, BY_TYPE], "default": EXACT_LIST},
    "default_group": {"type": "str"},
    "on_ignored_attribute": {"type": "str", "choices": ["fail", "warn"], "default": "fail"},
}


class Task:
    """What every task has.

    :param client: a :class:`DirectoryClient`.
    :param params: the module's options.
    :param warn: called with one line.
    :param foresee: plan with objects that an earlier task of a check run would have made.
    """

    constraints: dict = {}
    writes = True  # a task that only reads has no diff
    hidden_options: tuple = ()  # options that hold secrets Ansible does not know of
    nothing: dict = {}  # result keys of a task that failed before it had found anything: the same as of any other

    def __init__(self, client, params, warn, foresee=False):
        self.client = client
        self.params = params
        self.warn = warn
        self.foresee = foresee
        self.lookup = Lookup(client, warn)

    @property
    def attempt(self):
        """What the task attempts, for messages of what fails before a step of its own does."""
        raise NotImplementedError

    def _attempt_on(self, kind, *names):
        """The attempt to manage the object that the first given option names."""
        name = next((self.params[name] for name in names if self.params[name]), None)
        verb = "remove" if self.params["state"] == "absent" else "manage"
        return f"{verb} {kind} {show(name)}" if name else f"{verb} a {kind}"

    @property
    def on_ignored(self):
        return self.params.get("on_ignored_attribute") or "fail"

    def apply(self, plan, outcomes):
        """Carry out a plan, step by step; each outcome is noted, by its step, as soon as there is one.

        :raises DirectoryError: a step failed; the outcomes tell what was done.
        """
        if not plan.steps:
            return
        # Ansible sends modules as source, which is compiled in every task: those with nothing to do go without.
        from ._apply import StepError, Writer

        writer = Writer(self.client, self.lookup, self.warn, self.on_ignored)
        for step in plan.steps:
            try:
                outcomes[step] = writer.carry_out(step)
            except StepError as error:
                outcomes[step] = error.outcome
                if step.action == "create" and error.outcome.changed and not error.outcome.found:
                    # The next run finds it there, and nothing would follow any more.
                    self.after_create(error.outcome)
                raise
            if step.action == "create" and not outcomes[step].found:
                self.after_create(outcomes[step])

    def after_create(self, outcome):
        """What follows a create beyond SCIM: nothing, for most."""

    def refused(self, error):
        """Result keys of a task that failed before there was a plan."""
        return {}

    def missing(self, reason, hint=None):
        """Fail because a named object does not exist; in check mode only warn, as an earlier task would create it."""
        if not self.foresee:
            raise NotFoundError(reason, hint=hint)
        more = f". {hint}" if hint and hint.startswith("Did you mean") else ""
        self.warn(f"{reason}; an earlier task may be about to create it{more}")

    def plan_one(self, wish, current):
        """Plan one object: ``create`` decides about a missing one, and names that nobody can type are refused.

        :returns: the step, or None where there is nothing to do.
        """
        resource = wish.resource
        if current is None and wish.state != "absent" and not may_create(self.params, wish):
            name = wish.name or wish.rename_to
            hints = [suggestion(self.lookup, resource, name)] if name else []
            self.missing(
                why_not_created(self.params, wish),
                " ".join(filter(None, [*hints, f"Set create: true to create the {resource.kind}"])),
            )
            return None
        if current is None and wish.state == "absent" and wish.name and not self.params.get("id"):
            warning = near_match_warning(resource, wish.name, similar_objects(self.lookup, resource, wish.name))
            if warning:
                self.warn(warning)
        step = plan_object(wish, current)
        refuse_unusual_name(step)
        return step


def user_view(representation, extra_groups=()):
    """A user as results show it: option shape, and what only the service writes."""
    from datetime import datetime, timezone

    extension = representation.get(PINGONE_URN)
    extension = extension if isinstance(extension, dict) else {}
    meta = representation.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    last_login = extension.get("lastLoginTime")
    if isinstance(last_login, (int, float)) and not isinstance(last_login, bool):
        try:
            last_login = (
                datetime.fromtimestamp(last_login / 1000, timezone.utc)
                .isoformat(timespec="milliseconds")
                .replace("+00:00", "Z")
            )
        except (OverflowError, OSError, ValueError):
            last_login = str(last_login)
    groups = representation.get("groups")
    member_of = (
        [
            {"id": group["value"], "display_name": group.get("display") or group["value"]}
            for group in groups
            if isinstance(group, dict) and isinstance(group.get("value"), str)
        ]
        if isinstance(groups, list)
        else []
    )
    known = {normalize_id(group["id"]) for group in member_of}
    return {
        "id": representation.get("id"),
        **USER.to_options(representation),
        **({"user_name": USER.name_of(representation)} if representation.get("id") else {}),
        "member_of": member_of
        + [
            {"id": member_id, "display_name": name}
            for member_id, name in extra_groups
            if member_id is None or normalize_id(member_id) not in known
        ],
        "account_state": extension.get("state"),
        "created": meta.get("created"),
        "last_modified": meta.get("lastModified"),
        "last_login": last_login,
    }


class ManageUser(Task):
    """p1_user."""

    @property
    def attempt(self):
        return self._attempt_on("user", "user_name", "external_id", "id")

    nothing = {"user": None}
    constraints = {
        "required_one_of": [("id", "user_name", "external_id")],
        "required_if": [("match_by", "external_id", ("id", "external_id"), True)],
    }

    @staticmethod
    def argument_spec():
        return {
            "id": {"type": "str"},
            "match_by": {"type": "str", "choices": ["user_name", "external_id"], "default": "user_name"},
            "new_user_name": {"type": "str"},
            "create": {"type": "bool"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            **USER.argument_spec(),
            **USER_SETTINGS_SPEC,
            "password_mail": {"type": "bool", "default": False, "no_log": False},
            "groups": {"type": "list", "elements": "str"},
            "refuse_administering_groups": {"type": "bool", "default": False},
        }

    def plan(self):
        params = self.params
        problems = []
        values = USER.clean(params, "", problems)
        if problems:
            raise InputError("; ".join(problems))
        wish = wish_of_user(values, params, params["match_by"])
        current = identify_user(self.lookup, params, wish, params["match_by"])
        self.before = current
        step = self.plan_one(wish, current)
        if wish.state == "absent" or (current is None and step is None):
            self.groups_before, self.groups_added = [], []
            return Plan([step] if step else [])
        if step is not None and step.action == "create":
            if wish.name is None:
                raise InputError(
                    "user_name is missing: there is no user with this external_id, and none can be created without a name"
                )
            self._check_mail(step)
            step = replace(step, option=self._default_group())
        external_id = values.get("external_id")
        # Whom it identifies is known already; what remains is a value that the plan would write.
        if external_id and any(
            name == "external_id" for name, _before, _after in (step.changes if step is not None else ())
        ):
            refuse_taken_external_id(self.lookup, external_id, current)
        plan = Plan([*([step] if step else []), *self._plan_groups(wish, current)])
        if self.params["refuse_administering_groups"]:
            self._refuse_administering(plan)
        return plan

    def _check_mail(self, step):
        self.mail_to = None
        if not self.params["password_mail"]:
            return
        emails = [item for item in step.wish.values.get("emails") or [] if item.get("value")]
        if not emails:
            raise InputError("password_mail needs an address to mail to: give emails")
        self.mail_to = next((item["value"] for item in emails if item.get("primary")), emails[0]["value"])

    def _default_group(self):
        text_that_names(self.params, "default_group")
        wanted = self.params["default_group"]
        if wanted is None or wanted == DEFAULT_USER_GROUP or UUID.fullmatch(wanted):
            return wanted
        group = self.lookup.group(wanted) or self._group_by_id(wanted)
        if group is None:
            hint = suggestion(self.lookup, GROUP, wanted) or None
            self.missing(f"default_group: group {show(wanted)} does not exist", hint)
            return None
        return group["id"]

    def _refuse_administering(self, plan):
        """Refuse to make the user an administrator, before anything is written."""
        joined = [step.before for step in plan.steps if step.action == "members"]
        joined += [{"id": step.option} for step in plan.steps if step.option not in (None, DEFAULT_USER_GROUP)]
        if joined:
            refuse_administering(self.lookup, joined)

    def _group_by_id(self, text):
        """The group with an id that is no UUID; None where the service knows no such id, or refuses it as one."""
        try:
            return self.lookup.by_id(GROUP, text)
        except RefusedError as error:
            if error.fatal:
                raise
            return None

    def _plan_groups(self, wish, current):
        """The steps that add the user to groups. ``groups`` only ever adds; who is a member says the group ([unknown]: user.groups may hold inherited ones)."""
        self.groups_before, self.groups_added = [], []
        steps = []
        names = list(dict.fromkeys(self.params["groups"] or []))
        name = wish.rename_to or wish.name or USER.name_of(current)
        for group_name in names:
            if not group_name.strip():
                raise InputError("groups holds an empty name, which names nothing")
            group = self.lookup.group(group_name)
            if group is None:
                hint = suggestion(self.lookup, GROUP, group_name) or "Create it first"
                self.missing(f"groups: group {show(group_name)} does not exist", hint)
                group = {"id": None, "displayName": group_name}
            elif current is not None:
                group = self.lookup.by_id(GROUP, group["id"]) or group
                if normalize_id(current["id"]) in members_of(group):
                    self.groups_before.append(GROUP.name_of(group))
                    continue
            if any(step.id == group["id"] and step.key == GROUP.name_of(group) for step in steps):
                continue
            member = Member(current["id"] if current else None, "user", name)
            steps.append(Step("members", GROUP, GROUP.name_of(group), group["id"], add=[member], before=group))
            self.groups_added.append((group["id"], GROUP.name_of(group)))
        return steps

    def after_create(self, outcome):
        """What follows a create beyond SCIM: have the service mail a link ([doc] Resetting a Password by Email)."""
        if getattr(self, "mail_to", None):
            try:
                self.client.action("users/password-lost", {"email": self.mail_to})
            except DirectoryError as error:
                error.during(
                    f"have the service mail {show(self.mail_to)} a link to set the password (the user itself was created)"
                )
                raise

    def result(self, plan, outcomes):
        step = next((step for step in plan.steps if step.resource is USER), None)
        outcome = outcomes.get(step) if step else None
        if self.params["state"] == "absent":
            shown = self.before
        elif outcome is not None and outcome.representation is not None:
            shown = outcome.representation
        else:
            shown = step.after if step is not None and self.foresee else self.before
        done = self.groups_added
        if not self.foresee:
            reached = {step.key for step in plan.steps if step in outcomes and outcomes[step].added}
            done = [group for group in done if group[1] in reached]
        return {
            "user": user_view(shown, done if self.params["state"] != "absent" else ()) if shown is not None else None
        }

    def diff(self, plan):
        step = next((step for step in plan.steps if step.resource is USER), None)
        step = step or Step(
            "update", USER, USER.name_of(self.before or {}) or self.params["user_name"] or "", before=self.before
        )
        groups = self.params["state"] != "absent" and self.params["groups"] is not None
        added = [name for unused, name in self.groups_added]
        return diff_of(
            step,
            {"groups": sorted(self.groups_before)} if groups and self.before is not None else None,
            {"groups": sorted(self.groups_before + added)} if groups else None,
        )


class ManageGroup(Task):
    """p1_group."""

    @property
    def attempt(self):
        return self._attempt_on("group", "display_name", "id")

    nothing = {"group": None}
    constraints = {"required_one_of": [("id", "display_name")]}

    @staticmethod
    def argument_spec():
        spec = GROUP.argument_spec()
        spec["display_name"]["aliases"] = ["name"]
        return {
            "id": {"type": "str"},
            "new_display_name": {"type": "str"},
            "create": {"type": "bool"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            **spec,
        }

    def plan(self):
        params = self.params
        wish = wish_of_group(params)
        self.before = identify_group(self.lookup, params, wish, self.warn)
        self.kinds = kinds_of_members(self.lookup, [self.before] if self.before and wish.state == "absent" else [])
        step = self.plan_one(wish, self.before)
        if step is not None and step.action == "create":
            self.warn(NEW_GROUP_WARNING)
        if step is not None and step.action == "delete" and normalize_name(step.key) in BUILT_IN_GROUPS:
            self.warn(
                f"{step.label} is one of the groups every directory comes with; the service is expected to refuse its deletion"
            )
        return Plan([step] if step else [])

    def result(self, plan, outcomes):
        step = plan.steps[0] if plan.steps else None
        outcome = outcomes.get(step) if step else None
        absent = self.params["state"] == "absent"
        shown = self.before
        if not absent and step is not None and self.foresee:
            shown = step.after
        elif not absent and outcome is not None and outcome.representation is not None:
            shown = outcome.representation
        return {"group": group_view(shown, absent, self.kinds) if shown is not None else None}

    def diff(self, plan):
        step = (
            plan.steps[0]
            if plan.steps
            else Step(
                "update",
                GROUP,
                GROUP.name_of(self.before or {}) or self.params["display_name"] or "",
                before=self.before,
            )
        )
        if step.action == "delete":
            return diff_of(
                step, {"members": sorted(member.name or member.id for member in members_of(step.before).values())}
            )
        return diff_of(step)


def kinds_of_members(lookup, groups):
    """The kinds of the members that some groups show without a type, by id as ids are compared; read from the lists."""
    untyped = [member.id for group in groups for member in members_of(group).values() if member.kind is None]
    return lookup.kinds_of(untyped) if untyped else {}


def group_view(representation, with_members=False, kinds=None):
    """A group as results show it.

    :param kinds: as :func:`kinds_of_members` gives them; a member without a type has the kind None otherwise.
    """
    members = members_of(representation, lambda member_id: (kinds or {}).get(normalize_id(member_id)))
    view = {"id": representation.get("id"), "display_name": GROUP.name_of(representation), "member_count": len(members)}
    if with_members:
        view["members"] = [member.as_dict() for member in members.values()]
    return view


class ManageMembership(Task):
    """p1_group_membership."""

    @property
    def attempt(self):
        return f"change the members of group {show(self.params['group'] or self.params['group_id'])}"

    nothing = {"group": None, "added": [], "removed": []}
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
        text_that_names(params, "group", "group_id")
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
        kinds = self.lookup.kinds_of([member.id for member in untyped.values()]) if untyped else {}
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
        if policy == "warn" and (absent or not self.foresee):
            done = "no such member was removed" if absent else "not added"
            if absent and self.foresee:
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
        added, removed = (self.add, self.remove) if self.foresee else ([], [])
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
