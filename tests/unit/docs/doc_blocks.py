# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The code blocks of a guide or a README, and the marks that state how each one runs.

The blocks of a page run in order. A comment before a block, which the built page does not show, states how it runs:
``.. example: MARK`` in reStructuredText, ``<!-- example: MARK -->`` in Markdown.

============================ ==========================================================================================
``file NAME``                the block is the content of a file
``inventory NAME``           the block is the content of a file that is an inventory of the run
``fails TEXT``               the block fails with TEXT in the message (`` ... `` separates several texts)
``run``                      a shell block: the lines that begin with ``$`` run
``vars``                     a dictionary of variables for the rest of the page
``output``                   lines that the command before the block printed
``not run: REASON``          the block is only parsed
============================ ==========================================================================================

A YAML block without a mark is a list of plays or tasks that run. Three kinds of comments have a body in YAML:

- ``.. example seed:`` users and groups, as SCIM representations, that the directory has from the start; under ``second``
  those of a second directory, under ``hosts`` the inventory hosts that are managed in that one, and under ``credentials``
  the ``client_id`` and ``api_key`` of both where the page names some
- ``.. example before:`` and ``.. example check:`` tasks that are run at that place: what readers do by hand, and what
  the text around claims
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

RST_MARK = re.compile(r"^\.\. example: (?P<mark>.+)$")
RST_HIDDEN = re.compile(r"^\.\. example (?P<kind>seed|before|check):$")
RST_CODE = re.compile(r"^(?P<indent> *)\.\. code-block:: (?P<language>\S+)$")
MD_MARK = re.compile(r"^<!-- example: (?P<mark>.+?) -->$")
MD_HIDDEN = re.compile(r"^<!-- example (?P<kind>seed|before|check):$")
MD_CODE = re.compile(r"^```(?P<language>\S*)$")


@dataclass
class Block:
    """A block of code.

    :ivar kind: ``code``, or ``seed``, ``before`` or ``check`` for the hidden ones.
    """

    where: str
    language: str
    text: str
    mark: str = ""
    kind: str = "code"


@dataclass
class Page:
    """A page with its blocks in order."""

    path: Path
    name: str
    blocks: list[Block] = field(default_factory=list)


def read_page(path: Path, name: str) -> Page:
    """Return the blocks of a page in reStructuredText or Markdown."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return Page(path, name, list(_rst(lines, name) if path.suffix == ".rst" else _markdown(lines, name)))


def _rst(lines, name):
    mark, number = "", 0
    while number < len(lines):
        line = lines[number]
        number += 1
        hidden, marked, code = RST_HIDDEN.match(line), RST_MARK.match(line), RST_CODE.match(line)
        if marked:
            mark = marked["mark"].strip()
        elif hidden or code:
            indent = len(code["indent"]) if code else 0
            start = number
            while number < len(lines) and (not lines[number].strip() or lines[number].startswith(" " * (indent + 1))):
                number += 1
            body = lines[start:number]
            while body and (not body[0].strip() or body[0].strip().startswith(":")):
                body.pop(0)
                start += 1
            where = f"{name}:{start + 1}"
            text = textwrap.dedent("\n".join(body)).rstrip() + "\n"
            if hidden:
                yield Block(where, "yaml", text, kind=hidden["kind"])
            else:
                yield Block(where, code["language"], text, mark)
                mark = ""
        elif line.strip() and mark and not line.startswith(".. "):
            raise ValueError(f"{name}:{number}: no block follows the mark '{mark}'")


def _markdown(lines, name):
    mark, number = "", 0
    while number < len(lines):
        line = lines[number]
        number += 1
        hidden, marked, code = MD_HIDDEN.match(line), MD_MARK.match(line), MD_CODE.match(line)
        if marked:
            mark = marked["mark"].strip()
        elif hidden or code:
            start = number
            while lines[number].strip() != ("-->" if hidden else "```"):
                number += 1
            text = "\n".join(lines[start:number]) + "\n"
            number += 1
            where = f"{name}:{start + 1}"
            if hidden:
                yield Block(where, "yaml", text, kind=hidden["kind"])
            else:
                yield Block(where, code["language"] or "text", text, mark)
                mark = ""


def commands_of(text: str) -> list[str]:
    """Return the commands after the prompts of a shell block; a backslash continues a command on the next line."""
    commands: list[str] = []
    going_on = False
    for line in text.split("\n"):
        if going_on:
            commands[-1] += "\n" + line
        elif line.startswith("$ "):
            commands.append(line[2:])
        else:
            continue
        going_on = line.endswith("\\")
    return commands
