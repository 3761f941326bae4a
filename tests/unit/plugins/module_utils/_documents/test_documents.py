# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test documents of src: which are read, refused or skipped, and whether written documents are read back."""

from __future__ import annotations

import json
import os
import sys

import pytest
from directory_strategies import PROPERTY
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import DirectoryError, InputError
from ansible_collections.pingone.directory.plugins.module_utils._documents import reading as _documents
from ansible_collections.pingone.directory.plugins.module_utils._documents.files import write_text
from ansible_collections.pingone.directory.plugins.module_utils._documents.reading import read_documents
from ansible_collections.pingone.directory.plugins.module_utils._documents.writing import dump_document

SECRET = "never-shown-1"


@pytest.fixture
def write(tmp_path):
    """Write a file and read the documents; remove the folder from reported paths."""

    def reader(name, text, path=None):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        found = read_documents(str(path or target))
        reader.last = found
        return found.users, found.groups, [line.replace(f"{tmp_path}{os.sep}", "") for line in found.problems]

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
    assert origins(users, write.folder) == ["d.json:6 users[0]", "d.json:6 users[1]", "d.json:7"]


@pytest.mark.parametrize("name", ["d.json", "d.yml"])
def test_a_byte_order_mark_and_windows_line_endings(write, name):
    text = (JSON if name == "d.json" else YAML).replace("\n", "\r\n")
    users, _groups, problems = write(name, b"\xef\xbb\xbf" + text.encode())
    assert problems == []
    assert len(users) == (3 if name == "d.json" else 2)
    assert origins(users, write.folder)[0] == ("d.json:6 users[0]" if name == "d.json" else "d.yml:3")


def test_a_folder_contains_several_documents(write):
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
    found = read_documents(str(write.folder / "d"))
    assert found.problems == []
    assert [item["user_name"] for item in found.users] == ["bob", "ann"]
    assert [item["name"] for item in found.groups] == ["a", "b"]
    assert found.not_read() == f"{write.folder}/d/README.md (its ending is not one of .yml, .yaml, .json, .csv) is"


