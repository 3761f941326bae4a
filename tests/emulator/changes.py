# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compute the result of a POST, PUT or PATCH: validation and merging, without storage."""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from typing import Any

from . import attributes
from .attributes import ENTERPRISE, GROUP, NAME, PINGONE, USER, email_values
from .errors import ApiError
from .filters import Path
from .settings import Settings

_EMPTY = (None, "", [], {})


def check(kind: str, body: Any, settings: Settings, whole: bool = True, stored: Container[str] = ()) -> None:
    """Reject a body that violates the schema.

    whole: the body must be complete (false for a PATCH); stored: names of the attributes that the resource already has.
    """
    if not isinstance(body, dict):
        raise ApiError(400, "The body is not a JSON object")
    for key, value in body.items():
        if value is None:
            continue
        if key in attributes.TEXTS and not isinstance(value, str):
            raise ApiError(400, "Attribute %s must be a string" % key)
        if key in attributes.LISTS and value != "":
            _check_list(key, value)
        if key in attributes.OBJECTS and value != "" and not isinstance(value, dict):
            raise ApiError(400, "Attribute %s must be an object" % key)
    if "active" in body and not isinstance(body["active"], bool):
        raise ApiError(400, "Attribute active must be a boolean")
    extension = body.get(PINGONE)
    if isinstance(extension, dict) and not isinstance(extension.get("passwordExpired", False), bool):
        raise ApiError(400, "Attribute passwordExpired must be a boolean")
    _check_schemas(body, settings, whole, stored)
    name = NAME[kind]
    if (whole or name in body) and not (body.get(name) or "").strip():
        raise ApiError(400, "Attribute %s is required" % name)
    if whole and kind == USER:
        _check_required(body, settings)


def _check_schemas(body: dict[str, Any], settings: Settings, whole: bool, stored: Container[str]) -> None:
    named = body.get("schemas") or []
    for urn in named:
        has_object = isinstance(urn, str) and settings.schemas != "known" and (urn in body or urn in stored)
        if not attributes.is_known(urn) and not has_object:
            raise ApiError(400, "Unknown schema %s" % urn)
    if settings.undeclared_extension == "400" and whole:
        for key, value in body.items():
            expected = attributes.is_known(key) or settings.schemas != "known"
            if key.startswith("urn:") and value and expected and key not in named:
                raise ApiError(400, "Schema %s is not named in schemas" % key)


def _check_list(key: str, value: Any) -> None:
    if not isinstance(value, list):
        raise ApiError(400, "Attribute %s must be a list" % key)
    texts = (str, int) if key in ("members", "groups") else (str,)
    for item in value:
        if not isinstance(item, (dict, *texts)):
            raise ApiError(400, "The items of attribute %s must be objects or strings" % key)
        if isinstance(item, dict) and not isinstance(item.get("value", ""), texts):
            raise ApiError(400, "The values of attribute %s must be strings" % key)
    if sum(1 for item in value if isinstance(item, dict) and item.get("primary") is True) > 1:
        raise ApiError(400, "Attribute %s has more than one primary item" % key)


def _check_required(body: dict[str, Any], settings: Settings) -> None:
    for required in settings.required_list:
        if not any(value not in _EMPTY for value in Path(required).values(body)):
            raise ApiError(400, "Attribute %s is required" % required)


def check_email(body: dict[str, Any]) -> None:
    """Reject a new user without an email address."""
    if not any(email_values(body)):
        raise ApiError(400, "Attribute emails is required")


def check_password(password: str, former: list[str], settings: Settings) -> None:
    """Reject a password that violates the policy."""
    if len(password) < settings.password_min_length:
        raise ApiError(400, "The password must have at least %d characters" % settings.password_min_length)
    if settings.password_special == "yes" and not any(
            not character.isalnum() and not character.isspace() for character in password):
        raise ApiError(400, "The password must have at least one special character")
    if settings.block_prior_passwords == "yes" and password in former:
        raise ApiError(400, "The password was used before")


