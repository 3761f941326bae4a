# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""DirectoryClient: the only file that knows HTTP and ``requests``.

Sources: ``[doc]`` the vendor's pages on creating requests, reading, updating and deleting a resource;
``[spec]`` the SCIM 1.1 drafts. What neither says is handled so that either answer is fine; see
``docs/docsite/rst/guide_assumptions.rst``.
"""

from __future__ import annotations

import io
import json
import random
import re
import threading
import time
import traceback
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, unquote_plus, urlencode

from ._errors import (
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
    one_line,
    quoted,
)

REQUESTS_IMPORT_ERROR = None
try:
    import requests
except ImportError:
    requests = None  # type: ignore[assignment]
    REQUESTS_IMPORT_ERROR = traceback.format_exc()

USER_AGENT = "ansible-pingone.directory/1.0.0"

# [doc] Creating Requests: the three regional bases, /api included.
REGIONS = {
    "na": "https://directory-api.pingone.com/api",
    "eu": "https://directory-api.pingone.eu/api",
    "au": "https://directory-api.pingone.com.au/api",
}

PAGE_SIZE = 1000  # [doc] Reading a Resource: the largest count the service takes.

READ_AGAIN = 2  # so often a list is read again that moved while it was read

BACKOFF_FIRST = 0.5  # seconds
BACKOFF_CAP = 30.0  # seconds

LONGEST_WAIT = 86400  # seconds, a day: sockets take no more than some weeks, and nobody waits that long

MOST_CONNECTIONS = 64  # kept open at once: urllib3 makes room for all of them beforehand

_NAP = 0.2  # seconds in which a stop is noticed while waiting

# Characters of an answer that are looked at for words to pass on; the words themselves are cut much shorter.
_MOST_WORDS = 20000

# Narrow on purpose: whatever two URL parsers could read differently (user info, backslashes, escapes)
# could send the key to another host than the one that was checked.
_BASE_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>(?:/[A-Za-z0-9._~-]+)*)/*"
)
_LOOPBACK = re.compile(
    r"localhost|\[::1\]|127\.(?:25[0-5]|2[0-4]\d|1?\d?\d)\.(?:25[0-5]|2[0-4]\d|1?\d?\d)\.(?:25[0-5]|2[0-4]\d|1?\d?\d)"
)

# A link of this kind lets its reader take over an account: it is a secret wherever the service prints one, and
# people complete one that lacks its scheme.
_WORD = re.compile(r"""[^\s"'<>]+""")
_LINK_START = re.compile(
    r"https?(?::|%3A)(?:\\?/|%2F){2}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,30}[a-z][a-z0-9-]{1,62}(?::\d{1,5})?(?:\\?/|%2F)",
    re.IGNORECASE,
)
_LINK_SIGN = re.compile("token|confirm|registration|password", re.IGNORECASE)

_READ_VERBS = ("GET", "HEAD")
_RETRIED_STATUSES = (500, 502, 503, 504)


def resolve_base_url(region="na", base_url=None):
    """The API base, without a trailing slash, from the options ``region`` and ``base_url``.

    :raises InputError: not a URL the key may be sent to.
    """
    text = (base_url or "").strip()
    if not text:
        return REGIONS[region or "na"]
    match = _BASE_URL.fullmatch(text)
    wanted = "write it as https://HOST/api, or leave it out and choose a region"
    if not match:
        raise InputError(f"base_url is not a URL this collection sends credentials to: it must be {wanted}")
    loopback = is_loopback(match["host"])
    if match["scheme"] == "http" and not loopback:
        raise InputError(
            f"base_url is plain http for {match['host']}: the API key would travel in clear text; only loopback may be http, so {wanted}"
        )
    if match["port"] and not 0 < int(match["port"]) < 65536:
        raise InputError(f"base_url has port {match['port']}, which is no port: {wanted}")
    path = match["path"]
    if path == "":
        path = "/api"
    if not path.endswith("/api") or any(part in (".", "..") for part in path.split("/")):
        raise InputError(f"base_url ends in {path}, not in /api: {wanted}")
    port = f":{match['port']}" if match["port"] else ""
    return f"{match['scheme']}://{match['host']}{port}{path}"


def is_loopback(host):
    """Whether a host, as it stands in a URL, is this machine by its spelling alone (no look-up)."""
    return _LOOPBACK.fullmatch(host.lower()) is not None


def equality_filter(attribute, value):
    """A SCIM 1.1 filter for one value: the literal is a JSON string ([spec] 3.2.2.1).

    Characters beyond ASCII stay as they are: they are percent-encoded with the rest of the query.
    """
    return f"{attribute} eq {json.dumps(value, ensure_ascii=False)}"


