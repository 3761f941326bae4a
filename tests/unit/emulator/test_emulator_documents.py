# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exchanges of the vendor's pages, replayed: requests as documented, answers equal in every documented key.

Typing errors of the pages are mended: curly quotes, a missing quote, a stray comma, a duplicate key, a line break in
an address.
"""

from __future__ import annotations

import re

import pytest
from emulator_support import CORE, PINGONE

MEREDITH_ID = "a7d67610-ceb5-4350-ba5a-746472c4f1f7"
USERS_ID = "0b854f8d-a291-4e95-ad4b-68474a666e55"
DEVELOPERS_ID = "7c513a7e-55d4-441c-858c-7329e6268084"
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}

CREATE_USER = """{
"schemas":["urn:scim:schemas:core:1.0"],
"userName":"marcher",
"password":"2Federate",
"active":true,
"name":{ "familyName":"Archer", "givenName":"Meredith" },
"emails": [ { "type": "work", "value": "meredith.archer@pingdevelopers.com" }]
}"""

CREATED_USER = {
    "id": MEREDITH_ID,
    "schemas": ["urn:scim:schemas:core:1.0", "urn:scim:schemas:com_pingone:1.0"],
    "urn:scim:schemas:com_pingone:1.0": {
        "createTimeStamp": 1429123454227,
        "accountId": "a6538050-412a-4bca-a44d-07deb4b073a8",
        "lastModifiedTimeStamp": 1429123454227,
        "directoryId": "90b3dfe3-f8d0-45ad-8c04-047c88b03137",
        "state": "ACTIVE"},
    "name": {"familyName": "Archer", "givenName": "Meredith"},
    "userName": "marcher",
    "active": True,
    "emails": [{"value": "meredith.archer@pingdevelopers.com", "type": "work"}],
    "meta": {
        "lastModified": "2015-04-15T12:44:14.227-06:00",
        "location": "https://directory-api.pingone.com/api/directory/user/" + MEREDITH_ID,
        "created": "2015-04-15T12:44:14.227-06:00"},
    "groups": [{"display": "Users", "value": USERS_ID}]}

CREATE_GROUP = """ {
"schemas":["urn:scim:schemas:core:1.0"],
"displayName":"Software Developers" }"""

CREATED_GROUP = {
    "id": DEVELOPERS_ID,
    "displayName": "Software Developers",
    "schemas": ["urn:scim:schemas:core:1.0", "urn:scim:schemas:com_pingone:1.0"],
    "meta": {
        "lastModified": "2015-04-16T10:08:22.324-06:00",
        "created": "2015-04-16T10:08:22.324-06:00",
        "location": "https://directory-api.pingone.com/api/directory/group/" + DEVELOPERS_ID},
    "urn:scim:schemas:com_pingone:1.0": {
        "createTimeStamp": 1429200502324,
        "lastModifiedTimeStamp": 1429200502324,
        "accountId": "a6538050-412a-4bca-a44d-07deb4b073a8",
        "directoryId": "90b3dfe3-f8d0-45ad-8c04-047c88b03137"}}

UPDATE_USER = """{
"id":"a7d67610-ceb5-4350-ba5a-746472c4f1f7",
"schemas":[ "urn:scim:schemas:core:1.0", "urn:scim:schemas:com_pingone:1.0" ],
"urn:scim:schemas:com_pingone:1.0":{
"createTimeStamp":1429123454227,
"accountId":"a6538050-412a-4bca-a44d-07deb4b073a8",
"lastModifiedTimeStamp":1429123454227,
"directoryId":"90b3dfe3-f8d0-45ad-8c04-047c88b03137",
"state":"ACTIVE" },
"name":{ "familyName":"Archer", "givenName":"Meredith" },
"userName":"marcher",
"title":"Software Developer",
"active":true,
"emails":[{"value":"meredith.archer@pingdevelopers.com","type":"work" }],
"meta":{
"lastModified":"2015-04-15T12:44:14.227-06:00",
"location":"https://directory-api.pingone.com%s/user/a7d67610-ceb5-4350-ba5a-746472c4f1f7",
"created":"2015-04-15T12:44:14.227-06:00" },
"groups":[{ "display":"Users", "value":"0b854f8d-a291-4e95-ad4b-68474a666e55" }]
}"""

ADD_MEMBER = '{ "members" : [{ "value" : "a7d67610-ceb5-4350-ba5a-746472c4f1f7", "type" : "User" }] }'
REMOVE_MEMBER = """{ "members" : [{ "value" : "a7d67610-ceb5-4350-ba5a-746472c4f1f7", "type" : "User",
"operation" : "delete"
}] }"""

# Made by the service: only the shape is comparable
SHAPES = {
    "id": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "accountId": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "directoryId": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "created": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[67]:00",
    "lastModified": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}-0[67]:00",
}

# The pages of today and those of 2020 differ in the addresses they show
GENERATIONS = pytest.mark.parametrize("location, folder", [("api", "/api/directory"), ("v1", "/v1")])


def assert_alike(answer, documented, service, folder, path=""):
    """Compare an answer with the documented one."""
    if isinstance(documented, dict):
        assert set(answer) == set(documented), path
        for key, value in documented.items():
            assert_alike(answer[key], value, service, folder, "%s/%s" % (path, key))
        return
    key = path.rpartition("/")[2]
    if key in SHAPES:
        assert re.fullmatch(SHAPES[key], answer), path
    elif key.endswith("TimeStamp"):
        assert type(answer) is type(documented) is int and len(str(answer)) == len(str(documented)), path
    elif key == "location":
        host = service.base_url[:-len("/api")]
        assert re.fullmatch(re.escape(host + folder) + "/(user|group)/" + SHAPES["id"], answer), path
    elif key == "groups":
        assert [set(item) for item in answer] == [set(item) for item in documented]
        assert [item["display"] for item in answer] == [item["display"] for item in documented]
    else:
        assert answer == documented, path


def assert_documented(response, documented, service, folder):
    """Compare status, content type and body with the documented answer."""
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert_alike(response.json(), documented, service, folder)


@pytest.mark.parametrize("query", ["?option=DEFAULT_USER_GROUP", ""])
@GENERATIONS
def test_create_user(service, client, location, folder, query):
    """Creating a User; the older page shows it without the option."""
    service.configure(location=location)
    response = client.post("/directory/user" + query, data=CREATE_USER, headers=HEADERS)
    assert_documented(response, CREATED_USER, service, folder)
    made = response.json()
    assert made["meta"]["location"].endswith("/user/" + made["id"])
    assert service.store.passwords() == {**service.store.passwords(), made["id"]: "2Federate"}


def test_create_user_must_change_password(service, client):
    """passwordExpired is set on creation and shown in the extension."""
    body = CREATE_USER.replace('"active"', '"%s":{"passwordExpired": true}, "active"' % PINGONE)
    response = client.post("/directory/user?option=DEFAULT_USER_GROUP", data=body, headers=HEADERS)
    documented = {**CREATED_USER, PINGONE: {**CREATED_USER[PINGONE], "passwordExpired": True}}
    assert_documented(response, documented, service, "/api/directory")


def test_create_user_in_another_group(client):
    """option=<UUID> replaces the default group."""
    group = client.add("group", displayName="Software Developers")
    response = client.post("/directory/user?option=" + group["id"], data=CREATE_USER, headers=HEADERS)
    assert response.json()["groups"] == [{"display": "Software Developers", "value": group["id"]}]


def test_create_user_with_known_external_id(service, client):
    """A POST with an externalId in use is an update."""
    first = client.add("user", userName="one", externalId="hr:42", title="Boss")
    response = client.post("/directory/user", json={"userName": "two", "externalId": "hr:42"})
    assert response.status_code == 200
    assert response.json()["id"] == first["id"]
    assert response.json()["userName"] == "two"
    assert "title" not in response.json()
    assert len(service.dump()["users"]) == 2


@GENERATIONS
def test_create_group(service, client, location, folder):
    """Creating a Group; the answer has no members."""
    service.configure(location=location)
    response = client.post("/directory/group", data=CREATE_GROUP, headers=HEADERS)
    assert_documented(response, CREATED_GROUP, service, folder)


@GENERATIONS
def test_update_user(service, client, location, folder):
    """Updating a Resource by PUT."""
    service.configure(location=location)
    service.seed(users=[{"id": MEREDITH_ID, "userName": "marcher", "active": True, "password": "2Federate",
                         "name": {"familyName": "Archer", "givenName": "Meredith"},
                         "emails": [{"value": "meredith.archer@pingdevelopers.com", "type": "work"}]}])
    service.store.add_member(service.store.group_id("Users"), MEREDITH_ID)
    before = client.get("/directory/user/" + MEREDITH_ID).json()
    response = client.put("/directory/user/" + MEREDITH_ID, data=UPDATE_USER % folder, headers=HEADERS)
    assert_documented(response, {**CREATED_USER, "title": "Software Developer"}, service, folder)
    after = response.json()
    assert after["id"] == MEREDITH_ID
    assert after["meta"]["created"] == before["meta"]["created"]
    assert after["meta"]["lastModified"] >= before["meta"]["lastModified"]
    assert after[PINGONE]["createTimeStamp"] == before[PINGONE]["createTimeStamp"] != 1429123454227
    assert after["groups"] == before["groups"]
    assert client.get("/directory/user/" + MEREDITH_ID).json() == after
    assert service.dump()["passwords"][MEREDITH_ID] == "2Federate"


def test_update_missing_user(client):
    """Updating a missing resource is a 404."""
    response = client.put("/directory/user/" + MEREDITH_ID, data=UPDATE_USER % "/v1", headers=HEADERS)
    assert response.status_code == 404
    assert response.json() == {"Errors": [{"description": "Resource %s not found" % MEREDITH_ID, "code": "404"}]}


def test_membership(service, client):
    """The PATCH operation: adding Meredith to the Software Developers and removing her."""
    service.seed(users=[{"id": MEREDITH_ID, "userName": "marcher"}],
                 groups=[{"id": DEVELOPERS_ID, "displayName": "Software Developers"}])
    path = "/directory/group/" + DEVELOPERS_ID
    response = client.patch(path, data=ADD_MEMBER, headers=HEADERS)
    member = {"value": MEREDITH_ID, "type": "user", "display": "marcher"}
    assert response.status_code == 200
    assert response.json()["members"] == [member]
    assert_alike(response.json(), {**CREATED_GROUP, "members": [member]}, service, "/api/directory")
    again = client.patch(path, data=ADD_MEMBER, headers=HEADERS)
    assert again.json()["members"] == [member]
    assert client.get(path + "/users/count").json() == {"users": 1}
    response = client.patch(path, data=REMOVE_MEMBER, headers=HEADERS)
    assert_documented(response, CREATED_GROUP, service, "/api/directory")
    assert client.get(path + "/users/count").json() == {"users": 0}


@pytest.mark.parametrize("kind", ["user", "group"])
def test_actions(client, kind):
    """Directory Actions: GET reads and queries, POST creates, PUT replaces, PATCH changes, DELETE deletes."""
    name = "userName" if kind == "user" else "displayName"
    made = client.add(kind, **{name: "x"})
    path = "/directory/%s/%s" % (kind, made["id"])
    assert client.get(path).json() == made
    assert made in client.get("/directory/" + kind).json()["resources"]
    assert client.put(path, json={name: "y", "externalId": "1"}).json()["externalId"] == "1"
    patched = client.patch(path, json={name: "z"}).json()
    assert (patched[name], patched["externalId"]) == ("z", "1")
    response = client.delete(path)
    assert (response.status_code, response.text) == (200, "")
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert client.request(method, path, json={name: "z"}).status_code == 404


def test_lists_as_recorded(client):
    """The envelopes of lists, as recorded."""
    users = client.get("/directory/user").json()
    assert len(users.pop("resources")) == 1
    assert users == {"count": 1, "itemsPerPage": 0, "startIndex": 1, "schemas": [CORE], "totalResults": 1}
    groups = client.get("/directory/group").json()
    assert len(groups.pop("resources")) == 2
    assert groups == {"count": 2, "itemsPerPage": 0, "startIndex": 0, "schemas": [], "totalResults": 2}
