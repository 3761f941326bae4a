# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test lookups by name: when a filter is trusted, what is read, and how often. test_rules.py has more."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st
from scripted_client import Script, listed

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import AmbiguousError, AuthenticationError, DirectoryError, InputError
from ansible_collections.pingone.directory.plugins.module_utils._scim.choice import called, choose
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER
from ansible_collections.pingone.directory.plugins.module_utils._service.filtered_search import SAMPLE_SIZE
from ansible_collections.pingone.directory.plugins.module_utils._service.lookup import FEW, Lookup
from ansible_collections.pingone.directory.plugins.module_utils._service.member_kinds import kinds_of


def users(*names):
    return [{"id": f"id-{name}", "userName": name} for name in names]


def query(sent):
    return {name: values[0] for name, values in parse_qs(urlsplit(sent.url).query).items()}


class Directory:
    """Serve users and groups with a filter that is honored by default, and record the requests."""

    def __init__(self, *names, filters="honored", exact=False, page=1000, total="global", start_index=True):
        self.names = list(names)
        self.filters = filters
        self.exact = exact
        self.page = page
        self.total = total
        self.start_index = start_index
        self.asked = []

    def __call__(self, sent):
        asked = query(sent)
        self.asked.append("filter" if "filter" in asked else "page")
        found = self.names
        if "filter" in asked:
            if self.filters == "400":
                return 400
            if self.filters == "honored":
                wanted = asked["filter"].split(" eq ", 1)[1][1:-1]
                same = (lambda name: name == wanted) if self.exact else (lambda name: name.lower() == wanted.lower())
                found = [name for name in found if same(name)]
        start = int(asked.get("startIndex", 1)) - 1 if self.start_index else 0
        shown = found[start:][: min(self.page, int(asked.get("count", 1000)))]
        total = {"global": len(found), "page": len(shown)}[self.total]
        return listed(*({"id": f"id-{name}", "userName": name, "displayName": name} for name in shown), total=total)

    def lookup(self, warnings=None):
        script = Script(self, forever=True)
        return Lookup(script.client, warnings.append if warnings is not None else None)


# -- choosing among candidates ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("candidates", "name", "found"),
    [
        ([], "ann", []),
        (["ann"], "ann", ["ann"]),
        (["ANN"], "ann", ["ANN"]),
        (["ANN", "ann"], "ann", ["ann"]),
        (["ANN", "Ann"], "ann", ["ANN", "Ann"]),
        (["GRÖßE"], "größe", ["GRÖßE"]),
        (["weiß"], "weiss", []),  # another name
        (["ann2", "an"], "ann", []),
        ([""], "", []),  # an object without a name is identified by its id
    ],
)
def test_called(candidates, name, found):
    items = users(*candidates)
    assert [item["userName"] for item in called(items, name, USER)] == found
    if len(found) > 1:
        with pytest.raises(AmbiguousError, match="2 users are named 'ann': id-ANN, id-Ann. Identify the object by its id"):
            choose(items, name, USER)
    else:
        assert choose(items, name, USER) == (users(*found)[0] if found else None)


@PROPERTY
@given(
    st.lists(st.sampled_from(["a", "A", "b", "B", "ß", "SS"]), max_size=6), st.sampled_from(["a", "A", "b", "ss", "c"])
)
def test_choose_prefers_an_exact_match_over_another_case(names, wanted):
    items = [{"id": f"id-{number}", "userName": name} for number, name in enumerate(names)]
    exact = [item for item in items if item["userName"] == wanted]
    folded = [item for item in items if item["userName"].lower() == wanted.lower()]
    expected = exact or folded
    if len(expected) > 1:
        with pytest.raises(AmbiguousError):
            choose(items, wanted, USER)
    else:
        assert choose(items, wanted, USER) == (expected[0] if expected else None)


# -- trust in filters -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("directory", "asked"),
    [
        # honored: one request; for the first unknown name one more that tests the filter on an existing user
        (Directory("Ann", "Eve"), ["filter", "filter", "filter", "filter"]),
        # case-sensitive: a hit is correct, but a missing name may exist in another case
        (Directory("Ann", "Eve", exact=True), ["filter", "filter", "filter", "page", "page"]),
        (Directory("Ann", "Eve", filters="ignored"), ["filter", "page", "page"]),
        (Directory("Ann", "Eve", filters="400"), ["filter", "page", "page"]),
        # no user to test it on
        (Directory(), ["filter", "page", "page"]),
        (Directory("7", "éa"), ["filter", "filter", "page", "page", "page"]),
    ],
)
def test_a_filter_is_trusted_only_after_a_test(directory, asked):
    lookup = directory.lookup()
    first = directory.names[0] if directory.names else "x"
    assert (lookup.user(first) is not None) is bool(directory.names)
    assert lookup.user("unknown") is None
    assert lookup.user("unknown2") is None
    assert lookup.user("unknown") is None
    assert directory.asked == asked


