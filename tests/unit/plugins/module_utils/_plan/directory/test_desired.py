# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test how p1_directory reads its desired state and reports all of its problems at once."""

from __future__ import annotations

import datetime

import pytest
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._documents.located import Located
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.lists import read_desired

TODAY = datetime.date(2026, 6, 15)


def read(users=None, groups=None, **settings):
    return read_desired(users, groups, settings, TODAY)


def problems(users=None, groups=None, **settings):
    return read(users, groups, **settings).problems


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({}, "users[0] has neither id nor user_name"),
        ({"title": "x"}, "users[0] has neither id nor user_name"),
        ({"user_name": ""}, "users[0].user_name is empty"),
        ({"user_name": "  "}, "users[0] ('\\x20\\x20').user_name is empty"),
        ({"user_name": "ann", "id": " "}, "users[0] ('ann').id is empty"),
        ({"user_name": "ann", "new_user_name": ""}, "users[0] ('ann').new_user_name is empty"),
        ({"user_name": ["ann"]}, "users[0].user_name must be text"),
        ({"user_name": True}, "users[0].user_name must be text"),
        ({"user_name": "ann", "titel": "x"}, "users[0] ('ann') has the unknown option 'titel'. Did you mean 'title'?"),
        ({"userName": "ann"}, "users[0] has the unknown option 'userName'. Did you mean 'user_name'?"),
        ({"user_name": "ann", "name": {"givenName": "Ann"}}, "name: unknown option 'givenName'. Did you mean 'given_name'?"),
        ({"user_name": "ann", "match_by": "id"}, "has the unknown option 'match_by'"),
        ({"user_name": "ann", "password_mail": True}, "has the unknown option 'password_mail'"),
        ({"user_name": "ann", "state": "gone"}, "users[0] ('ann').state must be one of present, absent, not 'gone'"),
        ({"user_name": "ann", "title": {"a": 1}}, "users[0] ('ann').title must be text, not a dictionary"),
        ({"user_name": "ann", "title": False}, "title must be text, not true or false: write it in quotes"),
        ({"user_name": "ann", "active": "perhaps"}, "users[0] ('ann').active must be true or false, not text"),
        ({"user_name": "ann", "emails": "a@example.org"}, "users[0] ('ann').emails must be a list, not text"),
        ({"user_name": "ann", "emails": [{"type": "work"}]}, "emails[1] needs a value"),
        ({"user_name": "ann", "name": {"given": "x"}}, "users[0] ('ann').name: unknown option 'given'. Valid options: given_name, "),
        ({"user_name": datetime.date(2026, 1, 1)}, "users[0].user_name must be text, not a date: write it in quotes"),
        ({"user_name": "ann", "create": "yes"}, "users[0] ('ann').create must be true or false, not 'yes'"),
        ({"user_name": "ann", "groups": {"team": 1}}, "users[0] ('ann').groups must be a list of names"),
        ({"user_name": "ann", "groups": [""]}, "users[0] ('ann').groups[0] is empty"),
        ({"user_name": "ann", "groups": [{"a": 1}]}, "users[0] ('ann').groups[0] must be text, not a dictionary"),
        ({"user_name": "ann", "groups": ["x", True]}, "groups[1] must be text, not true or false: write it in quotes"),
        ({"user_name": "ann", "attributes": {"userName": "bob"}}, "must not contain userName: it has its own option"),
        ({"user_name": "ann", "attributes": {"GROUPS": []}}, "must not contain GROUPS"),
        (
            {"user_name": "ann", "state": "absent", "groups": ["team"]},
            "has both state: absent and groups",
        ),
        ("ann", "users[0] must be a dictionary"),
        (None, "users[0] must be a dictionary"),
    ],
)
def test_problems_of_a_user(item, expected):
    found = problems([item])
    assert any(expected in line for line in found), found


