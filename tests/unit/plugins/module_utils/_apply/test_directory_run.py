# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test how a run applies a plan: which steps follow a failure, what is reported, and which attributes are no longer sent."""

from __future__ import annotations

import copy
import os
import signal
import threading

import pytest
from desired_directories import directory, group, plan, user

from ansible_collections.pingone.directory.plugins.module_utils._apply import directory_run
from ansible_collections.pingone.directory.plugins.module_utils._apply.directory_run import DirectoryRun
from ansible_collections.pingone.directory.plugins.module_utils._apply.outcome import Outcome, StepError
from ansible_collections.pingone.directory.plugins.module_utils._core.errors import (
    AuthenticationError,
    DirectoryError,
    NotStoredError,
    RefusedError,
    TransportError,
)
from ansible_collections.pingone.directory.plugins.module_utils._service.filters import FilterKnowledge


class Journal:
    """Collect the lines to write, and fail at one that the test names."""

    def __init__(self, fails_at=None):
        self.lines = []
        self.fails_at = fails_at

    def row(self, state, _number, row, **extra):
        if (state, row["key"]) == self.fails_at:
            error = DirectoryError("the journal j cannot be written: No space left on device")
            error.fatal = True
            raise error
        self.lines.append((state, row["operation"], row["key"], extra))

    def reported(self, *states):
        return [f"{state} {operation} {key}" for state, operation, key, _extra in self.lines if state in states]


class FakeClient:
    stopped = False
    filter_knowledge = FilterKnowledge()

    def stop(self):
        self.stopped = True


class FakeWriter:
    """Carry out each step with the action that the test defines for its key; steps without one succeed."""

    def __init__(self, plans):
        self.plans = plans
        self.steps = []

    @property
    def done(self):
        return [step.key for step in self.steps]

    @property
    def sent(self):
        """Return the received steps by their key."""
        return {step.key: step for step in self.steps}

    def carry_out(self, step):
        self.steps.append(step)
        act = self.plans.get(step.key)
        if isinstance(act, list):
            act = act.pop(0) if act else None
        if callable(act) and not isinstance(act, Exception):
            act = act(step)
        if isinstance(act, Exception):
            raise act
        if act is not None:
            return act
        representation = None if step.action == "delete" else {"id": step.id or f"{step.key}-id", "userName": step.key}
        return Outcome(True, representation, added=list(step.add), removed=list(step.remove))


@pytest.fixture
def running(monkeypatch):
    """Return a function that runs a plan and returns the runner, writer, journal, and final error or None."""

    def run(planned, acts=None, journal=None, warnings=None, **options):
        writer = FakeWriter(acts or {})
        monkeypatch.setattr(directory_run, "write_step", lambda _context, step: writer.carry_out(step))
        journal = journal or Journal()
        options.setdefault("concurrency", 1)
        planned.sha256()  # The module does the same before the run.
        runner = DirectoryRun(
            FakeClient(), planned, {}, journal=journal, warn=(warnings if warnings is not None else []).append, **options
        )
        try:
            runner.run()
        except DirectoryError as error:
            return runner, writer, journal, error
        return runner, writer, journal, None

    return run


def refused(text="userName is taken"):
    return RefusedError(f"HTTP 400, {text}", status=400, detail=text)


def creates(*names, **more):
    return plan([{"user_name": name, **more} for name in names], None, directory())


def items(runner):
    return [(item["operation"], item["kind"], item["key"], item["status"]) for item in runner.progress.failed_items]


def test_a_run_without_failures(running):
    runner, writer, journal, error = running(creates("a", "b"))
    assert (error, writer.done, runner.progress.failed_items) == (None, ["a", "b"], [])
    assert journal.reported("started", "done") == ["started create a", "done create a", "started create b", "done create b"]
    assert [extra.get("id") for state, _operation, _key, extra in journal.lines if state == "done"] == ["a-id", "b-id"]
    assert runner.progress.counts()["user"]["created"] == 2


def test_a_failed_step_does_not_stop_the_others(running):
    runner, writer, journal, error = running(creates("a", "b", "c"), {"a": refused(), "c": refused("no email")})
    assert writer.done == ["a", "b", "c"]
    assert items(runner) == [("create", "user", "a", 400), ("create", "user", "c", 400)]
    assert "userName is taken" in runner.progress.failed_items[0]["reason"]
    assert str(error).startswith("2 changes failed or were not attempted; the first: HTTP 400, userName is taken")
    assert (error.status, error.detail) == (400, "userName is taken")
    assert journal.reported("done", "failed") == ["failed create a", "done create b", "failed create c"]
    counts = runner.progress.counts()["user"]
    assert (counts["created"], counts["failed"]) == (1, 2)


