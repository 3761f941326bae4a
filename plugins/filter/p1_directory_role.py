# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_directory_role: what the roles for a whole directory do."""

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
  - Decides what the roles P(pingone.directory.directory_audit#role), P(pingone.directory.directory_apply#role) and
    P(pingone.directory.directory_export#role) do, from their variables.
positional: role, host, hosts, is_folder, report, result, unwritten
options:
  _input:
    description: The variables of the role, without C(directory_audit_) and the like at the beginning of their names.
    type: dict
    required: true
  role:
    description: The role.
    type: str
    choices: [audit, apply, export]
    required: true
  host:
    description: The name of the inventory host. Any host but C(localhost) gets folders of its own.
    type: str
    default: localhost
  hosts:
    description: How many hosts the play has. One file for several of them is refused.
    type: int
    default: 1
  is_folder:
    description: For O(role=export), whether the path is a folder that exists.
    type: bool
    default: false
  report:
    description: The report that P(pingone.directory.p1_report_data#filter) made. With it the filter also returns what the role leaves behind.
    type: dict
  result:
    description: The result of M(pingone.directory.p1_directory), with O(report).
    type: dict
  unwritten:
    description: Why the files of the report could not be written, with O(report).
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
      description: Why nothing may be done, empty if it may. A refusal is returned alone.
      type: str
      sample: ""
    options:
      description: The options for the module, without those whose variable is empty.
      type: dict
      sample: {unlisted_users: disable}
    dest:
      description: Where to write, for O(role=export).
      type: str
      sample: directories/
    declared:
      description: Whether a desired state is given. Otherwise there are assertions alone.
      type: bool
      sample: true
    folders:
      description: The folders to create, with their mode.
      type: list
      elements: dict
      sample: [{path: reports, mode: "0750"}]
    formats:
      description: The formats of the reports, none without a folder for them.
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
      description: The path of the journal to keep, or empty text.
      type: str
      sample: ""
    title:
      description: The title of the report.
      type: str
      sample: Directory audit
    context:
      description: What the report shows of the run.
      type: dict
      sample: {job: "12"}
    strict:
      description: Whether what is not declared counts as drift.
      type: bool
      sample: false
    unresolved_refused:
      description: Whether an apply would refuse unresolved members.
      type: bool
      sample: true
    artifact:
      description: What the role leaves in C(p1_plans) for this host, with O(report).
      type: dict
      sample: {}
    failure:
      description: Why the role fails, empty if it does not, with O(report).
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
    """Return the decision, see ``_roles.whole_directory``; no text in it is treated as a template."""
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
