# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the 17 rules of docs/rules.md, each under every answer that the service may give.

Rules 3 and 4 are also tested in _service/test_listing.py, 9 in _scim/test_resource.py, 15 and 16 in _http/test_request.py.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._apply.context import RE_READS
from ansible_collections.pingone.directory.plugins.module_utils._apply.memberships import CHUNK
from ansible_collections.pingone.directory.plugins.module_utils._apply.outcome import StepError
from ansible_collections.pingone.directory.plugins.module_utils._core.errors import (
    AmbiguousError,
    AuthenticationError,
    ConflictError,
    DirectoryError,
    LostAnswerError,
    NotFoundError,
    NotStoredError,
    ProtocolError,
    RateLimitError,
    RefusedError,
    ServerError,
    TransportError,
)
from ansible_collections.pingone.directory.plugins.module_utils._plan.one_object import plan_object
from ansible_collections.pingone.directory.plugins.module_utils._plan.steps import Step
from ansible_collections.pingone.directory.plugins.module_utils._scim.attributes import BY_TYPE, PINGONE_URN
from ansible_collections.pingone.directory.plugins.module_utils._scim.members import Member
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP, USER
from ansible_collections.pingone.directory.plugins.module_utils._service.lookup import Lookup

PASSWORD = "correct horse battery"

FILTERS = pytest.mark.parametrize("filters", ["honored", "ignored", "400"])
LISTS = pytest.mark.parametrize(
    "lists",
    [
        {},
        {"short_page": 2},
        {"total_results": "page", "short_page": 2},
        {"total_results": "page", "list_key": "Resources", "items_per_page": "count"},
        {"filter_case": "exact"},
        {"filter_reply": "bare"},
        {"sort_by": "ignored", "short_page": 1, "default_page_size": 2},
    ],
    ids=lambda lists: ",".join(f"{name}={value}" for name, value in lists.items()) or "default",
)


def once(service, method, action, phase="before", path=""):
    """Run an action once, before or after the emulator handles the next matching request."""
    pending = [action]

    def hook(running, found_method, found_path, found_phase):
        if pending and (found_method, found_phase) == (method, phase) and found_path.startswith(path):
            pending.pop()(running)

    service.on_request(hook)


# -- 1: find a user --------------------------------------------------------------------------------

NAMES = ["ann@example.org", "a+b&c\"d\\e'f@example.org", "Müller", "x y", "zoë@example.org"]


@FILTERS
@LISTS
def test_rule_01_lookup_finds_the_user_and_no_other(bench, filters, lists):
    bench.service.configure(user_filter=filters, **lists)
    ids = {name: bench.user(name) for name in NAMES}
    for name in NAMES:
        assert Lookup(bench.client).user(name)["id"] == ids[name]
        assert Lookup(bench.client).user(name.swapcase())["id"] == ids[name]
    for no_user in ("noaccount@example.org", "ann", "Mueller", "*", '" or userName pr', "näbody"):
        assert Lookup(bench.client).user(no_user) is None
    lookup = Lookup(bench.client)
    assert [lookup.user(name)["id"] for name in NAMES] == list(ids.values())
    assert lookup.user("noaccount@example.org") is None


@FILTERS
@LISTS
def test_rule_01_users_that_differ_only_in_case(bench, filters, lists):
    bench.service.configure(user_filter=filters, **lists)
    lower, upper = bench.user("ann"), bench.user("ANN")
    assert Lookup(bench.client).user("ann")["id"] == lower
    assert Lookup(bench.client).user("ANN")["id"] == upper
    with pytest.raises(AmbiguousError) as caught:
        Lookup(bench.client).user("Ann")
    assert lower in str(caught.value)
    assert upper in str(caught.value)


@FILTERS
@LISTS
def test_rule_01_lookup_by_external_id(bench, filters, lists):
    bench.service.configure(user_filter=filters, **lists)
    ann = bench.user("ann", externalId="hr:1")
    other = bench.user("eve", externalId="HR:2")
    lookup = Lookup(bench.client)
    assert lookup.user_by_external_id("hr:1")["id"] == ann
    assert lookup.user_by_external_id("HR:2")["id"] == other
    assert lookup.user_by_external_id("hr:2") is None, "an identifier is compared exactly"
    assert lookup.user_by_external_id("hr:3") is None


@pytest.mark.parametrize("status", [400, 403, 501])
def test_rule_01_a_refused_filter_is_not_sent_again(bench, status):
    bench.service.add_fault(kind="status", status=status, method="GET", path="/directory/user", times=1)
    bench.user("ann")
    lookup = Lookup(bench.client)
    assert lookup.user("ann")["userName"] == "ann"
    assert lookup.user("noaccount") is None
    assert len([entry for entry in bench.sent() if "filter" in entry["query"]]) == 1


def test_rule_01_an_empty_filter_result_is_trusted_after_a_control_search(bench):
    for number in range(30):
        bench.user(f"user{number}")
    lookup = Lookup(bench.client)
    for number in range(5):
        assert lookup.user(f"noaccount{number}") is None
    assert len(bench.sent()) == 5 + 2, "one look each, a sample and a try"


def test_rule_01_an_incomplete_list_does_not_prove_absence(bench):
    bench.service.configure(user_filter="ignored", start_index="ignored", short_page=1)
    bench.user("ann")
    with pytest.raises(DirectoryError, match="the list of users is incomplete"):
        Lookup(bench.client).user("noaccount")


@pytest.mark.parametrize("status", [401, 404, 409])
def test_rule_01_statuses_that_do_not_reject_the_filter_fail_the_lookup(bench, status):
    bench.service.add_fault(kind="status", status=status, method="GET", times=None)
    if status == 404:
        with pytest.raises(NotFoundError):  # The filter finds no user, but the list itself always exists.
            Lookup(bench.client).user("ann")
    else:
        with pytest.raises(RefusedError):
            Lookup(bench.client).user("ann")


@pytest.mark.parametrize("status", [409, 400])
@FILTERS
def test_rule_01_a_refused_create_searches_the_name_again(bench, status, filters):
    bench.service.configure(duplicate_user_status=status, user_filter=filters)
    once(bench.service, "POST", lambda service: service.seed(users=[{"userName": "ANN", "title": "Head"}]))
    outcome = bench.apply(bench.desired("ann", title="Head"))
    assert outcome.found
    assert not outcome.changed
    assert outcome.representation["userName"] == "ANN"


# -- 2: find a group -------------------------------------------------------------------------------


@FILTERS
@LISTS
def test_rule_02_lookup_finds_the_group_and_no_other(bench, filters, lists):
    bench.service.configure(group_filter=filters, **lists)
    names = ["Team", "arn:aws:iam::1:role/a,arn:aws:iam::1:saml/b", 'a"b\\c', "Grün"]
    ids = {name: bench.group(name) for name in names}
    for name in names:
        assert Lookup(bench.client).group(name)["id"] == ids[name]
        assert Lookup(bench.client).group(name.swapcase())["id"] == ids[name], "a lone one that differs in case alone"
    assert Lookup(bench.client).group("no such team") is None


@FILTERS
@LISTS
def test_rule_02_several_groups_with_one_name_are_refused(bench, filters, lists):
    bench.service.configure(group_filter=filters, **lists)
    one, two, other = bench.group("Team"), bench.group("Team"), bench.group("TEAM")
    with pytest.raises(AmbiguousError) as caught:
        Lookup(bench.client).group("Team")
    assert one in str(caught.value)
    assert two in str(caught.value)
    assert other not in str(caught.value)
    assert Lookup(bench.client).group("TEAM")["id"] == other
    with pytest.raises(AmbiguousError, match="3 groups"):
        Lookup(bench.client).group("team")


@FILTERS
@pytest.mark.parametrize("case", ["ignore", "exact"])
def test_rule_02_an_empty_filter_result_does_not_create_a_second_group(bench, filters, case):
    bench.service.configure(group_filter=filters, filter_case=case)
    bench.group("Team")
    # The service accepts the filter and returns an empty result.
    bench.service.add_fault(
        kind="status", status=200, method="GET", path="/directory/group", body={"totalResults": 0, "resources": []}
    )
    assert bench.apply(bench.desired("Team", resource=GROUP)) is None
    assert bench.service.writes() == []


def test_rule_02_an_incomplete_list_prevents_the_create(bench):
    bench.service.configure(group_filter="ignored", start_index="ignored", short_page=1)
    with pytest.raises(DirectoryError, match="the list of groups is incomplete"):
        bench.apply(bench.desired("Team", resource=GROUP))
    assert bench.service.writes() == []


