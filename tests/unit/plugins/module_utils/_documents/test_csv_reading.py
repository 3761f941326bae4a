# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test CSV documents of src: columns, cells, memberships, and problems with line and column."""

from __future__ import annotations

import csv
import io

import pytest
from directory_strategies import PROPERTY
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.pingone.directory.plugins.module_utils._core.errors import InputError
from ansible_collections.pingone.directory.plugins.module_utils._documents import csv_reading
from ansible_collections.pingone.directory.plugins.module_utils._documents.csv_columns import (
    csv_settings,
    user_column,
    user_options,
)
from ansible_collections.pingone.directory.plugins.module_utils._documents.reading import read_documents
from ansible_collections.pingone.directory.plugins.module_utils._documents.writing import dump_document
from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.lists import USER_KEYS, read_desired
from ansible_collections.pingone.directory.plugins.module_utils._scim.attributes import Attribute, Complex, Flag
from ansible_collections.pingone.directory.plugins.module_utils._scim.multi_valued import MultiValued
from ansible_collections.pingone.directory.plugins.module_utils._scim.raw import Raw
from ansible_collections.pingone.directory.plugins.module_utils._scim.tables import USER

SECRET = "never-shown-1"


class Folder:
    """Return a function that writes files and reads them; paths in problems are relative."""

    def __init__(self, path):
        self.path = path

    def write(self, name, content):
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    def read(self, name="", **options):
        path = str(self.path / name)
        params = {"columns": None, "list_separator": ";", "on_empty": None, "src": path, **options}
        found = read_documents(path, csv_settings(params))
        found.problems[:] = [line.replace(f"{self.path}/", "") for line in found.problems]
        return found

    def read_csv(self, content, **options):
        self.write("d.csv", content)
        return self.read("d.csv", **options)

    def problems(self, content, **options):
        return self.read_csv(content, **options).problems


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def desired_of(found, **settings):
    """Return the desired state of documents without problems."""
    assert found.problems == []
    desired = read_desired(found.users, found.groups, settings)
    assert desired.problems == []
    return desired


# -- columns and cells -----------------------------------------------------------------------------------


def test_each_column_is_an_option(folder):
    found = folder.read_csv(
        "user_name,external_id,name.given_name,emails.work,emails.home.display,phone_numbers.mobile,addresses.work.locality,"
        "enterprise.department,enterprise.manager.manager_id,groups,active,state,active_until,attributes.badge,entitlements\n"
        "jdoe,007,Jane,jane@example.org,Jane,+49 1,Köln,R&D,12,Team;All staff,No,present,2099-12-31,38,a;b\n"
    )
    assert found.problems == []
    assert found.users == [
        {
            "user_name": "jdoe",
            "external_id": "007",
            "name": {"given_name": "Jane"},
            "emails": [{"type": "work", "value": "jane@example.org"}, {"type": "home", "display": "Jane"}],
            "phone_numbers": [{"type": "mobile", "value": "+49 1"}],
            "addresses": [{"type": "work", "locality": "Köln"}],
            "enterprise": {"department": "R&D", "manager": {"manager_id": "12"}},
            "groups": ["Team", "All staff"],
            "active": False,
            "state": "present",
            "active_until": "2099-12-31",
            "attributes": {"badge": "38"},
            "entitlements": [{"value": "a"}, {"value": "b"}],
        }
    ]
    assert found.groups is None


def test_every_option_of_a_user_has_a_column():
    """Columns come from the attribute table, so a new row needs no change of the CSV code."""
    options = set(user_options())
    assert set(USER_KEYS) <= options
    for name, attribute in USER.attributes.items():
        assert isinstance(attribute, Raw) or any(option.split(".")[0] == name for option in options)
    for option in options:
        assert user_column(option).option == option


def test_a_new_attribute_is_a_column(folder, monkeypatch):
    row = Complex("badge", "badge", parts=(Attribute("number", "number"), Flag("visitor", "visitor")))
    monkeypatch.setitem(USER.attributes, "badge", row)
    found = folder.read_csv("user_name,badge.number,badge.visitor\nann,7,yes\n")
    assert found.users == [{"user_name": "ann", "badge": {"number": "7", "visitor": True}}]


