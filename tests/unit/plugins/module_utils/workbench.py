# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the engine against the emulator without real waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.pingone.directory.plugins.module_utils._apply.context import Context, RunState
from ansible_collections.pingone.directory.plugins.module_utils._apply.executor import Executor, ObjectRun
from ansible_collections.pingone.directory.plugins.module_utils._apply.outcome import Outcome
from ansible_collections.pingone.directory.plugins.module_utils._plan.desired import DesiredObject
from ansible_collections.pingone.directory.plugins.module_utils._plan.membership import plan_members
from ansible_collections.pingone.directory.plugins.module_utils._plan.one_object import plan_object
from ansible_collections.pingone.directory.plugins.module_utils._plan.steps import Step
from ansible_collections.pingone.directory.plugins.module_utils._scim.members import Member, members_of
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER
from ansible_collections.pingone.directory.plugins.module_utils._service.client import DirectoryClient
from ansible_collections.pingone.directory.plugins.module_utils._service.lookup import Lookup


class Writer:
    """Carry out single steps of one run."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def carry_out(self, step: Step) -> Outcome:
        """Return the outcome of a step; failures are raised."""
        outcomes: dict[Step, Outcome] = {}
        Executor(self.context, ObjectRun(lambda outcome: None), outcomes).execute([[step]])
        return outcomes[step]


class Workbench:
    """Plan and apply desired states, change the service, and read the sent requests."""

    def __init__(self, service: Any) -> None:
        self.service = service
        self.slept: list[float] = []
        self.warnings: list[str] = []
        self.client = self.connect()
        self.lookup = Lookup(self.client)

    def connect(self, **options: Any) -> DirectoryClient:
        """Return a client of the emulator whose waits take no time."""
        offset = [0.0]

        def sleep(seconds: float) -> None:
            self.slept.append(seconds)
            offset[0] += seconds

        options = {"retry_timeout": 60, **options}
        return DirectoryClient(
            self.service.base_url,
            self.service.client_id,
            self.service.api_key,
            clock=lambda: offset[0],
            sleep=sleep,
            jitter=lambda: 0.0,
            **options,
        )

    def __enter__(self) -> Workbench:
        return self

    def __exit__(self, *unused: Any) -> None:
        self.client.__exit__()

    def writer(self, known_ids: Any = (), **options: Any) -> Writer:
        state = RunState(known_ids)
        return Writer(Context(self.client, Lookup(self.client), self.warnings.append, state=state, **options))

    # -- users -------------------------------------------------------------------------------------

    def desired(self, label: str | None, state: str = "present", /, resource: Any = USER, **given: Any) -> DesiredObject:
        """Return a desired state for a user or group; ``password``, ``always``, ``rename_to``, ``mode`` are not attributes."""
        settings = {key: given.pop(key) for key in ("always", "rename_to", "exact_case", "mode") if key in given}
        problems: list[str] = []
        values = resource.clean(given, "", problems)
        assert not problems, problems
        credentials = {key: values.pop(key) for key in ("password", "password_expired") if key in values}
        return DesiredObject(resource, label, state, values, credentials, **settings)

    def plan(self, desired: DesiredObject, resource_id: str | None = None) -> Step | None:
        """Return the step for a desired state, planned from a new lookup."""
        lookup = Lookup(self.client)
        if resource_id:
            current = lookup.by_id(desired.resource, resource_id)
        else:
            find = lookup.user if desired.resource is USER else lookup.group
            current = find(desired.name) or (find(desired.rename_to) if desired.rename_to else None)
        return plan_object(desired, current)

    def apply(self, desired: DesiredObject, resource_id: str | None = None, **options: Any) -> Outcome | None:
        """Plan and apply a desired state; return None if it causes no change."""
        option = options.pop("option", None)
        step = self.plan(desired, resource_id)
        if step is None:
            return None
        step = replace(step, option=option)
        return self.writer(**options).carry_out(step)

    def user(self, name: str = "ann", /, **more: Any) -> str:
        """Create a user in the service and return its id."""
        ids = self.service.seed(users=[{"userName": name, "emails": [{"value": f"{name}@example.org"}], **more}])
        return ids["users"][name]

    def group(self, name: str = "team", members: Any = ()) -> str:
        """Create a group in the service and return its id."""
        return self.service.seed(groups=[{"displayName": name, "members": list(members)}])["groups"][name]

    def stored(self, name: str) -> dict[str, Any]:
        """Return a user as stored."""
        return next(user for user in self.service.dump()["users"].values() if user["userName"] == name)

    def stored_group(self, name: str) -> dict[str, Any]:
        return next(group for group in self.service.dump()["groups"].values() if group["displayName"] == name)

    # -- members -----------------------------------------------------------------------------------

    def members(self, group_id: str) -> set[str]:
        """Return the ids of a group's members as stored."""
        return {item["value"] for item in self.service.dump()["groups"][group_id].get("members", [])}

    def members_step(self, group_id: str, add: Any = (), remove: Any = (), kind: str = "user") -> Step:
        """Return the step that changes members, planned from a new lookup."""
        group = self.client.get("group", group_id)
        to_add, to_remove = plan_members(
            members_of(group),
            [Member(item, kind, None) for item in add],
            [Member(item, kind, None) for item in remove],
        )
        return Step("members", GROUP, group["displayName"], group_id, add=to_add, remove=to_remove, before=group)

    # -- sent requests -----------------------------------------------------------------------------

    def sent(self, *methods: str) -> list[dict[str, Any]]:
        """Return the log of the service, limited to some verbs if given."""
        return [entry for entry in self.service.log if not methods or entry["method"] in methods]

    def verbs(self, *methods: str) -> list[str]:
        return [entry["method"] for entry in self.sent(*methods)]
