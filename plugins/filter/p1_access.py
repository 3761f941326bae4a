# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_access: decide which memberships the role group_access grants and revokes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_access
short_description: Decide which members to add to groups and to remove
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Returns what the role P(pingone.directory.group_access#role) does, based on its variables and the groups and users that it looked up.
  - It refuses groups that make their members administrators, unknown groups, and granting access to unknown users. See the role.
positional: groups, users, item, granting, revoking, check_mode
options:
  _input:
    description: The variables of the role, without C(group_access_) at the beginning of their names.
    type: dict
    required: true
  groups:
    description: The results of M(pingone.directory.p1_group_info) for each group, with C(effective=true).
    type: list
    elements: dict
  users:
    description: The results of M(pingone.directory.p1_user_info) for each user.
    type: list
    elements: dict
  item:
    description: The loop variable of the tasks that looked them up. It is a key of each result.
    type: str
    default: item
  granting:
    description:
      - The result of the task that adds members, a loop over C(grant) with the loop variable O(item).
      - If it is set, the filter also returns the changes.
    type: dict
  revoking:
    description: The result of the task that removes members, a loop over C(revoke) with the loop variable O(item).
    type: dict
  check_mode:
    description: Whether the role runs in check mode.
    type: bool
    default: false
seealso:
  - plugin: pingone.directory.p1_onboarding
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the groups and users to look up, or the reason for a refusal
  ansible.builtin.debug:
    msg: "{{ request.refusal or request }}"
  vars:
    request: "{{ {'grant': 'ann@example.org: app-wiki', 'allowed_groups': 'app-*'} | pingone.directory.p1_access }}"
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
    groups:
      description: Names of the groups to look up.
      type: list
      elements: str
      sample: [app-wiki]
    users:
      description: Names of the users to look up.
      type: list
      elements: str
      sample: [ann@example.org]
    grant:
      description: Members to add, a dictionary of C(group) and C(users) for each group, if both were looked up.
      type: list
      elements: dict
      sample: [{group: app-wiki, users: [ann@example.org]}]
    revoke:
      description: Members to remove, in the same form.
      type: list
      elements: dict
      sample: []
    unknown:
      description: Pairs to revoke whose user does not exist, if both were looked up.
      type: list
      elements: dict
      sample: []
    warning:
      description: A warning about these pairs, or empty text.
      type: str
      sample: ""
    granted:
      description: Pairs of C(user_name) and C(group) that were added, if O(granting) is set.
      type: list
      elements: dict
      sample: [{user_name: ann@example.org, group: app-wiki}]
    revoked:
      description: Pairs that were removed, in the same form.
      type: list
      elements: dict
      sample: []
    report:
      description: A summary in one line, if O(granting) is set.
      type: str
      sample: granted 1 of 1, revoked 0 of 0
"""


def p1_access(
    values: Mapping[str, Any],
    groups: Sequence[Mapping[str, Any]] | None = None,
    users: Sequence[Mapping[str, Any]] | None = None,
    item: str = "item",
    granting: Mapping[str, Any] | None = None,
    revoking: Mapping[str, Any] | None = None,
    check_mode: bool = False,
) -> dict[str, Any]:
    """Return the decision, see ``_roles.access``. Ansible never treats text in it as a template."""
    # Ansible loads every filter file in each task that uses a filter, so imports wait for the call.
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.access import access, access_report
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.answers import plain_data

    values = plain_data(values)
    decision = access(values, plain_data(groups), plain_data(users), item)
    if granting is not None and not decision["refusal"]:
        results = plain_data(granting), plain_data(revoking or {})
        decision |= access_report(values, decision.get("unknown", ()), *results, item, check_mode)
    return wrap_var(decision)


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_access": p1_access}
