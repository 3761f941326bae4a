# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the plan of a single object: its step, rows and diff, and that they contain no secret."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest
from directory_strategies import PROPERTY, TEXTS, canonical, desired_states, representations, shuffled
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._plan.desired import DesiredObject, desired_group, desired_user
from ansible_collections.pingone.directory.plugins.module_utils._plan.diff import diff_of
from ansible_collections.pingone.directory.plugins.module_utils._plan.one_object import changes_of, plan_object
from ansible_collections.pingone.directory.plugins.module_utils._plan.steps import OPERATIONS, Plan, Step
from ansible_collections.pingone.directory.plugins.module_utils._scim.attributes import BY_TYPE, CORE_URN, EXACT_LIST, HIDDEN
from ansible_collections.pingone.directory.plugins.module_utils._scim.members import Member
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER

SECRET = "correct horse battery"
ANN = {"id": "id-1", "userName": "ann", "title": "Head", "active": True, "groups": [{"value": "id-2"}]}


def user(name="ann", state="present", **more):
    return DesiredObject(USER, name, state, **more)


# -- the desired state --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("desired", "expected"),
    [
        (user(), {"user_name": "ann"}),
        (user(rename_to="eve"), {"user_name": "eve"}),
        (
            user(values={"title": "x"}, credentials={"password": SECRET}),
            {"user_name": "ann", "title": "x", "password": SECRET},
        ),
        (DesiredObject(GROUP, "team"), {"display_name": "team"}),
    ],
)
def test_for_create(desired, expected):
    assert desired.for_create() == expected


@pytest.mark.parametrize(
    ("desired", "found", "expected"),
    [
        (user("ann"), "ann", {}),
        (user("ann"), "ANN", {}),  # The name is how the user was found, in any case.
        (user("ann", rename_to="eve"), "ann", {"user_name": "eve"}),
        (user("ann", rename_to="eve"), "EVE", {}),
        (user("ann", rename_to="eve", exact_case=True), "EVE", {"user_name": "eve"}),
        (user("ann", rename_to="eve", exact_case=True), "eve", {}),
        (user(None, rename_to="eve"), "", {"user_name": "eve"}),
        (user(credentials={"password": SECRET}), "ann", {}),
        (user(credentials={"password": SECRET}, always=True), "ann", {"password": SECRET}),
        (user(values={"title": "x"}), "ann", {"title": "x"}),
    ],
)
def test_for_update(desired, found, expected):
    assert desired.for_update({"userName": found}) == expected


def test_credentials_are_not_verified():
    desired = user(values={"title": "x"}, credentials={"password": SECRET, "password_expired": True}, always=True)
    assert desired.to_verify(desired.for_update(ANN)) == {"title": "x"}


@pytest.mark.parametrize(
    ("desired", "label"),
    [(user("an\nn"), "user 'an\\nn'"), (user("ann", rename_to="eve"), "user 'eve'"), (DesiredObject(GROUP, "t"), "group 't'")],
)
def test_label_of_a_desired_state(desired, label):
    assert desired.label == label


@pytest.mark.parametrize(
    ("options", "match_by", "rename_to", "exact_case"),
    [
        ({}, "user_name", None, False),
        ({"new_user_name": "eve"}, "user_name", "eve", True),
        # With an id or external id, a different user_name renames; case alone does not.
        ({"id": "id-1"}, "user_name", "ann", False),
        ({}, "external_id", "ann", False),
        ({"id": "id-1", "new_user_name": "eve"}, "user_name", "eve", True),
    ],
)
def test_a_user_is_renamed_by(options, match_by, rename_to, exact_case):
    desired = desired_user({"user_name": "ann", "title": "x", "password": SECRET}, options, match_by)
    assert (desired.name, desired.rename_to, desired.exact_case) == ("ann", rename_to, exact_case)
    assert (desired.values, desired.credentials) == ({"title": "x"}, {"password": SECRET})
    assert (desired.state, desired.always, desired.mode) == ("present", False, EXACT_LIST)


@pytest.mark.parametrize(
    ("options", "rename_to", "exact_case"),
    [
        ({}, None, False),
        ({"new_display_name": "crew"}, "crew", True),
        ({"id": "id-2"}, "team", True),
        ({"id": "id-2", "new_display_name": "crew"}, "crew", True),
    ],
)
def test_a_group_is_renamed_by(options, rename_to, exact_case):
    desired = desired_group({"display_name": "team", **options})
    assert (desired.name, desired.rename_to, desired.exact_case, desired.state) == ("team", rename_to, exact_case, "present")


def test_options_of_a_task_reach_the_desired_state():
    desired = desired_user({"user_name": "ann"}, {"state": "absent", "update_password": "always", "multi_valued": BY_TYPE})
    assert (desired.absent, desired.always, desired.mode) == (True, True, BY_TYPE)
    assert desired_group({"display_name": "team", "state": "absent"}).absent


# -- steps -----------------------------------------------------------------------------------------


def test_absent_of_a_missing_object_plans_no_step():
    assert plan_object(user(state="absent"), None) is None


