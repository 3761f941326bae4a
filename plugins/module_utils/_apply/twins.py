# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Resolve two groups with the same name that two tasks created at the same moment: exactly one task deletes its group.

Names of groups are not known to be unique, so two tasks that find no group both create one. Each task searches for the
name again after its create. The task whose group was created later finds both groups, and deletes its own while it is
empty. Groups are ordered by ``meta.created``, then by id, so that all tasks that see the same groups agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.dates import parse_moment
from .._core.names import normalize_id, show
from .._scim.members import members_of
from .._scim.tables import GROUP
from .adoption import adopt
from .context import read_attempts
from .outcome import Outcome, partial_failure

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .._service.client import DirectoryClient
    from .context import Context


def keep_first(context: Context, step: Step, outcome: Outcome, twins: list[dict[str, Any]]) -> Outcome:
    """Return the outcome of creating a group when other groups with its name were created at the same moment.

    :param twins: the other groups with the name that did not exist before.
    :returns: the same outcome, or the outcome of having found the group that is kept.
    :raises StepError: both groups remain.
    """
    own = outcome.representation
    if not twins or own is None:
        return outcome
    try:
        stays = resolve_twins(context.client, own, twins, context.warn, context.re_reads)
    except errors.DirectoryError as error:
        raise partial_failure(error, outcome) from error
    if stays is own:
        return outcome
    context.state.ended.add(normalize_id(own["id"]))
    context.state.known_ids.add(normalize_id(stays["id"]))
    return adopt(context, step, stays)


def first_made(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the group to keep: the one created first, or of several created at the same time, the one with the lowest id."""
    times = [time for time in map(_created, groups) if time is not None]
    if len(times) == len(groups):
        groups = [group for group, time in zip(groups, times) if time == min(times)]
    return min(groups, key=lambda group: group["id"].lower())


def resolve_twins(
    client: DirectoryClient,
    own: dict[str, Any],
    twins: list[dict[str, Any]],
    warn: Callable[[str], None],
    delays: Iterable[float],
) -> dict[str, Any]:
    """Reduce the groups with one name that several tasks created at the same moment to one group, and return it.

    :param own: the group that this task created.
    :param twins: the other groups with the name that did not exist before.
    :param delays: seconds to wait for the other tasks to delete theirs.
    :returns: the group that is kept.
    :raises ConflictError: both groups remain; the message lists their ids.
    """
    label = f"group {show(GROUP.name_of(own))}"
    stays = first_made([own, *twins])
    if stays is not own:
        current = _read(client, stays["id"])
        if current is not None:
            _withdraw(client, label, own, stays)
            warn(
                f"another task created {label} at the same moment ({stays['id']}), so this task deleted its own group ({own['id']})"
            )
            return current
        twins = [twin for twin in twins if twin is not stays]
    for _attempt in read_attempts(client, delays):
        twins = [twin for twin in twins if _read(client, twin["id"]) is not None]
        if not twins:
            return own
    raise _two(label, own, twins)


def _withdraw(client: DirectoryClient, label: str, own: dict[str, Any], stays: dict[str, Any]) -> None:
    """Delete the group that this task created, unless it has members."""
    fresh = _read(client, own["id"])
    if fresh is None:
        return
    if members_of(fresh):
        raise _two(label, own, [stays])
    try:
        client.delete(GROUP.endpoint, own["id"])
    except errors.NotFoundError:
        pass
    except errors.DirectoryError as error:
        raise _two(label, own, [stays]) from error


def _two(label: str, own: dict[str, Any], twins: list[dict[str, Any]]) -> errors.ConflictError:
    ids = ", ".join(sorted([own["id"], *(twin["id"] for twin in twins)]))
    return errors.ConflictError(
        f"{label} exists {len(twins) + 1} times, because another task created it at the same moment: {ids}",
        hint="Delete all but one by id",
    )


def _read(client: DirectoryClient, group_id: str) -> dict[str, Any] | None:
    try:
        return client.get(GROUP.endpoint, group_id)
    except errors.NotFoundError:
        return None


def _created(group: dict[str, Any]) -> float | None:
    """Return the creation time of a group in seconds since 1970, or None if the service does not show it."""
    meta = group.get("meta")
    created = meta.get("created") if isinstance(meta, dict) else None
    moment = parse_moment(created) if isinstance(created, str) else None
    return moment.timestamp() if moment else None
