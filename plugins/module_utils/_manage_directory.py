# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What p1_directory, p1_directory_info and p1_directory_export do: options -> read -> plan -> apply -> result."""

from __future__ import annotations

import datetime
import json
import os

from ._apply import CHUNK
from ._client import Listing, equality_filter
from ._directory import DRIFT_CLASSES, DirectoryPlan, PlanRefused, Rules, Snapshot, plan_directory, slim
from ._errors import DirectoryError, InputError, RefusedError, quoted
from ._export import backup_document, directory_document
from ._files import (
    EXTENSIONS,
    WRITTEN_HERE,
    Journal,
    NoJournal,
    dump_document,
    read_documents,
    remove_file,
    same_content,
    write_file,
    written_here,
)
from ._identify import text_that_names
from ._manage import DEFAULT_USER_GROUP, NEW_GROUP_WARNING, USER_SETTINGS_SPEC, UUID, Task
from ._plan import Plan, diff_of
from ._policy import LIMITS, Limits, Scope
from ._resources import GROUP, USER
from ._run import Runner
from ._wish import ADDITIVE, EXACT, read_wish

# AWX drops an event that is larger than this.
RESULT_BYTES = 400_000
# What the rest of a result may take of it: counts, messages, the options as given.
RESULT_RESERVE = 40_000


def read_directory(client, keep=lambda user: user):
    """Everything of a directory, read once: a :class:`Snapshot`.

    :param keep: what of a user's representation is kept.
    :raises DirectoryError: the service counts more than it shows; nothing may follow from that.
    """
    objects, incomplete = {}, {}
    for resource in (USER, GROUP):
        listing = read_all(client, resource, keep if resource is USER else None)
        objects[resource.kind] = listing.items
        incomplete[resource.kind] = None if listing.complete else listing.why
    return Snapshot(objects[USER.kind], objects[GROUP.kind], incomplete)


def read_all(client, resource, keep=None):
    """A listing of a kind; one that is short of the service's own count is an error."""
    listing = Listing(keep)
    client.list(resource.endpoint, listing=listing)
    if listing.total is not None and not listing.complete:
        raise DirectoryError(
            f"the list of {resource.kind}s is incomplete: {listing.why}",
            operation="read the directory",
            hint="Nothing was changed; run again",
        )
    return listing