@pytest.mark.parametrize(
    "fatal", [AuthenticationError("HTTP 401", status=401), TransportError("the service cannot be reached")]
)
def test_a_refused_key_or_a_lost_service_stops_the_run(running, fatal):
    runner, writer, journal, _error = running(creates("a", "b", "c"), {"b": fatal})
    assert writer.done == ["a", "b"]
    assert [item["key"] for item in runner.progress.failed_items] == ["b", "c"]
    assert runner.progress.failed_items[1]["reason"].startswith("not attempted: the run stopped after a failure: ")
    assert runner.progress.failed_items[1]["status"] is None
    assert journal.reported("failed") == ["failed create b", "failed create c"]


def test_on_error_stop(running):
    runner, writer, _journal, _error = running(creates("a", "b", "c"), {"a": refused()}, on_error="stop")
    assert writer.done == ["a"]
    assert [item["reason"] for item in runner.progress.failed_items[1:]] == [
        "not attempted: on_error is stop, and user 'a' failed"
    ] * 2


def test_a_user_whose_name_is_not_released_is_not_attempted(running):
    planned = plan([{"user_name": "bob", "new_user_name": "cid"}, {"user_name": "ann", "new_user_name": "bob"}, {"id": "x", "user_name": "y"}], None,
                   directory([user("ann"), user("bob"), {**user("x"), "id": "x"}]))  # fmt: skip
    runner, writer, _journal, _error = running(planned, {"bob": refused()}, concurrency=4)
    assert writer.done == ["bob", "x"]
    assert [(item["key"], item["reason"].split(":")[0]) for item in runner.progress.failed_items] == [
        ("bob", "HTTP 400, userName is taken"),
        ("ann", "not attempted"),
    ]
    assert "user 'bob' has not released the name" in runner.progress.failed_items[1]["reason"]


@pytest.mark.parametrize(
    ("desired", "reason"),
    [
        (
            [{"name": "board", "membership": "exact", "members": {"groups": ["x"]}}, {"name": "team", "members": {"groups": ["board"]}}],
            "not attempted: group 'board' still has the members that were to be removed",
        ),
        (
            [{"name": "mid", "state": "absent"}, {"name": "low", "members": {"groups": ["top"]}}],
            "not attempted: group 'mid' still exists",
        ),
    ],
)  # fmt: skip
def test_a_nesting_that_would_close_a_cycle_is_not_attempted(running, desired, reason):
    teams = [group("board", groups=("team", "x")), group("team"), group("x")]
    teams += [group("top", groups=("mid",)), group("mid", groups=("low",)), group("low")]
    runner, writer, _journal, _error = running(
        plan(None, desired, directory([], teams)), {"board": refused(), "mid": refused()}
    )
    assert len(writer.done) == 1
    assert runner.progress.failed_items[1]["reason"] == reason


def test_members_whose_create_failed_are_not_added(running):
    planned = plan([{"user_name": "a"}, {"user_name": "b"}], [{"name": "team", "members": {"users": ["a", "b"]}}, {"name": "new", "members": {"users": ["b"]}},
                   {"name": "only", "members": {"users": ["a"]}}], directory([], [group("team"), group("only")]))  # fmt: skip
    runner, writer, journal, _error = running(planned, {"a": refused(), "new": refused("no")})
    assert writer.done == ["a", "b", "new", "team"]
    reported = [
        (item["kind"], item["key"], (item.get("member") or {}).get("name"), item["reason"])
        for item in runner.progress.failed_items
    ]
    assert reported[2:] == [
        ("membership", "new", "b", "not attempted: the group could not be created"),
        ("membership", "only", "a", "not attempted: the member could not be created"),
        ("membership", "team", "a", "not attempted: the member could not be created"),
    ]
    counts = runner.progress.counts()["membership"]
    assert (counts["added"], counts["failed"]) == (1, 3)
    assert "done add team" in journal.reported("done") and len(journal.reported("done", "failed")) == len(planned.rows())


