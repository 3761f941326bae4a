# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the client on scripted answers: addresses, encoding, retries, pacing, error bodies, secrets.

Behavior that only a real socket shows is tested in test_wire.py, paging in _service/test_listing.py.
"""

from __future__ import annotations

import base64
import gzip
import importlib
import json
import re
import sys
import threading
from email.utils import formatdate
from http.client import RemoteDisconnected
from operator import methodcaller
from urllib.parse import parse_qs, quote, quote_plus, unquote, urlsplit

import pytest
import requests
from directory_strategies import PROPERTY, TEXTS
from hypothesis import given
from hypothesis import strategies as st
from requests import exceptions
from scripted_client import API_KEY, BASE_URL, Answer, Clock, Script, listed
from urllib3 import exceptions as lower

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import (
    AnswerTimeoutError,
    AuthenticationError,
    ConflictError,
    DirectoryError,
    InputError,
    LostAnswerError,
    NotFoundError,
    ProtocolError,
    RateLimitError,
    RefusedError,
    ServerError,
    StoppedError,
    TooLargeError,
    TransportError,
)
from ansible_collections.pingone.directory.plugins.module_utils._http import redact, transport
from ansible_collections.pingone.directory.plugins.module_utils._http.answers import Representation
from ansible_collections.pingone.directory.plugins.module_utils._http.errors import error_words, retry_after_seconds
from ansible_collections.pingone.directory.plugins.module_utils._http.request import USER_AGENT, HttpClient
from ansible_collections.pingone.directory.plugins.module_utils._http.url import REGIONS, is_loopback, resolve_base_url
from ansible_collections.pingone.directory.plugins.module_utils._service.client import DirectoryClient, equality_filter, version_of
from ansible_collections.pingone.directory.plugins.module_utils._service.list_answers import items_of, with_text_ids

USER_BODY = {"id": "id-1", "userName": "ann"}
READ = methodcaller("get", "user", "id-1")
CREATE = methodcaller("create", "user", {"userName": "ann"})
REPLACE = methodcaller("replace", "user", "id-1", USER_BODY)
PATCH = methodcaller("patch", "group", "id-1", {"members": []})
DELETE = methodcaller("delete", "user", "id-1")
ACTION = methodcaller("action", "users/password-lost", {"email": "ann@example.org"})
SEARCH = methodcaller("search", "user", 'userName eq "ann"')
VERBS = {"GET": READ, "POST": CREATE, "PUT": REPLACE, "PATCH": PATCH, "DELETE": DELETE}
REPEATED = ["GET", "PUT", "PATCH", "DELETE"]


# -- addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "base_url", "expected"),
    [
        ("na", None, "https://directory-api.pingone.com/api"),
        ("eu", "", "https://directory-api.pingone.eu/api"),
        ("au", "  ", "https://directory-api.pingone.com.au/api"),
        (None, None, REGIONS["na"]),
        ("eu", "https://gateway.example.org/api", "https://gateway.example.org/api"),
        ("na", " https://gateway.example.org/api\n", "https://gateway.example.org/api"),
        ("na", "https://gateway.example.org/api/", "https://gateway.example.org/api"),
        ("na", "https://gateway.example.org/api///", "https://gateway.example.org/api"),
        ("na", "https://gateway.example.org", "https://gateway.example.org/api"),
        ("na", "https://gateway.example.org/", "https://gateway.example.org/api"),
        ("na", "https://gateway.example.org:8443", "https://gateway.example.org:8443/api"),
        ("na", "https://gateway.example.org/p1/v~2/x_y-z/api", "https://gateway.example.org/p1/v~2/x_y-z/api"),
        ("na", "https://127.0.0.1.evil.com/api", "https://127.0.0.1.evil.com/api"),  # A remote host like any other.
        ("na", "https://[2001:db8::1]:8443/api", "https://[2001:db8::1]:8443/api"),
        ("na", "http://127.0.0.1:8000/api", "http://127.0.0.1:8000/api"),
        ("na", "http://127.0.0.1:8000", "http://127.0.0.1:8000/api"),
        ("na", "http://127.255.255.254/api", "http://127.255.255.254/api"),
        ("na", "http://localhost:1/api", "http://localhost:1/api"),
        ("na", "http://LOCALHOST/api", "http://LOCALHOST/api"),
        ("na", "http://[::1]:8000/api", "http://[::1]:8000/api"),
    ],
)
def test_base_url(region, base_url, expected):
    assert resolve_base_url(region, base_url) == expected


@pytest.mark.parametrize(
    "base_url",
    [
        "gateway.example.org/api",
        "//gateway.example.org/api",
        "ftp://gateway.example.org/api",
        "HTTPS://gateway.example.org/api",
        "https:///api",
        "https://",
        "https:gateway.example.org/api",
        "javascript:alert(1)",
        # URL parsers disagree about these.
        "https://user:secret@gateway.example.org/api",
        "https://good.example.org@evil.example.org/api",
        "https://good.example.org\\@evil.example.org/api",
        "https://good.example.org\\.evil.example.org/api",
        "https://good.example.org%2F@evil.example.org/api",
        "https://good.example.org#@evil.example.org/api",
        "https://good.example.org?@evil.example.org/api",
        "https://gateway.example.org/api?x=1",
        "https://gateway.example.org/api#x",
        "https://gateway.example.org/%2e%2e/api",
        "https://gateway.example.org//api",
        "https://gateway.example.org/a b/api",
        "https://gateway.example.org/\tapi",
        "https://gateway\n.example.org/api",
        "https://gateway.example.org:/api",
        "https://gateway.example.org:0/api",
        "https://gateway.example.org:65536/api",
        "https://gateway.example.org:99999/api",
        "https://gateway.example.org:8o/api",
        "https://gätewäy.example.org/api",
        "https://gateway。example。org/api",
        "https://-gateway.example.org/api",
        "https://gateway.example.org./api",
        "https://[::1/api",
        "https://[::1%25eth0]/api",
        # Not the path of the API.
        "https://gateway.example.org/directory",
        "https://gateway.example.org/api/directory",
        "https://gateway.example.org/API",
        "https://gateway.example.org/../api",
        "https://gateway.example.org/x/./api",
        "https://gateway.example.org/api/..",
        "https://gateway.example.org/myapi",
        # Plain HTTP to a remote host, in any spelling.
        "http://gateway.example.org/api",
        "http://127.0.0.1.evil.com/api",
        "http://127.0.0.1.nip.io/api",
        "http://localhost.evil.com/api",
        "http://evil-localhost/api",
        "http://128.0.0.1/api",
        "http://2130706433/api",
        "http://0x7f000001/api",
        "http://0177.0.0.1/api",
        "http://127.1/api",
        "http://127.0.0.256/api",
        "http://127.0.0.1.1/api",
        "http://0.0.0.0/api",
        "http://[::ffff:127.0.0.1]/api",
        "http://[::2]/api",
        "http://[0:0:0:0:0:0:0:1]/api",
        "http://[::]/api",
    ],
)
def test_an_invalid_base_url_is_refused(base_url):
    with pytest.raises(InputError) as caught:
        resolve_base_url("na", base_url)
    message = str(caught.value)
    assert message.startswith("base_url ")
    assert "https://HOST/api" in message
    assert "secret" not in message


@pytest.mark.parametrize("path", ["/../api", "/x/../api", "/./api"])
def test_dots_in_the_path_of_base_url_are_named(path):
    with pytest.raises(InputError):
        resolve_base_url("na", "https://gateway.example.org" + path)


@PROPERTY
@given(st.text(alphabet="htps:/@\\.?#[]%0127localevi-_ \t", max_size=40))
def test_accepted_base_urls_are_unambiguous_for_other_parsers(text):
    try:
        base_url = resolve_base_url("na", "http" + text)
    except InputError:
        return
    parts = urlsplit(base_url)
    assert parts.username is None
    assert parts.path.endswith("/api")
    prepared = requests.Request("GET", base_url + "/directory/user").prepare()
    assert urlsplit(prepared.url).hostname == parts.hostname
    if parts.scheme == "http":
        assert parts.hostname in ("localhost", "::1") or parts.hostname.startswith("127.")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LocalHost", True),
        ("[::1]", True),
        ("127.9.9.9", True),
        ("::1", False),
        ("127.0.0.1 ", False),
        ("", False),
    ],
)
def test_is_loopback_depends_on_the_spelling(host, expected):
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("resource_id", "path"),
    [
        ("id-1", "id-1"),
        ("a/b", "a%2Fb"),
        ("../group", "..%2Fgroup"),
        ("a?b#c", "a%3Fb%23c"),
        ("a b+c%20", "a%20b%2Bc%2520"),
        ("ä", "%C3%A4"),
        ("...x", "...x"),
    ],
)
def test_an_id_is_one_segment_of_the_path(resource_id, path):
    script = Script({"id": resource_id})
    assert script.client.get("user", resource_id) == {"id": resource_id}
    assert script.sent[0].url == f"{BASE_URL}/directory/user/{path}"
    prepared = requests.Request("GET", script.sent[0].url).prepare()
    assert prepared.url == script.sent[0].url


@pytest.mark.parametrize("resource_id", ["", " ", "\n", ".", "..", "...", None, 7, "\ud800"])
def test_an_id_that_would_change_the_path_is_refused(resource_id):
    script = Script()
    for call in (
        lambda: script.client.get("user", resource_id),
        lambda: script.client.delete("user", resource_id),
        lambda: script.client.replace("user", resource_id, {}),
        lambda: script.client.patch("user", resource_id, {}),
    ):
        with pytest.raises(InputError):
            call()


# -- what is sent ----------------------------------------------------------------------------------


def test_headers_and_options_of_a_request():
    script = Script(USER_BODY, timeout=7, verify="/some/ca.pem")
    READ(script.client)
    sent = script.sent[0]
    assert (sent.method, sent.url) == ("GET", f"{BASE_URL}/directory/user/id-1")
    assert sent.headers == {"Accept": "application/json", "User-Agent": USER_AGENT}
    assert sent.data is None
    assert sent.options == {
        "auth": (b"the-client", API_KEY.encode()),
        "timeout": 7,
        "allow_redirects": False,
        "verify": "/some/ca.pem",
        "proxies": {},
        "stream": True,
    }


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000/api", "http://localhost/api", "http://[::1]:8000/api"])
def test_requests_to_this_host_bypass_the_proxy(base_url, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.example.org:3128")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    script = Script(USER_BODY, base_url=base_url)
    READ(script.client)
    merged = requests.Session().merge_environment_settings(
        script.sent[0].url, script.sent[0].options["proxies"], None, True, None
    )
    assert requests.utils.select_proxy(script.sent[0].url, merged["proxies"]) is None


def test_requests_to_the_service_use_the_proxy(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://proxy.example.org:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    script = Script(USER_BODY)
    READ(script.client)
    merged = requests.Session().merge_environment_settings(
        script.sent[0].url, script.sent[0].options["proxies"], None, True, None
    )
    assert requests.utils.select_proxy(script.sent[0].url, merged["proxies"]) == "http://proxy.example.org:3128"


@pytest.mark.parametrize(
    ("verify", "bundle", "expected"),
    [
        (True, "/env/ca.pem", "/env/ca.pem"),
        (True, None, True),
        (False, "/env/ca.pem", False),
        ("/own/ca.pem", "/env/ca.pem", "/own/ca.pem"),
    ],
)
def test_trusted_certificates(verify, bundle, expected, monkeypatch):
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    if bundle:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    script = Script(USER_BODY, verify=verify)
    READ(script.client)
    options = script.sent[0].options
    session = transport.new_session((b"c", b"k"))
    merged = session.merge_environment_settings(script.sent[0].url, options["proxies"], None, options["verify"], None)
    assert merged["verify"] == expected


@pytest.mark.parametrize(
    ("client_id", "api_key"), [("id", "key"), ("ïd", "schlüssel"), ("id", "鍵:with:colons"), ("id", "\U0001f511 é")]
)
def test_credentials_are_sent_as_utf_8(client_id, api_key):
    script = Script(USER_BODY, client_id=client_id, api_key=api_key)
    READ(script.client)
    prepared = requests.Request("GET", script.sent[0].url, auth=script.sent[0].options["auth"]).prepare()
    scheme, unused, text = prepared.headers["Authorization"].partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(text).decode("utf-8") == f"{client_id}:{api_key}"


def test_a_netrc_file_does_not_replace_the_credentials(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine directory.example.org login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    script = Script(USER_BODY)
    READ(script.client)
    sent = script.sent[0]
    session = transport.new_session((b"c", b"k"))
    prepared = session.prepare_request(requests.Request(sent.method, sent.url, auth=sent.options["auth"]))
    assert base64.b64decode(prepared.headers["Authorization"][6:]) == b"the-client:" + API_KEY.encode()


@pytest.mark.parametrize(
    ("call", "method", "path", "body"),
    [
        (CREATE, "POST", "/directory/user", {"userName": "ann"}),
        (lambda client: client.create("user", {"userName": "ann"}, "a b&c"), "POST", "/directory/user?option=a%20b%26c", {"userName": "ann"}),
        (REPLACE, "PUT", "/directory/user/id-1", USER_BODY),
        (PATCH, "PATCH", "/directory/group/id-1", {"members": []}),
        (DELETE, "DELETE", "/directory/user/id-1", None),
        (ACTION, "POST", "/directory/users/password-lost", {"email": "ann@example.org"}),
        (SEARCH, "GET", "/directory/user?filter=userName%20eq%20%22ann%22", None),
    ],
)  # fmt: skip
def test_method_path_and_body_of_each_call(call, method, path, body):
    script = Script({"id": "id-1", "resources": []})
    call(script.client)
    sent = script.sent[0]
    assert (sent.method, sent.url, sent.body) == (method, BASE_URL + path, body)
    assert ("Content-Type" in sent.headers) == (body is not None)
    assert "If-Match" not in sent.headers


@pytest.mark.parametrize("call", ["replace", "patch"])
def test_a_version_is_sent_as_if_match(call):
    script = Script(USER_BODY)
    getattr(script.client, call)("user", "id-1", USER_BODY, etag='W/"7"')
    assert script.sent[0].headers["If-Match"] == 'W/"7"'


def test_a_body_is_sent_as_ascii_json():
    script = Script(USER_BODY)
    body = {"userName": 'ä"\\\U0001f600\n', "active": False, "x": None, "n": [1.5]}
    script.client.create("user", body)
    assert script.sent[0].data.isascii() and script.sent[0].body == body
    assert script.sent[0].headers["Content-Type"] == "application/json"


def test_an_unpaired_surrogate_is_sent_back_as_read():
    script = Script(b'{"id": "id-1", "displayName": "bye\\ud83d"}', USER_BODY)
    script.client.replace("user", "id-1", READ(script.client))
    assert b'"bye\\ud83d"' in script.sent[1].data


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_cannot_represent_are_refused(value):
    script = Script()
    with pytest.raises(InputError, match="a number that JSON cannot represent"):
        script.client.create("user", {"title": value})
    assert not script.sent


def test_a_filter_with_invalid_unicode_is_refused():
    with pytest.raises(InputError, match="not valid Unicode"):
        Script().client.search("user", "userName eq \ud800")


def _literal_arrived(value):
    """Return the literal of a filter as the service reads it: query decoded, literal parsed as JSON."""
    script = Script(listed())
    script.client.search("user", equality_filter("userName", value))
    for url in (script.sent[0].url, requests.Request("GET", script.sent[0].url).prepare().url):
        assert url.isascii()
        assert "+" not in url, "a plus is a blank for some, and a plus for others"
        query = urlsplit(url).query
        assert parse_qs(query, strict_parsing=True, keep_blank_values=True) == {
            "filter": [unquote(query[len("filter=") :])]
        }
        (text,) = parse_qs(query)["filter"]
    name, operator, literal = text.split(" ", 2)
    assert (name, operator) == ("userName", "eq")
    return json.loads(literal)


@pytest.mark.parametrize(
    "character", [chr(number) for number in range(1, 256)] + ["\u2028", "\ufeff", "\uffff", "\U0001f600", "\x00"]
)
def test_each_character_of_a_filter_is_encoded(character):
    assert _literal_arrived(f"a{character}b") == f"a{character}b"


@pytest.mark.parametrize(
    "value",
    [
        "",
        '"',
        "\\",
        '\\"',
        "%22",
        "%",
        "a+b@x",
        "a&filter=b",
        "a' or '1",
        'x" or userName pr',
        "arn:aws:iam::1:role/a,b",
    ],
)
def test_special_characters_of_a_filter_are_encoded(value):
    assert _literal_arrived(value) == value


@PROPERTY
@given(TEXTS | st.text(max_size=30))
def test_any_text_in_a_filter_is_encoded(value):
    assert _literal_arrived(value) == value


# -- answers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (listed("a", "b"), ["a", "b"]),
        ({"Resources": [{"id": "a"}]}, ["a"]),
        ({"resources": [], "Resources": [{"id": "a"}]}, []),
        ({"id": "a", "userName": "ann"}, ["a"]),
        ([{"id": "a"}], ["a"]),
        ([], []),
        ({"totalResults": 0}, []),
        ({"resources": None}, []),
        ({"itemsPerPage": 0}, []),
        ([{"id": 7}, {"id": 0}, {"id": 8.0}], ["7", "0", "8"]),
    ],
)
def test_items_of(body, ids):
    assert [item["id"] for item in items_of(body)] == ids


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"id": 7, "externalId": 815}, {"id": "7", "externalId": "815"}),
        ({"id": "007", "externalId": "0815"}, {"id": "007", "externalId": "0815"}),
        ({"id": True, "externalId": None}, {"id": True, "externalId": None}),
        (
            {"members": [{"value": 7, "display": 7}, 8, "9", None, {"type": "user"}], "groups": [{"value": 1}]},
            {"members": [{"value": "7", "display": 7}, "8", "9", None, {"type": "user"}], "groups": [{"value": "1"}]},
        ),
        ({"members": None, "groups": {"value": 7}}, {"members": None, "groups": {"value": 7}}),
        ({"title": 7, "emails": [{"value": 7}]}, {"title": 7, "emails": [{"value": 7}]}),
    ],
)
def test_numeric_ids_become_strings(resource, expected):
    assert with_text_ids(resource) == expected


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "PATCH"])
def test_numeric_ids_of_an_answer_become_strings(verb):
    path = {"id": 7, "externalId": 815}
    answer = VERBS[verb](Script(dict(path, id="id-1") if verb == "GET" else path).client)
    assert answer == {"id": "id-1" if verb == "GET" else "7", "externalId": "815"}


@pytest.mark.parametrize(
    "body",
    [None, "", "text", 7, True, {}, {"Errors": []}, {"message": "x"}, {"resources": [{}]}, {"resources": [{"id": ""}]},
     {"resources": [{"id": True}]}, {"resources": ["a"]}, {"resources": [None]}, [[]], {"id": {}}, {"id": None}],
)  # fmt: skip
def test_items_of_an_invalid_list_fails(body):
    with pytest.raises(ProtocolError):
        items_of(body)


def test_get_finds_its_object_in_a_list():
    assert Script(listed("x", "id-1")).client.get("user", "id-1")["id"] == "id-1"


@pytest.mark.parametrize("answer", [listed(), {"id": "id-2"}, 204, {}, "text", [], Answer(200, b"<html>")])
def test_get_refuses_answers_without_its_object(answer):
    with pytest.raises(ProtocolError):
        READ(Script(answer).client)


EMPTY = [Answer(200), Answer(200, b" \n"), Answer(203, b"", {"Content-Length": "0"})]


@pytest.mark.parametrize("empty", EMPTY)
@pytest.mark.parametrize("call", [READ, SEARCH])
def test_a_read_with_an_empty_answer_is_repeated(call, empty):
    script = Script(empty, USER_BODY)
    call(script.client)
    assert script.done and script.client.retries == 1


@pytest.mark.parametrize("empty", EMPTY)
def test_a_read_whose_answers_stay_empty_fails(empty):
    with pytest.raises(TransportError, match=r"is empty .HTTP 20\d. .tried 3 times") as caught:
        READ(Script(empty, forever=True, retry_timeout=2).client)
    assert not caught.value.uncertain


def test_an_action_needs_a_complete_answer():
    for whole in (Answer(200, b"", {"Content-Length": "0"}), Answer(200, b"", {"Transfer-Encoding": "chunked"}), 204):
        assert ACTION(Script(whole).client) is None
    assert ACTION(Script(Answer(200, {"status": "ok"})).client) == {"status": "ok"}
    script = Script(Answer(200))
    with pytest.raises(LostAnswerError, match="is empty .HTTP 200.. The change may have been made") as caught:
        ACTION(script.client)
    assert caught.value.uncertain
    assert (script.client.writes, script.client.retries) == (1, 0)


@pytest.mark.parametrize("bad_id", [["id-1"], {"x": 1}, True])
@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "PATCH"])
def test_an_answer_with_an_invalid_id_is_refused(verb, bad_id):
    with pytest.raises(ProtocolError) as caught:
        VERBS[verb](Script({"id": bad_id, "userName": "ann"}).client)
    assert caught.value.uncertain == (verb != "GET")
    assert ("may have been made" in str(caught.value)) == (verb != "GET")


def test_get_of_a_missing_object():
    with pytest.raises(NotFoundError):
        READ(Script(404).client)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
@pytest.mark.parametrize("verb", VERBS)
def test_every_2xx_is_a_success(verb, status):
    answer = VERBS[verb](Script(Answer(status, USER_BODY)).client)
    assert answer == (None if verb == "DELETE" else USER_BODY)


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("body", [b"", b" \n", b"null", b"[]", b'""', b"{}", b'{"status": "ok"}'])
def test_a_write_accepts_an_answer_without_an_object(verb, body):
    assert VERBS[verb](Script(Answer(200, body)).client) is None


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("body", [b"OK", b"<html></html>", b'{"id": ', b"\xff\xfe", b"[" * 100000])
def test_a_write_accepts_an_answer_that_is_not_json(verb, body):
    assert VERBS[verb](Script(Answer(200, body)).client) is None


@pytest.mark.parametrize("body", [b"OK", b"<html></html>", b'{"id": ', b"\xff\xfe", b"[" * 100000, b"9" * 5000])
def test_a_read_with_an_unreadable_answer_fails(body):
    with pytest.raises(ProtocolError, match="not JSON|neither a list|nested deeper"):
        READ(Script(Answer(200, body)).client)


@pytest.mark.parametrize("body", [b"OK", b"<html></html>", b'{"id": ', b"[" * 100000])
def test_a_create_with_an_unreadable_answer_is_uncertain(body):
    script = Script(Answer(200, body))
    with pytest.raises(LostAnswerError) as caught:
        CREATE(script.client)
    assert caught.value.uncertain
    assert script.done


@pytest.mark.parametrize("verb", VERBS)
def test_an_answer_shorter_than_its_content_length_is_lost(verb):
    cut = Answer(200, b'{"id": "id-1"', {"Content-Length": "500"})
    script = Script(cut, USER_BODY)
    if verb == "POST":
        with pytest.raises(LostAnswerError, match="cut short"):
            CREATE(script.client)
        assert len(script.sent) == 1
    else:
        VERBS[verb](script.client)
        assert script.done


def test_content_length_counts_compressed_bytes():
    packed = gzip.compress(json.dumps(USER_BODY).encode())
    answer = Answer(200, packed, {"Content-Length": "500", "Content-Encoding": "gzip"})
    assert READ(Script(answer).client) == USER_BODY


@pytest.mark.parametrize("length", ["", "x", "-1"])
def test_an_invalid_content_length_is_ignored(length):
    assert READ(Script(Answer(200, USER_BODY, {"Content-Length": length})).client) == USER_BODY


@pytest.mark.parametrize(
    ("body", "header", "version"),
    [
        ({}, None, None),
        ({"meta": None}, None, None),
        ({"meta": "x"}, None, None),
        ({"meta": {"version": "7"}}, None, "7"),
        ({"meta": {"version": "7"}}, 'W/"8"', 'W/"8"'),
        ({}, 'W/"8"', 'W/"8"'),
    ],
)
def test_version_of(body, header, version):
    found = READ(Script(Answer(200, {"id": "id-1", **body}, {"ETag": header} if header else {})).client)
    assert isinstance(found, Representation) == bool(header)
    assert version_of(found) == version


# -- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "fatal"),
    [
        (400, RefusedError, False),
        (401, AuthenticationError, True),
        (403, RefusedError, False),
        (404, NotFoundError, False),
        (405, RefusedError, False),
        (409, ConflictError, False),
        (412, ConflictError, False),
        (413, TooLargeError, False),
        (415, RefusedError, False),
        (501, RefusedError, False),
        (505, RefusedError, False),
        (100, RefusedError, False),
        (999, RefusedError, False),
    ],
)
@pytest.mark.parametrize("verb", VERBS)
def test_a_refusal_is_not_repeated(verb, status, kind, fatal):
    script = Script(Answer(status, {"Errors": [{"description": "No such thing", "code": str(status)}]}))
    with pytest.raises(kind) as caught:
        VERBS[verb](script.client)
    error = caught.value
    assert error.__class__ is kind
    assert error.failure == {"operation": None, "status": status, "detail": "No such thing"}
    assert error.fatal is fatal
    assert not error.uncertain
    assert verb in str(error)
    assert "/directory/" in str(error)
    assert f"HTTP {status}, No such thing" in str(error)
    assert script.client.retries == 0


def test_a_401_names_the_credentials_to_check():
    with pytest.raises(AuthenticationError, match="P1_CLIENT_ID, P1_API_KEY"):
        READ(Script(401).client)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
@pytest.mark.parametrize("verb", VERBS)
def test_a_redirect_is_refused(verb, status):
    script = Script(Answer(status, "", {"Location": "https://evil.example.org/api"}))
    with pytest.raises(RefusedError, match="redirect .* not followed"):
        VERBS[verb](script.client)
    assert len(script.sent) == 1
    assert script.sent[0].options["allow_redirects"] is False


PROXY_PASSWORDS = ["S3cret", "S3c/ret", "S3c#ret", "S3c?ret", "S3c@ret", "S3c:ret", "S3c%2Fret"]


@pytest.mark.parametrize("password", PROXY_PASSWORDS)
def test_the_userinfo_of_an_address_is_masked(password):
    for address in (f"http://svc:{password}@127.0.0.1:99999", f"socks5h://svc:{password}@proxy/x", f"https://{password}@host/api"):
        if "://svc" not in address and set("/#?") & set(password):
            continue  # Without a user name, a password cannot be distinguished from a path.
        fault = exceptions.InvalidProxyURL(f"Failed to parse: {address} of the proxy")
        with pytest.raises(TransportError, match="could not be sent.*of the proxy") as caught:
            READ(Script(fault).client)
        assert "S3c" not in str(caught.value) and "ret" not in str(caught.value).replace("retr", "")


@pytest.mark.parametrize("password", PROXY_PASSWORDS)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy", "http_proxy"])
def test_the_password_of_a_proxy_is_masked(password, name, monkeypatch):
    monkeypatch.setenv(name, f"http://svc:{password}@proxy.example.org:3128")
    pair = base64.b64encode(f"svc:{unquote(password)}".encode()).decode()
    for words in (f"wrong password {password}!", f"wrong password {unquote(password)}!", f"got Basic {pair}"):
        fault = _behind_proxy(OSError(f"Tunnel connection failed: 407 {words}"))
        with pytest.raises(TransportError) as caught:
            READ(Script(fault, forever=True, retry_timeout=0).client)
        assert unquote(password) not in str(caught.value) and pair not in str(caught.value)
        with pytest.raises(RefusedError) as refused:
            READ(Script(Answer(400, {"message": words})).client)
        assert unquote(password) not in str(refused.value) and pair not in str(refused.value)


@pytest.mark.parametrize("end", "/?#")
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy"])
def test_a_proxy_password_that_is_parsed_as_a_host_is_masked(end, name, monkeypatch):
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv(name, f"http://svc:S3c{end}ret-word@127.0.0.1:9")
    client = HttpClient("https://directory.example.invalid/api", "id", API_KEY, timeout=5, retry_timeout=0)
    with client, pytest.raises(TransportError) as caught:
        client.request("GET", "/directory/user")
    assert "S3c" not in str(caught.value) and "ret-word" not in str(caught.value)


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("offset", range(4))
@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize("secret", [API_KEY, "pässwörd>>?~", "Xk9#\x7f~~~"])
def test_base64_of_a_secret_is_masked(encode, offset, padded, secret):
    text = encode(b"u:xy"[:offset] + secret.encode() + b"!"[:padded]).decode()
    text = text if padded else text.rstrip("=")
    for words in (f"rejected {text}", f"rejected {text[:9]}\n {text[9:]}", text.replace("/", "\\/")):
        with pytest.raises(RefusedError) as caught:
            Script(Answer(400, {"message": words})).client.create("user", {"userName": "ann", "password": secret})
        core = text[3:-4]
        assert core not in re.sub(r"\W", "", str(caught.value)), str(caught.value)


def test_a_text_without_secrets_is_reported_unchanged():
    words = "see https://help.example.org/errors?code=7 or mail ann@example.org about abcdefgh+/="
    with pytest.raises(RefusedError) as caught:
        READ(Script(Answer(400, {"message": words})).client)
    assert caught.value.detail == words


HUGE = "x" * 5_000_000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_ignored(encoding):
    body = json.dumps(USER_BODY).encode(encoding)
    assert READ(Script(Answer(200, body)).client) == USER_BODY
    assert error_words(json.dumps({"message": "Nö"}, ensure_ascii=False).encode(encoding)) == "Nö"


PEOPLE = ['{"resources": [{"id": "1", "userName": "ann.marcher"', '{"Resources": [{"id": "1", "emails": ["ann.marcher@x"]',
          '<user><userName>ann.marcher</userName></user>', "{'userName': 'ann.marcher'}",
          '{"schemas": ["urn:scim:schemas:core:1.0"], "nickName": "ann.marcher"']  # fmt: skip


@pytest.mark.parametrize("text", PEOPLE + ['[{"id": "1", "nickName": "ann.marcher"'])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_unreadable_answer_with_personal_data_is_not_quoted(text, mark):
    with pytest.raises(ProtocolError, match="not JSON") as caught:
        READ(Script((mark + text).encode()).client)
    assert "ann.marcher" not in str(caught.value) and not caught.value.detail


@pytest.mark.parametrize("text", [*PEOPLE, json.dumps({"message": 'cannot store {"userName": "ann.marcher"}'})])
def test_an_error_body_with_personal_data_is_not_quoted(text):
    with pytest.raises(RefusedError, match="HTTP 400 without an explanation") as caught:
        READ(Script(Answer(400, text)).client)
    assert not caught.value.detail


def test_an_error_text_that_names_an_attribute_is_quoted():
    with pytest.raises(RefusedError, match="userName is taken: emails"):
        CREATE(Script(Answer(400, {"message": "userName is taken: emails"})).client)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"Errors": [{"description": "No", "code": "404"}]}, "No"),
        ({"Errors": [{"description": "No", "code": 404}, {"description": "Never"}]}, "No; Never"),
        ({"errors": ["No", "No", {"message": "Never"}]}, "No; Never"),
        ({"errors": {"description": "No"}}, "No"),
        ({"error": "invalid_grant", "error_description": "Bad"}, "invalid_grant; Bad"),
        ({"error": {"message": "No", "details": [{"reason": "because"}]}}, "No; because"),
        ({"message": "No", "code": 1}, "No"),
        ({"detail": "No", "scimType": "x"}, "No"),
        ({"Errors": [], "message": "No"}, "No"),
        ({"Errors": [{"code": "404"}]}, ""),
        ({"message": 7}, ""),
        ({"message": None}, ""),
        ({}, ""),
        ([], ""),
        (["No"], "No"),
        ([{"description": "No"}], "No"),
        (b'"No"', "No"),
        (b"7", ""),
        (b"null", ""),
        (b"No \n such\tthing\x07", "No such thing"),
        (b"\xff\xfeNo", "��No"),
        (b"", ""),
        (b"  \n", ""),
        (b'{"message": "No"', '{"message": "No"'),
        (b"<html><title>502 Bad\nGateway</title><body><h1>502 Bad Gateway</h1></body></html>", "502 Bad Gateway"),
        (b"<title>400</title><h1>No <b>such</b> thing</h1>", "400; No such thing"),
        (b"<HTML><H1 class='x'>Too busy</H1><p>later</p></HTML>", "Too busy"),
        (b"<p>No <b>such</b> thing</p><script>var x='<y>';</script><style>p{}</style>", "No such thing"),
        (b"<title>&lt;Not&gt; here &amp; now</title>", "<Not> here & now"),
        (b"a < b", "a < b"),
        ({"error": {"error": {"error": {"error": {"error": {"error": "deep"}}}}}}, ""),
        (b'{"error":' * 50000 + b"1" + b"}" * 50000, None),
        (b"[" * 200000, None),
        (HUGE.encode(), None),
        ({"message": HUGE}, None),
        ({"Errors": [{"description": f"No {number}"} for number in range(1000)]}, None),
        (f"<html>{HUGE}".encode(), None),
    ],
)  # fmt: skip
def test_error_bodies_in_every_format(body, words):
    answer = Answer(400, body)
    if words is not None:
        assert error_words(answer.content) == words
    with pytest.raises(RefusedError) as caught:
        CREATE(Script(answer).client)
    message = str(caught.value)
    assert "\n" not in message
    assert "HTTP 400" in message
    assert len(message) < 1000
    assert caught.value.detail == words or words is None
    assert words != "" or message.endswith("HTTP 400 without an explanation")


# -- secrets ---------------------------------------------------------------------------------------

PASSWORD = "Zqw<a>\"s&s\\w/örd 'x  Vjk"


@pytest.mark.parametrize(
    "echo",
    [
        lambda secret: {"message": f"bad password {secret}!"},
        lambda secret: json.dumps({"message": f"bad {secret}"}),
        lambda secret: json.dumps({"message": f"bad {secret}"}, ensure_ascii=False),
        lambda secret: json.dumps({"message": f"bad {secret}"})[:-1],
        lambda secret: json.dumps({"message": f"bad {secret}"}, ensure_ascii=False)[:-1],
        lambda secret: json.dumps({"message": f"bad {secret}"})[:-1].replace("/", "\\/"),
        lambda secret: f"bad {secret} indeed",
        lambda secret: f"bad {quote(secret, safe='')} indeed",
        lambda secret: f"<html><h1>bad {_html(secret)} indeed</h1></html>",
        lambda secret: f"<html>bad {_html(secret)} indeed</html>",
        lambda secret: f"<html>bad {_html(secret, quote=False)} indeed</html>",
        lambda secret: {"message": f"bad {_html(secret)}"},
        lambda secret: "x" * 590 + secret,
        lambda secret: {"message": "x" * 595 + secret},
        lambda secret: {"Errors": [{"description": {"message": [secret]}}]},
        # encodings that escape more characters than necessary, or escape them differently
        lambda secret: {"message": "bad " + "".join(f"&#{ord(character)};" for character in secret)},
        lambda secret: {"message": "bad " + "".join(f"&#x{ord(character):X};" for character in secret)},
        lambda secret: {"message": "bad " + secret.replace("'", "&apos;").replace("a", "&#97;").replace("s", "&#115;")},
        lambda secret: {"message": "bad " + "".join(f"%{byte:02x}" for byte in secret.encode())},
        lambda secret: {"message": "bad " + quote_plus(secret)},
        lambda secret: {"message": "bad " + quote_plus(quote_plus(secret))},
        lambda secret: {"message": "bad " + quote(json.dumps(secret))},
        lambda secret: {"message": "bad " + "".join(f"\\u{ord(character):04x}" for character in secret)},
        lambda secret: "<html><h1>bad " + "".join(f"&#{ord(character)};" for character in secret) + "</h1></html>",
        lambda secret: f"<html>bad {_html(quote_plus(secret))}</html>",
    ],
)
@pytest.mark.parametrize("secret", [PASSWORD, "it's-My-Pass1 + é\U0001f511", API_KEY, "Basic"])
def test_a_secret_in_an_answer_is_masked(echo, secret):
    if secret == "Basic":
        secret = base64.b64encode(b"the-client:" + API_KEY.encode()).decode()
    script = Script(Answer(400, echo(secret)))
    with pytest.raises(RefusedError) as caught:
        script.client.create("user", {"userName": "ann", "password": secret, "newPassword": PASSWORD})
    reported = f"{caught.value} {caught.value.detail} {caught.value.reason}"
    assert secret[:3] not in reported
    assert secret[-3:] not in reported
    assert "bad" in reported or "xxx" in reported or reported.count("*") >= 8 or "withheld: it contains a secret" in reported
    shown = set(redact._decoded(reported)) | {reported}
    assert not [text for text in shown if secret in text]


def test_encoded_text_without_secrets_is_unchanged():
    words = "100% of caf%C3%A9 &amp; bar+baz \\u0041 is not allowed for user.name in /directory/users/password-lost"
    with pytest.raises(RefusedError) as caught:
        CREATE(Script(Answer(400, {"message": words})).client)
    assert caught.value.detail == words


def test_a_long_answer_is_redacted_in_limited_time():
    import time

    started = time.monotonic()
    for words in (
        "a.b/" * 5000,
        "token" + "a.bc/" * 4000,
        "a." * 10000,
        "https://" * 2500,
        "%25" * 6000,
        "&amp;" * 4000,
    ):
        with pytest.raises(RefusedError):
            CREATE(Script(Answer(400, {"message": words})).client)
    assert time.monotonic() - started < 5


def _html(text, quote=True):
    import html

    return html.escape(text, quote)


def test_a_secret_that_starts_with_another_is_masked_completely():
    script = Script(Answer(400, {"message": "abcdefgh"}), api_key="abcd")
    with pytest.raises(RefusedError) as caught:
        script.client.create("user", {"password": "abcdefgh"})
    assert "efgh" not in str(caught.value)


@pytest.mark.parametrize("key", ["password", "newPassword", "oldPassword"])
def test_each_password_of_a_body_is_masked(key):
    script = Script(Answer(400, {"message": "not swordfish"}))
    with pytest.raises(RefusedError) as caught:
        script.client.action("users/password-reset", {key: "swordfish", "id": "id-1"})
    assert "swordfish" not in str(caught.value)


@pytest.mark.parametrize(
    "link",
    [
        "https://login.pingone.com/idp/directory/a/acct/registration/confirm/user/tok123/",
        "HTTPS://LOGIN.PINGONE.EU/x?token=tok123",
        "http://x/password/tok123",
        "login.pingone.com/idp/directory/a/acct/registration/confirm/user/tok123/",
        "Login.Pingone.COM:8443/x?token=tok123",
        "//login.pingone.com/x?token=tok123",
        "login.pingone.com%2Fidp%2Fconfirm%2Ftok123",
        "login.pingone.com\\/idp\\/confirm\\/tok123",
        "login.pingone.com&#x2F;idp&#x2F;confirm&#x2F;tok123",
        "https:&#47;&#47;login.pingone.com&#47;idp&#47;confirm&#47;tok123",
    ],
)
@pytest.mark.parametrize("shape", ["see {} now", '<a href="{}">x</a>', '{{"message": "see {}"}}', '{{"message": "{}"'])
def test_a_link_with_a_token_is_masked(link, shape):
    with pytest.raises(RefusedError) as caught:
        READ(Script(Answer(400, shape.format(link))).client)
    assert "tok123" not in str(caught.value)


def test_a_secret_in_an_exception_is_masked():
    script = Script(exceptions.InvalidHeader(f"bad header {API_KEY}"))
    with pytest.raises(TransportError) as caught:
        READ(script.client)
    assert API_KEY not in str(caught.value)


# -- retries ---------------------------------------------------------------------------------------


def _connection_error(text="('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))"):
    return exceptions.ConnectionError(text)


def _max_retries_error(reason, kind=exceptions.ConnectionError, url="/api"):
    """Return the exception of requests for a failure that urllib3 does not retry."""
    return kind(lower.MaxRetryError(_Pool(), url, reason))


class _Pool:
    host = "x"

    def __str__(self):
        return "HTTPSConnectionPool(host='x', port=443)"


def _refused():
    return lower.NewConnectionError(_Pool(), "Failed to establish a new connection: [Errno 111] Connection refused")


def _unresolved():
    return lower.NewConnectionError(_Pool(), "Failed to resolve 'x' ([Errno -2] Name or service not known)")


def _behind_proxy(cause):
    return _max_retries_error(lower.ProxyError("Unable to connect to proxy", cause), exceptions.ProxyError)


def _timed_out(seconds="3"):
    return lower.ReadTimeoutError(_Pool(), "/api", f"Read timed out. (read timeout={seconds})")


LOST = [
    lambda: exceptions.ReadTimeout("Read timed out."),
    _connection_error,
    lambda: _connection_error(
        "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))"
    ),
    lambda: exceptions.ChunkedEncodingError("IncompleteRead(5 bytes read, 10 more expected)"),
    lambda: exceptions.ContentDecodingError("bad gzip"),
    lambda: exceptions.SSLError("[SSL: WRONG_VERSION_NUMBER] wrong version number"),
    lambda: Answer(200, b"{", {"Content-Length": "99"}),
    # requests raises a ConnectionError for a body that times out.
    lambda: exceptions.ConnectionError(_timed_out()),
    # urllib3 raises a ProxyError for every failure inside a tunnel, including a lost answer.
    lambda: exceptions.ProxyError("Cannot connect to proxy."),
    lambda: _behind_proxy(RemoteDisconnected("Remote end closed connection without response")),
    lambda: _behind_proxy(ConnectionResetError(104, "Connection reset by peer")),
    lambda: _behind_proxy(OSError("Connection aborted.")),
    lambda: _behind_proxy(_timed_out()),
    lambda: _connection_error("words that name a NewConnectionError, a ConnectTimeoutError: Failed to establish"),
]
NOT_SENT = [
    lambda: exceptions.ConnectTimeout("Connection to x timed out."),
    lambda: _max_retries_error(lower.ConnectTimeoutError(None, "Connection to x timed out."), exceptions.ConnectTimeout),
    lambda: _max_retries_error(_refused()),
    lambda: _behind_proxy(_refused()),
    lambda: _behind_proxy(lower.ConnectTimeoutError(None, "Connection to x timed out.")),
    lambda: _behind_proxy(OSError("Tunnel connection failed: 502 Bad Gateway")),
]  # fmt: skip
SERVER = [lambda status=status: Answer(status, {"message": "busy"}) for status in (500, 502, 503, 504, 408, 425, 520, 522, 524)]


@pytest.mark.parametrize("fault", LOST + NOT_SENT + SERVER)
@pytest.mark.parametrize("verb", REPEATED)
def test_rule_16_idempotent_requests_are_repeated(verb, fault):
    script = Script(fault(), fault(), USER_BODY)
    VERBS[verb](script.client)
    assert script.done
    assert [sent.method for sent in script.sent] == [verb] * 3
    assert len({(sent.url, sent.data) for sent in script.sent}) == 1
    assert script.client.api["retries"] == 2
    assert script.client.api["throttled_seconds"] == 0


@pytest.mark.parametrize("fault", LOST + SERVER)
@pytest.mark.parametrize("call", [CREATE, ACTION])
def test_rule_16_a_post_that_may_have_arrived_is_not_repeated(call, fault):
    script = Script(fault())
    with pytest.raises(LostAnswerError) as caught:
        call(script.client)
    assert caught.value.uncertain
    assert not caught.value.fatal
    assert (script.client.writes, script.client.retries, script.clock.slept) == (1, 0, [])


@pytest.mark.parametrize("fault", NOT_SENT)
def test_rule_16_a_post_that_was_not_sent_is_repeated(fault):
    script = Script(fault(), USER_BODY)
    assert CREATE(script.client) == USER_BODY
    assert script.client.retries == 1


def test_an_earlier_exception_does_not_classify_a_lost_post():
    """The exception of the second attempt has the exception of the first as its context."""

    def lost(_sent):
        try:
            raise _max_retries_error(_refused())
        except exceptions.ConnectionError:
            raise exceptions.ConnectionError("Connection aborted.")  # pylint: disable=raise-missing-from  # noqa: B904

    with pytest.raises(LostAnswerError):
        CREATE(Script(lost).client)


def test_a_timeout_inside_another_exception_is_reported_as_a_timeout():
    for fault in (exceptions.ConnectionError(_timed_out()), _behind_proxy(_timed_out())):
        with pytest.raises(AnswerTimeoutError, match="no answer to PATCH .* within 30 s"):
            Script(fault).client.patch("group", "id-1", {}, raise_timeout=True)


@pytest.mark.parametrize("verb", VERBS)
def test_rule_16_429_is_repeated_for_every_verb(verb):
    script = Script(429, 429, USER_BODY)
    VERBS[verb](script.client)
    assert script.done
    assert script.client.retries == 2
    assert script.client.api["throttled_seconds"] == sum(script.clock.slept) > 0


@pytest.mark.parametrize(
    "fault",
    [
        exceptions.InvalidURL("x"),
        exceptions.InvalidHeader("x"),
        exceptions.MissingSchema("x"),
        exceptions.InvalidProxyURL("x"),
        OSError("Could not find a suitable TLS CA certificate bundle, invalid path: /x"),
        ValueError("x"),
    ],
)
def test_a_request_that_cannot_be_sent_is_not_repeated(fault):
    script = Script(fault)
    with pytest.raises(TransportError, match="could not be sent") as caught:
        CREATE(script.client)
    assert not caught.value.uncertain


@pytest.mark.parametrize(
    "words",
    [
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1000)",
        "hostname 'x' doesn't match 'y'",
    ],
)
def test_an_untrusted_certificate_is_not_retried(words):
    script = Script(exceptions.SSLError(words))
    with pytest.raises(TransportError, match="directory.example.org was not trusted.*ca_path") as caught:
        READ(script.client)
    assert script.client.retries == 0
    assert not caught.value.uncertain


def test_the_reason_for_rejecting_a_certificate_is_reported():
    script = Script(exceptions.SSLError("(x certificate verify failed: self-signed certificate (_ssl.c:1000))"))
    with pytest.raises(TransportError, match=r"the certificate was rejected \(self-signed certificate\)"):
        READ(script.client)


def test_a_host_that_cannot_be_resolved_at_first_is_not_retried():
    script = Script(_max_retries_error(_unresolved()))
    with pytest.raises(TransportError, match="name cannot be resolved. Check region or base_url"):
        READ(script.client)
    assert script.client.retries == 0


def test_a_host_that_cannot_be_resolved_later_is_retried():
    script = Script(USER_BODY, _max_retries_error(_unresolved()), USER_BODY)
    READ(script.client)
    READ(script.client)
    assert script.client.retries == 1


def test_a_long_filter_does_not_hide_the_reason_of_a_failed_connection():
    fault = _max_retries_error(_refused(), url=f"/api/directory/user?filter={'x' * 5000}")
    script = Script(fault, forever=True, retry_timeout=0)
    with pytest.raises(TransportError, match="cannot be reached: connection refused"):
        READ(script.client)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (_connection_error(), "connection reset"),
        (
            _connection_error("RemoteDisconnected('Remote end closed connection without response')"),
            "closed without an answer",
        ),
        (exceptions.ChunkedEncodingError("IncompleteRead"), "the answer was cut short"),
        (exceptions.ReadTimeout("x"), "no answer to GET /directory/user/id-1 within 30 s"),
        (_max_retries_error(_refused()), "directory.example.org cannot be reached: connection refused"),
        (exceptions.ConnectTimeout("ConnectTimeoutError"), "timed out"),
        (exceptions.ProxyError("Cannot connect to Proxy"), "the proxy does not answer"),
        (
            _behind_proxy(OSError("Tunnel connection failed: 502 Bad Gateway")),
            "directory.example.org cannot be reached: the proxy refused: 502 Bad Gateway",
        ),
        (
            _behind_proxy(RemoteDisconnected("Remote end closed connection without response")),
            "the connection broke before GET /directory/user/id-1 was answered (closed without an answer)",
        ),
        (_connection_error("something else"), "something else"),
    ],
)
def test_the_reason_of_a_transport_error_is_reported(fault, words):
    with pytest.raises(TransportError) as caught:
        READ(Script(fault, forever=True).client)
    assert words in str(caught.value)
    assert "retry_timeout does not allow another attempt" in str(caught.value) or "connection refused" in words


@pytest.mark.parametrize(("retry_timeout", "seconds"), [(120, 5), (2, 2), (0, 0)])
def test_retries_end_early_if_the_service_has_never_answered(retry_timeout, seconds):
    script = Script(_max_retries_error(_refused()), forever=True, retry_timeout=retry_timeout)
    with pytest.raises(TransportError, match="connection refused .*tried.*Check region or base_url"):
        READ(script.client)
    assert sum(script.clock.slept) <= seconds and bool(script.clock.slept) == bool(retry_timeout)


def test_retries_continue_if_the_service_has_answered_before():
    script = Script(404, *[_max_retries_error(_refused())] * 6, USER_BODY)
    with pytest.raises(NotFoundError):
        READ(script.client)
    assert READ(script.client) == USER_BODY
    assert sum(script.clock.slept) > 15


@pytest.mark.parametrize("verb", REPEATED)
@pytest.mark.parametrize(
    ("fault", "kind", "fatal"),
    [
        (lambda: exceptions.ReadTimeout("x"), TransportError, True),
        (_connection_error, TransportError, True),
        (lambda: Answer(503), ServerError, False),
    ],
)
def test_after_the_last_attempt_a_write_is_uncertain(verb, fault, kind, fatal):
    script = Script(fault(), forever=True, retry_timeout=3)
    with pytest.raises(kind, match=r"tried \d+ times; retry_timeout does not allow another attempt") as caught:
        VERBS[verb](script.client)
    error = caught.value
    assert (error.uncertain, error.fatal) == (verb != "GET", fatal)
    assert ("run again to find out" in str(error)) == (verb != "GET")


def test_a_429_that_outlasts_retry_timeout_fails():
    script = Script(Answer(429, {"message": "slow down"}), forever=True, retry_timeout=10)
    with pytest.raises(RateLimitError, match="slow down") as caught:
        CREATE(script.client)
    assert caught.value.fatal
    assert not caught.value.uncertain
    assert sum(script.clock.slept) <= 10


@pytest.mark.parametrize("retry_timeout", [0, 1, 10, 120])
def test_retry_timeout_limits_the_total_wait_of_a_request(retry_timeout):
    script = Script(503, forever=True, retry_timeout=retry_timeout)
    with pytest.raises(ServerError) as caught:
        READ(script.client)
    assert sum(script.clock.slept) <= retry_timeout
    assert len(script.sent) == len(script.clock.slept) + 1 == script.client.reads
    tries = "once" if len(script.sent) == 1 else f"{len(script.sent)} times"
    assert f"tried {tries}" in str(caught.value)
    if retry_timeout == 0:
        assert len(script.sent) == 1


def test_retry_timeout_applies_to_each_request():
    script = Script(503, 503, 503, USER_BODY, 503, 503, 503, USER_BODY, retry_timeout=4)
    READ(script.client)
    READ(script.client)
    assert script.done


@pytest.mark.parametrize(("jitter", "share"), [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
@pytest.mark.parametrize("status", [429, 503])
def test_the_backoff_doubles_up_to_a_maximum(status, jitter, share):
    script = Script(*[status] * 20, USER_BODY, jitter=jitter, retry_timeout=10000)
    READ(script.client)
    expected = [min(30.0, 0.5 * 2**attempt) * share for attempt in range(20)]
    assert script.clock.slept == pytest.approx(expected)


def test_the_jitter_of_the_real_client_is_random():
    assert DirectoryClient(BASE_URL, "c", "k")._pacer._jitter.__name__ == "random"


NOW = 1_800_000_000.0
HTTP_NOW = formatdate(NOW, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": " 7 "}, 7.0),
        ({"retry-after": "7"}, 7.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "-5"}, 0.0),
        ({"Retry-After": "1000000"}, 1000000.0),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "9" * 5000}, None),
        ({"Retry-After": "Mon, 99 Foo 2026 00:00:00 GMT"}, None),
        ({"Retry-After": "Mon, 01 Jan 0001 00:00:00 GMT"}, None),
        ({"Retry-After": "Mon, 01 Jan 99999 00:00:00 GMT"}, None),
        ({"Retry-After": formatdate(NOW + 9, usegmt=True)}, 9.0),
        ({"Retry-After": formatdate(NOW - 9, usegmt=True)}, 0.0),
        # The clock of the service counts if the answer contains the time.
        ({"Retry-After": formatdate(NOW + 9000, usegmt=True), "Date": formatdate(NOW + 8991, usegmt=True)}, 9.0),
        ({"Retry-After": formatdate(NOW + 9, usegmt=True), "Date": "garbage"}, 9.0),
        ({"Retry-After": formatdate(NOW + 9, usegmt=True), "Date": ""}, 9.0),
    ],
)
def test_retry_after(headers, expected):
    answer = Answer(429, b"", headers)
    found = retry_after_seconds(answer.headers, wall_clock=lambda: NOW)
    # A date in the first century is either invalid or long past; both are accepted.
    assert found == expected or "0001" in headers.get("Retry-After", "") and found == 0.0


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0"}, 0.5),  # A retry always waits.
        ({"Retry-After": "garbage"}, 0.5),
        ({}, 0.5),
        ({"Retry-After": formatdate(NOW + 9, usegmt=True), "Date": HTTP_NOW}, 9.0),
        ({"Retry-After": formatdate(NOW - 9, usegmt=True), "Date": HTTP_NOW}, 0.5),
    ],
)
def test_retry_after_is_respected(status, headers, waited):
    script = Script(Answer(status, b"", headers), USER_BODY)
    READ(script.client)
    assert script.clock.slept == pytest.approx([waited])


@pytest.mark.parametrize("asked", ["121", "86400", "9" * 300])
def test_a_wait_beyond_retry_timeout_is_not_started(asked):
    script = Script(Answer(429, b"", {"Retry-After": asked}))
    with pytest.raises(RateLimitError, match="the service asks to wait .* s more; retry_timeout does not allow another attempt"):
        CREATE(script.client)
    assert script.clock.slept == []


def test_raise_timeout_raises_a_timeout_without_a_retry():
    script = Script(exceptions.ReadTimeout("x"))
    with pytest.raises(AnswerTimeoutError):
        script.client.patch("group", "id-1", {"members": []}, raise_timeout=True)
    assert script.client.retries == 0


def test_raise_timeout_affects_only_timeouts():
    script = Script(503, _connection_error(), USER_BODY)
    script.client.patch("group", "id-1", {"members": []}, raise_timeout=True)
    assert script.done


@pytest.mark.parametrize("fault", [503, 429, exceptions.ReadTimeout("x")])
def test_an_error_after_a_retry_is_marked_as_repeated(fault):
    with pytest.raises(NotFoundError) as caught:
        DELETE(Script(fault, 404).client)
    assert caught.value.repeated
    with pytest.raises(NotFoundError) as caught:
        DELETE(Script(404).client)
    assert not caught.value.repeated


# -- stopping --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [503, 429, exceptions.ReadTimeout("x"), _connection_error()])
@pytest.mark.parametrize("verb", REPEATED)
def test_after_a_stop_no_request_is_repeated(verb, fault):
    script = Script(fault)
    script.client.stop()
    with pytest.raises((ServerError, RateLimitError, TransportError), match="tried once; the run was stopped") as caught:
        VERBS[verb](script.client)
    assert script.clock.slept == [] and script.client.retries == 0
    assert caught.value.uncertain == (verb != "GET" and fault != 429)


@pytest.mark.parametrize("status", [503, 429])
def test_a_stop_during_a_wait_raises_the_last_error(status):
    script = Script(status)
    sleep = script.client._pacer.sleep

    def sleep_until_stopped(seconds):
        sleep(seconds)
        script.client.stop()

    script.client._pacer.sleep = sleep_until_stopped
    with pytest.raises((ServerError, RateLimitError), match=f"HTTP {status}.*tried once; the run was stopped"):
        READ(script.client)
    assert len(script.clock.slept) == 1
    assert script.client.api["retries"] == 0


def test_after_a_stop_a_request_without_a_wait_is_sent():
    script = Script(204, USER_BODY)
    REPLACE(script.client)
    script.client.stop()
    assert READ(script.client) == USER_BODY


@pytest.mark.parametrize("by", ["pace", "throttling"])
def test_after_a_stop_a_request_with_a_wait_is_not_attempted(by):
    script = Script(USER_BODY, max_requests_per_second=1 if by == "pace" else None)
    READ(script.client)
    if by == "throttling":
        script.client._pacer.throttle(script.clock.now, script.clock.now + 5)
    script.client.stop()
    with pytest.raises(StoppedError, match="GET /directory/user/id-1 was not attempted.*the run was stopped") as caught:
        READ(script.client)
    assert caught.value.fatal and not caught.value.uncertain
    assert script.client.reads == 1 and script.clock.slept == []


def test_a_lowered_retry_timeout_applies_at_once():
    script = Script(503, 503, USER_BODY, retry_timeout=100)
    sleep = script.client._pacer.sleep

    def sleep_and_lower(seconds):
        sleep(seconds)
        script.client.retry_timeout = 0

    script.client._pacer.sleep = sleep_and_lower
    with pytest.raises(ServerError, match="tried 2 times; retry_timeout does not allow another attempt"):
        READ(script.client)


def test_a_real_sleep_ends_with_a_stop():
    import time

    client = DirectoryClient(BASE_URL, "c", "k")
    timer = threading.Timer(0.1, client.stop)
    timer.start()
    started = time.monotonic()
    client.sleep(30)
    assert 0.05 < time.monotonic() - started < 5
    client.sleep(30)
    assert time.monotonic() - started < 5
    timer.join()


def test_a_real_sleep_lasts_as_long_as_reported():
    import time

    client = DirectoryClient(BASE_URL, "c", "k")
    for seconds in (0.01, 0.3):
        started = time.monotonic()
        client.sleep(seconds)
        assert seconds <= time.monotonic() - started < seconds + 1


@pytest.mark.parametrize("name", ["timeout", "retry_timeout"])
def test_timeouts_have_a_maximum(name):
    for seconds in (86401, 10_000_000_000, 10**400):
        with pytest.raises(InputError, match=f"{name} must be at most 86400 seconds"):
            DirectoryClient(BASE_URL, "c", "k", **{name: seconds})
    DirectoryClient(BASE_URL, "c", "k", **{name: 86400})


@pytest.mark.parametrize(("connections", "kept"), [(0, 1), (1, 1), (8, 8), (3_000_000, 64)])
def test_the_number_of_kept_connections_is_limited(connections, kept):
    session = DirectoryClient(BASE_URL, "c", "k", connections=connections)._transport._session
    for scheme in ("http", "https"):
        pool = session.get_adapter(f"{scheme}://x").poolmanager.connection_from_url(f"{scheme}://x")
        assert pool.pool.maxsize == kept


# -- pacing and counts -----------------------------------------------------------------------------


def test_api_counts_every_sent_request():
    script = Script(USER_BODY, 503, USER_BODY, 429, USER_BODY, 404, 204, jitter=1.0)
    READ(script.client)
    READ(script.client)
    CREATE(script.client)
    with pytest.raises(NotFoundError):
        REPLACE(script.client)
    DELETE(script.client)
    assert script.client.api == {"reads": 3, "writes": 4, "retries": 2, "throttled_seconds": 0.5}
    assert script.done


def test_a_request_refused_before_sending_is_not_counted():
    script = Script()
    with pytest.raises(InputError):
        script.client.get("user", "")
    assert script.client.api == {"reads": 0, "writes": 0, "retries": 0, "throttled_seconds": 0.0}


@pytest.mark.parametrize("rate", [0.5, 2, 10])
def test_requests_do_not_exceed_the_rate(rate):
    script = Script(*[USER_BODY] * 6, max_requests_per_second=rate)
    for _unused in range(6):
        READ(script.client)
    times = [sent.at for sent in script.sent]
    assert times == pytest.approx([times[0] + number / rate for number in range(6)])
    assert script.client.api["throttled_seconds"] == 0


def test_unused_time_allows_no_burst():
    script = Script(*[USER_BODY] * 4, max_requests_per_second=1)
    READ(script.client)
    script.clock.now += 100
    for _unused in range(3):
        READ(script.client)
    times = [sent.at for sent in script.sent]
    assert times[1:] == pytest.approx([times[0] + 100 + number for number in range(3)])


def test_retries_keep_to_the_rate():
    script = Script(503, USER_BODY, max_requests_per_second=0.1, jitter=0.0)
    READ(script.client)
    assert script.sent[1].at - script.sent[0].at == pytest.approx(10)


def test_without_a_rate_requests_do_not_wait():
    script = Script(*[USER_BODY] * 3)
    for _unused in range(3):
        READ(script.client)
    assert script.clock.slept == []


def test_a_429_delays_all_requests():
    """A second request that is ready during the wait is sent after it, and the wait counts once."""
    script = Script(Answer(429, b"", {"Retry-After": "10"}), forever=False)
    client = script.client
    started = client.clock()
    client._pacer.throttle(started, started + 10)
    script._answers = [USER_BODY, USER_BODY]
    READ(client)
    READ(client)
    assert [sent.at for sent in script.sent] == [started + 10, started + 10]
    assert client.api["throttled_seconds"] == 10


@pytest.mark.parametrize(
    ("waits", "total"),
    [
        ([(0, 10)], 10),
        ([(0, 10), (2, 5)], 10),
        ([(0, 10), (2, 10)], 10),
        ([(0, 10), (2, 15)], 15),
        ([(0, 10), (20, 25)], 15),
        ([(0, 10), (10, 12)], 12),
        ([(0, 5), (1, 7), (2, 9), (20, 21)], 10),
    ],
)
def test_overlapping_waits_count_once(waits, total):
    script = Script()
    start = script.clock.now
    for now, until in waits:
        script.client._pacer.throttle(start + now, start + until)
    assert script.client.api["throttled_seconds"] == total


def test_a_429_delays_a_request_that_already_waits():
    script = Script(*[USER_BODY] * 3, max_requests_per_second=1)
    client = script.client
    READ(client)
    sleep, started = client._pacer.sleep, client.clock()

    def sleep_while_another_is_refused(seconds):
        sleep(seconds)
        if client.clock() < started + 5:
            client._pacer.throttle(client.clock(), started + 30)

    client._pacer.sleep = sleep_while_another_is_refused
    READ(client)
    READ(client)
    times = [sent.at - started for sent in script.sent]
    assert times == pytest.approx([0, 30, 31]), "and the pace holds afterward"


def test_after_a_429_the_rate_applies_again():
    script = Script(*[USER_BODY] * 3, max_requests_per_second=1)
    client = script.client
    started = client.clock()
    client._pacer.throttle(started, started + 30)
    for _unused in range(3):
        READ(client)
    assert [sent.at - started for sent in script.sent] == pytest.approx([30, 31, 32])


def test_threads_share_the_rate_and_the_counts():
    """Real threads use a clock that advances only during a sleep; no two requests share a slot."""
    lock = threading.Lock()

    class SharedClock(Clock):
        def sleep(self, seconds):
            with lock:
                self.now = max(self.now, round((self.now + seconds) * 4) / 4)

    script = Script(USER_BODY, forever=True, max_requests_per_second=4, clock=SharedClock())
    threads = [threading.Thread(target=lambda: [READ(script.client) for _unused in range(5)]) for unused in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert script.client.api["reads"] == len(script.sent) == 20
    assert script.client._pacer._next_slot == pytest.approx(1000 + 20 / 4)


# -- without requests ------------------------------------------------------------------------------


def test_without_requests_the_module_is_importable_and_names_the_import_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "requests", None)
    monkeypatch.delitem(sys.modules, transport.__name__)
    package = sys.modules[transport.__name__.rpartition(".")[0]]
    monkeypatch.setattr(package, "transport", transport)
    without = importlib.import_module(transport.__name__)
    assert without is not transport
    assert without.requests is None
    assert "ImportError" in without.REQUESTS_IMPORT_ERROR or "ModuleNotFoundError" in without.REQUESTS_IMPORT_ERROR
    assert transport.REQUESTS_IMPORT_ERROR is None


def test_every_failure_is_a_directory_error():
    for name in ("request", "get", "search", "list"):
        assert hasattr(DirectoryClient, name)
    for fault in [*LOST, *NOT_SENT, *SERVER]:
        with pytest.raises(DirectoryError):
            READ(Script(fault(), forever=True, retry_timeout=0).client)
