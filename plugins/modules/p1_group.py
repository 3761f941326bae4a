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
  - Creates, renames and deletes one group of a PingOne for Enterprise Directory, over its SCIM 1.1 API. It is not for the
    newer PingOne platform.
  - One of O(id) and O(display_name) is required.
  - Members are managed with M(pingone.directory.p1_group_membership); nothing this module does changes them.
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.writes
options:
  id:
    description:
      - Id of the group. One that is not found fails, except with O(state=absent).
    type: str
  display_name:
    description:
      - Name of the group. A single group whose name differs in case alone is that group, with a warning.
      - With O(id) a different name renames the group.
    type: str
    aliases: [name]
  new_display_name:
    description:
      - Renames the group, which keeps its id and its members.
      - A group already renamed is unchanged. If both names are in use, the task is refused. If neither is, the group is
        created under the new name only with O(create=true).
    type: str
  create:
    description:
      - Whether a missing group is created.
      - When not set, it is, unless the task asks to rename it (O(new_display_name)). The task then fails and names
        similar group names; in check mode it warns.
      - V(true) creates a missing group in any case. V(false) never does, and the task fails.
    type: bool
  state:
    description:
      - V(present) creates or renames the group, V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
notes:
  - A new group reaches every application of the account until access is restricted in the console. The module warns of
    it when it creates one.
  - Names of groups are not known to be unique, so two tasks at the same moment, of several hosts for example, could create
    two groups of one name. Set C(run_once) on a task that is the same for all hosts, or C(throttle) to 1. The module looks
    the name up once more after a create, and withdraws its own group where another task created one first.
  - The name is changed with a PATCH, which cannot touch members. Where the service refuses that, the whole group is sent
    back with all its members, these are compared afterwards, and whoever is missing is put back.
  - The service does not promise that names are unique. The module makes sure that there is no group of the name before it
    creates one, and refuses a name that several groups have.
seealso:
  - module: pingone.directory.p1_user
  - module: pingone.directory.p1_group_membership
"""

EXAMPLES = r"""
- name: A group is there
  pingone.directory.p1_group:
    display_name: Software Developers

- name: It is called otherwise, with the same members
  pingone.directory.p1_group:
    display_name: Software Developers
    new_display_name: Engineering

- name: It is gone
  pingone.directory.p1_group:
    display_name: Engineering
    state: absent
  register: removed

- name: What it takes to put it back is in the result
  ansible.builtin.debug:
    var: removed.group.members
"""

RETURN = r"""
group:
  description: The group as it is, or in check mode as it would be; with O(state=absent) as it was.
  returned: always; none where there is no group
  type: dict
  sample:
    id: 7c513a7e-55d4-441c-858c-7329e6268084
    display_name: Software Developers
    member_count: 0
  contains:
    id:
      description: Id of the group; none in check mode while it does not exist yet.
      type: str
      returned: always
      sample: 7c513a7e-55d4-441c-858c-7329e6268084
    display_name:
      description: Name of the group.
      type: str
      returned: always
      sample: Software Developers
    member_count:
      description: How many direct members it has.
      type: int
      returned: always
      sample: 0
    members:
      description: The members it had, for restoring them.
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
          description: V(user) or V(group); none if the service does not show it and no list tells.
          type: str
          returned: always
          sample: user
        name:
          description: Text the service shows for the member, if any.
          type: str
          returned: always
          sample: marcher
api:
  description: How many requests the task has sent, retries included.
  returned: always
  type: dict
  sample:
    reads: 2
    writes: 1
    retries: 0
    throttled_seconds: 0.0
  contains:
    reads:
      description: Requests that read.
      type: int
      returned: always
      sample: 2
    writes:
      description: Requests that write.
      type: int
      returned: always
      sample: 1
    retries:
      description: Requests that were repeats of one before.
      type: int
      returned: always
      sample: 0
    throttled_seconds:
      description: Seconds spent waiting because the service asked to slow down.
      type: float
      returned: always
      sample: 0.0
failure:
  description: What failed, for a machine to read.
  returned: on failure
  type: dict
  sample:
    operation: update group 'Domain Administrators'
    status: 403
    detail: Group is read only
  contains:
    operation:
      description: What was attempted, on what.
      type: str
      returned: always
      sample: update group 'Domain Administrators'
    status:
      description: HTTP status of the answer; none without an answer.
      type: int
      returned: always
      sample: 403
    detail:
      description: The service's own words, if it said any.
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
