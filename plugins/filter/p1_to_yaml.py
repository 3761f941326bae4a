# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_to_yaml: write data of the directory as YAML that Ansible can read without evaluating templates in it."""

from __future__ import annotations

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_to_yaml
short_description: Write YAML and mark text that Ansible would evaluate
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Converts data of the directory to YAML text. Text that Ansible would evaluate when the document is read as variables, such as
    the name C({{ lookup(...) }}) of a group, is marked with C(!unsafe).
  - Text that is not valid Unicode (half of a surrogate pair) is written with the replacement character (U+FFFD).
options:
  _input:
    description: Dictionaries, lists, text, numbers, booleans and nulls.
    type: raw
    required: true
seealso:
  - plugin: pingone.directory.p1_from_yaml
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read a user
  pingone.directory.p1_user_info:
    user_name: marcher
  register: found

- name: Write the groups of the user to a file
  ansible.builtin.copy:
    content: "{{ found.users[0].member_of | pingone.directory.p1_to_yaml }}"
    dest: marcher.yml
    mode: "0600"
"""

RETURN = r"""
_value:
  description: The YAML text.
  type: str
"""


def p1_to_yaml(value):
    """Return data as YAML text, in which text that Ansible would evaluate is marked."""
    # Ansible loads every filter file in each task that uses a filter, so imports wait for the call.
    from ansible_collections.pingone.directory.plugins.module_utils._core.unicode import replace_invalid
    from ansible_collections.pingone.directory.plugins.module_utils._documents.writing import dump_yaml

    return wrap_var(dump_yaml(replace_invalid(_plain(value))))


def _plain(value):
    """Convert data from Ansible's own types, which the YAML library does not know, to plain Python types."""
    if isinstance(value, dict):
        return {_plain(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        return "".join(value)
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    if value is None:
        return None
    raise AnsibleFilterError(f"p1_to_yaml: {type(value).__name__} is not plain data")


class FilterModule:
    """The filters of this file."""

    def filters(self):
        return {"p1_to_yaml": p1_to_yaml}