@pytest.mark.parametrize("value", [True, 1.5j, [], datetime.date(2026, 1, 1)])
def test_a_name_that_is_not_text_is_one_problem(value):
    for found in (problems([{"user_name": value}]), problems(groups=[{"display_name": value}])):
        assert len(found) == 1 and "must be text" in found[0], found


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({}, "groups[0] has neither id nor display_name"),
        ({"display_name": ""}, "display_name is empty"),
        ({"display_name": "team", "title": "x"}, "groups[0] ('team') has the unknown option 'title'"),
        ({"display_name": "team", "name": "other"}, "has both display_name and its alias name"),
        (
            {"display_name": "team", "state": "here"},
            "groups[0] ('team').state must be one of present, absent, not 'here'",
        ),
        (
            {"name": "team", "membership": "strict"},
            "groups[0] ('team').membership must be one of additive, exact, not 'strict'",
        ),
        (
            {"name": "team", "members": ["ann"]},
            "groups[0] ('team').members must be a dictionary with users, user_ids, groups, group_ids",
        ),
        (
            {"name": "team", "members": {"user": ["ann"]}},
            "groups[0] ('team').members has the unknown option 'user'. Did you mean 'users'?",
        ),
        ({"name": "team", "members": {"users": {"ann": 1}}}, "groups[0] ('team').members.users must be a list of names"),
        ({"name": "team", "members": {"users": [None]}}, "members.users[0] is empty"),
        ({"name": datetime.date(2026, 1, 1)}, "groups[0].display_name must be text, not a date: write it in quotes"),
        ({"name": "team", "members": {"users": ["ann"]}, "state": "absent"}, "has both state: absent and members"),
    ],
)
def test_problems_of_a_group(item, expected):
    found = problems(groups=[item])
    assert any(expected in line for line in found), found


def test_a_string_is_a_list_of_one_name():
    desired = read([{"user_name": "ann", "groups": "Sales,EMEA"}], [{"name": "team", "members": {"users": "a,b"}}])
    assert desired.users[0].groups == ["Sales,EMEA"] and desired.groups[0].members == {"users": ["a,b"]}
    assert not desired.problems


def test_all_problems_at_once():
    found = problems(
        [{"user_name": "ann", "titel": "x", "active": "maybe", "state": "gone"}, {}, {"user_name": "ANN"}],
        [{"name": "team", "members": {"users": {"ann": 1}}}, {"name": "Team"}],
    )
    assert len(found) == 7, found
    assert sum("users[0]" in line for line in found) == 4  # three of its own, and one of its duplicate


def test_an_invalid_list():
    assert problems("ann") == ["users must be a list"]
    assert read(None, []).users is None
    assert read(None, []).groups == []


@pytest.mark.parametrize(
    ("users", "twins"),
    [
        ([{"user_name": "ann"}, {"user_name": "ann"}], True),
        ([{"user_name": "Ann"}, {"user_name": "aNN"}], True),
        ([{"user_name": "Größe"}, {"user_name": "GRÖßE"}], True),
        ([{"user_name": "straße"}, {"user_name": "STRASSE"}], False),
        ([{"user_name": "ann"}, {"user_name": "ann", "state": "absent"}], True),
        ([{"user_name": "ann"}, {"user_name": "bob", "new_user_name": "Ann"}], True),
        ([{"user_name": "ann", "new_user_name": "cid"}, {"user_name": "bob", "new_user_name": "cid"}], True),
        ([{"id": "1", "user_name": "ann"}, {"id": "1", "user_name": "bob"}], True),
        ([{"user_name": "ann"}, {"user_name": "ann "}], True),
        ([{"user_name": "Zo\u00eb"}, {"user_name": "Zoe\u0308"}], True),
        ([{"user_name": "ann"}, {"user_name": "ann\u200b"}], False),
        # Only the planner, which knows the directory, can decide about released and swapped names.
        ([{"user_name": "ann", "new_user_name": "bob"}, {"user_name": "bob", "new_user_name": "cid"}], False),
        ([{"user_name": "ann", "new_user_name": "bob"}, {"user_name": "bob", "state": "absent"}], False),
        # Ids distinguish objects with one name.
        ([{"id": "1", "user_name": "ann"}, {"id": "2", "user_name": "ann"}], False),
        ([{"user_name": "ann", "external_id": "1"}, {"user_name": "bob", "external_id": "1"}], False),
    ],
)
def test_duplicates(users, twins):
    found = problems(users)
    assert bool(found) is twins, found
    if twins:
        assert "users[1]" in found[0] and "users[0]" in found[0]


def test_duplicates_by_external_id():
    twins = [{"user_name": "ann", "external_id": "1"}, {"user_name": "bob", "external_id": "1"}]
    found = problems(twins, match_users_by="external_id")
    assert found == ["users[1] ('bob') has the same external_id as users[0] ('ann')"]
    assert problems([{"user_name": "ann"}], match_users_by="external_id") == [
        "users[0] ('ann') has neither id nor external_id, by which users are matched"
    ]