@pytest.mark.parametrize("text", ["true", "TRUE", "yes", "Yes", "1", " 1 "])
def test_true(folder, text):
    assert folder.read_csv(f"user_name,active\nann,{text}\n").users[0]["active"] is True


@pytest.mark.parametrize("text", ["false", "no", "NO", "0"])
def test_false(folder, text):
    assert folder.read_csv(f"user_name,active\nann,{text}\n").users[0]["active"] is False


@pytest.mark.parametrize("text", ["007", "1e3", "yes", "null", "2026-01-31", " padded ", "38,5", "ßÄ", 'a "b"', "a\r\nb", "~"])
def test_a_text_column_keeps_its_text(folder, text):
    quoted = text.replace('"', '""')
    assert folder.read_csv(f'user_name,title\nann,"{quoted}"\n').users == [{"user_name": "ann", "title": text}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_endings(folder, delimiter, encoding, end):
    text = end.join([f"user_name{delimiter}title", f"jörg{delimiter}é", f"bob{delimiter}", ""])
    found = folder.read_csv(text.encode(encoding))
    assert found.users == [{"user_name": "jörg", "title": "é"}, {"user_name": "bob"}]
    assert [user.origin.rpartition("/")[2] for user in found.users] == ["d.csv:2", "d.csv:3"]


def test_the_delimiter_is_recognized_from_the_columns(folder):
    """The header contains a comma, but the delimiter is a semicolon."""
    found = folder.read_csv("Last, first, title;Login\nDoe, Jane;jdoe\n", columns={"user_name": "Login", "display_name": "Last, first, title"})
    assert found.users == [{"user_name": "jdoe", "display_name": "Doe, Jane"}]


def test_a_single_column(folder):
    assert folder.read_csv("\n\nuser_name\nann;x\n\nbob\n").users == [{"user_name": "ann;x"}, {"user_name": "bob"}]


@pytest.mark.parametrize(("separator", "expected"), [("|", ["a;b", "c"]), (", ", ["a;b|c"]), (";", ["a", "b|c"])])
def test_list_separator(folder, separator, expected):
    found = folder.read_csv("user_name,groups\nann,a;b| c | \n".replace("| c | ", "|c"), list_separator=separator)
    assert found.users[0]["groups"] == expected


def test_blanks_around_list_values_are_ignored(folder):
    assert folder.read_csv("user_name,groups\nann, a ;; b; \n").users[0]["groups"] == ["a", "b"]
    assert folder.read_csv("user_name,groups\nann,a;\u00a0b\n").users[0]["groups"] == ["a", "\u00a0b"]


# -- columns: the headers of a feed --------------------------------------------------------------------------

FEED = "Nr;Login;Email;Größe;Teams;Ärger\n1;jdoe;jane@example.org;38,5;A,B;x\n"
FEED_COLUMNS = {"user_name": "Login", "emails.work": "Email", "attributes.size": "Größe", "groups": "Teams"}


def test_columns_map_options_to_headers(folder):
    found = folder.read_csv(FEED, columns=FEED_COLUMNS, list_separator=",")
    assert found.users == [
        {
            "user_name": "jdoe",
            "emails": [{"type": "work", "value": "jane@example.org"}],
            "attributes": {"size": "38,5"},
            "groups": ["A", "B"],
        }
    ]


def test_one_header_can_map_to_several_options(folder):
    found = folder.read_csv("Mail,Mail2,,\na@x,b,,\n", columns={"user_name": "Mail", "emails.work": "Mail"})
    assert found.users == [{"user_name": "a@x", "emails": [{"type": "work", "value": "a@x"}]}]


def test_headers_are_compared_in_nfc(folder):
    assert folder.read_csv("Gro\u0308ße , user_name\nx,ann\n", columns={"user_name": "user_name", "title": "Größe"}).users[0]["title"] == "x"


def test_a_missing_mapped_column(folder):
    assert folder.problems(FEED, columns={"user_name": "login", "title": "Titel"}) == [
        "d.csv:1: column 'login', which columns maps to user_name, is missing. Did you mean 'Login'?",
        "d.csv:1: column 'Titel', which columns maps to title, is missing",
    ]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"nothing": "x"}, "columns: 'nothing' is not an option of a user. Headers are options of a user, with dots before parts"),
        ({"titel": "x"}, "columns: 'titel' is not an option of a user. Did you mean 'title'?"),
        ({"user_nam": "x"}, "columns: 'user_nam' is not an option of a user. Did you mean 'user_name'?"),
        ({"name": "x"}, "columns: 'name' does not name a part. Valid parts: name.given_name, "),
        ({"emails.value": "x"}, "'emails.value' does not name a type and a part. Name both, as in emails.work, emails.work.primary"),
        ({"emails.work.type": "x"}, "'emails.work.type' does not name a type and a part"),
        ({"addresses": "x"}, "'addresses' does not name a type and a part"),
        ({"addresses.work": "x"}, "Name both, as in addresses.work.formatted"),
        ({"title.x": "x"}, "'title.x' does not exist, because title has no parts"),
        ({"attributes": "x"}, "'attributes' does not name an attribute. Append its SCIM name"),
        ({"attributes.userName": "x"}, "'attributes.userName' must not contain userName: it has its own option"),
        ({"members.users": "x"}, "'members.users' is not an option of a user"),
        ({"title": ""}, "columns.title must be text, the header of one column"),
        ({"groups": ["Team", "Area"]}, "columns.groups must be text, the header of one column"),
        ({"title": True}, "columns.title must be text, the header of one column"),
        ({"title": None, "x": "y"}, "columns.title must be text, the header of one column; columns: 'x' is not an option"),
    ],
)
def test_invalid_columns(folder, columns, expected):
    with pytest.raises(InputError) as refused:
        folder.read_csv(FEED, columns=columns)
    assert expected in str(refused.value)


