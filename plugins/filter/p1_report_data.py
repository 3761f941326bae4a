# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_report_data: the report of a run, from its result and its journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_report_data
short_description: Make a report of what M(pingone.directory.p1_directory) found or did
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Takes what M(pingone.directory.p1_directory) returned, and the journal it wrote, and returns one dictionary, from which
    P(pingone.directory.p1_report#filter) renders every format.
  - With the journal the report holds the whole plan. The result alone holds no more rows than its
    O(pingone.directory.p1_directory#module:max_result_items) allows; a report made of it says so where rows are left out.
  - One row of the report is one user, group or membership, with its drift class and, attribute by attribute, what was
    found and what is wished.
options:
  _input:
    description: What M(pingone.directory.p1_directory) returned. An empty dictionary for a report of assertions or of access alone.
    type: dict
    required: true
  journal:
    description:
      - The content of the journal as text, or a list of its lines. If it holds several runs, the last one counts.
      - The journal of another plan than the result's is left out. A run that is refused writes none, and that of the run
        before may still be there.
    type: raw
  title:
    description: What the report is called.
    type: str
    default: PingOne directory report
  source:
    description: Where the wish comes from. The journal knows it.
    type: str
  directory:
    description: Which directory. The journal knows it.
    type: str
  context:
    description:
      - Whatever the reader of the report should know about the run, such as the id of the job, who launched it, and the
        commit. It is shown in every format.
    type: dict
  assertions:
    description: What P(pingone.directory.p1_assertions#filter) returned.
    type: list
    elements: dict
  check_mode:
    description:
      - Whether the run wrote nothing. The journal knows it; without one, give V(ansible_check_mode).
      - A report of assertions alone leaves it out.
    type: bool
  generated:
    description: The time of the report as text. The default is now.
    type: str
  refused:
    description:
      - The result of the M(pingone.directory.p1_directory) run that refused this plan, if the report is of a run without limits.
        The report lists its RV(pingone.directory.p1_directory#module:problems). A result without problems adds nothing.
    type: dict
  unresolved_refused:
    description: Whether the plan would also be refused for what is unresolved, as with O(pingone.directory.p1_directory#module:on_unknown_member=fail).
    type: bool
    default: false
  strict:
    description:
      - Whether users, groups and memberships that are not declared are findings, too. They are the rows of the classes C(unmanaged) and
        C(protected). The built-in group C(Users) and its users never are, because the service puts users into it.
      - In any case the summary counts them and names the first of them.
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
    - The report. The file C(plugins/plugin_utils/report-1.schema.json) of this collection describes all of it.
  type: dict
  contains:
    report:
      description: Version of this form.
      type: int
      sample: 1
    title:
      description: What the report is called.
      type: str
      sample: Nightly audit
    summary:
      description:
        - One line. It begins with C(Drift) where the directory is not as declared.
        - It counts users, groups and memberships that are not declared, and names the first of them.
      type: str
      sample: "Drift: 3 missing, 1 different (2 users, 2 memberships); not declared: 1 user (eve)"
    refusals:
      description: Why an apply of this plan would be refused. An exceeded limit is reported without the names of those concerned.
      type: list
      elements: str
      sample: ["limits.max_disables is 10, but the plan disables 12 users"]
    totals:
      description:
        - How many rows there are (C(rows)), how many of them are findings (C(findings)) and how many failed (C(failed)), for
          each class and kind how many (C(drift)), the counts of the run (C(operations)), and how many C(assertions) hold.
        - Findings are rows that are missing, extra, different or unresolved, and were not corrected by this run; with O(strict) also
          rows that are not declared.
      type: dict
      sample:
        rows: 5
        findings: 4
        failed: 0
    rows:
      description: The rows, findings first.
      type: list
      elements: dict
      sample:
        - kind: user
          class: different
          finding: true
          key: marcher
          id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
          member:
          operations: [update]
          state: planned
          status:
          reason:
          attributes:
            - name: title
              found: Developer
              wished: Architect
    assertions:
      description: What came of each assertion.
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
) -> dict[str, Any]:
    """Return the report of a run, see ``_report.build.build_report``.

    :raises AnsibleFilterError: the result or the context is no dictionary, or the journal is none.
    """
    # Ansible loads all filters in each task that uses one; what they rest on is loaded where it is called.
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