def test_duplicates_are_found_in_linear_time():
    """Comparing each of thousands of entries with each other one would take too long."""
    chain = [{"user_name": f"u{number}", "new_user_name": f"u{number + 1}"} for number in range(3000)]
    assert problems(chain) == []


@pytest.mark.parametrize(
    ("until", "disabled"),
    [
        ("2026-06-14", True),
        ("2026-06-15", True),  # the date itself counts
        ("2026-06-16", False),
        (datetime.date(2026, 6, 15), True),
        (datetime.date(2026, 6, 16), False),
        (datetime.datetime(2026, 6, 15, 23, 59), True),
        (datetime.datetime(2026, 6, 16, 1, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=2))), True),
        (datetime.datetime(2026, 6, 15, 23, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=-2))), False),
        ("2026-06-16T01:00:00+02:00", True),
        ("2026-06-15T23:00:00-02:00", False),
        ("2026-06-15T00:00:00Z", True),
        ("2026-06-16 00:00:00", False),
        (" 2026-06-15 ", True),
        ("", False),
        (None, False),
    ],
)
def test_active_until(until, disabled):
    desired = read([{"user_name": "ann", "active_until": until}])
    assert desired.problems == []
    assert desired.users[0].desired.values == ({"active": False} if disabled else {})


def test_active_until_takes_precedence_over_active():
    entry = {"user_name": "ann", "active": True}
    assert read([{**entry, "active_until": "2026-06-15"}]).users[0].desired.values["active"] is False
    assert read([{**entry, "active_until": "2026-06-16"}]).users[0].desired.values["active"] is True


@pytest.mark.parametrize(
    "until", ["tomorrow", "15.06.2026", "2026-13-01", "2026-02-30", 20260615, "20260615", "2026-W25-1", True, [], {},
              "0001-01-01T00:00+10:00", "9999-12-31T23:00-10:00",
              datetime.datetime(1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=10)))]
)  # fmt: skip
def test_an_invalid_date_in_active_until(until):
    (problem,) = problems([{"user_name": "ann", "active_until": until}])
    assert "users[0] ('ann').active_until must be a date such as 2027-01-31" in problem


