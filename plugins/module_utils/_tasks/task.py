# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The protocol of a task: options -> plan -> apply -> result. ``execute()`` is its one caller."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .._plan.steps import Plan, Step
from .._service.lookup import Lookup

if TYPE_CHECKING:
    from .._apply.outcome import Outcome
    from .._core.errors import DirectoryError
    from .._service.client import DirectoryClient


@dataclass(frozen=True, eq=False, repr=False)
class Planned:
    """What planning found. A task whose result or diff shows more than the plan extends it."""

    plan: Plan = field(default_factory=Plan)

    @property
    def changes(self) -> bool:
        """Whether applying the plan changes anything."""
        return self.plan.changed


@dataclass(frozen=True, eq=False, repr=False)
class Applied:
    """What was done; in check mode, what a run that nothing interferes with would have done.

    :ivar outcomes: of each step that was carried out, also of one that failed half-way.
    :ivar error: the error that ended the run early, or None.
    """

    outcomes: Mapping[Step, Outcome] = field(default_factory=dict)
    error: DirectoryError | None = None


class Task(ABC):
    """One module: its options, the plan made from them, applying the plan, and the result.

    The values that :meth:`plan`, :meth:`preview` and :meth:`apply` return are frozen, and all that :meth:`result` and
    :meth:`diff` know beside the options. A task extends :class:`Planned` and :class:`Applied` as it needs.

    :param params: the options, as ``effective_options`` returns them.
    :param warn: called with one line.
    :param fail_on_missing: whether an object that does not exist is an error; otherwise an earlier task, which was
        planned and not applied, may be about to create it, and there is a warning.
    :cvar constraints: arguments of AnsibleModule such as ``required_one_of``.
    :cvar writes: whether the task can change anything; one that only reads has no diff.
    :cvar sensitive_options: options that hold secrets where Ansible does not look for them; results hide their values.
    :cvar empty_result: the result keys of a task that failed before it had found anything.
    :cvar needs_service: whether the task sends requests; one that does not needs neither credentials nor ``requests``.
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
        """Return the options of the module without those of the connection."""

    @classmethod
    def variant(cls, options: Mapping[str, Any]) -> type[Task]:
        """Return the task that some options ask for; it has the same options and result keys."""
        return cls

    @property
    @abstractmethod
    def attempt(self) -> str:
        """What the task attempts, as an infinitive, for messages of errors that name no operation of their own."""

    @abstractmethod
    def plan(self) -> Planned:
        """Read the required objects and plan without writing.

        :raises DirectoryError: the options are invalid, the service cannot be read, or the plan is refused.
        """

    def preview(self, planned: Any) -> Applied:
        """Return the expected result of applying a plan, without writing to the service.

        :raises DirectoryError: a local file cannot be written.
        """
        return Applied()

    def apply(self, planned: Any) -> Applied:
        """Apply a plan. An error after the first write is a part of what is returned, so that the result shows all writes.

        :raises DirectoryError: nothing was done.
        """
        return Applied()

    @abstractmethod
    def result(self, planned: Any, applied: Any) -> dict[str, Any]:
        """Return the keys of the result that the module documents, without ``changed``, ``api`` and ``diff``."""

    def diff(self, planned: Any, applied: Any) -> dict[str, Any] | list[dict[str, Any]]:
        """Return ``before`` and ``after`` in the shape of Ansible's diff mode, or a list of them."""
        raise NotImplementedError

    def views(self, planned: Any, applied: Any, *, with_diff: bool) -> dict[str, Any]:
        """Return the keys of the result, with ``diff`` if it is requested and the task can make changes."""
        shown = self.result(planned, applied)
        if with_diff and self.writes:
            shown["diff"] = self.diff(planned, applied)
        return shown

    def refused(self, error: DirectoryError) -> dict[str, Any]:
        """Return the keys of the result of a task that failed before anything was done, in place of :attr:`empty_result`."""
        return {}
