# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the files for AWX: the credential type, the surveys, and the playbook that creates the objects with awx.awx."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
import textwrap
from pathlib import Path

import pytest
import yaml
from ecosystem_support import ROOT
from fake_controller import FakeController

FILES = ROOT / "playbooks" / "files" / "awx"
NOTED = Path(__file__).with_name("awx_modules.json")
SURVEYS = sorted((FILES / "surveys").glob("*.json"))
ROLE_OF_SURVEY = {
    "access": "group_access",
    "audit": "directory_audit",
    "offboard": "user_offboard",
    "onboard": "user_onboard",
}
BLOCKED = re.compile(r"ANSIBLE_|PATH$|PYTHON|LD_|HOME$|VIRTUAL_ENV$|JOB_ID$|INVENTORY_")  # AWX refuses to inject these


class Loader(yaml.SafeLoader):
    """Return a playbook as data."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def load(path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)


def awx_collection():
    """Return the folder with the real awx.awx of the package ansible, or None."""
    places = [*os.environ.get("AWX_COLLECTIONS_PATH", "").split(os.pathsep), *sys.path]
    spec = importlib.util.find_spec("ansible_collections")
    places += [str(Path(place).parent) for place in (spec.submodule_search_locations if spec else None) or []]
    for place in filter(None, places):
        if (Path(place) / "ansible_collections" / "awx" / "awx" / "plugins" / "modules").is_dir():
            return Path(place)
    return None


AWX = awx_collection()
needs_awx = pytest.mark.skipif(
    AWX is None, reason="the collection awx.awx is not installed: pip install ansible, or set AWX_COLLECTIONS_PATH"
)


# The credential type


def test_credential_type_is_valid_for_awx():
    inputs = load(FILES / "credential_type_inputs.yml")
    assert set(inputs) == {"fields", "required"}
    for field in inputs["fields"]:
        assert (
            {"id", "label", "type"}
            <= set(field)
            <= {"id", "label", "type", "secret", "choices", "default", "help_text"}
        )
        assert re.fullmatch(r"[a-zA-Z_]+[a-zA-Z0-9_]*", field["id"]) and field["id"] != "tower"
        assert field["type"] == "string"
        assert field.get("default") is None or field["default"] in field["choices"]
    fields = {field["id"]: field for field in inputs["fields"]}
    assert list(fields) == ["client_id", "api_key", "region", "base_url"]
    assert [name for name, field in fields.items() if field.get("secret")] == ["api_key"]
    assert fields["region"]["choices"] == ["na", "eu", "au"]
    assert inputs["required"] == ["client_id", "api_key"]


def test_injectors_set_what_the_modules_read():
    injectors = load(FILES / "credential_type_injectors.yml")
    assert set(injectors) == {"env"}
    assert injectors["env"] == {
        "P1_CLIENT_ID": "{{ client_id }}",
        "P1_API_KEY": "{{ api_key }}",
        "P1_REGION": "{{ region }}",
        "P1_BASE_URL": "{{ base_url }}",
    }
    assert not [name for name in injectors["env"] if BLOCKED.match(name)]
    fragment = (ROOT / "plugins" / "doc_fragments" / "connection.py").read_text(encoding="utf-8")
    assert [name for name in injectors["env"] if name not in fragment] == []


def test_the_guide_shows_the_shipped_credential_type():
    """The guide shows the same credential type that awx_setup creates."""
    blocks = re.split(
        r"\n\.\. code-block:: yaml\n", (ROOT / "docs" / "docsite" / "rst" / "guide_awx.rst").read_text(encoding="utf-8")
    )
    shown = [textwrap.dedent(re.split(r"\n(?=\S)", block, maxsplit=1)[0]).strip() for block in blocks[1:]]
    for name in ("inputs", "injectors"):
        _header, _separator, content = (
            (FILES / f"credential_type_{name}.yml").read_text(encoding="utf-8").partition("---\n")
        )
        assert content.strip() in shown, f"the guide does not show credential_type_{name}.yml as it is"


# The surveys


def test_every_template_has_its_survey():
    templates = load(ROOT / "playbooks" / "vars" / "awx_setup.yml")["awx_setup_templates"]
    assert (
        sorted(template["survey"] for template in templates if template["survey"])
        == [path.stem for path in SURVEYS]
        == sorted(ROLE_OF_SURVEY)
    )
    (project,) = load(ROOT / "playbooks" / "awx_project.yml")
    for template in templates:
        assert (ROOT / "playbooks" / template["playbook"]).is_file()
        assert template["playbook"] in project["tasks"][-1]["loop"]
    assert {template["name"]: template["job_type"] for template in templates}["Audit"] == "check"


@pytest.mark.parametrize("path", SURVEYS, ids=lambda path: path.stem)
def test_survey_is_valid_for_awx(path):
    """The survey satisfies the rules of AWX."""
    survey = json.loads(path.read_text(encoding="utf-8"))
    assert set(survey) == {"name", "description", "spec"}
    assert survey["name"] and survey["spec"]
    variables = [question["variable"] for question in survey["spec"]]
    assert len(variables) == len(set(variables))
    for question in survey["spec"]:
        assert set(question) == {
            "question_name",
            "question_description",
            "variable",
            "type",
            "required",
            "default",
            "choices",
            "min",
            "max",
        }
        assert question["type"] in ("text", "textarea", "password", "multiplechoice")
        assert isinstance(question["required"], bool)
        if question["type"] == "multiplechoice":
            assert question["default"] in question["choices"]
        else:
            assert question["choices"] == ""
            assert question["default"] == ""
            assert (question["min"] > 0) is question["required"]


@pytest.mark.parametrize("path", SURVEYS, ids=lambda path: path.stem)
def test_survey_asks_for_variables_of_the_role(path):
    role = ROLE_OF_SURVEY[path.stem]
    options = load(ROOT / "roles" / role / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
    for question in json.loads(path.read_text(encoding="utf-8"))["spec"]:
        option = options[question["variable"]]
        assert (question["type"] == "password") is option.get("no_log", False)
        if option.get("choices"):
            assert set(question["choices"]) <= set(option["choices"])
    asked = {question["variable"] for question in json.loads(path.read_text(encoding="utf-8"))["spec"]}
    # Options that extend a user's permissions are set in a template, not in a survey.
    assert not asked & {
        "user_offboard_allow_administrator",
        "user_offboard_protected_users",
        "user_offboard_absent_ok",
        "user_onboard_allow_administrator",
        "user_onboard_allowed_groups",
        "user_onboard_attributes",
        "user_onboard_reactivate",
        "group_access_allowed_groups",
        "group_access_on_unknown",
    }


# The playbook


def tasks_of_setup():
    (play,) = load(ROOT / "playbooks" / "awx_setup.yml")
    return play["tasks"]


def test_modules_are_declared_for_ansible_lint():
    used = {key for task in tasks_of_setup() for key in task if key.startswith("awx.awx.")}
    assert sorted(used) == load(ROOT / ".ansible-lint")["mock_modules"]


def option_complaints(given, options, where):
    """Return unknown options, invalid choices, and missing options."""
    for name, value in given.items():
        option = options.get(name) or next((each for each in options.values() if name in each.get("aliases", ())), None)
        if option is None:
            yield f"{where} has no option {name}"
            continue
        literal = not (isinstance(value, str) and "{{" in value)
        if literal and option.get("choices") and value not in option["choices"]:
            yield f"{where}: {name} may not be {value!r}"
        if literal and isinstance(value, dict) and option.get("suboptions"):
            yield from option_complaints(value, option["suboptions"], f"{where}.{name}")
        if literal and not isinstance(
            value, {"dict": dict, "list": list, "bool": bool, "int": int}.get(option.get("type"), (str, int))
        ):
            yield f"{where}: {name} has to be of the type {option['type']}"
    for name, option in options.items():
        if option.get("required") and name not in given:
            yield f"{where} needs {name}"


def options_of_real_modules():
    """Return the documented options of the real modules that the playbook uses."""
    modules = {}
    for name in load(ROOT / ".ansible-lint")["mock_modules"]:
        path = AWX / "ansible_collections" / "awx" / "awx" / "plugins" / "modules" / f"{name.rpartition('.')[2]}.py"
        text = re.search(r"^DOCUMENTATION = r?'''(.*?)'''", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)[
            1
        ]
        modules[name] = in_short(yaml.safe_load(text)["options"])
    return modules


def in_short(options):
    """Return options without their descriptions and defaults."""
    short = {}
    for name, option in sorted(options.items()):
        short[name] = {key: option[key] for key in ("type", "choices", "required", "aliases") if option.get(key)}
        if option.get("suboptions"):
            short[name]["suboptions"] = in_short(option["suboptions"])
    return short


def test_options_match_the_real_modules():
    """The options come from awx_modules.json, because the real collection is rarely installed."""
    known = json.loads(NOTED.read_text(encoding="utf-8"))["modules"]
    complaints = []
    for task in tasks_of_setup():
        for name in (key for key in task if key.startswith("awx.awx.")):
            complaints += option_complaints(task[name], known[name], name)
    assert complaints == []


@needs_awx
def test_recorded_options_match_the_installed_collection():
    """To record a newer awx.awx, write the compared value to the file."""
    noted = json.loads(NOTED.read_text(encoding="utf-8"))
    manifest = json.loads((AWX / "ansible_collections" / "awx" / "awx" / "MANIFEST.json").read_text(encoding="utf-8"))
    if manifest["collection_info"]["version"] != noted["version"]:
        pytest.skip(f"the options noted are those of awx.awx {noted['version']}, and another version is installed")
    assert options_of_real_modules() == noted["modules"]


def test_the_check_of_options_reports_problems():
    options = {
        "kind": {"type": "str", "choices": ["cloud"]},
        "node": {"type": "dict", "suboptions": {"name": {"required": True}}},
        "name": {"required": True},
    }
    found = list(option_complaints({"kind": "net", "nod": 1, "node": {}}, options, "m"))
    assert found == ["m: kind may not be 'net'", "m has no option nod", "m.node needs name", "m needs name"]


@pytest.fixture
def controller():
    with FakeController() as running:
        yield running


MINE = {
    "awx_setup_project_url": "https://git.test/identity/directory.git",
    "awx_setup_image": "registry.test/directory:1",
}


@pytest.fixture
def set_up(workshop, controller):
    """Run the playbook with the real modules against the mock."""
    places = os.pathsep.join(str(place) for place in (workshop.collections, AWX) if place)
    env = {"CONTROLLER_HOST": controller.url, "CONTROLLER_OAUTH_TOKEN": "a-token", "ANSIBLE_COLLECTIONS_PATH": places}

    def run(*arguments, **variables):
        return workshop.play("awx_setup", *arguments, **{"env": env, **MINE, **variables})

    return run


@needs_awx
def test_set_up_creates_everything_once(set_up, controller):
    """The real modules against a mock of the API; the second run changes nothing."""
    mine = {
        "awx_setup_client_id": "the-client",
        "awx_setup_api_key": "the-S3cret-key",
        "awx_setup_output_dir": "/var/reports",
        "awx_setup_inventory_hosts": {"one": {"p1_region": "eu"}, "two": {"p1_region": "au"}},
        "awx_setup_hosts": "all",
        "awx_setup_job_slices": 2,
    }
    first = set_up(**mine)
    assert "the-S3cret-key" not in first
    writes = len(controller.writes)
    again = set_up(**mine)
    assert "changed=0" in again, controller.writes[writes:]

    (kind,) = controller.held["credential_types"].values()
    assert kind["inputs"] == load(FILES / "credential_type_inputs.yml")
    assert kind["injectors"] == load(FILES / "credential_type_injectors.yml"), "the braces are for AWX, and stay"
    (credential,) = controller.held["credentials"].values()
    assert credential["inputs"] == {
        "client_id": "the-client",
        "api_key": "the-S3cret-key",
        "region": "na",
        "base_url": "",
    }
    assert sorted(controller.named("hosts")) == ["one", "two"]

    templates = {name.partition(" - ")[2]: item for name, item in controller.named("job_templates").items()}
    assert sorted(templates) == ["Access", "Apply", "Audit", "Delete leavers", "Export", "Offboard", "Onboard"]
    for name, template in templates.items():
        variables = json.loads(template["extra_vars"])
        assert (variables["p1_hosts"], variables["p1_output_dir"]) == ("all", "/var/reports")
        assert template["allow_simultaneous"] is False
        assert controller.associated["job_templates", template["id"], "credentials"] == [credential["id"]]
        assert template["job_slice_count"] == (2 if name == "Audit" else 1)
        survey = controller.surveys.get(("job_templates", template["id"]))
        file = FILES / "surveys" / f"{name.lower()}.json"
        assert survey == (json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None)
    audit, apply = (json.loads(templates[name]["extra_vars"]) for name in ("Audit", "Apply"))
    assert apply["directory_apply_require_approval"] is True
    common = {name.replace("directory_audit_", "") for name in audit} & {
        name.replace("directory_apply_", "") for name in apply
    }
    assert {"src", "unlisted_users", "unlisted_groups"} <= common

    nodes = controller.named("workflow_job_template_nodes")
    assert [controller.next_of(nodes[name]) for name in ("audit", "approval", "apply", "verify")] == [
        ["approval"],
        ["apply"],
        ["verify"],
        [],
    ]
    assert nodes["audit"]["unified_job_template"] == nodes["verify"]["unified_job_template"] == templates["Audit"]["id"]
    assert nodes["audit"]["job_slice_count"] == 1
    assert nodes["audit"]["extra_data"]["directory_audit_fail_on_drift"] == "false"
    assert nodes["approval"]["unified_job_template"] in controller.held["workflow_approval_templates"]
    (schedule,) = controller.held["schedules"].values()
    assert schedule["unified_job_template"] == templates["Audit"]["id"]
    assert nodes["audit"]["extra_data"]["directory_audit_fail_on_refusal"] == "true"


@needs_awx
def test_a_renewed_key_is_written_on_request(set_up, controller):
    """Without templates, the playbook fails at the first workflow node, after the credential was written."""
    given = {"awx_setup_client_id": "the-client", "awx_setup_templates": [], "fails": True}
    for key, update, kept in (("key-1", False, "key-1"), ("key-2", False, "key-1"), ("key-2", "true", "key-2")):
        text = set_up(**given, awx_setup_api_key=key, awx_setup_update_key=update)
        (credential,) = controller.held["credentials"].values()
        assert credential["inputs"]["api_key"] == kept
        assert "key-" not in text
        assert "awx_setup_output_dir is empty" in text


MANY = {"emea": {"p1_region": "eu"}, "apac": {"p1_region": "au"}}


@needs_awx
@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"awx_setup_project_url": "https://git.example.org/x.git"}, "set awx_setup_project_url"),
        ({"awx_setup_image": "registry.example.org/x"}, "set awx_setup_image"),
        ({"awx_setup_inventory_hosts": MANY, "awx_setup_hosts": "emea, asia"}, "not asia"),
        ({"awx_setup_inventory_hosts": MANY, "awx_setup_hosts": "directories"}, "names of awx_setup_inventory_hosts"),
        (
            {"awx_setup_inventory_hosts": {"emea": {"p1_api_key": "k-1"}}, "awx_setup_hosts": "all"},
            "p1_api_key of emea",
        ),
        (
            {"awx_setup_inventory_hosts": MANY, "awx_setup_desired": {"src": "/runner/project/{{ inventory_hostname }}"}},
            "awx_setup_desired.src ends in localhost, but there are 2 directories",
        ),
    ],
)
def test_invalid_options_are_refused(set_up, controller, variables, says):
    text = set_up(fails=True, **{"awx_setup_hosts": "all", **variables})
    assert f"Nothing was done: {says}" in text or says in text.partition("Nothing was done: ")[2]
    assert "k-1" not in text
    assert controller.writes == []


@needs_awx
def test_the_address_of_awx_is_required(set_up, controller):
    text = set_up(fails=True, env={}, awx_setup_image="registry.example.org/x")
    assert "Nothing was done: set CONTROLLER_HOST" in text and "; set awx_setup_image" in text


@needs_awx
@pytest.mark.parametrize("deep", [False, True])
def test_inventories_contain_no_vaulted_values(workshop, set_up, controller, deep):
    arguments = workshop.vaulted("unused.yml", "x")
    code, vaulted = workshop.run("ansible-vault", "encrypt_string", *arguments, "the-vaulted-text")
    assert code == 0
    value = vaulted[vaulted.index("!vault") :].replace("\n", "\n" + 10 * " ").rstrip()
    hosts = (
        f"awx_setup_inventory_hosts:\n  emea:\n    harmless: {'{a: b}'}\n    some: "
        + ("\n      thing: " if deep else "")
        + value
    )
    mine = workshop.write("mine.yml", hosts + "\n")
    text = set_up("-e", f"@{mine}", *arguments, fails=True, awx_setup_hosts="all")
    assert f"contains secrets, which AWX would store in clear text: {'thing' if deep else 'some'} of emea. Put them, vaulted, into host_vars" in text
    assert "the-vaulted-text" not in text
    assert controller.writes == []


@needs_awx
def test_many_directories(workshop, set_up, controller):
    """Keys stay in the project, vaulted; each job reads the desired state of its own directory."""
    controller.held["credentials"] = {7: {"id": 7, "name": "Identity vault"}}
    mine = workshop.write(
        "mine.yml",
        "awx_setup_desired:\n  src: !unsafe '/runner/project/{{ inventory_hostname }}'\n  unlisted_users: keep\n",
    )
    given = {
        "awx_setup_inventory_hosts": MANY,
        "awx_setup_hosts": "emea,apac",
        "awx_setup_vault_credential": "Identity vault",
    }
    set_up("-e", f"@{mine}", **given)
    templates = {name.partition(" - ")[2]: item for name, item in controller.named("job_templates").items()}
    assert not {"Export", "Delete leavers"} & set(templates), "files in the container do not survive"
    for name, template in templates.items():
        assert controller.associated["job_templates", template["id"], "credentials"] == [7], name
    for role, name in (("audit", "Audit"), ("apply", "Apply")):
        variables = json.loads(templates[name]["extra_vars"])
        assert variables[f"directory_{role}_src"] == "/runner/project/{{ inventory_hostname }}"
    hosts = {name: json.loads(item["variables"]) for name, item in controller.named("hosts").items()}
    assert hosts == MANY


def test_the_command_in_the_head_matches_the_guide():
    command = "ansible-playbook pingone.directory.awx_setup -e @my-setup.yml"
    head = (ROOT / "playbooks" / "awx_setup.yml").read_text(encoding="utf-8").partition("---\n")[0]
    assert f"#   {command}\n" in head
    assert f"$ {command} " in (ROOT / "docs" / "docsite" / "rst" / "guide_awx.rst").read_text(encoding="utf-8")
