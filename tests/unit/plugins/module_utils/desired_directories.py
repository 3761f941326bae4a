# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Short notations of directories and desired states for the tests of the planner."""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.lists import read_desired
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.plan import DirectoryPlan, PlanRefused
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.planner import plan_directory
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.rules import Rules
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.snapshot import Snapshot
from ansible_collections.pingone.directory.plugins.module_utils._plan.policy import Limits, Scope

TODAY = datetime.date(2026, 6, 15)

ADMIN = "admin@example.com"


def user(name: str, /, **more: Any) -> dict[str, Any]:
    """Return a user's representation; its id is the name with ``-id``."""
    return {"id": f"{name}-id", "userName": name, "active": True, **more}


def group(name: str, /, *members: str, groups: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """Return a group's representation with members by the names of their ids."""
    listed = [{"value": f"{member}-id", "type": "user"} for member in members]
    listed += [{"value": f"{member}-id", "type": "group"} for member in groups]
    return {"id": f"{name}-id", "displayName": name, "members": listed, **more}


def directory(users: Any = (), groups: Any = (), incomplete: dict[str, str | None] | None = None) -> Snapshot:
    """Return a read directory: the given objects and those of a new account."""
    all_users = [user(ADMIN), *users]
    built_in = [group("Domain Administrators", ADMIN), group("Users", ADMIN)]
    given = {item["displayName"] for item in groups}
    all_groups = [*(item for item in built_in if item["displayName"] not in given), *groups]
    return Snapshot({item["id"]: item for item in all_users}, {item["id"]: item for item in all_groups}, incomplete)


def rules(**options: Any) -> Rules:
    """Return task-level options as the module passes them to the planner."""
    options["scope"] = Scope(options.get("scope"))
    options["limits"] = Limits(options.get("limits"))
    return Rules(**options)


def plan(
    users: Any = None,
    groups: Any = None,
    current: Snapshot | None = None,
    settings: dict[str, Any] | None = None,
    **options: Any,
) -> DirectoryPlan:
    """Return the plan for a desired state; ``settings`` are those of :func:`read_desired`."""
    desired = read_desired(users, groups, {"match_users_by": options.get("match_users_by"), **(settings or {})}, TODAY)
    return plan_directory(desired, current if current is not None else directory(), rules(**options))


def problems(*args: Any, **options: Any) -> list[str]:
    """Return the problems of a desired state: [] if it can be planned."""
    try:
        plan(*args, **options)
    except PlanRefused as refused:
        return refused.problems
    return []


def warnings_of(planned: DirectoryPlan) -> list[str]:
    """Return the rows of a plan in short form: ``delete user ann``, ``add team: user ann``."""
    return [short(row) for row in planned.rows()]


def short(row: dict[str, Any]) -> str:
    """Return a row of the plan or the drift in short form."""
    member = row.get("member")
    words = [row["operation"]] if "operation" in row else []
    if member:
        return " ".join([*words, f"{row['key']}:", member["kind"], str(member["name"] or member["id"])])
    return " ".join([*words, row["kind"], row["key"]])


def drift(planned: DirectoryPlan, name: str) -> list[str]:
    """Return one class of the drift in short form, without the objects of a new account."""
    return [short(row) for row in planned.drift[name] if row["key"] not in (ADMIN, "Users", "Domain Administrators")]
