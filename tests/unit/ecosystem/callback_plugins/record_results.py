# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record every result as one line of JSON in the file that P1_TEST_RESULTS names, if any."""

from __future__ import annotations

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record_results
type: notification
short_description: Record every result of a playbook
description: [Records every result of a playbook.]
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record_results"
    CALLBACK_NEEDS_ENABLED = True

    _play = ""

    def v2_playbook_on_play_start(self, play):
        self._play = play.get_name()

    def _record(self, event, result):
        if "P1_TEST_RESULTS" not in os.environ:
            return
        # The results of a loop are those of its items, each recorded by itself.
        content = {name: value for name, value in result._result.items() if not name.startswith("_ansible_") and name != "results"}
        line = {"event": event, "play": self._play, "host": result._host.get_name(), "task": result._task.get_name(), "result": content}
        with open(os.environ["P1_TEST_RESULTS"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result):
        self._record("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._record("failed", result)

    def v2_runner_on_skipped(self, result):
        self._record("skipped", result)

    def v2_runner_on_unreachable(self, result):
        self._record("unreachable", result)

    def v2_runner_item_on_ok(self, result):
        self._record("item ok", result)

    def v2_runner_item_on_failed(self, result):
        self._record("item failed", result)

    def v2_runner_retry(self, result):
        self._record("retry", result)
