# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the text of an error: one line with the attempted operation, the reason, and the remedy."""

from __future__ import annotations

import inspect

import pytest
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._apply.outcome import Outcome, StepError, partial_failure
from ansible_collections.pingone.directory.plugins.module_utils._core import errors as _errors
from ansible_collections.pingone.directory.plugins.module_utils._core.errors import (
    AuthenticationError,
    DirectoryError,
    LostAnswerError,
    NotStoredError,
    RateLimitError,
    StoppedError,
    TransportError,
    attempting,
    one_line,
)

FAMILY = [kind for _name, kind in inspect.getmembers(_errors, inspect.isclass) if kind.__module__ == _errors.__name__]


@pytest.mark.parametrize("kind", FAMILY)
def test_every_error_is_a_directory_error(kind):
    assert issubclass(kind, DirectoryError)
    assert inspect.getdoc(kind)
    error = kind("reason", operation="update user 'ann'", status=400, detail="words", hint="Do that")
    assert error.failure == {"operation": "update user 'ann'", "status": 400, "detail": "words"}
    assert str(error) == "Could not update user 'ann': reason. Do that"


def test_fatal_and_uncertain_errors():
    assert {kind for kind in FAMILY if kind.fatal} == {
        AuthenticationError,
        RateLimitError,
        StoppedError,
        TransportError,
    }
    assert {kind for kind in FAMILY if kind.uncertain} == {LostAnswerError, _errors.AnswerTimeoutError}


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (DirectoryError("reason"), "reason"),
        (DirectoryError("reason."), "reason."),
        (DirectoryError("reason.", hint="Do"), "reason. Do"),
        (DirectoryError("a\nb\tc  d\x00"), "a b c d"),
        (DirectoryError("why", operation="do it"), "Could not do it: why"),
    ],
)
def test_text(error, text):
    assert str(error) == text


def test_the_innermost_operation_is_kept():
    cause = ValueError("cause")
    error = NotStoredError("why", attributes=["title"], hint="Do")
    error.__cause__ = cause
    with pytest.raises(NotStoredError) as caught, attempting("do more"), attempting("do it"):
        raise error
    assert str(caught.value) == "Could not do it: why. Do"
    assert (caught.value.attributes, caught.value.__cause__) == (("title",), cause)
    assert error.operation is None  # The original error is not modified.


def test_replacing_the_hint_creates_a_new_error():
    error = DirectoryError("why", operation="do it", status=500, hint="Do", fatal=True)
    other = error.replace(hint="Do more")
    assert (other.operation, other.status, other.hint, other.fatal) == ("do it", 500, "Do more", True)
    assert error.hint == "Do"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        (" a \r\n b ", 9, "a b"),
        ("", 1, ""),
        (None, 9, "None"),
        ("a\u2028b\u202ec", 9, "a b c"),
    ],
)
def test_one_line(text, limit, expected):
    assert one_line(text, limit) == expected


@PROPERTY
@given(st.text(max_size=300), st.integers(1, 100))
def test_one_line_limits_the_length(text, limit):
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line.isprintable()
    assert line == one_line(line, limit)


def test_a_step_error_keeps_its_cause_and_outcome():
    cause = NotStoredError("why", attributes=["title"], operation="do", status=400, detail="words", hint="hint")
    error = partial_failure(cause, Outcome(True, {"id": "x"}))
    assert isinstance(error, StepError)
    assert (str(error), error.failure) == (str(cause), cause.failure)
    assert error.__cause__ is cause
    assert error.outcome.changed
    assert partial_failure(error, Outcome(False)) is error
    assert cause.attributes == ("title",)
    fatal = StepError(TransportError("gone"), Outcome(False))
    assert fatal.fatal
