# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each switch with each of its values."""

from __future__ import annotations

import json
import socket
import time
from email.utils import parsedate_to_datetime

import pytest
from emulator_support import CORE, ENTERPRISE, INTERNAL, PINGONE, Settings, switches, user
from hypothesis import given
from hypothesis import strategies as st

from soak.depth import bounded

TESTED = set()


def each(name):
    """Run a test with each value of a switch, set on the service."""
    TESTED.add(name)
    values = switches()[name].values

    def decorate(function):
        return pytest.mark.parametrize("switched", [(name, value) for value in values], indirect=True,
                                       ids=[str(value) or "none" for value in values])(function)
    return decorate


@pytest.fixture
def switched(request, service):
    """Return the value of the switch."""
    name, value = request.param
    assert getattr(service.settings, name) == switches()[name].values[0], "the first value is the default"
    service.configure(**{name: value})
    return value


def test_every_switch_is_tested():
    """A new switch needs a test below."""
    assert TESTED == set(switches()) == set(Settings().as_dict()) == set(Settings.choices())


# Setting them

@pytest.mark.parametrize("changes", [
    {"create_status": 202}, {"create_status": "x"}, {"no_such_switch": 1}, {"short_page": -1}, {"short_page": "x"},
    {"short_page": True}, {"short_page": None}, {"put_groups": ""}, {"put_groups": None}, {"put_groups": True},
    {"enabled_attributes": "titel"}, {"required_attributes": 1}])
def test_wrong_settings(service, changes):
    """Unknown names and values are refused and change nothing."""
    before = service.settings
    with pytest.raises(ValueError):
        service.configure(put_body="empty", **changes)
    assert service.settings is before


def test_spellings():
    """Numbers can be text; yes and no can be booleans."""
    settings = Settings(create_status="201", etag="none", challenge=False, require_email=True, default_group=False,
                        user_filter=400, short_page="7")
    assert (settings.create_status, settings.challenge, settings.require_email, settings.default_group,
            settings.user_filter, settings.short_page) == (201, "no", "yes", "off", "400", 7)
    with pytest.raises(ValueError):
        Settings(create_status=500)


# Creating

@each("create_status")
def test_create_status(client, switched):
    for kind, body in (("user", user("x")), ("group", {"displayName": "x"})):
        response = client.post("/directory/" + kind, json=body)
        assert response.status_code == switched
        location = response.json()["meta"]["location"] if switched == 201 else None
        assert response.headers.get("Location") == location


@each("duplicate_user_status")
def test_duplicate_user_status(client, switched):
    client.add("user", **user("x"))
    other = client.add("user", **user("y", externalId="1"))
    assert client.post("/directory/user", json=user("x")).status_code == switched
    assert client.put("/directory/user/" + other["id"], json=user("x")).status_code == switched
    third = client.add("user", **user("z"))
    response = client.put("/directory/user/" + third["id"], json=user("z", externalId="1"))
    assert response.status_code == switched
    assert client.patch("/directory/user/" + third["id"], json={"externalId": "1"}).status_code == switched
    assert client.patch("/directory/user/" + third["id"], json={"userName": "x"}).status_code == switched


@each("user_name_unique")
def test_user_name_unique(client, switched):
    client.add("user", **user("Jörg"))
    assert client.post("/directory/user", json=user("Jörg")).status_code == 409
    assert client.post("/directory/user", json=user("jÖRG")).status_code == (409 if switched == "ignore" else 200)


@each("require_email")
def test_require_email(client, switched):
    for emails in ({}, {"emails": []}, {"emails": [{"type": "work"}]}):
        response = client.post("/directory/user", json={"userName": "x%d" % len(str(emails)), **emails})
        assert response.status_code == (400 if switched == "yes" else 200)
    for emails in ([{"value": "a@example.org"}], ["b@example.org"]):
        assert client.post("/directory/user", json={"userName": str(emails), "emails": emails}).ok


@each("required_attributes")
def test_required_attributes(client, switched):
    status = 400 if switched else 200
    assert client.post("/directory/user", json={"userName": "x"}).status_code == status
    made = client.add("user", **user("y"))
    assert client.put("/directory/user/" + made["id"], json={"userName": "y"}).status_code == status
    response = client.patch("/directory/user/" + made["id"], json={"meta": {"attributes": ["name"]}})
    assert response.status_code == status


@each("default_group")
def test_default_group(client, switched):
    names = ["Users"] if switched == "on" else []
    assert [group["display"] for group in client.add("user", **user("x")).get("groups", [])] == names
    response = client.post("/directory/user?option=DEFAULT_USER_GROUP", json=user("y"))
    assert [group["display"] for group in response.json()["groups"]] == ["Users"]


@each("post_active")
def test_post_active(client, switched):
    made = client.add("user", **user("x", active=False))
    assert made["active"] is (switched == "ignored")
    assert made[PINGONE]["state"] == ("ACTIVE" if switched == "ignored" else "DISABLED")


@each("external_id_upsert")
def test_external_id_upsert(service, client, switched):
    made = client.add("user", **user("x", externalId="1"))
    response = client.post("/directory/user", json=user("y", externalId="1"))
    if switched == "on":
        assert (response.status_code, response.json()["id"], response.json()["userName"]) == (200, made["id"], "y")
        service.configure(create_status=201)
        assert client.post("/directory/user", json=user("y", externalId="1")).status_code == 200
    else:
        assert response.status_code == 409
    assert len(client.names()) == 2
    assert client.post("/directory/user", json=user("z", externalId="1 ")).json()["id"] != made["id"]


