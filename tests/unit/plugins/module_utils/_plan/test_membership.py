# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test members of groups: the difference, cycles, and inherited members."""

from __future__ import annotations

import itertools

import pytest
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import NotFoundError
from ansible_collections.pingone.directory.plugins.module_utils._plan.membership import groups_holding, plan_members, unknown_members
from ansible_collections.pingone.directory.plugins.module_utils._plan.nesting import effective_members, find_cycle, nested_groups, nesting_cycle
from ansible_collections.pingone.directory.plugins.module_utils._scim.members import Member, member_patch, members_of

IDS = "abcde"
GRAPHS = st.dictionaries(
    st.sampled_from(IDS), st.lists(st.sampled_from(IDS + "?"), max_size=3, unique=True), max_size=len(IDS)
)


def ann(member_id="u1", kind="user", name=None):
    return Member(member_id, kind, name or member_id)


@pytest.mark.parametrize(
    ("group", "known", "expected"),
    [
        ({}, (), []),
        ({"members": None}, (), []),
        ({"members": []}, (), []),
        ({"members": [{"type": "user"}, {"value": ""}, {"value": {}}, None, True]}, (), []),
        ({"members": [{"value": "u1", "type": "user", "display": "ann"}]}, (), [ann(name="ann")]),
        ({"members": [{"value": "g1", "type": "GROUP"}]}, (), [ann("g1", "group")]),
        ({"members": [{"value": "u1", "type": "User", "display": 7}]}, (), [ann()]),
        # a member without a type has the known kind of its id, or none
        ({"members": [{"value": "g1"}, {"value": "u1"}]}, {"g1": "group"}, [ann("g1", "group"), ann(kind=None)]),
        ({"members": [{"value": "g1", "type": "team"}]}, {"g1": "group"}, [ann("g1", "group")]),
        ({"members": [{"value": "g1", "type": None}]}, (), [ann("g1", None)]),
        # the type takes precedence over the known kind
        ({"members": [{"value": "g1", "type": "user"}]}, {"g1": "group"}, [ann("g1")]),
        # plain strings, and a single string without a list
        ({"members": ["u1"]}, {"u1": "user"}, [ann()]),
        ({"members": {"value": "u1"}}, (), [ann(kind=None)]),
        ({"members": "u1"}, (), [ann(kind=None)]),
        ({"members": [{"value": "u1"}, {"value": "u1", "type": "user"}]}, (), [ann()]),
    ],
)
def test_members_of(group, known, expected):
    assert members_of(group, dict(known).get) == {member.id: member for member in expected}


def test_ids_are_compared_without_case():
    assert members_of({"members": [{"value": "AB-C", "type": "user"}]}) == {"ab-c": ann("AB-C")}
    assert ann("AB").key == ann("ab").key
    groups = {"Aa": {"members": [{"value": "BB", "type": "group"}]}, "bb": {"members": [{"value": "U1", "type": "user"}]}}
    assert nested_groups(groups) == {"aa": ["bb"], "bb": []}
    found = effective_members("aA", groups)
    assert {key: path for key, (_member, path) in found.items()} == {"bb": ("aA",), "u1": ("aA", "bb")}
    assert found["bb"][0].id == "bb"


def test_a_member_of_unknown_kind_is_removed_only_if_both_kinds_are_exact():
    current = {"x": ann("x", None), "u1": ann()}
    assert plan_members(current, exact_kinds=["user"]) == ([], [ann()])
    assert plan_members(current, exact_kinds=["group"]) == ([], [])
    assert plan_members(current, exact_kinds=["user", "group"]) == ([], [ann("x", None), ann()])
    assert member_patch(remove=[ann("x", None)]) == {"members": [{"value": "x", "operation": "delete"}]}


def test_members_are_compared_by_id_or_else_by_name():
    assert ann("u1", name="x").key == ann("u1", name="y").key
    assert ann(None, name="Ann").key == ann(None, name="aNN").key
    assert ann(None, name="ann").key != ann(None, "group", "ann").key
    assert ann(None, name=None).key == ("user", "")
    assert ann(name="x").as_dict() == {"id": "u1", "kind": "user", "name": "x"}


CURRENT = {member.id: member for member in (ann("u1"), ann("u2"), ann("g1", "group"))}


