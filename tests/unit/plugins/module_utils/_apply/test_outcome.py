# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test errors that carry the outcome of an interrupted step."""

from __future__ import annotations

from ansible_collections.pingone.directory.plugins.module_utils._apply.outcome import Outcome, StepError, partial_failure
from ansible_collections.pingone.directory.plugins.module_utils._core.errors import RateLimitError


def test_replacing_the_outcome_keeps_the_cause():
    cause = RateLimitError("too many requests", status=429, hint="Wait")
    first = StepError(cause, Outcome(False), "Wait longer")
    again = first.with_outcome(Outcome(True))
    assert again.__cause__ is cause and again.outcome.changed
    assert (again.status, again.hint, again.fatal) == (429, "Wait longer", True)


def test_the_first_outcome_of_a_failure_is_kept():
    cause = RateLimitError("too many requests", hint="Wait")
    first = partial_failure(cause, Outcome(True))
    assert (first.reason, first.hint, first.outcome.changed) == ("too many requests", "Wait", True)
    assert partial_failure(first, Outcome(False), "Another hint") is first


def test_a_step_makes_its_object_unless_it_says_that_it_found_one():
    assert not Outcome(True).found
