#!/usr/bin/python

# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read users of a PingOne for Enterprise Directory."""

from __future__ import annotations

DOCUMENTATION = r"""
module: p1_user_info
short_description: Read users of a PingOne for Enterprise Directory
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Reads one user, those that a filter finds, or all users of a PingOne for Enterprise Directory, over its SCIM 1.1 API,
    and with O(effective) the groups each of them is in and why. It is not for the newer PingOne platform.
  - That nobody is found is an empty list, and no failure.
  - All users are read page by page, 1000 at a time. No option makes it a request for each user.
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.reads
options:
  id:
    description:
      - Id of the user.
      - Without O(id), O(user_name), O(external_id) and O(filter) all users are read.
    type: str
  user_name:
    description:
      - Name the user signs on with. Case is no difference, unless names differ in case alone.
      - The user found is compared with the name here, so that a service that ignores filters makes no difference.
    type: str
  external_id:
    description:
      - The id of the person in another system. It is compared exactly, and checked here as O(user_name) is.
    type: str
  filter:
    description:
      - A SCIM 1.1 filter, such as V(name.familyName eq "Archer"), passed on as it is. It uses SCIM names, not those of options.
      - What the service answers is returned as it comes; nothing is filtered here. Which attributes and operators it
        takes is up to the service, which may also ignore the filter altogether and answer with everybody.
      - The module warns when the filter has left nobody out, which costs one more request. If not everybody was meant,
        the service has ignored the filter.
      - A filter that the service refuses fails the task, with the service's words.
    type: str
  effective:
    description:
      - Whether to return RV(users[].effective_groups), the groups each user is in, directly or through nested groups,
        which reads the list of groups once.
    type: bool
    default: false
seealso:
  - module: pingone.directory.p1_group_info
  - module: pingone.directory.p1_user
"""

EXAMPLES = r"""
- name: Look up one user
  pingone.directory.p1_user_info:
    user_name: marcher
  register: found

- name: Make sure that she is there and may sign on
  ansible.builtin.assert:
    that:
      - found.users | length == 1
      - found.users[0].active | default(true)

- name: Why is she in these groups?
  pingone.directory.p1_user_info:
    user_name: marcher
    effective: true
  register: access

- name: Show each group with the path that grants it
  ansible.builtin.debug:
    msg: "{{ item.display_name }}: {{ item.path | join(' > ') }}"
  loop: "{{ access.users[0].effective_groups }}"
  loop_control:
    label: "{{ item.display_name }}"

- name: Find the Archers
  pingone.directory.p1_user_info:
    filter: name.familyName eq "Archer"

- name: Read all users
  pingone.directory.p1_user_info:
  register: everybody

- name: Nobody may have an e-mail address of another domain
  ansible.builtin.assert:
    that: item.emails | default([]) | map(attribute='value') | reject('search', '@example[.]org$') | length == 0
    quiet: true
  loop: "{{ everybody.users }}"
  loop_control:
    label: "{{ item.user_name }}"
"""

RETURN = r"""
users:
  description:
    - The users found, ordered by name, in the form of the options of M(pingone.directory.p1_user).
    - Attributes that have no value are left out. A password is never part of it.
  returned: success
  type: list
  elements: dict
  sample:
    - id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
      user_name: marcher
      active: true
      name:
        given_name: Meredith
        family_name: Archer
      member_of:
        - id: 0b854f8d-a291-4e95-ad4b-68474a666e55
          display_name: Users
      account_state: ACTIVE
      created: "2015-04-15T12:44:14.227-06:00"
      last_modified: "2015-04-15T12:44:14.227-06:00"
      last_login: "2017-07-14T02:40:01.000Z"
  contains:
    id:
      description: Id of the user.
      type: str
      returned: always
      sample: a7d67610-ceb5-4350-ba5a-746472c4f1f7
    user_name:
      description: Name the user signs on with.
      type: str
      returned: always
      sample: marcher
    active:
      description: Whether the account may be used.
      type: bool
      returned: when the service tells it
      sample: true
    member_of:
      description: Groups the service lists with the user. Whether inherited ones are among them is up to the service.
      type: list
      elements: dict
      returned: always
      sample:
        - id: 0b854f8d-a291-4e95-ad4b-68474a666e55
          display_name: Users
      contains:
        id:
          description: Id of the group.
          type: str
          returned: always
          sample: 0b854f8d-a291-4e95-ad4b-68474a666e55
        display_name:
          description: Name of the group.
          type: str
          returned: always
          sample: Users
    account_state:
      description: State of the account in the service's own word.
      type: str
      returned: always
      sample: ACTIVE
    created:
      description: When the user was created.
      type: str
      returned: always
      sample: "2015-04-15T12:44:14.227-06:00"
    last_modified:
      description: When the user was last changed. Signing on counts.
      type: str
      returned: always
      sample: "2015-04-15T12:44:14.227-06:00"
    last_login:
      description: When the user last signed on, in UTC.
      type: str
      returned: always
      sample: "2017-07-14T02:40:01.000Z"
    administrator_by:
      description:
        - The groups that make the user an administrator, C(Domain Administrators) first; an empty list for other users.
      type: list
      elements: dict
      returned: when O(effective=true)
      sample:
        - id: 0d1bbb1a-4b4e-4f49-a8a5-1f9f8c6d3a10
          display_name: Domain Administrators
        - id: 5c0f4a3e-2d57-4f0e-9a0e-6d7b1c2e9f11
          display_name: Operators
      contains:
        id:
          description: Id of the group.
          type: str
          returned: always
          sample: 0d1bbb1a-4b4e-4f49-a8a5-1f9f8c6d3a10
        display_name:
          description: Name of the group.
          type: str
          returned: always
          sample: Domain Administrators
    effective_groups:
      description: The groups the user is in by what the groups themselves say, direct ones first, then by name.
      type: list
      elements: dict
      returned: when O(effective=true)
      sample:
        - id: 7c513a7e-55d4-441c-858c-7329e6268084
          display_name: Contractors
          direct: true
          path: [Contractors]
        - id: 2f6d9f2a-6f0a-4d64-9b0d-0a3a6f1f2b11
          display_name: Engineering
          direct: false
          path: [Engineering, Contractors]
      contains:
        id:
          description: Id of the group.
          type: str
          returned: always
          sample: 2f6d9f2a-6f0a-4d64-9b0d-0a3a6f1f2b11
        display_name:
          description: Name of the group.
          type: str
          returned: always
          sample: Engineering
        direct:
          description: Whether the user is itself a member of the group.
          type: bool
          returned: always
          sample: false
        path:
          description:
            - Names of the groups that lead from this group to the one that holds the user, both included. It is a shortest
              one where there are several.
          type: list
          elements: str
          returned: always
          sample: [Engineering, Contractors]
total:
  description: How many users were found.
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
    operation: list users with the filter 'userName sounds "ann"'
    status: 400
    detail: Filter not supported
  contains:
    operation:
      description: What was attempted, on what.
      type: str
      returned: always
      sample: list users with the filter 'userName sounds "ann"'
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
from ansible_collections.pingone.directory.plugins.module_utils._tasks.user_info import UserInfoTask


def main():
    run_module(UserInfoTask)


if __name__ == "__main__":
    main()
