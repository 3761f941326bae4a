# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test errors that carry the outcome of an interrupted step."""

from __future__ import annotations

from ansible_collections.pingone.directory.plugins.module_utils._apply.outcome import Outcome, StepError
from ansible_collections.pingone.directory.plugins.module_utils._core.errors import RateLimitError


def test_replacing_the_outcome_keeps_the_cause():
    cause = RateLimitError("too many requests", status=429, hint="Wait")
    first = StepError(cause, Outcome(False), "Wait longer")
    again = first.with_outcome(Outcome(True))
    assert again.__cause__ is cause and again.outcome.changed
    assert (again.status, again.hint, again.fatal) == (429, "Wait longer", True)
