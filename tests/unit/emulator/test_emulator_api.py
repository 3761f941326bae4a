# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API over HTTP: credentials, errors, bodies, built-in groups, user actions."""

from __future__ import annotations

import json
import re

import pytest
import requests
from emulator_support import CORE, PINGONE, user

JSON = {"Content-Type": "application/json"}


def errors(response):
    """Return the status and texts of an error."""
    found = response.json()["Errors"]
    assert {item["code"] for item in found} == {str(response.status_code)}
    return response.status_code, [item["description"] for item in found]


def test_fresh_account(service, client):
    """A fresh account holds the two built-in groups and an administrator in both."""
    assert client.names() == ["admin@example.com"]
    assert client.names("group") == ["Users", "Domain Administrators"]
    state = service.dump()
    (admin,) = state["users"].values()
    assert [group["display"] for group in admin["groups"]] == ["Users", "Domain Administrators"]
    for group in state["groups"].values():
        assert group["members"] == [{"value": admin["id"], "type": "user", "display": "admin@example.com"}]


# Credentials

@pytest.mark.parametrize("auth", [None, ("demo-client", ""), ("", "demo-key"), ("demo-client", "demo-keY"),
                                  ("DEMO-CLIENT", "demo-key"), ("démo", "ключ")])
@pytest.mark.parametrize("method, path", [("GET", "/directory/user"), ("POST", "/directory/user"), ("GET", "/nowhere"),
                                          ("DELETE", "/directory/user"), ("POST", "/oauth/token")])
def test_wrong_credentials(client, auth, method, path):
    """A request with wrong credentials is refused."""
    client.auth = tuple(part.encode() for part in auth) if auth else None
    assert errors(client.request(method, path, json={})) == (401, ["Invalid credentials"])


@pytest.mark.parametrize("header", ["Bearer x", "Basic !", "Basic", ""])
def test_broken_credentials(service, header):
    """A request with malformed credentials is refused."""
    response = requests.get(service.base_url + "/directory/user", headers={"Authorization": header}, timeout=30)
    assert response.status_code == 401


# Paths and verbs

@pytest.mark.parametrize("method, path, status, allowed", [
    ("GET", "/directory", 404, None), ("GET", "/directory/users", 404, None), ("GET", "/directory/user/", 404, None),
    ("GET", "/directory/User", 404, None), ("GET", "/directory//user", 404, None), ("GET", "/v1/user", 404, None),
    ("GET", "/directory/user/a/b", 404, None), ("GET", "/directory/user/..%2Fgroup", 404, None),
    ("DELETE", "/directory/user", 405, "GET, HEAD, OPTIONS, POST"), ("PUT", "/directory/group", 405, None),
    ("POST", "/directory/user/1", 405, None), ("GET", "/oauth/token", 405, None),
    ("GET", "/directory/user/noaccount", 404, None), ("GET", "/directory/group/noaccount/users/count", 404, None)])
def test_paths(client, method, path, status, allowed):
    """Only documented paths and methods exist."""
    response = client.request(method, path, json={})
    assert errors(response)[0] == status
    assert allowed in (None, response.headers.get("Allow"))


def test_kinds_are_kept_apart(client):
    """The id of a user is not the id of a group."""
    made = client.add("user", **user("x"))
    assert client.get("/directory/group/" + made["id"]).status_code == 404
    assert client.delete("/directory/group/" + made["id"]).status_code == 404
    assert client.get("/directory/user/" + made["id"].upper()).json() == made


def test_head(client):
    """HEAD is GET without the body, and writes nothing."""
    for path in ("/directory/user", "/directory/user/noaccount"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.text) == (get.status_code, "")
        assert head.headers["Content-Length"] == get.headers["Content-Length"]


# Bodies

@pytest.mark.parametrize("content_type, status", [
    ("application/json", 200), ("application/json; charset=UTF-8", 200), ("APPLICATION/JSON", 200),
    ("text/plain", 415), ("application/scim+json", 415), ("application/x-www-form-urlencoded", 415), (None, 415)])
