# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test which object a task identifies, whether a missing one is created, and which group new users join."""

from __future__ import annotations

import json

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._core.dates import parse_moment
from ansible_collections.pingone.directory.plugins.module_utils._core.errors import ConflictError, DirectoryError, InputError, NotFoundError
from ansible_collections.pingone.directory.plugins.module_utils._core.names import is_uuid
from ansible_collections.pingone.directory.plugins.module_utils._plan.creation import may_create, refuse_unusual_name, why_not_created
from ansible_collections.pingone.directory.plugins.module_utils._plan.default_group import DEFAULT_USER_GROUP, resolve_default_group
from ansible_collections.pingone.directory.plugins.module_utils._plan.desired import DesiredObject
from ansible_collections.pingone.directory.plugins.module_utils._plan.diff import readable_diff
from ansible_collections.pingone.directory.plugins.module_utils._plan.group_identity import identify_group
from ansible_collections.pingone.directory.plugins.module_utils._plan.identity import identify_user
from ansible_collections.pingone.directory.plugins.module_utils._plan.identity_conflicts import refuse_taken_external_id
from ansible_collections.pingone.directory.plugins.module_utils._plan.one_object import plan_object
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER

ID = "a5b6c7d8-0000-4000-8000-000000000001"
ANN = {"id": "ann-id", "userName": "ann", "externalId": "HR:1"}


class Users:
    """Return users by external id in any case, and why the list may be incomplete."""

    def __init__(self, *users, why=None):
        self.users = list(users)
        self.why = why

    def users_with_external_id(self, external_id):
        return [user for user in self.users if user["externalId"].lower() == external_id.lower()]

    def by_id(self, resource, resource_id):
        assert resource is USER
        return next((user for user in self.users if user["id"] == resource_id), None)

    def why_uncertain(self, resource):
        assert resource is USER
        return self.why


# -- identification --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "match_by", "message"),
    [
        ({"id": " "}, "user_name", "id is empty"),
        ({"user_name": ""}, "user_name", "user_name is empty"),
        ({"user_name": "ann", "new_user_name": "\t"}, "user_name", "new_user_name is empty"),
        ({"external_id": ""}, "external_id", "external_id is empty"),
        ({"external_id": "HR:1"}, "user_name", "user_name is missing"),
        ({"user_name": "ann"}, "external_id", "external_id is missing"),
    ],
)
def test_a_user_must_be_identified(options, match_by, message):
    with pytest.raises(InputError, match=f"^{message}"):
        identify_user(Users(), options, DesiredObject(USER, options.get("user_name")), match_by)


def test_an_unknown_id_is_a_404_or_absent():
    with pytest.raises(NotFoundError, match=f"^there is no user with the id '{ID}'") as caught:
        identify_user(Users(), {"id": ID}, DesiredObject(USER, "ann"))
    assert caught.value.status == 404
    assert identify_user(Users(), {"id": ID}, DesiredObject(USER, "ann", state="absent")) is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"id": ""}, "id is empty"),
        ({"display_name": " "}, "display_name is empty"),
        ({"display_name": "a", "new_display_name": ""}, "new_display_name is empty"),
        ({"new_display_name": "a"}, "display_name is missing"),
    ],
)
def test_a_group_must_be_identified(options, message):
    with pytest.raises(InputError, match=f"^{message}"):
        identify_group(Users(), options, DesiredObject(GROUP, options.get("display_name")), pytest.fail)


@pytest.mark.parametrize(
    ("finder", "current", "error", "message"),
    [
        (Users(), None, None, ""),
        (Users(ANN), ANN, None, ""),
        (Users(ANN), {**ANN, "id": "ANN-ID"}, None, ""),  # ids are compared without regard to case
        (Users({**ANN, "externalId": "hr:1"}), {"id": "bob-id"}, None, ""),  # an update does not overwrite another user
        (Users(why="short"), {"id": "bob-id"}, None, ""),
        (Users(ANN), {"id": "bob-id"}, ConflictError, "belongs to user 'ann' \\(ann-id\\)"),
        (Users(ANN), None, ConflictError, "belongs to user 'ann' \\(ann-id\\)"),
        (Users({**ANN, "externalId": "hr:1"}, {**ANN, "id": "eve-id"}), None, ConflictError, "belongs to .*eve-id"),
        (Users({**ANN, "externalId": "hr:1"}), None, ConflictError, "differs only in case from that of user 'ann' \\(ann-id\\)"),
        (
            Users({**ANN, "externalId": "hr:1"}, {**ANN, "id": "eve-id", "userName": "eve", "externalId": "Hr:1"}),
            None,
            ConflictError,
            "differs only in case from that of user 'ann' \\(ann-id\\)",
        ),
        (Users(why="it was short"), None, DirectoryError, "may be incomplete \\(it was short\\)"),
    ],
)
def test_a_create_with_the_external_id_of_another_user_is_refused(finder, current, error, message):
    if error is None:
        refuse_taken_external_id(finder, "HR:1", current)
    else:
        with pytest.raises(error, match=message) as caught:
            refuse_taken_external_id(finder, "HR:1", current)
        assert caught.type is error


