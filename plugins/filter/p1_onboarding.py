# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_onboarding: decide what the role user_onboard adds to an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_onboarding
short_description: Decide what to add to an account for a person
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Returns what the role P(pingone.directory.user_onboard#role) does, based on its variables and the current account.
  - It refuses an account of another person, an administrator, and a disabled account. See the role.
  - It fills in only attributes without a value, and does not change other attributes.
positional: found, result, check_mode
options:
  _input:
    description: The variables of the role, without C(user_onboard_) at the beginning of their names.
    type: dict
    required: true
  found:
    description:
      - The result of M(pingone.directory.p1_user_info) for the account, with C(effective=true).
      - If it is omitted, the filter only validates the variables.
    type: dict
  result:
    description: The result of M(pingone.directory.p1_user). If it is set, the filter also returns C(report).
    type: dict
  check_mode:
    description: Whether the role runs in check mode.
    type: bool
    default: false
seealso:
  - plugin: pingone.directory.p1_dict
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Look up the account
  pingone.directory.p1_user_info:
    user_name: ann@example.org
    effective: true
  register: found

- name: Show the attributes that would be filled in, or the reason for a refusal
  ansible.builtin.debug:
    msg: "{{ decision.refusal or decision.fill }}"
  vars:
    decision: "{{ {'user_name': 'ann@example.org', 'attributes': 'title: Engineer'} | pingone.directory.p1_onboarding(found) }}"
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
    user_name:
      description: The name of the account, from the variables.
      type: str
      sample: ann@example.org
    external_id:
      description: The external id, from the variables.
      type: str
      sample: hr-1
    groups:
      description: Names of the groups to add the account to.
      type: list
      elements: str
      sample: [Engineering]
    default_group:
      description: The group of a new account, from the variables.
      type: str
      sample: ""
    fill:
      description:
        - Attributes to set, as options of M(pingone.directory.p1_user), if O(found) is set. A list contains the current values of the
          account, then the new ones.
      type: dict
      sample:
        title: Engineer
    left:
      description: Attributes that keep a different value, if O(found) is set.
      type: list
      elements: str
      sample: [name.given_name]
    reactivate:
      description: Whether to enable the account, which is disabled, if O(found) is set.
      type: bool
      sample: false
    password:
      description:
        - The password to set, if O(found) is set. Empty if the account keeps its password. Each evaluation returns a different random
          password.
      type: str
      sample: ""
    report:
      description: A summary in one line, if O(result) is set.
      type: str
      sample: "Account ann@example.org is created; the given password is set; groups: Engineering"
"""


def p1_onboarding(
    values: Mapping[str, Any],
    found: Mapping[str, Any] | None = None,
    result: Mapping[str, Any] | None = None,
    check_mode: bool = False,
) -> dict[str, Any]:
    """Return the decision, see ``_roles.onboarding.onboarding``. Ansible never treats text in it as a template."""
    # Ansible loads every filter file in each task that uses a filter, so imports wait for the call.
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.answers import plain_data
    from ansible_collections.pingone.directory.plugins.plugin_utils._roles.onboarding import onboarding

    return wrap_var(onboarding(plain_data(values), plain_data(found), plain_data(result), check_mode))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_onboarding": p1_onboarding}