# A few hundred bytes that expand to billions of values.
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 11))
MERGE_BOMB = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 11)
)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("d.yml", "", "d.yml contains neither users nor groups"),
        ("d.yml", "# nothing\n---\n", "d.yml contains neither users nor groups"),
        ("d.json", "{}", "d.json contains neither users nor groups"),
        ("d.json", "", "d.json:1: invalid JSON: Expecting value"),
        ("d.json", '{"users": [\n{"a": 1,}]}', "d.json:2: invalid JSON: "),
        ("d.json", '{"users": [NaN]}', "d.json: invalid JSON: it contains NaN, which is not JSON"),
        ("d.json", "[]", "d.json: the document must be a dictionary with users and groups"),
        ("d.json", "[" * 100_000, "d.json cannot be read: it is nested more than 100 levels deep"),
        ("d.json", '{"users": ' + "[" * 900 + "]" * 900 + "}", "d.json cannot be read: it is nested more than 100"),
        ("d.yml", "users: " + "[" * 900 + "]" * 900, "d.yml cannot be read: it is nested more than 100"),
        ("d.yml", "users: " + "[" * 100_000, "d.yml:1 cannot be read: it is nested more than 100"),
        ("d.yml", "users:\n" + "- " * 100_000, "d.yml:2 cannot be read: it is nested more than 100"),
        ("d.yml", BOMB, "d.yml cannot be read: its aliases expand to too many values"),
        ("d.yml", MERGE_BOMB, "d.yml cannot be read: its aliases expand to too many values"),
        ("d.yml", "users:\n  - a: 1\n    b: 2\n  c: 3", "d.yml:4: invalid YAML: did not find expected '-' indicator"),
        ("d.yml", "users: [a, b", "d.yml:2: invalid YAML: did not find expected ',' or ']'"),
        ("d.yml", "- user_name: ann", "d.yml: the document must be a dictionary with users and groups"),
        ("d.yml", "people: []", "d.yml: 'people' is neither users nor groups"),
        ("d.yml", "root:$6$S3cret:19000:0:99999:7:::", "d.yml: a key that is not shown is neither users nor groups"),
        ("d.yml", "users: ann", "d.yml: users must be a list"),
        ("d.json", '{"users": {"ann": {}}}', "d.json: users must be a list"),
        ("d.yml", "users:\n- a: [\n", "d.yml:3: invalid YAML: "),
        ("d.yml", "users:\n- {user_name: ann}\n- *no one\n", "d.yml:3: invalid YAML: found undefined alias"),
        ("d.yml", "users: &a [*a]", "d.yml:1: invalid YAML: found unconstructable recursive node"),
        ("d.yml", "users: []\n---\nusers: []", "d.yml:2: invalid YAML: "),
        (
            "d.yml",
            "users: !!python/object/apply:os.getcwd []",
            "d.yml:1: invalid YAML: could not determine a constructor",
        ),
        ("d.yml", "users:\n- {user_name: ann, 1: x}", "d.yml:2: '1' is a name and must be text; write it in quotes"),
        ("d.yml", "users:\n- title: x\n  title: y\n", "d.yml:3: 'title' is a duplicate key"),
        ("d.yml", "users: []\nusers: []\n", "d.yml:2: 'users' is a duplicate key"),
        (
            "d.json",
            '{"users": [{"title": "x"},\n{"a": {"title": "x"},\n "title": "x", "b": ["title"],\n "title": 1}]}',
            "d.json:4: users[1]: 'title' is a duplicate key",
        ),
        ("d.json", '{"users": [],\n"users": []}', "d.json:2: 'users' is a duplicate key"),
        ("d.yml", b"users: [{user_name: \xe4}]", "d.yml cannot be read: it is not UTF-8 text"),
        ("d.json", '{"users": []}'.encode("utf-16"), "d.json cannot be read: it is not UTF-8 text"),
        ("d.yml", b"users: [{user_name: \x01}]", "d.yml: invalid YAML"),
        (
            "d.yml",
            "$ANSIBLE_VAULT;1.1;AES256\n3036",
            "d.yml: it is vaulted, and modules cannot decrypt it. Read it with the lookup ansible.builtin.unvault and the filter",
        ),
        ("d.json", "$ANSIBLE_VAULT;1.1;AES256\n3036", "d.json: it is vaulted"),
        (
            "d.yml",
            "users:\n- user_name: ann\n  password: !vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    3036\n",
            "d.yml:3: the value is vaulted, and modules cannot decrypt it. Load the document with ansible.builtin.include_vars and name:",
        ),
    ],
)
def test_invalid_documents(write, name, text, expected):
    _users, _groups, problems = write(name, text)
    assert problems and expected in problems[0], problems
    assert all("\n" not in line for line in problems)


def test_all_problems_of_all_documents_are_reported(write):
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
    """YAML may read an unquoted password as an alias, a tag or an anchor."""
    _users, _groups, problems = write("d.yml", f"users:\n- {{user_name: ann, password: {text}}}\n")
    assert SECRET not in str(problems)


@pytest.mark.parametrize(
    "text",
    ["!!int ''", "!!bool x", "!!timestamp abc", "!!float ''", "!!binary '*'", "2026-13-45", "0001-01-01T00:00:00+10:00",
     "!!int '1:x'", "!!null x", "!!set {a, b}", "!!omap [a]", "!!pairs x"],
)  # fmt: skip
def test_a_value_that_does_not_match_its_tag(write, text):
    """Each parser error names the file; an impossible date stays text and is reported with the desired state."""
    users, _groups, problems = write("d.yml", f"users:\n- {{user_name: ann, title: {text}}}\n")
    assert problems and all("d.yml" in line for line in problems) or users[0]["user_name"] == "ann"


def test_a_missing_path(tmp_path):
    with pytest.raises(InputError, match="does not exist where the module runs"):
        read_documents(str(tmp_path / "none.yml"))
    with pytest.raises(InputError, match=r"contains no document \(\.yml, \.yaml, \.json, \.csv\)"):
        read_documents(str(tmp_path))


