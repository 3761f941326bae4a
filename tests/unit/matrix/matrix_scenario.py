# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The long scenario: every module with its options and states, each step on its own objects.

A step can run alone as well as after all the others, so that a failure is reported with the shortest scenario.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import allpairspy
from matrix_rules import PART_OF_A_LIST, cannot_page, contradicts_itself, rule_for
from matrix_world import (
    COMMA,
    ENTERPRISE,
    ODD,
    PINGONE,
    DirectoryService,
    Refused,
    Settings,
    World,
    enabled,
    virtual_time,
)

STEPS = []
PASSWORD = "Correct-Horse-1"

# Numbers with the same effect as those of the emulator, for a directory of 25 users.
SMALLER = {
    "patch_max_members": (0, 3),
    "latency_ms": (0, 1),
    "short_page": (0, 10),
    "max_page_size": (1000, 12),
    "default_page_size": (100, 7),
    "rate_limit": (0, 25),
}


def step(function):
    """Register a step of the scenario; steps run in the order of this file."""
    STEPS.append(function)
    return function


def does(world, module, effect, *, tags=(), changed=True, failed_effect=None, **options):
    """Require that a task has its effect, or that it fails by the rule for this service."""

    def strictly():
        rule = rule_for(world.settings, tags)
        if rule is not None:
            return world.refused(module, rule.words, in_check_mode=rule.in_check_mode, effect=failed_effect, **options)
        try:
            # A service that shows part of a list may not show the change of the first run; that is another case.
            again = (lambda: world.service.configure(start_index="honored")) if cannot_page(world.settings) else None
            return world.expect(
                module, effect, changed=changed, **({"before_again": again} if again else {}), **options
            )
        except Refused as refused:
            raise AssertionError(f"refused, and no rule says so: {refused}") from None

    return in_part(world, strictly, module, **options) if cannot_page(world.settings) else strictly()


def in_part(world, strictly, module, words="", **options):
    """Require the same on a service that shows only part of its lists; then run the step as if it showed all.

    The task fails, or warns that an object that it did not find may exist, or has the right effect.
    """
    checked = world.run(module, check=True, **options)
    words = f"{PART_OF_A_LIST}|{words}" if words else PART_OF_A_LIST
    if checked.get("failed"):
        assert re.search(words, checked["msg"], re.IGNORECASE), f"refused in other words: {checked['msg']}"
    if checked.get("failed") or any("may be incomplete" in text for text in checked["warnings"]):
        world.service.configure(start_index="honored")
    try:
        return strictly()
    finally:
        world.service.configure(start_index="ignored")


def fails(world, module, words, in_check_mode=True, **options):
    """Require that a task is refused on any service before the first write."""

    def strictly():
        return world.refused(module, words, in_check_mode=in_check_mode, **options)

    if cannot_page(world.settings):
        in_part(world, strictly, module, words, **options)
    else:
        strictly()


def dangling(world):
    return world.settings.delete_members == "dangling"


def email(name):
    return [{"value": name, "type": "work", "primary": True}]


def joins_users(world, model, name, asked=False):
    if asked or world.settings.default_group == "on":
        model.add("Users", name)


# -- p1_user -------------------------------------------------------------------------------------------------


@step
def user_as_desired(world):
    does(world, "p1_user", None, changed=False, user_name="ANN@example.com", user_type="staff", active=True)
    does(
        world,
        "p1_user",
        None,
        changed=False,
        user_name="jo@example.com",
        emails=email("Jo@Example.com"),
        multi_valued="by_type",
    )
    does(world, "p1_user", None, changed=False, user_name=ODD, groups=[COMMA], state="present")


@step
def user_created(world):
    name = "new@example.com"

    def effect(model, made):
        user_id = model.new(
            made,
            "user",
            name,
            externalId="hr:new",
            name={"givenName": "New", "familyName": "Person"},
            emails=email(name),
            userType="staff",
            **{PINGONE: {"passwordExpired": True}},
        )
        model.passwords[user_id] = PASSWORD
        joins_users(world, model, name, asked=True)
        model.add("Team", name)
        model.add(COMMA, name)

    does(
        world,
        "p1_user",
        effect,
        user_name=name,
        external_id="hr:new",
        name={"given_name": "New", "family_name": "Person"},
        emails=email(name),
        user_type="staff",
        password=PASSWORD,
        password_expired=True,
        default_group="DEFAULT_USER_GROUP",
        groups=["Team", COMMA],
    )


