# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test options as Ansible passes them: which count as given, and how connection options are resolved."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import InputError
from ansible_collections.pingone.directory.plugins.module_utils._http import transport
from ansible_collections.pingone.directory.plugins.module_utils._http.url import REGIONS
from ansible_collections.pingone.directory.plugins.module_utils._module import DirectoryModule
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import USER
from ansible_collections.pingone.directory.plugins.module_utils._tasks import connection as _connection
from ansible_collections.pingone.directory.plugins.module_utils._tasks.connection import client_from, nonempty_env_fallback
from ansible_collections.pingone.directory.plugins.module_utils._tasks.execute import _as_given, _hidden, shown_options
from ansible_collections.pingone.directory.plugins.module_utils._tasks.task import Task

VARIABLES = ("P1_CLIENT_ID", "P1_API_KEY", "P1_REGION", "P1_BASE_URL", "P1_VALIDATE_CERTS", "P1_CA_PATH")
ALL_SET = {
    "P1_CLIENT_ID": "env-client",
    "P1_API_KEY": "env-key",
    "P1_REGION": "eu",
    "P1_BASE_URL": "https://env.example.org/api",
    "P1_VALIDATE_CERTS": "no",
    "P1_CA_PATH": "/env/ca.pem",
}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def patched(arguments):
    """Pass module arguments as ansible-core does; its own helper exists since 2.17."""
    arguments = {**arguments, "_ansible_remote_tmp": "/tmp", "_ansible_keep_remote_files": False}
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:
        from ansible.module_utils import basic

        @contextlib.contextmanager
        def patch_module_args(values):
            before = basic._ANSIBLE_ARGS
            basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": values}).encode()
            try:
                yield
            finally:
                basic._ANSIBLE_ARGS = before

    return patch_module_args(arguments)


def task_with(spec):
    """A task with the connection options and three of its own."""

    class ExampleTask(Task):
        @staticmethod
        def argument_spec():
            return spec or {}

    return ExampleTask


def options_of(arguments, spec=None):
    """Return the argument spec of a module with connection options and its own."""
    with patched(arguments):
        return DirectoryModule(task_with(spec)).options()


def failure_of(arguments, spec=None):
    printed = io.StringIO()
    with patched(arguments), contextlib.redirect_stdout(printed), pytest.raises(SystemExit):
        DirectoryModule(task_with(spec))
    return json.loads(printed.getvalue())["msg"]


# -- connection options ----------------------------------------------------------------------------


def test_defaults():
    assert options_of({}) == {
        "client_id": None,
        "api_key": None,
        "region": "na",
        "base_url": None,
        "validate_certs": True,
        "ca_path": None,
        "timeout": 30,
        "retry_timeout": 120,
        "max_requests_per_second": None,
    }


def test_environment(monkeypatch):
    for name, value in ALL_SET.items():
        monkeypatch.setenv(name, value)
    found = options_of({})
    assert {
        name: found[name] for name in ("client_id", "api_key", "region", "base_url", "validate_certs", "ca_path")
    } == {
        "client_id": "env-client",
        "api_key": "env-key",
        "region": "eu",
        "base_url": "https://env.example.org/api",
        "validate_certs": False,
        "ca_path": "/env/ca.pem",
    }


def test_options_come_before_the_environment(monkeypatch):
    for name, value in ALL_SET.items():
        monkeypatch.setenv(name, value)
    given = {
        "client_id": "own",
        "api_key": "own-key",
        "region": "au",
        "base_url": "https://own.example.org/api",
        "validate_certs": True,
        "ca_path": "/own/ca.pem",
    }
    found = options_of(given)
    assert {name: found[name] for name in given} == given


@pytest.mark.parametrize("empty", ["", " ", "\n", None])
@pytest.mark.parametrize(
    "option", ["client_id", "api_key", "region", "base_url", "validate_certs", "ca_path", "timeout"]
)
def test_an_empty_option_counts_as_not_set(option, empty, monkeypatch):
    default = options_of({})[option]
    assert options_of({option: empty})[option] == default
    for name, value in ALL_SET.items():
        monkeypatch.setenv(name, value)
    from_environment = options_of({})[option]
    assert options_of({option: empty})[option] == from_environment
    assert option == "timeout" or from_environment != default


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_an_empty_variable_counts_as_not_set(empty, monkeypatch):
    for name in VARIABLES:
        monkeypatch.setenv(name, empty)
    assert options_of({})["client_id"] is None
    assert options_of({})["region"] == "na"
    assert options_of({})["validate_certs"] is True


@pytest.mark.parametrize("blank", ["\n", "\r\n", " ", "\t"])
def test_blanks_around_a_connection_option_are_removed(blank, monkeypatch):
    for name, value in ALL_SET.items():
        monkeypatch.setenv(name, f"{blank}{value}{blank}")
    assert options_of({})["api_key"] == "env-key"
    assert (options_of({})["region"], options_of({})["validate_certs"]) == ("eu", False)
    assert options_of({"api_key": f"own-key{blank}", "client_id": f"{blank}own"})["api_key"] == "own-key"
    assert options_of({"region": f"au{blank}"})["region"] == "au"


