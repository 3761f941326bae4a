# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test p1_directory_export: it writes a directory to files for which p1_directory plans no changes."""

from __future__ import annotations

import json
import os
import re
import stat

import jsonschema
import pytest
import yaml
from directory_play import (
    EVERYTHING,
    HARD_NAMES,
    PEOPLE,
    RICH,
    SECRET,
    STRICT,
    TEAMS,
    requests,
    rows,
    time_stands_still,
)

from ansible_collections.pingone.directory.plugins.module_utils._documents.schema import COPY_NAME, document_schema
from ansible_collections.pingone.directory.plugins.module_utils._documents.yaml_reading import load_yaml

MODULE = "p1_directory_export"


@pytest.fixture(autouse=True)
def _no_waiting():
    with time_stands_still():
        yield


@pytest.fixture
def world(playground):
    playground.service.configure(user_name_unique="exact")
    ids = playground.service.seed(users=[*PEOPLE[1:], *({"userName": name} for name in HARD_NAMES), RICH])["users"]
    playground.service.seed(
        groups=[
            {**TEAMS[0], "members": ["bob"]},
            *TEAMS[1:],
            *({"displayName": name, "members": [ids[name]]} for name in HARD_NAMES),
        ]
    )
    playground.service.seed(groups=[{"displayName": "team", "members": ["rich"]}])
    return playground


def tree(folder):
    return sorted(
        os.path.relpath(os.path.join(path, name), folder)
        for path, _folders, names in os.walk(folder)
        for name in names
        if name != COPY_NAME
    )


def contents(folder):
    found = {}
    for name in tree(folder):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            found[name] = file.read()
    return found


@pytest.mark.parametrize("form", ["yaml", "json"])
@pytest.mark.parametrize("folder", [False, True])
def test_a_round_trip(world, tmp_path, form, folder):
    dest = f"{tmp_path}/made/" if folder else str(tmp_path / f"made.{form}")
    options = {"dest": dest, "format": form}
    checked = world.ok(MODULE, check=True, **options)
    assert checked["changed"] is True and tree(tmp_path) == []
    assert "was not written because this is check mode" in checked["msg"]
    done = world.ok(MODULE, **options)
    assert done["changed"] is True and set(done) == set(checked)
    assert done["dest"] == dest and done["counts"] == checked["counts"] == {
        "users": len(HARD_NAMES) + 4,
        "groups": len(HARD_NAMES) + 6,
    }
    assert requests(done) == ["GET user"] * 2 + ["GET group"] * 2
    again = world.ok(MODULE, **options)
    assert again["changed"] is False and "is up to date" in again["msg"]
    assert SECRET not in str(contents(tmp_path))
    result = world.ok("p1_directory", src=dest, **STRICT)
    assert rows(result) == [] and result["changed"] is False
    if folder:
        names = tree(tmp_path / "made")
        assert len(names) == 1 + len(HARD_NAMES) + 6 and len({name.casefold() for name in names}) == len(names)
        assert f"users.{'yml' if form == 'yaml' else 'json'}" in names
        assert all(name.isascii() and " " not in name for name in names)
    # The result of the task has no personal data.
    assert "rich" not in json.dumps({name: value for name, value in done.items() if name != "sent"})


@pytest.mark.parametrize("folder", [False, True])
def test_editors_find_the_schema_and_it_accepts_an_export(world, tmp_path, folder):
    """The first line of each document refers to a copy of the schema, even after the folder is moved."""
    dest = f"{tmp_path}/made/" if folder else str(tmp_path / "made.yml")
    world.ok(MODULE, check=True, dest=dest)
    assert not list(tmp_path.rglob(COPY_NAME))
    world.ok(MODULE, dest=dest)
    paths = list(tmp_path.rglob("*.yml"))
    assert len(paths) > len(HARD_NAMES) if folder else len(paths) == 1
    for path in paths:
        text = path.read_text(encoding="utf-8")
        reference = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)[1]
        schema = json.loads((path.parent / reference).read_text(encoding="utf-8"))
        assert schema == document_schema()
        document = load_yaml(text, "made", problems := [], None)
        assert problems == []
        jsonschema.Draft7Validator(schema).validate(json.loads(json.dumps(document)))
    copies = list(tmp_path.rglob(COPY_NAME))
    assert len(copies) == 1 and stat.S_IMODE(copies[0].stat().st_mode) == 0o600
    assert world.ok("p1_directory", src=str(dest), validate_only=True)["msg"].startswith("The desired state is valid")