@step
def user_created_in_a_group(world):
    name = "first@example.com"

    def effect(model, made):
        model.new(made, "user", name, name={"familyName": "First"}, emails=email(name))
        model.add("Crowd", name)

    does(
        world,
        "p1_user",
        effect,
        user_name=name,
        name={"family_name": "First"},
        emails=email(name),
        default_group="Crowd",
    )


@step
def user_created_disabled(world):
    name = "off@example.com"

    def effect(model, made):
        model.new(made, "user", name, name={"familyName": "Off"}, emails=email(name), active=False)
        joins_users(world, model, name)

    def failed_effect(model, made):
        effect(model, made)
        model.user(name)["active"] = True

    does(
        world,
        "p1_user",
        effect,
        tags=("creates disabled",),
        failed_effect=failed_effect,
        user_name=name,
        name={"family_name": "Off"},
        emails=email(name),
        active=False,
    )


@step
def user_created_without_email(world):
    name = "noemail@example.com"

    def effect(model, made):
        model.new(made, "user", name, name={"familyName": "None"})
        joins_users(world, model, name)

    does(world, "p1_user", effect, tags=("create without email",), user_name=name, name={"family_name": "None"})


@step
def user_created_without_family_name(world):
    name = "nofamily@example.com"

    def effect(model, made):
        model.new(made, "user", name, emails=email(name))
        joins_users(world, model, name)

    does(world, "p1_user", effect, tags=("create without family name",), user_name=name, emails=email(name))


@step
def user_created_with_mail(world):
    name = "mailed@example.com"

    def effect(model, made):
        model.new(made, "user", name, name={"familyName": "Mailed"}, emails=email(name))
        joins_users(world, model, name)
        model.mails += 1

    does(
        world, "p1_user", effect, user_name=name, name={"family_name": "Mailed"}, emails=email(name), password_mail=True
    )


@step
def user_updated(world):
    def effect(model, made):
        user = model.user("ann@example.com")
        user["userType"] = "contractor"
        user["name"].update(givenName="Anna", honorificPrefix="Dr.")
        del user["name"]["middleName"]
        user["emails"] = [*email("ann@example.com"), {"value": "anna@home.example", "type": "home"}]
        model.add("Crowd", "ann@example.com")

    does(
        world,
        "p1_user",
        effect,
        user_name="ann@example.com",
        user_type="contractor",
        name={"given_name": "Anna", "honorific_prefix": "Dr.", "middle_name": ""},
        emails=[{"value": "anna@home.example", "type": "home"}],
        multi_valued="by_type",
        groups=["Team", "Crowd"],
    )

    def exactly(model, made):
        model.user("ann@example.com")["emails"] = [{"value": "ann@example.com", "type": "work", "primary": True}]

    does(world, "p1_user", exactly, user_name="ann@example.com", emails=[{"value": "ann@example.com"}])


@step
def user_with_odd_name_updated(world):
    does(world, "p1_user", lambda model, made: model.user(ODD).update(userType="odd"), user_name=ODD, user_type="odd")


@step
def user_cleared(world):
    def effect(model, made):
        model.user("bea@example.com").pop("userType")

    does(world, "p1_user", effect, tags=("clears",), user_name="bea@example.com", user_type="")


@step
def user_with_optional_attributes(world):
    def effect(model, made):
        model.user("cal@example.com").update(
            nickName="Cal", **{ENTERPRISE: {"department": "Sea", "manager": {"managerId": "7"}}}
        )

    does(
        world,
        "p1_user",
        effect,
        tags=("sets nick_name",),
        user_name="cal@example.com",
        nick_name="Cal",
        enterprise={"department": "Sea", "manager": {"manager_id": "7"}},
    )


