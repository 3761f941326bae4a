# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: plain data from YAML that the collection has written, without evaluating anything in it."""

from __future__ import annotations

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: p1_from_yaml
short_description: Plain data from the YAML of an export, a backup or an offboarding record
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Reads YAML text such as M(pingone.directory.p1_directory_export), the O(pingone.directory.p1_directory#module:backup) of
    M(pingone.directory.p1_directory) and the role P(pingone.directory.user_offboard#role) write it. JSON text is YAML, too.
  - Names and attributes in such a document are text of the directory, and a user may be able to edit their own. Nothing in
    it is evaluated, neither by this filter nor where the result is used later.
  - The mark C(!unsafe), which the documents carry at text that Ansible would evaluate, is taken back.
  - Dates remain text, and so do numbers that would be written otherwise, such as C(0042).
  - Keys that stand twice, vaulted values and tags of YAML that stand for code are refused, as are nesting of more than 100
    levels and aliases that stand for too many values. A refusal shows no value.
positional: name
options:
  _input:
    description: The text.
    type: str
    required: true
  name:
    description: What the text is called in a refusal, such as the name of its file.
    type: str
seealso:
  - plugin: pingone.directory.p1_to_yaml
    plugin_type: filter
notes:
  - C(ansible.builtin.include_vars), C(vars_files) and C(ansible.builtin.from_yaml) evaluate text of a document that carries no
    mark, such as JSON, once it is used as a variable. C(ansible.builtin.from_yaml) of ansible-core 2.16 to 2.18 does not know
    the mark.
"""

EXAMPLES = r"""
- name: Write the directory
  pingone.directory.p1_directory_export:
    dest: directory.yml

- name: Show the names of the groups, whatever they hold
  ansible.builtin.debug:
    msg: "{{ document.groups | map(attribute='display_name') | join('; ') }}"
  vars:
    document: "{{ lookup('ansible.builtin.file', 'directory.yml') | pingone.directory.p1_from_yaml }}"
"""

RETURN = r"""
_value:
  description: What the text holds, V(null) where it is empty. No text in it is ever evaluated.
  type: raw
"""


def p1_from_yaml(text, name="p1_from_yaml"):
    """Return the plain data of YAML text; nothing in it is ever evaluated as a template."""
    # Ansible loads all filters in each task that uses one; what they rest on is loaded where it is called.
    from ansible_collections.pingone.directory.plugins.module_utils._core.errors import DirectoryError
    from ansible_collections.pingone.directory.plugins.module_utils._documents.yaml_reading import load_yaml

    if not isinstance(text, str):
        raise AnsibleFilterError(f"{name}: the input must be text, not {type(text).__name__}")
    problems = []
    try:
        value = load_yaml("".join(text), name, problems)
    except DirectoryError as error:
        raise AnsibleFilterError(f"{name}: {error}") from None
    if problems:
        raise AnsibleFilterError("; ".join(problems))
    return wrap_var(_plain(value))


def _plain(value):
    """Dictionaries that know their line are of no use here, and unknown to Ansible."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


class FilterModule:
    """The filters of this file."""

    def filters(self):
        return {"p1_from_yaml": p1_from_yaml}
