# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GET a user or a group, a list of them, or the number of users in a group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .attributes import CORE, GROUP, NAME, USER
from .context import Context, not_found
from .errors import ApiError
from .filters import FilterError, Node, Path, parse
from .reply import Reply
from .resources import Row

# Indexed paths of the store, in addition to the names.
_INDEXES = {"id": "id", "externalid": "external_id", "emails": "email", "emails.value": "email"}
# Attributes that exist only in representations.
_RENDERED = {"groups", "members", "meta", "photos", "schemas"}

# A resource in a list: a row, or a representation if the list shows a previous state.
Item = Row | dict[str, Any]


class Reads:
    """The read operations."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = context.store
        self._settings = context.settings
        self._renderer = context.renderer

    def get(self, kind: str, resource_id: str) -> Reply:
        """GET one resource."""
        with self._store.transaction():
            row = self._store.row(kind, resource_id)
            stale, before = self._context.staleness.got((kind, row.id if row else resource_id))
            if stale:
                if before is None:
                    raise not_found(resource_id)
                version = before["meta"].get("version")
                return Reply(200, before, {"ETag": version} if version else {})
            return self._context.shown(200, self._context.existing(kind, resource_id))

    def count_users(self, group_id: str) -> Reply:
        """GET the number of users in a group."""
        with self._store.transaction():
            return Reply(200, {"users": self._store.count_users(self._context.existing(GROUP, group_id).id)})

    def list(self, kind: str, query: dict[str, str]) -> Reply:
        """GET a list, with an optional filter and sort order."""
        settings = self._settings
        node = self._filter(kind, query.get("filter"))
        sort_path, descending = self._sorting(query)
        offset, size = self._page(query)
        with self._store.transaction():
            shown = self._context.staleness.listed(kind)
            if not shown and node is None and (sort_path is None or sort_path.key == NAME[kind].lower()):
                total = self._store.count(kind)
                page = self._renderer.many(kind, self._store.rows(
                    kind, sort_path is not None, descending, size, offset))
            else:
                matches = self._matches(kind, node, sort_path, descending, shown)
                total = len(matches)
                page = self._rendered(kind, matches[offset:offset + size])
        if node is not None and kind == USER and settings.filter_reply == "bare" and total <= 1:
            if not total:
                raise ApiError(404, "No user matches the filter")
            if page:
                return Reply(200, page[0])
        return Reply(200, {
            "count": len(page), "itemsPerPage": len(page) if settings.items_per_page == "count" else 0,
            "startIndex": offset + 1 if kind == USER or "startIndex" in query else 0,
            "schemas": [CORE] if kind == USER else [],
            "totalResults": len(page) if settings.total_results == "page" else total, settings.list_key: page})

    def _filter(self, kind: str, text: str | None) -> Node | None:
        mode = self._settings.user_filter if kind == USER else self._settings.group_filter
        if text is None or mode == "ignored":
            return None
        if mode == "400":
            raise ApiError(self._settings.filter_refusal, "Filtering is not supported")
        try:
            return parse(text)
        except FilterError as error:
            raise ApiError(400, str(error)) from error

    def _sorting(self, query: dict[str, str]) -> tuple[Path | None, bool]:
        order = query.get("sortOrder", "ascending").lower()
        if "sortBy" not in query or self._settings.sort_by == "ignored":
            return None, False
        if order not in ("ascending", "descending"):
            raise ApiError(400, "Invalid sortOrder: %s" % query["sortOrder"])
        return Path(query["sortBy"]), order == "descending"

    def _page(self, query: dict[str, str]) -> tuple[int, int]:
        """Return the number of resources before the page, and the maximum size of the page."""
        settings = self._settings
        offset = max(_number(query, "startIndex", 1), 1) - 1 if settings.start_index == "honored" else 0
        size = min(max(_number(query, "count", settings.default_page_size), 0), settings.max_page_size)
        return offset, min(size, settings.short_page) if settings.short_page else size

    def _matches(self, kind: str, node: Node | None, sort_path: Path | None, descending: bool,
                 shown: dict[str, dict[str, Any] | None]) -> list[Item]:
        """Return all resources that match a filter, sorted; shown: previous states by id, which replace the rows."""
        exact, literal = self._settings.filter_case == "exact", self._settings.filter_literal
        rows: Iterable[Row] = self._store.rows(kind) if shown or node is None else self._candidates(kind, node)
        names = (node.paths() if node else set()) | ({sort_path.names[0]} if sort_path else set())
        if names & _RENDERED:
            rows = list(rows)
            pairs: Iterable[tuple[Item, dict[str, Any]]] = zip(rows, self._renderer.many(kind, rows))
        else:
            pairs = ((row, row.body) for row in rows)
        found = _with_former(pairs, shown)
        if node is not None:
            found = [pair for pair in found if node.matches(pair[1], exact, literal)]
        if sort_path is not None:
            found = _sorted(found, sort_path, descending)
        return [item for item, body in found]

    def _candidates(self, kind: str, node: Node) -> Iterable[Row]:
        indexes = {**_INDEXES, NAME[kind].lower(): "name"}
        lookups = node.lookups(indexes)
        if lookups is None or self._settings.filter_literal == "regex":
            return self._store.rows(kind)
        rows = {row.id: row for path, text in lookups for row in self._store.find(kind, indexes[path], text)}
        return sorted(rows.values(), key=lambda row: row.seq)

    def _rendered(self, kind: str, items: list[Item]) -> list[dict[str, Any]]:
        fresh = iter(self._renderer.many(kind, [item for item in items if isinstance(item, Row)]))
        return [next(fresh) if isinstance(item, Row) else item for item in items]


def _with_former(pairs: Iterable[tuple[Item, dict[str, Any]]],
                 shown: dict[str, dict[str, Any] | None]) -> list[tuple[Item, dict[str, Any]]]:
    """Return resources with their representations, replaced by previous states (None: the resource did not exist)."""
    found: list[tuple[Item, dict[str, Any]]] = []
    left = dict(shown)
    for item, body in pairs:
        if body["id"] in left:
            before = left.pop(body["id"])
            if before is not None:
                found.append((before, before))
        else:
            found.append((item, body))
    return found + [(before, before) for before in left.values() if before is not None]


def _sorted(found: list[tuple[Item, dict[str, Any]]], path: Path,
            descending: bool) -> list[tuple[Item, dict[str, Any]]]:
    """Return resources sorted by a path. Those without a value are last, in descending order first."""
    having = [(key, pair) for key, pair in ((_sort_key(path, pair[1]), pair) for pair in found) if key is not None]
    missing = [pair for pair in found if _sort_key(path, pair[1]) is None]
    having.sort(key=lambda item: item[0], reverse=descending)
    ordered = [pair for key, pair in having]
    return missing + ordered if descending else ordered + missing


def _sort_key(path: Path, resource: dict[str, Any]) -> tuple[int, Any] | None:
    for value in path.values(resource):
        if isinstance(value, str):
            return (1, value.lower())
        if isinstance(value, (int, float)):
            return (0, value)
    return None


def _number(query: dict[str, str], name: str, default: int) -> int:
    try:
        return int(query.get(name, default))
    except ValueError as error:
        raise ApiError(400, "%s must be a number" % name) from error
