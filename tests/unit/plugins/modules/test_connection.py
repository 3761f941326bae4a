# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test connection options, request counts and failures, which all modules share, with p1_group."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._http import transport
from ansible_collections.pingone.directory.plugins.module_utils._http.url import REGIONS
from emulator import DirectoryService

pytestmark = pytest.mark.both_doors

STAFF = {"display_name": "Staff"}
MODULES = {
    "p1_user": {"user_name": "ann"},
    "p1_group": STAFF,
    "p1_group_membership": {"group": "Users", "users": ["admin@example.com"]},
}


# -- credentials ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("empty", [None, "", "  "])
@pytest.mark.parametrize("missing", [("client_id",), ("api_key",), ("client_id", "api_key")])
def test_missing_credentials_are_named_before_any_request(directory, name, empty, missing):
    failed = directory.fails(name, connection=dict.fromkeys(missing, empty), **MODULES[name])
    for option in ("client_id", "api_key"):
        assert (option in failed["msg"]) == (option in missing)
        assert (f"P1_{option.upper()}" in failed["msg"]) == (option in missing)
    assert failed["sent"] == []


@pytest.mark.parametrize("empty", [None, "", " "])
def test_credentials_come_from_the_environment_if_the_option_is_empty(directory, monkeypatch, empty):
    monkeypatch.setenv("P1_CLIENT_ID", directory.service.client_id)
    monkeypatch.setenv("P1_API_KEY", directory.service.api_key)
    monkeypatch.setenv("P1_BASE_URL", directory.service.base_url)
    directory.ok("p1_group", connection={"client_id": empty, "api_key": empty, "base_url": empty}, **STAFF)
    assert directory.service.log, "the service takes no other credentials"


def test_an_option_takes_precedence_over_the_environment(directory, monkeypatch):
    monkeypatch.setenv("P1_CLIENT_ID", "another-client")
    monkeypatch.setenv("P1_API_KEY", "wrong")
    monkeypatch.setenv("P1_BASE_URL", "http://127.0.0.1:1/api")
    directory.ok("p1_group", **STAFF)


@pytest.mark.parametrize("variable", ["CLIENT_ID", "API_KEY"])
def test_an_empty_variable_counts_as_not_set(directory, monkeypatch, variable):
    monkeypatch.setenv("P1_CLIENT_ID", "given")
    monkeypatch.setenv("P1_API_KEY", "given")
    monkeypatch.setenv(f"P1_{variable}", " ")
    failed = directory.fails("p1_group", connection={"client_id": None, "api_key": None}, **STAFF)
    assert f"P1_{variable}" in failed["msg"]


def test_empty_variables_keep_the_defaults(directory, monkeypatch):
    for name in ("REGION", "BASE_URL", "VALIDATE_CERTS", "CA_PATH"):
        monkeypatch.setenv(f"P1_{name}", "")
    directory.ok("p1_group", **STAFF)


def test_empty_options_keep_the_defaults(directory):
    options = ("region", "validate_certs", "ca_path", "timeout", "retry_timeout", "max_requests_per_second")
    directory.ok("p1_group", connection=dict.fromkeys(options, ""), **STAFF)


def test_a_refused_key_names_what_to_check(directory):
    failed = directory.fails("p1_group", connection={"api_key": "not-the-key-at-all"}, **STAFF)
    assert failed["failure"]["status"] == 401
    assert "P1_API_KEY" in failed["msg"]
    assert "not-the-key-at-all" not in failed["msg"]
    assert failed["api"]["reads"] == 1


# -- base URL ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["na", "eu", "au"])
@pytest.mark.parametrize("by", ["option", "variable"])
def test_region_selects_the_documented_host(directory, monkeypatch, region, by):
    for name in REGIONS:
        monkeypatch.setitem(REGIONS, name, "http://127.0.0.1:1/api")
    monkeypatch.setitem(REGIONS, region, directory.service.base_url)
    if by == "variable":
        monkeypatch.setenv("P1_REGION", region)
    directory.ok("p1_group", connection={"base_url": None, "region": region if by == "option" else None}, **STAFF)
    assert directory.service.log


def test_the_documented_hosts():
    assert REGIONS == {
        "na": "https://directory-api.pingone.com/api",
        "eu": "https://directory-api.pingone.eu/api",
        "au": "https://directory-api.pingone.com.au/api",
    }


def test_an_unknown_region_is_refused(directory):
    failed = directory.fails("p1_group", connection={"region": "us"}, **STAFF)
    assert "na, eu, au" in failed["msg"]


def test_base_url_takes_precedence_over_region(directory):
    directory.ok("p1_group", connection={"region": "eu"}, **STAFF)
    assert directory.service.log


