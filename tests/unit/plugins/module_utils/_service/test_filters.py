# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test when an empty filter result proves that an object does not exist."""

from __future__ import annotations

import re

import pytest
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._service.filters import MAX_TRIES, FilterKnowledge, as_tried, kinds_of


def known(*found, missed=(), attribute="userName"):
    """Return the knowledge about the filter after it found and missed some values."""
    knowledge = FilterKnowledge()
    for value in found:
        knowledge.note_found(attribute, as_tried(attribute, value), value)
    for value in missed:
        knowledge.note_missed(attribute, value)
    return knowledge


@pytest.mark.parametrize(
    ("found", "missed", "value", "proven"),
    [
        ([], [], "ann", False),
        (["ann"], [], "eve", True),
        (["ann"], [], "zed+vpn", False),  # a plain name proves only plain names
        (["a+b"], [], "zed+vpn", True),
        (["a+b"], [], "zed+vpn@corp", False),
        (["a+b", "c@d"], [], "zed+vpn@corp", True),
        (["7"], [], "ann", False),  # without letters, case stays unknown
        (["7"], [], "8", True),
        (["ann"], [], "a b", False),
        (["ann"], [], "jörg", False),  # characters beyond ASCII are never proven
        (["jörg"], [], "jörg2", False),
        (["a b"], [], " ann", False),  # nor are leading and trailing blanks
        (["a b"], [], "", False),
        (["ann"], ["a+b"], "zed+vpn", False),
        (["ann"], ["a+b"], "eve", True),  # the plus sign is the cause, because plain names were found
        ([], ["a+b"], "zed+vpn", False),
        (["a@b"], ["a@b"], "c@d", False),  # found once and missed once, so nothing is proven
    ],
)
def test_an_empty_result_is_trusted_only_for_tested_kinds_of_characters(found, missed, value, proven):
    assert known(*found, missed=missed).proves_absence("userName", value) is proven


def test_a_search_with_exact_case_does_not_prove_case():
    knowledge = FilterKnowledge()
    knowledge.note_found("userName", "ann", "ann")
    assert not knowledge.proves_absence("userName", "eve")
    knowledge.note_found("userName", "ann", "Ann")
    assert knowledge.proves_absence("userName", "eve")


def test_external_ids_are_tested_unchanged():
    assert as_tried("externalId", "hr:7") == "hr:7"
    assert known("hr:7", attribute="externalId").proves_absence("externalId", "hr:8")
    assert not known("hr:7", attribute="externalId").proves_absence("externalId", "hr+8")


def test_each_attribute_has_its_own_knowledge():
    knowledge = known("ann")
    knowledge.note_unusable("externalId")
    assert knowledge.is_usable("userName")
    assert not knowledge.is_usable("externalId")
    assert not knowledge.proves_absence("externalId", "7")
    knowledge.note_unusable("userName")
    assert not knowledge.proves_absence("userName", "eve")
    assert knowledge.samples_for("userName", "a+b", ["c+d"]) == []


@pytest.mark.parametrize(
    ("value", "existing", "samples"),
    [
        ("ann", ["bob"], ["bob"]),
        ("ann", ["b@b.b", "bob", "c"], ["bob"]),  # the plainest name, because its failure excludes the fewest others
        ("a@b.c", ["d@e.f", "bob"], ["d@e.f"]),
        ("a+b@c.d", ["x@y.z", "q+r"], ["x@y.z", "q+r"]),
        ("a+b@c.d", ["x@y.z"], []),
        ("a+b-c@d", ["q+r", "q-r", "q@r"], []),  # would need more searches than are allowed for one name
        ("ann", ["7", "é", ""], []),
        ("jörg", ["ann"], []),
    ],
)
def test_samples_are_few_and_cover_unproven_characters(value, existing, samples):
    assert FilterKnowledge().samples_for("userName", value, existing) == samples


def test_missed_values_are_not_searched_again():
    knowledge = known("ann", missed=["a+b"])
    assert knowledge.samples_for("userName", "zed+vpn", ["q+r"]) == []
    assert not knowledge.can_be_proven("userName", "zed+vpn")
    assert knowledge.samples_for("userName", "a@b", ["q+r@s", "q@s"]) == ["q@s"]


def as_regex(names, literal):
    """Return the names that a service finds which builds an unescaped regular expression."""
    try:
        return [name for name in names if re.search(f"^{literal}$", name, re.IGNORECASE)]
    except re.error:
        return []


NAMES = st.text("aB7+.@(-", min_size=1, max_size=4)


@PROPERTY
@given(st.lists(NAMES, max_size=8), NAMES)
def test_no_user_is_missed_on_a_service_that_uses_regular_expressions(names, wanted):
    """Whenever the knowledge trusts an empty result, the result of such a service is correct."""
    knowledge = FilterKnowledge()
    for sample in knowledge.samples_for("userName", wanted, names):
        found = as_regex(names, as_tried("userName", sample))
        if any(name.lower() != sample.lower() for name in found):
            knowledge.note_unusable("userName")
        for name in found:
            knowledge.note_found("userName", as_tried("userName", sample), name)
        if not found:
            knowledge.note_missed("userName", sample)
    if knowledge.proves_absence("userName", wanted) and not as_regex(names, wanted):
        assert wanted.lower() not in [name.lower() for name in names]


@PROPERTY
@given(NAMES, st.lists(NAMES, max_size=8))
def test_samples_prove_a_working_filter(wanted, existing):
    samples = FilterKnowledge().samples_for("userName", wanted, existing)
    assert len(samples) <= MAX_TRIES
    if samples:
        assert known(*samples).proves_absence("userName", wanted)
        assert all(kinds_of("userName", sample) is not None for sample in samples)