class ManageDirectory(Task):
    """p1_directory."""

    constraints = {
        "mutually_exclusive": [("src", "users"), ("src", "groups")],
        "required_one_of": [("src", "users", "groups")],
    }
    # The wish holds passwords inside of lists that Ansible does not look into (see guide_bulk).
    hidden_options = ("users",)

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
        self.snapshot = None
        self.predicted = {"reads": 0, "writes": 0}
        self.backup_file = None

    def plan(self):
        params = self.params
        for name, least in (("concurrency", 1), ("max_result_items", 0)):
            if params[name] < least:
                raise InputError(f"{name} must be at least {least}, not {params[name]}")
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
        users, groups = read_documents(params["src"]) if params["src"] else (params["users"], params["groups"])
        wish = read_wish(users, groups, params)
        if wish.problems:
            raise PlanRefused(wish.problems, DirectoryPlan())
        self.snapshot = read_directory(self.client, slim)
        rules.default_group = self._default_group()
        plan = plan_directory(wish, self.snapshot, rules)
        for text in plan.warnings:
            self.warn(text)
        if any(step.action == "create" and step.resource is GROUP for step in plan.steps):
            self.warn(NEW_GROUP_WARNING)
        self._predict(plan, rules)
        self._refuse_unapproved(plan)
        self._begin_journal(plan)
        return plan

    def _default_group(self):
        text_that_names(self.params, "default_group")
        wanted = self.params["default_group"]
        if wanted is None or wanted == DEFAULT_USER_GROUP:
            return wanted
        group = self.snapshot.group(wanted) or self.snapshot.by_id(GROUP, wanted)
        if group is None and not UUID.fullmatch(wanted):
            raise InputError(f"default_group {quoted(wanted)} does not exist")
        return group["id"] if group else wanted

    def _predict(self, plan, rules):
        predicted = plan.predicted(CHUNK)
        self.predicted = {"reads": self.client.reads + predicted["reads"], "writes": predicted["writes"]}
        allowed = rules.limits.allowed("max_requests", 0)
        total = sum(self.predicted.values())
        if allowed is not None and plan.changed and total > allowed:
            raise PlanRefused(
                [
                    f"limits.max_requests allows {allowed}, and the plan needs {total} ({self.predicted['reads']} reads, of which "
                    f"{self.client.reads} are done, and {self.predicted['writes']} writes); raise it, or wish for less at once"
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
        if self.params["journal"]:
            self.journal = Journal(self.params["journal"])
        header = {
            "directory": self.client.base_url,
            "source": self.params["src"] or "task options",
            "check_mode": self.foresee,
            "plan_sha256": plan.sha256(),
            "predicted": self.predicted,
        }
        self.journal.begin(header, plan)

    def apply(self, plan, outcomes):
        params = self.params
        if plan.changed and params["backup"]:
            self.backup_file = params["backup"]
            comment = [
                f"State of {self.client.base_url} before a run of p1_directory at {_now()}, of what that run was about to touch"
            ]
            write_file(
                self.backup_file,
                dump_document(backup_document(plan, self.snapshot), _format_of(self.backup_file), comment),
                0o600,
            )
        self.runner = Runner(
            self.client,
            plan,
            journal=self.journal,
            warn=self.warn,
            on_ignored=self.on_ignored,
            on_error=params["on_error"],
            concurrency=params["concurrency"],
            known_ids=self.snapshot.users.keys() | self.snapshot.groups.keys(),
        )
        self.runner.outcomes = outcomes
        try:
            self.runner.run()
        finally:
            self.journal.close()

    def refused(self, error):
        """Result of a plan that was refused: what it would have been."""
        if isinstance(error, PlanRefused):
            return {"problems": error.problems[: self.params["max_result_items"]], **self.result(error.plan, {})}
        return self.result(DirectoryPlan(), {})

    def result(self, plan, outcomes):
        counts = self.runner.counts() if self.runner is not None else plan.counts()
        result = {
            "plan": plan.rows(),
            "plan_sha256": plan.sha256(),
            "predicted": self.predicted,
            "counts": counts,
            "drift": plan.drift,
            "failed_items": self.runner.failed_items if self.runner is not None else [],
            "backup_file": self.backup_file,
        }
        return capped(result, self.params["max_result_items"], RESULT_BYTES - RESULT_RESERVE)

    def diff(self, plan):
        """One difference an object, as many as the result has room for."""
        shown, size = [], 0
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
            size += len(json.dumps(difference, default=str))
            if size > RESULT_BYTES // 4:
                break
            shown.append(difference)
        return shown


def capped(result, most, size):
    """A result with at most so many rows a list, and so many bytes together; ``truncated`` tells whether it was cut."""
    lists = [(result, "failed_items"), (result, "plan"), *((result["drift"], name) for name in DRIFT_CLASSES)]
    result["drift"] = dict(result["drift"])
    lists[2:] = [(result["drift"], name) for name in DRIFT_CLASSES]
    # The diff, which a verbose run adds, has a quarter of the room of its own.
    room = size - size // 4
    truncated = False
    for position, (holder, name) in enumerate(lists):
        share = room // (len(lists) - position) if position > 1 else room // (3 - position)
        kept, used = [], 0
        for row in holder[name][:most]:
            used += len(json.dumps(row, default=str)) + 2
            if used > share:
                break
            kept.append(row)
        room -= used
        truncated = truncated or len(kept) < len(holder[name])
        holder[name] = kept
    result["truncated"] = truncated
    return result


class ReadDirectory(Task):
    """p1_directory_info."""

    writes = False

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
        snapshot = Snapshot(self.listings[USER.kind].items, self.listings[GROUP.kind].items)
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
        if any(resource.name_of(item).casefold() != name.casefold() for item in found):
            return "ignored"
        return "honored" if sample["id"] in [item["id"] for item in found] else "finds nothing"

    def result(self, plan, outcomes):
        return {
            "directory": self.document,
            "counts": {"users": len(self.document["users"]), "groups": len(self.document["groups"])},
            "probe": self.probe,
        }


class ExportDirectory(Task):
    """p1_directory_export."""

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
        snapshot = read_directory(self.client)
        reasons = [why for why in snapshot.incomplete.values() if why]
        for why in reasons:
            self.warn(f"the export may lack something: {why}")
        document = directory_document(snapshot, Scope(self.params["scope"]), self.params["with_ids"])
        self.counts = {"users": len(document["users"]), "groups": len(document["groups"])}
        comment = [
            f"{self.counts['users']} users and {self.counts['groups']} groups of {self.client.base_url}, exported at {_now()}",
            WRITTEN_HERE,
        ]
        folder = dest.endswith(os.sep) or os.path.isdir(dest)
        texts = (
            _files_of(document, dest, self.params["format"], comment)
            if folder
            else {dest: dump_document(document, self.params["format"], comment)}
        )
        self.changes = {path: text for path, text in texts.items() if not same_content(text, path)}
        self.stale = self._stale_files(dest, texts) if folder else []
        self.folder = dest if folder else None
        return _FilesPlan(bool(self.changes or self.stale))

    def _stale_files(self, dest, texts):
        """Files of an earlier export whose group is gone: read again, they would bring it back.

        Only what this module wrote is taken away; of anything else beside it there is a warning.
        """
        folder = os.path.join(dest, "groups")
        stale = []
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            if path in texts or not name.endswith(EXTENSIONS) or not os.path.isfile(path):
                continue
            if written_here(path):
                stale.append(path)
            else:
                self.warn(f"{path} is no group of this export, and src would read it all the same")
        return stale

    def apply(self, plan, outcomes):
        for path, text in self.changes.items():
            write_file(path, text, make_folder=self.folder is not None)
        for path in self.stale:
            remove_file(path)

    def result(self, plan, outcomes):
        return {"dest": self.params["dest"], "counts": self.counts}

    def diff(self, plan):
        names = sorted([*self.changes, *self.stale])
        return (
            {"before": "", "after": "".join(f"{name} differs\n" for name in names)}
            if names
            else {"before": "", "after": ""}
        )


class _FilesPlan(Plan):
    """A plan of files to write: no steps for the service."""

    def __init__(self, changed):
        super().__init__()
        self._changed = changed

    @property
    def changed(self):
        return self._changed


def _files_of(document, dest, file_format, comment):
    """A folder of documents: users in one file, a file a group, named after it as far as file systems allow."""
    extension = ".json" if file_format == "json" else ".yml"
    texts = {os.path.join(dest, "users" + extension): dump_document({"users": document["users"]}, file_format, comment)}
    taken = set()
    for group in document["groups"]:
        stem = (
            "".join(
                char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in group["display_name"]
            )[:80].strip(".")
            or "group"
        )
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        texts[os.path.join(dest, "groups", name + extension)] = dump_document({"groups": [group]}, file_format, comment)
    return texts


def _format_of(path):
    return "json" if path.endswith(".json") else "yaml"


def _now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
