# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Create objects. A POST is never repeated blindly, and its response must show the new object (rule 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import normalize_id, same_name, same_spelling, show
from .._core.similar_names import near_matches
from .._scim.tables import GROUP
from .adoption import adopt
from .outcome import Outcome, StepError, partial_failure
from .verification import require_stored, verify

if TYPE_CHECKING:
    from .._plan.steps import Step
    from .._service.listing import Listing
    from .context import Context

# Words in a 400 response of the service that mean that a name is in use; a service may use 400 instead of 409.
_TAKEN = ("exist", "in use", "unique", "taken", "duplicate", "already", "conflict")

_MAY_EXIST = "The object may have been created. Run again to find out"


def create_object(context: Context, step: Step) -> Outcome:
    """Create a user, or a group without members. Adopt the object if another task has created it in the meantime.

    :raises ProtocolError: the response does not show the new object, or the service has overwritten another object.
    :raises StepError: the object was created, but differs from the desired state.
    """
    desired, resource = step.written, step.resource
    values = desired.for_create()
    body = resource.new(values, desired.mode)
    known_list = context.lookup.listing_read(resource)
    try:
        answer = context.client.create(resource.endpoint, body, step.option)
    except errors.RefusedError as refused:
        return adopt(context, step, _find_conflicting(context, step, refused))
    except errors.LostAnswerError as lost:
        answer = _create_after_lost_answer(context, step, body, lost)
    if answer is None:
        answer = context.search_repeatedly(resource, step.key, thorough=True)
        if answer is None:
            raise errors.ProtocolError("the answer to the create does not contain the object, and the service does not list it")
    _refuse_overwritten(context, step, answer, known_list)
    context.state.known_ids.add(normalize_id(answer["id"]))
    return _verify_created(context, step, values, answer)


def _find_conflicting(context: Context, step: Step, refused: errors.RefusedError) -> dict[str, Any]:
    """Return the object that conflicts with a refused create. If there is none, raise the refusal."""
    if isinstance(
        refused, (errors.AuthenticationError, errors.NotFoundError, errors.RateLimitError, errors.TooLargeError)
    ) or refused.status not in (400, 409):
        raise refused
    words = (refused.detail or "").lower()
    if refused.status == 409 or any(word in words for word in _TAKEN):
        found = context.search_repeatedly(step.resource, step.key, thorough=True)
    else:
        # Most 400 responses refuse the desired values, so one search without a wait is enough.
        found = context.search(step.resource, step.key)
    if found is None:
        raise refused
    return found


def _create_after_lost_answer(
    context: Context, step: Step, body: dict[str, Any], lost: errors.LostAnswerError
) -> dict[str, Any] | None:
    """Search for the object after a create without a response. Send a user once more if not found, because user names are unique."""
    for attempt in (1, 2):
        try:
            found = context.search_repeatedly(step.resource, step.key)
        except errors.DirectoryError as error:
            raise error.replace(hint=_MAY_EXIST) from error
        if found is not None:
            return found
        if step.resource is GROUP:
            raise lost.replace(hint="The group may have been created. Look for it before you run again; otherwise there may be two")
        if attempt == 1:
            try:
                return context.client.create(step.resource.endpoint, body, step.option)
            except errors.LostAnswerError as again:
                lost = again
            except errors.RefusedError as refused:
                # The first request succeeded but lists do not show the user yet, or another task created the user.
                return _find_conflicting(context, step, refused)
    raise lost.replace(hint=_MAY_EXIST)


def _refuse_overwritten(context: Context, step: Step, answer: dict[str, Any], known_list: Listing | None) -> None:
    """Reject a response that shows an object that existed before the create (rule 5).

    An object whose id was unknown before is the new one, even if the service stores its name in a different spelling.

    :param known_list: the list of objects of this kind from before the create, if there is one.
    """
    resource = step.resource
    name, object_id = resource.own_name(answer), normalize_id(answer["id"])
    existed = object_id in context.state.known_ids or (
        known_list is not None and object_id in map(normalize_id, known_list.items)
    )
    is_new = not existed and known_list is not None and known_list.complete
    if existed or (name and not same_name(name, step.key) and not is_new and not near_matches(step.key, [name])):
        raise errors.ProtocolError(
            f"the service answered the create with {resource.kind} {show(resource.name_of(answer))} ({answer['id']}), which is another object. "
            "The service treated the request as an update and has probably overwritten that object",
            hint="Compare that account with your records now",
        )


def _verify_created(context: Context, step: Step, values: dict[str, Any], answer: dict[str, Any]) -> Outcome:
    """Compare the created object with the desired state. If the service ignored ``active: false``, write it again."""
    desired = step.written
    to_verify = desired.to_verify(values)
    if step.resource.own_name(answer):
        to_verify.pop(step.resource.key.option, None)  # Any spelling is accepted, because this is the new object.
    try:
        _report_spelling(context, step, answer)
        representation, missing = verify(context, step, answer["id"], to_verify, answer)
        if "active" in missing:
            from .users import write_differences

            return write_differences(context, step, representation, lambda _current: to_verify, created=True)
        return require_stored(context, step, Outcome(True, representation, missing))
    except StepError:
        raise
    except errors.DirectoryError as error:
        raise partial_failure(error, Outcome(True, answer)) from error


def _report_spelling(context: Context, step: Step, answer: dict[str, Any]) -> None:
    """Warn if the service stored a name in a different spelling.

    :raises ConflictError: the next run would not find the object by its desired name.
    """
    name = step.resource.own_name(answer)
    if not name or name == step.key:
        return
    composition = " in another Unicode composition" if same_spelling(name, step.key) else ""
    reason = f"the service stored the name as {show(name)}{composition} (id {answer['id']})"
    if not same_name(name, step.key):
        raise errors.ConflictError(reason, hint=f"Use the stored spelling; otherwise every run creates another {step.resource.kind}")
    context.warn(f"{step.label}: {reason}")
