# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The interface to find objects for the rules of identity. Only types."""

from __future__ import annotations

from typing import Any, Protocol

from .._scim.resource import Resource


class Finder(Protocol):
    """What finds objects: a look-up in the service, or a snapshot. None means that there is no such object."""

    def by_id(self, resource: Resource, resource_id: str) -> dict[str, Any] | None:
        """Return the object with an id."""

    def called(self, resource: Resource, name: str) -> dict[str, Any] | None:
        """Return the object with a name.

        :raises AmbiguousError: several have it.
        """

    def user_by_external_id(self, external_id: str) -> dict[str, Any] | None:
        """Return the user with exactly this external id.

        :raises AmbiguousError: several have it.
        """

    def users_with_external_id(self, external_id: str) -> list[dict[str, Any]]:
        """Return the users with an external id in any case."""

    def why_uncertain(self, resource: Resource) -> str | None:
        """Return why an object that was not found may exist, or None if it certainly does not."""

    def name_released(self, resource: Resource, resource_id: str) -> bool:
        """Return whether the plan renames or deletes an object, so that its name becomes free."""

    def name_after_rename(self, resource: Resource, resource_id: str) -> str | None:
        """Return the normalized name that another entry gave an object on a run before, or None."""