def items_of(body):
    """The resources of a list answer, whichever way it is spelled; one bare resource is a list of one.

    :raises ProtocolError: the answer is neither.
    """
    if isinstance(body, dict):
        for key in ("resources", "Resources"):
            if isinstance(body.get(key), list):
                items = body[key]
                break
        else:
            if "id" in body:
                items = [body]
            elif any(key in body for key in ("totalResults", "resources", "Resources", "itemsPerPage")):
                items = []
            else:
                raise ProtocolError("the answer is neither a list of resources nor a resource")
    elif isinstance(body, list):
        items = body
    else:
        raise ProtocolError("the answer is neither a list of resources nor a resource")
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("id"), str) or not item["id"]:
            raise ProtocolError("the list holds an entry without an id")
    return items


def _total_of(body):
    total = body.get("totalResults") if isinstance(body, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def retry_after_seconds(headers, wall_clock=time.time):
    """What a Retry-After header asks for, in seconds; None without one, or with one that cannot be read.

    A date is read against the answer's own Date header where there is one, so that a clock that is
    off does not turn a short wait into a long one.
    """
    value = (headers.get("Retry-After") or "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(int(value)))
    except OverflowError:
        return None  # a number without sense, which no float can hold
    except ValueError:
        pass
    from email.utils import parsedate_to_datetime  # requests has loaded it already

    try:
        until = parsedate_to_datetime(value).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    try:
        now = parsedate_to_datetime(headers.get("Date") or "").timestamp()
    except (TypeError, ValueError, OverflowError):
        now = wall_clock()
    return max(0.0, until - now)


class Representation(dict):
    """A resource as it was read, with the ETag header of its answer; nobody has seen this service send one."""

    etag = None


def version_of(representation):
    """What If-Match takes, where the service offers a version at all ([spec] 3.11); else None."""
    meta = representation.get("meta")
    return getattr(representation, "etag", None) or (meta.get("version") if isinstance(meta, dict) else None)


class Found(list):
    """What a filtered GET was answered with.

    :ivar whole: False where the service counts more than it shows: a short page, or a filter that was ignored.
    """

    whole = True


class Listing:
    """What a read of all resources of a kind found.

    :ivar items: representations by id, in the order received.
    :ivar complete: whether the end was proven (docs/rules.md, rule 3); nothing destructive may
        follow from a listing that is not.
    :ivar why: in words, why it is not complete.
    :ivar page_sizes: items received with each page.
    :ivar moved: whether the service's count changed between two pages: somebody made or deleted something, and
        what stood behind it has moved to a page that was read already, or will be read twice.
    :param keep: what of a representation is kept; None: all.
    """

    def __init__(self, keep=None):
        self.keep = keep
        self.restart()

    def restart(self):
        """Forget what was read, to read it again."""
        self.items = {}
        self.complete = False
        self.why = None
        self.total = None
        self.moved = False
        self.page_sizes = []


class _Request(NamedTuple):
    """One request, ready to be sent.

    :ivar path: its address as messages tell it, without base URL and query.
    :ivar secrets: what no message may repeat of it.
    :ivar framed: whether an empty answer has to say that it is empty.
    """

    method: str
    path: str
    url: str
    data: bytes | None
    headers: dict[str, str]
    secrets: list[str]
    framed: bool = False

    def __str__(self):
        return f"{self.method} {self.path}"


class Attempt(NamedTuple):
    """What came of sending a request once.

    :ivar answer: the decoded body of a success; None where it has none.
    :ivar error: why it is no success.
    :ivar retriable: whether sending it again is harmless, and may help.
    :ivar wait: the seconds that the service asks to wait before that; None: it does not say.
    """

    answer: Any = None
    error: DirectoryError | None = None
    retriable: bool = False
    wait: float | None = None


class DirectoryClient:
    """One directory: authentication, retries, pacing, paging, error bodies, and counts of all of it.

    Safe to share between threads. Raises only :class:`DirectoryError`.

    :param base_url: as :func:`resolve_base_url` returns it.
    :param client_id: user of the Basic authentication.
    :param api_key: its password.
    :param timeout: seconds for the answer to one request, the last byte of it included.
    :param retry_timeout: seconds for all the retries of one request together; may be lowered at any time.
    :param verify: True, False, or the path of a CA bundle.
    :param max_requests_per_second: own pacing; None: none.
    :param connections: how many requests may be under way at once.
    :param sleep: waits so many seconds; None: really, and no longer than until :meth:`stop`.
    :raises InputError: a time is too long.
    """

    def __init__(
        self,
        base_url,
        client_id,
        api_key,
        *,
        timeout=30,
        retry_timeout=120,
        verify=True,
        max_requests_per_second=None,
        connections=1,
        clock=time.monotonic,
        sleep=None,
        jitter=random.random,
        session=None,
    ):
        for name, seconds in (("timeout", timeout), ("retry_timeout", retry_timeout)):
            if seconds > LONGEST_WAIT:
                raise InputError(f"{name} must be at most {LONGEST_WAIT} seconds, which is a day")
        self.base_url = base_url
        self.timeout = timeout
        self.retry_timeout = retry_timeout
        self.verify = verify
        self.clock = clock
        self.sleep = sleep if sleep is not None else self._sleep
        self.stopped = False
        self._jitter = jitter
        self._interval = 1.0 / max_requests_per_second if max_requests_per_second else 0.0
        self._api_key = api_key
        # requests encodes text as Latin-1; bytes say what is meant.
        self._auth = (client_id.encode("utf-8"), api_key.encode("utf-8"))
        match = _BASE_URL.fullmatch(base_url)
        if match is None:
            raise InputError("base_url is not one that resolve_base_url has returned")
        host = match["host"]
        # A proxy would be another host that sees the credentials of a plain http request.
        self._proxies = {"no_proxy": host.strip("[]")} if is_loopback(host) else {}
        self._session = session if session is not None else self._new_session(connections)
        self._lock = threading.Lock()
        self._next_slot = clock()
        self._resume_at = clock()
        self._answered = False
        self.reads = 0
        self.writes = 0
        self.retries = 0
        self.throttled_seconds = 0.0

    def _new_session(self, connections):
        from http.cookiejar import DefaultCookiePolicy  # requests has loaded it already

        session = requests.Session()
        session.auth = self._auth
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = _adapter(min(max(1, connections), MOST_CONNECTIONS))
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session

    def stop(self):
        """Wait no more, and retry nothing: what is under way ends with the error it has met, if any.

        A request that need not wait is still sent: it belongs to a change that has begun. May be called by a signal
        handler, so it takes no lock.
        """
        self.stopped = True

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self._session.close()

    @property
    def api(self):
        """The ``api`` value of a module's result."""
        return {
            "reads": self.reads,
            "writes": self.writes,
            "retries": self.retries,
            "throttled_seconds": round(self.throttled_seconds, 3),
        }

    # -- resources ---------------------------------------------------------------------------------

    def get(self, endpoint, resource_id):
        """The representation of one resource, by id.

        :raises NotFoundError: there is none.
        :raises ProtocolError: the answer is another resource, or none at all.
        """
        body = self.request("GET", _resource_path(endpoint, resource_id))
        for item in items_of(body):
            if item["id"].lower() == resource_id.lower():
                return item
        raise ProtocolError(f"GET of {endpoint} {resource_id} answered with another resource")

    def create(self, endpoint, representation, option=None):
        """POST; the representation answered, or None where the answer has none.

        :raises LostAnswerError: it may have been created (rule 5): search before anything else.
        """
        return _resource_or_none(
            self.request("POST", f"/directory/{endpoint}", {"option": option} if option else None, representation)
        )

    def replace(self, endpoint, resource_id, representation, etag=None):
        """PUT of a complete representation; the one answered, or None where the answer has none."""
        headers = {"If-Match": etag} if etag else None
        return _resource_or_none(
            self.request("PUT", _resource_path(endpoint, resource_id), None, representation, headers)
        )

    def patch(self, endpoint, resource_id, changes, raise_timeout=False, etag=None):
        """PATCH; the representation answered, or None where the answer has none.

        :param raise_timeout: do not repeat after a timeout, so that the caller can send less at once.
        """
        headers = {"If-Match": etag} if etag else None
        return _resource_or_none(
            self.request(
                "PATCH", _resource_path(endpoint, resource_id), None, changes, headers, raise_timeout=raise_timeout
            )
        )

    def delete(self, endpoint, resource_id):
        """DELETE; whatever the answer holds is ignored ([doc] Deleting a Resource: no SCIM object)."""
        self.request("DELETE", _resource_path(endpoint, resource_id))

    def action(self, path, body):
        """POST to one of the actions beyond SCIM; never repeated once it may have been carried out.

        Nothing of what it does can be read back, so its answer alone tells that it was done.
        """
        try:
            return self.request("POST", f"/directory/{path}", None, body, framed=True)
        except LostAnswerError as lost:
            lost.hint = "It may have been carried out all the same, and is not repeated"
            raise

    def search(self, endpoint, filter_text):
        """The resources one filtered GET answers with, as they come: the filter may have been ignored.

        :raises RefusedError: the service does not take the filter.
        """
        try:
            body = self.request("GET", f"/directory/{endpoint}", {"filter": filter_text})
        except NotFoundError:
            return Found()
        found = Found(items_of(body))
        found.whole = (_total_of(body) or 0) <= len(found)
        return found

    def page(self, endpoint, start_index=None, count=PAGE_SIZE, filter_text=None):
        """One page: (items, totalResults or None).

        The documented user listing is sorted by name; nothing is known of sorting groups, and a plain
        GET is all that was ever seen to work for them, so that is how their first page is asked for.
        """
        parameters = {}
        if filter_text:
            parameters["filter"] = filter_text
        if endpoint == "user":
            parameters.update(sortBy="userName", sortOrder="ascending", startIndex=start_index or 1, count=count)
        elif start_index:
            parameters.update(startIndex=start_index, count=count)
        try:
            body = self.request("GET", f"/directory/{endpoint}", parameters)
        except NotFoundError:
            # "None" may be spelled 404 for a filter; for the list itself it can only be a wrong address.
            if not filter_text:
                raise
            return [], None
        return items_of(body), _total_of(body)

    def list(self, endpoint, filter_text=None, listing=None):
        """Everything of a kind, page by page (docs/rules.md, rules 3 and 4).

        Advances by the items received, so short pages are fine; never by ``itemsPerPage``. A total that
        was larger than its page counts everything; one that equals its page may count that page alone.
        A list that moves while it is read is read again, a few times at most.
        """
        listing = listing if listing is not None else Listing()
        for _again in range(READ_AGAIN):
            self._read_pages(endpoint, filter_text, listing)
            if not listing.moved:
                return listing
            listing.restart()
        self._read_pages(endpoint, filter_text, listing)
        if listing.moved:
            listing.complete = False
            listing.why = f"the number of {endpoint}s changed each time while they were read"
        return listing

    def _read_pages(self, endpoint, filter_text, listing):
        """Read on to the end of a listing."""
        received = sum(listing.page_sizes)
        while True:
            start_index = received + 1 if received else None
            try:
                items, total = self.page(endpoint, start_index, filter_text=filter_text)
            except RefusedError as refused:
                if not received or refused.status not in (400, 404):
                    raise
                listing.why = (
                    f"the service refuses to show what comes after the first {received} (HTTP {refused.status})"
                )
                return
            if self.take_page(listing, items, total):
                return
            received += len(items)

    @staticmethod
    def take_page(listing, items, total):
        """Add a page to a listing; whether it was the last one."""
        before = len(listing.items)
        for item in items:
            listing.items[item["id"]] = item if listing.keep is None else listing.keep(item)
        listing.page_sizes.append(len(items))
        # Larger than its page, be that an empty one, a total can only be that of everything.
        if total is not None and total > len(items):
            listing.moved = listing.moved or listing.total not in (None, total)
            listing.total = total
        reached = listing.total is not None and len(listing.items) >= listing.total
        if reached:
            listing.complete = True
        elif not items:
            listing.complete = listing.total is None
            if not listing.complete:
                listing.why = f"the service counts {listing.total} and showed {len(listing.items)}"
        elif len(listing.items) == before:
            listing.why = (
                f"the service counts {listing.total} and showed {len(listing.items)}"
                if listing.total is not None
                else "the service repeats its first page and never told a total, so there may be more"
            )
        else:
            return False
        return True

    # -- one request -------------------------------------------------------------------------------

    def request(self, method, path, query=None, body=None, headers=None, raise_timeout=False, framed=False):
        """Send one request, retried as its verb allows, and return the decoded answer (None: it has no body).

        429 is retried for every verb: it says that nothing was done. 500, 502, 503, 504 and answers
        that never came are retried where carrying the request out twice is harmless: GET, PUT, DELETE
        and PATCH (rule 16). A POST is repeated only where it certainly never left.

        :param path: what follows the base URL, percent-encoded.
        :param query: the parameters of the URL, not encoded yet.
        :param body: what is sent as JSON; None: nothing.
        :param headers: headers to send beside our own.
        :param raise_timeout: do not repeat after a timeout: raise the :class:`AnswerTimeoutError` itself.
        :param framed: take an empty answer for lost unless it says that it is empty.
        :raises InputError: it cannot be put into a request; nothing was sent.
        :raises RefusedError: the service refused it; the kinds of it tell 401, 404, 409, 412 and 413 apart.
        :raises RateLimitError: 429 for longer than ``retry_timeout`` allows.
        :raises ServerError: 5xx that outlasted the retries; ``uncertain`` where it may have been carried out.
        :raises TransportError: there was no answer within the retries; ``uncertain`` likewise.
        :raises LostAnswerError: a POST may have been carried out, and its answer is not known.
        :raises ProtocolError: the answer is no JSON.
        :raises StoppedError: it was not sent, because of :meth:`stop`.
        """
        url = self.base_url + path
        if query:
            url += "?" + urlencode({key: _text(value, key) for key, value in query.items()}, quote_via=quote)
        data = None if body is None else _encode(body)
        request = _Request(method, path, url, data, headers or {}, self._secrets_of(body), framed)
        attempts = 0
        error: DirectoryError | None = None
        first_failure = None
        while True:
            if not self._wait_for_turn(again=error is not None):
                if error is not None:
                    raise _gave_up(error, method, attempts, "told to stop")
                raise StoppedError(f"{request} was not attempted, because the run was told to stop")
            attempts += 1
            self._count(method, attempts)
            attempt = self._attempt(request)
            error = attempt.error
            if error is None:
                return attempt.answer
            error.repeated = attempts > 1
            if not attempt.retriable or (raise_timeout and isinstance(error, AnswerTimeoutError)):
                raise error
            now = self.clock()
            if first_failure is None:
                first_failure = now
            delay = self._delay(attempts, attempt.wait)
            if self.stopped:
                raise _gave_up(error, method, attempts, "told to stop")
            # Added up anew each time: retry_timeout may have been lowered in between.
            if now + delay > first_failure + self.retry_timeout:
                asked = f"the service asks to wait {attempt.wait:.0f} s more; " if attempt.wait else ""
                raise _gave_up(error, method, attempts, f"{asked}retry_timeout allows no more")
            if isinstance(error, RateLimitError):
                self._throttle(now, now + delay)  # the wait for its turn is the wait then
            else:
                self.sleep(delay)

    def _count(self, method, attempts):
        with self._lock:
            if method in _READ_VERBS:
                self.reads += 1
            else:
                self.writes += 1
            if attempts > 1:
                self.retries += 1

    def _delay(self, attempts, asked):
        """The seconds to wait after so many attempts: what the service asks for, else longer each time."""
        if asked is not None and asked >= 0.1:
            return asked
        # No wait at all, or a date that has passed, would be a busy loop: it is as if nothing was asked for.
        return min(BACKOFF_CAP, BACKOFF_FIRST * 2 ** min(attempts - 1, 10)) * (0.5 + self._jitter() / 2)

    def _attempt(self, request):
        """Send a request once."""
        try:
            response = self._session.request(
                request.method,
                request.url,
                data=request.data,
                headers={
                    "Accept": "application/json",
                    "User-Agent": USER_AGENT,
                    **({"Content-Type": "application/json"} if request.data is not None else {}),
                    **request.headers,
                },
                auth=self._auth,
                timeout=self.timeout,
                allow_redirects=False,
                verify=self.verify,
                proxies=self._proxies,
            )
        except requests.exceptions.RequestException as error:
            return self._from_exception(error, request)
        except (OSError, ValueError) as error:
            # urllib3 lets a few of its own and of the standard library's through (a CA file that cannot be read).
            words = self._redact(error, request.secrets)
            return Attempt(error=TransportError(f"{request} could not be sent: {words}"))
        self._answered = True
        return self._from_response(response, request)

    def _from_exception(self, error, request):
        names = requests.exceptions
        words = self._redact(error, request.secrets)
        signs = str(error)  # whole: what happened stands at its end, after an address that may be long
        host = self.base_url.split("/")[2]
        if isinstance(error, names.SSLError) and any(
            word in signs for word in ("CERTIFICATE", "certificate", "hostname")
        ):
            return Attempt(
                error=TransportError(
                    f"{host} was not trusted: {_ssl_words(signs, words)}",
                    hint="If its certificate comes from an authority of your own, name it with ca_path",
                )
            )
        if isinstance(
            error,
            (names.InvalidURL, names.InvalidHeader, names.InvalidSchema, names.MissingSchema, names.InvalidProxyURL),
        ):
            return Attempt(error=TransportError(f"{request} could not be sent: {words}"))
        causes = _causes(error)
        if _never_left(causes):
            # A name that cannot be resolved before anything was ever answered is a typing mistake, not a fault.
            typo = not self._answered and any(
                sign in signs for sign in ("NameResolutionError", "Name or service", "getaddrinfo")
            )
            reason = "its name cannot be resolved" if typo else _connection_words(signs, words)
            return Attempt(
                error=TransportError(
                    f"{host} cannot be reached: {reason}",
                    hint="Check region or base_url, and the proxy" if typo else None,
                ),
                retriable=not typo,
            )
        lost: LostAnswerError
        if _timed_out(causes):
            lost = AnswerTimeoutError(f"no answer to {request} within {self.timeout} s")
        else:
            lost = LostAnswerError(
                f"the connection broke before {request} was answered ({_connection_words(signs, words)})"
            )
        return Attempt(error=lost, retriable=request.method != "POST")

    def _from_response(self, response, request):
        status = response.status_code
        content = response.content
        length = response.headers.get("Content-Length", "")
        if length.isdigit() and not response.headers.get("Content-Encoding") and len(content) < int(length):
            return Attempt(
                error=LostAnswerError(f"the answer to {request} was cut short"), retriable=request.method != "POST"
            )
        if 200 <= status < 300:
            return self._from_success(response, request)
        detail = self._words_of(response, request.secrets)
        said = f"HTTP {status}" + (f", {detail}" if detail else " without a word of explanation")
        if 300 <= status < 400:
            return Attempt(
                error=RefusedError(
                    f"{request} was answered with a redirect (HTTP {status}), which is never followed, because it would take the credentials elsewhere",
                    status=status,
                    hint="Check region or base_url",
                )
            )
        if status == 429 or (status in _RETRIED_STATUSES and request.method != "POST"):
            failed = RateLimitError if status == 429 else ServerError
            return Attempt(
                error=failed(f"{request}: {said}", status=status, detail=detail),
                retriable=True,
                wait=retry_after_seconds(response.headers),
            )
        if status in _RETRIED_STATUSES:
            return Attempt(error=LostAnswerError(f"{request}: {said}", status=status, detail=detail))
        kind, hint = _STATUS_ERRORS.get(status, (RefusedError, None))
        return Attempt(error=kind(f"{request}: {said}", status=status, detail=detail, hint=hint))

    def _from_success(self, response, request):
        if not response.content.strip():
            return self._from_nothing(response, request)
        try:
            body = json.loads(response.content.decode("utf-8"))
        except (ValueError, RecursionError):  # the latter: nested deeper than Python follows
            if request.method in ("DELETE", "PATCH", "PUT"):
                return Attempt()  # what was written is read back; what the answer says is not needed
            return Attempt(error=self._no_json(response, request))
        if isinstance(body, dict) and response.headers.get("ETag"):
            body = Representation(body)
            body.etag = response.headers["ETag"]
        return Attempt(body)

    @staticmethod
    def _from_nothing(response, request):
        """An empty answer, which may be one that was cut off within its headers: nothing tells these two apart
        but a header that promises how much there is to come.
        """
        status = response.status_code
        if status != 204:
            promised = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
            if request.method in _READ_VERBS or (request.framed and not promised):
                return Attempt(
                    error=LostAnswerError(f"the answer to {request} is empty (HTTP {status})", status=status),
                    retriable=request.method != "POST",
                )
        return Attempt()

    def _no_json(self, response, request):
        detail = self._words_of(response, request.secrets)
        if request.method == "POST":
            return LostAnswerError(
                f"the answer to {request} cannot be read", status=response.status_code, detail=detail
            )
        return ProtocolError(
            f"{request} was answered with something that is not JSON: {detail or 'an empty page'}",
            status=response.status_code,
            detail=detail,
            hint="Check region, base_url and the proxy",
        )

    # -- pacing, throttling, secrets ---------------------------------------------------------------

    def _wait_for_turn(self, again=False):
        """Wait until this request may leave: after a common back-off, and no faster than the pace.

        :param again: it was sent before.
        :returns: False where it is not to be sent because of a stop.
        """
        slot = None
        while True:
            with self._lock:
                now = self.clock()
                wait = self._resume_at - now
                if wait > 0:
                    slot = None  # who has to wait that long gives its turn back: all turns are due by then
                else:
                    if slot is None:
                        slot = max(now, self._next_slot)
                        self._next_slot = slot + self._interval
                    wait = slot - now
                    if wait <= 0:
                        return not (again and self.stopped)
            if self.stopped:
                return False
            self.sleep(wait)

    def _sleep(self, seconds):
        """Wait, but no longer than until a stop.

        In naps, not for a ``threading.Event``: a signal handler runs in the midst of what its thread is doing, and if
        that is to hold the lock of the event, setting it would wait forever.
        """
        until = time.monotonic() + seconds
        while not self.stopped:
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, _NAP))

    def _throttle(self, now, until):
        """One 429 slows all: nobody sends before ``until``. Waiting together is counted once."""
        with self._lock:
            if until > self._resume_at:
                self.throttled_seconds += until - max(now, self._resume_at)
                self._resume_at = until

    def _secrets_of(self, body):
        secrets = [self._api_key, _basic(self._auth)]
        if isinstance(body, dict):
            secrets += [
                value for key, value in body.items() if key.lower().endswith("password") and isinstance(value, str)
            ]
        return secrets

    @staticmethod
    def _redact(text, secrets):
        """Text as it may be told: on one line, of a readable length, and without a secret."""
        return one_line(_hide(one_line(text, _MOST_WORDS), secrets), 600)

    def _words_of(self, response, secrets):
        return self._redact(error_words(response, lambda text: _hide(text, secrets)), secrets)