@pytest.mark.parametrize("change", ["{0}/", "{0}//", " {0} ", "{1}", "{1}/"])
def test_accepted_forms_of_base_url(directory, change):
    base_url = directory.service.base_url
    directory.ok("p1_group", connection={"base_url": change.format(base_url, base_url.removesuffix("/api"))}, **STAFF)


def test_localhost_is_loopback(directory):
    url = directory.service.base_url.replace("127.0.0.1", "localhost")
    directory.ok("p1_group", connection={"base_url": url}, **STAFF)


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("http://directory-api.pingone.com/api", "plain http"),
        ("http://192.0.2.1/api", "plain http"),
        ("http://127.0.0.1.example.org/api", "plain http"),
        ("http://localhost.example.org/api", "plain http"),
        ("https://directory-api.pingone.com/v1", "not in /api"),
        ("https://user:word@directory-api.pingone.com/api", "https://HOST/api"),
        ("directory-api.pingone.com/api", "https://HOST/api"),
        ("ftp://directory-api.pingone.com/api", "https://HOST/api"),
        ("https://directory-api.pingone.com/api?x=1", "https://HOST/api"),
        ("https://directory-api.pingone.com:99999/api", "port"),
    ],
)
def test_an_invalid_base_url_is_refused_with_a_clear_message(directory, base_url, words):
    failed = directory.fails("p1_group", connection={"base_url": base_url}, **STAFF)
    assert words in failed["msg"]
    assert "base_url" in failed["msg"]
    assert (failed["failure"]["status"], failed["api"]["reads"]) == (None, 0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(directory, status):
    with DirectoryService() as elsewhere:
        directory.service.add_fault(kind="redirect", location=f"{elsewhere.base_url}/directory/group", status=status)
        failed = directory.fails("p1_group", **STAFF)
        assert elsewhere.log == []
    assert "redirect" in failed["msg"]
    assert failed["failure"]["status"] == status
    assert "Staff" not in directory.groups()


def test_an_unreachable_service_names_what_to_check(directory):
    connection = {"base_url": "http://127.0.0.1:1/api", "retry_timeout": 0}
    failed = directory.fails("p1_group", connection=connection, **STAFF)
    assert "127.0.0.1:1 cannot be reached: connection refused" in failed["msg"]
    assert failed["failure"]["status"] is None


# -- certificates --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Create a self-signed certificate for 127.0.0.1 and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
        + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "certificate.pem"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return str(folder / "certificate.pem"), str(folder / "key.pem")


@pytest.fixture
def encrypted(directory, certificate):
    """Return the playground on a service that uses TLS."""
    with DirectoryService(tls=certificate) as service:
        directory.service = service
        directory.connection["base_url"] = service.base_url
        yield directory


def test_an_untrusted_certificate_is_refused(encrypted):
    failed = encrypted.fails("p1_group", **STAFF)
    assert "not trusted" in failed["msg"]
    assert "ca_path" in failed["msg"]
    assert encrypted.service.log == []


@pytest.mark.parametrize("by", ["option", "variable"])
def test_ca_path_trusts_the_certificate(encrypted, certificate, monkeypatch, by):
    if by == "variable":
        monkeypatch.setenv("P1_CA_PATH", certificate[0])
    encrypted.ok("p1_group", connection={"ca_path": certificate[0]} if by == "option" else {}, **STAFF)
    assert "Staff" in encrypted.groups()


@pytest.mark.parametrize("by", ["option", "variable"])
def test_without_validate_certs_the_certificate_is_accepted_with_a_warning(encrypted, monkeypatch, by):
    if by == "variable":
        monkeypatch.setenv("P1_VALIDATE_CERTS", "no")
    done = encrypted.ok("p1_group", connection={"validate_certs": False} if by == "option" else {}, **STAFF)
    assert any("validate_certs is false" in warning for warning in done["warnings"])


def test_a_missing_ca_path_is_reported(directory):
    failed = directory.fails("p1_group", connection={"ca_path": "/nonexistent/ca.pem"}, **STAFF)
    assert "/nonexistent/ca.pem does not exist" in failed["msg"]
    assert failed["sent"] == []


# -- time ----------------------------------------------------------------------------------------------


def test_timeout_ends_a_request(directory):
    directory.service.add_fault(kind="hang", times=None)
    failed = directory.fails("p1_group", connection={"timeout": 1, "retry_timeout": 0}, **STAFF)
    assert "within 1 s" in failed["msg"]


@pytest.mark.parametrize(
    "connection",
    [{"timeout": 0}, {"timeout": -1}, {"retry_timeout": -1}, {"max_requests_per_second": 0}]
    + [{"max_requests_per_second": -2.5}]
    # Sockets do not accept these values, or the wait would be too long.
    + [{"timeout": 86401}, {"timeout": 10_000_000_000}, {"retry_timeout": 10**30}],
)
def test_an_invalid_timeout_is_refused(directory, connection):
    failed = directory.fails("p1_group", connection=connection, **STAFF)
    assert next(iter(connection)) in failed["msg"]
    assert failed["sent"] == []


def test_max_requests_per_second_is_accepted(directory):
    directory.ok("p1_group", connection={"max_requests_per_second": 1000.5}, **STAFF)


# -- api -----------------------------------------------------------------------------------------------


def test_api_counts_every_request_including_retries(directory):
    directory.service.add_fault(kind="status", method="GET", status=503)
    directory.service.add_fault(kind="status", method="POST", status=429, headers={"Retry-After": "0"})
    done = directory.ok("p1_group", **STAFF)
    methods = [entry["method"] for entry in done["sent"]]
    assert done["api"]["retries"] == 2
    assert done["api"]["reads"] == methods.count("GET")
    assert done["api"]["writes"] == methods.count("POST") == 2
    assert isinstance(done["api"]["throttled_seconds"], float)


def test_rate_limit_waits_are_returned_as_throttled_seconds(directory):
    directory.service.add_fault(kind="status", status=429, headers={"Retry-After": "1"})
    done = directory.ok("p1_group", **STAFF)
    assert done["api"]["throttled_seconds"] >= 1


def test_a_task_refused_before_any_request_counts_none(directory):
    failed = directory.fails("p1_group", display_name="", new_display_name="x")
    assert failed["api"] == {"reads": 0, "writes": 0, "retries": 0, "throttled_seconds": 0.0}


# -- failures ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        ({"body": {"Errors": [{"description": "Not today", "code": "403"}]}}, "Not today"),
        ({"body": {"message": "Not today"}}, "Not today"),
        ({"body": "Not\ntoday\n"}, "Not today"),
        ({"body": "<html><title>Not today</title><body>x</body></html>"}, "Not today"),
        ({"body": ""}, ""),
    ],
)
@pytest.mark.parametrize("name", ["p1_user", "p1_group", "p1_group_membership"])
def test_a_failure_names_operation_object_and_reason(directory, name, fault, detail):
    options, operation, method = {
        "p1_user": ({"user_name": "ann"}, "create user 'ann'", "POST"),
        "p1_group": (STAFF, "create group 'Staff'", "POST"),
        "p1_group_membership": (
            {"group": "Domain Administrators", "users": ["admin@example.com"], "state": "absent"},
            "change the members of group 'Domain Administrators'",
            "PATCH",
        ),
    }[name]
    directory.service.add_fault(kind="status", method=method, status=403, times=None, **fault)
    failed = directory.fails(name, **options)
    assert failed["failure"] == {"operation": operation, "status": 403, "detail": detail}
    assert failed["msg"].startswith(f"Could not {operation}: ")
    assert "HTTP 403" in failed["msg"]
    assert detail in failed["msg"]


