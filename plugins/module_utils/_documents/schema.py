# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Generate the JSON Schema of documents, for editors and linters, from the attribute tables. Pure.

The schema uses draft 7, which all editors support. It accepts the same documents as :mod:`.._plan.directory.lists`, parsed
as YAML 1.2, in which ``yes`` is text. ``validate_only`` also checks the rules that a schema cannot express, such as
references between entries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._core.dates import DATE
from .._plan.directory.entries import ADDITIVE, EXACT
from .._plan.directory.lists import GROUP_KEYS, MEMBER_KEYS, STATES, USER_KEYS
from .._scim.attributes import Attribute, Complex, Flag
from .._scim.multi_valued import MultiValued
from .._scim.raw import Raw
from .._scim.resource import Resource
from .._scim.tables import GROUP, USER
from .undo import NOT_UNDONE, NOT_UNDONE_KEYS

# The version of the document format.
FILE_NAME = "directory-1.schema.json"

# The name of a copy next to documents. The leading dot excludes it from the documents of the folder.
COPY_NAME = f".{FILE_NAME}"

Schema = dict[str, Any]


def _any_case(word: str) -> str:
    """Return a pattern that matches a word in any case, because JSON Schema patterns have no flag for it."""
    return "".join(f"[{char.upper()}{char}]" if char.isalpha() else re.escape(char) for char in word)


def _one_of(words: Iterable[str]) -> str:
    return "|".join(map(_any_case, words))


_TEXT: Schema = {"type": ["string", "number", "null"]}
_NAME: Schema = {"type": ["string", "integer", "null"], "pattern": r"\S"}
_NAMES: Schema = {"type": ["array", "string", "null"], "items": {"type": ["string", "integer"], "pattern": r"\S"}, "pattern": r"\S"}
_FLAG: Schema = {
    "anyOf": [
        {"type": ["boolean", "null"]},
        {"enum": [0, 1]},
        {"type": "string", "pattern": rf"^\s*({_one_of(('yes', 'no', 'on', 'off', 'true', 'false', 'y', 'n', 't', 'f'))}|[01])\s*$"},
    ]
}

# The options of an entry other than attributes, for users and groups.
_KEYS: dict[str, Schema] = {
    "id": {**_NAME, "description": "Id of an existing object."},
    "name": {**_NAME, "description": "Name of the group, same as display_name."},
    "new_user_name": {**_NAME, "description": "New name of the user."},
    "new_display_name": {**_NAME, "description": "New name of the group."},
    "create": {
        "anyOf": [{"type": ["boolean", "null"]}, {"type": "string", "pattern": f"^({_one_of(('yes', 'no', 'on', 'off'))})$"}],
        "description": "Whether to create a missing object. The default is true, unless the entry only disables or renames.",
    },
    "state": {"enum": [*STATES, None], "description": "present (default), or absent to delete the object."},
    "groups": {**_NAMES, "description": "Names of groups to which to add the user."},
    "active_until": {
        "type": ["string", "null"],
        "pattern": rf"^(\s*({DATE})\s*)?$",
        "description": "Date in UTC from which the user is disabled, such as 2027-01-31.",
    },
    "membership": {
        "enum": [ADDITIVE, EXACT, None],
        "description": "additive: add the listed members. exact: also remove other members.",
    },
    "members": {
        "type": ["object", "null"],
        "description": "Members: names or ids of users and of nested groups.",
        "properties": dict.fromkeys(MEMBER_KEYS, _NAMES),
        "additionalProperties": False,
    },
}


def schema_text() -> str:
    """Return the schema as the text of a file."""
    return json.dumps(document_schema(), indent=2) + "\n"


def document_schema() -> Schema:
    """Return the schema of a document for ``src``."""
    entries = {
        "users": _entry(USER, USER_KEYS, (USER.key.option, "id", "external_id")),
        "groups": _entry(GROUP, ("name", *GROUP_KEYS), (GROUP.key.option, "name", "id")),
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:pingone.directory:document:1",
        "title": "Users and groups of a PingOne for Enterprise Directory, for pingone.directory.p1_directory",
        "type": "object",
        "properties": {
            "$schema": {"type": "string"},
            **{kind: {"type": ["array", "null"], "items": entry} for kind, entry in entries.items()},
            NOT_UNDONE: {
                "type": "object",
                "description": "Changes that this backup does not undo.",
                "properties": {name: {"type": "array"} for name in NOT_UNDONE_KEYS},
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
        "anyOf": [{"required": [kind]} for kind in entries],
    }


def _entry(resource: Resource, keys: Iterable[str], identifying: Iterable[str]) -> Schema:
    """Return the schema of a user or group.

    :param keys: the keys of the entry other than attributes.
    :param identifying: the options of which at least one is required.
    """
    properties = {**_parts(resource.attributes), **{key: _KEYS[key] for key in keys}}
    properties[resource.key.option] = {**properties[resource.key.option], **_NAME}
    if resource is USER:
        properties["external_id"]["type"] = _NAME["type"]  # a fractional number has no unambiguous text form
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "anyOf": [{"required": [name]} for name in identifying],
        **({"not": {"required": [resource.key.option, "name"]}} if resource is GROUP else {}),
    }


def _parts(attributes: Mapping[str, Attribute], outer: tuple[str, ...] = ()) -> dict[str, Schema]:
    return {name: {**_value(attribute, (*outer, *attribute.path)), "description": _description(attribute, outer)} for name, attribute in attributes.items()}


def _description(attribute: Attribute, outer: tuple[str, ...]) -> str:
    if isinstance(attribute, Raw):
        return "Attributes without their own option, by SCIM name; null removes an attribute."
    path = (*outer, *attribute.path)
    if path[0].startswith("urn:"):
        return f"SCIM: {'.'.join(path[1:]) or 'the extension'} ({path[0]})."
    return f"SCIM: {'.'.join(path)}."


def _value(attribute: Attribute, path: tuple[str, ...]) -> Schema:
    """Return the schema of the value of one row."""
    if isinstance(attribute, Raw):
        names = sorted(name for name in attribute.refused if ":" not in name)
        return {"type": ["object", "null"], "propertyNames": {"pattern": ".", "not": {"pattern": rf"^\s*({_one_of(names)})\s*([.:]|$)"}}}
    if isinstance(attribute, Complex):
        return {"type": ["object", "null"], "properties": _parts(attribute.parts, path), "additionalProperties": False}
    if isinstance(attribute, MultiValued):
        return {"type": ["array", "null"], "items": _item(attribute, path)}
    return _FLAG if isinstance(attribute, Flag) else _TEXT


def _item(attribute: MultiValued, path: tuple[str, ...]) -> Schema:
    """Return the schema of an item of a list; a string is an item with that value."""
    properties = _parts(attribute.parts, path)
    item = {"type": "object", "properties": properties, "additionalProperties": False}
    if "value" not in properties:
        return {**item, "anyOf": [{"required": [name]} for name in attribute.substance]}
    properties["value"] = {**properties["value"], "type": ["string", "number"], "minLength": 1}
    return {**item, "type": ["object", "string"], "minLength": 1, "required": ["value"]}
