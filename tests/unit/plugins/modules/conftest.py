# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for the tests of the modules."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

# ansible-test sets no path for modules that the tests share.
sys.path.insert(0, str(Path(__file__).resolve().parent))

RESULT_KEYS = {
    "p1_user": {"user"},
    "p1_group": {"group"},
    "p1_group_membership": {"group", "added", "removed"},
    "p1_directory": {
        "plan",
        "plan_sha256",
        "predicted",
        "counts",
        "drift",
        "failed_items",
        "people",
        "base_url",
        "truncated",
        "backup_file",
    },
    "p1_directory_info": {"directory", "counts", "probe"},
    "p1_directory_export": {"dest", "counts"},
}
# These keys exist only on success: an empty result differs from an unknown one.
ON_SUCCESS = {"p1_user_info": {"users", "total", "base_url"}, "p1_group_info": {"groups", "total", "base_url"}}
# Read-only modules have no diff.
READERS = (*ON_SUCCESS, "p1_directory_info")

# What Ansible and the playground add to a result.
_ADDED = {"deprecations", "exception", "failed", "invocation", "msg", "sent", "warnings"}


def check_result(module_name, options, result, api_key):
    """Check what the contract requires of the result of every task."""
    keys = set(result) - _ADDED
    if result.get("failed"):
        assert result["msg"] == " ".join(result["msg"].split()), f"not one line: {result['msg']!r}"
        assert len(result["msg"]) < 2500
        if "api" not in result:
            return  # Ansible itself refused the options
        assert set(result["failure"]) == {"operation", "status", "detail"}
        keys -= {"failure", "diff", "problems", "exceeded_limits"}
        wanted = RESULT_KEYS.get(module_name, set())
    else:
        assert ("diff" in keys) == (options.get("diff", True) and module_name not in READERS)
        keys -= {"diff"}
        wanted = RESULT_KEYS.get(module_name) or ON_SUCCESS[module_name]
    assert keys == {"changed", "api"} | wanted, f"result keys of {module_name}: {sorted(keys)}"
    assert set(result["api"]) == {"reads", "writes", "retries", "throttled_seconds"}
    text = json.dumps({name: value for name, value in result.items() if name != "sent"})
    assert api_key not in text
    for secret in filter(None, (options.get("password"),)):
        assert secret not in text, f"the password shows in {text}"


@pytest.fixture
def directory(playground):
    """The playground, which after every run also checks what must hold for every result."""
    run = playground.run

    def checked(module_name, **options):
        result = run(module_name, **options)
        check_result(module_name, options, result, playground.service.api_key)
        if "api" in result and result["sent"]:
            reads = sum(entry["method"] == "GET" for entry in result["sent"])
            counted = (result["api"]["reads"], result["api"]["writes"])
            assert counted == (reads, len(result["sent"]) - reads), f"api differs from {result['sent']}"
        return result

    playground.run = checked
    return playground


@pytest.fixture
def no_waiting():
    """Replace the waits of modules by a clock that jumps."""
    from soak.world import time_stands_still

    with time_stands_still():
        yield


@pytest.fixture(autouse=True)
def no_connection_from_environment(monkeypatch):
    """Remove the settings in the environment of the user who runs the tests."""
    for name in ("CLIENT_ID", "API_KEY", "REGION", "BASE_URL", "VALIDATE_CERTS", "CA_PATH"):
        monkeypatch.delenv(f"P1_{name}", raising=False)