def test_an_invalid_list_separator(folder):
    with pytest.raises(InputError, match="list_separator is empty"):
        folder.read_csv(FEED, list_separator="")


def test_columns_without_src():
    with pytest.raises(InputError, match="columns describes the CSV documents of src, but src is not set"):
        csv_settings({"columns": {"title": "x"}, "list_separator": ";", "on_empty": None, "src": None})


# -- blank cells -------------------------------------------------------------------------------------------

BLANKS = (
    "user_name,external_id,title,name.given_name,name.family_name,emails.work,emails.home,addresses.work.locality,active,state,"
    "active_until,groups,password,attributes.x\n"
    "ann, ,,,Archer,ann@example.org,,  ,,,,,,\n"
)


@pytest.mark.parametrize("on_empty", [None, "keep"])
def test_a_blank_cell_changes_nothing(folder, on_empty):
    found = folder.read_csv(BLANKS, on_empty=on_empty)
    (entry,) = desired_of(found, on_empty=on_empty).users
    assert entry.desired.values == {"name": {"family_name": "Archer"}, "emails": [{"type": "work", "value": "ann@example.org"}]}
    assert (entry.desired.credentials, entry.groups) == ({}, None)


def test_a_blank_item_is_kept_with_exact_lists(folder):
    """A blank cell must not remove the address that the user has."""
    by_type = desired_of(folder.read_csv("user_name,emails.work,emails.home\nann,a@x,\nbob,b@x,c@x\ncid,,\n"), multi_valued="exact")
    assert [entry.desired.mode for entry in by_type.users] == ["by_type", "exact", "exact"]
    assert by_type.users[2].desired.values == {}


def test_a_blank_cell_clears_with_on_empty_clear(folder):
    (entry,) = desired_of(folder.read_csv(BLANKS, on_empty="clear"), on_empty="clear").users
    assert entry.desired.values == {
        "external_id": "",
        "title": "",
        "name": {"given_name": "", "family_name": "Archer"},
        "emails": [{"type": "work", "value": "ann@example.org"}],
        "addresses": [],
        "attributes": {"x": ""},
    }
    assert (entry.desired.credentials, entry.desired.mode, entry.groups) == ({}, "exact", None)


