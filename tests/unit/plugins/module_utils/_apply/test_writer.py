# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the writer on unusual answers. Its rules are tested in test_rules.py."""

from __future__ import annotations

import pytest
from scripted_client import Answer, Script, listed
from workbench import Writer

from ansible_collections.pingone.directory.plugins.module_utils._apply import memberships
from ansible_collections.pingone.directory.plugins.module_utils._apply.context import RE_READS, Context
from ansible_collections.pingone.directory.plugins.module_utils._apply.outcome import StepError
from ansible_collections.pingone.directory.plugins.module_utils._core.errors import (
    AuthenticationError,
    ConflictError,
    DirectoryError,
    NotStoredError,
    ProtocolError,
    RefusedError,
    ServerError,
    TransportError,
)
from ansible_collections.pingone.directory.plugins.module_utils._plan.desired import DesiredObject
from ansible_collections.pingone.directory.plugins.module_utils._plan.one_object import plan_object
from ansible_collections.pingone.directory.plugins.module_utils._plan.steps import Step
from ansible_collections.pingone.directory.plugins.module_utils._scim.members import Member
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER
from ansible_collections.pingone.directory.plugins.module_utils._service.lookup import Lookup

ANN = {"id": "id-1", "userName": "ann", "title": "Head", "active": True}
BOSS = {**ANN, "title": "Boss"}
TEAM = {"id": "g-1", "displayName": "team", "members": [{"value": "u-1", "type": "user"}]}


TRIES = 3  # Attempts of one request that fit into the retry_timeout below.


def carry_out(step, *answers, forever=False, **options):
    """Carry out a step on scripted answers and return the script and the outcome or error."""
    script = Script(*answers, forever=forever, retry_timeout=2)
    warnings = []
    writer = Writer(Context(script.client, Lookup(script.client), warnings.append, **options))
    script.warnings = warnings
    try:
        return script, writer.carry_out(step)
    except DirectoryError as error:
        return script, error


def update(**values):
    return plan_object(DesiredObject(USER, "ann", values=values or {"title": "Boss"}), ANN)


def create(**values):
    return plan_object(DesiredObject(USER, "ann", values=values), None)


def members(add=(), remove=()):
    return Step(
        "members",
        GROUP,
        "team",
        "g-1",
        add=[Member(item, "user", None) for item in add],
        remove=[Member(item, "user", None) for item in remove],
        before=TEAM,
    )


def verbs(script):
    return [sent.method for sent in script.sent]


# -- create ----------------------------------------------------------------------------------------


def test_a_create_with_an_empty_answer_and_no_listed_user_is_reported():
    script, error = carry_out(create(), 204, listed(), forever=True)
    assert isinstance(error, ProtocolError)
    assert "does not contain the object, and the service does not list it" in str(error)
    assert script.clock.slept == list(RE_READS)


def test_an_adopted_user_is_updated_from_a_read_by_id():
    """A list may omit attributes, which a PUT would then delete."""
    script, outcome = carry_out(
        create(title="Boss"), 409, listed({"id": "id-1", "userName": "ann"}), listed(), {**ANN, "photos": ["x"]}, BOSS
    )
    assert verbs(script) == ["POST", "GET", "GET", "GET", "PUT"]
    assert script.sent[3].url.endswith("/user/id-1")
    assert script.sent[4].body["photos"] == ["x"]
    assert outcome.found
    assert outcome.changed


def test_an_adopted_user_is_not_written_when_the_read_by_id_shows_no_difference():
    script, outcome = carry_out(create(title="Boss"), 409, listed({"id": "id-1", "userName": "ann"}), listed(), BOSS)
    assert verbs(script) == ["POST", "GET", "GET", "GET"]
    assert outcome.found
    assert not outcome.changed


def test_a_failed_update_of_an_adopted_user_is_not_reported_as_a_create():
    """Actions that follow a create, such as an email, must not run for an existing account."""
    _script, error = carry_out(create(title="Boss"), 409, listed(ANN), listed(), ANN, 204, 403)
    assert isinstance(error, StepError)
    assert error.outcome.found
    assert error.outcome.representation["id"] == "id-1"


