# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_report: a report as text in one of several formats."""

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
  - Takes a report, as P(pingone.directory.p1_report_data#filter) makes it, and returns it as text in one format.
  - It reads and writes no file; write what it returns with M(ansible.builtin.copy).
  - Everything is escaped as its format asks for. Names of people and groups come from a directory that others write to,
    and no name can become markup, a formula or a test result of its own.
  - Secrets are masked in every format.
notes:
  - Before ansible-core 2.19 a template whose value looks like JSON becomes a dictionary, and is written on one line. With
    the filter C(string) at its end it stays the text it is.
options:
  _input:
    description: The report.
    type: dict
    required: true
  format:
    description:
      - The format, also as first positional argument.
    type: str
    default: json
    choices:
      json: >-
        The report as it is. The file C(plugins/plugin_utils/report-1.schema.json) of this collection is its JSON schema;
        the number under C(report) changes when a reader would have to.
      csv: >-
        One line an attribute that differs, with the object it belongs to, then assertions and facts of the run. A cell that
        a spreadsheet would take for a formula begins with an apostrophe.
      markdown: Markdown that fits a comment on a merge request, the findings first.
      html: One page without scripts that loads nothing, light or dark, for screens, phones and paper.
      junit: JUnit XML with a test case for each kind of object, each row and each assertion.
      access: >-
        CSV of an access review. One line a user and group with the last login, and C(direct) or the groups that grant it.
        Needs O(reading).
      text: A few lines for a log, findings alone.
  reading:
    description:
      - The users and groups of O(format=access), a dictionary of the lists C(users) and C(groups) as
        M(pingone.directory.p1_user_info) and M(pingone.directory.p1_group_info) return them.
      - RV(pingone.directory.p1_user_info#module:users) read with O(pingone.directory.p1_user_info#module:effective=true) are
        enough.
    type: dict
  bom:
    description:
      - Whether O(format=csv) and O(format=access) begin with a byte order mark. Some versions of Excel need it to read
        letters beyond ASCII; other readers see it as part of the first column's name.
    type: bool
    default: false
  limit:
    description:
      - How many characters O(format=markdown) may have, and how many rows O(format=text) lists. What is left out is counted.
      - The default is V(60000) characters and V(20) rows.
    type: int
seealso:
  - plugin: pingone.directory.p1_report_data
    plugin_type: filter
  - plugin: pingone.directory.p1_assertions
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Compare the directory with what is declared, and change nothing
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

- name: Write it in three formats
  ansible.builtin.copy:
    content: "{{ report | pingone.directory.p1_report(item.format) | string }}"
    dest: "{{ report_dir }}/{{ item.name }}"
    mode: "0600"
  check_mode: false
  loop:
    - {format: html, name: report.html}
    - {format: json, name: report.json}
    - {format: junit, name: junit.xml}

- name: Read who is in which group, and why
  pingone.directory.p1_user_info:
    effective: true
  register: access
  no_log: true  # thousands of people do not belong into the output

- name: Write the file for the access review
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

    :raises AnsibleFilterError: an unknown format, an invalid report or reading.
    """
    # Ansible loads all filters in each task that uses one; what they rest on is loaded where it is called.
    from ansible_collections.pingone.directory.plugins.plugin_utils._report.formats import render
    from ansible_collections.pingone.directory.plugins.plugin_utils._values import ReportError

    try:
        # The names in a report are data of a directory that others write to: never a template.
        return wrap_var(render(report, format, reading, bom=bom, limit=limit))
    except ReportError as error:
        raise AnsibleFilterError(f"p1_report: {error}") from error


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_report": p1_report}
