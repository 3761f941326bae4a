# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service as a program and as an object in tests."""

from __future__ import annotations

import importlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from emulator_support import PINGONE, Client, DirectoryService, Settings, switches, user

TESTS = Path(__file__).resolve().parents[2]


# The log

def test_log(service, client):
    """The log has each request."""
    client.get("/directory/user", params={"filter": 'userName eq "a+b&ä"', "count": "5"})
    client.post("/directory/user?option=x&option=y", json=user("x", password="secret-password"))
    client.auth = ("x", "y")
    client.delete("/directory/user/a%20b", data=b"{")
    read, write, refused = service.log
    assert (read["number"], read["method"], read["path"], read["status"], read["body"]) == (
        1, "GET", "/directory/user", 200, None)
    assert read["query"] == {"filter": 'userName eq "a+b&ä"', "count": "5"}
    assert read["target"] == "/api/directory/user?filter=userName+eq+%22a%2Bb%26%C3%A4%22&count=5"
    assert (write["method"], write["status"], write["query"]) == ("POST", 400, {"option": ["x", "y"]})
    assert write["body"] == user("x", password="secret-password")
    assert json.loads(write["text"]) == write["body"]
    assert write["headers"]["Content-Type"] == "application/json"
    assert (refused["path"], refused["status"], refused["body"], refused["text"]) == (
        "/directory/user/a b", 401, None, "{")
    assert not [name for entry in service.log for name in entry["headers"] if name.lower() == "authorization"]
    assert service.writes() == [write, refused]
    client.head("/directory/user")
    assert len(service.writes()) == 2
    service.log.clear()
    service.log[0]["headers"].clear()
    assert len(service.log) == 4 and service.log[0]["headers"]
    service.clear_log()
    assert service.log == service.writes() == []
    client.get("/directory/user")
    assert service.log[0]["number"] == 5


def test_control_is_not_logged(service, client):
    """Only requests to the API are logged."""
    client.get("/_control/state")
    client.get("/_control/nowhere")
    assert service.log == []


def test_connections_are_kept(service, client):
    """Many requests share a connection, with any request and answer."""
    made = client.add("user", **user("x"))
    for _round in range(3):
        client.get("/directory/user/noaccount")
        client.put("/directory/user/" + made["id"], data=b"{" * 100000, headers={"Content-Type": "text/plain"})
        client.post("/nowhere", data=iter([b"some", b"chunks"]))
        client.delete("/directory/user/noaccount", json={"a": 1})
        client.head("/directory/user")
    assert len({entry["connection"] for entry in service.log}) == 1
    assert service.log[3]["text"] == "somechunks"


def test_continue(service):
    """A client can use Expect: 100-continue."""
    host, port = re.fullmatch(r"http://(.*):(\d+)/api", service.base_url).groups()
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"POST /api/directory/user HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                           b"Content-Length: 2\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"{}")
        assert connection.recv(1000).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("head", [b"nonsense\r\n\r\n", b"POST /api/x HTTP/1.1\r\nContent-Length: x\r\n\r\n",
                                  b"POST /api/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", b""])
def test_invalid_http(service, client, head):
    """Invalid HTTP does no harm."""
    host, port = re.fullmatch(r"http://(.*):(\d+)/api", service.base_url).groups()
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1000):
            pass
    assert client.get("/directory/user").ok


# The state

def test_dump(service, client):
    """The dump has users and groups as the API shows them, and passwords and mails."""
    made = client.add("user", **user("x", password="some-password"))
    group = client.add("group", displayName="g")
    state = service.dump()
    assert set(state) == {"users", "groups", "mails", "passwords"}
    assert state["users"][made["id"]] == made
    assert state["groups"][group["id"]] == {**group, "members": []}
    assert state["passwords"][made["id"]] == "some-password"
    assert client.get("/_control/state").json() == state


