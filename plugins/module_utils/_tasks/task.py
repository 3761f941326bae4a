# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The interface of a task: options -> plan -> apply -> result. Only ``execute()`` calls it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .._plan.steps import Plan, Step
from .._service.lookup import Lookup

if TYPE_CHECKING:
    from .._apply.outcome import Outcome
    from .._core import errors
    from .._service.client import DirectoryClient


@dataclass(frozen=True, eq=False, repr=False)
class Planned:
    """The result of planning. Tasks extend it if their result or diff shows more than the plan."""

    plan: Plan = field(default_factory=Plan)

    @property
    def changes(self) -> bool:
        """Whether applying the plan changes anything."""
        return self.plan.changed


@dataclass(frozen=True, eq=False, repr=False)
class Applied:
    """The result of applying a plan; in check mode, the expected result.

    :ivar outcomes: the outcomes of all applied steps, including partly completed ones.
    :ivar error: the error that stopped the run, or None.
    """

    outcomes: Mapping[Step, Outcome] = field(default_factory=dict)
    error: errors.DirectoryError | None = None


class Task(ABC):
    """One module: its options, how it makes and applies a plan, and its result.

    :meth:`plan`, :meth:`preview` and :meth:`apply` return frozen values. :meth:`result` and :meth:`diff` depend only on these
    values and the options. Tasks extend :class:`Planned` and :class:`Applied` as needed.

    :param params: the options, as returned by ``effective_options``.
    :param warn: called with one line.
    :param fail_on_missing: whether a missing object is an error; if not, an earlier task, which was planned but not applied,
        may create it, and the task warns.
    :cvar constraints: arguments of AnsibleModule such as ``required_one_of``.
    :cvar writes: whether the task can make changes; a task that only reads has no diff.
    :cvar sensitive_options: options with secrets that Ansible does not recognize; results hide their values.
    :cvar empty_result: the result keys of a task that failed before it read anything.
    :cvar needs_service: whether the task sends requests; if not, it needs neither credentials nor ``requests``.
    """

    constraints: dict[str, Any] = {}
    writes: bool = True
    sensitive_options: tuple[str, ...] = ()
    empty_result: dict[str, Any] = {}
    needs_service: bool = True

    def __init__(
        self,
        client: DirectoryClient,
        params: dict[str, Any],
        warn: Callable[[str], None],
        *,
        fail_on_missing: bool = True,
    ) -> None:
        self.client = client
        self.params = params
        self.warn = warn
        self.fail_on_missing = fail_on_missing
        self.lookup = Lookup(client, warn)

    @staticmethod
    @abstractmethod
    def argument_spec() -> dict[str, dict[str, Any]]:
        """Return the options of the module, without the connection options."""

    @classmethod
    def variant(cls, options: Mapping[str, Any]) -> type[Task]:
        """Return the task class for some options. It has the same options and result keys."""
        return cls

    @property
    @abstractmethod
    def attempt(self) -> str:
        """What the task attempts, as an infinitive, for messages of errors that do not name an operation."""

    @abstractmethod
    def plan(self) -> Planned:
        """Read the objects and make a plan, without writing.

        :raises DirectoryError: the options are invalid, the service cannot be read, or the plan is refused.
        """

    def preview(self, planned: Any) -> Applied:
        """Return the expected result of applying a plan, without writing to the service.

        :raises DirectoryError: a local file cannot be written.
        """
        return Applied()

    def apply(self, planned: Any) -> Applied:
        """Apply a plan. The return value includes an error after the first write, so that the result shows all writes.

        :raises DirectoryError: nothing was changed.
        """
        return Applied()

    @abstractmethod
    def result(self, planned: Any, applied: Any) -> dict[str, Any]:
        """Return the documented keys of the result, without ``changed``, ``api`` and ``diff``."""

    def diff(self, planned: Any, applied: Any) -> dict[str, Any] | list[dict[str, Any]]:
        """Return a dictionary with ``before`` and ``after`` for Ansible's diff mode, or a list of them."""
        raise NotImplementedError

    def views(self, planned: Any, applied: Any, *, with_diff: bool) -> dict[str, Any]:
        """Return the keys of the result, with ``diff`` if it is requested and the task can make changes."""
        shown = self.result(planned, applied)
        if with_diff and self.writes:
            shown["diff"] = self.diff(planned, applied)
        return shown

    def refused(self, error: errors.DirectoryError) -> dict[str, Any]:
        """Return the result keys of a task that failed before it changed anything; they replace those in :attr:`empty_result`."""
        return {}
