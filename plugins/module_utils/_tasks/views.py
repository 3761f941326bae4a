# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Users and groups in the shape of results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._core.dates import moment_text, parse_moment
from .._core.names import normalize_id
from .._scim.attributes import PINGONE_URN
from .._scim.tables import GROUP, USER


def user_view(
    representation: dict[str, Any], joined: Iterable[tuple[str | None, str]] = (), left: Iterable[str | None] = ()
) -> dict[str, Any]:
    """Return a user in the shape of results: option shape, and attributes that only the service sets.

    :param joined: id and name of groups that the user joined and that its representation may not show yet.
    :param left: ids of groups that the user left and that its representation may still show.
    """
    extension = _dictionary(representation.get(PINGONE_URN))
    meta = _dictionary(representation.get("meta"))
    gone = {normalize_id(group_id) for group_id in left}
    member_of = [group for group in groups_shown(representation) if normalize_id(group["id"]) not in gone]
    known = {normalize_id(group["id"]) for group in member_of}
    new = [
        {"id": group_id, "display_name": name}
        for group_id, name in joined
        if group_id is None or normalize_id(group_id) not in known
    ]
    return {
        "id": representation.get("id"),
        **USER.to_options(representation),
        **({"user_name": USER.name_of(representation)} if representation.get("id") else {}),
        "member_of": member_of + new,
        "account_state": extension.get("state"),
        "created": meta.get("created"),
        "last_modified": meta.get("lastModified"),
        "last_login": _time_of(extension.get("lastLoginTime")),
    }


def group_view(
    representation: dict[str, Any], with_members: bool = False, kinds: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return a group in the shape of results.

    :param kinds: the result of ``kinds_of_members``; without it, the kind of a member without a type is None.
    """
    from .._scim.members import members_of  # rule 8

    members = members_of(representation, lambda member_id: (kinds or {}).get(normalize_id(member_id)))
    view = {"id": representation.get("id"), "display_name": GROUP.name_of(representation), "member_count": len(members)}
    if with_members:
        view["members"] = [member.as_dict() for member in members.values()]
    return view


def _dictionary(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def groups_shown(representation: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the groups in the user's representation, which may include inherited ones ([unknown])."""
    groups = representation.get("groups")
    return [
        {"id": group["value"], "display_name": group.get("display") or group["value"]}
        for group in (groups if isinstance(groups, list) else ())
        if isinstance(group, dict) and isinstance(group.get("value"), str)
    ]


def _time_of(milliseconds: Any) -> Any:
    """Return a time in milliseconds since 1970 as ISO 8601. Other values are unchanged, or text if out of range."""
    if not isinstance(milliseconds, (int, float)) or isinstance(milliseconds, bool):
        return milliseconds
    moment = parse_moment(milliseconds)
    return moment_text(moment) if moment else str(milliseconds)
