# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test names that the service stores in another form, and groups that two tasks create at once."""

from __future__ import annotations

import time

import pytest

NFC = "Zo\u00eb"
NFD = "Zoe\u0308"


@pytest.mark.parametrize(("names", "sent", "stored"), [("nfc", NFD, NFC), ("nfd", NFC, NFD)])
@pytest.mark.parametrize("filters", ["honored", "ignored", "400"])
def test_a_normalized_name_is_created_once(playground, names, sent, stored, filters):
    playground.service.configure(names=names, user_filter=filters, group_filter=filters)
    user = playground.converge("p1_user", user_name=sent)
    group = playground.converge("p1_group", name=sent)
    assert stored in playground.users() and stored in playground.groups()
    for done, kind in ((user, "user"), (group, "group")):
        assert any("stored the name as" in text and done[kind]["id"] in text for text in done["warnings"])
    playground.converge("p1_user", id=user["user"]["id"], new_user_name=sent + "2")
    playground.converge("p1_group", name=sent, new_display_name=sent + "2")
    assert stored + "2" in playground.users() and stored + "2" in playground.groups()
    playground.converge("p1_user", user_name=sent + "2", state="absent")
    playground.converge("p1_group", name=sent + "2", state="absent")


@pytest.mark.parametrize(("names", "sent"), [("nfc", NFD), ("nfd", NFC), ("trimmed", NFC)])
def test_unlisted_rules_do_not_recreate_a_normalized_name(playground, names, sent):
    playground.service.configure(names=names)
    document = {
        "users": [{"user_name": sent}, {"user_name": "admin@example.com"}],
        "groups": [{"display_name": sent, "members": {"users": [sent]}, "membership": "exact"}],
        "unlisted_users": "delete",
        "unlisted_groups": "delete",
        "protected_groups": ["Users"],
    }
    done = playground.ok("p1_directory", **document)
    assert done["changed"] is True
    before = playground.service.dump()
    again = playground.ok("p1_directory", **document)
    assert again["changed"] is False
    assert playground.service.dump() == before


def test_names_with_outer_blanks_are_not_sent_to_a_trimming_service(playground):
    playground.service.configure(names="trimmed")
    failed = playground.fails("p1_group", name="Ops Team ")
    assert "'Ops Team\\x20' contains a trailing blank" in failed["msg"] and not failed["changed"]
    playground.ok("p1_group", name="Ops Team")
    playground.converge("p1_group", changed=False, name="Ops Team ")


# -- two tasks at once ---------------------------------------------------------------------------------------------


def also_created(playground, at_request):
    """Let another task create a group with the same name: before the POST (``before``) or right after it (``after``)."""

    def hook(service, method, path, phase):
        if method == "POST" and path.endswith("/group") and phase == at_request:
            service.clear_hooks()
            time.sleep(0.02)  # The creation times must differ.
            service.seed(groups=[{"displayName": "Team"}])
            time.sleep(0.02)

    playground.service.on_request(hook)


@pytest.mark.parametrize("module", ["p1_group", "p1_directory"])
def test_the_later_group_is_deleted(playground, module):
    also_created(playground, "before")
    options = {"name": "Team"} if module == "p1_group" else {"groups": [{"name": "Team"}], "users": []}
    done = playground.ok(module, **options)
    names = [group["displayName"] for group in playground.service.dump()["groups"].values()]
    assert names.count("Team") == 1
    assert done["changed"] is False
    assert any("so this task deleted its own group" in text for text in done["warnings"])
    if module == "p1_group":
        assert done["group"]["id"] == playground.groups()["Team"]["id"]
    else:
        assert (done["counts"]["group"]["created"], done["counts"]["group"]["unchanged"]) == (0, 1)
    assert playground.ok(module, **options)["changed"] is False


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("module", ["p1_group", "p1_directory"])
def test_two_groups_that_both_remain_are_reported(playground, module):
    also_created(playground, "after")
    options = {"name": "Team"} if module == "p1_group" else {"groups": [{"name": "Team"}], "users": []}
    failed = playground.fails(module, **options)
    ids = [key for key, group in playground.service.dump()["groups"].items() if group["displayName"] == "Team"]
    assert len(ids) == 2 and all(group_id in failed["msg"] for group_id in ids)
    assert failed["changed"] is True
