# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_list: convert the answer of a survey, a form or a variables file to a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.pingone.directory.plugins.plugin_utils._survey import SurveyError, list_of

DOCUMENTATION = r"""
name: p1_list
short_description: Convert a list, YAML or JSON text, or lines of text to a list
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Converts the answer of an AWX survey, a form or a variables file to a list of texts, or with O(keys) to a list of dictionaries.
  - The answer can be a list, YAML or JSON text of a list, or text with one value per line, with or without a dash before it. The
    filter does not split at commas, because names of groups contain them.
  - V(null), empty text and empty lines are removed. The list is empty if nothing is left.
  - In text, C(007), C(no) and C(2024-01-01) are names. In a list, YAML has already converted them to other types. The filter then
    fails and advises quotes. It also fails if YAML would treat a part of a name as a comment.
positional: keys, name
options:
  _input:
    description: The answer.
    type: raw
    required: true
  keys:
    description:
      - Two names. Each value is then a dictionary with these two keys, or text with both values separated by a colon and a blank.
        The filter splits the text at the first separator.
    type: list
    elements: str
  name:
    description:
      - Name of the answer, such as the name of a variable. Error messages begin with it.
    type: str
seealso:
  - plugin: pingone.directory.p1_dict
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show that each form gives the same two groups
  ansible.builtin.assert:
    that:
      - answer | pingone.directory.p1_list == ['Sales, EU', 'Users']
  loop:
    - text: "Sales, EU\nUsers\n"
    - text: "- Sales, EU\n- Users\n"
    - text: '["Sales, EU", "Users"]'
  vars:
    answer: "{{ item.text }}"

- name: Show pairs, and name the variable in an error
  ansible.builtin.debug:
    msg: "{{ text | pingone.directory.p1_list(keys=['user_name', 'group'], name='grant') }}"
  vars:
    text: |
      ann@example.org: Sales, EU
      bob@example.org: arn:aws:iam::1:role/x
"""

RETURN = r"""
_value:
  description: The list.
  type: list
  elements: raw
"""


def p1_list(value: Any, keys: Sequence[str] | None = None, name: str | None = None) -> list[Any]:
    """Return a list from an answer, see ``_survey.list_of``. Ansible never treats a value in it as a template.

    :param name: the name of the answer, which error messages begin with.
    :raises AnsibleFilterError: the answer is invalid.
    """
    if keys is not None and len(keys) != 2:
        raise AnsibleFilterError("p1_list: keys must be a list of two names")
    try:
        return wrap_var(list_of(value, keys))
    except SurveyError as error:
        raise AnsibleFilterError(f"{name or 'p1_list'}: {error}") from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_list": p1_list}
