# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test all formats: refusals, context, assertions, secrets, hostile texts, invalid reports, and duration."""

from __future__ import annotations

import json
import time

import pytest
from report_support import HOSTILE, report_of

from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import FORMATS, render
from ansible_collections.pingone.directory.plugins.plugin_utils._values import ReportError


@pytest.mark.parametrize("kind", ["text", "markdown", "html", "junit", "json"])
def test_refusals_are_in_every_format_except_tables(kind):
    limit = {"limit": "max_disables", "value": "10", "allowed": 10, "planned": 12, "what": "user"}
    problem = "limits.max_disables is 10, but the plan disables 12 users: user ann, user bob. Raise the limit"
    refused = {"problems": [problem, "users[1] has no name"], "exceeded_limits": [{"problem": problem, **limit}]}
    drift = {"unresolved": [{"kind": "user", "key": "noaccount"}]}
    report = build_report({"drift": drift}, refused=refused, unresolved_refused=True)
    assert report["refusals"] == [
        "limits.max_disables is 10, but the plan disables 12 users",
        "users[1] has no name",
        "on_unknown_member is fail, and 1 row is unresolved",
    ]
    assert "would be refused" in render(report, kind).lower() or kind == "json"
    assert "max" in render(report, kind) and "ann" not in render(report, kind).replace("cannot", "")
    assert build_report({"drift": drift}, refused={"problems": []})["refusals"] == []


@pytest.mark.parametrize("kind", ["csv", "markdown", "html", "junit", "text", "json"])
def test_context_and_assertions_are_in_every_format(kind):
    report = report_of("ann", "desired.yml", "host.example", "because")
    text = render(report, kind, limit=100000 if kind == "markdown" else None)
    if kind != "text":
        assert all(word in text for word in ("host.example", "desired.yml", "because"))
    assert "rule ann" in text


@pytest.mark.parametrize("kind", FORMATS)
def test_no_format_contains_a_secret(kind):
    changes = {"password": {"before": "0ld-Secret", "after": "n3w-Secret"}}
    report = build_report(
        {"plan": [{"operation": "update", "kind": "user", "key": "ann", "id": "1", "changes": changes}]}
    )
    text = render(report, kind, {"users": [{"user_name": "ann", "password": "n3w-Secret"}]})
    assert "Secret" not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_escaped(text):
    report = report_of(text)
    for kind in ("csv", "markdown", "html", "junit", "json", "text"):
        made = render(report, kind)
        assert type(made).__name__ in ("str", "AnsibleUnsafeText", "_AnsibleTaggedStr")
        made.encode("utf-8")
        if "<" in text and kind in ("markdown", "html", "junit"):
            assert text not in made
    assert "\x00" not in json.dumps(report, ensure_ascii=False)


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        ((report_of(), "pdf"), "unknown format 'pdf'. Valid formats: json, csv"),
        (({"rows": []}, "csv"), "not a report of schema 2"),
        (("text", "csv"), "not a report of schema 2"),
        ((report_of(), "access"), "reading is missing"),
        ((report_of(), "access", ["no"]), "must be a dictionary"),
    ],
)
def test_invalid_arguments_are_refused(arguments, reported):
    with pytest.raises(ReportError, match=reported):
        render(*arguments)


def test_ten_thousand_users_are_rendered_in_seconds():
    plan = [
        {
            "operation": "update",
            "kind": "user",
            "key": f"user{number}@example.org",
            "id": str(number),
            "changes": {"title": {"before": "a", "after": "b"}, "name.given_name": {"before": None, "after": "c"}},
        }
        for number in range(500)
    ]
    lines = [{"journal": 1, "check_mode": True}]
    lines += [{"state": "planned", "row": number, **row} for number, row in enumerate(plan)]
    lines += [{"state": "drift", "class": "different", "kind": "user", "key": row["key"]} for row in plan]
    lines += [
        {"state": "drift", "class": "unmanaged", "kind": "user", "key": f"user{number}@example.org"}
        for number in range(500, 10000)
    ]
    users = [
        {"id": str(number), "user_name": f"user{number}@example.org", "last_login": None} for number in range(10000)
    ]
    groups = [
        {
            "id": f"g{number}",
            "display_name": f"Group {number}",
            "members": [{"id": str(member), "kind": "user", "name": None} for member in range(number, 10000, 100)],
        }
        for number in range(100)
    ]
    start = time.monotonic()
    report = build_report({}, "\n".join(map(json.dumps, lines)))
    for kind in FORMATS:
        assert render(report, kind, {"users": users, "groups": groups})
    assert time.monotonic() - start < 30
