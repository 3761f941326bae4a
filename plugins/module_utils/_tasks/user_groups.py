# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The groups of one user, for p1_user: those to join, and with ``membership: exact`` those to leave.

Whether a user is in a group depends on the members of the group, read by id (rule 12). The list of groups and the groups
in the user's representation only select the groups to read: a list may be stale, and a user may show inherited groups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .._core import errors
from .._core.names import normalize_id, same_id, same_name, show
from .._core.patterns import Patterns
from .._plan.administrators import Administrators
from .._plan.built_in_groups import is_built_in
from .._plan.group_identity import found_group
from .._plan.membership import groups_holding
from .._plan.steps import Step
from .._scim.members import Member, members_of
from .._scim.tables import GROUP
from .._service.hints import suggestion
from .._service.lookup import Lookup
from .user_settings import EXACT
from .views import groups_shown

MAX_NAMED = 20  # number of groups that a message lists


class Report(Protocol):
    """Reports that an object does not exist."""

    def __call__(self, reason: str, hint: str | None = None) -> None:
        """Report it as ``SingleObjectTask.missing`` does."""


@dataclass(frozen=True)
class UserGroups:
    """The plan for the groups of a user.

    :ivar stays: names of groups that the task manages and that the user is in and stays in.
    :ivar joins: the steps that add the user to a group.
    :ivar leaves: the steps that remove the user from a group.
    """

    stays: list[str] = field(default_factory=list)
    joins: list[Step] = field(default_factory=list)
    leaves: list[Step] = field(default_factory=list)


def plan_user_groups(
    lookup: Lookup, params: Mapping[str, Any], member: Member, user: dict[str, Any] | None, warn: Callable[[str], None], missing: Report
) -> UserGroups:
    """Plan the groups of a user.

    :param member: the user as a member; its id is None if the user does not exist yet.
    :param user: the representation of the user, or None.
    :raises InputError: ``groups`` or ``keep_groups`` contains an empty name, or is missing.
    :raises NotFoundError: a group in ``groups`` does not exist.
    :raises DirectoryError: the user would leave a group, but the list of groups may be incomplete (rule 3).
    """
    exact = params["membership"] == EXACT
    if exact and params["groups"] is None:
        raise errors.InputError(
            "membership is exact but groups is not set",
            hint="List the groups of the user. An empty list removes the user from all groups except Users, administering groups and keep_groups",
        )
    for option in ("groups", "keep_groups"):
        if any(not name.strip() for name in params[option] or []):
            raise errors.InputError(f"{option} contains an empty name", hint="Remove it, or give the name of a group")
    planned = UserGroups()
    if exact and user is not None:
        lookup.everything(GROUP)  # The list comes first, because lookups by name then need no request.
    listed = _plan_joins(lookup, params["groups"] or [], member, planned, warn, missing)
    if exact and user is not None:
        _plan_leaves(lookup, params, member, user, listed, planned, warn)
    return planned


def _plan_joins(
    lookup: Lookup, names: list[str], member: Member, planned: UserGroups, warn: Callable[[str], None], missing: Report
) -> set[str]:
    """Plan to add the user to the listed groups, and return the normalized ids of these groups."""
    listed: set[str] = set()
    for name in dict.fromkeys(names):
        group = found_group(lookup, name, warn)
        if group is None:
            missing(f"groups: group {show(name)} does not exist", suggestion(lookup, GROUP, name) or "Create it first")
            planned.joins.append(_step({"id": None, "displayName": name}, add=member))
            continue
        key = normalize_id(group["id"])
        if key in listed:
            continue
        listed.add(key)
        if member.id is not None:
            group = lookup.by_id(GROUP, group["id"]) or group
            if normalize_id(member.id) in members_of(group):
                planned.stays.append(GROUP.name_of(group))
                continue
        planned.joins.append(_step(group, add=member))
    return listed


