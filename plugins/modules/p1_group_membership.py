#!/usr/bin/python

# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manage the members of a group of a PingOne for Enterprise Directory."""

from __future__ import annotations

DOCUMENTATION = r"""
module: p1_group_membership
short_description: Manage the members of a group of a PingOne for Enterprise Directory
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Adds users and groups to a group of a PingOne for Enterprise Directory, and removes them, over its SCIM 1.1 API. It is
    not for the newer PingOne platform.
  - One of O(group) and O(group_id) is required, and at least one of O(users), O(user_ids), O(groups) and O(group_ids).
  - To change the groups of one user, see O(pingone.directory.p1_user#module:membership).
  - The module resolves names to ids, sends the difference to the current members as PATCH, and re-reads the group to verify
    it. It never replaces a group as a whole.
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.writes
options:
  group:
    description:
      - Name of the group. A single group whose name differs in case alone is that group, with a warning.
    type: str
  group_id:
    description:
      - Id of the group.
    type: str
  users:
    description:
      - Users, by user name.
    type: list
    elements: str
  user_ids:
    description:
      - Users, by id.
    type: list
    elements: str
  groups:
    description:
      - Groups to be nested in the group, by name. Nesting a group into itself, directly or through others, is refused with
        the path.
    type: list
    elements: str
  group_ids:
    description:
      - Groups to be nested in the group, by id.
    type: list
    elements: str
  state:
    description:
      - V(present) adds the listed, V(absent) removes the listed.
      - V(exact) keeps the listed and no others of the kinds given. With only users given, nested groups stay, and the other
        way round. A member that the service shows without a type is a user or a group by the lists; where that cannot be
        determined, the member stays and the module warns.
    type: str
    choices: [present, absent, exact]
    default: present
  allow_empty:
    description:
      - Whether O(state=exact) may be run with nothing listed, which empties the group of the kinds given.
    type: bool
    default: false
  on_unknown_member:
    description:
      - What to do about a listed member that does not exist, before anything is written. V(fail) refuses the task; V(warn)
        and V(ignore) go on without it. The message names similar names.
      - The default is V(fail) where members are added or exact, and V(warn) with O(state=absent). An unknown member is
        absent already, but a typing mistake would leave the access of the intended member in place. The same holds for ids
        in O(user_ids) and O(group_ids).
      - In check mode an unknown member that is to be added is a warning and a planned row with no id, because an earlier
        task may be about to create it.
    type: str
    choices: [fail, warn, ignore]
  refuse_administering_groups:
    description:
      - Whether to refuse a group that makes its members administrators, which is C(Domain Administrators) and every
        group nested in it, at any depth. Its members are then neither added nor removed.
      - Set it where people who are not administrators name the groups, as in a survey. It reads the list of groups once, and
        only if something is to be changed.
    type: bool
    default: false
notes:
  - A group that does not exist is a warning and unchanged with O(state=absent). Otherwise the task fails, and in check
    mode it warns.
seealso:
  - module: pingone.directory.p1_group
  - module: pingone.directory.p1_user
"""

EXAMPLES = r"""
- name: Add two users and a nested group
  pingone.directory.p1_group_membership:
    group: Engineering
    users:
      - marcher
      - jdoe
    groups:
      - Contractors

- name: Remove one user
  pingone.directory.p1_group_membership:
    group: Engineering
    users:
      - jdoe
    state: absent
    on_unknown_member: fail  # the default is a warning

- name: Set the users and keep the nested groups
  pingone.directory.p1_group_membership:
    group: Engineering
    users:
      - jdoe
    state: exact

- name: Remove all users
  pingone.directory.p1_group_membership:
    group: Engineering
    users: []
    state: exact
    allow_empty: true
"""

RETURN = r"""
group:
  description: The group, after the change or in check mode as it would be.
  returned: always
  type: dict
  sample:
    id: 7c513a7e-55d4-441c-858c-7329e6268084
    display_name: Engineering
    member_count: 3
  contains:
    id:
      description: Id of the group; none while it does not exist.
      type: str
      returned: always
      sample: 7c513a7e-55d4-441c-858c-7329e6268084
    display_name:
      description: Name of the group.
      type: str
      returned: always
      sample: Engineering
    member_count:
      description: How many direct members it has.
      type: int
      returned: always
      sample: 3
added:
  description: Members that were added, or in check mode would be.
  returned: always
  type: list
  elements: dict
  sample:
    - id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
      kind: user
      name: marcher
  contains: &member
    id:
      description: Id of the member; none in check mode while it does not exist yet.
      type: str
      returned: always
      sample: a7d67610-ceb5-4350-ba5a-746472c4f1f7
    kind:
      description: V(user) or V(group).
      type: str
      returned: always
      sample: user
    name:
      description: Name of the member, or the text the service shows for it.
      type: str
      returned: always
      sample: marcher
removed:
  description: Members that were removed, or in check mode would be.
  returned: always
  type: list
  elements: dict
  sample: []
  contains: *member
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
    operation: change the members of group 'Domain Administrators'
    status: 403
    detail: Group is read only
  contains:
    operation:
      description: What was attempted, on what.
      type: str
      returned: always
      sample: change the members of group 'Domain Administrators'
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
from ansible_collections.pingone.directory.plugins.module_utils._tasks.group_membership import GroupMembershipTask


def main():
    run_module(GroupMembershipTask)


if __name__ == "__main__":
    main()
