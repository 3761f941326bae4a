# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The attribute options of a user."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  external_id:
    description:
      - The id of this person in another system, such as the one of human resources. It is compared exactly.
      - A value that another user holds is refused, because the service would treat a create with it as an update of
        that user.
    type: str
  active:
    description:
      - Whether the account may be used. V(false) disables it, V(true) enables it.
    type: bool
  name:
    description:
      - The parts of the name. Each one that is given is managed by itself; V({}) clears them all.
    type: dict
    suboptions:
      given_name:
        description: First name.
        type: str
      family_name:
        description: Last name.
        type: str
      middle_name:
        description: Middle name.
        type: str
      honorific_prefix:
        description: Title before the name.
        type: str
      honorific_suffix:
        description: Suffix after the name.
        type: str
      formatted:
        description: The whole name as it is to be shown.
        type: str
  display_name:
    description: Name to be shown. Off in a directory until it is enabled.
    type: str
  nick_name:
    description: Casual name. Off in a directory until it is enabled.
    type: str
  profile_url:
    description: URL of a profile page. Off in a directory until it is enabled.
    type: str
  title:
    description: Job title. Off in a directory until it is enabled.
    type: str
  user_type:
    description: Kind of the user, in words of your own.
    type: str
  preferred_language:
    description: Language, such as V(en_US). Off in a directory until it is enabled.
    type: str
  locale:
    description: Locale for formats. Off in a directory until it is enabled.
    type: str
  timezone:
    description: Time zone, such as V(America/Denver). Off in a directory until it is enabled.
    type: str
  emails:
    description:
      - E-mail addresses. PingOne asks for one when a user is created in its console.
    type: list
    elements: dict
    suboptions: &plural
      value:
        description: The value itself.
        type: str
        required: true
      type:
        description: Kind of the value, such as V(work) or V(home). Case makes no difference.
        type: str
      primary:
        description: Whether this is the main one. At most one item of a list may be.
        type: bool
      display:
        description: Text to be shown. The service may make it itself.
        type: str
  phone_numbers:
    description: Phone numbers. Off in a directory until they are enabled.
    type: list
    elements: dict
    suboptions: *plural
  entitlements:
    description: Entitlements. Off in a directory until they are enabled.
    type: list
    elements: dict
    suboptions: *plural
  addresses:
    description: Postal addresses. Off in a directory until they are enabled.
    type: list
    elements: dict
    suboptions:
      formatted:
        description: The whole address as it is to be shown.
        type: str
      street_address:
        description: Street and number.
        type: str
      locality:
        description: City.
        type: str
      region:
        description: State or region.
        type: str
      postal_code:
        description: Postal code.
        type: str
      country:
        description: Country as an ISO 3166-1 alpha-2 code.
        type: str
      type:
        description: Kind of the address, such as V(work) or V(home). Case makes no difference.
        type: str
      primary:
        description: Whether this is the main one. At most one item of the list may be.
        type: bool
  enterprise:
    description:
      - Attributes of the SCIM enterprise extension. Each one that is given is managed by itself; V({}) clears them all.
    type: dict
    suboptions:
      employee_number:
        description: Number of the employee.
        type: str
      cost_center:
        description: Cost center.
        type: str
      organization:
        description: Organization.
        type: str
      division:
        description: Division.
        type: str
      department:
        description: Department.
        type: str
      manager:
        description: The user's manager.
        type: dict
        suboptions:
          manager_id:
            description: Id of the manager.
            type: str
          display_name:
            description: Name of the manager. The service may make it itself.
            type: str
  attributes:
    description:
      - Any other attribute, under its raw SCIM name, extensions under their URN. V(null) takes an attribute away.
      - Dictionaries are merged key by key; lists are exact.
      - Refused are C(password), C(id), C(meta), C(groups), C(members), C(schemas) and whatever has an option of its own, in
        any case, as a path, and with the URN of the core schema.
    type: dict
  password:
    description:
      - Password of the user. O(update_password) decides when it is sent.
      - It is write-only, and never part of a result, a diff or a message of the module.
      - Ansible itself prints the item of a loop. If the items are dictionaries that contain passwords, C(loop_control.label)
        hides them in normal output only; with C(-v), in logs and in AWX the whole item is shown. Loop over the names and look the
        password up in a dictionary, or set C(no_log=true) for the task.
      - C($encrypted$), which AWX stores in place of a secret, is refused.
    type: str
  password_expired:
    description:
      - Whether the user has to choose a new password at the next sign-on.
      - Follows O(update_password), so by default it is set on create alone; that the flag is gone later is no change.
    type: bool
"""

    # How those options are written; shared by p1_user and the task level of p1_directory.
    SETTINGS = r"""
options:
  update_password:
    description:
      - V(on_create) sends C(password) and C(password_expired) only when the user is created.
      - V(always) sends them in every run, and the task is always changed. A directory that blocks prior passwords may
        refuse it.
    type: str
    choices: [on_create, always]
    default: on_create
  multi_valued:
    description:
      - V(exact) takes every list of attribute values as the whole list.
      - V(by_type) manages only the types that are named in the list, so that, for example, a private address a user has
        added stays; an empty list then names no type and changes nothing. An item without a type is the one of its value,
        whatever its type; its type stays as it is.
    type: str
    choices: [exact, by_type]
    default: exact
  default_group:
    description:
      - Group a new user is put into by the create itself. V(DEFAULT_USER_GROUP) stands for the group C(Users) of the
        directory; otherwise the id or the name of a group, which then takes the place of C(Users).
      - Without it the service decides. Used on create alone.
    type: str
  on_ignored_attribute:
    description:
      - What to do if the service accepts a write but does not store an attribute, which may happen with attributes that are
        not enabled in its console.
      - With V(warn) the task continues, C(changed) reflects what was stored, and the write recurs in each run.
      - If C(active) or a new name was not stored, the task always fails.
    type: str
    choices: [fail, warn]
    default: fail
"""
