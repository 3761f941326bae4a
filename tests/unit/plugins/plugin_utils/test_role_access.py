# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the decisions of the role group_access: refused, granted and revoked memberships, and the report."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.plugin_utils._roles.access import access, access_report


def groups(**counts):
    return [
        {"item": name, "total": count, "groups": [{"display_name": name, "administers": name == "Operators"}] * count}
        for name, count in counts.items()
    ]


def users(**counts):
    return [{"item": name, "total": count, "users": [{"user_name": name}] * count} for name, count in counts.items()]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"grant": "ann"}, "group_access_grant: entry 1 must be 'user_name: group'"),
        ({"revoke": '[{"user_name": "ann"'}, "group_access_revoke: the value is neither JSON nor YAML"),
        ({"allowed_groups": '["a"'}, "group_access_allowed_groups: the value is neither JSON nor YAML"),
        ({"grant": "Bob: sales, eu", "revoke": "bob: Sales, EU"}, "group_access_grant and group_access_revoke both contain bob: Sales, EU"),
        ({"grant": "a: One\na: Two", "allowed_groups": "on*"}, "group_access_allowed_groups does not allow Two"),
    ],
)
def test_invalid_variables_are_refused(values, message):
    decision = access(values)
    assert decision["refusal"].startswith(message) and list(decision) == ["refusal"]


@pytest.mark.parametrize(
    ("values", "known_groups", "known_users", "message"),
    [
        ({"grant": "a: Operators"}, {"Operators": 1}, None, "The members of Operators are administrators; nothing was done"),
        ({"revoke": "a: Operators"}, {"Operators": 1}, {"a": 1}, "The members of Operators are administrators"),
        ({"grant": "a: X"}, {"X": 0}, {"a": 1}, "No such group: X. Nothing was done"),
        ({"grant": "a: X"}, {"X": 2}, {"a": 1}, "Several groups have the same name: X. Nothing was done"),
        ({"grant": "a: X"}, {"X": 1}, {"a": 0}, "No such user to grant: a: X. Nothing was done"),
        ({"revoke": "a: X", "on_unknown": "fail"}, {"X": 1}, {"a": 0}, "No such user to revoke: a: X. Nothing was done"),
        ({"grant": "a: X\nb: Y"}, {"X": 0, "Y": 1}, {"a": 1, "b": 0}, "No such group: X. No such user to grant: b: Y"),
    ],
)
def test_unknown_names_and_administering_groups_are_refused(values, known_groups, known_users, message):
    decision = access(values, groups(**known_groups), known_users and users(**known_users))
    assert decision["refusal"].startswith(message) and list(decision) == ["refusal"]


@pytest.mark.parametrize(
    ("on_unknown", "warned"), [("", True), (None, True), ("warn", True), ("ignore", False)]
)
def test_each_group_is_changed_by_one_task_without_unknown_users(on_unknown, warned):
    values = {"grant": "a: X\nb: X\na: Y", "revoke": ["c: X", "gone: X", "c: Z"], "on_unknown": on_unknown}
    assert access(values) == {"refusal": "", "groups": ["X", "Y", "Z"], "users": ["a", "b", "c", "gone"]}
    decision = access(values, groups(X=1, Y=1, Z=1), users(a=1, b=1, c=1, gone=0))
    assert decision["grant"] == [{"group": "X", "users": ["a", "b"]}, {"group": "Y", "users": ["a"]}]
    assert decision["revoke"] == [{"group": "X", "users": ["c"]}, {"group": "Z", "users": ["c"]}]
    assert decision["unknown"] == [{"user_name": "gone", "group": "X"}]
    assert ("no such user to revoke: gone: X" in decision["warning"]) is warned


@pytest.mark.parametrize(
    ("granting", "check_mode", "text"),
    [
        ({}, False, "granted 0 of 1, revoked 1 of 2; no such user: 1; the others were already as requested"),
        ({"failed": True}, True, "Check mode, nothing is written: granted 0 of 1, revoked 1 of 2; no such user: 1; NOT COMPLETE"),
    ],
)
def test_the_report_counts_changes(granting, check_mode, text):
    values = {"grant": "a: X", "revoke": "b: X\nb: Y"}
    revoking = {
        "results": [
            {"item": {"group": "X", "users": ["b"]}, "removed": [{"id": "1", "name": "b"}]},
            {"item": {"group": "Y", "users": ["b"]}, "failed": True},
        ]
    }
    outcome = access_report(values, [{"user_name": "u", "group": "X"}], granting, revoking, check_mode=check_mode)
    assert outcome["report"].startswith(text)
    assert (outcome["granted"], outcome["revoked"]) == ([], [{"user_name": "b", "group": "X"}])