def test_a_small_sample_is_read_once():
    script = Script(listed(), listed("7", "Ann", total=9000), listed("Ann"), listed(), listed(), forever=True)
    lookup = Lookup(script.client)
    assert lookup.user("x") is None
    assert query(script.sent[1])["count"] == str(SAMPLE_SIZE)
    assert query(script.sent[2])["filter"] == 'userName eq "aNN"'
    assert lookup.user_by_external_id("y") is None
    # no user of the sample has an external id, so the filter cannot be tested and all users are read
    assert "filter" not in query(script.sent[-1])


def test_a_missing_non_ascii_name_is_searched_in_the_whole_list():
    directory = Directory("Ann", "MÜLLER", exact=True)
    assert directory.lookup().user("müller")["userName"] == "MÜLLER"
    assert directory.asked == ["filter", "page", "page"]


def test_a_filter_that_returns_the_wrong_sample_user_is_not_trusted():
    script = Script(listed(), listed("Ann"), listed("Eve"), listed("Ann", "bob"), listed())
    assert Lookup(script.client).user("BOB")["userName"] == "bob"
    assert script.done


def test_a_user_counted_but_not_shown_may_have_the_same_name():
    directory = Directory("Ann", "ANN", page=1)
    lookup = directory.lookup()
    assert lookup.user("ANN")["id"] == "id-ANN"
    with pytest.raises(AmbiguousError):
        lookup.user("ann")
    assert Directory("Team", "TEAM", page=1).lookup().group("TEAM")["id"] == "id-TEAM"


def test_a_group_counted_but_not_shown_may_have_the_same_name():
    one, two = ({"id": item, "displayName": "Team"} for item in "ab")
    script = Script(listed(one, total=2), listed(one, two), listed())
    with pytest.raises(AmbiguousError, match="2 groups are named 'Team': a, b"):
        Lookup(script.client).group("Team")


def test_an_ignored_filter_is_detected_by_the_total():
    directory = Directory("Ann", "ann", "Eve", page=1, filters="ignored")
    assert directory.lookup().user("ann")["id"] == "id-ann"


@pytest.mark.parametrize("status", [400, 403, 405, 406, 413, 414, 415, 418, 422, 431, 501])
def test_a_filter_refused_by_a_firewall_is_replaced_by_the_list(status):
    script = Script(status, listed("ann", total=1), listed())
    assert Lookup(script.client).user("ann")["id"] == "ann"


@pytest.mark.parametrize("status", [401, 302])
def test_a_refusal_unrelated_to_the_filter_is_an_error(status):
    with pytest.raises(DirectoryError):
        Lookup(Script(status).client).user("ann")


def test_a_refused_key_is_an_authentication_error():
    with pytest.raises(AuthenticationError):
        Lookup(Script(401).client).by_id(USER, "id-1")


def test_by_id():
    assert Lookup(Script({"id": "id-1"}).client).by_id(USER, "id-1") == {"id": "id-1"}
    assert Lookup(Script(404).client).by_id(USER, "id-1") is None


@pytest.mark.parametrize("call", ["user", "user_by_external_id"])
def test_an_empty_name_is_not_looked_up(call):
    script = Script()
    with pytest.raises(InputError, match="is empty"):
        getattr(Lookup(script.client), call)("")


def test_two_users_with_one_external_id_are_refused():
    both = [{"id": "b", "externalId": "hr:1"}, {"id": "a", "externalId": "hr:1"}]
    with pytest.raises(AmbiguousError, match="2 users have the external_id 'hr:1': a, b"):
        Lookup(Script(listed(*both)).client).user_by_external_id("hr:1")


def test_external_ids_are_compared_exactly():
    script = Script(listed({"id": "a", "externalId": "HR:1"}))
    assert Lookup(script.client).user_by_external_id("hr:1") is None
    assert script.done


# -- many names ------------------------------------------------------------------------------------


