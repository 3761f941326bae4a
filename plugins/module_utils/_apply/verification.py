# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Verify what the service stored in a write (rules 8 and 10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.names import same_id
from .._scim.storing import not_stored
from .._service.client import version_of
from .outcome import Outcome, partial_failure

if TYPE_CHECKING:
    from .._plan.desired import DesiredObject
    from .._plan.steps import Step
    from .._scim.resource import Resource
    from .context import Context

_CONSOLE = "console (Setup > Directory > Attributes)"


def is_required(resource: Resource, name: str) -> bool:
    """Return whether an attribute must be stored. If not, an account could stay enabled, or an object could have a wrong name."""
    return name in ("active", resource.key.option)


def differences(desired: DesiredObject, values: dict[str, Any], representation: dict[str, Any]) -> list[str]:
    """Return the option names, dotted for parts, that differ between a representation and desired values."""
    return [name for name, _before, _after in desired.resource.changes(values, representation, desired.mode)]


def has_secret(desired: DesiredObject, values: dict[str, Any]) -> bool:
    """Return whether desired values contain a secret, which no response shows."""
    return any(desired.resource.attributes[name].secret and value for name, value in values.items())


def read_until_stored(
    context: Context,
    step: Step,
    resource_id: str,
    to_verify: dict[str, Any],
    may_be_stale: Callable[[dict[str, Any] | None, list[str]], bool],
) -> tuple[dict[str, Any] | None, list[str]]:
    """Read an object until it shows the desired values, or until the read cannot be stale.

    :param to_verify: the desired values that a read shows.
    :param may_be_stale: returns whether a read may be older than the write; takes the representation, or None if the
        object was not found, and the option names that differ.
    :returns: the last representation, or None, and the option names that differ.
    """
    representation, missing = None, []
    for _attempt in context.attempts():
        try:
            representation = context.client.get(step.resource.endpoint, resource_id)
        except errors.NotFoundError:
            pass  # The read may be stale.
        else:
            missing = differences(step.written, to_verify, representation)
            if not missing:
                break
        if not may_be_stale(representation, missing):
            break
    return representation, missing


def verify(
    context: Context,
    step: Step,
    resource_id: str,
    to_verify: dict[str, Any],
    answer: dict[str, Any] | None,
    old_version: str | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """Return the object after a write, and the option names that differ from the desired state (rule 8).

    :param answer: the representation in the response to the write, or None.
    :param old_version: the version before the write, which identifies a stale read.
    :raises ProtocolError: the response has no representation, and the object cannot be read.
    """
    desired = step.written
    if answer is None or not same_id(answer["id"], resource_id):
        representation, missing = read_until_stored(context, step, resource_id, to_verify, lambda _read, _missing: True)
        if representation is not None:
            return representation, missing
        if answer is None:
            raise errors.ProtocolError(f"{step.label} ({resource_id}) was written but cannot be read back")
        return answer, differences(desired, to_verify, answer)
    not_shown = differences(desired, to_verify, answer)
    if not not_shown:
        return answer, []

    def may_be_stale(read: dict[str, Any] | None, missing: list[str]) -> bool:
        if read is None:
            return old_version is not None
        # The response shows that the values were stored, so a read without them is older than the write.
        return old_version is not None and version_of(read) == old_version or not set(missing) <= set(not_shown)

    representation, missing = read_until_stored(context, step, resource_id, to_verify, may_be_stale)
    if representation is None:
        return answer, not_shown
    return representation, [name for name in missing if name in not_shown]


def outcome_of(
    step: Step, values: dict[str, Any], base: dict[str, Any], representation: dict[str, Any], missing: list[str], created: bool = False
) -> Outcome:
    """Return the outcome of a PUT. If some attributes were not stored, ``changed`` refers to the others.

    :param base: the representation before the PUT.
    :param missing: the option names that were not stored.
    :param created: whether the step created the object, which is a change in itself.
    """
    changed = created or not missing
    if not changed:
        desired, resource = step.written, step.resource
        stored = [name for name in differences(desired, values, base) if name not in missing]
        before, after = resource.to_options(base), resource.to_options(representation)
        options = {name.split(".")[0] for name in missing}
        changed = bool(stored) or has_secret(desired, values) or any(before.get(name) != after.get(name) for name in options)
    return Outcome(changed, representation, missing)


def require_stored(context: Context, step: Step, outcome: Outcome) -> Outcome:
    """Return the outcome. Fail or warn if the service did not store an attribute.

    :raises StepError: a required attribute was not stored, or any attribute was not stored and ``on_ignored`` is ``fail``.
        The cause is a NotStoredError.
    """
    if not outcome.not_stored:
        return outcome
    required = [name for name in outcome.not_stored if is_required(step.resource, name)]
    shown, decided = required, False
    if not required:
        shown, decided = not_stored(step.resource, outcome.not_stored, step.written.values, outcome.representation or {})
    reason = f"the service accepted the update but did not store {', '.join(shown)}"
    cause = "The service stores another value" if decided else f"The attribute may have to be enabled in the {_CONSOLE}"
    if required or context.on_ignored == "fail":
        error = errors.NotStoredError(
            reason,
            attributes=outcome.not_stored,
            hint="Change it in the PingOne console" if required else f"{cause}. Set on_ignored_attribute: warn to continue without it",
        )
        raise partial_failure(error, outcome)
    context.warn(f"{step.label}: {reason}. {cause}. Until the values match, every run writes the attribute again")
    return outcome