def test_absent_deletes_the_object():
    step = plan_object(user("ANN", state="absent"), ANN)
    assert (step.action, step.key, step.id, step.before, step.after, step.changes) == (
        "delete",
        "ann",
        "id-1",
        ANN,
        None,
        (),
    )
    assert step.rows() == [{"operation": "delete", "kind": "user", "key": "ann", "id": "id-1", "changes": {}}]


def test_a_delete_of_an_object_without_a_name_shows_the_desired_name():
    assert plan_object(user("ann", state="absent"), {"id": "id-1"}).key == "ann"


def test_present_creates_a_missing_object():
    step = plan_object(
        user(values={"title": "x", "active": True}, credentials={"password": SECRET, "password_expired": True}), None
    )
    assert (step.action, step.key, step.id, step.before) == ("create", "ann", None, None)
    assert step.after["password"] == SECRET
    assert "id" not in step.after
    assert step.rows() == [
        {
            "operation": "create",
            "kind": "user",
            "key": "ann",
            "id": None,
            "changes": {
                "user_name": {"before": None, "after": "ann"},
                "title": {"before": None, "after": "x"},
                "password_expired": {"before": None, "after": True},
                "password": {"before": None, "after": HIDDEN},
            },
        }
    ]


def test_a_rename_of_a_missing_object_creates_it_under_the_new_name():
    assert plan_object(user(rename_to="eve"), None).key == "eve"


def test_an_object_that_already_matches_needs_no_step():
    assert plan_object(user(values={"title": "Head", "active": True}, credentials={"password": SECRET}), ANN) is None


def test_a_put_has_one_row_for_each_operation():
    step = plan_object(user(rename_to="eve", values={"title": "", "active": False}), ANN)
    assert (step.action, step.key, step.id) == ("update", "ann", "id-1")
    assert step.rows() == [
        {
            "operation": "disable",
            "kind": "user",
            "key": "ann",
            "id": "id-1",
            "changes": {"active": {"before": True, "after": False}},
        },
        {
            "operation": "rename",
            "kind": "user",
            "key": "ann",
            "id": "id-1",
            "changes": {"user_name": {"before": "ann", "after": "eve"}},
        },
        {
            "operation": "update",
            "kind": "user",
            "key": "ann",
            "id": "id-1",
            "changes": {"title": {"before": "Head", "after": ""}},
        },
    ]
    assert step.after == {
        "id": "id-1",
        "userName": "eve",
        "active": False,
        "groups": [{"value": "id-2"}],
        "schemas": [CORE_URN],
    }


def test_enabling_has_its_own_operation():
    step = plan_object(user(values={"active": True}), {**ANN, "active": False})
    assert [row["operation"] for row in step.rows()] == ["enable"]


def test_a_password_with_update_always_is_an_update():
    step = plan_object(user(credentials={"password": SECRET}, always=True), ANN)
    assert step.rows()[0]["changes"] == {"password": {"before": None, "after": HIDDEN}}
    assert step.after["password"] == SECRET


def test_an_empty_password_is_not_set():
    assert plan_object(user(credentials={"password": ""}, always=True), ANN) is None


def test_an_update_of_an_object_without_a_name_shows_the_desired_name():
    assert plan_object(user(values={"title": "x"}), {"id": "id-1"}).key == "ann"


def test_each_member_has_a_row_and_removals_come_first():
    step = Step(
        "members", GROUP, "team", "g1", add=[Member("u1", "user", "ann")], remove=[Member("g2", "group", "all")]
    )
    assert step.rows() == [
        {
            "operation": operation,
            "kind": "membership",
            "key": "team",
            "id": "g1",
            "member": {"id": member_id, "kind": kind, "name": name},
            "changes": {},
        }
        for operation, member_id, kind, name in (("remove", "g2", "group", "all"), ("add", "u1", "user", "ann"))
    ]
    assert step.attempt == "change the members of group 'team'"


def test_attempt_of_a_step():
    assert Step("delete", USER, "a'b\n").attempt == "delete user 'a'b\\n'"


def test_plan():
    assert not Plan().changed
    assert Plan().rows() == []
    steps = [plan_object(user(), None), plan_object(user(state="absent"), ANN)]
    assert Plan(steps).changed
    assert [row["operation"] for row in Plan(steps).rows()] == ["create", "delete"]
    assert set(OPERATIONS) >= {"create", "delete"}