def test_members_that_another_client_created_are_added(running):
    """A create that finds its object is treated like one that creates it."""
    planned = plan(
        [{"user_name": "a"}], [{"name": "team", "members": {"users": ["a"]}}], directory([], [group("team")])
    )
    runner, writer, _journal, error = running(planned, {"a": Outcome(False, {"id": "there"}, found=True)})
    assert (error, writer.done) == (None, ["a", "team"])
    assert runner.progress.counts()["user"] | {"created": 0} == runner.progress.counts()["user"]
    assert runner.progress.counts()["user"]["unchanged"] == 1


def test_a_user_that_was_not_adopted_gets_no_membership(running):
    """The create found a user with the name but did not adopt it, so no id is known for the membership."""
    planned = plan(
        [{"user_name": "a"}], [{"name": "team", "members": {"users": ["a"]}}], directory([], [group("team")])
    )
    runner, writer, _journal, _error = running(planned, {"a": refused("it is outside scope")})
    assert writer.done == ["a"]
    assert runner.progress.failed_items[1]["reason"] == "not attempted: the member could not be created"


def groups_desired(*names):
    return plan(None, [{"name": name, "members": {"users": ["ann"]}} for name in names], directory([user("ann")]))


def by_id(*items):
    return {item["id"]: item for item in items}


def test_a_group_that_another_client_created_is_adopted(running):
    """Names of groups are not unique, so the run reads the groups before its first create and after its last one."""
    asked: list[int] = []

    def now():
        asked.append(1)
        return by_id({**group("Sales"), "id": "theirs"}, group("other"))

    runner, writer, journal, error = running(groups_desired("Sales", "HR", "IT"), list_groups=now)
    assert (error, asked) == (None, [1, 1])
    assert writer.done == ["HR", "IT", "HR", "IT", "Sales"]
    assert runner.progress.counts()["group"] | {"created": 2, "unchanged": 1} == runner.progress.counts()["group"]
    assert ("done", "create", "Sales", {"id": "theirs"}) in journal.lines
    assert runner.progress.counts()["membership"]["added"] == 3


def test_a_failure_with_a_second_group_of_the_name_names_the_attempt(running, monkeypatch):
    """Two groups of the name were created at the same moment; neither can be removed."""
    own, lists = group("Sales"), [{}, by_id(group("Sales"), {**group("Sales"), "id": "theirs"})]

    def fail(*unused):
        raise refused("both stay")

    monkeypatch.setattr(directory_run, "keep_first", fail)
    planned = plan(None, [{"name": "Sales"}], directory())
    runner, _writer, _journal, error = running(planned, {"Sales": Outcome(True, own)}, list_groups=lambda: lists.pop(0))
    assert [item["key"] for item in runner.progress.failed_items] == ["Sales"]
    assert error.failure["operation"] == "create group 'Sales'" and "both stay" in str(error)


def test_groups_are_not_read_when_none_is_to_be_created(running):
    runner, _writer, _journal, error = running(creates("a"), list_groups=None)
    assert error is None and runner.progress.counts()["user"]["created"] == 1


def test_a_name_that_another_group_uses_prevents_the_create(running):
    """A group that was renamed to the name conflicts with the create; a group that this run renames does not."""
    planned = plan(
        None,
        [{"id": "Old-id", "display_name": "New"}, *({"name": name} for name in ("Old", "HR", "IT"))],
        directory([], [group("Old"), group("team")]),
    )
    now = by_id(group("Old"), {**group("HR"), "id": "team-id"}, {**group("it"), "id": "1"}, {**group("It"), "id": "2"})
    runner, writer, _journal, _error = running(planned, list_groups=lambda: now, known_ids={"Old-id", "team-id"})
    assert writer.done == ["Old", "Old"]
    assert [(item["key"], item["reason"]) for item in runner.progress.failed_items] == [
        ("HR", "group team-id was renamed to 'HR'. Run again"),
        ("IT", "2 groups are named 'IT': 1, 2. Identify the object by its id"),
    ]


def test_no_group_is_created_when_the_groups_cannot_be_read(running):
    def broken():
        raise refused("no lists today")

    runner, writer, _journal, error = running(groups_desired("Sales"), list_groups=broken)
    assert writer.done == []
    assert "no lists today" in str(error)
    assert [(item["kind"], item["operation"]) for item in runner.progress.failed_items] == [
        ("group", "create"),
        ("membership", "add"),
    ]


