# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of the guides: each guide is listed, each reference has a target, each quoted message exists in the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
DOCSITE = ROOT / "docs" / "docsite"
GUIDES = sorted((DOCSITE / "rst").glob("*.rst"))
PREFIX = "ansible_collections.pingone.directory.docsite."
NAMES = [path.stem for path in GUIDES]

parametrize_guides = pytest.mark.parametrize("path", GUIDES, ids=NAMES)


def text_of(path):
    return path.read_text(encoding="utf-8")


def literals_of_code():
    """Return all string literals in plugins, including parts of f-strings, and the text of roles and playbooks."""
    found = [
        " ".join(text_of(path).split())
        for folder in ("roles", "playbooks")
        for path in sorted((ROOT / folder).rglob("*.yml"))
    ]
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return found


def test_every_guide_is_listed():
    sections = yaml.safe_load(text_of(DOCSITE / "extra-docs.yml"))["sections"]
    listed = [name for section in sections for name in section["toctree"]]
    assert sorted(listed) == NAMES


@parametrize_guides
def test_guide_has_its_label(path):
    assert f"\n.. _{PREFIX}{path.stem}:\n" in text_of(path)


@parametrize_guides
def test_references_have_targets(path):
    labels = set(re.findall(r"^\.\. _(\S+):$", "\n".join(map(text_of, GUIDES)), re.MULTILINE))
    targets = re.findall(r":ref:`(?:[^`<]*<)?([^`>]+)>?`", text_of(path))
    assert [target for target in targets if target.startswith(PREFIX) and target not in labels] == []


@parametrize_guides
def test_mentioned_plugins_exist(path):
    named = set(re.findall(r"pingone\.directory\.((?:p1_|user_|group_|directory_)\w+)", text_of(path)))
    kinds = ("modules", "filter", "test", "lookup")
    there = {file.stem for kind in kinds for file in (ROOT / "plugins" / kind).glob("*.*")}
    there |= {folder.name for folder in (ROOT / "roles").glob("*")}
    assert named <= there | {"demo"}, f"{path.name} names what does not exist: {sorted(named - there)}"


@pytest.mark.parametrize("path", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=lambda path: path.name)
def test_links_in_markdown_have_targets(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text_of(path)):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name} links to {target}, which does not exist"


def names_in(path):
    """Return the names that a page marks as code: paths, files, tests, classes, functions."""
    return re.findall(r"`([^`\n]+)`", text_of(path))


def test_evidence_of_the_checklist_exists():
    tests = "\n".join(text_of(file) for file in (ROOT / "tests").rglob("test_*.py"))
    files = {file.name for file in (ROOT / "tests").rglob("test_*.py")}
    makefile = text_of(ROOT / "Makefile")
    named = names_in(ROOT / "docs" / "checklist.md")
    assert len(named) > 80
    for name in named:
        if name.startswith("make "):
            assert re.search(rf"^{re.escape(name[5:])}:", makefile, re.MULTILINE), name
        elif re.fullmatch(r"test_\w+\.py", name):
            assert name in files, name
        elif re.fullmatch(r"test_\w+", name):
            assert f"def {name}(" in tests, name
        elif re.search(r"/|\.(py|md|yml)$", name):
            assert (ROOT / name).exists(), name


def test_code_named_in_the_rules_exists():
    code = "\n".join(text_of(file) for file in (ROOT / "plugins" / "module_utils").rglob("*.py"))
    page = text_of(ROOT / "docs" / "rules.md")
    numbers = [int(number) for number in re.findall(r"^### (\d+)\. ", page, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    cited = {int(number) for number in re.findall(r"\brules? (\d+)", code, re.IGNORECASE)}
    assert cited <= set(numbers), (
        f"the code names rules that docs/rules.md does not have: {sorted(cited - set(numbers))}"
    )
    for places in re.findall(r"^- Where: (.*?)(?=\n\n|\n###|\Z)", page, re.MULTILINE | re.DOTALL):
        for name in re.findall(r"`([^`]+)`", places):
            last = name.split(".")[-1] if not name.endswith(".py") else ""
            there = (
                (ROOT / "plugins" / "module_utils" / name).is_file()
                if not last
                else re.search(rf"\b{re.escape(last)}\b", code)
            )
            assert there, f"docs/rules.md names {name}, which does not exist"


def messages_of(text):
    """Return the messages in the guide on troubleshooting: the terms of its definition lists."""
    terms = re.findall(r"^``(.+)``\n   \S", text, re.MULTILINE)
    return [message for term in terms for message in term.split("``, ``")]


def test_quoted_messages_exist_in_the_code():
    code = literals_of_code()
    quoted = messages_of(text_of(DOCSITE / "rst" / "guide_troubleshooting.rst"))
    assert len(quoted) > 40
    wrong = [
        (message, part)
        for message in quoted
        for part in message.split(" … ")
        if not any(part.strip(" …") in literal for literal in code)
    ]
    assert wrong == []


@parametrize_guides
def test_text_mentions_the_file_name_of_each_example(path):
    lines = text_of(path).split("\n")
    for number, line in enumerate(lines):
        marked = re.match(r"\.\. example: (?:file|inventory) (\S+)$", line)
        if marked:
            seen = [text for text in lines[max(0, number - 4) : number + 5] if not text.startswith("..")]
            assert marked[1] in "\n".join(seen), (
                f"{path.name}:{number + 1}: say before the block what the file is called"
            )
