# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The data of a report: the dictionary that every format is rendered from, and its vocabulary.

The dictionary is identical to the JSON report; ``report-2.schema.json`` in ``plugin_utils`` describes it.
"""

from __future__ import annotations

from typing import Any, TypedDict

from ...module_utils._core.names import same_name
from ...module_utils._plan.built_in_groups import DEFAULT_GROUP
from .._people import Person
from .._review.results import AssertionResult

SCHEMA = 2

KINDS = ("user", "group", "membership")

# In report order, removals first. The first four are findings: they differ from the declaration.
CLASSES = ("extra", "different", "missing", "unresolved", "protected", "unmanaged")
FINDINGS = CLASSES[:4]
UNDECLARED = CLASSES[4:]  # undeclared objects that the run keeps; findings only in a strict report

STATES = ("failed", "interrupted", "done", "planned", "none")  # in order of severity

# Most dangerous first. The first three remove something and are the last to be omitted from a truncated list.
DANGERS = ("delete", "disable", "remove", "rename")
TAKING = DANGERS[:3]

OPERATIONS = (*DANGERS, "create", "update", "enable", "add")


class Member(TypedDict):
    """The member of a membership; unknown values are None."""

    id: str | None
    kind: str | None
    name: str | None


class Attribute(TypedDict):
    """An attribute that differs: its value in the directory (``current``) and the declared one (``desired``)."""

    name: str
    current: Any
    desired: Any


# One user, group or membership. Uses the functional syntax because ``class`` is a keyword.
Row = TypedDict(
    "Row",
    {
        "kind": str,  # one of KINDS
        "class": str,  # one of CLASSES
        "finding": bool,  # whether it is drift that the run did not correct
        "key": str,  # the name of the user or group; of the group for a membership
        "id": "str | None",
        "member": "Member | None",  # for a membership
        "person": Person | None,  # of the user, or of the member
        "operations": "list[str]",  # of OPERATIONS, in their order
        "state": str,  # one of STATES
        "status": "int | None",  # of the HTTP response that refused it
        "reason": "str | None",
        "attributes": "list[Attribute]",
    },
)


class AssertionTotals(TypedDict):
    """How many assertions passed, and how many did not."""

    passed: int
    violated: int


class Totals(TypedDict):
    """The totals of a report; ``drift`` counts rows by class and kind, ``operations`` contains the counts of p1_directory."""

    rows: int
    findings: int
    failed: int
    drift: dict[str, dict[str, int]]
    operations: Any
    assertions: AssertionTotals


class Report(TypedDict):
    """A report of one run; the schema describes each key."""

    schema: int
    title: str
    summary: str
    generated: str
    run: str | None
    directory: str | None
    source: str | None
    check_mode: bool | None
    plan_sha256: str | None
    requests: dict[str, int | float] | None
    predicted: dict[str, int | float] | None
    context: dict[str, str]
    complete: bool
    failure: str | None
    refusals: list[str]
    totals: Totals
    rows: list[Row]
    assertions: list[AssertionResult]


def is_finding(row: Row) -> bool:
    """Return whether a row is drift that the run did not correct."""
    return row["finding"]


def is_undeclared(row: Row) -> bool:
    """Return whether a row is about an undeclared object or membership that the run keeps.

    The default group and its memberships do not count: every directory has this group, and the service adds users to it.
    """
    if row["class"] not in UNDECLARED:
        return False
    member = row["member"]
    ordinary = row["kind"] == "user" or not same_name(row["key"], DEFAULT_GROUP)
    return ordinary or (member is not None and member["kind"] != "user")


def is_failure(row: Row) -> bool:
    """Return whether the change of a row failed, or was in progress when the run ended."""
    return row["state"] in ("failed", "interrupted")


def danger(row: Row) -> int:
    """Return the rank of a row for an approver: 0 for a delete, the highest rank for rows that remove nothing."""
    return min((DANGERS.index(name) for name in row["operations"] if name in DANGERS), default=len(DANGERS))
