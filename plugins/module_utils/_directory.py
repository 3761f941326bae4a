# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""A whole directory: desired + current -> one plan, with drift, counts, brakes and a hash. Pure.

It plans no object itself: that is ``_plan.plan_object`` and ``_membership.plan_members``, as for the
single-object modules. Here objects are matched, rules applied to what is not listed, and steps put in order.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from ._administrators import ADMINISTRATORS
from ._errors import AmbiguousError, ConflictError, DirectoryError, InputError
from ._identify import (
    identify_group,
    identify_user,
    may_create,
    near_match_warning,
    refuse_taken_external_id,
    refuse_unusual_name,
    why_not_created,
)
from ._membership import Member, find_cycle, members_of, nesting_cycle, plan_members
from ._names import did_you_mean, normalize_id, normalize_name, same_name, show, skeleton
from ._plan import OPERATIONS, Plan, Step, Wish, plan_object
from ._policy import Limits, Protection, Scope
from ._preconditions import Preconditions
from ._resource import PINGONE_URN
from ._resources import GROUP, USER
from ._wish import EXACT, DirectoryWish, Entry

DRIFT_CLASSES = ("missing", "extra", "different", "unmanaged", "protected", "unresolved")

# The order of the work: access is taken before anything else, a name is freed before it is taken, members
# are added when all of them exist.
PHASES = ("disable", "remove", "delete", "rename", "create_user", "create_group", "update", "add")

MAX_SUGGESTED = 20  # unknown names for which similar ones are sought: each costs a walk over all names
NAMED_AT_MOST = 20  # objects a refusal names


class Snapshot:
    """What a directory was read to hold: a finder over it.

    :param users: representations by id.
    :param groups: likewise.
    :param incomplete: for each kind, None where the read was proven complete, else why it is not.
    :param group_pages: how many requests the list of groups took.
    """

    def __init__(self, users, groups, incomplete=None, group_pages=0):
        self.objects = {USER.kind: users, GROUP.kind: groups}
        self.incomplete = incomplete or {}
        self.group_pages = group_pages
        self._names: dict[str, dict[str, list[str]]] = {}
        for resource in (USER, GROUP):
            index: dict[str, list[str]] = defaultdict(list)
            for object_id, item in self.objects[resource.kind].items():
                index[normalize_name(resource.name_of(item))].append(object_id)
            self._names[resource.kind] = index
        self._external: dict[str, list[str]] | None = None
        self._members: dict[str, dict[str, Member]] = {}
        self._giving_up: set[str] = set()
        self._moved_on: set[str] = set()
        self._settled: dict[str, str] = {}

    @property
    def users(self):
        return self.objects[USER.kind]

    @property
    def groups(self):
        return self.objects[GROUP.kind]

    def by_id(self, resource, resource_id):
        return self.objects[resource.kind].get(resource_id)

    def user(self, name):
        return self.called(USER, name, moved_on=False)

    def group(self, name):
        return self.called(GROUP, name, moved_on=False)

    def called(self, resource, name, moved_on=True):
        """The one object with a name: the exact text first, else a single one that differs in case alone; or None.

        :param moved_on: whether it may be one that another entry of the wish names by its id, and takes the name from.
        :raises AmbiguousError: several have it; the ids are listed.
        """
        ids = [
            object_id for object_id in self.ids_called(resource, name) if moved_on or object_id not in self._moved_on
        ]
        found = [self.objects[resource.kind][object_id] for object_id in ids]
        exact = [item for item in found if resource.name_of(item) == name]
        chosen = exact or found
        if len(chosen) > 1:
            raise AmbiguousError(
                f"{len(chosen)} {resource.kind}s are called {show(name)}: {', '.join(sorted(item['id'] for item in chosen))}",
                hint="Say which by its id",
            )
        return chosen[0] if chosen else None

    def users_with_external_id(self, external_id):
        """The users with an external id, and those whose own differs in case alone; nobody has none."""
        if not external_id:
            return []
        if self._external is None:
            self._external = defaultdict(list)
            for user_id, user in self.users.items():
                if isinstance(user.get("externalId"), str) and user["externalId"]:
                    self._external[normalize_id(user["externalId"])].append(user_id)
        return [self.users[user_id] for user_id in self._external.get(normalize_id(external_id), ())]

    def user_by_external_id(self, external_id):
        found = [user for user in self.users_with_external_id(external_id) if user["externalId"] == external_id]
        if len(found) > 1:
            raise AmbiguousError(
                f"{len(found)} users have the external_id {show(external_id)}: {', '.join(sorted(user['id'] for user in found))}",
                hint="Say which by its id",
            )
        return found[0] if found else None

    def ids_called(self, resource, name):
        """The ids of all objects with a name, case ignored."""
        return self._names[resource.kind].get(normalize_name(name), ())

    @staticmethod
    def why_uncertain(resource):
        """Why something not found may exist all the same: asked of the service before it is written, not here."""

    def gives_up_name(self, resource, resource_id):
        """Whether the wish renames or deletes an object, so that its name is free for another."""
        return resource_id in self._giving_up

    def give_up(self, resource_id, told_by_id):
        """Note that a name becomes free; where an id tells whose, the name means whoever is to have it next."""
        self._giving_up.add(resource_id)
        if told_by_id:
            self._moved_on.add(resource_id)

    def settled_name(self, resource, resource_id):
        """The new name, in lower case, of the entry that has renamed an object already; None: no entry has."""
        return self._settled.get(resource_id)

    def settle(self, resource_id, new_name):
        self._settled[resource_id] = normalize_name(new_name)

    def members(self, group_id):
        """Members of a group by id. A member that neither list shows has been deleted, and does not count."""
        if group_id not in self._members:
            group = self.groups.get(group_id)
            found = members_of(group, self.groups) if group else {}
            self._members[group_id] = {
                member_id: member._replace(
                    kind="group" if member_id in self.groups else "user", name=self.name_of_member(member_id)
                )
                for member_id, member in found.items()
                if member_id in self.users or member_id in self.groups
            }
        return self._members[group_id]

    def name_of_member(self, member_id):
        if member_id in self.users:
            return USER.name_of(self.users[member_id])
        return GROUP.name_of(self.groups[member_id])

    def memberships(self):
        """How many memberships the groups hold together."""
        return sum(len(members_of(group)) for group in self.groups.values())