# -- the diff --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        (plan_object(user(), None), {}, {"user_name": "ann"}),
        (
            plan_object(user(credentials={"password": SECRET}), None),
            {},
            {"user_name": "ann", "password": HIDDEN},
        ),
        (
            plan_object(user(state="absent"), ANN),
            {"id": "id-1", "user_name": "ann", "title": "Head", "active": True},
            {},
        ),
        (
            plan_object(user(values={"title": ""}), ANN),
            {"id": "id-1", "user_name": "ann", "title": "Head", "active": True},
            {"id": "id-1", "user_name": "ann", "active": True},
        ),
        (
            plan_object(user(credentials={"password": SECRET}, always=True), {"id": "id-1"}),
            {"id": "id-1"},
            {"id": "id-1", "password": HIDDEN},
        ),
        (Step("update", USER, "ann", before={"userName": "ann"}), {"user_name": "ann"}, {"user_name": "ann"}),
        (
            Step("members", GROUP, "team", before={"displayName": "team"}),
            {"display_name": "team"},
            {"display_name": "team"},
        ),
    ],
)
def test_diff_of(step, before, after):
    assert diff_of(step) == {"before_header": step.label, "after_header": step.label, "before": before, "after": after}
    more = diff_of(step, {"groups": ["a"]}, {"groups": ["a", "b"]})
    assert more["before"] == {**before, "groups": ["a"]}
    assert more["after"] == {**after, "groups": ["a", "b"]}


# -- properties ------------------------------------------------------------------------------------


@st.composite
def user_desired_states(draw):
    """Generate desired states as p1_user creates them."""
    values = draw(desired_states())
    credentials = {name: values.pop(name) for name in ("password", "password_expired") if name in values}
    if draw(st.booleans()):
        credentials["password"] = SECRET
    rename_to = draw(st.none() | TEXTS)
    return DesiredObject(
        USER,
        values.pop("user_name"),
        draw(st.sampled_from(["present", "present", "present", "absent"])),
        values,
        credentials,
        always=draw(st.booleans()),
        rename_to=rename_to,
        exact_case=bool(rename_to) and draw(st.booleans()),
        mode=draw(st.sampled_from([EXACT_LIST, BY_TYPE])),
    )


CURRENT = st.none() | representations()


def _as_stored(step):
    """Return the stored representation after a step: with read-only values and without the password."""
    if step.action == "delete":
        return None
    stored = json.loads(json.dumps(step.after))
    stored.pop("password", None)
    return {"id": "id-1", **stored}


@PROPERTY
@given(user_desired_states(), CURRENT)
def test_an_applied_plan_leaves_no_changes(desired, current):
    step = plan_object(desired, current)
    again = plan_object(desired, current if step is None else _as_stored(step))
    if desired.always and desired.credentials.get("password") and desired.state == "present":
        # a password cannot be read back, so with ``always`` it is the only change
        assert again.changes == (("password", None, HIDDEN),)
    else:
        assert again is None


@PROPERTY
@given(st.data(), user_desired_states(), CURRENT)
def test_the_order_of_lists_does_not_matter(data, desired, current):
    permuted = replace(desired, values=shuffled(data.draw, desired.values))
    step, other = plan_object(desired, current), plan_object(permuted, shuffled(data.draw, current))
    assert (step is None) == (other is None)
    if step is not None:
        assert canonical(other.rows()) == canonical(step.rows())
        assert canonical(diff_of(other)) == canonical(diff_of(step))


@PROPERTY
@given(user_desired_states(), CURRENT)
def test_rows_and_diff_contain_no_secret(desired, current):
    desired.credentials["password"] = SECRET
    step = plan_object(desired, current)
    if step is not None:
        assert SECRET not in json.dumps([step.rows(), step.changes, diff_of(step), step.label, step.attempt])
    else:
        assert not desired.always or desired.state == "absent"


@PROPERTY
@given(user_desired_states(), CURRENT)
def test_planning_modifies_neither_desired_state_nor_representation(desired, current):
    before = copy.deepcopy((desired.values, desired.credentials, current))
    step = plan_object(desired, current)
    if step is not None:
        step.rows()
        diff_of(step)
    assert (desired.values, desired.credentials, current) == before


@PROPERTY
@given(user_desired_states(), CURRENT)
def test_rows_report_each_change_once_and_only_changes(desired, current):
    step = plan_object(desired, current)
    if step is None:
        return
    rows = step.rows()
    reported = [(name, change["before"], change["after"]) for row in rows for name, change in row["changes"].items()]
    assert sorted(reported, key=repr) == sorted(step.changes, key=repr)
    assert all(before != after for unused, before, after in reported)
    assert len({row["operation"] for row in rows}) == len(rows)
    assert all((row["kind"], row["key"], row["id"]) == ("user", step.key, step.id) for row in rows)


@PROPERTY
@given(representations(GROUP), TEXTS, st.booleans())
def test_a_rename_of_a_group_changes_only_its_name(group, name, exact):
    step = plan_object(DesiredObject(GROUP, "x", rename_to=name, exact_case=exact), group)
    found = group["displayName"]
    if found == name or not exact and found.lower() == name.lower():
        assert step is None
    else:
        assert [row["operation"] for row in step.rows()] == ["rename"]
        assert {key: value for key, value in step.after.items() if key != "displayName"} == {
            key: value for key, value in group.items() if key != "displayName"
        }


def test_changes_of_masks_passwords():
    assert changes_of(USER, {"password": SECRET, "title": "x"}, {}) == [
        ("title", None, "x"),
        ("password", None, HIDDEN),
    ]
    assert USER.changes({"password": SECRET}, {}) == []
