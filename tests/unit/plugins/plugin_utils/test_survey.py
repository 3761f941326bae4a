# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test answers of surveys: names are read exactly as typed, or refused."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.plugin_utils._survey import SurveyError, dict_of, list_of

PAIR = ["user_name", "group"]

# Names as people type them: no line breaks or outer blanks, and no dash, bracket or quote at the start.
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda text: text == text.strip() and not text.startswith(("-", "[", "{", '"', "'"))
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ("", []),
        (" \n\r\n\t", []),
        ([], []),
        (["", None, "  "], []),
        ("Users", ["Users"]),
        ("Sales, EU\nUsers", ["Sales, EU", "Users"]),
        ("Sales, EU\r\n\r\n  Users  \r\n", ["Sales, EU", "Users"]),
        ("arn:aws:iam::1:role/a,arn:aws:iam::1:saml/b", ["arn:aws:iam::1:role/a,arn:aws:iam::1:saml/b"]),
        ("Sales: EU\nSales #1\n@team", ["Sales: EU", "Sales #1", "@team"]),
        ("- Sales: EU\n- Sales #1\n- #one\n- @team\n- 007", ["Sales: EU", "Sales #1", "#one", "@team", "007"]),
        ("[EU] Sales\n[US] Sales", ["[EU] Sales", "[US] Sales"]),
        ('["Sales, EU", "Users"]', ["Sales, EU", "Users"]),
        ("['Sales, EU', Users]", ["Sales, EU", "Users"]),
        ('- "Sales, EU"\n- Users', ["Sales, EU", "Users"]),
        (
            "---\n- 'no'\n- no\n- 007\n- 2024-01-01\n- 1.10\n- 0x1F\n- 1_000",
            ["no", "no", "007", "2024-01-01", "1.10", "0x1F", "1_000"],
        ),
        ("no\n007\nnull\n~", ["no", "007", "null", "~"]),
        ("[7, 1.10, 007]", ["7", "1.10", "007"]),
        ("[7, 1.10]", ["7", "1.10"]),
        (["Sales, EU", 7], ["Sales, EU", "7"]),
        (7, ["7"]),
        ("a\u2028b\x85c\x0bd", ["a\u2028b\x85c\x0bd"]),
        ("-1", ["-1"]),
    ],
)
def test_list(value, expected):
    assert list_of(value) == expected


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ([True], "quotes"),
        ([1.1], "quotes"),
        ([["a"]], "text"),
        ([{"a": 1}], "text"),
        ({"a": 1}, "text"),
        ('["a", "b"', "neither JSON nor YAML"),
        ("[a, b", None),
        ("[a]]", "neither"),
        ("{a", "neither"),
        ("['Sales' #1, b]", "neither"),
        ("[Sales #1\n, b]", "#"),
        ('- "a"\n-', "empty"),
        ('- "a"\n- @b', "neither"),
        ('- "a"\n- Sales #1', "#"),
        ('- "a"\n- b: c', "text"),
        ("---\na", "list"),
    ],
)
def test_list_refuses_invalid_answers(value, part):
    if part is None:
        assert list_of(value) == [value]
        return
    with pytest.raises(SurveyError, match=part) as error:
        list_of(value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "value",
    [
        "ann@example.org: Sales, EU\nbob: arn:aws: x",
        "- ann@example.org: Sales, EU\n- bob: arn:aws: x",
        '[{"user_name": "ann@example.org", "group": "Sales, EU"}, {"user_name": "bob", "group": "arn:aws: x"}]',
        "- user_name: ann@example.org\n  group: Sales, EU\n- user_name: bob\n  group: 'arn:aws: x'",
        [{"user_name": "ann@example.org", "group": "Sales, EU"}, "bob: arn:aws: x"],
    ],
)
def test_pairs(value):
    assert list_of(value, PAIR) == [
        {"user_name": "ann@example.org", "group": "Sales, EU"},
        {"user_name": "bob", "group": "arn:aws: x"},
    ]


