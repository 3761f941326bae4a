# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as a whole: modules and roles are complete, and the artifact contains the right files.

Each check yields complaints that state what to do. A check takes the folder to inspect, so that the last tests in this file
can run it on a broken collection.
"""

from __future__ import annotations

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = "ansible_collections.pingone.directory.plugins"
GROUP = "p1"

CONNECTION_OPTIONS = {"client_id", "api_key", "region", "base_url", "validate_certs", "ca_path", "timeout", "retry_timeout", "max_requests_per_second"}
ATTRIBUTES = {"check_mode", "diff_mode", "idempotent", "action_group"}

HEADER = (
    "# Copyright (c) 2026, pingone.directory contributors",
    "# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)",
    "# SPDX-" + "License-Identifier: GPL-3.0-or-later",
)
# Folders in a checkout that tools and developers create and that are not part of the project.
NOT_OURS = re.compile(r"\..*|__pycache__|venv|output|collections|dist|_build")
HIDDEN_BUT_OURS = {".ci", ".github"}

# The files that an artifact may contain, as patterns of paths.
ARTIFACT = re.compile(
    r"(?:MANIFEST\.json|FILES\.json|README\.md|CODE_OF_CONDUCT\.md|CONTRIBUTING\.md|LICENSE|REUSE\.toml|CHANGELOG\.(?:md|rst)|tests/config\.yml"
    r"|(?:LICENSES|changelogs|docs|meta|playbooks|plugins|roles|tests/sanity)/[^.].*)"
)
ARTIFACT_NEVER = re.compile(r"(?:^|/)(?:\.(?!keep$).*|__pycache__|.*\.py[co]|.*\.retry|.*\.tar\.gz|.*\.log|_build)(?:/|$)")


def load_yaml(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def module_names(root):
    return sorted(path.stem for path in (root / "plugins" / "modules").glob("*.py") if path.stem != "__init__")


def role_names(root):
    return sorted(path.name for path in (root / "roles").glob("*") if path.is_dir())


def jinja_plugins(root):
    """Return the filters and tests as pairs of the kind and the name."""
    paths = [path for kind in ("filter", "test") for path in (root / "plugins" / kind).glob("*.py")]
    return sorted((path.parent.name, path.stem) for path in paths if path.stem != "__init__")


def documents_of(path):
    """Return the documentation constants of a module without importing it."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Constant):
            found[node.targets[0].id] = node.value.value
    return found


def fragment(name):
    """Return the content of a documentation fragment of this collection."""
    namespace, collection, module, *variable = name.split(".")
    if (namespace, collection) != ("pingone", "directory"):
        return {}
    content = importlib.import_module(f"{PLUGINS}.doc_fragments.{module}").ModuleDocFragment
    return yaml.safe_load(getattr(content, variable[0].upper() if variable else "DOCUMENTATION")) or {}


def mentioned(name, text):
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text.replace("pingone.directory.", "")) is not None


# The checks


def documentation_complaints(root, name):
    documents = documents_of(root / "plugins" / "modules" / f"{name}.py")
    missing = [constant for constant in ("DOCUMENTATION", "EXAMPLES", "RETURN") if not (documents.get(constant) or "").strip()]
    for constant in missing:
        yield f"plugins/modules/{name}.py has no {constant}: write one (a string constant at the top level of the file)"
    if "DOCUMENTATION" in missing:
        return
    documentation = yaml.safe_load(documents["DOCUMENTATION"])
    if documentation.get("module") != name:
        yield f"plugins/modules/{name}.py documents the module {documentation.get('module')!r}: say 'module: {name}'"
    fragments = documentation.get("extends_documentation_fragment") or []
    known = [fragment(each) for each in ([fragments] if isinstance(fragments, str) else fragments)]
    options = {key for each in known for key in each.get("options") or {}}
    attributes = {key for each in [*known, documentation] for key in each.get("attributes") or {}}
    if CONNECTION_OPTIONS - options:
        yield (
            f"plugins/modules/{name}.py does not extend the fragment of the connection options "
            f"(it lacks {', '.join(sorted(CONNECTION_OPTIONS - options))}): add it to extends_documentation_fragment"
        )
    if ATTRIBUTES - attributes:
        yield (
            f"plugins/modules/{name}.py lacks the attributes {', '.join(sorted(ATTRIBUTES - attributes))}: "
            "add the fragments of the attributes to extends_documentation_fragment"
        )