@each("upsert_scope")
def test_upsert_scope(service, client, switched):
    made = client.add("user", **user("x", externalId="1", password="FormerPass1", title="Boss"))
    response = client.post("/directory/user", json=user("y", externalId="1", password="SecondPass1", nickName="N"))
    assert response.json()["nickName"] == "N"
    assert "title" not in response.json()
    assert response.json()["userName"] == ("y" if switched == "all" else "x")
    assert service.dump()["passwords"][made["id"]] == ("SecondPass1" if switched == "all" else "FormerPass1")


# Replacing

@each("put_omitted")
def test_put_omitted(client, switched):
    given = user("x", title="Boss", externalId="1", custom={"a": 1}, **{PINGONE: {"passwordExpired": True}})
    made = client.add("user", **given)
    path = "/directory/user/" + made["id"]
    after = client.put(path, json={"userName": "y", "active": False}).json()
    kept = switched == "kept"
    for key in ("title", "externalId", "custom", "name", "emails"):
        assert after.get(key) == (made[key] if kept else None), key
    assert after[PINGONE].get("passwordExpired") == (True if kept else None)
    assert (after["userName"], after["active"], after["id"]) == ("y", False, made["id"])
    # Attributes of the service itself are never lost
    assert client.put(path, json={"userName": "y"}).json()["active"] is False


@each("put_empty")
def test_put_empty(client, switched):
    made = client.add("user", **user("x", title="Boss", custom=["a"]))
    body = {**made, "title": "", "custom": [], "name": {"givenName": "", "familyName": "Doe"}, "nickName": ""}
    after = client.put("/directory/user/" + made["id"], json=body).json()
    seen = {key: after.get(key) for key in ("title", "custom", "name", "nickName")}
    assert seen == {
        "clears": {"title": None, "custom": None, "name": {"familyName": "Doe"}, "nickName": None},
        "kept": {"title": "Boss", "custom": ["a"], "name": {"givenName": "Ann", "familyName": "Doe"},
                 "nickName": None},
        "stored": {"title": "", "custom": [], "name": {"givenName": "", "familyName": "Doe"}, "nickName": ""},
    }[switched]
    # null always clears
    assert "title" not in client.put("/directory/user/" + made["id"], json={**made, "title": None}).json()


@each("put_groups")
def test_put_groups(service, client, switched):
    one = client.add("group", displayName="one")
    made = client.add("user", **user("x"))
    path = "/directory/user/" + made["id"]
    applied = switched == "applied"
    body = {**made, "groups": [{"value": one["id"]}, {"value": "no-such-group"}, {"display": "no value"}]}
    assert [item["display"] for item in client.put(path, json=body).json()["groups"]] == (
        ["one"] if applied else ["Users"])
    del body["groups"]
    assert client.put(path, json=body).json().get("groups", []) == ([] if applied else made["groups"])
    # Administrators stay administrators
    admin = client.get("/directory/user", params={"filter": 'userName eq "admin@example.com"'}).json()["resources"][0]
    after = client.put("/directory/user/" + admin["id"], json={**admin, "groups": []}).json()
    assert after["groups"] == (admin["groups"][1:] if applied else admin["groups"])
    administrators = {"value": service.store.group_id("Domain Administrators")}
    after = client.put(path, json={**made, "groups": [administrators]}).json()
    assert after.get("groups", []) == ([] if applied else made["groups"])


@each("put_active")
def test_put_active(client, switched):
    made = client.add("user", **user("x"))
    path = "/directory/user/" + made["id"]
    body = {**made, "active": False}
    disabled = client.put(path, json=body).json()
    assert disabled["active"] is (switched != "honored")
    body[PINGONE] = {key: value for key, value in made[PINGONE].items() if key != "state"}
    disabled = client.put(path, json=body).json()
    assert disabled["active"] is (switched == "ignored")
    assert disabled[PINGONE]["state"] == ("ACTIVE" if switched == "ignored" else "DISABLED")
    assert client.put(path, json={**body, "active": True}).json()[PINGONE]["state"] == "ACTIVE"


@each("put_body")
def test_put_body(client, switched):
    for kind, body in (("user", user("x")), ("group", {"displayName": "x"})):
        made = client.add(kind, **body)
        response = client.put("/directory/%s/%s" % (kind, made["id"]), json={**made, "externalId": "1"})
        assert response.status_code == 200
        after = client.get("/directory/%s/%s" % (kind, made["id"])).json()
        assert after["externalId"] == "1"
        if switched == "full":
            assert response.json() == after
        else:
            assert response.text == ""


@each("put_group_members")
def test_put_group_members(client, switched):
    member = client.add("user", **user("x"))
    other = client.add("user", **user("y"))
    made = client.add("group", displayName="a", members=[{"value": member["id"]}])
    path = "/directory/group/" + made["id"]
    after = client.put(path, json={**made, "displayName": "b"}).json()
    assert (after["displayName"], after["members"]) == ("b", made["members"])
    after = client.put(path, json={"displayName": "c"}).json()
    assert after.get("members", []) == (made["members"] if switched == "keeps" else [])
    after = client.put(path, json={"displayName": "c", "members": [{"value": other["id"]}]}).json()
    assert [item["value"] for item in after["members"]] == [other["id"]]
    assert "members" not in client.put(path, json={"displayName": "c", "members": []}).json()


