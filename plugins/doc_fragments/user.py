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
      - Id of the person in another system, such as the HR system. It is compared exactly.
      - The module refuses an external id that another user has, because the service would treat a create with it as an update of
        that user.
    type: str
  active:
    description:
      - Whether the account is enabled. V(false) disables it, V(true) enables it.
    type: bool
  name:
    description:
      - The parts of the name. The module changes only the parts that are set. V({}) clears all parts.
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
        description: The whole name for display.
        type: str
  display_name:
    description: Name for display. Disabled in a new directory.
    type: str
  nick_name:
    description: Casual name. Disabled in a new directory.
    type: str
  profile_url:
    description: URL of a profile page. Disabled in a new directory.
    type: str
  title:
    description: Job title. Disabled in a new directory.
    type: str
  user_type:
    description: Kind of the user, any text.
    type: str
  preferred_language:
    description: Language, such as V(en_US). Disabled in a new directory.
    type: str
  locale:
    description: Locale for formats. Disabled in a new directory.
    type: str
  timezone:
    description: Time zone, such as V(America/Denver). Disabled in a new directory.
    type: str
  emails:
    description:
      - Email addresses. The console of PingOne requires one for a new user.
    type: list
    elements: dict
    suboptions: &plural
      value:
        description: The value itself.
        type: str
        required: true
      type:
        description: Kind of the value, such as V(work) or V(home). Case is ignored.
        type: str
      primary:
        description: Whether this is the primary value. At most one item of a list can be primary.
        type: bool
      display:
        description: Text for display. The service may generate it.
        type: str
  phone_numbers:
    description: Phone numbers. Disabled in a new directory.
    type: list
    elements: dict
    suboptions: *plural
  entitlements:
    description: Entitlements. Disabled in a new directory.
    type: list
    elements: dict
    suboptions: *plural
  addresses:
    description: Postal addresses. Disabled in a new directory.
    type: list
    elements: dict
    suboptions:
      formatted:
        description: The whole address for display.
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
        description: Kind of the address, such as V(work) or V(home). Case is ignored.
        type: str
      primary:
        description: Whether this is the primary address. At most one address can be primary.
        type: bool
  enterprise:
    description:
      - Attributes of the SCIM enterprise extension. The module changes only the attributes that are set. V({}) clears all of them.
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
            description: Name of the manager. The service may generate it.
            type: str
  attributes:
    description:
      - Other attributes, with their SCIM names as keys. The key of an extension is its URN. V(null) removes an attribute.
      - The module merges dictionaries key by key, and replaces lists.
      - The module refuses C(password), C(id), C(meta), C(groups), C(members), C(schemas) and attributes that have their own
        option. This applies in upper and lower case, as a path, and with the URN of the core schema.
    type: dict
  password:
    description:
      - Password of the user. O(update_password) decides when the module sends it.
      - The password never appears in a result, a diff or a message of the module.
      - In a loop, Ansible prints the item. If the items are dictionaries that contain passwords, C(loop_control.label) hides them only
        in normal output, but not with C(-v), in logs or in AWX. Loop over the names and look up the password in a dictionary, or
        set C(no_log=true) for the task.
      - The module refuses C($encrypted$), which AWX shows instead of a secret.
    type: str
  password_expired:
    description:
      - Whether the user must choose a new password at the next sign-on.
      - Like O(password), it follows O(update_password). By default the module sets it only when it creates the user, and the flag is not
        compared later.
    type: bool
"""

    # Options that control how attributes are written, shared by p1_user and the task level of p1_directory.
    SETTINGS = r"""
options:
  update_password:
    description:
      - When to send C(password) and C(password_expired).
      - V(on_create) sends them only when the module creates the user.
      - V(always) sends them in every run, and the task always reports a change. A directory that blocks earlier passwords may
        refuse the request.
    type: str
    choices: [on_create, always]
    default: on_create
  multi_valued:
    description:
      - How to reconcile lists of attribute values, such as C(emails).
      - V(exact) replaces the whole list.
      - V(by_type) manages only the types in the list. For example, a home address that the user added stays if the list contains only
        the type V(work). An empty list changes nothing. An item without a type matches the current item with the same value,
        which keeps its type.
    type: str
    choices: [exact, by_type]
    default: exact
  default_group:
    description:
      - Group to which the service adds a new user as a part of the create. V(DEFAULT_USER_GROUP) is the group C(Users) of the directory.
        An id or a name of another group replaces C(Users).
      - By default the service decides. The option has no effect on existing users.
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
