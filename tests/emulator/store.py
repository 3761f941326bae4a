# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The store: users, groups, memberships, passwords and mails of one account, in SQLite."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from .attributes import CORE, ENTERPRISE, PINGONE

USER = "user"
GROUP = "group"
USERS_GROUP = "Users"
ADMINISTRATORS_GROUP = "Domain Administrators"
ADMINISTRATOR = "admin@example.com"

_NAME = {USER: "userName", GROUP: "displayName"}
_MOUNTAIN = ZoneInfo("America/Denver")
_CHUNK = 500

_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS resources (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL COLLATE NOCASE UNIQUE, kind TEXT NOT NULL,
    name TEXT NOT NULL, name_key TEXT NOT NULL, external_key TEXT, version INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS resources_kind ON resources (kind);
CREATE INDEX IF NOT EXISTS resources_name ON resources (kind, name_key);
CREATE INDEX IF NOT EXISTS resources_external ON resources (kind, external_key);
CREATE TABLE IF NOT EXISTS members (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, group_id TEXT NOT NULL, member_id TEXT NOT NULL, kind TEXT NOT NULL,
    UNIQUE (group_id, member_id));
CREATE INDEX IF NOT EXISTS members_member ON members (member_id);
CREATE TABLE IF NOT EXISTS emails (user_id TEXT NOT NULL, email_key TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS emails_key ON emails (email_key);
CREATE INDEX IF NOT EXISTS emails_user ON emails (user_id);
CREATE TABLE IF NOT EXISTS passwords (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS passwords_user ON passwords (user_id);
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, user_id TEXT NOT NULL, purpose TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mails (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
"""


@dataclass
class Row:
    """A user or a group as stored: without memberships, location and password."""

    seq: int
    id: str
    kind: str
    name: str
    version: int
    body: dict[str, Any]


def epoch_ms() -> int:
    """Now, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def mountain(stamp: int) -> str:
    """A stamp as the service writes it in meta: US mountain time, with milliseconds."""
    moment = datetime.fromtimestamp(stamp / 1000, timezone.utc).astimezone(_MOUNTAIN)
    return moment.isoformat(timespec="milliseconds")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    listed = list(items)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start:start + _CHUNK]


def _marks(items: list[str]) -> str:
    return ",".join("?" * len(items))


def _demand_name(resource: dict[str, Any], key: str) -> None:
    if not isinstance(resource.get(key), str):
        raise ValueError("%s is missing: %r" % (key, resource))


def email_values(body: dict[str, Any]) -> list[str]:
    """The e-mail addresses of a user, be they objects or plain strings."""
    emails = body.get("emails")
    values = [item.get("value") if isinstance(item, dict) else item for item in emails or []] \
        if isinstance(emails, list) else []
    return [value for value in values if isinstance(value, str)]


class Store:
    """The account. All methods may be called from any thread; what is written is committed when they return."""

    def __init__(self, database: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        if not self._value("SELECT count(*) FROM account"):
            self._create_account()
        self.account_id = self._value("SELECT value FROM account WHERE name = 'account_id'")
        self.directory_id = self._value("SELECT value FROM account WHERE name = 'directory_id'")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()

    def reset(self) -> None:
        """Back to a fresh account."""
        with self.transaction():
            for table in ("account", "resources", "members", "emails", "passwords", "tokens", "mails"):
                self._db.execute("DELETE FROM %s" % table)
            self._create_account()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; may be nested; other threads wait."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth == 1:
                    self._db.execute("BEGIN IMMEDIATE")
                yield
                if self._depth == 1:
                    self._db.execute("COMMIT")
            except BaseException:
                if self._depth == 1 and self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    def _all(self, sql: str, *values: Any) -> list[tuple]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _value(self, sql: str, *values: Any) -> Any:
        rows = self._all(sql, *values)
        return rows[0][0] if rows else None

    def _create_account(self) -> None:
        with self.transaction():
            self.account_id = str(uuid.uuid4())
            self.directory_id = str(uuid.uuid4())
            self._db.executemany("INSERT INTO account VALUES (?, ?)", [
                ("account_id", self.account_id), ("directory_id", self.directory_id)])
            admin = self.put_user({"userName": ADMINISTRATOR, "active": True,
                                   "name": {"givenName": "Ada", "familyName": "Admin"},
                                   "emails": [{"type": "work", "value": ADMINISTRATOR}]}, password="Administrator1")
            for name in (USERS_GROUP, ADMINISTRATORS_GROUP):
                self.add_member(self.put_group({"displayName": name}), admin)

    # Rows: users and groups alike

    _COLUMNS = "seq, id, kind, name, version, body"

    @staticmethod
    def _row(columns: tuple) -> Row:
        return Row(*columns[:5], body=json.loads(columns[5]))

    def row(self, kind: str, resource_id: str) -> Row | None:
        """One user or group."""
        rows = self._all("SELECT %s FROM resources WHERE id = ? AND kind = ?" % self._COLUMNS, resource_id, kind)
        return self._row(rows[0]) if rows else None

    def kind_of(self, resource_id: str) -> str | None:
        """Whether an id is a user's or a group's."""
        return self._value("SELECT kind FROM resources WHERE id = ?", resource_id)

    def count(self, kind: str) -> int:
        """The number of users or groups."""
        return self._value("SELECT count(*) FROM resources WHERE kind = ?", kind)

    def rows(self, kind: str, by_name: bool = False, descending: bool = False,
             limit: int = -1, offset: int = 0) -> Iterator[Row]:
        """Users or groups in the order they were created, or of their names."""
        order = "DESC" if descending else "ASC"
        order = "name_key %s, seq" % order if by_name else "seq %s" % order
        found = self._all("SELECT %s FROM resources WHERE kind = ? ORDER BY %s LIMIT ? OFFSET ?" % (
            self._COLUMNS, order), kind, limit, offset)
        return (self._row(columns) for columns in found)

    def find(self, kind: str, index: str, text: str) -> list[Row]:
        """Users or groups by "name", "external_id", "email" or "id", without regard to case."""
        where = {"name": "name_key = ?", "external_id": "external_key = ?", "id": "id = ?",
                 "email": "id IN (SELECT user_id FROM emails WHERE email_key = ?)"}[index]
        found = self._all("SELECT %s FROM resources WHERE kind = ? AND %s ORDER BY seq" % (self._COLUMNS, where),
                          kind, text if index == "id" else text.lower())
        return [self._row(columns) for columns in found]

    def put(self, kind: str, body: dict[str, Any], stamps: tuple[int, str] | None = None) -> str:
        """Insert a resource, or replace the one of that id; returns the id.

        lastModified is set to now, unless stamps are given: then stamps that the body has are kept.
        """
        kept = {key: value for key, value in body.items() if key not in ("groups", "members", "password")}
        resource_id = kept.setdefault("id", str(uuid.uuid4()))
        now = epoch_ms()
        millis, text = stamps or (now, mountain(now))
        extension = dict(kept.get(PINGONE) or {})
        extension.setdefault("createTimeStamp", millis)
        extension.setdefault("accountId", self.account_id)
        extension.setdefault("directoryId", self.directory_id)
        meta = dict(kept.get("meta") or {})
        meta.pop("location", None)
        meta.pop("version", None)
        meta.setdefault("created", text)
        if stamps:
            extension.setdefault("lastModifiedTimeStamp", millis)
            meta.setdefault("lastModified", text)
        else:
            extension["lastModifiedTimeStamp"] = millis
            meta["lastModified"] = text
        if kind == USER:
            kept.setdefault("active", True)
            extension.setdefault("state", "ACTIVE" if kept["active"] else "DISABLED")
        kept[PINGONE] = extension
        kept["meta"] = meta
        schemas = list(kept.get("schemas") or [])
        wanted = [CORE, PINGONE] + ([ENTERPRISE] if ENTERPRISE in kept else [])
        kept["schemas"] = schemas + [urn for urn in wanted if urn not in schemas]
        name = kept[_NAME[kind]]
        external_id = kept.get("externalId")
        with self.transaction():
            self._db.execute(
                "INSERT INTO resources (id, kind, name, name_key, external_key, version, body) "
                "VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
                "name_key = excluded.name_key, external_key = excluded.external_key, "
                "version = version + 1, body = excluded.body",
                (resource_id, kind, name, name.lower(),
                 external_id.lower() if isinstance(external_id, str) else None, _dump(kept)))
            if kind == USER:
                self._db.execute("DELETE FROM emails WHERE user_id = ?", (resource_id,))
                self._db.executemany("INSERT INTO emails VALUES (?, ?)",
                                     [(resource_id, value.lower()) for value in email_values(kept)])
        return resource_id

    def touch(self, kind: str, resource_id: str) -> None:
        """Note that a resource changed now."""
        row = self.row(kind, resource_id)
        if row:
            self.put(kind, row.body)

    def delete(self, kind: str, resource_id: str, cascade: bool = True) -> bool:
        """Delete a resource; cascade: its memberships in groups, too. Whether it existed."""
        with self.transaction():
            deleted = self._db.execute("DELETE FROM resources WHERE id = ? AND kind = ?", (resource_id, kind)).rowcount
            if deleted:
                for table in ("emails", "passwords", "tokens"):
                    self._db.execute("DELETE FROM %s WHERE user_id = ?" % table, (resource_id,))
                self._db.execute("DELETE FROM members WHERE group_id = ?", (resource_id,))
                if cascade:
                    self._db.execute("DELETE FROM members WHERE member_id = ?", (resource_id,))
        return bool(deleted)

    # Users and groups by name, as tests use them

    def get_user(self, user_id: str) -> dict[str, Any] | None:
        """A user with its groups, or None."""
        row = self.row(USER, user_id)
        if row is None:
            return None
        groups = [{"display": name, "value": group_id} for group_id, name in self.groups_of([user_id])[user_id]]
        return {**row.body, "groups": groups}

    def get_group(self, group_id: str) -> dict[str, Any] | None:
        """A group with its members, or None."""
        row = self.row(GROUP, group_id)
        if row is None:
            return None
        members = [{"value": member_id, "type": kind, **({} if name is None else {"display": name})}
                   for member_id, kind, name in self.members_of([group_id])[group_id]]
        return {**row.body, "members": members}

    def put_user(self, representation: dict[str, Any], password: str | None = None) -> str:
        """Insert or replace a user (memberships stay as they are); returns its id."""
        with self.transaction():
            user_id = self.put(USER, representation)
            if password is not None:
                self.add_password(user_id, password)
        return user_id

    def put_group(self, representation: dict[str, Any]) -> str:
        """Insert or replace a group (members stay as they are); returns its id."""
        return self.put(GROUP, representation)

    def delete_user(self, user_id: str, cascade: bool = True) -> bool:
        """Delete a user."""
        return self.delete(USER, user_id, cascade)

    def delete_group(self, group_id: str, cascade: bool = True) -> bool:
        """Delete a group."""
        return self.delete(GROUP, group_id, cascade)

    def user_id(self, user_name: str) -> str | None:
        """The id of the (first) user of that name, without regard to case."""
        return next((row.id for row in self.find(USER, "name", user_name)), None)

    def group_id(self, display_name: str) -> str | None:
        """The id of the (first) group of exactly that name."""
        return next((row.id for row in self.find(GROUP, "name", display_name) if row.name == display_name), None)

    # Memberships

    def add_member(self, group_id: str, member_id: str, kind: str | None = None) -> bool:
        """Add a member; returns whether that changed anything. Unknown ids dangle."""
        kind = self.kind_of(member_id) or (kind or USER).lower()
        with self.transaction():
            return bool(self._db.execute("INSERT OR IGNORE INTO members (group_id, member_id, kind) VALUES (?, ?, ?)",
                                         (group_id, member_id, kind)).rowcount)

    def remove_member(self, group_id: str, member_id: str) -> bool:
        """Remove a member; returns whether it was one."""
        with self.transaction():
            return bool(self._db.execute("DELETE FROM members WHERE group_id = ? AND member_id = ?",
                                         (group_id, member_id)).rowcount)

    def member_ids(self, group_id: str) -> list[str]:
        """The ids of a group's members."""
        rows = self._all("SELECT member_id FROM members WHERE group_id = ? ORDER BY seq", group_id)
        return [item[0] for item in rows]

    def is_member(self, group_id: str, member_id: str) -> bool:
        """Whether somebody is a direct member of a group."""
        return bool(self._all("SELECT 1 FROM members WHERE group_id = ? AND member_id = ?", group_id, member_id))

    def count_users(self, group_id: str) -> int:
        """The number of direct members that are users."""
        return self._value("SELECT count(*) FROM members WHERE group_id = ? AND kind = ?", group_id, USER)

    def groups_of(self, member_ids: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
        """The groups (id, name) of which each of some ids is a direct member."""
        found: dict[str, list[tuple[str, str]]] = {member_id: [] for member_id in member_ids}
        for chunk in _chunks(found):
            for member_id, group_id, name in self._all(
                    "SELECT m.member_id, r.id, r.name FROM members m JOIN resources r ON r.id = m.group_id "
                    "WHERE m.member_id IN (%s) ORDER BY m.seq" % _marks(chunk), *chunk):
                found[member_id].append((group_id, name))
        return found

    def members_of(self, group_ids: Iterable[str]) -> dict[str, list[tuple[str, str, str | None]]]:
        """The direct members (id, kind, name or None when dangling) of each of some groups."""
        found: dict[str, list[tuple[str, str, str | None]]] = {group_id: [] for group_id in group_ids}
        for chunk in _chunks(found):
            for group_id, member_id, kind, name in self._all(
                    "SELECT m.group_id, m.member_id, m.kind, r.name FROM members m "
                    "LEFT JOIN resources r ON r.id = m.member_id "
                    "WHERE m.group_id IN (%s) ORDER BY m.seq" % _marks(chunk), *chunk):
                found[group_id].append((member_id, kind, name))
        return found

    # Passwords, tokens, mails

    def add_password(self, user_id: str, password: str) -> None:
        """Set the password of a user; former ones are remembered."""
        with self.transaction():
            self._db.execute("INSERT INTO passwords (user_id, value) VALUES (?, ?)", (user_id, password))

    def passwords_of(self, user_id: str) -> list[str]:
        """All passwords a user ever had, the current one last."""
        return [item[0] for item in self._all("SELECT value FROM passwords WHERE user_id = ? ORDER BY seq", user_id)]

    def passwords(self) -> dict[str, str]:
        """The current password of each user that has one."""
        return dict(self._all("SELECT user_id, value FROM passwords ORDER BY seq"))

    def new_token(self, user_id: str, purpose: str) -> str:
        """A new token of a user for a purpose; the former one is void."""
        token = uuid.uuid4().hex
        with self.transaction():
            self.drop_token(user_id, purpose)
            self._db.execute("INSERT INTO tokens VALUES (?, ?, ?)", (token, user_id, purpose))
        return token

    def token_of(self, user_id: str, purpose: str) -> str | None:
        """The valid token of a user for a purpose."""
        return self._value("SELECT token FROM tokens WHERE user_id = ? AND purpose = ?", user_id, purpose)

    def drop_token(self, user_id: str, purpose: str) -> None:
        """Void the token of a user for a purpose."""
        with self.transaction():
            self._db.execute("DELETE FROM tokens WHERE user_id = ? AND purpose = ?", (user_id, purpose))

    def add_mail(self, mail: dict[str, Any]) -> None:
        """Record a mail."""
        with self.transaction():
            self._db.execute("INSERT INTO mails (body) VALUES (?)", (_dump(mail),))

    def mails(self) -> list[dict[str, Any]]:
        """All mails recorded."""
        return [json.loads(item[0]) for item in self._all("SELECT body FROM mails ORDER BY seq")]

    # Seeding

    def seed(self, users: Iterable[dict[str, Any]] = (), groups: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
        """Put users and groups straight into the store, see the README; returns their ids by name."""
        now = epoch_ms()
        stamps = (now, mountain(now))
        made: dict[str, dict[str, str]] = {"users": {}, "groups": {}}
        with self.transaction():
            for user in users:
                _demand_name(user, "userName")
                user_id = self.put(USER, user, stamps)
                made["users"][user["userName"]] = user_id
                if user.get("password") is not None:
                    self.add_password(user_id, user["password"])
            pending = []
            for group in groups:
                _demand_name(group, "displayName")
                name = group["displayName"]
                built_in = self.group_id(name) if name in (USERS_GROUP, ADMINISTRATORS_GROUP) else None
                group_id = built_in or self.put(GROUP, group, stamps)
                made["groups"][name] = group_id
                pending.append((group_id, group.get("members") or []))
            for group_id, members in pending:
                self._db.executemany("INSERT OR IGNORE INTO members (group_id, member_id, kind) VALUES (?, ?, ?)",
                                     [(group_id,) + self._seed_member(member, made) for member in members])
        return made

    def _seed_member(self, member: Any, made: dict[str, dict[str, str]]) -> tuple[str, str]:
        if isinstance(member, dict):
            member_id = member["value"]
            return member_id, self.kind_of(member_id) or member.get("type", USER).lower()
        if member in made["users"]:
            return made["users"][member], USER
        if member in made["groups"]:
            return made["groups"][member], GROUP
        kind = self.kind_of(member)
        if kind:
            return member, kind
        for kind, member_id in ((USER, self.user_id(member)), (GROUP, self.group_id(member))):
            if member_id:
                return member_id, kind
        raise ValueError("no such member: %s" % member)
