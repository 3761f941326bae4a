# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test which accounts the role user_offboard deletes some days after disabling them, and which it keeps."""

from __future__ import annotations

import base64
import datetime

import pytest
import yaml

from ansible_collections.pingone.directory.plugins.plugin_utils._roles.leavers import leavers

NOW = datetime.datetime(2026, 6, 30, 12, 0, tzinfo=datetime.timezone.utc)
URL = "https://one/api"


def record(days, number=1, **changes):
    """Return slurped records of users u1, u2, ... that were disabled the given numbers of days ago."""
    moment = NOW - (days if isinstance(days, datetime.timedelta) else datetime.timedelta(days=days))
    document = {
        "record": 1,
        "directory": URL,
        "user_name": f"user{number}",
        "id": f"u{number}",
        "external_id": None,
        "disabled": {"time": moment.isoformat().replace("+00:00", "Z"), "user": None, "job": None},
        "deleted": None,
        "left_groups": [],
        **changes,
    }
    return slurped(f"r/user{number}.yml", yaml.safe_dump(document))


def slurped(path, text):
    return {"source": path, "content": base64.b64encode(text.encode()).decode()}


def user(number=1, **changes):
    return {"id": f"U{number}", "user_name": f"user{number}", "active": False, "effective_groups": [], "administrator_by": [], **changes}


def decide(records, users=(), result=None, find=None, **values):
    return leavers(
        {"groups_file": "r/", "by": "olga", "job": "7", **values},
        {"find": find or {"skipped_paths": {}}, "slurp": list(records)},
        {"users": list(users), "base_url": URL},
        result,
        NOW,
    )


def names(rows):
    return [row["user_name"] for row in rows]


@pytest.mark.parametrize(
    ("days", "after", "due"),
    [
        (29, "", False),
        (30, "", True),
        (31, "", True),
        (datetime.timedelta(days=30, seconds=-1), "", False),
        (30, "31", False),
        (31, 31, True),
        (1, "1", True),
        (-5, "", False),
    ],
)
def test_an_account_is_deleted_after_the_number_of_days(days, after, due):
    decision = decide([record(days)], [user()], delete_after_days=after)
    assert (names(decision["delete"]), decision["due"], decision["waiting"]) == (["user1"], 1, 0) if due else ([], 0, 1)
    assert decision["entries"] == ([{"id": "U1", "state": "absent"}] if due else [])
    assert decision["kept"] == []


@pytest.mark.parametrize(
    ("given", "account", "reason"),
    [
        ({}, {"active": True}, "it was enabled again"),
        ({}, {"active": None}, "it was enabled again"),
        ({}, {"last_login": "2026-06-15T00:00:00Z"}, "it was enabled again, was used on 2026-06-15T00:00:00Z"),
        ({"external_id": "hr-1"}, {"external_id": "hr-2"}, "its external_id is hr-2, but the record has hr-1"),
        ({}, {"user_name": "SVC-x"}, "user_offboard_protected_users protects it"),
        ({}, {"administrator_by": [{"id": "g", "display_name": "Domain Administrators"}]}, "it is an administrator through Domain Administrators"),
        ({"directory": "https://two/api"}, {}, "its record belongs to the directory https://two/api"),
        ({}, {"id": "u9"}, "no account has the id u1; the account user1 (id u9) is another one"),
        ({}, {"id": "u9", "user_name": "other"}, "no account has the id u1"),
        ({"disabled": None}, {}, "its record has no time"),
        ({"disabled": {"time": "soon"}}, {}, "its record has no time"),
    ],
)
def test_every_other_account_is_kept_and_reported(given, account, reason):
    decision = decide([record(60, **given)], [user(**account)], protected_users="svc-*")
    assert decision["delete"] == [] and decision["entries"] == []
    (kept,) = decision["kept"]
    assert kept["reason"].startswith(reason)
    assert any(f"(r/user1.yml): {reason}" in line for line in decision["report"])


