#!/usr/bin/python

# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read a whole PingOne for Enterprise Directory."""

from __future__ import annotations

DOCUMENTATION = r"""
module: p1_directory_info
short_description: Read a whole PingOne for Enterprise Directory in the form of a desired state
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Reads all users, groups and memberships of a PingOne for Enterprise Directory, in the input form of
    M(pingone.directory.p1_directory). If you apply the result to the unchanged directory, nothing changes.
  - The result contains the data of all people, and logs and job databases may record it. For a large directory, or to keep the
    data, write files with M(pingone.directory.p1_directory_export).
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.reads
options:
  scope:
    description:
      - The users and groups to read, as in M(pingone.directory.p1_directory). By default the module reads all of them.
    type: dict
    suboptions:
      users:
        description: A list of shell patterns for each attribute.
        type: dict
      groups:
        description: A list of shell patterns for V(display_name).
        type: dict
  with_ids:
    description:
      - Whether to include the id of every object. By default only objects whose name is not unique have it.
    type: bool
    default: false
  probe:
    description:
      - Whether to return RV(probe), which reports how the service behaves, for example whether it honors filters.
    type: bool
    default: false
seealso:
  - module: pingone.directory.p1_directory
  - module: pingone.directory.p1_directory_export
"""

EXAMPLES = r"""
- name: Read the directory
  pingone.directory.p1_directory_info:
    probe: true
  register: current

- name: Show that applying it would change nothing
  pingone.directory.p1_directory:
    users: "{{ current.directory.users }}"
    groups: "{{ current.directory.groups }}"
  check_mode: true
"""

RETURN = r"""
directory:
  description:
    - The directory in the input form of M(pingone.directory.p1_directory), without read-only attributes and secrets.
    - The groups do not contain C(membership), so O(pingone.directory.p1_directory#module:membership) decides whether an apply removes
      other members. M(pingone.directory.p1_directory_export) writes C(membership) into each group.
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
  description: Number of users and groups in RV(directory).
  returned: always
  type: dict
  sample:
    users: 42
    groups: 7
probe:
  description:
    - The observed behavior of the service. A filter is V(honored), V(ignored), V(refused) or V(finds nothing), or V(unknown) if the
      directory has no object to test it with.
  returned: always; null without O(probe=true)
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
  description: Number of requests that the task sent, including retries.
  returned: always
  type: dict
  sample:
    reads: 2
    writes: 0
    retries: 0
    throttled_seconds: 0.0
  contains:
    reads:
      description: Number of read requests.
      type: int
      returned: always
      sample: 2
    writes:
      description: Number of write requests.
      type: int
      returned: always
      sample: 0
    retries:
      description: Number of retries.
      type: int
      returned: always
      sample: 0
    throttled_seconds:
      description: Seconds that the task waited because of the rate limit of the service.
      type: float
      returned: always
      sample: 0.0
failure:
  description: Details of the failure in machine-readable form.
  returned: on failure
  type: dict
  sample:
    operation: read the directory
    status: 401
    detail: Not authorized
  contains:
    operation:
      description: The operation and its object.
      type: str
      returned: always
      sample: read the directory
    status:
      description: HTTP status of the response. Null if there was no response.
      type: int
      returned: always
      sample: 401
    detail:
      description: The error message of the service, if any.
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
