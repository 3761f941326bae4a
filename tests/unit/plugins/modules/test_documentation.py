# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare the documentation of the modules with their options, examples and return values."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

PLUGINS = "ansible_collections.pingone.directory.plugins"
PREFIX = "pingone.directory."
MODULES = sorted(
    path.stem
    for path in (Path(__file__).resolve().parents[4] / "plugins" / "modules").glob("*.py")
    if path.stem[0] != "_"
)

# The modules whose examples run here, one after the other, and the initial content of the directory.
EXAMPLES_NEED = {
    "p1_user": {"groups": [{"displayName": "Engineering"}, {"displayName": "VPN"}, {"displayName": "Product"}]},
    "p1_group": {},
    "p1_group_membership": {
        "users": [{"userName": "marcher"}, {"userName": "jdoe"}],
        "groups": [{"displayName": "Engineering"}, {"displayName": "Contractors"}],
    },
}

# Values for the lookups in the examples; every other template must be added here.
RENDERED = {
    "{{ lookup('ansible.builtin.password', 'first-passwords/jdoe', length=20) }}": "Example-Password-1",
    "{{ lookup('ansible.builtin.password', 'new-passwords/jdoe', length=20) }}": "Example-Password-2",
}


def load(name):
    return importlib.import_module(f"{PLUGINS}.modules.{name}")


def task_class_of(name, monkeypatch):
    """Return the task class of a module."""
    module = load(name)
    seen = []
    monkeypatch.setattr(module, "run_module", seen.append)
    module.main()
    return seen[0]


def spec_of(name, monkeypatch):
    from ansible_collections.pingone.directory.plugins.module_utils._tasks.connection import connection_argument_spec

    return {**connection_argument_spec(), **task_class_of(name, monkeypatch).argument_spec()}


def documented_options(name):
    """Return the documented options of a module, including those of its fragments."""
    documentation = yaml.safe_load(load(name).DOCUMENTATION)
    options = dict(documentation.get("options") or {})
    for fragment in documentation["extends_documentation_fragment"]:
        file_name, *variable = fragment.removeprefix(PREFIX).split(".")
        content = importlib.import_module(f"{PLUGINS}.doc_fragments.{file_name}").ModuleDocFragment
        text = getattr(content, variable[0].upper() if variable else "DOCUMENTATION")
        for option, description in (yaml.safe_load(text).get("options") or {}).items():
            assert option not in options, f"{option} of {name} is documented twice"
            options[option] = description
    return options


def from_spec(spec):
    """Return the part of an argument spec that documentation can express."""
    return {
        name: {
            "type": option.get("type", "str"),
            "required": option.get("required", False),
            "default": option.get("default"),
            "choices": option.get("choices"),
            "elements": option.get("elements"),
            "aliases": option.get("aliases", []),
            "options": from_spec(option["options"]) if "options" in option else None,
        }
        for name, option in spec.items()
    }


def from_documentation(options):
    return {
        name: {
            "type": option.get("type", "str"),
            "required": option.get("required", False),
            "default": option.get("default"),
            "choices": list(option["choices"]) if "choices" in option else None,
            "elements": option.get("elements"),
            "aliases": option.get("aliases", []),
            "options": from_documentation(option["suboptions"]) if "suboptions" in option else None,
        }
        for name, option in options.items()
    }


@pytest.mark.parametrize("name", MODULES)
def test_the_documented_options_are_the_argument_spec(name, monkeypatch):
    assert from_documentation(documented_options(name)) == from_spec(spec_of(name, monkeypatch))


@pytest.mark.parametrize("name", MODULES)
def test_every_option_is_described(name):
    def undescribed(options, where):
        for option, content in options.items():
            if not content.get("description"):
                yield f"{where}{option}"
            yield from undescribed(content.get("suboptions") or {}, f"{where}{option}.")

    assert list(undescribed(documented_options(name), "")) == []


@pytest.mark.parametrize("name", MODULES)
def test_secrets_are_not_logged(name, monkeypatch):
    spec = spec_of(name, monkeypatch)
    assert spec["api_key"]["no_log"] is True
    if "password" in spec:
        assert spec["password"]["no_log"] is True


# -- examples ------------------------------------------------------------------------------------------


def tasks_of(name):
    """Return the tasks in a module's examples in order; examples may be plays."""
    found = []

    def collect(items):
        for item in items:
            if "tasks" in item:
                collect(item["tasks"])
            elif "block" in item:
                collect(item["block"])
            else:
                found.append(item)

    collect(yaml.safe_load(load(name).EXAMPLES))
    return found


