# Copyright (c) 2026, pingone.directory contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is PRIVATE to pingone.directory.

"""Write documents: exports, backups, and the records of the role user_offboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from .._core import errors
from .files import read_text
from .yaml_reading import UNSAFE_TAG, import_yaml

# Ansible evaluates these in every variable. Users can edit their own profile, so reading an export with include_vars
# would run their code on the controller.
EVALUATED = re.compile(r"\{[{%#]")


# Marks a document as written by an export, so that a later export can remove it.
WRITTEN_HERE = "by pingone.directory.p1_directory_export; p1_directory takes it as src"


def dump_document(document: Any, file_format: str = "yaml", comment: Iterable[str] = ()) -> str:
    """Return the text of a document, which must be valid Unicode. In YAML, text that Ansible would evaluate is marked.

    :param file_format: ``yaml`` or ``json``; JSON supports neither the mark nor comments.
    :param comment: lines to write at the top as comments.
    """
    if file_format == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    head = "".join(f"# {errors.one_line(line)}\n" for line in comment)
    return f"{head}---\n{dump_yaml(document)}"


def dump_yaml(value: Any) -> str:
    """Return plain data as YAML, in which text that Ansible would evaluate is marked ``!unsafe``."""
    yaml = import_yaml()

    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        """Plain YAML without aliases; text that Ansible would evaluate is marked."""

        def represent_text(self, text: str) -> Any:
            if EVALUATED.search(text):
                return self.represent_scalar(UNSAFE_TAG, text, style="'")
            return self.represent_str(text)

        def ignore_aliases(self, data: Any) -> bool:
            return True

    Dumper.add_representer(str, Dumper.represent_text)
    text: str = yaml.dump(
        value, Dumper=Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=1000
    )
    return text


def written_here(path: str) -> bool:
    """Return whether a file is a document that an export wrote."""
    return WRITTEN_HERE in (_text_of(path) or "")[:1000]


def same_content(text: str, path: str) -> bool:
    """Return whether a file already contains a text, ignoring the comments at the top, which contain a date."""
    found = _text_of(path)
    return found is not None and _body(found) == _body(text)


def _text_of(path: str) -> str | None:
    try:
        return read_text(path)
    except errors.DirectoryError:
        return None


def _body(text: str) -> str:
    lines = text.splitlines(keepends=True)
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        lines.pop(0)
    return "".join(lines)
