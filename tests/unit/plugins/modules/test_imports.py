# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test what a task without changes imports, because every task that runs as a module process loads those files (rule 8)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

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
assert result["changed"] is False and not result.get("failed"), result
prefix = "ansible_collections.pingone.directory.plugins.module_utils."
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


def test_a_task_without_changes_loads_few_files(playground):
    service = playground.service
    service.seed([{"userName": "ann", "title": "Developer"}])
    options = {"user_name": "ann", "title": "Developer", "base_url": service.base_url, "client_id": service.client_id, "api_key": service.api_key}
    run = subprocess.run([sys.executable, "-c", RUN, json.dumps(options)], env=dict(os.environ), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    loaded = json.loads(run.stdout)
    assert "_tasks.user" in loaded and "_http.answers" in loaded
    assert sorted(name for name in loaded if any(f"{name}.".startswith(f"{absent}.") for absent in NOT_LOADED)) == []