@step
def user_with_optional_attribute_and_warning(world):
    settings = world.settings
    options = {"user_name": "eli@example.com", "nick_name": "Eli", "user_type": "warned"}

    def effect(model, made):
        model.user("eli@example.com").update(userType="warned", nickName="Eli")

    if enabled(settings, "nickName") or settings.disabled_attribute == "400":
        does(world, "p1_user", effect, tags=("sets nick_name",), on_ignored_attribute="warn", **options)
        return
    if cannot_page(settings):
        return
    # The documented exception: the module warns about an attribute that is not stored, and each run writes it again.
    for changed in (True, False):
        result = world.run("p1_user", on_ignored_attribute="warn", **options)
        world.catch_up()
        assert not result.get("failed") and result["changed"] is changed, result
        assert any("did not store nick_name" in text for text in result["warnings"]), result["warnings"]
        world.compare(lambda model, made: model.user("eli@example.com").update(userType="warned"))


@step
def user_with_raw_attributes(world):
    def effect(model, made):
        model.user("cal@example.com")["urn:scim:schemas:extension:ours:1.0"] = {"shoe": 44}

    does(
        world,
        "p1_user",
        effect,
        tags=("sets an unknown key",),
        user_name="cal@example.com",
        attributes={"urn:scim:schemas:extension:ours:1.0": {"shoe": 44}},
    )


@step
def user_renamed(world):
    def renamed(model, made):
        model.user("fay@example.com")["userName"] = "fay.new@example.com"

    options = {"user_name": "fay@example.com", "new_user_name": "fay.new@example.com"}
    does(world, "p1_user", renamed, **options)

    def spelled(model, made):
        model.user("Jo@Example.com")["userName"] = "jo@example.com"

    does(world, "p1_user", spelled, user_name="JO@example.com", new_user_name="jo@example.com")
    fails(world, "p1_user", "both names are in use", user_name="u05@example.com", new_user_name="u06@example.com")


@step
def user_linked_and_matched_by_external_id(world):
    fails(world, "p1_user", "external_id 'hr:dee' belongs to", user_name="gus@example.com", external_id="hr:dee")
    fails(world, "p1_user", "it belongs to another person", user_name="dee@example.com", external_id="hr:other")

    def linked(model, made):
        model.user("gus@example.com")["externalId"] = "hr:gus"

    does(world, "p1_user", linked, id=world.model.user_id("gus@example.com"), external_id="hr:gus")

    def renamed(model, made):
        model.user("gus@example.com").update(userName="gustav@example.com", userType="found")

    does(
        world,
        "p1_user",
        renamed,
        match_by="external_id",
        external_id="hr:gus",
        user_name="gustav@example.com",
        user_type="found",
    )
    fails(
        world,
        "p1_user",
        "no user has the external_id",
        match_by="external_id",
        external_id="hr:none",
        user_name="u05@example.com",
    )


@step
def user_disabled_and_enabled(world):
    def disabled(model, made):
        model.user("hal@example.com").update(active=False)

    does(world, "p1_user", disabled, tags=("changes active",), user_name="hal@example.com", active=False)
    if world.settings.put_active != "ignored":
        does(
            world,
            "p1_user",
            lambda model, made: model.user("hal@example.com").update(active=True),
            user_name="hal@example.com",
            active=True,
        )


@step
def user_password(world):
    user_id = world.model.user_id("ida@example.com")
    does(world, "p1_user", None, changed=False, user_name="ida@example.com", password=PASSWORD)
    if cannot_page(world.settings):
        return

    # With update_password: always, each run writes. This is the only step whose second run does.
    def first():
        result = world.run(
            "p1_user", user_name="ida@example.com", password=PASSWORD, update_password="always", password_expired=False
        )
        world.catch_up()
        return result

    result = first()
    assert not result.get("failed") and result["changed"], result

    def effect(model, made):
        model.passwords[user_id] = PASSWORD
        model.user("ida@example.com")[PINGONE]["passwordExpired"] = False

    world.compare(effect)
    again = first()
    if rule_for(world.settings, ("sets the same password",)):
        assert again.get("failed") and not again["changed"], again
    else:
        assert not again.get("failed") and again["changed"], again
    world.compare()


