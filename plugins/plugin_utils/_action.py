# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is PRIVATE to pingone.directory.

"""The base class of action plugins that run a module's task in the controller's own process.

Starting a module process takes about 0.4 seconds of CPU time, for a request that takes a few milliseconds. If the module
would run on the controller, as the same user and with the same interpreter, the action plugin calls the ``execute()``
function of the module directly and returns the same result. All other tasks run in an ordinary module process.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._http import transport
from ..module_utils._tasks import execute as _execute
from ..module_utils._tasks.connection import Connections
from ..module_utils._tasks.task import Task

SWITCH = "pingone_directory_in_process"

display = Display()

# Cached in the process, which Ansible forks for each task and host and uses for all items of a loop.
connections = Connections()


class DirectoryAction(ActionBase):  # type: ignore[misc]  # ansible-core has no types
    """Run a task in this process if possible, otherwise as a module.

    :cvar task_class: the class of the task; the module of the same name passes it to ``run_module``.
    """

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True  # asynchronous tasks run in the module process

    task_class: type[Task]

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task and return its result, which has the shape of a module result.

        :raises AnsibleError: the variable ``pingone_directory_in_process`` is neither true nor false.
        """
        result: dict[str, Any] = super().run(tmp, task_vars)
        reason = self._module_process_reason(task_vars or {})
        if reason is None:
            result.update(self._run_here(task_vars or {}))
            return result
        display.vvv(f"{self._task.action} runs as a module process: {reason}")
        wrap_async = self._task.async_val and not self._connection.has_native_async
        result.update(self._execute_module(task_vars=task_vars, wrap_async=wrap_async))
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def _module_process_reason(self, task_vars: Mapping[str, Any]) -> str | None:
        """Return why the task needs a module process, or None if it can run here."""
        host_vars = task_vars
        if self._task.delegate_to:
            host_vars = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, task_vars)
        if not self._switched_on(task_vars):
            return f"{SWITCH} is false"
        if self._connection.transport != "local":
            return f"the connection is {self._connection.transport}, not local"
        if self._connection.become is not None:
            return "the task uses become"
        if self._task.async_val:
            return "the task uses async"
        if any(self._task.environment or ()):
            return "the task sets an environment"
        interpreter = self._interpreter(host_vars)
        if interpreter is not None and not _is_this_interpreter(interpreter):
            return f"ansible_python_interpreter is {interpreter}, and this is {sys.executable}"
        if transport.requests is None:
            return "the Python library requests is missing in the Python of ansible-core"
        return None

    def _switched_on(self, task_vars: Mapping[str, Any]) -> bool:
        value = self._templar.template(task_vars.get(SWITCH, True))
        try:
            return bool(boolean(value))
        except TypeError as error:
            raise AnsibleError(f"{SWITCH} must be true or false, not {value!r}") from error

    def _interpreter(self, host_vars: Mapping[str, Any]) -> str | None:
        """Return the interpreter that is set for the host, or None if Ansible would search for one."""
        value = C.config.get_config_value("INTERPRETER_PYTHON", variables=host_vars)
        value = str(self._templar.template(value) or "").strip()
        # For "auto" and similar values, Ansible would search this host for an interpreter. The current one is used instead.
        return None if not value or value.startswith("auto") else value

    def _shows_invocation(self, task_vars: Mapping[str, Any]) -> bool:
        """Return whether results contain the task's options: always before ansible-core 2.20, depending on a setting since then."""
        try:
            return bool(C.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
        except AnsibleError:  # this version of ansible-core does not have the setting
            return True

    def _run_here(self, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """Run the task in this process and return the result that a module process would return."""
        task = self.task_class
        spec = _execute.argument_spec(task)
        given = _execute.given_options(_plain(self._task.args), spec)
        validation = ArgumentSpecValidator(spec, **task.constraints).validate(given)
        params = validation.validated_parameters
        warnings = _alias_warnings(spec, given)
        if validation.error_messages:
            msg = validation.errors.msg
            if isinstance(validation.errors[0], UnsupportedError):
                msg = f"Unsupported parameters for ({self._task.action}) module: {msg}"
            result = {"failed": True, "msg": msg}
        else:
            result = _execute.execute(
                task,
                _execute.effective_options(params, given),
                check_mode=bool(self._task.check_mode),
                diff_mode=bool(self._task.diff),
                warn=warnings.append,
                connect=connections.client,
            )
        if self._shows_invocation(task_vars):
            result["invocation"] = {"module_args": _execute.shown_options(task, params)}
        if warnings:
            result["warnings"] = warnings
        return _without_secrets(result, _secrets(spec, params))


def _is_this_interpreter(interpreter: str) -> bool:
    """Return whether a path or name is the interpreter that runs this code.

    The folder must match too: virtual environments that share one Python executable have different libraries.
    """
    found, this = (os.path.abspath(shutil.which(path) or path) for path in (interpreter, sys.executable))
    return os.path.realpath(found) == os.path.realpath(this) and os.path.realpath(os.path.dirname(found)) == os.path.realpath(
        os.path.dirname(this)
    )


def _plain(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return task arguments as a module process receives them: passed through JSON, with vaulted values decrypted and tags removed."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(arguments), default=_as_text))
    return plain


def _as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat is not None else str(value)


def _alias_warnings(spec: Mapping[str, Mapping[str, Any]], given: Mapping[str, Any]) -> list[str]:
    """Return the warnings of AnsibleModule for options that are set together with their alias."""
    return [
        f"Both option {name} and its alias {alias} are set."
        for name, option in spec.items()
        for alias in option.get("aliases", ())
        if name in given and alias in given
    ]


def _secrets(spec: Mapping[str, Mapping[str, Any]], params: Mapping[str, Any]) -> set[str]:
    """Return the values of all options that are ``no_log``."""
    values = (params.get(name) for name, option in spec.items() if option.get("no_log"))
    return {str(value) for value in values if value not in (None, "") and not isinstance(value, bool)}


def _without_secrets(result: dict[str, Any], secrets: set[str]) -> dict[str, Any]:
    """Mask secrets as AnsibleModule does: wherever they occur, except in values that are true, false or null."""
    kept = {name: value for name, value in result.items() if value is None or isinstance(value, bool)}
    return {**remove_values(result, secrets), **kept}
