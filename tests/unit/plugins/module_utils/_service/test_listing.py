# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test paging (rules 3 and 4 of docs/rules.md): every item is read, and the list is reported as complete or incomplete."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st
from scripted_client import Answer, Script, listed

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import NotFoundError, ProtocolError, RefusedError
from ansible_collections.pingone.directory.plugins.module_utils._service.client import PAGE_SIZE
from ansible_collections.pingone.directory.plugins.module_utils._service.listing import Listing, take_page


def query(sent):
    return {name: values[0] for name, values in parse_qs(urlsplit(sent.url).query).items()}


class Service:
    """Serve a list of users or groups with the paging behavior under test.

    :param page: largest page, whatever count is requested; or a list of sizes, one for each page.
    :param total: ``global``, ``page``, or ``none``.
    """

    def __init__(self, size, page=PAGE_SIZE, total="global", start_index=True, key="resources", items_per_page=0):
        self.ids = [f"id-{number}" for number in range(size)]
        self.page = page
        self.total = total
        self.start_index = start_index
        self.key = key
        self.items_per_page = items_per_page
        self.pages = 0

    def __call__(self, sent):
        asked = query(sent)
        start = int(asked.get("startIndex", 1)) if self.start_index else 1
        limit = self.page if isinstance(self.page, int) else self.page[min(self.pages, len(self.page) - 1)]
        shown = self.ids[start - 1 :][: min(limit, int(asked.get("count", 100)))]
        self.pages += 1
        assert self.pages < 500, "endless"
        answer = {"startIndex": 0, "itemsPerPage": self.items_per_page, self.key: [{"id": item} for item in shown]}
        if self.total != "none":
            answer["totalResults"] = len(self.ids) if self.total == "global" else len(shown)
        return answer

    def listing(self, kind="user", **more):
        self.script = Script(self, forever=True)
        return self.script.client.list(kind, **more)


@pytest.mark.parametrize("kind", ["user", "group"])
@pytest.mark.parametrize("total", ["global", "page", "none"])
@pytest.mark.parametrize("key", ["resources", "Resources"])
@pytest.mark.parametrize("page", [3, 1, 7, [3, 1, 2], 1000])
@pytest.mark.parametrize("size", [0, 1, 3, 7])
def test_rule_03_all_pages_are_read_up_to_a_proven_end(kind, total, key, page, size):
    service = Service(size, page, total, key=key, items_per_page=5)
    listing = service.listing(kind)
    assert list(listing.items) == service.ids
    assert listing.complete
    assert listing.why is None
    assert sum(listing.page_sizes) == size


@pytest.mark.parametrize("kind", ["user", "group"])
@pytest.mark.parametrize("total", ["global", "page", "none"])
@pytest.mark.parametrize("size", [4, 300])
def test_rule_03_an_ignored_start_index_makes_the_list_incomplete(kind, total, size):
    listing = Service(size, 3, total, start_index=False).listing(kind)
    assert len(listing.items) == 3
    assert not listing.complete
    assert (f"reports {size} but returned 3" if total == "global" else "never returned a total") in listing.why
    assert listing.page_sizes == [3, 3]


@pytest.mark.parametrize("total", ["global", "page", "none"])
def test_rule_03_a_repeated_single_page_is_incomplete(total):
    """A total equal to the page may count only the page, so the list may be longer."""
    listing = Service(3, 3, total, start_index=False).listing()
    assert len(listing.items) == 3
    assert not listing.complete


@PROPERTY
@given(
    st.integers(0, 30),
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
    st.sampled_from(["global", "page", "none"]),
    st.booleans(),
)
def test_rule_03_a_partial_list_is_never_complete(size, pages, total, start_index):
    service = Service(size, pages, total, start_index)
    listing = service.listing()
    if start_index:
        assert listing.complete
    if listing.complete:
        assert list(listing.items) == service.ids
        assert listing.why is None
    else:
        assert listing.why


@pytest.mark.parametrize(
    ("pages", "ids", "complete"),
    [
        # a global total ends the list without another page
        ([listed("a", "b", total=3), listed("c", total=3)], "abc", True),
        # a total equal to its page needs one more page
        ([listed("a", "b"), listed()], "ab", True),
        ([listed("a", "b"), listed(total=2)], "ab", True),
        # the total counts entries that are not shown
        ([listed(total=5)], "", False),
        ([listed("a", total=3), listed(total=3)], "a", False),
        ([listed("a", "b"), listed(total=5)], "ab", False),
        ([listed("a", "b", total=4), listed("b", "a", total=4)], "ab", False),
        # overlapping pages
        ([listed("a", "b", total=4), listed("b", "c", total=4), listed("d", total=4)], "abcd", True),
        # unusable totals
        ([listed("a", total=0), listed()], "a", True),
        ([listed("a", total=-1), listed()], "a", True),
        ([{"resources": [{"id": "a"}], "totalResults": "9"}, listed()], "a", True),
        ([{"resources": [{"id": "a"}], "totalResults": True}, listed()], "a", True),
        ([{"resources": [{"id": "a"}], "totalResults": None}, listed()], "a", True),
        # other formats of an answer
        ([[{"id": "a"}], []], "a", True),
        ([{"id": "a"}, {"totalResults": 0}], "a", True),
        ([{"totalResults": 0}], "", True),
    ],
)
def test_rule_03_totals(pages, ids, complete):
    script = Script(*pages)
    listing = script.client.list("user")
    assert "".join(listing.items) == ids
    assert listing.complete is complete
    assert (listing.why is None) is complete
    assert script.done or not complete