def test_an_account_is_found_by_its_id_after_a_rename():
    decision = decide([record(60)], [user(user_name="renamed"), user(2, user_name="user1", active=True)])
    assert names(decision["delete"]) == ["renamed"]


def test_the_last_record_of_an_account_is_used():
    """A former record, for example a copied one, must not cause an early deletion."""
    older = {**record(200), "source": "r/copy.yml"}
    assert decide([older, record(3)], [user()])["delete"] == []
    decision = decide([older, record(40)], [user()], done("U1"))
    assert names(decision["delete"]) == ["user1"] and len(decision["notes"]) == 2


def test_invalid_records_are_reported():
    files = [slurped("r/a.yml", "{a"), slurped("r/b.yml", "- b"), record(60, id=None), slurped("r/c.yml", "")]
    decision = decide(files)
    assert len(decision["problems"]) == 3 and decision["delete"] == []
    assert sum(line.startswith("Not read: ") for line in decision["report"]) == 3
    assert decide([record(60, deleted={"time": "2026-06-01T00:00:00Z"})], [user()])["delete"] == []


def done(*ids, failed=(), counted=None, **more):
    plan = [{"operation": "delete", "kind": "user", "key": f"user{item[1:]}", "id": item} for item in ids]
    items = [{"operation": "delete", "kind": "user", "key": key} for key in failed]
    deleted = len(ids) - len(failed) if counted is None else counted
    return {"plan": plan, "failed_items": items, "counts": {"user": {"deleted": deleted}}, **more}


@pytest.mark.parametrize(
    ("result", "noted"),
    [
        (done("U1", "U2"), ["r/user1.yml", "r/user2.yml"]),
        (done("U1", "U2", failed=["user1"]), ["r/user2.yml"]),
        (done("U1", "U2", counted=0), []),
        (done("U1", "U2", problems=["limits.max_deletes is 1"]), []),
        ({"failed": True, "msg": "no connection"}, []),
    ],
)
def test_a_record_contains_the_deletion_of_its_own_account(result, noted):
    decision = decide([record(60), record(70, 2, left_groups=[{"id": "g1", "display_name": "{{ x }}"}])], [user(), user(2)], result)
    assert [note["path"] for note in decision["notes"]] == noted
    for note in decision["notes"]:
        content = yaml.safe_load(note["text"].replace("!unsafe ", ""))
        assert content["deleted"] == {"time": "2026-06-30T12:00:00Z", "user": "olga", "job": "7"}
        assert content["disabled"]["time"] and content["id"]
        assert not decide([slurped(note["path"], note["text"])], [user(), user(2)])["delete"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"groups_file": ""}, "user_offboard_groups_file must be the folder of the records"),
        ({"groups_file": "r/ann.yml"}, "user_offboard_groups_file must be the folder of the records"),
        ({"delete_after_days": 0}, "user_offboard_delete_after_days must be a number of days, at least 1, not '0'"),
        ({"delete_after_days": "a month"}, "user_offboard_delete_after_days must be a number"),
        ({"protected_users": '["a"'}, "user_offboard_protected_users: the value is neither JSON nor YAML"),
    ],
)
def test_invalid_variables_are_refused(values, message):
    decision = leavers({"groups_file": "r/", **values})
    assert decision["refusal"].startswith(message) and list(decision) == ["refusal"]


def test_a_missing_folder_is_refused():
    decision = decide([], find={"skipped_paths": {"r/": "'r/' is not a directory"}})
    assert decision == {"refusal": "The folder of records r/ does not exist; no account was deleted"}


@pytest.mark.parametrize(("given", "most"), [(None, "10"), ("", "10"), (" ", "10"), (0, "0"), ("0", "0"), (-1, "-1"), ("2%", "2%")])
def test_a_limit_of_zero_is_respected(given, most):
    assert decide([], max_deletes=given)["max_deletes"] == most
