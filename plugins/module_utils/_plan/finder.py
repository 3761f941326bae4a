# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The interface through which the identity rules find objects. Types only."""

from __future__ import annotations

from typing import Any, Protocol

from .._scim.resource import Resource


class Finder(Protocol):
    """Finds objects, either in the service or in a snapshot. Methods that return an object return None if it does not exist."""

    def by_id(self, resource: Resource, resource_id: str) -> dict[str, Any] | None:
        """Return the object with the given id."""

    def called(self, resource: Resource, name: str) -> dict[str, Any] | None:
        """Return the object with the given name.

        :raises AmbiguousError: several objects have the name.
        """

    def user_by_external_id(self, external_id: str) -> dict[str, Any] | None:
        """Return the user with exactly this external id.

        :raises AmbiguousError: several users have it.
        """

    def users_with_external_id(self, external_id: str) -> list[dict[str, Any]]:
        """Return the users with an external id, ignoring case."""

    def why_uncertain(self, resource: Resource) -> str | None:
        """Return why an object that was not found may exist all the same; None if it certainly does not exist."""

    def name_released(self, resource: Resource, resource_id: str) -> bool:
        """Return whether the plan renames or deletes an object, which makes its name available."""

    def name_after_rename(self, resource: Resource, resource_id: str) -> str | None:
        """Return the normalized name that another entry gave an object in an earlier run, or None."""
