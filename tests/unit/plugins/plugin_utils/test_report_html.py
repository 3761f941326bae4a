# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the HTML page: values add no markup, and it loads no resources."""

from __future__ import annotations

import html5lib
from report_support import HOSTILE, example_report, many_texts, report_of

from ansible_collections.pingone.directory.plugins.plugin_utils._report import labels
from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import render


@many_texts
def test_html_contains_only_its_own_markup(texts):
    report = report_of(*texts)
    text = render(report, "html")
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


def test_html_loads_no_resources():
    text = render(report_of(*HOSTILE[:4]), "html")
    assert text.startswith("<!DOCTYPE html>") and '<html lang="en">' in text
    assert "url(" not in text and "@import" not in text and "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text and "@media print" in text


def test_html_shows_totals_as_bars():
    tree = html5lib.parse(render(report_of("a"), "html"), namespaceHTMLElements=False)
    bars = [element for element in tree.iter() if str(element.tag).endswith("svg") and element.get("role") == "img"]
    assert len(bars) == 3 and "1 not declared" in bars[0].get("aria-label")
    for drawn in bars:
        assert abs(sum(float(rect.get("width")) for rect in drawn) - 1000) < 1 or len(drawn) == 0


def test_html_of_a_directory_without_drift():
    text = render(build_report({"plan": [], "drift": {}, "plan_sha256": "abc"}, check_mode=True), "html")
    assert 'class="fine"' in text and "No drift" in text


def test_removals_come_first_and_show_their_people():
    tree = html5lib.parse(render(example_report(), "html"), namespaceHTMLElements=False)
    headings = ["".join(element.itertext()) for element in tree.iter("h2")]
    assert headings == ["Totals", "Removed", "Assertions", "Different", "Missing", "Protected", "Not declared"]
    (removed,) = [element for element in tree.iter("details") if element.get("id") == "class-extra"]
    text = "".join(removed.itertext())
    for expected in ("okafor", "Chidi Okafor · chidi.okafor@example.com", "created 2024-03-03 · no sign-on recorded"):
        assert expected in text
