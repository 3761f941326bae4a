# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mutation testing: change one place of the deciding code at a time and check that a test fails. ``make mutation``.

cosmic-ray generates the mutants. The tests of a mutant run in a fork of this process, which has loaded the packages that
all tests need, because starting Python takes longer than the tests. The mutants are written to a copy of the collection.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import parso
import pytest
import yaml
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parents[2]
SHARED = "plugins/module_utils"
DECIDING = [f"{SHARED}/{package}" for package in ("_plan", "_scim", "_apply")]
EQUIVALENT = Path(__file__).with_name("equivalent.yml")
PYTEST = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0"]
LOADED = ("ansible.module_utils.basic", "flask", "hypothesis.strategies", "lark", "requests", "werkzeug.serving")

# The other operators repeat one of these (< instead of != for ==), or raise a TypeError whenever the line runs.
OPERATORS = re.compile(
    r"core/(ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Lt_(LtE|GtE)|LtE_(Lt|Gt)|Gt_(GtE|LtE)|GtE_(Gt|Lt)|Is_IsNot|IsNot_Is)"
    r"|ReplaceBinaryOperator_(Add_Sub|Sub_(Add|BitAnd|BitOr)|Div_Mul|FloorDiv_Mul|Mod_Mul|BitOr_(BitAnd|Sub)|BitAnd_(BitOr|Sub))"
    r"|ReplaceUnaryOperator_(Delete_\w+|USub_UAdd)|AddNot|Replace(True|False|And|Or|Break|Continue)With\w+|ExceptionReplacer"
    r"|NumberReplacer|ZeroIterationForLoop)"
)


class NegateFilter(Operator):
    """Negate the condition of a comprehension; cosmic-ray has no operator for it."""

    def mutation_positions(self, node):
        if node.type == "comp_if":
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node, index):
        node.children[1] = parso.parse(f" (not ({node.children[1].get_code()}))")
        return node

    @classmethod
    def examples(cls):
        return (Example("[x for x in y if x]", "[x for x in y if (not ( x))]"),)


class NegateMembership(Operator):
    """Replace ``in`` with ``not in`` and the reverse; cosmic-ray has no operator for it."""

    def mutation_positions(self, node):
        if node.type == "comparison" and self.changed(node):
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node, index):
        node.children[1] = parso.parse(f" {self.changed(node)}")
        return node

    @staticmethod
    def changed(node):
        """Return the replacement of an operator, or None for other operators."""
        return {"in": "not in", "not in": "in"}.get(node.children[1].get_code().strip())

    @classmethod
    def examples(cls):
        return (Example("x in y", "x not in y"), Example("x not in y", "x in y"))


@dataclass(frozen=True)
class Mutant:
    """A mutated file: the number of the line, and the line before and after the mutation."""

    module: str
    line: int
    before: str
    after: str
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The identification of the mutant in ``equivalent.yml``."""
        return self.module, self.before, self.after


def modules(copy: Path, paths: Sequence[str]) -> Iterator[str]:
    """Yield the modules in these files and folders."""
    for path in paths:
        place = copy / path
        for file in [place] if place.is_file() else sorted(place.rglob("*.py")):
            yield file.relative_to(copy).as_posix()


def not_run(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the places without effect at run time: annotations, their imports, and decorators, which have separate tests."""
    nodes: list[ast.AST] = []
    for node in ast.walk(ast.parse(source)):
        nodes += filter(None, (getattr(node, "annotation", None), getattr(node, "returns", None)))
        nodes += getattr(node, "decorator_list", [])
        nodes += [node] if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" else []
    return [((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)) for node in nodes]


def is_python(text: str) -> bool:
    """Return whether a mutant is valid Python: cosmic-ray treats some signs in signatures and numbers as operators."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def mutants(module: str, source: str) -> list[Mutant]:
    """Return the mutants of a module, each once, by line."""
    found: dict[str, Mutant] = {}
    tree, ignored = get_ast(source), not_run(source)
    for operator in [*(get_operator(name)() for name in operator_names() if OPERATORS.fullmatch(name)), NegateFilter(), NegateMembership()]:
        positions = [position for node in ast_nodes(tree) for position, _end in operator.mutation_positions(node)]
        for occurrence, position in enumerate(positions):
            text = mutate_code(source, operator, occurrence)
            if text is None or any(start <= position < end for start, end in ignored) or not is_python(text):
                continue
            changed = [line for line in difflib.ndiff(source.splitlines(), text.splitlines()) if line[:2] in ("- ", "+ ")]
            before, after = (" / ".join(" ".join(line[2:].split()) for line in changed if line[0] == sign) for sign in "-+")
            found.setdefault(text, Mutant(module, position[0], before, after, text))
    return sorted(found.values(), key=lambda mutant: (mutant.line, mutant.after))


def suites(copy: Path, module: str) -> list[tuple[str, ...]]:
    """Return the tests of a module in the order they run: those with its name and those that import it, then its folder."""
    file = copy / "tests" / "unit" / module
    folder = next(path for path in file.parents if list(path.glob("test_*.py")))
    name = re.compile(re.escape(".".join(Path(module).with_suffix("").parts)) + r" import|" + rf"import {re.escape(file.stem)}\b")
    near = [path for path in sorted((copy / "tests" / "unit" / SHARED).rglob("test_*.py")) if name.search(path.read_text(encoding="utf-8"))]
    own = [path for path in [file.with_name(f"test_{file.name}")] if path.exists()]
    first = tuple(str(path) for path in dict.fromkeys(own + near))
    return [paths for paths in (first, (str(folder),)) if paths]


def run_tests(paths: Sequence[str]) -> None:
    """End this process with the status of pytest."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os._exit(int(pytest.main([*PYTEST, *paths])))


