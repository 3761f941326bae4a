# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The users and groups of an account in stored form: without memberships, location and password."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .attributes import CORE, NAME, PINGONE, USER, email_values, is_known
from .database import Database
from .stamps import epoch_ms, mountain

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_COLUMNS = "seq, id, kind, name, version, body"
_WHERE = {"name": "name_key = ?", "external_id": "external_key = ?", "id": "id = ?",
          "email": "id IN (SELECT user_id FROM emails WHERE email_key = ?)"}
_PUT = ("INSERT INTO resources (id, kind, name, name_key, external_key, version, body) VALUES (?, ?, ?, ?, ?, 1, ?) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, "
        "external_key = excluded.external_key, version = version + 1, body = excluded.body")


@dataclass
class Row:
    """A stored user or group."""

    seq: int
    id: str
    kind: str
    name: str
    version: int
    body: dict[str, Any]


def _row(columns: tuple) -> Row:
    return Row(*columns[:5], body=json.loads(columns[5]))


class Resources(Database):
    """The tables of users and groups, and of the email addresses of users."""

    # Ids of the account, read by the store.
    account_id = ""
    directory_id = ""
    # Whether new ids consist of digits only.
    number_ids = False

    def row(self, kind: str, resource_id: str) -> Row | None:
        """Return the user or group with an id, or None."""
        rows = self.select("SELECT %s FROM resources WHERE id = ? AND kind = ?" % _COLUMNS, resource_id, kind)
        return _row(rows[0]) if rows else None

    def kind_of(self, resource_id: str) -> str | None:
        """Return the kind of the object with an id: user or group, or None."""
        return self.value("SELECT kind FROM resources WHERE id = ?", resource_id)

    def id_of(self, text: str) -> str:
        """Return an id in the spelling of its user or group. Return an unknown id unchanged."""
        return self.value("SELECT id FROM resources WHERE id = ?", text) or text

    def count(self, kind: str) -> int:
        """Return the number of users or groups."""
        return self.value("SELECT count(*) FROM resources WHERE kind = ?", kind)

    def rows(self, kind: str, by_name: bool = False, descending: bool = False,
             limit: int = -1, offset: int = 0) -> Iterator[Row]:
        """Return users or groups in the order of creation or of names."""
        order = "DESC" if descending else "ASC"
        order = "name_key %s, seq" % order if by_name else "seq %s" % order
        found = self.select("SELECT %s FROM resources WHERE kind = ? ORDER BY %s LIMIT ? OFFSET ?" % (
            _COLUMNS, order), kind, limit, offset)
        return (_row(columns) for columns in found)

    def find(self, kind: str, index: str, text: str) -> list[Row]:
        """Return users or groups by "name", "external_id", "email" or "id", ignoring case."""
        found = self.select("SELECT %s FROM resources WHERE kind = ? AND %s ORDER BY seq" % (_COLUMNS, _WHERE[index]),
                            kind, text if index == "id" else text.lower())
        return [_row(columns) for columns in found]

    def put(self, kind: str, body: dict[str, Any], stamps: tuple[int, str] | None = None) -> str:
        """Insert a resource, or replace the one with its id. Return the id.

        lastModified is set to the current time. If stamps (both forms of a time) are given, the times in the body are kept.
        """
        account = {"accountId": self.account_id, "directoryId": self.directory_id}
        new_id = str(uuid.uuid4().int % 10 ** 12 + 10 ** 12) if self.number_ids else str(uuid.uuid4())
        stored = _completed(kind, {"id": new_id, **body}, account, stamps)
        name, external_id = stored[NAME[kind]], stored.get("externalId")
        with self.transaction():
            self.execute(_PUT, stored["id"], kind, name, name.lower(),
                         external_id.lower() if isinstance(external_id, str) else None, dump_json(stored))
            if kind == USER:
                self.execute("DELETE FROM emails WHERE user_id = ?", stored["id"])
                self.execute_many("INSERT INTO emails VALUES (?, ?)",
                                  [(stored["id"], value.lower()) for value in email_values(stored)])
        return stored["id"]

    def touch(self, kind: str, resource_id: str) -> None:
        """Set the time of the last change to now."""
        row = self.row(kind, resource_id)
        if row:
            self.put(kind, row.body)

    def delete(self, kind: str, resource_id: str, cascade: bool = True) -> bool:
        """Delete a resource, with cascade also its memberships in groups. Return whether it existed."""
        with self.transaction():
            if not self.execute("DELETE FROM resources WHERE id = ? AND kind = ?", resource_id, kind):
                return False
            for table in ("emails", "passwords", "tokens"):
                self.execute("DELETE FROM %s WHERE user_id = ?" % table, resource_id)
            self.execute("DELETE FROM members WHERE group_id = ?", resource_id)
            if cascade:
                self.execute("DELETE FROM members WHERE member_id = ?", resource_id)
        return True


def dump_json(value: Any) -> str:
    """Return a value as the JSON text that is stored and sent. Half of a surrogate pair is escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if text.isascii() or not _HALF_CHARACTER.search(text):
        return text
    return json.dumps(value, separators=(",", ":"))


def _completed(kind: str, body: dict[str, Any], account: dict[str, str],
               stamps: tuple[int, str] | None) -> dict[str, Any]:
    """Return the stored form of a body, including attributes that the service adds."""
    stored = {key: value for key, value in body.items() if key not in ("groups", "members", "password")}
    now = epoch_ms()
    millis, text = stamps or (now, mountain(now))
    given = stored.get(PINGONE) or {}
    extension = {"createTimeStamp": millis, **account, **given}
    meta = {key: value for key, value in (stored.get("meta") or {}).items() if key not in ("location", "version")}
    meta.setdefault("created", mountain(given["createTimeStamp"]) if "createTimeStamp" in given else text)
    if stamps:
        extension.setdefault("lastModifiedTimeStamp", millis)
        meta.setdefault("lastModified", mountain(extension["lastModifiedTimeStamp"]))
    else:
        extension["lastModifiedTimeStamp"] = millis
        meta["lastModified"] = text
    if kind == USER:
        stored.setdefault("active", True)
        extension.setdefault("state", "ACTIVE" if stored["active"] else "DISABLED")
    schemas = [urn for urn in stored.get("schemas") or [] if is_known(urn) or urn in stored]
    needed = [CORE, PINGONE, *(key for key in stored if key.startswith("urn:") and key not in (CORE, PINGONE))]
    return {**stored, PINGONE: extension, "meta": meta,
            "schemas": schemas + [urn for urn in needed if urn not in schemas]}
