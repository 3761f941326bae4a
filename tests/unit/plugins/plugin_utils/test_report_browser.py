# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the HTML report in a real browser: no errors, no requests, no overflow on a phone, readable in both themes."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from report_support import example_report

from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import render

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") for path in [shutil.which(name)] if path), None
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
]

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium was found on this machine"),
    pytest.mark.xdist_group("browser"),
]

PHONE = 360
DESKTOP = 1280


class Browser:
    """Control Chromium through its pipe: two file descriptors and JSON that ends with a zero byte."""

    def __init__(self, profile):
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()

        # The browser reads from descriptor 3 and writes to 4; the parent may use these numbers too.
        high = [os.dup(to_browser), os.dup(from_browser)]
        while min(high) < 5:
            high = [os.dup(number) for number in high]
        command = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", command, "bash", *map(str, high), CHROMIUM, *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=high,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for number in {to_browser, from_browser, *high}:
            os.close(number)
        self._buffer = b""
        self._number = 0
        self._session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "DOM", "CSS"):
            self.call(domain + ".enable")

    def close(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._read)
        os.close(self._write)

    def call(self, method, seconds=60, **parameters):
        """Return the answer to a command and store other messages in ``events``."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + seconds
        while True:
            answer = self._next(until)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event, seconds=60):
        until = time.monotonic() + seconds
        while not any(item.get("method") == event for item in self.events):
            self.events.append(self._next(until))

    def _next(self, until):
        while b"\0" not in self._buffer:
            ready, _none, _none_too = select.select([self._read], [], [], max(0.0, until - time.monotonic()))
            assert ready, "the browser does not answer"
            part = os.read(self._read, 1 << 20)
            assert part, "the browser has ended"
            self._buffer += part
        message, _zero, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def show(self, path, width=DESKTOP, theme="light", media=""):
        """Open a file in a window of the given width."""
        self.events.clear()
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500
        )
        self.call(
            "Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": theme}]
        )
        self.call("Page.navigate", url=f"file://{path}")
        self.wait_for("Page.loadEventFired")

    def run(self, script):
        """Return the value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def picture(self, width, height):
        """Return the upper part of the page as PNG."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)["data"])

    def requests(self):
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]

    def complaints(self):
        return [
            event
            for event in self.events
            if event.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
        ]


HOSTILE = "<img src=http://127.0.0.1:9/x onerror=alert(1)>\"'><script>alert(2)</script>{{ 7*7 }}"


def lively():
    """Return a report with rows in every section and values that could break the layout."""
    long = "a" * 300
    plan = [
        {
            "operation": "create",
            "kind": "user",
            "key": HOSTILE,
            "changes": {
                "user_name": {"before": None, "after": HOSTILE},
                "emails": {"before": None, "after": [{"value": long + "@example.org", "type": "work"}]},
                "password": {"before": None, "after": "********"},
            },
        },
        {
            "operation": "update",
            "kind": "user",
            "key": "ann",
            "id": "a7d67610-ceb5-4350-ba5a-746472c4f1f7",
            "changes": {
                "title": {"before": "Developer", "after": long},
                "profile_url": {"before": f"javascript:{HOSTILE}", "after": f"https://example.org/{long}"},
            },
        },
        {
            "operation": "disable",
            "kind": "user",
            "key": "bob",
            "id": "2",
            "changes": {"active": {"before": True, "after": False}},
        },
        *(
            {
                "operation": operation,
                "kind": "membership",
                "key": f"arn:aws:iam::123456789012:role/{long}",
                "id": "g1",
                "member": {"id": "1", "kind": kind, "name": HOSTILE},
                "changes": {},
            }
            for operation, kind in (("add", "user"), ("remove", "group"))
        ),
    ]
    drift = {
        "unmanaged": [{"kind": "user", "key": f"user{number}@example.org"} for number in range(300)],
        "protected": [{"kind": "group", "key": "Domain Administrators"}],
        "unresolved": [
            {"kind": "membership", "key": "Team", "member": {"id": None, "kind": "user", "name": "noaccount " + long}}
        ],
    }
    failed = [
        {
            "kind": "user",
            "key": "bob",
            "operation": "disable",
            "status": 403,
            "reason": "Could not update user 'bob': Group is read only " + long,
        }
    ]
    person = {"display_name": HOSTILE, "email": long + "@example.org", "created": "2026-01-31T09:00:00.000Z", "last_login": None}
    people = [{"id": "1", "user_name": "ann", **person}, {"id": "2", "user_name": "bob", **person, "email": None}]
    return build_report(
        {"plan": plan, "drift": drift, "failed_items": failed, "people": people, "base_url": "https://" + long, "api": {"reads": 3, "writes": 1}},
        title=f"Audit {HOSTILE}",
        source="/directory/" + long,
        context={"commit": "f" * 40, HOSTILE: HOSTILE},
        assertions=[
            {"name": "No user does both", "severity": "critical", "kind": "exclusive_groups", "status": "violated",
             "violations": [{"user": "ann", "group": long, "text": f"ann is in {long} and {HOSTILE}", "person": person}]},
            {"name": "All is well " + long, "severity": "info", "kind": "group_size", "status": "passed", "violations": []},
        ],
    )  # fmt: skip


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "report.html"
    path.write_text(render(lively(), "html"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser():
    # One browser serves all tests; with --forked, as in ansible-test, it ends with the pipe of its fork. The profile is in the
    # temporary folder of the system, because the path of its socket must be short.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        opened = Browser(profile)
        yield opened
        opened.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_page_sends_no_requests_and_has_no_errors(browser, page, width, theme):
    browser.show(page, width, theme)
    assert browser.run("document.title").startswith("Audit <img")
    assert browser.complaints() == []
    assert [url for url in browser.requests() if url != page.as_uri() and url != "data:,"] == []
    assert browser.run("document.scripts.length + document.images.length + document.forms.length") == 0


@pytest.mark.parametrize("width", [320, PHONE, 768, DESKTOP])
def test_the_page_is_not_wider_than_the_screen(browser, page, width):
    browser.show(page, width)
    browser.run("document.querySelectorAll('details').forEach(it => it.open = true)")
    assert browser.run("document.documentElement.scrollWidth") <= width
    wide = browser.run(
        "[...document.querySelectorAll('main *, header *, footer *')]"
        ".filter(it => !it.closest('thead, .scroll, .word') && it.getBoundingClientRect().right > innerWidth + 1)"
        ".slice(0, 5).map(it => it.outerHTML.slice(0, 120))"
    )
    assert wide == []


CONTRAST = r"""
(() => {
  const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const parse = text => { const n = text.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = it => {
    for (; it; it = it.parentElement) {
      const c = parse(getComputedStyle(it).backgroundColor);
      if (c[3] === 1) return c;
    }
    return [255, 255, 255, 1];
  };
  const found = {};
  for (const it of document.querySelectorAll('body *')) {
    if (![...it.childNodes].some(node => node.nodeType === 3 && node.data.trim()) || it.closest('svg, .skip')) continue;
    const style = getComputedStyle(it), a = light(parse(style.color)), b = light(behind(it));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found[(it.className || it.tagName) + ' ' + style.color] = ratio.toFixed(2);
  }
  return found;
})()
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_has_enough_contrast(browser, page, theme):
    browser.show(page, theme=theme)
    browser.run("document.querySelectorAll('details').forEach(it => it.open = true)")
    assert browser.run(CONTRAST) == {}


def test_keyboard_and_screen_reader_access(browser, page):
    browser.show(page)
    assert browser.run("document.documentElement.lang") == "en"
    assert browser.run("document.querySelectorAll('h1').length") == 1
    levels = browser.run("[...document.querySelectorAll('h1,h2,h3')].map(it => +it.tagName[1])")
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:])), levels
    assert browser.run("document.querySelectorAll('svg:not([aria-hidden]):not([aria-label])').length") == 0
    assert browser.run("document.querySelectorAll('th:not([scope])').length") == 0
    assert browser.run("document.querySelectorAll('table').length") > 5
    before = browser.run("document.querySelectorAll('details[open]').length")
    browser.run("document.querySelector('#class-missing > summary').focus()")
    browser.call(
        "Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r"
    )
    browser.call("Input.dispatchKeyEvent", type="keyUp", key="Enter", code="Enter", windowsVirtualKeyCode=13)
    assert browser.run("document.querySelectorAll('details[open]').length") == before - 1


