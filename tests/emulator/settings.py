# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The switches of the emulator, for behavior that is undocumented or may differ from the documentation.

The first value of each switch is its default: the documented behavior, or else the most likely one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Annotated, Any, get_type_hints

from .attributes import DEFAULT, OPTIONAL

_TRUE = ("yes", "on")
_FALSE = ("no", "off")


@dataclass(frozen=True)
class Switch:
    """A switch: its values, or for an open switch (any whole number from 0, any text) the default and samples."""

    name: str
    text: bool
    doc: str
    values: tuple
    open: bool

    def checked(self, value: Any) -> Any:
        """Return the value in its stored form. Raise ValueError if it is invalid."""
        if not self.open:
            for allowed in self.values:
                if allowed in (_TRUE if value else _FALSE) if isinstance(value, bool) else str(allowed) == str(value):
                    return allowed
            raise ValueError("setting %s takes one of %s: %r" % (
                self.name, ", ".join(str(item) for item in self.values), value))
        if self.text:
            if isinstance(value, str):
                return value
            raise ValueError("setting %s takes text: %r" % (self.name, value))
        if isinstance(value, bool) or not str(value).isdecimal():
            raise ValueError("setting %s takes a whole number from 0: %r" % (self.name, value))
        return int(value)


@dataclass(frozen=True)
class Settings:
    """All switches, with type, meaning and values; ``...`` means that other values are valid. Values can be text or booleans, too."""

    # Creates
    create_status: Annotated[int, "status of a POST that created a user or a group", 200, 201] = 200
    duplicate_user_status: Annotated[int, "status when a userName or externalId is in use", 409, 400] = 409
    user_name_unique: Annotated[str, "how userName is compared to detect that it is in use",
                                "ignore", "exact"] = "ignore"
    require_email: Annotated[str, "refuse (400) to create a user without an email address", "no", "yes"] = "no"
    required_attributes: Annotated[
        str, "comma-separated list of user attributes (dots allowed) without which POST and PUT return 400",
        "", "name.familyName", ...] = ""
    default_group: Annotated[str, "a user created without ?option= joins the group Users", "on", "off"] = "on"
    post_active: Annotated[str, "active:false in a POST", "honored", "ignored"] = "honored"
    external_id_upsert: Annotated[str, "POST with an externalId in use updates that user (off: refused)",
                                  "on", "off"] = "on"
    upsert_scope: Annotated[str, "what such an update changes: all attributes as in a PUT, or all but userName and password",
                            "all", "profile"] = "all"

    names: Annotated[str, "names of users and groups: stored as sent, trimmed, or in Unicode form NFC or NFD",
                     "as_sent", "trimmed", "nfc", "nfd"] = "as_sent"

    # Replacements
    put_omitted: Annotated[str, "attributes left out of a PUT", "removed", "kept"] = "removed"
    put_empty: Annotated[str, '"", [] and null in a PUT: clear the attribute, leave it unchanged, or are stored as sent',
                         "clears", "kept", "stored"] = "clears"
    put_groups: Annotated[str, "groups in the PUT of a user: read-only, or set the memberships (omitted: removes all)",
                          "ignored", "applied"] = "ignored"
    put_active: Annotated[str, "active in a PUT; without_state: only when the extension's state is left out",
                          "honored", "without_state", "ignored"] = "honored"
    put_body: Annotated[str, "body of the answer to a PUT", "full", "empty"] = "full"
    put_group_members: Annotated[str, "PUT of a group without members: empties it, or keeps them",
                                 "empties", "keeps"] = "empties"
    unknown_keys: Annotated[str, "keys of a body that the service does not know", "kept", "dropped"] = "kept"

    # Attributes and passwords
    enabled_attributes: Annotated[
        str, "attributes that are enabled: all, default, or a comma-separated list added to the default ones",
        "all", "default", "title,displayName", ...] = "all"
    item_type: Annotated[str, "type of emails, phone numbers and addresses that are sent without one",
                         "none", "work"] = "none"
    disabled_attribute: Annotated[str, "value for an attribute that is not enabled: dropped, or refused",
                                  "dropped", "400"] = "dropped"
    password_min_length: Annotated[int, "shortest password allowed", 8, 12, ...] = 8
    password_special: Annotated[str, "refuse (400) a password without a special character", "no", "yes"] = "no"
    block_prior_passwords: Annotated[str, "refuse (400) a password the user has or had", "no", "yes"] = "no"

    # Groups and memberships
    duplicate_group: Annotated[str, "a second group of the same displayName", "allowed", "409"] = "allowed"
    post_group_members: Annotated[str, "members in the POST of a group", "honored", "ignored"] = "honored"
    patch_status: Annotated[int, "answer to a PATCH: 200 with the resource, or 204 without a body", 200, 204] = 200
    patch_user: Annotated[str, "PATCH of a user", "accepted", "501"] = "accepted"
    patch_group_name: Annotated[str, "displayName in the PATCH of a group", "accepted", "501"] = "accepted"
    patch_unknown_member: Annotated[str, "a member id that does not exist: refused, ignored, or stored",
                                    "400", "ignored", "dangling"] = "400"
    patch_delete_absent: Annotated[int, "PATCH that removes a user who is not a member", 200, 400] = 200
    patch_max_members: Annotated[int, "maximum number of members in one PATCH; more return 413 (0: no limit)", 0, 50, ...] = 0
    member_type: Annotated[str, "spelling of members[].type in answers; none: members without a type",
                           "lower", "title", "none"] = "lower"
    member_ids: Annotated[str, "spelling of members[].value in answers: same as the ids, or in upper case",
                          "as_is", "upper"] = "as_is"
    user_groups: Annotated[str, "groups of a user: direct memberships only, or inherited ones too",
                           "direct", "nested"] = "direct"
    read_only_status: Annotated[int, "status of a request to change or delete a built-in group", 403, 400] = 403

    # Deletes
    delete_status: Annotated[int, "status of a DELETE", 200, 202, 204] = 200
    delete_missing_status: Annotated[int, "status of the DELETE of a missing object", 404, 200] = 404
    delete_members: Annotated[str, "memberships of a deleted object: removed, or left dangling",
                              "cascade", "dangling"] = "cascade"

    # Lists
    user_filter: Annotated[str, "filter on users", "honored", "ignored", "400"] = "honored"
    group_filter: Annotated[str, "filter on groups", "honored", "ignored", "400"] = "honored"
    filter_case: Annotated[str, "how filters compare text", "ignore", "exact"] = "ignore"
    filter_literal: Annotated[str, "how eq compares text: literally, as an unescaped regular expression, or so that "
                              "text with special characters never matches", "plain", "regex", "no_specials"] = "plain"
    filter_reply: Annotated[str, "answer to a filter on users: a list, or the bare user when one matches (404: none)",
                            "list", "bare"] = "list"
    sort_by: Annotated[str, "sortBy and sortOrder", "honored", "ignored"] = "honored"
    start_index: Annotated[str, "startIndex", "honored", "ignored"] = "honored"
    total_results: Annotated[str, "totalResults counts all matches, or only those of the page",
                             "global", "page"] = "global"
    short_page: Annotated[int, "maximum number of resources on a page, for any count (0: no such limit)", 0, 3, ...] = 0
    default_page_size: Annotated[int, "resources on a page if count is omitted", 100, 2, ...] = 100
    max_page_size: Annotated[int, "maximum number of resources on a page", 1000, 5, ...] = 1000
    list_key: Annotated[str, "key of the resources in a list", "resources", "Resources"] = "resources"
    items_per_page: Annotated[str, "itemsPerPage in a list: 0 as recorded, or the number of resources",
                              "zero", "count"] = "zero"

    filter_refusal: Annotated[int, "status of a refused filter (user_filter or group_filter is 400)",
                              400, 431, ...] = 400

    # Shape of responses
    id_type: Annotated[str, "ids in answers: text, or numbers, also for an externalId of digits; new ids are then digits",
                       "text", "number"] = "text"
    location: Annotated[str, "meta.location: as in today's pages, as recorded, or with the line break of one sample",
                        "api", "v1", "broken"] = "api"
    valueless_photo: Annotated[str, 'users without a photo show photos:[{"type":"photo"}]', "no", "yes"] = "no"
    internal_schema: Annotated[str, "schemas of users contain urn:scim:schemas:internal:1.0, but no object of that schema",
                               "no", "yes"] = "no"
    blank_name: Annotated[str, "how users and groups with a blank name show the name: as it is, as null, or not at all",
                          "blank", "null", "missing"] = "blank"
    etag: Annotated[str, "meta.version and ETag: none, offered, or required as If-Match by PUT and PATCH",
                    "none", "offered", "required"] = "none"
    etag_conflict_status: Annotated[int, "status when If-Match does not match or is missing", 412, 409] = 412
    error_body: Annotated[str, "body of errors", "errors", "text", "html", "empty", "message"] = "errors"
    challenge: Annotated[str, "a 401 carries WWW-Authenticate", "yes", "no"] = "yes"
    half_characters: Annotated[str, "half of a surrogate pair in a body: refused as invalid JSON, or stored as sent",
                               "refused", "stored"] = "refused"
    byte_order_mark: Annotated[str, "JSON begins with a byte order mark", "no", "yes"] = "no"
    interim_answers: Annotated[str, "interim answers before each answer", "none", "102", "103"] = "none"
    schemas: Annotated[str, "schemas in answers: all, only core, none, or only those that the service knows; it then "
                       "stores objects of other schemas but refuses a body that names their schema",
                       "all", "core", "none", "known"] = "all"
    undeclared_extension: Annotated[str, "a body with an extension that its schemas do not name",
                                    "accepted", "400"] = "accepted"
    error_status: Annotated[str, "status of error responses: that of the error, or 200 with the error in the body",
                            "own", "200"] = "own"

    # Timing
    stale_lists: Annotated[int, "lists requested after a write that do not show it yet", 0, 2, ...] = 0
    stale_gets: Annotated[int, "reads by id of a resource that do not show a write to it yet", 0, 2, ...] = 0
    latency_ms: Annotated[int, "milliseconds each request waits", 0, 20, ...] = 0
    rate_limit: Annotated[int, "requests per second; more return 429 (0: no limit)", 0, 5, ...] = 0
    retry_after: Annotated[str, "Retry-After of a 429", "none", "seconds", "date"] = "none"

    def __post_init__(self) -> None:
        for switch in switches().values():
            object.__setattr__(self, switch.name, switch.checked(getattr(self, switch.name)))
        unknown = sorted(set(self.enabled_list) - DEFAULT - OPTIONAL - {"all", "default"})
        if unknown:
            raise ValueError("setting enabled_attributes has unknown attributes: %s" % ", ".join(unknown))

    def changed(self, changes: dict[str, Any]) -> Settings:
        """Return the settings with some changes."""
        unknown = sorted(set(changes) - set(switches()))
        if unknown:
            raise ValueError("unknown setting: %s" % ", ".join(unknown))
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        """Return all settings by name."""
        return asdict(self)

    @staticmethod
    def choices() -> dict[str, tuple]:
        """Return the values of each switch, starting with its default; for an open switch the default and samples."""
        return {switch.name: switch.values for switch in switches().values()}

    @property
    def required_list(self) -> list[str]:
        """Return the required attributes as a list."""
        return _names(self.required_attributes)

    @property
    def enabled_list(self) -> list[str]:
        """Return the enabled attributes as a list."""
        return _names(self.enabled_attributes)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


@cache
def switches() -> dict[str, Switch]:
    """Return all switches by name."""
    found = {}
    for name, hint in get_type_hints(Settings, include_extras=True).items():
        doc, *values = hint.__metadata__
        found[name] = Switch(name, hint.__origin__ is str, doc, tuple(item for item in values if item is not ...),
                             ... in values)
    return found
