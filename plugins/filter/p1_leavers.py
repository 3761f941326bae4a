# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_leavers: decide which accounts the role user_offboard deletes a number of days after it disabled them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_leavers
short_description: Decide which disabled accounts to delete
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Returns which accounts the entry point C(delete_leavers) of the role P(pingone.directory.user_offboard#role) deletes, based on the
    records that the role wrote when it disabled the accounts, and on the current users.
  - An account is deleted only if it has the id in the record, is still disabled, and was disabled at least C(delete_after_days) days ago.
positional: records, users, result, now
options:
  _input:
    description: The variables of the role, without C(user_offboard_) at the beginning of their names.
    type: dict
    required: true
  records:
    description:
      - The result of M(ansible.builtin.find) as C(find), and the results of M(ansible.builtin.slurp) for the files it found as C(slurp).
      - If it is omitted, the filter only validates the variables.
    type: dict
  users:
    description: The result of M(pingone.directory.p1_user_info) for all users, with C(effective=true).
    type: dict
  result:
    description: The result of M(pingone.directory.p1_directory) for the deletion. If it is set, the filter also returns C(notes).
    type: dict
  now:
    description: The time from which days are counted back, such as V(2026-01-31T00:00:00Z). The default is the current time.
    type: str
seealso:
  - plugin: pingone.directory.p1_offboarding
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Find the records
  ansible.builtin.find:
    paths: offboarded/
    patterns: "*.yml"
  register: found

- name: Read the records
  ansible.builtin.slurp:
    src: "{{ item.path }}"
  loop: "{{ found.files }}"
  register: read

- name: Read the users
  pingone.directory.p1_user_info:
    effective: true
  register: users
  no_log: true

- name: Show which accounts would be deleted, and which are kept
  ansible.builtin.debug:
    msg: "{{ decision.report }}"
  vars:
    decision: >-
      {{ {'groups_file': 'offboarded/', 'delete_after_days': 90}
         | pingone.directory.p1_leavers({'find': found, 'slurp': read.results}, users) }}
"""

RETURN = r"""
_value:
  description: The decision. Keys other than the first three are returned if their input is set.
  type: dict
  contains:
    refusal:
      description: Reason for a refusal, or empty text. With a refusal, the other keys are absent.
      type: str
      sample: ""
    folder:
      description: The folder of the records.
      type: str
      sample: offboarded/
    expression:
      description: A regular expression that matches a line of a record whose account is not deleted.
      type: str
      sample: "deleted: null"
    max_deletes:
      description: The C(max_deletes) of the safety limits.
      type: str
      sample: "10"
    due:
      description: Number of accounts that were disabled at least C(delete_after_days) days ago, if O(records) is set.
      type: int
      sample: 2
    waiting:
      description: Number of accounts that were disabled later, if O(records) is set.
      type: int
      sample: 7
    problems:
      description: Files that are not valid records, with the reason, if O(records) is set.
      type: list
      elements: str
      sample: []
    delete:
      description: The accounts to delete, with C(id), C(user_name), C(disabled) and C(record).
      type: list
      elements: dict
      sample: [{id: a7d67610-ceb5-4350-ba5a-746472c4f1f7, user_name: ann, disabled: "2026-01-01T09:30:00Z", record: offboarded/ann.yml}]
    entries:
      description: The same accounts as C(users) of M(pingone.directory.p1_directory).
      type: list
      elements: dict
      sample: [{id: a7d67610-ceb5-4350-ba5a-746472c4f1f7, state: absent}]
    kept:
      description: The accounts that are due but are not deleted, with the same keys and a C(reason).
      type: list
      elements: dict
      sample: []
    report:
      description: A summary of the accounts to delete and the accounts to keep, with reasons, as lines, if O(users) is set.
      type: list
      elements: str
      sample: ["Accounts to delete: ann; not due yet: 7"]
    notes:
      description: The records of deleted accounts, each with its C(path) and its new C(text), if O(result) is set.
      type: list
      elements: dict
      sample: []
"""


def p1_leavers(
    values: Mapping[str, Any],
    records: Mapping[str, Any] | None = None,
    users: Mapping[str, Any] | None = None,
    result: Mapping[str, Any] | None = None,
    now: Any = None,
) -> dict[str, Any]:
    """Return the decision, see ``_roles.leavers.leavers``. Ansible never treats text in it as a template.

    :raises AnsibleFilterError: ``now`` is not a valid time.
    """
    # Ansible loads every filter file in each task that uses a filter, so imports wait for the call.
    from ansible_collections.pingone.directory.plugins.module_utils._core.dates import parse_moment
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.answers import plain_data
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.leavers import leavers

    moment = parse_moment(now) if now else None
    if now and moment is None:
        raise AnsibleFilterError(f"p1_leavers: now must be a time such as 2026-01-31T00:00:00Z, not '{now}'")
    return wrap_var(leavers(plain_data(values), plain_data(records), plain_data(users), plain_data(result), moment))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_leavers": p1_leavers}