def with_stored_name(kind: str, body: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the body with the name in the form in which the service stores it."""
    name = body.get(attributes.NAME[kind])
    if settings.names == "as_sent" or not isinstance(name, str):
        return body
    kept = name.strip() if settings.names == "trimmed" else unicodedata.normalize(settings.names.upper(), name)
    return {**body, attributes.NAME[kind]: kept}


def created(kind: str, body: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the resource that a POST creates."""
    result = _merged(kind, {}, body, settings)
    if kind == USER:
        _set_active(result, {}, settings.post_active == "honored" and body.get("active") is False)
    return result


def replaced(kind: str, old: dict[str, Any], body: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the resource after a PUT."""
    result = _merged(kind, old, body, settings)
    if settings.put_omitted == "kept":
        result = {**{key: value for key, value in old.items() if key not in body}, **result}
    if kind == USER:
        honored = settings.put_active == "honored" or (
            settings.put_active == "without_state" and "state" not in (body.get(PINGONE) or {}))
        active = body.get("active", old["active"]) if honored else old["active"]
        _set_active(result, old, not active)
    return result


def patched(kind: str, old: dict[str, Any], body: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the resource after a PATCH, which removes the attributes in meta.attributes and merges the others."""
    result = dict(old)
    for path in removals(body):
        _remove(result, path)
    for key, value in body.items():
        if key in attributes.READ_ONLY or (key != PINGONE and not _accepted(kind, key, value, old, settings)):
            continue
        have = result.get(key)
        if isinstance(value, list) and key in attributes.LISTS:
            value = _merged_items(have if isinstance(have, list) else [], value)
        elif isinstance(value, dict) and isinstance(have, dict):
            value = {**have, **value}
        value = _typed(key, _cleaned(value, old.get(key), settings), settings)
        if value is None:
            result.pop(key, None)
        else:
            result[key] = value
    result.update({key: old[key] for key in ("id", "meta", "schemas")})
    result[PINGONE] = _extension(old[PINGONE], result, settings)
    if kind == USER:
        _set_active(result, old, not result.get("active", old["active"]))
    return result


def removals(body: dict[str, Any]) -> list[str]:
    """Return the paths that a PATCH removes."""
    paths = (body.get("meta") or {}).get("attributes") or []
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise ApiError(400, "meta.attributes must be a list of strings")
    return paths


def _remove(resource: dict[str, Any], path: str) -> None:
    keys = [key for key in resource if key.lower() == path.lower()]
    if keys:
        resource.pop(keys[0])
        return
    # A dot separates a name from a sub-attribute, a colon an extension from an attribute.
    for key, value in list(resource.items()):
        if path.lower().startswith((key.lower() + ".", key.lower() + ":")) and isinstance(value, dict):
            resource[key] = {**value}
            _remove(resource[key], path[len(key) + 1:])
            return


def _merged_items(old: list[Any], items: list[Any]) -> list[Any]:
    result = [dict(item) if isinstance(item, dict) else {"value": item} for item in old]
    for given in items:
        item = dict(given) if isinstance(given, dict) else {"value": given}
        operation = item.pop("operation", None)
        same = [have for have in result if
                (have.get("value") == item["value"] if "value" in item else have == item)]
        if operation == "delete":
            result = [have for have in result if have not in same]
        elif same:
            same[0].update(item)
        else:
            result.append(item)
        if item.get("primary") is True and operation != "delete":
            for have in result:
                if have.get("primary") is True and have.get("value") != item.get("value"):
                    have["primary"] = False
    return result


def _merged(kind: str, old: dict[str, Any], body: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the stored attributes: those that the service sets, and the cleaned attributes of the body that are known and enabled."""
    result = {key: old[key] for key in ("id", "meta") if key in old}
    for key, value in body.items():
        if key in attributes.READ_ONLY or key == PINGONE or not _accepted(kind, key, value, old, settings):
            continue
        value = _typed(key, _cleaned(value, old.get(key), settings), settings)
        if value is not None:
            result[key] = value
    result["schemas"] = list(dict.fromkeys((body.get("schemas") or []) + (old.get("schemas") or [])))
    if ENTERPRISE not in result and ENTERPRISE in result["schemas"]:
        result["schemas"].remove(ENTERPRISE)
    result[PINGONE] = _extension(old.get(PINGONE) or {}, body, settings)
    return result


def _extension(old: dict[str, Any], body: dict[str, Any], settings: Settings) -> dict[str, Any]:
    if PINGONE not in body and settings.put_omitted == "kept":
        return dict(old)
    given = {key: value for key, value in (body.get(PINGONE) or {}).items() if key not in attributes.READ_ONLY_EXTENSION
             and value is not None and (key == "passwordExpired" or settings.unknown_keys == "kept")}
    return {**{key: value for key, value in old.items() if key in attributes.READ_ONLY_EXTENSION}, **given}


def _accepted(kind: str, key: str, value: Any, old: dict[str, Any], settings: Settings) -> bool:
    if kind == GROUP:
        return key in attributes.OF_GROUPS or settings.unknown_keys == "kept"
    if key in attributes.DEFAULT:
        return True
    if key not in attributes.OPTIONAL:
        return settings.unknown_keys == "kept"
    if "all" in settings.enabled_list or key in settings.enabled_list:
        return True
    if settings.disabled_attribute == "400" and value not in _EMPTY and value != old.get(key):
        raise ApiError(400, "Attribute %s is not enabled in this directory" % key)
    return False


def _cleaned(value: Any, old: Any, settings: Settings) -> Any:
    """Return a value without its empty parts, or None if nothing is left."""
    if settings.put_empty == "stored" and value is not None:
        return value
    if value in _EMPTY:
        return old if settings.put_empty == "kept" and value is not None else None
    if isinstance(value, dict):
        former = old if isinstance(old, dict) else {}
        parts = {key: _cleaned(part, former.get(key), settings) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part is not None} or None
    return value


def _typed(key: str, value: Any, settings: Settings) -> Any:
    """Return the value of an attribute, with types that the service adds."""
    if settings.item_type == "none" or key not in attributes.TYPED_LISTS or not isinstance(value, list):
        return value
    items = [item if isinstance(item, dict) else {"value": item} for item in value]
    return [item if item.get("type") else {**item, "type": settings.item_type} for item in items]


def _set_active(result: dict[str, Any], old: dict[str, Any], disabled: bool) -> None:
    result["active"] = not disabled
    if "state" not in result[PINGONE] or old.get("active") is not result["active"]:
        result[PINGONE]["state"] = "DISABLED" if disabled else "ACTIVE"