# -- 3, 4: page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["user", "group"])
@pytest.mark.parametrize("total", ["global", "page"])
@pytest.mark.parametrize("start_index", ["honored", "ignored"])
@pytest.mark.parametrize("short_page", [0, 2])
@pytest.mark.parametrize("items_per_page", ["zero", "count"])
def test_rules_03_and_04_listing(bench, kind, total, start_index, short_page, items_per_page):
    bench.service.configure(
        total_results=total, start_index=start_index, short_page=short_page, items_per_page=items_per_page
    )
    for number in range(5):
        (bench.user if kind == "user" else bench.group)(f"x{number}")
    listing = bench.client.list(kind)
    everyone = set(bench.service.dump()[kind + "s"])
    assert set(listing.items) <= everyone
    if start_index == "honored":
        assert listing.complete
        assert set(listing.items) == everyone
    else:
        assert not listing.complete
        assert listing.why
    assert not any("sortBy" in entry["query"] for entry in bench.sent() if kind == "group")
    assert kind == "user" or bench.sent()[0]["query"] == {}


# -- 5: create -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201])
def test_rule_05_a_create_sends_only_the_desired_state(bench, status):
    bench.service.configure(create_status=status)
    outcome = bench.apply(bench.desired("ann", title="Head", name={"given_name": "Ann"}, password=PASSWORD))
    (sent,) = bench.service.writes()
    assert sent["body"] == {
        "schemas": ["urn:scim:schemas:core:1.0"],
        "userName": "ann",
        "title": "Head",
        "name": {"givenName": "Ann"},
        "password": PASSWORD,
    }
    assert sent["query"] == {}
    assert outcome.changed
    assert not outcome.found
    assert outcome.representation["id"] == bench.stored("ann")["id"]
    assert bench.service.dump()["passwords"][bench.stored("ann")["id"]] == PASSWORD


@pytest.mark.parametrize("status", [200, 201])
def test_rule_05_a_group_is_created_without_members(bench, status):
    bench.service.configure(create_status=status)
    outcome = bench.apply(bench.desired("team", resource=GROUP))
    assert bench.service.writes()[0]["body"] == {"schemas": ["urn:scim:schemas:core:1.0"], "displayName": "team"}
    assert outcome.representation["id"] == bench.stored_group("team")["id"]


@pytest.mark.parametrize("upsert", ["on", "off"])
@pytest.mark.parametrize("scope", ["all", "profile"])
@pytest.mark.parametrize("status", [409, 400])
def test_rule_05_a_create_that_overwrote_a_user_is_reported(bench, upsert, scope, status):
    """The external id was unused at lookup time; another client uses it right before the POST."""
    bench.service.configure(external_id_upsert=upsert, upsert_scope=scope, duplicate_user_status=status)
    once(
        bench.service,
        "POST",
        lambda service: service.seed(users=[{"id": "eve-1", "userName": "eve", "externalId": "hr:1"}]),
    )
    with pytest.raises(DirectoryError) as caught:
        bench.apply(bench.desired("ann", external_id="hr:1"), known_ids=["eve-1"])
    if upsert == "on":
        assert isinstance(caught.value, ProtocolError)
        assert "eve-1" in str(caught.value)
        assert "probably overwritten" in str(caught.value)
    else:
        assert caught.value.status == status


def test_rule_05_an_answer_with_another_name_is_reported(bench):
    bench.service.configure(upsert_scope="profile")
    once(bench.service, "POST", lambda service: service.seed(users=[{"userName": "eve", "externalId": "hr:1"}]))
    with pytest.raises(ProtocolError, match="answered the create with user 'eve'"):
        bench.apply(bench.desired("ann", external_id="hr:1"))


@pytest.mark.parametrize("post", ["honored", "ignored"])
@pytest.mark.parametrize("put", ["honored", "without_state"])
@pytest.mark.parametrize("body", ["full", "empty"])
def test_rule_05_a_user_is_created_disabled(bench, post, put, body):
    bench.service.configure(post_active=post, put_active=put, put_body=body)
    outcome = bench.apply(bench.desired("ann", active=False, title="Head"))
    assert outcome.changed
    assert outcome.representation["active"] is False
    assert bench.stored("ann")["active"] is False
    assert bench.stored("ann")["title"] == "Head"
    assert bench.verbs("POST", "PUT")[:1] == ["POST"]
    assert len(bench.verbs("PUT")) == {"honored": 0, "ignored": 1 if put == "honored" else 2}[post]


def test_rule_05_a_failed_disable_after_the_create_reports_the_created_user(bench):
    bench.service.configure(post_active="ignored", put_active="ignored")
    with pytest.raises(StepError, match="did not store active") as caught:
        bench.apply(bench.desired("ann", active=False))
    assert caught.value.outcome.changed
    assert caught.value.outcome.representation["userName"] == "ann"


@pytest.mark.parametrize("status", [409, 400])
@pytest.mark.parametrize("error_body", ["errors", "text", "empty", "html", "message"])
def test_rule_05_a_user_created_by_another_client_is_reconciled(bench, status, error_body):
    bench.service.configure(duplicate_user_status=status, error_body=error_body, external_id_upsert="off")
    once(
        bench.service,
        "POST",
        lambda service: service.seed(users=[{"userName": "ann", "externalId": "hr:1", "nickName": "A"}]),
    )
    outcome = bench.apply(bench.desired("ann", title="Head", external_id="hr:1"))
    assert outcome.found
    assert outcome.changed
    assert (bench.stored("ann")["title"], bench.stored("ann")["nickName"]) == ("Head", "A")


@pytest.mark.parametrize("status", [409, 400])
def test_rule_05_a_user_with_another_external_id_is_not_adopted(bench, status):
    bench.service.configure(duplicate_user_status=status)
    once(
        bench.service,
        "POST",
        lambda service: service.seed(users=[{"id": "a-1", "userName": "ann", "externalId": "hr:2"}]),
    )
    with pytest.raises(ConflictError, match="it belongs to another person. If it is the same person, set id: a-1"):
        bench.apply(bench.desired("ann", external_id="hr:1"))


def test_rule_05_a_group_created_by_another_client_is_adopted(bench):
    bench.service.configure(duplicate_group="409")
    once(bench.service, "POST", lambda service: service.seed(groups=[{"displayName": "team"}]))
    outcome = bench.apply(bench.desired("team", resource=GROUP))
    assert outcome.found
    assert not outcome.changed
    assert outcome.representation["id"] == bench.stored_group("team")["id"]


@pytest.mark.parametrize("error_body", ["errors", "text", "html", "message"])
def test_rule_05_a_refused_value_is_reported_without_waiting(bench, error_body):
    bench.service.configure(error_body=error_body)
    with pytest.raises(RefusedError, match="at least 8 characters") as caught:
        bench.apply(bench.desired("ann", password="short"))
    assert caught.value.__class__ is RefusedError
    assert caught.value.status == 400
    assert bench.slept == [], "nothing to wait for"


@pytest.mark.parametrize("status", [401, 403, 404, 413, 415, 501])
def test_rule_05_a_refusal_other_than_a_conflict_causes_no_search(bench, status):
    bench.service.add_fault(kind="status", status=status, method="POST")
    step = bench.plan(bench.desired("ann"))
    bench.service.clear_log()
    with pytest.raises(RefusedError):
        bench.writer().carry_out(step)
    assert bench.verbs() == ["POST"]


LOST = [
    {"kind": "drop_after"},
    {"kind": "truncate"},
    {"kind": "status", "status": 500, "after": True},
    {"kind": "html", "status": 502, "after": True},
    {"kind": "html", "status": 200, "after": True},
    {"kind": "status", "status": 200, "body": "", "after": True},
    {"kind": "status", "status": 200, "body": {"status": "done"}, "after": True},
]
UNDONE = [
    {"kind": "drop_before"},
    {"kind": "status", "status": 500},
    {"kind": "html", "status": 504},
]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: f"{fault['kind']}-{fault.get('status')}")
@pytest.mark.parametrize("stale_lists", [0, 2])
@pytest.mark.parametrize("resource", [USER, GROUP], ids=["user", "group"])
def test_rule_05_an_object_is_found_after_its_create_was_not_answered(bench, fault, stale_lists, resource):
    bench.service.configure(stale_lists=stale_lists)
    bench.service.add_fault(method="POST", **fault)
    outcome = bench.apply(bench.desired("ann", resource=resource))
    assert outcome.changed
    assert not outcome.found
    assert len(bench.verbs("POST")) == 1
    assert resource.name_of(outcome.representation) == "ann"