@pytest.mark.parametrize(
    ("add", "remove", "exact", "added", "removed"),
    [
        ([], [], (), [], []),
        (["u1", "u3"], [], (), ["u3"], []),
        (["u3", "u3"], [], (), ["u3"], []),
        ([], ["u1", "u3"], (), [], ["u1"]),
        (["u1"], [], ("user",), [], ["u2"]),
        (["u3"], [], ("user",), ["u3"], ["u1", "u2"]),
        ([], [], ("user",), [], ["u1", "u2"]),
        ([], [], ("group",), [], ["g1"]),
        ([], [], ("user", "group"), [], ["g1", "u1", "u2"]),
        (["u1", "u2"], ["g1"], ("user",), [], ["g1"]),
        (["u3"], ["u2"], (), ["u3"], ["u2"]),
    ],
)
def test_plan_members(add, remove, exact, added, removed):
    to_add, to_remove = plan_members(CURRENT, map(ann, add), map(ann, remove), exact)
    assert sorted(member.id for member in to_add) == added
    assert sorted(member.id for member in to_remove) == removed


def test_a_removed_member_is_reported_with_its_given_name():
    assert plan_members(CURRENT, remove=[ann("u1", name="ann")]) == ([], [ann("u1", name="ann")])


def test_members_without_an_id_are_added_once():
    unborn = [ann(None, name="new"), ann(None, name="NEW"), ann(None, "group", "new")]
    assert plan_members(CURRENT, unborn) == ([unborn[1], unborn[2]], [])


def test_member_patch():
    assert member_patch([ann("u1")], [ann("g1", "group")]) == {
        "members": [{"value": "g1", "type": "Group", "operation": "delete"}, {"value": "u1", "type": "User"}]
    }
    assert member_patch() == {"members": []}


MEMBERS = st.lists(
    st.builds(ann, st.sampled_from(["u1", "u2", "u3", "g1", "g2"])).map(
        lambda member: member._replace(kind="group" if member.id.startswith("g") else "user")
    ),
    max_size=5,
)


@PROPERTY
@given(MEMBERS, MEMBERS, MEMBERS, st.sets(st.sampled_from(["user", "group"])))
def test_applying_a_difference_leaves_no_difference(current, add, remove, exact):
    remove = [member for member in remove if member not in add]
    before = {member.id: member for member in current}
    to_add, to_remove = plan_members(before, add, remove, exact)
    after = {key: member for key, member in before.items() if member not in to_remove}
    after.update({member.id: member for member in to_add})
    assert plan_members(after, add, remove, exact) == ([], [])
    assert all(member.id in after for member in add)
    assert not any(member.id in after for member in remove)
    others = {key for key, member in before.items() if member not in remove and member.kind not in exact}
    assert others <= after.keys()
    # the order of the members makes no difference
    again = plan_members(dict(reversed(before.items())), add[::-1], remove[::-1], exact)
    assert [set(side) for side in again] == [set(to_add), set(to_remove)]


# -- cycles ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("children", "cycle"),
    [
        ({}, None),
        ({"a": []}, None),
        ({"a": ["a"]}, ["a", "a"]),
        ({"a": ["b"], "b": ["c"]}, None),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, ["b", "c", "b"]),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, None),  # two paths to one group are not a cycle
        ({"a": ["?"]}, None),
    ],
)
def test_find_cycle(children, cycle):
    assert find_cycle(children) == cycle


def _is_path(children, path):
    return all(child in children.get(parent, ()) for parent, child in itertools.pairwise(path))


def _reachable(children, start):
    """Return every group and member that a group reaches in one step or more."""
    found = set()
    while True:
        more = {child for parent in (found | {start}) for child in children.get(parent, ())} - found
        if not more:
            return found
        found |= more


@PROPERTY
@given(GRAPHS)
def test_find_cycle_finds_every_cycle(children):
    cycle = find_cycle(children)
    assert (cycle is not None) == any(group in _reachable(children, group) for group in children)
    if cycle is not None:
        assert len(cycle) > 1
        assert cycle[0] == cycle[-1]
        assert _is_path(children, cycle)


