# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's modules stay small, annotated and documented."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

MODULES = sorted((Path(__file__).resolve().parents[2] / "emulator").glob("*.py"))
MAX_FILE, MAX_CLASS, MAX_FUNCTION = 400, 250, 60
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _lines(node):
    return node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_sizes(path):
    text = path.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    assert len(text.splitlines()) <= MAX_FILE
    for kinds, limit in (((ast.ClassDef,), MAX_CLASS), (FUNCTIONS, MAX_FUNCTION)):
        assert not [node.name for node in nodes if isinstance(node, kinds) and _lines(node) > limit]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_annotations_and_docstrings(path):
    """Of what is public; a method that overrides one of the same module has its docstring there."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    documented = {item.name for node in classes for item in node.body if isinstance(item, FUNCTIONS) and ast.get_docstring(item)}
    for holder in [tree, *classes]:
        for item in holder.body:
            if isinstance(item, FUNCTIONS) and not item.name.startswith("_"):
                assert item.returns is not None, item.name
                given = [argument for argument in item.args.args if argument.arg not in ("self", "cls")]
                assert all(argument.annotation is not None for argument in given), item.name
                assert ast.get_docstring(item) or item.name in documented, item.name
