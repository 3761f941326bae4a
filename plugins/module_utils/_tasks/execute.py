# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Run one task: options -> read -> plan -> apply -> result.

There are two callers: ``_module.py`` in a module process, and ``plugin_utils/_action.py`` for a task that runs in the
controller's process. No other code handles check mode.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .._core import errors
from .._core.unicode import INVALID_TEXT, replace_invalid
from .._http.credentials import mask_user_info
from .._scim.values import must_be_text
from .connection import client_from, connection_argument_spec, no_client

# Names of dictionary keys that contain secrets.
_SECRET = r"passw|pwd|secret|token|credential|api_?key|private_?key"

if TYPE_CHECKING:
    from .._service.client import DirectoryClient
    from .task import Task


_NO_TEXT = (bool, float, dict, list)


def argument_spec(task_class: type[Task]) -> dict[str, dict[str, Any]]:
    """Return the argument spec of a task, including the connection options."""
    return {**connection_argument_spec(), **task_class.argument_spec()}


def given_options(arguments: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the arguments that count as given.

    Null is not given: Ansible would count it in ``required_one_of``, and would not use the default. Empty text in a connection
    option is not given either, so that an environment variable or a default applies. Connection options are stripped of white
    space, because a key that is read from a file ends with a newline.
    """
    connection = connection_argument_spec()
    given = {}
    for name, value in arguments.items():
        if name in connection and isinstance(value, str):
            value = value.strip() or None
        if value is not None:
            inner = spec.get(name, {})
            given[name] = _items_of_text(inner, _one_name(inner, value))
    # Convert these last: Ansible must refuse the strings that result, because the user did not give strings.
    _scalars_as_text(spec, given)
    return given


def effective_options(params: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return validated parameters without the nulls that Ansible adds to dictionaries.

    With these nulls, ``name: {}`` (clear it) and ``name: {given_name: null}`` (not given) would look the same.
    """
    return {name: _as_given(value, given.get(name)) for name, value in params.items()}


def shown_options(task_class: type[Task], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters in the form in which ``invocation`` and the system log show them.

    Lists with secrets are replaced by their number of items. Values of unknown options are masked, because the option may
    be a misspelled ``password``. Secrets within dictionaries and addresses are masked, too.
    """
    hidden = task_class.sensitive_options
    known = set()
    for name, spec in argument_spec(task_class).items():
        known.update((name, *spec.get("aliases", ())))
    return {
        name: _hidden(value)
        if name in hidden
        else _without_user(value)
        if name == "base_url"
        else _without_secrets(value, name in known or name[0] == "_")
        for name, value in params.items()
    }


def _without_user(address: Any) -> Any:
    """Return a valid or invalid base URL without a user and password."""
    if not isinstance(address, str) or "@" not in address:
        return address
    masked = mask_user_info(address)
    return masked if masked != address else f"********@{address.rpartition('@')[2]}"


def _without_secrets(value: Any, shown: bool = True) -> Any:
    """Return an option's value without secrets: values under secret names, and the user part of addresses."""
    if isinstance(value, dict):
        return {name: _without_secrets(inner, shown and not re.search(_SECRET, str(name), re.IGNORECASE)) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_secrets(inner, shown) for inner in value]
    if isinstance(value, str):
        return mask_user_info(value) if shown else "********"
    return value if shown or value is None or isinstance(value, bool) else "********"


def _scalars_as_text(spec: Mapping[str, Mapping[str, Any]], params: dict[str, Any]) -> None:
    """Convert values such as true and 5 to strings, in place, if a dictionary with sub-options is expected.

    Ansible reads the sub-options before it checks the type, and fails with a traceback for such values. For text it reports
    a proper error.
    """
    for name, inner in spec.items():
        value = params.get(name)
        if "options" not in inner or value is None:
            continue
        items = value if isinstance(value, list) else [value]
        items = [item if isinstance(item, (dict, list, str)) else str(item) for item in items]
        for item in items:
            if isinstance(item, dict):
                _scalars_as_text(inner["options"], item)
        params[name] = items if isinstance(value, list) else items[0]


def _one_name(spec: Mapping[str, Any], value: Any) -> Any:
    """Return text given for a list of texts as a list with one item. Ansible would split it at commas, which names may contain."""
    is_list_of_texts = spec.get("type") == "list" and spec.get("elements", "str") == "str"
    return [value] if is_list_of_texts and isinstance(value, str) else value


def refuse_non_text(task_class: type[Task], options: Mapping[str, Any]) -> None:
    """Reject booleans and similar values where text is expected: YAML reads ``user_name: yes`` as true.

    Whole numbers are accepted as text.

    :param options: the options, as returned by :func:`effective_options`.
    :raises InputError: an option has such a value; the message lists all of them.
    """
    problems = []
    for name, spec in task_class.argument_spec().items():
        value = options.get(name)
        if spec.get("type", "str") in ("str", "path"):
            values = [(name, options.get(key)) for key in (name, *spec.get("aliases", ()))]
        elif spec.get("type") == "list" and spec.get("elements") == "str" and isinstance(value, list):
            values = [(f"{name}[{number}]", item) for number, item in enumerate(value)]
        else:
            continue
        problems += [f"{where} {must_be_text(item)}" for where, item in values if isinstance(item, _NO_TEXT)]
    if problems:
        raise errors.InputError("; ".join(problems))


def _items_of_text(spec: Mapping[str, Any], value: Any) -> Any:
    """Return a list with its texts converted to items with a ``value``: ``emails: [ann@example.org]``.

    Ansible would parse such a text as ``key=value``. Text that starts with a brace is JSON, which Ansible parses itself.
    """
    if not isinstance(value, list) or "value" not in (spec.get("options") or {}):
        return value
    return [
        {"value": item} if isinstance(item, str) and not item.lstrip().startswith("{") else item for item in value
    ]


def _as_given(value: Any, given: Any) -> Any:
    if isinstance(value, dict):
        given = given if isinstance(given, dict) else {}
        if not given:
            return {name: inner for name, inner in value.items() if inner is not None}
        return {name: _as_given(inner, given[name]) for name, inner in value.items() if name in given}
    if isinstance(value, list) and isinstance(given, list) and len(value) == len(given):
        return [_as_given(inner, given_inner) for inner, given_inner in zip(value, given)]
    if isinstance(value, str) and isinstance(given, _NO_TEXT):
        return given  # Ansible converted the value to a string that is not in the playbook.
    return value


def _hidden(value: Any) -> str | None:
    """Return a placeholder for a list or a value. None is returned unchanged."""
    return f"({len(value)} items, not shown)" if isinstance(value, list) else None if value is None else "(not shown)"


def execute(
    task_class: type[Task],
    options: dict[str, Any],
    *,
    check_mode: bool,
    diff_mode: bool,
    warn: Callable[[str], None],
    connect: Callable[..., DirectoryClient] = client_from,
) -> dict[str, Any]:
    """Run a task and return its result. A failed result has ``failed``, ``msg`` and ``failure`` in addition to the other keys.

    :param options: the options, as returned by :func:`effective_options`.
    :param warn: called with one line, once per text, because AnsibleModule repeats warnings before ansible-core 2.19.
    :param connect: makes the client from the options, ``warn`` and a number of connections.
    """
    task_class = task_class.variant(options)
    connect = connect if task_class.needs_service else no_client
    warn = functools.cache(warn)
    result: dict[str, Any] = {
        "changed": False,
        **task_class.empty_result,
        "api": {"reads": 0, "writes": 0, "retries": 0, "throttled_seconds": 0.0},
    }
    try:
        with connect(options, warn, options.get("concurrency") or 1) as client:
            try:
                refuse_non_text(task_class, options)
                task = task_class(client, options, warn, fail_on_missing=not check_mode)
                _run_task(task, result, check_mode, diff_mode)
            finally:
                result["api"] = client.api
    except errors.DirectoryError as error:
        result.update(failed=True, msg=str(error), failure=error.failure)
    valid: dict[str, Any] = replace_invalid(result)
    if valid is not result:
        warn(INVALID_TEXT)
    return valid


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause garbage collection: everything that is read and planned stays in memory, and each collection would traverse it again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _run_task(task: Task, result: dict[str, Any], check_mode: bool, diff_mode: bool) -> None:
    """Plan, then apply or preview. After an error, the result still shows the completed changes."""
    try:
        with errors.attempting(task.attempt):
            with _collector_paused():
                planned = task.plan()
            applied = task.preview(planned) if check_mode else task.apply(planned)
    except errors.DirectoryError as error:
        result.update(task.refused(error))
        raise
    result["changed"] = applied.error is None and planned.changes
    if applied.outcomes:
        result["changed"] = any(outcome.changed for outcome in applied.outcomes.values())
    views = task.views(planned, applied, with_diff=diff_mode)
    if "diff" in views:
        from .._plan.diff import readable_diff  # rule 8

        views["diff"] = readable_diff(views["diff"])
    result.update(views)
    if applied.error is not None:
        raise applied.error
