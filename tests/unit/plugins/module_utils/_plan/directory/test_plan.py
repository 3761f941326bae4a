# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The predicted requests, rows and people of a plan, and the message of a refused one."""

from __future__ import annotations

import pytest
from desired_directories import directory, group, plan, user

from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.plan import DirectoryPlan, PlanRefused

PEOPLE = [user(name) for name in ("ann", "bob", "cid", "dan", "eve")]
CURRENT = directory(PEOPLE, [group("team", "ann", "bob", "cid")])


@pytest.mark.parametrize(
    ("members", "reads", "writes"),
    [
        # A group that loses all members is read after the removal: an answer without members proves nothing.
        ([], 1, 2),
        (["dan"], 1, 3),
        (["cid"], 0, 1),
        (["ann", "dan", "eve"], 0, 2),
        (["ann", "bob", "cid", "dan", "eve"], 0, 1),
    ],
)
def test_predicted_requests_of_a_membership(members, reads, writes):
    planned = plan(None, [{"name": "team", "membership": "exact", "members": {"users": members}}], CURRENT, allow_empty=True)
    assert planned.predicted(2) == {"reads": reads, "writes": writes}


@pytest.mark.parametrize(
    ("number", "start", "end"),
    [(1, "users[0]: reason 0", "reason 0"), (20, "20 problems: users[0]: reason 0; ", "; users[19]: reason 19"), (23, "23 problems: ", "; and 3 more")],
)
def test_a_refusal_lists_twenty_problems(number, start, end):
    message = str(PlanRefused([f"users[{place}]: reason {place}" for place in range(number)], DirectoryPlan()))
    assert message.startswith(start) and message.endswith(end)
    assert message.count("reason") == min(number, 20)


def test_rows_are_numbered_through_the_whole_plan():
    team = {"name": "team", "membership": "exact", "members": {"users": ["dan", "eve"]}}
    planned = plan([{"user_name": "ann", "state": "absent"}], [team], CURRENT)
    numbered = [planned.numbered_rows(step) for step in planned.steps]
    assert len(numbered) == 3  # removals, the deletion, additions
    assert {number: row for rows in numbered for number, row in rows.items()} == dict(enumerate(planned.rows()))
    assert [list(rows) for rows in numbered] == [[0, 1, 2], [3], [4, 5]]


def test_the_people_of_a_plan():
    planned = plan([{"user_name": "ann", "title": "x"}, {"user_name": "zoe"}], None, CURRENT)
    assert [person["id"] for person in planned.people(planned.rows())] == ["ann-id"]
