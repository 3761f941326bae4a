# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test which files a task imports, because every task that runs as a module process compiles them (rule 8)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

# A separate process, because the test process has already loaded every module.
RUN = """
import json, sys
from ansible_collections.pingone.directory.plugins.module_utils._tasks.execute import argument_spec, effective_options, execute, given_options
from ansible_collections.pingone.directory.plugins.module_utils._tasks.user import UserTask
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

spec = argument_spec(UserTask)
given = given_options(json.loads(sys.argv[1]), spec)
options = effective_options(ArgumentSpecValidator(spec).validate(given).validated_parameters, given)
result = execute(UserTask, options, check_mode=False, diff_mode=False, warn=print)
assert not result.get("failed"), result
prefix = "ansible_collections.pingone.directory.plugins.module_utils."
print(json.dumps(result["changed"]))
print(json.dumps([name[len(prefix):] for name in sys.modules if name.startswith(prefix)]))
"""

NOT_LOADED = {
    "_apply", "_documents", "_plan.directory", "_tasks.bulk",
    "_core.similar_names", "_http.errors", "_http.failures", "_http.redact",
    "_plan.administrators", "_plan.creation", "_plan.default_group", "_plan.diff", "_plan.finder", "_plan.group_identity",
    "_plan.identity_change", "_plan.identity_conflicts", "_plan.membership", "_plan.nesting", "_plan.step_rows",
    "_scim.items", "_scim.members", "_scim.raw_values", "_scim.storing", "_service.hints", "_service.listing", "_service.member_kinds", "_service.paging",
    "_tasks.new_user", "_tasks.user_groups",
}  # fmt: skip
NOT_LOADED_BY_A_WRITE = {
    "_apply.adoption", "_apply.creation", "_apply.deletion", "_apply.directory_run", "_apply.groups", "_apply.memberships",
    "_core.dotted", "_core.similar_names", "_documents", "_http.failures", "_plan.creation", "_plan.diff", "_plan.directory",
    "_scim.items", "_scim.members", "_scim.raw_values", "_service.hints", "_service.listing", "_tasks.bulk",
}  # fmt: skip


@pytest.mark.parametrize(
    "title, changed, loaded, not_loaded",
    [("Developer", False, "_http.answers", NOT_LOADED), ("Manager", True, "_apply.put", NOT_LOADED_BY_A_WRITE)],
)
def test_a_task_loads_only_the_files_it_needs(playground, title, changed, loaded, not_loaded):
    service = playground.service
    service.seed([{"userName": "ann", "title": "Developer"}])
    options = {"user_name": "ann", "title": title, "base_url": service.base_url, "client_id": service.client_id, "api_key": service.api_key}
    run = subprocess.run([sys.executable, "-c", RUN, json.dumps(options)], env=dict(os.environ), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    was_changed, names = map(json.loads, run.stdout.splitlines())
    assert was_changed is changed
    assert loaded in names
    assert sorted(name for name in names if any(f"{name}.".startswith(f"{absent}.") for absent in not_loaded)) == []
