# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test an account with an unpaired surrogate in a text: all tasks work, and the text is shown as U+FFFD."""

from __future__ import annotations

import json

import pytest
import yaml
from directory_play import STRICT, writes

pytestmark = pytest.mark.both_doors

HALF, SHOWN = "bye\ud83d", "bye\ufffd"
URN = "urn:scim:schemas:extension:enterprise:1.0"


@pytest.fixture
def world(playground):
    playground.service.configure(half_characters="stored")
    playground.service.seed(
        users=[{"userName": "ann", "displayName": HALF, "title": HALF, "emails": [{"value": "a@example.org", "display": HALF}],
                URN: {"department": HALF}}, {"userName": "bob", "displayName": "\U0001f600"}],
        groups=[{"displayName": "team", "members": ["ann", "bob"]}],
    )  # fmt: skip
    return playground


def warned(result):
    return [text for text in result.get("warnings", ()) if "half of a surrogate pair" in text]


def stored(world):
    return next(user for user in world.service.dump()["users"].values() if user["userName"] == "ann")


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("p1_user_info", {"user_name": "ann"}),
        ("p1_user_info", {}),
        ("p1_directory_info", {}),
        ("p1_user", {"user_name": "ann", "active": False}),
        ("p1_user", {"user_name": "ann", "state": "absent"}),
        ("p1_directory", {"users": [{"user_name": "ann", "title": "x"}]}),
    ],
)
@pytest.mark.parametrize("check", [False, True])
def test_results_show_valid_text_and_warn_once(world, module, options, check):
    result = world.ok(module, check=check, **options)
    del result["sent"]  # The log contains the original text.
    json.dumps(result, ensure_ascii=False).encode("utf-8")
    assert len(warned(result)) == 1 and SHOWN in json.dumps(result, ensure_ascii=False)


def test_the_account_can_be_disabled_without_changing_its_text(world):
    assert world.ok("p1_user", user_name="ann", active=False)["changed"]
    assert stored(world)["active"] is False
    assert (stored(world)["displayName"], stored(world)[URN]) == (HALF, {"department": HALF})
    assert not world.ok("p1_user", user_name="ann", active=False)["changed"]


@pytest.mark.parametrize("name", ["d.yml", "d.json", "d/"])
def test_an_export_is_complete_and_plans_no_changes(world, tmp_path, name):
    dest = f"{tmp_path}/{name}"
    result = world.ok("p1_directory_export", dest=dest, format="json" if name == "d.json" else "yaml")
    assert len(warned(result)) == 1
    assert not world.ok("p1_directory", src=dest, **STRICT)["changed"]
    assert stored(world)["displayName"] == HALF


def test_a_backup_restores_all_other_values(world, tmp_path):
    path = tmp_path / "b.yml"
    result = world.ok("p1_directory", users=[{"user_name": "ann", "title": "x", "nick_name": "Annie"}], backup=str(path))
    assert result["changed"] and len(warned(result)) == 1
    (entry,) = yaml.safe_load(path.read_text(encoding="utf-8"))["users"]
    assert (entry["title"], entry["nick_name"]) == (SHOWN, "")
    world.ok("p1_directory", src=str(path))
    assert stored(world)["title"] == SHOWN and "nickName" not in stored(world)


def test_an_unpaired_surrogate_in_the_desired_state_is_refused(world):
    failed = world.fails("p1_user", user_name="bob", title=HALF)
    assert "title is not valid Unicode" in failed["msg"] and not writes(failed)
    failed = world.fails("p1_directory", users=[{"user_name": "bob", "title": HALF}])
    assert "is not valid Unicode" in failed["msg"] and not writes(failed)


def test_valid_text_causes_no_warning(world):
    assert not warned(world.ok("p1_user_info", user_name="bob"))
