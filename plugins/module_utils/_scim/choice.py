# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Which of several objects a name or an external id means: one choice for look-ups and for a directory that was read."""

from __future__ import annotations

from collections.abc import Iterable

from .._core.errors import AmbiguousError
from .._core.names import same_name, show
from .attributes import Representation
from .resource import Resource


def called(candidates: Iterable[Representation], name: str, resource: Resource) -> list[Representation]:
    """Return the candidates with a name: those of the exact text, else those that are equal as names are compared."""
    same = [item for item in candidates if same_name(resource.name_of(item), name)]
    return [item for item in same if resource.name_of(item) == name] or same


def choose(candidates: Iterable[Representation], name: str, resource: Resource) -> Representation | None:
    """Return the one candidate with a name: the exact text first, else a single one that differs in case alone.

    :raises AmbiguousError: several have it; the ids are listed.
    """
    return _only(called(candidates, name, resource), f"{resource.kind}s are called {show(name)}")


def choose_by_external_id(candidates: Iterable[Representation], external_id: str) -> Representation | None:
    """Return the one user with an external id, which is compared exactly: it is an identifier, not a name.

    :raises AmbiguousError: several have it; the ids are listed.
    """
    found = [user for user in candidates if user.get("externalId") == external_id]
    return _only(found, f"users have the external_id {show(external_id)}")


def _only(found: list[Representation], what: str) -> Representation | None:
    if len(found) > 1:
        ids = ", ".join(sorted(item["id"] for item in found))
        raise AmbiguousError(f"{len(found)} {what}: {ids}", hint="Say which by its id")
    return found[0] if found else None
