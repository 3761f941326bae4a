# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test two groups with one name that are created at once: exactly one remains in every order of requests."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._apply.context import Context
from ansible_collections.pingone.directory.plugins.module_utils._apply.outcome import Outcome, StepError
from ansible_collections.pingone.directory.plugins.module_utils._apply.twins import first_made, keep_first, resolve_twins
from ansible_collections.pingone.directory.plugins.module_utils._core.errors import DirectoryError, NotFoundError
from ansible_collections.pingone.directory.plugins.module_utils._plan.desired import DesiredObject
from ansible_collections.pingone.directory.plugins.module_utils._plan.steps import Step
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import GROUP
from soak.depth import bounded


def group(group_id, created=None, members=()):
    made = {"id": group_id, "displayName": "Team", "members": [{"value": member} for member in members]}
    return {**made, "meta": {"created": created}} if created else made


@pytest.mark.parametrize(
    ("groups", "stays"),
    [
        ([group("b"), group("A")], "A"),
        ([group("a", "2026-01-01T00:00:00.002Z"), group("b", "2026-01-01T00:00:00.001Z")], "b"),
        ([group("b", "2026-01-01T00:00:00.001Z"), group("a", "2026-01-01T00:00:00.001Z")], "a"),
        # Another offset, as after a change to daylight saving time.
        ([group("a", "2026-01-01T01:00:00.002-06:00"), group("b", "2026-01-01T00:00:00.001-07:00")], "b"),
        # A missing or invalid time does not decide.
        ([group("b", "2026-01-01T00:00:00.001Z"), group("a")], "a"),
        ([group("b", "2026-01-01T00:00:00.001Z"), group("a", "yesterday")], "a"),
    ],
)
def test_first_made(groups, stays):
    assert first_made(groups)["id"] == stays == first_made(groups[::-1])["id"]


class Service:
    """A service on which several tasks create and delete groups, one request at a time."""

    def __init__(self):
        self.groups = {}

    def get(self, _endpoint, group_id):
        if group_id not in self.groups:
            raise NotFoundError("gone", status=404)
        return self.groups[group_id]

    def delete(self, _endpoint, group_id):
        if self.groups.pop(group_id, None) is None:
            raise NotFoundError("gone", status=404)

    def sleep(self, _seconds):
        pass


class Turns(threading.Thread):
    """A task whose requests wait until the test runs them, to interleave several tasks."""

    def __init__(self, service, group_id, created):
        super().__init__(daemon=True)
        self.service, self.own = service, group(group_id, created)
        self.go, self.done = threading.Semaphore(0), threading.Semaphore(0)
        self.result = None
        self.start()

    def request(self, function):
        self.go.acquire()
        try:
            return function()
        finally:
            self.done.release()

    def get(self, *arguments):
        return self.request(lambda: self.service.get(*arguments))

    def delete(self, *arguments):
        return self.request(lambda: self.service.delete(*arguments))

    def sleep(self, _seconds):
        self.request(lambda: None)

    def run(self):
        self.request(lambda: self.service.groups.update({self.own["id"]: self.own}))
        found = self.request(lambda: [each for each in self.service.groups.values() if each is not self.own])
        try:
            self.result = resolve_twins(self, self.own, found, lambda text: None, (1, 1, 1))["id"] if found else self.own["id"]
        except DirectoryError as error:
            self.result = error

    def step(self):
        if self.is_alive():
            self.go.release()
            while self.is_alive() and not self.done.acquire(timeout=0.01):
                pass


