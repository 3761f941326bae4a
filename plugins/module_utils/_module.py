# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""run_module: options -> read -> plan -> apply -> result. The only file that knows AnsibleModule."""

from __future__ import annotations

import contextlib
import gc
import os

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._errors import DirectoryError, InputError
from ._http import transport
from ._http.url import REGIONS, resolve_base_url
from ._service.client import DirectoryClient

try:
    from ansible.module_utils.common.parameters import AnsibleFallbackNotFound
except ImportError:  # pragma: no cover - the sanity import test alone
    from ansible.module_utils.basic import AnsibleFallbackNotFound


def nonempty_env_fallback(*names):
    """A fallback like ``env_fallback`` for which a variable of empty text is not set."""
    for name in names:
        value = os.environ.get(name, "")
        if value.strip():
            return value
    raise AnsibleFallbackNotFound


def _from_env(name):
    return {"fallback": (nonempty_env_fallback, [name])}


def connection_argument_spec():
    """The options of the doc fragment ``pingone.directory.connection``."""
    return {
        "client_id": {"type": "str", **_from_env("P1_CLIENT_ID")},
        "api_key": {"type": "str", "no_log": True, **_from_env("P1_API_KEY")},
        "region": {"type": "str", "choices": list(REGIONS), "default": "na", **_from_env("P1_REGION")},
        "base_url": {"type": "str", **_from_env("P1_BASE_URL")},
        "validate_certs": {"type": "bool", "default": True, **_from_env("P1_VALIDATE_CERTS")},
        "ca_path": {"type": "path", **_from_env("P1_CA_PATH")},
        "timeout": {"type": "int", "default": 30},
        "retry_timeout": {"type": "int", "default": 120},
        "max_requests_per_second": {"type": "float"},
    }


class DirectoryModule(AnsibleModule):
    """AnsibleModule that knows what "not given" means here.

    ``given`` are the options as they were written. Ansible fills every dictionary up with nulls, after which
    ``name: {}`` (clear it) and ``name: {given_name: null}`` (not given) look the same.
    """

    def _load_params(self):
        super()._load_params()
        # Null is not given: Ansible would count it where one of several options is required, and would use no default.
        for option in [name for name, value in self.params.items() if value is None]:
            del self.params[option]
        # Nor is empty text here, so that an environment variable or a default can take its place.
        for option in connection_argument_spec():
            value = self.params.get(option)
            if isinstance(value, str) and not value.strip():
                del self.params[option]
        _text_where_a_dictionary_is_due(self.argument_spec, self.params)
        self.given = dict(self.params)

    def _log_invocation(self):
        try:
            super()._log_invocation()
        except UnicodeError:
            pass  # text that is not valid Unicode cannot be logged either; it is refused in words further on

    # Set by run_module: options that hold secrets inside of lists, which Ansible cannot know of.
    hidden_options = ()

    def add_path_info(self, kwargs):
        """Leave out the owner and mode of ``dest``: among them is ``group``, and in check mode they would be missing."""
        return kwargs

    def _return_formatted(self, kwargs):
        if self.hidden_options:
            # Ansible would print these options as they were given, also where another option is refused.
            kwargs["invocation"] = {
                "module_args": {
                    name: _hidden(value) if name in self.hidden_options else value
                    for name, value in self.params.items()
                }
            }
        super()._return_formatted(kwargs)

    def options(self):
        """The options with nulls that Ansible has filled in taken out again."""
        return {name: _as_given(value, self.given.get(name)) for name, value in self.params.items()}


def _text_where_a_dictionary_is_due(spec, params):
    """Turn true, 5 and the like into text where a dictionary with options of its own is due, in place.

    Ansible looks into them before it tells that their type is wrong, and fails with a traceback; text it refuses
    in words.
    """
    for name, inner in spec.items():
        value = params.get(name)
        if "options" not in inner or value is None:
            continue
        items = value if isinstance(value, list) else [value]
        items = [item if isinstance(item, (dict, list, str)) else str(item) for item in items]
        for item in items:
            if isinstance(item, dict):
                _text_where_a_dictionary_is_due(inner["options"], item)
        params[name] = items if isinstance(value, list) else items[0]


