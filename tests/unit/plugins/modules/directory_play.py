# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the p1_directory modules share: a populated service, time that does not pass, comparisons."""

from __future__ import annotations

import contextlib
import json
import threading
from typing import Any

from ansible_collections.pingone.directory.plugins.module_utils import _client

MODULE = "p1_directory"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
ADMIN = "admin@example.com"

# Passwords that may show nowhere.
SECRET = "never-Shown-1"

PEOPLE = [
    {"userName": "ann", "externalId": "hr:1", "title": "Nurse", "name": {"givenName": "Ann", "familyName": "Archer"}},
    {"userName": "bob", "externalId": "hr:2", "emails": [{"value": "bob@example.org", "type": "work"}]},
    {"userName": "cid", "active": False},
]
TEAMS = [
    {"displayName": "team", "members": ["ann", "bob"]},
    {"displayName": "board", "members": ["cid", "team"]},
    {"displayName": "empty"},
]

EVERYTHING = {"max_deletes": -1, "max_disables": -1, "max_renames": -1, "max_member_removals": -1}


@contextlib.contextmanager
def time_stands_still():
    """For its time no client really waits; what it slept is told."""
    defaults = _client.DirectoryClient.__init__.__kwdefaults__
    before = {name: defaults[name] for name in ("clock", "sleep")}
    lock = threading.Lock()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        with lock:
            slept.append(seconds)

    def clock() -> float:
        with lock:
            return 1000.0 + sum(slept)

    defaults.update(clock=clock, sleep=sleep)
    try:
        yield slept
    finally:
        defaults.update(before)


def requests(result: dict[str, Any]) -> list[str]:
    """What was sent, in short: ``GET user``, ``PATCH group``."""
    return [f"{entry['method']} {entry['path'].split('/')[2]}" for entry in result["sent"]]


def writes(result: dict[str, Any]) -> list[str]:
    return [text for text in requests(result) if not text.startswith("GET")]


def rows(result: dict[str, Any]) -> list[str]:
    """The plan in short."""
    told = []
    for row in result["plan"]:
        if "member" in row:
            told.append(f"{row['operation']} {row['key']}: {row['member']['kind']} {row['member']['name']}")
        else:
            told.append(f"{row['operation']} {row['kind']} {row['key']}")
    return told


def drift(result: dict[str, Any], name: str) -> list[str]:
    """One class of the drift, without what every account holds."""
    found = []
    for row in result["drift"][name]:
        if row["key"] in (ADMIN, "Users", "Domain Administrators"):
            continue
        found.append(f"{row['key']}: {row['member']['name']}" if "member" in row else f"{row['kind']} {row['key']}")
    return found


def journal(path: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


STAMPS = ("createTimeStamp", "lastModifiedTimeStamp", "lastLoginTime")


def state(service: Any, ids: bool = False) -> dict[str, Any]:
    """What a service holds, by names, without stamps: equal for two that a user cannot tell apart."""
    held = service.dump()
    names = {item: user["userName"] for item, user in held["users"].items()}
    names.update((item, group["displayName"]) for item, group in held["groups"].items())
    users, groups = {}, {}
    for user_id, user in held["users"].items():
        kept = {name: value for name, value in user.items() if name not in ("meta", "id", "groups", "schemas")}
        for name, value in list(kept.items()):
            if name.startswith("urn:") and isinstance(value, dict):
                kept[name] = {key: inner for key, inner in value.items() if key not in STAMPS}
        kept["password"] = held["passwords"].get(user_id)
        users[user["userName"]] = {**kept, **({"id": user_id} if ids else {})}
    for group_id, group in held["groups"].items():
        members = sorted(names.get(member["value"], "?") for member in group.get("members", []))
        groups.setdefault(group["displayName"], []).append({"members": members, **({"id": group_id} if ids else {})})
    return {"users": users, "groups": groups}
