# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Credentials in the places where they are expected: URLs, environment variables, headers. Every task loads this module."""

from __future__ import annotations

import base64
import os
import re
from urllib.parse import unquote

# Everything before the last @ of a URL, because an unescaped password may contain / # ?
_USER_INFO = r"""((?:\b[a-z][a-z0-9+.-]*):(?:\\?/|%2F){2})(?:[^\s"'<>@/?#:]*:[^\s"'<>]*|[^\s"'<>/?#]*)@"""


def mask_user_info(text: str) -> str:
    """Mask the user and the password of every URL in a text."""
    # Names contain @ too. The quick check avoids the regular expression for text without a URL.
    is_address = "@" in text and ("/" in text or "%2f" in text.lower())
    return re.sub(_USER_INFO, r"\1********@", text, flags=re.IGNORECASE) if is_address else text


def proxy_secrets() -> list[str]:
    """Return the secrets of the proxies in the environment: passwords, and users with their passwords.

    Libraries end the host of a URL at the first ``/``, ``?`` or ``#``, even in an unescaped password, and report the text
    before it. Each part of a password between these characters is therefore a secret, too.
    """
    found = []
    for name, value in os.environ.items():
        if not name.lower().endswith("_proxy") or name.lower() == "no_proxy" or "@" not in value:
            continue
        scheme_and_info = value.rpartition("@")[0]
        infos = (scheme_and_info.partition("://")[2] or scheme_and_info, scheme_and_info.rpartition("://")[2])
        for info in dict.fromkeys(infos):
            user, colon, password = info.partition(":")
            for part in (info, password if colon else user):
                ends = [place.start() for place in re.finditer("[/?#]", part)]
                pieces = [part, *(part[:end] for end in ends), *(part[end + 1 :] for end in ends)]
                found += [form for piece in pieces for form in (piece, unquote(piece)) if len(form) > 2]
    return found


def basic_credentials(auth: tuple[bytes, bytes]) -> str:
    """Return the user and the password as encoded for Basic authentication."""
    return base64.b64encode(b":".join(auth)).decode("ascii")