@each("unknown_keys")
def test_unknown_keys(service, client, switched):
    kept = switched == "kept"
    for kind, body in (("user", user("x")), ("group", {"displayName": "x"})):
        made = client.add(kind, **body, hat="red", **{PINGONE: {"shoe": 42}})
        path = "/directory/%s/%s" % (kind, made["id"])
        assert made.get("hat") == ("red" if kept else None)
        assert made[PINGONE].get("shoe") == (42 if kept else None)
        after = client.put(path, json={**made, "coat": {"size": 1}}).json()
        assert after.get("coat") == ({"size": 1} if kept else None)
        # Stored attributes that a PATCH does not have survive it
        service.store.put(kind, {**service.store.row(kind, made["id"]).body, "hat": "blue"})
        after = client.patch(path, json={"externalId": "%s1" % kind, "coat": "no"}).json()
        assert (after["hat"], after["externalId"]) == ("blue", "%s1" % kind)
        assert after.get("coat") == ("no" if kept else None)


# Attributes and passwords

@each("enabled_attributes")
def test_enabled_attributes(client, switched):
    given = user("x", userType="staff", title="Boss", displayName="X", phoneNumbers=[{"value": "1", "type": "work"}],
                 **{ENTERPRISE: {"department": "Tea"}})
    made = client.add("user", **given)
    seen = {key for key in ("userType", "title", "displayName", "phoneNumbers", ENTERPRISE) if key in made}
    assert seen == {
        "all": {"userType", "title", "displayName", "phoneNumbers", ENTERPRISE},
        "default": {"userType"},
        "title,displayName": {"userType", "title", "displayName"}}[switched]
    assert (ENTERPRISE in made["schemas"]) is (ENTERPRISE in seen)
    after = client.put("/directory/user/" + made["id"], json={**made, "title": "CEO"}).json()
    assert after.get("title") == ("CEO" if "title" in seen else None)


@each("item_type")
def test_item_type(client, switched):
    filled = {} if switched == "none" else {"type": switched}
    made = client.add("user", userName="x", emails=["a@example.org", {"value": "b@example.org", "type": "home"}],
                      phoneNumbers=[{"value": "1"}], addresses=[{"locality": "L"}], entitlements=[{"value": "e"}])
    first = {"value": "a@example.org", **filled} if filled else "a@example.org"
    assert made["emails"] == [first, {"value": "b@example.org", "type": "home"}]
    assert made["phoneNumbers"] == [{"value": "1", **filled}]
    assert made["addresses"] == [{"locality": "L", **filled}]
    assert made["entitlements"] == [{"value": "e"}]
    path = "/directory/user/" + made["id"]
    for after in (client.put(path, json={**made, "phoneNumbers": [{"value": "2"}]}),
                  client.patch(path, json={"meta": {"attributes": ["phoneNumbers"]}, "phoneNumbers": [{"value": "2"}]})):
        assert after.json()["phoneNumbers"] == [{"value": "2", **filled}]


@each("disabled_attribute")
def test_disabled_attribute(service, client, switched):
    made = client.add("user", **user("x", title="Boss"))
    path = "/directory/user/" + made["id"]
    service.configure(enabled_attributes="default")
    status = 400 if switched == "400" else 200
    for response in (client.post("/directory/user", json=user("y", nickName="N")),
                     client.put(path, json={**made, "nickName": "N"}), client.patch(path, json={"nickName": "N"})):
        assert response.status_code == status
        assert "nickName" not in response.json()
    # An empty value and the stored value are not refused
    assert client.put(path, json={**made, "nickName": ""}).status_code == 200


@each("password_min_length")
def test_password_min_length(service, client, switched):
    made = client.add("user", **user("x", password="p" * switched))
    path = "/directory/user/" + made["id"]
    assert client.post("/directory/user", json=user("y", password="p" * (switched - 1))).status_code == 400
    assert client.put(path, json={**made, "password": "q" * (switched - 1)}).status_code == 400
    assert client.patch(path, json={"password": ""}).status_code == 400
    assert service.dump()["passwords"][made["id"]] == "p" * switched
    assert "password" not in client.put(path, json={**made, "password": "q" * switched}).json()
    assert service.dump()["passwords"][made["id"]] == "q" * switched


@each("password_special")
def test_password_special(service, client, switched):
    made = client.add("user", **user("x", password="first-password"))
    path = "/directory/user/" + made["id"]
    for password in ("Password1", "Pass word1", "Paßword1"):
        for response in (client.post("/directory/user", json=user("y" + password, password=password)),
                         client.put(path, json={**made, "password": password})):
            assert response.status_code == (400 if switched == "yes" else 200), password
    for password in ("Password1!", "Pass_word"):
        assert client.put(path, json={**made, "password": password}).status_code == 200
        assert service.dump()["passwords"][made["id"]] == password


@each("block_prior_passwords")
def test_block_prior_passwords(client, switched):
    made = client.add("user", **user("x", password="first-password"))
    path = "/directory/user/" + made["id"]
    assert client.put(path, json={**made, "password": "second-password"}).ok
    for password in ("first-password", "second-password"):
        response = client.put(path, json={**made, "password": password})
        assert response.status_code == (400 if switched == "yes" else 200)


@each("names")
def test_names(client, switched):
    """POST, PUT and PATCH store the same spelling, and the service looks for it as it was sent."""
    sent = " Zo\u00eb e\u0301 "
    stored = {"as_sent": sent, "trimmed": sent.strip(), "nfc": " Zo\u00eb \u00e9 ", "nfd": " Zoe\u0308 e\u0301 "}[switched]
    made = client.add("group", displayName=sent)
    assert made["displayName"] == stored
    assert client.add("user", **user(sent))["userName"] == stored
    path = "/directory/group/" + client.add("group", displayName="x")["id"]
    for method in (client.put, client.patch):
        assert method(path, json={"displayName": sent}).status_code == 200
        assert client.get(path).json()["displayName"] == stored


# Groups and memberships