def test_an_ignored_display_name_of_a_user_is_a_warning():
    """For a user it is an attribute like any other and may be disabled; for a group it is the name."""
    step = plan_object(DesiredObject(USER, "ann", values={"display_name": "Ann"}), ANN)
    script, outcome = carry_out(step, ANN, ANN, ANN, on_ignored="warn")
    assert outcome.not_stored == ["display_name"]
    assert "did not store display_name. The attribute may have to be enabled" in script.warnings[0]


def test_a_refused_create_reads_the_list_without_a_filter():
    """The filter found no user before the create, so it was wrong or lists are stale."""
    script, error = carry_out(create(), 409, listed(), forever=True)
    assert isinstance(error, RefusedError)
    filtered = ["filter=" in sent.url for sent in script.sent if sent.method == "GET"]
    assert not filtered[0]
    assert not filtered[-1]


@pytest.mark.parametrize("status", [400, 409])
def test_a_conflict_without_an_existing_user_reports_the_refusal(status):
    script, error = carry_out(create(), Answer(status, {"message": "x already in use"}), listed(), forever=True)
    assert isinstance(error, RefusedError)
    assert error.status == status
    assert script.clock.slept == list(RE_READS)


def test_a_user_created_active_is_read_before_it_is_disabled():
    script, outcome = carry_out(create(active=False), ANN, ANN, {**ANN, "active": False})
    assert verbs(script) == ["POST", "GET", "PUT"]
    assert outcome.changed
    assert outcome.representation["active"] is False


def test_a_create_that_cannot_be_verified_is_reported_as_changed():
    _script, error = carry_out(create(title="Boss"), {"id": "id-1", "userName": "ann"}, 403)
    assert isinstance(error, StepError)
    assert error.outcome.changed
    assert error.outcome.representation["id"] == "id-1"
    assert error.status == 403


def test_an_attribute_that_a_create_did_not_store_is_named():
    _script, error = carry_out(
        create(title="Boss"), {"id": "id-1", "userName": "ann"}, {"id": "id-1", "userName": "ann"}
    )
    assert isinstance(error, StepError)
    assert isinstance(error.__cause__, NotStoredError)
    assert error.__cause__.attributes == ("title",)


def test_an_answer_without_a_name_is_completed_by_a_read():
    script, outcome = carry_out(create(), {"id": "id-1"}, {"id": "id-1", "userName": "ann"})
    assert outcome.representation["userName"] == "ann"
    assert script.done


# -- update ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([BOSS], None),  # The change shows, so it was carried out.
        ([ANN], ServerError),
        ([404], ServerError),
        ([403], ServerError),  # The read fails, so the error of the write is reported.
    ],
)
def test_a_put_without_an_answer_is_verified_by_a_read(after, expected):
    puts = [503] * TRIES
    script, outcome = carry_out(update(), ANN, *puts, *after)
    if expected is None:
        assert outcome.changed
        assert outcome.representation == BOSS
    else:
        assert isinstance(outcome, expected)
        assert outcome.status == 503
        assert "The change may have been made" in str(outcome)
    assert script.done


def test_a_put_of_a_password_alone_cannot_be_verified():
    step = plan_object(DesiredObject(USER, "ann", credentials={"password": "x"}, always=True), ANN)
    _script, error = carry_out(step, ANN, *[503] * TRIES, ANN)
    assert isinstance(error, ServerError)


def test_a_put_that_was_not_sent_is_not_verified():
    import requests

    refused = requests.exceptions.ConnectTimeout("x")
    script, error = carry_out(update(), ANN, *[refused] * TRIES)
    assert isinstance(error, TransportError)
    assert verbs(script) == ["GET"] + ["PUT"] * TRIES


def test_a_put_that_cannot_be_read_back_is_reported_as_changed():
    script, error = carry_out(update(), ANN, 204, 404, forever=True)
    assert isinstance(error, StepError) and isinstance(error.__cause__, ProtocolError)
    assert "was written but cannot be read back" in str(error)
    assert error.outcome.changed
    assert script.clock.slept == list(RE_READS)


def test_a_read_with_the_version_before_the_write_is_stale():
    old, new = ({"meta": {"version": version}} for version in ("1", "2"))
    script, outcome = carry_out(update(), {**ANN, **old}, {**ANN, **new}, {**ANN, **old}, {**BOSS, **new})
    assert (outcome.changed, outcome.not_stored) == (True, [])
    assert verbs(script) == ["GET", "PUT", "GET", "GET"]


