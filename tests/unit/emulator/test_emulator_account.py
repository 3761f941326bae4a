# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fresh account."""

from __future__ import annotations

from emulator_support import PINGONE


def test_fresh_account(service, client):
    """A fresh account holds the two built-in groups and an administrator in both."""
    assert client.names() == ["admin@example.com"]
    assert client.names("group") == ["Users", "Domain Administrators"]
    state = service.dump()
    (admin,) = state["users"].values()
    assert [group["display"] for group in admin["groups"]] == ["Users", "Domain Administrators"]
    assert admin[PINGONE]["state"] == "ACTIVE"
    for group in state["groups"].values():
        assert group["members"] == [{"value": admin["id"], "type": "user", "display": "admin@example.com"}]
