# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape of the code: sizes, the direction of imports, annotations, docstrings, and the words of the field.

The tables below contain the rules and their exceptions. An exception that is no longer needed fails a test, so the lists
can only become shorter. Each check yields complaints that state what to do. It takes the folder to inspect, so that the
last tests in this file can run it on a broken collection.
"""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections.abc import Callable, Iterator, Sequence, Set
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# -- Layers: a package imports from its own layer and from those above it ------------------------------

# For each folder of plugins: the layers in order, each with the names of its packages, and of modules that will move into one.
LAYERS: dict[str, dict[str, set[str]]] = {
    "module_utils": {
        name: {name}
        for name in ("_core", "_http", "_scim", "_service", "_plan", "_apply", "_documents", "_tasks", "_module")
    },
    "plugin_utils": {
        "_values": {"_values"},
        "_people": {"_people"},
        "_review": {"_review"},
        "_report": {"_report"},
        "_survey": {"_survey"},
        "_roles": {"_roles"},
        "_action": {"_action"},
    },
}
# For each folder of plugins: the other folders that its files may import.
FOLDERS = {
    "module_utils": set(),
    "plugin_utils": {"module_utils"},
    "modules": {"module_utils"},
    "filter": {"module_utils", "plugin_utils"},
    "test": {"module_utils", "plugin_utils"},
    "action": {"module_utils", "plugin_utils"},
    "doc_fragments": set(),
}
# Packages beyond the standard library, and the layers of module_utils that import them.
THIRD_PARTY = {
    "ansible": {"_scim", "_documents", "_tasks", "_module"},
    "requests": {"_http"},
    "urllib3": {"_http"},
    "yaml": {"_documents"},
}
# Modules that are imported whole (`from .._core import errors`): to build a module process, ansible-core looks up each name that
# a file imports from a module, again for every such file, and a module only once.
IMPORTED_WHOLE = {("plugins", "module_utils", "_core", "errors")}
ANSIBLE_MODULE = ("ansible", "module_utils", "basic", "AnsibleModule")  # only _module imports it

# -- Sizes ---------------------------------------------------------------------------------------------

MAX_FILE, MAX_CLASS, MAX_FUNCTION = 400, 250, 60  # lines; documentation constants are not counted
TOO_LARGE: frozenset[str] = frozenset()

# -- Annotations, docstrings and words -----------------------------------------------------------------

# Packages and modules in which every public function is annotated and documented.
ANNOTATED = ("module_utils", "plugin_utils")
# Packages and modules whose public dataclasses are frozen.
FROZEN = ("module_utils", "plugin_utils")

PRIVATE_WORDS = re.compile(
    r"\b(?:wish(?:e[sd])?|whoever|whom|(?:some|no|every)body|tells?|told|fore(?:see\w*|tells?|told)|doomed|brakes?|believe[sd]?"
    r"|settle[sd]?|unfit|guards?|folds?|weighs?|judges?|(?:moved|looked|looks?) (?:on|again|behind)"
    r"|gives? up|taken for|in the way of)\b"
)
# Names that are matched case-sensitively; limits have the prefix MAX_.
PRIVATE_NAMES = re.compile(r"\b(?:MOST_\w+|\w+_AT_MOST|stand-ins?)\b")


def source_files(root: Path) -> list[Path]:
    return sorted((root / "plugins").rglob("*.py"))


def name_of(root: Path, path: Path) -> str:
    return path.relative_to(root / "plugins").as_posix()


@functools.cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def lines_of(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


# The checks


def definitions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield the classes and functions in a tree, inner ones included, with their qualified names."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield prefix + node.name, node
            yield from definitions(node, f"{prefix}{node.name}." + ("" if isinstance(node, ast.ClassDef) else "<locals>."))
        elif not isinstance(node, ast.expr):
            yield from definitions(node, prefix)


def is_documentation(node: ast.stmt) -> bool:
    """Return whether a statement is a documentation constant of a plugin."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and all(isinstance(target, ast.Name) and target.id.isupper() for target in node.targets)
    )