def completeness_complaints(root, name):
    if not (root / "tests" / "unit" / "plugins" / "modules" / f"test_{name}.py").is_file():
        yield f"{name} has no unit test file: write tests/unit/plugins/modules/test_{name}.py"
    if not (root / "tests" / "integration" / "targets" / name / "tasks" / "main.yml").is_file():
        yield f"{name} has no integration target: write tests/integration/targets/{name}/tasks/main.yml"
    if not mentioned(name, (root / "README.md").read_text(encoding="utf-8")):
        yield f"README.md does not mention {name}: add it to the table of modules"


def role_complaints(root, name):
    if not (root / "roles" / name / "meta" / "argument_specs.yml").is_file():
        yield f"the role {name} says nothing of its variables: write roles/{name}/meta/argument_specs.yml"
    if not (root / "tests" / "integration" / "targets" / f"role_{name}" / "tasks" / "main.yml").is_file():
        yield f"the role {name} has no integration target: write tests/integration/targets/role_{name}/tasks/main.yml"
    if not mentioned(name, (root / "README.md").read_text(encoding="utf-8")):
        yield f"README.md does not mention the role {name}: add it to the table of roles"


def jinja_plugin_complaints(root, kind, name):
    documents = documents_of(root / "plugins" / kind / f"{name}.py")
    for constant in ("DOCUMENTATION", "EXAMPLES", "RETURN"):
        if not (documents.get(constant) or "").strip():
            yield f"plugins/{kind}/{name}.py has no {constant}: write one (a string constant at the top level of the file)"
    tests = (root / "tests" / "unit" / "plugins" / kind).glob("test_*.py")
    if not any(mentioned(name, path.read_text(encoding="utf-8")) for path in tests):
        yield f"no file of tests/unit/plugins/{kind} names the {kind} {name}: write its tests there"
    if not mentioned(name, (root / "README.md").read_text(encoding="utf-8")):
        yield f"README.md does not mention the {kind} {name}: add it to the table of filters and tests"


def action_group_complaints(root):
    listed = load_yaml(root / "meta" / "runtime.yml")["action_groups"].get(GROUP) or []
    modules = module_names(root)
    for name in sorted(set(modules) - set(listed)):
        yield f"{name} is not in the action group {GROUP}: add it to meta/runtime.yml"
    for name in sorted(set(listed) - set(modules)):
        yield f"meta/runtime.yml has {name} in the action group {GROUP}, and plugins/modules/{name}.py does not exist: remove one or write the other"
    if len(listed) != len(set(listed)):
        yield f"meta/runtime.yml lists a module twice in the action group {GROUP}: remove one"


def project_files(root):
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name in HIDDEN_BUT_OURS or not NOT_OURS.fullmatch(name))
        yield from (Path(folder) / name for name in sorted(files))


def has_code(text):
    """Return whether a file contains more than comments and a docstring."""
    return any(not isinstance(node, ast.Expr) for node in ast.parse(text).body)


def header_complaints(root):
    for path in project_files(root):
        relative = path.relative_to(root).as_posix()
        if path.suffix not in (".py", ".yml", ".yaml", ".toml", ".sh"):
            continue
        if relative == "changelogs/changelog.yaml" or relative.startswith("changelogs/fragments/"):
            continue  # antsibull-changelog maintains them; REUSE.toml states their license
        text = path.read_text(encoding="utf-8")
        if path.name == "__init__.py" and not text:
            continue  # ansible-test requires those of plugins to be empty
        start = text.split("\n")[:10]
        if not all(line in start for line in HEADER):
            yield f"{relative} does not start with the license header: put these lines first:\n" + "\n".join(HEADER)
        if path.suffix == ".py" and has_code(text) and "\nfrom __future__ import annotations\n" not in text:
            yield f"{relative} lacks 'from __future__ import annotations': put it before all other imports"


def requirement_lines(path):
    """Return the requirements in a file, with normalized spaces and case."""
    if not path.is_file():
        return set()
    lines = (line.partition("#")[0] for line in path.read_text(encoding="utf-8").split("\n"))
    return {re.sub(r"\s+", "", line).lower() for line in lines if line.strip()}