def test_groups_are_not_read_after_the_run_has_stopped(running):
    planned = plan([{"user_name": "a"}], [{"name": "Sales"}], directory())
    fatal = AuthenticationError("HTTP 401", status=401)
    runner, writer, _journal, _error = running(planned, {"a": fatal}, list_groups=lambda: pytest.fail("was asked"))
    assert writer.done == ["a"] and len(runner.progress.failed_items) == 2


EXACT = [{"name": "team", "membership": "exact", "members": {"users": ["c"]}}]


def removal():
    """Return a plan that replaces a and b by c in the team, and current groups in which a is an administrator."""
    current = directory([user("a"), user("b"), user("c")], [group("team", "a", "b")])
    now = {**current.groups, "Domain Administrators-id": group("Domain Administrators", "admin@example.com", "a")}
    return plan([{"user_name": "c", "active": False}], EXACT, current), now


def test_a_stale_removal_fails_and_the_other_steps_run(running):
    planned, now = removal()
    reads = []
    runner, writer, journal, error = running(planned, list_groups=lambda: reads.append(1) or now)
    assert len(reads) == 1  # One read serves both disables and removals.
    assert items(runner) == [("remove", "membership", "team", None)]
    assert "user 'a' is now an administrator. Run again" in str(error)
    assert [member.name for step in writer.steps for member in step.remove] == ["b"]
    assert journal.reported("done", "failed") == ["done disable c", "failed remove team", "done remove team", "done add team"]


def test_a_stale_removal_stops_the_run_with_on_error_stop(running):
    planned, now = removal()
    runner, writer, _journal, _error = running(planned, list_groups=lambda: now, on_error="stop")
    assert writer.done == ["c"]
    assert [item["reason"].partition(":")[0] for item in runner.progress.failed_items[1:]] == ["not attempted"] * 2
    assert runner.progress.counts()["membership"]["failed"] == 3


def test_disables_and_removals_fail_when_the_groups_cannot_be_read_again(running):
    def fail():
        raise RefusedError("HTTP 400", status=400)

    planned, _now = removal()
    runner, writer, _journal, _error = running(planned, list_groups=fail)
    assert [item[:3] for item in items(runner)] == [("disable", "user", "c"), ("remove", "membership", "team")]
    assert writer.done == ["team"]  # The addition.


def test_a_partly_added_membership_is_reported_by_member(running):
    """Added members are reported as done, including members that had no id in the plan."""
    planned = plan([{"user_name": "new"}], [{"name": "team", "membership": "exact", "members": {"users": ["new", "ann"]}}],
                   directory([user("ann"), user("bob")], [group("team", "bob")]))  # fmt: skip

    def half(step):
        cause = refused("read only").replace(operation=step.attempt)
        added = [member._replace(id="new-id") for member in step.add if member.name == "new"]
        return StepError(cause, Outcome(bool(added or step.remove), {"id": "team-id"}, added=added, removed=[]))

    runner, _writer, journal, _error = running(planned, {"team": half})
    reported = journal.reported("done", "failed")
    assert sorted(reported) == ["done add team", "done create new", "failed add team", "failed remove team"]
    assert items(runner) == [("remove", "membership", "team", 400), ("add", "membership", "team", 400)]
    assert runner.progress.failed_items[1]["member"]["name"] == "ann"


def test_a_created_user_without_an_attribute_reports_a_create_and_a_failed_update(running):
    planned = creates("a", title="x")
    error = StepError(
        NotStoredError("the service did not store title", attributes=("title",)), Outcome(True, {"id": "1"}, ["title"])
    )
    runner, _writer, journal, _error = running(planned, {"a": error})
    assert items(runner) == [("update", "user", "a", None)]
    assert journal.reported("done", "failed") == ["done create a", "failed update a"]
    assert (runner.progress.counts()["user"]["created"], runner.progress.counts()["user"]["failed"]) == (1, 1)


def test_the_stored_part_of_an_update_is_reported_as_done(running):
    """The account was disabled, although its title was ignored."""
    planned = plan([{"user_name": "ann", "active": False, "title": "x"}], None, directory([user("ann")]))
    error = StepError(
        NotStoredError("the service did not store title", attributes=("title",)),
        Outcome(True, {"id": "ann-id"}, ["title"]),
    )
    runner, _writer, journal, _error = running(planned, {"ann": error})
    assert journal.reported("done", "failed") == ["done disable ann", "failed update ann"]
    assert items(runner) == [("update", "user", "ann", None)]
    assert (
        runner.progress.counts()["user"]["disabled"],
        runner.progress.counts()["user"]["updated"],
        runner.progress.counts()["user"]["failed"],
    ) == (1, 0, 1)


