# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""p1_report: every format parses with a reader that is not ours, and no value gets out of its place."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from html.parser import HTMLParser
from xml.etree import ElementTree

import html5lib
import jsonschema
import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from ansible_collections.pingone.directory.plugins.filter.p1_report import p1_report
from ansible_collections.pingone.directory.plugins.plugin_utils._report import format_markdown, labels
from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
from ansible_collections.pingone.directory.plugins.plugin_utils._report.format_html import TEMPLATE
from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import FORMATS
from ansible_collections.pingone.directory.plugins.plugin_utils._report.model import CLASSES, KINDS

SCHEMA = json.loads(TEMPLATE.with_name("report-1.schema.json").read_text(encoding="utf-8"))
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−")

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
    """A report in which texts stand wherever other people's texts can."""
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
    failed = [{"kind": "user", "key": at(0), "operation": "update", "status": 403, "reason": "refused: " + at(2)}]
    rules = [
        {
            "name": f"rule {at(0)}",
            "severity": "high",
            "kind": "exclusive_groups",
            "status": "violated",
            "violations": [{"user": at(1), "group": at(2), "text": at(3)}],
        },
        {"name": at(1) + ".", "severity": "low", "kind": "group_size", "status": "passed", "violations": []},
    ]
    return build_report(
        {"plan": plan, "drift": drift, "failed_items": failed, "api": {"reads": 1, "writes": 2}, "plan_sha256": at(3)},
        title=at(0),
        source=at(1),
        directory=at(2),
        context={at(3): at(0), "job": 1},
        assertions=rules if assertions else [],
        check_mode=False,
    )


def many_texts(test):
    """Run a test with hostile texts, and with any texts hypothesis can think of."""
    anything = st.lists(
        st.one_of(st.sampled_from(HOSTILE), st.text(), st.characters().map(lambda c: c + "=1+1")),
        min_size=4,
        max_size=4,
    )
    deep = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    return deep(given(texts=anything)(test))


def cleaned(text):
    """A text as reports hold it."""
    return build_report({}, title="x" + text)["title"][1:]


# -- JSON ----------------------------------------------------------------------------------------------


@many_texts
def test_json_is_what_its_schema_says(texts):
    report = report_of(*texts)
    text = p1_report(report)
    assert json.loads(text) == report
    text.encode("utf-8")
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(text))


def test_schema_is_one_and_complains():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    report = json.loads(p1_report(report_of()))
    for spoil in (
        lambda it: it.pop("rows"),
        lambda it: it.update(report=2),
        lambda it: it["rows"][0].update({"class": "odd"}),
        lambda it: it["rows"][0].pop("member"),
        lambda it: it.update(more=1),
        lambda it: it["assertions"][0].update(severity="bad"),
    ):
        spoilt = json.loads(json.dumps(report))
        spoil(spoilt)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(SCHEMA).validate(spoilt)


def test_schema_knows_every_class_kind_and_state():
    row = SCHEMA["$defs"]["row"]["properties"]
    assert row["class"]["enum"] == list(CLASSES)
    assert SCHEMA["$defs"]["kind"]["enum"] == list(KINDS)


# -- CSV -----------------------------------------------------------------------------------------------


def cells(text):
    found = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    assert {len(row) for row in found} == {len(found[0])}
    return found


@many_texts
def test_no_cell_is_a_formula(texts):
    users = [{"user_name": text or "x", "last_login": texts[0], "active": False} for text in texts]
    groups = [{"display_name": text or "y", "members": [{"kind": "user", "name": texts[0] or "x"}]} for text in texts]
    report = report_of(*texts)
    for text in (p1_report(report, "csv"), p1_report(report, "access", {"users": users, "groups": groups}, bom=True)):
        text.encode("utf-8")
        for row in cells(text):
            for cell in row:
                assert not cell.lstrip().startswith(FORMULA), cell
                assert not set("\t\r\n") & set(cell)
                assert not [
                    part for part in cell.split(";")[1:] if part.lstrip(" \"'").startswith(FORMULA) and "'" not in part
                ]


@pytest.mark.parametrize("value", ["a,b", 'say "no"', "plain", "Zoë", "x-y", "a@b.org", "1;2", "'quoted'"])
def test_other_values_stay_as_they_are(value):
    report = report_of(value)
    assert value in [row[2] for row in cells(p1_report(report, "csv"))]


