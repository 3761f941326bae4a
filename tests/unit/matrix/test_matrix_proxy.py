# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Behind an HTTPS proxy: a request that breaks in the tunnel may have been carried out, and is not repeated blindly."""

from __future__ import annotations

import contextlib
import ssl

import pytest
import trustme
from matrix_recorder import Recorder
from matrix_world import DirectoryService, Playground, virtual_time

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import LostAnswerError
from ansible_collections.pingone.directory.plugins.module_utils._service.client import DirectoryClient

HOST = "directory.example"
MAILS = [{"value": "ann@example.com"}]


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def behind(authority, tmp_path, monkeypatch):
    """Return a function that runs modules through a proxy, which refuses the first tunnels with given answers."""
    for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    with contextlib.ExitStack() as stack:
        service = stack.enter_context(DirectoryService(tls=context))
        stack.enter_context(virtual_time(service))

        def make(*refusals):
            port = int(service.base_url.split(":")[2].split("/")[0])
            proxy = stack.enter_context(Recorder(("127.0.0.1", port), refusals))
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            play = Playground(service)
            play.connection.update(base_url=f"https://{HOST}/api", ca_path=str(trusted), retry_timeout=20)
            play.proxy = proxy
            return play

        yield make


def posts(result, path="/directory/"):
    return [entry["path"] for entry in result["sent"] if entry["method"] == "POST" and entry["path"].startswith(path)]


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_group_whose_create_was_lost_in_the_tunnel_is_not_created_twice(behind, kind):
    play = behind()
    play.service.add_fault(kind=kind, method="POST", path="/directory/group")
    result = play.run("p1_group", display_name="Sales")
    assert len(posts(result)) == 1
    names = [group["displayName"] for group in play.service.dump()["groups"].values()]
    if kind == "drop_after":
        assert names.count("Sales") == 1
        assert result["changed"] and not result.get("failed"), result
    else:
        assert names.count("Sales") == 0
        assert result["failed"] and "may have been created" in result["msg"], result


def test_a_group_that_no_list_shows_may_have_been_created(behind):
    play = behind()
    play.service.add_fault(kind="drop_after", method="POST", path="/directory/group")
    play.service.add_fault(
        kind="status", status=200, body={"totalResults": 0, "resources": []}, method="GET", times=None
    )
    result = play.fails("p1_group", display_name="Sales")
    assert "may have been created" in result["msg"]
    assert not result["changed"] and len(posts(result)) == 1


def test_a_user_whose_create_was_lost_in_the_tunnel_is_reported_as_created(behind):
    play = behind()
    play.service.add_fault(kind="drop_after", method="POST", path="/directory/user")
    result = play.ok("p1_user", user_name="ann", emails=MAILS, password_mail=True)
    assert result["changed"]
    assert posts(result) == ["/directory/user", "/directory/users/password-lost"]
    assert len(play.service.dump()["mails"]) == 1


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "truncate"])
def test_a_mail_is_requested_once(behind, kind):
    play = behind()
    play.service.add_fault(kind=kind, method="POST", path="/directory/users/password-lost")
    result = play.fails("p1_user", user_name="ann", emails=MAILS, password_mail=True)
    assert len(posts(result, "/directory/users/")) == 1
    assert len(play.service.dump()["mails"]) == (0 if kind == "drop_before" else 1)
    assert "ann" in play.users()


def test_an_update_lost_in_the_tunnel_is_repeated(behind):
    play = behind()
    play.ok("p1_user", user_name="ann", emails=MAILS)
    play.service.add_fault(kind="drop_after", method="PUT")
    result = play.ok("p1_user", user_name="ann", title="Chief")
    assert result["changed"] and result["api"]["retries"] == 1
    assert play.users()["ann"]["title"] == "Chief"


def test_an_answer_that_does_not_arrive_through_the_tunnel_is_reported_as_such(behind):
    play = behind()
    play.service.add_fault(kind="hang", method="GET", times=None)
    failed = play.fails("p1_group", display_name="Sales", connection={"timeout": 1, "retry_timeout": 0})
    assert "no answer to GET /directory/group within 1 s" in failed["msg"]


@pytest.mark.parametrize(
    "refusal", [b"HTTP/1.1 502 Bad Gateway\r\n\r\n", b"HTTP/1.1 407 Authenticate\r\nConnection: close\r\n\r\n"]
)
def test_a_tunnel_that_the_proxy_refuses_means_the_request_was_not_sent(behind, refusal):
    play = behind(refusal)
    options = play.connection
    with DirectoryClient(
        options["base_url"], options["client_id"], options["api_key"], verify=options["ca_path"]
    ) as client:
        assert client.create("group", {"displayName": "Sales"})["displayName"] == "Sales"
        assert client.retries == 1
    assert play.proxy.asked == 2


def test_a_break_before_the_answer_of_the_proxy_means_the_request_may_have_been_sent(behind):
    """It looks the same as a break of the tunnel itself."""
    options = behind(b"").connection
    with DirectoryClient(
        options["base_url"], options["client_id"], options["api_key"], verify=options["ca_path"]
    ) as client:
        with pytest.raises(LostAnswerError):
            client.create("group", {"displayName": "Sales"})
        assert client.retries == 0


def test_a_proxy_that_always_refuses_is_reported(behind):
    play = behind(*[b"HTTP/1.1 502 Bad Gateway\r\n\r\n"] * 20)
    failed = play.fails("p1_group", display_name="Sales")
    assert "cannot be reached: the proxy refused: 502 Bad Gateway" in failed["msg"]