def test_seed(service, client):
    """Users and groups are added directly to the store, with any keys."""
    made = service.seed(
        users=[{"userName": "a", "id": "id-of-a", "hat": {"size": 1}, "password": "p", "groups": [{"value": "x"}],
                "meta": {"created": "2015-04-15T12:44:14.227-06:00"},
                PINGONE: {"createTimeStamp": 5, "state": "LOCKED", "shoe": 42}},
               {"userName": "b", "active": False}],
        groups=[{"displayName": "g", "id": "id-of-g", "color": "red", "members": ["a", "b", "h", "Users"]},
                {"displayName": "h", "members": ["id-of-a", {"value": "ghost", "type": "User"}]},
                {"displayName": "h"}, {"displayName": "Users", "members": ["b"]}])
    assert made["users"]["a"] == "id-of-a"
    assert made["groups"]["Users"] == service.store.group_id("Users")
    seen = client.get("/directory/user/id-of-a").json()
    assert (seen["hat"], seen["active"], [group["display"] for group in seen["groups"]]) == (
        {"size": 1}, True, ["g", "h"])
    assert {"createTimeStamp": 5, "state": "LOCKED", "shoe": 42}.items() <= seen[PINGONE].items()
    assert seen["meta"]["created"] == "2015-04-15T12:44:14.227-06:00"
    assert client.get("/directory/user/" + made["users"]["b"]).json()[PINGONE]["state"] == "DISABLED"
    group = client.get("/directory/group/id-of-g").json()
    assert (group["color"], [item["display"] for item in group["members"]]) == ("red", ["a", "b", "h", "Users"])
    assert client.names("group") == ["Users", "Domain Administrators", "g", "h", "h"]
    assert service.dump()["passwords"]["id-of-a"] == "p"
    assert [item["display"] for item in service.dump()["groups"][made["groups"]["Users"]]["members"]] == [
        "admin@example.com", "b"]


def test_seeded_times(service, client):
    """The times of a user may be seeded; meta agrees with the extension, and a change leaves the login as it was."""
    times = {"createTimeStamp": 1500000000000, "lastModifiedTimeStamp": 1500000001000, "lastLoginTime": 1500000001000}
    made = service.seed(users=[{"userName": "a", PINGONE: times}])["users"]["a"]
    seen = client.get("/directory/user/" + made).json()
    assert times.items() <= seen[PINGONE].items()
    assert (seen["meta"]["created"], seen["meta"]["lastModified"]) == (
        "2017-07-13T20:40:00.000-06:00", "2017-07-13T20:40:01.000-06:00")
    after = client.put("/directory/user/" + made, json={**seen, "title": "T"}).json()
    assert after[PINGONE]["lastLoginTime"] == 1500000001000
    assert client.names(filter='%s:lastLoginTime lt 1600000000000' % PINGONE) == ["a"]


def test_fresh_account(client):
    """The administrator of a fresh account is as recorded."""
    (admin,) = client.get("/directory/user").json()["resources"]
    assert admin["emails"] == [{"primary": True, "type": "work", "value": "admin@example.com"}]
    assert admin[PINGONE]["lastLoginTime"] <= admin[PINGONE]["lastModifiedTimeStamp"]
    assert [group["display"] for group in admin["groups"]] == ["Users", "Domain Administrators"]


@pytest.mark.parametrize("data", [{"users": [{}]}, {"groups": [{"displayName": None}]},
                                  {"users": [{"userName": "x"}], "groups": [{"displayName": "g", "members": ["y"]}]}])
def test_wrong_seed(service, client, data):
    """An invalid seed is refused as a whole."""
    before = service.dump()
    with pytest.raises(ValueError):
        service.seed(**data)
    assert client.post("/_control/seed", json=data).status_code == 400
    assert service.dump() == before


def test_store(service, client):
    """The store may be changed directly."""
    store = service.store
    user_id = store.put_user({"userName": "x", "hat": "red"}, password="p")
    group_id = store.put_group({"displayName": "g"})
    assert store.add_member(group_id, user_id) and not store.add_member(group_id, user_id)
    before = client.get("/directory/user/" + user_id).json()
    stored = store.get_user(user_id)
    assert stored["groups"] == before["groups"] == [{"display": "g", "value": group_id}]
    store.put_user({**stored, "hat": "blue", "active": False})
    after = client.get("/directory/user/" + user_id).json()
    assert (after["hat"], after["active"], after["groups"]) == ("blue", False, before["groups"])
    assert after[PINGONE]["lastModifiedTimeStamp"] >= before[PINGONE]["lastModifiedTimeStamp"]
    assert store.get_group(group_id)["members"] == [{"value": user_id, "type": "user", "display": "x"}]
    assert store.remove_member(group_id, user_id) and not store.remove_member(group_id, user_id)
    assert store.add_member(group_id, "ghost", "group")
    assert store.delete_user(user_id) and not store.delete_user(user_id)
    assert store.delete_group(group_id)
    assert store.get_user(user_id) is None and store.get_group(group_id) is None


def test_hooks(service, client):
    """A hook runs before and after the work, and may change the store."""
    calls = []

    @service.on_request
    def hook(running, method, path, phase):
        calls.append((method, path, phase))
        if (method, phase) == ("GET", "after") and path.startswith("/directory/user/"):
            user_id = path.rpartition("/")[2]
            running.store.put_user({**running.store.get_user(user_id), "title": "changed by another"})

    made = client.add("user", **user("x"))
    path = "/directory/user/" + made["id"]
    assert "title" not in client.get(path).json()
    assert client.get(path).json()["title"] == "changed by another"
    assert calls == [("POST", "/directory/user", "before"), ("POST", "/directory/user", "after")] + [
        ("GET", path, "before"), ("GET", path, "after")] * 2
    service.clear_hooks()
    client.get(path)
    assert len(calls) == 6