@PROPERTY
@given(GRAPHS, st.sampled_from(IDS), st.lists(st.sampled_from(IDS), max_size=3))
def test_nesting_cycle_finds_every_cycle_that_nesting_would_close(children, group, nested):
    cycle = nesting_cycle(group, nested, children)
    closes = [item for item in nested if item == group or group in _reachable(children, item)]
    assert (cycle is not None) == bool(closes)
    if cycle is not None:
        assert cycle[0] == cycle[-1] == group
        assert cycle[1] in closes
        assert _is_path(children, cycle[1:])


def test_nesting_cycle_reports_the_path():
    children = {"b": ["c"], "c": ["a"]}
    assert nesting_cycle("a", ["x", "b"], children) == ["a", "b", "c", "a"]
    assert nesting_cycle("a", ["a"], children) == ["a", "a"]
    assert nesting_cycle("a", [], children) is None


def test_a_deep_nesting_does_not_exceed_the_recursion_limit():
    deep = {str(number): [str(number + 1)] for number in range(5000)}
    assert find_cycle(deep) is None
    assert len(nesting_cycle("4000", ["0"], deep)) == 4002
    assert (
        len(effective_members("0", {key: {"members": [{"value": deep[key][0], "type": "group"}]} for key in deep}))
        == 5000
    )


# -- effective membership --------------------------------------------------------------------------


def _group(*members):
    return {"members": [{"value": member, "type": "user" if member.startswith("u") else "group"} for member in members]}


def test_nested_groups():
    groups = {"a": {"members": [{"value": "b"}, {"value": "u1"}, {"value": "c", "type": "group"}]}, "b": {}}
    assert nested_groups(groups) == {"a": ["b", "c"], "b": []}


def test_effective_members_with_their_paths():
    groups = {"a": _group("u1", "b", "c"), "b": _group("u1", "u2", "a"), "c": _group("b", "?", "u3"), "d": _group("u4")}
    found = effective_members("a", groups)
    assert {member_id: path for member_id, (member, path) in found.items()} == {
        "u1": ("a",),
        "b": ("a",),
        "c": ("a",),
        "u2": ("a", "b"),
        "?": ("a", "c"),
        "u3": ("a", "c"),
    }
    assert found["b"][0].kind == "group"
    assert effective_members("?", groups) == {}


@PROPERTY
@given(
    st.dictionaries(
        st.sampled_from(IDS),
        st.lists(st.sampled_from([*IDS, "?", "u1", "u2", "u3"]), max_size=4, unique=True),
        max_size=5,
    ),
    st.sampled_from(IDS),
)
def test_effective_members_have_a_shortest_path(children, start):
    groups = {group: _group(*members) for group, members in children.items()}
    found = effective_members(start, groups)
    assert set(found) == _reachable(children, start) - {start}
    for member_id, (member, path) in found.items():
        assert member.id == member_id
        assert path[0] == start
        assert _is_path(children, [*path, member_id])
        ways = (
            way
            for length in range(1, len(path))
            for way in itertools.permutations(children, length)
            if way[0] == start and _is_path(children, [*way, member_id])
        )
        assert next(ways, None) is None, "there is a shorter one"


@PROPERTY
@given(
    st.dictionaries(
        st.sampled_from(IDS), st.lists(st.sampled_from([*IDS, "?", "u1", "u2"]), max_size=4, unique=True), max_size=5
    )
)
def test_groups_holding_finds_direct_and_inherited_membership(children):
    groups = {group.upper(): _group(*members) for group, members in children.items()}
    direct, holding = groups_holding("u1", groups)
    assert direct == {group: group.upper() for group, members in children.items() if "u1" in members}
    assert holding == {group for group in children if "u1" in _reachable(children, group)}


def test_unknown_members_follow_the_policy():
    words = {"consequence": "left out", "advice": "Create it"}

    def no_hint():
        raise AssertionError("no hint is shown")

    assert unknown_members("ignore", "user 'x' does not exist", no_hint, **words) is None
    assert unknown_members("warn", "user 'x' does not exist", str, **words) == "user 'x' does not exist; left out"
    assert unknown_members("warn", "no 'x'", lambda: "Did you mean 'y'?", **words) == "no 'x'; left out. Did you mean 'y'?"
    for hint, said in ((str, "no 'x'. Create it."), (lambda: "Did you mean 'y'?", "no 'x'. Did you mean 'y'?")):
        with pytest.raises(NotFoundError) as error:
            unknown_members("fail", "no 'x'", hint, **words)
        assert str(error.value).rstrip(".") == said.rstrip(".")
