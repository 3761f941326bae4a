# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters, paging and sorting."""

from __future__ import annotations

import json

import pytest
from emulator_support import CORE, ENTERPRISE, PINGONE, Client, DirectoryService, filters
from hypothesis import given
from hypothesis import strategies as st

from soak.depth import bounded

STRANGE = ['plus+and&or#?%20', 'quote"quote', "back\\slash", "apo'strophe", "Jörg Ünal", "日本 语", "😀", "a/b:c,d;e=f",
           " spaces  ", "tab\there", "line\nbreak", "and", "or (", "100%", "\\u0041", "\\"]

PEOPLE = [
    {"userName": "ann", "name": {"givenName": "Ann", "familyName": "Archer"}, "title": "Boss", "active": True,
     "emails": [{"type": "work", "value": "ann@example.org", "primary": True},
                {"type": "home", "value": "ann@home.example"}],
     ENTERPRISE: {"department": "Tea", "manager": {"managerId": "7"}},
     PINGONE: {"createTimeStamp": 1500000000000, "lastModifiedTimeStamp": 1500000000000}},
    {"userName": "Bob", "name": {"givenName": "Bob", "familyName": "Brown"}, "active": False, "externalId": "hr:1",
     "emails": ["bob@example.org"], PINGONE: {"createTimeStamp": 1600000000000},
     "meta": {"created": "2011-05-13T04:42:34.000-06:00", "lastModified": "2011-05-13T04:42:34.000-06:00"}},
    {"userName": "carl", "name": {"givenName": "Carl"}, "active": True, "nickName": "", "level": 3,
     "photos": [{"type": "photo"}], PINGONE: {"createTimeStamp": 1700000000000}},
]


@pytest.fixture(scope="module", name="people")
def people_fixture():
    """Return a client of a service with some users."""
    with DirectoryService() as service, Client(service) as client:
        service.store.delete_user(service.store.user_id("admin@example.com"))
        service.seed(users=PEOPLE, groups=[{"displayName": "Team", "members": ["ann", "Bob"]}, {"displayName": "team"}])
        yield client


@pytest.mark.parametrize("text, names", [
    ('userName eq "ann"', "ann"),
    ('username EQ "ANN"', "ann"),
    ('USERNAME Eq "bob"', "Bob"),
    ('userName eq "noaccount"', ""),
    ('userName co "N"', "ann"),
    ('userName sw "b"', "Bob"),
    ('userName gt "ann"', "Bob carl"),
    ('userName ge "BOB"', "Bob carl"),
    ('userName lt "bob"', "ann"),
    ('userName le "bob"', "ann Bob"),
    ("title pr", "ann"),
    ("nickName pr", ""),
    ("photos pr", "carl"),
    ("photos.value pr", ""),
    ("externalId PR", "Bob"),
    ('externalId eq "HR:1"', "Bob"),
    ('name.familyName eq "archer"', "ann"),
    ('NAME.FamilyName sw "B"', "Bob"),
    ("name.familyName pr", "ann Bob"),
    ("name pr", "ann Bob carl"),
    ('emails eq "ann@home.example"', "ann"),
    ('emails.value eq "bob@example.org"', "Bob"),
    ('emails.value co "example.org"', "ann Bob"),
    ('emails.type eq "home"', "ann"),
    ("emails.primary eq true", "ann"),
    ("active eq true", "ann carl"),
    ("active eq false", "Bob"),
    ('active eq "false"', ""),
    ("active gt false", ""),
    ("level eq 3", "carl"),
    ("level ge 3.0", "carl"),
    ("level lt -1", ""),
    ("level eq null", ""),
    ('level eq "3"', ""),
    ('groups.display eq "Team"', "ann Bob"),
    ('groups eq "noaccount"', ""),
    (PINGONE + ":createTimeStamp gt 1550000000000", "Bob carl"),
    (PINGONE.upper() + ":CREATETIMESTAMP le 1600000000000", "ann Bob"),
    (PINGONE + ':state eq "DISABLED"', "Bob"),
    (CORE + ':userName eq "ann"', "ann"),
    (CORE + ':name.givenName eq "carl"', "carl"),
    (ENTERPRISE + ':department eq "tea"', "ann"),
    (ENTERPRISE + ':manager.managerId eq "7"', "ann"),
    ('meta.lastModified lt "2011-05-13T11:00:00Z"', "Bob"),
    ('meta.lastModified lt "2011-05-13T10:00:00Z"', ""),
    ('meta.created eq "2011-05-13T10:42:34Z"', "Bob"),
    ('schemas eq "%s"' % ENTERPRISE, "ann"),
    ('password pr', ""),
    # Precedence and grouping
    ('userName eq "ann" or userName eq "bob" and active eq true', "ann"),
    ('(userName eq "ann" or userName eq "bob") and active eq false', "Bob"),
    ('userName eq "bob" and active eq true or title pr', "ann"),
    ('userName eq "ann" OR userName eq "carl" Or nope pr', "ann carl"),
    ('userName pr AND active eq true aNd title pr', "ann"),
    ('((userName eq "ann"))', "ann"),
    ('( userName   eq\t"ann" )and(active eq true)', "ann"),
    ('userName eq "carl" or title eq "boss"', "ann carl"),
])
def test_filters(people, text, names):
    """Filters of SCIM 1.1."""
    assert people.names(filter=text) == names.split()


