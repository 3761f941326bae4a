# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The schemas that a write must name, and the desired values that a service did not store. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .attributes import CORE_URN, DOCUMENTED_URNS, Representation
from .multi_valued import MultiValued
from .raw import Raw
from .resource import Resource


def not_stored(
    resource: Resource, names: Iterable[str], desired: Mapping[str, Any], representation: Representation
) -> tuple[list[str], bool]:
    """Describe the desired values that a service did not store.

    :param names: the names of the options, dotted for parts of dictionaries.
    :returns: the names, for lists the names of the parts that differ; and whether the service stored a different value for
        each of them, which no setting in the console can change.
    """
    from .items import parts_not_stored  # rule 8

    shown: list[str] = []
    decided = True
    for name in names:
        option, _dot, part = name.partition(".")
        attribute = resource.attributes[option]
        parts = parts_not_stored(attribute, desired.get(option) or (), representation) if isinstance(attribute, MultiValued) else []
        shown += parts or [name]
        current = None if attribute.secret or isinstance(attribute, Raw) else attribute.current(representation)
        current = current.get(part) if part and isinstance(current, dict) else current
        decided = decided and (bool(parts) or not isinstance(attribute, MultiValued) and current not in (None, ""))
    return shown, decided


def name_schemas(representation: Representation, read: Representation) -> None:
    """Add the extensions in a representation to its ``schemas`` ([spec] 4), in place (rule 7).

    The schemas that were read stay, in their order.

    :param read: the representation before the change.
    """
    schemas = representation.get("schemas")
    schemas = schemas if isinstance(schemas, list) and schemas else [CORE_URN]
    plain = _stored_without_schema(read)
    missing = [
        name
        for name in representation
        if name.startswith("urn:") and representation[name] and name not in schemas and name not in plain
    ]
    if missing or "schemas" not in representation:
        representation["schemas"] = schemas + missing


def _stored_without_schema(read: Representation) -> set[str]:
    """Return the names of extensions that the service stores without knowing their schemas.

    In its answer, ``schemas`` contains another extension of the object but not these. The service may therefore refuse a
    write that names them in ``schemas``.
    """
    schemas = read.get("schemas")
    named = schemas if isinstance(schemas, list) else []
    extensions = {name for name in read if name.startswith("urn:") and read[name]}
    return extensions - set(DOCUMENTED_URNS) - set(named) if not extensions.isdisjoint(named) else set()