_STATUS_ERRORS = {
    400: (RefusedError, None),
    401: (
        AuthenticationError,
        "Check client_id and api_key (P1_CLIENT_ID, P1_API_KEY): the key may have been renewed; and that region is the one of the account",
    ),
    404: (NotFoundError, None),
    409: (ConflictError, None),
    412: (ConflictError, None),
    413: (TooLargeError, None),
}


def _hide(text, secrets):
    """Text without the secrets, in whichever way an answer may spell them.

    What is known as it stands is replaced; where it only shows once the text is decoded, all of it is withheld.
    """
    from html import escape

    forms = set()
    for secret in secrets:
        plain = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
        plain |= {form.replace("/", "\\/") for form in plain}
        plain |= {escape(secret), escape(secret, quote=False), quote(secret, safe="")}
        forms |= plain | {one_line(form, _MOST_WORDS) for form in plain}
    # The longest first: one secret may begin with another.
    for form in sorted(forms - {""}, key=len, reverse=True):
        text = text.replace(form, "********")
    text = _WORD.sub(_without_link, text)
    bare = {form for secret in secrets for form in (secret, one_line(secret, _MOST_WORDS))} - {""}
    for decoded in _decoded(text):
        folded = one_line(decoded, _MOST_WORDS)
        if any(form in decoded or form in folded for form in bare) or any(map(_link_in, _WORD.findall(decoded))):
            return "(withheld: it holds a secret)"
    return text


