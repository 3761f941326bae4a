# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the emulator share; the one place that knows where the emulator is imported from."""

from __future__ import annotations

import sys
from pathlib import Path

import requests

try:
    from ansible_collections.pingone.directory.tests.emulator import DirectoryService, Settings, filters
    from ansible_collections.pingone.directory.tests.emulator.settings import switches
except ImportError:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from emulator import DirectoryService, Settings, filters
    from emulator.settings import switches

__all__ = ["CORE", "ENTERPRISE", "INTERNAL", "PINGONE", "Client", "DirectoryService", "Settings", "filters", "switches",
           "user"]

CORE = "urn:scim:schemas:core:1.0"
ENTERPRISE = "urn:scim:schemas:extension:enterprise:1.0"
PINGONE = "urn:scim:schemas:com_pingone:1.0"
INTERNAL = "urn:scim:schemas:internal:1.0"


class Client(requests.Session):
    """A session that knows the base URL and the credentials of a service."""

    def __init__(self, service):
        super().__init__()
        self.trust_env = False
        self.auth = (service.client_id, service.api_key)
        self.service = service

    def request(self, method, url, *args, **kwargs):
        """A request; the URL may be a path below the base URL, or a control path."""
        if url.startswith("/_control"):
            url = self.service.base_url[:-len("/api")] + url
        elif url.startswith("/"):
            url = self.service.base_url + url
        kwargs.setdefault("timeout", 30)
        return super().request(method, url, *args, **kwargs)

    def add(self, kind, **body):
        """Create a user or a group and return it."""
        response = self.post("/directory/%s" % kind, json=body)
        assert response.ok, response.text
        return response.json()

    def names(self, kind="user", **query):
        """The names in a list."""
        response = self.get("/directory/%s" % kind, params=query)
        assert response.status_code == 200, response.text
        key = "userName" if kind == "user" else "displayName"
        return [item[key] for item in response.json()["resources"]]


def user(name, **more):
    """A user to create."""
    return {"userName": name, "name": {"givenName": "Ann", "familyName": "Doe"},
            "emails": [{"type": "work", "value": "%s@example.org" % name.partition("@")[0]}], **more}
