# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on demand."""

from __future__ import annotations

import contextlib
import threading
import time

import pytest
import requests
from emulator_support import Client, user

# What kinds of faults do, and whether the work is done
PATH = "/directory/user"


def created(service):
    """Whether the user of these tests was created."""
    return service.store.user_id("x") is not None


def post(client):
    """The request of these tests."""
    return client.post(PATH, json=user("x"))


def test_status(service, client):
    """An answer instead of the work."""
    service.add_fault(method="POST", path=PATH, kind="status", status=503, headers={"Retry-After": "3"})
    response = post(client)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "3")
    assert response.json() == {"Errors": [{"description": "Fault on demand", "code": "503"}]}
    assert not created(service)
    assert post(client).ok


@pytest.mark.parametrize("body, content_type, text", [
    ("no", "text/plain", "no"), ("", "text/plain", ""), ({"a": 1}, "application/json;charset=UTF-8", '{"a":1}')])
def test_status_body(service, client, body, content_type, text):
    """The body of a status may be given."""
    service.add_fault(kind="status", status=418, body=body)
    response = post(client)
    assert (response.status_code, response.text, response.headers["Content-Type"]) == (418, text, content_type)


def test_status_content_type(service, client):
    """The headers of a status may be given, Content-Type among them."""
    service.add_fault(kind="status", status=500, body="<p>no</p>", headers={"Content-Type": "text/html"})
    assert post(client).headers["Content-Type"] == "text/html"


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 500}, {"kind": "html"},
                                   {"kind": "redirect", "location": "http://127.0.0.1:1/"}])
@pytest.mark.parametrize("after", [True, False])
def test_after(service, client, fault, after):
    """Such an answer may come after the work."""
    service.add_fault(after=after, **fault)
    response = client.post(PATH, json=user("x"), allow_redirects=False)
    assert response.status_code == {"status": 500, "html": 502, "redirect": 302}[fault["kind"]]
    assert created(service) is after
    assert service.log[-1]["status"] == response.status_code


def test_html(service, client):
    """A page of a gateway."""
    service.add_fault(kind="html")
    response = post(client)
    assert response.status_code == 502
    assert response.headers["Content-Type"].startswith("text/html")
    assert "<h1>502 Bad Gateway</h1>" in response.text
    service.add_fault(kind="html", status=504, body="<p>late</p>")
    response = post(client)
    assert (response.status_code, response.text) == (504, "<p>late</p>")


def test_redirect(service, client):
    """A redirect to wherever."""
    service.add_fault(kind="redirect", location="https://example.org/", status=307)
    response = client.post(PATH, json=user("x"), allow_redirects=False)
    assert (response.status_code, response.headers["Location"]) == (307, "https://example.org/")


def test_delay(service, client):
    """The work is done late."""
    service.add_fault(kind="delay", seconds=0.3)
    start = time.monotonic()
    assert post(client).ok
    assert time.monotonic() - start >= 0.3
    assert created(service)


@pytest.mark.parametrize("after", [True, False])
def test_hang(service, client, after):
    """No answer; the service goes on for others, and can be stopped."""
    service.add_fault(kind="hang", method="POST", after=after)
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.post(PATH, json=user("x"), timeout=0.5)
    assert client.get(PATH).ok
    deadline = time.monotonic() + 10
    while after and not created(service) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert created(service) is after
    assert [entry["status"] for entry in service.log] == [None, 200]
    start = time.monotonic()
    service.stop()
    assert time.monotonic() - start < 4


def test_hang_for_some_time(service, client):
    """A hang may end: with the connection."""
    service.add_fault(kind="hang", seconds=0.2)
    with pytest.raises(requests.exceptions.ConnectionError):
        post(client)
    assert not created(service)


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_drop(service, client, kind):
    """The connection is closed without an answer, on a fresh connection and on one in use."""
    for _round in range(2):
        service.add_fault(kind=kind, method="POST")
        with pytest.raises(requests.exceptions.ConnectionError):
            post(client)
        assert created(service) is (kind == "drop_after")
        assert service.log[-1]["status"] is None
        assert client.get(PATH).ok
        service.store.delete_user(service.store.user_id("x") or "")