def too_large(root: Path) -> Iterator[tuple[str, int, int]]:
    """Yield the name, the number of lines and the limit of each file, class and function that is too long."""
    for path in source_files(root):
        name, tree = name_of(root, path), parse(path)
        documentation = [node for top in ast.walk(tree) if isinstance(top, (ast.Module, ast.ClassDef)) for node in top.body if is_documentation(node)]
        size = len(path.read_text(encoding="utf-8").splitlines()) - sum(map(lines_of, documentation))
        if size > MAX_FILE:
            yield name, size, MAX_FILE
        for inner, node in definitions(tree):
            limit = MAX_CLASS if isinstance(node, ast.ClassDef) else MAX_FUNCTION
            size = lines_of(node) - sum(lines_of(item) for item in documentation if item in getattr(node, "body", ()))
            if size > limit:
                yield f"{name}::{inner}", size, limit


def size_complaints(root: Path, exceptions: Set[str] = TOO_LARGE) -> Iterator[str]:
    found = {name: (size, limit) for name, size, limit in too_large(root)}
    for name, (size, limit) in found.items():
        if name not in exceptions:
            yield f"{name} has {size} lines, {limit} are allowed: split it by what it does"
    for name in sorted(exceptions - found.keys()):
        yield f"{name} is within its limit, or does not exist: remove it from TOO_LARGE"


