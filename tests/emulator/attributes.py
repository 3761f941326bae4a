# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds, names, schemas and attributes that the service knows."""

from __future__ import annotations

from typing import Any

USER = "user"
GROUP = "group"
NAME = {USER: "userName", GROUP: "displayName"}

# Groups in a new account
USERS_GROUP = "Users"
ADMINISTRATORS_GROUP = "Domain Administrators"
ADMINISTRATOR = "admin@example.com"

CORE = "urn:scim:schemas:core:1.0"
ENTERPRISE = "urn:scim:schemas:extension:enterprise:1.0"
PINGONE = "urn:scim:schemas:com_pingone:1.0"
INTERNAL = "urn:scim:schemas:internal:1.0"

# Attributes of users: always enabled (DEFAULT), or disabled until an administrator enables them (OPTIONAL).
DEFAULT = frozenset(("userName", "externalId", "name", "emails", "active", "userType"))
OPTIONAL = frozenset((
    "preferredLanguage", "displayName", "locale", "timezone", "nickName", "title", "profileUrl", "entitlements",
    "x509Certificates", "phoneNumbers", "addresses", "ims", "photos", "roles", ENTERPRISE))
OF_GROUPS = frozenset(("displayName", "externalId"))

# Attributes that are never stored from a request body as they are; password and members are handled separately.
READ_ONLY = frozenset(("id", "meta", "groups", "members", "password", "schemas"))
READ_ONLY_EXTENSION = frozenset((
    "createTimeStamp", "lastModifiedTimeStamp", "accountId", "directoryId", "state", "lastLoginTime"))

TEXTS = frozenset(("userName", "displayName", "externalId", "nickName", "profileUrl", "title", "userType",
                   "preferredLanguage", "locale", "timezone", "password"))
LISTS = frozenset(("emails", "phoneNumbers", "ims", "photos", "addresses", "entitlements", "roles",
                   "x509Certificates", "groups", "members", "schemas"))
TYPED_LISTS = frozenset(("emails", "phoneNumbers", "addresses"))
OBJECTS = frozenset(("name", "meta", ENTERPRISE, PINGONE))


def is_known(urn: Any) -> bool:
    """Return whether the service knows a schema or its family of schemas."""
    return isinstance(urn, str) and urn.lower().startswith("urn:scim:schemas:")


def email_values(body: dict[str, Any]) -> list[str]:
    """Return the email addresses of a user, which are objects or plain strings."""
    emails = body.get("emails")
    values = [item.get("value") if isinstance(item, dict) else item for item in emails or []] \
        if isinstance(emails, list) else []
    return [value for value in values if isinstance(value, str)]
