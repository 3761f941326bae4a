#!/usr/bin/python

# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read groups of a PingOne for Enterprise Directory, with their members."""

from __future__ import annotations

DOCUMENTATION = r"""
module: p1_group_info
short_description: Read groups of a PingOne for Enterprise Directory
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Reads one group, the groups that match a filter, or all groups of a PingOne for Enterprise Directory with their members, over
    its SCIM 1.1 API. With O(effective), it also returns inherited members and why they are in the group. It does not work with
    the newer PingOne platform.
  - If no group matches, the list is empty and the task succeeds.
  - The module reads all groups as one list. No option causes a request per group or per member.
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.reads
options:
  id:
    description:
      - Id of the group.
      - If O(id), O(display_name) and O(filter) are omitted, the module reads all groups.
    type: str
  display_name:
    description:
      - Name of the group. Case is ignored, unless several names differ only in case.
      - If several groups have the name, the module returns all of them.
      - The module compares the groups it finds with the name, so the result is right even if the service ignores filters.
    type: str
    aliases: [name]
  filter:
    description:
      - A SCIM 1.1 filter, such as V(displayName sw "Eng"). The module sends it unchanged. It uses SCIM names, not the names of options.
      - The service decides which attributes and operators it supports. It may ignore the filter and return all groups. The module does
        not filter the result.
      - The module warns if the filter excluded no group, which costs one more request. If you did not expect all groups, the
        service ignored the filter.
      - If the service refuses the filter, the task fails with the error message of the service.
    type: str
  effective:
    description:
      - Whether to return RV(groups[].effective_members), the direct and inherited members of each group. The module then reads the list
        of groups once.
    type: bool
    default: false
  resolve_names:
    description:
      - Whether to look up the user name of each member that is a user. The module then reads the list of users once, and the list of
        groups.
      - By default the name is the text that the service shows for the member, which is usually the user name.
    type: bool
    default: false
seealso:
  - module: pingone.directory.p1_user_info
  - module: pingone.directory.p1_group
  - module: pingone.directory.p1_group_membership
"""

EXAMPLES = r"""
- name: Look up the members of a group, including inherited ones
  pingone.directory.p1_group_info:
    display_name: Engineering
    effective: true
  register: found

- name: Show each member with the path that grants the membership
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.path | join(' > ') }}"
  loop: "{{ found.groups[0].effective_members }}"
  loop_control:
    label: "{{ item.name }}"

- name: Find the groups of a team
  pingone.directory.p1_group_info:
    filter: displayName sw "Team A"

- name: Read all groups with the user names of their members
  pingone.directory.p1_group_info:
    resolve_names: true
  register: all

- name: Check that no group is empty
  ansible.builtin.assert:
    that: all.groups | selectattr('member_count', '==', 0) | length == 0
"""

RETURN = r"""
groups:
  description: The groups, sorted by name.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 7c513a7e-55d4-441c-858c-7329e6268084
      display_name: Engineering
      member_count: 2
      members:
        - id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
          kind: user
          name: marcher
        - id: 2f6d9f2a-6f0a-4d64-9b0d-0a3a6f1f2b11
          kind: group
          name: Contractors
  contains:
    id:
      description: Id of the group.
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
      sample: 2
    members:
      description: The direct members.
      type: list
      elements: dict
      returned: always
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
          description: Name of the member, see O(resolve_names). Null if the service shows no name.
          type: str
          returned: always
          sample: marcher
    administers:
      description:
        - Whether the members of the group are administrators. This applies to C(Domain Administrators) and every group nested in it.
      type: bool
      returned: when O(effective=true)
      sample: false
    effective_members:
      description: Direct and inherited members of the group, including the nested groups. Members with the shortest path come first.
      type: list
      elements: dict
      returned: when O(effective=true)
      sample:
        - id: 2f6d9f2a-6f0a-4d64-9b0d-0a3a6f1f2b11
          kind: group
          name: Contractors
          direct: true
          path: [Engineering]
        - id: 919a9b9f-5b0a-4b0e-8f4b-1c9a6c2f1c33
          kind: user
          name: jdoe
          direct: false
          path: [Engineering, Contractors]
      contains:
        id:
          description: Id of the member.
          type: str
          returned: always
          sample: 919a9b9f-5b0a-4b0e-8f4b-1c9a6c2f1c33
        kind:
          description: V(user) or V(group). Null if neither the service nor a list shows it.
          type: str
          returned: always
          sample: user
        name:
          description: Name of the member, see O(resolve_names). Null if the service shows no name.
          type: str
          returned: always
          sample: jdoe
        direct:
          description: Whether the member is a direct member of the group.
          type: bool
          returned: always
          sample: false
        path:
          description:
            - Names of the groups from this group to the group that directly contains the member, both included. If there are several
              paths, it is one of the shortest.
          type: list
          elements: str
          returned: always
          sample: [Engineering, Contractors]
total:
  description: Number of groups in the list.
  returned: success
  type: int
  sample: 1
base_url:
  description: The base URL of the directory that was read.
  returned: success
  type: str
  sample: https://directory-api.pingone.com/api
api:
  description: Number of requests that the task sent, including retries.
  returned: always
  type: dict
  sample:
    reads: 2
    writes: 0
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
      sample: 0
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
    operation: list groups with the filter 'displayName sounds "eng"'
    status: 400
    detail: Filter not supported
  contains:
    operation:
      description: The operation and its object.
      type: str
      returned: always
      sample: list groups with the filter 'displayName sounds "eng"'
    status:
      description: HTTP status of the response. Null if there was no response.
      type: int
      returned: always
      sample: 400
    detail:
      description: The error message of the service, if any.
      type: str
      returned: always
      sample: Filter not supported
"""

from ansible_collections.pingone.directory.plugins.module_utils._module import run_module
from ansible_collections.pingone.directory.plugins.module_utils._tasks.group_info import GroupInfoTask


def main():
    run_module(GroupInfoTask)


if __name__ == "__main__":
    main()
