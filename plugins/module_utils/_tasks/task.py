# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""What every task has: options -> read -> plan -> apply -> result."""

from __future__ import annotations

import re

from .._core.errors import NotFoundError
from .._core.names import show
from .._plan.creation import may_create, near_match_warning, refuse_unusual_name, why_not_created
from .._plan.one_object import plan_object
from .._scim.attributes import BY_TYPE, EXACT_LIST
from .._service.hints import similar_objects, suggestion
from .._service.lookup import Lookup

DEFAULT_USER_GROUP = "DEFAULT_USER_GROUP"


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
    sensitive_options: tuple = ()  # options that hold secrets Ansible does not know of
    empty_result: dict = {}  # result keys of a task that failed before it had found anything: the same as of any other

    def __init__(self, client, params, warn, check_mode=False):
        self.client = client
        self.params = params
        self.warn = warn
        self.check_mode = check_mode
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
        from .._apply.context import Context
        from .._apply.executor import Executor, ObjectRun

        context = Context(self.client, self.lookup, self.warn, self.on_ignored)
        Executor(context, ObjectRun(self.after_create), outcomes).execute([plan.steps])

    def after_create(self, outcome):
        """What follows a create beyond SCIM: nothing, for most."""

    def refused(self, error):
        """Result keys of a task that failed before there was a plan."""
        return {}

    def missing(self, reason, hint=None):
        """Fail because a named object does not exist; in check mode only warn, as an earlier task would create it."""
        if not self.check_mode:
            raise NotFoundError(reason, hint=hint)
        more = f". {hint}" if hint and hint.startswith("Did you mean") else ""
        self.warn(f"{reason}; an earlier task may be about to create it{more}")

    def plan_one(self, desired, current):
        """Plan one object: ``create`` decides about a missing one, and names that nobody can type are refused.

        :returns: the step, or None where there is nothing to do.
        """
        resource = desired.resource
        if current is None and desired.state != "absent" and not may_create(self.params, desired):
            name = desired.name or desired.rename_to
            hints = [suggestion(self.lookup, resource, name)] if name else []
            self.missing(
                why_not_created(self.params, desired),
                " ".join(filter(None, [*hints, f"Set create: true to create the {resource.kind}"])),
            )
            return None
        if current is None and desired.state == "absent" and desired.name and not self.params.get("id"):
            warning = near_match_warning(resource, desired.name, similar_objects(self.lookup, resource, desired.name))
            if warning:
                self.warn(warning)
        step = plan_object(desired, current)
        refuse_unusual_name(step)
        return step