@pytest.mark.parametrize("fault", UNDONE, ids=lambda fault: f"{fault['kind']}-{fault.get('status')}")
def test_rule_05_a_user_that_was_not_created_is_posted_again(bench, fault):
    bench.service.add_fault(method="POST", **fault)
    outcome = bench.apply(bench.desired("ann"))
    assert outcome.changed
    assert len(bench.verbs("POST")) == 2
    assert bench.slept == list(RE_READS), "it might only not show yet"
    assert [
        name for name in (user["userName"] for user in bench.service.dump()["users"].values()) if name == "ann"
    ] == ["ann"]


@pytest.mark.parametrize("fault", UNDONE, ids=lambda fault: f"{fault['kind']}-{fault.get('status')}")
def test_rule_05_a_user_is_posted_twice_at_most(bench, fault):
    bench.service.add_fault(method="POST", times=None, **fault)
    with pytest.raises(LostAnswerError, match="The object may have been created. Run again to find out"):
        bench.apply(bench.desired("ann"))
    assert len(bench.verbs("POST")) == 2


@pytest.mark.parametrize("fault", UNDONE, ids=lambda fault: f"{fault['kind']}-{fault.get('status')}")
def test_rule_05_a_group_is_never_posted_again(bench, fault):
    bench.service.add_fault(method="POST", times=None, **fault)
    with pytest.raises(LostAnswerError, match="Look for it before you run again; otherwise there may be two"):
        bench.apply(bench.desired("team", resource=GROUP))
    assert len(bench.verbs("POST")) == 1


def test_rule_05_a_conflict_of_the_second_post_finds_the_user_of_the_first(bench):
    """The first POST was carried out, but lists stay stale for so long that a second POST is sent and refused."""
    bench.service.configure(stale_lists=20, user_filter="honored")
    bench.service.add_fault(kind="drop_after", method="POST")
    once(bench.service, "POST", lambda service: None, "after")
    step = bench.plan(bench.desired("ann"))
    posts = []

    def hook(service, method, path, phase):
        if method == "POST" and phase == "after":
            posts.append(path)
            if len(posts) == 2:
                service.configure(stale_lists=0)
                service._staleness.clear()

    bench.service.on_request(hook)
    outcome = bench.writer().carry_out(step)
    assert outcome.representation["userName"] == "ann"
    assert len(posts) == 2


def test_rule_05_a_failed_search_after_a_lost_answer_reports_that_the_user_may_exist(bench):
    bench.service.add_fault(kind="drop_after", method="POST")
    step = bench.plan(bench.desired("ann"))
    bench.service.add_fault(kind="status", status=403, method="GET", times=None)
    with pytest.raises(RefusedError, match="The object may have been created"):
        bench.writer().carry_out(step)


# -- 6: default group ------------------------------------------------------------------------------


@pytest.mark.parametrize("default", ["on", "off"])
@pytest.mark.parametrize("option", [None, "DEFAULT_USER_GROUP", "group"])
def test_rule_06_the_option_is_sent_on_request_and_groups_are_reported(bench, default, option):
    bench.service.configure(default_group=default)
    group_id = bench.group("team")
    option = group_id if option == "group" else option
    outcome = bench.apply(bench.desired("ann"), option=option)
    (sent,) = bench.service.writes()
    assert sent["query"] == ({"option": option} if option else {})
    names = [group["display"] for group in outcome.representation.get("groups", [])]
    assert (
        names
        == {None: ["Users"] if default == "on" else [], "DEFAULT_USER_GROUP": ["Users"], group_id: ["team"]}[option]
    )


# -- 7: update by PUT ------------------------------------------------------------------------------


@pytest.mark.parametrize("put_groups", ["ignored", "applied"])
@pytest.mark.parametrize("put_omitted", ["removed", "kept"])
@pytest.mark.parametrize("user_groups", ["direct", "nested"])
@pytest.mark.parametrize("extras", [{}, {"valueless_photo": "yes", "location": "broken", "etag": "offered"}])
def test_rule_07_a_put_sends_back_the_whole_representation(bench, put_groups, put_omitted, user_groups, extras):
    bench.service.configure(put_groups=put_groups, put_omitted=put_omitted, user_groups=user_groups, **extras)
    ann = bench.user(
        "ann",
        title="Head",
        badge={"number": 7, "list": [1, None, "x"]},
        name={"givenName": "Ann", "pronounced": "æn"},
        phoneNumbers=[{"value": "1", "type": "work", "extension": "x"}],
    )
    team = bench.group("team", [ann])
    before = bench.client.get("user", ann)
    bench.service.clear_log()
    outcome = bench.apply(bench.desired("ann", title="Boss", name={"family_name": "Doe"}))
    assert outcome.changed
    assert bench.verbs()[-2:] == ["GET", "PUT"]
    (sent,) = bench.service.writes()
    read = bench.client.get("user", ann)
    assert sent["body"] == {**before, "title": "Boss", "name": {**before["name"], "familyName": "Doe"}}
    assert set(sent["body"]) >= {"id", "meta", "groups", PINGONE_URN, "schemas"}
    assert "password" not in sent["body"]
    assert bench.members(team) == {ann}
    for name in ("badge", "phoneNumbers", "groups", "userName", "emails"):
        assert read[name] == before[name]


def test_rule_07_a_concurrent_change_of_another_attribute_is_kept(bench):
    ann = bench.user("ann", title="Head", nickName="A")
    step = bench.plan(bench.desired("ann", title="Boss"))
    user = bench.service.store.get_user(ann)
    bench.service.store.put_user({**user, "nickName": "B"})
    assert bench.writer().carry_out(step).changed
    assert (bench.stored("ann")["title"], bench.stored("ann")["nickName"]) == ("Boss", "B")


def test_rule_07_a_user_that_already_matches_is_not_written(bench):
    ann = bench.user("ann", title="Head")
    step = bench.plan(bench.desired("ann", title="Boss"))
    bench.service.store.put_user({**bench.service.store.get_user(ann), "title": "Boss"})
    assert not bench.writer().carry_out(step).changed
    assert bench.service.writes() == []


def test_rule_07_a_user_deleted_after_the_plan_is_reported(bench):
    ann = bench.user("ann")
    step = bench.plan(bench.desired("ann", title="Boss"))
    bench.service.store.delete_user(ann)
    with pytest.raises(NotFoundError, match=f"Could not update user 'ann': user {ann} no longer exists: it was deleted after it was read"):
        bench.writer().carry_out(step)


@pytest.mark.parametrize("always", [False, True])
def test_rule_07_an_update_sends_the_password_only_with_update_password_always(bench, always):
    ann = bench.user("ann", title="Head")
    outcome = bench.apply(bench.desired("ann", title="Boss", password=PASSWORD, always=always))
    assert outcome.changed
    assert ("password" in bench.service.writes()[0]["body"]) is always
    assert bench.service.dump()["passwords"].get(ann) == (PASSWORD if always else None)


def test_rule_07_a_new_extension_is_listed_in_schemas(bench):
    bench.user("ann")
    bench.apply(bench.desired("ann", enterprise={"division": "West"}))
    sent = bench.service.writes()[0]["body"]
    assert "urn:scim:schemas:extension:enterprise:1.0" in sent["schemas"]
    assert sent["urn:scim:schemas:extension:enterprise:1.0"] == {"division": "West"}


# -- 8: verify -------------------------------------------------------------------------------------


@pytest.mark.parametrize("put_body", ["full", "empty"])
@pytest.mark.parametrize("stale_gets", [0, 2])
@pytest.mark.parametrize("create_status", [200, 201])
def test_rule_08_a_write_is_compared_with_the_desired_state(bench, put_body, stale_gets, create_status):
    bench.service.configure(put_body=put_body, create_status=create_status)
    assert bench.apply(bench.desired("ann", title="Head")).representation["title"] == "Head"
    bench.service.configure(stale_gets=stale_gets)
    outcome = bench.apply(bench.desired("ann", title="Boss", emails=["ann@example.org"]))
    assert outcome.changed
    assert outcome.not_stored == []
    assert outcome.representation["title"] == "Boss"
    assert sum(bench.slept) == (sum(RE_READS[:2]) if put_body == "empty" and stale_gets else 0)


@pytest.mark.parametrize("put_body", ["full", "empty"])
@pytest.mark.parametrize("create", [True, False])
def test_rule_08_an_ignored_attribute_fails_and_is_named(bench, put_body, create):
    bench.service.configure(enabled_attributes="default", put_body=put_body)
    if not create:
        bench.user("ann")
    with pytest.raises(StepError, match=r"did not store title. The attribute may have to be enabled in the console") as caught:
        bench.apply(bench.desired("ann", title="Head", user_type="Employee"))
    assert isinstance(caught.value.__cause__, NotStoredError)
    assert caught.value.__cause__.attributes == ("title",)
    assert caught.value.outcome.changed, "the rest was kept"
    assert bench.stored("ann")["userType"] == "Employee"