def test_few_names_are_looked_up_individually():
    directory = Directory(*[f"User{number}" for number in range(50)])
    found = directory.lookup().users([f"user{number}" for number in range(FEW)] * 2)
    assert [item["userName"] for item in found.values()] == [f"User{number}" for number in range(FEW)]
    assert directory.asked == ["filter"] * FEW


def test_many_names_are_read_from_a_short_list():
    directory = Directory(*[f"User{number}" for number in range(50)])
    found = directory.lookup().users([f"user{number}" for number in range(20)] + ["noaccount"])
    assert [item["userName"] for item in found.values() if item] == [f"User{number}" for number in range(20)]
    assert found["noaccount"] is None
    assert directory.asked == ["filter"] * FEW + ["page", "page"]


def test_many_names_are_looked_up_individually_if_the_list_is_long():
    directory = Directory(*[f"User{number}" for number in range(300)], page=10)
    found = directory.lookup().users([f"user{number}" for number in range(FEW + 4)])
    assert all(found.values())
    assert directory.asked == ["filter"] * FEW + ["page"] + ["filter"] * 4


def test_many_names_are_looked_up_individually_if_the_list_is_incomplete():
    directory = Directory(*[f"User{number}" for number in range(50)], page=10, start_index=False)
    found = directory.lookup().users([f"user{number}" for number in range(20)])
    assert all(found.values())
    assert directory.asked.count("filter") == 20


def test_many_names_in_a_long_list_are_found_by_index():
    class Counting(dict):
        looks = 0

        def get(self, *arguments):
            Counting.looks += 1
            return super().get(*arguments)

    script = Script(listed(*(f"user{number}" for number in range(500))), listed())
    lookup = Lookup(script.client)
    listing = lookup.everything(USER)
    listing.items = {key: Counting(value) for key, value in listing.items.items()}
    assert all(lookup.users([f"USER{number}" for number in range(500)]).values())
    assert Counting.looks < 500 * 10


# -- listings --------------------------------------------------------------------------------------


def test_a_list_is_read_once_until_it_is_forgotten():
    directory = Directory("Ann")
    lookup = directory.lookup()
    assert lookup.everything(USER) is lookup.everything(USER)
    assert lookup.user("ann")["userName"] == "Ann"
    assert directory.asked == ["page", "page"]
    directory.names.append("Eve")
    assert lookup.user("eve") is None
    lookup.forget(USER)
    assert lookup.user("eve")["userName"] == "Eve"


def test_a_missing_user_is_searched_again_after_forgetting():
    directory = Directory("Ann")
    lookup = directory.lookup()
    assert lookup.user("eve") is None
    directory.names.append("Eve")
    lookup.forget(USER)
    assert lookup.user("eve")["userName"] == "Eve"


@pytest.mark.parametrize("resource", [USER, GROUP])
def test_a_list_that_is_known_to_be_incomplete_is_refused(resource):
    directory = Directory("a", "b", "c", page=2, start_index=False)
    with pytest.raises(DirectoryError, match=r"incomplete \(the service reports 3 but returned 2\). Run again"):
        directory.lookup().everything(resource)


@pytest.mark.parametrize("resource", [USER, GROUP])
def test_a_list_that_may_be_incomplete_causes_one_warning(resource):
    warnings = []
    directory = Directory("a", "b", "c", page=2, total="page", start_index=False)
    lookup = directory.lookup(warnings)
    assert set(lookup.everything(resource).items) == {"id-a", "id-b"}
    lookup.forget(resource)
    lookup.everything(resource)
    assert len(warnings) == 1
    assert "may be incomplete" in warnings[0]


def test_an_incomplete_list_warns_only_if_the_name_was_not_found():
    warnings = []
    lookup = Directory("a", "b", "c", page=2, total="page", start_index=False, filters="400").lookup(warnings)
    assert lookup.group("a")["id"] == "id-a" and lookup.user("b")["id"] == "id-b"
    assert warnings == []
    assert lookup.group("c") is None and lookup.group("d") is None
    assert len(warnings) == 1 and "list of groups" in warnings[0]


def test_an_exact_match_of_a_group_takes_one_request():
    directory = Directory("Team", "team", "Other")
    assert directory.lookup().group("Team")["id"] == "id-Team"
    assert directory.asked == ["filter"]


def test_a_group_without_an_exact_match_is_searched_in_the_whole_list():
    directory = Directory("Team")
    lookup = directory.lookup()
    assert lookup.group("team")["id"] == "id-Team"
    assert lookup.group("x") is None
    assert directory.asked == ["filter", "page", "page"]


