# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents and journals: what is read with its file and line, what is refused, what is written and how it fails."""

from __future__ import annotations

import builtins
import json
import os
import stat
import sys

import pytest
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st
from wished_directories import directory, group, plan, user

from ansible_collections.pingone.directory.plugins.module_utils._errors import DirectoryError, InputError
from ansible_collections.pingone.directory.plugins.module_utils._files import (
    WRITTEN_HERE,
    Journal,
    dump_document,
    path_that_can_be,
    read_documents,
    remove_file,
    same_content,
    write_file,
    written_here,
)

SECRET = "never-shown-1"


@pytest.fixture
def write(tmp_path):
    """Write a file, read the documents there; its folder is taken out of what is told."""

    def reader(name, text, path=None):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        users, groups, problems = read_documents(str(path or target))
        return users, groups, [line.replace(f"{tmp_path}{os.sep}", "") for line in problems]

    reader.folder = tmp_path
    return reader


def origins(items, folder):
    return [item.origin.replace(f"{folder}{os.sep}", "") for item in items]


YAML = """\
# people
users:
  - user_name: ann
    emails:
      - value: a@example.org

  - {user_name: bob, title: null}
groups:
  - display_name: team
    members:
      users: [ann]
"""

JSON = """\
{"groups": [{"display_name": "team", "members": {"users": ["ann"], "groups": []}},

    {"display_name": "crew"}],
 "users":
 [
    {"user_name": "a\\"[{nn", "title": "users\\": ["}, {"user_name": "bob"},
    {
      "user_name": "cid"
    }
 ]
}
"""


def test_yaml(write):
    users, groups, problems = write("d.yml", YAML)
    assert problems == []
    assert users == [{"user_name": "ann", "emails": [{"value": "a@example.org"}]}, {"user_name": "bob", "title": None}]
    assert groups == [{"display_name": "team", "members": {"users": ["ann"]}}]
    assert origins(users, write.folder) == ["d.yml:3", "d.yml:7"]
    assert origins(groups, write.folder) == ["d.yml:9"]


def test_json(write):
    users, groups, problems = write("d.json", JSON)
    assert problems == []
    assert [item["user_name"] for item in users] == ['a"[{nn', "bob", "cid"]
    assert origins(groups, write.folder) == ["d.json:1", "d.json:3"]
    assert origins(users, write.folder) == ["d.json:6", "d.json:6", "d.json:7"]


@pytest.mark.parametrize("name", ["d.json", "d.yml"])
def test_a_byte_order_mark_and_line_ends_of_windows(write, name):
    text = (JSON if name == "d.json" else YAML).replace("\n", "\r\n")
    users, _groups, problems = write(name, b"\xef\xbb\xbf" + text.encode())
    assert problems == []
    assert len(users) == (3 if name == "d.json" else 2)
    assert origins(users, write.folder)[0] == ("d.json:6" if name == "d.json" else "d.yml:3")