def imports_of(root: Path, path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the dotted names that a file imports, as tuples; names in the collection begin with 'plugins'."""
    package = path.relative_to(root).parts[:-1]
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            modules = [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            start = (*base, *(node.module.split(".") if node.module else ()))
            modules = [(*start, alias.name) for alias in node.names]
        else:
            continue
        for module in modules:
            yield module[3:] if module[:3] == ("ansible_collections", "pingone", "directory") else module


def layer_of(folder: str, name: str) -> str | None:
    return next((layer for layer, names in LAYERS[folder].items() if name == layer or name in names), None)


def layer_complaints(root: Path) -> Iterator[str]:
    for folder, layers in LAYERS.items():
        order = list(layers)
        present = {path.stem for path in (root / "plugins" / folder).glob("_*") if path.suffix in ("", ".py") and not path.stem.startswith("__")}
        for name in sorted(present):
            if layer_of(folder, name) is None:
                yield f"{folder}/{name} belongs to no layer: move it into a package, or add it to LAYERS"
        for name in sorted(set().union(*layers.values()) - present - set(order)):
            yield f"{folder}/{name} does not exist: remove it from LAYERS"
        for path in sorted((root / "plugins" / folder).rglob("*.py")):
            own = layer_of(folder, Path(name_of(root, path)).parts[1].removesuffix(".py"))
            targets = {target[2] for target in imports_of(root, path) if target[:2] == ("plugins", folder) and len(target) > 2}
            for target in sorted(targets) if own else ():
                layer = layer_of(folder, target)
                if layer is None or order.index(layer) > order.index(own):
                    yield f"{name_of(root, path)} of the layer {own} imports {target} of {layer}: a layer imports from those above it in LAYERS"


def folder_complaints(root: Path) -> Iterator[str]:
    for path in source_files(root):
        folder = path.relative_to(root).parts[1]
        if folder not in FOLDERS:
            yield f"{name_of(root, path)} is in a folder that is not in FOLDERS: add it"
            continue
        targets = {target[1] for target in imports_of(root, path) if target[0] == "plugins" and len(target) > 1}
        for target in sorted(targets - {folder, *FOLDERS[folder]}):
            yield f"{name_of(root, path)} imports from plugins/{target}, which plugins/{folder} must not"


def third_party_complaints(root: Path) -> Iterator[str]:
    known = {*sys.stdlib_module_names, "plugins"}
    for path in (root / "plugins" / "module_utils").rglob("*.py"):
        layer = layer_of("module_utils", Path(name_of(root, path)).parts[1].removesuffix(".py"))
        targets = set(imports_of(root, path))
        for package in sorted({target[0] for target in targets} - known):
            if layer not in THIRD_PARTY.get(package, ()):
                yield f"{name_of(root, path)} imports {package}, which {', '.join(sorted(THIRD_PARTY.get(package, ()))) or 'no layer'} alone may"
        for target in sorted(targets):
            if target[0] == "ansible" and target[1:2] != ("module_utils",):
                yield f"{name_of(root, path)} imports {'.'.join(target)}, which targets do not have: only ansible.module_utils"
            if target == ANSIBLE_MODULE and layer != "_module":
                yield f"{name_of(root, path)} imports AnsibleModule, which _module alone may"


def whole_import_complaints(root: Path) -> Iterator[str]:
    for path in source_files(root):
        for target in sorted(set(imports_of(root, path))):
            if target[:-1] in IMPORTED_WHOLE:
                yield f"{name_of(root, path)} imports {target[-1]} from {target[-2]}: import the module {target[-2]}, and write {'.'.join(target[-2:])}"


def init_complaints(root: Path) -> Iterator[str]:
    for path in source_files(root):
        if path.name == "__init__.py" and path.stat().st_size:
            yield f"{name_of(root, path)} is not empty, which ansible-test demands: move what it holds into a module"


def listed_files(root: Path, names: Sequence[str]) -> Iterator[Path]:
    for name in names:
        start = root / "plugins" / name
        assert start.exists(), f"{name} does not exist: correct the list in {Path(__file__).name}"
        yield from [start] if start.is_file() else sorted(start.rglob("*.py"))


def public(name: str) -> bool:
    """Return whether a qualified name is public: no part of it is private or inside a function."""
    return not any(part == "<locals>" or (part.startswith("_") and not part.endswith("__")) for part in name.split("."))


def interface_complaints(root: Path, names: Sequence[str] = ANNOTATED) -> Iterator[str]:
    for path in listed_files(root, names):
        for name, node in definitions(parse(path)):
            if not public(name):
                continue
            label = f"{name_of(root, path)}::{name}"
            if not ast.get_docstring(node) and not name.endswith("__"):
                yield f"{label} has no docstring: say in one sentence what it does, then shapes and errors"
            if isinstance(node, ast.ClassDef):
                continue
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            bare = [item.arg for item in arguments if item and item.annotation is None and item.arg not in ("self", "cls")]
            if bare or node.returns is None:
                yield f"{label} lacks annotations: {', '.join([*bare, *(['its result'] if node.returns is None else [])])}"


def frozen_complaints(root: Path, names: Sequence[str] = FROZEN) -> Iterator[str]:
    for path in listed_files(root, names):
        for name, node in definitions(parse(path)):
            if not isinstance(node, ast.ClassDef) or not public(name):
                continue
            decorators = [ast.unparse(item) for item in node.decorator_list]
            if any("dataclass" in text and "frozen=True" not in text for text in decorators):
                yield f"{name_of(root, path)}::{name} is a dataclass that can be changed: freeze it, and build it whole"


def words_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield the private words of a source text with their lines; the parts of identifiers count as words."""
    for number, line in enumerate(text.split("\n"), 1):
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]+", " ", line).lower()
        yield from ((number, found) for found in [*PRIVATE_WORDS.findall(plain), *PRIVATE_NAMES.findall(line)])


# All files and folders of the collection that contain text.
PAGES = (
    "README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md", "CHANGELOG.rst", "Makefile", "noxfile.py", "galaxy.yml",
    "REUSE.toml", "antsibull-nox.toml", "pyproject.toml", "execution-environment.yml", ".ansible-lint", ".ci", ".github", ".gitignore", ".yamllint",
    "changelogs", "dev", "docs", "meta", "playbooks", "plugins", "roles", "tests",
)
# Not checked: this file contains the list of words; ansible-test writes to the folder.
UNCHECKED = ("tests/unit/test_architecture.py", "tests/output/")
TEXT_FILES = {".md", ".rst", ".yml", ".yaml", ".json", ".py", ".j2", ".sh", ".txt", ".toml", ".cfg", ""}
# Quoted messages, which are not checked: marks of examples that fail, and the terms of the guide on troubleshooting.
QUOTED = re.compile(r"^(?:\.\. example: fails .*|``.+``)$", re.MULTILINE)


def text_files(start: Path) -> list[Path]:
    """Return a file, or the text files in a folder; skip names that begin with a dot."""
    if start.is_file():
        return [start]
    inner = [path for path in sorted(start.rglob("*")) if not any(part.startswith((".", "__")) for part in path.relative_to(start).parts)]
    return [path for path in inner if path.is_file() and path.suffix in TEXT_FILES]