def dropping(*names):
    def act(step):
        lost = [name for name in names if any(change[0].startswith(name) for change in step.changes)]
        if not lost:
            return None
        cause = NotStoredError(f"the service did not store {', '.join(lost)}", attributes=lost)
        return StepError(cause, Outcome(True, {"id": step.id or step.key}, lost))

    return act


DESIRED = {
    "title": "x",
    "name": {"formatted": "A B", "given_name": "A"},
    "attributes": {"photos": ["p"], "urn:x:1.0": {"a": 1}},
}


def test_an_attribute_ignored_twice_is_not_sent_again(running):
    names = ["a", "b", "c", "d"]
    runner, writer, journal, error = running(
        creates(*names, **DESIRED), {name: dropping("title", "name.formatted", "attributes.urn:x:1.0") for name in names}
    )
    assert writer.sent["b"].desired.values == DESIRED
    # Only the attribute is left out, not its dictionary; an empty dictionary would clear the others.
    for name in ("c", "d"):
        assert writer.sent[name].desired.values == {"name": {"given_name": "A"}, "attributes": {"photos": ["p"]}}
    assert [(item["key"], item["operation"]) for item in runner.progress.failed_items] == [
        ("a", "update"),
        ("b", "update"),
        ("attributes.urn:x:1.0", "update"),
        ("name.formatted", "update"),
        ("title", "update"),
    ]
    assert (
        "the service ignored the attribute 2 times, so it was not sent for 2 more users. Enable it in the PingOne console, or omit it"
        in runner.progress.failed_items[-1]["reason"]
    )
    assert "5 changes failed" in str(error)
    assert journal.reported("done")[-2:] == ["done create c", "done create d"]


def test_an_update_without_remaining_attributes_is_not_sent(running):
    names = ["a", "b", "c"]
    planned = plan(
        [{"user_name": name, "enterprise": {"department": "d"}} for name in names],
        None,
        directory([user(name) for name in names]),
    )
    runner, writer, journal, _error = running(planned, {name: dropping("enterprise.department") for name in names})
    assert writer.done == ["a", "b"]
    assert journal.reported("failed") == ["failed update a", "failed update b", "failed update c"]
    assert runner.progress.counts()["user"] | {"updated": 0, "failed": 3} == runner.progress.counts()["user"]


def test_with_warn_an_ignored_attribute_is_a_warning(running):
    warnings: list[str] = []
    planned = creates("a", "b", "c", title="x")
    lost = {name: Outcome(True, {"id": name}, ["title"]) for name in "ab"}
    runner, _writer, _journal, error = running(planned, lost, warnings=warnings, on_ignored="warn")
    assert error is None and runner.progress.failed_items == []
    assert warnings == [
        "attribute title: the service ignored the attribute 2 times, so it was not sent for one more user. Enable it in the PingOne console, or omit it"
    ]


def test_an_attribute_that_cannot_be_cleared_is_still_set(running):
    """Other users still get a title if the service ignores that it is cleared."""
    names = ["a", "b", "c", "d"]
    planned = plan(
        [{"user_name": name, "title": "" if name < "c" else "y"} for name in names],
        None,
        directory([user(name, title="x") for name in names]),
    )
    _runner, writer, _journal, _error = running(planned, {name: dropping("title") for name in "ab"})
    assert [writer.sent[name].desired.values for name in "cd"] == [{"title": "y"}] * 2


def test_a_key_set_to_null_counts_as_cleared(running):
    """The run and the writer decide alike whether an attribute is cleared."""
    clearing, setting = {"attributes": {"x": {"y": None}}}, {"attributes": {"x": {"y": "set"}}}
    planned = plan(
        [{"user_name": name, **(clearing if name < "c" else setting)} for name in "abcd"],
        None,
        directory([user(name, x={"y": "kept"}) for name in "abcd"]),
    )
    _runner, writer, _journal, _error = running(planned, {name: dropping("attributes.x") for name in "ab"})
    assert [writer.sent[name].desired.values for name in "cd"] == [setting] * 2