def test_one_line_an_attribute():
    report = report_of("ann", "1", "title", "Developer")
    found = list(csv.DictReader(io.StringIO(p1_report(report, "csv"))))
    (title,) = [row for row in found if row["attribute"] == "title"]
    assert title == {
        "kind": "user", "class": "different", "key": "ann", "id": "1", "member_kind": "", "member": "", "operations": "update",
        "state": "failed", "attribute": "title", "found": "Developer", "wished": "ann; 1 (title)", "severity": "",
        "reason": "refused: title (status 403)",
    }  # fmt: skip
    assert {row["key"]: row["severity"] for row in found if row["kind"] == "assertion"} == {
        "rule ann": "high",
        "1.": "low",
    }
    facts = {row["attribute"]: row["found"] for row in found if row["kind"] == "report"}
    assert facts["Directory"] == "title" and facts["job"] == "1" and "1 reads" in facts["Requests"]


def test_a_byte_order_mark_only_when_asked_for():
    assert p1_report(report_of(), "csv").startswith("kind,")
    assert p1_report(report_of(), "csv", bom=True).startswith("\ufeffkind,")


def test_the_access_review():
    reading = {
        "users": [
            {"id": "1", "user_name": "ann", "active": True, "last_login": "2026-01-01T00:00:00.000Z"},
            {"id": "2", "user_name": "bob", "active": False, "last_login": None},
            {"id": "3", "user_name": "carl"},
        ],
        "groups": [
            {"id": "a", "display_name": "Team", "members": [{"id": "1", "kind": "user", "name": "ann"}]},
            {"id": "b", "display_name": "Company", "members": [{"id": "a", "kind": "group", "name": "Team"}, {"id": "2", "kind": "user", "name": "bob"}]},
        ],
    }  # fmt: skip
    found = list(csv.DictReader(io.StringIO(p1_report(report_of("host"), "access", reading))))
    shown = [tuple(row[name] for name in ("user", "active", "last_login", "group", "granted_by")) for row in found]
    assert shown == [
        ("ann", "true", "2026-01-01T00:00:00.000Z", "Company", "Company > Team"),
        ("ann", "true", "2026-01-01T00:00:00.000Z", "Team", "direct"),
        ("bob", "false", "", "Company", "direct"),
        ("carl", "true", "", "", ""),
    ]
    assert {row["directory"] for row in found} == {"host"} and "job: 1" in found[0]["context"]


# -- JUnit ---------------------------------------------------------------------------------------------


@many_texts
def test_junit_parses_and_counts(texts):
    report = report_of(*texts)
    text = p1_report(report, "junit")
    root = ElementTree.fromstring(text.encode("utf-8"))
    suites = JUnitXml.fromstring(text.encode("utf-8"))
    assert [suite.name for suite in suites] == ["users", "groups", "memberships", "assertions"]
    cases = [case for suite in suites for case in suite]
    assert len(cases) == len(report["rows"]) + len(KINDS) + len(report["assertions"]) == int(root.get("tests"))
    for suite in suites:
        names = [(case.classname, case.name) for case in suite]
        assert suite.tests == len(names)
        assert suite.failures == sum(item.tag == "failure" for case in suite._elem.iter("testcase") for item in case)
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "properties", "property",
    }  # fmt: skip


def test_red_and_green():
    plan = [
        {"operation": "create", "kind": "user", "key": name, "id": None, "changes": {}} for name in ("made", "refused")
    ]
    result = {
        "plan": plan,
        "drift": {
            "missing": [{"kind": "user", "key": name} for name in ("made", "refused")],
            "unmanaged": [{"kind": "user", "key": "kept"}],
        },
        "failed_items": [
            {"kind": "user", "key": "refused", "operation": "create", "status": 400, "reason": "too\nshort"}
        ],
    }

    def results(report):
        suites = JUnitXml.fromstring(p1_report(report, "junit").encode("utf-8"))
        return {case.name: [type(item).__name__ for item in case.result] for suite in suites for case in suite}

    done = results(build_report(result, check_mode=False))
    assert done["made"] == [] and done["refused"] == ["Error"] and done["kept"] == ["Skipped"]
    assert done["all users are as declared"] == ["Failure"] and done["all groups are as declared"] == []
    foretold = results(build_report({**result, "failed_items": []}, check_mode=True))
    assert foretold["made"] == ["Failure"]
    assert results(build_report({"failed": True, "msg": "no"}))["the run"] == ["Error"]


def test_a_violated_rule_of_no_weight_is_skipped():
    rule = {
        "name": "r",
        "severity": "info",
        "kind": "group_size",
        "status": "violated",
        "violations": [{"user": None, "group": "g", "text": "t"}],
    }
    text = p1_report(build_report({}, assertions=[rule]), "junit")
    assert "<skipped" in text and "<failure" not in text
    assert "<error" in p1_report(build_report({}, assertions=[{**rule, "status": "error"}]), "junit")


# -- Markdown ------------------------------------------------------------------------------------------


