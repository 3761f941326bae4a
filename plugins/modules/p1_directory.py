#!/usr/bin/python

# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reconcile a whole PingOne for Enterprise Directory."""

from __future__ import annotations

DOCUMENTATION = r"""
module: p1_directory
short_description: Reconcile users, groups and memberships of a PingOne for Enterprise Directory in one task
version_added: 1.0.0
author:
  - pingone.directory contributors (@pingone-directory)
description:
  - Reconciles any number of users, groups and memberships of a PingOne for Enterprise Directory with a desired state, over its
    SCIM 1.1 API. It does not work with the newer PingOne platform.
  - At least one of O(src), O(users) and O(groups) is required.
  - The module reads the directory once, in pages, validates the desired state, makes one plan, and checks the plan against scope,
    protection and limits. Only after that does it write the differences. In check mode it makes the same plan and writes nothing.
  - The module deletes, disables or removes objects only if the task requests it with O(unlisted_users), O(unlisted_groups) or an exact
    membership, or with C(state=absent) or C(active=false) for an object.
requirements:
  - PyYAML, for documents in YAML
extends_documentation_fragment:
  - pingone.directory.connection
  - pingone.directory.user.settings
  - pingone.directory.attributes
  - pingone.directory.attributes.writes
attributes:
  check_mode:
    details:
      - In check mode the module sends only GET requests. It still writes O(journal), which then records the plan.
  idempotent:
    support: partial
    details:
      - With O(update_password=always), every run sends the passwords and reports a change. With O(on_ignored_attribute=warn), every
        run tries again to write an attribute that the service does not store.
options:
  users:
    description:
      - Users to reconcile. Each is a dictionary with the options of M(pingone.directory.p1_user) - C(id), C(user_name),
        C(new_user_name), C(external_id), C(create), C(state), C(active), C(password), C(password_expired), C(groups) and all
        attributes - and C(active_until).
      - C(active_until) is a date. From that day on (in UTC), the desired state of the user is disabled.
      - With C(create=false), the module does not create a missing user. Unless C(create=true), it also does not create a user whose
        entry disables or renames the user and sets none of C(name), C(emails) and C(external_id). It then warns and lists the user
        under C(drift.unresolved).
      - C(groups) only adds the user to groups. For exact membership, see C(membership) of a group.
      - Ansible does not show or log passwords in this option at any verbosity.
      - If O(users) is omitted, the module manages no users. It reads them only to resolve members.
    type: list
    elements: dict
  groups:
    description:
      - Groups to reconcile. Each is a dictionary with the options of M(pingone.directory.p1_group) - C(id), C(display_name) or
        C(name), C(new_display_name), C(create), C(state) - and C(members) and C(membership).
      - C(members) is a dictionary of the lists C(users), C(user_ids), C(groups) and C(group_ids). It can refer to declared users and
        groups by their new names.
      - C(membership) is V(additive) or V(exact). It overrides O(membership) for this group.
    type: list
    elements: dict
  src:
    description:
      - Path of the desired state, on the host where the module runs. It is a YAML or JSON document with C(users) and C(groups), a CSV
        document, or a folder of such documents. It replaces O(users) and O(groups).
      - For tens of thousands of users, prefer JSON, which the module reads many times faster than YAML and with less memory.
      - The module keeps text that YAML would convert to a different number, such as C(0042) or C(+4930123).
      - In a folder, the module skips files and folders whose names begin with a dot. It warns about everything else that it cannot read,
        such as a link, or a file whose name does not end in C(.yml), C(.yaml), C(.json) or C(.csv) (case is ignored). After such a
        warning, it refuses a plan that removes anything because it is not declared.
      - The module reads only regular files. It refuses a link that leaves the folder, and a document that is larger than 64 MiB, nested
        more than 100 levels deep, or whose aliases expand to too many values.
      - The module does not evaluate templates. It warns about text that looks like a template, unless the text is marked with
        C(!unsafe) in YAML, as M(pingone.directory.p1_directory_export) does.
      - A module cannot read a vaulted document. See the examples for a workaround.
      - A CSV document has a header row. Each row is a user, and each column is an option of O(users). Dots separate the parts of an
        option, as in C(user_name), C(name.given_name), C(emails.work), C(phone_numbers.mobile.primary), C(addresses.work.locality),
        C(groups), C(active), C(attributes.X). Map other headers with O(columns).
      - A CSV document with the columns C(group) and C(user), and optionally C(membership), is a list of memberships. Each row
        declares the group, like an entry of O(groups), and declares the user as its member. If another document in the folder
        declares a group with exactly this name, the members are added to that entry.
      - The module detects the delimiter (comma, semicolon, tab or vertical bar) from the header row. The encoding is
        UTF-8, or UTF-16 with a byte order mark. Cells are text and are not converted (C(007)). Boolean values are C(true), C(false), C(yes),
        C(no), C(1) and C(0). O(on_empty) sets the meaning of blank cells.
    type: path
  columns:
    description:
      - Maps the columns of CSV documents in O(src) to options. The keys are options and the values are the headers of their columns.
        Valid options are the columns that O(src) describes, including C(group), C(user) and C(membership).
      - If O(columns) is omitted, each header must be an option. If it is set, the module ignores columns that are not mapped, and
        refuses a document that lacks a mapped column. One header can be mapped to several options. The module refuses a list of
        memberships that has a column mapped to another option of users, because its rows would not be read as users.
    type: dict
  list_separator:
    description:
      - Separates the values of a list, such as C(groups), in a cell of a CSV document in O(src). Blanks around the values are ignored.
    type: str
    default: ";"
  validate_only:
    description:
      - Whether to only validate the desired state, with or without check mode. The module then sends no request and writes no file, so it needs
        neither credentials nor C(requests). See the playbook C(pingone.directory.validate).
      - C(msg) reports how many users, groups and memberships are declared.
      - The task fails if the desired state is invalid for every directory, and lists the problems of all documents in C(problems).
        Examples are unknown options, values of the wrong type, objects that are declared twice, members that are to be deleted,
        groups that are nested into themselves, and entries outside O(scope).
      - The task cannot detect problems that depend on the directory, such as an undeclared member that does not exist. It warns about an
        undeclared name that is spelled almost like a declared one.
      - If the directory already nests a group into itself, or several users already share an external id, documents that declare this
        are refused, although a run that does not change it would accept them.
    type: bool
    default: false
  match_users_by:
    description:
      - Attribute that identifies the user of an entry without C(id), as in M(pingone.directory.p1_user).
      - With V(external_id), O(unlisted_users) does not apply to users without an external id.
    type: str
    choices: [user_name, external_id]
    default: user_name
  unlisted_users:
    description:
      - What to do with users that are in the directory but not in O(users).
      - V(disable) and V(delete) require O(users). They also require that the module finds a member of C(Domain Administrators), or that
        O(protected_users) is set. Otherwise the module could not recognize administrators.
    type: str
    choices: [keep, disable, delete]
    default: keep
  unlisted_groups:
    description:
      - What to do with groups that are in the directory but not in O(groups). The module keeps a group that has a protected member.
    type: str
    choices: [keep, delete]
    default: keep
  membership:
    description:
      - Whether groups keep members that are not listed. A group can override it with its own C(membership).
      - V(additive) adds the listed members. V(exact) also removes other members of the listed kinds. Users that list the group
        in their own C(groups) count as listed.
      - A group without C(members) keeps its members.
    type: str
    choices: [additive, exact]
    default: additive
  on_empty:
    description:
      - What an empty value of a user means. V(clear) clears the attribute. V(keep) ignores the empty value, for example for feeds in which
        a blank cell means that the value is unknown.
      - The default is V(keep) for users of CSV documents, and V(clear) for all others.
      - With V(keep), a list item without a value, such as a blank cell under C(emails.home), keeps the current item, although lists are
        otherwise exact. For such a user, the module manages only the types that have a value, as with O(multi_valued=by_type).
      - With V(clear), a blank cell neither clears a password nor changes C(active), C(state) or C(active_until).
    type: str
    choices: [clear, keep]
  on_unknown_member:
    description:
      - What to do about a member, or a group of a user, that neither exists in the directory nor is declared.
      - V(fail) refuses the run, in check mode too. V(warn) and V(ignore) skip the member and list it under C(drift.unresolved).
    type: str
    choices: [fail, warn, ignore]
    default: fail
  scope:
    description:
      - The part of the directory that the desired state manages. Outside the scope, the module plans no change and reports no drift, and it
        refuses declared users and groups. Members can be outside the scope.
    type: dict
    suboptions:
      users:
        description:
          - A list of shell patterns for each attribute, such as V(user_name) or V(enterprise.department). A user is in the scope if every
            attribute matches one of its patterns. Case is ignored.
        type: dict
      groups:
        description:
          - A list of shell patterns for V(display_name), as for users.
        type: dict
  protected_users:
    description:
      - Shell patterns of the names of protected users. Members of C(Domain Administrators) are always protected.
      - The module does not delete, disable or rename a protected user, nor change its C(external_id), C(emails) or C(password).
        If a rule (O(unlisted_users) or an exact membership) would make such a change, the module skips it and lists the user under
        C(drift.protected). If the desired state declares the change explicitly, also with O(update_password=always), the module
        refuses the run before the first write.
    type: list
    elements: str
  protected_groups:
    description:
      - Shell patterns of the names of protected groups. C(Domain Administrators) and C(Users) are always protected.
      - The module does not delete or rename a protected group, and an exact membership removes no member from it.
    type: list
    elements: str
  limits:
    description:
      - Limits on how much one run can change. If the plan exceeds a limit, the module writes nothing and lists the first 20 affected objects.
      - Each limit is a number, a percentage such as V("2%"), or V(-1) for no limit. Changes that are declared explicitly count, too.
    type: dict
    suboptions:
      max_deletes:
        description: Deleted users and groups. The default is 10. A percentage refers to the users, and separately the groups, that were read.
        type: str
      max_disables:
        description: Disabled users. The default is 10. A percentage refers to the users that were read.
        type: str
      max_renames:
        description: Renamed users and groups. The default is 10. A percentage refers to the users, and separately the groups, that were read.
        type: str
      max_member_removals:
        description:
          - Removed members, including the members of deleted groups. The default is 100. A percentage refers to the memberships that were read.
        type: str
      max_updates:
        description: Updated users and groups, without a limit by default. A percentage refers to the users, and separately the groups, that were read.
        type: str
      max_requests:
        description:
          - Predicted requests of the whole run, reads and writes together, without a limit by default. A percentage is not valid.
        type: str
  allow_empty:
    description:
      - Whether to accept an empty list together with O(unlisted_users) or O(unlisted_groups) other than V(keep), and an exact group
        without listed members. By default the module refuses both, because a broken feed looks the same.
    type: bool
    default: false
  audit:
    description:
      - Whether to compare the directory with the desired state without refusing the plan, like the role
        P(pingone.directory.directory_audit#role). It requires check mode.
      - If a run would be refused because of O(limits) or O(allow_empty), the reasons are in RV(problems), and the task does not fail.
        C(plan) and C(drift) are those of a run without limits.
      - C(drift.unmanaged) also lists all users when no users are declared, and all groups when no groups are declared.
    type: bool
    default: false
  approved_plan:
    description:
      - The C(plan_sha256) of a run in check mode. The module refuses the run if its own plan differs, for example because the
        directory or a password in O(users) has changed since then.
      - A run without changes is always accepted. An empty value is an error.
    type: str
  require_approval:
    description:
      - Whether to refuse to change anything without O(approved_plan). Check mode needs no approval.
    type: bool
    default: false
  on_error:
    description:
      - What to do when an item fails. With V(continue), the module continues with the other items and fails at the end. With V(stop),
        it starts no further item.
      - The module always stops if the service rejects the API key or is no longer available. The result lists the items that were not done.
    type: str
    choices: [continue, stop]
    default: continue
  concurrency:
    description:
      - Maximum number of concurrent writes, from 1 to 64.
    type: int
    default: 4
  journal:
    description:
      - Path of a file that records the run with one JSON document per line - a header, every row of the plan, the whole drift, the
        people in both, and then each operation that was started, done or failed. In check mode, the file ends after the people.
      - Use it to get the whole plan if the result is truncated, and to watch a long run. Each line is flushed as soon as it is written.
        The journal contains no secrets.
      - The module replaces an existing file. Only its owner can read it. A link or a special file is refused.
      - The run stops if the module can no longer write the journal.
    type: path
  backup:
    description:
      - Path of a file for the previous state of every object that the run changes. The module writes it before the first change, as a
        document for O(src). The format is JSON if the name ends in C(.json), else YAML.
      - To undo the run, run the task again with the backup as O(src), with O(allow_empty=true) if groups were empty, and with O(limits)
        that allow it.
      - The undo does not restore everything. Deleted objects are created with a new id, and passwords are not restored. Objects
        that the run created stay, and so does a protected member that the run added. If the lists may be incomplete, a group whose
        members are not all known is additive in the backup, with a warning, so members that the run added stay.
      - The backup lists under C(not_undone) the users and groups that the run created, and the users whose former password is lost.
        A run with the backup as O(src) warns about each of them by name.
      - The module replaces an existing file, so use a separate name for each run that you may have to undo. Only its owner
        can read the file. A link or a special file is refused. The folder must exist, in check mode too.
      - Next to a backup in YAML, the module writes C(.directory-1.schema.json), which editors use to check the backup.
    type: path
  max_result_items:
    description:
      - Maximum number of rows in each list of the result. Counts always cover all rows, and O(journal) contains all rows.
    type: int
    default: 200
notes:
  - The module first disables users, then removes members, deletes, renames, creates users, creates groups, updates and enables,
    and finally adds members.
  - A run without changes reads only the pages of two lists. Each update needs one more read, and each delete needs two.
  - If the lists of the service may be incomplete, the module refuses to delete or remove anything, and to disable users by a rule.
  - To complete a run that was interrupted, run the task again.
seealso:
  - module: pingone.directory.p1_directory_info
  - module: pingone.directory.p1_directory_export
  - module: pingone.directory.p1_user
  - module: pingone.directory.p1_group
  - module: pingone.directory.p1_group_membership
"""

