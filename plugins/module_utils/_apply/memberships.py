# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Change memberships: send PATCHes of the difference, in chunks, and verify them once (rule 12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import normalize_id, same_id, show
from .._scim.members import Member, member_patch, members_of
from .._scim.tables import GROUP
from .._service.client import version_of
from .outcome import Outcome, partial_failure

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .context import Context

CHUNK = 100  # number of members in one PATCH; the limit of the service is not documented

MAX_REFUSED = 5  # members refused one by one; after so many, something else is the cause


@dataclass(frozen=True)
class _Unverified:
    """What a read of the group does not confirm: the keys of members to add, and of members to remove."""

    missing: set[Any] = field(default_factory=set)
    left: set[Any] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.missing or self.left)


def change_members(context: Context, step: Step) -> Outcome:
    """Add and remove the members of a step, and verify them.

    :raises DirectoryError: the group does not exist, or a member that the run should have created does not.
    :raises StepError: the step was completed partly; the outcome lists the members that were changed.
    """
    group_id = step.id or _id_of_created(context, GROUP.kind, step.key, step.label)
    add = [
        member if member.id else member._replace(id=_id_of_created(context, member.kind, member.name, f"{member.kind} {show(member.name)}"))
        for member in step.add
    ]
    representation = write_members(context, replace(step, id=group_id), add, step.remove)
    return Outcome(True, representation, added=add, removed=list(step.remove))


def _id_of_created(context: Context, kind: str | None, name: str | None, label: str) -> str:
    created_id = context.state.created_id(kind, name)
    if created_id is None:
        raise errors.DirectoryError(f"{label} does not exist because it could not be created")
    return created_id


def write_members(
    context: Context, step: Step, add: Sequence[Member], remove: Sequence[Member]
) -> dict[str, Any] | None:
    """Send members in PATCHes of limited size, verify them, and return the resulting group.

    :raises StepError: the step was completed partly; the outcome lists the members that were changed.
    """
    to_add: set[Any] = {member.key for member in add}
    to_remove: set[Any] = {member.key for member in remove}
    accepted_additions: list[Member] = []
    accepted_removals: list[Member] = []
    answer: dict[str, Any] | None = None
    failure: errors.DirectoryError | None = None
    try:
        # Removals and additions are separate requests, because a missing member must not prevent additions.
        answer = _patch_members(context, step, remove, True, accepted_removals)
        answer = _patch_members(context, step, add, False, accepted_additions) or answer
    except errors.DirectoryError as error:
        failure = error
    try:
        representation, unverified = _verify_members(context, step, to_add, to_remove, answer, failure is not None)
    except errors.DirectoryError as error:
        hint = "The service accepted the change of members, but it could not be verified"
        done = Outcome(True, added=list(add), removed=list(remove))
        raise partial_failure(error, done, hint) from error
    group_id = normalize_id(step.id)
    context.state.ended.difference_update((group_id, member_id) for member_id in to_add)
    context.state.ended.update((group_id, member_id) for member_id in to_remove - unverified.left)
    if not unverified:
        # A removal that was refused with 400 or 404 is no failure if the member is no longer in the group.
        return representation
    failure = failure or _not_stored(unverified)
    if representation is not None:
        accepted_additions = [member for member in add if member.key not in unverified.missing]
        accepted_removals = [member for member in remove if member.key not in unverified.left]
    elif not accepted_additions and not accepted_removals:
        raise failure
    # If the group cannot be read, accepted changes count as done.
    done = Outcome(
        bool(accepted_additions or accepted_removals), representation, added=accepted_additions, removed=accepted_removals
    )
    raise partial_failure(failure, done)


def _not_stored(unverified: _Unverified) -> errors.NotStoredError:
    parts = [
        f"{len(keys)} were not {verb} ({', '.join(sorted(keys)[:5])})"
        for verb, keys in (("added", unverified.missing), ("removed", unverified.left))
        if keys
    ]
    return errors.NotStoredError(
        f"the service accepted the change of members, but {' and '.join(parts)}", attributes=("members",)
    )