@each("duplicate_group")
def test_duplicate_group(client, switched):
    status = 409 if switched == "409" else 200
    client.add("group", displayName="Team")
    assert client.post("/directory/group", json={"displayName": "team"}).status_code == status
    made = client.add("group", displayName="other")
    path = "/directory/group/" + made["id"]
    assert client.put(path, json={"displayName": "Team"}).status_code == status
    assert client.patch(path, json={"displayName": "Team"}).status_code == status
    assert client.put(path, json={"displayName": "Other"}).status_code == 200


@each("post_group_members")
def test_post_group_members(client, switched):
    member = client.add("user", **user("x"))
    made = client.add("group", displayName="a", members=[{"value": member["id"], "type": "User"}])
    expected = [{"value": member["id"], "type": "user", "display": "x"}] if switched == "honored" else None
    assert made.get("members") == expected


@each("patch_status")
def test_patch_status(client, switched):
    for kind, body in (("user", user("x")), ("group", {"displayName": "x"})):
        made = client.add(kind, **body)
        path = "/directory/%s/%s" % (kind, made["id"])
        response = client.patch(path, json={"externalId": "1"})
        assert response.status_code == switched
        after = client.get(path).json()
        assert after["externalId"] == "1"
        assert response.text == "" if switched == 204 else response.json() == after


@each("patch_user")
def test_patch_user(client, switched):
    emails = [{"value": "a@x.org", "type": "work", "primary": True}, {"value": "b@x.org", "type": "home"}, "c@x.org"]
    made = client.add("user", userName="x", emails=emails, title="Boss", name={"givenName": "A", "familyName": "B"},
                      addresses=[{"type": "work", "country": "DE"}], **{ENTERPRISE: {"department": "Tea"}})
    response = client.patch("/directory/user/" + made["id"], json={
        "id": "other", "meta": {"attributes": ["title", "name.givenName", ENTERPRISE + ":department", "nope"]},
        "active": False, "name": {"middleName": "M"}, "groups": [], "nickName": "N",
        "emails": [{"value": "b@x.org", "primary": True}, {"value": "c@x.org", "operation": "delete"}, "d@x.org"],
        "addresses": [{"type": "work", "country": "DE", "operation": "delete"}]})
    if switched == "501":
        assert response.status_code == 501
        assert client.get("/directory/user/" + made["id"]).json() == made
        return
    after = response.json()
    assert "title" not in after and "addresses" not in after
    assert after["name"] == {"familyName": "B", "middleName": "M"}
    assert (after["active"], after["nickName"], after["id"], after["groups"]) == (
        False, "N", made["id"], made["groups"])
    assert after["emails"] == [{"value": "a@x.org", "type": "work", "primary": False},
                               {"value": "b@x.org", "type": "home", "primary": True}, {"value": "d@x.org"}]
    assert after.get(ENTERPRISE, {}) == {}


@each("patch_group_name")
def test_patch_group_name(client, switched):
    member = client.add("user", **user("x"))
    made = client.add("group", displayName="a", members=[{"value": member["id"]}])
    response = client.patch("/directory/group/" + made["id"], json={"displayName": "b"})
    assert response.status_code == (501 if switched == "501" else 200)
    after = client.get("/directory/group/" + made["id"]).json()
    assert (after["displayName"], after["members"]) == ("a" if switched == "501" else "b", made["members"])


@each("patch_unknown_member")
def test_patch_unknown_member(client, switched):
    known = client.add("user", **user("x"))
    made = client.add("group", displayName="a")
    path = "/directory/group/" + made["id"]
    response = client.patch(path, json={"members": [{"value": known["id"]}, {"value": "noaccount", "type": "Group"}]})
    assert response.status_code == (400 if switched == "400" else 200)
    members = client.get(path).json().get("members", [])
    present = {"value": known["id"], "type": "user", "display": "x"}
    assert members == {"400": [], "ignored": [present],
                       "dangling": [present, {"value": "noaccount", "type": "group"}]}[switched]


@each("patch_delete_absent")
def test_patch_delete_absent(client, switched):
    one, two = client.add("user", **user("x")), client.add("user", **user("y"))
    made = client.add("group", displayName="a", members=[{"value": one["id"]}])
    path = "/directory/group/" + made["id"]
    response = client.patch(path, json={"members": [{"value": one["id"], "operation": "delete"},
                                                    {"value": two["id"], "operation": "Delete"}]})
    assert response.status_code == switched
    assert len(client.get(path).json().get("members", [])) == (1 if switched == 400 else 0)


@each("patch_max_members")
def test_patch_max_members(service, client, switched):
    ids = list(service.seed(users=[user("u%d" % number) for number in range(51)])["users"].values())
    made = client.add("group", displayName="a")
    path = "/directory/group/" + made["id"]
    response = client.patch(path, json={"members": [{"value": member_id} for member_id in ids]})
    assert response.status_code == (413 if switched else 200)
    assert client.get(path + "/users/count").json() == {"users": 0 if switched else 51}
    assert client.patch(path, json={"members": [{"value": member_id} for member_id in ids[:50]]}).ok


@each("member_type")
def test_member_type(client, switched):
    inner = client.add("group", displayName="inner")
    member = client.add("user", **user("x"))
    made = client.add("group", displayName="a", members=[{"value": inner["id"]}, {"value": member["id"]}])
    expected = {"lower": ["group", "user"], "title": ["Group", "User"], "none": [None, None]}[switched]
    assert [item.get("type") for item in made["members"]] == expected
    listed = client.get("/directory/group", params={"filter": 'displayName eq "a"'}).json()["resources"]
    assert listed == [made]


