# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_offboarding: decide how the role user_offboard offboards an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_offboarding
short_description: Decide how to revoke the access of an account
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Returns what the role P(pingone.directory.user_offboard#role) does, based on its variables, the current account, and the record
    of the groups that the account left before.
positional: found, gone, record, check_mode, done
options:
  _input:
    description: The variables of the role, without C(user_offboard_) at the beginning of their names.
    type: dict
    required: true
  found:
    description:
      - The result of M(pingone.directory.p1_user_info) for the account, with C(effective=true).
      - If it is omitted, the filter only validates the variables.
    type: dict
  gone:
    description:
      - The results of M(ansible.builtin.slurp) for the files that C(search) found. Use an empty list if there are none.
      - If it is omitted, the filter does not refuse an account that does not exist.
    type: list
    elements: dict
  record:
    description:
      - The results of M(ansible.builtin.stat) and M(ansible.builtin.slurp) for C(file), as the keys C(stat) and C(slurp).
      - If it is set, the filter also returns C(problem), C(text) and C(deleted_text).
    type: dict
  check_mode:
    description: Whether the role runs in check mode.
    type: bool
    default: false
  done:
    description: The results of the tasks that change the account. They show whether these tasks ran in check mode.
    type: list
    elements: dict
    default: []
seealso:
  - plugin: pingone.directory.p1_onboarding
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Look up the account
  pingone.directory.p1_user_info:
    user_name: ann@example.org
    effective: true
  register: found

- name: Show the groups that the account would leave, or the reason for a refusal
  ansible.builtin.debug:
    msg: "{{ decision.refusal or decision.left_groups }}"
  vars:
    decision: "{{ {'user_name': 'ann@example.org'} | pingone.directory.p1_offboarding(found, []) }}"
"""

RETURN = r"""
_value:
  description: The decision. Keys other than the first three are returned if O(found) is set.
  type: dict
  contains:
    refusal:
      description: Reason for a refusal, or empty text. With a refusal, the other keys are absent.
      type: str
      sample: ""
    user_name:
      description: The name of the account, from the variables.
      type: str
      sample: ann@example.org
    external_id:
      description: The external id, from the variables.
      type: str
      sample: hr-1
    account:
      description: The id of the account, empty if it does not exist.
      type: str
      sample: a7d67610-ceb5-4350-ba5a-746472c4f1f7
    search:
      description: Where to search for the record of an account that does not exist. The keys are C(folder), C(pattern) and C(expression), or none.
      type: dict
      sample: {}
    warning:
      description: Warnings about variables that may be mistyped.
      type: str
      sample: ""
    disable:
      description: Whether to disable the account.
      type: bool
      sample: true
    delete:
      description: Whether to delete the account.
      type: bool
      sample: false
    left_groups:
      description: The groups that the account leaves.
      type: list
      elements: dict
      sample: [{id: 0b854f8d-a291-4e95-ad4b-68474a666e55, display_name: Engineering}]
    file:
      description: The path of the record. Empty if the role writes no record.
      type: str
      sample: offboarded/ann@example.org.yml
    folder:
      description: The folder of the record, if the account exists.
      type: str
      sample: offboarded
    problem:
      description: Why the record cannot be used, if the account exists.
      type: str
      sample: ""
    stopped:
      description: The start of the message about a record that cannot be used, if the account exists.
      type: str
      sample: "The account ann@example.org is disabled but still in its groups, because the groups cannot be recorded:"
    text:
      description: The new text of the record, if the account exists. Empty if the record does not change.
      type: str
      sample: ""
    backup:
      description: Whether to back up the record, because it is from an earlier offboarding, if the account exists.
      type: bool
      sample: false
    deleted_text:
      description: The new text of the record after the deletion, if the account exists. Empty if it is not deleted.
      type: str
      sample: ""
    report:
      description: A summary in one line.
      type: str
      sample: "Account ann@example.org is disabled; removed from: Engineering"
"""


def p1_offboarding(
    values: Mapping[str, Any],
    found: Mapping[str, Any] | None = None,
    gone: Sequence[Mapping[str, Any]] | None = None,
    record: Mapping[str, Any] | None = None,
    check_mode: bool = False,
    done: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the decision, see ``_roles.offboarding.offboarding``. Ansible never treats text in it as a template."""
    # Ansible loads every filter file in each task that uses a filter, so imports wait for the call.
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.answers import plain_data
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.offboarding import offboarding
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.results import only_planned

    check_mode = check_mode or only_planned(plain_data(done))
    return wrap_var(
        offboarding(plain_data(values), plain_data(found), plain_data(gone), plain_data(record), check_mode)
    )


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_offboarding": p1_offboarding}
