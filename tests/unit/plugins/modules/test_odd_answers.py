# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that unusual but harmless answers do not stop a task."""

from __future__ import annotations

import pytest

ODD = [
    {"byte_order_mark": "yes"},
    {"interim_answers": "102"},
    {"interim_answers": "103", "byte_order_mark": "yes"},
    {"error_status": 200},
    {"schemas": "core", "undeclared_extension": 400},
    {"schemas": "none", "undeclared_extension": 400},
    {"schemas": "known", "undeclared_extension": 400},
    *({"user_filter": 400, "group_filter": 400, "filter_refusal": status} for status in (406, 414, 418, 422, 431)),
]


@pytest.mark.parametrize("switches", ODD, ids=str)
def test_a_task_continues_after_an_unusual_answer(playground, switches):
    playground.service.configure(**switches)
    ann = {"user_name": "ann", "emails": [{"value": "ann@example.org"}], "enterprise": {"department": "Sales"}}
    playground.converge("p1_user", **ann)
    playground.converge("p1_user", **{**ann, "title": "Dr."})
    playground.converge("p1_group", display_name="team")
    playground.converge("p1_group_membership", group="team", users=["ann"])
    playground.converge("p1_user", user_name="ann", state="absent")


@pytest.mark.parametrize("undeclared", ["accepted", 400])
@pytest.mark.parametrize("schemas", ["all", "core", "none", "known"])
def test_an_unknown_extension_is_sent_back(playground, schemas, undeclared):
    playground.service.configure(schemas=schemas, undeclared_extension=undeclared)
    ids = playground.service.seed(users=[{"userName": "ann", "urn:example:badge": {"number": 7}}])["users"]
    playground.converge("p1_user", user_name="ann", title="Dr.", enterprise={"department": "Sales"})
    assert playground.service.dump()["users"][ids["ann"]]["urn:example:badge"] == {"number": 7}


@pytest.mark.parametrize("status", [408, 425, 502, 520, 522, 524])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_temporary_gateway_error_is_retried(playground, status, method):
    playground.service.seed(users=[{"userName": "ann"}])
    playground.service.add_fault(kind="status", status=status, method=method)
    assert playground.ok("p1_user", user_name="ann", title="Dr.")["api"]["retries"] == 1


def test_an_account_with_an_unpaired_surrogate_can_be_offboarded(playground):
    playground.service.configure(half_characters="stored")
    ids = playground.service.seed(users=[{"userName": "ann", "displayName": "bye\ud83d"}])["users"]
    playground.converge("p1_user", user_name="ann", active=False)
    assert playground.service.dump()["users"][ids["ann"]]["displayName"] == "bye\ud83d"
    playground.converge("p1_user", user_name="ann", state="absent")


def test_an_error_in_a_successful_answer_is_reported(playground):
    playground.service.seed(users=[{"userName": "ann"}])
    body = {"Errors": [{"description": "title is too fine for ann"}]}
    playground.service.add_fault(kind="status", status=200, method="PUT", body=body, times=None)
    failed = playground.fails("p1_user", user_name="ann", title="Dr.")
    assert "title is too fine for ann" in failed["msg"] and "enabled" not in failed["msg"]