def test_active_until_is_compared_with_the_date_in_utc(monkeypatch):
    class Frozen(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime(2026, 6, 15, 23, 30, tzinfo=datetime.timezone.utc).astimezone(tz)

    monkeypatch.setattr(datetime, "datetime", Frozen)
    desired = read_desired(
        [{"user_name": "ann", "active_until": "2026-06-16"}, {"user_name": "bob", "active_until": "2026-06-15"}],
        None,
        {},
    )
    assert [entry.desired.values for entry in desired.users] == [{}, {"active": False}]


BLANKS = {
    "user_name": "ann",
    "id": "",
    "new_user_name": " ",
    "external_id": "",
    "state": "",
    "title": "",
    "nick_name": "  ",
    "name": {"given_name": "", "family_name": "Archer"},
    "enterprise": {"department": "", "manager": {"manager_id": ""}},
    "emails": [{"value": "", "type": "work"}, {"value": " ", "primary": True}],
    "phone_numbers": [],
    "addresses": [{"type": "home", "locality": ""}],
    "attributes": {"roles": []},
    "groups": ["", "team"],
    "active_until": "",
    "password": "",
}


def test_blank_values_are_not_given_with_on_empty_keep():
    desired = read([BLANKS], on_empty="keep")
    assert desired.problems == []
    (entry,) = desired.users
    assert entry.desired.values == {"name": {"family_name": "Archer"}}
    assert entry.desired.credentials == {}
    assert entry.desired.rename_to is None
    assert entry.groups == ["team"]
    assert entry.options["id"] is None


@pytest.mark.parametrize(
    ("emails", "mode"),
    [
        ([{"value": "a@x", "type": "work"}, {"value": " ", "type": "home"}], "by_type"),
        ([{"value": "a@x", "type": "work"}, {"value": "", "type": "home", "primary": True, "display": "At home"}], "by_type"),
        ([{"value": "a@x", "type": "work"}], "exact"),
        ([{"value": "", "type": "home"}], "exact"),  # no item is given
    ],
)
def test_with_on_empty_keep_a_blank_item_switches_to_by_type(emails, mode):
    item = {"user_name": "ann", "emails": emails, "groups": ["", "team"]}
    assert read([item], on_empty="keep", multi_valued="exact").users[0].desired.mode == mode


def test_empty_values_clear_by_default():
    desired = read([{"user_name": "ann", "title": "", "emails": [], "name": {}, "attributes": {"roles": None}}])
    assert desired.users[0].desired.values == {"title": "", "emails": [], "name": {}, "attributes": {"roles": None}}


def test_false_is_not_blank():
    desired = read([{"user_name": "ann", "active": False, "attributes": {"floor": 0}}], on_empty="keep")
    assert desired.users[0].desired.values == {"active": False, "attributes": {"floor": 0}}


def test_a_blank_name_is_a_problem_with_on_empty_keep():
    assert problems([{"user_name": "", "title": "x"}], on_empty="keep") == ["users[0] has neither id nor user_name"]


def test_blank_values_of_groups():
    desired = read(
        None,
        [{"name": "team", "id": "", "new_display_name": "", "membership": "", "members": {"users": []}}],
        on_empty="keep",
    )
    assert desired.problems == []
    assert desired.groups[0].desired.rename_to is None
    assert desired.groups[0].members == {"users": []}  # membership and allow_empty handle an empty list of members


def test_null_means_not_given():
    desired = read(
        [{"user_name": "ann", "title": None, "groups": None, "state": None, "id": None}],
        [{"name": "team", "members": None}],
    )
    assert desired.problems == []
    assert (desired.users[0].desired.values, desired.users[0].groups) == ({}, None)
    assert desired.groups[0].members is None


def test_numbers_become_strings_in_names():
    desired = read([{"user_name": 4711, "external_id": 42, "id": None}])
    assert desired.problems == []
    assert desired.users[0].options["user_name"] == "4711"
    assert desired.users[0].desired.values["external_id"] == "42"


def test_a_problem_names_the_place_in_the_document():
    located = Located({"user_name": "ann", "titel": "x"}, origin="people.yml:12")
    assert problems([located]) == ["people.yml:12 ('ann') has the unknown option 'titel'. Did you mean 'title'?"]


def test_task_settings_apply_to_entries():
    desired = read(
        [{"user_name": "ann", "password": "never-shown-1"}],
        [{"name": "team"}],
        update_password="always",
        multi_valued="by_type",
        membership="exact",
    )
    assert (desired.users[0].desired.always, desired.users[0].desired.mode) == (True, "by_type")
    assert desired.groups[0].membership == "exact"
    assert (
        read(None, [{"name": "team", "membership": "additive"}], membership="exact").groups[0].membership == "additive"
    )


def test_an_invalid_entry_still_declares_its_user():
    """Other entries may refer to the user; the problem is reported once, not again for each reference."""
    desired = read([{"user_name": "ann", "titel": "x"}])
    assert [(entry.options["user_name"], entry.broken) for entry in desired.users] == [("ann", True)]


def test_no_problem_shows_a_password():
    found = problems(
        [
            {"user_name": "ann", "password": {"value": "never-shown-1"}},
            {"user_name": "bob", "password": ["never-shown-1"]},
            {"user_name": "cid", "password": "never-shown-1", "state": "gone"},
        ]
    )
    assert len(found) == 3
    assert "never-shown-1" not in str(found)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    [
        "user_name",
        "id",
        "new_user_name",
        "external_id",
        "state",
        "groups",
        "active_until",
        "active",
        "name",
        "emails",
        "attributes",
        "password",
        "titel",
        "display_name",
        "new_display_name",
        "members",
        "membership",
    ]
)


@given(
    st.lists(st.dictionaries(KEYS, JUNK, max_size=5) | JUNK, max_size=3) | JUNK,
    st.lists(st.dictionaries(KEYS, JUNK, max_size=5) | JUNK, max_size=3) | JUNK,
    st.sampled_from(["clear", "keep"]),
    st.sampled_from(["user_name", "external_id"]),
)
@PROPERTY
def test_any_input_is_read_or_reported(users, groups, on_empty, match_by):
    desired = read(users, groups, on_empty=on_empty, match_users_by=match_by)
    broken = [entry for entry in [*(desired.users or []), *(desired.groups or [])] if entry.broken]
    assert not broken or desired.problems
    for line in desired.problems:
        assert "\n" not in line
