# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Users and groups as results show them."""

from __future__ import annotations

from .._core.dates import moment_text, parse_moment
from .._core.names import normalize_id
from .._scim.attributes import PINGONE_URN
from .._scim.members import members_of
from .._scim.tables import GROUP, USER


def user_view(representation, extra_groups=()):
    """A user as results show it: option shape, and what only the service writes."""
    extension = representation.get(PINGONE_URN)
    extension = extension if isinstance(extension, dict) else {}
    meta = representation.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    last_login = extension.get("lastLoginTime")
    if isinstance(last_login, (int, float)) and not isinstance(last_login, bool):
        moment = parse_moment(last_login)
        last_login = moment_text(moment) if moment else str(last_login)
    groups = representation.get("groups")
    member_of = (
        [
            {"id": group["value"], "display_name": group.get("display") or group["value"]}
            for group in groups
            if isinstance(group, dict) and isinstance(group.get("value"), str)
        ]
        if isinstance(groups, list)
        else []
    )
    known = {normalize_id(group["id"]) for group in member_of}
    return {
        "id": representation.get("id"),
        **USER.to_options(representation),
        **({"user_name": USER.name_of(representation)} if representation.get("id") else {}),
        "member_of": member_of
        + [
            {"id": member_id, "display_name": name}
            for member_id, name in extra_groups
            if member_id is None or normalize_id(member_id) not in known
        ],
        "account_state": extension.get("state"),
        "created": meta.get("created"),
        "last_modified": meta.get("lastModified"),
        "last_login": last_login,
    }


def group_view(representation, with_members=False, kinds=None):
    """A group as results show it.

    :param kinds: as :func:`kinds_of_members` gives them; a member without a type has the kind None otherwise.
    """
    members = members_of(representation, lambda member_id: (kinds or {}).get(normalize_id(member_id)))
    view = {"id": representation.get("id"), "display_name": GROUP.name_of(representation), "member_count": len(members)}
    if with_members:
        view["members"] = [member.as_dict() for member in members.values()]
    return view
