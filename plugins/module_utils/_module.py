# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""The entry point of a module process: AnsibleModule -> ``execute()`` -> ``exit_json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._http import transport
from ._tasks.execute import argument_spec, effective_options, execute, given_options, shown_options

if TYPE_CHECKING:
    from ._tasks.task import Task


class DirectoryModule(AnsibleModule):  # type: ignore[misc]  # ansible-core has no types
    """An AnsibleModule that distinguishes empty options from options that are not set.

    ``given`` contains the options as written. Ansible adds a null for each missing suboption, after which ``name: {}``
    (clear the attribute) and ``name: {given_name: null}`` (not set) would look the same.
    """

    params: dict[str, Any]

    def __init__(self, task_class: type[Task]) -> None:
        # Set first, because the constructor of AnsibleModule validates the options and prints invalid ones.
        self.task_class = task_class
        super().__init__(
            argument_spec=argument_spec(task_class),
            supports_check_mode=True,
            # The system log would receive the sensitive options unmasked.
            no_log=bool(task_class.sensitive_options),
            **task_class.constraints,
        )

    def options(self) -> dict[str, Any]:
        """Return the options of the task for ``execute()``."""
        return effective_options(self.params, self.given)

    def _load_params(self) -> None:
        super()._load_params()
        self.params = given_options(self.params, self.argument_spec)
        self.given = dict(self.params)

    def _log_invocation(self) -> None:
        params = self.params
        self.params = shown_options(self.task_class, params)
        try:
            super()._log_invocation()
        except UnicodeError:
            pass  # invalid Unicode cannot be logged; it is refused later with a message
        finally:
            self.params = params

    def log(self, msg: str, log_args: Any = None) -> None:
        """Log a message with NUL escaped. Otherwise syslog could refuse it, and Ansible would fail before the task reports the NUL."""
        super().log(msg.replace("\0", "\\0"), log_args)

    def add_path_info(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Do not add the owner and mode of ``dest``: they would overwrite the result ``group``, and be missing in check mode."""
        return kwargs

    def _return_formatted(self, kwargs: dict[str, Any]) -> None:
        # If an option is invalid, Ansible would print all options.
        kwargs["invocation"] = {"module_args": shown_options(self.task_class, self.params)}
        super()._return_formatted(kwargs)


def run_module(task_class: type[Task]) -> None:
    """Run a task as an Ansible module. The ``main()`` of each module only calls this function."""
    module = DirectoryModule(task_class)
    options = module.options()
    if transport.requests is None and task_class.variant(options).needs_service:
        module.fail_json(msg=missing_required_lib("requests"), exception=transport.REQUESTS_IMPORT_ERROR)
    result = execute(
        task_class, options, check_mode=module.check_mode, diff_mode=module._diff, warn=module.warn
    )
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)
