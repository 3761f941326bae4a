# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run modules in this process, without waiting, and read the state of a service in a form to compare."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import threading
from typing import Any

from ansible.module_utils import basic

from ansible_collections.pingone.directory.plugins.module_utils._http.request import HttpClient

MODULES = "ansible_collections.pingone.directory.plugins.modules"
# Attributes that differ between two otherwise equal accounts.
STAMPS = ("createTimeStamp", "lastModifiedTimeStamp", "lastLoginTime", "accountId", "directoryId")


@contextlib.contextmanager
def time_stands_still():
    """Replace the waits of clients; yield the seconds that they would have slept."""
    defaults = HttpClient.__init__.__kwdefaults__
    before = {name: defaults[name] for name in ("clock", "sleep")}
    lock = threading.Lock()
    slept: list[float] = []
    total = [1000.0]

    def sleep(seconds: float) -> None:
        with lock:
            slept.append(seconds)
            total[0] += seconds

    def clock() -> float:
        with lock:
            return total[0]

    defaults.update(clock=clock, sleep=sleep)
    try:
        yield slept
    finally:
        defaults.update(before)


@contextlib.contextmanager
def module_arguments(arguments: dict[str, Any]):
    """Pass arguments to a module as ansible-core does; patch_module_args is new in 2.17."""
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:
        before = basic._ANSIBLE_ARGS
        basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        try:
            yield
        finally:
            basic._ANSIBLE_ARGS = before
    else:
        with patch_module_args(arguments):
            yield


def run(service: Any, module_name: str, check: bool = False, **options: Any) -> dict[str, Any]:
    """Run a module against a service and return its result."""
    arguments = {
        "base_url": service.base_url,
        "client_id": service.client_id,
        "api_key": service.api_key,
        "retry_timeout": 20,
        **options,
        "_ansible_check_mode": check,
        "_ansible_remote_tmp": "/tmp",
        "_ansible_keep_remote_files": False,
    }
    module = importlib.import_module(f"{MODULES}.{module_name}")
    printed = io.StringIO()
    with module_arguments(arguments), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        module.main()
    return json.loads([line for line in printed.getvalue().splitlines() if line.startswith("{")][-1])


def state(service: Any, ids: bool = False) -> dict[str, Any]:
    """Return the state of a service by names, without stamps: equal for two services that look the same to a user."""
    held = service.dump()
    names = {item: user["userName"] for item, user in held["users"].items()}
    names.update((item, group["displayName"]) for item, group in held["groups"].items())
    users: dict[str, list[Any]] = {}
    groups: dict[str, list[Any]] = {}
    for user_id, user in held["users"].items():
        kept = {name: value for name, value in user.items() if name not in ("meta", "id", "groups", "schemas")}
        for name, value in list(kept.items()):
            if name.startswith("urn:") and isinstance(value, dict):
                kept[name] = {key: inner for key, inner in value.items() if key not in STAMPS}
        kept["password"] = held["passwords"].get(user_id)
        users.setdefault(user["userName"], []).append({**kept, **({"id": user_id} if ids else {})})
    for group_id, group in held["groups"].items():
        members = sorted(names.get(member["value"], "?") for member in group.get("members", []))
        groups.setdefault(group["displayName"], []).append({"members": members, **({"id": group_id} if ids else {})})
    return {"users": users, "groups": groups}