def test_a_document_without_read_permission(tmp_path, monkeypatch):
    (tmp_path / "d.yml").write_text("users: []", encoding="utf-8")
    opened = os.open

    def refuse(path, *args, **kwargs):
        if str(path).endswith("d.yml"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    (problem,) = read_documents(str(tmp_path / "d.yml")).problems
    assert problem.endswith("d.yml cannot be read: Permission denied")


def test_without_pyyaml(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    (tmp_path / "d.yml").write_text(YAML, encoding="utf-8")
    (tmp_path / "d.json").write_text(JSON, encoding="utf-8")
    with pytest.raises(DirectoryError, match="required Python library .PyYAML. .* Alternatively, use JSON"):
        read_documents(str(tmp_path / "d.yml"))
    assert len(read_documents(str(tmp_path / "d.json")).users) == 3


def test_without_the_c_loader(write, monkeypatch):
    import yaml

    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    users, _groups, problems = write("d.yml", YAML)
    assert problems == [] and origins(users, write.folder) == ["d.yml:3", "d.yml:7"]


def test_common_aliases_are_not_treated_as_a_bomb(write):
    """Ten thousand users share one list of fifty groups."""
    shared = ", ".join(f"g{number}" for number in range(50))
    people = "".join(f"- {{user_name: u{number}, groups: *std}}\n" for number in range(10_000))
    users, _groups, problems = write("d.yml", f"users:\n- {{user_name: first, groups: &std [{shared}]}}\n{people}")
    assert problems == [] and len(users) == 10_001 and len(users[-1]["groups"]) == 50


def test_deep_but_limited_nesting(write):
    deep = {"a": "x"}
    for _unused in range(90):
        deep = {"a": deep}
    for name in ("d.json", "d.yml"):
        users, _groups, problems = write(name, json.dumps({"users": [{"attributes": deep}]}))
        assert problems == [] and users[0]["attributes"] == deep


def test_entries_in_one_line_are_named_by_path(write):
    for name in ("d.json", "d.yml"):
        write(name, '{"users": [{"user_name": "ann"}, {"user_name": "Ann"}], "groups": [{"name": "x"}]}')
        found = write.last
        assert origins(found.users + found.groups, write.folder) == [
            f"{name}:1 users[0]",
            f"{name}:1 users[1]",
            f"{name}:1 groups[0]",
        ]


# -- skipped files -------------------------------------------------------------------------------------


def test_extensions_ignore_case(write):
    for name in ("a.YML", "b.Yaml"):
        write(f"d/{name}", "users: [{user_name: ann}]")
    write("d/c.JSON", '{"users": [{"user_name": "bob"}]}', path=write.folder / "d")
    assert len(write.last.users) == 3 and write.last.unread == []


def test_a_skipped_file_is_named(write):
    write("d/a.yml", "users: [{user_name: ann}]")
    write("d/b.yml.bak", "users: [{user_name: bob}]")
    write("d/.hidden.yml", "users: [{user_name: eve}]")
    (write.folder / "d" / "more").mkdir()
    (write.folder / "d" / "linked").symlink_to(write.folder / "d" / "more")
    (write.folder / "d" / "c.yml").symlink_to("a.yml")
    _users, _groups, problems = write("d/more/d.yml", "users: [{user_name: cid}]", path=write.folder / "d")
    found = write.last
    assert problems == [] and [item["user_name"] for item in found.users] == ["ann", "cid"]
    assert [line.rpartition("/")[2] for line in found.unread] == [
        "b.yml.bak (its ending is not one of .yml, .yaml, .json, .csv)",
        "c.yml (a link)",
        "linked (a link)",
    ]
    (warning,) = found.warnings()
    assert warning.startswith("src: ") and warning.endswith("are not read. The desired state may be incomplete")


def test_a_link_out_of_the_folder_is_refused(write):
    (write.folder / "secret").write_text(f"root:{SECRET}", encoding="utf-8")
    (write.folder / "d").mkdir()
    for number, target in enumerate(["../secret", "..", "/etc", "/no/where"]):
        (write.folder / "d" / f"l{number}.yml").symlink_to(target)
    _users, _groups, problems = write("d/a.yml", "users: []", path=write.folder / "d")
    assert problems == [
        f"d/l{number}.yml cannot be read: it is a link that leaves the folder of src" for number in range(4)
    ]
    link = write.folder / "d" / "l0.yml"
    for path in (link, write.folder / "d" / "l1.yml", f"{write.folder}/d/l2.yml/"):
        with pytest.raises(InputError, match="is a link that leaves its folder") as refused:
            read_documents(str(path))
        assert SECRET not in str(refused.value)


def test_src_may_be_a_link(write):
    write("v2.yml", "users: [{user_name: ann}]")
    (write.folder / "current.yml").symlink_to("v2.yml")
    assert len(read_documents(str(write.folder / "current.yml")).users) == 1


def test_special_files_are_refused(write):
    os.mkfifo(write.folder / "fifo.yml")
    assert read_documents(str(write.folder / "fifo.yml")).problems == [
        f"{write.folder}/fifo.yml cannot be read: it is a FIFO, not a regular file"
    ]
    assert read_documents("/dev/zero").problems == ["/dev/zero cannot be read: it is a device, not a regular file"]
    (write.folder / "d").mkdir()
    os.mkfifo(write.folder / "d" / "pipe")
    _users, _groups, problems = write("d/a.yml", "users: []", path=write.folder / "d")
    assert problems == ["d/pipe cannot be read: it is a FIFO, not a regular file"]


def test_a_document_larger_than_the_limit(write):
    with open(write.folder / "d.yml", "wb") as file:
        file.truncate(65 * 1024 * 1024)
    (problem,) = read_documents(str(write.folder / "d.yml")).problems
    assert problem.endswith("d.yml cannot be read: it is larger than 64 MiB")


def test_documents_larger_than_the_limit_in_total(write, monkeypatch):
    monkeypatch.setattr(_documents, "MAX_DOCUMENT_BYTES", 30)
    write("d/a.yml", "users: [{user_name: ann}]")
    with pytest.raises(InputError, match="contains more than 0 MiB of documents. Split them over several tasks"):
        write("d/b.yml", "users: [{user_name: bob}]", path=write.folder / "d")


def test_a_folder_without_read_permission_is_a_problem(write, monkeypatch):
    write("d/a.yml", "users: []")
    scanned = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scanned(path)

    monkeypatch.setattr(os, "scandir", refuse)
    _users, _groups, problems = write("d/closed/b.yml", "users: []", path=write.folder / "d")
    assert problems == ["d/closed cannot be read: Permission denied"]


# -- templates -----------------------------------------------------------------------------------------


def test_a_template_causes_a_warning(write):
    users, groups, problems = write(
        "d.yml", "users:\n- user_name: ann\n  title: a {b} {# c\ngroups:\n- display_name: '{{ env }} admins'\n- {name: '{% x %}'}\n"
    )
    assert problems == [] and groups[0]["display_name"] == "{{ env }} admins"
    (warning,) = write.last.warnings()
    assert warning == (
        "src: text that looks like a template is used literally, because documents are not templated: "
        f"{write.folder}/d.yml:5, {write.folder}/d.yml:6. Render the document first, or mark the text with !unsafe in YAML"
    )
    write("d.json", '{"users": [], "groups": [{"display_name": "{{ env }} admins"}]}')
    assert write.last.templates == [f"{write.folder}/d.json: groups[0].display_name"]


def test_the_marker_of_the_writer_is_removed(write):
    users, groups, _problems = write(
        "d.yml", "users: [!unsafe {user_name: !unsafe '{{ x }}', groups: !unsafe [a]}]\ngroups: [{!unsafe name: !unsafe 0042}]"
    )
    assert users == [{"user_name": "{{ x }}", "groups": ["a"]}] and groups == [{"name": "0042"}]
    assert write.last.warnings() == []


def test_merged_keys_can_be_overridden(write):
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
def test_numbers_are_read_as_written(write, text, value):
    """YAML 1.1 would change phone numbers and employee numbers with leading zeros."""
    users, _groups, _problems = write("d.yml", f"users: [{{user_name: {text}}}]")
    assert users[0]["user_name"] == value and type(users[0]["user_name"]) is type(value)


TEXT = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["{{ x }}", "{% if x %}", "a {# b", "{{ 'a' }}\n",
     "null", "~", "yes", "0042", "2026-06-15", "=", "<<", "*x", "!x", "a: b", "- a", "#", "", " x ", "\n", "\x85", "😀"]
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
def test_written_documents_are_read_back(tmp_path_factory, users, form):
    path = tmp_path_factory.mktemp("d") / f"d.{'json' if form == 'json' else 'yml'}"
    document = {"users": users, "groups": []}
    write_text(str(path), dump_document(document, form, ["a comment"]))
    found = read_documents(str(path))
    assert (found.users, found.groups, found.problems) == (users, [], [])
    assert all(item.origin for item in found.users)
