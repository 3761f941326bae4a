# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that answers cannot exceed the limits of memory and depth of a task."""

from __future__ import annotations

import json
import tracemalloc
import zlib
from itertools import count

import pytest
from scripted_client import Answer, Script, listed

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import LostAnswerError, ProtocolError, RefusedError
from ansible_collections.pingone.directory.plugins.module_utils._http import limits
from ansible_collections.pingone.directory.plugins.module_utils._service import paging

MB = 2**20


class Endless(Answer):
    """A body of one gigabyte that counts how much of it was read."""

    def __init__(self, piece: bytes, status: int = 200, **headers: str) -> None:
        super().__init__(status, b"", {name.replace("_", "-"): value for name, value in headers.items()})
        self.piece, self.taken = piece, 0

    def stream(self, _size, decode_content):
        while self.taken < 1024 * MB:
            self.taken += len(self.piece)
            yield self.piece


def bomb():
    """Return some hundred kB that decompress to 100 MB."""
    packer = zlib.compressobj(1, wbits=31)
    return packer.compress(b" " * 100 * MB) + packer.flush(zlib.Z_SYNC_FLUSH)


@pytest.fixture
def peak():
    """Return the peak of memory since the start."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_an_endless_body_is_not_read_to_its_end(packed, peak):
    answer = Endless(bomb(), Content_Encoding="gzip") if packed else Endless(b"[" * MB)
    tracemalloc.reset_peak()
    with pytest.raises(ProtocolError, match=r"the answer to GET /directory/user is larger than 64 MB"):
        Script(answer).client.list("user")
    assert peak() < 300 * MB
    assert answer.taken < 80 * MB


def test_only_the_start_of_a_large_error_is_read():
    answer = Endless(b"No such thing. " * 1000, status=400)
    with pytest.raises(RefusedError, match="HTTP 400, No such thing"):
        Script(answer).client.list("user")
    assert answer.taken < 2 * MB


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_a_compression_that_was_not_requested_is_not_decompressed(encoding):
    with pytest.raises(ProtocolError, match="encoded as .* not requested"):
        Script(Endless(b"x", Content_Encoding=encoding)).client.list("user")


@pytest.mark.parametrize("wbits", [15, 31, -15])
def test_a_compressed_body_is_decompressed(wbits):
    packer = zlib.compressobj(wbits=wbits)
    packed = packer.compress(json.dumps(listed("a")).encode()) + packer.flush()
    answer = Answer(200, packed, {"Content-Encoding": "gzip" if wbits == 31 else "deflate"})
    assert list(Script(answer, listed()).client.list("user").items) == ["a"]


def test_a_truncated_compressed_body_is_read_again():
    packer = zlib.compressobj(wbits=31)
    packed = packer.compress(json.dumps(listed("a", total=1)).encode()) + packer.flush()
    headers = {"Content-Encoding": "gzip"}
    script = Script(Answer(200, packed[:-20], headers), Answer(200, packed, headers), listed())
    assert list(script.client.list("user").items) == ["a"] and script.client.retries == 1


@pytest.mark.parametrize("item", ["{}", "[]", '{"a":1}', '[[]]', '"ab"', "1000", '{"a":{"b":[]}}', '"\\ud83d\\ude00x"'])
def test_the_memory_estimate_of_a_body_is_never_too_low(item, peak):
    content = ("[" + ",".join([item] * 50000) + "]").encode()
    json.loads(content)
    assert peak() < limits.memory_of(content) * 1.1


def test_a_body_that_needs_too_much_memory_is_not_parsed():
    with pytest.raises(ProtocolError, match="would need more than 320 MB of memory"):
        Script(b"[" + b"{}," * 3_000_000 + b"{}]").client.list("user")


def test_a_body_of_50000_members_is_within_limits():
    members = [{"value": "11111111-aaaa-4bbb-8ccc-000000000001", "type": "user", "display": "ann@example.org"}] * 50000
    assert limits.parse(json.dumps(members).encode()) == members


@pytest.mark.parametrize("depth", [102, 900, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deeply_nested_json_is_reported_in_one_line(depth, opening, closing):
    body = (opening * depth + "1" + closing * depth).encode()
    with pytest.raises(ProtocolError, match="nested deeper than 100 levels") as caught:
        Script(b'{"id": "id-1", "x": ' + body + b"}").client.get("user", "id-1")
    assert "\n" not in str(caught.value)
    with pytest.raises(LostAnswerError):
        Script(body).client.create("user", {})
    assert Script(body).client.replace("user", "id-1", {}) is None


def test_endless_pages_are_limited(monkeypatch):
    numbers = count()
    script = Script(lambda _sent: listed(f"id-{next(numbers)}", total=10**9), forever=True)
    monkeypatch.setattr(paging, "MAX_PAGES", 50)
    with pytest.raises(ProtocolError, match="the list of users has no end.*50 pages"):
        script.client.list("user")


def test_all_lists_of_a_task_share_a_limit(monkeypatch, peak):
    numbers = count()

    def page(_sent):
        return listed(*[{"id": f"id-{next(numbers)}", "userName": "x" * 1000} for _unused in range(1000)], total=10**9)

    script = Script(page, forever=True)
    monkeypatch.setattr(paging, "MAX_LISTED_MEMORY", 20 * MB)
    with pytest.raises(ProtocolError, match="too large for one task"):
        script.client.list("user")
    assert peak() < 60 * MB
