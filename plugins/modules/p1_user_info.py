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
  - Reads one user, the users that match a filter, or all users of a PingOne for Enterprise Directory, over its SCIM 1.1 API.
    With O(effective), it also returns the groups of each user and why the user is in them. It does not work with the newer
    PingOne platform.
  - If no user matches, the list is empty and the task succeeds.
  - The module reads all users in pages of 1000. No option causes a request per user.
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.reads
options:
  id:
    description:
      - Id of the user.
      - If O(id), O(user_name), O(external_id) and O(filter) are omitted, the module reads all users.
    type: str
  user_name:
    description:
      - Name that the user signs on with. Case is ignored, unless several names differ only in case.
      - The module compares the users it finds with the name, so the result is right even if the service ignores filters.
    type: str
  external_id:
    description:
      - Id of the person in another system. It is compared exactly, and the module checks the result as for O(user_name).
    type: str
  filter:
    description:
      - A SCIM 1.1 filter, such as V(name.familyName eq "Archer"). The module sends it unchanged. It uses SCIM names, not the names of
        options.
      - The service decides which attributes and operators it supports. It may ignore the filter and return all users. The module does
        not filter the result.
      - The module warns if the filter excluded no user, which costs one more request. If you did not expect all users, the
        service ignored the filter.
      - If the service refuses the filter, the task fails with the error message of the service.
    type: str
  effective:
    description:
      - Whether to return RV(users[].effective_groups), the groups that each user is in, directly or through nested groups. The module
        then reads the list of groups once.
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

- name: Check that the user exists and can sign on
  ansible.builtin.assert:
    that:
      - found.users | length == 1
      - found.users[0].active | default(true)

- name: Look up the groups of the user, including inherited ones
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

- name: Find users by family name
  pingone.directory.p1_user_info:
    filter: name.familyName eq "Archer"

- name: Read all users
  pingone.directory.p1_user_info:
  register: all

- name: Check that no user has an email address of another domain
  ansible.builtin.assert:
    that: item.emails | default([]) | map(attribute='value') | reject('search', '@example[.]org$') | length == 0
    quiet: true
  loop: "{{ all.users }}"
  loop_control:
    label: "{{ item.user_name }}"
"""

RETURN = r"""
users:
  description:
    - The users, sorted by name, in the form of the options of M(pingone.directory.p1_user).
    - Attributes without a value are omitted. A password is never returned.
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
      description: Name that the user signs on with.
      type: str
      returned: always
      sample: marcher
    active:
      description: Whether the account is enabled.
      type: bool
      returned: if the service reports it
      sample: true
    member_of:
      description: Groups that the service lists for the user. The service decides whether they include inherited groups.
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
      description: State of the account as reported by the service.
      type: str
      returned: always
      sample: ACTIVE
    created:
      description: When the user was created.
      type: str
      returned: always
      sample: "2015-04-15T12:44:14.227-06:00"
    last_modified:
      description: When the user was last changed. A sign-on counts as a change.
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
        - The groups that make the user an administrator, C(Domain Administrators) first. The list is empty for other users.
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
      description: The groups of the user according to the members of the groups. Direct groups come first, and groups are sorted by name.
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
          description: Whether the user is a direct member of the group.
          type: bool
          returned: always
          sample: false
        path:
          description:
            - Names of the groups from this group to the group that directly contains the user, both included. If there are several
              paths, it is one of the shortest.
          type: list
          elements: str
          returned: always
          sample: [Engineering, Contractors]
total:
  description: Number of users in the list.
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
    operation: list users with the filter 'userName sounds "ann"'
    status: 400
    detail: Filter not supported
  contains:
    operation:
      description: The operation and its object.
      type: str
      returned: always
      sample: list users with the filter 'userName sounds "ann"'
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
from ansible_collections.pingone.directory.plugins.module_utils._tasks.user_info import UserInfoTask


def main():
    run_module(UserInfoTask)


if __name__ == "__main__":
    main()