def _link_in(word):
    """Where a link that lets its reader in begins in a word, as a match; None: there is none."""
    link = _LINK_START.search(word)
    return link if link and _LINK_SIGN.search(word, link.end()) else None


def _without_link(match):
    link = _link_in(match[0])
    return match[0][: link.start()] + "(link withheld)" if link else match[0]


def _decoded(text):
    """What a text says once it is decoded, in each way and up to two of them on top of each other."""
    from html import unescape

    found = {text}
    for _depth in range(2):
        found |= {decode(known) for known in found for decode in (unescape, unquote, unquote_plus, _unescape_json)}
    return found - {text}


def _unescape_json(text):
    def character(match):
        return chr(int(match[1], 16)) if match[1] else match[2]

    if "\\" not in text:
        return text
    text = re.sub(r"\\(?:u([0-9a-fA-F]{4})|([\"'/\\]))", character, text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two escapes may be one character


def _basic(auth):
    import base64

    return base64.b64encode(b":".join(auth)).decode("ascii")


def _gave_up(error, method, attempts, why):
    """The error of the last attempt, saying how often it was tried and why no more."""
    tries = "once" if attempts == 1 else f"{attempts} times"
    error.reason = f"{error.reason} (tried {tries}; {why})"
    writes = method not in _READ_VERBS
    if isinstance(error, LostAnswerError) and method != "POST":
        error = TransportError(error.reason, status=error.status, detail=error.detail)
        error.uncertain = writes
    elif isinstance(error, ServerError):
        error.uncertain = writes
    if error.uncertain and method != "POST":
        error.hint = "It may have been carried out all the same; running this again finds out"
    return error


def _encode(body):
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (UnicodeEncodeError, ValueError) as error:
        raise InputError(
            "a value holds text that is not valid Unicode, or a number that JSON does not know",
            detail=type(error).__name__,
        ) from None


def _text(value, name):
    """A query value; refused where it cannot be sent as UTF-8."""
    text = str(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(f"{name} {quoted(text)} holds text that is not valid Unicode") from None
    return text


def _resource_path(endpoint, resource_id):
    # An empty id would address the whole list, and dots are folded away by URL libraries.
    if not isinstance(resource_id, str) or not resource_id.strip() or set(resource_id) <= {"."}:
        raise InputError(f"{quoted(resource_id)} is not the id of a {endpoint}")
    return f"/directory/{endpoint}/{quote(_text(resource_id, 'id'), safe='')}"


def _resource_or_none(body):
    """The resource that a write was answered with; None where the answer is something else, or nothing."""
    if not isinstance(body, dict) or not body.get("id"):
        return None
    if not isinstance(body["id"], str):
        error = ProtocolError("the answer holds an id that is not text")
        error.uncertain = True
        error.hint = "It may have been carried out all the same; look before running this again"
        raise error
    return body


# -- what requests and urllib3 do --------------------------------------------------------------------


class _WholeAnswer(io.RawIOBase):
    """The bytes of one answer, all of them within the time that its socket waits for each of them.

    Without it ``timeout`` is over only when nothing comes for so long, and an answer that trickles never ends.
    """

    def __init__(self, sock):
        super().__init__()
        self._sock = sock
        self._bytes = sock.makefile("rb", buffering=0)
        self._timeout = sock.gettimeout()
        # Not the client's clock: what comes over the network takes real time.
        self._until = time.monotonic() + self._timeout

    def readable(self):
        return True

    def fileno(self):
        return self._bytes.fileno()

    def readinto(self, buffer):
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        try:
            return self._bytes.readinto(buffer)
        finally:
            self._sock.settimeout(self._timeout)  # the next request on this connection has all of it again

    def close(self):
        self._bytes.close()
        super().close()


def _adapter(connections):
    """What sends for ``requests``: as it comes, but ``timeout`` bounds an answer as a whole."""
    from http.client import HTTPResponse

    class TimedResponse(HTTPResponse):
        def __init__(self, sock, *args, **kwargs):
            super().__init__(sock, *args, **kwargs)
            self.fp.close()
            # With more room than usual: requests asks for little at a time, and a page has megabytes.
            self.fp = io.BufferedReader(_WholeAnswer(sock), 65536)

    def timed_pool(pool):
        connection = pool.ConnectionCls
        connection = type(connection.__name__, (connection,), {"response_class": TimedResponse})
        return type(pool.__name__, (pool,), {"ConnectionCls": connection})

    def timed(manager):
        pools = manager.pool_classes_by_scheme  # which all managers share
        manager.pool_classes_by_scheme = {scheme: timed_pool(pool) for scheme, pool in pools.items()}
        return manager

    class TimedAdapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *args, **kwargs):
            super().init_poolmanager(*args, **kwargs)
            timed(self.poolmanager)

        def proxy_manager_for(self, proxy, **kwargs):
            known = proxy in self.proxy_manager
            manager = super().proxy_manager_for(proxy, **kwargs)
            return manager if known else timed(manager)

    return TimedAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0)