@step
def user_short_password(world):
    name = "short@example.com"

    def effect(model, made):
        model.passwords[model.new(made, "user", name, name={"familyName": "S"}, emails=email(name))] = "Short-1!"
        joins_users(world, model, name)

    does(
        world,
        "p1_user",
        effect,
        tags=("sets a short password",),
        user_name=name,
        name={"family_name": "S"},
        emails=email(name),
        password="Short-1!",
    )


@step
def user_absent(world):
    does(
        world,
        "p1_user",
        lambda model, made: model.drop_user("leaver@example.com", dangling(world)),
        user_name="leaver@example.com",
        state="absent",
    )
    does(world, "p1_user", None, changed=False, id="00000000-0000-4000-8000-000000000000", state="absent")


# -- p1_group ------------------------------------------------------------------------------------------------


@step
def group_created(world):
    does(world, "p1_group", None, changed=False, display_name="Team")
    for name in ("Fresh", 'Fresh: \u00fc, "quoted"'):
        does(world, "p1_group", lambda model, made, name=name: model.new(made, "group", name), display_name=name)
    if cannot_page(world.settings):
        return
    held = [group["displayName"] for group in world.service.dump()["groups"].values()]
    assert held.count("Fresh") == 1


@step
def group_renamed(world):
    def effect(model, made):
        model.group("Alpha")["displayName"] = "Alpha renamed"

    does(world, "p1_group", effect, display_name="Alpha", new_display_name="Alpha renamed")

    def back(model, made):
        model.group("Alpha renamed")["displayName"] = "Alpha"

    does(world, "p1_group", back, id=world.model.group_id("Alpha renamed"), display_name="Alpha")


@step
def group_with_nested_and_dangling_members_renamed(world):
    def effect(model, made):
        model.group("Exact")["displayName"] = "Exact 2"

    does(world, "p1_group", effect, display_name="Exact", new_display_name="Exact 2")

    def back(model, made):
        model.group("Exact 2")["displayName"] = "Exact"

    does(world, "p1_group", back, display_name="Exact 2", new_display_name="Exact")


@step
def group_absent(world):
    does(
        world,
        "p1_group",
        lambda model, made: model.drop_group("Obsolete", dangling(world)),
        display_name="Obsolete",
        state="absent",
    )
    does(world, "p1_group", None, changed=False, display_name="Never was", state="absent")


@step
def built_in_groups(world):
    administrators = world.model.group_id("Domain Administrators")
    fails(world, "p1_group", "HTTP 40[03]", in_check_mode=False, id=world.model.group_id("Users"), state="absent")
    fails(world, "p1_group", "HTTP 40[03]", in_check_mode=False, id=administrators, new_display_name="Ours")
    fails(
        world,
        "p1_group_membership",
        "HTTP 40[03]",
        in_check_mode=False,
        group_id=administrators,
        user_ids=[world.model.user_id("u01@example.com")],
    )


# -- p1_group_membership -------------------------------------------------------------------------------------


@step
def members_added_and_removed(world):
    crowd = [f"u{number:02}@example.com" for number in range(1, 7)]

    def added(model, made):
        model.add("Crowd", *crowd, groups=["Team"])

    does(
        world,
        "p1_group_membership",
        added,
        group="Crowd",
        users=crowd[:5],
        user_ids=[world.model.user_id(crowd[5])],
        groups=["Team"],
    )

    def removed(model, made):
        model.remove("Crowd", *crowd[:4], groups=["Team"])

    does(
        world,
        "p1_group_membership",
        removed,
        group="Crowd",
        users=[*crowd[:4], "stranger@example.com"],
        group_ids=[world.model.group_id("Team"), NOWHERE],
        state="absent",
    )


NOWHERE = "00000000-0000-4000-8000-00000000dead"