def test_a_folder_is_all_its_documents(write):
    (write.folder / "d" / "groups").mkdir(parents=True)
    for name, text in {
        "d/users.yml": "users: [{user_name: ann}]",
        "d/more.json": '{"users": [{"user_name": "bob"}]}',
        "d/groups/b.yaml": "groups: [{name: b}]",
        "d/groups/a.yml": "groups:\n- name: a",
        "d/.hidden.yml": "users: [{user_name: hidden}]",
        "d/.git/x.yml": "users: [{user_name: hidden}]",
        "d/README.md": "no document",
    }.items():
        (write.folder / name).parent.mkdir(exist_ok=True)
        (write.folder / name).write_text(text, encoding="utf-8")
    users, groups, problems = read_documents(str(write.folder / "d"))
    assert problems == []
    assert [item["user_name"] for item in users] == ["bob", "ann"]
    assert [item["name"] for item in groups] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("d.yml", "", "d.yml holds neither users nor groups"),
        ("d.yml", "# nothing\n---\n", "d.yml holds neither users nor groups"),
        ("d.json", "{}", "d.json holds neither users nor groups"),
        ("d.json", "", "d.json:1: it is not JSON: Expecting value"),
        ("d.json", '{"users": [\n{"a": 1,}]}', "d.json:2: it is not JSON: "),
        ("d.json", '{"users": [NaN]}', "d.json: it is not JSON: it holds NaN, which is no JSON"),
        ("d.json", "[]", "d.json: the document must be a dictionary with users and groups"),
        ("d.json", "[" * 100_000, "d.json: it "),
        ("d.yml", "- user_name: ann", "d.yml: the document must be a dictionary with users and groups"),
        ("d.yml", "people: []", "d.yml: 'people' is neither users nor groups"),
        ("d.yml", "users: ann", "d.yml: users must be a list"),
        ("d.json", '{"users": {"ann": {}}}', "d.json: users must be a list"),
        ("d.yml", "users:\n- a: [\n", "d.yml:3: it is not YAML: "),
        ("d.yml", "users:\n- {user_name: ann}\n- *nobody\n", "d.yml:3: it is not YAML: found undefined alias"),
        ("d.yml", "users: &a [*a]", "d.yml:1: it is not YAML: found unconstructable recursive node"),
        ("d.yml", "users: []\n---\nusers: []", "d.yml:2: it is not YAML: "),
        (
            "d.yml",
            "users: !!python/object/apply:os.getcwd []",
            "d.yml:1: it is not YAML: could not determine a constructor",
        ),
        ("d.yml", "users:\n- {user_name: ann, 1: x}", "d.yml:2: '1' is a name and must be text; write it in quotes"),
        ("d.yml", "users:\n- title: x\n  title: y\n", "d.yml:3: 'title' stands twice in one dictionary"),
        ("d.yml", "users: []\nusers: []\n", "d.yml:2: 'users' stands twice in one dictionary"),
        (
            "d.json",
            '{"users": [{"title": "x"},\n{"a": {"title": "x"},\n "title": "x", "b": ["title"],\n "title": 1}]}',
            "d.json:4: 'title' stands twice",
        ),
        ("d.json", '{"users": [],\n"users": []}', "d.json:2: 'users' stands twice in one dictionary"),
        ("d.yml", b"users: [{user_name: \xe4}]", "d.yml cannot be read: it is not UTF-8 text"),
        ("d.json", '{"users": []}'.encode("utf-16"), "d.json cannot be read: it is not UTF-8 text"),
        ("d.yml", b"users: [{user_name: \x01}]", "d.yml: it is not YAML"),
        (
            "d.yml",
            "$ANSIBLE_VAULT;1.1;AES256\n3036",
            "d.yml is vaulted, which a module cannot open; load it with vars_files",
        ),
        ("d.json", "$ANSIBLE_VAULT;1.1;AES256\n3036", "d.json is vaulted"),
        (
            "d.yml",
            "users:\n- user_name: ann\n  password: !vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    3036\n",
            "d.yml:3: this value is vaulted, which a module cannot open; load the document with vars_files and pass users and groups",
        ),
    ],
)
def test_what_is_no_document(write, name, text, expected):
    _users, _groups, problems = write(name, text)
    assert problems and expected in problems[0], problems
    assert all("\n" not in line for line in problems)


def test_all_problems_of_all_documents(write):
    write("d/a.yml", "users:\n- {title: x, title: y}\n")
    write("d/b.json", "{")
    _users, _groups, problems = write("d/c.yml", "people: []", path=write.folder / "d")
    assert len(problems) == 3


@pytest.mark.parametrize(
    "text",
    [
        f"*{SECRET}",
        f"!{SECRET} x",
        f"&{SECRET} x, b: &{SECRET} y",
        f"@{SECRET}",
        f'"{SECRET}',
        f"{{{SECRET}",
        f"x: {SECRET}",
    ],
)
def test_no_problem_shows_a_value(write, text):
    """A password that is not quoted may be anything to YAML: an alias, a tag, an anchor."""
    _users, _groups, problems = write("d.yml", f"users:\n- {{user_name: ann, password: {text}}}\n")
    assert SECRET not in str(problems)


@pytest.mark.parametrize(
    "text",
    ["!!int ''", "!!bool x", "!!timestamp abc", "!!float ''", "!!binary '*'", "2026-13-45", "0001-01-01T00:00:00+10:00",
     "!!int '1:x'", "!!null x", "!!set {a, b}", "!!omap [a]", "!!pairs x"],
)  # fmt: skip
def test_a_value_that_its_tag_does_not_fit(write, text):
    """Whatever the parser stumbles over is told with the file; a date that none can hold is left to whoever reads the wish."""
    users, _groups, problems = write("d.yml", f"users:\n- {{user_name: ann, title: {text}}}\n")
    assert problems and all("d.yml" in line for line in problems) or users[0]["user_name"] == "ann"