def test_a_failed_copy_of_the_schema_is_a_warning(world, tmp_path):
    (tmp_path / COPY_NAME).mkdir()
    result = world.ok(MODULE, dest=str(tmp_path / "made.yml"))
    assert result["changed"] and any(COPY_NAME in text and "editors do not check" in text for text in result["warnings"])
    world.ok(MODULE, dest=str(tmp_path / "made.json"), format="json")


def test_an_existing_folder_needs_no_trailing_slash(world, tmp_path):
    world.ok(MODULE, dest=str(tmp_path))
    assert "users.yml" in tree(tmp_path)
    assert not world.ok("p1_directory", src=str(tmp_path), **STRICT)["changed"]


def test_content_of_an_export(playground, tmp_path):
    playground.service.seed(users=PEOPLE, groups=TEAMS)
    path = tmp_path / "d.yml"
    playground.ok(
        MODULE,
        dest=str(path),
        with_ids=False,
        scope={"users": {"user_name": ["ann"]}, "groups": {"display_name": ["board"]}},
    )
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=.directory-1.schema.json"
    assert lines[1].startswith(f"# 1 user and 1 group of {playground.service.base_url}, exported at 20")
    assert "\n".join(lines[3:]) == (
        "---\nusers:\n- user_name: ann\n  external_id: hr:1\n  active: true\n  name:\n    given_name: Ann\n    family_name: Archer\n  title: Nurse\n"
        "groups:\n- display_name: board\n  membership: exact\n  members:\n    users:\n    - cid\n    groups:\n    - team"
    )
    playground.ok(MODULE, dest=str(path), with_ids=True)
    assert all("id" in item for kind in yaml.safe_load(path.read_text(encoding="utf-8")).values() for item in kind)


@pytest.mark.parametrize(("membership", "drift_class"), [("exact", "extra"), ("additive", "unmanaged")])
@pytest.mark.parametrize("group", ["team", "empty"])
def test_a_manually_added_member_is_detected(world, tmp_path, membership, drift_class, group):
    """With exact membership, this includes a nested group and a member of an empty group."""
    dest = str(tmp_path / "directory.yml")
    world.ok(MODULE, dest=dest, membership=membership)
    assert not world.ok("p1_directory", src=dest)["changed"]
    (intruder,) = world.service.seed(users=[{"userName": "mallory"}])["users"].values()
    store = world.service.store
    store.add_member(store.group_id(group), intruder)
    store.add_member(store.group_id(group), store.group_id("board"), kind="group") if group == "empty" else None
    found = world.ok("p1_directory", check=True, src=dest, allow_empty=True)["drift"]
    rows = [(row["key"], row["member"]["name"]) for row in found[drift_class] if row["kind"] == "membership"]
    assert rows == ([("empty", "board")] if group == "empty" else []) + [(group, "mallory")]
    assert {"kind": "user", "key": "mallory"} in found["unmanaged"]


def test_only_changed_files_are_written(world, tmp_path):
    world.ok(MODULE, dest=str(tmp_path))
    before = {name: os.stat(tmp_path / name).st_mtime_ns for name in tree(tmp_path)}
    for name in before:
        os.utime(tmp_path / name, ns=(1, 1))
    world.service.store.add_member(world.service.store.group_id("empty"), world.service.store.user_id("bob"))
    result = world.ok(MODULE, dest=str(tmp_path))
    assert result["changed"] is True
    assert [name for name in before if os.stat(tmp_path / name).st_mtime_ns != 1] == ["groups/empty.yml"]
    assert "groups/empty.yml was written" in result["diff"]["after"]


