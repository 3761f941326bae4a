# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter p1_dict: convert the answer of a survey, a form or a variables file to a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.pingone.directory.plugins.plugin_utils._survey import SurveyError, dict_of

DOCUMENTATION = r"""
name: p1_dict
short_description: Convert a dictionary, or YAML or JSON text, to a dictionary
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Converts the answer of an AWX survey, a form or a variables file to a dictionary.
  - Empty values at any depth are removed.
  - In YAML text, every value except C(true), C(false) and C(null) is text, so C(007) and C(2024-01-01) are not converted. In JSON
    text, numbers remain numbers.
positional: known, name
options:
  _input:
    description: The answer.
    type: raw
    required: true
  known:
    description: The valid keys. By default all keys are valid.
    type: list
    elements: str
  name:
    description:
      - Name of the answer, such as the name of a variable. Error messages begin with it.
    type: str
seealso:
  - plugin: pingone.directory.p1_list
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show that empty answers are removed
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
    """Return a dictionary from an answer, see ``_survey.dict_of``. Ansible never treats a value in it as a template.

    :param name: the name of the answer, which error messages begin with.
    :raises AnsibleFilterError: the answer is invalid.
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