GROWS = [listed("a", "b", total=3), listed("c", total=4), listed("d", total=4)]
SHRINKS = [listed("a", "b", total=4), listed("c", total=3)]  # a was deleted, and d was skipped


@pytest.mark.parametrize("moving", [GROWS, SHRINKS], ids=["grows", "shrinks"])
def test_rule_03_a_list_that_changes_during_paging_is_read_again(moving):
    script = Script(*moving, listed("b", "c", total=3), listed("d", total=3))
    listing = script.client.list("user")
    assert ("".join(listing.items), listing.complete, listing.why, script.done) == ("bcd", True, None, True)


def test_rule_03_a_list_that_changes_in_every_read_is_incomplete():
    script = Script(*SHRINKS * 3)
    listing = script.client.list("user")
    assert (listing.complete, listing.total, script.done) == (False, 3, True)
    assert "changed during each attempt" in listing.why


@pytest.mark.parametrize("status", [400, 404, 403, 414, 422, 501])
def test_rule_03_a_refused_page_makes_the_list_incomplete(status):
    script = Script(listed("a", "b"), Answer(status))
    listing = script.client.list("user")
    assert ("".join(listing.items), listing.complete, script.done) == ("ab", False, True)
    assert str(status) in listing.why


def test_rule_03_users_are_requested_as_documented():
    service = Service(1500, 1000)
    service.listing("user")
    assert [query(sent) for sent in service.script.sent] == [
        {"sortBy": "userName", "sortOrder": "ascending", "startIndex": start, "count": "1000"}
        for start in ("1", "1001")
    ]


def test_rule_04_groups_are_requested_without_sorting():
    service = Service(5, 2)
    service.listing("group")
    assert [query(sent) for sent in service.script.sent] == [
        {},
        {"startIndex": "3", "count": "1000"},
        {"startIndex": "5", "count": "1000"},
    ]


def test_rule_03_the_next_page_starts_after_the_received_items():
    service = Service(9, [3, 2, 1])
    service.listing("user")
    assert [query(sent)["startIndex"] for sent in service.script.sent] == ["1", "4", "6", "7", "8", "9"]


@pytest.mark.parametrize("kind", ["user", "group"])
def test_every_page_is_requested_with_the_filter(kind):
    service = Service(5, 2)
    service.listing(kind, filter_text='userName sw "a"')
    assert {query(sent)["filter"] for sent in service.script.sent} == {'userName sw "a"'}


def test_a_404_for_a_filter_is_an_empty_result():
    script = Script(404)
    listing = script.client.list("user", filter_text="userName pr")
    assert (listing.items, listing.complete) == ({}, True)


def test_a_404_for_a_list_is_an_error():
    with pytest.raises(NotFoundError):
        Script(404).client.list("user")


def test_a_refused_filter_is_an_error():
    with pytest.raises(RefusedError):
        Script(400).client.list("user", filter_text="x")


@pytest.mark.parametrize("bad", [{}, {"id": None}, {"id": ""}, {"id": True}, None, "a"])
def test_an_entry_without_an_id_is_an_error(bad):
    with pytest.raises(ProtocolError, match="entry without an id"):
        Script({"resources": [{"id": "a"}, bad]}).client.list("user")


@pytest.mark.parametrize("answer", [Answer(200, b"<html>"), 204, {"Errors": []}, Answer(200, b"null")])
def test_a_page_that_is_not_a_list_is_an_error(answer):
    with pytest.raises(ProtocolError):
        Script(listed("a", total=3), answer).client.list("user")


def test_paging_continues_a_started_listing():
    service = Service(5, 2)
    script = Script(service, forever=True)
    listing = Listing()
    items, total = script.client.page("user")
    assert not take_page(listing, items, total)
    assert script.client.list("user", listing=listing) is listing
    assert listing.complete
    assert list(listing.items) == service.ids
    assert len(script.sent) == 3


def test_a_listing_keeps_the_requested_part_of_each_item():
    script = Script(listed("a", "b"), listed())
    listing = script.client.list("user", listing=Listing(keep=lambda item: item["id"].upper()))
    assert listing.items == {"a": "A", "b": "B"}


@pytest.mark.parametrize(
    ("answer", "ids"),
    [(listed("a", "b"), "ab"), ({"id": "a"}, "a"), ([], ""), (listed(), ""), (404, "")],
)
def test_search_accepts_every_format_of_a_list(answer, ids):
    assert "".join(item["id"] for item in Script(answer).client.search("user", "x")) == ids


@pytest.mark.parametrize("status", [400, 403, 406, 414, 418, 422, 431, 501])
def test_a_refused_search_is_an_error(status):
    with pytest.raises(RefusedError):
        Script(status).client.search("user", "x")