def test_content_type(client, content_type, status):
    """JSON needs the content type of JSON."""
    made = client.add("group", displayName="x")
    headers = {"Content-Type": content_type} if content_type else {}
    for method, path in (("POST", "/directory/user"), ("PUT", "/directory/group/" + made["id"]),
                         ("PATCH", "/directory/group/" + made["id"])):
        body = b'{"userName":"x","displayName":"y"}'
        assert client.request(method, path, data=body, headers=headers).status_code == status


@pytest.mark.parametrize("body", ["", "{", '{"userName":"x",}', "userName=x", '{"userName":"x"} x', '{"a":NaN}',
                                  '{"userName":"\\ud800"}', b'{"userName":"\xff"}', "[" * 100000])
def test_invalid_json(client, body):
    """A body that is not JSON is refused."""
    response = client.post("/directory/user", data=body, headers=JSON)
    assert errors(response) == (400, ["The body is not valid JSON"])


@pytest.mark.parametrize("body", [
    [], "x", None, 1, {}, {"userName": ""}, {"userName": " "}, {"userName": None}, {"userName": 1},
    {"displayName": "x"}, {"userName": "x", "active": "true"}, {"userName": "x", "active": None},
    {"userName": "x", "name": "Ann"}, {"userName": "x", "name": []}, {"userName": "x", "emails": "a@x"},
    {"userName": "x", "emails": {"value": "a@x"}}, {"userName": "x", "emails": [1]},
    {"userName": "x", "emails": [{"value": 1}]}, {"userName": "x", "title": 1}, {"userName": "x", "password": 1},
    {"userName": "x", "emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]},
    {"userName": "x", "schemas": CORE}, {"userName": "x", "schemas": [1]},
    {"userName": "x", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]},
    {"userName": "x", PINGONE: []}, {"userName": "x", PINGONE: {"passwordExpired": "true"}}])
def test_schema(service, client, body):
    """A body that violates the schema is refused and changes nothing."""
    made = client.add("user", **user("y"))
    before = service.dump()
    for method, path in (("POST", "/directory/user"), ("PUT", "/directory/user/" + made["id"])):
        assert errors(client.request(method, path, data=json.dumps(body), headers=JSON))[0] == 400
    assert service.dump() == before


