# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test chains and cycles of renames in p1_directory."""

from __future__ import annotations

import pytest

CHAIN = [("a", "b"), ("b", "c"), ("c", "d")]


def renames(kind, pairs):
    key = {"users": "user_name", "groups": "display_name"}[kind]
    return {kind: [{key: old, f"new_{key}": new} for old, new in pairs]}


@pytest.mark.parametrize("kind", ["users", "groups"])
@pytest.mark.parametrize("order", [CHAIN, CHAIN[::-1]], ids=["forward", "backward"])
def test_a_chain_of_renames_is_idempotent(playground, kind, order):
    names = ["a", "b", "c"]
    users = [{"userName": name} for name in names] if kind == "users" else []
    groups = [{"displayName": name} for name in names] if kind == "groups" else []
    ids = playground.service.seed(users=users, groups=groups)[kind]
    playground.converge("p1_directory", **renames(kind, order))
    now = playground.users() if kind == "users" else playground.groups()
    assert {name: now[name]["id"] for name in "bcd"} == {"b": ids["a"], "c": ids["b"], "d": ids["c"]}


@pytest.mark.parametrize("there", [("x", "y"), ("x",), ()])
def test_a_cycle_of_renames_is_always_refused(playground, there):
    playground.service.seed(users=[{"userName": name} for name in there])
    failed = playground.fails("p1_directory", **renames("users", [("x", "y"), ("y", "x")]))
    assert "'x', 'y' would swap names" in failed["msg"]
    assert not [entry for entry in failed["sent"] if entry["method"] != "GET"]
