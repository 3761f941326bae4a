# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_directory_role: decide what the roles for a whole directory do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_directory_role
short_description: Decide what an audit, an apply or an export of a directory does
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Returns what the roles P(pingone.directory.directory_audit#role), P(pingone.directory.directory_apply#role) and
    P(pingone.directory.directory_export#role) do, based on their variables.
positional: role, host, hosts, is_folder, report, result, unwritten
options:
  _input:
    description: The variables of the role, without the prefix of their names, such as C(directory_audit_).
    type: dict
    required: true
  role:
    description: The role.
    type: str
    choices: [audit, apply, export]
    required: true
  host:
    description: Name of the inventory host. Every host except C(localhost) gets its own folders.
    type: str
    default: localhost
  hosts:
    description: Number of hosts in the play. The filter refuses to use one file for several hosts.
    type: int
    default: 1
  is_folder:
    description: Whether the path is an existing folder, for O(role=export).
    type: bool
    default: false
  report:
    description: The result of P(pingone.directory.p1_report_data#filter). If it is set, the filter also returns C(artifact) and C(failure).
    type: dict
  result:
    description: The result of M(pingone.directory.p1_directory). Used if O(report) is set.
    type: dict
  unwritten:
    description: Why the files of the report could not be written. Used if O(report) is set.
    type: str
    default: ""
seealso:
  - plugin: pingone.directory.p1_report_data
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show where an export of this host would be written
  ansible.builtin.debug:
    msg: "{{ decision.refusal or decision.dest }}"
  vars:
    decision: "{{ {'path': 'directories/'} | pingone.directory.p1_directory_role('export', inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description: The decision.
  type: dict
  contains:
    refusal:
      description: Reason for a refusal, or empty text. With a refusal, the other keys are absent.
      type: str
      sample: ""
    options:
      description: The options of the module whose variables are not empty.
      type: dict
      sample: {unlisted_users: disable}
    dest:
      description: The path of the export, for O(role=export).
      type: str
      sample: directories/
    declared:
      description: Whether the variables contain a desired state. If not, they contain only assertions.
      type: bool
      sample: true
    folders:
      description: The folders to create, with their mode.
      type: list
      elements: dict
      sample: [{path: reports, mode: "0750"}]
    formats:
      description: The formats of the reports. Empty if no folder for reports is set.
      type: list
      elements: str
      sample: [html]
    paths:
      description: The paths of the reports by format.
      type: dict
      sample: {html: reports/report.html}
    report_dir:
      description: The folder of the reports, or empty text.
      type: str
      sample: reports
    backup_dir:
      description: The folder of backups, or empty text.
      type: str
      sample: ""
    journal:
      description: The path of the journal, or empty text.
      type: str
      sample: ""
    title:
      description: The title of the report.
      type: str
      sample: Directory audit
    context:
      description: Information about the run for the report.
      type: dict
      sample: {job: "12"}
    strict:
      description: Whether users, groups and memberships that are not declared count as drift.
      type: bool
      sample: false
    unresolved_refused:
      description: Whether an apply would refuse unresolved members.
      type: bool
      sample: true
    artifact:
      description: The entry of this host in C(p1_plans), if O(report) is set.
      type: dict
      sample: {}
    failure:
      description: The message that the role fails with, or empty text, if O(report) is set.
      type: str
      sample: "Drift: 1 missing (1 user)"
"""


def p1_directory_role(
    values: Mapping[str, Any],
    role: str,
    host: str = "localhost",
    hosts: int = 1,
    is_folder: bool = False,
    report: Mapping[str, Any] | None = None,
    result: Mapping[str, Any] | None = None,
    unwritten: str = "",
) -> dict[str, Any]:
    """Return the decision, see ``_roles.whole_directory``. Ansible never treats text in it as a template."""
    # Ansible loads every filter file in each task that uses a filter, so imports wait for the call.
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.answers import plain_data
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.whole_directory import (
        Host,
        export_request,
        run_outcome,
        run_request,
    )

    values, own = plain_data(values), Host(host, hosts)
    if role == "export":
        return wrap_var(export_request(values, own, is_folder))
    request = run_request(role, values, own)
    if report is not None and not request["refusal"]:
        report = {name: plain_data(report[name]) for name in ("summary", "plan_sha256", "refusals", "totals", "assertions")}
        result = {name: plain_data((result or {}).get(name)) for name in ("counts", "backup_file")}
        request |= run_outcome(request, report, result, " ".join(unwritten.split()))
    return wrap_var(request)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_directory_role": p1_directory_role}