def _causes(error):
    """An exception and all those it was made from, wherever requests and urllib3 keep them.

    Not its ``__context__``: that may be the exception of another request, in whose handling this one was sent.
    """
    found = []
    queue = [error]
    while queue:
        error = queue.pop()
        if any(error is known for known in found):
            continue
        found.append(error)
        further = (*error.args, getattr(error, "reason", None), getattr(error, "original_error", None), error.__cause__)
        queue += [cause for cause in further if isinstance(cause, BaseException)]
    return found


def _never_left(causes):
    """Whether it is proven that there was no connection yet to send a request on.

    A ``ProxyError`` alone proves nothing: urllib3 makes one of every break of a tunneled connection.
    """
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    return any(
        isinstance(cause, (requests.exceptions.ConnectTimeout, ConnectTimeoutError, NewConnectionError))
        # What http.client says where the proxy answers CONNECT with anything but 200.
        or (isinstance(cause, OSError) and str(cause).startswith("Tunnel connection failed"))
        for cause in causes
    )


def _timed_out(causes):
    from urllib3.exceptions import ReadTimeoutError

    return any(isinstance(cause, (requests.exceptions.Timeout, ReadTimeoutError)) for cause in causes)


def _connection_words(signs, words):
    tunnel = re.search(r"Tunnel connection failed: ([^'\"()]+)", signs)
    if tunnel:
        return f"the proxy refuses: {one_line(tunnel[1], 200)}"
    for sign, said in (
        ("refused", "connection refused"),
        ("reset", "connection reset"),
        ("timed out", "timed out"),
        ("ConnectTimeout", "timed out"),
        ("NameResolutionError", "its name cannot be resolved"),
        ("Name or service", "its name cannot be resolved"),
        ("Incomplete", "the answer was cut short"),
        ("without response", "closed without an answer"),
        ("Proxy", "the proxy does not answer"),
    ):
        if sign in signs:
            return said
    return one_line(words, 200)