def test_a_flag_without_a_value_is_not_an_item(folder):
    text = "user_name,emails.work,emails.work.primary\nann,,1\nbob,b@x,1\n"
    for on_empty in ("keep", "clear"):
        ann, bob = desired_of(folder.read_csv(text, on_empty=on_empty), on_empty=on_empty).users
        assert ann.desired.values == ({} if on_empty == "keep" else {"emails": []})
        assert bob.desired.values == {"emails": [{"type": "work", "value": "b@x", "primary": True}]}


def test_blank_cells_do_not_change_what_other_documents_clear(folder):
    folder.write("d/a.yml", "users: [{user_name: ann, title: ''}]")
    folder.write("d/b.csv", "user_name,title\nbob,\n")
    ann, bob = desired_of(folder.read("d")).users
    assert (ann.desired.values, bob.desired.values) == ({"title": ""}, {})


# -- memberships -------------------------------------------------------------------------------------------


def test_a_list_of_memberships(folder):
    found = folder.read_csv("group,user,membership\nEng,ann,exact\nOps,ann,\nEng,bob,\nEng,ann,exact\n")
    assert found.users is None
    eng, ops = desired_of(found, membership="additive").groups
    assert (eng.options["display_name"], eng.members, eng.membership) == ("Eng", {"users": ["ann", "bob"]}, "exact")
    assert (ops.options["display_name"], ops.members, ops.membership) == ("Ops", {"users": ["ann"]}, "additive")
    assert [name.origin.rpartition("/")[2] for name in eng.members["users"]] == ["d.csv:2, column 'user'", "d.csv:4, column 'user'"]


def test_memberships_with_the_headers_of_a_feed(folder):
    found = folder.read_csv("Ort;Team;Login\nx;Eng;ann\n", columns={"group": "Team", "user": "Login"})
    assert found.groups == [{"display_name": "Eng", "members": {"users": ["ann"]}}]


def test_one_mapping_serves_both_kinds_of_documents(folder):
    folder.write("d/people.csv", "Login;Titel\nann;x\n")
    folder.write("d/teams.csv", "Team;Login\nEng;ann\n")
    found = folder.read("d", columns={"user_name": "Login", "title": "Titel", "group": "Team", "user": "Login"})
    assert found.problems == []
    assert found.users == [{"user_name": "ann", "title": "x"}]
    assert found.groups == [{"display_name": "Eng", "members": {"users": ["ann"]}}]


def test_memberships_extend_groups_of_other_documents(folder):
    folder.write(
        "d/groups.yml",
        "groups:\n- {display_name: Eng, membership: exact, members: {users: cid, groups: [Ops]}}\n- name: Ops\n"
        "- {display_name: Old, new_display_name: New}\n- {id: x}\n- {display_name: Odd, members: [a]}\n- nothing\n",
    )
    folder.write("d/a.csv", "group,user\nEng,ann\nOps,ann\nNew,ann\nOdd,ann\nHR,ann\n")
    folder.write("d/b.csv", "group,user,membership\nHR,bob,exact\nEng,bob,exact\n")
    found = folder.read("d")
    assert found.problems == []
    assert [dict(item) if isinstance(item, dict) else item for item in found.groups] == [
        {"display_name": "HR", "members": {"users": ["ann", "bob"]}, "membership": "exact"},
        {"display_name": "Eng", "membership": "exact", "members": {"users": ["cid", "ann", "bob"], "groups": ["Ops"]}},
        {"name": "Ops", "members": {"users": ["ann"]}},
        {"display_name": "Old", "new_display_name": "New", "members": {"users": ["ann"]}},
        {"id": "x"},
        {"display_name": "Odd", "members": ["a"]},
        "nothing",
    ]