@pytest.mark.parametrize("path", ["a\0b", "\0", "\ud800"])
def test_a_path_that_can_be_none(path):
    with pytest.raises(InputError) as refused:
        path_that_can_be("journal", path)
    assert str(refused.value) == "journal is no path: it holds a character that no path can hold"
    assert path_that_can_be("journal", "ä b") is None


def test_a_path_that_leads_nowhere(tmp_path):
    with pytest.raises(InputError, match="does not exist where the module runs"):
        read_documents(str(tmp_path / "none.yml"))
    with pytest.raises(InputError, match=r"holds no document \(\.yml, \.yaml, \.json\)"):
        read_documents(str(tmp_path))


def test_a_document_that_may_not_be_read(tmp_path, monkeypatch):
    (tmp_path / "d.yml").write_text("users: []", encoding="utf-8")
    opened = builtins.open

    def refuse(path, *args, **kwargs):
        if str(path).endswith("d.yml"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(builtins, "open", refuse)
    _users, _groups, (problem,) = read_documents(str(tmp_path / "d.yml"))
    assert problem.endswith("d.yml cannot be read: Permission denied")


def test_without_pyyaml(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    (tmp_path / "d.yml").write_text(YAML, encoding="utf-8")
    (tmp_path / "d.json").write_text(JSON, encoding="utf-8")
    with pytest.raises(DirectoryError, match="required Python library .PyYAML. .* Or use JSON"):
        read_documents(str(tmp_path / "d.yml"))
    assert len(read_documents(str(tmp_path / "d.json"))[0]) == 3


def test_without_the_c_loader(write, monkeypatch):
    import yaml

    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    users, _groups, problems = write("d.yml", YAML)
    assert problems == [] and origins(users, write.folder) == ["d.yml:3", "d.yml:7"]


def test_merged_keys_may_be_overridden(write):
    users, _groups, problems = write(
        "d.yml", "users:\n- &ann {user_name: ann, title: x, active: true}\n- <<: *ann\n  user_name: bob\n"
    )
    assert problems == []
    assert users[1] == {"user_name": "bob", "title": "x", "active": True}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),
        ("0042", "0042"),
        ("+49123", "+49123"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1.5", 1.5),
        ("1.50", "1.50"),
        ("1e3", "1e3"),
        ("yes", True),
        ("'yes'", "yes"),
        ("~", None),
        ("2026-06-15", __import__("datetime").date(2026, 6, 15)),
    ],
)
def test_numbers_are_what_was_written(write, text, value):
    """A phone number, a staff number with zeros in front: YAML 1.1 would read another number."""
    users, _groups, _problems = write("d.yml", f"users: [{{user_name: {text}}}]")
    assert users[0]["user_name"] == value and type(users[0]["user_name"]) is type(value)


TEXT = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["null", "~", "yes", "0042", "2026-06-15", "=", "<<", "*x", "!x", "a: b", "- a", "#", "", " x ", "\n", "\x85", "😀"]
)
ITEMS = st.dictionaries(
    TEXT,
    TEXT
    | st.booleans()
    | st.none()
    | st.integers()
    | st.lists(TEXT, max_size=3)
    | st.dictionaries(TEXT, TEXT, max_size=2),
    max_size=4,
)


@given(st.lists(ITEMS, max_size=3), st.sampled_from(["yaml", "json"]))
@PROPERTY
def test_what_is_written_is_read_back(tmp_path_factory, users, form):
    path = tmp_path_factory.mktemp("d") / f"d.{'json' if form == 'json' else 'yml'}"
    document = {"users": users, "groups": []}
    write_file(str(path), dump_document(document, form, ["a comment"]))
    found, groups, problems = read_documents(str(path))
    assert (found, groups, problems) == (users, [], [])
    assert all(item.origin for item in found)


# -- writing -----------------------------------------------------------------------------------------