@bounded(40)
@given(st.lists(st.integers(0, 2), max_size=30), st.permutations("abc"))
def test_one_group_remains_in_every_order_of_requests(turns, ids):
    service = Service()
    tasks = [Turns(service, ids[number], None) for number in range(3)]
    created = 0
    for number in [*turns, *[0, 1, 2] * 12]:
        if "meta" not in tasks[number].own:
            created += 1
            tasks[number].own["meta"] = {"created": f"2026-01-01T00:00:00.{created:03}Z"}  # at its first request
        tasks[number].step()
    for task in tasks:
        task.join(5)
        assert task.result is not None
    assert service.groups, "all were withdrawn"
    first = min(tasks, key=lambda task: task.own["meta"]["created"])
    assert first.own["id"] in service.groups
    left = set(service.groups)
    for task in tasks:
        if isinstance(task.result, DirectoryError):
            continue
        assert task.result in left
    assert len(left) == 1 or any(isinstance(task.result, DirectoryError) for task in tasks)


def test_a_duplicate_that_has_members_is_kept_and_both_ids_are_reported():
    service = Service()
    first, own = group("a", "2026-01-01T00:00:00.001Z"), group("b", "2026-01-01T00:00:00.002Z", members=["u"])
    service.groups = {"a": first, "b": own}
    with pytest.raises(DirectoryError, match="exists 2 times, .* a, b"):
        resolve_twins(service, {**own, "members": []}, [first], [].append, (1,))
    assert set(service.groups) == {"a", "b"}


FIRST, SECOND = group("A", "2026-01-01T00:00:00.001Z"), group("B", "2026-01-01T00:00:00.002Z")


class Withdrawing(Service):
    """A service on which another task withdraws B after some reads of it."""

    def __init__(self, reads):
        super().__init__()
        self.groups = {"A": FIRST, "B": SECOND}
        self.left, self.slept = reads, 0

    def get(self, endpoint, group_id):
        if not self.left:
            self.groups.pop("B", None)
        self.left -= group_id == "B"
        return super().get(endpoint, group_id)

    def sleep(self, seconds):
        self.slept += seconds


@pytest.mark.parametrize(("reads", "slept"), [(0, 0), (1, 1), (3, 3)])
def test_the_first_group_stays_once_the_second_one_is_withdrawn(reads, slept):
    service = Withdrawing(reads)
    assert resolve_twins(service, FIRST, [SECOND], pytest.fail, (1, 1, 1)) is FIRST
    assert service.slept == slept and service.groups == {"A": FIRST}


def test_both_groups_are_reported_if_the_second_one_is_not_withdrawn():
    service = Withdrawing(4)
    with pytest.raises(DirectoryError, match="exists 2 times, .*: A, B"):
        resolve_twins(service, FIRST, [SECOND], pytest.fail, (1, 1, 1))
    assert service.slept == 3


def keep(service, own, twins):
    """Return the outcome of :func:`keep_first`, its context and the warnings."""
    warnings = []
    context = Context(service, None, warnings.append, re_reads=(1,))
    step = Step("create", GROUP, "Team", desired=DesiredObject(GROUP, "Team"))
    return keep_first(context, step, Outcome(True, own), twins), context.state, warnings


@pytest.mark.parametrize(("own", "twins"), [(FIRST, []), (None, [SECOND]), (FIRST, [SECOND])])
def test_the_outcome_of_a_create_stays_if_the_group_does(own, twins):
    outcome, state, warnings = keep(Withdrawing(0), own, twins)
    assert (outcome, state.ended, state.known_ids, warnings) == (Outcome(True, own), set(), set(), [])


def test_the_group_of_the_other_task_is_used_after_a_withdrawal():
    service = Withdrawing(9)
    outcome, state, warnings = keep(service, SECOND, [FIRST])
    assert outcome == Outcome(False, FIRST, found=True)
    assert (state.ended, state.known_ids, service.groups) == ({"b"}, {"a"}, {"A": FIRST})
    assert warnings == ["another task created group 'Team' at the same moment (A), so this task deleted its own group (B)"]


def test_a_create_that_left_two_groups_counts_as_changed():
    with pytest.raises(StepError) as caught:
        keep(Withdrawing(9), FIRST, [SECOND])
    assert caught.value.outcome == Outcome(True, FIRST)
