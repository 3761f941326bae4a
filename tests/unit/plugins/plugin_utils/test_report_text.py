# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the text format for logs."""

from __future__ import annotations

from report_support import plan_of, report_of

from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import render


def test_removals_are_listed_first_and_truncated_last():
    text = render(plan_of(create=25, update=30, rename=1, remove=3, disable=2, delete=1), "text")
    lines = text.splitlines()
    assert lines[-1].endswith("; planned: 1 delete, 2 disables, 3 removes, 1 rename, 25 creates, 30 updates")
    rows = [item for item in lines if item.startswith("- ")]
    assert [item.split()[1] for item in rows[:8]] == [
        *["delete"],
        *["disable"] * 2,
        *["remove"] * 3,
        "rename",
        "update",
    ]
    assert len(rows) == 21 and rows[-1] == "- and 42 more"
    for many, shown, rest in (
        (60, 60, "- and 25 more"),
        (130, 100, "- and 55 more, 30 of them to delete, disable or remove"),
    ):
        rows = [
            item for item in render(plan_of(create=25, delete=many), "text").splitlines() if item.startswith("- ")
        ]
        assert len(rows) == shown + 1 and rows[-1] == rest
        assert all("delete" in item for item in rows[:-1])


def test_the_text_is_short():
    lines = render(report_of("ann", "Team", "Group", "bob"), "text").splitlines()
    assert lines[-1].startswith("Drift:")
    person = "(ann, Team, created Group, last sign-on bob)"
    assert f"- update user ann {person}; Group, name.Team, active; failed (status 403); refused: Group" in lines
    assert not [line for line in lines if "not declared user" in line]
    assert lines[-1].endswith("; directory Group; plan bob")
    many = {"missing": [{"kind": "user", "key": f"u{number:02}"} for number in range(30)]}
    lines = render(build_report({"drift": many}), "text").splitlines()
    assert len(lines) == 20 + 1 + 1 and lines[-2] == "- and 10 more"
    assert lines[-1] == "Drift: 30 missing (30 users)"


def test_the_last_line_contains_counts_and_the_hash():
    result = {
        "plan": [{"kind": "user", "key": "ann", "operation": "update", "id": "1", "changes": {}}],
        "plan_sha256": "f" * 64,
        "drift": {"different": [{"kind": "user", "key": "ann"}], "unmanaged": [{"kind": "user", "key": "eve"}]},
    }
    report = build_report(result, check_mode=True, assertions=[assertion("passed", 0)])
    last = f"Drift: 1 different (1 user); not declared: 1 user (eve); All assertions passed; planned: 1 update; plan {'f' * 64}"
    assert render(report, "text").splitlines() == ["- update user ann", last]


def assertion(status, violations, not_determined=0):
    def entries(word, number):
        return [{"user": f"u{at}", "group": None, "text": f"'u{at}' {word}"} for at in range(number)]

    result = {"name": "Accounts are in use", "severity": "low", "kind": "not_logged_in_days", "status": status}
    return {**result, "violations": entries("is idle", violations), "not_determined": entries("may be idle", not_determined)}


def test_the_text_names_the_first_violations():
    rules = [assertion("violated", 7), assertion("violated", 1, 1), assertion("error", 0, 2), assertion("passed", 0)]
    lines = render(build_report({}, assertions=rules), "text").splitlines()
    start = "- low assertion 'Accounts are in use': "
    assert lines[:-1] == [
        f"{start}7 violations: 'u0' is idle; 'u1' is idle; 'u2' is idle; 'u3' is idle; 'u4' is idle; and 2 more",
        f"{start}1 violation: 'u0' is idle; 'u0' may be idle",
        f"{start}error: 'u0' may be idle; 'u1' may be idle",
    ]
    assert lines[-1] == "3 of 4 assertions violated"


def test_every_format_lists_undetermined_accounts():
    report = build_report({}, assertions=[assertion("violated", 30, 1)])
    for kind in ("csv", "markdown", "html", "junit", "json"):
        text = render(report, kind).replace("&#39;", "'")
        assert "'u29' is idle" in text and "'u0' may be idle" in text, kind
