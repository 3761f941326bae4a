# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Select the object that a name or an external id refers to, for look-ups and for directories that were read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from .._core import errors
from .._core.names import same_name, show
from .attributes import Representation
from .resource import Resource

_T = TypeVar("_T")


def called(candidates: Iterable[Representation], name: str, resource: Resource) -> list[Representation]:
    """Return the candidates whose name is identical, or if there are none, those whose normalized name is equal."""
    return _called(candidates, name, resource.name_of)


def choose(candidates: Iterable[Representation], name: str, resource: Resource) -> Representation | None:
    """Return the candidate with a name: the exact match, or else the only match that ignores case; None if there is none.

    :raises AmbiguousError: several candidates match; the message lists their ids.
    """
    return choose_named(candidates, name, resource, resource.name_of, _id_of)


def choose_named(
    candidates: Iterable[_T], name: str, resource: Resource, name_of: Callable[[_T], str], id_of: Callable[[_T], str]
) -> _T | None:
    """Return the candidate with a name, as :func:`choose` does, for candidates that are not representations.

    :raises AmbiguousError: several candidates match; the message lists their ids.
    """
    return _only(_called(candidates, name, name_of), f"{resource.kind}s are named {show(name)}", id_of)


def choose_by_external_id(candidates: Iterable[Representation], external_id: str) -> Representation | None:
    """Return the user with an external id, or None. It is compared exactly, because it is an identifier, not a name.

    :raises AmbiguousError: several users have it; the message lists their ids.
    """
    found = [user for user in candidates if user.get("externalId") == external_id]
    return _only(found, f"users have the external_id {show(external_id)}", _id_of)


def _called(candidates: Iterable[_T], name: str, name_of: Callable[[_T], str]) -> list[_T]:
    same = [item for item in candidates if same_name(name_of(item), name)]
    return [item for item in same if name_of(item) == name] or same if len(same) > 1 else same


def _only(found: list[_T], what: str, id_of: Callable[[_T], str]) -> _T | None:
    if len(found) > 1:
        raise errors.AmbiguousError(f"{len(found)} {what}: {', '.join(sorted(map(id_of, found)))}", hint="Identify the object by its id")
    return found[0] if found else None


def _id_of(representation: Representation) -> str:
    return str(representation["id"])
