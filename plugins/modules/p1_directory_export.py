#!/usr/bin/python

# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write a whole PingOne for Enterprise Directory to files."""

from __future__ import annotations

DOCUMENTATION = r"""
module: p1_directory_export
short_description: Export a whole PingOne for Enterprise Directory to files that can be applied again
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Writes all users, groups and memberships of a PingOne for Enterprise Directory to a document, or a folder of documents,
    for O(pingone.directory.p1_directory#module:src) of M(pingone.directory.p1_directory). If you apply it to the unchanged
    directory, nothing changes.
  - The order is stable, and members are listed by name, so you can keep the files in version control.
  - If the read may be incomplete, the task warns, and neither replaces nor removes an existing export.
  - The module only reads from the service. It writes files on the host where it runs. Only the owner can read a new file. An existing
    file keeps its permissions.
requirements:
  - PyYAML, for O(format=yaml)
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.writes
options:
  dest:
    description:
      - Path of a file or a folder. It is a folder if a folder with this path exists, or if it ends in C(/).
      - In a folder, the module writes one file with all users and one file per group. It removes the YAML files that an earlier export
        wrote for groups that no longer exist.
      - The module refuses a link, a special file, and a file in a folder that does not exist, in check mode too.
      - The first line of a YAML document is a comment that points editors to the JSON Schema of documents. The module writes the schema
        as C(.directory-1.schema.json) next to the file, or into the folder. M(pingone.directory.p1_directory) does not read it.
      - In YAML, text that Ansible would evaluate is marked with C(!unsafe). Read it with O(pingone.directory.p1_directory#module:src)
        or with the filter P(pingone.directory.p1_from_yaml#filter). JSON cannot contain the mark, so never load it with
        C(include_vars) or C(vars_files).
    type: path
    required: true
  format:
    description:
      - Format of the documents. JSON is much faster to read. YAML begins with comments that state the time, the directory and the number
        of objects. If only these comments differ, the file is not written again.
    type: str
    choices: [yaml, json]
    default: yaml
  scope:
    description:
      - The users and groups to export, as in M(pingone.directory.p1_directory). By default the module exports all of them.
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
  membership:
    description:
      - The C(membership) that each group declares. With V(exact), an audit reports a member that was added in the console as drift,
        and an apply removes it. With V(additive), members that are not listed stay and are not drift.
      - With V(exact), add members in the document, not in the console.
      - If the read may be incomplete and does not show all members of a group, the group is always V(additive), and the module warns.
    type: str
    choices: [exact, additive]
    default: exact
notes:
  - An export contains no passwords, because the service never returns them.
seealso:
  - module: pingone.directory.p1_directory
  - module: pingone.directory.p1_directory_info
"""

EXAMPLES = r"""
- name: Export the whole directory to one file
  pingone.directory.p1_directory_export:
    dest: directory.yml

- name: Export to a folder for version control, with one file per group
  pingone.directory.p1_directory_export:
    dest: directory/

- name: Export groups to which others can add members in the console
  pingone.directory.p1_directory_export:
    dest: shared.yml
    membership: additive
"""

RETURN = r"""
dest:
  description: Path of the documents.
  returned: always
  type: str
  sample: directory.yml
counts:
  description: Number of exported users and groups.
  returned: always
  type: dict
  sample:
    users: 42
    groups: 7
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
    operation: export the directory
    status: 401
    detail: Not authorized
  contains:
    operation:
      description: The operation and its object.
      type: str
      returned: always
      sample: export the directory
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
from ansible_collections.pingone.directory.plugins.module_utils._tasks.directory_export import DirectoryExportTask


def main():
    run_module(DirectoryExportTask)


if __name__ == "__main__":
    main()
