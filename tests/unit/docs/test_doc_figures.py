# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run each task in the table of requests of the guides and compare the number of requests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "docsite" / "rst" / "guide_bulk.rst"


def rows_of(text):
    """Return the rows of the table Requests: task, reads, writes."""
    table = re.search(r"\.\. list-table:: Requests\n(.*?)\n\n(?=\S)", text, re.DOTALL)[1]
    rows = re.findall(r"^   \* - (.+)\n     - (.+)\n     - (.+)$", table, re.MULTILINE)
    assert rows[0] == ("Task", "Reads", "Writes")
    return {task.replace("``", ""): (int(reads), int(writes)) for task, reads, writes in rows[1:]}


FIGURES = rows_of(GUIDE.read_text(encoding="utf-8"))


def names(first, last):
    return [f"user{number:05}" for number in range(first, last)]


def users(first, last, **attributes):
    return [{"user_name": name, **attributes} for name in names(first, last)]


# For each task of the table: the number of existing users, the module, its options.
DONE = {
    "p1_user, nothing to do": (100, "p1_user", {"user_name": "user00001", "title": "Developer"}),
    "p1_user, create": (100, "p1_user", {"user_name": "new"}),
    "p1_user, create with an external_id": (100, "p1_user", {"user_name": "new", "external_id": "hr:1"}),
    "p1_user, update": (100, "p1_user", {"user_name": "user00001", "title": "Architect"}),
    "p1_user, delete": (100, "p1_user", {"user_name": "user00001", "state": "absent"}),
    "p1_user, membership: exact, nothing to do": (
        100,
        "p1_user",
        {"user_name": "user00000", "groups": ["Team"], "membership": "exact"},
    ),
    "p1_user, membership: exact, one group for another": (
        100,
        "p1_user",
        {"user_name": "user00000", "groups": ["Other"], "membership": "exact"},
    ),
    "p1_group, nothing to do": (100, "p1_group", {"display_name": "Team"}),
    "p1_group, create": (100, "p1_group", {"display_name": "New"}),
    "p1_group_membership, one user, nothing to do": (
        100,
        "p1_group_membership",
        {"group": "Team", "users": names(0, 1)},
    ),
    "p1_group_membership, one user added": (100, "p1_group_membership", {"group": "Team", "users": names(1, 2)}),
    "p1_group_membership, 250 of 2,500 users added": (
        2500,
        "p1_group_membership",
        {"group": "Team", "users": names(1, 251)},
    ),
    "p1_directory, nothing to do, 100 users": (100, "p1_directory", {"users": users(0, 100, title="Developer")}),
    "p1_directory, nothing to do, 2,500 users": (2500, "p1_directory", {"users": users(0, 2500, title="Developer")}),
    "p1_directory, 50 creates among 100 users": (100, "p1_directory", {"users": users(100, 150)}),
    "p1_directory, 50 updates among 100 users": (100, "p1_directory", {"users": users(0, 50, title="Architect")}),
    "p1_directory, 5 deletes among 100 users": (100, "p1_directory", {"users": users(1, 6, state="absent")}),
    "p1_directory, 250 members added to a group": (
        2500,
        "p1_directory",
        {"groups": [{"display_name": "Team", "members": {"users": names(1, 251)}}]},
    ),
    "p1_directory_info, 2,500 users": (2500, "p1_directory_info", {}),
    "p1_user_info, all of 2,500 users": (2500, "p1_user_info", {}),
    "p1_user_info, one user with effective": (100, "p1_user_info", {"user_name": "user00000", "effective": True}),
}
# Loops of 100 items in the controller's process, where the items share what is known about the filters of the service.
LOOPS = {
    "p1_user, loop over 100 users, nothing to do": [{"user_name": name, "title": "Developer"} for name in names(0, 100)],
    "p1_user, loop over 100 users, create": [{"user_name": name} for name in names(100, 200)],
    "p1_user, loop over 100 users, create with an external_id where others have one": [
        {"user_name": name, "external_id": f"hr:{name}"} for name in names(100, 200)
    ],
    "p1_user, loop over 100 users, update": [{"user_name": name, "title": "Architect"} for name in names(0, 100)],
}


def test_every_task_in_the_table_is_tested():
    assert set(FIGURES) == {*DONE, *LOOPS}


@pytest.mark.parametrize("task", LOOPS)
def test_requests_of_a_loop(task, playground):
    seed(playground, 100)
    if "where others have one" in task:
        playground.service.seed([{"userName": "another", "externalId": "hr:another"}])
        playground.service.clear_log()
    for options in LOOPS[task]:
        result = playground.run("p1_user", door="action", **options)
        assert not result.get("failed"), result
    methods = [entry["method"] for entry in playground.service.log]
    reads = methods.count("GET")
    assert (reads, len(methods) - reads) == FIGURES[task]


def seed(playground, count):
    playground.service.seed(
        [{"userName": name, "title": "Developer"} for name in names(0, count)],
        [{"displayName": "Team", "members": ["user00000", f"user{count - 1:05}"]}, {"displayName": "Other"}],
    )
    playground.service.clear_log()


@pytest.mark.parametrize("task", DONE)
def test_requests(task, playground):
    there, module, options = DONE[task]
    seed(playground, there)
    result = playground.ok(module, **options)
    methods = [entry["method"] for entry in result["sent"]]
    reads = methods.count("GET")
    assert (reads, len(methods) - reads) == FIGURES[task]
    if "predicted" in result:
        assert (result["predicted"]["reads"], result["predicted"]["writes"]) == FIGURES[task]