@step
def members_exact(world):
    def of_one_kind(model, made):
        members = model.members[model.group_id("Exact")]
        members -= members - model.groups.keys()
        model.add("Exact", "u01@example.com", "u04@example.com")

    does(
        world,
        "p1_group_membership",
        of_one_kind,
        group="Exact",
        users=["u01@example.com", "u04@example.com"],
        state="exact",
    )

    def other_kind(model, made):
        model.members[model.group_id("Exact")] = {model.user_id("u01@example.com"), model.user_id("u04@example.com")}

    does(world, "p1_group_membership", other_kind, group="Exact", groups=[], state="exact", allow_empty=True)


@step
def members_emptied(world):
    fails(world, "p1_group_membership", "would remove every member", group="Emptied", users=[], state="exact")
    does(
        world,
        "p1_group_membership",
        lambda model, made: model.members[model.group_id("Emptied")].clear(),
        group="Emptied",
        users=[],
        state="exact",
        allow_empty=True,
    )


@step
def members_unknown(world):
    options = {"group": "Gamma", "users": ["u01@example.com", "stranger@example.com"]}
    # In check mode, an earlier task might create the missing objects.
    fails(world, "p1_group_membership", "unknown", in_check_mode=False, **options)
    does(
        world,
        "p1_group_membership",
        lambda model, made: model.add("Gamma", "u01@example.com"),
        on_unknown_member="warn",
        **options,
    )


@step
def user_moved(world):
    name = "u03@example.com"

    def added(model, made):
        model.add("Gamma", name)
        model.add("Team", name)

    does(world, "p1_user", added, user_name=name, groups=["Gamma", "Team"])
    for groups in (["Alpha", COMMA], []):
        does(
            world,
            "p1_user",
            lambda model, made, groups=groups: _only_in(model, name, [*groups, "Gamma"]),
            tags=("removes after a complete read",),
            user_name=name,
            groups=groups,
            membership="exact",
            keep_groups=["GAM*"],
        )


def _only_in(model, name, groups):
    """Make a user a member of these groups only, and keep its membership in Users."""
    own = model.user_id(name)
    for group_id, members in model.members.items():
        group = model.groups[group_id]["displayName"]
        if group in groups:
            members.add(own)
        elif group != "Users":
            members.discard(own)


@step
def members_in_a_cycle(world):
    fails(world, "p1_group_membership", "in itself", group="Team", groups=["Division"])


# -- p1_directory and its companions -------------------------------------------------------------------------


@step
def directory_builds_up(world):
    name = "dir-new@example.com"

    def effect(model, made):
        model.user("dir-update@example.com").update(userType="by directory")
        model.user("dir-rename@example.com")["userName"] = "dir-renamed@example.com"
        user_id = model.new(made, "user", name, name={"familyName": "New"}, emails=email(name), externalId="hr:dir")
        model.passwords[user_id] = PASSWORD
        joins_users(world, model, name)
        model.new(made, "group", "Delta")
        model.add("Delta", name, groups=["Gamma"])
        model.add("Alpha", name, "u03@example.com", "dir-update@example.com")
        model.add(COMMA, "dir-renamed@example.com")

    world.service.clear_log()
    journal = world.folder / "journal"
    desired = {
        "users": [
            {"user_name": "dir-update@example.com", "user_type": "by directory", "groups": ["Alpha"]},
            {"user_name": "dir-rename@example.com", "new_user_name": "dir-renamed@example.com", "groups": [COMMA]},
            {
                "user_name": name,
                "external_id": "hr:dir",
                "name": {"family_name": "New"},
                "emails": email(name),
                "password": PASSWORD,
            },
            {"user_name": "never-was@example.com", "state": "absent"},
        ],
        "groups": [
            {"display_name": "Alpha", "members": {"users": [name, "u03@example.com"]}},
            {"display_name": "Delta", "members": {"users": [name], "groups": ["Gamma"]}},
        ],
    }
    does(world, "p1_directory", effect, journal=str(journal), concurrency=2, **desired)