EXAMPLES = r"""
- name: Create two users and the group of their team
  pingone.directory.p1_directory:
    users:
      - user_name: marcher
        name:
          given_name: Meredith
          family_name: Archer
        emails:
          - value: meredith.archer@pingdevelopers.com
            type: work
      - user_name: jdoe
        emails:
          - value: jane.doe@pingdevelopers.com
            type: work
        active_until: "2099-12-31"
    groups:
      - display_name: Engineering
        membership: exact
        members:
          users:
            - marcher
            - jdoe

- name: Check the documents of a pull request without credentials
  pingone.directory.p1_directory:
    src: directory.yml
    validate_only: true

- name: Show the plan of a whole directory, and what differs from the document
  pingone.directory.p1_directory:
    src: directory.yml
    unlisted_users: disable
    limits:
      max_disables: 2%
  check_mode: true
  register: planned

- name: Apply that plan and no other
  pingone.directory.p1_directory:
    src: directory.yml
    unlisted_users: disable
    limits:
      max_disables: 2%
    approved_plan: "{{ planned.plan_sha256 }}"
    journal: journal.jsonl
    backup: backup.yml

- name: Refuse to change anything without an approved plan
  pingone.directory.p1_directory:
    src: directory.yml
    require_approval: true
    approved_plan: "{{ planned.plan_sha256 }}"

- name: Undo that run, and warn about each object that it cannot restore
  pingone.directory.p1_directory:
    src: backup.yml
    allow_empty: true

- name: Compare everything, including undeclared objects, and list what a run would refuse
  pingone.directory.p1_directory:
    src: directory.yml
    audit: true
  check_mode: true
  register: compared

- name: Apply the users of a CSV file whose headers are options
  pingone.directory.p1_directory:
    src: people.csv
    # user_name,name.given_name,emails.work,groups
    # marcher,Meredith,meredith.archer@pingdevelopers.com,Engineering;On Call

- name: Apply an export of the HR system with its own headers
  pingone.directory.p1_directory:
    src: hr.csv
    # Login;Email;Teams;Room
    # marcher;meredith.archer@pingdevelopers.com;Engineering,On Call;1.01
    columns:
      user_name: Login
      emails.work: Email
      groups: Teams
    list_separator: ","
    multi_valued: by_type  # keep addresses of other types

- name: Apply a list of memberships
  pingone.directory.p1_directory:
    src: memberships.csv
    # group,user
    # Engineering,marcher
    # Engineering,jdoe
    membership: exact  # remove members that are not in the list

- name: Apply a document that is vaulted as a whole
  vars:
    document: "{{ lookup('ansible.builtin.unvault', 'directory-vaulted.yml') | pingone.directory.p1_from_yaml }}"
  pingone.directory.p1_directory:
    users: "{{ document.users }}"
    groups: "{{ document.groups }}"

- name: Reconcile one team's part of the directory
  pingone.directory.p1_directory:
    groups:
      - display_name: eu-engineering
        members:
          users:
            - marcher
            - tquill
    scope:
      groups:
        display_name:
          - eu-*
    unlisted_groups: delete
    protected_groups:
      - eu-shared-*
    on_unknown_member: warn  # continue if tquill does not exist

- name: Find users by the number in the HR system, and keep values that the entries leave blank
  pingone.directory.p1_directory:
    users:
      - external_id: "1004"
        user_name: lchen
        title: ""
        enterprise:
          department: Design
          manager:
            manager_id: "1001"
        phone_numbers:
          - value: +49 30 901820
            type: work
    match_users_by: external_id
    on_empty: keep
    multi_valued: by_type  # keep phone numbers of other types
    on_ignored_attribute: warn  # continue if phone numbers are not enabled in the directory
    default_group: DEFAULT_USER_GROUP

- name: Rename the user with that number
  pingone.directory.p1_directory:
    users:
      - external_id: "1004"
        user_name: lin.chen
    match_users_by: external_id

- name: Rename a user and a group by name, and protect service accounts
  pingone.directory.p1_directory:
    users:
      - user_name: jdoe
        new_user_name: jane.doe
    groups:
      - display_name: Engineering
        new_display_name: Platform Engineering
    protected_users:
      - svc-*

- name: Change the passwords of existing users
  pingone.directory.p1_directory:
    users:
      - user_name: jane.doe
        # The lookup stores the random password in this file. Give it to the user.
        password: "{{ lookup('ansible.builtin.password', 'new-passwords/jane.doe', length=20) }}"
        password_expired: true
    update_password: always  # changed in every run

- name: Remove all users from a group
  pingone.directory.p1_directory:
    groups:
      - display_name: Platform Engineering
        membership: exact
        members:
          users: []
    allow_empty: true
"""

