#!/usr/bin/python

# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manage a group of a PingOne for Enterprise Directory."""

from __future__ import annotations

DOCUMENTATION = r"""
module: p1_group
short_description: Manage a group of a PingOne for Enterprise Directory
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Creates, renames and deletes one group of a PingOne for Enterprise Directory, over its SCIM 1.1 API. It does not work with the
    newer PingOne platform.
  - One of O(id) and O(display_name) is required.
  - The module does not change members. Use M(pingone.directory.p1_group_membership) for them.
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.writes
options:
  id:
    description:
      - Id of the group. The task fails if no group has it, except with O(state=absent).
    type: str
  display_name:
    description:
      - Name of the group. If only one group matches and its name differs only in case, the module uses it and warns.
      - With O(id), a different name renames the group.
    type: str
    aliases: [name]
  new_display_name:
    description:
      - Renames the group, which keeps its id and its members.
      - If the group already has the new name, nothing changes. If both names are in use, the task fails. If neither is, the module
        creates the group under the new name only with O(create=true).
    type: str
  create:
    description:
      - Whether to create a missing group.
      - V(true) always creates it. V(false) never creates it, and the task fails.
      - By default the module creates it, unless the task asks to rename it (O(new_display_name)). The task then fails and lists
        similar group names; in check mode it warns.
    type: bool
  state:
    description:
      - V(present) creates or renames the group. V(absent) deletes the group.
    type: str
    choices: [present, absent]
    default: present
notes:
  - A new group has access to every application of the account until access is restricted in the console. The module warns
    about this when it creates a group.
  - The service does not guarantee that names of groups are unique. The module verifies that no group has the name before it
    creates one, and refuses a name that several groups have.
  - Two tasks that run at the same time, for example for several hosts, could create two groups with the same name. Set C(run_once) on
    a task that is the same for all hosts, or C(throttle) to 1. The module looks the name up again after a create, and deletes its
    own group if another task created one first.
  - The module renames a group with a PATCH, which cannot change members. If the service refuses the PATCH, the module sends the whole
    group with all its members, verifies the members afterwards, and adds missing members again.
seealso:
  - module: pingone.directory.p1_user
  - module: pingone.directory.p1_group_membership
"""

EXAMPLES = r"""
- name: Create the group
  pingone.directory.p1_group:
    display_name: Software Developers

- name: Rename the group, which keeps its members
  pingone.directory.p1_group:
    display_name: Software Developers
    new_display_name: Engineering

- name: Delete the group
  pingone.directory.p1_group:
    display_name: Engineering
    state: absent
  register: removed

- name: Show the members that the group had
  ansible.builtin.debug:
    var: removed.group.members
"""

RETURN = r"""
group:
  description: The group after the task. In check mode, the group as it would be. With O(state=absent), the group before the deletion.
  returned: always; null if there is no group
  type: dict
  sample:
    id: 7c513a7e-55d4-441c-858c-7329e6268084
    display_name: Software Developers
    member_count: 0
  contains:
    id:
      description: Id of the group. Null in check mode if the group does not exist yet.
      type: str
      returned: always
      sample: 7c513a7e-55d4-441c-858c-7329e6268084
    display_name:
      description: Name of the group.
      type: str
      returned: always
      sample: Software Developers
    member_count:
      description: Number of direct members.
      type: int
      returned: always
      sample: 0
    members:
      description: The members before the deletion, to restore them.
      type: list
      elements: dict
      returned: with O(state=absent)
      sample:
        - id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
          kind: user
          name: marcher
      contains:
        id:
          description: Id of the member.
          type: str
          returned: always
          sample: a7d67610-ceb5-4350-ba5a-746472c4f1f7
        kind:
          description: V(user) or V(group). Null if neither the service nor a list shows it.
          type: str
          returned: always
          sample: user
        name:
          description: The text that the service shows for the member, if any.
          type: str
          returned: always
          sample: marcher
api:
  description: Number of requests that the task sent, including retries.
  returned: always
  type: dict
  sample:
    reads: 2
    writes: 1
    retries: 0
    throttled_seconds: 0.0
  contains:
    reads:
      description: Number of read requests.
      type: int
      returned: always
      sample: 2
    writes:
      description: Number of write requests.
      type: int
      returned: always
      sample: 1
    retries:
      description: Number of retries.
      type: int
      returned: always
      sample: 0
    throttled_seconds:
      description: Seconds that the task waited because of the rate limit of the service.
      type: float
      returned: always
      sample: 0.0
failure:
  description: Details of the failure in machine-readable form.
  returned: on failure
  type: dict
  sample:
    operation: update group 'Domain Administrators'
    status: 403
    detail: Group is read only
  contains:
    operation:
      description: The operation and its object.
      type: str
      returned: always
      sample: update group 'Domain Administrators'
    status:
      description: HTTP status of the response. Null if there was no response.
      type: int
      returned: always
      sample: 403
    detail:
      description: The error message of the service, if any.
      type: str
      returned: always
      sample: Group is read only
"""

from ansible_collections.pingone.directory.plugins.module_utils._module import run_module
from ansible_collections.pingone.directory.plugins.module_utils._tasks.group import GroupTask


def main():
    run_module(GroupTask)


if __name__ == "__main__":
    main()
