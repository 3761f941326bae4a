# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The options of p1_directory, and their validation before anything is read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..._core import errors
from ..._documents.csv_columns import DEFAULT_LIST_SEPARATOR
from ..._documents.files import require_possible_path, require_writable
from ..._documents.reading import require_no_csv
from ..._plan.directory.entries import ADDITIVE, EXACT
from ..._plan.directory.rules import Rules
from ..._plan.policy import LIMITS, Limits, Scope
from ..user_settings import USER_SETTINGS_SPEC

# More concurrent requests only slow down a service that handles a few per second, and each needs a thread.
MAX_CONCURRENCY = 64

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "users": {"type": "list", "elements": "dict"},
    "groups": {"type": "list", "elements": "dict"},
    "src": {"type": "path"},
    "columns": {"type": "dict"},
    "list_separator": {"type": "str", "default": DEFAULT_LIST_SEPARATOR},
    "validate_only": {"type": "bool", "default": False},
    "match_users_by": {"type": "str", "choices": ["user_name", "external_id"], "default": "user_name"},
    "unlisted_users": {"type": "str", "choices": ["keep", "disable", "delete"], "default": "keep"},
    "unlisted_groups": {"type": "str", "choices": ["keep", "delete"], "default": "keep"},
    "membership": {"type": "str", "choices": [ADDITIVE, EXACT], "default": ADDITIVE},
    "on_empty": {"type": "str", "choices": ["clear", "keep"]},
    "on_unknown_member": {"type": "str", "choices": ["fail", "warn", "ignore"], "default": "fail"},
    **USER_SETTINGS_SPEC,
    "scope": {"type": "dict", "options": {"users": {"type": "dict"}, "groups": {"type": "dict"}}},
    "protected_users": {"type": "list", "elements": "str"},
    "protected_groups": {"type": "list", "elements": "str"},
    "limits": {"type": "dict", "options": {name: {"type": "str"} for name in LIMITS}},
    "allow_empty": {"type": "bool", "default": False},
    "audit": {"type": "bool", "default": False},
    "approved_plan": {"type": "str"},
    "require_approval": {"type": "bool", "default": False},
    "on_error": {"type": "str", "choices": ["continue", "stop"], "default": "continue"},
    "concurrency": {"type": "int", "default": 4},
    "journal": {"type": "path"},
    "backup": {"type": "path"},
    "max_result_items": {"type": "int", "default": 200},
}


def read_rules(params: Mapping[str, Any]) -> Rules:
    """Return the rules for planning, without ``default_group`` and ``unread``.

    :raises InputError: an option has an invalid value.
    """
    for name, least in (("concurrency", 1), ("max_result_items", 0)):
        if params[name] < least:
            raise errors.InputError(f"{name} must be at least {least}, not {params[name]}")
    if params["concurrency"] > MAX_CONCURRENCY:
        raise errors.InputError(f"concurrency must be at most {MAX_CONCURRENCY}, not {params['concurrency']}")
    if params["approved_plan"] is not None and not params["approved_plan"].strip():
        raise errors.InputError(
            "approved_plan is empty",
            hint="Set it to the plan_sha256 of the check run, or omit it",
        )
    return Rules(
        match_users_by=params["match_users_by"],
        unlisted_users=params["unlisted_users"],
        unlisted_groups=params["unlisted_groups"],
        on_unknown_member=params["on_unknown_member"],
        allow_empty=params["allow_empty"],
        report_undeclared=params["audit"],
        scope=Scope(params["scope"]),
        protected_users=params["protected_users"] or [],
        protected_groups=params["protected_groups"] or [],
        limits=Limits(params["limits"]),
    )


def require_paths(params: Mapping[str, Any], *, writable: bool = True) -> None:
    """Reject paths that would make a run overwrite its own desired state, or add files to that of the next run.

    :param writable: whether it must be possible to write a backup.
    :raises InputError: a path is invalid, cannot be written, or conflicts with another path.
    """
    for name in ("src", "journal", "backup"):
        require_possible_path(name, params[name] or "")
    paths = {name: os.path.realpath(params[name]) for name in ("src", "journal", "backup") if params[name]}
    source = paths.pop("src", None)
    if paths.get("journal") is not None and paths.get("journal") == paths.get("backup"):
        raise errors.InputError("journal and backup are the same file")
    for name, path in paths.items():
        if path == source:
            raise errors.InputError(f"{name} is the document that src names: the run would overwrite its own desired state")
        if source and path.startswith(source + os.sep) and os.sep + "." not in path[len(source) :]:
            raise errors.InputError(
                f"{name} {params[name]} is in the folder that src names. The next run would treat it as a part of the desired state",
                hint="Choose a path outside the folder",
            )
    require_no_csv("backup", params["backup"] or "")
    if params["backup"] and writable:
        require_writable("backup", params["backup"])