def test_the_plan_is_not_modified(running):
    """Parts that cannot be applied are left out of a copy of the step."""
    users = [{"user_name": name, "title": "x", "groups": ["team"]} for name in "abcd"]
    planned = plan(users, [{"name": "team"}], directory())
    before = [(step, step.desired, step.changes, step.add) for step in planned.steps]
    desired_states = [copy.deepcopy(step.desired.values) for step in planned.steps if step.desired]
    _runner, writer, _journal, _error = running(
        planned, {**{name: dropping("title") for name in "abc"}, "d": refused("no email")}
    )
    assert "title" not in writer.sent["c"].desired.values
    assert [member.name for member in writer.sent["team"].add] == ["a", "b", "c"]
    assert before == [(step, step.desired, step.changes, step.add) for step in planned.steps]
    assert desired_states == [step.desired.values for step in planned.steps if step.desired]


def test_active_is_sent_again_although_it_was_ignored(running):
    names = ["a", "b", "c", "d"]
    planned = plan(
        [{"user_name": name, "active": False} for name in names], None, directory([user(name) for name in names])
    )
    runner, writer, _journal, _error = running(planned, {name: dropping("active") for name in names})
    assert writer.done == names
    assert len(runner.progress.failed_items) == 4


def test_an_ignored_rename_does_not_affect_other_renames_or_creates(running):
    """A rename does not depend on the enabled attributes, so it is attempted for every user."""
    desired = [{"user_name": name, "new_user_name": f"{name}2"} for name in "abc"] + [{"user_name": "new"}]
    runner, writer, _journal, _error = running(
        plan(desired, None, directory([user(name) for name in "abc"])), {name: dropping("user_name") for name in "abc"}
    )
    assert writer.done == ["a", "b", "c", "new"]
    assert items(runner) == [("rename", "user", name, None) for name in "abc"]
    assert runner.progress.counts()["user"] | {"created": 1, "failed": 3} == runner.progress.counts()["user"]


def test_an_undeclared_attribute_is_not_counted_as_ignored(running):
    """The run must not stop sending an attribute because of users that do not declare it."""
    names = ["a", "b", "c", "d"]
    lost = StepError(NotStoredError("odd", attributes=("title",)), Outcome(True, {"id": "1"}, ["title"]))
    runner, writer, _journal, _error = running(creates(*names), dict.fromkeys("ab", lost))
    assert writer.done == names
    assert runner.progress.counts()["user"]["created"] == 4
    assert len(runner.progress.failed_items) == 2


def test_warnings_are_limited(running):
    warnings: list[str] = []
    runner, *_rest = running(creates("a"), warnings=warnings)
    for number in range(30):
        runner.warn(str(number))
    assert len(warnings) == 20


def test_concurrent_writers(running):
    """The number of concurrent writers is the option concurrency."""
    names = [f"u{number}" for number in range(12)]
    barrier = threading.Barrier(3)

    def meet(_step):
        barrier.wait(30)

    _runner, writer, _journal, error = running(creates(*names), dict.fromkeys(names, meet), concurrency=3)
    assert error is None and sorted(writer.done) == sorted(names)


@pytest.mark.parametrize("at", ["started", "done"])
def test_a_journal_that_cannot_be_written_stops_the_run(running, at):
    """A step that the journal cannot record is not carried out; completed steps are still in the result."""
    runner, writer, _journal, error = running(creates("a", "b", "c"), journal=Journal(fails_at=(at, "b")))
    assert writer.done == (["a"] if at == "started" else ["a", "b"])
    assert "the journal j cannot be written" in str(error)
    assert [item["key"] for item in runner.progress.failed_items] == (["b", "c"] if at == "started" else ["c"])
    assert runner.progress.counts()["user"]["created"] == len(writer.done)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_run(running, number):
    def interrupt(_step):
        os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    runner, writer, _journal, error = running(creates("a", "b", "c"), {"b": interrupt})
    assert writer.done == ["a", "b"]
    assert [(item["key"], item["reason"]) for item in runner.progress.failed_items] == [
        ("c", f"not attempted: interrupted by {signal.Signals(number).name}")
    ]
    assert f"interrupted by {signal.Signals(number).name}" in str(error)
    assert runner.client.stopped
    assert signal.getsignal(number) is before
