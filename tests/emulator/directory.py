# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the service does with each request, free of HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import changes
from .attributes import CORE, PINGONE
from .errors import ApiError
from .filters import FilterError, Node, Path, parse
from .representations import Renderer, version_tag
from .settings import Settings
from .staleness import Staleness
from .store import ADMINISTRATORS_GROUP, GROUP, USER, USERS_GROUP, Row, Store, epoch_ms, mountain

# The paths by which the store finds resources without reading all, besides their names
_INDEXES = {"id": "id", "externalid": "external_id", "emails": "email", "emails.value": "email"}
_LOGIN_HOST = "https://login.pingone.com"


@dataclass
class Reply:
    """An answer: status, JSON value (None: no body), headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Directory:
    """The operations of the API, under the settings that hold for one request."""

    def __init__(self, store: Store, settings: Settings, staleness: Staleness, base_url: str) -> None:
        self._store = store
        self._settings = settings
        self._staleness = staleness
        self._renderer = Renderer(store, settings, base_url)

    # Reading

    def get(self, kind: str, resource_id: str) -> Reply:
        """GET of one resource."""
        with self._store.transaction():
            row = self._store.row(kind, resource_id)
            stale, before = self._staleness.got((kind, row.id if row else resource_id))
            if stale:
                if before is None:
                    raise _not_found(resource_id)
                version = before["meta"].get("version")
                return Reply(200, before, {"ETag": version} if version else {})
            return self._shown(200, self._existing(kind, resource_id))

    def count_users(self, group_id: str) -> Reply:
        """GET of the number of users in a group."""
        with self._store.transaction():
            return Reply(200, {"users": self._store.count_users(self._existing(GROUP, group_id).id)})

    def list(self, kind: str, query: dict[str, str]) -> Reply:
        """GET of a list, perhaps filtered and sorted."""
        settings = self._settings
        node = self._filter(kind, query.get("filter"))
        sort_path, descending = self._sorting(query)
        offset = max(_number(query, "startIndex", 1), 1) - 1 if settings.start_index == "honored" else 0
        size = min(max(_number(query, "count", settings.default_page_size), 0), settings.max_page_size)
        if settings.short_page:
            size = min(size, settings.short_page)
        with self._store.transaction():
            shown = self._staleness.listed(kind)
            plain = not shown and node is None and (sort_path is None or sort_path.key == _name_key(kind))
            if plain:
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
        first = offset + 1 if kind == USER or "startIndex" in query else 0
        return Reply(200, {
            "count": len(page), "itemsPerPage": len(page) if settings.items_per_page == "count" else 0,
            "startIndex": first, "schemas": [CORE] if kind == USER else [],
            "totalResults": len(page) if settings.total_results == "page" else total, settings.list_key: page})

    def _filter(self, kind: str, text: str | None) -> Node | None:
        mode = self._settings.user_filter if kind == USER else self._settings.group_filter
        if text is None or mode == "ignored":
            return None
        if mode == "400":
            raise ApiError(400, "Filtering is not supported")
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

    def _matches(self, kind: str, node: Node | None, sort_path: Path | None, descending: bool,
                 shown: dict[str, dict[str, Any] | None]) -> list[Row | dict[str, Any]]:
        """All that match, sorted, as rows, or where their state is an old one as representations."""
        exact = self._settings.filter_case == "exact"
        rows: Iterable[Row] = self._store.rows(kind) if shown or node is None else self._candidates(kind, node)
        names = (node.paths() if node else set()) | ({sort_path.names[0]} if sort_path else set())
        if names & {"groups", "members", "meta", "photos"}:
            rows = list(rows)
            pairs: Iterable[tuple[Any, dict]] = zip(rows, self._renderer.many(kind, rows))
        else:
            pairs = ((row, row.body) for row in rows)
        found: list[tuple[Any, dict[str, Any]]] = []
        left = dict(shown)
        for row, body in pairs:
            if row.id in left:
                before = left.pop(row.id)
                if before is not None:
                    found.append((before, before))
            else:
                found.append((row, body))
        found += [(before, before) for before in left.values() if before is not None]
        if node is not None:
            found = [pair for pair in found if node.matches(pair[1], exact)]
        if sort_path is not None:
            having = [(key, pair) for key, pair in ((_sort_key(sort_path, pair[1]), pair) for pair in found)
                      if key is not None]
            missing = [pair for pair in found if _sort_key(sort_path, pair[1]) is None]
            having.sort(key=lambda item: item[0], reverse=descending)
            ordered = [pair for key, pair in having]
            found = missing + ordered if descending else ordered + missing
        return [item for item, body in found]

    def _candidates(self, kind: str, node: Node) -> Iterable[Row]:
        indexes = {**_INDEXES, _name_key(kind): "name"}
        lookups = node.lookups(indexes)
        if lookups is None:
            return self._store.rows(kind)
        rows = {row.id: row for path, text in lookups for row in self._store.find(kind, indexes[path], text)}
        return sorted(rows.values(), key=lambda row: row.seq)

    def _rendered(self, kind: str, items: list[Row | dict[str, Any]]) -> list[dict[str, Any]]:
        fresh = iter(self._renderer.many(kind, [item for item in items if isinstance(item, Row)]))
        return [next(fresh) if isinstance(item, Row) else item for item in items]

    # Writing

    def create(self, kind: str, body: Any, option: str | None = None) -> Reply:
        """POST of a resource."""
        changes.check(kind, body, self._settings)
        with self._store.transaction():
            return self._create_user(body, option) if kind == USER else self._create_group(body)

    def _create_user(self, body: dict[str, Any], option: str | None) -> Reply:
        settings = self._settings
        twin = self._by_external_id(body.get("externalId"))
        if twin:
            if settings.external_id_upsert == "off":
                raise ApiError(settings.duplicate_user_status, "externalId %s is already in use" % body["externalId"])
            if settings.upsert_scope == "profile":
                body = {**body, "userName": twin.name, "password": None}
            return self._put_user(twin, body)
        if settings.require_email == "yes":
            changes.check_email(body)
        self._demand_free_name(body["userName"])
        group_id = self._first_group(option)
        password = body.get("password")
        if password is not None:
            changes.check_password(password, [], settings)
        user_id = self._store.put_user(changes.created(USER, body, settings), password)
        if group_id:
            self._wrote(GROUP, group_id)
            self._store.add_member(group_id, user_id)
            self._store.touch(GROUP, group_id)
        return self._created(USER, user_id)

    def _create_group(self, body: dict[str, Any]) -> Reply:
        self._demand_free_group(body["displayName"])
        group_id = self._store.put_group(changes.created(GROUP, body, self._settings))
        if self._settings.post_group_members == "honored":
            self._set_members(group_id, body.get("members") or [])
        return self._created(GROUP, group_id)

    def _created(self, kind: str, resource_id: str) -> Reply:
        self._staleness.wrote((kind, resource_id), None, self._settings.stale_lists, self._settings.stale_gets)
        row = self._existing(kind, resource_id)
        reply = self._shown(self._settings.create_status, row)
        if reply.status == 201:
            reply.headers["Location"] = self._renderer.location(row).replace("\n    ", "")
        return reply

    def _first_group(self, option: str | None) -> str | None:
        if option is None and self._settings.default_group == "off":
            return None
        if option in (None, "DEFAULT_USER_GROUP"):
            return self._store.group_id(USERS_GROUP)
        row = self._store.row(GROUP, option)
        if row is None:
            raise ApiError(400, "Group %s not found" % option)
        self._demand_writable(row)
        return row.id

    def replace(self, kind: str, resource_id: str, body: Any, if_match: str | None) -> Reply:
        """PUT of a resource."""
        with self._store.transaction():
            row = self._existing(kind, resource_id)
            changes.check(kind, body, self._settings)
            self._demand_version(row, if_match, self._settings.etag == "required")
            return self._put_user(row, body) if kind == USER else self._put_group(row, body)

    def _put_user(self, row: Row, body: dict[str, Any]) -> Reply:
        settings = self._settings
        self._demand_free_name(body["userName"], row.id)
        twin = self._by_external_id(body.get("externalId"))
        if twin and twin.id != row.id:
            raise ApiError(settings.duplicate_user_status, "externalId %s is already in use" % body["externalId"])
        self._wrote(USER, row.id)
        self._save_user(row, changes.replaced(USER, row.body, body, settings), body.get("password"))
        if settings.put_groups == "applied":
            self._set_groups(row.id, body.get("groups") or [])
        return self._put_reply(USER, row.id)

    def _save_user(self, row: Row, body: dict[str, Any], password: str | None) -> None:
        if password is not None:
            changes.check_password(password, self._store.passwords_of(row.id), self._settings)
        self._store.put_user(body, password)

    def _put_group(self, row: Row, body: dict[str, Any]) -> Reply:
        self._demand_writable(row)
        self._demand_free_group(body["displayName"], row.id)
        self._wrote(GROUP, row.id)
        self._store.put_group(changes.replaced(GROUP, row.body, body, self._settings))
        if "members" in body or self._settings.put_group_members == "empties":
            self._set_members(row.id, body.get("members") or [])
        return self._put_reply(GROUP, row.id)

    def _put_reply(self, kind: str, resource_id: str) -> Reply:
        reply = self._shown(200, self._existing(kind, resource_id))
        if self._settings.put_body == "empty":
            reply.body = None
        return reply

    def patch(self, kind: str, resource_id: str, body: Any, if_match: str | None) -> Reply:
        """PATCH of a resource."""
        if kind == USER and self._settings.patch_user == "501":
            raise ApiError(501, "PATCH of a user is not supported")
        with self._store.transaction():
            row = self._existing(kind, resource_id)
            changes.check(kind, body, self._settings, whole=False)
            self._demand_version(row, if_match, self._settings.etag == "required")
            if kind == USER:
                self._patch_user(row, body)
            else:
                self._patch_group(row, body)
            reply = self._shown(self._settings.patch_status, self._existing(kind, row.id))
        if reply.status == 204:
            reply.body = None
        return reply

    def _patch_user(self, row: Row, body: dict[str, Any]) -> None:
        if "userName" in body:
            self._demand_free_name(body["userName"], row.id)
        result = changes.patched(USER, row.body, body, self._settings)
        changes.check(USER, result, self._settings)
        twin = self._by_external_id(result.get("externalId"))
        if twin and twin.id != row.id:
            raise ApiError(self._settings.duplicate_user_status,
                           "externalId %s is already in use" % result["externalId"])
        self._wrote(USER, row.id)
        self._save_user(row, result, body.get("password"))

    def _patch_group(self, row: Row, body: dict[str, Any]) -> None:
        settings = self._settings
        self._demand_writable(row)
        members = body.get("members") or []
        if settings.patch_max_members and len(members) > settings.patch_max_members:
            raise ApiError(413, "More than %d members in one request" % settings.patch_max_members)
        if "displayName" in body:
            if settings.patch_group_name == "501":
                raise ApiError(501, "PATCH of displayName is not supported")
            self._demand_free_group(body["displayName"], row.id)
        self._wrote(GROUP, row.id)
        result = changes.patched(GROUP, row.body, body, settings)
        changes.check(GROUP, result, settings)
        emptied = any(path.lower() == "members" for path in changes.removals(body))
        if emptied:
            for member_id in self._store.member_ids(row.id):
                self._remove_member(row.id, member_id)
        for item in members:
            member_id, kind, operation = _member(item)
            if operation != "delete":
                self._add_member(row.id, member_id, kind)
            elif not emptied:
                removed = self._remove_member(row.id, member_id)
                if not removed and settings.patch_delete_absent == 400:
                    raise ApiError(400, "%s is not a member of the group" % member_id)
        self._store.put_group(result)

    def delete(self, kind: str, resource_id: str, if_match: str | None) -> Reply:
        """DELETE of a resource."""
        with self._store.transaction():
            row = self._store.row(kind, resource_id)
            if row is None:
                if self._settings.delete_missing_status == 200:
                    return Reply(200)
                raise _not_found(resource_id)
            self._demand_version(row, if_match, False)
            if kind == GROUP and row.name in (USERS_GROUP, ADMINISTRATORS_GROUP) and self._built_in(row):
                raise ApiError(self._settings.read_only_status, "Group %s cannot be deleted" % row.name)
            self._wrote(kind, row.id)
            cascade = self._settings.delete_members == "cascade"
            if cascade:
                for group in self._store.groups_of([row.id])[row.id]:
                    self._wrote(GROUP, group[0])
                    self._store.touch(GROUP, group[0])
            if kind == GROUP:
                for member in self._store.members_of([row.id])[row.id]:
                    self._wrote(member[1], member[0])
            self._store.delete(kind, row.id, cascade)
            return Reply(self._settings.delete_status)

    # Memberships

    def _set_members(self, group_id: str, items: list[Any]) -> None:
        wanted = [_member(item) for item in items]
        keep = {member_id for member_id, kind, operation in wanted if operation != "delete"}
        for member_id in self._store.member_ids(group_id):
            if member_id not in keep:
                self._remove_member(group_id, member_id)
        for member_id, kind, operation in wanted:
            if operation != "delete":
                self._add_member(group_id, member_id, kind)

    def _set_groups(self, user_id: str, items: list[Any]) -> None:
        wanted = {item["value"] if isinstance(item, dict) else item for item in items
                  if not isinstance(item, dict) or "value" in item}
        have = {group_id for group_id, name in self._store.groups_of([user_id])[user_id]}
        for group_id in sorted(wanted ^ have):
            row = self._store.row(GROUP, group_id)
            if row is None or (row.name == ADMINISTRATORS_GROUP and self._built_in(row)):
                continue
            self._wrote(GROUP, group_id)
            if group_id in wanted:
                self._store.add_member(group_id, user_id)
            else:
                self._store.remove_member(group_id, user_id)
            self._store.touch(GROUP, group_id)

    def _add_member(self, group_id: str, member_id: str, kind: str) -> None:
        known = self._store.kind_of(member_id)
        if known is None:
            mode = self._settings.patch_unknown_member
            if mode == "400" and not self._store.is_member(group_id, member_id):
                raise ApiError(400, "Member %s not found" % member_id)
            if mode == "ignored":
                return
        elif not self._store.is_member(group_id, member_id):
            self._wrote(known, member_id)
        self._store.add_member(group_id, member_id, kind)

    def _remove_member(self, group_id: str, member_id: str) -> bool:
        if not self._store.is_member(group_id, member_id):
            return False
        known = self._store.kind_of(member_id)
        if known:
            self._wrote(known, member_id)
        return self._store.remove_member(group_id, member_id)

    # User actions

    def log_in(self, user_name: str, password: str) -> Reply:
        """A login: 200 when it is good."""
        with self._store.transaction():
            rows = self._store.find(USER, "name", user_name)
            row = next((row for row in rows if row.name == user_name), rows[0] if rows else None)
            known = self._store.passwords_of(row.id) if row else []
            if row is None or not row.body["active"] or known[-1:] != [password]:
                raise ApiError(400, "invalid_grant: Bad credentials")
            self._wrote(USER, row.id)
            now = epoch_ms()
            row.body[PINGONE].update(lastLoginTime=now, lastModifiedTimeStamp=now)
            row.body["meta"]["lastModified"] = mountain(now)
            self._store.put(USER, row.body, stamps=(now, mountain(now)))
        return Reply(200, {"access_token": "%s-%d" % (row.id, now), "token_type": "bearer", "expires_in": 3599})

    def password_lost(self, body: Any) -> Reply:
        """Start of a password reset by e-mail."""
        _demand_texts(body, "email")
        with self._store.transaction():
            rows = self._store.find(USER, "email", body["email"])
            if not rows:
                raise ApiError(404, "No user has the e-mail address %s" % body["email"])
            link = self._link(rows[0], "password/reset", self._store.new_token(rows[0].id, "reset"))
            self._send("password-lost", body, body["email"], rows[0], link)
        return Reply(200, {"link": link})

    def password_reset(self, body: Any) -> Reply:
        """A new password, by the old one or by the token of a mail."""
        _demand_texts(body, "id", "newPassword")
        with self._store.transaction():
            row = self._existing(USER, body["id"])
            token, old = body.get("confirmationToken"), body.get("oldPassword")
            if (token is None) == (old is None):
                raise ApiError(400, "Either oldPassword or confirmationToken is required")
            passwords = self._store.passwords_of(row.id)
            if token is not None:
                administrators = self._store.group_id(ADMINISTRATORS_GROUP)
                if administrators and self._store.is_member(administrators, row.id):
                    raise ApiError(403, "Administrators cannot reset their password by token")
                if token != self._store.token_of(row.id, "reset"):
                    raise ApiError(400, "Invalid confirmationToken")
            elif passwords[-1:] != [old]:
                raise ApiError(400, "Invalid oldPassword")
            changes.check_password(body["newPassword"], passwords, self._settings)
            self._wrote(USER, row.id)
            row.body[PINGONE].pop("passwordExpired", None)
            self._store.put_user(row.body, body["newPassword"])
            self._store.drop_token(row.id, "reset")
        return Reply(200)

    def invite(self, body: Any) -> Reply:
        """An invitation by e-mail; a new user is made unless the address is known."""
        _demand_texts(body, "email")
        email = body["email"]
        with self._store.transaction():
            rows = self._store.find(USER, "email", email)
            if not rows:
                self._demand_free_name(email)
                user = {"userName": email, "active": False, "emails": [{"type": "work", "value": email}],
                        PINGONE: {"state": "INVITED"}}
                user_id = self._store.put_user(user)
                group_id = self._first_group(None)
                if group_id:
                    self._wrote(GROUP, group_id)
                    self._store.add_member(group_id, user_id)
                    self._store.touch(GROUP, group_id)
                self._staleness.wrote((USER, user_id), None, self._settings.stale_lists, self._settings.stale_gets)
                rows = [self._existing(USER, user_id)]
            link = self._link(rows[0], "registration/confirm", self._store.new_token(rows[0].id, "invite"))
            self._send("invite", body, body.get("alternateEmail") or email, rows[0], link)
        return Reply(200, {"value": link})

    def _link(self, row: Row, folder: str, token: str) -> str:
        return "%s/idp/directory/a/%s/%s/%s/%s/" % (_LOGIN_HOST, self._store.account_id, folder, row.id, token)

    def _send(self, kind: str, body: dict[str, Any], address: str, row: Row, link: str) -> None:
        if body.get("skipSend") != "enabled":
            self._store.add_mail({"kind": kind, "to": address, "user": row.id, "link": link, "request": body})

    # Common parts

    def _existing(self, kind: str, resource_id: str) -> Row:
        row = self._store.row(kind, resource_id)
        if row is None:
            raise _not_found(resource_id)
        return row

    def _shown(self, status: int, row: Row) -> Reply:
        headers = {} if self._settings.etag == "none" else {"ETag": version_tag(row)}
        return Reply(status, self._renderer.one(row), headers)

    def _wrote(self, kind: str, resource_id: str) -> None:
        """To be called before a resource is changed."""
        lists, gets = self._settings.stale_lists, self._settings.stale_gets
        if lists or gets:
            row = self._store.row(kind, resource_id)
            if row:
                self._staleness.wrote((kind, row.id), self._renderer.one(row), lists, gets)

    def _by_external_id(self, external_id: str | None) -> Row | None:
        if not external_id:
            return None
        rows = self._store.find(USER, "external_id", external_id)
        return next((row for row in rows if row.body["externalId"] == external_id), None)

    def _demand_free_name(self, user_name: str, own_id: str | None = None) -> None:
        exact = self._settings.user_name_unique == "exact"
        for row in self._store.find(USER, "name", user_name):
            if row.id != own_id and (row.name == user_name or not exact):
                raise ApiError(self._settings.duplicate_user_status, "userName %s is already in use" % user_name)

    def _demand_free_group(self, display_name: str, own_id: str | None = None) -> None:
        if self._settings.duplicate_group == "409":
            if any(row.id != own_id for row in self._store.find(GROUP, "name", display_name)):
                raise ApiError(409, "displayName %s is already in use" % display_name)

    def _built_in(self, row: Row) -> bool:
        """Whether a group of a built-in name is the built-in one: the first of that name."""
        return self._store.group_id(row.name) == row.id

    def _demand_writable(self, row: Row) -> None:
        if row.name == ADMINISTRATORS_GROUP and self._built_in(row):
            raise ApiError(self._settings.read_only_status, "Group %s is read-only" % row.name)

    def _demand_version(self, row: Row, if_match: str | None, demanded: bool) -> None:
        if self._settings.etag == "none":
            return
        if if_match is None:
            if demanded:
                raise ApiError(self._settings.etag_conflict_status, "If-Match is required")
        elif if_match.strip() != "*" and version_tag(row) not in [tag.strip() for tag in if_match.split(",")]:
            raise ApiError(self._settings.etag_conflict_status, "Resource %s was changed meanwhile" % row.id)


def _not_found(resource_id: str) -> ApiError:
    return ApiError(404, "Resource %s not found" % resource_id)


def _name_key(kind: str) -> str:
    return "username" if kind == USER else "displayname"


def _number(query: dict[str, str], name: str, default: int) -> int:
    try:
        return int(query.get(name, default))
    except ValueError as error:
        raise ApiError(400, "%s must be a number" % name) from error


def _sort_key(path: Path, resource: dict[str, Any]) -> tuple | None:
    for value in path.values(resource):
        if isinstance(value, str):
            return (1, value.lower())
        if isinstance(value, (int, float)):
            return (0, value)
    return None


def _member(item: Any) -> tuple[str, str, str]:
    if isinstance(item, str):
        item = {"value": item}
    if not item.get("value"):
        raise ApiError(400, "A member has no value")
    operation = str(item.get("operation", "add")).lower()
    if operation not in ("add", "delete"):
        raise ApiError(400, "Unknown operation: %s" % item["operation"])
    kind = str(item.get("type", USER)).lower()
    if kind not in (USER, GROUP):
        raise ApiError(400, "Unknown type of member: %s" % item["type"])
    return item["value"], kind, operation


def _demand_texts(body: Any, *names: str) -> None:
    if not isinstance(body, dict):
        raise ApiError(400, "The body is not a JSON object")
    for name in names:
        if not isinstance(body.get(name), str) or not body[name]:
            raise ApiError(400, "%s is required" % name)
