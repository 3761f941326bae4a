# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""Evaluate the results of a role's tasks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def only_planned(results: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether a task ran in check mode: it reports a change but sent no write request.

    The variable ``ansible_check_mode`` does not show this if ``check_mode`` is set only on a block or on the role.

    :param results: the results of modules of this collection; the result of a loop contains the single ones in ``results``.
    """
    for result in results:
        for item in result.get("results") or (result,):
            if item.get("changed") and "api" in item and not item["api"].get("writes"):
                return True
    return False