def requirement_complaints(root):
    runtime = requirement_lines(root / "meta" / "ee-requirements.txt")
    emulator = requirement_lines(root / "tests" / "emulator" / "requirements.txt")
    for kind in ("unit", "integration"):
        missing = (runtime | emulator) - requirement_lines(root / "tests" / kind / "requirements.txt")
        for line in sorted(missing):
            where = "meta/ee-requirements.txt" if line in runtime else "tests/emulator/requirements.txt"
            yield f"{where} wants {line} and tests/{kind}/requirements.txt does not: write the same line there"
    for path in sorted((root / "plugins" / "doc_fragments").glob("*.py")):
        for constant in re.findall(r'r?"""(.*?)"""|r?\'\'\'(.*?)\'\'\'', path.read_text(encoding="utf-8"), re.DOTALL):
            content = yaml.safe_load("".join(constant)) if "options:" in "".join(constant) else None
            if not isinstance(content, dict) or not set(content.get("options") or {}) >= CONNECTION_OPTIONS:
                continue
            said = {re.sub(r"\s+", "", str(line)).lower() for line in content.get("requirements") or []}
            for line in sorted(runtime - said):
                yield f"plugins/doc_fragments/{path.name} does not list {line} under requirements, as meta/ee-requirements.txt does: add it"
            for line in sorted(each for each in said - runtime if not each.startswith("python>")):
                yield f"plugins/doc_fragments/{path.name} lists {line} under requirements, and meta/ee-requirements.txt does not: make them agree"