@step
def directory_removes(world):
    def effect(model, made):
        model.drop_user("dir-leaver@example.com", dangling(world))
        model.drop_group("Gamma", dangling(world))
        model.group("Beta")["displayName"] = "Beta 2"
        model.members[model.group_id("Beta 2")] -= {model.user_id("dir-moved@example.com")}
        model.user("dir-moved@example.com").update(userType="moved")

    moved = world.model.user_id("dir-moved@example.com")
    backup = world.folder / "backup.yml"
    desired = {
        "users": [
            {"user_name": "dir-leaver@example.com", "state": "absent"},
            {"id": moved, "user_type": "moved"},
        ],
        "groups": [
            {
                "display_name": "Beta",
                "new_display_name": "Beta 2",
                "membership": "exact",
                "members": {"users": ["u04@example.com"]},
            },
            {"display_name": "Gamma", "state": "absent"},
        ],
    }
    # The desired group has one member. Members that were deleted may dangle in it and do not count.
    does(
        world,
        "p1_directory",
        _without_dangling(world, effect, "Beta 2", "dir-leaver@example.com"),
        tags=("removes after a complete read",),
        backup=str(backup),
        **desired,
    )


def _without_dangling(world, effect, group, name):
    gone = world.model.user_id(name)

    def wrapped(model, made):
        effect(model, made)
        model.members[model.group_id(group)].discard(gone)

    return wrapped


@step
def directory_disables(world):
    def effect(model, made):
        model.user("dir-off@example.com").update(active=False)

    does(
        world,
        "p1_directory",
        effect,
        tags=("changes active",),
        users=[{"user_name": "dir-off@example.com", "active": False}],
    )


@step
def directory_unlisted_in_scope(world):
    def effect(model, made):
        model.user("scope-b@example.com").update(active=False)
        model.drop_group("Scope two", dangling(world))

    does(
        world,
        "p1_directory",
        effect,
        tags=("removes after a complete read", "changes active"),
        failed_effect=lambda model, made: _only_group_gone(world, model, made),
        users=[{"user_name": "scope-a@example.com", "user_type": "scoped"}],
        groups=[{"display_name": "Scope one", "members": {"users": ["u05@example.com"]}}],
        unlisted_users="disable",
        unlisted_groups="delete",
        scope={"users": {"user_type": ["scoped"]}, "groups": {"display_name": ["scope *"]}},
    )


def _only_group_gone(world, model, made):
    """Drop the group if lists are complete: a user that cannot be disabled does not stop other changes."""
    if world.settings.start_index == "honored":
        model.drop_group("Scope two", dangling(world))


@step
def directory_refuses(world):
    fails(world, "p1_directory", "protect", users=[{"user_name": "admin@example.com", "state": "absent"}])
    fails(
        world,
        "p1_directory",
        "max_deletes|could not be read completely",
        users=[{"user_name": f"u0{number}@example.com", "state": "absent"} for number in (1, 2)],
        limits={"max_deletes": "1"},
    )


@step
def directory_read_back(world):
    read = world.run("p1_directory_info")
    if cannot_page(world.settings) and world.settings.total_results == "global":
        assert read.get("failed") and "incomplete" in read["msg"], read
        return
    assert not read.get("failed"), read["msg"]
    if not cannot_page(world.settings):
        assert read["counts"] == {"users": len(world.model.users), "groups": len(world.model.groups)}
    does(world, "p1_directory", None, changed=False, **_feedable(read["directory"]))


def _feedable(document):
    """Return the users and groups of a document as options of p1_directory."""
    return json.loads(json.dumps({"users": document["users"], "groups": document["groups"]}))


@step
def directory_exported(world):
    dest = world.folder / "export.yml"
    if cannot_page(world.settings):
        return
    checked = world.run("p1_directory_export", check=True, dest=str(dest))
    assert checked["changed"] and not dest.exists(), checked
    done = world.run("p1_directory_export", dest=str(dest))
    assert done["changed"] and dest.exists(), done
    again = world.run("p1_directory_export", dest=str(dest))
    assert again["changed"] is False, again
    does(world, "p1_directory", None, changed=False, src=str(dest))


# -- read-only modules -----------------------------------------------------------------------------------------


