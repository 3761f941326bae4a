# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Determine the kinds of group members that the service returns without a type."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from .._core import errors
from .._core.names import normalize_id
from .._scim.members import members_of
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER
from .lookup import FEW, Lookup


def kinds_of_members(lookup: Lookup, groups: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the kinds of all members without a type in the groups, as :func:`kinds_of` does."""
    return kinds_of(lookup, [member.id for group in groups for member in members_of(group).values() if member.kind is None and member.id])


def kinds_of(lookup: Lookup, ids: Iterable[str]) -> dict[str, str]:
    """Return the kinds of users and groups by normalized id: {id: ``user`` or ``group``}.

    A few objects are read individually, many are read by list. If an id is missing in the result, its object does not
    exist, or its kind cannot be determined.

    :raises DirectoryError: only a fatal error.
    """
    sought = {normalize_id(object_id): object_id for object_id in ids}
    if not sought:
        return {}
    kinds = _kinds_read(lookup, sought)
    unknown = [object_id for key, object_id in sought.items() if key not in kinds]
    reads: list[tuple[list[str], Callable[[], Any]]]
    if len(unknown) > FEW:
        reads = [(unknown, partial(lookup.everything, resource)) for resource in (GROUP, USER)]
    else:
        reads = [([each], partial(lookup.by_id, resource, each)) for resource in (USER, GROUP) for each in unknown]
    for concerned, read in reads:
        if all(normalize_id(object_id) in kinds for object_id in concerned):
            continue
        try:
            read()
        except errors.DirectoryError as error:
            if error.fatal:
                raise
        kinds = _kinds_read(lookup, sought)
    return kinds


def _kinds_read(lookup: Lookup, sought: dict[str, str]) -> dict[str, str]:
    """Return the kinds of the ids that are among the objects read so far."""
    kinds: dict[str, str] = {}
    resources: tuple[Resource, ...] = (USER, GROUP)
    for resource in resources:
        read = map(normalize_id, lookup.known.ids(resource))
        kinds.update((key, resource.kind) for key in read if key in sought)
    return kinds
