#!/usr/bin/python

# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manage a user of a PingOne for Enterprise Directory."""

from __future__ import annotations

DOCUMENTATION = r"""
module: p1_user
short_description: Manage a user of a PingOne for Enterprise Directory
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Creates, updates, renames, disables, enables and deletes one user of a PingOne for Enterprise Directory, over its
    SCIM 1.1 API. It does not work with the newer PingOne platform.
  - One of O(id), O(user_name) and O(external_id) is required. The option O(name) is the person's name, as in SCIM, and not an
    alias of O(user_name).
  - Attributes that are omitted or V(null) are not changed. V(""), V([]) and V({}) clear an attribute.
  - For an update, the module re-reads the user, changes only the managed attributes, sends everything else back as it was
    read, and compares the response with the desired state.
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.user
  - pingone.directory.user.settings
  - pingone.directory.attributes
  - pingone.directory.attributes.writes
attributes:
  idempotent:
    support: partial
    details:
      - With O(update_password=always), every run sends the O(password) and reports a change. With O(on_ignored_attribute=warn),
        every run tries again to write an attribute that the service does not store.
options:
  id:
    description:
      - Id of the user. The task fails if no user has it, except with O(state=absent).
    type: str
  match_by:
    description:
      - How the module finds the user if O(id) is not set.
      - V(user_name) uses O(user_name). If that user has a different O(external_id) than the task, it is another person, and the
        task fails.
      - V(external_id) uses O(external_id), and renames the user if O(user_name) differs. If no user has the
        O(external_id) but the O(user_name) is in use, the task fails, and the message shows how to link the two.
    type: str
    choices: [user_name, external_id]
    default: user_name
  user_name:
    description:
      - Name that the user signs on with. Case is ignored.
      - With O(id) or O(match_by=external_id), a different name renames the user.
    type: str
  new_user_name:
    description:
      - Renames the user, who keeps the id and the memberships. A name that differs only in case renames the user, too.
      - If the user already has the new name, nothing changes. If both names are in use, the task fails. If neither is, O(create)
        decides whether the module creates the user under the new name.
    type: str
  create:
    description:
      - Whether to create a missing user.
      - V(true) always creates it. V(false) never creates it, and the task fails.
      - By default the module creates it, unless the task asks to disable (O(active=false)) or rename (O(new_user_name)) and sets
        none of O(name), O(emails) and O(external_id). Otherwise, a typo in O(user_name) would create an account.
        The task then fails and lists similar user names; in check mode it warns.
    type: bool
  state:
    description:
      - V(present) creates or updates the user. V(absent) deletes the user.
      - To keep the account but revoke its access, use O(active=false).
    type: str
    choices: [present, absent]
    default: present
  password_mail:
    description:
      - Whether the service mails a new user a link to set a password. It requires O(emails). The service mails nothing to an existing
        user, and the module never returns the link.
      - A new user needs this or a O(password) that you hand over. Without either, the user cannot sign on.
    type: bool
    default: false
  groups:
    description:
      - Names of groups that the user is added to. O(membership) decides whether the user leaves the other groups.
      - Text is one name and is not split at commas, because names of groups contain them.
      - If a group does not exist, the task fails. In check mode, it warns instead, because an earlier task may create the group.
    type: list
    elements: str
  membership:
    description:
      - Whether the user leaves the groups that O(groups) does not list.
      - V(additive) never removes a membership.
      - V(exact) makes the user a direct member of the listed groups and of no others. Use it for a user who changes teams.
        It requires O(groups). With V([]), for example for a leaver, the user leaves all groups except those described next.
      - The user never leaves C(Users), C(Domain Administrators), a group nested in C(Domain Administrators), the group of
        O(default_group), or a group that matches O(keep_groups). The module warns if the user therefore remains an administrator.
      - Groups that contain the user only through a nested group are not changed.
      - V(exact) reads the list of all groups. If the list may be incomplete and the user would leave a group, the task
        fails before anything is written.
    type: str
    choices: [additive, exact]
    default: additive
  keep_groups:
    description:
      - Shell patterns of groups that the user does not leave under O(membership=exact), such as V(app-*). A pattern
        that contains C([) also matches the group with exactly that name. Case is ignored.
      - Use it for groups that another team or another system assigns. Without O(membership=exact) it has no effect.
    type: list
    elements: str
  refuse_administering_groups:
    description:
      - Whether to refuse a group in O(groups), or an O(default_group), that makes its members administrators. These are
        C(Domain Administrators) and every group nested in it, at any depth. The task then fails before the first write.
      - Set it if people who are not administrators enter the names of the groups, for example in a survey. The module then reads the
        list of groups once, and only if something changes.
    type: bool
    default: false
notes:
  - C(display_name), C(title), C(phone_numbers), C(addresses) and other attributes are disabled in a new directory until an
    administrator enables them in the console. O(on_ignored_attribute) decides what happens if the service does not store them.
  - Before a user is created with an O(external_id), the module verifies that no user has it, because the service would
    overwrite that user.
seealso:
  - module: pingone.directory.p1_group
  - module: pingone.directory.p1_group_membership
"""

