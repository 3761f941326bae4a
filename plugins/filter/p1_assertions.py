# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_assertions: check a directory against rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_assertions
short_description: Evaluate rules over the users and groups of a PingOne for Enterprise Directory
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Checks users and groups against rules, without a desired state, and returns the result of each rule.
  - Inherited membership counts, and violations name the groups that grant it.
  - An account with a missing or invalid date is never reported as idle. It is listed under C(not_determined), with the reason.
  - For other rules, use M(ansible.builtin.assert) with the result of M(pingone.directory.p1_user_info) or
    M(pingone.directory.p1_group_info).
options:
  _input:
    description:
      - A dictionary of the lists C(users) and C(groups), as M(pingone.directory.p1_user_info) and
        M(pingone.directory.p1_group_info) return them, or as M(pingone.directory.p1_directory_info) returns them.
      - The rules about logins require C(last_login) and C(created), which only M(pingone.directory.p1_user_info) returns. Without
        them, the accounts are C(not_determined).
      - C(users) read with O(pingone.directory.p1_user_info#module:effective=true) are sufficient for all rules. Without C(groups), the
        filter does not see groups without members, and cannot detect that a rule names a group that does not exist.
    type: dict
    required: true
  rules:
    description:
      - The rules. Each has a name, a severity and exactly one of the other keys.
      - Groups are names or shell patterns. Case is ignored. A rule that names a group that does not exist has the status V(error).
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the rule. It must be unique.
        type: str
        required: true
      severity:
        description: Severity of a violation.
        type: str
        choices: [info, low, medium, high, critical]
        default: medium
      exclusive_groups:
        description:
          - Groups that exclude each other, as a list of names, or a list of such lists. No user can be in two groups of a list.
        type: list
        elements: raw
      disabled_in_groups:
        description:
          - Groups that must not contain disabled users, as a list of names or patterns. V(true) means every group except C(Users).
          - A dictionary can contain C(groups), such a list, and C(except_users) and C(except_groups), as described for C(not_logged_in_days).
        type: raw
      in_no_group:
        description:
          - V(true) requires that every active user is in a group other than C(Users).
          - A dictionary can contain C(groups), the groups that count, and C(except_users) and C(except_groups), as described for
            C(not_logged_in_days).
        type: raw
      not_logged_in_days:
        description:
          - A number of days. Every active user must have logged in within that time. For a user who has never logged in, the time begins
            with the creation of the account.
          - A dictionary contains C(days) and can contain more options. C(groups) limits the rule to members of these groups.
            C(except_users) are names or patterns of users that are exempt, such as service accounts. Members of the groups in
            C(except_groups) are exempt, too. With C(never=false), the rule ignores users that have never logged in.
        type: raw
      never_logged_in_days:
        description:
          - A number of days. Every active user must have logged in at least once within that time after the account was created.
          - A dictionary contains C(days) and can contain C(groups), C(except_users) and C(except_groups), as described for
            C(not_logged_in_days).
        type: raw
      administrators:
        description:
          - Names or patterns of the only users that can be in C(Domain Administrators).
          - A dictionary contains C(users), these names, and can contain C(groups), other groups to check instead.
        type: raw
      group_size:
        description:
          - Number of users in a group, including inherited members. A dictionary of C(group) (a name, a pattern or a list of
            them), C(min) and C(max), or a list of such dictionaries.
          - C(fewer_than) is an alias of C(min), and C(more_than) is an alias of C(max).
        type: raw
  now:
    description: The time from which days are counted back, such as V(2026-01-31T00:00:00Z). The default is the current time.
    type: str
seealso:
  - plugin: pingone.directory.p1_report_data
    plugin_type: filter
  - module: pingone.directory.p1_user_info
  - module: pingone.directory.p1_group_info
"""

EXAMPLES = r"""
- name: Read the users
  pingone.directory.p1_user_info:
  register: read_users
  no_log: true

- name: Read the groups
  pingone.directory.p1_group_info:
  register: read_groups
  no_log: true

- name: Check the rules
  ansible.builtin.set_fact:
    assertions: >-
      {{ {'users': read_users.users, 'groups': read_groups.groups} | pingone.directory.p1_assertions(rules) }}
  vars:
    rules:
      - name: Separate payments from approvals
        severity: critical
        exclusive_groups: [Payments, Approvers]
      - name: Disabled accounts have no access
        severity: high
        disabled_in_groups: true
      - name: Accounts are in use
        severity: low
        not_logged_in_days:
          days: 90
          except_users: [svc-*]
      - name: New users log in
        never_logged_in_days: 14
      - name: Every user is in a group
        severity: low
        in_no_group: true
      - name: Two known administrators
        severity: critical
        administrators: [ann@example.org, bob@example.org]
      - name: On call is staffed
        group_size:
          group: On Call
          min: 3
          max: 12

- name: Write a report of the results
  ansible.builtin.copy:
    content: >-
      {{ {} | pingone.directory.p1_report_data(assertions=assertions) | pingone.directory.p1_report('markdown') }}
    dest: assertions.md
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The result of each rule, in the order of the rules.
  type: list
  elements: dict
  contains:
    name:
      description: Name of the rule.
      type: str
      sample: Separate payments from approvals
    severity:
      description: Severity of the rule.
      type: str
      sample: critical
    kind:
      description: Kind of the rule, the key that it contains.
      type: str
      sample: exclusive_groups
    status:
      description:
        - V(passed), V(violated), or V(error) if the rule could not be checked.
        - A rule could not be checked if it names a group that does not exist, or if it has C(not_determined) accounts but no violations.
      type: str
      sample: violated
    violations:
      description:
        - The violations. Each has the C(user) and the C(group) concerned, if any, a C(text) that describes it, and the C(person) of the user.
        - The C(person) has C(display_name), C(email), C(created) and C(last_login), as far as the input contains them.
      type: list
      elements: dict
      sample:
        - user: ann@example.org
          group: Payments
          text: "'ann@example.org' is in 'Payments' (direct) and 'Approvers' (Approvers > Finance)"
          person:
            display_name: Ann Example
            email: ann@example.org
            created: "2025-01-31T09:00:00.000Z"
            last_login: "2026-01-30T17:20:00.000Z"
    not_determined:
      description: Accounts that may violate the rule, with the same keys. The C(text) states which date or reading is missing.
      type: list
      elements: dict
      sample: []
"""


def p1_assertions(reading: Any, rules: Any, now: Any = None) -> list[dict[str, Any]]:
    """Return the result of each assertion, see ``_review.assertions.evaluate``.

    :raises AnsibleFilterError: the assertions, the reading or the time are invalid.
    """
    # Ansible loads every filter file in each task that uses a filter, so imports wait for the call.
    from ansible_collections.pingone.directory.plugins.plugin_utils._review.assertions import evaluate
    from ansible_collections.pingone.directory.plugins.plugin_utils._values import ReportError

    try:
        return wrap_var(evaluate(reading, rules, now))
    except ReportError as error:
        raise AnsibleFilterError(f"p1_assertions: {error}") from error


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_assertions": p1_assertions}
