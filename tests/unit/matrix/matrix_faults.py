# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of every kind, faults for each of their requests, and the checks after a fault."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from matrix_world import Model, World

# Faults of one request.
FAULTS = {
    "429": {"kind": "status", "status": 429},
    "429 with seconds": {"kind": "status", "status": 429, "headers": {"Retry-After": "2"}},
    "429 with a date": {"kind": "status", "status": 429, "headers": {"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"}},
    "429 with an hour": {"kind": "status", "status": 429, "headers": {"Retry-After": "3600"}},
    "500": {"kind": "status", "status": 500},
    "500 after the work": {"kind": "status", "status": 500, "after": True},
    "502 with a page": {"kind": "html"},
    "502 with a page after the work": {"kind": "html", "after": True},
    "503": {"kind": "status", "status": 503, "headers": {"Retry-After": "1"}},
    "504 after the work": {"kind": "status", "status": 504, "after": True},
    "dropped before the work": {"kind": "drop_before"},
    "dropped after the work": {"kind": "drop_after"},
    "cut short": {"kind": "truncate"},
    "200 with a page": {"kind": "html", "status": 200, "after": True},
    "no answer in time": {"kind": "hang", "seconds": 1.3},
    "no answer in time after the work": {"kind": "hang", "seconds": 1.3, "after": True},
    "redirect": {"kind": "redirect", "location": "https://elsewhere.example/api"},
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
}

# Faults that really wait, at least a second each, so they run with only some of the tasks.
SLOW = ("no answer in time", "no answer in time after the work")


@dataclass(frozen=True)
class Task:
    """A task and its effect on the directory."""

    module: str
    options: dict[str, Any]
    effect: Callable[[Model, Model], None]
    # Names of the objects that the task creates: there must never be two of one name.
    makes: tuple[str, ...] = field(default=())


def _update(model, _made):
    model.user("ann@example.com")["userType"] = "changed"


def _create(model, made):
    model.new(made, "user", "new@example.com", emails=[{"value": "new@example.com"}], externalId="hr:new")
    model.add("Users", "new@example.com")
    model.add("Team", "new@example.com")


def _move(model, _made):
    model.remove("Team", "u01@example.com", "bea@example.com")
    model.add("Team", "u04@example.com", "u05@example.com")
    model.members[model.group_id("Team")] -= {DANGLING_IN_TEAM}


def _everything(model, made):
    model.new(made, "user", "new@example.com", emails=[{"value": "new@example.com"}])
    model.add("Users", "new@example.com")
    model.new(made, "group", "New")
    model.add("New", "new@example.com", "u04@example.com")
    model.user("ann@example.com")["userType"] = "changed"
    model.drop_user("leaver@example.com", False)
    model.remove("Beta", "dir-moved@example.com", "dir-leaver@example.com")


DANGLING_IN_TEAM = "99999999-0000-4000-8000-000000000099"

TASKS = {
    "user created": Task(
        "p1_user",
        {
            "user_name": "new@example.com",
            "external_id": "hr:new",
            "emails": [{"value": "new@example.com"}],
            "groups": ["Team"],
        },
        _create,
        makes=("new@example.com",),
    ),
    "user updated": Task("p1_user", {"user_name": "ann@example.com", "user_type": "changed"}, _update),
    "user deleted": Task(
        "p1_user",
        {"user_name": "leaver@example.com", "state": "absent"},
        lambda model, made: model.drop_user("leaver@example.com", False),
    ),
    "group created": Task(
        "p1_group", {"display_name": "New"}, lambda model, made: model.new(made, "group", "New"), makes=("New",)
    ),
    "group renamed": Task(
        "p1_group",
        {"display_name": "Alpha", "new_display_name": "Omega"},
        lambda model, made: model.group("Alpha").update(displayName="Omega"),
    ),
    "group deleted": Task(
        "p1_group", {"display_name": "Obsolete", "state": "absent"}, lambda model, made: model.drop_group("Obsolete", False)
    ),
    "members exact": Task(
        "p1_group_membership",
        {"group": "Team", "users": ["ann@example.com", "u04@example.com", "u05@example.com"], "state": "exact"},
        _move,
    ),
    "directory": Task(
        "p1_directory",
        {
            "users": [
                {"user_name": "new@example.com", "emails": [{"value": "new@example.com"}]},
                {"user_name": "ann@example.com", "user_type": "changed"},
                {"user_name": "leaver@example.com", "state": "absent"},
            ],
            "groups": [
                {"display_name": "New", "members": {"users": ["new@example.com", "u04@example.com"]}},
                {"display_name": "Beta", "membership": "exact", "members": {"users": ["u04@example.com"]}},
            ],
            "concurrency": 1,
        },
        _everything,
        makes=("new@example.com", "New"),
    ),
}

