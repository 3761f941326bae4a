# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test which users are administrators and which groups make them administrators, according to the list of groups."""

from __future__ import annotations

import pytest
from desired_directories import ADMIN, group, user

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import DirectoryError, InputError
from ansible_collections.pingone.directory.plugins.module_utils._plan.administrators import Administrators, refuse_administering

NESTED = [
    group("Domain Administrators", ADMIN, groups=("Operators",)),
    group("Operators", "olga", groups=("Night shift",)),
    group("Night shift", "nick", groups=("Operators",)),  # a cycle ends the walk
    group("Domain Administrators of ours", "tim"),
    group("Team", "tim", groups=("Domain Administrators",)),
]


def administrators(groups=None):
    return Administrators({item["id"]: item for item in (NESTED if groups is None else groups)})


def test_administrators_are_members_at_any_depth():
    found = administrators()
    assert [name for name in (ADMIN, "olga", "nick", "tim") if found.has(f"{name}-id")] == [ADMIN, "olga", "nick"]
    assert found.path("nick-id") == ("Domain Administrators-id", "Operators-id", "Night shift-id")
    assert found.path("tim-id") == ()
    assert found and found.all_seen


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Domain Administrators", ("Domain Administrators",)),
        ("Night shift", ("Domain Administrators", "Operators", "Night shift")),
        ("Team", ()),  # a parent of the group, not a child
        ("Domain Administrators of ours", ()),
        ("Nowhere", ()),
    ],
)
def test_administering_groups_are_the_nested_groups(name, path):
    found = administrators()
    assert found.administers(f"{name}-id") is bool(path)
    assert found.path_of_group(f"{name}-id") == tuple(f"{part}-id" for part in path)


def test_ids_are_compared_without_case_and_a_missing_id_matches_none():
    found = administrators()
    assert found.has("OLGA-ID") and found.administers("OPERATORS-ID")
    assert not found.has(None) and not found.administers(None) and not found.has("")


@pytest.mark.parametrize("name", ["domain administrators", " Domain Administrators ", "DOMAIN ADMINISTRATORS"])
def test_the_group_is_found_in_any_spelling(name):
    assert administrators([group(name, "ann")]).has("ann-id")


def test_a_user_is_an_administrator_by_the_groups_in_its_representation():
    found = administrators()
    for shown in ([{"value": "night SHIFT-id"}], ["Operators-id"], [{"display": "domain administrators"}]):
        assert found.shown_by(user("new", groups=shown))
    for shown in (None, "odd", [{"value": "Team-id", "display": "Team"}, {"value": 5}, 7]):
        assert not found.shown_by(user("new", groups=shown))


def test_an_unlisted_nested_group_makes_the_view_incomplete():
    assert not administrators([]) and not administrators([]).all_seen
    assert not administrators([group("Domain Administrators", ADMIN, groups=("hidden",))]).all_seen


class Listing:
    def __init__(self, groups, why=None):
        self.items = {item["id"]: item for item in groups}
        self.complete, self.why = why is None, why


class Lookup:
    def __init__(self, *listing):
        self.listing = Listing(*listing)

    def everything(self, _resource):
        return self.listing


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"id": "Operators-id"}, "group 'Operators' makes its members administrators (Domain Administrators > Operators). "),
        ({"id": "NIGHT SHIFT-ID"}, "(Domain Administrators > Operators > Night shift)"),
        (group("Domain Administrators"), "group 'Domain Administrators' makes its members administrators. Omit"),
        # A group that the list does not contain.
        ({"id": "x", "displayName": "domain administrators"}, "group 'Domain Administrators' makes its members administrators"),
    ],
)  # fmt: skip
def test_administering_groups_are_refused(given, words):
    with pytest.raises(InputError) as refused:
        refuse_administering(Lookup(NESTED), [group("Team"), given])
    assert words in str(refused.value)


def test_other_groups_are_allowed_if_all_administering_groups_are_known():
    others = [group("Team"), {"id": "unknown-id"}, {"id": None, "displayName": "new"}]
    refuse_administering(Lookup(NESTED), others)
    refuse_administering(Lookup(NESTED, "it repeats itself"), others)
    hidden = [group("Domain Administrators", ADMIN, groups=("hidden",))]
    refuse_administering(Lookup(hidden), others)
    for groups in (hidden, []):
        with pytest.raises(DirectoryError, match="may be incomplete .it repeats itself."):
            refuse_administering(Lookup(groups, "it repeats itself"), others)