@pytest.mark.parametrize("kind", ["truncate", "drop_before", "drop_after"])
@pytest.mark.parametrize("name", MODULES)
def test_a_lost_read_is_repeated(directory, name, kind):
    directory.service.add_fault(kind=kind, method="GET")
    done = directory.ok(name, **MODULES[name])
    assert done["api"]["retries"] == 1


@pytest.mark.parametrize("name", ["p1_user", "p1_group"])
def test_a_create_with_a_lost_answer_creates_one_group(directory, name):
    directory.service.add_fault(kind="drop_after", method="POST")
    directory.ok(name, **MODULES[name])
    assert len(directory.service.dump()[f"{name.removeprefix('p1_')}s"]) == {"p1_user": 2, "p1_group": 3}[name]
    assert len([entry for entry in directory.service.log if entry["method"] == "POST"]) == 1


def test_a_page_of_another_server_is_reported(directory):
    directory.service.add_fault(kind="html", status=200, body="<html><title>Sign on</title></html>", times=None)
    failed = directory.fails("p1_group", **STAFF)
    assert "not JSON" in failed["msg"]
    assert "base_url" in failed["msg"]


@pytest.mark.parametrize("name", MODULES)
def test_without_requests_the_message_names_what_to_install(directory, monkeypatch, name):
    monkeypatch.setattr(transport, "requests", None)
    failed = directory.run(name, **MODULES[name])
    assert failed["failed"]
    assert "requests" in failed["msg"]