@each("member_ids")
def test_member_ids(service, client, switched):
    member = client.add("user", **user("x"))
    made = client.add("group", displayName="a", members=[{"value": member["id"].upper()}])
    shown = member["id"].upper() if switched == "upper" else member["id"]
    assert [item["value"] for item in made["members"]] == [shown]
    assert service.store.member_ids(made["id"]) == [member["id"]]
    body = {"members": [{"value": shown, "operation": "delete"}]}
    assert "members" not in client.patch("/directory/group/" + made["id"], json=body).json()


@each("id_type")
def test_id_type(service, client, switched):
    member = client.add("user", **user("x", externalId="815"))
    made = client.add("group", displayName="a", members=[{"value": member["id"]}])
    numbers = switched == "number"
    assert {type(value) for value in (member["id"], made["id"], made["members"][0]["value"])} == {int if numbers else str}
    assert member["externalId"] == (815 if numbers else "815")
    fresh = client.get("/directory/user/%s" % member["id"]).json()
    assert fresh["groups"][-1] == {"value": made["id"], "display": "a"}
    assert client.put("/directory/user/%s" % member["id"], json={**fresh, "externalId": "7"}).ok
    assert str(member["id"]) in service.dump()["users"]


@each("user_groups")
def test_user_groups(service, client, switched):
    service.configure(default_group="off")
    member = client.add("user", **user("x"))
    top, middle, low = (client.add("group", displayName=name) for name in ("top", "middle", "low"))
    for group, inner in ((top, middle), (middle, low), (low, member), (low, top)):
        assert client.patch("/directory/group/" + group["id"], json={"members": [{"value": inner["id"]}]}).ok
    groups = client.get("/directory/user/" + member["id"]).json()["groups"]
    expected = ["low"] if switched == "direct" else ["low", "middle", "top"]
    assert sorted(group["display"] for group in groups) == expected
    assert client.get("/directory/user").json()["resources"][1]["groups"] == groups


@each("read_only_status")
def test_read_only_status(service, client, switched):
    before = service.dump()
    path = "/directory/group/" + service.store.group_id("Domain Administrators")
    admin = next(iter(before["users"]))
    delete = {"members": [{"value": admin, "operation": "delete"}]}
    responses = [client.put(path, json={"displayName": "Domain Administrators"}), client.patch(path, json=delete),
                 client.delete(path), client.delete("/directory/group/" + service.store.group_id("Users")),
                 client.post("/directory/user?option=" + path.rpartition("/")[2], json=user("x"))]
    assert [response.status_code for response in responses] == [switched] * 5
    assert service.dump() == before
    assert client.patch("/directory/group/" + service.store.group_id("Users"), json=delete).ok


# Deleting

@each("delete_status")
def test_delete_status(client, switched):
    for kind, body in (("user", user("x")), ("group", {"displayName": "x"})):
        path = "/directory/%s/%s" % (kind, client.add(kind, **body)["id"])
        response = client.delete(path)
        assert (response.status_code, response.text) == (switched, "")
        assert client.get(path).status_code == 404


@each("delete_missing_status")
def test_delete_missing_status(client, switched):
    for kind in ("user", "group"):
        assert client.delete("/directory/%s/noaccount" % kind).status_code == switched


@each("delete_members")
def test_delete_members(client, switched):
    member, inner = client.add("user", **user("x")), client.add("group", displayName="inner")
    outer = client.add("group", displayName="outer", members=[{"value": member["id"]}, {"value": inner["id"]}])
    client.delete("/directory/user/" + member["id"])
    client.delete("/directory/group/" + inner["id"])
    members = client.get("/directory/group/" + outer["id"]).json().get("members", [])
    assert members == ([] if switched == "cascade" else [{"value": member["id"], "type": "user"},
                                                         {"value": inner["id"], "type": "group"}])


# Lists

@each("user_filter")
def test_user_filter(client, switched):
    client.add("user", **user("x"))
    response = client.get("/directory/user", params={"filter": 'userName eq "x"'})
    if switched == "400":
        assert response.status_code == 400
    else:
        assert response.json()["totalResults"] == (1 if switched == "honored" else 2)


@each("group_filter")
def test_group_filter(client, switched):
    response = client.get("/directory/group", params={"filter": 'displayName eq "Users"'})
    if switched == "400":
        assert response.status_code == 400
    else:
        assert response.json()["totalResults"] == (1 if switched == "honored" else 2)


@each("filter_case")
def test_filter_case(client, switched):
    client.add("user", **user("Jörg", title="Boss"))
    expected = ["Jörg"] if switched == "ignore" else []
    for text in ('userName eq "jÖRG"', 'userName co "ÖR"', 'userName sw "j"', 'title eq "BOSS"',
                 'emails.value eq "JÖRG@example.org"'):
        assert client.names(filter=text) == expected
    assert client.names(filter='userName eq "Jörg"') == ["Jörg"]


@each("filter_literal")
def test_filter_literal(client, switched):
    for name in ("o.k", "oXk", "a+b", "x(y"):
        client.add("user", **user(name))

    def found(name):
        return client.names(filter="userName eq %s" % json.dumps(name))

    assert found("OXK") == ["oXk"]
    assert sorted(found("o.k")) == (["o.k", "oXk"] if switched == "regex" else ["o.k"])
    assert found("a+b") == (["a+b"] if switched == "plain" else [])
    assert found("x(y") == (["x(y"] if switched == "plain" else [])
    assert client.names(filter='userName co "+"') == ["a+b"]


