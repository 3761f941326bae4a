# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""What the results of a role's tasks show. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def only_planned(results: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether a task was in check mode: it reports a change, and has sent no write.

    ``ansible_check_mode`` is false where only the tasks of the role are in check mode, by ``check_mode`` on a block or a role.

    :param results: results of modules of this collection; one of a loop has its own under ``results``.
    """
    for result in results:
        for item in result.get("results") or (result,):
            if item.get("changed") and "api" in item and not item["api"].get("writes"):
                return True
    return False
