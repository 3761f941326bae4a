# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON Schema of documents accepts every document and every p1_directory task that the documentation shows."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import jsonschema
import yaml
from doc_blocks import read_page

from ansible_collections.pingone.directory.plugins.module_utils._plan.directory.lists import read_desired

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst")), *sorted((ROOT / "roles").glob("*/README.md"))]
SCHEMA = json.loads((ROOT / "plugins" / "plugin_utils" / "directory-1.schema.json").read_text(encoding="utf-8"))


def blocks():
    """Yield the YAML blocks of the documentation with their places."""
    for path in PAGES:
        for block in read_page(path, path.name).blocks:
            if block.language in ("yaml", "yaml+jinja") and block.kind == "code":
                yield block.where, block.text
    for path in sorted((ROOT / "plugins" / "modules").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and node.targets[0].id == "EXAMPLES":
                yield path.name, ast.literal_eval(node.value)


def documents(value):
    """Yield the declarations of documents and task options at any depth of a YAML value; skip templates."""
    if isinstance(value, dict):
        declared = {kind: value[kind] for kind in ("users", "groups") if isinstance(value.get(kind), list)}
        if declared and all(isinstance(entry, dict) for entries in declared.values() for entry in entries) and "{{" not in str(declared):
            yield declared
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from documents(inner)


def test_documents_in_the_documentation_are_valid():
    validator = jsonschema.Draft7Validator(SCHEMA)
    checked = 0
    for where, text in blocks():
        for content in yaml.safe_load_all(re.sub(r"!(vault|unsafe)\b", "", text)):
            for document in documents(content):
                if read_desired(document.get("users"), document.get("groups"), {}).problems:
                    continue
                checked += 1
                assert not list(validator.iter_errors(json.loads(json.dumps(document, default=str)))), f"{where}: {document}"
    assert checked > 20
