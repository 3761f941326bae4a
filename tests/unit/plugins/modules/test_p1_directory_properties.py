# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that p1_directory and the single modules agree, and that a desired state is reached despite faults.

``make soak`` (``tests/soak``) runs fresh cases for a given time.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from typing import Any

import pytest
from directory_play import ADMIN, WRITES, state, time_stands_still
from hypothesis import Phase, given
from hypothesis import strategies as st

from emulator import DirectoryService, Settings
from soak.chaos import chaos, make_case
from soak.depth import EVERYTHING, bounded
from soak.world import run


@pytest.fixture(scope="module")
def twins():
    """Return two equal services."""
    with DirectoryService(Settings()) as one, DirectoryService(Settings()) as other:
        yield one, other


# -- one task or several tasks -------------------------------------------------------------------------


def one_by_one(service: Any, desired: dict[str, Any]) -> None:
    """Apply a desired state with p1_user, p1_group and p1_group_membership, as a playbook with loops does."""
    for user in desired["users"]:
        options = {name: value for name, value in user.items() if name != "groups"}
        succeed(run(service, "p1_user", **options))
    for group in desired["groups"]:
        options = {name: value for name, value in group.items() if name not in ("members", "membership")}
        succeed(run(service, "p1_group", **options))
    for user in desired["users"]:
        if user.get("groups") and user.get("state") != "absent":
            name = user.get("new_user_name") or user["user_name"]
            succeed(run(service, "p1_user", user_name=name, groups=user["groups"]))
    for group in desired["groups"]:
        members = group.get("members")
        if members is None or group.get("state") == "absent":
            continue
        name = group.get("new_display_name") or group["display_name"]
        exact = group.get("membership") == "exact"
        listed = copy.deepcopy(members)
        if exact:
            # In an exact group, users whose entries name the group count as listed.
            own = [
                user.get("new_user_name") or user["user_name"]
                for user in desired["users"]
                if name in user.get("groups", ()) and user.get("state") != "absent"
            ]
            listed["users"] = list(dict.fromkeys([*listed.get("users", []), *own]))
        elif not any(listed.values()):
            continue
        succeed(
            run(
                service,
                "p1_group_membership",
                group=name,
                state="exact" if exact else "present",
                allow_empty=True,
                **listed,
            )
        )


def succeed(result: dict[str, Any]) -> None:
    assert not result.get("failed"), result["msg"]


def changes(service: Any, names: dict[str, str]) -> Counter:
    """Return each written change by name; a PATCH of several members is several changes."""
    found: Counter = Counter()
    for entry in service.writes():
        parts = entry["path"].split("/")
        target = names.get(parts[3], parts[3]) if len(parts) > 3 else ""
        body = entry["body"] or {}
        if entry["method"] == "PATCH" and "members" in body:
            for member in body["members"]:
                found["PATCH", target, member.get("operation", "add"), names.get(member["value"], member["value"])] += 1
            continue
        kept = {name: value for name, value in body.items() if name not in ("meta", "groups", "id", "schemas")}
        for name, value in kept.items():
            if name.startswith("urn:") and isinstance(value, dict):
                kept[name] = {
                    key: inner
                    for key, inner in value.items()
                    if "Stamp" not in key and key not in ("accountId", "directoryId")
                }
        found[
            entry["method"],
            parts[2],
            target,
            json.dumps(kept, sort_keys=True),
            json.dumps(entry["query"], sort_keys=True),
        ] += 1
    return found


def names_of(*services: Any) -> dict[str, str]:
    """Return the names by id of all current and former objects of both services."""
    found = {}
    for service in services:
        held = service.dump()
        found.update({item: f"user {user['userName']}" for item, user in held["users"].items()})
        found.update({item: f"group {group['displayName']}" for item, group in held["groups"].items()})
    return found


@given(st.randoms(use_true_random=False))
@bounded(12, phases=[Phase.explicit, Phase.generate])
def test_one_task_makes_the_changes_of_several_tasks(twins, chance):
    """Both ways reach the same directory with the same writes."""
    case = make_case(chance, size=4, rules=False)
    desired = {name: case.desired[name] for name in ("users", "groups")}
    for group in case.groups:
        # The single modules remove explicitly, but p1_directory removes by a rule, which never removes an administrator.
        group["members"] = [member for member in group["members"] if member != ADMIN]
    with time_stands_still():
        for service in twins:
            service.reset()
            service.seed(users=case.users, groups=case.groups)
        names = names_of(*twins)
        succeed(run(twins[0], "p1_directory", allow_empty=True, limits=case.desired["limits"], **desired))
        one_by_one(twins[1], desired)
    assert state(twins[0]) == state(twins[1])
    # A created object has a different id in each service.
    names.update(names_of(*twins))
    bulk, single = changes(twins[0], names), changes(twins[1], names)
    gone = {change[2] for change in bulk if change[0] == "DELETE"}
    for found in (bulk, single):
        # A deleted user may leave its groups before or through the delete.
        for change in [
            change
            for change in found
            if change[0] == "PATCH"
            and change[-1] in gone | {name for name in names.values() if name.startswith("group gone")}
        ]:
            del found[change]
    assert bulk == single
    # After one way, the other plans no changes.
    with time_stands_still():
        for service in twins:
            service.clear_log()
        again = run(twins[1], "p1_directory", allow_empty=True, limits=case.desired["limits"], **desired)
        succeed(again)
        assert again["plan"] == []
        one_by_one(twins[0], desired)
    assert not [entry for service in twins for entry in service.log if entry["method"] in WRITES]


# -- with faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(20 if EVERYTHING else 5))
def test_a_desired_state_is_reached_despite_faults(twins, number):
    """The final state matches without duplicates or losses; protected objects and objects outside the scope are unchanged."""
    runs = chaos(number, *twins)
    assert runs >= 1


def test_faults_hit_some_cases(twins):
    """At least one of these cases needs several runs, so the faults have an effect."""
    assert max(chaos(number, *twins, size=5) for number in range(100, 106)) > 2