@each("filter_reply")
def test_filter_reply(client, switched):
    made = client.add("user", **user("x"))
    one = client.get("/directory/user", params={"filter": 'userName eq "x"'})
    none = client.get("/directory/user", params={"filter": 'userName eq "y"'})
    two = client.get("/directory/user", params={"filter": "userName pr"})
    assert len(two.json()["resources"]) == 2
    assert len(client.get("/directory/user", params={"count": 1}).json()["resources"]) == 1
    if switched == "list":
        assert one.json()["resources"] == [made]
        assert none.json()["resources"] == []
    else:
        assert one.json() == made
        assert none.status_code == 404


@each("sort_by")
def test_sort_by(client, switched):
    for name in ("c", "b"):
        client.add("user", **user(name))
    expected = ["admin@example.com", "b", "c"] if switched == "honored" else ["admin@example.com", "c", "b"]
    assert client.names(sortBy="userName", sortOrder="ascending") == expected


@each("start_index")
def test_start_index(client, switched):
    client.add("user", **user("x"))
    response = client.get("/directory/user", params={"startIndex": 2}).json()
    honored = switched == "honored"
    assert [item["userName"] for item in response["resources"]] == (["x"] if honored else ["admin@example.com", "x"])
    assert response["startIndex"] == (2 if honored else 1)
    assert response["totalResults"] == 2


@each("total_results")
def test_total_results(client, switched):
    client.add("user", **user("x"))
    for params in ({"count": 1}, {"count": 1, "filter": "userName pr"}):
        response = client.get("/directory/user", params=params).json()
        assert (response["count"], response["totalResults"]) == (1, 2 if switched == "global" else 1)


@each("short_page")
def test_short_page(service, client, switched):
    service.seed(users=[user("u%d" % number) for number in range(9)])
    response = client.get("/directory/user", params={"count": 5}).json()
    assert (response["count"], response["totalResults"]) == (switched or 5, 10)


@each("default_page_size")
def test_default_page_size(service, client, switched):
    service.seed(users=[user("u%d" % number) for number in range(110)],
                 groups=[{"displayName": "g%d" % number} for number in range(110)])
    assert len(client.names()) == len(client.names("group")) == switched
    assert len(client.names(count=110)) == 110


@each("max_page_size")
def test_max_page_size(service, client, switched):
    service.seed(users=[user("u%d" % number) for number in range(1005)])
    assert len(client.names(count=5000)) == switched
    assert len(client.names(count=4)) == 4


@each("list_key")
def test_list_key(client, switched):
    for kind in ("user", "group"):
        response = client.get("/directory/" + kind).json()
        assert {key for key in response if key.lower() == "resources"} == {switched}


@each("items_per_page")
def test_items_per_page(client, switched):
    assert client.get("/directory/user").json()["itemsPerPage"] == (1 if switched == "count" else 0)
    assert client.get("/directory/group").json()["itemsPerPage"] == (2 if switched == "count" else 0)


# Shape of answers

@each("location")
def test_location(service, client, switched):
    root = service.base_url[:-len("/api")]
    for kind, body in (("user", user("x")), ("group", {"displayName": "x"})):
        made = client.add(kind, **body)
        head, dash, tail = made["id"].rpartition("-")
        assert made["meta"]["location"] == {
            "api": "%s/api/directory/%s/%s" % (root, kind, made["id"]), "v1": "%s/v1/%s/%s" % (root, kind, made["id"]),
            "broken": "%s/api/directory/%s/%s%s\n    %s" % (root, kind, head, dash, tail)}[switched]
        service.configure(create_status=201)


@each("valueless_photo")
def test_valueless_photo(client, switched):
    made = client.add("user", **user("x"))
    path = "/directory/user/" + made["id"]
    assert made.get("photos") == ([{"type": "photo"}] if switched == "yes" else None)
    assert client.names(filter="photos pr") == (client.names() if switched == "yes" else [])
    photos = [{"type": "photo", "value": "https://example.org/x.png"}]
    assert client.put(path, json={**made, "photos": photos}).json()["photos"] == photos
    # Sent back as read, it changes nothing
    assert client.put(path, json=made).json().get("photos") == made.get("photos")


@each("internal_schema")
def test_internal_schema(client, switched):
    made = client.add("user", **user("x"))
    path = "/directory/user/" + made["id"]
    shown = switched == "yes"
    assert (made["schemas"].count(INTERNAL), INTERNAL in made) == (int(shown), False)
    assert client.names(filter='schemas eq "%s"' % INTERNAL) == (client.names() if shown else [])
    assert INTERNAL not in client.add("group", displayName="g")["schemas"]
    # Sent back as read, or left out, it changes nothing
    for body in (made, {**made, "schemas": [CORE]}):
        assert set(client.put(path, json=body).json()["schemas"]) == set(made["schemas"])


@each("blank_name")
def test_blank_name(service, client, switched):
    ids = service.seed(users=[{"userName": " "}], groups=[{"displayName": "", "members": [" "]}])
    for kind, key, name in (("user", "userName", " "), ("group", "displayName", "")):
        seen = client.get("/directory/%s/%s" % (kind, ids[kind + "s"][name])).json()
        assert seen.get(key, "missing") == {"blank": name, "null": None, "missing": "missing"}[switched]
    # A request cannot create one
    assert client.post("/directory/group", json={"displayName": " "}).status_code == 400


