# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A random directory, a random desired state for it, and the invariants of runs under random faults."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from emulator import Settings

from .world import run, state, time_stands_still

MODULE = "p1_directory"
ADMIN = "admin@example.com"
NO_LIMITS = {"max_deletes": -1, "max_disables": -1, "max_renames": -1, "max_member_removals": -1}
SCOPE = {
    "users": {"user_name": ["u*", "n*", "svc-*", "admin*"]},
    "groups": {"display_name": ["g*", "h*", "keep-*", "Users", "Domain *"]},
}
PROTECTED = {"protected_users": ["svc-*"], "protected_groups": ["keep-*"]}

# Enough for all faults that end; a case that needs more runs never succeeds.
MAX_RUNS = 25


@dataclass
class Case:
    """A directory as it is seeded, with fixed ids, and a desired state that can be reached."""

    users: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    desired: dict[str, Any]


def make_case(chance: random.Random, size: int = 6, rules: bool = True) -> Case:
    """Return a random case.

    :param rules: whether a run may disable or delete unlisted objects.
    """
    users = [_seeded_user(chance, number) for number in range(size) if chance.random() < 0.7]
    users += [{"id": "svc-id", "userName": "svc-1", "title": "x"}, {"id": "x-id", "userName": "x-1", "title": "x"}]
    names = [user["userName"] for user in users] + [ADMIN]
    group_numbers = [number for number in range(size - 1) if chance.random() < 0.7]
    groups = [{"id": "keep-id", "displayName": "keep-1", "members": ["svc-1", *_some(chance, names)]}]
    groups.append({"id": "x-group-id", "displayName": "x-group", "members": _some(chance, names)})
    for number in reversed(group_numbers):
        # Only groups with higher numbers are nested, so there is no cycle.
        nested = [group["displayName"] for group in groups if group["displayName"].startswith("g")]
        members = list(dict.fromkeys(_some(chance, names) + _some(chance, nested, 0.3)))
        groups.append({"id": f"g{number}-id", "displayName": f"g{number}", "members": members})
    return Case(users, groups, _desired_state(chance, size, rules))


def _some(chance: random.Random, items: list[str], part: float = 0.4) -> list[str]:
    return [item for item in items if chance.random() < part]


def _seeded_user(chance: random.Random, number: int) -> dict[str, Any]:
    user = {
        "id": f"u{number}-id",
        "userName": chance.choice([f"u{number}", f"U{number}"]),
        "active": chance.random() < 0.8,
    }
    if chance.random() < 0.5:
        user["title"] = chance.choice("ab")
    if chance.random() < 0.3:
        user["externalId"] = f"e{number}"
    if chance.random() < 0.4:
        user["name"] = {"givenName": chance.choice("ab"), "familyName": "f"}
    if chance.random() < 0.4:
        user["emails"] = [{"value": chance.choice("ab") + "@example.org", "type": "work"}]
    if chance.random() < 0.3:
        user["shoeSize"] = 42
    return user


def _desired_state(chance: random.Random, size: int, rules: bool) -> dict[str, Any]:
    users, groups = [], []
    user_names, group_names = [], []  # names for lists of members
    group_numbers = [number for number in range(size) if chance.random() < 0.7]
    states = {number: "absent" if chance.random() < 0.15 else "present" for number in group_numbers}
    renamed = {number for number in group_numbers if states[number] == "present" and chance.random() < 0.15}
    final = {number: f"h{number}" if number in renamed else f"g{number}" for number in group_numbers}
    there = [final[number] for number in group_numbers if states[number] == "present"]
    for number in range(size + 2):
        if chance.random() < 0.7:
            users.append(_desired_user(chance, number, there))
            if users[-1].get("state") != "absent":
                user_names.append(users[-1].get("new_user_name") or users[-1]["user_name"])
    for number in reversed(group_numbers):
        group: dict[str, Any] = {"display_name": f"g{number}", "create": True}
        if states[number] == "absent":
            group["state"] = "absent"
        else:
            if number in renamed:
                group["new_display_name"] = final[number]
            if chance.random() < 0.8:
                group["members"] = {"users": _some(chance, user_names), "groups": _some(chance, group_names, 0.3)}
                group["membership"] = chance.choice(["additive", "exact"])
            group_names.append(final[number])
        groups.append(group)
    chance.shuffle(users)
    chance.shuffle(groups)
    options = {"users": users, "groups": groups, "scope": SCOPE, "limits": NO_LIMITS, "allow_empty": True, **PROTECTED}
    if rules:
        options["unlisted_users"] = chance.choice(["keep", "disable", "delete"])
        options["unlisted_groups"] = chance.choice(["keep", "delete"])
    return options