EXAMPLES = r"""
- name: Set the connection once for all modules
  hosts: localhost
  connection: local
  gather_facts: false
  module_defaults:
    group/pingone.directory.p1:
      client_id: "{{ lookup('ansible.builtin.env', 'P1_CLIENT_ID') }}"
      api_key: "{{ lookup('ansible.builtin.env', 'P1_API_KEY') }}"
      region: na
  tasks:
    - name: Create a user who sets the password with a mailed link
      pingone.directory.p1_user:
        user_name: marcher
        name:
          given_name: Meredith
          family_name: Archer
        emails:
          - value: meredith.archer@pingdevelopers.com
            type: work
            primary: true
        password_mail: true

    - name: Create a user with a first password that you hand over
      pingone.directory.p1_user:
        user_name: jdoe
        name:
          given_name: Jane
          family_name: Doe
        default_group: DEFAULT_USER_GROUP
        # The lookup stores the random password in this file. Give it to the user.
        password: "{{ lookup('ansible.builtin.password', 'first-passwords/jdoe', length=20) }}"
        password_expired: true  # Jane must choose a new password

    - name: Set the job title and leave everything else as it is
      pingone.directory.p1_user:
        user_name: marcher
        title: Software Developer
        create: false  # fail if the user does not exist

    - name: Clear the job title
      pingone.directory.p1_user:
        user_name: marcher
        title: ""

    - name: Set the department, the employee number and the manager
      pingone.directory.p1_user:
        user_name: marcher
        enterprise:
          department: Engineering
          employee_number: "1001"
          manager:
            manager_id: "1000"

    - name: Set the phone numbers and the address
      pingone.directory.p1_user:
        user_name: marcher
        phone_numbers:
          - value: +1 303 555 0100
            type: work
          - value: +1 303 555 0101
            type: mobile
        addresses:
          - type: work
            street_address: 1001 17th Street
            locality: Denver
            region: CO
            postal_code: "80202"
            country: US

    - name: Change the work address and keep the addresses of other types
      pingone.directory.p1_user:
        user_name: marcher
        multi_valued: by_type
        emails:
          - value: m.archer@pingdevelopers.com
            type: work

    - name: Set an attribute that has no separate option
      pingone.directory.p1_user:
        user_name: marcher
        attributes:
          urn:scim:schemas:extension:badge:1.0:
            number: "4711"

    - name: Warn instead of failing if the nickname is not enabled in the directory
      pingone.directory.p1_user:
        user_name: marcher
        nick_name: Merry
        on_ignored_attribute: warn

    - name: Rename the user, who keeps the id and the groups
      pingone.directory.p1_user:
        user_name: marcher
        new_user_name: meredith.archer

    - name: Link the account to the number in the HR system
      pingone.directory.p1_user:
        user_name: meredith.archer
        external_id: "1001"

    - name: Find the user by that number and rename the user if the user name differs
      pingone.directory.p1_user:
        match_by: external_id
        external_id: "1001"
        user_name: meredith.miller

    - name: Change the password of an existing user
      pingone.directory.p1_user:
        user_name: jdoe
        password: "{{ lookup('ansible.builtin.password', 'new-passwords/jdoe', length=20) }}"
        update_password: always  # changed in every run
        password_expired: true

    - name: Add the user to two groups
      pingone.directory.p1_user:
        user_name: meredith.miller
        groups:
          - Engineering
          - VPN

    - name: Move the user to another team
      pingone.directory.p1_user:
        user_name: meredith.miller
        title: Product Manager
        groups:
          - Product
        membership: exact  # leave all other groups
        keep_groups:
          - VPN
          - app-*

    - name: Disable the account of a leaver and remove it from all groups
      pingone.directory.p1_user:
        user_name: meredith.miller
        active: false
        groups: []
        membership: exact

    - name: Enable the account again
      pingone.directory.p1_user:
        user_name: meredith.miller
        active: true

    - name: Delete the account
      pingone.directory.p1_user:
        user_name: meredith.miller
        state: absent
"""

RETURN = r"""
user:
  description:
    - The user after the task, in the form of the options. In check mode, the user as it would be. With O(state=absent), the user before
      the deletion.
    - Attributes without a value are omitted.
  returned: always; null if there is no user
  type: dict
  sample:
    id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
    user_name: marcher
    active: true
    name:
      given_name: Meredith
      family_name: Archer
    emails:
      - value: meredith.archer@pingdevelopers.com
        type: work
    member_of:
      - id: 0b854f8d-a291-4e95-ad4b-68474a666e55
        display_name: Users
    account_state: ACTIVE
    created: "2015-04-15T12:44:14.227-06:00"
    last_modified: "2015-04-15T12:44:14.227-06:00"
    last_login:
  contains:
    id:
      description: Id of the user. Null in check mode if the user does not exist yet.
      type: str
      returned: always
      sample: a7d67610-ceb5-4350-ba5a-746472c4f1f7
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
    operation: update user 'ann@example.org'
    status: 403
    detail: Group is read only
  contains:
    operation:
      description: The operation and its object.
      type: str
      returned: always
      sample: update user 'ann@example.org'
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
from ansible_collections.pingone.directory.plugins.module_utils._tasks.user import UserTask


def main():
    run_module(UserTask)


if __name__ == "__main__":
    main()