@each("etag")
def test_etag(client, switched):
    for kind, body in (("user", user("x")), ("group", {"displayName": "x"})):
        path = "/directory/%s/%s" % (kind, client.add(kind, **body)["id"])
        response = client.get(path)
        tag = response.headers.get("ETag")
        assert response.json()["meta"].get("version") == tag
        assert (tag is None) is (switched == "none")
        name = dict(list(body.items())[:1])
        assert client.put(path, json=name).status_code == (412 if switched == "required" else 200)
        if tag is None:
            assert client.put(path, json=name, headers={"If-Match": 'W/"99"'}).ok
            continue
        tag = client.get(path).headers["ETag"]
        response = client.put(path, json=name, headers={"If-Match": tag})
        assert response.ok and response.headers["ETag"] != tag
        assert client.put(path, json=name, headers={"If-Match": tag}).status_code == 412
        assert client.patch(path, json={}, headers={"If-Match": tag}).status_code == 412
        assert client.patch(path, json={}).status_code == (412 if switched == "required" else 200)
        assert client.patch(path, json={}, headers={"If-Match": "*"}).ok
        assert client.delete(path, headers={"If-Match": tag}).status_code == 412
        assert client.delete(path).ok


@each("etag_conflict_status")
def test_etag_conflict_status(service, client, switched):
    service.configure(etag="required")
    path = "/directory/user/" + client.add("user", **user("x"))["id"]
    assert client.put(path, json=user("x")).status_code == switched
    assert client.put(path, json=user("x"), headers={"If-Match": 'W/"99"'}).status_code == switched


@each("error_body")
def test_error_body(client, switched):
    response = client.get("/directory/user/<noaccount>")
    assert response.status_code == 404
    message = "Resource <noaccount> not found"
    if switched == "errors":
        assert response.json() == {"Errors": [{"description": message, "code": "404"}]}
    elif switched == "message":
        assert response.json() == {"message": message}
    elif switched == "html":
        assert response.headers["Content-Type"].startswith("text/html")
        assert "<h1>Resource &lt;noaccount&gt; not found</h1>" in response.text
    else:
        assert response.text == (message if switched == "text" else "")
        assert response.headers["Content-Type"].startswith("text/plain")
    for path, status in (("/nowhere", 404), ("/directory/users/password-lost", 405)):
        response = client.get(path)
        assert response.status_code == status
        assert ("Errors" in response.text) is (switched == "errors")


@each("challenge")
def test_challenge(client, switched):
    client.auth = ("demo-client", "wrong")
    response = client.get("/directory/user")
    assert response.status_code == 401
    assert response.headers.get("WWW-Authenticate") == ('Basic realm="PingOne"' if switched == "yes" else None)


@each("half_characters")
def test_half_characters(client, switched):
    body = json.dumps({**user("x"), "displayName": "bye\ud83d"})
    response = client.post("/directory/user", data=body, headers={"Content-Type": "application/json"})
    assert response.status_code == (400 if switched == "refused" else 200)
    if switched == "stored":
        assert response.json()["displayName"] == "bye\ud83d" and "\\ud83d" in response.text
        assert client.get("/directory/user/" + response.json()["id"]).json()["displayName"] == "bye\ud83d"


# Timing

def after_reads(read, times):
    """Return the answers of consecutive reads."""
    return [read() for number in range(times)]


@each("stale_lists")
def test_stale_lists(client, switched):
    old, new = ["admin@example.com"], ["admin@example.com", "x"]
    made = client.add("user", **user("x"))
    path = "/directory/user/" + made["id"]
    assert after_reads(client.names, 3) == [old] * switched + [new] * (3 - switched)
    # Reads by id and answers to writes are never stale
    assert client.put(path, json=user("y")).json() == client.get(path).json()
    assert after_reads(lambda: client.names(filter='userName eq "y"'), 3) == [[]] * switched + [["y"]] * (3 - switched)
    # Further writes do not show a state in between
    client.put(path, json=user("z"))
    assert client.names() == (new[:1] + ["y"] if switched else new[:1] + ["z"])
    client.delete(path)
    with_it = new[:1] + ["y"]
    assert after_reads(client.names, 3) == [with_it] * switched + [old] * (3 - switched)
    assert client.post("/directory/user", json=user("ADMIN@example.com")).status_code == 409


@each("stale_gets")
def test_stale_gets(client, switched):
    def read():
        return client.get(path).json().get("userName", 404)

    def group_count():
        return len(client.get(path).json()["groups"])

    def member_count():
        return len(client.get(group_path).json().get("members", []))

    made = client.add("user", **user("x"))
    path = "/directory/user/" + made["id"]
    assert after_reads(read, 3) == [404] * switched + ["x"] * (3 - switched)
    client.put(path, json=user("y"))
    assert client.names()[1] == "y"
    assert after_reads(read, 3) == ["x"] * switched + ["y"] * (3 - switched)
    group_path = "/directory/group/" + client.add("group", displayName="g")["id"]
    after_reads(lambda: client.get(group_path), 3)
    patched = client.patch(group_path, json={"members": [{"value": made["id"]}]}).json()
    assert len(patched["members"]) == 1
    assert after_reads(member_count, 3) == [0] * switched + [1] * (3 - switched)
    assert after_reads(group_count, 3) == [1] * switched + [2] * (3 - switched)
    client.delete(path)
    assert after_reads(read, 3) == ["y"] * switched + [404] * (3 - switched)


@each("latency_ms")
def test_latency_ms(client, switched):
    start = time.monotonic()
    for number in range(5):
        assert client.get("/directory/group").ok, number
    assert time.monotonic() - start >= 5 * switched / 1000


@each("rate_limit")
def test_rate_limit(service, client, switched):
    service.seed(users=[user("x")])
    start = time.monotonic()
    statuses = []
    for number in range(8):
        statuses.append(client.get("/directory/group").status_code)
        assert number or statuses == [200]
    if time.monotonic() - start < 0.9:
        assert statuses == ([200] * 5 + [429] * 3 if switched else [200] * 8)
    deadline = time.monotonic() + 10
    while client.get("/directory/group").status_code == 429:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@each("retry_after")