def _desired_user(chance: random.Random, number: int, groups: list[str]) -> dict[str, Any]:
    # Without create, an entry that renames or disables does not create the user.
    user: dict[str, Any] = {"user_name": f"u{number}", "create": True}
    if chance.random() < 0.15:
        return {**user, "state": "absent"}
    for name, value, odds in (
        ("new_user_name", f"n{number}", 0.15),
        ("external_id", f"e{number}", 0.3),
        ("active", chance.random() < 0.6, 0.5),
        ("title", chance.choice(["", "a", "b"]), 0.5),
        ("name", {"given_name": chance.choice(["", "a", "b"])}, 0.4),
        (
            "emails",
            chance.choice([[], [{"value": "a@example.org"}], [{"value": "b@example.org", "type": "work"}]]),
            0.4,
        ),
        ("enterprise", {"department": chance.choice("ab")}, 0.3),
        ("attributes", {"shoeSize": chance.choice([None, 41])}, 0.2),
        ("password", f"Password-{number}", 0.3),
        ("groups", _some(chance, groups, 0.3), 0.4),
    ):
        if chance.random() < odds:
            user[name] = value
    return user


def make_faults(chance: random.Random) -> list[dict[str, Any]]:
    """Return random faults; each ends after a few requests."""
    faults = []
    for _number in range(chance.randint(1, 6)):
        fault: dict[str, Any] = {
            "method": chance.choice(["*", "*", "GET", "POST", "PUT", "PATCH", "DELETE"]),
            "skip": chance.randint(0, 12),
        }
        fault["path"] = chance.choice(["", "", "/directory/user", "/directory/group"])
        fault["times"] = chance.randint(1, 4)
        kind = chance.choice(["status", "status", "status", "drop_before", "drop_after", "truncate", "html"])
        fault["kind"] = kind
        if kind == "status":
            fault["status"] = chance.choice([400, 401, 403, 409, 413, 429, 429, 500, 502, 503, 504])
            if fault["status"] == 429 and chance.random() < 0.5:
                fault["headers"] = {"Retry-After": str(chance.randint(0, 30))}
            # The service does the work and then reports a server error.
            fault["after"] = fault["status"] >= 500 and chance.random() < 0.4
        faults.append(fault)
    return faults


# Switches that do not change the final state.
SWITCHES = (
    "create_status",
    "delete_status",
    "delete_missing_status",
    "patch_status",
    "put_body",
    "error_body",
    "user_filter",
    "group_filter",
    "filter_reply",
    "filter_case",
    "list_key",
    "short_page",
    "default_page_size",
    "total_results",
    "member_type",
    "user_groups",
    "patch_group_name",
    "patch_delete_absent",
    "post_group_members",
    "put_groups",
    "etag",
    "user_name_unique",
    "duplicate_user_status",
)


def make_settings(chance: random.Random) -> dict[str, Any]:
    """Return random switches of a service."""
    choices = Settings.choices()
    chosen = {name: chance.choice(choices[name]) for name in SWITCHES if chance.random() < 0.25}
    if chosen.get("user_groups") == "nested" and chosen.get("put_groups") == "applied":
        # Inherited memberships, sent back as they were read, become direct ones, and no client can distinguish them.
        del chosen["put_groups"]
    return chosen


