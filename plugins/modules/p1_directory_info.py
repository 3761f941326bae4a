#!/usr/bin/python

# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read a whole PingOne for Enterprise Directory."""

from __future__ import annotations

DOCUMENTATION = r"""
module: p1_directory_info
short_description: Read a whole PingOne for Enterprise Directory as a wish
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Reads all users, groups and memberships of a PingOne for Enterprise Directory, in the form that
    M(pingone.directory.p1_directory) takes. Given back to it, that plans nothing.
  - The data of all people travel through the task's result, and into whatever records it. For a large directory, and to
    keep it, M(pingone.directory.p1_directory_export) writes files instead.
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.reads
options:
  scope:
    description:
      - What to look at; everything by default. As in M(pingone.directory.p1_directory).
    type: dict
    suboptions:
      users:
        description: For each attribute a list of shell patterns.
        type: dict
      groups:
        description: Likewise for groups, by V(display_name).
        type: dict
  with_ids:
    description:
      - Whether every object carries its id. By default only those whose name is not unique do.
    type: bool
    default: false
  probe:
    description:
      - Also tell what the service was seen to do, such as whether it honors filters.
    type: bool
    default: false
seealso:
  - module: pingone.directory.p1_directory
  - module: pingone.directory.p1_directory_export
"""

EXAMPLES = r"""
- name: Everything there is
  pingone.directory.p1_directory_info:
    probe: true
  register: now

- name: Given back, it is no change
  pingone.directory.p1_directory:
    users: "{{ now.directory.users }}"
    groups: "{{ now.directory.groups }}"
  check_mode: true
"""

RETURN = r"""
directory:
  description:
    - The directory in the input form of M(pingone.directory.p1_directory), without anything read-only or secret.
    - The groups leave out C(membership), so that O(pingone.directory.p1_directory#module:membership) decides whether their members
      are all members. M(pingone.directory.p1_directory_export) writes it into each group.
  returned: always
  type: dict
  sample:
    users:
      - user_name: marcher
        active: true
        name:
          given_name: Meredith
          family_name: Archer
    groups:
      - display_name: Engineering
        members:
          users:
            - marcher
  contains:
    users:
      description: The users, sorted by name.
      type: list
      elements: dict
      returned: always
      sample: []
    groups:
      description: The groups with their members, sorted by name.
      type: list
      elements: dict
      returned: always
      sample: []
counts:
  description: How many users and groups there are in it.
  returned: always
  type: dict
  sample:
    users: 42
    groups: 7
probe:
  description:
    - What the service was seen to do. A filter is V(honored), V(ignored), V(refused), or V(finds nothing), and V(unknown)
      where there was nothing to try it on.
  returned: always; none without O(probe=true)
  type: dict
  sample:
    user_filter: honored
    user_page_sizes:
      - 42
      - 0
    user_list_complete: true
    group_filter: honored
    group_page_sizes:
      - 7
      - 0
    group_list_complete: true
api:
  description: How many requests the task has sent, retries included.
  returned: always
  type: dict
  sample:
    reads: 2
    writes: 0
    retries: 0
    throttled_seconds: 0.0
  contains:
    reads:
      description: Requests that read.
      type: int
      returned: always
      sample: 2
    writes:
      description: Requests that write.
      type: int
      returned: always
      sample: 0
    retries:
      description: Requests that were repeats of one before.
      type: int
      returned: always
      sample: 0
    throttled_seconds:
      description: Seconds spent waiting because the service asked to slow down.
      type: float
      returned: always
      sample: 0.0
failure:
  description: What failed, for a machine to read.
  returned: on failure
  type: dict
  sample:
    operation: read the directory
    status: 401
    detail: Not authorized
  contains:
    operation:
      description: What was attempted, on what.
      type: str
      returned: always
      sample: read the directory
    status:
      description: HTTP status of the answer; none without an answer.
      type: int
      returned: always
      sample: 401
    detail:
      description: The service's own words, if it said any.
      type: str
      returned: always
      sample: Not authorized
"""

from ansible_collections.pingone.directory.plugins.module_utils._module import run_module
from ansible_collections.pingone.directory.plugins.module_utils._tasks.directory_info import DirectoryInfoTask


def main():
    run_module(DirectoryInfoTask)


if __name__ == "__main__":
    main()
