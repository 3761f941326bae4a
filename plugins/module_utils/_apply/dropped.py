# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Stop sending attributes of users that the service ignores repeatedly."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from .._core.dotted import clears, concerns, without
from .._scim.tables import USER
from .verification import is_required

if TYPE_CHECKING:
    from .._plan.steps import Step

MAX_DROPS = 2  # ignored writes after which an attribute is treated as not enabled in the directory


class DroppedAttributes:
    """The attributes of users that the service did not store, separately for attributes that were set and cleared.

    :ivar left_out: number of users for which an attribute was not sent, by option name.
    """

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self._drops: Counter[tuple[str, bool]] = Counter()
        self._lock = threading.Lock()

    def count(self, step: Step, names: Iterable[str]) -> None:
        """Count the attributes that a write did not store, except for required attributes, which no setting enables."""
        if step.resource is not USER or step.desired is None:
            return
        with self._lock:
            for name in names:
                cleared = clears(step.desired.values, name)
                if cleared is not None and not is_required(USER, name):
                    self._drops[name, cleared] += 1

    def without_dropped(self, step: Step) -> tuple[Step, set[str]]:
        """Return a step without the attributes that were ignored MAX_DROPS times, and those of them that the step changes."""
        if step.resource is not USER or step.desired is None or step.action == "delete":
            return step, set()
        with self._lock:
            dropped = [key for key, times in self._drops.items() if times >= MAX_DROPS]
        values = step.desired.values
        names = {name for name, cleared in dropped if clears(values, name) is cleared}
        if not names:
            return step, set()
        left_out = {name for name in names if any(concerns(change[0], {name}) for change in step.changes)}
        for name in names:
            values = without(values, name)
        with self._lock:
            self.left_out.update(left_out)
        changes = [change for change in step.changes if not concerns(change[0], names)]
        return replace(step, desired=replace(step.desired, values=values), changes=changes), left_out