def seed(service: Any, case: Case, settings: dict[str, Any]) -> None:
    service.reset()
    service.configure(**settings)
    service.seed(users=case.users, groups=case.groups)


def chaos(number: int, calm: Any, stormy: Any, size: int = 6) -> int:
    """Apply one random case to a calm service and, until it succeeds, to one under faults; return the number of runs.

    :raises AssertionError: an invariant does not hold; the same number repeats the case.
    """
    chance = random.Random(number)
    case = make_case(chance, size)
    concurrency = chance.choice([1, 4])
    settings = make_settings(chance)
    with time_stands_still():
        seed(calm, case, settings)
        done = run(calm, MODULE, **case.desired)
        assert not done.get("failed"), f"seed {number}: {done['msg']}"
        seed(stormy, case, settings)
        before = state(stormy, ids=True)
        runs = 0
        result: dict[str, Any] = {"failed": True, "msg": "it was never run"}
        while result.get("failed"):
            runs += 1
            assert runs <= MAX_RUNS, f"seed {number}: still failing after {MAX_RUNS} runs: {result['msg']}"
            for fault in make_faults(chance) if runs <= 6 else ():
                stormy.add_fault(**fault)
            result = run(stormy, MODULE, concurrency=concurrency, **case.desired)
            _check_untouched(number, before, state(stormy, ids=True), result)
            assert "\n" not in result.get("msg", ""), f"seed {number}: {result['msg']}"
        stormy.clear_faults()
        again = run(stormy, MODULE, **case.desired)
        assert not again.get("failed") and not again["changed"], f"seed {number}: {again.get('plan') or again['msg']}"
    desired_values, found = state(calm), state(stormy)
    for kind in ("users", "groups"):
        assert found[kind] == desired_values[kind], f"seed {number}: {kind} differ: {_difference(desired_values[kind], found[kind])}"
        assert all(len(items) == 1 for items in found[kind].values()), f"seed {number}: created twice"
    seeded = {item["id"] for item in [*case.users, *case.groups]}
    survivors = [_ids(state(service, ids=True)) & seeded for service in (calm, stormy)]
    assert survivors[0] == survivors[1], f"seed {number}: an object was lost and created again"
    return runs


def _ids(held: dict[str, Any]) -> set[str]:
    return {item["id"] for named in held.values() for items in named.values() for item in items}


def _check_untouched(number: int, before: dict[str, Any], after: dict[str, Any], result: dict[str, Any]) -> None:
    """Require that protected objects and objects outside the scope are unchanged."""
    for name in (ADMIN, "svc-1", "x-1"):
        assert after["users"][name] == before["users"][name], (
            f"seed {number}: user {name} was changed: {result.get('plan')}"
        )
    gone = {name for name in before["users"] if name not in after["users"]} | {
        name for name in before["groups"] if name not in after["groups"]
    }
    for name in ("keep-1", "x-group", "Domain Administrators"):
        (was,), (now,) = before["groups"][name], after["groups"][name]
        assert now["id"] == was["id"], f"seed {number}: group {name} was created again"
        lost = set(was["members"]) - set(now["members"])
        assert lost <= gone, f"seed {number}: group {name} lost {lost - gone}"
    now_by_id = {item["id"]: item["members"] for items in after["groups"].values() for item in items}
    for items in before["groups"].values():
        for was in items:
            # No rule removes a protected member from a group. A deleted group is not in now_by_id and counts as unchanged.
            lost = {name for name in was["members"] if name in (ADMIN, "svc-1")} - set(
                now_by_id.get(was["id"], was["members"])
            )
            assert not lost, f"seed {number}: {lost} lost a membership"


def _difference(desired_values: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    return {
        name: (desired_values.get(name), found.get(name)) for name in {*desired_values, *found} if desired_values.get(name) != found.get(name)
    }