def test_the_answer_decides_when_the_user_cannot_be_read_back():
    _script, error = carry_out(update(), ANN, ANN, 404)
    assert isinstance(error, StepError)
    assert "did not store title" in str(error)
    assert not error.outcome.changed


@pytest.mark.parametrize("refusal", [401, 409, 429])
def test_a_fatal_error_or_conflict_of_the_second_attempt_is_reported(refusal):
    step = plan_object(DesiredObject(USER, "ann", values={"title": ""}), ANN)
    answers = [ANN, ANN, ANN, refusal, *([refusal] * 9)]
    _script, error = carry_out(step, *answers) if refusal != 409 else carry_out(step, *answers[:4], ANN, ANN, ANN, 409)
    assert isinstance(error, (AuthenticationError, ConflictError, RefusedError))
    assert error.status == refusal


# -- members ---------------------------------------------------------------------------------------


def test_accepted_members_that_cannot_be_verified_are_reported_as_changed():
    _script, error = carry_out(members(add=["u-2"]), 204, 403)
    assert isinstance(error, StepError)
    assert error.status == 403
    assert error.outcome.changed
    assert [member.id for member in error.outcome.added] == ["u-2"]
    assert "accepted the change of members, but it could not be verified" in str(error)


def test_refused_members_that_cannot_be_read_report_the_refusal():
    _script, error = carry_out(members(add=["u-2"]), Answer(403, {"message": "read-only"}), 401)
    assert error.status == 403
    assert "read-only" in str(error)


def test_members_of_a_deleted_group():
    script, error = carry_out(members(add=["u-2"]), 404, forever=True)
    assert isinstance(error, RefusedError)
    assert error.status == 404
    assert script.clock.slept == list(RE_READS)


def test_an_answer_without_members_is_verified_by_a_read():
    script, outcome = carry_out(
        members(remove=["u-1"]), {"id": "g-1", "displayName": "team"}, {"id": "g-1", "displayName": "team"}
    )
    assert verbs(script) == ["PATCH", "GET"]
    assert [member.id for member in outcome.removed] == ["u-1"]


def test_an_answer_about_another_group_is_verified_by_a_read():
    script, outcome = carry_out(
        members(add=["u-2"]),
        {**TEAM, "id": "g-2", "members": [{"value": "u-2"}]},
        {**TEAM, "members": [{"value": "u-2"}]},
    )
    assert verbs(script) == ["PATCH", "GET"]
    assert outcome.representation["id"] == "g-1"


def test_members_that_were_not_added_or_removed_are_counted_and_named():
    _script, error = carry_out(members(add=["u-2", "u-3"], remove=["u-1"]), 204, 204, TEAM, forever=True)
    assert isinstance(error.__cause__, NotStoredError)
    assert "2 were not added (u-2, u-3) and 1 were not removed (u-1)" in str(error)
    assert not error.outcome.changed


def test_a_single_member_that_is_too_large_is_reported():
    _script, error = carry_out(members(add=["u-2"]), 413, TEAM, forever=True)
    assert error.status == 413


def test_a_chunk_that_timed_out_is_halved(monkeypatch):
    import requests

    monkeypatch.setattr(memberships, "CHUNK", 4)
    everyone = [f"u-{number}" for number in range(4)]
    done = {"id": "g-1", "members": [{"value": item} for item in everyone]}
    script, outcome = carry_out(members(add=everyone), requests.exceptions.ReadTimeout("x"), 204, 204, done)
    assert [len(sent.body["members"]) for sent in script.sent[:3]] == [4, 2, 2]
    assert outcome.changed


def test_a_refused_removal_is_reported():
    _script, error = carry_out(members(remove=["u-1"]), Answer(400, {"message": "no"}), TEAM, forever=True)
    assert error.status == 400
    assert not error.outcome.changed


# -- all steps -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "step", [create(), update(), members(add=["u-2"]), plan_object(DesiredObject(USER, "ann", "absent"), ANN)]
)
def test_a_failure_names_the_attempted_operation(step):
    _script, error = carry_out(step, 403, forever=True)
    assert str(error).startswith(f"Could not {step.attempt}: ")
    assert error.failure["operation"] == step.attempt


def test_a_refused_key_is_fatal_in_every_step():
    for step in (create(), update(), members(add=["u-2"])):
        _script, error = carry_out(step, 401, forever=True)
        assert error.fatal