# Short timeouts: time is virtual, except when a request hangs.
CONNECTION = {"timeout": 1, "retry_timeout": 5}


def requests_of(world: World, task: Task) -> list[dict[str, Any]]:
    """Return the requests of a task without faults."""
    result = world.play.run(task.module, connection=CONNECTION, **task.options)
    assert not result.get("failed"), result
    return result["sent"]


def check_fault(world: World, task: Task, number: int, fault: dict[str, Any], times: int | None) -> str:
    """Apply a fault to one request of a task and check the result, the directory, and the next run.

    :param times: how many times the fault occurs; None: every time.
    :returns: ``done`` or ``failed``.
    """
    before = copy.deepcopy(world.model)
    world.service.add_fault(**fault, skip=number, times=times)
    result = world.play.run(task.module, connection=CONNECTION, **task.options)
    world.service.clear_faults()
    after = world.now()
    names = [user["userName"] for user in after.users.values()] + [
        group["displayName"] for group in after.groups.values()
    ]
    doubles = [name for name in task.makes if names.count(name) > 1]
    assert not doubles, f"twice: {doubles}"
    done = before.differences(after)
    if result.get("failed"):
        # The result reports every write that is known to be done. If an answer was lost, the module cannot know, and
        # the message says so.
        if result["changed"] != bool(done):
            assert done and not result["changed"], f"changed, and nothing is: {result['msg']}"
            # The message has the first of several failures; each failed item has its own reason.
            messages = [result["msg"], *(item["reason"] for item in result.get("failed_items", ()))]
            assert any("may have been" in text or "could not be read back" in text for text in messages), messages
        assert "\n" not in result["msg"] and "Traceback" not in result["msg"], result["msg"]
        assert world.service.api_key not in str({key: value for key, value in result.items() if key != "sent"})
        _require_only_desired(world, task, before, after)
    else:
        desired_values = copy.deepcopy(before)
        task.effect(desired_values, after)
        assert not desired_values.differences(after), desired_values.differences(after)
        assert result["changed"] is True, result
    # The next run completes the work.
    if not (task.makes and result.get("failed") and "there may be two" in result["msg"]):
        completed = world.play.run(task.module, connection=CONNECTION, **task.options)
        assert not completed.get("failed"), completed["msg"]
        now = world.now()
        desired_values = copy.deepcopy(before)
        task.effect(desired_values, now)
        assert not desired_values.differences(now), desired_values.differences(now)
        assert completed["changed"] == bool(after.differences(now)), completed
    return "failed" if result.get("failed") else "done"


def _require_only_desired(world, task, before, after):
    """Require after a failure that every object is unchanged or as desired and that none is lost."""
    try:
        desired_values = copy.deepcopy(before)
        task.effect(desired_values, after)
    except AssertionError:
        desired_values = None  # an object to create is missing, so its id is unknown
    for what in ("users", "groups"):
        was, now = getattr(before, what), getattr(after, what)
        for object_id in was.keys() & now.keys():
            allowed = [was[object_id]] + (
                [getattr(desired_values, what)[object_id]] if desired_values and object_id in getattr(desired_values, what) else []
            )
            if desired_values is None and was[object_id] != now[object_id]:
                assert was[object_id].get("userName") == "ann@example.com" and now[object_id]["userType"] == "changed"
                continue
            assert now[object_id] in allowed, f"{now[object_id]} is neither {allowed}"