@pytest.mark.parametrize("text", [
    "", " ", "userName", "userName eq", 'eq "x"', 'userName eq "x', "userName eq x", "userName eq 'x'", 'userName "x"',
    'userName ne "x"', 'userName ew "x"', 'not (userName eq "x")', 'emails[type eq "work"]', 'userName eq "x" and',
    'userName eq "x" userName eq "y"', '(userName eq "x"', 'userName eq "x")', 'userName eq "\\q"', "level eq 01",
    'userName pr "x"', 'userName eqq "x"', 'userName. eq "x"', 'userName like "x"', "()", 'or eq', "userName eq True"])
def test_syntax_errors(people, text):
    """An invalid filter is refused, not ignored."""
    for kind in ("user", "group"):
        response = people.get("/directory/" + kind, params={"filter": text})
        assert response.status_code == 400
        assert response.json() == {"Errors": [{"description": "Invalid filter: " + text, "code": "400"}]}


@pytest.mark.parametrize("text, names", [
    ('displayName eq "TEAM"', ["Team", "team"]), ('displayName sw "u"', ["Users"]),
    ('members.display eq "bob"', ["Team"]), ('members.type eq "user" and displayName co "t"', ["Team"]),
    ("displayName pr", ["Users", "Domain Administrators", "Team", "team"])])
def test_group_filters(people, text, names):
    """Filters on groups."""
    assert people.names("group", filter=text) == names


@pytest.mark.parametrize("name", STRANGE)
def test_strange_names(service, client, name):
    """Names with any characters are stored, found and returned as they are."""
    service.seed(users=[{"userName": "decoy"}])
    made = client.add("user", userName=name)
    group = client.add("group", displayName=name)
    assert (made["userName"], group["displayName"]) == (name, name)
    for text in ("userName eq %s", "userName sw %s and userName co %s"):
        assert client.names(filter=text.replace("%s", json.dumps(name))) == [name]
        assert client.names(filter=text.replace("%s", json.dumps(name, ensure_ascii=False))) == [name]
    assert client.names("group", filter="displayName eq " + json.dumps(name)) == [name]
    assert client.get("/directory/user/" + made["id"]).json()["userName"] == name


def test_plus_is_a_space(client):
    """A plus sign that is not encoded is a space, as on the web."""
    client.add("user", userName="a+b")
    client.add("user", userName="a b")
    path = "/directory/user?filter=userName%20eq%20%22"
    assert client.get(path + "a+b%22").json()["resources"][0]["userName"] == "a b"
    assert client.get(path + "a%2Bb%22").json()["resources"][0]["userName"] == "a+b"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
@bounded(60)
def test_any_literal(text, ascii_only):
    """Any text can be searched for."""
    node = filters.parse("userName eq " + json.dumps(text, ensure_ascii=ascii_only))
    assert node.matches({"userName": text}, exact=True)
    assert not node.matches({"userName": text + "x"}, exact=True)
    assert node.lookups({"username"}) == [("username", text)]


@given(st.text())
@bounded(60)
def test_any_filter(text):
    """Any text is a filter or is refused."""
    try:
        filters.parse(text).matches({"a": 1}, exact=False)
    except filters.FilterError:
        pass


