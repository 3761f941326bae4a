# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test names and ids as text: comparison and messages."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._core.names import (
    MAX_SHOWN_CHARACTERS,
    normalize_id,
    normalize_name,
    same_id,
    same_name,
    show,
    text_of,
)

NFC = "Zo\u00eb"
NFD = "Zoe\u0308"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ann", "ann", True),
        ("ann", "ANN", True),
        (" ann\t", "ann", True),
        (NFC, NFD, True),
        ("GRÖßE", "größe", True),
        ("weiß", "weiss", False),  # another name
        ("ann\u200b", "ann", False),
        ("ann\u00a0", "ann", False),
        ("a  b", "a b", False),
        ("\ufb01n", "fin", False),  # a ligature, which NFKC would decompose
        ("", "", True),
        (None, None, False),
        (None, "", False),
    ],
)
def test_same_name(one, other, same):
    for first, second in ((one, other), (other, one)):
        assert same_name(first, second) is same


@given(st.text())
def test_normalizing_is_idempotent_and_equates_all_forms(text):
    name = normalize_name(text)
    assert normalize_name(name) == name
    for form in ("NFC", "NFD"):
        assert normalize_name(unicodedata.normalize(form, text)) == name
    assert normalize_name(f" {text}\n") == name


@pytest.mark.parametrize(
    ("value", "text"),
    [("aB", "aB"), (815, "815"), (815.0, "815"), (1.5, "1.5"), (True, None), (None, None), ([], None), ({}, None)],
)
def test_text_of(value, text):
    assert text_of(value) == text
    assert normalize_id(value) == (text or "").lower()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("ab-1", "AB-1", True), (815, "815", True), ("1", "2", False), (None, None, False), ("", "", False)],
)
def test_same_id(one, other, same):
    assert same_id(one, other) is same


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ann", "'ann'"),
        ("Zoë 山田", "'Zoë 山田'"),
        ("a\nb", "'a\\nb'"),
        ("ann\u200b", "'ann\\u200b'"),
        ("ann\u00a0", "'ann\\xa0'"),
        (" ann ", "'\\x20ann\\x20'"),
        ("Ops  Team", "'Ops \\x20Team'"),
        ("bye\ud83d", "'bye\\ud83d'"),
        ("\U000e0041", "'\\U000e0041'"),
        ("", "''"),
        (815, "'815'"),
        ("x" * 1000, "'" + "x" * (MAX_SHOWN_CHARACTERS - 1) + "…'"),
    ],
)
def test_show(text, shown):
    assert show(text) == shown


@given(st.text(st.characters()))
def test_a_shown_name_is_printable_and_stays_on_its_line(text):
    shown = show(text)
    assert shown.isprintable()
    assert " ".join(shown.split()) == shown
