# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that the JSON report validates against its schema with any texts."""

from __future__ import annotations

import json

import jsonschema
import pytest
from report_support import many_texts, report_of

from ansible_collections.pingone.directory.plugins.plugin_utils._report.format_html import TEMPLATE
from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import render
from ansible_collections.pingone.directory.plugins.plugin_utils._report.model import CLASSES, KINDS

SCHEMA = json.loads(TEMPLATE.with_name("report-2.schema.json").read_text(encoding="utf-8"))


@many_texts
def test_json_matches_its_schema(texts):
    report = report_of(*texts)
    text = render(report, "json")
    assert json.loads(text) == report
    text.encode("utf-8")
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(text))


def test_the_schema_is_valid_and_rejects_invalid_reports():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    report = json.loads(render(report_of(), "json"))
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


def test_the_schema_contains_every_class_kind_and_state():
    row = SCHEMA["$defs"]["row"]["properties"]
    assert row["class"]["enum"] == list(CLASSES)
    assert SCHEMA["$defs"]["kind"]["enum"] == list(KINDS)
