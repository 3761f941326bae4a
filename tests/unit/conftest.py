# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of all unit tests: an emulated directory service, and modules that run in this process.

Tests with the marker ``matrix`` repeat a case of another test in a different environment. ``P1_TEST_MATRIX=1`` runs all
tests, and ``-m matrix`` runs only the marked ones. ``P1_TEST_DOOR=action`` runs the tests with the marker ``both_doors``
through the action plugins, each with its first parameters for each module; with ``P1_TEST_MATRIX=1`` it runs all tests
through them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import sys
import tempfile
import types
from pathlib import Path

import pytest
from ansible.module_utils.common import warnings as ansible_warnings
from ansible.module_utils.common.parameters import PASS_VARS

# The emulator is a separate package next to the unit tests; ansible-test does not add it to sys.path.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

# pylint: disable=wrong-import-position
from emulator import DirectoryService, Settings
from soak.depth import EVERYTHING
from soak.world import MODULES, module_arguments

ROOT = Path(__file__).resolve().parents[2]
COLLECTION = "ansible_collections.pingone.directory"
WRITE_VERBS = ("POST", "PUT", "PATCH", "DELETE")


def _forget_warnings():
    """Warnings are stored in globals, whose names differ between versions of ansible-core."""
    for name in ("_global_warnings", "_global_deprecations"):
        kept = getattr(ansible_warnings, name, None)
        if kept is not None:
            kept.clear()


def run_in_process(module_name, arguments):
    """Run main() of a module with arguments and return the printed result."""
    module = importlib.import_module(f"{MODULES}.{module_name}")
    _forget_warnings()
    printed = io.StringIO()
    with module_arguments(arguments), contextlib.redirect_stdout(printed), pytest.raises(SystemExit):
        module.main()
    lines = [line for line in printed.getvalue().splitlines() if line.startswith("{")]
    result = json.loads(lines[-1])
    result["warnings"] = [item if isinstance(item, str) else _text_of(item) for item in result.get("warnings", [])]
    return result


def run_as_action(module_name, arguments):
    """Run an action plugin with arguments in this process and return its result."""
    if not (ROOT / "plugins" / "action" / f"{module_name}.py").is_file():
        pytest.skip(f"{module_name} always runs as a module process")
    plugin = importlib.import_module(f"{COLLECTION}.plugins.action.{module_name}").ActionModule

    class Action(plugin):
        """The action plugin, which runs its module in this process."""

        def _execute_module(self, **unused):
            return run_in_process(module_name, arguments)

        def _remove_tmp_path(self, unused_path, force=False):
            pass

    options = {name: value for name, value in arguments.items() if not name.startswith("_ansible_")}
    task = types.SimpleNamespace(
        action=f"pingone.directory.{module_name}",
        args=options,
        check_mode=arguments["_ansible_check_mode"],
        diff=arguments["_ansible_diff"],
        async_val=0,
        delegate_to=None,
        environment=[],
    )
    shell = types.SimpleNamespace(tmpdir=None)
    connection = types.SimpleNamespace(transport="local", become=None, has_native_async=False, _shell=shell)
    templar = types.SimpleNamespace(template=lambda value: value)
    result = json.loads(json.dumps(Action(task, connection, None, None, templar, None).run(task_vars={})))
    return {"warnings": [], **result}


# Module tests run as a module or through the action plugin; the nox session for action plugins sets the variable.
DOORS = {"module": run_in_process, "action": run_as_action}
DOOR = os.environ.get("P1_TEST_DOOR", "module")

MARKERS = {
    "matrix": "repeats a case of another test, see the docstring of tests/unit/conftest.py",
    "xdist_group": "runs in the same worker of pytest-xdist as the others of its group",
    "both_doors": "is about what differs between a module process and an action plugin: options, results, warnings, failures",
}


def pytest_configure(config):
    """Register the markers here, because ansible-test reads no pyproject.toml."""
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


def pytest_collection_modifyitems(config, items):
    """Deselect tests that repeat a case, unless the caller selects by marker or requests all tests."""
    if config.option.markexpr or EVERYTHING:
        return
    kept = [item for item in items if not item.get_closest_marker("matrix")]
    if DOOR != "module":
        kept = list({_case(item): item for item in reversed(kept) if item.get_closest_marker("both_doors")}.values())[::-1]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_collection_finish():
    """Exclude the tests and all imported code from garbage collection, which otherwise traverses them a thousand times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _case(item):
    """Return what makes a case of its own behind the second door: the test, and the module among its parameters."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    modules = [value for value in parameters if isinstance(value, str) and value.startswith("p1_")]
    return (item.path, item.originalname, *modules)


