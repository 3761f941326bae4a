# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The plan of a whole directory: its steps with the rows they show as, drift, counts, hash. Pure; see ``_directory``."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..._core.errors import InputError
from ..._scim.members import members_of
from ..._scim.tables import GROUP
from ..steps import OPERATIONS, Plan, Step
from .drift import empty_drift
from .preconditions import Preconditions
from .rows import MAX_NAMED


@dataclass(frozen=True, eq=False)
class DirectoryPlan(Plan):
    """A plan for a whole directory.

    :ivar drift: for each class of :data:`DRIFT_CLASSES` a list of ``{kind, key}`` (memberships with ``member``).
    :ivar unchanged: desired objects and memberships that are so already, by kind.
    :ivar warnings: lines for a person.
    :ivar phases: the steps, by the phase in which they are carried out.
    :ivar needs: for a step, the steps without which it is not attempted.
    :ivar preconditions: what must still hold right before the writes; None: there are no steps.
    :ivar whole: whether it is made from the whole desired state; false where some of it could not be read or matched.
    :ivar secret_key: the key of the HMACs by which secrets enter the hash.
    """

    drift: dict[str, list[dict[str, Any]]] = field(default_factory=empty_drift)
    unchanged: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    phases: tuple[tuple[Step, ...], ...] = ()
    needs: dict[Step, list[Step]] = field(default_factory=dict)
    preconditions: Preconditions | None = None
    whole: bool = True
    secret_key: bytes = b""

    @cached_property
    def _rows(self) -> dict[Step, list[dict[str, Any]]]:
        return {step: step.rows() for step in self.steps}

    def rows_of(self, step):
        """The rows of one step, the same dictionaries each time."""
        return self._rows[step]

    def rows(self):
        return [row for step in self.steps for row in self.rows_of(step)]

    def approvable_sha256(self) -> str | None:
        """Return the hash by which the plan can be approved; None for one that is not made from the whole desired state."""
        return self.sha256() if self.whole else None

    def sha256(self):
        """Return the hash of the whole plan: rows, the ids in them, the members of deleted groups, and secrets.

        The order of lists does not count, neither in the desired nor in the current state. Rows mask secrets; each
        enters as an HMAC, so that a swapped password is another plan, and the hash is no means to guess one.
        """
        digest = hashlib.sha256()
        for step in self.steps:
            for row in self.rows_of(step):
                digest.update(_canonical({**row, "changes": _unordered(row["changes"])}) + b"\n")
            if step.action == "delete" and step.resource is GROUP:
                # No rows of their own, and gone all the same.
                digest.update(_canonical(["members", *sorted(members_of(step.before))]) + b"\n")
            for name, value in sorted(step.secrets().items()):
                secret = _canonical([step.resource.kind, step.key, step.id, name, value])
                digest.update(hmac.new(self.secret_key, secret, "sha256").digest())
            if step.option:
                digest.update(f"option {step.key} {step.option}\n".encode("utf-8", "backslashreplace"))
        return digest.hexdigest()

    def counts(self):
        """How many of each operation, by kind."""
        counts = {
            kind: dict.fromkeys([*OPERATIONS.values(), "unchanged", "failed"], 0)
            for kind in ("user", "group", "membership")
        }
        for row in self.rows():
            counts[row["kind"]][OPERATIONS[row["operation"]]] += 1
        for kind, number in self.unchanged.items():
            counts[kind]["unchanged"] = number
        return counts

    @staticmethod
    def makes_group(step):
        return step.action == "create" and step.resource is GROUP

    def predicted(self, chunk, group_pages=0):
        """Requests to come: each step's, as the service is documented to answer (see guide_bulk).

        :param group_pages: how many requests a list of all groups takes.
        """
        # The groups are read again before something is taken away, and before and after groups are created.
        makes_groups = any(map(self.makes_group, self.steps))
        reads = group_pages * (any(step.takes_away for step in self.steps) + 2 * makes_groups)
        writes = 0
        for step in self.steps:
            if step.action == "members":
                writes += -(-len(step.remove) // chunk) + -(-len(step.add) // chunk)
                # The answer shows the members; of a group that was emptied it shows none, which proves nothing.
                reads += bool(step.remove) and len(step.remove) == len(members_of(step.before))
            else:
                writes += 1
                reads += {"create": 0, "update": 1, "delete": 2}[step.action]
        return {"reads": reads, "writes": writes}


class PlanRefused(InputError):
    """A plan that is refused as a whole, with all that is wrong with it.

    :ivar problems: one line each.
    """

    def __init__(self, problems, plan):
        shown = problems[:MAX_NAMED]
        more = f"; and {len(problems) - len(shown)} more" if len(problems) > len(shown) else ""
        head = "" if len(problems) == 1 else f"{len(problems)} problems: "
        super().__init__(f"{head}{'; '.join(shown)}{more}")
        self.problems = problems
        self.plan = plan


def _canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=True, default=str).encode("ascii")


def _unordered(value):
    """A value in which the order of lists does not show."""
    if isinstance(value, dict):
        return {name: _unordered(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return sorted((_unordered(inner) for inner in value), key=_canonical)
    return value
