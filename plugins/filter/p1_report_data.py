# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_report_data: build the report of a run from its result and its journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_report_data
short_description: Make a report from the result of M(pingone.directory.p1_directory)
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Takes the result of M(pingone.directory.p1_directory) and the journal of the same run, and returns one dictionary, which
    P(pingone.directory.p1_report#filter) renders in every format.
  - With the journal, the report contains the whole plan and the people that it names. Without it, the report contains the rows and
    people of the result, which is limited to O(pingone.directory.p1_directory#module:max_result_items) rows per list and 400 kB in
    total. If the result is truncated, the report states it (C(complete) is false), and may show a login without the person.
  - Each row of the report is one user, group or membership, with its drift class, the person behind the login, and the current
    and the desired value of each attribute that differs.
  - Rows are in the order of the classes C(extra), C(different), C(missing), C(unresolved), C(protected) and C(unmanaged). Within
    a class, rows that delete, disable, remove or rename come first.
  - The report shows a change as done only if the journal or the counts of the result confirm it.
options:
  _input:
    description:
      - The result of M(pingone.directory.p1_directory). Use an empty dictionary for a report that contains only assertions or access.
    type: dict
    required: true
  journal:
    description:
      - The content of the journal as text, or a list of its lines. If it contains several runs, the filter uses the last one.
      - The filter ignores a journal whose plan is not the plan of the result. A refused run writes no journal, so the file may be from
        an earlier run.
    type: raw
  title:
    description: The title. The formats show the directory with it.
    type: str
    default: PingOne directory report
  source:
    description: Source of the desired state. The default is the source in the journal.
    type: str
  directory:
    description: A name for the directory, such as V(production). The report shows it before the base URL.
    type: str
  base_url:
    description: The base URL of the directory, if neither the journal nor the result contains it, as in a report that contains only assertions.
    type: str
  context:
    description:
      - More information about the run, such as the id of the job, the person who launched it, and the commit. Every format except
        C(text) shows it.
    type: dict
  assertions:
    description: The result of P(pingone.directory.p1_assertions#filter).
    type: list
    elements: dict
  check_mode:
    description:
      - Whether the run was in check mode. Without a journal, set it to V(ansible_check_mode).
      - It has no effect on a report that contains only assertions.
    type: bool
  generated:
    description: The time of the report as text. The default is the current time.
    type: str
  refused:
    description:
      - The result of the M(pingone.directory.p1_directory) run that refused this plan, if the report describes a run without limits.
        The report lists its RV(pingone.directory.p1_directory#module:problems), if any.
    type: dict
  unresolved_refused:
    description: Whether unresolved rows also cause a refusal, as with O(pingone.directory.p1_directory#module:on_unknown_member=fail).
    type: bool
    default: false
  strict:
    description:
      - Whether users, groups and memberships that are not declared are findings, too. These are the rows of the classes C(unmanaged) and
        C(protected). The built-in group C(Users) and its members are never findings, because the service adds users to it.
      - The summary always counts them and names the first of them.
    type: bool
    default: false
seealso:
  - plugin: pingone.directory.p1_report
    plugin_type: filter
  - plugin: pingone.directory.p1_assertions
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Make a report of the whole plan
  ansible.builtin.set_fact:
    report: >-
      {{ audit | pingone.directory.p1_report_data(
           journal=lookup('ansible.builtin.file', report_dir ~ '/journal.jsonl'),
           title='Nightly audit',
           context={'job': awx_job_id | default(''), 'launched by': awx_user_name | default('')}) }}

- name: Fail on drift
  ansible.builtin.assert:
    that: report.totals.findings == 0
    fail_msg: "{{ report.summary }}"
"""

RETURN = r"""
_value:
  description:
    - The report. The file C(plugins/plugin_utils/report-2.schema.json) of this collection is its JSON schema.
  type: dict
  contains:
    schema:
      description: Number of the schema.
      type: int
      sample: 2
    title:
      description: The title.
      type: str
      sample: Nightly audit
    summary:
      description:
        - A summary in one line. It begins with C(Drift) if the directory differs from the declaration.
        - It counts users, groups and memberships that are not declared, and names the first of them.
      type: str
      sample: "Drift: 1 to remove, 1 different, 3 missing (3 users, 2 memberships); not declared: 1 user (eve)"
    directory:
      description: The name of the directory, if set, and its base URL.
      type: str
      sample: production (https://directory-api.pingone.com/api)
    refusals:
      description: Why an apply of this plan would be refused. An exceeded limit is reported without the names of the objects.
      type: list
      elements: str
      sample: ["limits.max_disables is 10, but the plan disables 12 users"]
    totals:
      description:
        - Number of rows (C(rows)), of findings (C(findings)), of failed rows (C(failed)), of rows for each class and kind (C(drift)),
          the counts of the run (C(operations)), and the number of C(assertions) for each status.
        - Findings are rows that are extra, different, missing or unresolved, and that this run did not correct. With O(strict), rows
          that are not declared are findings, too.
      type: dict
      sample:
        rows: 5
        findings: 4
        failed: 0
    rows:
      description: The rows, removals first.
      type: list
      elements: dict
      sample:
        - kind: user
          class: different
          finding: true
          key: marcher
          id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
          member:
          person:
            display_name: Meredith Archer
            email: meredith.archer@example.com
            created: "2025-01-31T09:00:00.000Z"
            last_login: "2026-01-30T17:20:00.000Z"
          operations: [update]
          state: planned
          status:
          reason:
          attributes:
            - name: title
              current: Developer
              desired: Architect
    assertions:
      description: The result of each assertion.
      type: list
      elements: dict
      sample: []
"""


def p1_report_data(
    result: Any,
    journal: Any = None,
    title: Any = None,
    source: Any = None,
    directory: Any = None,
    context: Any = None,
    assertions: Any = None,
    check_mode: bool | None = None,
    generated: Any = None,
    refused: Any = None,
    unresolved_refused: bool = False,
    strict: bool = False,
    base_url: Any = None,
) -> dict[str, Any]:
    """Return the report of a run, see ``_report.build.build_report``.

    :raises AnsibleFilterError: the result or the context is not a dictionary, or the journal is not a journal.
    """
    # Ansible loads every filter file in each task that uses a filter, so imports wait for the call.
    from ansible_collections.pingone.directory.plugins.plugin_utils._report.build import build_report
    from ansible_collections.pingone.directory.plugins.plugin_utils._values import ReportError

    try:
        return wrap_var(
            build_report(
                result,
                journal,
                title=title,
                source=source,
                directory=directory,
                base_url=base_url,
                context=context,
                assertions=assertions,
                check_mode=check_mode,
                generated=generated,
                refused=refused,
                unresolved_refused=unresolved_refused,
                strict=strict,
            )
        )
    except ReportError as error:
        raise AnsibleFilterError(f"p1_report_data: {error}") from error


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_report_data": p1_report_data}