@pytest.mark.parametrize("put_body", ["full", "empty"])
@pytest.mark.parametrize("kept", [True, False])
def test_rule_08_with_warn_changed_reports_what_was_stored(bench, put_body, kept):
    bench.service.configure(enabled_attributes="default", put_body=put_body)
    bench.user("ann")
    desired = bench.desired("ann", title="Head", **({"user_type": "Employee"} if kept else {}))
    outcome = bench.apply(desired, on_ignored="warn")
    assert outcome.changed is kept
    assert outcome.not_stored == ["title"]
    assert len(bench.warnings) == 1
    assert "did not store title" in bench.warnings[0]
    again = bench.apply(desired, on_ignored="warn")
    assert not again.changed
    assert len(bench.verbs("PUT")) == 2


@pytest.mark.parametrize("create", [True, False])
def test_rule_08_a_refused_attribute_is_reported_with_the_text_of_the_service(bench, create):
    bench.service.configure(enabled_attributes="default", disabled_attribute="400")
    if not create:
        bench.user("ann")
    with pytest.raises(RefusedError, match="Attribute title is not enabled in this directory") as caught:
        bench.apply(bench.desired("ann", title="Head"), on_ignored="warn")
    assert caught.value.status == 400


def test_rule_08_a_name_that_was_not_stored_always_fails(bench):
    ann = bench.user("ann")
    bench.service.add_fault(kind="status", status=200, method="PUT", body={"id": ann, "userName": "ann"}, times=None)
    with pytest.raises(StepError, match="did not store user_name"):
        bench.apply(bench.desired("ann", rename_to="eve"), on_ignored="warn")


def test_rule_08_an_answer_about_another_user_is_not_trusted(bench):
    bench.user("ann")
    bench.service.add_fault(kind="status", status=200, method="PUT", after=True, body={"id": "x", "title": "Boss"})
    outcome = bench.apply(bench.desired("ann", title="Boss"))
    assert outcome.representation["userName"] == "ann"


# -- 9: clear an attribute -------------------------------------------------------------------------

CLEARED = [
    ({"title": "Head"}, {"title": ""}),
    ({"phoneNumbers": [{"value": "1", "type": "work"}]}, {"phone_numbers": []}),
    ({"addresses": [{"locality": "X", "type": "work"}]}, {"addresses": []}),
    ({"name": {"givenName": "A"}}, {"name": {}}),
    ({"name": {"givenName": "A", "familyName": "B"}}, {"name": {"given_name": ""}}),
    ({"urn:scim:schemas:extension:enterprise:1.0": {"division": "West"}}, {"enterprise": {}}),
    ({"urn:scim:schemas:extension:enterprise:1.0": {"manager": {"managerId": "7"}}}, {"enterprise": {"manager": {}}}),
    ({"photos": [{"value": "x"}]}, {"attributes": {"photos": None}}),
    ({"photos": [{"value": "x"}]}, {"attributes": {"photos": []}}),
    ({"shoeSize": 7}, {"attributes": {"shoeSize": None}}),
    ({"urn:example:badge:1.0": {"number": 7}}, {"attributes": {"urn:example:badge:1.0": {}}}),
]


@pytest.mark.parametrize(("before", "desired"), CLEARED, ids="-".join)
@pytest.mark.parametrize("omitted", ["removed", "kept"])
@pytest.mark.parametrize("empty", ["clears", "kept", "stored"])
@pytest.mark.parametrize("put_body", ["full", "empty"])
def test_rule_09_an_attribute_is_cleared_or_the_task_fails(bench, before, desired, omitted, empty, put_body):
    bench.service.configure(put_omitted=omitted, put_empty=empty, put_body=put_body)
    bench.user("ann", **before)
    (option,) = desired
    (key,) = before
    desired_values = bench.desired("ann", **desired)
    try:
        outcome = bench.apply(desired_values)
    except StepError as error:
        assert (omitted, empty) == ("kept", "kept")
        assert f"did not store {option}" in str(error)
        assert not error.outcome.changed
        assert bench.stored("ann")[key] == before[key]
        assert len(bench.verbs("PUT")) == 2
        return
    assert outcome.changed
    assert bench.plan(desired_values) is None, "cleared is cleared"
    assert len(bench.verbs("PUT")) == (
        1 if omitted == "removed" or "family_name" in str(desired) else len(bench.verbs("PUT"))
    )
    assert len(bench.verbs("PUT")) <= 2


def test_rule_09_a_single_second_attempt_sends_an_empty_value(bench):
    bench.service.configure(put_omitted="kept")
    bench.user("ann", title="Head", nickName="A")
    outcome = bench.apply(bench.desired("ann", title="", nick_name="B"))
    assert outcome.changed
    first, second = (entry["body"] for entry in bench.service.writes())
    assert "title" not in first
    assert second["title"] == ""
    assert second["nickName"] == "B"
    assert "title" not in bench.stored("ann")


def test_rule_09_a_refused_second_attempt_reports_the_attribute_as_not_stored(bench):
    bench.service.configure(put_omitted="kept")
    bench.user("ann", title="Head")
    bench.service.add_fault(kind="status", status=400, method="PUT", skip=1)
    with pytest.raises(StepError, match="did not store title"):
        bench.apply(bench.desired("ann", title=""))


def test_rule_09_an_ignored_attribute_is_written_once(bench):
    bench.service.configure(enabled_attributes="default")
    bench.user("ann")
    with pytest.raises(StepError):
        bench.apply(
            bench.desired("ann", title="Head", attributes={"photos": [{"value": "x"}], "urn:scim:schemas:x:1.0": {"a": 1}})
        )
    assert len(bench.verbs("PUT")) == 1


# -- 10: disable and enable ------------------------------------------------------------------------


@pytest.mark.parametrize("active", [False, True])
@pytest.mark.parametrize("put_active", ["honored", "without_state", "ignored"])
@pytest.mark.parametrize("put_body", ["full", "empty"])
@pytest.mark.parametrize("on_ignored", ["fail", "warn"])
def test_rule_10_active_is_changed_and_state_is_sent_as_read(bench, active, put_active, put_body, on_ignored):
    bench.user("ann", active=not active, title="Head")
    bench.service.configure(put_active=put_active, put_body=put_body)
    state = bench.stored("ann")[PINGONE_URN]["state"]
    desired = bench.desired("ann", active=active, title="Boss")
    if put_active == "ignored":
        with pytest.raises(StepError, match="did not store active") as caught:
            bench.apply(desired, on_ignored=on_ignored)
        assert caught.value.outcome.changed, "the title was kept"
    else:
        assert bench.apply(desired, on_ignored=on_ignored).representation["active"] is active
        assert bench.stored("ann")["active"] is active
    bodies = [entry["body"][PINGONE_URN] for entry in bench.service.writes()]
    assert bodies[0]["state"] == state
    assert len(bodies) == (1 if put_active == "honored" else 2)
    assert not any("state" in body for body in bodies[1:])
    assert all(body["accountId"] for body in bodies)


# -- 11: passwordExpired ---------------------------------------------------------------------------


def test_rule_11_password_expired_is_set_on_create_and_its_later_absence_is_no_drift(bench):
    desired = bench.desired("ann", password=PASSWORD, password_expired=True)
    bench.apply(desired)
    assert bench.stored("ann")[PINGONE_URN]["passwordExpired"] is True
    ann = bench.service.store.get_user(bench.stored("ann")["id"])
    del ann[PINGONE_URN]["passwordExpired"]  # The user has chosen a password.
    bench.service.store.put_user(ann)
    assert "passwordExpired" not in bench.stored("ann")[PINGONE_URN]
    assert bench.plan(desired) is None


@pytest.mark.parametrize("always", [False, True])
def test_rule_11_an_update_sends_it_only_on_request(bench, always):
    bench.user("ann")
    bench.apply(bench.desired("ann", title="Head", password_expired=True, always=always))
    assert bench.service.writes()[0]["body"][PINGONE_URN].get("passwordExpired") is (True if always else None)


def test_rule_11_an_update_keeps_the_value_that_was_read(bench):
    bench.user("ann", **{PINGONE_URN: {"passwordExpired": True}})
    bench.apply(bench.desired("ann", title="Head"))
    assert bench.service.writes()[0]["body"][PINGONE_URN]["passwordExpired"] is True
    assert bench.stored("ann")[PINGONE_URN]["passwordExpired"] is True