# The order of names, sorted ignoring case
SORTED = ["a1", "A2", "b3", "B4", "c5"]


@pytest.fixture(scope="module", name="listed")
def listed_fixture():
    """Return a client of a service with five users, which were not created in the order of their names."""
    with DirectoryService() as service, Client(service) as client:
        service.store.delete_user(service.store.user_id("admin@example.com"))
        titles = {"B4": "x", "c5": "Y", "a1": "z"}
        for name in ("B4", "c5", "a1", "b3", "A2"):
            service.seed(users=[{"userName": name, **({"title": titles[name]} if name in titles else {})}])
        yield client


@pytest.mark.parametrize("query, names", [
    ({}, "B4 c5 a1 b3 A2"),
    ({"sortBy": "userName"}, "a1 A2 b3 B4 c5"),
    ({"sortBy": "USERNAME", "sortOrder": "ascending"}, "a1 A2 b3 B4 c5"),
    ({"sortBy": "userName", "sortOrder": "descending"}, "c5 B4 b3 A2 a1"),
    ({"sortBy": "title"}, "B4 c5 a1 b3 A2"),
    ({"sortBy": "title", "sortOrder": "Descending"}, "b3 A2 a1 c5 B4"),
    ({"sortBy": PINGONE + ":createTimeStamp"}, "B4 c5 a1 b3 A2"),
    ({"sortBy": "userName", "filter": "title pr"}, "a1 B4 c5"),
    ({"sortBy": "userName", "filter": "title pr", "startIndex": "2", "count": "1"}, "B4"),
    ({"sortBy": "userName", "startIndex": "2", "count": "2"}, "A2 b3"),
    ({"startIndex": "5", "count": "2"}, "A2"),
    ({"startIndex": "6"}, ""),
    ({"startIndex": "0", "count": "1"}, "B4"),
    ({"startIndex": "-3", "count": "1"}, "B4"),
    ({"count": "0"}, ""),
    ({"count": "-1"}, ""),
    ({"count": "100000"}, "B4 c5 a1 b3 A2"),
])
def test_paging_and_sorting(listed, query, names):
    """Paging and sorting."""
    response = listed.get("/directory/user", params=query).json()
    assert [item["userName"] for item in response["resources"]] == names.split()
    assert response["count"] == len(names.split())
    assert response["totalResults"] == (3 if "filter" in query else 5)
    assert response["startIndex"] == max(int(query.get("startIndex", 1)), 1)


@pytest.mark.parametrize("query", [{"startIndex": "x"}, {"count": "x"}, {"count": ""},
                                   {"sortBy": "userName", "sortOrder": "up"}])
def test_wrong_paging(listed, query):
    """Invalid paging is refused."""
    assert listed.get("/directory/user", params=query).status_code == 400


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_all_pages(listed, size):
    """All pages together are the list."""
    names = []
    while True:
        page = listed.names(sortBy="userName", startIndex=len(names) + 1, count=size)
        if not page:
            break
        names += page
    assert names == SORTED


def test_group_paging(listed):
    """Groups can also be paged and sorted."""
    assert listed.names("group", startIndex=2, count=1) == ["Domain Administrators"]
    assert listed.names("group", sortBy="displayName") == ["Domain Administrators", "Users"]
    assert listed.get("/directory/group", params={"startIndex": 2}).json()["startIndex"] == 2


def test_many(service, client):
    """Many users need few requests: one for a lookup, and one per thousand users for a list."""
    names = ["user%05d@example.org" % number for number in range(10000)]
    service.seed(users=[{"userName": name, "emails": [{"value": name}]} for name in names],
                 groups=[{"displayName": "All", "members": names}])
    service.clear_log()
    seen = []
    while len(seen) < 10001:
        seen += client.names(sortBy="userName", startIndex=len(seen) + 1, count=1000)
    assert seen == ["admin@example.com"] + names
    assert len(service.log) == 11
    assert client.names(filter='emails.value eq "USER09999@example.org"') == names[-1:]
    (group,) = client.get("/directory/group", params={"filter": 'displayName eq "All"'}).json()["resources"]
    assert [item["display"] for item in group["members"]] == names
    assert client.get("/directory/group/%s/users/count" % group["id"]).json() == {"users": 10000}
    assert len(service.log) == 14