def page_complaints(root: Path, pages: Sequence[str] = PAGES) -> Iterator[str]:
    for path in [file for page in pages for file in text_files(root / page)]:
        name = path.relative_to(root).as_posix()
        if not name.startswith(UNCHECKED):
            for number, word in words_in(QUOTED.sub("", path.read_text(encoding="utf-8"))):
                yield f"{name}:{number} has '{word}', which is not a word of the field: find a better one"


CHECKS = [
    size_complaints,
    layer_complaints,
    folder_complaints,
    third_party_complaints,
    whole_import_complaints,
    init_complaints,
    interface_complaints,
    frozen_complaints,
    page_complaints,
]


# The collection


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_code_follows_the_architecture(check: Callable[[Path], Iterator[str]]) -> None:
    text = "\n".join(check(ROOT))
    if text:
        pytest.fail(text, pytrace=False)


# The checks detect violations


@pytest.fixture
def bent(tmp_path: Path) -> Path:
    """A collection that breaks every rule."""
    root = tmp_path / "bent"
    files = {
        "module_utils/_core/__init__.py": "# not empty\n",
        "module_utils/_core/long.py": "def endless():\n" + "    pass\n" * 60 + "class Huge:\n" + "    a = 1\n" * 340,
        "module_utils/_http/a.py": "import requests\nfrom .._plan.b import c\nfrom ...plugin_utils import _values\nfrom .._core.errors import Lost\n",
        "module_utils/_plan/b.py": "import yaml\nfrom ansible.module_utils.basic import AnsibleModule\nfrom ansible.errors import AnsibleError\n",
        "module_utils/_extra.py": "",
        "plugin_utils/_values.py": "def f(wished, b: int) -> None:\n    # whoever reads it, TOLD_AT_MOST\n    class FormerWish:\n        pass\n"
        "@dataclass(eq=False)\nclass Loose:\n    \"\"\"Data.\"\"\"\n",
        "odd/x.py": "",
        "../README.md": "Whoever reads it\n",
        "../docs/docsite/rst/guide.rst": "``nobody is there``\n   A stand-in for it\n",
    }
    for name, text in files.items():
        path = root / "plugins" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("check", "arguments", "complaints"),
    [
        (
            size_complaints,
            [{"module_utils/_gone.py"}],
            ["long.py has 402", "long.py::endless has 61", "long.py::Huge has 341", "_gone.py is within its limit"],
        ),
        (layer_complaints, [], ["_extra belongs to no layer", "a.py of the layer _http imports _plan of _plan"]),
        (folder_complaints, [], ["a.py imports from plugins/plugin_utils", "odd/x.py is in a folder"]),
        (
            third_party_complaints,
            [],
            ["b.py imports yaml, which _documents alone", "b.py imports ansible, which", "imports AnsibleModule", "imports ansible.errors.AnsibleError"],
        ),
        (whole_import_complaints, [], ["a.py imports Lost from errors: import the module errors, and write errors.Lost"]),
        (init_complaints, [], ["_core/__init__.py is not empty"]),
        (interface_complaints, [["plugin_utils"]], ["_values.py::f has no docstring", "::f lacks annotations: wished"]),
        (frozen_complaints, [["plugin_utils"]], ["_values.py::Loose is a dataclass"]),
        (
            page_complaints,
            [["README.md", "docs/docsite/rst", "plugins/plugin_utils"]],
            [
                "_values.py:2 has 'whoever'", "has 'TOLD_AT_MOST'", "has 'told'", "has 'wish'", "README.md:1 has 'whoever'",
                "guide.rst:2 has 'stand-in'", "_values.py:1 has 'wished'",
            ],
        ),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_check_complains(bent: Path, check: Callable[..., Iterator[str]], arguments: list, complaints: list[str]) -> None:
    found = list(check(bent, *arguments))
    assert [part for part in complaints if not any(part in line for line in found)] == []
    if check is not layer_complaints:  # the complaints also name each entry of the tables that this folder lacks
        assert len(found) == len(complaints)