@pytest.mark.parametrize("create", [True, False])
def test_rule_11_an_answer_without_it_does_not_fail(bench, create):
    if not create:
        bench.user("ann")
    step = bench.plan(bench.desired("ann", title="Head", password_expired=True, always=True))

    def forget(service):
        (ann,) = (user for user in service.dump()["users"].values() if user["userName"] == "ann")
        ann = service.store.get_user(ann["id"])
        ann[PINGONE_URN].pop("passwordExpired", None)
        service.store.put_user(ann)

    once(bench.service, "POST" if create else "PUT", forget, "after")
    assert bench.writer().carry_out(step).not_stored == []


# -- 12: membership --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 204])
@pytest.mark.parametrize("member_type", ["lower", "title"])
@pytest.mark.parametrize("etag", ["none", "offered", "required"])
@pytest.mark.parametrize("kind", ["user", "group"])
def test_rule_12_the_difference_is_patched_and_verified(bench, status, member_type, etag, kind):
    bench.service.configure(patch_status=status, member_type=member_type, etag=etag)
    make = bench.user if kind == "user" else bench.group
    a, b, c = make("a"), make("b"), make("c")
    team = bench.group("team", [a, b])
    step = bench.members_step(team, add=[b, c], remove=[a], kind=kind)
    bench.service.clear_log()
    outcome = bench.writer().carry_out(step)
    assert outcome.changed
    assert [member.id for member in outcome.added] == [c]
    assert [member.id for member in outcome.removed] == [a]
    assert bench.members(team) == {b, c}
    assert [entry["body"] for entry in bench.service.writes() if entry["status"] < 300] == [
        {"members": [{"value": a, "type": kind.capitalize(), "operation": "delete"}]},
        {"members": [{"value": c, "type": kind.capitalize()}]},
    ]
    assert set(bench.verbs()) <= {"PATCH", "GET"}
    assert len(bench.verbs("GET")) <= (1 if status == 204 else 0) + (2 if etag == "required" else 0)
    after = bench.members_step(team, add=[b, c], remove=[a], kind=kind)
    assert (after.add, after.remove) == ((), ())


@pytest.mark.parametrize("status", [200, 204])
def test_rule_12_many_members_are_sent_in_chunks_and_verified_once(bench, status):
    bench.service.configure(patch_status=status)
    users = [bench.user(f"user{number}") for number in range(2 * CHUNK + 50)]
    team = bench.group("team")
    step = bench.members_step(team, add=users)
    bench.service.clear_log()
    bench.writer().carry_out(step)
    assert bench.members(team) == set(users)
    assert [len(entry["body"]["members"]) for entry in bench.service.writes()] == [CHUNK, CHUNK, 50]
    assert bench.verbs("GET") == (["GET"] if status == 204 else [])
    bench.service.clear_log()
    bench.writer().carry_out(bench.members_step(team, remove=users))
    assert bench.members(team) == set()
    assert [len(entry["body"]["members"]) for entry in bench.service.writes()] == [CHUNK, CHUNK, 50]


@pytest.mark.parametrize("limit", [50, 7, 1])
def test_rule_12_a_chunk_that_is_too_large_is_halved(bench, limit):
    bench.service.configure(patch_max_members=limit)
    users = [bench.user(f"user{number}") for number in range(60)]
    team = bench.group("team", users[:20])
    bench.writer().carry_out(bench.members_step(team, add=users[20:], remove=users[:20]))
    assert bench.members(team) == set(users[20:])


@pytest.mark.parametrize("answer", [200, 400])
@pytest.mark.parametrize("status", [200, 204])
def test_rule_12_a_member_that_was_already_removed_counts_as_removed(bench, answer, status):
    bench.service.configure(patch_delete_absent=answer, patch_status=status)
    a, b, c = bench.user("a"), bench.user("b"), bench.user("c")
    team = bench.group("team", [a, b])
    step = bench.members_step(team, add=[c], remove=[a, b])
    bench.service.store.remove_member(team, a)
    outcome = bench.writer().carry_out(step)
    assert bench.members(team) == {c}
    assert {member.id for member in outcome.removed} == {a, b}


@pytest.mark.parametrize("unknown", ["400", "ignored", "dangling"])
@pytest.mark.parametrize("status", [200, 204])
def test_rule_12_a_member_that_does_not_exist_is_not_reported_as_added(bench, unknown, status):
    bench.service.configure(patch_unknown_member=unknown, patch_status=status)
    a, b = bench.user("a"), bench.user("b")
    team = bench.group("team", [a])
    step = bench.members_step(team, add=["no one-1"], remove=[a])
    step = replace(step, add=[*step.add, Member(b, "user", "b")])
    if unknown == "dangling":
        bench.writer().carry_out(step)
        assert bench.members(team) == {b, "no one-1"}
        return
    with pytest.raises(StepError, match="no one-1") as caught:
        bench.writer().carry_out(step)
    assert [member.id for member in caught.value.outcome.removed] == [a]
    assert [member.id for member in caught.value.outcome.added] == [b]
    assert caught.value.outcome.changed


@pytest.mark.parametrize("status", [200, 204])
def test_rule_12_stale_reads_are_repeated(bench, status):
    a = bench.user("a")
    team = bench.group("team")
    step = bench.members_step(team, add=[a])
    bench.service.configure(patch_status=status, stale_gets=2)
    outcome = bench.writer().carry_out(step)
    assert [member.id for member in outcome.added] == [a]
    assert bench.slept == ([] if status == 200 else list(RE_READS[:2]))


@pytest.mark.parametrize("user_groups", ["direct", "nested"])
def test_rule_12_membership_is_read_from_the_group(bench, user_groups):
    bench.service.configure(user_groups=user_groups)
    a = bench.user("a")
    inner = bench.group("inner", [a])
    outer = bench.group("outer", [inner])
    step = bench.members_step(outer, add=[a])
    assert [member.id for member in step.add] == [a], "to be inside through another group is not to be a member"


@pytest.mark.parametrize("post", ["honored", "ignored"])
def test_rule_12_members_are_added_after_the_group_was_created(bench, post):
    bench.service.configure(post_group_members=post)
    a = bench.user("a")
    writer = bench.writer()
    writer.carry_out(bench.plan(bench.desired("team", resource=GROUP)))
    member = Member(None, "user", "NEW")
    writer.carry_out(bench.plan(bench.desired("new")))
    writer.carry_out(Step("members", GROUP, "Team", None, add=[Member(a, "user", "a"), member]))
    team = bench.stored_group("team")["id"]
    assert bench.members(team) == {a, bench.stored("new")["id"]}
    assert "members" not in bench.service.writes()[0]["body"]


def test_rule_12_members_of_a_missing_group_and_missing_members_fail(bench):
    with pytest.raises(DirectoryError, match="group 'team' does not exist"):
        bench.writer().carry_out(Step("members", GROUP, "team", None, add=[Member("a", "user", "a")]))
    team = bench.group("team")
    with pytest.raises(DirectoryError, match="user 'a' does not exist"):
        bench.writer().carry_out(Step("members", GROUP, "team", team, add=[Member(None, "user", "a")]))


@pytest.mark.parametrize("read_only", [403, 400])
def test_rule_12_a_read_only_group_is_reported(bench, read_only):
    bench.service.configure(read_only_status=read_only)
    a = bench.user("a")
    administrators = bench.stored_group("Domain Administrators")["id"]
    for change in ({"add": [a]}, {"remove": [next(iter(bench.members(administrators)))]}):
        with pytest.raises(DirectoryError, match="read-only") as caught:
            bench.writer().carry_out(bench.members_step(administrators, **change))
        assert caught.value.status == read_only
        assert not caught.value.outcome.changed


# -- 13: rename a group ----------------------------------------------------------------------------


