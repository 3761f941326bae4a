# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run p1_user_info in the controller's process unless a module process is needed."""

from __future__ import annotations

from ansible_collections.pingone.directory.plugins.module_utils._tasks.user_info import UserInfoTask
from ansible_collections.pingone.directory.plugins.plugin_utils._action import DirectoryAction


class ActionModule(DirectoryAction):
    task_class = UserInfoTask