class _Text(HTMLParser):
    """Tags and texts of cells, in what Markdown was rendered to."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.cells, self._in_cell = [], [], False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not [name for name, unused in attrs if name not in ("style", "class")], (tag, attrs)
        if tag in ("td", "th"):
            self.cells.append("")
            self._in_cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data):
        if self._in_cell:
            self.cells[-1] += data


def rendered(text):
    # HTML passes, bare links become links: what a hostile value would be after.
    parser = _Text()
    parser.feed(
        MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).render(text)
    )
    return parser


@many_texts
def test_markdown_shows_values_and_does_nothing_else(texts):
    report = report_of(*texts)
    text = p1_report(report, "markdown", limit=10**6)
    text.encode("utf-8")
    page = rendered(text)
    assert set(page.tags) <= {"h1", "h2", "h3", "p", "strong", "em", "table", "thead", "tbody", "tr", "th", "td"}
    found = {cell.replace("\u200b", "").strip() for cell in page.cells}
    for row in report["rows"]:
        wanted = labels.line(labels.object_of(row))
        if len(wanted) > format_markdown.MAX_VALUE:
            wanted = wanted[: format_markdown.MAX_VALUE - 1] + "…"
        assert wanted.replace("\u200b", "").strip() in found


@pytest.mark.parametrize("value", ["@everyone", "#12", "!12", "see @team", "&group"])
def test_nobody_is_called(value):
    text = p1_report(report_of(value), "markdown").replace("&amp;", "&").replace("\\", "")
    assert value not in text.replace("\u200b", "\u200b ") and value.split()[-1][0] + "\u200b" in text


def test_markdown_is_cut_before_a_comment_is_full():
    drift = {"missing": [{"kind": "user", "key": f"user{number}@example.org"} for number in range(5000)]}
    report = build_report({"drift": drift})
    text = p1_report(report, "markdown")
    assert len(text) <= 60000
    assert "more lines did not fit" in text
    assert len(p1_report(report, "markdown", limit=2000)) <= 2000
    assert "did not fit" not in p1_report(report_of("a"), "markdown")


def plan_of(**numbers):
    """A report in which so many users are planned for each operation, harmless ones first."""
    plan = [
        {"operation": operation, "kind": "user", "key": f"{operation}{number:04}", "id": None, "changes": {}}
        for operation, many in numbers.items()
        for number in range(many)
    ]
    return build_report({"plan": plan}, check_mode=True)


def test_what_takes_away_is_told_first_and_cut_last():
    text = p1_report(plan_of(create=25, update=30, rename=1, remove=3, disable=2, delete=1), "text")
    lines = text.splitlines()
    assert "planned: 25 create, 30 update, 1 rename, 2 disable, 1 delete, 3 remove" in lines
    rows = [item for item in lines if item.startswith("- ")]
    assert [item.rpartition("; ")[2] for item in rows[:8]] == [
        *["delete"],
        *["disable"] * 2,
        *["remove"] * 3,
        "rename",
        "create",
    ]
    assert len(rows) == 21 and rows[-1] == "- and 42 more"
    for many, shown, rest in (
        (60, 60, "- and 25 more"),
        (130, 100, "- and 55 more, 30 of them to delete, disable or remove"),
    ):
        rows = [
            item for item in p1_report(plan_of(create=25, delete=many), "text").splitlines() if item.startswith("- ")
        ]
        assert len(rows) == shown + 1 and rows[-1] == rest
        assert all("delete" in item for item in rows[:-1])


def test_markdown_that_is_cut_begins_with_what_takes_away():
    whole = p1_report(plan_of(create=3, delete=1), "markdown")
    assert whole.index("## Missing (3)") < whole.index("## Extra (1)")
    cut = p1_report(plan_of(create=5000, update=10, rename=1, disable=2, delete=1), "markdown")
    assert "more lines did not fit" in cut and len(cut) <= 60000
    names = re.findall(r"\| user \| (delete|disable|rename|create)\d", cut)
    assert names[:5] == ["delete", "disable", "disable", "rename", "create"]
    assert cut.index("## Delete, disable, remove, rename (4)") < cut.index("## Missing (5000)")
    harmless = p1_report(plan_of(create=5000), "markdown")
    assert "## Delete" not in harmless


@pytest.mark.parametrize("kind", ["text", "markdown", "html", "csv", "junit", "json"])
def test_refusals_are_in_every_format(kind):
    problem = "limits.max_disables allows 10, and the plan holds 12: user ann, user bob; raise it (-1: no limit) if it is meant"
    drift = {"unresolved": [{"kind": "user", "key": "nobody"}]}
    report = build_report({"drift": drift}, refusals=[problem], unresolved_refused=True)
    assert report["refusals"] == [
        "limits.max_disables allows 10, and the plan holds 12",
        "on_unknown_member is fail, and 1 row is unresolved",
    ]
    assert "would be refused" in p1_report(report, kind).lower() or kind == "json"
    assert "max" in p1_report(report, kind) and "ann" not in p1_report(report, kind).replace("cannot", "")
    assert build_report({"drift": drift}, refusals=[])["refusals"] == []


# -- HTML ----------------------------------------------------------------------------------------------


@many_texts
def test_html_holds_no_markup_but_its_own(texts):
    report = report_of(*texts)
    text = p1_report(report, "html")
    text.encode("utf-8")
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text)
    assert [error for error in parser.errors if error[1] != "invalid-codepoint"] == []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag.lower() not in (
            "script",
            "img",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "audio",
            "video",
        )
        for name, value in element.attrib.items():
            assert not str(name).lower().startswith("on")
            if str(name).rpartition("}")[2] in (
                "href",
                "src",
                "srcset",
                "action",
                "data",
                "poster",
                "style",
                "content",
            ):
                assert value.startswith(("#", "data:,")) or element.tag == "meta", (element.tag, name, value)
    shown = "".join(tree.itertext())
    for row in report["rows"]:
        assert " ".join(labels.visible(row["key"]).split()) in " ".join(shown.split())


def test_html_needs_nothing_else():
    text = p1_report(report_of(*HOSTILE[:4]), "html")
    assert text.startswith("<!DOCTYPE html>") and '<html lang="en">' in text
    assert "url(" not in text and "@import" not in text and "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text and "@media print" in text


def test_html_totals_are_drawn():
    tree = html5lib.parse(p1_report(report_of("a"), "html"), namespaceHTMLElements=False)
    bars = [element for element in tree.iter() if str(element.tag).endswith("svg") and element.get("role") == "img"]
    assert len(bars) == 3 and "1 unmanaged" in bars[0].get("aria-label")
    for drawn in bars:
        assert abs(sum(float(rect.get("width")) for rect in drawn) - 1000) < 1 or len(drawn) == 0


def test_html_of_a_clean_directory():
    text = p1_report(build_report({"plan": [], "drift": {}, "plan_sha256": "abc"}, check_mode=True), "html")
    assert 'class="fine"' in text and "No drift" in text


# -- all -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "markdown", "html", "junit", "text", "json"])
def test_context_and_assertions_are_in_every_format(kind):
    report = report_of("ann", "wish.yml", "host.example", "because")
    text = p1_report(report, kind, limit=100000 if kind == "markdown" else None)
    if kind != "text":
        assert all(word in text for word in ("host.example", "wish.yml", "because"))
    assert "rule ann" in text


@pytest.mark.parametrize("kind", FORMATS)
def test_no_secret_in_any_format(kind):
    changes = {"password": {"before": "0ld-Secret", "after": "n3w-Secret"}}
    report = build_report(
        {"plan": [{"operation": "update", "kind": "user", "key": "ann", "id": "1", "changes": changes}]}
    )
    text = p1_report(report, kind, {"users": [{"user_name": "ann", "password": "n3w-Secret"}]})
    assert "Secret" not in text


def test_a_few_lines_for_a_log():
    lines = p1_report(report_of("ann", "Team", "Group", "bob"), "text").splitlines()
    assert lines[0].startswith("Drift:")
    assert "- different user ann; update; Group, name.Team, active; failed (status 403); refused: Group" in lines
    assert not [line for line in lines if "unmanaged user" in line]
    many = {"missing": [{"kind": "user", "key": f"u{number:02}"} for number in range(30)]}
    lines = p1_report(build_report({"drift": many}), "text").splitlines()
    assert len(lines) == 2 + 20 + 1 and lines[-1] == "- and 10 more"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_one_by_one(text):
    report = report_of(text)
    for kind in ("csv", "markdown", "html", "junit", "json", "text"):
        made = p1_report(report, kind)
        assert type(made).__name__ in ("str", "AnsibleUnsafeText", "_AnsibleTaggedStr")
        made.encode("utf-8")
        if "<" in text and kind in ("markdown", "html", "junit"):
            assert text not in made
    assert "\x00" not in json.dumps(report, ensure_ascii=False)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((report_of(), "pdf"), "no format 'pdf'"),
        (({"rows": []}, "csv"), "not a report of version 1"),
        (("text", "csv"), "not a report of version 1"),
        ((report_of(), "access"), "needs reading"),
        ((report_of(), "access", ["no"]), "must be a dictionary"),
    ],
)
def test_what_is_refused(arguments, told):
    with pytest.raises(AnsibleFilterError, match=told):
        p1_report(*arguments)


def test_ten_thousand_users_take_seconds():
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
        assert p1_report(report, kind, {"users": users, "groups": groups})
    assert time.monotonic() - start < 30