def test_a_yaml_alias_is_not_changed_with_its_source(folder):
    folder.write("d/g.yml", "groups:\n- {name: A, members: &m {users: [ann]}}\n- {name: B, members: *m}\n")
    folder.write("d/m.csv", "group,user\nA,bob\n")
    assert [item["members"]["users"] for item in folder.read("d").groups] == [["ann", "bob"], ["ann"]]


def test_contradictory_memberships(folder):
    assert folder.problems("group,user,membership\nEng,ann,exact\nOps,ann,exact\nEng,bob,additive\n") == [
        "d.csv:4: group 'Eng' has the membership additive, but 'exact' in d.csv:2"
    ]


def test_incomplete_rows_of_memberships(folder):
    assert folder.problems("group,user,membership\nEng,,\n,ann,all\nEng,ann,\n") == [
        "d.csv:2, column 'user': user is blank",
        "d.csv:3, column 'group': group is blank",
        "d.csv:3, column 'membership': membership must be one of additive, exact",
    ]


def test_a_group_in_two_spellings_is_refused_with_both_lines(folder):
    found = folder.read_csv("group,user\nEng,ann\nOps,ann\neng,bob\n")
    (problem,) = read_desired(found.users, found.groups, {}).problems
    assert problem.replace(f"{folder.path}/", "") == "d.csv:4 ('eng') names the same object as d.csv:2 ('Eng')"


# -- problems ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "d.csv is empty: it has no header row"),
        ("\n \n", "d.csv is empty: it has no header row"),
        ("\ntitle,active\n", "d.csv:2: no column identifies the user of a row. Add one of user_name, id, external_id"),
        ("user_name,title,,user_name\n", "d.csv:1: column 3 has no header"),
        ("user_name,title,title\n", "d.csv:1: column 'title' appears 2 times in the header"),
        ("user_name,emails.work,emails.work.value\n", "d.csv:1: columns 'emails.work' and 'emails.work.value' are the same option"),
        ("user_name,user_nam\n", "d.csv:1: column 'user_nam' is not an option of a user. Did you mean 'user_name'?"),
        ("user_name\u200b,title\n", "d.csv:1: column 'user_name\\u200b' is not an option of a user. Did you mean 'user_name'?"),
        ("group,membership\n", "d.csv:1: a list of memberships needs the column user"),
        ("group,user,role\n", "d.csv:1: column 'role' is not an option of a membership. Valid options: group, user, membership"),
        ("user_name,title\nann\n", "d.csv:2: the row has 1 cell, the header has 2"),
        ("user_name;title\nann;x;y\n", "d.csv:2: the row has 3 cells, the header has 2. Put cells that contain ';' in quotes"),
        ("user_name,active\nann,ja\n", "d.csv:2, column 'active': active must be one of true, false, yes, no, 1, 0"),
        ("user_name,active_until\nann,31.01.2026\n", "d.csv:2, column 'active_until': active_until must be a date such as 2027-01-31"),
        ("user_name,state\nann,gone\n", "d.csv:2, column 'state': state must be one of present, absent"),
        ('user_name,title\nbob,x\nann,"x\ny\n', "d.csv:3: a quote that opens in this row is never closed"),
        ('user_name,title\nann,"x"y\n', "d.csv:2: text follows a quote that closes a cell. Write two quotes for one within a cell"),
        ("user_name,title\nann," + "x" * 200_000, "d.csv:2: a cell contains more than 131072 characters. A closing quote may be missing"),
        ('"' + "x" * 200_000, "d.csv:1: a cell contains more than 131072 characters. A closing quote may be missing"),
        ("user_name" + "," * 2_000, "d.csv:1: the header has more than 1000 columns"),
        ("user_name,title\nann,x\0\n", "d.csv:2: it contains a NUL character. Save it as CSV in UTF-8"),
        ("user_name\nann\n".encode("utf-16-le"), "d.csv:1: it contains a NUL character"),
        ("user_name\nann\n".encode("utf-32"), "d.csv:1: it contains a NUL character"),
        ("user_name\nä\n".encode("latin-1"), "d.csv cannot be read: it is neither UTF-8 text nor UTF-16 with a byte order mark"),
        ("user_name\n".encode("utf-16") + b"\x00", "d.csv cannot be read: it is neither UTF-8 text nor UTF-16"),
        ("$ANSIBLE_VAULT;1.1;AES256\n3036", "d.csv: it is vaulted, and modules cannot decrypt it. Let ansible.builtin.copy"),
    ],
)  # fmt: skip
def test_invalid_csv_is_refused(folder, text, expected):
    problems = folder.problems(text)
    assert any(line.startswith(expected) for line in problems), problems


