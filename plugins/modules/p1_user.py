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
    SCIM 1.1 API. It is not for the newer PingOne platform.
  - One of O(id), O(user_name) and O(external_id) is required. The option O(name) is the person's name, as in SCIM, so it is
    no alias of O(user_name).
  - What is not given is left alone; V(null) counts as not given. V(""), V([]) and V({}) clear.
  - An update re-reads the user, changes only the managed attributes, sends everything else back as it was read, and
    compares the answer with the desired state.
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
      - With O(update_password=always) a O(password) is a change each time, and with O(on_ignored_attribute=warn) an
        attribute that the service does not store is written again each time.
options:
  id:
    description:
      - Id of the user. One that is not found fails, except with O(state=absent).
    type: str
  match_by:
    description:
      - How the user is found without O(id).
      - V(user_name) finds it by O(user_name). A user with an O(external_id) other than the given one is another person,
        and the task is refused.
      - V(external_id) finds it by O(external_id); a O(user_name) that differs renames it. If no user has the
        O(external_id) while the O(user_name) is in use, the task is refused, and the message shows how to link the two.
    type: str
    choices: [user_name, external_id]
    default: user_name
  user_name:
    description:
      - Name the user signs on with. Case alone is no difference.
      - With O(id) or O(match_by=external_id) a different name renames the user.
    type: str
  new_user_name:
    description:
      - Renames the user, who keeps id and memberships. Case alone is a difference here.
      - A user already renamed is unchanged. If both names are in use, the task is refused. If neither is, O(create)
        decides whether the user is created under the new name.
    type: str
  create:
    description:
      - Whether a missing user is created.
      - When not set, it is, unless the task asks to disable (O(active=false)) or to rename (O(new_user_name)) and gives
        none of O(name), O(emails) and O(external_id). A typing mistake in O(user_name) would otherwise create an account.
        The task then fails and names similar user names; in check mode it warns.
      - V(true) creates a missing user in any case. V(false) never does, and the task fails.
    type: bool
  state:
    description:
      - V(present) creates or updates the user, V(absent) deletes it.
      - To keep the account and take its access, use O(active=false).
    type: str
    choices: [present, absent]
    default: present
  password_mail:
    description:
      - After a create, have the service mail the user a link to set a password. It needs O(emails). Nothing is mailed for a
        user that exists already, and the link is never returned.
      - A new user needs this or a O(password) that you hand over. With neither, no one can sign on with the account.
    type: bool
    default: false
  groups:
    description:
      - Names of groups that the user is added to. O(membership) decides whether the user leaves the other groups.
      - Text is one name and is not split at commas, because names of groups contain them.
      - A group that does not exist fails the task; in check mode it is a warning, because an earlier task may create it.
    type: list
    elements: str
  membership:
    description:
      - Whether the user leaves the groups that O(groups) does not list.
      - V(additive) never removes a membership.
      - V(exact) makes the user a direct member of the listed groups and of no others. Use it for a user who changes teams.
        It needs O(groups); with V([]) the user leaves all groups but those that stay, as for a leaver.
      - These stay in any case, C(Users), C(Domain Administrators), every group nested in C(Domain Administrators), the group of
        O(default_group), and the groups that match O(keep_groups). A user who thereby remains an administrator is a warning.
      - Groups that hold the user only through a nested group are not changed.
      - V(exact) reads the list of all groups. If the list may be incomplete and the user would leave a group, the task
        fails before anything is written.
    type: str
    choices: [additive, exact]
    default: additive
  keep_groups:
    description:
      - Shell patterns of groups that the user does not leave under O(membership=exact), such as V(app-*). A name that
        contains C([) matches itself too; case makes no difference.
      - Use it for groups that another team or another system assigns. Without O(membership=exact) it has no effect.
    type: list
    elements: str
  refuse_administering_groups:
    description:
      - Whether to refuse a group of O(groups), or an O(default_group), that makes its members administrators, which is C(Domain Administrators) and every
        group nested in it, at any depth. The task then fails before anything is written.
      - Set it where people who are not administrators name the groups, as in a survey. It reads the list of groups once, and
        only if something is to be changed.
    type: bool
    default: false
notes:
  - C(display_name), C(title), C(phone_numbers), C(addresses) and others are off in a new directory until an administrator
    enables them in the console. O(on_ignored_attribute) decides what follows if the service does not store them.
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
        # The lookup keeps the random password in this file. Hand it over.
        password: "{{ lookup('ansible.builtin.password', 'first-passwords/jdoe', length=20) }}"
        password_expired: true  # Jane has to choose another one

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

    - name: Set an attribute that has no option of its own
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

    - name: Find the user by that number and rename it if the user name differs
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
    - The user in the form of the options, as it is, or in check mode as it would be; with O(state=absent) as it was.
    - Attributes that have no value are left out.
  returned: always; none where there is no user
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
      description: Id of the user; none in check mode while it does not exist yet.
      type: str
      returned: always
      sample: a7d67610-ceb5-4350-ba5a-746472c4f1f7
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
    operation: update user 'ann@example.org'
    status: 403
    detail: Group is read only
  contains:
    operation:
      description: What was attempted, on what.
      type: str
      returned: always
      sample: update user 'ann@example.org'
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
from ansible_collections.pingone.directory.plugins.module_utils._tasks.user import UserTask


def main():
    run_module(UserTask)


if __name__ == "__main__":
    main()
