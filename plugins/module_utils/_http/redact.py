# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Redact secrets in text from the service, libraries and proxies."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, unquote_plus

from .._core import errors
from .credentials import mask_user_info

# The number of characters of an answer that are searched for an error text. The text is truncated further.
MAX_WORDS = 20000

# Such a link allows its reader to take over an account, so it is always a secret. It is masked even without its scheme,
# which readers can add.
_WORD = re.compile(r"""[^\s"'<>]+""")
_LINK_START = re.compile(
    r"https?(?::|%3A)(?:\\?/|%2F){2}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,30}[a-z][a-z0-9-]{1,62}(?::\d{1,5})?(?:\\?/|%2F)",
    re.IGNORECASE,
)
_LINK_SIGN = re.compile("token|confirm|registration|password", re.IGNORECASE)


_BASE64 = re.compile("[A-Za-z0-9+/_-]+=*")
_MIN_BASE64 = 6  # minimum number of characters of an encoded secret; shorter ones occur in ordinary text


def redact(text: object, secrets: Iterable[str]) -> str:
    """Return text for a message: on one line, truncated to a readable length, and without secrets."""
    return errors.one_line(hide(errors.one_line(text, MAX_WORDS), secrets), 600)


def hide(text: str, secrets: Iterable[str]) -> str:
    """Remove secrets from a text, in every encoding that an answer may use.

    Known forms of a secret are masked. If a secret appears only after decoding the text, the whole text is withheld.
    """
    from html import escape  # loaded only if there is an error to report

    forms = set()
    for secret in secrets:
        plain = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
        plain |= {form.replace("/", "\\/") for form in plain}
        plain |= {escape(secret), escape(secret, quote=False), quote(secret, safe="")}
        forms |= plain | {errors.one_line(form, MAX_WORDS) for form in plain}
    # Longest first, because one secret may begin with another.
    for form in sorted(forms - {""}, key=len, reverse=True):
        text = text.replace(form, "********")
    encoded = {form for secret in secrets for form in _base64_forms(secret)}
    if encoded:
        # A pattern that contains the forms would scan a long word once for each of its characters, which is slow.
        text = _BASE64.sub(lambda word: "********" if any(form in word[0] for form in encoded) else word[0], text)
        if any(form in re.sub(r"\\?\s+|\\n", "", text) for form in encoded):
            return "(withheld: it contains a secret)"
    text = _WORD.sub(_without_link, text)
    bare = {form for secret in secrets for form in (secret, errors.one_line(secret, MAX_WORDS))} - {""}
    text = mask_user_info(text)
    for decoded in _decoded(text):
        folded = errors.one_line(decoded, MAX_WORDS)
        if any(form in decoded or form in folded for form in bare | encoded) or any(map(_link_in, _WORD.findall(decoded))):
            return "(withheld: it contains a secret)"
    return text


def _base64_forms(secret: str) -> set[str]:
    """Return the parts that Base64 text contains if it encodes a secret: for each offset, and in both alphabets."""
    forms = set()
    raw = secret.encode("utf-8", "surrogatepass")
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + raw).decode("ascii")
        # The characters at both ends also encode bits of the adjacent text.
        inner = text[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]
        if len(inner) >= _MIN_BASE64:
            forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return forms


def _link_in(word: str) -> re.Match[str] | None:
    """Find the start of a link that grants access in a word; return the match or None."""
    link = _LINK_START.search(word)
    return link if link and _LINK_SIGN.search(word, link.end()) else None


def _without_link(match: re.Match[str]) -> str:
    word: str = match[0]
    link = _link_in(word)
    return word[: link.start()] + "(link withheld)" if link else word


def _decoded(text: str) -> set[str]:
    """Return all decoded forms of a text: by each decoding, and by each combination of two decodings."""
    from html import unescape

    found = {text}
    for _depth in range(2):
        found |= {decode(known) for known in found for decode in (unescape, unquote, unquote_plus, _unescape_json)}
    return found - {text}


def _unescape_json(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else match[2]

    if "\\" not in text:
        return text
    text = re.sub(r"\\(?:u([0-9a-fA-F]{4})|([\"'/\\]))", character, text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two escapes may be one character