def sanity_ignore_complaints(root):
    for path in sorted((root / "tests" / "sanity").glob("ignore-*.txt")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.strip() and not line.startswith("#"):
                yield f"tests/sanity/{path.name} ignores '{line}': repair what the sanity test found, and remove the line"


def version_complaints(root):
    version = load_yaml(root / "galaxy.yml")["version"]
    for name in ("README.md", "execution-environment.yml"):
        for found in re.findall(r"pingone-directory-(\d[\w.+-]*?)\.tar\.gz", (root / name).read_text(encoding="utf-8")):
            if found != version:
                yield f"{name} names the artifact of version {found}, and galaxy.yml says {version}: make them agree"
    client = root / "plugins" / "module_utils" / "_http" / "request.py"
    for found in re.findall(r'"ansible-pingone\.directory/([^"]*)"', client.read_text(encoding="utf-8") if client.is_file() else ""):
        if found != version:
            yield f"_http/request.py names version {found} to the service, and galaxy.yml says {version}: make them agree"


def build(root, output):
    """Return the names of the files in the artifact that is built from a folder."""
    answer = subprocess.run(
        [sys.executable, "-c", "from ansible.cli.galaxy import main; main()", "collection", "build", "--output-path", str(output)],
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout
    (artifact,) = output.glob("*.tar.gz")
    with tarfile.open(artifact) as archive:
        return sorted(member.name for member in archive.getmembers() if not member.isdir())


def artifact_complaints(names):
    for name in names:
        if not ARTIFACT.fullmatch(name) or ARTIFACT_NEVER.search(name):
            yield f"the artifact holds {name}: add it to build_ignore in galaxy.yml, or to ARTIFACT here if it belongs there"


def failing(complaints):
    """Fail with all complaints, one per line."""
    text = "\n".join(complaints)
    if text:
        pytest.fail(text, pytrace=False)


# The collection


@pytest.mark.parametrize("name", module_names(ROOT))
def test_module_is_documented(name):
    failing(documentation_complaints(ROOT, name))


@pytest.mark.parametrize("name", module_names(ROOT))
def test_module_is_complete(name):
    failing(completeness_complaints(ROOT, name))


@pytest.mark.parametrize("name", role_names(ROOT))
def test_role_is_complete(name):
    failing(role_complaints(ROOT, name))


@pytest.mark.parametrize(("kind", "name"), jinja_plugins(ROOT))
def test_filter_or_test_is_complete(kind, name):
    failing(jinja_plugin_complaints(ROOT, kind, name))


def test_action_group_holds_every_module():
    failing(action_group_complaints(ROOT))


def test_files_carry_the_license_header():
    failing(header_complaints(ROOT))


def test_requirements_agree():
    failing(requirement_complaints(ROOT))


def test_no_sanity_test_is_ignored():
    failing(sanity_ignore_complaints(ROOT))


def test_versions_agree():
    failing(version_complaints(ROOT))


def test_artifact_holds_the_collection_and_nothing_else(tmp_path):
    names = build(ROOT, tmp_path)
    failing(artifact_complaints(names))
    wanted = [
        path.relative_to(ROOT).as_posix()
        for folder in ("plugins", "roles", "playbooks", "meta", "LICENSES")
        for path in project_files(ROOT / folder)
        if path.suffix not in (".pyc", ".retry") and not path.name.startswith(".")
    ]
    failing(f"the artifact lacks {name}: a pattern of build_ignore in galaxy.yml is too wide" for name in wanted if name not in names)
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    failing(f"README.md links to {link}, which the artifact lacks: take it out of build_ignore in galaxy.yml" for link in links if link not in names)


# The checks detect violations


@pytest.fixture
def bare(tmp_path):
    """A collection with an incomplete module and an incomplete role."""
    root = tmp_path / "bare"
    files = {
        "README.md": "# Nothing, but p1_thingy and my_role_too\n",
        "execution-environment.yml": "name: pingone-directory-0.0.9.tar.gz\n",
        "galaxy.yml": "version: 0.1.0\n",
        "meta/ee-requirements.txt": "requests >= 2.28\n",
        "plugins/module_utils/_http/request.py": 'AGENT = "ansible-pingone.directory/0.0.8"\n',
        "meta/runtime.yml": "action_groups:\n  p1: [p1_gone]\n",
        "plugins/doc_fragments/odd.py": 'A = """\nrequirements: [requests >= 2.0]\noptions: {%s: {}}\n"""\n' % ": {}, ".join(sorted(CONNECTION_OPTIONS)),
        "plugins/modules/p1_thing.py": "DOCUMENTATION = 'module: p1_other'\n",
        "plugins/filter/p1_sieve.py": "DOCUMENTATION = 'name: p1_sieve'\n",
        "roles/my_role/tasks/main.yml": "[]\n",
        "tests/sanity/ignore-2.19.txt": "# why\nplugins/modules/p1_thing.py pep8\n",
        "tests/unit/requirements.txt": "requests>=2.28  # the same\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("check", "names", "complaints"),
    [
        (documentation_complaints, ["p1_thing"], ["no EXAMPLES", "no RETURN", "'p1_other'", "connection options", "check_mode"]),
        (completeness_complaints, ["p1_thing"], ["test_p1_thing.py", "targets/p1_thing/", "README.md"]),
        (role_complaints, ["my_role"], ["argument_specs.yml", "targets/role_my_role/", "README.md"]),
        (jinja_plugin_complaints, ["filter", "p1_sieve"], ["no EXAMPLES", "no RETURN", "tests/unit/plugins/filter", "README.md"]),
        (action_group_complaints, [], ["p1_thing is not in", "p1_gone"]),
        (requirement_complaints, [], ["tests/integration/requirements.txt does not", "does not list requests>=2.28", "lists requests>=2.0"]),
        (sanity_ignore_complaints, [], ["p1_thing.py pep8"]),
        (version_complaints, [], ["0.0.9", "0.0.8"]),
    ],
)
def test_check_complains(bare, check, names, complaints):
    found = list(check(bare, *names))
    assert [part for part in complaints if not any(part in line for line in found)] == []
    assert len(found) == len(complaints)


def test_header_check_complains(bare):
    found = "\n".join(header_complaints(bare))
    assert "plugins/modules/p1_thing.py does not start" in found
    assert "plugins/modules/p1_thing.py lacks 'from __future__" in found
    assert "roles/my_role/tasks/main.yml does not start" in found


def test_build_ignores_files_of_tools(tmp_path):
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "meta", root / "meta")
    ours = {"README.md", "CONTRIBUTING.md", "LICENSE", "plugins/modules/p1_thing.py", "tests/config.yml", "changelogs/config.yaml", "docs/docsite/links.yml"}
    junk = {
        ".build/venv/run/x", ".git/HEAD", ".venv/bin/x", ".nox/x", ".ruff_cache/x", ".github/x.md", "venv/bin/x", "dist/x", "__pycache__/x.pyc",
        "plugins/modules/__pycache__/p1_thing.cpython-311.pyc", "plugins/.mypy_cache/x", "docs/_build/index.html", "docs/docsite/conf.py",
        "dev/x.py", "Makefile", "noxfile.py",
        "pingone-directory-0.0.1.tar.gz", "playbooks/demo.retry", "tests/unit/x.py", "tests/integration/targets/x/aliases", "tests/emulator/x.py",
        "tests/output/x", "tests/benchmark/x.py", "tests/schemas/x.py", "collections/x", "pyproject.toml", "antsibull-nox.toml",
    }  # fmt: skip
    for name in ours | junk:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x\n", encoding="utf-8")
    shutil.copy(ROOT / "galaxy.yml", root)
    names = set(build(root, tmp_path / "output"))
    assert names & junk == set()
    assert ours <= names
    assert list(artifact_complaints(sorted(junk))) != []


@pytest.mark.parametrize("name", ["dev/x.py", ".github/x.md", "plugins/modules/__pycache__/x.pyc", "plugins/.cache/x", "tests/unit/x.py", "docs/a.tar.gz"])
def test_artifact_check_complains(name):
    assert list(artifact_complaints([name])) != []