@pytest.mark.parametrize("by_patch", ["accepted", "501"])
@pytest.mark.parametrize("patch_status", [200, 204])
@pytest.mark.parametrize("put_members", ["empties", "keeps"])
@pytest.mark.parametrize("put_body", ["full", "empty"])
@pytest.mark.parametrize("etag", ["none", "required"])
def test_rule_13_a_renamed_group_keeps_id_and_members(bench, by_patch, patch_status, put_members, put_body, etag):
    bench.service.configure(
        patch_group_name=by_patch,
        patch_status=patch_status,
        put_group_members=put_members,
        put_body=put_body,
        etag=etag,
    )
    a = bench.user("a")
    inner = bench.group("inner")
    team = bench.group("team", [a, inner])
    outcome = bench.apply(bench.desired("team", resource=GROUP, rename_to="crew"))
    assert outcome.changed
    assert (outcome.representation["id"], outcome.representation["displayName"]) == (team, "crew")
    assert bench.members(team) == {a, inner}
    assert bench.stored_group("crew")["id"] == team
    writes = bench.service.writes()
    assert writes[0]["method"] == "PATCH"
    assert writes[0]["body"] == {"displayName": "crew"}
    assert [entry["method"] for entry in writes[1:]] == ([] if by_patch == "accepted" else ["PUT"])
    if by_patch == "501":
        assert {item["value"] for item in writes[1]["body"]["members"]} == {a, inner}
    assert bench.warnings == []
    assert bench.plan(bench.desired("crew", resource=GROUP, rename_to="crew")) is None


def test_rule_13_a_patch_without_effect_falls_back_to_put(bench):
    a = bench.user("a")
    team = bench.group("team", [a])
    bench.service.add_fault(kind="status", status=200, method="PATCH", body="")
    bench.apply(bench.desired("team", resource=GROUP, rename_to="crew"))
    assert bench.stored_group("crew")["id"] == team
    assert bench.members(team) == {a}
    assert bench.verbs("PATCH", "PUT") == ["PATCH", "PUT"]


def test_rule_13_members_lost_by_a_put_are_added_again(bench):
    a, b = bench.user("a"), bench.user("b")
    team = bench.group("team", [a, b])
    bench.service.configure(patch_group_name="501")
    once(bench.service, "PUT", lambda service: service.store.remove_member(team, a), "after")
    outcome = bench.apply(bench.desired("team", resource=GROUP, rename_to="crew"))
    assert bench.members(team) == {a, b}
    assert {item["value"] for item in outcome.representation["members"]} == {a, b}
    assert len(bench.warnings) == 1
    assert "removed 1 member; the module adds them again" in bench.warnings[0]


def test_rule_13_members_that_cannot_be_added_again_are_named(bench):
    a = bench.user("a")
    team = bench.group("team", [a])
    bench.service.configure(patch_group_name="501")
    once(bench.service, "PUT", lambda service: service.store.remove_member(team, a), "after")
    bench.service.add_fault(kind="status", status=403, method="PATCH", skip=1)
    with pytest.raises(StepError, match=f"The rename removed the members {a}. Add them again") as caught:
        bench.apply(bench.desired("team", resource=GROUP, rename_to="crew"))
    assert caught.value.outcome.changed


def test_rule_13_a_rename_that_cannot_be_read_back_is_reported_as_changed(bench):
    a = bench.user("a")
    bench.group("team", [a])
    bench.service.configure(patch_group_name="501")
    once(bench.service, "PUT", lambda service: service.add_fault(kind="status", status=403, method="GET"), "after")
    with pytest.raises(StepError, match="was renamed but could not be read back.*its 1 member") as caught:
        bench.apply(bench.desired("team", resource=GROUP, rename_to="crew"))
    assert caught.value.outcome.changed
    assert bench.stored_group("crew")


@pytest.mark.parametrize("put_members", ["empties", "keeps"])
def test_rule_13_a_put_with_a_lost_answer_keeps_the_members(bench, put_members):
    a = bench.user("a")
    team = bench.group("team", [a])
    bench.service.configure(patch_group_name="501", put_group_members=put_members)
    bench.service.add_fault(kind="drop_after", method="PUT", times=None)
    outcome = bench.apply(bench.desired("team", resource=GROUP, rename_to="crew"))
    assert outcome.changed
    assert bench.members(team) == {a}
    assert bench.stored_group("crew")["id"] == team


@pytest.mark.parametrize("status", [401, 409])
def test_rule_13_a_401_or_409_does_not_fall_back_to_put(bench, status):
    bench.group("team")
    bench.service.add_fault(kind="status", status=status, method="PATCH", times=None)
    with pytest.raises(RefusedError) as caught:
        bench.apply(bench.desired("team", resource=GROUP, rename_to="crew"))
    assert caught.value.status == status
    assert bench.verbs("PUT") == []


@pytest.mark.parametrize("read_only", [403, 400])
def test_rule_13_a_read_only_group_is_reported(bench, read_only):
    bench.service.configure(read_only_status=read_only)
    with pytest.raises(RefusedError, match="read-only"):
        bench.apply(bench.desired("Domain Administrators", resource=GROUP, rename_to="crew"))


def test_rule_13_a_group_that_was_already_renamed_is_not_written(bench):
    team = bench.group("team")
    step = bench.plan(bench.desired("team", resource=GROUP, rename_to="crew"))
    bench.service.store.put_group({**bench.service.store.get_group(team), "displayName": "crew"})
    assert not bench.writer().carry_out(step).changed
    assert bench.service.writes() == []


# -- 14: delete ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 202, 204])
@pytest.mark.parametrize("stale_gets", [0, 2])
@pytest.mark.parametrize("members", ["cascade", "dangling"])
@pytest.mark.parametrize("resource", [USER, GROUP], ids=["user", "group"])
def test_rule_14_a_delete_reads_before_and_verifies_after(bench, status, stale_gets, members, resource):
    bench.service.configure(delete_status=status, delete_members=members)
    made = (bench.user if resource is USER else bench.group)("x")
    team = bench.group("team", [made])
    step = bench.plan(bench.desired("x", "absent", resource))
    bench.service.configure(stale_gets=stale_gets)
    bench.service.clear_log()
    outcome = bench.writer().carry_out(step)
    assert outcome.changed
    assert outcome.representation is None
    assert made not in bench.service.dump()[resource.endpoint + "s"]
    assert bench.verbs() == ["GET", "DELETE"] + ["GET"] * (stale_gets + 1)
    assert bench.members(team) == (set() if members == "cascade" else {made})
    bench.service.configure(stale_gets=0)
    assert bench.plan(bench.desired("x", "absent", resource)) is None


@pytest.mark.parametrize("missing", [404, 200])
@pytest.mark.parametrize("when", ["before", "between"])
def test_rule_14_a_missing_user_is_unchanged(bench, missing, when):
    bench.service.configure(delete_missing_status=missing)
    ann = bench.user("ann")
    step = bench.plan(bench.desired("ann", "absent"))
    if when == "before":
        bench.service.store.delete_user(ann)
        assert not bench.writer().carry_out(step).changed
        assert bench.service.writes() == []
    else:
        once(bench.service, "DELETE", lambda service: service.store.delete_user(ann))
        outcome = bench.writer().carry_out(step)
        # A 200 does not show which client deleted the user.
        assert outcome.changed is (missing == 200)


@pytest.mark.parametrize("missing", [404, 200])
@pytest.mark.parametrize("fault", [{"kind": "drop_after"}, {"kind": "status", "status": 503, "after": True}])
def test_rule_14_a_repeated_delete_that_finds_no_object_reports_changed(bench, missing, fault):
    bench.service.configure(delete_missing_status=missing)
    bench.user("ann")
    bench.service.add_fault(method="DELETE", **fault)
    assert bench.apply(bench.desired("ann", "absent")).changed
    assert len(bench.verbs("DELETE")) == 2


@pytest.mark.parametrize("fault", [{"kind": "drop_after"}, {"kind": "status", "status": 503, "after": True}])
def test_rule_14_a_delete_without_an_answer_is_verified(bench, fault):
    bench.user("ann")
    bench.service.add_fault(method="DELETE", times=None, **fault)
    assert bench.apply(bench.desired("ann", "absent")).changed


@pytest.mark.parametrize("fault", [{"kind": "drop_before"}, {"kind": "status", "status": 503}])
def test_rule_14_a_delete_that_was_not_carried_out_is_reported(bench, fault):
    bench.user("ann")
    bench.service.add_fault(method="DELETE", times=None, **fault)
    with pytest.raises((ServerError, TransportError), match="Could not delete user 'ann'"):
        bench.apply(bench.desired("ann", "absent"))


def test_rule_14_a_user_that_remains_after_the_delete_is_reported(bench):
    bench.user("ann")
    bench.service.add_fault(kind="status", status=200, method="DELETE", body="")
    with pytest.raises(StepError, match="accepted the deletion of user 'ann', but still shows it") as caught:
        bench.apply(bench.desired("ann", "absent"))
    assert not caught.value.outcome.changed
    assert bench.slept == list(RE_READS)