def test_truncate(service, client):
    """Half of the answer, the work done."""
    service.add_fault(kind="truncate", method="POST")
    with contextlib.suppress(requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError):
        answer = post(client)  # urllib3 before 2.0 does not compare the length with the header
        assert len(answer.content) < int(answer.headers["Content-Length"])
    assert created(service)
    service.add_fault(kind="truncate")
    with client.get(PATH, stream=True) as response:
        length = int(response.headers["Content-Length"])
        assert len(response.raw.read(length // 2)) == length // 2
    assert client.get(PATH).ok


def test_times_and_skip(service, client):
    """Faults happen a given number of times, after a given number of requests, in the order they were set."""
    service.add_fault(kind="status", status=500, method="GET", times=2, skip=1)
    service.add_fault(kind="status", status=501, method="get")
    assert [client.get(PATH).status_code for number in range(5)] == [501, 500, 500, 200, 200]
    service.add_fault(kind="status", status=500, times=None)
    assert {client.get(PATH).status_code for number in range(5)} == {500}
    assert [fault["kind"] for fault in service.faults] == ["status"]
    service.clear_faults()
    assert client.get(PATH).ok


@pytest.mark.parametrize("method, path, fault_method, fault_path, hit", [
    ("GET", "/directory/user", "*", "", True),
    ("GET", "/directory/user", "GET", "/directory/user", True),
    ("GET", "/directory/user", "POST", "/directory/user", False),
    ("GET", "/directory/user/1", "GET", "/directory/user", True),
    ("GET", "/directory/user/1", "GET", "^/directory/user$", False),
    ("GET", "/directory/user", "GET", "^/directory/user$", True),
    ("GET", "/directory/user/1", "GET", "^/directory/user/[^/]+$", True),
    ("GET", "/directory/group", "GET", "(user|group)$", True),
    ("GET", "/directory/group", "GET", "/directory/user", False),
    ("POST", "/oauth/token", "*", "/oauth", True)])
def test_aim(service, client, method, path, fault_method, fault_path, hit):
    """Faults are for a verb, and a prefix of or a pattern in the path below the base URL."""
    service.add_fault(kind="status", status=418, method=fault_method, path=fault_path)
    assert (client.request(method, path).status_code == 418) is hit


@pytest.mark.parametrize("fault", [
    {"kind": "nonsense"}, {"kind": "status"}, {"kind": "redirect"}, {"kind": "delay"}, {"kind": "html", "times": 0},
    {"kind": "html", "path": "("}, {"kind": "html", "nonsense": 1}, {}])
def test_wrong_faults(service, client, fault):
    """Faults that make no sense are refused."""
    with pytest.raises(ValueError):
        service.add_fault(**fault)
    assert client.post("/_control/faults", json=fault).status_code == 400
    assert service.faults == []


def test_threads(service):
    """Each fault hits one request, whatever the number of connections."""
    service.add_fault(kind="drop_after", method="POST", times=5)
    service.add_fault(kind="status", status=500, method="POST", times=5)
    results = []

    def work(number):
        with Client(service) as session:
            for part in range(5):
                try:
                    results.append(session.post(PATH, json={"userName": "u%d-%d" % (number, part)}).status_code)
                except requests.exceptions.ConnectionError:
                    results.append(None)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status: results.count(status) for status in (None, 500, 200)} == {None: 5, 500: 5, 200: 20}
    assert len(service.dump()["users"]) == 1 + 5 + 20
    assert len(service.dump()["groups"][service.store.group_id("Users")]["members"]) == 1 + 5 + 20
    assert sorted(entry["number"] for entry in service.log) == list(range(1, 31))
