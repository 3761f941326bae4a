# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What p1_directory, p1_directory_info and p1_directory_export do: options -> read -> plan -> apply -> result."""

from __future__ import annotations

import datetime
import json
import os
from dataclasses import dataclass, replace

from ._apply import CHUNK
from ._directory import plan_directory
from ._directory_plan import DRIFT_CLASSES, DirectoryPlan, PlanRefused, Rules, named
from ._documents import EXTENSIONS, Documents, is_document, is_json, read_documents
from ._dump import WRITTEN_HERE, dump_document, same_content, written_here
from ._errors import DirectoryError, InputError, RefusedError
from ._export import backup_document, directory_document
from ._files import (
    remove_file,
    require_possible_path,
    require_writable,
    require_writable_folder,
    write_text,
)
from ._identify import refuse_taken_external_id, text_that_names
from ._journal import Journal, NoJournal
from ._manage import DEFAULT_USER_GROUP, NEW_GROUP_WARNING, USER_SETTINGS_SPEC, UUID, Task
from ._membership import members_of
from ._names import normalize_name, same_name, show
from ._plan import Plan, diff_of, readable_diff
from ._policy import LIMITS, Limits, Scope
from ._resources import GROUP, USER
from ._run import Runner
from ._service.client import equality_filter
from ._service.listing import Listing
from ._snapshot import Snapshot, slim
from ._unicode import INVALID_TEXT, replace_invalid
from ._wish import ADDITIVE, EXACT, read_wish

READ = "read the directory"

# AWX drops an event that is larger than this.
RESULT_BYTES = 400_000
# What the rest of a result may take of it: counts, messages, the options as given.
RESULT_RESERVE = 40_000

WARNINGS_AT_MOST = 20

# A service that slows everybody down after a few requests a second gains nothing by more; each is a thread.
CONCURRENCY_AT_MOST = 64


def read_directory(client, keep=lambda user: user):
    """Everything of a directory, read once: a :class:`Snapshot`.

    :param keep: what of a user's representation is kept.
    :raises DirectoryError: the service counts more than it shows, or shows members and no user at all; nothing
        may follow from that.
    """
    listings = {
        resource.kind: read_all(client, resource, keep if resource is USER else None) for resource in (USER, GROUP)
    }
    snapshot = snapshot_of(listings)
    if not snapshot.users and any(members_of(group) for group in snapshot.groups.values()):
        raise DirectoryError(
            "the service shows no user at all, while its groups have members",
            operation=READ,
            hint="Nothing was changed; run again",
        )
    return snapshot


def read_all(client, resource, keep=None):
    """A listing of a kind; one that is short of the service's own count is an error."""
    listing = Listing(keep)
    try:
        client.list(resource.endpoint, listing=listing)
    except DirectoryError as error:
        error.during(READ)
        raise
    if listing.total is not None and not listing.complete:
        raise DirectoryError(
            f"the list of {resource.kind}s is incomplete: {listing.why}",
            operation=READ,
            hint="Nothing was changed; run again",
        )
    return listing


def snapshot_of(listings):
    """A :class:`Snapshot` from a listing of each kind."""
    return Snapshot(
        listings[USER.kind].items,
        listings[GROUP.kind].items,
        {kind: None if listing.complete else listing.why for kind, listing in listings.items()},
        len(listings[GROUP.kind].page_sizes),
    )


