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
  - Reads one group, those that a filter finds, or all groups of a PingOne for Enterprise Directory with their members, over
    its SCIM 1.1 API, and with O(effective) everybody who is in them and why. It is not for the newer PingOne platform.
  - That nothing is found is an empty list, and no failure.
  - All groups are read as one list. No option makes it a request for each group or each member.
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.reads
options:
  id:
    description:
      - Id of the group.
      - Without O(id), O(display_name) and O(filter) all groups are read.
    type: str
  display_name:
    description:
      - Name of the group. Case is no difference, unless names differ in case alone.
      - The service may hold several groups of one name; all of them are returned.
      - The groups found are compared with the name here, so that a service that ignores filters makes no difference.
    type: str
    aliases: [name]
  filter:
    description:
      - A SCIM 1.1 filter, such as V(displayName sw "Eng"), passed on as it is. It uses SCIM names, not those of options.
      - What the service answers is returned as it comes; nothing is filtered here. Which attributes and operators it
        takes is up to the service, which may also ignore the filter altogether and answer with all groups.
      - The module warns when the filter has left no group out, which costs one more request. If not all groups were
        meant, the service has ignored the filter.
      - A filter that the service refuses fails the task, with the service's words.
    type: str
  effective:
    description:
      - Whether to return RV(groups[].effective_members), everybody who is in the group, directly or through nested groups,
        which reads the list of groups once.
    type: bool
    default: false
  resolve_names:
    description:
      - Whether the name of each member that is a user is certainly its user name, which reads the list of users once, and
        that of groups.
      - Otherwise it is the text the service shows with the member, which is the user name as far as is known.
    type: bool
    default: false
seealso:
  - module: pingone.directory.p1_user_info
  - module: pingone.directory.p1_group
  - module: pingone.directory.p1_group_membership
"""

EXAMPLES = r"""
- name: Who is in this group?
  pingone.directory.p1_group_info:
    display_name: Engineering
    effective: true
  register: found

- name: Show everybody with the path that grants it
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.path | join(' > ') }}"
  loop: "{{ found.groups[0].effective_members }}"
  loop_control:
    label: "{{ item.name }}"

- name: Find the groups of a team
  pingone.directory.p1_group_info:
    filter: displayName sw "Team A"

- name: Read all groups, members by user name
  pingone.directory.p1_group_info:
    resolve_names: true
  register: all

- name: No group is empty
  ansible.builtin.assert:
    that: all.groups | selectattr('member_count', '==', 0) | length == 0
"""

RETURN = r"""
groups:
  description: The groups found, ordered by name.
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
      description: How many direct members it has.
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
          description: V(user) or V(group); none if the service does not show it and no list tells.
          type: str
          returned: always
          sample: user
        name:
          description: Name of the member, see O(resolve_names); none if the service shows nothing.
          type: str
          returned: always
          sample: marcher
    administers:
      description:
        - Whether the members of the group are administrators, which they are in C(Domain Administrators) and in every group nested
          in it.
      type: bool
      returned: when O(effective=true)
      sample: false
    effective_members:
      description: Everybody in the group, directly or through nested groups; the nested groups themselves, too. The nearest come first.
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
          description: V(user) or V(group); none if the service does not show it and no list tells.
          type: str
          returned: always
          sample: user
        name:
          description: Name of the member, see O(resolve_names); none if the service shows nothing.
          type: str
          returned: always
          sample: jdoe
        direct:
          description: Whether it is itself a member of the group.
          type: bool
          returned: always
          sample: false
        path:
          description:
            - Names of the groups that lead from this group to the one that holds the member, both included. It is a shortest
              one where there are several.
          type: list
          elements: str
          returned: always
          sample: [Engineering, Contractors]
total:
  description: How many groups were found.
  returned: success
  type: int
  sample: 1
base_url:
  description: The base URL of the directory that was read.
  returned: success
  type: str
  sample: https://directory-api.pingone.com/api
api:
  description: How many requests the task has sent, retries included.
  returned: always
  type: dict
  sample:
    reads: 2
    writes: 0
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
      sample: 0
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
    operation: list groups with the filter 'displayName sounds "eng"'
    status: 400
    detail: Filter not supported
  contains:
    operation:
      description: What was attempted, on what.
      type: str
      returned: always
      sample: list groups with the filter 'displayName sounds "eng"'
    status:
      description: HTTP status of the answer; none without an answer.
      type: int
      returned: always
      sample: 400
    detail:
      description: The service's own words, if it said any.
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