def test_rule_14_a_user_renamed_after_the_plan_is_not_deleted(bench):
    ann = bench.user("ann")
    step = bench.plan(bench.desired("ann", "absent"))
    bench.service.store.put_user({**bench.service.store.get_user(ann), "userName": "eve"})
    with pytest.raises(ConflictError, match="it was renamed to 'eve'. Run again"):
        bench.writer().carry_out(step)
    assert bench.service.writes() == []


@pytest.mark.parametrize("read_only", [403, 400])
def test_rule_14_a_built_in_group_is_not_deleted(bench, read_only):
    bench.service.configure(read_only_status=read_only)
    with pytest.raises(RefusedError) as caught:
        bench.apply(bench.desired("Domain Administrators", "absent", GROUP))
    assert caught.value.status == read_only


# -- 15: errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize("error_body", ["errors", "text", "html", "empty", "message"])
def test_rule_15_a_refusal_is_reported_in_one_line(bench, error_body):
    bench.service.configure(error_body=error_body)
    with pytest.raises(RefusedError) as caught:
        bench.apply(bench.desired("ann", password="short-1"))
    message = str(caught.value)
    assert message.startswith("Could not create user 'ann': POST /directory/user: HTTP 400")
    assert ("at least 8 characters" in message) is (error_body != "empty")
    assert "\n" not in message
    assert "short-1" not in message
    assert caught.value.failure == {"operation": "create user 'ann'", "status": 400, "detail": caught.value.detail}


@pytest.mark.parametrize("error_body", ["errors", "text", "html", "empty", "message"])
@pytest.mark.parametrize("challenge", ["yes", "no"])
def test_rule_15_a_refused_key_is_reported_in_every_shape(bench, error_body, challenge):
    bench.service.configure(error_body=error_body, challenge=challenge)
    bench.service.api_key = "another"
    with pytest.raises(AuthenticationError) as caught:
        bench.client.get("user", "x")
    assert caught.value.fatal
    assert "demo-key" not in str(caught.value)


@pytest.mark.parametrize("kind", [str, lambda text: {"message": text}, lambda text: f"<html><h1>{text}</h1></html>"])
def test_rule_15_no_secret_is_reported(bench, kind):
    echo = kind(
        f"{PASSWORD} with key {bench.service.api_key} see https://login.pingone.com/x/registration/confirm/y/tok1/"
    )
    bench.service.add_fault(kind="status", status=400, method="POST", body=echo)
    with pytest.raises(RefusedError) as caught:
        bench.apply(bench.desired("ann", password=PASSWORD))
    reported = f"{caught.value} {json.dumps(caught.value.failure)}"
    for secret in (PASSWORD, bench.service.api_key, "tok1"):
        assert secret not in reported


# -- 16: retry -------------------------------------------------------------------------------------

FAULTS = [
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 503, "headers": {"Retry-After": "7"}},
    {"kind": "html", "status": 502},
    {"kind": "html", "status": 504, "after": True},
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "status", "status": 429},
    {"kind": "status", "status": 429, "headers": {"Retry-After": "7"}},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['kind']}-{fault.get('status')}")
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "POST"])
def test_rule_16_a_temporary_fault_does_not_change_the_outcome(bench, method, fault):
    a = bench.user("a")
    team = bench.group("team")
    steps = {
        "GET": lambda: bench.plan(bench.desired("a", title="Head")),
        "PUT": lambda: bench.plan(bench.desired("a", title="Head")),
        "PATCH": lambda: bench.members_step(team, add=[a]),
        "DELETE": lambda: bench.plan(bench.desired("a", "absent")),
        "POST": lambda: bench.plan(bench.desired("b")),
    }
    step = steps[method]()
    bench.service.add_fault(method=method, times=2 if method != "POST" or fault.get("status") == 429 else 1, **fault)
    outcome = bench.writer().carry_out(step)
    assert outcome.changed
    assert steps[method]() is None or method == "PATCH"
    if fault.get("headers"):
        assert 7 in bench.slept or method == "POST"
    api = bench.client.api
    assert api["reads"] + api["writes"] == len(bench.sent())
    assert (api["throttled_seconds"] > 0) is (fault.get("status") == 429)


@pytest.mark.parametrize("retry_after", ["none", "seconds", "date"])
def test_rule_16_a_rate_limit_is_waited_for(bench, retry_after):
    headers = {"none": {}, "seconds": {"Retry-After": "3"}, "date": {"Retry-After": "Wed, 01 Jan 2025 00:00:03 GMT"}}
    bench.service.add_fault(kind="status", status=429, method="POST", headers=headers[retry_after])
    assert bench.apply(bench.desired("ann")).changed
    assert len(bench.verbs("POST")) == 2
    assert bench.slept == [3.0 if retry_after == "seconds" else 0.25]


def test_rule_16_a_rate_limit_that_outlasts_the_retries_fails(bench):
    step = bench.plan(bench.desired("ann"))
    bench.service.add_fault(kind="status", status=429, times=None)
    with pytest.raises(RateLimitError) as caught:
        bench.writer().carry_out(step)
    assert caught.value.fatal
    assert bench.service.dump()["users"].keys() == {
        user["id"] for user in bench.service.dump()["users"].values() if user["userName"] != "ann"
    }


# -- 17: concurrency -------------------------------------------------------------------------------


def meanwhile(bench, user_id, times=1, **changes):
    """Change a user between the module's GET and its PUT, as another client does."""
    left = [times]

    def hook(service, method, path, phase):
        if left[0] and (method, phase) == ("PUT", "before"):
            left[0] -= 1
            service.store.put_user({**service.store.get_user(user_id), **changes, "locale": f"x{left[0]}"})

    bench.service.on_request(hook)


@pytest.mark.parametrize("etag", ["offered", "required"])
@pytest.mark.parametrize("status", [412, 409])
def test_rule_17_if_match_is_sent_and_a_conflict_is_retried_once(bench, etag, status):
    bench.service.configure(etag=etag, etag_conflict_status=status)
    ann = bench.user("ann", title="Head")
    meanwhile(bench, ann, nickName="B")
    outcome = bench.apply(bench.desired("ann", title="Boss"))
    assert outcome.changed
    assert (bench.stored("ann")["title"], bench.stored("ann")["nickName"]) == ("Boss", "B")
    puts = bench.sent("PUT")
    assert [entry["status"] for entry in puts] == [status, 200]
    assert all(entry["headers"].get("If-Match") for entry in puts)


@pytest.mark.parametrize("status", [412, 409])
def test_rule_17_a_second_conflict_fails(bench, status):
    bench.service.configure(etag="required", etag_conflict_status=status)
    ann = bench.user("ann", title="Head")
    meanwhile(bench, ann, times=9)
    with pytest.raises(ConflictError):
        bench.apply(bench.desired("ann", title="Boss"))
    assert len(bench.verbs("PUT")) == 2


def test_rule_17_without_versions_no_if_match_is_sent(bench):
    bench.user("ann")
    bench.apply(bench.desired("ann", title="Boss"))
    assert "If-Match" not in bench.sent("PUT")[0]["headers"]


@pytest.mark.parametrize("status", [412, 409])
def test_rule_17_a_conflict_with_the_same_change_is_not_written_again(bench, status):
    bench.service.configure(etag="required", etag_conflict_status=status)
    ann = bench.user("ann", title="Head")
    meanwhile(bench, ann, title="Boss")
    assert not bench.apply(bench.desired("ann", title="Boss")).changed


@pytest.mark.parametrize("status", [412, 409])
def test_rule_17_a_conflict_of_a_repeated_put_is_recognized_as_its_own(bench, status):
    """The first PUT was carried out, its answer was lost, and the repeated PUT meets the new version."""
    bench.service.configure(etag="required", etag_conflict_status=status)
    bench.user("ann", title="Head")
    bench.service.add_fault(kind="drop_after", method="PUT")
    assert bench.apply(bench.desired("ann", title="Boss")).changed


@pytest.mark.parametrize("etag", ["offered", "required"])
@pytest.mark.parametrize("status", [412, 409])
@pytest.mark.parametrize("patch_status", [200, 204])
def test_rule_17_members_are_changed_where_versions_are_required(bench, etag, status, patch_status):
    bench.service.configure(etag=etag, etag_conflict_status=status, patch_status=patch_status)
    users = [bench.user(f"user{number}") for number in range(CHUNK + 5)]
    team = bench.group("team", users[:2])
    bench.writer().carry_out(bench.members_step(team, add=users[2:], remove=users[:1]))
    assert bench.members(team) == set(users[1:])


