# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Resolve the names in entries: the members of a group and the groups of a user. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from ..._core.names import normalize_name
from ..._scim.choice import choose_named
from ..._scim.resource import Resource
from .context import Context
from .matching import Match, Matches


class Reference(NamedTuple):
    """The object that a name or an id refers to: its entry, its representation, or both; neither if there is no such object."""

    match: Match | None = None
    current: dict[str, Any] | None = None
    to_delete: bool = False


def find_by_id(context: Context, matches: Matches, to_delete: Collection[str], resource: Resource, text: str) -> Reference:
    """Return the object with an id."""
    current = context.snapshot.by_id(resource, text)
    if current is None:
        return Reference()
    return Reference(matches.by_id[resource.kind].get(current["id"]), current, current["id"] in to_delete)


def find_by_name(context: Context, matches: Matches, to_delete: Collection[str], resource: Resource, text: str) -> Reference:
    """Return the object that a name refers to.

    The first match wins: the object that has the name after the run, then the object that has it now, then the object
    that an entry renames from this name.

    :param to_delete: the ids of the objects of this kind that the plan deletes.
    :raises AmbiguousError: the name refers to several objects; the message lists their ids, or the origins of their entries.
    """
    snapshot, by_id = context.snapshot, matches.by_id[resource.kind]
    later = [Reference(match, match.current) for match in matches.by_new_name[resource.kind].get(normalize_name(text), ())]
    for object_id in snapshot.ids_called(resource, text):
        if object_id not in by_id and object_id not in to_delete:
            later.append(Reference(None, snapshot.by_id(resource, object_id)))
    chosen = choose_named(
        later,
        text,
        resource,
        name_of=lambda found: found.match.new_name if found.match else resource.name_of(found.current or {}),
        id_of=lambda found: found.current["id"] if found.current else found.match.origin if found.match else "",
    )
    if chosen is not None:
        return chosen
    item = snapshot.called(resource, text)
    if item is not None:
        return Reference(by_id.get(item["id"]), item, item["id"] in to_delete)
    renamed = matches.by_old_name[resource.kind].get(normalize_name(text))
    return Reference(renamed, renamed.current) if renamed is not None else Reference()