def test_a_list_of_memberships_hides_no_users(folder):
    """Both a feed and a list of memberships in the folder contain the column."""
    columns = {"user_name": "Login", "emails.work": "Email", "group": "Team", "user": "Login"}
    assert folder.problems("Login,Email,Team\nann,a@x,Eng\n", columns=columns) == [
        "d.csv:1: column 'Email' is mapped to emails.work, an option of users, but 'Team' makes the document a list of memberships. "
        "Put users and memberships into separate documents, and give the column of groups another header in one of them"
    ]
    assert folder.problems("Login,Team,Ort\nann,Eng,x\n", columns=columns) == []


def test_all_problems_of_a_document_are_reported(folder):
    assert folder.problems('Login;Aktiv;Bis\nann;ja;\nbob\ncid;nein;morgen\n"dan', columns={
        "user_name": "Login", "active": "Aktiv", "active_until": "Bis",
    }) == [
        "d.csv:2, column 'Aktiv': active must be one of true, false, yes, no, 1, 0",
        "d.csv:3: the row has 1 cell, the header has 3",
        "d.csv:4, column 'Aktiv': active must be one of true, false, yes, no, 1, 0",
        "d.csv:4, column 'Bis': active_until must be a date such as 2027-01-31",
        "d.csv:5: a quote that opens in this row is never closed",
    ]  # fmt: skip


def test_problems_are_limited(folder, monkeypatch):
    monkeypatch.setattr(csv_reading, "MAX_PROBLEMS", 3)
    problems = folder.problems("user_name,title\n" + "ann\n" * 10)
    assert len(problems) == 4 and problems[-1] == "d.csv: there are more problems from line 5"


def test_no_problem_shows_a_cell_value(folder):
    """An unquoted comma shifts the columns of the row."""
    text = f"user_name,active,state,create,active_until,password\nann,{SECRET},{SECRET},{SECRET},{SECRET},x\nbob,{SECRET},,\n"
    problems = folder.problems(text)
    assert len(problems) == 5 and SECRET not in str(problems)


def test_the_line_of_a_row_is_its_first_line(folder):
    found = folder.read_csv('user_name,title\nann,"x\ny\r\n\nz"\nbob,y\n')
    assert found.users[0]["title"] == "x\ny\r\n\nz"
    assert [user.origin.rpartition(":")[2] for user in found.users] == ["2", "6"]


def test_two_rows_for_one_user_are_refused_with_both_lines(folder):
    found = folder.read_csv("user_name,title\nann,x\nbob,y\nAnn,z\n")
    (problem,) = read_desired(found.users, found.groups, {}).problems
    assert problem.replace(f"{folder.path}/", "") == "d.csv:4 ('Ann') names the same object as d.csv:2 ('ann')"


def test_a_folder_with_all_kinds_of_documents(folder):
    folder.write("d/a.CSV", "user_name\nann\n")
    folder.write("d/b.yml", "users: [{user_name: bob}]")
    folder.write("d/c.json", '{"users": [{"user_name": "cid"}]}')
    folder.write("d/d.txt", "user_name\ndan\n")
    found = folder.read("d")
    assert [user["user_name"] for user in found.users] == ["ann", "bob", "cid"]
    assert found.not_read().endswith("d.txt (its ending is not one of .yml, .yaml, .json, .csv) is")


def test_a_header_without_rows_is_an_empty_list(folder):
    assert (folder.read_csv("user_name,title\n").users, folder.read_csv("group,user\n").groups) == ([], [])