def test_a_single_pair():
    assert list_of({"user_name": 7, "group": "x"}, PAIR) == [{"user_name": "7", "group": "x"}]
    assert list_of('{"user_name": "a", "group": "x"}', PAIR) == [{"user_name": "a", "group": "x"}]
    assert list_of("", PAIR) == list_of(None, PAIR) == list_of([""], PAIR) == []


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("ann", "'user_name: group'"),
        ("ann:Sales", "'user_name: group'"),
        ([{"user_name": "ann"}], "dictionary of user_name and group"),
        ([{"user_name": "ann", "group": "x", "more": 1}], "dictionary of"),
        ([{"user_name": "ann", "group": ""}], "group of entry 1 is empty"),
        ([{"user_name": "ann", "group": ["x"]}], "group of entry 1 must be text"),
        ([{"user_name": True, "group": "x"}], "quotes"),
        ("- user_name: ann\n  group: Sales #1", "#"),
    ],
)
def test_pairs_refuses_invalid_answers(value, part):
    with pytest.raises(SurveyError, match=part):
        list_of(value, PAIR)


@given(st.lists(NAMES))
def test_names_are_the_same_in_every_format(names):
    """One name per line, with dashes, as JSON, as YAML, or as a list."""
    assert list_of(names) == names
    assert list_of("\n".join(names)) == names
    assert list_of("".join(f"- {name}\r\n" for name in names)) == names
    assert list_of(json.dumps(names)) == names
    assert list_of(json.dumps(names, ensure_ascii=False)) == names
    assert list_of(yaml.safe_dump(names, allow_unicode=True)) == names


@given(
    st.lists(
        st.tuples(NAMES.filter(lambda text: ": " not in text and ":\t" not in text and not text.endswith(":")), NAMES)
    )
)
def test_pairs_are_the_same_in_every_format(pairs):
    expected = [{"user_name": first, "group": second} for first, second in pairs]
    assert list_of(expected, PAIR) == expected
    assert list_of("\n".join(f"{first}: {second}" for first, second in pairs), PAIR) == expected
    assert list_of(json.dumps(expected), PAIR) == expected
    assert list_of(yaml.safe_dump(expected), PAIR) == expected


@given(st.text())
def test_any_text_is_read_or_refused_with_a_readable_message(text):
    try:
        names = list_of(text)
    except SurveyError as error:
        assert str(error) and "\n" not in str(error)
    else:
        assert all(isinstance(name, str) and name == name.strip() and name for name in names)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {}),
        ("", {}),
        (" \n", {}),
        ({}, {}),
        ({"title": "", "nick_name": None, "emails": [], "name": {"given_name": ""}}, {}),
        ("title: Engineer\nactive: true\nnick_name:\n", {"title": "Engineer", "active": True}),
        (
            "employee_number: 007\ncost_center: 1.10\nstart: 2024-01-01\nx: no",
            {"employee_number": "007", "cost_center": "1.10", "start": "2024-01-01", "x": "no"},
        ),
        ('{"a": 7, "b": {"c": null, "d": [{"e": ""}, {"e": "f"}]}}', {"a": 7, "b": {"d": [{"e": "f"}]}}),
        ({"primary": False, "count": 0}, {"primary": False, "count": 0}),
        ("# a comment\ntitle: x", {"title": "x"}),
    ],
)
def test_dict(value, expected):
    assert dict_of(value) == expected


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("title", "dictionary"),
        ([1], "dictionary"),
        (7, "dictionary"),
        ("titel: x", "unknown key titel. Valid keys: title"),
        ("title: Engineer #1", "#"),
        ("title: [", "neither"),
    ],
)
def test_dict_refuses_invalid_answers(value, part):
    with pytest.raises(SurveyError, match=part):
        dict_of(value, ["title"])
