# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test text that is not valid Unicode and its replacement."""

from __future__ import annotations

import pytest
from desired_directories import directory, group, user
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._core.unicode import is_valid, replace_invalid, valid_text
from ansible_collections.pingone.directory.plugins.module_utils._documents.export import directory_document
from ansible_collections.pingone.directory.plugins.module_utils._plan.policy import Scope


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bye\ud83d", "bye\ufffd"),
        ("\ude00bye", "\ufffdbye"),
        ("\ud83d\ude00", "\U0001f600"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("ä\U0001f600", "ä\U0001f600"),
        ("", ""),
    ],
)
def test_an_unpaired_surrogate(text, shown):
    assert valid_text(text) == shown
    assert is_valid(text) is (text == shown)


def test_plain_data():
    value = {"a": ["x", {"b\ud83d": "c"}, 1, None, True]}
    assert replace_invalid(value) == {"a": ["x", {"b\ufffd": "c"}, 1, None, True]}
    whole = {"a": ["x", 1.5, "ä"]}
    assert replace_invalid(whole) is whole


@given(st.recursive(st.text() | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
@PROPERTY
def test_replaced_text_is_valid(value):
    replaced = replace_invalid(value)
    str(replaced).encode("utf-8")
    assert replace_invalid(replaced) is replaced


def test_an_invalid_name_is_omitted_from_a_document():
    """No lookup finds an invalid name, so the id identifies the object or member."""
    snapshot = directory([user("ann\ud83d"), user("bob")], [group("te\ud83dam", "ann\ud83d")])
    document = directory_document(snapshot, Scope(None))
    (entry,) = [item for item in document["users"] if "id" in item]
    assert "user_name" not in entry
    member = entry["id"]
    (entry,) = [item for item in document["groups"] if "id" in item]
    assert entry.keys() == {"id", "members"} and entry["members"] == {"user_ids": [member]}