def test_reset(service, client):
    """A reset restores the fresh account."""
    service.configure(create_status=201, stale_lists=9)
    client.add("user", **user("x", password="some-password"))
    client.post("/directory/users/password-lost", json={"email": "x@example.org"})
    service.add_fault(kind="html")
    service.on_request(lambda *details: pytest.fail("the hook is still there"))
    service.reset()
    assert service.log == service.faults == service.dump()["mails"] == []
    assert service.settings == Settings()
    assert client.names() == ["admin@example.com"]
    assert client.names("group") == ["Users", "Domain Administrators"]
    service.reset(Settings(create_status=201))
    assert service.settings == Settings(create_status=201)


def test_control(service, client):
    """The same over HTTP, without credentials."""
    client.auth = None
    assert client.get("/_control/settings").json() == Settings().as_dict()
    changed = client.patch("/_control/settings", json={"create_status": 201, "rate_limit": "3"}).json()
    assert changed == service.settings.as_dict() == {**Settings().as_dict(), "create_status": 201, "rate_limit": 3}
    for wrong in ({"nope": 1}, {"create_status": 1}, []):
        assert client.patch("/_control/settings", json=wrong).status_code == 400
    assert client.post("/_control/seed", data=b"{").status_code == 400
    made = client.post("/_control/seed", json={"users": [{"userName": "x"}], "groups": [
        {"displayName": "g", "members": ["x"]}]}).json()
    assert service.store.is_member(made["groups"]["g"], made["users"]["x"])
    (fault,) = client.post("/_control/faults", json={"kind": "html", "skip": 1}).json()
    assert (fault["kind"], fault["skip"], fault["times"]) == ("html", 1, 1)
    assert client.get("/_control/faults").json() == [fault]
    assert client.delete("/_control/faults").json() == []
    assert client.get("/directory/user").status_code == 401
    assert client.get("/_control/log").json() == service.log
    assert len(service.log) == 1
    assert client.delete("/_control/log").json() == service.log == []
    assert client.post("/_control/reset").json() == Settings().as_dict()
    assert len(client.get("/_control/state").json()["users"]) == 1
    assert client.get("/api/_control/state").status_code == 401


# Restart, TLS, command line

def test_restart(tmp_path):
    """A file keeps the whole account."""
    database = str(tmp_path / "directory.db")
    with DirectoryService(database=database) as service, Client(service) as client:
        made = client.add("user", **user("x", password="some-password"))
        client.add("group", displayName="g", members=[{"value": made["id"]}])
        client.post("/directory/users/password-lost", json={"email": "x@example.org"})
        service.configure(create_status=201)
        before, first_url = service.dump(), service.base_url
    with DirectoryService(database=database) as service, Client(service) as client:
        assert json.loads(json.dumps(service.dump()).replace(service.base_url, first_url)) == before
        assert service.settings == Settings()
        assert service.log == []
        assert client.put("/directory/user/" + made["id"], json=user("y")).json()["groups"][1]["display"] == "g"


def test_credentials():
    """The credentials can be set."""
    with DirectoryService(client_id="me", api_key="mine") as service, Client(service) as client:
        assert client.auth == ("me", "mine")
        assert client.get("/directory/user").ok


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])
def test_loopback_only(host):
    """The service listens only on loopback addresses."""
    with pytest.raises(ValueError):
        DirectoryService(host=host)