def test_the_page_can_be_printed(browser, page):
    browser.show(page, media="print")
    assert browser.run("getComputedStyle(document.body).backgroundColor") in ("rgb(255, 255, 255)",)
    assert len(browser.call("Page.printToPDF")["data"]) > 10000


@pytest.fixture
def example(tmp_path):
    path = tmp_path / "example.html"
    path.write_text(render(example_report(), "html"), encoding="utf-8")
    return path


def test_names_and_the_hash_are_not_wrapped(browser, page, example):
    names = "document.querySelectorAll('.rows tbody th bdi, .rows td[data-label=Member] > div > bdi, code')"
    for path in (page, example):
        for width in (PHONE, DESKTOP):
            browser.show(path, width, "dark")
            browser.run("document.querySelectorAll('details').forEach(it => it.open = true)")
            assert browser.run(f"{names}.length") > 5
            assert browser.run(f"[...{names}].filter(it => it.getClientRects().length > 1).map(it => it.innerText)") == []


def test_pictures_of_the_documentation(browser, example, tmp_path):
    """The environment variable PICTURES names the folder to write them to (see CONTRIBUTING.md)."""
    for name, width, height, theme in (("audit-report.png", 960, 1040, "light"), ("audit-report-phone.png", PHONE, 1500, "dark")):
        browser.show(example, width, theme)
        picture = Path(os.environ.get("PICTURES") or tmp_path) / name
        picture.write_bytes(browser.picture(width, height))
        assert picture.read_bytes().startswith(b"\x89PNG")
