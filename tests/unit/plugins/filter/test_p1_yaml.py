# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_from_yaml and p1_to_yaml: text from the directory is never templated."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.pingone.directory.plugins.filter.p1_from_yaml import p1_from_yaml
from ansible_collections.pingone.directory.plugins.filter.p1_to_yaml import p1_to_yaml

HOSTILE = "{{ lookup('pipe', 'touch X') }}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# a comment\n---\nusers: []\n", {"users": []}),
        (f"- !unsafe \"{HOSTILE}\"\n- '{{% x %}}'", [HOSTILE, "{% x %}"]),
        ("a: 2026-01-01\nb: 0042\nc: 42\nd: yes\ne:", {"a": "2026-01-01", "b": "0042", "c": 42, "d": True, "e": None}),
        ('{"a": [1, {"b": "x"}]}', {"a": [1, {"b": "x"}]}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
    ],
)
def test_p1_from_yaml_reads_plain_data(text, value):
    found = p1_from_yaml(text)
    assert found == value
    assert type(found) in (dict, list, type(None)) or isinstance(found, dict)


def test_p1_from_yaml_quotes_no_value_in_errors():
    with pytest.raises(Exception, match="people.yml:1: invalid YAML") as refused:
        p1_from_yaml("password: *hunter2", "people.yml")
    assert "hunter2" not in str(refused.value)


def test_p1_to_yaml_marks_text_that_ansible_would_template():
    text = p1_to_yaml({"left_groups": [{"display_name": HOSTILE}, {"display_name": "a: b"}], "id": None, "n": 1, "b": True})
    assert text.count("!unsafe") == 1 and "display_name: !unsafe '{{ lookup(''pipe''" in text
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text)
    assert p1_from_yaml(text)["left_groups"][0]["display_name"] == HOSTILE


def test_p1_to_yaml_accepts_the_types_of_ansible():
    class Text(str):
        """A string type of Ansible."""

    class Items(list):
        """A list type of Ansible."""

    assert p1_from_yaml(p1_to_yaml({Text("a"): Items([Text("{{ b }}"), (1, 1.5)])})) == {"a": ["{{ b }}", [1, 1.5]]}


def test_p1_to_yaml_replaces_an_unpaired_surrogate():
    assert p1_from_yaml(p1_to_yaml({"a": "bye\ud83d", "b": "\U0001f600"})) == {"a": "bye\ufffd", "b": "\U0001f600"}
