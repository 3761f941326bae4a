# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the filters: names, arguments, and errors that Ansible shows in one line."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.pingone.directory.plugins.filter import (
    p1_access,
    p1_assertions,
    p1_dict,
    p1_directory_role,
    p1_from_yaml,
    p1_leavers,
    p1_list,
    p1_offboarding,
    p1_onboarding,
    p1_report,
    p1_report_data,
    p1_to_yaml,
)

PAIR = ["user_name", "group"]
MODULES = {
    "p1_access": p1_access,
    "p1_assertions": p1_assertions,
    "p1_dict": p1_dict,
    "p1_directory_role": p1_directory_role,
    "p1_from_yaml": p1_from_yaml,
    "p1_leavers": p1_leavers,
    "p1_list": p1_list,
    "p1_offboarding": p1_offboarding,
    "p1_onboarding": p1_onboarding,
    "p1_report": p1_report,
    "p1_report_data": p1_report_data,
    "p1_to_yaml": p1_to_yaml,
}
FILTERS = {name: getattr(module, name) for name, module in MODULES.items()}


@pytest.mark.parametrize("module", MODULES.values())
def test_each_file_provides_the_filter_of_its_name(module):
    name = module.__name__.rpartition(".")[2]
    assert module.FilterModule().filters() == {name: FILTERS[name]}


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("p1_list", ["a", ["one"]], "p1_list: keys must be a list of two names"),
        ("p1_list", ['["a"'], "p1_list: the value is neither JSON nor YAML"),
        ("p1_list", ['["a"', None, "user_onboard_groups"], "user_onboard_groups: the value is neither JSON nor YAML"),
        ("p1_list", ["ann", PAIR, "group_access_grant"], "group_access_grant: entry 1 must be 'user_name: group'"),
        ("p1_dict", ["title"], "p1_dict: the value must be a dictionary"),
        ("p1_dict", ["titel: x", ["title"], "user_onboard_attributes"], "user_onboard_attributes: unknown key titel"),
        ("p1_leavers", [{"groups_file": "r/"}, None, None, None, "soon"], "p1_leavers: now must be a time such as"),
        ("p1_report", [{}, "pdf"], "p1_report: unknown format 'pdf'. Valid formats: "),
        ("p1_report_data", [["no"]], "p1_report_data: the result must be a dictionary"),
        ("p1_report_data", [{}, None, None, None, None, ["no"]], "p1_report_data: context must be a dictionary"),
        ("p1_from_yaml", ["a: ["], "p1_from_yaml:2: invalid YAML"),
        ("p1_from_yaml", ["a: 1\na: 2", "people.yml"], "people.yml:2: 'a' is a duplicate key"),
        ("p1_from_yaml", [["a"], "people.yml"], "people.yml: the input must be text, not list"),
        ("p1_from_yaml", ["!!python/object/apply:os.getcwd []"], "p1_from_yaml:1: invalid YAML: could not determine"),
        ("p1_from_yaml", ["a: !vault x"], "p1_from_yaml:1: the value is vaulted"),
        ("p1_to_yaml", [{1j}], "p1_to_yaml: set is not plain data"),
        ("p1_assertions", [{}, {}], "p1_assertions: assertions must be a list of rules"),
        ("p1_assertions", [{}, [], "soon"], "p1_assertions: now must be a time such as"),
    ],
)
def test_errors_begin_with_the_name_of_the_filter(name, arguments, message):
    with pytest.raises(AnsibleFilterError) as failure:
        FILTERS[name](*arguments)
    assert str(failure.value).startswith(message) and "\n" not in str(failure.value)


def test_arguments_are_passed_on():
    assert FILTERS["p1_list"]("a", name="x") == ["a"]
    assert FILTERS["p1_list"]("ann: Sales", PAIR) == [{"user_name": "ann", "group": "Sales"}]
    assert FILTERS["p1_dict"]("a: b", name="x") == {"a": "b"}
    assert FILTERS["p1_report"](FILTERS["p1_report_data"]({}), "csv", bom=True).startswith("\ufeffkind,")
    given = {
        "title": "Audit",
        "source": "people.yml",
        "directory": "host.example",
        "context": {"job": "1"},
        "check_mode": True,
        "generated": "2026-01-01T00:00:00Z",
    }
    report = FILTERS["p1_report_data"]({"changed": False}, refused={"problems": ["no"]}, **given)
    assert {name: report[name] for name in given} == given and report["refusals"] == ["no"]
    # A report of assertions has no run, so it has no check mode.
    assert FILTERS["p1_report_data"]({}, **given)["check_mode"] is None