def _text_of(item):
    """Return a warning as text; newer versions of ansible-core return a structure."""
    event = item.get("event", item)
    return event.get("msg") or json.dumps(item)


@pytest.fixture(scope="session")
def warm_ansible():
    """The programs of Ansible, which start from two servers."""
    from warm_ansible import WarmAnsible  # module tests do not need it

    with tempfile.TemporaryDirectory(prefix="warm-", ignore_cleanup_errors=True) as folder:
        password = Path(folder) / "vault-password"
        password.write_text("an invented password\n", encoding="utf-8")
        running = WarmAnsible(
            Path(folder),
            ANSIBLE_VAULT_PASSWORD_FILE=str(password),
            ANSIBLE_SHOW_CUSTOM_STATS="1",
            ANSIBLE_CALLBACK_PLUGINS=str(ROOT / "tests" / "unit" / "ecosystem" / "callback_plugins"),
            ANSIBLE_CALLBACKS_ENABLED="record_results",
        )
        yield running
        running.stop()


class Playground:
    """A running emulator and the modules, for use in a test.

    Every call verifies that check mode sends no write, that the counts of ``api`` equal those in the log of the
    emulator, and that the result contains no traceback.
    """

    def __init__(self, service):
        self.service = service
        self.connection = {"base_url": service.base_url, "client_id": service.client_id, "api_key": service.api_key}

    def run(self, module_name, check=False, diff=True, connection=None, door=DOOR, **options):
        """Run a module once and return its result; ``check=True``: in check mode; ``door``: a key of ``DOORS``."""
        start = self.service.logged
        arguments = {
            **self.connection,
            "retry_timeout": 5,
            **(connection or {}),
            **options,
            "_ansible_check_mode": check,
            "_ansible_diff": diff,
            "_ansible_remote_tmp": "/tmp",
            "_ansible_keep_remote_files": False,
        }
        if "inject_invocation" in PASS_VARS:  # from ansible-core 2.21 on, a result has the options on request alone
            arguments["_ansible_inject_invocation"] = True
        result = DOORS[door](module_name, arguments)
        sent = self.service.log_from(start)
        result["sent"] = sent
        if check:
            assert not [entry for entry in sent if entry["method"] in WRITE_VERBS], (
                f"{module_name} wrote in check mode: {sent}"
            )
        assert "Traceback" not in json.dumps(result.get("msg", "")), result
        return result

    def ok(self, module_name, **options):
        """Run a module that must succeed."""
        result = self.run(module_name, **options)
        assert not result.get("failed"), result.get("msg")
        return result

    def fails(self, module_name, **options):
        """Run a module that must fail with a one-line message, without a write unless the result reports a change."""
        result = self.run(module_name, **options)
        assert result.get("failed"), f"{module_name} did not fail: {result}"
        assert "\n" not in result["msg"], result["msg"]
        return result

    def converge(self, module_name, changed=True, **options):
        """Run in check mode, normally, and again: the prediction must be correct, and the second run writes nothing."""
        checked = self.ok(module_name, check=True, **options)
        assert checked["changed"] is changed, checked
        done = self.ok(module_name, **options)
        assert done["changed"] is changed, done
        assert set(done) == set(checked), f"other result keys in check mode: {set(done) ^ set(checked)}"
        again = self.ok(module_name, **options)
        assert again["changed"] is False, again
        assert not [entry for entry in again["sent"] if entry["method"] in WRITE_VERBS], again["sent"]
        return done

    def users(self):
        """Return the users in the emulator by name."""
        return {user["userName"]: user for user in self.service.dump()["users"].values()}

    def groups(self):
        """Return the groups in the emulator by name."""
        return {group["displayName"]: group for group in self.service.dump()["groups"].values()}

    def members(self, name):
        """Return the ids of the members of a group."""
        return {member["value"] for member in self.groups()[name].get("members", [])}


@pytest.fixture
def playground():
    """A fresh emulator with the default settings, and the modules to run against it."""
    with DirectoryService(Settings()) as service:
        yield Playground(service)