def test_the_file_of_a_deleted_group_is_removed(world, tmp_path):
    """The file would create the group again; a file that the module did not write only causes a warning."""
    world.ok(MODULE, dest=str(tmp_path))
    (tmp_path / "groups" / "own.yml").write_text("groups: [{name: own}]", encoding="utf-8")
    (tmp_path / "groups" / "notes.txt").write_text("notes", encoding="utf-8")
    world.ok("p1_directory", groups=[{"name": "board", "state": "absent"}], limits=EVERYTHING)
    checked = world.ok(MODULE, check=True, dest=str(tmp_path))
    assert checked["changed"] is True and "groups/board.yml" in tree(tmp_path)
    assert "groups/board.yml is to be removed" in checked["diff"]["after"]
    result = world.ok(MODULE, dest=str(tmp_path))
    assert "groups/board.yml" not in tree(tmp_path)
    assert {"groups/own.yml", "groups/notes.txt"} <= set(tree(tmp_path))
    assert [text for text in result["warnings"] if "own.yml does not belong to this export" in text] == result["warnings"]


def test_another_format_replaces_the_former(world, tmp_path):
    world.ok(MODULE, dest=str(tmp_path))
    world.ok(MODULE, dest=str(tmp_path), format="json")
    assert not [name for name in tree(tmp_path) if name.endswith(".yml")]
    assert not world.ok("p1_directory", src=str(tmp_path), **STRICT)["changed"]


@pytest.mark.parametrize("check", [True, False])
def test_a_dest_in_a_missing_folder(world, tmp_path, check):
    failed = world.fails(MODULE, check=check, dest=str(tmp_path / "none" / "d.yml"))
    assert f"cannot be written: the folder {tmp_path}/none does not exist" in failed["msg"]
    assert failed["failure"]["status"] is None


@pytest.mark.parametrize("check", [True, False])
def test_links_are_not_written(world, tmp_path, check):
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / "dest").mkdir()
    (tmp_path / "dest" / "groups").symlink_to(target)
    (tmp_path / "link").symlink_to(target)
    (tmp_path / "d.yml").symlink_to(target / "d.yml")
    for dest in ("dest/", "link/", "link", "d.yml"):
        failed = world.fails(MODULE, check=check, dest=f"{tmp_path}/{dest}")
        assert "it is a symbolic link. Use its target" in failed["msg"] and not requests(failed)
    assert os.listdir(target) == []


def test_an_export_is_readable_only_by_its_owner(world, tmp_path):
    before = os.umask(0)
    try:
        world.ok(MODULE, dest=f"{tmp_path}/a/b/")
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a").rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_templates_in_names_are_marked_and_read_back(world, tmp_path):
    name = "{{ lookup('pipe', 'touch X') }}"
    world.service.seed(groups=[{"displayName": name, "members": []}])
    world.ok(MODULE, dest=str(tmp_path / "d.yml"))
    assert "display_name: !unsafe '{{ lookup(''pipe'', ''touch X'') }}'" in (tmp_path / "d.yml").read_text(encoding="utf-8")
    result = world.ok("p1_directory", src=str(tmp_path / "d.yml"), **STRICT)
    assert not result["changed"] and not [text for text in result.get("warnings", ()) if "template" in text]


@pytest.mark.parametrize("dest", ["/tmp/a\0b", "/tmp/\ud800/"])
def test_an_invalid_dest(world, dest):
    failed = world.fails(MODULE, dest=dest)
    assert "dest is not a valid path: it contains " in failed["msg"] and not requests(failed)


