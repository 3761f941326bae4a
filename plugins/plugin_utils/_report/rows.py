# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Merge the rows of a plan (one per operation) and of drift (one per object) into report rows (one per object)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._core.names import normalize_id, normalize_name
from .._people import People, Person, person_of_changes
from .._values import plain, shown, text_or_none
from .model import CLASSES, FINDINGS, KINDS, OPERATIONS, STATES, Attribute, Member, Row, danger, is_undeclared

# The class of an object by its planned operation, used if the object has no drift row.
_CLASS_OF = {
    "create": "missing",
    "add": "missing",
    "delete": "extra",
    "remove": "extra",
}

_MAKING = ("create", "add")

_Source = dict[str, Any]


@dataclass
class _Object:
    """The plan rows and drift rows of one object, collected during the merge.

    :ivar subject: the normalized id of the user or group, or of the member; "" if no row contains it.
    """

    id: str | None = None
    subject: str = ""
    plan: list[_Source] = field(default_factory=list)
    drift: _Source | None = None

    @property
    def is_made(self) -> bool:
        """Return whether the plan creates the object. Its name may still belong to another object, which releases it."""
        return any(row.get("operation") in _MAKING for row in self.plan)


def merge_rows(
    plan: Sequence[_Source], drift: Sequence[_Source], people: People, strict: bool = False
) -> list[Row]:
    """Return the rows of a report, ordered by class; within a class, removals come first.

    :param plan: rows of a plan, as p1_directory returns them, with ``state`` and, if they failed, ``reason``.
    :param drift: rows of drift with ``class``.
    :param strict: whether undeclared objects are findings.
    """
    objects: list[_Object] = []
    known: defaultdict[tuple[Any, ...], list[_Object]] = defaultdict(list)
    for row in plan:
        target = _planned_object(row, known[_identity(row)])
        if target is None:
            target = _Object()
            objects.append(target)
            known[_identity(row)].append(target)
        target.plan.append(row)
        target.id = target.id or text_or_none(row.get("id"))
        target.subject = target.subject or _subject(row)
    for row in drift:
        target = _drifted_object(row, known.get(_identity(row), ()))
        if target is None:
            target = _Object(text_or_none(row.get("id")))
            objects.append(target)
        target.drift = row
    made = _made_people(objects)
    merged = sorted((_row_of(item, people, made) for item in objects), key=_order)
    for item in merged:
        item["finding"] = item["state"] != "done" and (item["class"] in FINDINGS or (strict and is_undeclared(item)))
    return merged


def _identity(row: _Source) -> tuple[Any, ...]:
    member = row.get("member") or {}
    return row.get("kind"), row.get("key"), member.get("kind"), member.get("name") or member.get("id")


def _subject(row: _Source) -> str:
    return normalize_id((row.get("member") or row).get("id"))


def _planned_object(row: _Source, candidates: Sequence[_Object]) -> _Object | None:
    """Return the object that a plan row is about, or None if the object has no row yet.

    Objects with the same name are distinguished by id. Some rows of an object to be created have no id, but they are never
    about an existing object: a plan can rename a user and create another one under the former name.

    :param candidates: the objects with the name of the row.
    """
    subject = _subject(row)
    same = next((item for item in candidates if subject and item.subject == subject), None)
    if same is not None:
        return same
    making = row.get("operation") in _MAKING
    return next((item for item in candidates if not item.subject or not (subject or making)), None)


def _drifted_object(row: _Source, candidates: Sequence[_Object]) -> _Object | None:
    """Return the object that a drift row is about, or None if the object has no plan row.

    A row of class ``missing`` is about an object to be created; rows of other classes are about existing objects.

    :param candidates: the objects with the name of the row.
    """
    missing = row.get("class") == "missing"
    return next((item for item in candidates if item.drift is None and item.is_made == missing), None)


def _made_people(objects: Iterable[_Object]) -> dict[str, Person | None]:
    """Return the people behind the users to be created, by normalized name."""
    created = (item for item in objects if item.is_made and item.plan[0].get("kind") == "user")
    return {
        normalize_name(shown(item.plan[0].get("key"))): person_of_changes(
            {attribute["name"]: attribute["desired"] for row in item.plan for attribute in _attributes(row.get("changes") or {})}
        )
        for item in created
    }


def _row_of(item: _Object, people: People, made: Mapping[str, Person | None]) -> Row:
    """Return the row of one object.

    :param made: see :func:`_made_people`.
    """
    drift = item.drift or {}
    first = item.plan[0] if item.plan else drift
    planned = [row["operation"] for row in item.plan if row.get("operation") in OPERATIONS]
    reasons = [row.get("reason") for row in item.plan if text_or_none(row.get("reason"))]
    statuses = [row["status"] for row in item.plan if isinstance(row.get("status"), int)]
    kind = first["kind"] if first.get("kind") in KINDS else "user"
    key, member = shown(first.get("key")), _member(first.get("member"))
    attributes = [attribute for row in item.plan for attribute in _attributes(row.get("changes") or {})]
    return {
        "kind": kind,
        "class": _class_of(item, planned),
        "finding": False,
        "key": key,
        "id": item.id,
        "member": member,
        "person": _person(people, made, item, member or {"kind": kind, "id": item.id, "name": key}),
        "operations": sorted(set(planned), key=OPERATIONS.index),
        "state": _worst_state(row.get("state") for row in item.plan),
        "status": statuses[-1] if statuses else None,
        "reason": text_or_none(reasons[-1]) if reasons else drift.get("reason") or None,
        "attributes": attributes,
    }


def _class_of(item: _Object, planned: Sequence[str]) -> str:
    if item.drift is not None:
        drift_class = item.drift.get("class")
        return drift_class if drift_class in CLASSES else "unresolved"
    return next((_CLASS_OF[name] for name in planned if name in _CLASS_OF), "different")


def _person(people: People, made: Mapping[str, Person | None], item: _Object, subject: Member) -> Person | None:
    """Return the person behind a user, or behind the user that is a member.

    A user to be created is never treated as an existing user with the same name.
    """
    if subject["kind"] != "user":
        return None
    name = normalize_name(subject["name"] or "")
    if item.is_made and name in made and not (subject["id"] and people.has(subject["id"])):
        return made[name]
    return people.find(subject["id"], subject["name"])


def _member(member: Any) -> Member | None:
    if not isinstance(member, dict):
        return None
    return {
        "id": text_or_none(member.get("id")),
        "kind": text_or_none(member.get("kind")),
        "name": text_or_none(member.get("name")),
    }


def _worst_state(states: Iterable[Any]) -> str:
    """Return the most severe state of an object's rows. A row that was started but not finished counts as interrupted."""
    found = ["interrupted" if state == "started" else state for state in states]
    return next((state for state in STATES if state in found), "none")


def _attributes(changes: dict[str, Any]) -> list[Attribute]:
    return [
        {"name": name, "current": plain(change.get("before"), name), "desired": plain(change.get("after"), name)}
        for name, change in ((name, item if isinstance(item, dict) else {}) for name, item in changes.items())
    ]


def _order(row: Row) -> tuple[Any, ...]:
    member = row["member"] or {"id": None, "kind": None, "name": None}
    return (
        CLASSES.index(row["class"]),
        danger(row),
        KINDS.index(row["kind"]),
        row["key"].casefold(),
        member["kind"] or "",
        (member["name"] or "").casefold(),
        row["id"] or "",
    )
