# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: a dictionary from whatever a survey, a form or a variables file gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.pingone.directory.plugins.plugin_utils._survey import SurveyError, dict_of

DOCUMENTATION = r"""
name: p1_dict
short_description: A dictionary from a dictionary, or from YAML or JSON text
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Gives a dictionary from what a survey of AWX, a form or a variables file gives.
  - What is empty in it, at any depth, is not given, and left out.
  - In YAML text every value is text but C(true), C(false) and C(null), so that C(007) and C(2024-01-01) remain what was
    typed. JSON text keeps numbers.
positional: known, name
options:
  _input:
    description: What was given.
    type: raw
    required: true
  known:
    description: The keys it may have; any other is refused. Without it all keys are accepted.
    type: list
    elements: str
  name:
    description:
      - What the value is called where it was given, such as the name of a variable. A refusal then begins with it.
    type: str
seealso:
  - plugin: pingone.directory.p1_list
    plugin_type: filter
"""

EXAMPLES = r"""
- name: What was typed, without what was left empty
  ansible.builtin.assert:
    that:
      - "text | pingone.directory.p1_dict(known=['title', 'nick_name']) == {'title': 'Engineer'}"
  vars:
    text: |
      title: Engineer
      nick_name: ""
"""

RETURN = r"""
_value:
  description: The dictionary.
  type: dict
"""


def p1_dict(value: Any, known: Sequence[str] | None = None, name: str | None = None) -> dict[Any, Any]:
    """Return a dictionary from an answer, see ``_survey.dict_of``; no value in it is treated as a template.

    :param name: the name that an error begins with.
    :raises AnsibleFilterError: the answer cannot be understood.
    """
    try:
        return wrap_var(dict_of(value, known))
    except SurveyError as error:
        raise AnsibleFilterError(f"{name or 'p1_dict'}: {error}") from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"p1_dict": p1_dict}
