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
  - Adds users and groups to a group of a PingOne for Enterprise Directory, and removes them, over its SCIM 1.1 API. It does
    not work with the newer PingOne platform.
  - One of O(group) and O(group_id) is required, and at least one of O(users), O(user_ids), O(groups) and O(group_ids).
  - To change the groups of one user, see O(pingone.directory.p1_user#module:membership).
  - The module resolves names to ids, sends only the differences as a PATCH, and re-reads the group to verify them. It never replaces
    a whole group.
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.writes
options:
  group:
    description:
      - Name of the group. If only one group matches and its name differs only in case, the module uses it and warns.
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
      - Groups to nest in the group, by name. The module refuses to nest a group into itself, directly or through others, and reports
        the path.
    type: list
    elements: str
  group_ids:
    description:
      - Groups to nest in the group, by id.
    type: list
    elements: str
  state:
    description:
      - V(present) adds the listed members. V(absent) removes them.
      - V(exact) adds the listed members and removes all others of the listed kinds. If only users are listed, nested groups stay, and
        vice versa. If the service shows a member without a type, the module determines it from the lists of users and groups. If it
        cannot determine the type, the member stays and the module warns.
    type: str
    choices: [present, absent, exact]
    default: present
  allow_empty:
    description:
      - Whether to accept O(state=exact) with an empty list, which removes all members of that kind.
    type: bool
    default: false
  on_unknown_member:
    description:
      - What to do about a listed member that does not exist. V(fail) fails the task before the first write. V(warn) and V(ignore)
        skip the member. The message lists similar names.
      - The default is V(warn) with O(state=absent), else V(fail). With O(state=absent), an unknown member is already absent, but after a
        typo the intended member would keep its access. The same applies to ids in O(user_ids) and O(group_ids).
      - In check mode the module warns about an unknown member that is to be added, and returns it in RV(added) without an id, because an
        earlier task may create it.
    type: str
    choices: [fail, warn, ignore]
  refuse_administering_groups:
    description:
      - Whether to refuse a group that makes its members administrators. These are C(Domain Administrators) and every group nested
        in it, at any depth. The module then neither adds nor removes members of such a group.
      - Set it if people who are not administrators enter the names of the groups, for example in a survey. The module then reads the
        list of groups once, and only if something changes.
    type: bool
    default: false
notes:
  - If the group does not exist, the task fails; in check mode it warns. With O(state=absent), it warns and changes nothing.
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
  description: The group after the task. In check mode, the group as it would be.
  returned: always
  type: dict
  sample:
    id: 7c513a7e-55d4-441c-858c-7329e6268084
    display_name: Engineering
    member_count: 3
  contains:
    id:
      description: Id of the group. Null if the group does not exist.
      type: str
      returned: always
      sample: 7c513a7e-55d4-441c-858c-7329e6268084
    display_name:
      description: Name of the group.
      type: str
      returned: always
      sample: Engineering
    member_count:
      description: Number of direct members.
      type: int
      returned: always
      sample: 3
added:
  description: Members that were added, or would be added in check mode.
  returned: always
  type: list
  elements: dict
  sample:
    - id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
      kind: user
      name: marcher
  contains: &member
    id:
      description: Id of the member. Null in check mode if the member does not exist yet.
      type: str
      returned: always
      sample: a7d67610-ceb5-4350-ba5a-746472c4f1f7
    kind:
      description: V(user) or V(group).
      type: str
      returned: always
      sample: user
    name:
      description: Name of the member, or the text that the service shows for it.
      type: str
      returned: always
      sample: marcher
removed:
  description: Members that were removed, or would be removed in check mode.
  returned: always
  type: list
  elements: dict
  sample: []
  contains: *member
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
    operation: change the members of group 'Domain Administrators'
    status: 403
    detail: Group is read only
  contains:
    operation:
      description: The operation and its object.
      type: str
      returned: always
      sample: change the members of group 'Domain Administrators'
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
from ansible_collections.pingone.directory.plugins.module_utils._tasks.group_membership import GroupMembershipTask


def main():
    run_module(GroupMembershipTask)


if __name__ == "__main__":
    main()
