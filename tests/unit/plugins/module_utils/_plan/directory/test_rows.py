# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows of a plan in the words of a refusal."""

from __future__ import annotations

import pytest

from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.rows import list_names, operations


def rows(number):
    return [{"operation": "delete", "kind": "user", "key": f"u{place}"} for place in range(number)]


@pytest.mark.parametrize(("number", "end"), [(0, ""), (1, "user 'u0'"), (20, "user 'u18', user 'u19'"), (21, "user 'u19', …")])
def test_twenty_objects_are_listed(number, end):
    assert list_names(rows(number)).endswith(end)
    assert list_names(rows(number)).count("user") == min(number, 20)


@pytest.mark.parametrize(("name", "text"), [("ann", "user 'ann' of group 'team'"), (None, "user 'u-1' of group 'team'")])
def test_a_membership_is_named_by_its_member(name, text):
    row = {"operation": "remove", "kind": "membership", "key": "team", "member": {"kind": "user", "id": "u-1", "name": name}}
    assert list_names([row]) == text


def test_operations_are_listed_once():
    assert operations([*rows(2), {"operation": "remove"}]) == "delete and remove"
