# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shared by the tests of the p1_directory modules: a populated service, time without waits, comparisons."""

from __future__ import annotations

import json
from typing import Any

from soak.world import state, time_stands_still

__all__ = [
    "ADMIN",
    "EVERYTHING",
    "HARD_NAMES",
    "RICH",
    "STRICT",
    "MODULE",
    "PEOPLE",
    "SECRET",
    "TEAMS",
    "WRITES",
    "drift",
    "journal",
    "requests",
    "rows",
    "side",
    "state",
    "time_stands_still",
    "writes",
]

MODULE = "p1_directory"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
ADMIN = "admin@example.com"

# Passwords that no output may show.
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


# The strictest rules: everything that differs is removed.
STRICT = {"unlisted_users": "delete", "unlisted_groups": "delete", "membership": "exact", "limits": EVERYTHING}

# Names that are hard to quote or look like another; every attribute that a user can have.
HARD_NAMES = [
    "o'brien@example.org",
    'q"uote',
    "back\\slash",
    "a, b",
    "arn:aws:iam::1:role/x",
    "+1 %41",
    "Zoë",
    "ß",
    "😀",
    "null",
    "~",
    "yes",
    "0042",
    "2026-06-15",
    "- x",
    "#x",
    "*x",
    "!x",
    "a: b",
    "<<",
    "=",
    " lead",
    "trail ",
    "twin",
    "TWIN",
]
RICH = {
    "userName": "rich",
    "externalId": "hr:1",
    "active": False,
    "name": {"givenName": "R", "familyName": "I", "honorificSuffix": "Jr", "formatted": "R I, Jr"},
    "emails": [
        {"value": "a@x", "type": "work", "primary": True},
        {"value": "b@x", "type": "Home", "display": "B"},
        {"value": "c@x", "primary": False},
    ],
    "phoneNumbers": [{"value": "+49 1", "type": "mobile"}],
    "addresses": [{"type": "home", "locality": "L", "country": "DE"}, {"formatted": "two\nlines"}],
    "entitlements": [{"value": "e"}],
    "photos": [{"type": "photo"}, {"value": "p"}],
    "title": " spaces ",
    "urn:scim:schemas:extension:enterprise:1.0": {"department": "D", "manager": {"managerId": "m", "displayName": "M"}},
    "badge": {"floor": 7, "keys": ["a", {"b": None}], "on": True, "rate": 1.5},
    "x509Certificates": [{"value": "MII"}],
    "password": SECRET,
}


def requests(result: dict[str, Any]) -> list[str]:
    """Return the sent requests in short form: ``GET user``, ``PATCH group``."""
    return [f"{entry['method']} {entry['path'].split('/')[2]}" for entry in result["sent"]]


def writes(result: dict[str, Any]) -> list[str]:
    return [text for text in requests(result) if not text.startswith("GET")]


def rows(result: dict[str, Any]) -> list[str]:
    """Return the plan in short form."""
    rows = []
    for row in result["plan"]:
        if "member" in row:
            rows.append(f"{row['operation']} {row['key']}: {row['member']['kind']} {row['member']['name']}")
        else:
            rows.append(f"{row['operation']} {row['kind']} {row['key']}")
    return rows


def drift(result: dict[str, Any], name: str) -> list[str]:
    """Return one class of the drift, without the built-in objects of every account."""
    found = []
    for row in result["drift"][name]:
        if row["key"] in (ADMIN, "Users", "Domain Administrators"):
            continue
        found.append(f"{row['key']}: {row['member']['name']}" if "member" in row else f"{row['kind']} {row['key']}")
    return found


def journal(path: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def side(result: dict[str, Any], name: str) -> dict[str, Any]:
    """Return one side of a result's diff, which is JSON text, as a dictionary; {} if empty."""
    text = result["diff"][name]
    return json.loads(text) if text else {}
