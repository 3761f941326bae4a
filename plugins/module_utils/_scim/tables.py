# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""USER and GROUP: the attribute tables of users and groups. No other code defines attributes.

Names and structure follow the SCIM 1.1 core schema ([spec] draft-scim-core-schema-01, sections 5 to 8). The console of
each directory determines which attributes the service stores ([doc] PingOne for Enterprise Directory attributes), so the
service can refuse or ignore any of them.
"""

from __future__ import annotations

from .attributes import ENTERPRISE_URN, PINGONE_URN, Attribute, Complex, Flag
from .multi_valued import MultiValued
from .raw import Raw
from .resource import Resource

_PLURAL = (
    Attribute("value", "value"),
    Attribute("type", "type"),
    Flag("primary", "primary"),
    Attribute("display", "display"),
)


_OWN_OPTION = "it has its own option"


_MADE_BY_SERVICE = "the service sets it"


_USER_ATTRIBUTES = (
    Attribute("user_name", "userName"),
    Attribute("external_id", "externalId"),
    Flag("active", "active", missing=True),
    Complex(
        "name",
        "name",
        parts=(
            Attribute("given_name", "givenName"),
            Attribute("family_name", "familyName"),
            Attribute("middle_name", "middleName"),
            Attribute("honorific_prefix", "honorificPrefix"),
            Attribute("honorific_suffix", "honorificSuffix"),
            Attribute("formatted", "formatted"),
        ),
    ),
    Attribute("display_name", "displayName"),
    Attribute("nick_name", "nickName"),
    Attribute("profile_url", "profileUrl"),
    Attribute("title", "title"),
    Attribute("user_type", "userType"),
    Attribute("preferred_language", "preferredLanguage"),
    Attribute("locale", "locale"),
    Attribute("timezone", "timezone"),
    MultiValued("emails", "emails", parts=_PLURAL),
    MultiValued("phone_numbers", "phoneNumbers", parts=_PLURAL),
    MultiValued("entitlements", "entitlements", parts=_PLURAL),
    MultiValued(
        "addresses",
        "addresses",
        parts=(
            Attribute("formatted", "formatted"),
            Attribute("street_address", "streetAddress"),
            Attribute("locality", "locality"),
            Attribute("region", "region"),
            Attribute("postal_code", "postalCode"),
            Attribute("country", "country"),
            Attribute("type", "type"),
            Flag("primary", "primary"),
        ),
    ),
    Complex(
        "enterprise",
        ENTERPRISE_URN,
        parts=(
            Attribute("employee_number", "employeeNumber"),
            Attribute("cost_center", "costCenter"),
            Attribute("organization", "organization"),
            Attribute("division", "division"),
            Attribute("department", "department"),
            Complex(
                "manager",
                "manager",
                parts=(Attribute("manager_id", "managerId"), Attribute("display_name", "displayName")),
            ),
        ),
    ),
    # Write-only ([spec] 6.1), so it is never compared or shown.
    Attribute("password", "password", secret=True, on_create=True),
    # [doc] Creating a Resource. The service removes it when the user sets a password, so its absence is not drift.
    Flag("password_expired", PINGONE_URN, "passwordExpired", on_create=True),
)


_REFUSED_RAW = {
    "schemas": "the collection sets it",
    "id": _MADE_BY_SERVICE,
    "meta": _MADE_BY_SERVICE,
    "groups": "membership is changed through the groups",
    "members": "membership is changed through the groups",
    **{attribute.path[0]: _OWN_OPTION for attribute in _USER_ATTRIBUTES if len(attribute.path) == 1},
    f"{PINGONE_URN}:passwordExpired": _OWN_OPTION,
    **{
        f"{PINGONE_URN}:{name}": _MADE_BY_SERVICE
        for name in ("createTimeStamp", "lastModifiedTimeStamp", "accountId", "directoryId", "state", "lastLoginTime")
    },
}


USER = Resource("user", "user", "user_name", (*_USER_ATTRIBUTES, Raw("attributes", _REFUSED_RAW)))


GROUP = Resource("group", "group", "display_name", (Attribute("display_name", "displayName"),))
