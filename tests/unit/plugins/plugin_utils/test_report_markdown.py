# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test Markdown: values are shown without other effects, and the text fits into a comment."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from report_support import many_texts, plan_of, report_of

from ansible_collections.pingone.directory.plugins.plugin_utils._report import format_markdown, labels
from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import render


class _Text(HTMLParser):
    """Collect the tags and cell texts of rendered Markdown."""

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
    # As in the strictest case, HTML is passed through and bare links become links.
    parser = _Text()
    parser.feed(
        MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).render(text)
    )
    return parser


@many_texts
def test_markdown_values_have_no_markup(texts):
    report = report_of(*texts)
    text = render(report, "markdown", limit=10**6)
    text.encode("utf-8")
    page = rendered(text)
    assert set(page.tags) <= {"h1", "h2", "h3", "p", "strong", "em", "code", "table", "thead", "tbody", "tr", "th", "td"}
    found = {cell.replace("\u200b", "").strip() for cell in page.cells}
    for row in report["rows"]:
        wanted = labels.line(labels.object_of(row))
        if len(wanted) > format_markdown.MAX_VALUE:
            wanted = wanted[: format_markdown.MAX_VALUE - 1] + "…"
        assert wanted.replace("\u200b", "").strip() in found


@pytest.mark.parametrize("value", ["@everyone", "#12", "!12", "see @team", "&group"])
def test_no_value_mentions_a_user(value):
    text = render(report_of(value), "markdown").replace("&amp;", "&").replace("\\", "")
    assert value not in text.replace("\u200b", "\u200b ") and value.split()[-1][0] + "\u200b" in text


def test_markdown_fits_into_a_comment():
    drift = {"missing": [{"kind": "user", "key": f"user{number}@example.org"} for number in range(5000)]}
    report = build_report({"drift": drift})
    text = render(report, "markdown")
    assert len(text) <= 60000
    assert "more lines did not fit" in text
    assert len(render(report, "markdown", limit=2000)) <= 2000
    assert "did not fit" not in render(report_of("a"), "markdown")


def test_truncated_markdown_lists_removals_first():
    whole = render(plan_of(create=3, delete=1), "markdown")
    assert whole.index("## Removed (1)") < whole.index("## Missing (3)")
    cut = render(plan_of(create=5000, update=10, rename=1, disable=2, delete=1), "markdown")
    assert "more lines did not fit" in cut and len(cut) <= 60000
    names = re.findall(r"\| user \| (delete|disable|rename|update|create)\d", cut)
    assert names[:15] == ["delete", "disable", "disable", "rename", *["update"] * 10, "create"]
    assert "## Removed" not in render(plan_of(create=5000), "markdown")


def test_only_the_hash_is_monospace():
    assert f"| Plan hash | `{'0a' * 32}` |" in render(build_report({"plan_sha256": "0a" * 32}), "markdown")
    assert "`" not in render(build_report({"plan_sha256": "` | x"}), "markdown").replace("\\`", "")
