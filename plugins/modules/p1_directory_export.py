#!/usr/bin/python

# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write a whole PingOne for Enterprise Directory to files."""

from __future__ import annotations

DOCUMENTATION = r"""
module: p1_directory_export
short_description: Write a whole PingOne for Enterprise Directory to files that re-apply
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Writes all users, groups and memberships of a PingOne for Enterprise Directory to a document, or a folder of documents,
    that M(pingone.directory.p1_directory) takes as O(pingone.directory.p1_directory#module:src). Applied, it plans nothing.
  - The order is stable and names stand for members, so that the files can be kept in version control.
  - After a read that is not proven complete, an export that is there is neither replaced nor removed, and the task fails.
  - The service is only read. Files are written where the module runs. New ones can be read by their owner alone; those that
    exist keep their permissions.
requirements:
  - PyYAML, for O(format=yaml)
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.attributes
  - pingone.directory.attributes.writes
options:
  dest:
    description:
      - A file, or a folder when it is one or ends in C(/). A folder gets all users in one file, and a file a group; files of
        groups that are gone, which an earlier export wrote as YAML, are taken away.
      - Its owner alone can read what is written. A link or a special file is refused, and so is a file in a folder that does
        not exist, in check mode too.
      - The first line of a YAML document is a comment by which editors find the JSON Schema of documents. Its copy C(.directory-1.schema.json)
        is written beside the file, or into the folder; M(pingone.directory.p1_directory) does not read it.
      - In YAML, text that Ansible would evaluate is marked with C(!unsafe). Read it with O(pingone.directory.p1_directory#module:src)
        or with the filter P(pingone.directory.p1_from_yaml#filter). JSON cannot carry the mark - never load it with
        C(include_vars) or C(vars_files).
    type: path
    required: true
  format:
    description:
      - Format of the documents. JSON is read many times faster, YAML has comments on top that tell when, from where and how
        many; these comments alone are no change.
    type: str
    choices: [yaml, json]
    default: yaml
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
  membership:
    description:
      - What each group declares of its members. V(exact) declares the listed members and no others, so that an audit of the
        unchanged document reports a member that was added by hand as drift, and an apply removes it. V(additive) declares that the
        listed members are in the group, and leaves others alone.
      - To keep the document under V(exact), add a member to its group in the document, not by hand.
    type: str
    choices: [exact, additive]
    default: exact
notes:
  - No password is in an export; the service never returns one.
seealso:
  - module: pingone.directory.p1_directory
  - module: pingone.directory.p1_directory_info
"""

EXAMPLES = r"""
- name: Write the whole directory to one file
  pingone.directory.p1_directory_export:
    dest: directory.yml

- name: Write a folder for version control, with a file for each group
  pingone.directory.p1_directory_export:
    dest: directory/

- name: Write groups whose members others may add to by hand
  pingone.directory.p1_directory_export:
    dest: shared.yml
    membership: additive
"""

RETURN = r"""
dest:
  description: Where the documents are.
  returned: always
  type: str
  sample: directory.yml
counts:
  description: How many users and groups there are in it.
  returned: always
  type: dict
  sample:
    users: 42
    groups: 7
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
    operation: export the directory
    status: 401
    detail: Not authorized
  contains:
    operation:
      description: What was attempted, on what.
      type: str
      returned: always
      sample: export the directory
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
from ansible_collections.pingone.directory.plugins.module_utils._tasks.directory_export import DirectoryExportTask


def main():
    run_module(DirectoryExportTask)


if __name__ == "__main__":
    main()
