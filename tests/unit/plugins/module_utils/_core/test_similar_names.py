# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test similar names and characters that cannot be typed."""

from __future__ import annotations

import time

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._core.similar_names import did_you_mean, near_matches, unusual_characters

NFC = "Zo\u00eb"
NFD = "Zoe\u0308"


@pytest.mark.parametrize(
    ("text", "unusual"),
    [
        ("ann", None),
        ("Ops  Team", None),
        ("Zoë 山田 O'Brien", None),
        (NFD, None),
        ("", None),
        (" ann", "a leading blank"),
        ("ann\t", "a trailing blank, control character (\\t)"),
        ("a\u200bb", "zero-width space (\\u200b)"),
        ("a\u00a0b", "no-break space (\\xa0)"),
        ("a\x00b", "control character (\\x00)"),
        ("a\u202eb", "invisible formatting character (\\u202e)"),
        ("a\ud83db", "half of a surrogate pair (\\ud83d)"),
        ("a\u2028b", "line separator (\\u2028)"),
    ],
)
def test_unusual_characters(text, unusual):
    assert unusual_characters(text) == unusual


@pytest.mark.parametrize(
    ("name", "candidate"),
    [
        ("ann", "ANN"),
        ("ann", "ann\u200b"),
        ("ann\u00a0", "ann"),
        ("ann ", "ann"),
        ("Ops Team", "Ops  Team"),
        ("Ops Team", "OpsTeam"),
        (NFC, NFD),
        ("weiss", "weiß"),
    ],
)
def test_near_matches(name, candidate):
    assert near_matches(name, [name, "bob", candidate, candidate]) == [candidate]
    assert near_matches(candidate, ["bob", name]) == [name]


@pytest.mark.parametrize(
    ("name", "candidates", "hint"),
    [
        ("Platfrom", ["Platform", "Sales"], "Did you mean 'Platform'?"),
        ("bliskvo", ["bliskov", "ann"], "Did you mean 'bliskov'?"),
        ("ann", ["ann\u200b", "anne"], "Did you mean 'ann\\u200b'?"),
        ("jsmith3", ["jsmith1", "jsmith2", "bob"], "Did you mean 'jsmith1' or 'jsmith2'?"),
        ("anne", ["ann"], "Did you mean 'ann'?"),
        ("Salles", ["Sales", "Sales EMEA"], "Did you mean 'Sales'?"),
        ("aab", ["aaab", "b"], "Did you mean 'aaab'?"),
        ("ann", ["bob"], ""),
        ("ann", ["ann"], ""),
        ("ab", ["ac"], ""),
        ("", ["a"], ""),
        ("\u200b", ["\u200c"], "Did you mean '\\u200c'?"),
    ],
)
def test_did_you_mean(name, candidates, hint):
    candidates = [candidate for candidate in candidates if candidate != name]
    assert did_you_mean(name, candidates) == hint


def test_did_you_mean_is_fast_with_many_names():
    names = [f"user{number:06d}@corp.example" for number in range(100_000)]
    begun = time.process_time()
    assert did_you_mean("user0500000@corp.example", names)
    assert time.process_time() - begun < 3
