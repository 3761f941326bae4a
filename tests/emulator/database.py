# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SQLite database of an account: its tables, transactions and queries."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS resources (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL COLLATE NOCASE UNIQUE, kind TEXT NOT NULL,
    name TEXT NOT NULL, name_key TEXT NOT NULL, external_key TEXT, version INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS resources_kind ON resources (kind);
CREATE INDEX IF NOT EXISTS resources_name ON resources (kind, name_key);
CREATE INDEX IF NOT EXISTS resources_external ON resources (kind, external_key);
CREATE TABLE IF NOT EXISTS members (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, group_id TEXT NOT NULL COLLATE NOCASE,
    member_id TEXT NOT NULL COLLATE NOCASE, kind TEXT NOT NULL, UNIQUE (group_id, member_id));
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
_TABLES = ("account", "resources", "members", "emails", "passwords", "tokens", "mails")
# SQLite allows at least 999 values in one statement.
_CHUNK = 500


class Database:
    """A connection that every thread can use. Writes are committed when the outermost transaction ends."""

    def __init__(self, database: str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all writes in a with block, or none of them. Blocks can be nested. Other threads wait."""
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

    def execute(self, sql: str, *values: Any) -> int:
        """Run a statement that writes, and return the number of rows that it changed."""
        with self.transaction():
            return self._db.execute(sql, values).rowcount

    def execute_many(self, sql: str, rows: Iterable[tuple]) -> None:
        """Run a statement that writes, once for each row of values."""
        with self.transaction():
            self._db.executemany(sql, rows)

    def select(self, sql: str, *values: Any) -> list[tuple]:
        """Return all rows of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        """Return the first value of a query, or None if it has no row."""
        rows = self.select(sql, *values)
        return rows[0][0] if rows else None

    def select_in(self, sql: str, values: Iterable[str]) -> Iterator[tuple]:
        """Yield the rows of a query with "IN (%s)", for any number of values."""
        listed = list(values)
        for start in range(0, len(listed), _CHUNK):
            chunk = listed[start:start + _CHUNK]
            yield from self.select(sql % ",".join("?" * len(chunk)), *chunk)

    def empty(self) -> None:
        """Delete the rows of all tables."""
        for table in _TABLES:
            self.execute("DELETE FROM %s" % table)
