# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: a list from whatever a survey, a form or a variables file gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.pingone.directory.plugins.plugin_utils._survey import SurveyError, list_of

DOCUMENTATION = r"""
name: p1_list
short_description: A list from a list, YAML or JSON text, or one value a line
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Gives a list of texts, or of dictionaries with O(keys), from what a survey of AWX, a form or a variables file gives.
  - A list is taken as it is. Text may be JSON, or YAML, of a list, or hold one value a line, with or without a dash before
    it. Nothing is split at commas, because names of groups hold them.
  - V(null), empty text and empty lines are not given; nothing given is an empty list.
  - Names remain what was typed. In text C(007), C(no) and C(2024-01-01) are names; in a list, where YAML has already
    made something else of them, they are refused with the advice to put them in quotes. So is text in which YAML
    would take part of a name for a comment.
positional: keys, name
options:
  _input:
    description: What was given.
    type: raw
    required: true
  keys:
    description:
      - Two names. Each value is then a dictionary of these two, or a text of both with a colon and a blank between them,
        split at the first one.
    type: list
    elements: str
  name:
    description:
      - What the value is called where it was given, such as the name of a variable. A refusal then begins with it.
    type: str
seealso:
  - plugin: pingone.directory.p1_dict
    plugin_type: filter
"""

EXAMPLES = r"""
- name: The same two groups, each time
  ansible.builtin.assert:
    that:
      - given | pingone.directory.p1_list == ['Sales, EU', 'Users']
  loop:
    - text: "Sales, EU\nUsers\n"
    - text: "- Sales, EU\n- Users\n"
    - text: '["Sales, EU", "Users"]'
  vars:
    given: "{{ item.text }}"

- name: Pairs, and what was refused is told by name
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
    """Return a list from an answer, see ``_survey.list_of``; no value in it is treated as a template.

    :param name: the name that an error begins with.
    :raises AnsibleFilterError: the answer cannot be understood.
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
