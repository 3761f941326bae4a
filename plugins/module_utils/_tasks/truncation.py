# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Results no larger than an event that AWX keeps."""

from __future__ import annotations

import json

from .._plan.directory.drift import DRIFT_CLASSES

# AWX drops an event that is larger than this.
RESULT_BYTES = 400_000


# What the rest of a result may take of it: counts, messages, the options as given.
RESULT_RESERVE = 40_000


def truncate_result(result, most, size):
    """A result with at most so many rows a list, and so many bytes together; ``truncated`` tells whether it was cut.

    What failed and what is wrong come before the plan, the plan before the drift.
    """
    result["drift"] = dict(result["drift"])
    lists = [(result, name) for name in ("problems", "failed_items", "plan") if name in result]
    first = len(lists)
    lists += [(result["drift"], name) for name in DRIFT_CLASSES]
    # The diff, which a verbose run adds, has a quarter of the room of its own.
    room = size - size // 4
    truncated = False
    for position, (holder, name) in enumerate(lists):
        share = room // (first + 1 - position if position < first else len(lists) - position)
        kept, used = [], 0
        for row in holder[name][:most]:
            length = len(json.dumps(row, default=str)) + 2
            if used + length > share:
                break
            used += length
            kept.append(row)
        room -= used
        truncated = truncated or len(kept) < len(holder[name])
        holder[name] = kept
    result["truncated"] = truncated
    return result