def test_another_option_may_be_empty():
    assert options_of({"title": ""}, {"title": {"type": "str"}})["title"] == ""


def test_fallback_uses_the_first_variable_that_is_set(monkeypatch):
    monkeypatch.setenv("P1_CLIENT_ID", " ")
    monkeypatch.setenv("P1_API_KEY", "x")
    assert nonempty_env_fallback("P1_REGION", "P1_CLIENT_ID", "P1_API_KEY") == "x"
    with pytest.raises(_connection.AnsibleFallbackNotFound):
        nonempty_env_fallback("P1_REGION", "P1_CLIENT_ID")


def test_an_unknown_region_is_refused():
    assert "na, eu, au" in failure_of({"region": "mars"})


def test_an_invalid_number_is_refused():
    assert "timeout" in failure_of({"timeout": "soon"})


# -- given options ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {}),
        ({"name": None}, {}),
        ({"name": {}}, {"name": {}}),
        ({"name": {"given_name": None}}, {}),
        ({"name": {"given_name": ""}}, {"name": {"given_name": ""}}),
        ({"name": '{"given_name": "A"}'}, {"name": {"given_name": "A"}}),
        ({"name": "given_name=A"}, {"name": {"given_name": "A"}}),
        ({"enterprise": {"manager": {}}}, {"enterprise": {"manager": {}}}),
        ({"enterprise": {"manager": {"manager_id": "7"}}}, {"enterprise": {"manager": {"manager_id": "7"}}}),
        ({"enterprise": {"manager": None, "division": "x"}}, {"enterprise": {"division": "x"}}),
        ({"emails": []}, {"emails": []}),
        ({"emails": [{"value": "a"}]}, {"emails": [{"value": "a"}]}),
        ({"emails": [{"value": "a", "type": None}]}, {"emails": [{"value": "a"}]}),
        ({"attributes": {"x": None}}, {"attributes": {"x": None}}),
        ({"attributes": {}}, {"attributes": {}}),
        ({"active": "no", "title": 7}, {"active": False, "title": "7"}),
    ],
)
def test_not_given_empty_and_value_pass_through_ansible(given, expected):
    options = options_of(given, USER.argument_spec())
    problems = []
    assert USER.clean(options, "", problems) == expected
    assert problems == []


@pytest.mark.parametrize(
    ("value", "given", "expected"),
    [
        ("x", "x", "x"),
        (None, None, None),
        ({"a": None, "b": None}, {}, {}),
        ({"a": None, "b": 1}, None, {"b": 1}),
        ({"a": None, "b": 1}, "b=1", {"b": 1}),
        ({"a": None, "b": None}, {"a": None}, {"a": None}),
        ({"a": {"b": None}}, {"a": {"b": None}}, {"a": {"b": None}}),
        ({"a": {"b": None}}, {"a": {}}, {"a": {}}),
        ([{"a": None, "b": 1}], [{"b": 1}], [{"b": 1}]),
        ([{"a": None, "b": 1}], "b=1", [{"a": None, "b": 1}]),
        ([1, 2], [1], [1, 2]),
    ],
)
def test_as_given(value, given, expected):
    assert _as_given(value, given) == expected


@pytest.mark.parametrize(
    ("value", "shown"), [(None, None), ([1, 2], "(2 items, not shown)"), ("x", "(not shown)"), ({}, "(not shown)")]
)
def test_hidden(value, shown):
    assert _hidden(value) == shown


# -- the client ------------------------------------------------------------------------------------


def client(warnings=None, **changed):
    given = {
        "client_id": "c",
        "api_key": "k",
        "region": "na",
        "validate_certs": True,
        "timeout": 30,
        "retry_timeout": 120,
        **changed,
    }
    return client_from(given, (warnings if warnings is not None else []).append)


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        (("client_id",), "client_id is missing. Set the option, or P1_CLIENT_ID in the environment"),
        (("api_key",), "api_key is missing. Set the option, or P1_API_KEY in the environment"),
        (
            ("client_id", "api_key"),
            "client_id and api_key are missing. Set the option, or P1_CLIENT_ID and P1_API_KEY in the environment",
        ),
    ],
)
@pytest.mark.parametrize("empty", [None, ""])
def test_missing_credentials_are_named(missing, message, empty):
    with pytest.raises(InputError) as caught:
        client(**dict.fromkeys(missing, empty))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"client_id": "a:b"}, "client_id contains a colon"),
        ({"timeout": 0}, "timeout must be at least 1 second, not 0"),
        ({"retry_timeout": -1}, "retry_timeout must be at least 0 seconds, not -1"),
        ({"max_requests_per_second": 0.0}, "max_requests_per_second must be more than 0"),
        ({"max_requests_per_second": -1.0}, "max_requests_per_second must be more than 0"),
        ({"max_requests_per_second": float("inf")}, "max_requests_per_second must be more than 0"),
        ({"max_requests_per_second": float("nan")}, "max_requests_per_second must be more than 0"),
        ({"ca_path": "/does/not/exist.pem"}, "ca_path /does/not/exist.pem does not exist where the module runs"),
        ({"base_url": "http://example.org/api"}, "base_url is plain http for example.org"),
    ],
)
def test_an_invalid_option_is_refused_before_any_request(changed, message):
    with pytest.raises(InputError, match=message):
        client(**changed)