def test_a_template_causes_a_warning(folder):
    found = folder.read_csv("user_name,title\nann,{{ x }}\n")
    assert found.users[0]["title"] == "{{ x }}"
    assert [place.rpartition("/")[2] for place in found.templates] == ["d.csv:2, column 'title'"]


# -- users read from CSV equal the users read from YAML --------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8).filter(str.strip) | st.sampled_from(
    ["007", "yes", "a,b", "a;b", "a\tb", "a|b", '"', 'a "b"', "x\r\ny", "ä", " x ", "38,5", "=1+1", "😀"]
)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0~"), min_size=1, max_size=8).map(lambda text: text.strip(" \t\r\n")).filter(str.strip)


def option_of(attribute):
    """Generate values for a row of the attribute table that CSV can represent, as options."""
    if isinstance(attribute, Raw):
        return st.fixed_dictionaries({"badge": TEXT})
    if isinstance(attribute, MultiValued):
        parts = {name: option_of(part) for name, part in attribute.parts.items() if name not in ("type", "primary")}
        first = next(iter(parts))
        item = st.fixed_dictionaries({first: parts.pop(first)}, optional=parts)
        items = st.dictionaries(st.sampled_from(["work", "home", "on call"]), item, min_size=1)
        return items.map(lambda found: [{**item, "type": name} for name, item in found.items()])
    if isinstance(attribute, Complex):
        return st.fixed_dictionaries({}, optional={name: option_of(part) for name, part in attribute.parts.items()}).filter(bool)
    return st.booleans() if isinstance(attribute, Flag) else TEXT


USERS = st.lists(
    st.fixed_dictionaries(
        {"user_name": TEXT},
        optional={
            **{name: option_of(attribute) for name, attribute in USER.attributes.items() if name != "user_name"},
            "new_user_name": TEXT,
            "groups": st.lists(NAMES, min_size=1, max_size=3),
            "active_until": st.sampled_from(["2026-01-31", "2099-12-31"]),
            "create": st.booleans(),
            "state": st.just("present"),
        },
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda user: user["user_name"].strip().casefold(),
)


def cells_of(value, name=""):
    """Return the cells for a value by column."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from cells_of(inner, f"{name}.{key}".lstrip("."))
    elif name == "groups":
        yield name, "~".join(value)
    elif isinstance(value, list):
        for item in value:
            for part, text in item.items():
                if part != "type":
                    yield f"{name}.{item['type']}" + ("" if part == "value" else f".{part}"), text
    else:
        yield name, str(value)


@given(USERS, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from(["\n", "\r\n"]), st.randoms())
@settings(PROPERTY, max_examples=40)
def test_users_in_csv_equal_users_in_yaml(tmp_path_factory, users, delimiter, encoding, end, random):
    folder = Folder(tmp_path_factory.getbasetemp() / "users_in_csv")
    rows = [dict(cells_of(user)) for user in users]
    header = sorted({column for row in rows for column in row})
    random.shuffle(header)
    text = io.StringIO(newline="")
    # With a bare newline the writer does not quote a carriage return.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    writer = csv.DictWriter(text, header, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    folder.write("d.csv", text.getvalue().encode(encoding))
    folder.write("d.yml", dump_document({"users": users}, "yaml", []))
    as_csv = read_desired(folder.read("d.csv", list_separator="~").users, None, {})
    as_yaml = read_desired(folder.read("d.yml").users, None, {})
    assert len(as_csv.problems) == len(as_yaml.problems)  # for example a name that another user will get
    for one, other in zip(as_csv.users, as_yaml.users):
        assert by_type(one.desired.values) == by_type(other.desired.values)
        assert (one.desired.credentials, one.groups) == (other.desired.credentials, other.groups)
        assert {**one.options, "multi_valued": None} == {**other.options, "multi_valued": None}


def by_type(values):
    """Sort lists by type, because CSV orders items by column."""
    return {
        name: sorted(value, key=lambda item: item["type"]) if isinstance(value, list) else value for name, value in values.items()
    }