def _ssl_words(signs, words):
    match = re.search(r"certificate verify failed: ([^(]+)", signs)
    return f"the certificate is refused ({match[1].strip(' .')})" if match else one_line(words, 200)


def error_words(response, hide=None):
    """The service's own words, from an error body of any shape; '' where there are none.

    ``Errors[]`` is the specification's ([spec] 3.9); the vendor does not document its own.

    :param hide: takes secrets out of a text, which has to happen before a part of one is taken for a tag.
    """
    text = response.content.decode("utf-8", "replace").strip()
    try:
        return "; ".join(dict.fromkeys(_words_in(json.loads(text))))
    except (ValueError, RecursionError):
        pass
    text = text[:_MOST_WORDS]
    if hide is not None:
        text = hide(text)
    if "<" in text and ">" in text:
        from html import unescape

        # The title is often the bare status, and the reason a heading; some pages have neither.
        titles = re.findall(r"<(title|h1)\b[^>]*>(.*?)</\1>", text, re.IGNORECASE | re.DOTALL)
        text = "; ".join(dict.fromkeys(one_line(words) for _tag, words in titles)) or re.sub(
            r"(?is)<(script|style).*?</\1>", " ", text
        )
        text = unescape(re.sub(r"<[^>]*>", " ", text))
    # Not cut to a readable length yet: half a secret would not be recognized as one.
    return one_line(text, _MOST_WORDS)


def _words_in(body, depth=0):
    """All texts under the keys that error bodies use, outermost first."""
    if isinstance(body, str):
        return [body]
    found = []
    if depth > 4:
        return found
    if isinstance(body, list):
        for item in body[:10]:
            found += _words_in(item, depth + 1)
    elif isinstance(body, dict):
        for key in (
            "Errors",
            "errors",
            "error",
            "description",
            "message",
            "detail",
            "details",
            "error_description",
            "reason",
        ):
            if body.get(key):
                found += [words for words in _words_in(body[key], depth + 1) if words not in found]
    return found