def test_an_api_key_may_contain_a_colon():
    assert client(api_key="a:b")._transport.auth == (b"c", b"a:b")


def test_options_reach_the_client(tmp_path):
    ca_path = tmp_path / "ca.pem"
    ca_path.write_text("")
    found = client(region="eu", timeout=7, retry_timeout=0, max_requests_per_second=2.0, ca_path=str(ca_path))
    assert found.base_url == REGIONS["eu"]
    assert (found.timeout, found.retry_timeout, found._transport.verify, found._pacer._interval) == (7, 0, str(ca_path), 0.5)


def test_disabled_certificate_validation_causes_a_warning():
    warnings = []
    assert client(warnings, validate_certs=False, ca_path="/not/looked/at.pem")._transport.verify is False
    assert len(warnings) == 1
    assert "validate_certs is false" in warnings[0]
    assert client(warnings)._transport.verify is True
    assert len(warnings) == 1


def test_ca_path_accepts_a_folder(tmp_path):
    assert client(ca_path=str(tmp_path))._transport.verify == str(tmp_path)


# -- a module run ----------------------------------------------------------------------------------


class Secretive:
    sensitive_options = ("users",)

    @staticmethod
    def argument_spec():
        return {"attributes": {"type": "dict"}, "update_password": {"type": "str"}, "user": {"aliases": ["login"]}}


def test_shown_options_contain_no_secret():
    given = {
        "base_url": "https://svc:S3/cret@host/api",
        "attributes": {"password": "S3cret", "x": {"apiKey": "S3cret", "n": [1, {"accessToken": 7}]}, "title": "Dr."},
        "passwd": "S3cret",
        "clientsecret": {"a": ["S3cret", 5, None, True]},
        "users": [{"password": "S3cret"}],
        "update_password": "always",
        "login": "ann@example.org",
        "timeout": 5,
    }
    assert shown_options(Secretive, given) == {
        "base_url": "https://********@host/api",
        "attributes": {
            "password": "********",
            "x": {"apiKey": "********", "n": [1, {"accessToken": "********"}]},
            "title": "Dr.",
        },
        "passwd": "********",
        "clientsecret": {"a": ["********", "********", None, True]},
        "users": "(1 items, not shown)",
        "update_password": "always",
        "login": "ann@example.org",
        "timeout": 5,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"attributes": {"password": "S3cret-word"}},
        {"passwd": "S3cret-word"},
        {"base_url": "https://svc:S3cret-word@host/api"},
        {"base_url": "//svc:S3cret-word@host/api"},
        {"base_url": "svc:S3cret-word@host/api"},
    ],
)
def test_refused_options_show_no_secret_in_result_and_log(playground, monkeypatch, wrong):
    wrong, logged = dict(wrong), []
    monkeypatch.setattr(AnsibleModule, "log", lambda self, *args, **kwargs: logged.append(repr((args, kwargs))))
    connection = {"base_url": wrong.pop("base_url")} if "base_url" in wrong else None
    result = playground.fails("p1_user", user_name="ann", connection=connection, **wrong)
    assert "S3cret-word" not in json.dumps(result) and "S3cret-word" not in "".join(logged)
    assert result["invocation"]["module_args"]["user_name"] == "ann"


def test_without_requests_a_module_explains_how_to_install_it(playground, monkeypatch):
    monkeypatch.setattr(transport, "requests", None)
    result = playground.run("p1_group", display_name="team")
    assert result["failed"]
    assert "requests" in result["msg"]
    assert result["sent"] == []


def test_missing_credentials_fail_before_any_request(playground):
    result = playground.run("p1_group", display_name="team", connection={"client_id": "", "api_key": " "})
    assert result["failed"]
    assert result["msg"].startswith("client_id and api_key are missing")
    assert result["failure"] == {"operation": None, "status": None, "detail": None}
    assert result["changed"] is False
    assert result["api"] == {"reads": 0, "writes": 0, "retries": 0, "throttled_seconds": 0.0}
    assert result["sent"] == []


def test_a_refused_key_is_reported_without_the_key(playground):
    result = playground.fails("p1_group", display_name="team", connection={"api_key": "wrong-key-123"})
    assert result["failure"]["status"] == 401
    assert "P1_API_KEY" in result["msg"]
    assert "wrong-key-123" not in json.dumps({**result, "invocation": None})
    assert result["api"]["reads"] == 1


def test_a_failure_reports_the_request_counts(playground):
    playground.service.add_fault(kind="status", status=403, method="POST")
    result = playground.fails("p1_group", display_name="team")
    assert result["api"]["writes"] == 1
    assert result["changed"] is False
    assert result["failure"]["status"] == 403
