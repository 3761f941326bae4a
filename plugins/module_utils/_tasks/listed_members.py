# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Find the members that the options of p1_group_membership list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .._core import errors
from .._core.names import normalize_id, show
from .._core.similar_names import did_you_mean
from .._plan.group_identity import found_group
from .._scim.members import Member
from .._scim.tables import GROUP, USER
from .._service.hints import suggestion
from .._service.lookup import Lookup

OPTIONS = {"user": ("users", "user_ids"), "group": ("groups", "group_ids")}  # by kind: the options with names and with ids
MAX_HINTS = 5  # limit on suggestions for unknown members
MAX_NAMED = 20  # number of unknown members that a message lists


class Unknown(NamedTuple):
    """A listed member that does not exist.

    :ivar option: the option that lists it.
    :ivar kind: the kind of object that the option lists.
    :ivar text: the listed name or id.
    """

    option: str
    kind: str
    text: str

    @property
    def is_id(self) -> bool:
        """Whether the member is listed by id."""
        return self.option == OPTIONS[self.kind][1]

    def as_member(self) -> Member:
        """Return the member that an earlier task may create."""
        return Member(None, self.kind, self.text)


class Listed(NamedTuple):
    """The listed members that exist, each with its id, and those that do not exist."""

    known: list[Member]
    unknown: list[Unknown]


def refuse_empty_entries(params: Mapping[str, Any]) -> None:
    """Reject blank names and ids.

    :raises InputError: an option contains one.
    """
    for option in (option for options in OPTIONS.values() for option in options):
        if any(not item.strip() for item in params[option] or []):
            raise errors.InputError(f"{option} contains an empty entry", hint="Remove it, or give a name or id")


def kinds_given(params: Mapping[str, Any]) -> list[str]:
    """Return the kinds for which a list is given, even an empty one."""
    return [kind for kind, options in OPTIONS.items() if any(params[option] is not None for option in options)]


def kinds_named(params: Mapping[str, Any]) -> list[str]:
    """Return the kinds for which at least one member is listed."""
    return [kind for kind, options in OPTIONS.items() if any(params[option] for option in options)]


def find_listed(
    lookup: Lookup, params: Mapping[str, Any], current: Mapping[str, Member], warn: Callable[[str], None]
) -> Listed:
    """Find the listed members.

    An id that belongs to a member of the group needs no request.

    :param current: the members of the group by normalized id.
    """
    known: list[Member] = []
    unknown: list[Unknown] = []
    users = lookup.users(params["users"] or [])
    groups = {name: found_group(lookup, name, warn) for name in dict.fromkeys(params["groups"] or [])}
    for resource, found in ((USER, users), (GROUP, groups)):
        for name, representation in found.items():
            if representation is None:
                unknown.append(Unknown(OPTIONS[resource.kind][0], resource.kind, name))
            else:
                known.append(Member(representation["id"], resource.kind, resource.name_of(representation)))
    # Ids are compared case-insensitively ([spec] 5.1) and sent in the spelling of the service.
    for resource in (USER, GROUP):
        option = OPTIONS[resource.kind][1]
        given = dict.fromkeys(params[option] or [])
        members = {member_id: current[normalize_id(member_id)] for member_id in given if normalize_id(member_id) in current}
        read = lookup.by_ids(resource, [member_id for member_id in given if member_id not in members])
        for member_id in given:
            if member_id in members:
                member = members[member_id]
                known.append(member._replace(kind=member.kind or resource.kind))
                continue
            representation = read[member_id]
            if representation is None:
                unknown.append(Unknown(option, resource.kind, member_id))
            else:
                known.append(Member(representation["id"], resource.kind, resource.name_of(representation)))
    if params["state"] != "absent":
        known = list({member.key: member for member in known}.values())
    return Listed(known, unknown)


def unknown_reason(unknown: list[Unknown]) -> str:
    """Return a text that states which listed members do not exist."""
    if len(unknown) == 1:
        return f"{unknown[0].option}: {unknown[0].kind} {show(unknown[0].text)} does not exist"
    names = ", ".join(f"{member.kind} {show(member.text)}" for member in unknown[:MAX_NAMED])
    return f"{len(unknown)} listed members do not exist: {names}{', …' if len(unknown) > MAX_NAMED else ''}"


def unknown_hint(lookup: Lookup, unknown: list[Unknown], current: Mapping[str, Member]) -> str:
    """Return a suggestion for one of the unknown members: a similar name in the group or in the directory; or ""."""
    for member in [member for member in unknown if not member.is_id][:MAX_HINTS]:  # An unknown id is outdated, not mistyped.
        own = [each.name for each in current.values() if each.kind == member.kind and each.name]
        hint = did_you_mean(member.text, own) or suggestion(lookup, USER if member.kind == "user" else GROUP, member.text)
        if hint:
            return hint
    return ""
