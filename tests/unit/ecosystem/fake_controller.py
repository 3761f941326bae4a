# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mock of the AWX API: it stores posted objects and searches them by name, without validation."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

TYPES = {"inventories": "inventory"}
# Related objects with their own URL.
RELATED = {
    "job_templates": ("survey_spec", "credentials", "labels", "instance_groups"),
    "workflow_job_templates": ("survey_spec", "labels"),
    "workflow_job_template_nodes": (
        "always_nodes",
        "success_nodes",
        "failure_nodes",
        "credentials",
        "create_approval_template",
    ),
    "schedules": ("credentials",),
}
TEMPLATES = ("job_templates", "workflow_job_templates", "projects", "inventory_sources", "workflow_approval_templates")


class FakeController:
    """A mock that starts with the default organization of AWX."""

    def __init__(self):
        self.held = {"organizations": {1: {"id": 1, "name": "Default"}}}
        self.associated = {}
        self.surveys = {}
        self.writes = []
        self._last = 100
        controller = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.reply(*controller.get(self.path))

            def do_POST(self):
                self.write("POST")

            def do_PATCH(self):
                self.write("PATCH")

            def write(self, method):
                text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                body = json.loads(text or b"{}")
                controller.writes.append((method, self.path, body))
                self.reply(*controller.write(method, self.path, body))

            def reply(self, status, body):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("X-API-Product-Name", "AWX")
                self.send_header("X-API-Product-Version", "24.6.1")
                self.end_headers()
                if body is not None:
                    self.wfile.write(json.dumps(body).encode())

            def log_message(self, *unused):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *unused):
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def named(self, kind):
        """Return the stored objects of a kind by name."""
        return {item.get("name") or item.get("identifier"): item for item in self.held.get(kind, {}).values()}

    def next_of(self, node, link="success_nodes"):
        """Return the ids of the nodes after a workflow node."""
        nodes = self.held["workflow_job_template_nodes"]
        return [
            nodes[other]["identifier"]
            for other in self.associated.get(("workflow_job_template_nodes", node["id"], link), [])
        ]

    # -- requests ----------------------------------------------------------------------------------

    @staticmethod
    def _parts(path):
        kind, _slash, rest = re.sub(r"^/api/v2/", "", urlsplit(path).path).partition("/")
        number, _slash, sub = rest.strip("/").partition("/")
        return kind, int(number) if number.isdigit() else None, sub

    def get(self, path):
        kind, number, sub = self._parts(path)
        if sub == "survey_spec":
            return 200, self.surveys.get((kind, number), {})
        if sub:
            others = self.associated.get((kind, number, sub), [])
            return 200, self._list(
                [item for held in self.held.values() for item in held.values() if item["id"] in others]
            )
        if number is not None:
            return 200, self._shown(kind, self.held[kind][number])
        kinds = TEMPLATES if kind == "unified_job_templates" else (kind,)
        wanted = {
            name: value for name, value in parse_qsl(urlsplit(path).query) if not name.startswith(("or__", "page"))
        }
        found = [
            self._shown(each, item)
            for each in kinds
            for item in self.held.get(each, {}).values()
            if all(str(item[name]) == value for name, value in wanted.items() if name in item)
        ]
        return 200, self._list(found)

    def write(self, method, path, body):
        kind, number, sub = self._parts(path)
        if sub == "survey_spec":
            self.surveys[kind, number] = body
            return 200, {}
        if sub == "create_approval_template":
            made = self._made("workflow_approval_templates", body)
            self.held[kind][number]["unified_job_template"] = made["id"]
            return 201, made
        if sub:
            others = self.associated.setdefault((kind, number, sub), [])
            others.append(body["id"]) if not body.get("disassociate") else others.remove(body["id"])
            return 204, None
        if method == "PATCH":
            self.held[kind][number].update(body)
            return 200, self._shown(kind, self.held[kind][number])
        return 201, self._made(kind, body)

    def _made(self, kind, body):
        self._last += 1
        item = {**body, "id": self._last, **({"scm_revision": ""} if kind == "projects" else {})}
        self.held.setdefault(kind, {})[self._last] = item
        return self._shown(kind, item)

    @staticmethod
    def _shown(kind, item):
        url = f"/api/v2/{kind}/{item['id']}/"
        related = {name: f"{url}{name}/" for name in RELATED.get(kind, ())}
        if "unified_job_template" in item:
            related["unified_job_template"] = f"/api/v2/workflow_approval_templates/{item['unified_job_template']}/"
        shown = {
            "related": related,
            "summary_fields": {},
            "type": TYPES.get(kind, kind.removesuffix("s")),
            "url": url,
            **item,
        }
        if isinstance(shown.get("inputs"), dict) and kind == "credentials":
            shown["inputs"] = {
                name: "$encrypted$" if name == "api_key" else value for name, value in shown["inputs"].items()
            }
        return shown

    @staticmethod
    def _list(items):
        return {"count": len(items), "next": None, "previous": None, "results": items}
