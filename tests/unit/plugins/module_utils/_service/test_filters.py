# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When an empty answer to a filter proves that there is no such object."""

from __future__ import annotations

import re

import pytest
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._service.filters import MAX_TRIES, FilterKnowledge, as_tried, kinds_of


def known(*found, missed=(), attribute="userName"):
    """What is known after the filter was tried on some values."""
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
        (["ann"], [], "zed+vpn", False),  # a plain name proves it for plain names alone
        (["a+b"], [], "zed+vpn", True),
        (["a+b"], [], "zed+vpn@corp", False),
        (["a+b", "c@d"], [], "zed+vpn@corp", True),
        (["7"], [], "ann", False),  # no letter, so nothing is known of case
        (["7"], [], "8", True),
        (["ann"], [], "a b", False),
        (["ann"], [], "jörg", False),  # what is beyond ASCII is never proven
        (["jörg"], [], "jörg2", False),
        (["a b"], [], " ann", False),  # nor are outer blanks
        (["a b"], [], "", False),
        (["ann"], ["a+b"], "zed+vpn", False),
        (["ann"], ["a+b"], "eve", True),  # the plus sign is to blame: plain names had been found
        ([], ["a+b"], "zed+vpn", False),
        (["a@b"], ["a@b"], "c@d", False),  # found once and missed once: nothing follows from it any more
    ],
)
def test_an_empty_answer_is_proof_only_for_kinds_of_characters_seen(found, missed, value, proven):
    assert known(*found, missed=missed).proves_absence("userName", value) is proven


def test_an_exact_find_proves_nothing_about_case():
    knowledge = FilterKnowledge()
    knowledge.note_found("userName", "ann", "ann")
    assert not knowledge.proves_absence("userName", "eve")
    knowledge.note_found("userName", "ann", "Ann")
    assert knowledge.proves_absence("userName", "eve")


def test_external_ids_are_tried_as_they_are():
    assert as_tried("externalId", "hr:7") == "hr:7"
    assert known("hr:7", attribute="externalId").proves_absence("externalId", "hr:8")
    assert not known("hr:7", attribute="externalId").proves_absence("externalId", "hr+8")


def test_attributes_are_known_apart_from_each_other():
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
        ("ann", ["b@b.b", "bob", "c"], ["bob"]),  # the plainest: its failure says the least about others
        ("a@b.c", ["d@e.f", "bob"], ["d@e.f"]),
        ("a+b@c.d", ["x@y.z", "q+r"], ["x@y.z", "q+r"]),
        ("a+b@c.d", ["x@y.z"], []),
        ("a+b-c@d", ["q+r", "q-r", "q@r"], []),  # more tries than one name is worth
        ("ann", ["7", "é", ""], []),
        ("jörg", ["ann"], []),
    ],
)
def test_samples_are_few_and_cover_what_is_not_proven(value, existing, samples):
    assert FilterKnowledge().samples_for("userName", value, existing) == samples


def test_what_was_missed_is_not_tried_again():
    knowledge = known("ann", missed=["a+b"])
    assert knowledge.samples_for("userName", "zed+vpn", ["q+r"]) == []
    assert not knowledge.can_be_proven("userName", "zed+vpn")
    assert knowledge.samples_for("userName", "a@b", ["q+r@s", "q@s"]) == ["q@s"]


def as_regex(names, literal):
    """What a service finds that builds an unescaped regular expression."""
    try:
        return [name for name in names if re.search(f"^{literal}$", name, re.IGNORECASE)]
    except re.error:
        return []


NAMES = st.text("aB7+.@(-", min_size=1, max_size=4)


@PROPERTY
@given(st.lists(NAMES, max_size=8), NAMES)
def test_no_user_is_overlooked_by_a_service_that_reads_regular_expressions(names, wanted):
    """The knowledge alone decides: where it claims proof, the empty answer of such a service is true."""
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
def test_samples_suffice(wanted, existing):
    samples = FilterKnowledge().samples_for("userName", wanted, existing)
    assert len(samples) <= MAX_TRIES
    if samples:
        assert known(*samples).proves_absence("userName", wanted)
        assert all(kinds_of("userName", sample) is not None for sample in samples)