@step
def infos(world):
    users, groups = world.model.users, world.model.groups
    part = cannot_page(world.settings)
    result = world.run("p1_user_info", user_name="U02@example.com", effective=not part)
    if not (part and result.get("failed")):
        assert not result.get("failed"), result["msg"]
        if not part:
            assert [user["id"] for user in result["users"]] == [world.model.user_id("u02@example.com")]
            direct = {group["id"] for group in result["users"][0]["effective_groups"] if group["direct"]}
            assert direct == {
                group_id for group_id, members in world.model.members.items() if result["users"][0]["id"] in members
            }
    result = world.run("p1_group_info", display_name="Team", resolve_names=not part)
    if not (part and result.get("failed")):
        assert {member["id"].lower() for member in result["groups"][0]["members"]} == world.model.members[
            world.model.group_id("Team")
        ]
    if not part:
        assert world.run("p1_user_info")["total"] == len(users)
        assert world.run("p1_group_info")["total"] == len(groups)


@step
def info_with_a_filter(world):
    if cannot_page(world.settings):
        return
    result = world.run("p1_user_info", filter='userName eq "u03@example.com"')
    mode = world.settings.user_filter
    if mode == "400":
        assert result.get("failed") and "filter" in result["msg"], result
    elif mode == "ignored":
        assert result["total"] == len(world.model.users) and any("excluded no user" in text for text in result["warnings"])
    else:
        assert [user["user_name"] for user in result["users"]] == ["u03@example.com"], result


# -- combinations --------------------------------------------------------------------------------------------


def combinations(order=None):
    """Yield settings in which each two values of any two switches meet at least once.

    :param order: shuffles the values (a ``random.Random``); None: the same combinations each time.
    """
    choices = {name: SMALLER.get(name, values) for name, values in Settings.choices().items()}
    names = list(choices)
    if order is not None:
        order.shuffle(names)
    values = [list(choices[name]) for name in names]
    if order is not None:
        for each in values:
            order.shuffle(each)

    def possible(row):
        return not contradicts_itself(dict(zip(names, row)))

    for row in allpairspy.AllPairs(values, filter_func=possible):
        yield dict(zip(names, row))


def default_settings():
    return {name: values[0] for name, values in Settings.choices().items()}


class Failure(AssertionError):
    """A failure, with the fewest switches and steps that show it."""


def run_scenario(settings, folder, steps=None):
    """Run steps on a fresh service; return None, or the step that failed and its error."""
    with DirectoryService(Settings(**settings)) as service, virtual_time(service):
        world = World(service, Path(tempfile.mkdtemp(dir=folder)))
        for each in steps or STEPS:
            try:
                each(world)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong is reported with the combination
                return each, error
    return None


def check_combination(settings, folder, attempts=60):
    """Run the whole scenario under a combination; reduce a failure to the fewest steps and switches.

    :raises Failure: with the combination, and the switches and steps that matter.
    """
    failed = run_scenario(settings, folder)
    if failed is None:
        return
    at, error = failed
    # Leave out steps first, then switches, as long as the failure remains.
    steps = STEPS[: STEPS.index(at) + 1]
    least = [at]
    shown = run_scenario(settings, folder, least)
    if shown is None:
        least = list(steps)
        for each in steps[:-1]:
            fewer = [other for other in least if other is not each]
            if attempts and run_scenario(settings, folder, fewer):
                least = fewer
            attempts -= bool(attempts)
        shown = (at, error)
    matter = {name: value for name, value in settings.items() if value != default_settings()[name]}
    for name in list(matter):
        fewer = {key: value for key, value in matter.items() if key != name}
        again = run_scenario(fewer, folder, least) if attempts else None
        attempts -= bool(attempts)
        if again is not None and again[0] is shown[0]:
            matter, shown = fewer, again
    raise Failure(
        f"\nstep {at.__name__}: {error}\nshortest scenario: {', '.join(each.__name__ for each in least)}\n"
        f"switches that matter: {matter}\nthen: {shown[1]}\nwhole combination: {settings}"
    ) from error