class ManageDirectory(Task):
    """p1_directory."""

    attempt = "plan the directory"

    constraints = {
        "mutually_exclusive": [("src", "users"), ("src", "groups")],
        "required_one_of": [("src", "users", "groups")],
    }
    # The wish holds passwords inside of lists that Ansible does not look into (see guide_bulk); and either list alone
    # may be larger than a result can be.
    hidden_options = ("users", "groups")
    nothing = {
        "plan": [],
        "plan_sha256": None,
        "predicted": {"reads": 0, "writes": 0},
        "counts": DirectoryPlan().counts(),
        "drift": DirectoryPlan().drift,
        "failed_items": [],
        "backup_file": None,
        "truncated": False,
    }

    @staticmethod
    def argument_spec():
        return {
            "users": {"type": "list", "elements": "dict"},
            "groups": {"type": "list", "elements": "dict"},
            "src": {"type": "path"},
            "match_users_by": {"type": "str", "choices": ["user_name", "external_id"], "default": "user_name"},
            "unlisted_users": {"type": "str", "choices": ["keep", "disable", "delete"], "default": "keep"},
            "unlisted_groups": {"type": "str", "choices": ["keep", "delete"], "default": "keep"},
            "membership": {"type": "str", "choices": [ADDITIVE, EXACT], "default": ADDITIVE},
            "on_empty": {"type": "str", "choices": ["clear", "keep"], "default": "clear"},
            "on_unknown_member": {"type": "str", "choices": ["fail", "warn", "ignore"], "default": "fail"},
            **USER_SETTINGS_SPEC,
            "scope": {"type": "dict", "options": {"users": {"type": "dict"}, "groups": {"type": "dict"}}},
            "protected_users": {"type": "list", "elements": "str"},
            "protected_groups": {"type": "list", "elements": "str"},
            "limits": {"type": "dict", "options": {name: {"type": "str"} for name in LIMITS}},
            "allow_empty": {"type": "bool", "default": False},
            "approved_plan": {"type": "str"},
            "on_error": {"type": "str", "choices": ["continue", "stop"], "default": "continue"},
            "concurrency": {"type": "int", "default": 4},
            "journal": {"type": "path"},
            "backup": {"type": "path"},
            "max_result_items": {"type": "int", "default": 200},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.runner = None
        self.journal = NoJournal()
        self.unread = ""
        self.snapshot: Snapshot | None = None
        self.predicted = {"reads": 0, "writes": 0}
        self.backup_file = None
        self.was_refused = False
        self.diff_cut = False

    def plan(self):
        params = self.params
        for name, least in (("concurrency", 1), ("max_result_items", 0)):
            if params[name] < least:
                raise InputError(f"{name} must be at least {least}, not {params[name]}")
        if params["concurrency"] > CONCURRENCY_AT_MOST:
            raise InputError(f"concurrency must be at most {CONCURRENCY_AT_MOST}, not {params['concurrency']}")
        if params["approved_plan"] is not None and not params["approved_plan"].strip():
            raise InputError(
                "approved_plan is empty, which approves nothing",
                hint="Give the plan_sha256 of the check run, or leave it out",
            )
        rules = Rules(
            match_users_by=params["match_users_by"],
            unlisted_users=params["unlisted_users"],
            unlisted_groups=params["unlisted_groups"],
            on_unknown_member=params["on_unknown_member"],
            allow_empty=params["allow_empty"],
            scope=Scope(params["scope"]),
            protected_users=params["protected_users"] or [],
            protected_groups=params["protected_groups"] or [],
            limits=Limits(params["limits"]),
        )
        self._refuse_paths()
        wish = self._wish()
        rules = replace(rules, unread=self.unread)
        try:
            self.snapshot = read_directory(self.client, slim)
        except DirectoryError as error:
            if not wish.problems or error.fatal:
                raise
            raise PlanRefused(wish.problems, DirectoryPlan(whole=False)) from error
        for kind, why in self.snapshot.incomplete.items():
            if why:
                self.warn(
                    f"the list of {kind}s cannot be proven complete ({why}): what was not found in it may be there all the same"
                )
        rules = replace(rules, default_group=self._default_group(self.snapshot))
        plan = plan_directory(wish, self.snapshot, rules, params["api_key"].encode("utf-8", "surrogatepass"))
        self._look_behind(plan)
        for text in plan.warnings[:WARNINGS_AT_MOST]:
            self.warn(text)
        if len(plan.warnings) > WARNINGS_AT_MOST:
            self.warn(f"{len(plan.warnings) - WARNINGS_AT_MOST} more warnings of this kind are left out")
        if any(step.action == "create" and step.resource is GROUP for step in plan.steps):
            self.warn(NEW_GROUP_WARNING)
        self._predict(plan, rules)
        self._refuse_unapproved(plan)
        self._begin_journal(plan)
        return plan

    def _refuse_paths(self):
        """No file that a run writes may be one that it, or the next run, takes for the wish."""
        for name in ("src", "journal", "backup"):
            require_possible_path(name, self.params[name] or "")
        paths = {
            name: os.path.realpath(self.params[name]) for name in ("src", "journal", "backup") if self.params[name]
        }
        source = paths.pop("src", None)
        if paths.get("journal") is not None and paths.get("journal") == paths.get("backup"):
            raise InputError("journal and backup are the same file")
        for name, path in paths.items():
            if path == source:
                raise InputError(f"{name} is the document that src names: the run would overwrite its own desired state")
            if source and path.startswith(source + os.sep) and os.sep + "." not in path[len(source) :]:
                raise InputError(
                    f"{name} {self.params[name]} is in the folder that src names. The next run would treat it as a part of the desired state",
                    hint="Put it beside the folder",
                )
        if self.params["backup"]:
            require_writable("backup", self.params["backup"])

    def _wish(self):
        """The wish, with all that can be told to be wrong with it before anything is read."""
        params = self.params
        documents = Documents(params["users"], params["groups"])
        if params["src"]:
            documents = read_documents(params["src"])
        self.unread = documents.not_read()
        for text in documents.warnings():
            self.warn(text)
        wish = read_wish(documents.users, documents.groups, params)
        if documents.problems:
            # What was not understood may be what the rest refers to: nothing is looked up for it.
            raise PlanRefused(documents.problems + wish.problems, DirectoryPlan(whole=False))
        return wish

    def _look_behind(self, plan):
        """Rules 1, 2 and 5: where a list may be incomplete, look up each name and external id that a step takes.

        Otherwise such a list would lead to a second group of one name, or to a create with an external id that
        overwrites the user who has it.
        """
        incomplete = self.snapshot.incomplete if self.snapshot is not None else {}
        problems = []
        for step in plan.steps:
            if step.action not in ("create", "update") or not incomplete.get(step.resource.kind):
                continue
            taken = {name: after for name, _before, after in step.changes if after}
            name, external_id = taken.get(step.resource.key.option), taken.get("external_id")
            found = None
            if name:
                found = self.lookup.user(name) if step.resource is USER else self.lookup.group(name)
            if found is not None and self.snapshot.by_id(step.resource, found["id"]) is None:
                problems.append(
                    f"{step.label}: {step.resource.kind} {show(step.resource.name_of(found))} ({found['id']}) exists, although the list of "
                    f"{step.resource.kind}s does not show it; the list may be incomplete ({incomplete[step.resource.kind]}). Give its id"
                )
            elif external_id:
                try:
                    refuse_taken_external_id(self.lookup, external_id, step.before)
                except DirectoryError as error:
                    if error.fatal:
                        raise
                    problems.append(f"{step.label}: {error}")
        if problems:
            raise PlanRefused(problems, plan)

    def _default_group(self, snapshot):
        text_that_names(self.params, "default_group")
        wanted = self.params["default_group"]
        if wanted is None or wanted == DEFAULT_USER_GROUP:
            return wanted
        group = snapshot.group(wanted) or snapshot.by_id(GROUP, wanted)
        if group is None and not UUID.fullmatch(wanted):
            raise InputError(f"default_group {show(wanted)} does not exist")
        return group["id"] if group else wanted

    def _predict(self, plan, rules):
        predicted = plan.predicted(CHUNK, self.snapshot.group_pages if self.snapshot else 0)
        self.predicted = {"reads": self.client.reads + predicted["reads"], "writes": predicted["writes"]}
        allowed = rules.limits.allowed("max_requests", 0)
        total = sum(self.predicted.values())
        if allowed is not None and plan.changed and total > allowed:
            raise PlanRefused(
                [
                    f"limits.max_requests allows {allowed}, and the plan needs {total} ({self.predicted['reads']} reads, of which "
                    f"{self.client.reads} are done, and {self.predicted['writes']} writes) for {named(plan.rows())}; raise it, or wish for less at once"
                ],
                plan,
            )

    def _refuse_unapproved(self, plan):
        approved = self.params["approved_plan"]
        if approved is None or self.foresee or not plan.changed or approved.strip() == plan.sha256():
            return
        raise PlanRefused(
            [
                f"approved_plan is {approved.strip()[:12]}…, and the plan is {plan.sha256()[:12]}… by now: the wish or the directory has changed "
                "since it was approved; run in check mode and have the new plan approved"
            ],
            plan,
        )

    def _begin_journal(self, plan):
        if not self.params["journal"]:
            return
        self.journal = Journal(self.params["journal"])
        header = {
            "directory": self.client.base_url,
            "source": self.params["src"] or "task options",
            "check_mode": self.foresee,
            "plan_sha256": plan.sha256(),
            "predicted": self.predicted,
        }
        self.journal.begin(header, plan)
        if self.foresee:
            self.journal.close()

    def apply(self, plan, outcomes):
        params = self.params
        if plan.changed and params["backup"]:
            comment = [
                f"State of {self.client.base_url} before a run of p1_directory at {_now()}, of what that run was about to touch"
            ]
            document = _valid(backup_document(plan, self.snapshot), self.warn)
            write_text(params["backup"], dump_document(document, _format_of(params["backup"]), comment))
            self.backup_file = params["backup"]
        self.runner = Runner(
            self.client,
            plan,
            journal=self.journal,
            warn=self.warn,
            on_ignored=self.on_ignored,
            on_error=params["on_error"],
            concurrency=params["concurrency"],
            known_ids=self.snapshot.users.keys() | self.snapshot.groups.keys() if self.snapshot else (),
            list_groups=self._groups_again,
        )
        self.runner.outcomes = outcomes
        try:
            self.runner.run()
        finally:
            self.journal.close()

    def _groups_again(self):
        """Return the groups as they are now, by id.

        :raises DirectoryError: the list cannot be read, or may be incomplete although the first one was complete.
        """
        listing = read_all(self.client, GROUP)
        if not listing.complete and self.snapshot is not None and not self.snapshot.incomplete.get(GROUP.kind):
            raise DirectoryError(f"the list of groups may be incomplete: {listing.why}", operation=READ, hint="Run again")
        return listing.items

    def refused(self, error):
        """Result of a plan that was refused: what it would have been, and that nothing of it was done."""
        self.was_refused = True
        plan = error.plan if isinstance(error, PlanRefused) else DirectoryPlan(whole=False)
        return self.result(plan, {}, error.problems if isinstance(error, PlanRefused) else None)

    def result(self, plan, outcomes, problems=None):
        if self.runner is not None:
            counts = self.runner.counts()
        else:
            counts = DirectoryPlan(unchanged=plan.unchanged).counts() if self.was_refused else plan.counts()
        result = {
            "plan": plan.rows(),
            "plan_sha256": plan.approvable_sha256(),
            "predicted": self.predicted,
            "counts": counts,
            "drift": plan.drift,
            "failed_items": self.runner.failed_items if self.runner is not None else [],
            "backup_file": self.backup_file,
        }
        if problems is not None:
            result["problems"] = problems
        result = capped(result, self.params["max_result_items"], self._room())
        result["truncated"] = result["truncated"] or self.diff_cut
        return result

    def _room(self):
        """How large the rows of a result may be together: the options stand in it too, as Ansible repeats them."""
        shown = {name: value for name, value in self.params.items() if name not in self.hidden_options}
        return max(0, RESULT_BYTES - RESULT_RESERVE - len(json.dumps(shown, default=str)))

    def diff(self, plan):
        """One difference an object, as many as the result has room for; what is left out is said at the end."""
        self.diff_cut = False
        shown, size, room = [], 0, self._room()
        for step in plan.steps[: self.params["max_result_items"]]:
            if step.action == "members":
                label = f"members of {step.label}"
                difference = {
                    "before_header": label,
                    "after_header": label,
                    "before": {"members": [f"{member.kind} {member.name}" for member in step.remove]},
                    "after": {"members": [f"{member.kind} {member.name}" for member in step.add]},
                }
            else:
                difference = diff_of(step)
            size += len(json.dumps(readable_diff(difference)))
            if size > room // 4:
                break
            shown.append(difference)
        left_out = len(plan.steps) - len(shown)
        if left_out:
            self.diff_cut = True
            shown.append({"prepared": f"{left_out} more differences are not shown. The journal holds the whole plan.\n"})
        return shown


def capped(result, most, size):
    """A result with at most so many rows a list, and so many bytes together; ``truncated`` tells whether it was cut.

    What failed and what is wrong come before the plan, the plan before the drift.
    """
    result["drift"] = dict(result["drift"])
    lists = [(result, name) for name in ("problems", "failed_items", "plan") if name in result]
    first = len(lists)
    lists += [(result["drift"], name) for name in DRIFT_CLASSES]
    # The diff, which a verbose run adds, has a quarter of the room of its own.
    room = size - size // 4
    truncated = False
    for position, (holder, name) in enumerate(lists):
        share = room // (first + 1 - position if position < first else len(lists) - position)
        kept, used = [], 0
        for row in holder[name][:most]:
            length = len(json.dumps(row, default=str)) + 2
            if used + length > share:
                break
            used += length
            kept.append(row)
        room -= used
        truncated = truncated or len(kept) < len(holder[name])
        holder[name] = kept
    result["truncated"] = truncated
    return result


class ReadDirectory(Task):
    """p1_directory_info."""

    attempt = "read the directory"

    writes = False
    nothing = {"directory": None, "counts": None, "probe": None}

    @staticmethod
    def argument_spec():
        return {
            "scope": {"type": "dict", "options": {"users": {"type": "dict"}, "groups": {"type": "dict"}}},
            "with_ids": {"type": "bool", "default": False},
            "probe": {"type": "bool", "default": False},
        }

    def plan(self):
        scope = Scope(self.params["scope"])
        self.listings = {resource.kind: read_all(self.client, resource) for resource in (USER, GROUP)}
        snapshot = snapshot_of(self.listings)
        for text in _doubts(snapshot):
            self.warn(text)
        self.document = directory_document(snapshot, scope, self.params["with_ids"])
        self.probe = self._probe(snapshot) if self.params["probe"] else None
        return Plan()

    def _probe(self, snapshot):
        """What the service was seen to do: reads alone."""
        seen = {}
        for resource, attribute in ((USER, "userName"), (GROUP, "displayName")):
            listing = self.listings[resource.kind]
            sample = next((item for item in snapshot.objects[resource.kind].values() if resource.name_of(item)), None)
            seen[f"{resource.kind}_filter"] = self._tried_filter(resource, attribute, sample)
            seen[f"{resource.kind}_page_sizes"] = listing.page_sizes
            seen[f"{resource.kind}_list_complete"] = listing.complete
        return seen

    def _tried_filter(self, resource, attribute, sample):
        """``honored``, ``ignored``, ``refused``, or ``unknown`` where there is nobody to try it on."""
        if sample is None:
            return "unknown"
        name = resource.name_of(sample)
        try:
            found = self.client.search(resource.endpoint, equality_filter(attribute, name))
        except RefusedError as error:
            if error.fatal:
                raise
            return "refused"
        if any(not same_name(resource.name_of(item), name) for item in found):
            return "ignored"
        return "honored" if sample["id"] in [item["id"] for item in found] else "finds nothing"

    def result(self, plan, outcomes):
        return {
            "directory": self.document,
            "counts": {"users": len(self.document["users"]), "groups": len(self.document["groups"])},
            "probe": self.probe,
        }


def _doubts(snapshot):
    """One line for each kind that may not have been read as a whole."""
    return [f"{kind}s may be missing: {why}" for kind, why in snapshot.incomplete.items() if why]


class ExportDirectory(Task):
    """p1_directory_export."""

    attempt = "export the directory"
    nothing = {"dest": None, "counts": None}

    @staticmethod
    def argument_spec():
        return {
            "dest": {"type": "path", "required": True},
            "format": {"type": "str", "choices": ["yaml", "json"], "default": "yaml"},
            "scope": {"type": "dict", "options": {"users": {"type": "dict"}, "groups": {"type": "dict"}}},
            "with_ids": {"type": "bool", "default": False},
        }

    def plan(self):
        dest = self.params["dest"]
        require_possible_path("dest", dest)
        folder = dest.endswith(os.sep) or os.path.isdir(dest)
        if folder:
            require_writable_folder("dest", dest)
            require_writable_folder("dest", os.path.join(dest, "groups"))
        else:
            require_writable("dest", dest)
        snapshot = read_directory(self.client)
        for text in _doubts(snapshot):
            self.warn(text)
        document = directory_document(snapshot, Scope(self.params["scope"]), self.params["with_ids"])
        document = _valid(document, self.warn)
        self.counts = {"users": len(document["users"]), "groups": len(document["groups"])}
        comment = [
            f"{self.counts['users']} users and {self.counts['groups']} groups of {self.client.base_url}, exported at {_now()}",
            WRITTEN_HERE,
        ]
        texts = (
            _files_of(document, dest, self.params["format"], comment)
            if folder
            else {dest: dump_document(document, self.params["format"], comment)}
        )
        self.changes = {path: text for path, text in texts.items() if not same_content(text, path)}
        self.stale = [*self._stale_users(dest, texts), *self._stale_files(dest, texts)] if folder else []
        self._refuse_unproven(snapshot)
        self.folder = dest if folder else None
        return _FilesPlan(writes_files=bool(self.changes or self.stale))

    def _refuse_unproven(self, snapshot):
        """Rule 3: what a list that is not proven complete does not show may be there, and an export of before may hold it."""
        reasons = [f"of the {kind}s {why}" for kind, why in snapshot.incomplete.items() if why]
        if not reasons:
            return
        replaced = sorted(path for path in self.changes if os.path.exists(path))
        if replaced:
            more = f" and {len(replaced) - 1} more files" if len(replaced) > 1 else ""
            raise InputError(
                f"this would replace an export, {replaced[0]}{more}, after a read that is not proven complete: {'; '.join(reasons)}",
                hint="Export to another place, and compare",
            )
        for path in self.stale:
            self.warn(f"{path} is kept: what it holds is not in the list, which is not proven complete")
        self.stale = []

    def _stale_users(self, dest, texts):
        """The users in another format, from an earlier export: src would read both."""
        paths = [os.path.join(dest, "users" + extension) for extension in EXTENSIONS]
        return [path for path in paths if path not in texts and os.path.isfile(path) and self._is_stale(path)]

    def _is_stale(self, path):
        if not written_here(path):
            self.warn(f"{path} is not of this export, and src would read it all the same")
            return False
        return True

    def _stale_files(self, dest, texts):
        """Files of an earlier export whose group is gone: read again, they would bring it back.

        Only what this module wrote is taken away; of anything else beside it there is a warning.
        """
        folder = os.path.join(dest, "groups")
        stale = []
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if path in texts or not is_document(name) or not os.path.isfile(path) or os.path.islink(path):
                continue
            if self._is_stale(path):
                stale.append(path)
        return stale

    def apply(self, plan, outcomes):
        for path, text in self.changes.items():
            write_text(path, text, make_folder=self.folder is not None)
        for path in self.stale:
            remove_file(path)

    def result(self, plan, outcomes):
        if not plan.changed:
            told = "holds the directory as it is"
        else:
            told = "would be written, and was not, because this is check mode" if self.foresee else "was written"
        return {"dest": self.params["dest"], "counts": self.counts, "msg": f"{self.params['dest']} {told}"}

    def diff(self, plan):
        lines = (
            [f"{path} {'differs' if os.path.exists(path) else 'is new'}" for path in self.changes]
            if self.foresee
            else []
        )
        lines += [f"{path} {'is to be removed' if self.foresee else 'was removed'}" for path in self.stale]
        lines += [] if self.foresee else [f"{path} was written" for path in self.changes]
        return {"before": "", "after": "".join(f"{line}\n" for line in sorted(lines))}


@dataclass(frozen=True, eq=False)
class _FilesPlan(Plan):
    """A plan of files to write: no steps for the service."""

    writes_files: bool = False

    @property
    def changed(self):
        return self.writes_files


def _files_of(document, dest, file_format, comment):
    """A folder of documents: users in one file, a file a group, named after it as far as file systems allow."""
    extension = ".json" if file_format == "json" else ".yml"
    texts = {os.path.join(dest, "users" + extension): dump_document({"users": document["users"]}, file_format, comment)}
    taken = set()
    for group in document["groups"]:
        called = group.get("display_name") or group["id"]
        stem = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in called)
        stem = stem[:80].strip(".") or "group"
        name, number = stem, 1
        while normalize_name(name) in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(normalize_name(name))
        texts[os.path.join(dest, "groups", name + extension)] = dump_document({"groups": [group]}, file_format, comment)
    return texts


def _valid(document, warn):
    """Return a document in valid Unicode, with a warning where that is not what the directory has."""
    valid = replace_invalid(document)
    if valid is not document:
        warn(INVALID_TEXT)
    return valid


def _format_of(path):
    return "json" if is_json(path) else "yaml"


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