def plays_of(name):
    return [item for item in yaml.safe_load(load(name).EXAMPLES) if "hosts" in item]


def call_of(task):
    """Return the module and options of a task of this collection, else None."""
    for key, options in task.items():
        if key.startswith(PREFIX):
            return key.removeprefix(PREFIX), options or {}
    return None


def untemplated(value):
    """Return a value without the parts that contain templates."""
    if isinstance(value, dict):
        cleaned = {key: untemplated(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item is not None}
    if isinstance(value, list):
        return [item for item in map(untemplated, value) if item is not None]
    return None if isinstance(value, str) and "{{" in value else value


@pytest.mark.parametrize("name", MODULES)
def test_every_example_is_named_and_valid(name, monkeypatch):
    tasks = tasks_of(name)
    assert any(call_of(task) and call_of(task)[0] == name for task in tasks)
    for task in tasks:
        assert task.get("name"), f"an example without a name: {task}"
        if call_of(task) is None:
            continue
        module, options = call_of(task)
        spec = spec_of(module, monkeypatch)
        known = {*spec, *(alias for option in spec.values() for alias in option.get("aliases", ()))}
        assert set(options) <= known, f"unknown options in {task['name']!r}"
        constraints = {"required_one_of": [], **task_class_of(module, monkeypatch).constraints}
        templated = {option for option in options if untemplated(options[option]) != options[option]}
        constraints = {
            kind: [rule for rule in rules if not templated & set(map(str, rule))] for kind, rules in constraints.items()
        }
        result = ArgumentSpecValidator(spec, **_for_validator(constraints)).validate(untemplated(options))
        assert result.error_messages == [], task["name"]


def _for_validator(constraints):
    return {
        kind: rules
        for kind, rules in constraints.items()
        if kind in ("mutually_exclusive", "required_together", "required_one_of", "required_if", "required_by")
    }


@pytest.mark.parametrize("name", MODULES)
def test_module_defaults_of_examples_are_connection_options(name):
    from ansible_collections.pingone.directory.plugins.module_utils._tasks.connection import connection_argument_spec

    for play in plays_of(name):
        for group, options in play.get("module_defaults", {}).items():
            assert group == "group/pingone.directory.p1"
            assert set(options) <= set(connection_argument_spec())


def rendered(value):
    if isinstance(value, dict):
        return {key: rendered(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rendered(item) for item in value]
    if isinstance(value, str) and "{{" in value:
        return RENDERED[value]
    return value


@pytest.mark.parametrize("name", EXAMPLES_NEED)
def test_the_examples_run_one_after_the_other(directory, name):
    """Run each in check mode, then for real, then again without changes; only a password that is always sent changes again."""
    directory.service.seed(**EXAMPLES_NEED[name])
    registered = {}
    for task in tasks_of(name):
        if call_of(task) is not None:
            module, options = call_of(task)
            always = options.get("update_password") == "always"
            result = (directory.ok if always else directory.converge)(module, **rendered(options))
            assert result["changed"]
            registered[task.get("register")] = result
        elif "ansible.builtin.debug" in task:
            # The object that it shows exists.
            variable, *path = task["ansible.builtin.debug"]["var"].split(".")
            value = registered[variable]
            for key in path:
                value = value[key]
            assert value is not None
        else:
            pytest.fail(f"an example that is not run: {task}")


# These have examples in their own documentation or need none.
NO_EXAMPLE = {
    "p1_user": {
        "id", "display_name", "profile_url", "user_type", "preferred_language", "locale", "timezone", "entitlements",
        "refuse_administering_groups",
    },
    "p1_directory": {"concurrency", "max_result_items", "on_error"},
}  # fmt: skip


@pytest.mark.parametrize("name", NO_EXAMPLE)
def test_every_option_has_an_example(name, monkeypatch):
    shown = {option for task in tasks_of(name) if call_of(task) for option in call_of(task)[1]}
    assert set(task_class_of(name, monkeypatch).argument_spec()) - shown == NO_EXAMPLE[name]


# -- return values -------------------------------------------------------------------------------------

FAILING = {
    "p1_user": {"user_name": "eve", "groups": ["Domain Administrators"]},
    "p1_group": {"display_name": "Domain Administrators", "new_display_name": "Crew"},
    "p1_group_membership": {"group": "Domain Administrators", "users": ["marcher"]},
    "p1_user_info": {"filter": " "},
    "p1_group_info": {"filter": " "},
    "p1_directory": {"users": [{"user_name": ""}]},
    "p1_directory_info": {"scope": {"users": {"shoe_size": "9"}}},
    "p1_directory_export": {"dest": "/dev/null/directory.yml"},
}
GOOD = {
    "p1_user": {"user_name": "marcher", "title": "Lead"},
    "p1_group": {"display_name": "Engineering", "state": "absent"},
    "p1_group_membership": {"group": "Engineering", "users": ["jdoe"], "groups": ["Contractors"], "state": "exact"},
    "p1_user_info": {"user_name": "marcher", "effective": True},
    "p1_group_info": {"display_name": "Engineering", "effective": True},
    "p1_directory": {
        "users": [{"user_name": "marcher", "title": "Lead"}],
        "groups": [{"display_name": "Engineering", "membership": "exact", "members": {"users": ["jdoe"]}}],
    },
    "p1_directory_info": {"probe": True},
    "p1_directory_export": {"dest": "directory.yml"},
}
TYPES = {"str": str, "int": int, "float": (int, float), "bool": bool, "dict": dict, "list": list}


def returned_complaints(documented, value, where, free=()):
    """List where a value differs from its documentation.

    :param free: keys that are allowed beside the documented ones.
    """
    if value is None:
        return
    if not isinstance(value, TYPES[documented["type"]]):
        yield f"{where} is no {documented['type']}: {value!r}"
    contains = documented.get("contains")
    if contains is None:
        return
    for item in value if isinstance(value, list) else [value]:
        for key in set(item) - set(contains) - set(free):
            yield f"{where}.{key} is returned and not documented"
        for key, content in contains.items():
            if key in item:
                yield from returned_complaints(content, item[key], f"{where}.{key}")
            elif content["returned"] == "always":
                yield f"{where}.{key} is documented as always returned and is not"


def test_return_values_match_their_documentation():
    assert list(GOOD) == list(FAILING) and sorted(GOOD) == MODULES


# Only some failures return these keys.
ON_REFUSAL = {"problems", "exceeded_limits"}


def not_returned(documented, failed):
    """Return the keys that are not always returned according to the documentation."""
    gone = {"on failure", "when the desired state or the plan is refused"} if not failed else {"success"}
    return {key for key, content in documented.items() if content["returned"] in gone}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("name", GOOD)
def test_the_documented_keys_are_those_returned(directory, name, check, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    directory.service.seed(
        users=[{"userName": "marcher"}, {"userName": "jdoe"}],
        groups=[{"displayName": "Engineering", "members": ["marcher"]}, {"displayName": "Contractors"}],
    )
    documented = yaml.safe_load(load(name).RETURN)
    free = documented_options("p1_user") if name in ("p1_user", "p1_user_info") else ()
    results = [directory.ok(name, check=check, **GOOD[name])]
    if not check:
        results += [
            directory.fails(name, **FAILING[name]),
            directory.fails(name, connection={"api_key": ""}, **GOOD[name]),  # No task has started.
        ]
    for result in results:
        shown = {key: result[key] for key in set(documented) & set(result)}
        missing = set(documented) - set(shown)
        assert missing - ON_REFUSAL == not_returned(documented, bool(result.get("failed"))) - ON_REFUSAL
        assert ON_REFUSAL.isdisjoint(shown) or result.get("failed")
        for key, value in shown.items():
            assert list(returned_complaints(documented[key], value, key, free if key in ("user", "users") else ())) == []


def samples(documented, where):
    for key, content in documented.items():
        assert content.get("description"), f"{where}{key} has no description"
        assert content.get("returned"), f"{where}{key} does not say when it is returned"
        if "sample" in content:
            yield f"{where}{key}", content
        yield from samples(content.get("contains") or {}, f"{where}{key}.")


@pytest.mark.parametrize("name", GOOD)
def test_samples_match_the_documented_types(name):
    documented = yaml.safe_load(load(name).RETURN)
    free = documented_options("p1_user") if name in ("p1_user", "p1_user_info") else ()
    found = dict(samples(documented, ""))
    assert set(documented) <= set(found), "every return value has a sample"
    complaints = [
        complaint
        for where, content in found.items()
        for complaint in returned_complaints(content, content["sample"], where, free if where in ("user", "users") else ())
    ]
    # A sample may omit some member lists.
    assert [complaint for complaint in complaints if "always returned" not in complaint] == []
