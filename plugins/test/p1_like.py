# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The test p1_like: whether a name matches shell patterns, as p1_directory compares them."""

from __future__ import annotations

from ansible_collections.pingone.directory.plugins.module_utils._core.patterns import Patterns

DOCUMENTATION = r"""
name: p1_like
short_description: Test whether a name matches one of several shell patterns
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Returns whether a name matches one of the patterns, as in O(pingone.directory.p1_directory#module:protected_users).
    C(*) matches any text, C(?) one character, and C([ab]) one of the characters. Case is ignored.
positional: patterns
options:
  _input:
    description: The name.
    type: str
    required: true
  patterns:
    description: The patterns.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Check which names are service accounts
  ansible.builtin.assert:
    that:
      - "'svc-backup' is pingone.directory.p1_like(['svc-*'])"
      - "'ann@example.org' is not pingone.directory.p1_like(['svc-*'])"
"""

RETURN = r"""
_value:
  description: Whether the name matches.
  type: bool
"""


def p1_like(name, patterns):
    """Return whether a name matches one of the patterns."""
    return Patterns(patterns).match(str(name))


class TestModule:
    """The tests of this file."""

    def tests(self):
        return {"p1_like": p1_like}