def test_a_failed_read_changes_no_files(world, tmp_path):
    world.ok(MODULE, dest=str(tmp_path))
    before = contents(tmp_path)
    world.service.add_fault(kind="status", status=403, path="^/directory/group$")
    assert "Could not read the directory" in world.fails(MODULE, dest=str(tmp_path))["msg"]
    world.service.configure(start_index="ignored", max_page_size=2)
    assert "incomplete" in world.fails(MODULE, dest=str(tmp_path))["msg"]
    assert contents(tmp_path) == before


@pytest.mark.parametrize("folder", [False, True])
def test_an_incomplete_list_replaces_no_export(world, tmp_path, folder):
    """The service repeats a page of two; objects that it does not return may still exist."""
    dest = str(tmp_path) if folder else str(tmp_path / "d.yml")
    world.ok(MODULE, dest=dest)
    before = contents(tmp_path)
    world.service.configure(start_index="ignored", total_results="page", max_page_size=2, default_page_size=2)
    for check in (True, False):
        failed = world.fails(MODULE, check=check, dest=dest)
        assert "this export would replace" in failed["msg"] and "could not be read completely" in failed["msg"]
        assert "(users: the service repeats its first page" in failed["msg"]
        assert contents(tmp_path) == before


def test_an_incomplete_list_removes_no_file(playground, tmp_path):
    playground.service.seed(groups=[{"displayName": "team"}])
    playground.ok(MODULE, dest=str(tmp_path))
    playground.ok("p1_directory", groups=[{"name": "team", "state": "absent"}])
    playground.service.configure(start_index="ignored", total_results="page")
    result = playground.ok(MODULE, dest=str(tmp_path))
    assert result["changed"] is False and "groups/team.yml" in tree(tmp_path)
    assert any("team.yml is kept" in text for text in result["warnings"])
    playground.service.configure(start_index="honored", total_results="global")
    assert playground.ok(MODULE, dest=str(tmp_path))["changed"] and "groups/team.yml" not in tree(tmp_path)


def test_an_incomplete_list_may_equal_the_export(playground, tmp_path):
    playground.ok(MODULE, dest=str(tmp_path))
    playground.service.configure(start_index="ignored", total_results="page")
    assert playground.ok(MODULE, dest=str(tmp_path))["changed"] is False


def test_an_incomplete_list_causes_a_warning(playground, tmp_path):
    playground.service.configure(start_index="ignored", total_results="page")
    result = playground.ok(MODULE, dest=str(tmp_path))
    assert len(result["warnings"]) == 2 and "may be incomplete" in result["warnings"][0]


def test_a_group_with_unknown_members_is_not_exact(playground, tmp_path):
    """The list of users contains only its first page; an exact group would lose its other members."""
    names = ["ann", "bob", "cid"]
    playground.service.seed(users=[{"userName": name} for name in names], groups=[{"displayName": "team", "members": ["ann", "cid"]}])
    whole = {"start_index": "honored", "total_results": "global", "short_page": 0}
    for name in ("export", "backup"):
        playground.service.configure(start_index="ignored", total_results="page", short_page=3)
        path = tmp_path / f"{name}.yml"
        if name == "export":
            result = playground.ok(MODULE, dest=str(path))
        else:
            result = playground.ok("p1_directory", groups=[{"name": "team", "members": {"users": ["bob"]}}], backup=str(path))
        team = next(group for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"] if group["display_name"] == "team")
        assert team["membership"] == "additive" and team["members"]["users"] == ["ann"]
        assert any(f"{path} declares membership: additive for 'team'" in text for text in result["warnings"])
        playground.service.configure(**whole)
        before = playground.members("team")
        playground.ok("p1_directory", src=str(path))
        assert playground.members("team") == before


def test_an_empty_dest_is_refused_before_any_request(world):
    failed = world.fails(MODULE, dest="")
    assert failed["msg"].startswith("Could not export the directory: dest is empty. ") and not requests(failed)