def _as_given(value, given):
    if isinstance(value, dict):
        given = given if isinstance(given, dict) else {}
        if not given:
            return {name: inner for name, inner in value.items() if inner is not None}
        return {name: _as_given(inner, given[name]) for name, inner in value.items() if name in given}
    if isinstance(value, list) and isinstance(given, list) and len(value) == len(given):
        return [_as_given(inner, given_inner) for inner, given_inner in zip(value, given)]
    return value


def _hidden(value):
    """An option of which only the shape is shown that cannot hold a secret."""
    return f"({len(value)} items, not shown)" if isinstance(value, list) else None if value is None else "(not shown)"


def client_from(options, warn, connections=1):
    """A :class:`DirectoryClient` from the connection options.

    :raises InputError: credentials are missing, or an option cannot be.
    """
    missing = [name for name in ("client_id", "api_key") if not options.get(name)]
    if missing:
        variables = ", ".join(f"P1_{name.upper()}" for name in missing)
        raise InputError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing: give the option, or set {variables}"
        )
    if ":" in options["client_id"]:
        raise InputError("client_id holds a colon, which Basic authentication cannot carry")
    for name, least in (("timeout", 1), ("retry_timeout", 0)):
        if options[name] < least:
            raise InputError(f"{name} must be at least {least} seconds, not {options[name]}")
    pace = options.get("max_requests_per_second")
    if pace is not None and not 0 < pace < float("inf"):
        raise InputError(f"max_requests_per_second must be more than 0, not {pace}")
    verify = options["validate_certs"]
    if not verify:
        warn(
            "validate_certs is false: whoever is between here and the service can read the API key and change every answer"
        )
    elif options.get("ca_path"):
        verify = options["ca_path"]
        if not os.path.exists(verify):
            raise InputError(f"ca_path {verify} does not exist where the module runs")
    return DirectoryClient(
        resolve_base_url(options.get("region"), options.get("base_url")),
        options["client_id"],
        options["api_key"],
        timeout=options["timeout"],
        retry_timeout=options["retry_timeout"],
        verify=verify,
        max_requests_per_second=pace,
        connections=connections,
    )


def run_module(task_class):
    """Run a task as an Ansible module: the whole of every module's ``main()``."""
    # On the class: Ansible refuses options, and prints them, while it makes the instance.
    DirectoryModule.hidden_options = task_class.hidden_options
    module = DirectoryModule(
        argument_spec={**connection_argument_spec(), **task_class.argument_spec()},
        supports_check_mode=True,
        # The system log would get the hidden options as they are.
        no_log=bool(task_class.hidden_options),
        **task_class.constraints,
    )
    if transport.requests is None:
        module.fail_json(msg=missing_required_lib("requests"), exception=transport.REQUESTS_IMPORT_ERROR)
    result = {
        "changed": False,
        **task_class.nothing,
        "api": {"reads": 0, "writes": 0, "retries": 0, "throttled_seconds": 0.0},
    }
    try:
        options = module.options()
        with client_from(options, module.warn, options.get("concurrency") or 1) as client:
            try:
                task = task_class(client, options, module.warn, foresee=module.check_mode)
                _run_task(module, task, result)
            finally:
                result["api"] = client.api
    except DirectoryError as error:
        module.fail_json(**{**result, "msg": str(error), "failure": error.failure})
    module.exit_json(**result)


@contextlib.contextmanager
def _collector_paused():
    """No search for cyclic garbage: all that is read and planned is kept, and each search would walk all of it once more."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _run_task(module, task, result):
    """Read, plan and apply; whatever happens, the result tells what was done."""
    try:
        with _collector_paused():
            plan = task.plan()
    except DirectoryError as error:
        error.during(task.attempt)
        result.update(task.refused(error))
        raise
    outcomes = {}
    result["changed"] = plan.changed
    try:
        if not module.check_mode:
            result["changed"] = False
            task.apply(plan, outcomes)
            result["changed"] = plan.changed
    finally:
        if module._diff and task.writes:
            result["diff"] = task.diff(plan)
        # After the diff: a result that tells whether it was cut counts the diff in.
        result.update(task.result(plan, outcomes))
        if outcomes:
            result["changed"] = any(outcome.changed for outcome in outcomes.values())
