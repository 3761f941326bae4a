# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_from_yaml: read YAML that the collection wrote, without evaluating templates in it."""

from __future__ import annotations

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_from_yaml
short_description: Read the YAML of an export, a backup or an offboarding record
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Reads YAML or JSON text that M(pingone.directory.p1_directory_export), the O(pingone.directory.p1_directory#module:backup) of
    M(pingone.directory.p1_directory) or the role P(pingone.directory.user_offboard#role) has written.
  - Names and attributes in such a document come from the directory, and users may be able to edit their own. Ansible never
    evaluates templates in them, neither in this filter nor where the result is used later.
  - The filter removes the mark C(!unsafe), which the documents have on text that Ansible would evaluate.
  - Dates remain text, and so do numbers that would change, such as C(0042).
  - The filter refuses duplicate keys, vaulted values, YAML tags that run code, more than 100 levels of nesting, and aliases that
    expand to too many values. The error message contains no value.
positional: name
options:
  _input:
    description: The text.
    type: str
    required: true
  name:
    description: Name of the text, such as the name of its file. Error messages begin with it.
    type: str
seealso:
  - plugin: pingone.directory.p1_to_yaml
    plugin_type: filter
notes:
  - C(ansible.builtin.include_vars), C(vars_files) and C(ansible.builtin.from_yaml) evaluate text without the mark, as in JSON, as
    soon as it is used as a variable. C(ansible.builtin.from_yaml) of ansible-core 2.16 to 2.18 does not support the mark.
"""

EXAMPLES = r"""
- name: Export the directory
  pingone.directory.p1_directory_export:
    dest: directory.yml

- name: Show the names of the groups without evaluating them
  ansible.builtin.debug:
    msg: "{{ document.groups | map(attribute='display_name') | join('; ') }}"
  vars:
    document: "{{ lookup('ansible.builtin.file', 'directory.yml') | pingone.directory.p1_from_yaml }}"
"""

RETURN = r"""
_value:
  description: The data of the text. V(null) if the text is empty. Ansible never evaluates the texts in it.
  type: raw
"""


def p1_from_yaml(text, name="p1_from_yaml"):
    """Return the data of YAML text. Ansible never evaluates templates in it."""
    # Ansible loads every filter file in each task that uses a filter, so imports wait for the call.
    from ansible_collections.pingone.directory.plugins.module_utils._core import errors
    from ansible_collections.pingone.directory.plugins.module_utils._documents.yaml_reading import load_yaml

    if not isinstance(text, str):
        raise AnsibleFilterError(f"{name}: the input must be text, not {type(text).__name__}")
    problems = []
    try:
        value = load_yaml("".join(text), name, problems)
    except errors.DirectoryError as error:
        raise AnsibleFilterError(f"{name}: {error}") from None
    if problems:
        raise AnsibleFilterError("; ".join(problems))
    return wrap_var(_plain(value))


def _plain(value):
    """Convert the dictionaries with line numbers, a type that Ansible does not know, to plain dictionaries."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


class FilterModule:
    """The filters of this file."""

    def filters(self):
        return {"p1_from_yaml": p1_from_yaml}