def test_comments_are_no_content(tmp_path):
    path = str(tmp_path / "d.yml")
    document = {"users": [{"user_name": "ann"}], "groups": []}
    write_file(path, dump_document(document, "yaml", ["made on monday", WRITTEN_HERE]))
    assert same_content(dump_document(document, "yaml", ["made on tuesday"]), path)
    assert not same_content(dump_document({**document, "groups": [{"display_name": "x"}]}, "yaml"), path)
    assert not same_content("", str(tmp_path / "none.yml"))
    assert written_here(path) and not written_here(str(tmp_path / "none.yml"))
    assert "\n\n" not in dump_document(document, "yaml", ["two\nlines"]).split("---")[0]


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "d.yml"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o640)

    def refuse(*_unused):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refuse)
        with pytest.raises(DirectoryError, match="d.yml cannot be written: No space left on device"):
            write_file(str(path), "after")
    assert path.read_text(encoding="utf-8") == "before"
    assert os.listdir(tmp_path) == ["d.yml"]
    write_file(str(path), "after")
    assert path.read_text(encoding="utf-8") == "after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_folders_and_modes(tmp_path):
    with pytest.raises(DirectoryError, match="cannot be written: No such file or directory"):
        write_file(str(tmp_path / "none" / "d.yml"), "x")
    write_file(str(tmp_path / "made" / "d.yml"), "x", 0o600, make_folder=True)
    assert stat.S_IMODE((tmp_path / "made" / "d.yml").stat().st_mode) == 0o600
    remove_file(str(tmp_path / "made" / "d.yml"))
    with pytest.raises(DirectoryError, match="cannot be removed"):
        remove_file(str(tmp_path / "made" / "d.yml"))


# -- journal -----------------------------------------------------------------------------------------


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_journal(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text("an older one", encoding="utf-8")
    planned = plan(
        [{"user_name": "new", "password": SECRET}, {"user_name": "ann", "title": "x"}],
        [{"name": "team", "members": {"users": ["new"]}}],
        directory([user("ann"), user("bob")], [group("team")]),
    )
    journal = Journal(str(path))
    journal.begin({"directory": "there", "plan_sha256": planned.sha256()}, planned)
    rows = planned.rows()
    assert lines(path)[0]["journal"] == 1 and lines(path)[0]["directory"] == "there"  # flushed
    assert [(line["state"], line["row"]) for line in lines(path)[1:4]] == [
        ("planned", 0),
        ("planned", 1),
        ("planned", 2),
    ]
    assert [{name: line[name] for name in row} for line, row in zip(lines(path)[1:4], rows)] == rows
    drift = [line for line in lines(path) if line.get("state") == "drift"]
    assert len(drift) == sum(map(len, planned.drift.values()))
    assert {line["class"] for line in drift} == {"missing", "different", "unmanaged"}
    journal.row("started", rows[1])
    journal.row("done", rows[1], id="42")
    journal.row("failed", {**rows[0], "operation": "update"}, planned=rows[0], reason="so it is")
    started, done, failed = lines(path)[-3:]
    assert (started["state"], started["row"], started["key"]) == ("started", 1, rows[1]["key"])
    assert (done["row"], done["id"]) == (1, "42")
    assert (failed["row"], failed["operation"], failed["reason"]) == (0, "update", "so it is")
    assert "changes" not in done and "time" in done
    journal.close()
    assert SECRET not in path.read_text(encoding="utf-8")


def test_a_journal_is_for_its_owner(tmp_path):
    path = tmp_path / "journal.jsonl"
    Journal(str(path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_objects_of_one_name_stay_apart(tmp_path):
    """By what they say their rows are the same but for the id."""
    current = directory([{**user("dup"), "id": "d1"}, {**user("dup"), "id": "d2"}])
    planned = plan([{"id": "d1", "title": "x"}, {"id": "d2", "title": "x"}], None, current)
    journal = Journal(str(tmp_path / "j"))
    journal.begin({}, planned)
    for row in planned.rows():
        journal.row("done", row)
    assert [(line["row"], line["id"]) for line in lines(tmp_path / "j") if line.get("state") == "done"] == [
        (0, "d1"),
        (1, "d2"),
    ]


def test_a_journal_that_cannot_be_written(tmp_path):
    with pytest.raises(DirectoryError, match="the journal .*none.* cannot be written: No such file or directory"):
        Journal(str(tmp_path / "none" / "journal"))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_journal_on_a_full_disk():
    journal = Journal("/dev/full")
    with pytest.raises(
        DirectoryError, match="the journal /dev/full cannot be written: No space left on device"
    ) as error:
        journal.begin({}, plan([], []))
    assert error.value.fatal
    journal.close()
