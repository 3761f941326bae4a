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
  - Brings any number of users, groups and memberships of a PingOne for Enterprise Directory to a wished state, over its
    SCIM 1.1 API. It is not for the newer PingOne platform.
  - At least one of O(src), O(users) and O(groups) is required.
  - It reads the directory once, in pages, checks the wish, makes one plan, holds it against scope, protection and limits,
    and only then writes what differs. In check mode it stops there, with the same plan.
  - Nothing is deleted, disabled or removed unless it is asked for by O(unlisted_users), O(unlisted_groups), an exact
    membership, or C(state=absent) and C(active=false) of an object itself.
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
      - In check mode no request but GET leaves the module. The file of O(journal) is written all the same, as the record of
        the plan.
  idempotent:
    support: partial
    details:
      - With O(update_password=always) a password is a change each time, and with O(on_ignored_attribute=warn) an attribute
        the service does not store is written again each time.
options:
  users:
    description:
      - The users, as dictionaries with the options of M(pingone.directory.p1_user) - C(id), C(user_name), C(new_user_name),
        C(external_id), C(create), C(state), C(active), C(password), C(password_expired), C(groups) and all attributes - and
        C(active_until).
      - C(active_until) is a date; from that day on, UTC, the user is to be disabled.
      - A missing user is not created where C(create=false), and, unless C(create=true), where the entry asks to disable or
        to rename and gives none of C(name), C(emails) and C(external_id). It is then a warning, and listed under
        C(drift.unresolved).
      - C(groups) only ever adds the user to groups; see C(membership) of a group for exact membership.
      - Passwords in it are not shown by Ansible at any verbosity, and not logged.
      - Where O(users) is not given at all, no user is looked at but as a member.
    type: list
    elements: dict
  groups:
    description:
      - The groups, as dictionaries with the options of M(pingone.directory.p1_group) - C(id), C(display_name) or C(name),
        C(new_display_name), C(create), C(state) - and C(members) and C(membership).
      - C(members) is a dictionary of lists, C(users), C(user_ids), C(groups) and C(group_ids). Users and groups of this wish
        can be named in it by the names they are to get.
      - C(membership) is V(additive) or V(exact), as O(membership) is for all groups.
    type: list
    elements: dict
  src:
    description:
      - Path of a YAML or JSON document with C(users) and C(groups), of a CSV document, or of a folder of such documents, read
        where the module runs. It takes the place of O(users) and O(groups).
      - JSON is read many times faster than YAML, and in less memory; prefer it for tens of thousands of users.
      - What YAML would take for another number than was written, such as C(0042) or C(+4930123), stays the text it is.
      - In a folder, files and folders whose names begin with a dot do not count. Anything else that is not read - another
        ending than C(.yml), C(.yaml), C(.json) or C(.csv) in any case, a link - is a warning, and the plan is refused where it
        would remove anything because nothing declares it.
      - Only regular files are read. A link that leaves the folder is refused, as is a document of more than 64 MiB, with
        more than 100 levels, or whose aliases stand for too many values.
      - Text is used as it stands. What looks like a template is a warning, unless it is marked with C(!unsafe) in YAML, as
        M(pingone.directory.p1_directory_export) does.
      - A vaulted document cannot be read by a module; see the examples.
      - A CSV document has a header row. Each row is a user, and each column an option of O(users), dotted for parts - C(user_name),
        C(name.given_name), C(emails.work), C(phone_numbers.mobile.primary), C(addresses.work.locality), C(groups), C(active),
        C(attributes.X). Other headers are mapped with O(columns).
      - A CSV document with the columns C(group) and C(user), and optionally C(membership), is a list of memberships. Each row
        declares the group, as an entry of O(groups) does, and the user as a member of it. Where another document of the folder
        declares the group, by exactly this name, the members are added to that entry.
      - The header shows the delimiter of CSV, a comma, a semicolon, a tab or a vertical bar. The text is UTF-8, or UTF-16 with a
        byte order mark. Cells are text as it stands (C(007)); truth values are C(true), C(false), C(yes), C(no), C(1) and C(0).
        O(on_empty) states what blank cells do.
    type: path
  columns:
    description:
      - For CSV documents of O(src), a dictionary with options as keys and the headers of their columns as values; see the
        examples. The options are the columns that O(src) describes, C(group), C(user) and C(membership) included.
      - Columns that are not mapped are ignored; a mapped column that is missing is a problem. One header may be several options.
      - Without it, each header has to be an option.
    type: dict
  list_separator:
    description:
      - For CSV documents of O(src), the text between the values of a cell that holds a list, such as C(groups). Blanks around
        the values do not count.
    type: str
    default: ";"
  validate_only:
    description:
      - Reads and checks the desired state and ends there, in check mode too. No request is sent and no file is written, so
        that neither credentials nor C(requests) are needed; see the playbook C(pingone.directory.validate). C(msg) states how many
        users, groups and memberships are declared.
      - The task fails with all problems of all documents in C(problems) that every directory would refuse, such as unknown
        options, values of a wrong type, objects that are declared twice, members that are to be deleted, groups that are
        nested into themselves, and entries outside O(scope).
      - Only the directory can decide the rest, such as whether a member that is not declared exists. Of an undeclared
        name that is spelled almost like a declared one there is a warning.
      - A group that the directory already nests into itself, or an external id that several users already share, is a problem
        of documents that declare it, although a run that changes nothing about it would accept it.
    type: bool
    default: false
  match_users_by:
    description:
      - What tells which user of the directory an entry without C(id) is about, as in M(pingone.directory.p1_user).
      - With V(external_id) a user without one is never unlisted.
    type: str
    choices: [user_name, external_id]
    default: user_name
  unlisted_users:
    description:
      - What to do with users that are in the directory and not in O(users).
      - Other than V(keep), O(users) has to be given, and somebody has to be seen in C(Domain Administrators) or named in
        O(protected_users), because administrators could not be told from others.
    type: str
    choices: [keep, disable, delete]
    default: keep
  unlisted_groups:
    description:
      - What to do with groups that are in the directory and not in O(groups). A group that has a protected member is kept.
    type: str
    choices: [keep, delete]
    default: keep
  membership:
    description:
      - How the members of a group are taken that does not say so itself. V(additive) adds the listed. V(exact) also removes
        the others of the kinds that are given; users that name the group in their own C(groups) count as listed.
      - A group without C(members) keeps the members it has.
    type: str
    choices: [additive, exact]
    default: additive
  on_empty:
    description:
      - What an empty value of a user means. V(clear) clears the attribute; with V(keep) it counts as not given, as is fit for
        the blank cells of a feed.
      - Without it, the default is V(keep) for users of CSV documents, and V(clear) for all others.
      - With V(keep), an item of a list that has no value, such as a blank cell under C(emails.home), is kept, although lists are
        exact. Of such a user only the types that have a value are managed, as with O(multi_valued=by_type).
      - With V(clear), a blank cell neither clears a password nor changes C(active), C(state) or C(active_until).
    type: str
    choices: [clear, keep]
  on_unknown_member:
    description:
      - What to do about a member, or a group of a user, that is neither in the directory nor in the wish. V(fail) refuses
        the whole wish, in check mode too, because the wish is all there is; V(warn) and V(ignore) leave it out. It is then
        listed under C(drift.unresolved).
    type: str
    choices: [fail, warn, ignore]
    default: fail
  scope:
    description:
      - What this wish owns. Outside of it nothing is planned or counted as drift, and a wish for it is refused. Members may be
        anyone.
    type: dict
    suboptions:
      users:
        description:
          - For each attribute, as in V(user_name) or V(enterprise.department), a list of shell patterns. All attributes have
            to match, each by one of its patterns; case is ignored.
        type: dict
      groups:
        description:
          - Likewise for groups, by V(display_name).
        type: dict
  protected_users:
    description:
      - Shell patterns of user names that are protected, beside the members of C(Domain Administrators), who always are.
      - A protected user is not deleted, disabled or renamed, and gets no other C(external_id), C(emails) or C(password). What a
        rule (O(unlisted_users), an exact membership) would do to it is skipped and listed under C(drift.protected); what is
        desired explicitly is refused before the first write, with O(update_password=always) too.
    type: list
    elements: str
  protected_groups:
    description:
      - Shell patterns of group names that are protected, beside C(Domain Administrators) and C(Users), which always are.
      - A protected group also loses no member to an exact membership.
    type: list
    elements: str
  limits:
    description:
      - How much one run may do. Over a limit nothing is written, and the first 20 concerned are named.
      - Each is a number, a percentage such as V("2%"), or V(-1) for no limit. What is wished explicitly counts too.
    type: dict
    suboptions:
      max_deletes:
        description: Users and groups deleted, 10 by default; a percentage is of the users, and of the groups, read.
        type: str
      max_disables:
        description: Users disabled, 10 by default; a percentage is of the users read.
        type: str
      max_renames:
        description: Users and groups renamed, 10 by default; a percentage is of the users, and of the groups, read.
        type: str
      max_member_removals:
        description:
          - Members removed, 100 by default; a deleted group counts its members; a percentage is of the memberships read.
        type: str
      max_updates:
        description: Users and groups updated, not limited by default; a percentage is of the users, and of the groups, read.
        type: str
      max_requests:
        description:
          - Requests of the whole run, predicted reads and writes together, not limited by default. No percentage.
        type: str
  allow_empty:
    description:
      - Whether an empty list may go together with O(unlisted_users) or O(unlisted_groups) other than V(keep), and whether an
        exact group may have nobody listed. Without it both are refused, because a feed that broke looks the same.
    type: bool
    default: false
  audit:
    description:
      - Whether to compare the directory with the desired state and to refuse nothing, as the role
        P(pingone.directory.directory_audit#role) does. It requires check mode.
      - What a run would refuse because of O(limits) or O(allow_empty) is listed in RV(problems), and the task does not fail. C(plan) and
        C(drift) are those of a run without limits.
      - C(drift.unmanaged) also lists all users when no users are declared, and all groups when no groups are declared.
    type: bool
    default: false
  approved_plan:
    description:
      - The C(plan_sha256) of a check run. The run is refused when its own plan is another one, also because the directory has
        changed, or because a password of O(users) was swapped. A run with nothing to do is always accepted. An empty text is an error.
    type: str
  require_approval:
    description:
      - Whether a run that would change something is refused without O(approved_plan). Check mode needs no approval.
    type: bool
    default: false
  on_error:
    description:
      - What to do when an item fails. With V(continue) the others go on, and the task fails at the end; with V(stop) nothing
        more is begun. A refused key and a lost service stop either way. What was not done is listed.
    type: str
    choices: [continue, stop]
    default: continue
  concurrency:
    description:
      - How many writes may be under way at once, from 1 to 64.
    type: int
    default: 4
  journal:
    description:
      - Path of a file that is written anew with one JSON document a line, flushed as it happens - a header, every row of the
        plan, the whole drift, the people named in both, and then what was started, done and failed. In check mode it ends
        after the people.
      - It is the whole plan, where the result is capped, and it can be watched while a long run goes on. It holds no secret.
      - Its owner alone can read it. A link or a special file is refused.
      - When it cannot be written any more, the run stops.
    type: path
  backup:
    description:
      - Path of a file for the former state of everything the run is about to touch, written before the first write, as a
        document that O(src) takes. It is JSON where the name ends in C(.json), else YAML.
      - Given back it undoes the run, with O(allow_empty=true) where groups were empty, and with O(limits) that allow it. An
        object that was deleted is created anew, with another id; passwords do not return; objects that were created stay, and
        so does a protected member that the run has added.
      - The backup names under C(not_undone) the users and groups that the run created, and the users that do not get their former
        password back. A run with the backup as O(src) warns of each of them by name.
      - An older file of this name is replaced, so give each run that may have to be undone a name of its own.
        Its owner alone can read it. A link or a special file is refused. Its folder has to exist, in check mode too.
      - Beside a backup in YAML, C(.directory-1.schema.json) is written, by which editors check it.
    type: path
  max_result_items:
    description:
      - How many rows each list of the result may have. Counts are always whole, and O(journal) holds all rows.
    type: int
    default: 200
notes:
  - The order of the work is disables, member removals, deletes, renames, creates of users, creates of groups, updates and
    enables, member additions.
  - Requests that a run with nothing to do costs are the pages of two lists. Each update costs one more read, each delete two.
  - Deletions, removals and disablings by rule are refused when the service's lists were not proven to be complete.
  - A run that was interrupted is completed by running it again.
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

- name: Undo that run, and warn by name of what stays
  pingone.directory.p1_directory:
    src: backup.yml
    allow_empty: true

- name: Compare everything, also what is not declared, and list what a run would refuse
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

- name: Apply an export of the HR system with headers of its own
  pingone.directory.p1_directory:
    src: hr.csv
    # Login;E-mail;Teams;Room
    # marcher;meredith.archer@pingdevelopers.com;Engineering,On Call;1.01
    columns:
      user_name: Login
      emails.work: E-mail
      groups: Teams
    list_separator: ","
    multi_valued: by_type  # keep addresses of other types

- name: Apply a list of memberships
  pingone.directory.p1_directory:
    src: memberships.csv
    # group,user
    # Engineering,marcher
    # Engineering,jdoe
    membership: exact  # remove members that the list does not have

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
    on_unknown_member: warn  # go on if tquill does not exist

- name: Find users by the number in the HR system, and keep what the entries leave blank
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
    on_ignored_attribute: warn  # go on if the directory has no phone numbers enabled
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
        # The lookup keeps the random password in this file. Hand it over.
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
  description: What was to be done, or in check mode would be, in order; at most O(max_result_items) rows.
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
      description: Name of the user or group; of a membership the name of the group.
      type: str
      returned: always
      sample: marcher
    id:
      description: Id of the user or group; none while it does not exist.
      type: str
      returned: always
      sample: a7d67610-ceb5-4350-ba5a-746472c4f1f7
    changes:
      description: For each option that changes, what it is before and after. Secrets are masked.
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
    - What was done in one line, with the counts that are not zero and the hash of the plan. It is shown at C(-v).
    - Of a failure, what failed. With O(validate_only), how many users, groups and memberships were checked.
  returned: always
  type: str
  sample: 1 user updated, 41 unchanged; plan 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
plan_sha256:
  description:
    - Hash of the whole plan, and of the ids it found, for O(approved_plan). A secret enters as an HMAC under the API key.
    - Null where some of the desired state could not be read or matched, and no plan can be made from the whole of it.
  returned: always
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
predicted:
  description: Requests the whole run takes as the service is documented to answer, those already sent included.
  returned: always
  type: dict
  sample:
    reads: 5
    writes: 1
counts:
  description: For users, groups and memberships, how many were, or in check mode would be, changed in which way.
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
    - What was not as wished, as lists of rows with C(kind) and C(key), and of memberships with C(member).
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
  description: What failed or was not attempted, with the service's own words.
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
    - The users that the rows of RV(plan) and RV(drift) name, for reports.
    - The rows come first where the result has no room for everything. O(journal) holds everyone.
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
      description: Primary e-mail address, or else that for work, or else the first one.
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
  description: Whether a list of the result was cut.
  returned: always
  type: bool
  sample: false
backup_file:
  description: Path of the backup, where one was written.
  returned: always
  type: str
  sample: /tmp/backup.yml
problems:
  description: All that is wrong with the desired state or the plan, one line each.
  returned: when the desired state or the plan is refused; with O(audit) also when a run would be refused
  type: list
  elements: str
  sample:
    - "people.yml:12 ('jdoe') has the unknown option 'titel'. Did you mean 'title'?"
exceeded_limits:
  description: The limits of O(limits) that the plan exceeds, for a machine to read.
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
      description: The line of RV(problems) that reports the limit, with the names of the first 20 objects concerned.
      type: str
      returned: always
      sample: "limits.max_deletes is 0, but the plan deletes 1 user: user 'jdoe'. Raise the limit (-1: no limit) if this is intended"
    limit:
      description: The name of the limit.
      type: str
      returned: always
      sample: max_deletes
    value:
      description: The limit as it was given, a number or a percentage.
      type: str
      returned: always
      sample: "0"
    allowed:
      description: How many the limit allows.
      type: int
      returned: always
      sample: 0
    planned:
      description: How many there are in the plan.
      type: int
      returned: always
      sample: 1
    what:
      description: What is counted. One of V(user), V(group), V(user or group), V(member), V(request).
      type: str
      returned: always
      sample: user
api:
  description: How many requests the task has sent, retries included.
  returned: always
  type: dict
  sample:
    reads: 2
    writes: 1
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
      sample: 1
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
    operation: create user 'jdoe'
    status: 403
    detail: Group is read only
  contains:
    operation:
      description: What was attempted, on what.
      type: str
      returned: always
      sample: create user 'jdoe'
    status:
      description: HTTP status of the answer; none without an answer.
      type: int
      returned: always
      sample: 403
    detail:
      description: The service's own words, if it said any.
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