RETURN = r"""
plan:
  description: The planned operations in order, at most O(max_result_items) rows.
  returned: always
  type: list
  elements: dict
  sample:
    - operation: update
      kind: user
      key: marcher
      id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
      changes:
        title:
          before:
          after: Software Developer
  contains:
    operation:
      description: One of V(create), V(update), V(rename), V(enable), V(disable), V(delete), V(add), V(remove).
      type: str
      returned: always
      sample: update
    kind:
      description: One of V(user), V(group), V(membership).
      type: str
      returned: always
      sample: user
    key:
      description: Name of the user or group. For a membership, the name of the group.
      type: str
      returned: always
      sample: marcher
    id:
      description: Id of the user or group. Null if it does not exist yet.
      type: str
      returned: always
      sample: a7d67610-ceb5-4350-ba5a-746472c4f1f7
    changes:
      description: The values before and after, for each option that changes. Secrets are masked.
      type: dict
      returned: always
      sample:
        title:
          before:
          after: Software Developer
    member:
      description: The member, with C(id), C(kind) and C(name).
      type: dict
      returned: for memberships
      sample:
        id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
        kind: user
        name: marcher
msg:
  description:
    - A summary of the run in one line, with the counts that are not zero and the hash of the plan. Ansible shows it with C(-v).
    - If the task fails, the reason. With O(validate_only), how many users, groups and memberships were checked.
  returned: always
  type: str
  sample: 1 user updated, 41 unchanged; plan 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
plan_sha256:
  description:
    - Hash of the whole plan and of the ids in it, for O(approved_plan). Secrets are included as an HMAC with the API key.
    - Null if a part of the desired state could not be read or matched, so that there is no complete plan.
  returned: always
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
predicted:
  description: Predicted number of requests of the whole run, including those already sent, if the service answers as documented.
  returned: always
  type: dict
  sample:
    reads: 5
    writes: 1
counts:
  description: How many users, groups and memberships were changed, or would be changed in check mode, by kind of change.
  returned: always
  type: dict
  sample:
    user:
      created: 0
      updated: 1
      renamed: 0
      enabled: 0
      disabled: 0
      deleted: 0
      added: 0
      removed: 0
      unchanged: 41
      failed: 0
drift:
  description:
    - Differences between the directory and the desired state, as lists of rows with C(kind) and C(key), and for memberships also C(member).
  returned: always
  type: dict
  sample:
    missing: []
    extra: []
    different:
      - kind: user
        key: marcher
    unmanaged: []
    protected: []
    unresolved: []
  contains:
    missing:
      description: Declared, but missing.
      type: list
      elements: dict
      returned: always
      sample: []
    extra:
      description: Not declared, will be removed.
      type: list
      elements: dict
      returned: always
      sample: []
    different:
      description: Differs from the declaration.
      type: list
      elements: dict
      returned: always
      sample: []
    unmanaged:
      description: Not declared, kept.
      type: list
      elements: dict
      returned: always
      sample: []
    protected:
      description: Would be removed by a rule, but is protected.
      type: list
      elements: dict
      returned: always
      sample: []
    unresolved:
      description: Declared, but cannot be resolved to one object.
      type: list
      elements: dict
      returned: always
      sample: []
failed_items:
  description: Items that failed or were not attempted, with the error message of the service.
  returned: always
  type: list
  elements: dict
  sample:
    - kind: user
      key: jdoe
      operation: create
      status: 400
      reason: "Could not create user 'jdoe': POST /directory/user: HTTP 400, emails is required"
people:
  description:
    - The users in the rows of RV(plan) and RV(drift), for reports.
    - If the result is too large, it keeps the rows and leaves out people. O(journal) contains everyone.
  returned: always
  type: list
  elements: dict
  sample:
    - id: a7d67610-ceb5-4350-ba5a-746472c4f1f7
      user_name: marcher
      display_name: Meredith Archer
      email: meredith.archer@example.com
      created: "2025-01-31T09:00:00.000Z"
      last_login: "2026-01-30T17:20:00.000Z"
  contains:
    id:
      description: Id of the user.
      type: str
      returned: always
      sample: a7d67610-ceb5-4350-ba5a-746472c4f1f7
    user_name:
      description: User name.
      type: str
      returned: always
      sample: marcher
    display_name:
      description: Display name, or else the formatted name or the given and family names.
      type: str
      returned: always
      sample: Meredith Archer
    email:
      description: Primary email address, or else the work address, or else the first address.
      type: str
      returned: always
      sample: meredith.archer@example.com
    created:
      description: When the account was created.
      type: str
      returned: always
      sample: "2025-01-31T09:00:00.000Z"
    last_login:
      description: When the user last signed on. Null if the service reports no sign-on.
      type: str
      returned: always
      sample: "2026-01-30T17:20:00.000Z"
base_url:
  description: The base URL of the directory.
  returned: always
  type: str
  sample: https://directory-api.pingone.com/api
truncated:
  description: Whether a list of the result was truncated.
  returned: always
  type: bool
  sample: false
backup_file:
  description: Path of the backup, if one was written.
  returned: always
  type: str
  sample: /tmp/backup.yml
problems:
  description: All problems of the desired state or the plan, one line each.
  returned: when the desired state or the plan is refused; with O(audit) also when a run would be refused
  type: list
  elements: str
  sample:
    - "people.yml:12 ('jdoe') has the unknown option 'titel'. Did you mean 'title'?"
exceeded_limits:
  description: The limits of O(limits) that the plan exceeds, in machine-readable form.
  returned: when the plan exceeds a limit
  type: list
  elements: dict
  sample:
    - problem: "limits.max_deletes is 0, but the plan deletes 1 user: user 'jdoe'. Raise the limit (-1: no limit) if this is intended"
      limit: max_deletes
      value: "0"
      allowed: 0
      planned: 1
      what: user
  contains:
    problem:
      description: The line of RV(problems) that reports the limit, with the names of the first 20 affected objects.
      type: str
      returned: always
      sample: "limits.max_deletes is 0, but the plan deletes 1 user: user 'jdoe'. Raise the limit (-1: no limit) if this is intended"
    limit:
      description: The name of the limit.
      type: str
      returned: always
      sample: max_deletes
    value:
      description: The limit as configured, a number or a percentage.
      type: str
      returned: always
      sample: "0"
    allowed:
      description: The number that the limit allows.
      type: int
      returned: always
      sample: 0
    planned:
      description: The number in the plan.
      type: int
      returned: always
      sample: 1
    what:
      description: What is counted. One of V(user), V(group), V(user or group), V(member), V(request).
      type: str
      returned: always
      sample: user
api:
  description: Number of requests that the task sent, including retries.
  returned: always
  type: dict
  sample:
    reads: 2
    writes: 1
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
      sample: 1
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
    operation: create user 'jdoe'
    status: 403
    detail: Group is read only
  contains:
    operation:
      description: The operation and its object.
      type: str
      returned: always
      sample: create user 'jdoe'
    status:
      description: HTTP status of the response. Null if there was no response.
      type: int
      returned: always
      sample: 403
    detail:
      description: The error message of the service, if any.
      type: str
      returned: always
      sample: Group is read only
"""

from ansible_collections.pingone.directory.plugins.module_utils._module import run_module
from ansible_collections.pingone.directory.plugins.module_utils._tasks.directory import DirectoryTask


def main():
    run_module(DirectoryTask)


if __name__ == "__main__":
    main()
