# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The connection options, and the client that they configure."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from .._core import errors
from .._core.names import counted
from .._http.transport import new_session
from .._http.url import REGIONS, resolve_base_url
from .._service.client import DirectoryClient
from .._service.filters import FilterKnowledge

try:
    from ansible.module_utils.common.parameters import AnsibleFallbackNotFound
except ImportError:  # pragma: no cover - only in the sanity import test
    from ansible.module_utils.basic import AnsibleFallbackNotFound


def nonempty_env_fallback(*names: str) -> str:
    """Return the first variable that is not blank, stripped. Like ``env_fallback``, but blank variables count as not set."""
    for name in names:
        value = os.environ.get(name, "").strip()
        if value:
            return value
    raise AnsibleFallbackNotFound


def _from_env(name: str) -> dict[str, Any]:
    return {"fallback": (nonempty_env_fallback, [name])}


def connection_argument_spec() -> dict[str, dict[str, Any]]:
    """Return the options of the doc fragment ``pingone.directory.connection``."""
    return {
        "client_id": {"type": "str", **_from_env("P1_CLIENT_ID")},
        "api_key": {"type": "str", "no_log": True, **_from_env("P1_API_KEY")},
        "region": {"type": "str", "choices": list(REGIONS), "default": "na", **_from_env("P1_REGION")},
        "base_url": {"type": "str", **_from_env("P1_BASE_URL")},
        "validate_certs": {"type": "bool", "default": True, **_from_env("P1_VALIDATE_CERTS")},
        "ca_path": {"type": "path", **_from_env("P1_CA_PATH")},
        "timeout": {"type": "int", "default": 30},
        "retry_timeout": {"type": "int", "default": 120},
        "max_requests_per_second": {"type": "float"},
    }


class Connections:
    """Sessions that outlive a task, by host and credentials, for tasks that one process runs one after the other.

    A session keeps its open connections and the knowledge about the filters of the service, but no objects or lists. A
    forked process starts without sessions.
    """

    MAX_KEPT = 8

    def __init__(self) -> None:
        self._process = os.getpid()
        self._kept: dict[tuple[Any, ...], tuple[Any, FilterKnowledge]] = {}

    def client(self, options: dict[str, Any], warn: Callable[[str], None], connections: int = 1) -> DirectoryClient:
        """Return a client that uses the session for these connection options; raises like :func:`client_from`."""
        if self._process != os.getpid():
            self._process, self._kept = os.getpid(), {}
        settings = _client_settings(options, warn)
        key = (settings["base_url"], settings["client_id"], settings["api_key"], settings["verify"])
        if key not in self._kept:
            if len(self._kept) >= self.MAX_KEPT:
                self._kept.pop(next(iter(self._kept)))[0].close()
            auth = (settings["client_id"].encode("utf-8"), settings["api_key"].encode("utf-8"))
            self._kept[key] = (new_session(auth, connections), FilterKnowledge())
        session, knowledge = self._kept[key]
        return DirectoryClient(**settings, connections=connections, session=session, filter_knowledge=knowledge)


def client_from(options: dict[str, Any], warn: Callable[[str], None], connections: int = 1) -> DirectoryClient:
    """Return a client with its own session from the connection options.

    :param connections: maximum number of concurrent requests.
    :raises InputError: credentials are missing, or an option is invalid.
    """
    return DirectoryClient(**_client_settings(options, warn), connections=connections)


def no_client(options: dict[str, Any], warn: Callable[[str], None], connections: int = 1) -> DirectoryClient:
    """Return a client without a session, which cannot send requests, for tasks that need no service."""
    return DirectoryClient("https://directory.invalid/api", "", "", session=object())


def _client_settings(options: dict[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    missing = [name for name in ("client_id", "api_key") if not options.get(name)]
    if missing:
        variables = " and ".join(f"P1_{name.upper()}" for name in missing)
        raise errors.InputError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing. Set the option, or {variables} in the environment"
        )
    if ":" in options["client_id"]:
        raise errors.InputError("client_id contains a colon, which Basic authentication cannot carry")
    for name, least in (("timeout", 1), ("retry_timeout", 0)):
        if options[name] < least:
            raise errors.InputError(f"{name} must be at least {counted(least, 'second')}, not {options[name]}")
    pace = options.get("max_requests_per_second")
    if pace is not None and not 0 < pace < float("inf"):
        raise errors.InputError(f"max_requests_per_second must be more than 0, not {pace}")
    verify = options["validate_certs"]
    if not verify:
        warn(
            "validate_certs is false: anyone between this machine and the service can read the API key and change every answer"
        )
    elif options.get("ca_path"):
        verify = options["ca_path"]
        if not os.path.exists(verify):
            raise errors.InputError(f"ca_path {verify} does not exist where the module runs")
    return {
        "base_url": resolve_base_url(options.get("region"), options.get("base_url")),
        "client_id": options["client_id"],
        "api_key": options["api_key"],
        "timeout": options["timeout"],
        "retry_timeout": options["retry_timeout"],
        "verify": verify,
        "max_requests_per_second": pace,
    }