# -- creating --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "values", "created"),
    [
        ({}, {}, True),
        ({"create": False}, {"name": {"family": "A"}}, False),
        ({"create": True, "new_user_name": "eve"}, {"active": False}, True),
        ({"new_user_name": "eve"}, {}, False),
        ({}, {"active": False}, False),
        ({}, {"active": False, "external_id": "HR:1"}, True),
        ({}, {"active": True}, True),
    ],
)
def test_may_create(options, values, created):
    assert may_create(options, DesiredObject(USER, "ann", values=values)) is created


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"create": False}, "user 'ann' does not exist, and create is false"),
        ({"new_user_name": "eve"}, "user 'ann' and user 'eve' do not exist, and renaming a user does not create one"),
        ({}, "user 'ann' does not exist, and disabling a user does not create one"),
    ],
)
def test_why_not_created(options, message):
    assert why_not_created(options, DesiredObject(USER, "ann", values={"active": False})) == message


@pytest.mark.parametrize(
    ("desired", "current", "refused"),
    [
        (DesiredObject(USER, "an\u200bn"), None, True),
        (DesiredObject(USER, "ann", rename_to="an\u200bn"), ANN, True),
        (DesiredObject(USER, "an\u200bn", values={"title": "x"}), {**ANN, "userName": "an\u200bn"}, False),  # the user already has the name
        (DesiredObject(USER, "an\u200bn", "absent"), {**ANN, "userName": "an\u200bn"}, False),
        (DesiredObject(USER, "ann"), None, False),
        (DesiredObject(USER, "ann"), ANN, False),
    ],
)
def test_new_names_with_invisible_characters_are_refused(desired, current, refused):
    step = plan_object(desired, current)
    if refused:
        with pytest.raises(InputError, match="^user_name .* contains "):
            refuse_unusual_name(step)
    else:
        refuse_unusual_name(step)


# -- the group of new users ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "found", "expected"),
    [
        (None, None, None),
        (DEFAULT_USER_GROUP, None, DEFAULT_USER_GROUP),
        ("Team", {"id": "team-id"}, "team-id"),
        (ID, None, ID),  # the list may not contain it
        (ID, {"id": "team-id"}, "team-id"),  # a name may look like an id
    ],
)
def test_default_group(option, found, expected):
    assert resolve_default_group(option, lambda name: found) == expected


@pytest.mark.parametrize(
    ("option", "error", "message"),
    [
        (" ", InputError, "^default_group is empty"),
        ("Team", NotFoundError, "^default_group: group 'Team' does not exist"),
    ],
)
def test_an_invalid_default_group(option, error, message):
    with pytest.raises(error, match=message):
        resolve_default_group(option, lambda name: None)


# -- helpers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), [(ID, True), (ID.upper(), True), (f"{ID}0", False), ("Team", False), ("", False)])
def test_is_uuid(text, expected):
    assert is_uuid(text) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "1970-01-01T00:00:00+00:00"),
        (1500, "1970-01-01T00:00:01.500000+00:00"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05+00:00"),
        ("0001-01-01T00:00:00+02:00", None),  # before the first moment in UTC
        (True, None),
        (1e300, None),
        ("soon", None),
    ],
)
def test_parse_moment(value, expected):
    moment = parse_moment(value)
    assert (moment.isoformat() if moment else None) == expected


def test_readable_diff():
    side = {"before_header": "Åsa", "before": {"name": "Åsa"}, "after": {}}
    readable = readable_diff([side, side])
    assert readable == [readable_diff(side)] * 2
    assert "Åsa" in readable[0]["before"]
    assert json.loads(readable[0]["before"]) == side["before"]
    assert (readable[0]["before_header"], readable[0]["after"]) == ("Åsa", "")
    # Each option is a line, in an order that both sides share.
    sides = readable_diff({"before": {"title": "x", "active": True}, "after": {"active": True, "title": "x"}})
    assert sides["before"] == sides["after"] == '{\n    "active": true,\n    "title": "x"\n}\n'