def _plan_leaves(
    lookup: Lookup,
    params: Mapping[str, Any],
    member: Member,
    user: dict[str, Any],
    listed: set[str],
    planned: UserGroups,
    warn: Callable[[str], None],
) -> None:
    """Plan to remove the user from all groups that contain it directly, except listed ones and those it stays in.

    :raises DirectoryError: there is such a group, but the list of groups may be incomplete.
    """
    listing = lookup.everything(GROUP)
    stays = _Stays(params, listing.items)
    own = normalize_id(member.id)
    direct, inherited = groups_holding(own, listing.items)
    shown = {normalize_id(item["id"]): item["id"] for item in groups_shown(user)}
    candidates = {**direct, **{key: shown[key] for key in shown if key not in inherited}}
    for key, group_id in candidates.items():
        if key in listed:
            continue
        group = listing.items.get(group_id)
        if group is None or not stays.has(group):
            group = _read_until_listed(lookup, group_id, own, listed=key in direct)
            if group is None:
                continue
        if not stays.has(group):
            planned.leaves.append(_step(group, remove=member))
            continue
        planned.stays.append(GROUP.name_of(group))
        if stays.warns_about(group):
            warn(
                f"user {show(member.name)} stays in group {show(GROUP.name_of(group))}, which makes its members administrators. "
                f"Remove the user with p1_group_membership or in the PingOne console, or list the group in keep_groups"
            )
    if planned.leaves and not listing.complete:
        names = ", ".join(step.label for step in planned.leaves[:MAX_NAMED]) + (", …" if len(planned.leaves) > MAX_NAMED else "")
        raise errors.DirectoryError(
            f"membership is exact, which would remove the user from {names}, but the list of groups may be incomplete ({listing.why}), "
            "and no membership is removed after an incomplete read",
            hint="Remove the user with p1_group_membership",
        )


def _read_until_listed(lookup: Lookup, group_id: str, member_id: str, listed: bool) -> dict[str, Any] | None:
    """Read a group by id and return it; None if it does not contain the user.

    :param listed: whether the list of groups shows the user in the group. If the two reads differ, one is stale, so the
        group is read again.
    """
    from .._apply.context import RE_READS, read_attempts

    for _attempt in read_attempts(lookup.client, RE_READS if listed else ()):
        group = lookup.by_id(GROUP, group_id)
        if group is not None and member_id in members_of(group):
            return group
    return None


def _step(group: dict[str, Any], add: Member | None = None, remove: Member | None = None) -> Step:
    """Return the step that adds a user to a group, or removes a user from it."""
    return Step(
        "members",
        GROUP,
        GROUP.name_of(group),
        group["id"],
        add=[add] if add else [],
        remove=[remove] if remove else [],
        before=group,
    )


class _Stays:
    """Groups that the user stays in although they are not listed.

    :param groups: representations of all groups by id.
    """

    def __init__(self, params: Mapping[str, Any], groups: dict[str, dict[str, Any]]) -> None:
        self._keep = Patterns(params["keep_groups"] or [])
        self._default = params["default_group"]
        self._administrators = Administrators(groups)

    def _kept(self, group: dict[str, Any]) -> bool:
        return self._keep.match(GROUP.name_of(group))

    def has(self, group: dict[str, Any]) -> bool:
        """Return whether the user stays in a group: it is built-in, administering, in ``keep_groups``, or the ``default_group``."""
        name = GROUP.name_of(group)
        default = self._default is not None and (same_id(group["id"], self._default) or same_name(name, self._default))
        return default or is_built_in(name) or self._kept(group) or self._administrators.administers(group["id"])

    def warns_about(self, group: dict[str, Any]) -> bool:
        """Return whether a group makes its members administrators and is not in ``keep_groups``."""
        return self._administrators.administers(group["id"]) and not self._kept(group)


def in_order(step: Step | None, groups: UserGroups) -> list[Step]:
    """Return the steps in the same order as p1_directory: disable, remove, other changes, add."""
    own = [step] if step else []
    disables = any(name == "active" and not after for name, _before, after in (step.changes if step else ()))
    first, then = (own, groups.leaves) if disables else (groups.leaves, own)
    return [*first, *then, *groups.joins]
