# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users and groups in the form in which the service shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .attributes import CORE, GROUP, INTERNAL, NAME, PINGONE, USER, is_known
from .resources import Row
from .settings import Settings
from .store import Store


class Renderer:
    """Renders rows as representations, with the given settings."""

    def __init__(self, store: Store, settings: Settings, base_url: str) -> None:
        self._store = store
        self._settings = settings
        self._base_url = base_url

    def one(self, row: Row) -> dict[str, Any]:
        """Return the representation of one resource."""
        return self.many(row.kind, [row])[0]

    def many(self, kind: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """Return the representations of many users or many groups."""
        listed = list(rows)
        ids = [row.id for row in listed]
        if kind == GROUP:
            members = self._store.members_of(ids)
            return [self._group(row, members[row.id]) for row in listed]
        groups = self._groups(ids)
        return [self._user(row, groups[row.id]) for row in listed]

    def _user(self, row: Row, groups: list[tuple[str, str]]) -> dict[str, Any]:
        result = self._common(row)
        if groups:
            result["groups"] = [{"display": name, "value": self._id(group_id)} for group_id, name in groups]
        if self._settings.valueless_photo == "yes" and not result.get("photos"):
            result["photos"] = [{"type": "photo"}]
        if self._settings.internal_schema == "yes" and PINGONE in result.get("schemas", ()) and INTERNAL not in result["schemas"]:
            # Next to the extension, as recorded.
            at = result["schemas"].index(PINGONE) + 1
            result["schemas"] = result["schemas"][:at] + [INTERNAL] + result["schemas"][at:]
        return result

    def _group(self, row: Row, members: list[tuple[str, str, str | None]]) -> dict[str, Any]:
        result = self._common(row)
        if members:
            result["members"] = [self._member(*member) for member in members]
        return result

    def _member(self, member_id: str, kind: str, name: str | None) -> dict[str, Any]:
        shown: dict[str, Any] = {"value": self._id(
            member_id.upper() if self._settings.member_ids == "upper" else member_id)}
        if self._settings.member_type != "none":
            shown["type"] = kind.title() if self._settings.member_type == "title" else kind
        return shown if name is None else {**shown, "display": name}

    def _id(self, text: str) -> str | int:
        return int(text) if self._settings.id_type == "number" and text.isdecimal() and text[0] != "0" else text

    def _common(self, row: Row) -> dict[str, Any]:
        # In the vendor's order where it is documented.
        result = {**dict.fromkeys(("id", "schemas", PINGONE)), **row.body}
        result.update((key, self._id(result[key])) for key in ("id", "externalId") if isinstance(result.get(key), str))
        if not row.name.strip() and self._settings.blank_name != "blank":
            result[NAME[row.kind]] = None
            if self._settings.blank_name == "missing":
                del result[NAME[row.kind]]
        result["meta"] = {**row.body["meta"], "location": self.location(row)}
        if self._settings.schemas == "core":
            result["schemas"] = [CORE]
        elif self._settings.schemas == "known":
            result["schemas"] = [urn for urn in result["schemas"] if is_known(urn)]
        elif self._settings.schemas == "none":
            del result["schemas"]
        if self._settings.etag != "none":
            result["meta"]["version"] = version_tag(row)
        return result

    def location(self, row: Row) -> str:
        """Return the URL of a resource in the form in which the service writes it in meta."""
        host = self._base_url.rsplit("/", 1)[0]
        folder = "/v1" if self._settings.location == "v1" else "/api/directory"
        resource_id = row.id
        if self._settings.location == "broken":
            head, dash, tail = resource_id.rpartition("-")
            resource_id = head + dash + "\n    " + tail
        return "%s%s/%s/%s" % (host, folder, row.kind, resource_id)

    def _groups(self, ids: list[str]) -> dict[str, list[tuple[str, str]]]:
        direct = self._store.groups_of(ids)
        if self._settings.user_groups == "direct":
            return direct
        above = {group_id: None for groups in direct.values() for group_id, name in groups}
        parents: dict[str, list[tuple[str, str]]] = {}
        while above:
            found = self._store.groups_of(above)
            parents.update(found)
            above = {group_id: None for groups in found.values() for group_id, name in groups
                     if group_id not in parents}
        return {member_id: _closure(groups, parents) for member_id, groups in direct.items()}


def _closure(groups: list[tuple[str, str]], parents: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    found = dict(groups)
    pending = list(found)
    while pending:
        for group_id, name in parents[pending.pop(0)]:
            if group_id not in found:
                found[group_id] = name
                pending.append(group_id)
    return list(found.items())


def version_tag(row: Row) -> str:
    """Return the version of a resource for ETag and If-Match."""
    return 'W/"%d"' % row.version


def dump(store: Store, renderer: Renderer) -> dict[str, Any]:
    """Return all data of the account."""
    with store.transaction():
        return {"users": {item["id"]: item for item in renderer.many(USER, store.rows(USER))},
                "groups": {item["id"]: {"members": [], **item} for item in renderer.many(GROUP, store.rows(GROUP))},
                "mails": store.mails(), "passwords": store.passwords()}
