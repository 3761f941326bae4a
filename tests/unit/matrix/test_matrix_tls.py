# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trusted certificates, proxies, and the destination of credentials, with a temporary authority and a real proxy."""

from __future__ import annotations

import base64
import datetime
import socket
import ssl

import pytest
import trustme
from matrix_recorder import Recorder
from matrix_world import DirectoryService, Playground, virtual_time

HOST = "directory.example"
ENVIRONMENT = (
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC", "SSL_CERT_FILE"
)  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_of_the_environment(monkeypatch, tmp_path):
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def authority_file(authority, tmp_path):
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def over_tls():
    """A service with a certificate, and the modules to run against it without waiting."""
    import contextlib

    with contextlib.ExitStack() as stack:

        def make(certificate):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            service = stack.enter_context(DirectoryService(tls=context))
            stack.enter_context(virtual_time(service))
            return Playground(service)

        yield make


@pytest.fixture
def play(over_tls, authority):
    return over_tls(authority.issue_cert("127.0.0.1", HOST))


def look(play, **connection):
    return play.run("p1_user_info", user_name="admin@example.com", connection=connection)


# -- certificates --------------------------------------------------------------------------------------------


def test_a_certificate_of_the_authority_in_ca_path_is_trusted(play, authority_file):
    result = look(play, ca_path=authority_file)
    assert not result.get("failed"), result["msg"]
    assert result["total"] == 1 and not result["warnings"]


def test_an_unknown_authority_is_refused(play):
    result = look(play)
    assert result["failed"] and "was not trusted" in result["msg"] and "ca_path" in result["msg"], result["msg"]
    assert play.service.log == []


def test_another_authority_is_refused(play, tmp_path):
    path = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    result = look(play, ca_path=str(path))
    assert result["failed"] and "was not trusted" in result["msg"], result["msg"]
    assert play.service.log == []


def test_the_certificate_of_another_host_is_refused(over_tls, authority, authority_file):
    play = over_tls(authority.issue_cert("other.example"))
    result = look(play, ca_path=authority_file)
    assert result["failed"] and "was not trusted" in result["msg"], result["msg"]
    assert play.service.log == []


def test_an_expired_certificate_is_refused(over_tls, authority, authority_file):
    ended = datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc)
    play = over_tls(authority.issue_cert("127.0.0.1", not_before=ended - datetime.timedelta(1), not_after=ended))
    result = look(play, ca_path=authority_file)
    assert result["failed"] and "expired" in result["msg"], result["msg"]
    assert play.service.log == []


def test_validate_certs_false_continues_with_a_warning(play):
    result = look(play, validate_certs=False)
    assert not result.get("failed"), result["msg"]
    assert any("validate_certs is false" in text for text in result["warnings"])


def test_the_bundle_of_the_environment_is_honored(play, authority_file, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority_file)
    result = look(play)
    assert not result.get("failed"), result["msg"]


def test_ca_path_takes_precedence_over_the_bundle_of_the_environment(play, authority_file, monkeypatch, tmp_path):
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    assert not look(play, ca_path=authority_file).get("failed")
    assert look(play).get("failed")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authority_that_cannot_be_read_is_named(play, tmp_path, content):
    path = tmp_path / "broken.pem"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    result = look(play, ca_path=str(path))
    assert result["failed"] and "Traceback" not in result["msg"], result["msg"]
    assert content is not None or str(path) in result["msg"]


# -- .netrc and redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["right", "wrong"])
def test_a_netrc_never_replaces_the_given_credentials(world, tmp_path, monkeypatch, given):
    service = world.service
    netrc = tmp_path / ".netrc"
    other = "wrong" if given == "right" else service.api_key
    netrc.write_text(f"machine 127.0.0.1 login {service.client_id} password {other}\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    result = look(world.play, api_key=service.api_key if given == "right" else "wrong")
    assert bool(result.get("failed")) is (given == "wrong"), result
    if given == "wrong":
        assert result["failure"]["status"] == 401


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("p1_user_info", {"user_name": "ann@example.com"}),
        ("p1_user", {"user_name": "ann@example.com", "user_type": "x", "password": "Secret-Pass-1"}),
        ("p1_group", {"display_name": "New"}),
    ],
)
def test_nothing_ever_reaches_the_target_of_a_redirect(world, module, options, status):
    with Recorder() as elsewhere:
        world.service.add_fault(kind="redirect", status=status, location=elsewhere.url + "/api", times=None)
        result = world.play.fails(module, **options)
    assert elsewhere.recorded == []
    assert "redirect" in result["msg"] and result["failure"]["status"] == status


# -- proxies -------------------------------------------------------------------------------------------------


def secrets_of(service):
    pair = f"{service.client_id}:{service.api_key}".encode()
    return [service.api_key.encode(), base64.b64encode(pair)]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_proxy_of_the_environment_is_honored_and_sees_no_credentials(play, authority_file, monkeypatch, variable):
    port = int(play.service.base_url.split(":")[2].split("/")[0])
    with Recorder(tunnel_to=("127.0.0.1", port)) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        result = look(play, base_url=f"https://{HOST}/api", ca_path=authority_file)
        assert not result.get("failed"), result["msg"]
    assert proxy.recorded[0].startswith(f"CONNECT {HOST}:443 ".encode())
    seen = b"".join(proxy.recorded)
    assert b"uthorization" not in seen
    assert not any(secret in seen for secret in secrets_of(play.service))


def test_the_certificate_is_checked_behind_a_proxy_too(play, monkeypatch):
    port = int(play.service.base_url.split(":")[2].split("/")[0])
    with Recorder(tunnel_to=("127.0.0.1", port)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        result = look(play, base_url=f"https://{HOST}/api")
    assert result["failed"] and "was not trusted" in result["msg"], result["msg"]
    assert play.service.log == []


def test_a_host_in_no_proxy_is_not_requested_from_the_proxy(play, authority_file, monkeypatch):
    with Recorder() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "example, 127.0.0.1")
        result = look(play, base_url="https://nowhere.invalid.example/api", ca_path=authority_file)
        assert result["failed"] and "cannot be" in result["msg"], result["msg"]
        assert not look(play, ca_path=authority_file).get("failed")
    assert proxy.recorded == []


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_plain_http_on_loopback_never_goes_through_a_proxy(world, monkeypatch, variable):
    with Recorder() as proxy:
        monkeypatch.setenv(variable, proxy.url)
        result = look(world.play)
        assert not result.get("failed"), result["msg"]
    assert proxy.recorded == []


def test_a_proxy_that_does_not_answer_is_named_in_the_message(play, authority_file, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # no process listens here
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:hidden-word@127.0.0.1:{taken.getsockname()[1]}")
        result = look(play, base_url=f"https://{HOST}/api", ca_path=authority_file)
    assert result["failed"] and "cannot be reached" in result["msg"], result["msg"]
    assert "hidden-word" not in result["msg"]