def _patch_members(
    context: Context, step: Step, members: Sequence[Member], removing: bool, accepted: list[Member]
) -> dict[str, Any] | None:
    """Send one kind of change in chunks, and halve a chunk that is too large or too slow. Return the last response.

    If the service refuses an addition with 400 or 404, the chunk is halved until the refused members are known, so that all
    other members are still added. After MAX_REFUSED refused members the function stops, because they are not the cause.

    :param accepted: list to which members are added as soon as the service has accepted them.
    :raises DirectoryError: the first refusal, after all other members were tried.
    """
    queue = list(members)
    max_size = size = CHUNK
    answer = None
    refusals: list[errors.RefusedError] = []
    while queue:
        chunk = queue[:size]
        body = member_patch(remove=chunk) if removing else member_patch(add=chunk)
        try:
            answer = _patch_chunk(context, step, body, len(chunk) > 1)
        except (errors.TooLargeError, errors.AnswerTimeoutError):
            if len(chunk) == 1:
                raise
            max_size = size = len(chunk) // 2
            continue
        except errors.RefusedError as refused:
            if refused.status not in (400, 404):
                raise
            if removing:
                queue[:size] = _still_members(context, step, chunk, refused)
                continue
            if len(chunk) > 1:
                size = len(chunk) // 2
                continue
            refusals.append(refused)
            if len(refusals) == MAX_REFUSED:
                raise
        else:
            accepted.extend(chunk)
        queue = queue[len(chunk) :]
        size = min(max_size, size * 2)
    if refusals:
        raise refusals[0]
    return answer


def _still_members(context: Context, step: Step, chunk: list[Member], refused: errors.RefusedError) -> list[Member]:
    """Return the members that must be removed again. The service may have refused a member that was already removed.

    :raises RefusedError: the given refusal, if all of them are still members.
    """
    current = members_of(context.client.get(GROUP.endpoint, step.id or ""))
    rest = [member for member in chunk if member.key in current]
    if len(rest) == len(chunk):
        raise refused
    return rest


def _patch_chunk(context: Context, step: Step, body: dict[str, Any], raise_timeout: bool) -> dict[str, Any] | None:
    """PATCH one chunk. The request contains a difference, so it sends no If-Match unless the service demands it (rule 17)."""
    group_id = step.id or ""
    try:
        return context.client.patch(GROUP.endpoint, group_id, body, raise_timeout)
    except errors.ConflictError as error:
        conflict = error
    for _attempt in context.attempts():
        try:
            version = version_of(context.client.get(GROUP.endpoint, group_id))
        except errors.NotFoundError:
            continue  # The group was created a moment ago.
        if version is None:
            break
        try:
            return context.client.patch(GROUP.endpoint, group_id, body, raise_timeout, version)
        except errors.ConflictError as error:
            # Another client changed the group, or the read is stale; the difference must still be written.
            conflict = error
    raise conflict


def _verify_members(
    context: Context, step: Step, to_add: set[Any], to_remove: set[Any], answer: dict[str, Any] | None, failed: bool
) -> tuple[dict[str, Any] | None, _Unverified]:
    """Return the group, from the response if it shows the members, else from a read; and the members that it does not confirm.

    :param failed: whether a PATCH failed. That failure is reported if the group cannot be read either.
    """
    if not failed and answer is not None and same_id(answer["id"], step.id) and "members" in answer:
        shown = members_of(answer).keys()
        if to_add <= shown and not to_remove & shown:
            return answer, _Unverified()
    representation, unverified = None, _Unverified(to_add, to_remove)
    for _attempt in context.attempts():
        try:
            representation = context.client.get(GROUP.endpoint, step.id or "")
        except errors.NotFoundError:
            continue
        except errors.DirectoryError:
            if failed:
                break
            raise
        shown = members_of(representation).keys()
        unverified = _Unverified(to_add - shown, to_remove & shown)
        if not unverified:
            break
    return representation, unverified
