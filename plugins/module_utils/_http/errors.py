# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Extract the reason of a failure from an error body, a header or an exception."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from .._core import errors
from .limits import parse
from .redact import MAX_WORDS

# Keys of a representation in JSON or XML; text that contains them is personal data, not an error text.
_PEOPLE = re.compile(
    r"""urn:scim:schemas:|\\?["'](?:userName|familyName|givenName|emails|resources|totalResults)\\?["']\s*:"""
    r"""|<(?:userName|familyName|givenName|emails|resources|totalResults)\b""",
    re.IGNORECASE,
)


def error_words(content: bytes, hide: Callable[[str], str] | None = None) -> str:
    """Return the error text of the service from an error body of any shape, or '' if it contains none.

    ``Errors[]`` is the form in the specification ([spec] 3.9); the vendor does not document its error bodies. A body that
    looks like a representation is never quoted.

    :param hide: removes secrets from a text. It runs before HTML tags are removed, which could split a secret.
    """
    try:
        words = "; ".join(dict.fromkeys(_words_in(parse(content))))
        return "" if _PEOPLE.search(words) else words
    except ValueError:
        pass
    text = content.decode("utf-8-sig", "replace").strip()
    if _PEOPLE.search(text):
        return ""
    text = text[:MAX_WORDS]
    if hide is not None:
        text = hide(text)
    if "<" in text and ">" in text:
        from html import unescape

        # The title often contains only the status, and a heading contains the reason. Some pages have neither.
        titles = re.findall(r"<(title|h1)\b[^>]*>(.*?)</\1>", text, re.IGNORECASE | re.DOTALL)
        text = "; ".join(dict.fromkeys(errors.one_line(words) for _tag, words in titles)) or re.sub(r"(?is)<(script|style).*?</\1>", " ", text)
        text = unescape(re.sub(r"<[^>]*>", " ", text))
    # Truncate only after redaction, because a part of a secret would not be recognized.
    return errors.one_line(text, MAX_WORDS)


def error_code(body: Any) -> int | None:
    """Return the HTTP status (400 to 599) in an error object, or None."""
    holders = [body]
    for key in ("Errors", "errors", "error"):
        inner = body.get(key)
        holders += inner[:1] if isinstance(inner, list) else [inner]
    for holder in holders:
        for key in ("code", "status", "statusCode"):
            text = str(holder.get(key) if isinstance(holder, dict) else "")
            if text.isdecimal() and len(text) == 3 and 400 <= int(text) < 600:
                return int(text)
    return None


def _words_in(body: Any, depth: int = 0) -> list[str]:
    """Return all texts under the keys that error bodies use, outermost first."""
    if isinstance(body, str):
        return [body]
    found: list[str] = []
    if depth > 4:
        return found
    if isinstance(body, list):
        for item in body[:10]:
            found += _words_in(item, depth + 1)
    elif isinstance(body, dict):
        for key in (
            "Errors",
            "errors",
            "error",
            "description",
            "message",
            "detail",
            "details",
            "error_description",
            "reason",
        ):
            if body.get(key):
                found += [words for words in _words_in(body[key], depth + 1) if words not in found]
    return found


def retry_after_seconds(headers: Mapping[str, str], wall_clock: Callable[[], float] = time.time) -> float | None:
    """Return the seconds in a Retry-After header, or None if the header is missing or invalid.

    A date is compared with the Date header of the answer, if there is one, so that a wrong local clock does not turn a
    short wait into a long one.
    """
    value = (headers.get("Retry-After") or "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(int(value)))
    except OverflowError:
        return None  # a number too large for a float
    except ValueError:
        pass
    from email.utils import parsedate_to_datetime  # requests has loaded it already

    try:
        until = parsedate_to_datetime(value).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    try:
        now = parsedate_to_datetime(headers.get("Date") or "").timestamp()
    except (TypeError, ValueError, OverflowError):
        now = wall_clock()
    return max(0.0, until - now)


def connection_words(signs: str, words: str) -> str:
    """Return why a connection failed, based on the text of the exception, or ``words`` if the reason is not recognized."""
    tunnel = re.search(r"Tunnel connection failed: ([^'\"()]+)", signs)
    if tunnel:
        return f"the proxy refused: {errors.one_line(tunnel[1], 200)}"
    for sign, said in (
        ("refused", "connection refused"),
        ("reset", "connection reset"),
        ("timed out", "timed out"),
        ("ConnectTimeout", "timed out"),
        ("NameResolutionError", "the host name cannot be resolved"),
        ("Name or service", "the host name cannot be resolved"),
        ("Incomplete", "the answer was cut short"),
        ("without response", "closed without an answer"),
        ("Proxy", "the proxy does not answer"),
    ):
        if sign in signs:
            return said
    return errors.one_line(words, 200)


def ssl_words(signs: str, words: str) -> str:
    """Return why a certificate was refused, or ``words`` if the reason is not recognized."""
    match = re.search(r"certificate verify failed: ([^(]+)", signs)
    return f"the certificate was rejected ({match[1].strip(' .')})" if match else errors.one_line(words, 200)
