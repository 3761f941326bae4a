# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports for the tests of formats, with hostile texts wherever a report shows external text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
from soak.depth import bounded

HOSTILE = [
    '=HYPERLINK("http://127.0.0.1/?"&A1,"x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r\n=1",
    " =1",
    "a;=1+1",
    "＝1",
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "]]>&xxe;<![CDATA[",
    "--><!--",
    "| a | b |\n| --- | --- |",
    "`code` ``` **bold** _it_ [link](http://x) ![i](http://x) <b>",
    "\\| \\` \\",
    "@everyone #1 !2 ~l",
    "https://evil.example/ www.evil.example",
    "{{ 7 * 7 }} {% for a in b %} {# c #}",
    "\x00\x08\x1b[31m\x7f\ud800\ufffe",
    "\u202etxt.exe",
    "naïve 惠 🦊 e\u0301",
    "",
    " ",
    "a" * 5000,
]


def report_of(*texts, assertions=True):
    """Return a report that contains the texts in every place for external text."""
    text = [*texts, "plain"]

    def at(number):
        return text[number % len(text)]

    plan = [
        {
            "operation": "update",
            "kind": "user",
            "key": at(0),
            "id": at(1),
            "changes": {
                at(2): {"before": at(3), "after": [at(0), {"value": at(1), "type": at(2)}]},
                "name." + at(1): {"before": {at(0): at(1)}, "after": None},
                "active": {"before": True, "after": False},
            },
        },
        {"operation": "create", "kind": "group", "key": at(1), "id": None, "changes": {}},
        *(
            {
                "operation": operation,
                "kind": "membership",
                "key": at(2),
                "id": at(0),
                "member": {"id": at(1), "kind": "user", "name": at(number)},
                "changes": {},
            }
            for number, operation in enumerate(("add", "remove"))
        ),
    ]
    drift = {
        "unmanaged": [{"kind": "user", "key": at(3) + "!"}],
        "protected": [{"kind": "group", "key": at(0) + "?"}],
        "unresolved": [{"kind": "membership", "key": at(1), "member": {"id": None, "kind": "group", "name": at(3)}}],
    }
    person = {"display_name": at(0), "email": at(1), "created": at(2), "last_login": at(3)}
    people = [{"id": at(1), "user_name": at(0), **person}, {"id": None, "user_name": at(3) + "!", "created": at(0)}]
    failed = [{"kind": "user", "key": at(0), "operation": "update", "status": 403, "reason": "refused: " + at(2)}]
    rules = [
        {
            "name": f"rule {at(0)}",
            "severity": "high",
            "kind": "exclusive_groups",
            "status": "violated",
            "violations": [{"user": at(1), "group": at(2), "text": at(3), "person": person}],
            "not_determined": [{"user": at(0), "group": None, "text": at(0), "person": None}],
        },
        {"name": at(1) + ".", "severity": "low", "kind": "group_size", "status": "passed", "violations": [], "not_determined": []},
    ]
    return build_report(
        {"plan": plan, "drift": drift, "failed_items": failed, "people": people, "api": {"reads": 1, "writes": 2}, "plan_sha256": at(3)},
        title=at(0),
        source=at(1),
        directory=at(2),
        context={at(3): at(0), "job": 1},
        assertions=rules if assertions else [],
        check_mode=False,
    )


def many_texts(test):
    """Run a test with hostile texts and with generated texts."""
    anything = st.lists(
        st.one_of(st.sampled_from(HOSTILE), st.text(), st.characters().map(lambda c: c + "=1+1")),
        min_size=4,
        max_size=4,
    )
    return bounded(20)(given(texts=anything)(test))


def plan_of(**numbers):
    """Return a report that plans the given number of users for each operation, in the given order."""
    plan = [
        {"operation": operation, "kind": "user", "key": f"{operation}{number:04}", "id": None, "changes": {}}
        for operation, many in numbers.items()
        for number in range(many)
    ]
    return build_report({"plan": plan}, check_mode=True)


def example_report():
    """Return the report in the pictures of the documentation: an audit of fictional people."""
    names = {"marcher": "Meredith Archer", "jdoe": "Jane Doe", "okafor": "Chidi Okafor", "lchen": "Lin Chen"}
    people = [
        {
            "id": f"{number}a7d6761-ceb5-4350-ba5a-746472c4f1f7",
            "user_name": user_name,
            "display_name": display_name,
            "email": f"{display_name.replace(' ', '.').lower()}@example.com",
            "created": f"2024-03-0{number}T09:00:00.000Z",
            "last_login": None if user_name == "okafor" else f"2026-01-1{number}T08:30:00.000Z",
        }
        for number, (user_name, display_name) in enumerate(names.items(), 1)
    ]
    ids = {person["user_name"]: person["id"] for person in people}

    def user(operation, key, **changes):
        changes = {name: {"before": before, "after": after} for name, (before, after) in changes.items()}
        return {"operation": operation, "kind": "user", "key": key, "id": ids.get(key), "changes": changes}

    def member(operation, group, name):
        about = {"key": group, "member": {"id": ids.get(name), "kind": "user", "name": name}}
        return {"operation": operation, "kind": "membership", "id": None, "changes": {}, **about}

    approver = member("remove", "Payments-Approvers", "jdoe")
    email = {"value": "nora.born@example.com", "type": "work"}
    plan = [
        user("delete", "okafor"),
        approver,
        user("disable", "jdoe", active=(True, False)),
        user("update", "marcher", title=("Developer", "Architect")),
        user("create", "nborn", user_name=(None, "nborn"), display_name=(None, "Nora Born"), emails=(None, [email])),
        member("add", "Engineering", "lchen"),
    ]
    undeclared = {"unmanaged": [{"kind": "user", "key": "lchen"}], "protected": [{"kind": "group", "key": "Domain Administrators"}]}
    violation = {"user": "jdoe", "group": "Payments", "text": "'jdoe' is in 'Payments' (direct) and 'Payments-Approvers' (direct)"}
    rule = {"name": "Payments exclude approvals", "severity": "critical", "kind": "exclusive_groups", "status": "violated"}
    return build_report(
        {
            "plan": plan,
            "drift": undeclared,
            "people": people,
            "base_url": "https://directory-api.pingone.com/api",
            "plan_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "api": {"reads": 4, "writes": 0},
            "predicted": {"reads": 11, "writes": 6},
        },
        title="Nightly audit",
        directory="production",
        source="directory/",
        context={"job": 4711, "commit": "1f3c9ab"},
        assertions=[{**rule, "violations": [{**violation, "person": people[1]}], "not_determined": []}],
        check_mode=True,
        generated="2026-01-31T06:00:00Z",
    )