@dataclass
class Rules:
    """The task-level options that planning goes by."""

    match_users_by: str = "user_name"
    unlisted_users: str = "keep"
    unlisted_groups: str = "keep"
    on_unknown_member: str = "fail"
    allow_empty: bool = False
    scope: Scope = field(default_factory=Scope)
    protected_users: list[str] = field(default_factory=list)
    protected_groups: list[str] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    default_group: str | None = None
    # Names the files of src that were not read: the planner does not know what they declare.
    unread: str = ""


@dataclass
class DirectoryPlan(Plan):
    """A plan for a whole directory.

    :ivar drift: for each class of :data:`DRIFT_CLASSES` a list of ``{kind, key}`` (memberships with ``member``).
    :ivar unchanged: wished objects and memberships that are so already, by kind.
    :ivar warnings: lines for a person.
    :ivar needs: for a step, by its ``id()``, the steps without which it is not attempted.
    :ivar preconditions: what must still hold right before the writes; None: a plan that was refused.
    :ivar secret_key: the key of the HMACs by which secrets enter the hash.

    A step is told from others by its ``id()``: steps are mutable, and two may be equal. That is safe because ``steps``
    holds each of them for as long as the plan is there, so that no other object can come by the same number.
    """

    drift: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in DRIFT_CLASSES})
    unchanged: dict[str, int] = field(default_factory=lambda: {"user": 0, "group": 0, "membership": 0})
    warnings: list[str] = field(default_factory=list)
    phases: list[list[Step]] = field(default_factory=list)
    needs: dict[int, list[Step]] = field(default_factory=dict)
    preconditions: Preconditions | None = None
    secret_key: bytes = b""
    _rows: dict[int, list[dict[str, Any]]] | None = None

    def rows_of(self, step):
        """The rows of one step, the same dictionaries each time: what was planned, whatever becomes of the step."""
        if self._rows is None:
            self._rows = {id(each): each.rows() for each in self.steps}
        return self._rows[id(step)]

    def rows(self):
        return [row for step in self.steps for row in self.rows_of(step)]

    def sha256(self):
        """Return the hash of the whole plan: rows, the ids in them, the members of deleted groups, and secrets.

        The order of lists does not count, neither in the desired nor in the current state. Rows mask secrets; each
        enters as an HMAC, so that a swapped password is another plan, and the hash is no means to guess one.
        """
        digest = hashlib.sha256()
        for step in self.steps:
            for row in self.rows_of(step):
                digest.update(_canonical({**row, "changes": _unordered(row["changes"])}) + b"\n")
            if step.action == "delete" and step.resource is GROUP:
                # No rows of their own, and gone all the same.
                digest.update(_canonical(["members", *sorted(members_of(step.before))]) + b"\n")
            for name, value in sorted(step.secrets().items()):
                secret = _canonical([step.resource.kind, step.key, step.id, name, value])
                digest.update(hmac.new(self.secret_key, secret, "sha256").digest())
            if step.option:
                digest.update(f"option {step.key} {step.option}\n".encode("utf-8", "backslashreplace"))
        return digest.hexdigest()

    def counts(self):
        """How many of each operation, by kind."""
        counts = {
            kind: dict.fromkeys([*OPERATIONS.values(), "unchanged", "failed"], 0)
            for kind in ("user", "group", "membership")
        }
        for row in self.rows():
            counts[row["kind"]][OPERATIONS[row["operation"]]] += 1
        for kind, number in self.unchanged.items():
            counts[kind]["unchanged"] = number
        return counts

    @staticmethod
    def makes_group(step):
        return step.action == "create" and step.resource is GROUP

    def predicted(self, chunk, group_pages=0):
        """Requests to come: each step's, as the service is documented to answer (see guide_bulk).

        :param group_pages: how many requests a list of all groups takes.
        """
        # The groups are read again before something is taken away, and before one is made.
        reads = group_pages * (any(step.takes_away for step in self.steps) + any(map(self.makes_group, self.steps)))
        writes = 0
        for step in self.steps:
            if step.action == "members":
                writes += -(-len(step.remove) // chunk) + -(-len(step.add) // chunk)
                # The answer shows the members; of a group that was emptied it shows none, which proves nothing.
                reads += bool(step.remove) and len(step.remove) == len(members_of(step.before))
            else:
                writes += 1
                reads += {"create": 0, "update": 1, "delete": 2}[step.action]
        return {"reads": reads, "writes": writes}


class DirectoryPlanner:
    """Plans one wish over one snapshot. Use :func:`plan_directory`."""

    def __init__(self, wish: DirectoryWish, snapshot: Snapshot, rules: Rules, secret_key: bytes = b""):
        self.wish = wish
        self.snapshot = snapshot
        self.rules = rules
        self.problems = list(wish.problems)
        self.plan = DirectoryPlan(secret_key=secret_key)
        self.protection = Protection(rules.protected_users, rules.protected_groups, snapshot.groups)
        self.matched: dict[str, Entry] = {}
        # Names as they will be -> the entry that will have them, so that members can be told by them.
        self.to_be: dict[str, dict[str, list[Entry]]] = {"user": {}, "group": {}}
        # Names as they were written down, of entries that rename -> those entries.
        self.formerly: dict[str, dict[str, Entry]] = {"user": {}, "group": {}}
        self.external_ids: dict[str, list[Entry]] = defaultdict(list)  # by their lower case
        self.steps: dict[str, list[Step]] = {phase: [] for phase in PHASES}
        self._by_skeleton: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self._suggested = 0
        self.doomed: set[str] = set()
        self.by_rule: list[Step] = []
        # By group id, or by entry where there is none yet.
        self.user_groups: dict[Any, list[Member]] = defaultdict(list)

    def run(self):
        for entries, resource in ((self.wish.users or [], USER), (self.wish.groups or [], GROUP)):
            self._note_settled_renames(entries, resource)
            self._note_freed_names(entries, resource)
            for entry in entries:
                entry.settled = self._guard(entry.origin, self._match, entry) and not entry.broken
        for entry in [*(self.wish.users or []), *(self.wish.groups or [])]:
            if entry.settled:
                self._guard(entry.origin, self._plan_entry, entry)
        self._refuse_empty()
        self._plan_unlisted(USER, self.wish.users, self.rules.unlisted_users)
        self._plan_unlisted(GROUP, self.wish.groups, self.rules.unlisted_groups)
        if self.rules.default_group in self.doomed and self.steps["create_user"]:
            self.problems.append("the default_group of the users to be created is to be deleted")
        self._plan_memberships()
        self._refuse_cycles()
        self._order()
        self.plan.preconditions = Preconditions(self.snapshot, self.rules, self.protection, self.by_rule)
        self.plan.preconditions.attach(self.plan.steps)
        if not self.problems:
            self._refuse_unproven()
            self._refuse_over_limits()
        if self.problems:
            raise PlanRefused(self.problems, self.plan)
        return self.plan

    def _guard(self, origin, function, *arguments):
        """Run one part; what is wrong with it is collected with where it stands. Whether nothing was."""
        try:
            function(*arguments)
        except DirectoryError as error:
            self.problems.append(f"{origin}: {error}")
            return False
        return True

    # -- matching ----------------------------------------------------------------------------------

    def _note_settled_renames(self, entries, resource):
        """Names passed on in a chain (a to b, b to c): on the next run b is the old a, not the old b.

        An entry whose old name nobody has, and whose new name somebody has, is done; whoever waited for that
        name to be given up looks further down the chain.
        """
        key = resource.key.option
        find = self.snapshot.user if resource is USER else self.snapshot.group
        chained = [
            entry
            for entry in entries
            if entry.options.get(f"new_{key}") and entry.options.get(key) and not entry.options.get("id")
        ]
        if self._refuse_circle(chained, key):
            return
        # Who had a name that another entry may have been given: those that pass it on, and those that are to go.
        waiting: dict[str, list[Entry]] = defaultdict(list)
        for entry in [*chained, *(entry for entry in entries if self._goes_by_name(entry))]:
            waiting[normalize_name(entry.options[key])].append(entry)
        self._note_claimed_names(entries, resource, waiting)
        queue = chained
        while queue:
            entry = queue.pop()
            try:
                current, renamed = find(entry.options[key]), find(entry.options[f"new_{key}"])
            except AmbiguousError:
                continue  # told when it is matched
            new_name = normalize_name(entry.options[f"new_{key}"])
            gone = current is None or self.snapshot.settled_name(resource, current["id"]) not in (None, new_name)
            if gone and renamed is not None and self.snapshot.settled_name(resource, renamed["id"]) is None:
                self.snapshot.settle(renamed["id"], new_name)
                queue += [other for other in waiting[new_name] if other.options.get(f"new_{key}")]

    def _note_claimed_names(self, entries, resource, waiting):
        """Whoever is told by its id and has its new name already was renamed before, where the one who had that name is gone from it.

        :param waiting: entries by the name they are to give up.
        """
        key = f"new_{resource.key.option}"
        for entry in entries:
            new_name = entry.options.get(key)
            item = self.snapshot.by_id(resource, entry.options["id"]) if new_name and entry.options.get("id") else None
            if item is None or not same_name(resource.name_of(item), new_name):
                continue
            if any(
                other.wish.state == "absent" or self.snapshot.ids_called(resource, other.options[key])
                for other in waiting[normalize_name(new_name)]
            ):
                self.snapshot.settle(item["id"], normalize_name(new_name))

    def _goes_by_name(self, entry):
        """Whether an entry deletes whoever has a name."""
        key = entry.wish.resource.key.option
        return (
            entry.wish.state == "absent"
            and bool(entry.options.get(key))
            and not entry.options.get(f"new_{key}")
            and not entry.options.get("id")
            and not self._by_external(entry)
        )

    def _refuse_circle(self, chained, key):
        """Names passed round in a circle cannot be told from names passed round already; whether there are any."""
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
                self.problems.append(_circle(takes[link].options[key] for link in ring))
                return True
        return False

    def _note_freed_names(self, entries, resource):
        for entry in entries:
            if entry.broken:
                continue
            key = resource.key.option
            options = entry.options
            new_name = options.get(f"new_{key}") or (
                options.get(key) if options.get("id") or self._by_external(entry) else None
            )
            if not new_name and entry.wish.state != "absent":
                continue
            try:
                current = self._primary(entry)
            except DirectoryError:
                continue  # told when it is matched
            if current is not None and (
                entry.wish.state == "absent" or not same_name(resource.name_of(current), new_name or "")
            ):
                self.snapshot.give_up(current["id"], bool(options.get("id")) or self._by_external(entry))

    def _by_external(self, entry):
        return entry.wish.resource is USER and self.rules.match_users_by == "external_id"

    def _primary(self, entry):
        """The object an entry names first, before any rule has a say."""
        resource, options = entry.wish.resource, entry.options
        if options.get("id"):
            return self.snapshot.by_id(resource, options["id"])
        if self._by_external(entry):
            return self.snapshot.user_by_external_id(options["external_id"])
        find = self.snapshot.user if resource is USER else self.snapshot.group
        found = find(options[resource.key.option])
        return None if self._has_moved_in(entry, found) else found

    def _has_moved_in(self, entry, found):
        """Whether whoever has the name that an entry goes by was given it by another entry, on a run before."""
        if found is None:
            return False
        resource = entry.wish.resource
        new_name = normalize_name(entry.options.get(f"new_{resource.key.option}") or "")
        return self.snapshot.settled_name(resource, found["id"]) not in (None, new_name)

    def _match(self, entry):
        resource, wish = entry.wish.resource, entry.wish
        if entry.broken:
            self._match_broken(entry)
            return
        try:
            if self._goes_by_name(entry) and self._primary(entry) is None:
                entry.current = None  # gone, whoever may have the name by now
            elif resource is USER:
                entry.current = identify_user(self.snapshot, entry.options, wish, self.rules.match_users_by)
                self._refuse_external_id(entry)
            else:
                entry.current = identify_group(self.snapshot, entry.options, wish, self.plan.warnings.append)
        except AmbiguousError:
            self._drift("unresolved", resource.kind, wish.name or wish.rename_to or entry.options.get("id") or "")
            raise
        if entry.current is not None:
            twin = self.matched.get(entry.current["id"])
            if twin is not None:
                raise ConflictError(f"it is the same {resource.kind} as {twin.origin} ({entry.current['id']})")
            self.matched[entry.current["id"]] = entry
        elif wish.state == "absent":
            self._warn_of_near_match(entry)
        elif not may_create(entry.options, wish):
            self._leave_uncreated(entry)
            return
        if wish.state != "absent":
            name = wish.rename_to or wish.name or (resource.name_of(entry.current) if entry.current else None)
            if not name and entry.current is None:
                raise InputError(
                    f"nobody has this external_id, and without a {resource.key.option} none can be created"
                )
            entry.takes_name = entry.current is None or resource.key.option in wish.for_update(entry.current)
            same = self.to_be[resource.kind].setdefault(normalize_name(name or ""), [])
            # Two that have one name already are none of this wish's making.
            twin = next((other for other in same if entry.takes_name or other.takes_name), None)
            if twin is not None:
                raise ConflictError(f"it would have the same name as {twin.origin}")
            same.append(entry)
            self._note_old_name(entry)

    def _leave_uncreated(self, entry):
        """Warn about a missing object that its entry does not create: nobody can refer to it, and the rest goes on."""
        resource = entry.wish.resource
        key = entry.wish.name or entry.wish.rename_to or ""
        hint = did_you_mean(key, self._names_of(resource))
        self.plan.warnings.append(
            f"{entry.origin}: {why_not_created(entry.options, entry.wish)}. {hint or 'Set create: true to create it'}"
        )
        self._drift("unresolved", resource.kind, key)
        entry.broken = True

    def _warn_of_near_match(self, entry):
        """Warn that what is to be absent may be there under a name that only looks the same."""
        resource, name = entry.wish.resource, entry.wish.name
        if not name or entry.options.get("id"):
            return
        objects = self._look_alikes(resource).get(skeleton(name), [])
        warning = near_match_warning(resource, name, objects)
        if warning:
            self.plan.warnings.append(f"{entry.origin}: {warning}")

    def _look_alikes(self, resource):
        """Objects by what is seen of their names, indexed once: many entries may be absent already."""
        if resource.kind not in self._by_skeleton:
            index = self._by_skeleton[resource.kind] = defaultdict(list)
            for item in self.snapshot.objects[resource.kind].values():
                index[skeleton(resource.name_of(item))].append(item)
        return self._by_skeleton[resource.kind]

    def _names_of(self, resource):
        """The names a person may have meant: of objects, and of those that entries create."""
        names = [resource.name_of(item) for item in self.snapshot.objects[resource.kind].values()]
        return names + [_name_to_be(entry) or "" for same in self.to_be[resource.kind].values() for entry in same]

    def _match_broken(self, entry):
        """An entry that cannot be planned still is somebody: others may name it, and no rule may take it for unlisted."""
        resource = entry.wish.resource
        try:
            entry.current = self._primary(entry) if entry.options.get("id") or entry.wish.name else None
        except DirectoryError:
            entry.current = None
        if entry.current is not None:
            self.matched.setdefault(entry.current["id"], entry)
        name = entry.wish.rename_to or entry.wish.name or (resource.name_of(entry.current) if entry.current else "")
        if entry.wish.state != "absent" and name:
            self.to_be[resource.kind].setdefault(normalize_name(name), []).append(entry)
            self._note_old_name(entry)

    def _note_old_name(self, entry):
        """The name an entry's object has before it is renamed: once it has been, the wish alone tells whose it was."""
        if entry.wish.rename_to and entry.wish.name:
            self.formerly[entry.wish.resource.kind].setdefault(normalize_name(entry.wish.name), entry)

    def _refuse_external_id(self, entry):
        """An external id that is set anew belongs to nobody else, in the directory or in the wish."""
        external_id = entry.wish.values.get("external_id")
        if not external_id or entry.wish.state == "absent":
            return
        if entry.current is not None and entry.current.get("externalId") == external_id:
            return
        refuse_taken_external_id(self.snapshot, external_id, entry.current)
        same = self.external_ids[normalize_id(external_id)]
        for twin in same:
            if twin.wish.values["external_id"] == external_id:
                raise ConflictError(f"it has the same external_id as {twin.origin}")
            if twin.current is None or entry.current is None:
                raise ConflictError(
                    f"its external_id differs in case alone from that of {twin.origin}, whom the service might overwrite"
                )
        same.append(entry)

    def _in_scope(self, entry, representation):
        resource = entry.wish.resource
        if not self.rules.scope.has(resource, representation):
            raise ConflictError(
                f"it is outside scope ({self.rules.scope.describe(resource)})",
                hint="Widen scope, or take it out of the wish",
            )

    # -- objects -----------------------------------------------------------------------------------

    def _plan_entry(self, entry):
        wish, resource = entry.wish, entry.wish.resource
        scoped = self.rules.scope.limits(resource)
        if scoped and entry.current is not None:
            self._in_scope(entry, entry.current)
        elif scoped and wish.state == "absent" and wish.name and not self.rules.scope.has_name(resource, wish.name):
            # Gone already, of which only the name is known: refused today as it would have been yesterday.
            raise ConflictError(
                f"it is outside scope ({self.rules.scope.describe(resource)})", hint="Take it out of the wish"
            )
        step = plan_object(wish, entry.current)
        refuse_unusual_name(step)
        if step is None:
            self.plan.unchanged[resource.kind] += 1
            return
        if scoped and step.after is not None:
            self._in_scope(entry, step.after)
        if step.action == "create":
            if resource is USER:
                step.option = self.rules.default_group
            self.steps[f"create_{resource.kind}"].append(step)
            self._drift("missing", resource.kind, step.key)
            return
        self._refuse_protected(entry, step)
        if step.action == "delete":
            self.doomed.add(step.id)
            self.steps["delete"].append(step)
            self._drift("extra", resource.kind, step.key)
            return
        for part in self._parted(step):
            self.steps[self._phase_of_update(part)].append(part)
        self._drift("different", resource.kind, step.key)

    def _refuse_protected(self, entry, step):
        """What is wished explicitly for a protected object is refused; rules skip it (see _plan_unlisted)."""
        if not self.protection.has(step.resource, entry.current):
            return
        refused = self.protection.refused_changes(step)
        if refused:
            raise ConflictError(
                f"{step.label} is protected ({self.protection.why(step.resource, entry.current)}), and the desired state would {' and '.join(refused)}",
                hint="If this is intended, use p1_user or p1_group, or the console",
            )

    @staticmethod
    def _phase_of_update(step):
        operations = {row["operation"] for row in step.rows()}
        if "disable" in operations:
            return "disable"
        return "rename" if "rename" in operations else "update"

    def _parted(self, step):
        """A disable that comes with a rename, apart from it where the name must be freed first: that may fail, or never be tried."""
        operations = {row["operation"] for row in step.rows()}
        if not operations >= {"disable", "rename"} or self._name_is_free(step):
            return [step]
        disable = plan_object(Wish(step.resource, step.wish.name, values={"active": False}), step.before)
        return [disable, replace(step, changes=[change for change in step.changes if change[0] != "active"])]

    def _name_is_free(self, step):
        """Whether nobody has the name a step takes, so that it need not wait for another to give it up."""
        name = step.wish.rename_to
        return all(object_id == step.id for object_id in self.snapshot.ids_called(step.resource, name))

    def _refuse_empty(self):
        for entries, rule, option in (
            (self.wish.users, self.rules.unlisted_users, "unlisted_users"),
            (self.wish.groups, self.rules.unlisted_groups, "unlisted_groups"),
        ):
            what = option.split("_")[1]
            if rule == "keep" or entries:
                continue
            if entries is None:
                # A list that was left out says nothing about anybody, whatever may be empty.
                self.problems.append(
                    f"{option} is {rule} and {what} is not given at all: that would {rule} every one; give {what}, an empty list if nobody is to stay"
                )
            elif not self.rules.allow_empty:
                self.problems.append(
                    f"no {what} are listed and {option} is {rule}: that would {rule} every one; add allow_empty: true if it is meant"
                )

    def _plan_unlisted(self, resource, entries, rule):
        kind = resource.kind
        by_external = resource is USER and self.rules.match_users_by == "external_id"
        scope = self.rules.scope if self.rules.scope.limits(resource) else None
        tell = entries is not None
        if rule == "keep" and not tell:
            return
        phase = "delete" if rule == "delete" else "disable"
        for object_id, item in self.snapshot.objects[kind].items():
            if object_id in self.matched or scope is not None and not scope.has(resource, item):
                continue
            name = resource.name_of(item)
            step = None
            # Under match_users_by: external_id a user without one belongs to nobody's list.
            if rule != "keep" and not (by_external and not item.get("externalId")):
                gone = rule == "delete"
                step = plan_object(
                    Wish(resource, name, "absent") if gone else Wish(resource, name, values={"active": False}), item
                )
            if step is None:
                self._drift("unmanaged", kind, name)
            elif self.protection.has(resource, item) or resource is GROUP and self._holds_protected(object_id):
                self._drift("protected", kind, name)
            else:
                if rule == "delete":
                    self.doomed.add(object_id)
                self.steps[phase].append(step)
                self._drift("extra", kind, name)
                self.by_rule.append(step)

    def _holds_protected(self, group_id):
        """Whether a group has a protected member, whom a rule must not remove: not by deleting the group either."""
        return any(self._is_protected(member) for member in self.snapshot.members(group_id).values())

    def _is_protected(self, member):
        resource = USER if member.kind == "user" else GROUP
        return self.protection.has(resource, self.snapshot.by_id(resource, member.id))

    # -- memberships -------------------------------------------------------------------------------

    def _plan_memberships(self):
        for entry in self.wish.users or []:
            if entry.settled and entry.groups and entry.wish.state != "absent":
                self._guard(entry.origin, self._note_user_groups, entry)
        planned = set()
        for entry in self.wish.groups or []:
            if entry.wish.state == "absent":
                continue
            key = self._group_key(entry)
            planned.add(key)
            if entry.settled:
                self._guard(entry.origin, self._plan_members, entry, key)
        for key, members in self.user_groups.items():
            if key not in planned:
                self._plan_difference(self.snapshot.groups[key], members)

    def _group_key(self, entry):
        """What tells groups apart while some have no id yet."""
        return entry.current["id"] if entry.current is not None else id(entry)

    def _member_of_entry(self, entry):
        current_id = entry.current["id"] if entry.current is not None else None
        return Member(current_id, entry.wish.resource.kind, _name_to_be(entry))

    def _find(self, resource, text):
        """Whom a name means in this wish: (the entry, or None; the representation, or None; whether it is to go).

        What will have the name comes first, by entries of the wish or by objects it does not touch: the exact
        text, else a single one that differs in case alone. What has the name as yet is meant where nobody will;
        and where nobody has it either, the entry that renames whoever was called so.
        """
        will: list[tuple[str, Entry | None, Any]] = []
        for entry in self.to_be[resource.kind].get(normalize_name(text), ()):
            will.append((_name_to_be(entry), entry, entry.current))
        for object_id in self.snapshot.ids_called(resource, text):
            if object_id not in self.matched and object_id not in self.doomed:
                item = self.snapshot.by_id(resource, object_id)
                will.append((resource.name_of(item), None, item))
        chosen = [found for found in will if found[0] == text] or will
        if len(chosen) > 1:
            ids = ", ".join(
                sorted(item["id"] if item else str(entry and entry.origin) for _name, entry, item in chosen)
            )
            raise AmbiguousError(
                f"{len(chosen)} {resource.kind}s are called {show(text)}: {ids}", hint="Say which by its id"
            )
        if chosen:
            return chosen[0][1], chosen[0][2], False
        item = self.snapshot.called(resource, text)
        if item is None:
            renamed = self.formerly[resource.kind].get(normalize_name(text))
            return renamed, renamed.current if renamed is not None else None, False
        return self.matched.get(item["id"]), item, item["id"] in self.doomed

    def _note_user_groups(self, entry):
        member = self._member_of_entry(entry)
        for name in entry.groups:
            self._guard(entry.origin, self._note_user_group, entry, member, name)

    def _note_user_group(self, entry, member, name):
        target, group, doomed = self._find(GROUP, name)
        if target is None and group is None:
            self._unknown(entry.origin, f"groups: group {show(name)} does not exist", name, member, (GROUP, name))
        elif doomed:
            raise ConflictError(f"group {show(name)} is to be deleted")
        elif target is not None:
            self.user_groups[self._group_key(target)].append(member)
        elif not self.rules.scope.has(GROUP, group):
            raise ConflictError(f"group {show(name)} is outside scope ({self.rules.scope.describe(GROUP)})")
        else:
            self.user_groups[group["id"]].append(member)

    def _unknown(self, origin, reason, key, member, sought):
        """Refuse or leave out a member, or a group of a user, that does not exist, as ``on_unknown_member`` says.

        :param sought: the resource and the name that was not found; the name is None for an id.
        """
        self.plan.drift["unresolved"].append({"kind": "membership", "key": key, "member": member.as_dict()})
        if self.rules.on_unknown_member == "ignore":
            return
        hint = ""
        if sought[1] is not None and self._suggested < MAX_SUGGESTED:
            self._suggested += 1
            hint = did_you_mean(sought[1], self._names_of(sought[0]))
        if self.rules.on_unknown_member == "fail":
            raise ConflictError(reason, hint=hint or "Declare it too, or set on_unknown_member")
        self.plan.warnings.append(f"{origin}: {reason}; left out. {hint}".rstrip(" ."))

    def _plan_members(self, entry, key):
        group_name = _name_to_be(entry)
        listed = list(self.user_groups.get(key, ()))
        given = entry.members or {}
        kinds, unknown = [], []
        for kind, names, ids in (("user", "users", "user_ids"), ("group", "groups", "group_ids")):
            told = len(listed)
            for option, by_id in ((names, False), (ids, True)):
                for text in given.get(option) or ():
                    self._guard(entry.origin, self._resolve, entry, kind, text, by_id, listed)
            # Users' own groups are a list of users too.
            by_themselves = kind == "user" and told > 0
            if given.get(names) is not None or given.get(ids) is not None or by_themselves:
                kinds.append(kind)
            if (given.get(names) or given.get(ids)) and len(listed) == told and not by_themselves:
                unknown.append(kind)
        exact = entry.members is not None and entry.membership == EXACT
        if exact and not listed:
            kinds = self._emptied(entry, kinds)
        elif exact:
            self._refuse_lost_kinds(entry, unknown)
        group = entry.current if entry.current is not None else {"id": None, "displayName": group_name}
        self._plan_difference(
            group, listed, kinds if exact else (), tell_others=entry.members is not None, name=group_name
        )

    def _emptied(self, entry, kinds):
        """The kinds of which an exact group that lists nobody loses all members.

        :raises InputError: unless ``allow_empty`` says that it is meant. An export shows a group without
            members as ``members: {}``, which is no wish to empty it while it is empty.
        """
        lost = self.snapshot.members(entry.current["id"]).values() if entry.current is not None else ()
        lost = [member for member in lost if not kinds or member.kind in kinds]
        named = any((entry.members or {}).values())
        if not self.rules.allow_empty and (lost or kinds and not named):
            who = "nobody of those listed is known" if named else "nobody is listed"
            raise InputError(
                f"its membership is exact and {who}, which would empty it",
                hint="Add allow_empty: true if it is meant",
            )
        return kinds or ["user", "group"]

    def _refuse_lost_kinds(self, entry, unknown):
        """An exact group does not lose all its users, or groups, because nobody of those listed is known."""
        held = self.snapshot.members(entry.current["id"]).values() if entry.current is not None else ()
        lost = [kind for kind in unknown if any(member.kind == kind for member in held)]
        if lost and not self.rules.allow_empty:
            raise InputError(
                f"its membership is exact and none of the {lost[0]}s listed is known, which would take all {lost[0]}s out of it",
                hint="Add allow_empty: true if it is meant",
            )

    def _resolve(self, entry, kind, text, by_id, listed):
        """Add a listed member to ``listed``, unless it is unknown."""
        resource = USER if kind == "user" else GROUP
        if by_id:
            found = self.snapshot.by_id(resource, text)
            target, doomed = (self.matched.get(text), text in self.doomed) if found is not None else (None, False)
        else:
            target, found, doomed = self._find(resource, text)
        if target is None and found is None:
            member = Member(text if by_id else None, kind, None if by_id else text)
            reason = f"members.{kind}{'_id' if by_id else ''}s: {kind} {show(text)} does not exist"
            self._unknown(entry.origin, reason, _name_to_be(entry), member, (resource, None if by_id else text))
        elif doomed:
            raise ConflictError(f"its member {kind} {show(text)} is to be deleted")
        elif target is not None:
            listed.append(self._member_of_entry(target))
        else:
            listed.append(Member(found["id"], kind, resource.name_of(found)))

    def _plan_difference(self, group, listed, exact_kinds=(), tell_others=False, name=None):
        """The steps that bring a group's members to the wish.

        :param tell_others: whether members that are not listed, and stay, are drift worth telling.
        """
        name = name or GROUP.name_of(group)
        current = self.snapshot.members(group["id"]) if group["id"] else {}
        add, remove = plan_members(current, add=listed, exact_kinds=exact_kinds)
        wished = {member.key for member in listed}
        self.plan.unchanged["membership"] += len(wished) - len(add)
        untouchable = bool(remove) and self.protection.has(GROUP, group)
        going = []
        for member in remove:
            if untouchable or self._is_protected(member):
                self._drift("protected", "membership", name, member)
            else:
                self._drift("extra", "membership", name, member)
                going.append(member)
        if tell_others:
            told = {member.key for member in remove}
            for member_key, member in current.items():
                if member_key not in wished and member_key not in told:
                    self._drift("unmanaged", "membership", name, member)
        remove = going
        for member in add:
            self._drift("missing", "membership", name, member)
        if remove:
            remove.sort(key=_member_order)
            self.steps["remove"].append(
                Step("members", GROUP, GROUP.name_of(group), group["id"], remove=remove, before=group)
            )
        if add:
            add.sort(key=_member_order)
            self.steps["add"].append(Step("members", GROUP, name, group["id"], add=add, before=group))

    def _refuse_cycles(self):
        """No nesting of the plan may close a circle; one the directory holds already is not ours to judge."""
        nesting = [step for step in self.steps["add"] if any(member.kind == "group" for member in step.add)]
        if not nesting:
            return
        children: dict[Any, set[Any]] = {
            group_id: {member.id for member in self.snapshot.members(group_id).values() if member.kind == "group"}
            for group_id in self.snapshot.groups
        }
        names: dict[Any, str] = {}
        for step in nesting:
            nested = [member for member in step.add if member.kind == "group"]
            children.setdefault(_node(step), set()).update(member.key for member in nested)
            names[_node(step)] = step.key
            names.update((member.key, member.name or "") for member in nested)
        if find_cycle(children) is None:
            return  # whatever is removed or deleted
        self._note_opened_circles(nesting, children)
        children = {
            key: {member for member in members if member not in self.doomed}
            for key, members in children.items()
            if key not in self.doomed
        }
        for step in self.steps["remove"]:
            children[step.id] -= {member.id for member in step.remove}
        if find_cycle(children) is None:
            return
        told = set()
        for step in nesting:
            cycle = nesting_cycle(_node(step), [member.key for member in step.add if member.kind == "group"], children)
            if cycle and frozenset(cycle) not in told:
                told.add(frozenset(cycle))
                path = " > ".join(
                    show(names.get(part) or GROUP.name_of(self.snapshot.groups[part])) for part in cycle
                )
                self.problems.append(f"group {show(step.key)} would be put into itself: {path}")

    def _note_opened_circles(self, nesting, children):
        """A nesting waits for the removals and deletions without which it would close a circle.

        :param children: for each group what is nested in it now, and what is to be.
        """
        parents: dict[Any, set[Any]] = defaultdict(set)
        for key, members in children.items():
            for member in members:
                parents[member].add(key)
        opening = [*self.steps["remove"], *(step for step in self.steps["delete"] if step.resource is GROUP)]
        for step in nesting:
            below = _reached(children, [member.key for member in step.add if member.kind == "group"])
            above = _reached(parents, [_node(step)])
            for other in opening:
                lost = {member.id for member in other.remove} if other.action == "members" else {other.id}
                if other.id in below and not lost.isdisjoint(above):
                    self.plan.needs.setdefault(id(step), []).append(other)

    # -- order and brakes --------------------------------------------------------------------------

    def _order(self):
        """Steps in phases, each in an order of its own that the order of the input does not change."""
        for phase in PHASES:
            steps = sorted(
                self.steps[phase],
                key=lambda step: (step.resource.kind != "user", normalize_name(step.key), step.key, step.id or ""),
            )
            if phase == "rename":
                steps = self._order_renames(steps)
            self.plan.phases.append(steps)
            self.plan.steps += steps
        self._note_needs()

    def _order_renames(self, steps):
        """Whoever gives up a name goes before whoever takes it; names passed round in a circle are refused."""
        holder = {(step.resource.kind, normalize_name(step.resource.name_of(step.before))): step for step in steps}
        ordered: list[Step] = []
        done: set[int] = set()
        for step in steps:
            chain: dict[int, Step] = {}  # in order
            while step is not None and id(step) not in done:
                if id(step) in chain:
                    self.problems.append(_circle(link.key for link in chain.values()))
                    return steps
                chain[id(step)] = step
                holding = holder.get((step.resource.kind, normalize_name(step.wish.rename_to)))
                step = holding if holding is not step else None
            for link in reversed(chain.values()):
                done.add(id(link))
                ordered.append(link)
        return ordered

    def _note_needs(self):
        """Which steps wait for which: a name must have been given up before it is taken (and see _note_opened_circles)."""
        freeing = {}
        for step in [*self.steps["rename"], *self.steps["delete"], *self.steps["disable"]]:
            if step.action == "delete" or any(change[0] == step.resource.key.option for change in step.changes):
                freeing[step.resource.kind, normalize_name(step.resource.name_of(step.before))] = step
        for step in [*self.steps["rename"], *self.steps["create_user"], *self.steps["create_group"]]:
            name = (step.wish.rename_to or step.wish.name or "") if step.wish else ""
            holder = freeing.get((step.resource.kind, normalize_name(name)))
            if holder is not None and holder is not step:
                self.plan.needs[id(step)] = [holder]

    def _refuse_unproven(self):
        """Rule 3: nothing destructive follows from a read that was not proven complete, or shows no administrator."""
        rules = {id(step) for step in self.by_rule}
        destructive = [
            row
            for step in self.plan.steps
            for row in self.plan.rows_of(step)
            if row["operation"] in ("delete", "remove") or row["operation"] == "disable" and id(step) in rules
        ]
        reasons = [f"of the {kind}s {why}" for kind, why in self.snapshot.incomplete.items() if why]
        if destructive and reasons:
            self.problems.append(
                f"the plan would {_operations(destructive)}, and nothing is taken away after a read that is not proven complete: {'; '.join(reasons)}"
            )
        undeclared = [
            row
            for step in self.plan.steps
            for row in self.plan.rows_of(step)
            if row["operation"] == "remove" or id(step) in rules
        ]
        if undeclared and self.rules.unread:
            self.problems.append(
                f"src: the plan would {_operations(undeclared)} {named(undeclared)} because nothing declares them, but "
                f"{self.rules.unread} not read. Move what is no document out of the folder, or use the ending of a document"
            )
        why = self.snapshot.incomplete.get(GROUP.kind)
        if why and not self.protection.administrators.all_seen and not self.rules.protected_users:
            # Asked for by name, and undone as easily; but an administrator who is shut out may be the one to undo it.
            shut_out = [
                row
                for row in self.plan.rows()
                if row["operation"] in ("disable", "rename") and row["kind"] == USER.kind
            ]
            if shut_out:
                self.problems.append(
                    f"the plan would {_operations(shut_out)} {named(shut_out)}, and all administrators cannot be told from a list that is not "
                    f"proven complete: of the groups {why}; name them in protected_users"
                )
        if (
            not self.protection.administrators
            and not self.rules.protected_users
            and any(step.resource is USER for step in self.by_rule)
        ):
            self.problems.append(
                f"no member of {ADMINISTRATORS} was seen, so that administrators cannot be told from others, and unlisted_users is "
                f"{self.rules.unlisted_users}; name them in protected_users"
            )

    def _refuse_over_limits(self):
        rows = self.plan.rows()
        limits = self.rules.limits
        users, groups = len(self.snapshot.users), len(self.snapshot.groups)

        def refuse(name, concerned, population):
            allowed = limits.allowed(name, population)
            if allowed is None or len(concerned) <= allowed:
                return
            self.problems.append(
                f"limits.{name} allows {allowed}, and the plan holds {len(concerned)}: {named(concerned)}; raise it (-1: no limit) if it is meant"
            )

        def of(*operations, kinds=("user", "group")):
            return [row for row in rows if row["operation"] in operations and row["kind"] in kinds]

        for name, operations in (
            ("max_deletes", ("delete",)),
            ("max_renames", ("rename",)),
            ("max_updates", ("update",)),
        ):
            if limits.is_percentage(name):
                refuse(name, of(*operations, kinds=("user",)), users)
                refuse(name, of(*operations, kinds=("group",)), groups)
            else:
                refuse(name, of(*operations), users + groups)
        refuse("max_disables", of("disable"), users)
        removed = of("remove", kinds=("membership",))
        taken = {(row["id"], row["member"]["id"]) for row in removed}
        for row in of("delete", kinds=("group",)):
            removed += [
                {"operation": "remove", "kind": "membership", "key": row["key"], "member": member.as_dict()}
                for member in self.snapshot.members(row["id"]).values()
                if (row["id"], member.id) not in taken
            ]
        refuse(
            "max_member_removals",
            removed,
            self.snapshot.memberships() if limits.is_percentage("max_member_removals") else 0,
        )

    def _drift(self, drift_class, kind, key, member=None):
        row = {"kind": kind, "key": key}
        if member is not None:
            row["member"] = member.as_dict()
        self.plan.drift[drift_class].append(row)


class PlanRefused(InputError):
    """A wish that is refused as a whole, with all that is wrong with it.

    :ivar problems: one line each.
    """

    def __init__(self, problems, plan):
        shown = problems[:NAMED_AT_MOST]
        more = f"; and {len(problems) - len(shown)} more" if len(problems) > len(shown) else ""
        head = "" if len(problems) == 1 else f"{len(problems)} problems: "
        super().__init__(f"{head}{'; '.join(shown)}{more}")
        self.problems = problems
        self.plan = plan


def plan_directory(wish: DirectoryWish, snapshot: Snapshot, rules: Rules, secret_key: bytes = b"") -> DirectoryPlan:
    """Plan a whole directory.

    :param secret_key: under which secrets enter the plan's hash.
    :raises PlanRefused: with all problems at once; nothing may be written then.
    """
    plan = DirectoryPlanner(wish, snapshot, rules, secret_key).run()
    for rows in plan.drift.values():
        rows.sort(key=_drift_order)
    return plan


def slim(user):
    """A user's representation without what planning never looks at: it is kept for a hundred thousand of them.

    When it was changed stays: the Writer knows by it a read that is older.
    """
    kept = {name: value for name, value in user.items() if name not in ("meta", "schemas", "groups")}
    extension = kept.get(PINGONE_URN)
    if isinstance(extension, dict):
        kept[PINGONE_URN] = {
            name: value
            for name, value in extension.items()
            if name not in ("createTimeStamp", "accountId", "directoryId", "lastLoginTime", "state")
        }
    return kept


def _node(step):
    """A group as nestings tell it from others while it may have no id yet."""
    return step.id or ("group", normalize_name(step.key))


def _reached(children, start):
    """What can be reached along some nestings, where one starts from included."""
    found = set(start)
    queue = list(found)
    while queue:
        for child in children.get(queue.pop(), ()):
            if child not in found:
                found.add(child)
                queue.append(child)
    return found


def _member_order(member):
    return (member.kind != "user", normalize_name(member.name or ""), member.name or "", member.id or "")


def _drift_order(row):
    member = row.get("member")
    of_member = (member["kind"], member["name"] or "", member["id"] or "") if member else ()
    return row["kind"], normalize_name(row["key"]), row["key"], of_member


def _name_to_be(entry):
    """The name an entry's object has after the run."""
    wish = entry.wish
    return wish.rename_to or wish.name or (wish.resource.name_of(entry.current) if entry.current is not None else "")


def _canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=True, default=str).encode("ascii")


def _unordered(value):
    """A value in which the order of lists does not show."""
    if isinstance(value, dict):
        return {name: _unordered(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return sorted((_unordered(inner) for inner in value), key=_canonical)
    return value


def _label(row):
    if row["kind"] == "membership":
        member = row["member"]
        return f"{member['kind']} {show(member['name'] or member['id'])} of group {show(row['key'])}"
    return f"{row['kind']} {show(row['key'])}"


def named(rows):
    """The first objects of some rows, for a refusal."""
    return ", ".join(_label(row) for row in rows[:NAMED_AT_MOST]) + (", …" if len(rows) > NAMED_AT_MOST else "")


def _operations(rows):
    return " and ".join(dict.fromkeys(row["operation"] for row in rows))


def _circle(names):
    """The problem of names that would change hands all at once."""
    told = ", ".join(show(name) for name in names)
    return f"{told} would take each other's names, which cannot be done one after the other; rename one to something else first"
