# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_report: render a report in one of several formats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_report
short_description: Render a report on a PingOne for Enterprise Directory
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Takes a report from P(pingone.directory.p1_report_data#filter) and returns it as text in one format.
  - The filter reads and writes no file. Write the text with M(ansible.builtin.copy).
  - Each format escapes the names of people and groups, because other people can write them. A name cannot inject markup, a formula
    or a test result.
  - Removals come first in every format. Each login is shown with the display name, the email address, the creation and the
    last sign-on, as far as they are known.
  - Secrets are masked in every format.
notes:
  - Before ansible-core 2.19, a template whose value looks like JSON becomes a dictionary and is written on one line. Append
    the filter C(string) to keep the text.
options:
  _input:
    description: The report.
    type: dict
    required: true
  format:
    description:
      - The format. It is also the first positional argument.
    type: str
    default: json
    choices:
      json: >-
        The whole report for other programs. The file C(plugins/plugin_utils/report-2.schema.json) of this collection is its
        JSON schema. The number under C(schema) changes with each incompatible change.
      csv: >-
        Rows for a spreadsheet. After the header, there is one line for each attribute that differs, then one for each violation of
        an assertion. The last columns repeat the directory, the time and O(pingone.directory.p1_report_data#filter:context).
        A cell that looks like a formula begins with an apostrophe.
      markdown: Markdown for a comment on a pull request.
      html: One page without scripts or external files, with a light and a dark theme, for screens, phones and printing. Wide tables scroll.
      junit: JUnit XML with a test case for each kind of object, each row and each assertion.
      access: >-
        CSV for an access review. One line for each user and group, with the person, the manager, the last sign-on, C(direct) or
        the groups that grant the membership, and an empty column C(decision) for the reviewer. Requires O(reading).
      text: >-
        Text for the console. One line with the counts, the directory and the hash of the plan, then the first findings, the reasons
        why an apply would be refused, and violated assertions.
  reading:
    description:
      - The users and groups for O(format=access), a dictionary of the lists C(users) and C(groups) as
        M(pingone.directory.p1_user_info) and M(pingone.directory.p1_group_info) return them.
      - If C(groups) is omitted, read the users with O(pingone.directory.p1_user_info#module:effective=true).
    type: dict
  bom:
    description:
      - Whether O(format=csv) and O(format=access) begin with a byte order mark. Some versions of Excel need it to read non-ASCII
        letters. Other programs treat it as a part of the name of the first column.
    type: bool
    default: false
  limit:
    description:
      - The maximum number of characters of O(format=markdown), and of rows of O(format=text). A last line counts the omitted rows.
      - The default is V(60000) characters and V(20) rows. O(format=text) always lists up to 100 rows that delete, disable or remove.
    type: int
seealso:
  - plugin: pingone.directory.p1_report_data
    plugin_type: filter
  - plugin: pingone.directory.p1_assertions
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Compare the directory with the desired state
  pingone.directory.p1_directory:
    src: directory/
    journal: "{{ report_dir }}/journal.jsonl"
  check_mode: true
  register: audit

- name: Make a report of the whole plan
  ansible.builtin.set_fact:
    report: >-
      {{ audit | pingone.directory.p1_report_data(
           journal=lookup('ansible.builtin.file', report_dir ~ '/journal.jsonl'),
           title='Nightly audit') }}

- name: Write the report in three formats
  ansible.builtin.copy:
    content: "{{ report | pingone.directory.p1_report(item.format) | string }}"
    dest: "{{ report_dir }}/{{ item.name }}"
    mode: "0600"
  check_mode: false
  loop:
    - {format: html, name: report.html}
    - {format: json, name: report.json}
    - {format: junit, name: junit.xml}

- name: Read the users with their effective groups
  pingone.directory.p1_user_info:
    effective: true
  register: access
  no_log: true  # the output would hold thousands of people

- name: Write the access review
  ansible.builtin.copy:
    content: "{{ {} | pingone.directory.p1_report_data | pingone.directory.p1_report('access', reading=access) }}"
    dest: "{{ report_dir }}/access.csv"
    mode: "0600"
  check_mode: false
"""

RETURN = r"""
_value:
  description: The report as text.
  type: str
"""


def p1_report(report: Any, format: str = "json", reading: Any = None, bom: bool = False, limit: int | None = None) -> str:
    """Return a report as text, see ``_report.formats.render``.

    :raises AnsibleFilterError: the format is unknown, or the report or the reading is invalid.
    """
    # Ansible loads every filter file in each task that uses a filter, so imports wait for the call.
    from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import render
    from ansible_collections.pingone.directory.plugins.plugin_utils._values import ReportError

    try:
        # The names in a report come from the directory and must never be templated.
        return wrap_var(render(report, format, reading, bom=bom, limit=limit))
    except ReportError as error:
        raise AnsibleFilterError(f"p1_report: {error}") from error


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_report": p1_report}