def test_tls(tmp_path):
    """With a certificate, the service speaks TLS; a client without TLS is refused and does not affect others."""
    authority = pytest.importorskip("trustme").CA()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "both.pem"))
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    pair = (str(tmp_path / "both.pem"), str(tmp_path / "both.pem"))
    with DirectoryService(tls=pair) as service, Client(service) as client:
        port = int(service.base_url.rpartition(":")[2].partition("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=10):
            client.verify = str(tmp_path / "ca.pem")
            assert service.base_url.startswith("https://127.0.0.1:")
            assert client.names() == ["admin@example.com"]
            assert client.get("/directory/user").json()["resources"][0]["meta"]["location"].startswith("https://")
            with Client(service) as strict, pytest.raises(requests.exceptions.SSLError):
                strict.get("/directory/user")
            with pytest.raises(requests.exceptions.ConnectionError):
                requests.get(service.base_url.replace("https", "http"), timeout=10)
            service.add_fault(kind="drop_after")
            with pytest.raises(requests.exceptions.ConnectionError):
                client.get("/directory/user")
            assert client.get("/directory/user").ok
            assert len({entry["connection"] for entry in service.log}) == 2


class Program:
    """The service as a separate program."""

    def __init__(self, *arguments):
        environment = {**os.environ, "PYTHONPATH": str(TESTS), "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen([sys.executable, "-m", "emulator", *arguments], env=environment, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.communicate()


def test_program(tmp_path):
    """The command line: one line with the base URL, a file with it, switches, seed, credentials, a clean exit."""
    (tmp_path / "seed.json").write_text(json.dumps({"users": [{"userName": "x"}], "groups": [
        {"displayName": "g", "members": ["x"]}]}))
    arguments = ("--database", str(tmp_path / "db"), "--seed", str(tmp_path / "seed.json"), "--client-id", "me",
                 "--api-key", "mine", "--set", "list_key=Resources", "--set", "rate_limit=50",
                 "--url-file", str(tmp_path / "url"))
    for number in (signal.SIGTERM, signal.SIGINT):
        with Program(*arguments) as program:
            url = program.process.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/api", url)
            assert (tmp_path / "url").read_text() == url + "\n"
            names = [item["userName"] for item in requests.get(
                url + "/directory/user", auth=("me", "mine"), timeout=30).json()["Resources"]]
            # At the second start, the account is no longer fresh
            assert names == ["admin@example.com", "x"]
            program.process.send_signal(number)
            output, errors = program.process.communicate(timeout=30)
            assert (program.process.returncode, output, errors) == (0, "", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["db", "seed.json", "url"]


@pytest.mark.parametrize("arguments, message", [
    (["--host", "0.0.0.0"], "loopback"), (["--set", "nope=1"], "unknown setting: nope"), (["--set", "x"], "NAME=VALUE"),
    (["--set", "etag=maybe"], "setting etag takes one of none, offered, required"), (["--tls-cert", "x"], "--tls-key"),
    (["--seed", "/nonexistent"], "/nonexistent")])
def test_wrong_arguments(monkeypatch, capsys, arguments, message):
    """Wrong arguments are refused."""
    program = importlib.import_module(DirectoryService.__module__.replace(".service", ".__main__"))
    monkeypatch.setattr(signal, "signal", lambda number, handler: handler())  # as if it ended at once
    with pytest.raises(SystemExit) as end:
        program.main(arguments)
    output, errors = capsys.readouterr()
    assert (end.value.code, output) == (2, "")
    assert message in errors.splitlines()[-1]


@pytest.mark.parametrize("package", ["flask", "lark", "werkzeug", "tzdata"])
def test_missing_packages(tmp_path, package):
    """Without a package that it needs, the emulator reports how to install it."""
    if package == "tzdata":
        # Neither the package tzdata nor the system has time zones
        hidden = "import sys, zoneinfo; sys.modules['tzdata'] = None; zoneinfo.reset_tzpath(to=())"
    else:
        hidden = "import sys; sys.modules[%r] = None" % package
    script = tmp_path / "start.py"
    script.write_text(hidden + "\nimport runpy; runpy.run_module('emulator', run_name='__main__')\n")
    result = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=False,
                            env={**os.environ, "PYTHONPATH": str(TESTS), "PYTHONDONTWRITEBYTECODE": "1"})
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "python -m emulator: the Python package %s is not installed for %s. Install what the emulator needs: "
        "%s -m pip install -r %s\n" % (package, sys.executable, sys.executable,
                                       TESTS / "emulator" / "requirements.txt"))


def test_end_with_parent(tmp_path):
    """The service ends when the process that started it has ended."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'emulator', '--exit-with-parent'], stdout=subprocess.PIPE,\n"
        "                         text=True)\n"
        "print(child.stdout.readline().strip(), flush=True)\n"
        "sys.stdin.readline()\n")
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          env=environment) as parent:
        url = parent.stdout.readline().strip()
        assert requests.get(url + "/x", timeout=30).status_code == 401
        parent.stdin.close()
        parent.wait(timeout=30)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                requests.get(url + "/x", timeout=30)
            except requests.exceptions.ConnectionError:
                return
            time.sleep(0.1)
    pytest.fail("the service is still there")


# The documentation

def test_readme():
    """The README has a row for each switch, with its values and its default."""
    readme = (TESTS / "emulator" / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Switches")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.M))
    expected = {}
    assert set(rows) == set(switches())
    for name, switch in switches().items():
        values = ["`%s`" % value if value != "" else "(empty)" for value in switch.values]
        values[0] = "**%s**" % values[0]
        expected[name] = "%s | %s" % (", ".join(values) + (", ..." if switch.open else ""), switch.doc)
    assert {name: rows.get(name) for name in expected} == expected
