# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Limits for answers: the size of the decompressed body, the memory of its values, and the depth of its JSON.

Even a malicious answer must not make a task use more than 500 MB of memory.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any

MAX_BYTES = 64 * 2**20  # bytes of a decompressed body: about 80,000 users or 500,000 members
MAX_ERROR_BYTES = 2**20  # bytes of an error body; the rest is not read
MAX_MEMORY = 320 * 2**20  # bytes of memory for a parsed body
MAX_DEPTH = 100  # levels of nesting; a representation has about six, and Python fails at about 1,000

_CHUNK = 2**16


class TooMuch(ValueError):
    """An answer exceeds a limit. The text is the rest of a sentence that begins with "the answer"."""


def read_body(chunks: Iterable[bytes], encoding: str, limit: int, whole: bool = True) -> bytes:
    """Read and decompress a body.

    :param chunks: the bytes as received.
    :param encoding: the header ``Content-Encoding``, or ''.
    :param limit: the maximum number of decompressed bytes.
    :param whole: whether to refuse a longer body; if False, only its beginning is returned.
    :raises TooMuch: the body is too long, or has an encoding that was not requested.
    :raises zlib.error: the body does not have the encoding that the header states.
    """
    found = bytearray()
    for piece in _unpacked(chunks, encoding.strip().lower()):
        found += piece
        if len(found) > limit:
            if whole:
                raise TooMuch(f"is larger than {limit // 2**20} MB")
            break
    return bytes(found[:limit])


def _unpacked(chunks: Iterable[bytes], encoding: str) -> Iterable[bytes]:
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise TooMuch(f"is encoded as {encoding[:40]!r}, which was not requested")
    # Adding 32 detects zlib or gzip by header. Some servers send "deflate" without a header.
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    first = True
    for chunk in chunks:
        if first and encoding == "deflate" and chunk and chunk[0] & 0x0F != 8:
            unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        first = first and not chunk
        while chunk and not unpacker.eof:
            yield unpacker.decompress(chunk, _CHUNK)
            chunk = unpacker.unconsumed_tail
    if not first and not unpacker.eof:
        raise zlib.error("the compressed body is cut short")


def parse(content: bytes) -> Any:
    """Parse a JSON body, which may begin with a byte order mark.

    :raises TooMuch: the values would need too much memory, or are nested too deeply.
    :raises ValueError: the body is not JSON.
    """
    if memory_of(content) > MAX_MEMORY:
        raise TooMuch(f"would need more than {MAX_MEMORY // 2**20} MB of memory")
    try:
        value = json.loads(content)
    except RecursionError:
        raise TooMuch(f"is nested deeper than {MAX_DEPTH} levels") from None
    level = [value]
    for _depth in range(MAX_DEPTH + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return value
    raise TooMuch(f"is nested deeper than {MAX_DEPTH} levels")


def memory_of(content: bytes) -> int:
    """Estimate the memory in bytes for a JSON body and its parsed values. The estimate is never much too low.

    It is based on the sizes of objects and values in CPython 3.10 to 3.13. The widest character of a text determines the
    size of all its characters.
    """
    wide = 1 if content.isascii() and b"\\u" not in content else 4
    objects = content.count(b"{")
    values = content.count(b",") + content.count(b"[") + objects
    return len(content) * (1 + 2 * wide) + 192 * objects + 72 * values