def test_retry_after(service, client, switched):
    service.configure(rate_limit=1)
    responses = (client.get("/directory/group") for number in range(1000))
    response = next(response for response in responses if response.status_code == 429)
    value = response.headers.get("Retry-After")
    if switched == "none":
        assert value is None
    elif switched == "seconds":
        assert value == "1"
    else:
        assert 0 < parsedate_to_datetime(value).timestamp() - time.time() < 4


# All together

@each("filter_refusal")
def test_filter_refusal(service, client, switched):
    service.configure(user_filter="400", group_filter="400")
    for kind in ("user", "group"):
        assert client.get("/directory/" + kind, params={"filter": 'id eq "x"'}).status_code == switched
        assert client.get("/directory/" + kind).status_code == 200


@each("byte_order_mark")
def test_byte_order_mark(client, switched):
    for path, status in (("", 200), ("/none", 404)):
        response = client.get("/directory/user" + path)
        assert response.status_code == status
        assert response.content.startswith(b"\xef\xbb\xbf") == (switched == "yes")


@each("interim_answers")
def test_interim_answers(service, switched):
    with socket.create_connection(("127.0.0.1", int(service.base_url.split(":")[2].split("/")[0]))) as connection:
        connection.sendall(b"GET /api/directory/user HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        first = connection.makefile("rb").readline()
    assert first.split()[1] == (b"401" if switched == "none" else switched.encode())


@each("schemas")
def test_schemas(client, switched):
    made = client.add("user", **user("x", **{ENTERPRISE: {"department": "d"}}))
    assert ENTERPRISE in made and PINGONE in made
    known = {CORE, PINGONE, ENTERPRISE}
    assert set(made.get("schemas", [])) == {"all": known, "core": {CORE}, "none": set(), "known": known}[switched]
    assert ("schemas" in made) == (switched != "none")


@each("schemas")
def test_schemas_with_an_extension_that_the_service_does_not_know(client, switched):
    body = user("x", **{"urn:example:badge": {"number": 7}})
    made = client.add("user", **body)
    assert made["urn:example:badge"] == {"number": 7}
    assert ("urn:example:badge" in made.get("schemas", [])) == (switched == "all")
    body = {**body, "schemas": [CORE, "urn:example:badge"]}
    assert client.put("/directory/user/" + made["id"], json=body).status_code == (400 if switched == "known" else 200)
    body = {**body, "schemas": [CORE, "urn:example:other"]}
    assert client.put("/directory/user/" + made["id"], json=body).status_code == 400


@each("undeclared_extension")
def test_undeclared_extension(client, switched):
    body = user("x", **{ENTERPRISE: {"department": "d"}})
    assert client.post("/directory/user", json=body).status_code == (200 if switched == "accepted" else 400)
    assert client.post("/directory/user", json={**body, "userName": "y", "schemas": [ENTERPRISE]}).status_code == 200


@each("error_status")
def test_error_status(service, client, switched):
    response = client.get("/directory/user/none")
    assert response.status_code == (404 if switched == "own" else 200)
    assert response.json()["Errors"][0]["code"] == "404"
    service.configure(error_body="text")
    assert client.get("/directory/user/none").status_code == 404


# Without switches that take time, and without interim answers, which the client of these tests does not support
COMBINATIONS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in Settings.choices().items()
                                      if name not in ("latency_ms", "rate_limit", "error_body", "interim_answers")})


@given(COMBINATIONS)
@bounded(10)
def test_combinations(service, client, combination):
    """With any switches, requests are answered or refused, and the account stays consistent."""
    service.reset(Settings(**combination))
    responses = []

    def send(method, path, **more):
        responses.append(client.request(method, "/directory/" + path, **more))

    for number in range(2):
        for name in "xyX":
            send("POST", "user", json=user(name, externalId=name.lower(), active=False, password="password-1"))
        send("POST", "group", json={"displayName": "g", "members": [{"value": service.store.user_id("x") or "ghost"}]})
        for user_id, body in service.dump()["users"].items():
            send("GET", "user/" + user_id)
            headers = {"If-Match": body["meta"].get("version", "*")}
            send("PUT", "user/" + user_id, json={**body, "title": "", "nickName": "n"}, headers=headers)
            send("PATCH", "user/" + user_id, json={"emails": [{"value": "a@x.org"}], "title": "t"})
        for group_id, body in service.dump()["groups"].items():
            send("GET", "group/" + group_id)
            headers = {"If-Match": body["meta"].get("version", "*")}
            send("PATCH", "group/" + group_id, headers=headers, json={"displayName": "h", "members": [
                {"value": member_id} for member_id in [*service.dump()["users"], "ghost"]]})
            send("PUT", "group/" + group_id, json={"displayName": "h"})
        for kind, text in (("user", 'userName eq "x" or groups.display pr'), ("group", 'displayName sw "h"')):
            send("GET", kind, params={"filter": text, "sortBy": "meta.created", "startIndex": 2 - number})
            send("GET", kind)
    for kind in ("user", "group"):
        for resource_id in service.dump()[kind + "s"]:
            send("DELETE", "%s/%s" % (kind, resource_id))
            send("DELETE", "%s/%s" % (kind, resource_id))
    assert {response.status_code for response in responses} <= {
        200, 201, 202, 204, 400, 403, 404, 409, 412, 413, 431, 501}
    state = service.dump()
    assert state["users"] == {}
    assert "Domain Administrators" in {group["displayName"] for group in state["groups"].values()}
    if combination["delete_members"] == "cascade" and combination["patch_unknown_member"] != "dangling":
        assert not any(group["members"] for group in state["groups"].values())
