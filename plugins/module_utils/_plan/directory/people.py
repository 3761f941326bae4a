# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The people behind the user names in a plan, for the readers of its report. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..._core.dates import moment_text, parse_moment
from ..._scim.attributes import PINGONE_URN
from ..._scim.people import person_email, person_name
from ..._scim.tables import USER
from .snapshot import Snapshot

Row = Mapping[str, Any]


def people_of(snapshot: Snapshot, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield the users of a snapshot that appear in rows of a plan or of drift, also as members; each user once.

    Rows of drift have no id, so they refer to all users with that name. Users that the plan creates are not in the snapshot.
    """
    seen: set[str] = set()
    for row in rows:
        for user_id in _ids(snapshot, row):
            if user_id not in seen:
                seen.add(user_id)
                yield _person(snapshot.users[user_id])


def _ids(snapshot: Snapshot, row: Row) -> list[str]:
    subject = row.get("member") or {"kind": row["kind"], "id": row.get("id"), "name": row["key"]}
    if subject["kind"] != USER.kind:
        return []
    user = snapshot.by_id(USER, subject["id"]) if subject["id"] else None
    return [user["id"]] if user else list(snapshot.ids_called(USER, subject["name"] or ""))


def _person(user: dict[str, Any]) -> dict[str, Any]:
    extension, meta = (found if isinstance(found, dict) else {} for found in (user.get(PINGONE_URN), user.get("meta")))
    options = {name: USER.attributes[name].current(user) for name in ("display_name", "name", "emails")}
    return {
        "id": user["id"],
        "user_name": USER.name_of(user),
        "display_name": person_name(options),
        "email": person_email(options),
        "created": _time(extension.get("createTimeStamp") or meta.get("created")),
        "last_login": _time(extension.get("lastLoginTime")),
    }


def _time(value: Any) -> str | None:
    moment = parse_moment(value) if value else None
    return moment_text(moment) if moment else None