@pytest.mark.parametrize("body", [
    [], {"members": "x"}, {"members": [1]}, {"members": [{}]}, {"members": [{"value": ""}]}, {"displayName": ""},
    {"members": [{"value": "x", "operation": "replace"}]}, {"members": [{"value": "x", "type": "Robot"}]},
    {"meta": {"attributes": "members"}}, {"meta": {"attributes": [1]}}, {"meta": {"attributes": ["displayName"]}},
    {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": []}])
def test_group_schema(service, client, body):
    """The same for groups, also with PATCH."""
    made = client.add("group", displayName="y")
    before = service.dump()
    assert errors(client.patch("/directory/group/" + made["id"], json=body))[0] == 400
    assert service.dump() == before


def test_read_only_attributes(client):
    """Read-only attributes in a body are ignored."""
    forged = {"id": "11111111-aaaa-4bbb-8ccc-000000000001", "meta": {"created": "x", "location": "y"},
              "groups": [{"value": "z"}], PINGONE: {"createTimeStamp": 1, "accountId": "x", "state": "LOCKED",
                                                    "lastLoginTime": 2}}
    made = client.add("user", **user("x", **forged))
    after = client.put("/directory/user/" + made["id"], json=user("x", **forged)).json()
    for shown in (made, after):
        assert shown["id"] != forged["id"]
        assert shown["meta"]["created"].startswith("20")
        assert shown["groups"][0]["display"] == "Users"
        assert shown[PINGONE]["createTimeStamp"] > 1500000000000
        assert shown[PINGONE]["state"] == "ACTIVE"
        assert "lastLoginTime" not in shown[PINGONE]
    assert made[PINGONE]["createTimeStamp"] == after[PINGONE]["createTimeStamp"]


def test_round_trip(client):
    """A PUT of a representation as read changes only the stamps."""
    made = client.add("user", **user("x", title="Boss", custom={"list": [1, 2.5, None, {"a": "b"}], "text": "ä\u2028"}))
    after = client.put("/directory/user/" + made["id"], json=made).json()
    for shown in (made, after):
        shown["meta"].pop("lastModified")
        shown[PINGONE].pop("lastModifiedTimeStamp")
    assert json.dumps(after, sort_keys=True) == json.dumps(made, sort_keys=True)


def test_unknown_option(service, client):
    """A user cannot be put into a group that does not exist."""
    response = client.post("/directory/user?option=nope", json=user("x"))
    assert errors(response) == (400, ["Group nope not found"])
    assert service.store.user_id("x") is None


def test_name_can_be_used_again(client):
    """The name of a deleted user is free."""
    made = client.add("user", **user("x", password="SomePassword"))
    assert client.delete("/directory/user/" + made["id"]).ok
    again = client.add("user", **user("x"))
    assert again["id"] != made["id"]


def test_second_group_of_a_built_in_name(client):
    """Only the built-in groups are read-only."""
    made = client.add("group", displayName="Domain Administrators")
    assert client.patch("/directory/group/" + made["id"], json={"displayName": "x"}).ok
    made = client.add("group", displayName="Users")
    assert client.delete("/directory/group/" + made["id"]).ok


def test_replacing_all_members(client):
    """meta.attributes removes all members before others are added."""
    one, two = (client.add("user", **user(name))["id"] for name in "xy")
    made = client.add("group", displayName="g", members=[{"value": one}])
    path = "/directory/group/" + made["id"]
    body = {"meta": {"attributes": ["members"]}, "members": [{"value": two}, {"value": one, "operation": "delete"}]}
    assert [item["value"] for item in client.patch(path, json=body).json()["members"]] == [two]


def test_failed_patch_changes_nothing(service, client):
    """A PATCH is done as a whole or not at all."""
    one = client.add("user", **user("x"))["id"]
    made = client.add("group", displayName="g")
    before = service.dump()
    body = {"displayName": "h", "members": [{"value": one}, {"value": "noaccount"}]}
    assert client.patch("/directory/group/" + made["id"], json=body).status_code == 400
    assert service.dump() == before


# Logins, mails, passwords

def log_in(client, name, password):
    """Return the status of a login."""
    form = {"grant_type": "password", "username": name, "password": password}
    return client.post("/oauth/token", data=form).status_code


def test_login(client):
    """A login succeeds or fails; the user shows the last successful one."""
    made = client.add("user", **user("Ann", password="good-password"))
    path = "/directory/user/" + made["id"]
    for name, password in (("Ann", "bad"), ("Ann", ""), ("noaccount", "good-password"), ("admin@example.com", "x")):
        assert log_in(client, name, password) == 400
    assert "lastLoginTime" not in client.get(path).json()[PINGONE]
    assert log_in(client, "ann", "good-password") == 200
    after = client.get(path).json()
    assert after[PINGONE]["lastLoginTime"] == after[PINGONE]["lastModifiedTimeStamp"]
    assert after[PINGONE]["lastLoginTime"] >= made[PINGONE]["lastModifiedTimeStamp"]
    client.put(path, json={**after, "active": False})
    assert log_in(client, "ann", "good-password") == 400
    assert client.get(path).json()[PINGONE]["lastLoginTime"] == after[PINGONE]["lastLoginTime"]


def test_login_request(client):
    """A login is sent as a form."""
    assert client.post("/oauth/token", json={}).status_code == 415
    for form in ({}, {"grant_type": "client_credentials"}, {"grant_type": "password", "username": "x"}):
        assert client.post("/oauth/token", data={"x": "y", **form}).status_code == 400


def test_password_lost_and_reset(service, client):
    """A lost password: the mail, its link, its token."""
    made = client.add("user", **user("x", password="former-password", **{PINGONE: {"passwordExpired": True}}))
    body = {"email": "X@example.org", "link": "https://example.org/"}
    response = client.post("/directory/users/password-lost", json=body)
    assert response.status_code == 200
    (mail,) = service.dump()["mails"]
    link = response.json()["link"]
    assert response.json() == {"link": link}
    assert mail == {"kind": "password-lost", "to": "X@example.org", "user": made["id"], "link": link, "request": body}
    token = re.fullmatch(r"https://login\.pingone\.com/.*/%s/([0-9a-f-]{36})/" % made["id"], link).group(1)
    reset = {"id": made["id"], "newPassword": "second-password", "confirmationToken": token}
    assert client.post("/directory/users/password-reset", json={**reset, "newPassword": "short"}).status_code == 400
    assert client.post("/directory/users/password-reset", json={**reset, "confirmationToken": "x"}).status_code == 400
    response = client.post("/directory/users/password-reset", json=reset)
    assert (response.status_code, response.text) == (200, "")
    assert service.dump()["passwords"][made["id"]] == "second-password"
    assert "passwordExpired" not in client.get("/directory/user/" + made["id"]).json()[PINGONE]
    assert client.post("/directory/users/password-reset", json=reset).status_code == 400


@pytest.mark.parametrize("skip, mails", [
    ({}, 1), ({"skipSend": "enabled"}, 0), ({"skipSend": True}, 1), ({"skipSend": "true"}, 1),
    ({"skipSend": "Enabled"}, 1)])
def test_skip_send(service, client, skip, mails):
    """Only the text "enabled" keeps mails from being sent."""
    client.add("user", **user("x"))
    for path in ("/directory/users/password-lost", "/directory/useractions/invite"):
        assert client.post(path, json={"email": "x@example.org", **skip}).status_code == 200
    assert len(service.dump()["mails"]) == 2 * mails


def test_password_reset_by_the_old_password(service, client):
    """The old password permits a new one."""
    made = client.add("user", **user("x", password="former-password"))
    reset = {"id": made["id"], "newPassword": "second-password"}
    path = "/directory/users/password-reset"
    for wrong in ({}, {"oldPassword": "x"}, {"oldPassword": "former-password", "confirmationToken": "x"}):
        assert client.post(path, json={**reset, **wrong}).status_code == 400
    assert client.post(path, json={**reset, "id": "noaccount", "oldPassword": "x"}).status_code == 404
    assert client.post(path, json={**reset, "oldPassword": "former-password"}).status_code == 200
    assert service.dump()["passwords"][made["id"]] == "second-password"


def test_administrators_reset_no_password_by_token(service, client):
    """Administrators cannot use a token."""
    assert client.post("/directory/users/password-lost", json={"email": "admin@example.com"}).ok
    admin = service.store.user_id("admin@example.com")
    token = service.store.token_of(admin, "reset")
    reset = {"id": admin, "newPassword": "second-password", "confirmationToken": token}
    assert client.post("/directory/users/password-reset", json=reset).status_code == 403


def test_password_lost_errors(client):
    """Unknown and missing addresses."""
    path = "/directory/users/password-lost"
    assert client.post(path, json={"email": "noaccount@example.org"}).status_code == 404
    for body in ({}, {"email": ""}, {"email": 1}, []):
        assert client.post(path, json=body).status_code == 400


def test_invite(service, client):
    """An invitation creates a user; another one invalidates the previous link."""
    body = {"email": "new@example.org", "alternateEmail": "other@example.org", "subject": "Hello"}
    response = client.post("/directory/useractions/invite", json=body)
    assert response.status_code == 200
    link = response.json()["value"]
    assert re.fullmatch(r"https://login\.pingone\.com/idp/directory/a/[^/]+/registration/confirm/[^/]+/[^/]+/", link)
    made = service.store.get_user(service.store.user_id("new@example.org"))
    assert (made["active"], made["groups"][0]["display"]) == (False, "Users")
    again = client.post("/directory/useractions/invite", json={"email": "new@example.org"}).json()["value"]
    assert again != link and again.split("/")[-3] == link.split("/")[-3] == made["id"]
    assert service.store.token_of(made["id"], "invite") in again
    assert [mail["to"] for mail in service.dump()["mails"]] == ["other@example.org", "new@example.org"]
    assert client.get("/_control/mails").json() == service.dump()["mails"]
    assert client.post("/directory/useractions/invite", json={}).status_code == 400


def test_stamps(client):
    """Both kinds of stamps are the same moment, meta in US mountain time."""
    from datetime import datetime
    made = client.add("user", **user("x"))
    for meta, extension in (("created", "createTimeStamp"), ("lastModified", "lastModifiedTimeStamp")):
        moment = datetime.fromisoformat(made["meta"][meta])
        assert round(moment.timestamp() * 1000) == made[PINGONE][extension]
        assert moment.utcoffset().total_seconds() in (-6 * 3600, -7 * 3600)
