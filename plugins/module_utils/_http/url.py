# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Validate the base URL, which determines where credentials are sent."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from .._core import errors
from .._core.names import show

# [doc] Creating Requests: the base URLs of the three regions, including /api.
REGIONS = {
    "na": "https://directory-api.pingone.com/api",
    "eu": "https://directory-api.pingone.eu/api",
    "au": "https://directory-api.pingone.com.au/api",
}

# The pattern is strict, because parsers interpret user info, backslashes and escapes differently, which could send the
# key to a host other than the validated one.
_BASE_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>(?:/[A-Za-z0-9._~-]+)*)/*"
)
_LOOPBACK = re.compile(r"localhost|\[::1\]|127\.(?:25[0-5]|2[0-4]\d|1?\d?\d)\.(?:25[0-5]|2[0-4]\d|1?\d?\d)\.(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_HINT = "Use https://HOST/api, or omit base_url and set region"


def resolve_base_url(region: str | None = "na", base_url: str | None = None) -> str:
    """Return the base URL of the API for the options ``region`` and ``base_url``, without a trailing slash.

    :raises InputError: credentials must not be sent to this URL.
    """
    text = (base_url or "").strip()
    if not text:
        return REGIONS[region or "na"]
    match = _BASE_URL.fullmatch(text)
    if not match:
        raise errors.InputError("base_url is not valid", hint=_HINT)
    if match["scheme"] == "http" and not is_loopback(match["host"]):
        raise errors.InputError(
            f"base_url is plain http for {match['host']}, which would send the API key in clear text; only loopback addresses may use http",
            hint=_HINT,
        )
    if match["port"] and not 0 < int(match["port"]) < 65536:
        raise errors.InputError(f"base_url has the invalid port {match['port']}", hint=_HINT)
    path = match["path"] or "/api"
    if not path.endswith("/api") or any(part in (".", "..") for part in path.split("/")):
        raise errors.InputError(f"base_url ends in {path}, not in /api", hint=_HINT)
    port = f":{match['port']}" if match["port"] else ""
    return f"{match['scheme']}://{match['host']}{port}{path}"


def is_loopback(host: str) -> bool:
    """Return whether a host in a URL is a loopback address, without a DNS query."""
    return _LOOPBACK.fullmatch(host.lower()) is not None


def host_of(base_url: str) -> str:
    """Return the host of a base URL.

    :raises InputError: the URL does not have the form that :func:`resolve_base_url` returns.
    """
    match = _BASE_URL.fullmatch(base_url)
    if match is None:
        raise errors.InputError("base_url is not one that resolve_base_url has returned")
    return match["host"]


def sendable(value: object, name: str) -> str:
    """Return a value as text for a URL.

    :raises InputError: the value cannot be encoded as UTF-8.
    """
    text = str(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise errors.InputError(f"{name} {show(text)} is not valid Unicode") from None
    return text


def with_query(url: str, query: dict[str, object] | None) -> str:
    """Append percent-encoded parameters to a URL.

    :raises InputError: a parameter cannot be encoded as UTF-8.
    """
    if not query:
        return url
    return url + "?" + urlencode({key: sendable(value, key) for key, value in query.items()}, quote_via=quote)