def test_kinds_of_few_ids_are_read_individually_and_of_many_from_the_lists():
    few = Script({"id": "A", "userName": "a"}, 404, {"id": "g", "displayName": "g"})
    assert kinds_of(Lookup(few.client), ["a", "G"]) == {"a": "user", "g": "group"}
    assert [sent.url.partition("/directory/")[2] for sent in few.sent] == ["user/a", "user/G", "group/G"]
    groups, users = listed({"id": "G1", "displayName": "g"}), listed(*"bcdefh")
    many = Script(groups, listed(), users, listed())
    assert kinds_of(Lookup(many.client), [*"BCDEF", "g1", "?"]) == {**dict.fromkeys("bcdef", "user"), "g1": "group"}
    assert many.done


def test_few_ids_are_read_individually_and_many_from_the_list():
    few = Script({"id": "A", "userName": "a"}, 404)
    assert Lookup(few.client).by_ids(USER, ["a", "b", "a"]) == {"a": {"id": "A", "userName": "a"}, "b": None}
    assert [sent.url.partition("/directory/")[2] for sent in few.sent] == ["user/a", "user/b"]
    many = Script(listed(*"abcdef"), listed(), 404)
    found = Lookup(many.client).by_ids(USER, [*"ABCDEF", "gone"])
    assert {each: item and item["id"] for each, item in found.items()} == {**dict(zip("ABCDEF", "abcdef")), "gone": None}
    assert many.done


def test_a_kind_that_cannot_be_read_is_unknown():
    """A list that is known to be incomplete is read once and not used."""
    short = listed("x", total=9)
    script = Script(*[short, listed(total=9)] * 4)
    assert kinds_of(Lookup(script.client), [f"id-{number}" for number in range(9)]) == {}
    assert script.done
    assert kinds_of(Lookup(Script(400, 404).client), ["odd id"]) == {}
    with pytest.raises(AuthenticationError):
        kinds_of(Lookup(Script(401).client), ["id-1"])


def test_a_lookup_releases_no_name():
    assert Lookup.name_released(USER, "id-1") is False
    assert Lookup.name_after_rename(USER, "id-1") is None


@pytest.mark.parametrize(("total", "certain"), [("global", True), ("page", False)])
def test_why_uncertain_explains_a_missing_object(total, certain):
    lookup = Directory("ann", "bob", page=1, total=total, start_index=certain).lookup()
    assert lookup.why_uncertain(USER) is None  # No list was read.
    lookup.everything(USER)
    assert (lookup.why_uncertain(USER) is None) is certain


def test_users_by_external_id_are_compared_exactly():
    people = [{"id": f"id-{external}", "userName": external, "externalId": external} for external in ("HR:1", "hr:1")]
    lookup = Lookup(Script(lambda sent: listed(*people), forever=True).client)
    assert [user["id"] for user in lookup.users_by_external_id("hr:1")] == ["id-hr:1"]
    assert [user["id"] for user in lookup.users_with_external_id("hr:1")] == ["id-HR:1", "id-hr:1"]


@pytest.mark.parametrize("resource", [USER, GROUP])
def test_called_finds_users_and_groups(resource):
    directory = Directory("ann")
    assert directory.lookup().called(resource, "ann")["id"] == "id-ann"
    assert directory.lookup().called(resource, "eve") is None


@pytest.mark.parametrize("resource", [USER, GROUP])
def test_from_listing_reads_a_new_list(resource):
    directory = Directory("ann")
    lookup = directory.lookup()
    assert lookup.listing_read(resource) is None
    lookup.everything(resource)
    directory.names.append("eve")
    assert lookup.called(resource, "eve") is None
    assert lookup.from_listing(resource, "eve")["id"] == "id-eve"
    assert "filter" not in directory.asked
    assert set(lookup.listing_read(resource).items) == {"id-ann", "id-eve"}


def test_an_external_id_is_searched_in_the_list_if_the_filter_is_refused():
    script = Script(400, listed({"id": "a", "externalId": "hr:2"}, {"id": "b", "externalId": "hr:1"}), listed())
    assert Lookup(script.client).user_by_external_id("hr:1")["id"] == "b"
    assert script.done


def test_an_unknown_external_id_causes_a_warning_if_the_list_may_be_incomplete():
    warnings = []
    lookup = Directory("a", "b", page=1, total="page", start_index=False).lookup(warnings)
    assert lookup.user_by_external_id("hr:1") is None
    assert len(warnings) == 1 and "list of users" in warnings[0]