@pytest.mark.parametrize("status", [412, 409])
def test_rule_17_members_are_changed_despite_a_concurrent_change(bench, status):
    bench.service.configure(etag="required", etag_conflict_status=status)
    a, b = bench.user("a"), bench.user("b")
    team = bench.group("team")

    def touch(service):
        service.store.add_member(team, b)
        service.store.touch("group", team)

    step = bench.members_step(team, add=[a])
    once(bench.service, "PATCH", touch)
    bench.writer().carry_out(step)
    assert bench.members(team) == {a, b}


@pytest.mark.parametrize("status", [412, 409])
@pytest.mark.parametrize("by_patch", ["accepted", "501"])
def test_rule_17_a_group_is_renamed_despite_a_concurrent_change(bench, status, by_patch):
    bench.service.configure(etag="required", etag_conflict_status=status, patch_group_name=by_patch)
    a, b = bench.user("a"), bench.user("b")
    team = bench.group("team", [a])

    def touch(service):
        service.store.add_member(team, b)
        service.store.touch("group", team)

    once(bench.service, "PATCH" if by_patch == "accepted" else "PUT", touch)
    outcome = bench.apply(bench.desired("team", resource=GROUP, rename_to="crew"))
    assert outcome.changed
    assert bench.stored_group("crew")["id"] == team
    assert bench.members(team) == {a, b}


def test_an_update_by_type_keeps_other_types(bench):
    bench.user("ann", phoneNumbers=[{"value": "1", "type": "home"}, {"value": "2", "type": "work"}])
    desired = bench.desired("ann", phone_numbers=[{"value": "3", "type": "work"}], mode=BY_TYPE)
    assert bench.apply(desired).changed
    assert {item["value"] for item in bench.stored("ann")["phoneNumbers"]} == {"1", "3"}
    assert bench.plan(desired) is None


def test_rule_09_the_last_key_of_a_raw_object_is_cleared(bench):
    bench.service.configure(put_omitted="kept")
    bench.user("ann", zz={"a": 1})
    assert bench.apply(bench.desired("ann", attributes={"zz": {"a": None}})).changed
    assert not bench.stored("ann").get("zz")


# -- what changed between planning and writing -----------------------------------------------------


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_failed_precondition_prevents_the_write(bench, state):
    ann = bench.user("ann", userType="contractor")
    step = bench.plan(bench.desired("ann", state, **({"active": False} if state == "present" else {})))
    step = replace(step, precondition=lambda user: None if user.get("userType") == "contractor" else "it is outside scope")
    bench.service.store.put_user({**bench.service.store.get_user(ann), "userType": "employee"})
    with pytest.raises(
        ConflictError, match="user 'ann' has changed since the plan was made: it is outside scope. Run again"
    ):
        bench.writer().carry_out(step)
    assert bench.service.writes() == []


def test_a_precondition_is_checked_before_the_second_attempt(bench):
    bench.service.configure(etag="offered")
    bench.user("ann", userType="contractor")
    step = bench.plan(bench.desired("ann", active=False))
    step = replace(step, precondition=lambda user: None if user.get("userType") == "contractor" else "it is outside scope")

    def move(service):
        service.store.put_user({**service.store.get_user(service.store.user_id("ann")), "userType": "employee"})

    once(bench.service, "PUT", move)
    with pytest.raises(ConflictError, match="outside scope"):
        bench.writer().carry_out(step)
    assert bench.stored("ann")["active"]


def test_a_precondition_is_checked_before_a_create_adopts_a_user(bench):
    step = bench.plan(bench.desired("ann", title="Nurse"))
    step = replace(step, precondition=lambda user: "it is outside scope" if user.get("userType") == "employee" else None)
    bench.user("ann", userType="employee")
    with pytest.raises(ConflictError, match="outside scope"):
        bench.writer().carry_out(step)
    assert "title" not in bench.stored("ann")


@pytest.mark.parametrize("lag", [2, 9])
def test_a_read_older_than_the_plan_reverts_no_change(bench, lag):
    ann = bench.user("ann")
    bench.service.configure(stale_gets=lag)
    bench.client.replace("user", ann, {**bench.client.get("user", ann), "active": False})
    bench.service.configure(stale_gets=lag)
    listed = Lookup(bench.client).user("ann")  # The list already shows the change.
    assert listed["active"] is False
    step = plan_object(bench.desired("ann", title="Nurse"), listed)
    if lag > len(RE_READS):
        with pytest.raises(ConflictError, match="the service returned an older state of user .* than the plan was made from"):
            bench.writer().carry_out(step)
    else:
        bench.writer().carry_out(step)
        assert bench.stored("ann")["title"] == "Nurse"
    assert bench.stored("ann")["active"] is False


# -- version conflicts and lost answers ------------------------------------------------------------


def edit(name, **changes):
    """Return an action that changes a user, as another client does."""

    def action(service):
        service.store.put_user({**service.store.get_user(service.store.user_id(name)), **changes})

    return action


@pytest.mark.parametrize("again", [False, True])
def test_an_accepted_first_put_is_reported_when_the_second_meets_a_conflict(bench, again):
    bench.service.configure(etag="offered", put_active="without_state")
    bench.user("ann", title="Old")
    puts = []

    def hook(service, method, _path, phase):
        if method == "PUT" and phase == "before":
            puts.append(method)
            if len(puts) == 2 or again and len(puts) > 2:
                edit("ann", **({"nickName": str(len(puts))} if again else {"active": False}))(service)

    bench.service.on_request(hook)
    desired = bench.desired("ann", title="New", active=False)
    if again:
        with pytest.raises(StepError) as caught:
            bench.apply(desired)
        outcome = caught.value.outcome
    else:
        outcome = bench.apply(desired)
    assert outcome.changed
    assert bench.stored("ann")["title"] == "New"


def test_a_new_user_is_disabled_despite_a_version_conflict(bench):
    bench.service.configure(etag="offered", post_active="ignored")
    once(bench.service, "PUT", edit("ann", nickName="x"))
    outcome = bench.apply(bench.desired("ann", active=False, emails=[{"value": "ann@example.org"}]))
    assert outcome.changed
    assert bench.stored("ann")["active"] is False
    assert bench.stored("ann")["nickName"] == "x"


def test_an_adopted_user_is_updated_despite_a_version_conflict(bench):
    bench.service.configure(etag="offered")
    step = bench.plan(bench.desired("ann", title="Nurse"))
    bench.user("ann")
    once(bench.service, "PUT", edit("ann", nickName="x"))
    outcome = bench.writer().carry_out(step)
    assert outcome.found
    assert outcome.changed
    assert (bench.stored("ann")["title"], bench.stored("ann")["nickName"]) == ("Nurse", "x")


def test_a_refused_repetition_of_a_put_reports_that_the_first_may_have_been_applied(bench):
    bench.service.configure(block_prior_passwords="yes")
    bench.user("ann", password="First-Pass1")
    bench.service.add_fault(kind="drop_after", method="PUT")
    with pytest.raises(
        DirectoryError, match="An earlier attempt was not answered and may have been applied"
    ):
        bench.apply(bench.desired("ann", password="Second-Pass2", always=True))


def test_a_create_answered_with_a_user_of_this_run_is_reported(bench):
    writer = bench.writer()
    bench.service.configure(external_id_upsert="on", upsert_scope="all")
    writer.carry_out(bench.plan(bench.desired("ann", external_id="hr:1", emails=[{"value": "ann@example.org"}])))
    step = plan_object(bench.desired("bob", external_id="hr:1", emails=[{"value": "bob@example.org"}]), None)
    with pytest.raises(ProtocolError, match="treated the request as an update"):
        writer.carry_out(step)


# -- refused members -------------------------------------------------------------------------------


def test_rule_12_a_refused_member_does_not_prevent_the_others(bench):
    ids = [bench.user(f"u{number:03}") for number in range(150)]
    team = bench.group("team")
    step = bench.members_step(team, add=ids)
    bench.service.store.delete_user(ids[70])
    with pytest.raises(StepError, match=ids[70]) as caught:
        bench.writer().carry_out(step)
    assert bench.members(team) == set(ids) - {ids[70]}
    assert len(caught.value.outcome.added) == 149
    assert len(bench.verbs("PATCH")) < 30


def test_rule_12_when_every_member_is_refused_few_requests_are_sent(bench):
    ids = [bench.user(f"u{number:03}") for number in range(100)]
    team = bench.group("team")
    step = bench.members_step(team, add=ids)
    bench.service.add_fault(kind="status", status=400, method="PATCH", times=None)
    with pytest.raises(DirectoryError, match="HTTP 400"):
        bench.writer().carry_out(step)
    assert len(bench.verbs("PATCH")) < 20
    assert bench.members(team) == set()