def passes(paths: Sequence[str], timeout: float | None = None) -> bool:
    """Return whether tests pass, in a process that is killed after a timeout in seconds: an endless loop is a failure."""
    process = multiprocessing.get_context("fork").Process(target=run_tests, args=(paths,))
    process.start()
    process.join(timeout)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode == 0


def survivors(copy: Path, module: str, chosen: Sequence[Mutant], patience: dict[tuple[str, ...], float]) -> Iterator[Mutant]:
    """Write one mutant after another; yield those with which all tests of the module pass."""
    file = copy / module
    source = file.read_text(encoding="utf-8")
    asked = suites(copy, module)
    for paths in asked:
        if paths not in patience:
            started = time.monotonic()
            if not passes(paths):
                sys.exit(f"{' '.join(paths)}: the tests fail without a mutant")
            patience[paths] = 10 + 5 * (time.monotonic() - started)
    for number, mutant in enumerate(chosen):
        file.write_text(mutant.text, encoding="utf-8")
        os.utime(file, (number, number))  # Python must not reuse the byte code of the previous mutant of the same second and size.
        if all(passes(paths, patience[paths]) for paths in asked):
            yield mutant
    file.write_text(source, encoding="utf-8")


def report(module: str, total: int, chosen: Sequence[Mutant], survived: Sequence[Mutant], reasons: dict[tuple[str, str, str], str]) -> list[int]:
    """Print the summary of a module and its survivors; return the numbers of mutants: run, killed, equivalent, survived."""
    missed = [mutant for mutant in survived if mutant.key not in reasons]
    figures = [len(chosen), len(chosen) - len(survived), len(survived) - len(missed), len(missed)]
    print(f"{module}: {figures[0]} of {total} mutants: {figures[1]} killed, {figures[2]} equivalent, {figures[3]} survived", flush=True)
    for mutant in missed:
        print(f"  {mutant.line}:\n    - {mutant.before}\n    + {mutant.after}", flush=True)
    tried = {mutant.key for mutant in chosen} - {mutant.key for mutant in survived}
    gone = {key for key in reasons if key[0] == module} - {mutant.key for mutant in chosen} if len(chosen) == total else set()
    for key in sorted(tried & set(reasons) | gone):
        print(f"  equivalent.yml: this mutant is killed, or does not exist: {key[1:]}", flush=True)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutation", description=__doc__)
    parser.add_argument("paths", nargs="*", default=DECIDING, help="files and folders (default: all deciding code)")
    parser.add_argument("--sample", type=int, metavar="N", help="at most N mutants of a module, the same in each run")
    arguments = parser.parse_args()
    reasons = {(entry["module"], entry["before"], entry["after"]): entry["reason"] for entry in yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8"))}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve() / "ansible_collections" / "pingone" / "directory"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        os.chdir(copy)
        sys.path[:0] = [folder, str(copy / "tests")]
        sys.dont_write_bytecode, sys.pycache_prefix = False, None  # the forks share their byte code, which goes with the copy
        os.environ.update(P1_EXAMPLES="10", ANSIBLE_COLLECTIONS_PATH=folder)
        for name in LOADED:
            importlib.import_module(name)
        totals, patience = [0, 0, 0, 0], {}
        for module in dict.fromkeys(modules(copy, arguments.paths)):
            every = mutants(module, (copy / module).read_text(encoding="utf-8"))
            if not every:
                continue
            chosen = every
            if arguments.sample and arguments.sample < len(every):
                picked = random.Random(module).sample(range(len(every)), arguments.sample)
                chosen = [every[index] for index in sorted(picked)]
            figures = report(module, len(every), chosen, list(survivors(copy, module, chosen, patience)), reasons)
            totals = [one + other for one, other in zip(totals, figures)]
    print("{} mutants: {} killed, {} equivalent, {} survived".format(*totals))
    return 1 if totals[3] else 0


if __name__ == "__main__":
    sys.exit(main())
