# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""p1_directory."""

from __future__ import annotations

import json
import os
from dataclasses import replace

from .._apply.directory_run import DirectoryRun
from .._apply.memberships import CHUNK
from .._core.dates import now_text
from .._core.errors import DirectoryError, InputError
from .._core.names import show
from .._core.unicode import INVALID_TEXT, replace_invalid
from .._documents.backup import backup_document
from .._documents.files import require_possible_path, require_writable, write_text
from .._documents.journal import Journal, NoJournal
from .._documents.reading import Documents, is_json, read_documents
from .._documents.writing import dump_document
from .._plan.diff import diff_of, readable_diff
from .._plan.directory.entries import ADDITIVE, EXACT
from .._plan.directory.lists import read_desired
from .._plan.directory.plan import DirectoryPlan, PlanRefused
from .._plan.directory.planner import plan_directory
from .._plan.directory.rows import list_names
from .._plan.directory.rules import Rules
from .._plan.directory.snapshot import Snapshot, slim
from .._plan.identity import refuse_taken_external_id, require_names
from .._plan.policy import LIMITS, Limits, Scope
from .._scim.tables import GROUP, USER
from .reading import READ, incomplete_warnings, read_all, read_directory
from .task import DEFAULT_USER_GROUP, NEW_GROUP_WARNING, USER_SETTINGS_SPEC, UUID, Task
from .truncation import RESULT_BYTES, RESULT_RESERVE, truncate_result

MAX_WARNINGS = 20


# A service that slows everybody down after a few requests a second gains nothing by more; each is a thread.
MAX_CONCURRENCY = 64


class DirectoryTask(Task):
    """p1_directory."""

    attempt = "plan the directory"

    constraints = {
        "mutually_exclusive": [("src", "users"), ("src", "groups")],
        "required_one_of": [("src", "users", "groups")],
    }
    # The wish holds passwords inside of lists that Ansible does not look into (see guide_bulk); and either list alone
    # may be larger than a result can be.
    sensitive_options = ("users", "groups")
    empty_result = {
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
        if params["concurrency"] > MAX_CONCURRENCY:
            raise InputError(f"concurrency must be at most {MAX_CONCURRENCY}, not {params['concurrency']}")
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
        desired = self._wish()
        rules = replace(rules, unread=self.unread)
        try:
            self.snapshot = read_directory(self.client, slim)
        except DirectoryError as error:
            if not desired.problems or error.fatal:
                raise
            raise PlanRefused(desired.problems, DirectoryPlan(whole=False)) from error
        for text in incomplete_warnings(self.snapshot):
            self.warn(text)
        rules = replace(rules, default_group=self._default_group(self.snapshot))
        plan = plan_directory(desired, self.snapshot, rules, params["api_key"].encode("utf-8", "surrogatepass"))
        self._look_behind(plan)
        for text in plan.warnings[:MAX_WARNINGS]:
            self.warn(text)
        if len(plan.warnings) > MAX_WARNINGS:
            self.warn(f"{len(plan.warnings) - MAX_WARNINGS} more warnings of this kind are left out")
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
        desired = read_desired(documents.users, documents.groups, params)
        if documents.problems:
            # What was not understood may be what the rest refers to: nothing is looked up for it.
            raise PlanRefused(documents.problems + desired.problems, DirectoryPlan(whole=False))
        return desired

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
        require_names(self.params, "default_group")
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
                    f"{self.client.reads} are done, and {self.predicted['writes']} writes) for {list_names(plan.rows())}; raise it, or wish for less at once"
                ],
                plan,
            )

    def _refuse_unapproved(self, plan):
        approved = self.params["approved_plan"]
        if approved is None or self.check_mode or not plan.changed or approved.strip() == plan.sha256():
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
            "check_mode": self.check_mode,
            "plan_sha256": plan.sha256(),
            "predicted": self.predicted,
        }
        self.journal.begin(header, plan)
        if self.check_mode:
            self.journal.close()

    def apply(self, plan, outcomes):
        params = self.params
        if plan.changed and params["backup"]:
            comment = [
                f"State of {self.client.base_url} before a run of p1_directory at {now_text()}, of what that run was about to touch"
            ]
            document = _valid(backup_document(plan, self.snapshot), self.warn)
            write_text(params["backup"], dump_document(document, _format_of(params["backup"]), comment))
            self.backup_file = params["backup"]
        self.runner = DirectoryRun(
            self.client,
            plan,
            outcomes,
            journal=self.journal,
            warn=self.warn,
            on_ignored=self.on_ignored,
            on_error=params["on_error"],
            concurrency=params["concurrency"],
            known_ids=self.snapshot.users.keys() | self.snapshot.groups.keys() if self.snapshot else (),
            list_groups=self._groups_again,
        )
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
            counts = self.runner.progress.counts()
        else:
            counts = DirectoryPlan(unchanged=plan.unchanged).counts() if self.was_refused else plan.counts()
        result = {
            "plan": plan.rows(),
            "plan_sha256": plan.approvable_sha256(),
            "predicted": self.predicted,
            "counts": counts,
            "drift": plan.drift,
            "failed_items": self.runner.progress.failed_items if self.runner is not None else [],
            "backup_file": self.backup_file,
        }
        if problems is not None:
            result["problems"] = problems
        result = truncate_result(result, self.params["max_result_items"], self._room())
        result["truncated"] = result["truncated"] or self.diff_cut
        return result

    def _room(self):
        """How large the rows of a result may be together: the options stand in it too, as Ansible repeats them."""
        shown = {name: value for name, value in self.params.items() if name not in self.sensitive_options}
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


def _valid(document, warn):
    """Return a document in valid Unicode, with a warning where that is not what the directory has."""
    valid = replace_invalid(document)
    if valid is not document:
        warn(INVALID_TEXT)
    return valid


def _format_of(path):
    return "json" if is_json(path) else "yaml"
